"""Word files: paragraphs and tables in the order of the document, without what Word adds to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qualcode.errors import BadFile
from qualcode.importers._blocks import Block, Paragraph, Table
from qualcode.importers._reading import Doubt
from qualcode.importers._zipped import opened, part, xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# what stands in the place of words but is not said: deleted text, fields, notes, drawings, properties
_LEFT_OUT = frozenset(
    f"{_W}{name}"
    for name in """
        del moveFrom instrText delText delInstrText pPr rPr sectPr tblPr tblGrid trPr tcPr sdtPr sdtEndPr drawing pict object
        footnoteReference endnoteReference commentReference annotationRef
    """.split()
) | {_FALLBACK}


def _is_on(properties: _Element | None, name: str) -> bool:
    flag = properties.find(f"{_W}{name}") if properties is not None else None
    return flag is not None and flag.get(f"{_W}val") not in {"0", "false", "off", "none"}


def _pieces(node: _Element, *, bold: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield the words of a paragraph with whether they are bold."""
    for child in node:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or "", bold
        elif tag == f"{_W}tab":
            yield "\t", bold
        elif tag in {f"{_W}br", f"{_W}cr"}:
            yield "\n", bold
        elif tag == f"{_W}noBreakHyphen":
            yield "-", bold
        elif tag in _LEFT_OUT or not isinstance(tag, str):
            continue
        elif tag == f"{_W}r":
            properties = child.find(f"{_W}rPr")
            if not _is_on(properties, "vanish"):
                yield from _pieces(child, bold=_is_on(properties, "b"))
        else:
            yield from _pieces(child, bold=bold)


def _paragraph(node: _Element) -> Paragraph:
    properties = node.find(f"{_W}pPr")
    style = properties.find(f"{_W}pStyle") if properties is not None else None
    name = (style.get(f"{_W}val") or "").lower() if style is not None else ""
    heading = name.startswith(("heading", "kop", "title", "titel", "subtitle", "ondertitel"))
    return Paragraph.of(list(_pieces(node)), heading=heading)


def _blocks(node: _Element) -> Iterator[Block]:
    for child in node:
        if child.tag == f"{_W}p":
            yield _paragraph(child)
        elif child.tag == f"{_W}tbl":
            yield Table(tuple(tuple("\n".join(_cell(cell)) for cell in row.iter(f"{_W}tc")) for row in child.iter(f"{_W}tr")))
        elif child.tag not in _LEFT_OUT and isinstance(child.tag, str):
            yield from _blocks(child)


def _cell(cell: _Element) -> Iterator[str]:
    for paragraph in cell.iter(f"{_W}p"):
        yield "".join(piece for piece, _ in _pieces(paragraph))


def blocks(data: bytes, file: str) -> tuple[list[Block], list[Doubt]]:
    """Return paragraphs and tables of a Word file, and what was left out of it.

    Headers, footers, comments and tracked deletions are left out; tracked insertions are kept.
    """
    with opened(data, file) as archive:
        names = set(archive.namelist())
        body = part(archive, "word/document.xml", file=file)
        # the strict variant of the format differs in its namespace only
        if _STRICT[1:-1].encode() in body:
            body = body.replace(_STRICT[1:-1].encode(), _W[1:-1].encode())
        root = xml(body, "word/document.xml", file=file)
        comments = part(archive, "word/comments.xml", file=file).count(b"<w:comment ") if "word/comments.xml" in names else 0
    found = root.find(f"{_W}body")
    if found is None:
        raise BadFile("importers.no_part", file=file, part="w:body")
    doubts = [
        Doubt(key, {"n": n})
        for key, n in (
            ("importers.comments", comments),
            ("importers.deletions", sum(1 for _ in root.iter(f"{_W}del", f"{_W}moveFrom") if _.find(f".//{_W}r") is not None)),
            ("importers.notes", sum(1 for _ in root.iter(f"{_W}footnoteReference", f"{_W}endnoteReference"))),
            ("importers.boxes", sum(1 for _ in root.iter(f"{_W}txbxContent") if not any(a.tag == _FALLBACK for a in _.iterancestors()))),
        )
        if n
    ]
    return list(_blocks(found)), doubts
