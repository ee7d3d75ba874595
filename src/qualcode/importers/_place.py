"""Find where each row of tidy codings belongs in a study, and say of every row that does not why."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.errors import QualcodeError
from qualcode.importers._codings import TIDY
from qualcode.importers._finding import Searched, folded
from qualcode.labels import listed, say
from qualcode.model import HasSnapshot, as_snapshot

if TYPE_CHECKING:
    from qualcode.codebook import Codebook

PLACED_COLUMNS = ("document", "version", "start", "end", "code", "coder", "layer", "at", "memo", "dimensions", "coding")
PROBLEM_COLUMNS = ("row", "column", "problem", "blocking", "sentence")
# columns that an export has for its readers, and that are derived from the others
_DERIVED = frozenset({*TIDY, "turn", "role", "participant", "version", "time"})


@dataclass(frozen=True)
class Placed:
    """Codings with a place, and what stood in the way of the others.

    Parameters
    ----------
    rows
        One row a coding that can be stored: ``document`` (guid), ``version``, ``start``, ``end`` (code points), ``code`` (guid), ``coder``
        (name), ``layer``, ``at``, ``memo`` (``""`` where empty), ``dimensions`` (values by name), ``coding`` (guid or ``None``).
    problems
        ``row`` (line in the file, from 1; in a table of your own the number of the row, from 1), ``column``, ``problem`` (its key),
        ``blocking`` (the row is not in ``rows``), ``sentence``.
    """

    rows: pd.DataFrame
    problems: pd.DataFrame

    def __repr__(self) -> str:
        """Return how many codings found their place and how many did not."""
        return f"<Placed: {len(self.rows)} codings, {int(self.problems['blocking'].sum())} blocking problems, {len(self.problems)} in all>"


@dataclass(eq=False)
class _Problem(Exception):
    """Why a row has no place."""

    column: str
    key: str
    facts: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class _Document:
    guid: str
    version: int
    name: str
    searched: Searched


class _Study:
    """What rows are looked up in; every document, code and value once."""

    def __init__(self, study: HasSnapshot, book: Codebook) -> None:
        self.snapshot = as_snapshot(study)
        self.book = book
        self.names: dict[str, list[str]] = {}
        for guid, name in zip(self.snapshot.documents["guid"], self.snapshot.documents["name"], strict=True):
            self.names.setdefault(name, []).append(guid)
            self.names.setdefault(guid, [guid])
        self._known: dict[tuple[str, Hashable], Any] = {}

    def once(self, what: str, key: Hashable, find: Callable[[], Any]) -> Any:
        """Return what ``find`` found before for this key, problem or not."""
        if (what, key) not in self._known:
            try:
                self._known[what, key] = find()
            except _Problem as problem:
                self._known[what, key] = problem
        found = self._known[what, key]
        if isinstance(found, _Problem):
            raise found
        return found

    def document(self, name: str) -> _Document:
        found: _Document = self.once("document", name, lambda: self._document(name))
        return found

    def _document(self, name: str) -> _Document:
        if not name:
            raise _Problem("document", "no_document_named")
        guids = self.names.get(folded(name)) or self.names.get(name, [])
        if not guids:
            there = listed(list(self.snapshot.documents["name"])) or say("words.nothing")
            raise _Problem("document", "unknown_document", {"document": name, "known": there})
        if len(guids) > 1:
            raise _Problem("document", "two_documents", {"document": name, "n": len(guids)})
        row = self.snapshot.document_row(guids[0])
        speakers = self.snapshot.speakers
        speakers = speakers[speakers["document"] == guids[0]]
        people = dict(zip(self.snapshot.participants["guid"], self.snapshot.participants["name"], strict=True))
        called: dict[str, list[str]] = {}
        for label, person in zip(speakers["label"], speakers["participant"], strict=True):
            for known in {label, people.get(person, label)}:
                called.setdefault(known.casefold(), []).append(label)
        roles = dict(zip(speakers["label"], speakers["role"], strict=True))
        searched = Searched.of(self.snapshot.texts[row["text"]], row["turns"], names=called, roles=roles)
        return _Document(guids[0], int(row["version"]), row["name"], searched)

    def code(self, name: str, path: str) -> str:
        found: str = self.once("code", (name, path), lambda: self._code(name, path))
        return found

    def _code(self, name: str, path: str) -> str:
        if not name and not path:
            raise _Problem("code", "no_code_named")
        try:
            code = self.book.find(name or path)
        except QualcodeError as error:
            if not (name and path):
                raise _Problem("code", error.key.partition(".")[2], sentence=str(error)) from None
            try:
                # two codes may share an id after a merge of copies; the path then tells which is meant
                code = self.book.find(path)
            except QualcodeError:
                raise _Problem("code", error.key.partition(".")[2], sentence=str(error)) from None
        key = code.key
        if self.book.level(key) != "code":
            below = listed([child.id or child.name for child in self.book.children(key)]) or say("words.nothing")
            raise _Problem("code", "not_a_code", {"code": str(code), "level": say(f"importers.{self.book.level(key)}"), "below": below})
        if code.merged_into:
            into = self.book.get(self.book.resolve(key))
            raise _Problem("code", "merged_code", {"code": str(code), "into": str(into)})
        if code.retired:
            raise _Problem("code", "retired_code", {"code": str(code)})
        return key

    def value(self, name: str, value: Any) -> Any:
        key = tuple(value) if isinstance(value, list) else value
        return self.once("value", (name, key), lambda: self._value(name, value))

    def _value(self, name: str, value: Any) -> Any:
        try:
            return self.book.dimension(name).check(value)
        except QualcodeError as error:
            raise _Problem(name, "unknown_value", sentence=str(error)) from None


def _is_empty(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, str) and not value.strip()) or (isinstance(value, float) and isnan(value))


def _number(row: dict[str, Any], column: str) -> int | None:
    value = row.get(column)
    if _is_empty(value):
        return None
    found = re.fullmatch(r"\s*(\d{1,15})(?:\.0+)?\s*", str(value))
    if found is None:
        raise _Problem(column, "whole_number")
    return int(found[1])


def _span(row: dict[str, Any], document: _Document) -> tuple[int, int]:
    """Return where a row belongs: by its offsets, else by its words, else its whole turn."""
    searched = document.searched
    start, end, turn = (_number(row, column) for column in ("start", "end", "turn"))
    text = "" if _is_empty(row.get("text")) else str(row["text"])
    if (start is None) != (end is None):
        raise _Problem("end" if end is None else "start", "half_a_place")
    if start is not None and end is not None:
        if not 0 <= start < end <= len(searched.text) or not searched.text[start:end].strip():
            raise _Problem("start", "bad_place", {"start": start, "end": end, "length": len(searched.text)})
        if text and folded(text) != folded(searched.text[start:end]):
            raise _Problem("text", "other_text", {"document": document.name, "start": start, "end": end})
        return start, end
    if turn is not None and not 1 <= turn <= len(searched.start):
        raise _Problem("turn", "no_turn", {"document": document.name, "turn": turn, "turns": len(searched.start)})
    labels = _labels(row, document)
    if text.strip():
        found = searched.find(text, labels=labels, turn=turn)
        if len(found) != 1:
            key = "text_not_found" if not found else "text_repeated"
            raise _Problem("text", key, {"document": document.name, "n": len(found)})
        return found[0]
    if turn is None:
        raise _Problem("text", "no_place")
    if labels is not None and searched.label[turn - 1] not in labels:
        raise _Problem("speaker", "other_speaker", {"turn": turn})
    return int(searched.start[turn - 1]), int(searched.end[turn - 1])


def _labels(row: dict[str, Any], document: _Document) -> list[str] | None:
    """Return the labels that the speaker of a row may stand for; several speakers are joined by ``|``."""
    if _is_empty(row.get("speaker")):
        return None
    labels: list[str] = []
    for name in str(row["speaker"]).split("|"):
        known = document.searched.names.get(name.strip().casefold())
        if known is None:
            raise _Problem("speaker", "unknown_speaker_row", {"document": document.name, "speaker": name.strip()})
        labels += known
    return labels


def _placed(row: dict[str, Any], study: _Study, *, dimensions: list[str], seen: set[str]) -> dict[str, Any]:
    """Return a row as it can be stored, or raise its first problem."""
    text = {
        name: "" if _is_empty(row.get(name)) else str(row[name])
        for name in ("document", "code", "code_path", "coder", "layer", "at", "memo", "coding")
    }
    document = study.document(text["document"].strip())
    code = study.code(text["code"].strip(), text["code_path"].strip())
    start, end = _span(row, document)
    spoken = document.searched.speaking(start, end)
    if spoken and "deelnemer" not in spoken:
        raise _Problem("speaker", "moderator_turn", {"document": document.name, "role": listed(sorted(spoken))})
    values = {name: study.value(name, row[name]) for name in dimensions if not _is_empty(row[name])}
    guid = text["coding"].strip().strip("{}").lower() or None
    if guid is not None and guid in seen:
        raise _Problem("coding", "coding_twice")
    if guid is not None:
        seen.add(guid)
    return {
        **{name: text[name].strip() for name in ("coder", "layer", "at")},
        "document": document.guid,
        "version": document.version,
        "start": start,
        "end": end,
        "code": code,
        "memo": text["memo"],
        "dimensions": {name: value for name, value in values.items() if value is not None},
        "coding": guid,
    }


def place(frame: pd.DataFrame, snapshot: HasSnapshot, book: Codebook) -> Placed:
    """Find the words and the code of every row of tidy codings.

    By ``start`` and ``end`` where they stand (``text``, if given, must then be the words there); else by ``text``, which must stand
    exactly once in the document, or in the turns of ``speaker`` (a label, or the name of a participant), or in the ``turn`` with that
    number; else the whole of ``turn``. Line breaks and runs of blanks in ``text`` do not count.

    Parameters
    ----------
    frame
        What :func:`read_codings` returns, or a table of your own with those columns.
    snapshot
        The study.
    book
        Its codebook.

    Returns
    -------
    Placed
        What can be stored, and one problem for each row that cannot. A missing required dimension, and a column that is no dimension,
        are problems that do not block.
    """
    study = _Study(snapshot, book)
    dimensions = [d.name for d in book.dimensions if d.name in frame]
    problems: list[tuple[int, str, str, bool, str]] = []
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for column in frame.columns:
        if str(column) not in _DERIVED and column not in dimensions and not frame[column].map(_is_empty).all():
            problems.append((1, str(column), "unknown_column", False, say("importers.unknown_column", column=column)))
    lines = list(frame.index) if frame.index.name == "line" else range(1, len(frame) + 1)
    for line, row in zip(lines, frame.to_dict("records"), strict=True):
        try:
            placed = _placed({str(key): value for key, value in row.items()}, study, dimensions=dimensions, seen=seen)
        except _Problem as problem:
            sentence = problem.sentence or say(f"importers.{problem.key}", **problem.facts)
            problems.append((int(line), problem.column, problem.key, True, sentence))
            continue
        rows.append(placed)
        lacking = [name for name in book.requires(placed["code"]) if name not in placed["dimensions"]]
        code = str(book.get(placed["code"])) if lacking else ""
        problems += [
            (int(line), name, "missing_dimension", False, say("importers.missing_dimension", dimension=name, code=code)) for name in lacking
        ]
    table = pd.DataFrame(problems, columns=list(PROBLEM_COLUMNS)).astype({"row": "int64", "blocking": "bool"})
    return Placed(pd.DataFrame(rows, columns=list(PLACED_COLUMNS)), table)
