"""Cut a text into tokens as the Dutch treebanks do, with the reduced forms and broken-off words of speech; linear in its length."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from qualcode.spans import spans

# marks without width stand inside words ("gedis\u00adcrimineerd"), and accents may be code points of their own
_JOIN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_LETTER = r"\w\u0300-\u036f\u0610-\u061a\u064b-\u065f"
_RUN = rf"[{_LETTER}](?:[{_LETTER}{_JOIN}]*[{_LETTER}])?"
_ABBREVIATED = (
    "aug blz bijv bv ca cq dec dhr dl dr drs ds e.a e.d e.v enz etc evt excl feb febr fig fr gem hfst hr i.c i.e i.o i.p.v i.v.m i.t.t incl ing "
    "inz ir jan jhr jl jr ll m.a.w m.b.t m.b.v m.i m.i.v m.m.v m.n m.u.v mej mevr mgr min mr mln mld mw n.a.v n.v.t nl nov nr nrs o.a "
    "o.b.v o.i.d o.l.v o.m oct okt p.p par pag plm plv prof red resp sept sr st t.a.v t.b.v t.g.v t.n.v t.o.v t.z.t tel v.a v.d vgl vnl vz "
    "w.o wnd z.g z.o.z z.s.m zgn zie zog d.w.z d.m.v d.d b.v a.d a.h.w a.u.b s.v.p"
)
ABBREVIATIONS = frozenset(_ABBREVIATED.split()) - {"zie", "nl", "min", "red", "par", "gem", "fr", "ing", "dl", "om", "st"}
"""Abbreviations that keep their full stop, without it, in lower case."""

_SHORT = "|".join(re.escape(short) for short in sorted(ABBREVIATIONS, key=len, reverse=True))
_TOKEN = re.compile(
    rf"""
    (?:https?://|www\.)[^\s<>"“”()\[\]]{{1,2000}}(?<![.,;:!?])     # an address on the web
  | [\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}}         # an e-mail address
  | (?<!\w)(?i:t/m|(?:{_SHORT})\.)(?!\w)                               # dhr.
  | (?<!\w)(?:[^\W\d_]\.){{2,10}}(?!\w)                              # d.w.z.
  | (?<![\w'’])[A-ZÀ-ÖØ-Þ]\.(?=\s*[^\W\d_a-z])                       # J. de Vries: an initial
  | \d+(?:[.,:/]\d+){{0,20}}(?:-\d+)?%?(?![\w'’]|-\w)               # 12.106  1988-1995  3/4  60%
  | (?<![\w'’])['’](?:t|k|n|m|r|s|ns|\d\d)(?!\w)                     # 't huis, 's morgens, '80
  | (?<=[^\W\d_])(?:['’][tmkn]|-ie)(?!\w)                            # heb't, heeft-ie: the little word stands apart
  | (?i:(?:m|z|d|zo)['’][nr])(?!\w)                                  # m'n z'n d'r zo'n
  | {_RUN}(?:(?!['’][tmkn](?!\w)|-ie(?!\w))['’&+·-]{_RUN}){{0,40}}(?:-(?![\w-]))?   # a word; broken off: ge-
  | ,, | \.{{2,}} | -{{2,}} | '{{2,}} | ’{{2,}} | `{{2,}}
  | [^\s{_JOIN}\x00-\x1f\x7f-\x9f]
    """,
    re.VERBOSE,
)
_MARKS = str.maketrans(
    {"’": "'", "‘": "'", "`": "'"} | {ord(mark): None for mark in re.findall(f"[{_JOIN}]", "".join(map(chr, range(0xAD, 0x10000))))}
)


def token_table(texts: Sequence[str]) -> pd.DataFrame:
    """Return the tokens of each text: words, figures, punctuation marks; white space and marks without width lie between them.

    Parameters
    ----------
    texts
        Any texts.

    Returns
    -------
    pandas.DataFrame
        ``text`` (position in the input), ``start``, ``end`` (code points in that text, half-open), ``word`` (as written).

    Examples
    --------
    >>> list(token_table(["'t Was m'n broer z'n ge- geluk, d.w.z. …"])["word"])
    ["'t", 'Was', "m'n", 'broer', "z'n", 'ge-', 'geluk', ',', 'd.w.z.', '…']
    """
    found = [[match.span() for match in _TOKEN.finditer(text)] for text in texts]
    counts = [len(each) for each in found]
    places = spans([start for each in found for start, _ in each], [end for each in found for _, end in each])
    return pd.DataFrame(
        {
            "text": np.repeat(np.arange(len(found)), counts),
            "start": places[:, 0],
            "end": places[:, 1],
            "word": pd.Series([text[start:end] for text, each in zip(texts, found, strict=True) for start, end in each], dtype="str"),
        }
    )


def folded(words: pd.Series) -> pd.Series:
    """Return words in lower case, with straight apostrophes and without marks that have no width."""
    return words.map({word: plain(word) for word in words.unique()}).astype("str")


def straight(word: str) -> str:
    """Return a word with straight apostrophes and without marks that have no width."""
    return word.translate(_MARKS)


def plain(word: str) -> str:
    """Return a word in lower case, with straight apostrophes and without marks that have no width.

    Examples
    --------
    >>> plain("Zo’n")
    "zo'n"
    """
    return straight(word).lower()
