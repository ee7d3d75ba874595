"""What a file tells beside its text: its name, its properties, the comments in its margin."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.errors import BadFile
from qualcode.labels import say
from qualcode.privacy.hits import COLUMNS
from qualcode.privacy.listed import folded, is_given, is_place, is_surname, is_word

if TYPE_CHECKING:
    from qualcode.privacy.scanning import Entities

_PARTS = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]+)*")
_PROPERTIES = (
    "creator",
    "lastModifiedBy",
    "title",
    "subject",
    "keywords",
    "description",
    "category",
    "Manager",
    "Company",
    "initial-creator",
)
# what a file is about, rather than who made it: only what it names matters
_ABOUT = ("title", "subject", "keywords", "description", "category")
_OURS = re.compile(r"qualcode|python-docx|microsoft|libreoffice|synthetische data", re.IGNORECASE)
_WORD_FILE = {".docx", ".docm", ".dotx"}
_OPEN_FILE = {".odt", ".ott"}
_PLAIN = {".yaml", ".yml"}
_NO_WORDS = frozenset({"guid", "id", "colour", "type", "format"})


def _row(text: str, label: str, why: str, **facts: Any) -> dict[str, Any]:
    return {
        "start": None,
        "end": None,
        "text": text,
        "label": label,
        "kind": "metadata",
        "confidence": 0.9,
        "why": say(f"privacy.why_{why}", **facts),
        "advice": say(f"privacy.instead_{label}"),
    }


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype({"start": "Int64", "end": "Int64", "confidence": "float64"})


def in_file_name(name: str) -> pd.DataFrame:
    """Find names of people and places in the name of a file.

    Examples
    --------
    >>> list(in_file_name("FG2_team-Ronnie_Zevenaar.docx")["text"])
    ['FG2_team-Ronnie_Zevenaar.docx']
    """
    stem = Path(name).stem
    words = [part for whole in _PARTS.findall(stem) for part in whole.split("-") if len(part) > 2]  # noqa: PLR2004
    tell = [
        w
        for w in words
        if (is_given(folded(w)) or is_surname(folded(w)) or is_place(folded(w))) and not (w.islower() and is_word(folded(w)))
    ]
    return _table([_row(name, "file_name", "file_name")] if tell else [])


def left_in_file(name: str, comments: int) -> pd.DataFrame:
    """Tell that a file that was read in has comments in its margin: they are not in the study, and still in the file.

    Examples
    --------
    >>> list(left_in_file("IV4.docx", 2)["kind"]), left_in_file("FG1.docx", 0).empty
    (['metadata'], True)
    """
    return _table([_row(name, "comment", "comments_left", n=comments)] if comments else [])


def in_properties(path: Path) -> pd.DataFrame:
    """Find who made a word-processor file, and what its comments say; other files have neither.

    Raises
    ------
    BadFile
        When the file is damaged.
    """
    suffix = path.suffix.lower()
    if suffix not in _WORD_FILE | _OPEN_FILE:
        return _table([])
    try:
        with zipfile.ZipFile(path) as archive:
            names = [
                n for n in archive.namelist() if n.startswith("docProps/") or n == "meta.xml" or re.fullmatch(r"word/comments\w*\.xml", n)
            ]
            parts = {name: archive.read(name) for name in names if name.endswith(".xml")}
    except (zipfile.BadZipFile, OSError) as error:
        raise BadFile("privacy.bad_file", file=path.name) from error
    rows = [row for name, part in parts.items() for row in _in_part(name, part, path.name)]
    return _table(rows)


def _in_part(name: str, part: bytes, file: str) -> list[dict[str, Any]]:
    from lxml import etree

    try:
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BadFile("privacy.bad_file", file=file) from error
    rows = []
    for element in root.iter():
        local = etree.QName(element).localname if isinstance(element.tag, str) else ""
        words = " ".join("".join(element.itertext()).split())
        if local == "comment":
            author = " ".join(value for key, value in element.attrib.items() if etree.QName(key).localname in {"author", "initials"})
            rows.append(_row(f"{author}: {words}".strip(": "), "comment", "comment"))
        elif local in _PROPERTIES and words and not _OURS.search(words) and "comments" not in name and _tells(local, words):
            rows.append(_row(words, "property", "property"))
    return rows


def _tells(local: str, words: str) -> bool:
    """Tell whether a property says who somebody is: a maker always does, a title when it names something."""
    from qualcode.privacy.scanning import find

    return local not in _ABOUT or len(find(words, written=True)) > 0 or len(in_file_name(f"{words}.x")) > 0


def in_head(text: str) -> pd.DataFrame:
    """Find who made a plain text, where its first lines say so (``Auteur: …``)."""
    head = re.compile(
        r"^(?:auteur|author|notulist|getranscribeerd door|transcriptie|transcribent|opgesteld door|gespreksleider|interviewer)\s*:\s*(\S[^\n]{1,80})$",
        re.IGNORECASE | re.MULTILINE,
    )
    return _table(
        [
            _row(match.group(1), "property", "property")
            for match in head.finditer(text[:1000])
            if not re.fullmatch(r"[A-Z]{1,3}\d{0,3}", match.group(1))
        ]
    )


def scan_file(path: Path, *, entities: Entities | None = None) -> tuple[pd.DataFrame, str]:
    """Find what may identify a person in a file: its text, its name, its properties and comments.

    Parameters
    ----------
    path
        A transcript or other text in any form that can be imported.
    entities
        The trained name recogniser.

    Returns
    -------
    tuple
        The findings (columns as :func:`qualcode.privacy.find`; start and end are missing for metadata), and the text as it is read in.
    """
    from qualcode.importers import read
    from qualcode.privacy.scanning import find
    from qualcode.privacy.written import is_written

    if path.suffix.lower() in _PLAIN or _is_register(path):
        text, turns, people, written = _plain_words(path), None, list[str](), True
    else:
        held = read(path)
        text, written = held.text, is_written(held.text, zip(held.turns.start, held.turns.end, held.turns.label, strict=True))
        turns = None if written else list(zip(held.turns.start, held.turns.end, strict=True))
        named = [label for label in held.speakers["label"] if label and not written]
        people = [label for label in named if not re.search(r"\d", label) and len(label) > 2]  # noqa: PLR2004
    parts = [
        find(text, turns=turns, people=people, entities=entities, written=written),
        in_file_name(path.name),
        in_properties(path),
        in_head(text),
    ]
    filled = [part for part in parts if len(part)]
    return (pd.concat(filled, ignore_index=True) if filled else parts[0]), text


def _is_register(path: Path) -> bool:
    """Tell whether a table has no column with what somebody said: figures, a list, a manifest."""
    from qualcode.importers import read

    if path.suffix.lower() != ".csv":
        return False
    try:
        read(path)
    except BadFile as error:
        return error.key == "importers.no_text_column"
    return False


def _plain_words(path: Path) -> str:
    """Return a table or a data file as words: the cells of a table apart, as a reader sees them."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise BadFile("privacy.bad_file", file=path.name) from error
    if path.suffix.lower() != ".csv":
        return "\n".join(_said_in(text, path.name))
    return "\n".join("\t".join(cell.replace("|", "\t") for cell in row) for row in csv.reader(io.StringIO(text)))


def _said_in(text: str, name: str) -> list[str]:
    """Return the words in a codebook or another file of settings: no keys, ids, colours and guids."""
    import yaml

    try:
        held = list(yaml.safe_load_all(text))
    except yaml.YAMLError as error:
        raise BadFile("privacy.bad_file", file=name) from error
    found: list[str] = []
    while held:
        value = held.pop(0)
        if isinstance(value, dict):
            held = [*(part for key, part in value.items() if key not in _NO_WORDS), *held]
        elif isinstance(value, list):
            held = [*value, *held]
        elif isinstance(value, str):
            found.append(value)
    return found
