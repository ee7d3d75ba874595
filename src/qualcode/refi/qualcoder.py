"""A project of QualCoder: the folder (or zip) with its SQLite database. Positions are code points in the text it keeps."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from qualcode.codebook import Code
from qualcode.errors import BadFile
from qualcode.importers._zipped import part
from qualcode.refi.codes import colour_of
from qualcode.refi.containers import archive_of, bytes_of
from qualcode.refi.databases import Tables, database_bytes, tables_of, text, whole
from qualcode.refi.exchange import Exchange, Marked, Note, Person, Selection, Source, derived, moment
from qualcode.refi.positions import Original

DATABASE = "data.qda"
NEEDED = frozenset({"source", "code_name", "code_text", "code_cat"})
_LARGEST = 500_000_000

Key = Callable[..., str]


def project_bytes_of(path: Path) -> bytes:
    """Return the database of a project: in its folder, in a zip of that folder, or the file itself.

    Raises
    ------
    BadFile
        When there is no database, or it is damaged or in use.
    """
    if path.is_dir():
        if not (path / DATABASE).is_file():
            raise BadFile("refi.no_qualcoder", file=path.name)
        return database_bytes(path / DATABASE)
    data = bytes_of(path)
    if not data.startswith(b"PK"):
        return database_bytes(path)
    archive = archive_of(data, path.name)
    held = [info for info in archive.infolist() if _is_database(info)]
    if not held:
        raise BadFile("refi.no_qualcoder", file=path.name)
    if held[0].file_size > _LARGEST:
        raise BadFile("refi.bomb", file=path.name, part=DATABASE)
    return part(archive, held[0].filename, file=path.name)


def _is_database(info: zipfile.ZipInfo) -> bool:
    return PurePosixPath(info.filename).name.lower() == DATABASE


def read_qualcoder(data: bytes, file: str) -> Exchange:
    """Read a project of QualCoder.

    Raises
    ------
    BadFile
        When the database is damaged or no project of QualCoder.
    """
    with tables_of(data, file) as tables:
        if not tables.names >= NEEDED:
            raise BadFile("refi.no_qualcoder", file=file)
        project = next(iter(tables.rows("project", "date")), {})
        name = PurePosixPath(file).stem
        found = Exchange(f"QualCoder {text(project.get('databaseversion'))}".strip(), name, text(project.get("memo")))
        origin = derived("qualcoder", text(project.get("date")), name)

        def key(*parts: Any) -> str:
            return derived(origin, *parts)

        _codes(tables, key, found)
        _sources(tables, key, found)
        _people(tables, key, found)
        _journal(tables, key, found)
        found.drop("picture_coding", len(tables.rows("code_image", "imid")))
        found.drop("media_coding", len(tables.rows("code_av", "avid")))
        found.read["codings"] += found.dropped["picture_coding"] + found.dropped["media_coding"]
        found.read["coders"] = len(found.users)
        return found


def _user(row: dict[str, Any], key: Key, found: Exchange) -> str:
    name = text(row.get("owner"))
    if not name:
        return ""
    guid = key("user", name)
    found.users[guid] = name
    return guid


def _codes(tables: Tables, key: Key, found: Exchange) -> None:
    """Read categories and codes; a code stands below a category, or below a code in later versions."""
    for place, row in enumerate(tables.rows("code_cat", "name"), 1):
        above = row.get("supercatid")
        parent = key("category", above) if above is not None else None
        made = Code(key("category", row["catid"]), "", text(row.get("name")), text(row.get("memo")), parent=parent, codable=False)
        found.codes.append(_placed(made, place))
    for place, row in enumerate(tables.rows("code_name", "name"), len(found.codes) + 1):
        below, category = row.get("supercid"), row.get("catid")
        parent = key("code", below) if below is not None else key("category", category) if category is not None else None
        made = Code(
            key("code", row["cid"]), "", text(row.get("name")), text(row.get("memo")), colour=colour_of(row.get("color")), parent=parent
        )
        found.codes.append(_placed(made, place))
    found.codes = _without_circles(found.codes)
    found.read["codes"] = len(found.codes)


def _placed(code: Code, place: int) -> Code:
    from dataclasses import replace

    return replace(code, position=float(place), name=code.name or "?")


def _without_circles(codes: list[Code]) -> list[Code]:
    """Return the codes with each parent that is there and not below its child."""
    from dataclasses import replace

    from qualcode.codebook.tree import circular

    known = {code.key: code for code in codes}
    return [replace(code, parent=None) if code.parent not in known or circular(known, code.key) else code for code in codes]


def _sources(tables: Tables, key: Key, found: Exchange) -> None:
    marked: dict[Any, list[dict[str, Any]]] = {}
    for row in tables.rows("code_text", "pos0"):
        marked.setdefault(row.get("fid"), []).append(row)
    annotated: dict[Any, list[dict[str, Any]]] = {}
    for row in tables.rows("annotation", "anid"):
        annotated.setdefault(row.get("fid"), []).append(row)
    values = _values(tables, "file")
    for row in tables.rows("source", "id"):
        found.read["sources"] += 1
        if row.get("fulltext") is None or not str(row["fulltext"]):
            found.drop("media_file")
            found.read["codings"] += len(marked.get(row["id"], []))
            found.drop("coding_outside", len(marked.get(row["id"], [])))
            continue
        full = str(row["fulltext"])
        original = Original(full.removeprefix("\ufeff"), bom=full.startswith("\ufeff"))
        source = Source(key("source", row["id"]), text(row.get("name")) or "?", original, description=text(row.get("memo")))
        source.user, source.at, source.attributes = _user(row, key, found), moment(text(row.get("date"))), values.get(row["id"], {})
        source.selections = [_selection(one, key, found) for one in marked.get(row["id"], [])]
        found.read["codings"] += len(source.selections)
        source.notes = [_annotation(one, key, found) for one in annotated.get(row["id"], []) if text(one.get("memo"))]
        found.sources.append(source)


def _selection(row: dict[str, Any], key: Key, found: Exchange) -> Selection:
    user, at = _user(row, key, found), moment(text(row.get("date")))
    coding = Marked(key("coding", row["ctid"]), key("code", row.get("cid")), user, at, memo=text(row.get("memo")))
    start, end = whole(row.get("pos0")), whole(row.get("pos1"))
    return Selection(key("selection", row["ctid"]), start, end, str(row.get("seltext") or ""), user, at, codings=[coding])


def _annotation(row: dict[str, Any], key: Key, found: Exchange) -> str:
    start, end = whole(row.get("pos0")), whole(row.get("pos1"))
    note = Note(key("annotation", row["anid"]), "", text(row.get("memo")), _user(row, key, found), moment(text(row.get("date"))))
    note.spans = [(start, end)] if start is not None and end is not None else []
    found.notes[note.guid] = note
    found.read["memos"] += 1
    return note.guid


def _values(tables: Tables, of: str) -> dict[Any, dict[str, Any]]:
    """Return the values of attributes, by the id of the file or case."""
    numbers = {text(row.get("name")) for row in tables.rows("attribute_type", "name") if text(row.get("valuetype")) == "numeric"}
    held: dict[Any, dict[str, Any]] = {}
    for row in tables.rows("attribute", "attrid"):
        name, value = text(row.get("name")), text(row.get("value"))
        if text(row.get("attr_type")) == of and value:
            held.setdefault(row.get("id"), {})[name] = _number(value) if name in numbers else value
    return held


def _number(value: str) -> Any:
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() and abs(number) < 2**53 else value if number != number else number  # noqa: PLR0124


def _people(tables: Tables, key: Key, found: Exchange) -> None:
    values = _values(tables, "case")
    words: dict[Any, list[dict[str, Any]]] = {}
    for row in tables.rows("case_text", "id"):
        words.setdefault(row.get("caseid"), []).append(row)
    sources = {source.guid: source for source in found.sources}
    for row in tables.rows("cases", "name"):
        person = Person(key("case", row["caseid"]), text(row.get("name")) or "?", text(row.get("memo")), values.get(row["caseid"], {}))
        for one in words.get(row["caseid"], []):
            source = sources.get(key("source", one.get("fid")))
            if source is not None:
                guid = key("case text", one["id"])
                source.selections.append(Selection(guid, whole(one.get("pos0")), whole(one.get("pos1"))))
                person.selections.append(guid)
                person.sources.append(source.guid)
        found.people.append(person)
    found.read["participants"] = len(found.people)


def _journal(tables: Tables, key: Key, found: Exchange) -> None:
    for row in tables.rows("journal", "jid"):
        if text(row.get("jentry")):
            guid = key("journal", row["jid"])
            found.notes[guid] = Note(
                guid, text(row.get("name")), text(row.get("jentry")), _user(row, key, found), moment(text(row.get("date")))
            )
            found.read["memos"] += 1
