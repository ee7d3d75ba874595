"""On which page of a document a passage stands, as far as the document numbers its pages."""

from __future__ import annotations

import re

from qualcode.importers._lines import is_page_mark

_LINE = re.compile(r"[^\n]+")
_NUMBER = re.compile(r"\d+")


def page_of(text: str, start: int) -> str:
    r"""Return the number of the page that a passage begins on; empty where the text has no page numbers around it.

    Parameters
    ----------
    text
        The whole document, with lines such as ``Pagina 23``.
    start
        Where the passage begins, in code points.

    Examples
    --------
    >>> page_of("Pagina 22\nEerst dit.\nPagina 23\nDan dat.", 31)
    '23'
    >>> page_of("Eerst dit.\nPagina 22\nDan dat.\nPagina 23", 21)
    '23'
    """
    lines = [(m.start(), m[0]) for m in _LINE.finditer(text)]
    marks = [(at, number[0]) for at, line in lines if is_page_mark(line) and (number := _NUMBER.search(line))]
    if not marks:
        return ""
    # a number at the head of the first page stands before its words, else below them
    above = not text[: marks[0][0]].strip()
    held = [number for at, number in marks if at <= start][-1:] if above else [number for at, number in marks if at >= start][:1]
    return held[0] if held else ""
