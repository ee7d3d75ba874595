"""Web pages and rich text become paragraphs and tables."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from qualcode.errors import BadFile
from qualcode.importers._blocks import Block, Paragraph, Table
from qualcode.importers._reading import Doubt
from qualcode.importers._text import decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEFT_OUT = frozenset("script style head noscript template title svg button select nav".split())
_OPENS = frozenset(
    "p div li ul ol dl dt dd section article main header footer aside blockquote pre body html tr td th h1 h2 h3 h4 h5 h6 hr "
    "figure figcaption "
    "address form fieldset details summary table".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BOLD = frozenset("b strong".split())
_BLANKS = re.compile(r"[ \t\r\n\f]+")


class _Page:
    """Blocks while they grow; words without a block of their own make a paragraph."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[tuple[str, bool]] = []

    def close(self, *, heading: bool = False, label: bool = False) -> None:
        text = "".join(words for words, _ in self.pieces)
        if text.strip():
            stripped = [(re.sub(r" *\n *", "\n", words), bold) for words, bold in self.pieces]
            stripped[0] = (stripped[0][0].lstrip(" "), stripped[0][1])
            stripped[-1] = (stripped[-1][0].rstrip(" "), stripped[-1][1])
            paragraph = Paragraph.of(stripped, heading=heading)
            self.blocks.append(Paragraph(paragraph.text, paragraph.bold, heading, label))
        self.pieces = []

    def add(self, words: str | None, *, bold: bool) -> None:
        folded = _BLANKS.sub(" ", words or "")
        if folded and not (folded == " " and (not self.pieces or self.pieces[-1][0][-1:] in " \n")):
            self.pieces.append((folded, bold))

    def walk(self, node: HtmlElement, *, bold: bool = False) -> None:
        tag = node.tag if isinstance(node.tag, str) else None
        if tag is None or tag in _LEFT_OUT:
            return
        if tag == "table" and not node.xpath(".//table"):
            self.close()
            self.blocks.append(Table(tuple(tuple(_cell(cell) for cell in row.xpath("./td|./th")) for row in node.iter("tr"))))
            return
        # a transcript page names its speaker in <cite> and the moment in <time>, beside the paragraph they belong to;
        # oTranscribe puts the moment inside the paragraph
        beside = tag in {"cite", "time"} and node.getparent() is not None and node.getparent().tag != "p"
        apart = tag in _OPENS or beside or "timestamp" in (node.get("class") or "").split()
        if apart:
            self.close()
        if tag == "br":
            self.pieces.append(("\n", bold))
        bold = bold or tag in _BOLD
        self.add(node.text, bold=bold)
        for child in node:
            self.walk(child, bold=bold)
            self.add(child.tail, bold=bold)
        if apart:
            self.close(heading=tag in _HEADINGS, label=tag == "cite")


def _cell(cell: HtmlElement) -> str:
    page = _Page()
    page.walk(cell)
    page.close()
    return "\n".join(block.text for block in page.blocks if isinstance(block, Paragraph))


def blocks(data: bytes, file: str) -> tuple[list[Block], list[Doubt]]:
    """Return paragraphs and tables of a web page.

    Raises
    ------
    BadFile
        When the page cannot be decoded or holds nothing.
    """
    text, doubts = decode(data, file)
    return _of_page(text, file), list(doubts)


def _of_page(text: str, file: str) -> list[Block]:
    from lxml import etree, html

    try:
        root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        raise BadFile("importers.no_words", file=file) from None
    page = _Page()
    page.walk(root)
    page.close()
    return page.blocks


def otr_blocks(data: bytes, file: str) -> tuple[list[Block], list[Doubt]]:
    """Return the paragraphs of an oTranscribe file: JSON around a page of its own.

    Raises
    ------
    BadFile
        When it is no JSON, or has no page in it.
    """
    source, doubts = decode(data, file)
    try:
        found = json.loads(source)
    except (json.JSONDecodeError, RecursionError) as damage:
        raise BadFile("importers.broken_json", file=file, line=getattr(damage, "lineno", 1)) from None
    page = found.get("text") if isinstance(found, dict) else None
    if not isinstance(page, str) or not page.strip():
        raise BadFile("importers.no_segments", file=file)
    return _of_page(page, file), list(doubts)


def rtf_blocks(data: bytes, file: str) -> tuple[list[Block], list[Doubt]]:
    """Return paragraphs and tables of a rich text file.

    Raises
    ------
    BadFile
        When the file is not rich text to its end, or its letters cannot be decoded.
    """
    from striprtf import striprtf

    plain: Callable[[str], str] = striprtf.rtf_to_text
    source = data.decode("latin-1")
    if not source.rstrip("\x00 \t\r\n").endswith("}"):
        raise BadFile("importers.cut_off", file=file)
    try:
        text = plain(source)
        # characters outside the basic plane stand in rich text as two halves
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeError:
        raise BadFile("importers.undecodable", file=file, place=0) from None
    return list(_rich_lines(text.rstrip("\n"))), []


def _rich_lines(text: str) -> Iterator[Block]:
    """Yield lines; those that end in a bar are the rows of a table."""
    rows: list[tuple[str, ...]] = []
    for line in text.split("\n"):
        if line.endswith("|") and line.count("|") > 1:
            rows.append(tuple(line[:-1].split("|")))
            continue
        if rows:
            yield Table(tuple(rows))
            rows = []
        yield Paragraph(line)
    if rows:
        yield Table(tuple(rows))
