"""Paragraphs and tables, whatever file they come from, become the lines of a text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qualcode.importers._columns import Columns, columns_of
from qualcode.importers._heads import Sheet
from qualcode.importers._lines import Head, bare_stamp
from qualcode.importers._shapes import Shape, shape_of
from qualcode.importers._text import tidy


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph.

    ``bold`` is the length of its bold beginning, 0 when none or all of it is bold; ``label`` says that the
    format itself calls it a speaker.
    """

    text: str
    bold: int = 0
    heading: bool = False
    label: bool = False

    @classmethod
    def of(cls, pieces: list[tuple[str, bool]], *, heading: bool = False) -> Paragraph:
        """Return the paragraph of pieces of text that are bold or not."""
        opening = ""
        for words, bold in pieces:
            if not bold and words.strip():
                break
            opening += words
        text = tidy("".join(words for words, _ in pieces))
        opening = tidy(opening).rstrip()
        partly = bool(opening.strip()) and len(opening) < len(text.rstrip()) and any(bold for _, bold in pieces)
        return cls(text, len(opening) if partly else 0, heading)


@dataclass(frozen=True, slots=True)
class Table:
    """A table, row by row."""

    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Table


def given_head(label: str, time: str | None) -> Head:
    """Return the head of a turn whose speaker stands in a column."""
    return Head(label, shape_of(label) or Shape("name", label.lower(), "given"), "given", time, 0)


def sheet_of(blocks: list[Block]) -> Sheet:
    """Return the lines of a document.

    A table of turns gives the words of each row, and what stands around it is nobody's; any other table
    gives its cells with a tab between them.
    """
    tables = {id(block): columns_of(list(block.rows)) for block in blocks if isinstance(block, Table)}
    spoken = any(found is not None and found.speaker is not None for found in tables.values())
    lines: list[str] = []
    bold: dict[int, int] = {}
    outside: set[int] = set()
    given: dict[int, Head] = {}
    for block in blocks:
        first = len(lines)
        if isinstance(block, Paragraph):
            parts = block.text.split("\n")
            lines += parts
            if 0 < block.bold <= len(parts[0]):
                bold[first] = block.bold
            if block.label:
                given[first] = replace(given_head(block.text.strip().rstrip(":").strip(), None), words=len(parts[0]))
            elif block.heading or spoken:
                outside.update(range(first, len(lines)))
            continue
        columns = tables[id(block)]
        if columns is not None and columns.speaker is not None:
            _add_turns(block, columns, lines=lines, given=given)
        else:
            for row in block.rows:
                lines += tidy("\t".join(row)).split("\n")
            if spoken:
                outside.update(range(first, len(lines)))
    return Sheet(lines, bold, frozenset(outside), given)


def _add_turns(table: Table, columns: Columns, *, lines: list[str], given: dict[int, Head]) -> None:
    for row in table.rows[columns.first :]:
        words = tidy(row[columns.text]).strip() if columns.text < len(row) else ""
        if not words:
            continue
        label = tidy(row[columns.speaker]).strip().rstrip(":").strip() if columns.speaker is not None and columns.speaker < len(row) else ""
        time = row[columns.time].strip() if columns.time is not None and columns.time < len(row) else ""
        if label:
            given[len(lines)] = given_head(label, (bare_stamp(time) or time) or None)
        lines += words.split("\n")
