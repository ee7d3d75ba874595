"""What a line of a transcript can be: the head of a turn, a time stamp, a page mark. Looks at one line at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qualcode.importers._shapes import Shape, shape_of
from qualcode.importers._vocabulary import NO_SPEAKERS

STAMP = r"(?:\#?\d{1,3}:\d{2}(?::\d{2})?(?:[.,-]\d{1,3})?\#?)"
_CASED_STAMP = rf"(?:[\[(<{{]\s*{STAMP}\s*[\])>}}]|{STAMP})"
_RANGE = rf"{_CASED_STAMP}(?:\s*(?:-->|[-–—])\s*{_CASED_STAMP})?"
_MARKUP = r"(?:\*\*|__|\*)?"

_HEAD = re.compile(
    rf"""
    [ \t\xa0\ufeff]* (?:(?:\#{{1,6}}|[-•>])[ \t]+(?={_MARKUP}[^\W_]))? {_MARKUP}
    (?: (?P<before>{_RANGE}) {_MARKUP} [ \t\xa0]* (?:[-–|:,][ \t\xa0]+)? {_MARKUP} )?
    (?:
        (?P<open>[\[(])[ \t]*(?P<cased>[^\W_][^\n\t:\[\](){{}}<>*]{{0,40}}?|\?{{1,3}})[ \t]*[\])]
      | (?P<label>(?:[^\W\d_]|\?)[^\n\t:\[\](){{}}<>*!]{{0,58}}? (?:[ \xa0]\((?![ ]*{STAMP}[ ]*\))[^()\n\t]{{1,40}}\))?)
    )
    {_MARKUP}
    (?:[ \t\xa0]*[,|]?[ \t\xa0]*(?P<after>{_CASED_STAMP}))?
    (?P<mark>
        [ \t\xa0]*[:：]{_MARKUP}(?!//)(?=\D|[ \t]|$)
      | [ \t\xa0]+[-–—|>]{_MARKUP}(?=[ \t\xa0]|$)
      | [ ]*\t
      | (?<=[\])])(?=[ \t\xa0]|$)
      | {_MARKUP}[ \t\xa0]*$
    )
    {_MARKUP}[ \t\xa0]*
    """,
    re.VERBOSE,
)
_LOOSE = re.compile(rf"[ \t]*(?:(?P<before>{_RANGE})[ \t]*)?<?(?P<label>[^\W\d_]{{1,12}}\.?[ _-]?\d{{1,3}})[.;)>][ \t\xa0]+(?=\S)")
_CHAT = re.compile(r"^(?:van|from)\s+(?P<label>.+?)\s+(?:aan|to)\s+.+$", re.IGNORECASE)
_INNER_STAMP = re.compile(rf"(?:[\[(<{{]\s*{STAMP}\s*[\])>}}]|#{STAMP})[ \t\xa0]*[-–:]?[ \t\xa0]*")
_UNMARKED = re.compile(
    rf"[ \t]*(?:(?P<before>{_RANGE})[ \t]*)?(?P<label>[^\W\d_]{{1,12}}\.?[ _-]?\d{{1,3}})[ \t\xa0]+(?=[^\W\d_]|[(\[…'‘’\"“])"
)
_STAMP_LINE = re.compile(rf"^\s*{_RANGE}\s*$")
_STAMP_ANYWHERE = re.compile(STAMP)
_TRAILING_STAMP = re.compile(rf"\s*(?:[\[(<{{]\s*({STAMP})\s*[\])>}}]|(#{STAMP}))\s*$")
_PAGE = re.compile(
    r"^[\s\f]*(?:[\[(|]?\s*(?:pagina|pag\.?|page|blz\.?|bladzijde|seite|página|p\.)\s*\d{1,4}(?:\s*(?:van|of|von|de|/)\s*\d{1,4})?\s*[\])|]?"
    r"|[-–—]\s*\d{1,4}\s*[-–—]|\d{1,4}\s*(?:/|van|of)\s*\d{1,4}|\d{1,4})?[\s\f]*$",
    re.IGNORECASE,
)
_ASIDE_LINE = re.compile(
    r"^\s*(?:#{1,6}\s+\S.*|-{3,}|={3,}|\*{3,}|_{3,}|\W*synthetische\s+data\b.*|\W*synthetic\s+data\b.*|"
    r"[\[(*\s–-]*(?:einde|end)\s+(?:van\s+|of\s+)?(?:de\s+|het\s+|the\s+)?"
    r"(?:opname|transcript|transcriptie|transcription|interview|gesprek|focusgroep|recording)[\])*.\s–-]*)$",
    re.IGNORECASE,
)
_KEY_LINE = re.compile(r"^[ \t]*[*_]{0,2}(?P<key>[^\W\d_][^:\t\n.?!]{0,40}?)[*_]{0,2}[ \t]*(?::|\t|=)[*_]{0,2}(?P<value>.*)$")
_FEW_WORDS = 6


@dataclass(frozen=True, slots=True)
class Head:
    """A label at the start of a line: what is written, its shape, its mark, its time, and where the words start."""

    label: str
    shape: Shape
    mark: str
    time: str | None
    words: int


def bare_stamp(text: str | None) -> str | None:
    """Return the first time in a stamp, without its brackets."""
    found = _STAMP_ANYWHERE.search(text) if text else None
    return found.group().strip("#") if found else None


def head(line: str) -> Head | None:
    """Return the label this line may start with; whether it is one, the whole file decides.

    Examples
    --------
    >>> found = head("[00:12:31] P3: ja maar")
    >>> found.label, found.time, found.words
    ('P3', '00:12:31', 15)
    """
    found = _HEAD.match(line)
    if not found:
        return _loose(line)
    label = (found["label"] or found["cased"]).strip(" \t\xa0")
    chat = _CHAT.match(label) if found["before"] else None
    label = chat["label"] if chat else label
    shape = shape_of(label)
    if shape is None:
        return _loose(line)
    raw = found["mark"].strip(" \xa0*_")
    mark = (
        ":"
        if raw in {":", "："}
        else "tab"
        if raw == "\t"
        else "-"
        if raw
        else "["
        if found["open"] and found.end("mark") < len(line)
        else "line"
    )
    time = bare_stamp(found["before"] or found["after"])
    if found["open"] and mark != ":" and not shape.strong and not (time and shape.sort == "name"):
        return None
    words = found.end()
    inner = _INNER_STAMP.match(line, words)
    if inner and time is None:
        time, words = bare_stamp(inner.group()), inner.end()
    return Head(label, shape, mark, time, words)


def _loose(line: str) -> Head | None:
    """Return the numbered label before a point, a semicolon or a bracket, which the file must confirm."""
    found = _LOOSE.match(line)
    shape = shape_of(found["label"]) if found else None
    if not found or shape is None or shape.sort != "id":
        return None
    mark = "[" if line[found.start("label") - 1 : found.start("label")] == "<" else "."
    return Head(found["label"], shape, mark, bare_stamp(found["before"]), found.end())


def unmarked(line: str) -> Head | None:
    """Return the numbered label this line starts with when its mark is missing (``R3 ja maar``)."""
    found = _UNMARKED.match(line)
    shape = shape_of(found["label"]) if found else None
    if not found or shape is None or shape.sort != "id":
        return None
    return Head(found["label"], shape, "", bare_stamp(found["before"]), found.end())


def is_stamp(line: str) -> bool:
    """Return whether a line holds a time stamp and nothing else."""
    return _STAMP_LINE.match(line) is not None


def trailing_stamp(words: str) -> tuple[int, str | None]:
    """Return where the words end when a time stamp in brackets closes them, and that stamp."""
    found = _TRAILING_STAMP.search(words, max(0, len(words) - 40))
    return (found.start(), bare_stamp(found.group())) if found and found.start() else (len(words), None)


def is_page_mark(line: str) -> bool:
    """Return whether a line only numbers a page or starts a new one.

    Examples
    --------
    >>> [is_page_mark(line) for line in ("Pagina 3 van 12", "- 3 -", "3/12", "[stilte]")]
    [True, True, True, False]
    """
    return bool(line) and _PAGE.match(line) is not None and ("\f" in line or not line.isspace())


def is_aside(line: str) -> bool:
    """Return whether a line is a heading, a rule, the notice of synthetic data or the end mark: nobody's words."""
    return _ASIDE_LINE.match(line) is not None


def header_key(line: str) -> tuple[str, str] | None:
    """Return key and value of a line such as ``Datum: 3 maart``; ``None`` when it is not of that form."""
    found = _KEY_LINE.match(line)
    if not found or len(found["key"].split()) > _FEW_WORDS:
        return None
    return found["key"].strip().lower(), found["value"].strip()


def names_no_speaker(key: str) -> bool:
    """Return whether this key of a header line is known never to be a speaker."""
    return key in NO_SPEAKERS or key.partition(" ")[0].rstrip(".") in NO_SPEAKERS
