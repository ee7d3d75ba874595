"""Codings, memos and turns of a study as selections and notes of the standard."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from qualcode.model import Row, State
from qualcode.refi.exchange import derived
from qualcode.refi.meanings import dimension_note, layer_note
from qualcode.refi.positions import OURS, Convention, theirs

if TYPE_CHECKING:
    from lxml.etree import _Element

_GUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LAYERS = "ronde"

K = TypeVar("K", bound=Hashable)


def fit(text: str) -> str:
    """Return a text that XML can hold."""
    return text if text.isprintable() else _UNFIT.sub("\ufffd", text)


@dataclass
class Writing:
    """A project while it is being written.

    Parameters
    ----------
    state, texts
        The study: entities by kind and guid, and the text of each document by its guid.
    counting
        How the positions are to be counted.
    names
        For each guid that the standard does not allow, by the one that is written, which it was.
    notes
        The notes so far, by guid: attributes and text.
    """

    state: State
    texts: dict[str, str]
    counting: Convention = OURS
    names: dict[str, str] = field(default_factory=dict)
    notes: dict[str, tuple[dict[str, str], str]] = field(default_factory=dict)
    meanings: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def memos_on(self) -> dict[tuple[str, str], list[tuple[str, Row]]]:
        """The memos by what they are on."""
        return _grouped(self.state["memo"], lambda row: (row["on"] or "", row["target"] or ""))

    @cached_property
    def codings_in(self) -> dict[str, list[tuple[str, Row]]]:
        """The codings that have a code, by document."""
        known = self.state["code"]
        return _grouped(
            {guid: row for guid, row in self.state["coding"].items() if row["code"] in known}, lambda row: row["document"] or ""
        )

    def guid(self, guid: str) -> str:
        """Return a guid as the standard allows it."""
        if _GUID.fullmatch(guid):
            return guid
        allowed = derived("guid", guid)
        self.names[allowed] = guid
        return allowed

    def made(self, row: Row) -> dict[str, str]:
        """Return who made something and when, as attributes."""
        by = {"creatingUser": self.guid(row["coder"])} if row.get("coder") in self.state["coder"] else {}
        return by | ({"creationDateTime": row["at"]} if _MOMENT.fullmatch(row.get("at") or "") else {})

    def note(self, guid: str, text: str, **attributes: str) -> str:
        """Add a note and return its guid."""
        self.notes[guid] = (attributes, text)
        return guid

    def meaning(self, row: Row) -> list[str]:
        """Return the notes that stand for the round and the dimensions of a coding."""
        guids: list[str] = []
        values = [
            (name, value) for name, held in (row.get("dimensions") or {}).items() for value in (held if isinstance(held, list) else [held])
        ]
        layer = row.get("layer") or ""
        for name, value in [*([("", layer)] if layer.strip() else []), *values]:
            text = fit(str(value)).strip()
            guid = dimension_note(fit(name), text) if name else layer_note(text)
            if guid not in self.notes:
                self.note(guid, text, name=fit(name).strip() or LAYERS)
                self.meanings.setdefault(fit(name).strip() or LAYERS, []).append(guid)
            guids.append(guid)
        return guids


def _grouped(rows: Mapping[str, Row], key: Callable[[Row], K]) -> dict[K, list[tuple[str, Row]]]:
    groups: dict[K, list[tuple[str, Row]]] = {}
    for guid, row in rows.items():
        groups.setdefault(key(row), []).append((guid, row))
    return groups


def sub(parent: _Element, name: str, /, text: str | None = None, **attributes: str) -> _Element:
    """Add an element of the same namespace below another."""
    fitting = {key: value if value.isprintable() else fit(value) for key, value in attributes.items()}
    element = _below()(parent, _qualified(parent.tag, name), fitting)
    if text is not None:
        element.text = fit(text)
    return element


@cache
def _below() -> Callable[..., _Element]:
    """Return what makes an element below another: asked for tens of thousands of times."""
    from lxml import etree

    make: Callable[..., _Element] = etree.SubElement
    return make


@cache
def _qualified(beside: str, name: str) -> str:
    return beside.rpartition("}")[0] + "}" + name


def refer(parent: _Element, name: str, guids: Iterable[str]) -> None:
    """Add references to guids below an element."""
    for guid in guids:
        _below()(parent, _qualified(parent.tag, name), {"targetGUID": guid})


def selected(writing: Writing, source: _Element, document: str, spoken: Iterable[tuple[int, int]]) -> None:
    """Add to a source its selections and what stands on it as a whole: codings, memos, turns of participants."""
    text = writing.texts[document]
    codings = writing.codings_in.get(document, [])
    whole = [(guid, row) for guid, row in codings if text and (row["start"], row["end"]) == (0, len(text))]
    wholes = {guid for guid, _ in whole}
    groups: dict[tuple[int, int, str], list[tuple[str, Row]]] = {}
    for guid, row in codings:
        if guid not in wholes and row["start"] is not None and 0 <= row["start"] < row["end"] <= len(text):
            groups.setdefault((row["start"], row["end"], row["coder"] or ""), []).append((guid, row))
    memos = writing.memos_on.get(("document", document), [])
    placed = [(guid, row) for guid, row in memos if row["start"] is not None and 0 <= row["start"] < row["end"] <= len(text)]
    marks: list[tuple[int, int, str, Any]] = [(a, b, derived(document, a, b, coder), held) for (a, b, coder), held in groups.items()]
    marks += [(row["start"], row["end"], derived(guid, "selection"), (guid, row)) for guid, row in placed]
    marks += [(a, b, turn_guid(document, a, b), None) for a, b in spoken]
    marks.sort(key=lambda mark: mark[:3])
    ends = theirs(text, [end for mark in marks for end in mark[:2]], writing.counting).tolist()
    for i, (a, b, guid, held) in enumerate(marks):
        where = {"guid": guid, "startPosition": str(ends[2 * i]), "endPosition": str(ends[2 * i + 1])}
        named = where | ({"name": " ".join(text[a:b].split("\n"))} if held is not None else {})
        if isinstance(held, list):
            _coded(
                writing,
                sub(source, "PlainTextSelection", **named, **writing.made(min((r for _, r in held), key=lambda r: r["at"] or ""))),
                held,
            )
        elif held is not None:
            _noted(writing, sub(source, "PlainTextSelection", **named, **writing.made(held[1])), *held)
        else:
            sub(source, "PlainTextSelection", **where)
    for guid, row in whole:
        _coding(writing, source, guid, row)
    there = {guid for guid, _ in placed}
    refer(source, "NoteRef", [memo_note(writing, guid, row) for guid, row in memos if guid not in there])


def turn_guid(document: str, start: int, end: int) -> str:
    """Return the guid of the selection that is a turn."""
    return derived(document, "turn", start, end)


def _coded(writing: Writing, selection: _Element, held: list[tuple[str, Row]]) -> None:
    memos = [row["memo"] for _, row in held if row["memo"]]
    if memos:
        sub(selection, "Description", "\n\n".join(memos))
    for guid, row in held:
        _coding(writing, selection, guid, row)


def _coding(writing: Writing, parent: _Element, guid: str, row: Row) -> None:
    coding = sub(parent, "Coding", guid=writing.guid(guid), **writing.made(row))
    sub(coding, "CodeRef", targetGUID=writing.guid(row["code"]))
    refer(coding, "NoteRef", writing.meaning(row))
    if row["memo"]:
        refer(coding, "NoteRef", [writing.note(derived(guid, "memo"), row["memo"], **writing.made(row))])
    refer(coding, "NoteRef", [memo_note(writing, key, memo) for key, memo in writing.memos_on.get(("coding", guid), [])])


def _noted(writing: Writing, selection: _Element, guid: str, row: Row) -> None:
    if row["text"]:
        sub(selection, "Description", row["text"])
    refer(selection, "NoteRef", [memo_note(writing, guid, row)])


def memo_note(writing: Writing, guid: str, row: Row) -> str:
    """Add a memo as a note and return the note's guid."""
    return writing.note(writing.guid(guid), row["text"] or "", **writing.made(row))
