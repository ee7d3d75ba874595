"""Where the sentences of spoken turns are: by their punctuation, not by a parser that was made for newspapers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
import pandas as pd

from qualcode.language.spoken import remarks
from qualcode.language.tokens import ABBREVIATIONS
from qualcode.spans import Spans, spans, trimmed

SENTENCE_COLUMNS = ("text", "start", "end")

_END = re.compile(r"(?P<mark>[.!?…]+)(?P<close>[\"'”’»)\]]*)(?=\s)|(?P<line>\n)")
_NEXT = re.compile(r"[\s\"'“‘„«(\[–—-]*(?:['’][a-z]{1,2}\s)?(\S?)")
_BEFORE = re.compile(r"[\w.'’-]{0,30}$")


def sentences(texts: Sequence[str]) -> pd.DataFrame:
    """Return the sentences of each text, cut at its punctuation.

    A full stop, question mark or exclamation mark ends a sentence; an abbreviation, an initial and a figure do not. Three dots end one
    only before a capital, because an interruption goes on. A new line ends one unless the next begins with a small letter. Marks inside a
    transcriber's remark end nothing. In a text without capitals every full stop counts.

    Parameters
    ----------
    texts
        One string a turn, or whatever should be cut.

    Returns
    -------
    pandas.DataFrame
        ``text`` (position in the input), ``start``, ``end`` (code points in that text, half-open, no blanks at the ends).

    Examples
    --------
    >>> turn = "Ik vroeg het aan dhr. Bos. Die zei… eh, die zei niks [lacht. zucht] en toen? Klaar."
    >>> [turn[start:end] for start, end in sentences([turn])[["start", "end"]].to_numpy()]
    ['Ik vroeg het aan dhr. Bos.', 'Die zei… eh, die zei niks [lacht. zucht] en toen?', 'Klaar.']
    """
    cut = [_cut(text) for text in texts]
    counts = [len(each) for each in cut]
    table = np.concatenate(cut) if cut else spans([], [])
    return pd.DataFrame({"text": np.repeat(np.arange(len(cut)), counts), "start": table[:, 0], "end": table[:, 1]})


def _cut(text: str) -> Spans:
    ends = [match.end() for match in _END.finditer(text) if _ends(text, match)]
    noted = remarks(text) if ends else []
    if noted:
        inside = np.searchsorted(np.fromiter(chain.from_iterable(noted), dtype=np.int64), np.array(ends), side="left") % 2 == 1
        last = {end for _, end in noted}
        ends = [end for end, within in zip(ends, inside, strict=True) if not within or end in last]
    bounds = [0, *ends, len(text)]
    kept = [trimmed(text, start, end) for start, end in pairwise(bounds)]
    kept = [(start, end) for start, end in kept if start < end]
    return spans([start for start, _ in kept], [end for _, end in kept])


def _ends(text: str, match: re.Match[str]) -> bool:
    """Say whether this mark or new line ends a sentence."""
    following = _NEXT.match(text, match.end(), match.end() + 40)
    after = following.group(1) if following else ""
    if match["line"]:
        return not after.islower() or text[match.end() : match.end() + 1] == "\n"
    mark = match["mark"]
    if mark.endswith("…") or (len(mark) > 1 and set(mark) == {"."}):
        return not after.islower()
    if set(mark) & set("?!"):
        return not (match["close"] and after.islower())
    if after.islower() and any(letter.isupper() for letter in text[max(0, match.start() - 400) : match.end() + 400]):
        return False
    before = _BEFORE.search(text, max(0, match.start() - 30), match.start())
    word = before.group() if before else ""
    return not (word.lower() in ABBREVIATIONS or (len(word) == 1 and word.isupper()) or re.fullmatch(r"(?:\w\.)+\w", word))
