"""What another program's project held and a study has no place for: back into the XML, where it still keeps the rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.model import Row
from qualcode.refi.elements import CODEBOOK, tag
from qualcode.refi.marking import sub
from qualcode.refi.schema import breaches

if TYPE_CHECKING:
    from lxml.etree import _Element

_PATHS = frozenset({"path", "currentPath", "plainTextPath", "richTextPath"})
_INSIDE = re.compile(r"^(internal:/*)?(?![a-z]+:)", re.IGNORECASE)
_PLACES = frozenset({"Variables", "Sources", "Notes", "Links", "Sets", "Graphs"})


def kept(rows: dict[str, Row], namespace: str) -> tuple[dict[str, list[_Element]], dict[str, int]]:
    """Return the elements that can be written back, by their place, and how many cannot."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    held: dict[str, list[_Element]] = {}
    lost = 0
    for row in rows.values():
        try:
            element = etree.fromstring(row["xml"] or "", parser)
        except etree.XMLSyntaxError:
            lost += 1
            continue
        _move(element, namespace)
        if row["place"] in _PLACES and not breaches(element, book=namespace == CODEBOOK):
            held.setdefault(row["place"], []).append(element)
        else:
            lost += 1
    return held, {"foreign_invalid": lost} if lost else {}


def _move(element: _Element, namespace: str) -> None:
    """Put an element in another namespace; codebooks name the members of a set otherwise than projects do."""
    for one in element.iter():
        name = tag(one)
        if not name:
            continue
        one.tag = f"{{{namespace}}}{name}"
        for key in _PATHS & set(one.attrib):
            # the file itself is not in the study; beside the new package it can be found again
            one.set(key, _INSIDE.sub("relative:///", one.get(key)))
        if name == "MemberCode":
            before, after = ("targetGUID", "guid") if namespace == CODEBOOK else ("guid", "targetGUID")
            if before in one.attrib:
                one.set(after, one.attrib.pop(before))


def wrapped(root: _Element, name: str, elements: list[_Element]) -> None:
    """Add elements in a container of their own; an empty container is not allowed."""
    if elements:
        container = sub(root, name)
        for element in elements:
            container.append(element)
