"""A study as a project of REFI-QDA 1.5, for every program that keeps to the standard; the same study gives the same bytes."""

from __future__ import annotations

import gc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.codebook import Codebook
from qualcode.model import HasSnapshot, Row, Snapshot, State, as_snapshot
from qualcode.refi.attributes import Variables
from qualcode.refi.codes import description_of, unique_names
from qualcode.refi.containers import Package
from qualcode.refi.elements import PROJECT
from qualcode.refi.exchange import COUNTED, derived
from qualcode.refi.instructions import serialised
from qualcode.refi.marking import Writing, memo_note, refer, selected, sub, turn_guid
from qualcode.refi.positions import NVIVO, OURS
from qualcode.refi.reading import project_of
from qualcode.refi.remainder import FORMAT, remainder, renamed
from qualcode.refi.settling import KIND_VARIABLE, as_written
from qualcode.refi.wrapping import kept, wrapped

if TYPE_CHECKING:
    from lxml.etree import _Element

_QUICK = 3  # half the time of the usual compression, a tenth more to keep
_TIMELESS = (1980, 1, 1, 0, 0, 0)  # the same study gives the same bytes
_SEEN_BY_ALL = frozenset({"project", "coder", "codebook", "code", "document", "participant", "speaker", "coding", "memo", "foreign"})


@dataclass(frozen=True)
class Written:
    """A file for other programs, and what of the study they can read.

    Parameters
    ----------
    data
        The bytes of the file.
    read, kept
        How many there are of each thing in the study, and how many the file holds for every program.
    dropped
        What is in the file for qualcode alone, or not at all, by the name of its sentence.
    beside
        Entities that only qualcode reads back, by kind.
    """

    data: bytes = field(repr=False)
    read: dict[str, int]
    kept: dict[str, int]
    dropped: dict[str, int]
    beside: dict[str, int] = field(default_factory=dict)


def plain(snapshot: Snapshot) -> State:
    """Return the entities of a snapshot by kind and guid, as plain values."""
    return {kind: _rows(table) for kind, table in snapshot.tables.items()}


def _rows(table: pd.DataFrame) -> dict[str, Row]:
    columns = {
        str(name): [None if _missing(value) else value for value in table[name].tolist()] for name in table.columns if name != "guid"
    }
    return {guid: dict(zip(columns, values, strict=True)) for guid, *values in zip(table["guid"].tolist(), *columns.values(), strict=True)}


def _missing(value: Any) -> bool:
    return value is pd.NA or (isinstance(value, float) and value != value)  # noqa: PLR0124


def project_bytes(study: HasSnapshot, version: str, *, nvivo: bool = False) -> Written:
    """Write a study as a .qdpx.

    Parameters
    ----------
    study
        A project or a snapshot.
    version
        Of the program that writes, for the file to say.
    nvivo
        As NVivo for Windows counts and keeps texts: UTF-16 units, Windows line ends, a byte order mark.
    """
    with _nothing_thrown_away():
        return _written(as_snapshot(study), version, nvivo=nvivo)


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Keep Python from looking for rubbish while a hundred thousand elements are made, none of which is: a sixth of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _written(snapshot: Snapshot, version: str, *, nvivo: bool) -> Written:
    state = plain(snapshot)
    texts = {guid: snapshot.texts[row["text"]] for guid, row in state["document"].items()}
    writing = Writing(state, texts, NVIVO if nvivo else OURS)
    root, dropped = _project(writing, Codebook.of(snapshot), f"qualcode {version}", snapshot)
    files = {f"{writing.guid(guid)}.txt": _encoded(text, nvivo=nvivo) for guid, text in texts.items()}
    seen = renamed(as_written(project_of(root, _held(files), "qualcode"))[0], writing.names)
    portions = [*([{"format": FORMAT, "names": writing.names}] if writing.names else []), *remainder(state, seen)]
    data = _zipped({"project.qde": serialised(root, portions), **{f"sources/{name}": data for name, data in sorted(files.items())}})
    read = {"sources": len(state["document"]), "codes": len(state["code"]), "codings": len(state["coding"]), "coders": len(state["coder"])}
    read |= {
        "participants": len(state["participant"]),
        "memos": len(state["memo"]) + sum(bool(row["memo"]) for row in state["coding"].values()),
    }
    held = {"sources": "document", "codes": "code", "codings": "coding", "coders": "coder", "participants": "participant"}
    there = {what: len(seen[kind].keys() & state[kind].keys()) for what, kind in held.items()}
    meanings = {guid for guids in writing.meanings.values() for guid in guids}
    there["memos"] = sum(bool(text.strip()) for guid, (_, text) in writing.notes.items() if guid not in meanings)
    beside = {kind: len(rows) for kind, rows in state.items() if rows and kind not in _SEEN_BY_ALL}
    return Written(data, read, {what: there[what] for what in COUNTED}, dropped, beside)


def _held(files: dict[str, bytes]) -> Package:
    """Return the texts as a package, without making an archive of them first."""
    return _Held("", None, {}, files)


@dataclass(frozen=True)
class _Held(Package):
    files: dict[str, bytes] = field(default_factory=dict)

    def find(self, path: str) -> bytes | None:
        return self.files.get(path.removeprefix("internal://"))


def _encoded(text: str, *, nvivo: bool) -> bytes:
    if nvivo:
        return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8", "replace")
    return text.encode("utf-8", "replace")


def _zipped(files: dict[str, bytes]) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _TIMELESS)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, compresslevel=_QUICK)
    return held.getvalue()


def _project(writing: Writing, book: Codebook, origin: str, snapshot: Snapshot) -> tuple[_Element, dict[str, int]]:
    from lxml import etree

    state = writing.state
    root = etree.Element(f"{{{PROJECT}}}Project", nsmap={None: PROJECT})
    about = snapshot.project
    for name, value in (("name", str(about.get("name") or "")), ("origin", origin), ("modifiedDateTime", snapshot.stamp.at)):
        if value or name == "name":
            root.set(name, value)
    if state["coder"]:
        users = sub(root, "Users")
        for guid, row in state["coder"].items():
            sub(users, "User", guid=writing.guid(guid), name=row["name"] or "")
    if book.codes:
        code_tree(writing, book, sub(sub(root, "CodeBook"), "Codes"))
    foreign, dropped = kept(state["foreign"], PROJECT)
    variables = Variables.of(
        [*(row["attributes"] for row in state["participant"].values()), *map(_described, state["document"].values())], foreign
    )
    variables.write(root)
    turns = _spoken(writing, snapshot)
    _people(writing, root, variables, turns)
    _sources(writing, root, variables, turns, foreign.get("Sources", []))
    # a memo on the study, or on what notes cannot stand on
    at_study = [memo_note(writing, guid, row) for guid, row in state["memo"].items() if writing.guid(guid) not in writing.notes]
    if writing.notes or foreign.get("Notes"):
        _notes(writing, sub(root, "Notes"), foreign.get("Notes", []))
    wrapped(root, "Links", foreign.get("Links", []))
    _sets(writing, root, foreign.get("Sets", []))
    wrapped(root, "Graphs", foreign.get("Graphs", []))
    lines = [str(about[name]) for name in ("definition", "notice") if isinstance(about.get(name), str) and about[name]]
    if lines:
        sub(root, "Description", "\n\n".join(lines))
    refer(root, "NoteRef", at_study)
    return root, dropped


def code_tree(writing: Writing, book: Codebook, codes: _Element) -> None:
    """Add the codes of a codebook, each below its parent, with the notes on them."""
    names = unique_names(list(book.codes))
    places: dict[str | None, _Element] = {}
    # notes stand before the codes below, so all of them are made before anything is put below
    made: list[tuple[str | None, _Element]] = []
    known = {code.key for code in book.codes}
    for code in book.codes:
        element = code_element(codes, code, names[code.key], writing.guid(code.key))
        refer(element, "NoteRef", [memo_note(writing, guid, row) for guid, row in writing.memos_on.get(("code", code.key), [])])
        places[code.key] = element
        made.append((code.parent if code.parent in known else None, element))
    for parent, element in made:
        if parent is not None:
            places[parent].append(element)


def code_element(parent: _Element, code: Any, name: str, guid: str) -> _Element:
    """Add a code, without what stands below it."""
    colour = {"color": code.colour} if code.colour else {}
    element = sub(parent, "Code", guid=guid, name=name, isCodable="true" if code.codable else "false", **colour)
    if description := description_of(code):
        sub(element, "Description", description)
    return element


def _described(row: Row) -> dict[str, Any]:
    """Return the attributes of a document, its kind included."""
    return {KIND_VARIABLE: row["kind"], **(row["attributes"] or {})} if row["kind"] else dict(row["attributes"] or {})


def _spoken(writing: Writing, snapshot: Snapshot) -> dict[str, dict[str, list[tuple[int, int]]]]:
    """Return the turns of each participant, by participant and document."""
    turns = snapshot.turns
    turns = turns[turns["participant"].isin(list(writing.state["participant"]))]
    spoken: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for person, document, start, end in zip(turns["participant"], turns["document"], turns["start"], turns["end"], strict=True):
        if 0 <= start < end <= len(writing.texts[document]):
            spoken.setdefault(person, {}).setdefault(document, []).append((int(start), int(end)))
    return spoken


def _people(writing: Writing, root: _Element, variables: Variables, turns: dict[str, dict[str, list[tuple[int, int]]]]) -> None:
    people = writing.state["participant"]
    cases = sub(root, "Cases") if people else None
    for guid, row in people.items():
        assert cases is not None
        case = sub(cases, "Case", guid=writing.guid(guid), name=row["name"] or "")
        variables.values(case, row["attributes"] or {})
        held = turns.get(guid, {})
        refer(case, "SourceRef", [writing.guid(document) for document in held])
        refer(case, "SelectionRef", [turn_guid(document, a, b) for document, spans in held.items() for a, b in spans])


def _sources(
    writing: Writing, root: _Element, variables: Variables, turns: dict[str, dict[str, list[tuple[int, int]]]], foreign: list[_Element]
) -> None:
    documents = writing.state["document"]
    sources = sub(root, "Sources") if documents or foreign else None
    for guid, row in sorted(documents.items(), key=lambda item: item[1]["position"] or 0):
        assert sources is not None
        allowed = writing.guid(guid)
        source = sub(sources, "TextSource", guid=allowed, name=row["name"] or "", plainTextPath=f"internal://{allowed}.txt")
        selected(writing, source, guid, [span for held in turns.values() for span in held.get(guid, [])])
        variables.values(source, _described(row))
    for element in foreign:
        assert sources is not None
        sources.append(element)


def _notes(writing: Writing, notes: _Element, foreign: list[_Element]) -> None:
    for guid, (attributes, text) in writing.notes.items():
        sub(sub(notes, "Note", guid=guid, **attributes), "PlainTextContent", text)
    for element in foreign:
        notes.append(element)


def _sets(writing: Writing, root: _Element, foreign: list[_Element]) -> None:
    """Write a set a dimension, and one for the rounds, with the notes that stand for their values."""
    sets = sub(root, "Sets") if writing.meanings or foreign else None
    for name, guids in writing.meanings.items():
        assert sets is not None
        refer(sub(sets, "Set", guid=derived("set", name), name=name), "MemberNote", guids)
    for element in foreign:
        assert sets is not None
        sets.append(element)
