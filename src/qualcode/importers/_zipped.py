"""Parts of zipped documents, read without unpacking them to disk."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from qualcode.errors import BadFile

if TYPE_CHECKING:
    from lxml.etree import _Element

_LARGEST = 200_000_000
_LOCKED = 1


def opened(data: bytes, file: str, *, most: int | None = _LARGEST) -> zipfile.ZipFile:
    """Return the archive that a document is, of at most so many bytes unpacked.

    Raises
    ------
    BadFile
        When it cannot be unpacked, or would unpack to more than any transcript.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BadFile("importers.damaged_zip", file=file) from None
    if most is not None and sum(info.file_size for info in archive.infolist()) > most:
        raise BadFile("importers.too_large", file=file, most=most // 1_000_000)
    return archive


def part(archive: zipfile.ZipFile, name: str, *, file: str) -> bytes:
    """Return one part of a zipped document.

    Raises
    ------
    BadFile
        When the part is missing, damaged or locked.
    """
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise BadFile("importers.no_part", file=file, part=name) from None
    if info.flag_bits & _LOCKED:
        raise BadFile("importers.locked", file=file)
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        raise BadFile("importers.damaged", file=file, part=name) from None


def xml(data: bytes, name: str, *, file: str) -> _Element:
    """Return the root of an XML part; entities and the network stay closed.

    Raises
    ------
    BadFile
        When the part is no well-formed XML.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as damage:
        raise BadFile("importers.broken_xml", file=file, part=name, line=damage.lineno or 1) from None
