"""The tree of codes between the XML of the standard and the codebook of a study."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from qualcode.codebook import Code
from qualcode.importers import Doubt
from qualcode.labels import say
from qualcode.refi.elements import child, children, described, guid_of, tag
from qualcode.refi.exchange import Exchange, derived

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEX = re.compile(r"#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\b.*\)")
INSTRUCTION = "qualcode"


def colour_of(written: str | None) -> str:
    """Return a colour as ``#RRGGBB``; empty when it is none.

    Examples
    --------
    >>> [colour_of(c) for c in ("#f00", "#00AA88", "rgb(1, 2, 3)", "rood")]
    ['#ff0000', '#00AA88', '#010203', '']
    """
    text = (written or "").strip()
    if _HEX.fullmatch(text):
        return text if len(text) > 4 else "#" + "".join(2 * digit for digit in text[1:])  # noqa: PLR2004
    numbers = _RGB.fullmatch(text)
    return "#" + "".join(f"{min(int(n), 255):02x}" for n in numbers.groups()) if numbers else ""


def read_codes(codes: _Element | None, into: Exchange) -> None:
    """Add the codes below an element, in order and to any depth."""
    placed: Counter[str | None] = Counter()
    waiting: list[tuple[_Element, str | None]] = []
    waiting += [(element, None) for element in children(codes, "Code")][::-1]
    known: set[str] = set()
    while waiting:
        element, parent = waiting.pop()
        guid = guid_of(element.get("guid")) or derived("code", parent, element.get("name"))
        if guid in known:
            into.doubts.append(Doubt("refi.same_guid", {"what": say("refi.word_code"), "guid": guid}))
            guid = derived("code", guid, len(known))
        known.add(guid)
        placed[parent] += 1
        into.codes.append(_code(element, guid, parent, placed[parent], into))
        for note in children(element, "NoteRef"):
            into.notes_on.setdefault(guid_of(note.get("targetGUID")), []).append(("code", guid))
        waiting += [(below, guid) for below in children(element, "Code")][::-1]
    into.read["codes"] = len(into.codes)


def _code(element: _Element, guid: str, parent: str | None, place: int, into: Exchange) -> Code:
    colour = colour_of(element.get("color"))
    if element.get("color") and not colour:
        into.drop("colour")
    return Code(
        guid,
        "",
        (element.get("name") or "").strip() or say("refi.unnamed_code"),
        definition=described(element),
        colour=colour,
        parent=parent,
        codable=(element.get("isCodable") or "true").strip().lower() not in {"false", "0"},
        position=float(place),
    )


def read_book(root: _Element, into: Exchange) -> None:
    """Read the codes and sets of a codebook file; sets have no place and are kept as they are."""
    read_codes(child(root, "Codes"), into)
    keep_as_is(child(root, "Sets"), into)
    into.extras = extras_of(root)


def keep_as_is(container: _Element | None, into: Exchange) -> None:
    """Keep what stands in a container verbatim, by its guid; sets that qualcode makes at every export are made again."""
    from lxml import etree

    if container is None:
        return
    for element in children(container):
        guid = guid_of(element.get("guid")) or derived(tag(container), etree.tostring(element))
        if guid != set_guid(element.get("name") or ""):
            keep_element(element, tag(container), guid, into)


def set_guid(name: str) -> str:
    """Return the guid of a set that qualcode makes itself."""
    return derived("set", name)


def keep_element(element: _Element, place: str, guid: str, into: Exchange) -> None:
    """Keep one element verbatim."""
    from copy import deepcopy

    from lxml import etree

    alone = deepcopy(element)
    etree.cleanup_namespaces(alone)
    written = etree.tostring(alone, encoding="unicode", with_tail=False)
    into.foreign[guid] = {"origin": into.origin, "place": place, "tag": tag(element), "xml": written}


def extras_of(root: _Element) -> list[dict[str, Any]]:
    """Return what qualcode wrote after the XML for itself; nothing when another program changed it beyond reading."""
    found: list[dict[str, Any]] = []
    for instruction in root.itersiblings():
        if instruction.tag is not None and getattr(instruction, "target", "") == INSTRUCTION:
            try:
                held = json.loads(instruction.text or "")
            except (ValueError, RecursionError):
                continue
            if isinstance(held, dict):
                found.append(held)
    return found


def unique_names(codes: list[Code]) -> dict[str, str]:
    """Return a name for each code (by key) that no other has, because programs drop codes of equal name."""
    taken: Counter[str] = Counter(code.name.strip().casefold() for code in codes)
    names: dict[str, str] = {}
    used: set[str] = set()
    for code in codes:
        name, number = code.name.strip() or code.id or say("refi.unnamed_code"), 1
        if taken[name.casefold()] > 1 and code.id:
            name = f"{name} ({code.id})"
        wanted = name
        while name.casefold() in used:
            number += 1
            name = f"{wanted} ({number})"
        used.add(name.casefold())
        names[code.key] = name
    return names


def description_of(code: Code) -> str:
    """Return what a code means as one text for people in other programs."""
    lines = [code.definition]
    for field in ("include", "exclude", "source"):
        held = getattr(code, field)
        lines += [say(f"refi.code_{field}", words=held)] if held else []
    lines += [say("refi.code_example", words=example) for example in code.examples]
    return "\n".join(line for line in lines if line)
