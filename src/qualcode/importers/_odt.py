"""OpenDocument texts: paragraphs and tables in the order of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qualcode.errors import BadFile
from qualcode.importers._blocks import Block, Paragraph, Table
from qualcode.importers._reading import Doubt
from qualcode.importers._zipped import opened, part, xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _OFFICE, _TABLE, _STYLE = (f"{{{_NAMES}{name}:1.0}}" for name in ("text", "office", "table", "style"))
_WEIGHT = f"{{{_NAMES}xsl-fo-compatible:1.0}}font-weight"
_LEFT_OUT = frozenset(
    {f"{_OFFICE}annotation", f"{_OFFICE}annotation-end", f"{_TEXT}tracked-changes", f"{_TEXT}note", f"{_TEXT}sequence-decls"}
)
_BLANKS = re.compile(r"[ \t\r\n]+")


def _pieces(node: _Element, bolds: frozenset[str], *, bold: bool) -> Iterator[tuple[str, bool]]:
    """Yield the words of a paragraph with whether they are bold."""
    if node.text:
        yield _BLANKS.sub(" ", node.text), bold
    for child in node:
        if child.tag == f"{_TEXT}s":
            yield " " * int(child.get(f"{_TEXT}c") or 1), bold
        elif child.tag == f"{_TEXT}tab":
            yield "\t", bold
        elif child.tag == f"{_TEXT}line-break":
            yield "\n", bold
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _pieces(child, bolds, bold=bold or child.get(f"{_TEXT}style-name") in bolds)
        if child.tail:
            yield _BLANKS.sub(" ", child.tail), bold


def _blocks(node: _Element, bolds: frozenset[str]) -> Iterator[Block]:
    for child in node:
        if child.tag in {f"{_TEXT}p", f"{_TEXT}h"}:
            pieces = list(_pieces(child, bolds, bold=child.get(f"{_TEXT}style-name") in bolds))
            yield Paragraph.of(pieces, heading=child.tag == f"{_TEXT}h")
        elif child.tag == f"{_TABLE}table":
            yield Table(tuple(tuple(_cell(cell) for cell in row.iter(f"{_TABLE}table-cell")) for row in child.iter(f"{_TABLE}table-row")))
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _blocks(child, bolds)


def _cell(cell: _Element) -> str:
    paragraphs = cell.iter(f"{_TEXT}p", f"{_TEXT}h")
    return "\n".join("".join(piece for piece, _ in _pieces(paragraph, frozenset(), bold=False)) for paragraph in paragraphs)


def blocks(data: bytes, file: str) -> tuple[list[Block], list[Doubt]]:
    """Return paragraphs and tables of an OpenDocument text, and what was left out of it."""
    with opened(data, file) as archive:
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in part(archive, "META-INF/manifest.xml", file=file):
            raise BadFile("importers.locked", file=file)
        root = xml(part(archive, "content.xml", file=file), "content.xml", file=file)
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise BadFile("importers.no_part", file=file, part="office:text")
    styles = root.iter(f"{_STYLE}style")
    bolds = frozenset(style.get(f"{_STYLE}name") or "" for style in styles if any(e.get(_WEIGHT) == "bold" for e in style))
    counted = {
        "importers.comments": sum(1 for _ in body.iter(f"{_OFFICE}annotation")),
        "importers.deletions": sum(1 for _ in body.iter(f"{_TEXT}deletion")),
        "importers.notes": sum(1 for _ in body.iter(f"{_TEXT}note")),
    }
    return list(_blocks(body, bolds)), [Doubt(key, {"n": n}) for key, n in counted.items() if n]
