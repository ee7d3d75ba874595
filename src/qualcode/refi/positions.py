"""Positions of other programs and ours: every program counts the characters of a text in its own way.

Ours are code points of the text as the study keeps it (NFC, line ends as one newline). Others count UTF-16 units or UTF-8 bytes,
a Windows line end as one or two, a byte order mark as nothing or one. Which a file uses is found out from the file itself.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualcode.importers._finding import folded
from qualcode.importers._text import tidy

Unit = Literal["codepoint", "utf16", "utf8"]
Numbers = NDArray[np.int64]

_ORDER = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
_RETURN, _NEWLINE, _BEYOND = 13, 10, 0xFFFF
# a run begins at a letter that nothing before it composes with
_RUN = re.compile(
    "[\x00-\u02ff\u2000-\u2bff\u3400-\u9fff\U0001f000-\U0001ffff][^\x00-\u02ff\u2000-\u2bff\u3400-\u9fff\U0001f000-\U0001ffff]+"
)
_BYTES = (0x7F, 0x7FF, _BEYOND)  # the last code points that take one, two and three bytes
_TITLE = 40
_MOST_COMPARED = 2000


@dataclass(frozen=True, slots=True)
class Convention:
    """How a program counts: its unit, what a Windows line end counts for, what a byte order mark counts for."""

    unit: Unit = "codepoint"
    crlf: int = 2
    bom: int = 0


OURS = Convention("codepoint", 1, 0)
NVIVO = Convention("utf16", 2, 0)


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode(_ORDER, "surrogatepass"), dtype=np.uint32)


@dataclass(frozen=True)
class Original:
    """A text as a file holds it.

    Parameters
    ----------
    raw
        The decoded text, line ends as they are, without a byte order mark.
    bom
        Whether a byte order mark stood before it.
    inline
        It stood inside XML, which turns every Windows line end into one newline.
    widths
        What each code point counts for, where the program's own text is another than this one.
    """

    raw: str
    bom: bool = False
    inline: bool = False
    widths: Numbers | None = None

    @cached_property
    def text(self) -> str:
        """The text as the study keeps it."""
        return tidy(self.raw)

    @cached_property
    def _codes(self) -> NDArray[np.uint32]:
        return _points(self.raw)

    @cached_property
    def windows(self) -> bool:
        """Whether a line end may count for two."""
        return "\r\n" in self.raw or (self.inline and "\n" in self.raw)

    @cached_property
    def beyond(self) -> bool:
        """Whether a character takes two UTF-16 units."""
        return bool((self._codes > _BEYOND).any())

    def edges(self, convention: Convention) -> Numbers:
        """Return where each code point begins as the program counts, and where the last one ends."""
        width = self.widths
        if width is None:
            codes = self._codes
            width = np.ones(len(codes), dtype=np.int64)
            if convention.unit == "utf16":
                width[codes > _BEYOND] = 2
            elif convention.unit == "utf8":
                width += sum((codes > most).astype(np.int64) for most in _BYTES)
            if convention.crlf == 1:
                width[:-1][(codes[:-1] == _RETURN) & (codes[1:] == _NEWLINE)] = 0
            elif self.inline:
                width[codes == _NEWLINE] = 2
        start = convention.bom if self.bom else 0
        return np.concatenate([[start], start + np.cumsum(width)]).astype(np.int64)

    def places(self, positions: ArrayLike, convention: Convention) -> tuple[Numbers, NDArray[np.bool_]]:
        """Return positions of the program as positions in :attr:`text`, and which of them lie inside the text."""
        wanted, edges = np.asarray(positions, dtype=np.int64), self.edges(convention)
        inside = (wanted >= 0) & (wanted <= edges[-1])
        return self._kept(np.searchsorted(edges, np.clip(wanted, edges[0], edges[-1]), side="left")), inside

    def _kept(self, raw: Numbers) -> Numbers:
        """Return positions in the raw text as positions in the text with newlines, in NFC."""
        codes = self._codes
        gone = np.zeros(len(codes) + 1, dtype=np.int64)
        gone[1:-1] = np.cumsum((codes[:-1] == _RETURN) & (codes[1:] == _NEWLINE))
        gone[-1] = gone[-2] if len(codes) else 0
        plain = raw - gone[raw]
        lines = self.raw.replace("\r\n", "\n")
        return plain if unicodedata.is_normalized("NFC", lines) else _composed(lines, plain)


def _composed(text: str, positions: Numbers) -> Numbers:
    """Return positions in a text as positions in its NFC form."""
    runs = [found for found in _RUN.finditer(text) if not unicodedata.is_normalized("NFC", found.group())]
    first = next(iter(re.findall("^[^\x00-\u02ff]+", text)), "")
    if first and not unicodedata.is_normalized("NFC", first):
        # marks without a letter before them
        return np.array([len(unicodedata.normalize("NFC", text[:at])) for at in positions], dtype=np.int64)
    starts = np.array([run.start() for run in runs], dtype=np.int64)
    shorter = np.array([len(run.group()) - len(unicodedata.normalize("NFC", run.group())) for run in runs], dtype=np.int64)
    before = np.concatenate([[0], np.cumsum(shorter)])
    out = np.empty(len(positions), dtype=np.int64)
    for i, at in enumerate(positions):
        run = int(np.searchsorted(starts, at, side="left")) - 1
        if run >= 0 and at < runs[run].end():
            start = int(starts[run])
            out[i] = start - before[run] + len(unicodedata.normalize("NFC", text[start:at]))
        else:
            out[i] = at - before[run + 1]
    return out


@dataclass(frozen=True)
class Spans:
    """What a program marked in one text, in its own positions, with the words it says stand there."""

    original: Original
    start: Numbers
    end: Numbers
    name: Sequence[str]


@dataclass(frozen=True, slots=True)
class Decision:
    """How a file was found to count: ``matched`` of ``named`` marks hold the words they should, ``tried`` ways were compared."""

    convention: Convention
    matched: int = 0
    named: int = 0
    tried: int = 1


def likely(origin: str) -> Convention:
    """Return how a program is known to count, as far as it is known."""
    maker = origin.casefold()
    if "nvivo" in maker and "mac" not in maker:
        return NVIVO
    return OURS if any(name in maker for name in ("atlas", "qualcoder", "qualcode")) else Convention()


def decided(marked: Sequence[Spans], origin: str) -> Decision:
    """Return the way of counting under which most marks hold the words they are named after.

    Where no mark is named, the way under which most marks begin and end at the edge of a word; where that does not tell, what is
    known of the program.
    """
    first = likely(origin)
    originals = [spans.original for spans in marked]
    # a file without line ends of Windows, rare characters or a mark can be counted in one way only
    units: list[Unit] = ["codepoint", "utf16"] if any(o.beyond for o in originals) else [first.unit]
    ends = [1, 2] if any(o.windows for o in originals) else [first.crlf]
    marks = [0, 1] if any(o.bom for o in originals) else [0]
    ways = sorted({Convention(*way) for way in product(units, ends, marks)}, key=lambda way: (way != first, way.bom, way.unit, -way.crlf))
    compared = [_compared(spans) for spans in marked]
    scores = [_score(compared, way) for way in ways]
    best = max(range(len(ways)), key=lambda i: (*scores[i], -i))
    return Decision(ways[best], scores[best][0], sum(1 for spans in marked for name in spans.name if name), len(ways))


def _compared(spans: Spans) -> Spans:
    """Return enough of many marks to tell."""
    if len(spans.start) <= _MOST_COMPARED:
        return spans
    some = np.linspace(0, len(spans.start) - 1, _MOST_COMPARED).astype(np.int64)
    return Spans(spans.original, spans.start[some], spans.end[some], [spans.name[i] for i in some])


def _score(marked: Sequence[Spans], way: Convention) -> tuple[int, int]:
    """Return how many marks hold their name, and how many begin and end at the edge of a word."""
    matched = edges = 0
    for spans in marked:
        text = spans.original.text
        start, begins = spans.original.places(spans.start, way)
        end, ends = spans.original.places(spans.end, way)
        for a, b, name, sound in zip(start.tolist(), end.tolist(), spans.name, (begins & ends).tolist(), strict=True):
            if sound and a < b:
                matched += bool(name) and _is_named(text[a:b], name)
                edges += _is_whole(text, a, b)
    return matched, edges


def _is_named(words: str, name: str) -> bool:
    said, held = folded(name).rstrip("….").strip(), folded(words)
    return bool(said) and (held.rstrip("….").strip() == said or (len(said) >= _TITLE and held.startswith(said)))


def _is_whole(text: str, start: int, end: int) -> bool:
    begins = not text[start].isspace() and (start == 0 or not text[start - 1].isalnum())
    return begins and not text[end - 1].isspace() and (end == len(text) or not text[end].isalnum())


def theirs(text: str, positions: ArrayLike, convention: Convention) -> Numbers:
    r"""Return positions in a text of ours as another program counts them.

    Examples
    --------
    >>> theirs("a😀\nb", [0, 1, 2, 3, 4], NVIVO).tolist()
    [0, 1, 3, 5, 6]
    """
    edges = Original(text, inline=True).edges(convention)
    return edges[np.asarray(positions, dtype=np.int64)]
