"""The bytes of a file that is what its name says, or a sentence that says why not."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from qualcode.errors import BadFile
from qualcode.labels import listed

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ZIPPED = {".docx": b"word/document.xml", ".odt": b"application/vnd.oasis.opendocument.text", ".xlsx": b"xl/workbook.xml"}


def _content(data: bytes) -> str | None:
    """Return the suffix that the content itself asks for; ``None`` for plain text of any kind."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(_ZIP):
        return next((suffix for suffix, mark in _ZIPPED.items() if mark in data), ".zip")
    if start.startswith(b"{\\rtf"):
        return ".rtf"
    return ".pdf" if start.startswith(b"%PDF-") else None


def content_of(path: Path, suffixes: Sequence[str]) -> bytes:
    """Return the bytes of a file.

    Parameters
    ----------
    path
        The file.
    suffixes
        The suffixes that can be read.

    Raises
    ------
    BadFile
        When it is a folder, is not there, cannot be opened, is empty or locked, or is something else than its suffix says.
    """
    name, suffix = path.name, path.suffix.lower()
    if path.is_dir():
        raise BadFile("importers.folder", file=name)
    if not path.exists():
        raise BadFile("importers.no_file", file=name, folder=path.absolute().parent)
    if suffix not in suffixes:
        raise BadFile("importers.suffix", file=name, suffix=suffix or "–", known=listed(tuple(suffixes), most=len(suffixes)))
    try:
        data = path.read_bytes()
    except OSError as reason:
        raise BadFile("importers.unreadable", file=name, reason=reason.strerror or type(reason).__name__) from None
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise BadFile("importers.empty", file=name)
    if data.startswith(_OLE):
        # Word and Excel put a file with a password in the container of the old formats
        raise BadFile("importers.locked" if suffix in _ZIPPED else "importers.old_office", file=name)
    content = _content(data)
    unpacks = content != ".zip" or zipfile.is_zipfile(BytesIO(data))
    if suffix in _ZIPPED and (not unpacks or (content is None and b"\x00" in data[:4096])):
        raise BadFile("importers.damaged_zip", file=name)
    if content not in {None, suffix} or (content is None and suffix in {*_ZIPPED, ".rtf", ".pdf"}):
        raise BadFile("importers.other_content", file=name, suffix=suffix, content=content or ".txt")
    return data
