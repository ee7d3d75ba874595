"""The file an exchange comes in: a .qdpx archive, a bare .qde, a .qdc. Nothing is unpacked to disk, nothing outside the file is read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from qualcode.errors import BadFile
from qualcode.importers._text import _CONTROL
from qualcode.importers._zipped import opened as unzipped
from qualcode.importers._zipped import part, xml
from qualcode.refi.positions import Original

if TYPE_CHECKING:
    from lxml.etree import _Element

_LARGEST = 200_000_000  # one part, unpacked
_TOTAL = 500_000_000  # all texts together, unpacked
_MOST_PARTS = 50_000
_RATIO, _SMALL = 200, 1_000_000  # what text never shrinks to, and from which size that is looked at
_DEEPEST = 300
_SCHEME = re.compile(r"^(internal|relative|absolute|file|https?)://*", re.IGNORECASE)
_TEXT_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    BadFile
        When it is not there, a folder, empty, or cannot be read.
    """
    if path.is_dir():
        raise BadFile("importers.folder", file=path.name)
    if not path.exists():
        raise BadFile("importers.no_file", file=path.name, folder=path.absolute().parent)
    try:
        data = path.read_bytes()
    except OSError as reason:
        raise BadFile("importers.unreadable", file=path.name, reason=reason.strerror or type(reason).__name__) from None
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise BadFile("importers.empty", file=path.name)
    return data


def archive_of(data: bytes, file: str) -> zipfile.ZipFile:
    """Return an archive whose names stay inside it and whose parts are of a size that texts have.

    Raises
    ------
    BadFile
        When it cannot be unpacked, has names that lead outside it, or would unpack to more than any project.
    """
    archive = unzipped(data, file, most=None)  # films may be as long as they are
    infos = archive.infolist()
    if len(infos) > _MOST_PARTS:
        raise BadFile("refi.too_many_parts", file=file, n=len(infos), most=_MOST_PARTS)
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in PurePosixPath(name).parts or re.match(r"^[A-Za-z]:", name):
            raise BadFile("refi.outside", file=file)
    return archive


@dataclass(frozen=True)
class Package:
    """The parts of an exchange file, by name without regard to case.

    Parameters
    ----------
    file
        Name of the file, for sentences.
    archive
        The archive; ``None`` for a bare .qde or .qdc, which holds no texts.
    names
        The name of each part by its last step in lower case; for a part in a folder ``sources`` that is the one meant.
    """

    file: str
    archive: zipfile.ZipFile | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def read(self, name: str) -> bytes:
        """Return one part, unpacked."""
        assert self.archive is not None
        info = self.archive.getinfo(name)
        if info.file_size > _LARGEST or (info.file_size > _SMALL and info.file_size > _RATIO * max(info.compress_size, 1)):
            raise BadFile("refi.bomb", file=self.file, part=PurePosixPath(name).name)
        return part(self.archive, name, file=self.file)

    def find(self, path: str) -> bytes | None:
        """Return the part that a path of the project names; ``None`` when it lies outside the file.

        Raises
        ------
        BadFile
            When the path says that the part is in the file, and it is not.
        """
        scheme = _SCHEME.match(path)
        if self.archive is None or (scheme and scheme[1].lower() != "internal"):
            return None
        wanted = PurePosixPath(path[scheme.end() :] if scheme else path).name
        held = self.names.get(wanted.casefold())
        if held is None:
            raise BadFile("refi.no_source", file=self.file, part=wanted)
        return self.read(held)


def opened(path: Path) -> tuple[_Element, Package]:
    """Return the root of the XML of a .qdpx, .qde or .qdc, and where its texts are.

    Raises
    ------
    BadFile
        When it is no exchange file, damaged, or made to do harm.
    """
    data = bytes_of(path)
    if not data.startswith(b"PK"):
        if path.suffix.lower() == ".qdpx":
            raise BadFile("importers.damaged_zip", file=path.name)
        return rooted(data, path.name, path.name), Package(path.name)
    archive = archive_of(data, path.name)
    parts = [info.filename for info in archive.infolist() if not info.is_dir()]
    projects = [name for name in parts if name.lower().endswith(".qde")]
    if not projects:
        raise BadFile("refi.no_project", file=path.name)
    # the standard has it at the root; a project that was zipped anew lies in one folder
    highest = min(name.count("/") for name in projects)
    projects = [name for name in projects if name.count("/") == highest]
    named = [name for name in projects if PurePosixPath(name.lower()).name == "project.qde"]
    if len(named or projects) > 1:
        raise BadFile("refi.two_projects", file=path.name, n=len(projects))
    chosen = (named or projects)[0]
    if sum(archive.getinfo(name).file_size for name in parts if name.lower().endswith((".txt", ".qde"))) > _TOTAL:
        raise BadFile("importers.too_large", file=path.name, most=_TOTAL // 1_000_000)
    package = Package(path.name, archive, _named(parts))
    return rooted(package.read(chosen), chosen, path.name), package


def _named(parts: list[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for name in sorted(parts, key=lambda n: "sources" in PurePosixPath(n.lower()).parts[:-1]):
        names[PurePosixPath(name).name.casefold()] = name
    return names


def rooted(data: bytes, name: str, file: str) -> _Element:
    """Return the root of XML that declares nothing of its own and is no deeper than any project.

    Raises
    ------
    BadFile
        When it is not well-formed, holds entities, or is nested beyond reason.
    """
    root = xml(data, name, file=file)
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadFile("refi.entities", file=file)
    depth, waiting = 0, [root]
    while waiting:
        depth, waiting = depth + 1, [child for element in waiting for child in element]
        if depth > _DEEPEST:
            raise BadFile("refi.too_deep", file=file, most=_DEEPEST)
    return root


def original_of(data: bytes) -> Original | None:
    """Return a text as a file holds it: UTF-8 by the standard, else UTF-16 with a mark, else Windows-1252; ``None`` when it is no text."""
    mark, encoding = next(((mark, name) for mark, name in _TEXT_MARKS if data.startswith(mark)), (b"", "utf-8"))
    for name in dict.fromkeys((encoding, "cp1252")):
        try:
            text = data[len(mark) :].decode(name)
        except UnicodeDecodeError:
            continue
        return Original(printable(text), bom=bool(mark)) if "\x00" not in text else None
    return None


def printable(text: str) -> str:
    """Return a text with a blank for every control character, so that positions hold."""
    return _CONTROL.sub(" ", text)
