"""Codebooks of the standard: .qdc files, and a codebook from the entities that any file gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.codebook import Codebook
from qualcode.codebook.stored import from_rows
from qualcode.errors import Refused
from qualcode.model import HasSnapshot, Row, State, as_snapshot
from qualcode.model.events import blank
from qualcode.refi.codes import description_of, read_book
from qualcode.refi.elements import CODEBOOK
from qualcode.refi.exchange import COUNTED, Exchange
from qualcode.refi.instructions import serialised
from qualcode.refi.marking import Writing, fit, sub
from qualcode.refi.remainder import FORMAT, remainder, renamed
from qualcode.refi.settling import as_written
from qualcode.refi.wrapping import kept, wrapped
from qualcode.refi.writing import Written, code_tree, plain

if TYPE_CHECKING:
    from lxml.etree import _Element

_OF_BOOK = ("definition", "definition_source")


def book_of(state: State) -> Codebook:
    """Return the codebook that entities hold."""
    rows = {
        kind: [{**blank(kind), **row, "guid": guid} for guid, row in state.get(kind, {}).items()]
        for kind in ("code", "codebook", "project")
    }
    return from_rows(Codebook, rows["code"], rows["codebook"], rows["project"])


def book_bytes(study: HasSnapshot, version: str) -> Written:
    """Write the codebook of a study as a .qdc.

    Parameters
    ----------
    study
        A project or a snapshot.
    version
        Of the program that writes, for the file to say.

    Raises
    ------
    Refused
        When there are no codes: the standard has no empty codebook.
    """
    from lxml import etree

    snapshot = as_snapshot(study)
    book, everything = Codebook.of(snapshot), plain(snapshot)
    if not book.codes:
        raise Refused("refi.no_codes")
    project: dict[str, Row] = {guid: {name: row[name] for name in _OF_BOOK} for guid, row in everything["project"].items()}
    state: State = {"code": everything["code"], "codebook": everything["codebook"], "project": project, "foreign": {}}
    foreign, dropped = kept({guid: row for guid, row in everything["foreign"].items() if _is_of_codes(row)}, CODEBOOK)
    root: _Element = etree.Element(f"{{{CODEBOOK}}}CodeBook", nsmap={None: CODEBOOK})
    root.set("origin", fit(f"qualcode {version}"))
    writing = Writing({**state, "memo": {}}, {})
    code_tree(writing, book, sub(root, "Codes"))
    wrapped(root, "Sets", foreign.get("Sets", []))
    exchange = Exchange("")
    read_book(root, exchange)
    seen = {**renamed(as_written(exchange)[0], writing.names), "foreign": {}}
    portions = [*([{"format": FORMAT, "names": writing.names}] if writing.names else []), *remainder(state, seen)]
    counts = dict.fromkeys(COUNTED, 0) | {"codes": len(book.codes)}
    memos = sum(row["on"] == "code" for row in everything["memo"].values())
    return Written(serialised(root, portions), counts, dict(counts), dropped | ({"code_memo": memos} if memos else {}))


def tags_bytes(book: Codebook) -> Written:
    """Write a codebook as the table that Taguette reads: one row a tag, ``a.b`` for a tag below another."""
    import csv
    from io import StringIO

    held = StringIO()
    table = csv.writer(held, lineterminator="\n")
    table.writerow(("tag", "description"))
    table.writerows((book.path(code.key, sep="."), description_of(code)) for code in book.codes)
    counts = dict.fromkeys(COUNTED, 0) | {"codes": len(book.codes)}
    colours = sum(bool(code.colour) for code in book.codes)
    return Written(held.getvalue().encode("utf-8"), counts, dict(counts), {"tag_colour": colours} if colours else {})


def _is_of_codes(row: Row) -> bool:
    """Tell whether a kept element is a set of codes only: sources and notes are not in a codebook."""
    written = row["xml"] or ""
    return row["place"] == "Sets" and "MemberSource" not in written and "MemberNote" not in written
