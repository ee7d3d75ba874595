"""Parts of zipped documents, read without unpacking them to disk."""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING

from qualcode.errors import BadFile

if TYPE_CHECKING:
    from lxml.etree import _Element

_LARGEST = 200_000_000
_LOCKED = 1


def part(archive: zipfile.ZipFile, name: str, file: str) -> bytes:
    """Return one part of a zipped document.

    Raises
    ------
    BadFile
        When the part is missing, damaged, locked, or larger than any transcript.
    """
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise BadFile("importers.no_part", file=file, part=name) from None
    if info.flag_bits & _LOCKED:
        raise BadFile("importers.locked", file=file)
    if info.file_size > _LARGEST:
        raise BadFile("importers.too_large", file=file, most=_LARGEST // 1_000_000)
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError):
        raise BadFile("importers.damaged", file=file, part=name) from None


def xml(data: bytes, name: str, file: str) -> _Element:
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
