"""The rules of REFI-QDA 1.5 for projects and codebooks, as far as structure goes, and where a file does not keep them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from qualcode.refi.elements import tag

if TYPE_CHECKING:
    from lxml.etree import _Element

_GUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_SHAPES = {
    "guid": re.compile(rf"{_GUID.pattern}|\{{{_GUID.pattern}\}}", re.IGNORECASE),
    "colour": re.compile(r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})"),
    "whole": re.compile(r"[+-]?\d+"),
    "truth": re.compile(r"true|false|1|0"),
    "moment": re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"),
    "variable": re.compile(r"Text|Boolean|Integer|Float|Date|DateTime"),
    "direction": re.compile(r"Associative|OneWay|Bidirectional"),
    "shape": re.compile(r"Person|Oval|Rectangle|RoundedRectangle|Star|LeftTriangle|RightTriangle|UpTriangle|DownTriangle|Note"),
    "line": re.compile(r"dotted|dashed|solid"),
}
_MADE = "creatingUser=guid creationDateTime=moment"
_CHANGED = f"{_MADE} modifyingUser=guid modifiedDateTime=moment"
_TAIL = "Coding* NoteRef* VariableValue*"
_SELECTED = "Description? Coding* NoteRef*"
_FILE = f"guid=guid! name path currentPath {_CHANGED}"
_TEXT = (f"Description? PlainTextContent? PlainTextSelection* {_TAIL}", f"guid=guid! name richTextPath plainTextPath {_CHANGED}")
_REF = ("", "targetGUID=guid!")
_CORNERS = "firstX=whole! firstY=whole! secondX=whole! secondY=whole!"
_TIMES = (_SELECTED, f"guid=guid! name begin=whole! end=whole! {_CHANGED}")
_TRANSCRIPT = "Description? PlainTextContent? SyncPoint* TranscriptSelection* NoteRef*"

# for each element its children in order (? at most one, * any number, + at least one, else exactly one) and its attributes (! required)
_PROJECT = {
    "Project": (
        "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description? NoteRef*",
        "name! origin creatingUserGUID=guid creationDateTime=moment modifyingUserGUID=guid modifiedDateTime=moment basePath",
    ),
    "Users": ("User+", ""),
    "User": ("", "guid=guid! name id"),
    "CodeBook": ("Codes", ""),
    "Codes": ("Code+", ""),
    "Code": ("Description? NoteRef* Code*", "guid=guid! name! isCodable=truth! color=colour"),
    "Variables": ("Variable+", ""),
    "Variable": ("Description?", "guid=guid! name! typeOfVariable=variable!"),
    "VariableValue": ("VariableRef TextValue? BooleanValue? IntegerValue? FloatValue? DateValue? DateTimeValue?", ""),
    "Cases": ("Case+", ""),
    "Case": ("Description? CodeRef* VariableValue* SourceRef* SelectionRef*", "guid=guid! name"),
    "Sources": ("TextSource* PictureSource* PDFSource* AudioSource* VideoSource*", ""),
    "TextSource": _TEXT,
    "Note": _TEXT,
    "Representation": _TEXT,
    "TextDescription": _TEXT,
    "PlainTextSelection": (_SELECTED, f"guid=guid! name startPosition=whole! endPosition=whole! {_CHANGED}"),
    "Coding": ("CodeRef NoteRef*", f"guid=guid! {_MADE}"),
    "PictureSource": (f"Description? TextDescription? PictureSelection* {_TAIL}", _FILE),
    "PictureSelection": (_SELECTED, f"guid=guid! name {_CORNERS} {_CHANGED}"),
    "PDFSource": (f"Description? PDFSelection* Representation? {_TAIL}", _FILE),
    "PDFSelection": ("Description? Representation? Coding* NoteRef*", f"guid=guid! name page=whole! {_CORNERS} {_CHANGED}"),
    "AudioSource": (f"Description? Transcript* AudioSelection* {_TAIL}", _FILE),
    "AudioSelection": _TIMES,
    "VideoSource": (f"Description? Transcript* VideoSelection* {_TAIL}", _FILE),
    "VideoSelection": _TIMES,
    "Transcript": (_TRANSCRIPT, f"guid=guid! name richTextPath plainTextPath {_CHANGED}"),
    "TranscriptSelection": (_SELECTED, f"guid=guid! name fromSyncPoint=guid toSyncPoint=guid {_CHANGED}"),
    "SyncPoint": ("", "guid=guid! timeStamp=whole position=whole"),
    "Notes": ("Note+", ""),
    "Links": ("Link+", ""),
    "Link": ("NoteRef*", "guid=guid! name direction=direction color=colour originGUID=guid targetGUID=guid"),
    "Sets": ("Set+", ""),
    "Set": ("Description? MemberCode* MemberSource* MemberNote*", "guid=guid! name!"),
    "Graphs": ("Graph+", ""),
    "Graph": ("Vertex* Edge*", "guid=guid! name"),
    "Vertex": ("", "guid=guid! representedGUID=guid name firstX=whole! firstY=whole! secondX=whole secondY=whole shape=shape color=colour"),
    "Edge": (
        "",
        "guid=guid! representedGUID=guid name sourceVertex=guid! targetVertex=guid! color=colour direction=direction lineStyle=line",
    ),
    **dict.fromkeys(("NoteRef", "CodeRef", "SourceRef", "SelectionRef", "VariableRef", "MemberCode", "MemberSource", "MemberNote"), _REF),
    **dict.fromkeys(("Description", "PlainTextContent", "TextValue", "BooleanValue", "IntegerValue"), ("", "")),
    **dict.fromkeys(("FloatValue", "DateValue", "DateTimeValue"), ("", "")),
}
_CODEBOOK = {
    "CodeBook": ("Codes Sets?", "origin"),
    "Codes": ("Code+", ""),
    "Code": ("Description? Code*", "guid=guid! name! isCodable=truth! color=colour"),
    "Sets": ("Set+", ""),
    "Set": ("Description? MemberCode*", "guid=guid! name!"),
    "MemberCode": ("", "guid=guid!"),
    "Description": ("", ""),
}
# sources of any kind stand in any order
_ANY_ORDER = frozenset({"Sources"})


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that an element does not keep: what is wrong with it, and of what."""

    element: str
    what: str
    of: str


@cache
def _rules(book: bool) -> dict[str, tuple[list[tuple[str, str]], dict[str, tuple[str, bool]]]]:
    made = {}
    for name, (content, attributes) in (_CODEBOOK if book else _PROJECT).items():
        order = [(part.rstrip("?*+"), part[len(part.rstrip("?*+")) :]) for part in content.split()]
        known = {
            part.rstrip("!").partition("=")[0]: (part.rstrip("!").partition("=")[2], part.endswith("!")) for part in attributes.split()
        }
        made[name] = (order, known)
    return made


def breaches(root: _Element, *, book: bool = False) -> list[Breach]:
    """Return where an element, with all below it, does not keep the rules.

    Parameters
    ----------
    root
        A project, or any element of one.
    book
        It is a codebook, or any element of one.
    """
    rules = _rules(book)
    found: list[Breach] = []
    for element in root.iter():
        name = tag(element)
        if not name:
            continue
        if name not in rules:
            found.append(Breach(name, "element", name))
            continue
        order, attributes = rules[name]
        found += _in_order(name, [tag(child) for child in element if tag(child)], order)
        found += _attributes(name, {key: value for key, value in element.attrib.items() if not key.startswith("{")}, attributes)
        if {"PlainTextContent"} & {tag(child) for child in element} and element.get("plainTextPath"):
            found.append(Breach(name, "both", "plainTextPath"))
    return found


def _in_order(name: str, held: list[str], order: list[tuple[str, str]]) -> list[Breach]:
    counts, places = Counter(held), {child: i for i, (child, _) in enumerate(order)}
    found = [Breach(name, "child", child) for child in counts if child not in places]
    known = [child for child in held if child in places]
    if name not in _ANY_ORDER:
        found += [Breach(name, "order", after) for before, after in pairwise(known) if places[after] < places[before]][:1]
    for child, many in order:
        most, least = (1 if many in {"", "?"} else len(held) + 1), (1 if many in {"", "+"} else 0)
        if not least <= counts[child] <= most:
            found.append(Breach(name, "number", child))
    return found


def _attributes(name: str, held: dict[str, str], known: dict[str, tuple[str, bool]]) -> list[Breach]:
    found = [Breach(name, "attribute", key) for key in held if key not in known]
    found += [Breach(name, "missing", key) for key, (_, needed) in known.items() if needed and key not in held]
    for key, value in held.items():
        shape = known.get(key, ("", False))[0]
        if shape and not _SHAPES[shape].fullmatch(value.strip()):
            found.append(Breach(name, "value", key))
    return found
