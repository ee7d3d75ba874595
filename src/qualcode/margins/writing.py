"""The coded text of a document as a Word file: every coding a comment on its words, with its memo."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pandas as pd

from qualcode.analysis.counting import counted
from qualcode.analysis.frames import codings
from qualcode.analysis.names import document_named
from qualcode.codebook import Codebook
from qualcode.labels import say
from qualcode.margins.marks import Block, document_mark, sealed, turn_mark
from qualcode.model import HasSnapshot, Snapshot, as_snapshot, rows_of
from qualcode.writing import whole_or_not

_TIMELESS = datetime(1980, 1, 1, tzinfo=UTC)
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_REFERENCE = '<w:commentRangeEnd w:id="{0}"/><w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="{0}"/></w:r>'
_COMMENT_LOOKS = '<w:pPr><w:pStyle w:val="CommentText"/></w:pPr>'
_MARK = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:annotationRef/></w:r>'
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
    _marked_heading(word, str(row["name"]), document_mark(guid, int(row["version"])))
    word.add_paragraph(say("margins.how"))
    pieces = _pieces(blocks_of(snapshot, guid), frame)
    shown = _anchored(pieces, frame)
    _add(word.element.body, _paragraphs(snapshot.text(guid), pieces, shown), before_last=True)
    names = {book.path(code.guid): str(code) for code in book.codes}
    comments = [_comment(number, told(book, names, coding), coding) for number, coding in enumerate(rows_of(shown))]
    if comments:
        _add(word.part._comments_part.element, comments)
    _legend(word, book, frame["code_path"].dropna().unique())
    word.save(str(path))


def _add(parent: Any, elements: Iterable[str], *, before_last: bool = False) -> None:
    """Add elements, written as XML, below another; a body ends with its page setup, which stays last."""
    from docx.oxml import parse_xml

    made = parse_xml(f'<w:all xmlns:w="{_SPACE}">{"".join(elements)}</w:all>')
    place = len(parent) - 1 if before_last else len(parent)
    parent[place:place] = list(made)


def _marked_heading(word: Any, text: str, mark: str) -> None:
    """Write the heading with a bookmark around it."""
    heading = word.add_heading("", level=1)._p
    begin, end = _bookmark(0, mark)
    _add(heading, [begin, _run(text), end])


def _pieces(blocks: list[Block], frame: pd.DataFrame) -> list[tuple[Block, list[tuple[int, int]]]]:
    """Return for each paragraph its pieces: they break wherever a coding begins or ends."""
    cuts = np.unique(frame[["start", "end"]].to_numpy(int))
    first = np.searchsorted(cuts, [block.start for block in blocks], "right")
    last = np.searchsorted(cuts, [block.end for block in blocks], "left")
    within = [cuts[a:b].tolist() for a, b in zip(first, last, strict=True)]
    return [(block, list(pairwise([block.start, *inside, block.end]))) for block, inside in zip(blocks, within, strict=True)]


def _anchored(pieces: list[tuple[Block, list[tuple[int, int]]]], frame: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that have words, with the numbers of the ``first`` and the ``last`` piece they stand on."""
    flat = [piece for _, held in pieces for piece in held]
    first = np.searchsorted([end for _, end in flat], frame["start"], "right")
    last = np.searchsorted([start for start, _ in flat], frame["end"], "left") - 1
    return frame.assign(first=first, last=last)[first <= last].reset_index(drop=True)


def _paragraphs(text: str, pieces: list[tuple[Block, list[tuple[int, int]]]], shown: pd.DataFrame) -> Iterator[str]:
    """Yield each paragraph as XML: who speaks, then the pieces between the anchors of their comments."""
    begins, ends = (_numbers_at(shown[edge]) for edge in ("first", "last"))
    at = 0
    for number, (block, held) in enumerate(pieces, 1):
        who = " ".join(part for part in (block.time, f"{block.label}:" if block.label else "") if part)
        runs = []
        for start, end in held:
            runs += [f'<w:commentRangeStart w:id="{n}"/>' for n in begins.get(at, [])]
            runs.append(_run(text[start:end]))
            runs += [_REFERENCE.format(n) for n in ends.get(at, [])]
            at += 1
        opened, closed = _bookmark(number, turn_mark(block))
        yield "".join(["<w:p>", _run(f"{who} ", "<w:b/>") if who else "", opened, *runs, closed, "</w:p>"])


def _numbers_at(places: pd.Series[int]) -> dict[int, list[int]]:
    """Return the numbers of the comments by the piece they begin or end at."""
    found: dict[int, list[int]] = {}
    for number, place in enumerate(places.tolist()):
        found.setdefault(place, []).append(number)
    return found


def _run(text: str, looks: str = "") -> str:
    """Return words as a run; a line end stays one."""
    shown = escape(_UNPRINTABLE.sub("\ufffd", text)).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    shown = shown.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    return f'<w:r>{f"<w:rPr>{looks}</w:rPr>" if looks else ""}<w:t xml:space="preserve">{shown}</w:t></w:r>'


def _bookmark(number: int, name: str) -> tuple[str, str]:
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>', f'<w:bookmarkEnd w:id="{number}"/>'


def _comment(number: int, text: str, coding: dict[str, Any]) -> str:
    """Return the comment of a coding as XML: what it says, a paragraph a line, and hidden behind it our own mark."""
    by = _UNPRINTABLE.sub("\ufffd", str(coding["coder"]))
    initials = "".join(part[0] for part in by.split()).upper()
    about = f"w:author={quoteattr(by)} w:initials={quoteattr(initials)} w:date={quoteattr(_moment(coding['at']))}"
    seal = _run(sealed(str(coding["coding"]), text), "<w:vanish/>")
    lines = "</w:p><w:p>".join(_COMMENT_LOOKS + (_MARK if place == 0 else "") + _run(line) for place, line in enumerate(text.split("\n")))
    return f'<w:comment w:id="{number}" {about}><w:p>{lines}{seal}</w:p></w:comment>'


def told(book: Codebook, names: dict[str, str], coding: dict[str, Any]) -> str:
    """Return what the comment of a coding says: code, dimensions that are filled in, memo."""
    lines = [names.get(coding["code_path"], str(coding["code"]))]
    held = [f"{d.name}: {coding[d.name]}" for d in book.dimensions if isinstance(coding.get(d.name), str) and coding[d.name] != d.default]
    lines += ["; ".join(held)] if held else []
    lines += [say("margins.memo", memo=coding["memo"])] if isinstance(coding["memo"], str) and coding["memo"] else []
    return "\n".join(line for line in lines if line)


def _moment(at: Any) -> str:
    """Return a moment as Word keeps it."""
    try:
        held = datetime.fromisoformat(str(at))
    except ValueError:
        held = _TIMELESS
    return held.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _legend(word: Any, book: Codebook, paths: Iterable[str]) -> None:
    """Write what the codes in this document mean."""
    word.add_heading(say("margins.codes"), level=2)
    wanted = set(paths)
    for code in book.codes:
        if book.path(code.guid) in wanted:
            paragraph = word.add_paragraph()
            paragraph.add_run(str(code)).bold = True
            paragraph.add_run(f". {code.definition}" if code.definition else "")
