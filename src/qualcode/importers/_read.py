"""Read a file of any kind: chosen by its suffix, checked by its content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from qualcode.errors import BadFile, Refused
from qualcode.importers._checks import checked
from qualcode.importers._cues import read_cues
from qualcode.importers._eaf import read_eaf
from qualcode.importers._files import content_of
from qualcode.importers._heads import Sheet
from qualcode.importers._reading import Doubt, Reading, Turns, kind_of, speakers_of
from qualcode.importers._running import turns_of
from qualcode.importers._tables import read_csv, read_json, read_xlsx
from qualcode.importers._text import decode
from qualcode.labels import listed
from qualcode.model import DOCUMENT_KINDS

Content = tuple[str, Turns, list[Doubt]]


def running(sheet: Sheet, doubts: list[Doubt]) -> Content:
    """Return text and turns of lines."""
    turns, found = turns_of(sheet)
    return "\n".join(sheet.lines), turns, [*doubts, *found]


def _lines(data: bytes, file: str) -> Content:
    text, doubts = decode(data, file)
    return running(Sheet(text.split("\n")), list(doubts))


def _document(module: str, function: str = "blocks") -> Callable[[bytes, str], Content]:
    """Return the reader of a format that has paragraphs; the format is loaded when it is first read."""

    def reader(data: bytes, file: str) -> Content:
        from qualcode.importers._blocks import sheet_of

        found, doubts = getattr(import_module(f"qualcode.importers.{module}"), function)(data, file)
        return running(sheet_of(found), doubts)

    return reader


_READERS: dict[str, Callable[[bytes, str], Content]] = {
    ".csv": read_csv,
    ".eaf": read_eaf,
    ".docx": _document("_docx"),
    ".htm": _document("_html"),
    ".html": _document("_html"),
    ".json": read_json,
    ".md": _lines,
    ".odt": _document("_odt"),
    ".otr": _document("_html", "otr_blocks"),
    ".pdf": _document("_pdf"),
    ".rtf": _document("_html", "rtf_blocks"),
    ".srt": read_cues,
    ".txt": _lines,
    ".vtt": read_cues,
    ".xlsx": read_xlsx,
}
SUFFIXES: tuple[str, ...] = tuple(_READERS)


def read(path: Path, *, name: str | None = None, kind: str | None = None, tiers: Sequence[str] | None = None) -> Reading:
    """Read one transcript, interview, note or file of answers.

    Import never asks: what is doubtful is told in ``doubts``.

    Parameters
    ----------
    path
        A file with one of :data:`SUFFIXES`.
    name
        Name of the document; the stem of the file when left out.
    kind
        One of the kinds of document; a guess from the roles of the speakers when left out.
    tiers
        Of an ELAN file: the tiers to read; those with words that hang below no other when left out.

    Raises
    ------
    BadFile
        When the file is not there, empty, damaged, locked, or not what its name says.
    Refused
        When there is no such kind of document, or tiers are asked of a file that has none.
    """
    path = Path(path)
    if kind is not None and kind not in DOCUMENT_KINDS:
        raise Refused("importers.no_kind", kind=kind, known=listed(DOCUMENT_KINDS))
    suffix = path.suffix.lower()
    if tiers is not None and suffix != ".eaf":
        raise Refused("importers.tiers_of_what", file=path.name)
    data = content_of(path, SUFFIXES)
    reader = _READERS[suffix] if tiers is None else partial(read_eaf, tiers=tiers)
    text, turns, doubts = reader(data, path.name)
    if not turns.start:
        raise BadFile("importers.no_words", file=path.name)
    turns, found = checked(text, turns)
    doubts += found
    speakers = speakers_of(text, turns)
    return Reading(name or path.stem, path.name, suffix[1:], kind or kind_of(speakers), text, turns, speakers, tuple(doubts))
