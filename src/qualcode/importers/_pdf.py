"""Pages become lines again: line numbers, running heads and page marks are set aside, wrapped lines joined."""

from __future__ import annotations

import logging
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qualcode.errors import BadFile
from qualcode.importers._blocks import Block, Paragraph
from qualcode.importers._lines import head, is_page_mark
from qualcode.importers._reading import Doubt
from qualcode.importers._text import tidy

if TYPE_CHECKING:
    from pdfminer.layout import LTTextLine

_NUMBER = re.compile(r"\s*(\d{1,5})(?:[ \t\xa0]+|$)")
_STEPS = (1, 5, 10)
_REGULAR = 0.8
_FEWEST = 3
_EDGE = 2
"""Rows at the top and at the bottom of a page that may be running heads."""
_FULL = 0.8
"""A row that reaches this far of the width goes on in the next one."""
_WIDE = 1.2
"""A gap of this many letter heights is a column, or a new paragraph."""
_UNMAPPED = re.compile(r"\(cid:\d+\)")
# pdfminer raises what its parsers run into; a damaged page can end in any of these
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of print: its words, where it stands (points from the lower left corner) and how high its letters are."""

    page: int
    text: str
    left: float
    right: float
    base: float
    height: float


def _lines(page: Iterable[Any]) -> Iterator[LTTextLine]:
    from pdfminer.layout import LTContainer, LTTextLine

    for item in page:
        if isinstance(item, LTTextLine):
            yield item
        elif isinstance(item, LTContainer):
            yield from _lines(item)


def _rows(page: Iterable[Any], number: int) -> list[Row]:
    """Return the lines of a page from top to bottom; what stands on one base line is one row, a tab at each wide gap."""
    pieces = sorted(
        (
            Row(number, text, line.x0, line.x1, line.y0, line.height)
            for line in _lines(page)
            if (text := line.get_text().rstrip("\n")).strip()
        ),
        key=lambda piece: (-piece.base, piece.left),
    )
    rows: list[Row] = []
    for piece in pieces:
        last = rows[-1] if rows else None
        if last is None or abs(last.base - piece.base) > last.height / 2 or min(last.right, piece.right) > max(last.left, piece.left) + 1:
            rows.append(piece)
            continue
        first, second = (last, piece) if last.left <= piece.left else (piece, last)
        gap = "\t" if second.left - first.right > _WIDE * first.height else " "
        text = f"{first.text.rstrip()}{gap}{second.text.lstrip()}"
        rows[-1] = replace(last, text=text, left=first.left, right=max(first.right, second.right))
    return rows


def _pages(data: bytes, file: str) -> list[list[Row]]:
    """Return the rows of every page.

    Raises
    ------
    BadFile
        When the file is locked or damaged.
    """
    from pdfminer.high_level import extract_pages
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.psexceptions import PSException

    # it reports each oddity of a font on the log; what matters of them is told as a doubt
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        return [_rows(page, number) for number, page in enumerate(extract_pages(BytesIO(data)))]
    except (PDFEncryptionError, PDFPasswordIncorrect):
        raise BadFile("importers.locked", file=file) from None
    except (PSException, *_DAMAGE):
        raise BadFile("importers.damaged_pdf", file=file) from None


def _numbered(pages: list[list[Row]]) -> dict[int, tuple[int, int]]:
    """Return per row (by identity) the number before its words and where they start, where the rows of the file are numbered.

    Rows are numbered when the numbers at their start rise by one step (1, 5 or 10), through the file or anew on each page.
    """
    rows = [row for page in pages for row in page]
    found = [(id(row), int(match[1]), match.end()) for row in rows if (match := _NUMBER.match(row.text))]
    rises = Counter(second - first for (_, first, _), (_, second, _) in pairwise(found) if second > first)
    step, times = max(((step, rises[step]) for step in _STEPS), key=lambda one: one[1])
    anew = len(found) - 1 - rises.total()
    regular = times >= max(_FEWEST, _REGULAR * rises.total()) and anew < len(pages) and len(found) * step >= len(rows) / 2
    return {key: (number, end) for key, number, end in found} if regular else {}


def _unnumbered(pages: list[list[Row]]) -> tuple[list[list[Row]], int]:
    """Return the rows without the numbers of lines, and how many of those there were."""
    numbers = _numbered(pages)
    bare = [[replace(row, text=row.text[numbers[id(row)][1] :]) if id(row) in numbers else row for row in rows] for rows in pages]
    return [[row for row in rows if row.text.strip()] for rows in bare], len(numbers)


def _running(pages: list[list[Row]]) -> tuple[list[list[Row]], int, int]:
    """Return the rows without running heads and page marks, and how many there were of each."""

    def key(row: Row) -> str:
        return re.sub(r"\d+", "0", " ".join(row.text.split()))

    edges = [[*rows[:_EDGE], *rows[-_EDGE:]] if len(rows) > 2 * _EDGE else rows for rows in pages]
    times = Counter(text for rows in edges for text in {key(row) for row in rows})
    back = {text for text, n in times.items() if n >= max(2, len(pages) / 2)}
    kept: list[list[Row]] = []
    heads = marks = 0
    for rows, edge in zip(pages, edges, strict=True):
        numbers = {id(row) for row in edge if is_page_mark(row.text)}
        again = {id(row) for row in edge if key(row) in back and head(row.text) is None} - numbers
        heads, marks = heads + len(again), marks + len(numbers)
        kept.append([row for row in rows if id(row) not in numbers | again])
    return kept, heads, marks


def _joined(first: str, second: str) -> str:
    """Join a wrapped line to the next; a word broken at the margin is one word again."""
    if first.endswith("\xad"):
        return first[:-1] + second
    if re.search(r"[^\W\d_]-$", first) and second[:1].islower():
        return first[:-1] + second
    return f"{first} {second}"


def _paragraphs(rows: list[Row]) -> Iterator[str]:
    """Yield the rows with wrapped lines joined: a row goes on in the next when it reaches the margin and nothing new starts there."""
    if not rows:
        return
    left, right = min(row.left for row in rows), max(row.right for row in rows)
    text = rows[0].text.strip()
    for before, row in pairwise(rows):
        words = row.text.strip()
        full = before.right >= left + _FULL * (right - left) or before.text.rstrip().endswith("\xad")
        apart = before.page == row.page and before.base - row.base > (1 + _WIDE / 2) * max(before.height, row.height)
        found = head(words)
        if full and not apart and (found is None or found.mark == "line"):
            text = _joined(text, words)
        else:
            yield text
            text = words
    yield text


def blocks(data: bytes, file: str) -> tuple[list[Block], list[Doubt]]:
    """Return the paragraphs of a PDF, and what was set aside.

    Raises
    ------
    BadFile
        When it is locked, damaged, or holds pictures of words only.
    """
    pages, lines = _unnumbered(_pages(data, file))
    pages, heads, marks = _running(pages)
    rows = [row for page in pages for row in page]
    if not rows:
        raise BadFile("importers.pdf_without_words", file=file, n=len(pages))
    found = [tidy(text) for text in _paragraphs(rows)]
    unmapped = sum(len(_UNMAPPED.findall(text)) for text in found)
    doubts = [Doubt("importers.pdf", {"pages": len(pages), "lines": lines, "heads": heads, "marks": marks})]
    doubts += [Doubt("importers.unmapped", {"n": unmapped})] if unmapped else []
    return [Paragraph(text.replace("\xad", "")) for text in found], doubts
