"""Ways to write a transcript to a file, for tests of what reads it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
from docx.document import Document

from qualcode.importers import Reading, read

_ODT = "urn:oasis:names:tc:opendocument:xmlns:"


def reading(folder: Path, content: str | bytes, name: str = "gesprek.txt") -> Reading:
    """Write a file and read it."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path)


def said(found: Reading) -> list[tuple[str | None, str]]:
    """Return label and words of every turn."""
    spans = zip(found.turns.label, found.turns.start, found.turns.end, strict=True)
    return [(label, found.text[start:end]) for label, start, end in spans]


def keys(found: Reading) -> set[str]:
    """Return the names of the doubts, without the one about a short text."""
    return {doubt.key.removeprefix("importers.") for doubt in found.doubts} - {"short"}


def saved(document: Document, path: Path) -> Path:
    """Save a Word document."""
    document.save(str(path))
    return path


def word(path: Path, *paragraphs: str) -> Path:
    """Write a Word document of plain paragraphs."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document, path)


def with_body(path: Path, xml: str) -> Path:
    """Write a Word document with this XML as the content of its body."""
    word(path, "WEG")
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["word/document.xml"].decode()
    start, end = body.index("<w:body>") + len("<w:body>"), body.index("<w:sectPr")
    parts["word/document.xml"] = (body[:start] + xml + body[end:]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def opendocument(path: Path, body: str, *, manifest: str = "") -> Path:
    """Write an OpenDocument text with this XML as the content of its body."""
    spaces = " ".join(f'xmlns:{name}="{_ODT}{name}:1.0"' for name in ("text", "office", "table", "style"))
    spaces += f' xmlns:fo="{_ODT}xsl-fo-compatible:1.0"'
    bold = '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    styles = f"<office:automatic-styles>{bold}</office:automatic-styles>"
    content = (
        f"<office:document-content {spaces}>{styles}<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return path
