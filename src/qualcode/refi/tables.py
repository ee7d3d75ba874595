"""A table of codings as people keep it in a spreadsheet: document, words, codes. Paths as ``a->b`` and lists as ``x|y`` are understood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from qualcode.codebook import Code, Codebook
from qualcode.errors import Ambiguous, BadFile, NotFound, QualcodeError, Refused
from qualcode.importers._finding import Searched
from qualcode.importers._grid import Grid, without_guard
from qualcode.importers._registers import frame_of, grids_of
from qualcode.model import HasSnapshot, as_snapshot
from qualcode.refi.exchange import Exchange, Marked, Selection, Source, derived, moment
from qualcode.refi.positions import OURS, Original

_COLUMNS = {
    "document": ("document", "bestand", "bron", "transcript", "sessie", "source", "file", "documentnaam", "document_name"),
    "text": ("content", "text", "tekst", "fragment", "citaat", "segment", "quotation", "excerpt", "coded_segment", "highlight"),
    "code": ("tag", "tags", "code", "codes", "codering", "coderingen"),
    "coder": ("coder", "codeur", "user", "gebruiker"),
    "memo": ("memo", "comment", "notitie", "opmerking"),
    "at": ("at", "date", "datum"),
    "path": ("path",),
    "description": ("description", "definitie", "definition", "beschrijving"),
}
_STEP = re.compile(r"\s*(?:->|→)\s*|\s+>\s+")
_BETWEEN = re.compile(r"[|\n]")


def _grid(path: Path) -> Grid:
    grid = grids_of(path)[0]
    return Grid(without_guard(grid.rows), grid.lines) if path.suffix.lower() == ".csv" else grid


def _frame(path: Path) -> pd.DataFrame:
    grid = _grid(path)
    return frame_of(grid, _COLUMNS) if grid.rows else pd.DataFrame()


def _plain_names(frame: pd.DataFrame) -> set[str]:
    return {next((column for column, names in _COLUMNS.items() if name in names), str(name)) for name in frame.columns}


def is_coded(path: Path) -> bool:
    """Tell whether a table holds codings (document, words, codes) or a list of tags, rather than the turns of a talk."""
    try:
        names = _plain_names(_frame(path))
    except QualcodeError:
        return False
    return {"document", "text", "code"} <= names or (
        "description" in names and not names & {"text", "document"} and bool(names & {"code", "path"})
    )


def read_table(path: Path, study: HasSnapshot) -> Exchange:
    """Read a table of codings, or a list of tags.

    Words are looked up in the document of that name; a document that the study does not have is made of its fragments. A code that the
    study has by this path or name is that code; others are new.

    Raises
    ------
    Refused
        When it is a tidy table of qualcode, which the codings import places exactly.
    BadFile
        When it cannot be read as a table, or has no rows.
    """
    frame = _frame(path)
    frame = frame.rename(columns={name: column for column, names in _COLUMNS.items() for name in names if name in frame})
    if {"start", "end", "code_path"} <= set(frame.columns):
        raise Refused("refi.is_tidy", file=path.name)
    if frame.empty:
        raise BadFile("importers.empty", file=path.name)
    found = Exchange(path.name, path.stem, counting=OURS)
    codes = _Codes(Codebook.of(study), found)
    if "document" not in frame:
        for row in frame.to_dict("records"):
            codes.tag(str(row.get("path") or row.get("code") or ""), str(row.get("description") or ""))
    else:
        for name, rows in frame.groupby("document", sort=False):
            if str(name).strip():
                _document(str(name).strip(), rows, study, codes, found)
    found.read["codes"], found.read["sources"], found.read["coders"] = codes.named, len(found.sources), len(found.users)
    return found


class _Codes:
    """The codes that a table names: those of the study, and new ones."""

    def __init__(self, book: Codebook, found: Exchange) -> None:
        self.book, self.found = book, found
        self.known: dict[str, str | None] = {}
        self.named = 0

    def tag(self, written: str, definition: str = "") -> str | None:
        """Return the guid of a code as a cell names it; ``None`` when it is no code of its own."""
        steps = tuple(step.strip() for step in _STEP.split(written) if step.strip())
        path = " > ".join(steps)
        if not steps:
            return None
        if path not in self.known:
            self.named += 1
            self.known[path] = self._find(steps, path, definition)
        return self.known[path]

    def _find(self, steps: tuple[str, ...], path: str, definition: str) -> str | None:
        try:
            code = self.book.find(path)
        except NotFound:
            return self._new(steps, definition)
        except Ambiguous:
            self.found.drop("code_ambiguous")
            return None
        if not code.codable:
            self.found.drop("code_not_codable")
            return None
        self._add(code)
        return code.key

    def _new(self, steps: tuple[str, ...], definition: str) -> str:
        parent: str | None = None
        for depth in range(1, len(steps)):
            above = " > ".join(steps[:depth])
            try:
                parent = self.book.find(above).key
            except (NotFound, Ambiguous):
                parent = self._born(above, steps[depth - 1], parent, "")
        return self._born(" > ".join(steps), steps[-1], parent, definition)

    def _born(self, path: str, name: str, parent: str | None, definition: str) -> str:
        guid = derived("table", "code", path)
        self._add(Code(guid, "", name, definition, parent=parent, position=float(len(self.book.codes) + len(self.found.codes) + 1)))
        return guid

    def _add(self, code: Code) -> None:
        if all(code.guid != other.guid for other in self.found.codes):
            self.found.codes.append(code)


def _document(name: str, rows: pd.DataFrame, study: HasSnapshot, codes: _Codes, found: Exchange) -> None:
    snapshot = as_snapshot(study)
    named = snapshot.documents[(snapshot.documents["name"] == name) | (snapshot.documents["source"] == name)]
    records: list[dict[str, Any]] = [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]
    if len(named) == 1:
        guid = str(named["guid"].iloc[0])
        held = snapshot.document_row(guid)
        source = Source(guid, name, Original(snapshot.text(guid)), str(held["format"]))
        searched = Searched.of(source.original.text, held["turns"], names={}, roles={})
        places = [_only(searched.find(str(row["text"]))) for row in records]
    else:
        fragments = list(dict.fromkeys(str(row["text"]).strip() for row in records if str(row["text"]).strip()))
        source = Source(derived("table", "document", found.origin, name), name, Original("\n".join(fragments)), "csv")
        starts = dict(zip(fragments, _starts(fragments), strict=True))
        places = [(starts[words], starts[words] + len(words)) if (words := str(row["text"]).strip()) else "coding_empty" for row in records]
    for row, place in zip(records, places, strict=True):
        _row(row, place, source, codes, found)
    found.sources.append(source)


def _only(found: list[tuple[int, int]]) -> tuple[int, int] | str:
    return found[0] if len(found) == 1 else "text_repeated" if found else "text_not_found"


def _starts(fragments: Iterable[str]) -> list[int]:
    starts, at = [], 0
    for words in fragments:
        starts.append(at)
        at += len(words) + 1
    return starts


def _row(row: dict[str, Any], place: tuple[int, int] | str, source: Source, codes: _Codes, found: Exchange) -> None:
    tags = [tag.strip() for tag in _BETWEEN.split(str(row["code"])) if tag.strip()]
    found.read["codings"] += len(tags)
    guids = [codes.tag(tag) for tag in tags]
    if isinstance(place, str):
        found.drop(place, len(tags))
        return
    found.drop("coding_unknown_code", guids.count(None))
    coder = str(row.get("coder") or "").strip()
    user = derived("table", "user", coder) if coder else ""
    if coder:
        found.users[user] = coder
    guid, at, memo = derived("table", source.guid, *place, coder), moment(str(row.get("at") or "")), str(row.get("memo") or "").strip()
    selection = Selection(guid, *place, user=user, at=at)
    selection.codings = [Marked(derived(guid, code), code, user, at, memo=memo) for code in dict.fromkeys(guids) if code is not None]
    if selection.codings:
        source.selections.append(selection)
