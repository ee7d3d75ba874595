"""The coded text of a document as a Word file: every coding a comment on its words, with its memo."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from qualcode.analysis.counting import counted
from qualcode.analysis.frames import codings
from qualcode.analysis.names import document_named
from qualcode.codebook import Codebook
from qualcode.labels import say
from qualcode.margins.marks import Block, document_mark, sealed, turn_mark
from qualcode.model import HasSnapshot, Snapshot, as_snapshot
from qualcode.writing import whole_or_not

_TIMELESS = datetime(1980, 1, 1, tzinfo=UTC)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def write(study: HasSnapshot, document: str, path: str | Path, *, layer: str | None = None) -> Path:
    """Write a document with its codes and memos as comments, for somebody who reads in Word.

    Parameters
    ----------
    study
        A project or a snapshot.
    document
        Name of the document.
    path
        The .docx to make.
    layer
        The round shown; when left out the codings that figures rest on.

    Returns
    -------
    Path
        The file written. It holds the transcript: treat it as the study itself.

    Raises
    ------
    NotFound, Ambiguous
        When there is no such document or layer.
    """
    snapshot, book = as_snapshot(study), Codebook.of(study)
    guid = document_named(snapshot, document)
    frame = codings(study, document=guid, layer=layer)
    if layer is None:
        frame = frame[frame["coding"].isin(counted(study)["coding"])]
    return whole_or_not(Path(path), partial(_write, snapshot, book, guid, frame))


def blocks_of(snapshot: Snapshot, guid: str) -> list[Block]:
    """Return what becomes a paragraph each: the turns, or the lines of a text without turns."""
    table = snapshot.turns_of(guid)
    if len(table):
        rows = zip(table["start"], table["end"], table["label"].fillna(""), table["time"].fillna(""), strict=True)
        return [Block(int(start), int(end), str(label), str(time)) for start, end, label, time in rows]
    lines = re.finditer(r"[^\n]+", snapshot.text(guid))
    return [Block(*line.span(), "", "") for line in lines if line[0].strip()]


def _write(snapshot: Snapshot, book: Codebook, guid: str, frame: pd.DataFrame, path: Path) -> None:
    from docx import Document

    row = snapshot.document_row(guid)
    word = Document()
    word.core_properties.author = "qualcode"
    word.core_properties.created = word.core_properties.modified = _TIMELESS.replace(tzinfo=None)
    title = word.add_heading(str(row["name"]), level=1)
    _bookmark(title, document_mark(guid, int(row["version"])), 0)
    word.add_paragraph(say("margins.how"))
    text = snapshot.text(guid)
    runs: dict[int, list[tuple[int, int, Any]]] = {}
    blocks = blocks_of(snapshot, guid)
    cuts = sorted({*frame["start"], *frame["end"]})
    for number, block in enumerate(blocks, 1):
        runs[number] = _paragraph(word, text, block, cuts, number)
    flat = [run for held in runs.values() for run in held]
    for coding in frame.to_dict("records"):
        _comment(word, book, {str(name): value for name, value in coding.items()}, flat)
    _legend(word, book, frame["code_path"].dropna().unique())
    word.save(str(path))


def _paragraph(word: Any, text: str, block: Block, cuts: Iterable[int], number: int) -> list[tuple[int, int, Any]]:
    """Write one turn and return its runs with their places: they break wherever a coding begins or ends."""
    paragraph = word.add_paragraph()
    if block.label or block.time:
        paragraph.add_run(" ".join(part for part in (block.time, f"{block.label}:" if block.label else "") if part) + " ").bold = True
    edges = [block.start, *(cut for cut in cuts if block.start < cut < block.end), block.end]
    made = []
    for start, end in pairwise(edges):
        made.append((start, end, paragraph.add_run(_UNPRINTABLE.sub("\ufffd", text[start:end]))))
    _bookmark(paragraph, turn_mark(block), number, first=made[0][2], last=made[-1][2])
    return made


def _bookmark(paragraph: Any, name: str, number: int, *, first: Any = None, last: Any = None) -> None:
    """Put a bookmark around runs, or around a whole paragraph."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for one in (begin, end):
        one.set(qn("w:id"), str(number))
    begin.set(qn("w:name"), name)
    (first or paragraph.runs[0])._r.addprevious(begin)
    (last or paragraph.runs[-1])._r.addnext(end)


def _comment(word: Any, book: Codebook, coding: dict[str, Any], runs: list[tuple[int, int, Any]]) -> None:
    inside = [run for start, end, run in runs if start < coding["end"] and end > coding["start"]]
    if not inside:
        return
    text = told(book, coding)
    by = str(coding["coder"])
    initials = "".join(part[0] for part in by.split()).upper()
    comment = word.add_comment([inside[0], inside[-1]], text=_UNPRINTABLE.sub("\ufffd", text), author=by, initials=initials)
    comment._comment_elm.date = _moment(coding["at"])
    comment.paragraphs[-1].add_run(sealed(str(coding["coding"]), text)).font.hidden = True


def told(book: Codebook, coding: dict[str, Any]) -> str:
    """Return what the comment of a coding says: code, dimensions that are filled in, memo."""
    names = {book.path(code.guid): str(code) for code in book.codes}
    lines = [names.get(coding["code_path"], str(coding["code"]))]
    held = [f"{d.name}: {coding[d.name]}" for d in book.dimensions if isinstance(coding.get(d.name), str) and coding[d.name] != d.default]
    lines += ["; ".join(held)] if held else []
    lines += [say("margins.memo", memo=coding["memo"])] if isinstance(coding["memo"], str) and coding["memo"] else []
    return "\n".join(line for line in lines if line)


def _moment(at: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(at))
    except ValueError:
        return _TIMELESS


def _legend(word: Any, book: Codebook, paths: Iterable[str]) -> None:
    """Write what the codes in this document mean."""
    word.add_heading(say("margins.codes"), level=2)
    wanted = set(paths)
    for code in book.codes:
        if book.path(code.guid) in wanted:
            paragraph = word.add_paragraph()
            paragraph.add_run(str(code)).bold = True
            paragraph.add_run(f". {code.definition}" if code.definition else "")
