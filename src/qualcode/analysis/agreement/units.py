"""What is compared: the words of participants, cut into turns, sentences or characters; positions on one line of all documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from qualcode import spans
from qualcode.analysis.agreement.ratings import Ints
from qualcode.analysis.frames import gaps_of
from qualcode.analysis.names import PARTICIPANT
from qualcode.errors import Refused
from qualcode.model import Snapshot
from qualcode.spans import Spans

Unit = Literal["turn", "sentence", "character"]
UNITS: tuple[Unit, ...] = get_args(Unit)

# the end of a sentence: its mark, quotes that close, blanks, and then a capital or a figure
_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«(\[–-]*\s?(?:['’][a-z]\s)?[A-ZÀ-ÖØ-Þ0-9])|\n+")
_LAST = re.compile(r"[^\s\"'“‘«(\[]*$")
_LONGEST = 6
_SHORT = frozenset("dhr mevr mw mr dr drs ir ing prof st ds nr art blz bijv bv ca resp jl".split())


@dataclass(frozen=True)
class Talk:
    """The turns of participants in some documents, laid on one line.

    Parameters
    ----------
    documents
        The documents (guids), in order.
    base
        Where each document begins on the line.
    turns
        The turns (spans on the line), in order.
    document, number
        Of each turn the place of its document in ``documents``, and its number there.
    """

    documents: tuple[str, ...]
    base: Ints
    turns: Spans
    document: Ints
    number: Ints


@dataclass(frozen=True)
class Units:
    """The units: spans on the line, the turn each lies in, and how many units each stands for (code points, or one)."""

    kind: Unit
    places: Spans
    turn: Ints
    weight: Ints


def talk(snapshot: Snapshot, documents: Sequence[str]) -> Talk:
    """Return the turns of participants; words without a known speaker are somebody's, those of moderators are left out."""
    size = np.array([len(snapshot.text(guid)) + 1 for guid in documents], dtype=np.int64)
    base = np.cumsum(size) - size
    place = {guid: at for at, guid in enumerate(documents)}
    turns = snapshot.turns
    turns = turns[turns["document"].isin(place) & (turns["role"].isna() | (turns["role"] == PARTICIPANT)) & (turns["end"] > turns["start"])]
    document = turns["document"].map(place).to_numpy(np.int64)
    on_line = spans.spans(turns["start"].to_numpy(np.int64) + base[document], turns["end"].to_numpy(np.int64) + base[document])
    order = np.argsort(on_line[:, 0], kind="stable")
    return Talk(tuple(documents), base, on_line[order], document[order].astype(np.int64), turns["turn"].to_numpy(np.int64)[order])


def units_of(snapshot: Snapshot, said: Talk, unit: Unit, marked: Spans) -> Units:
    """Return the units of the words.

    Parameters
    ----------
    snapshot
        The study.
    said
        The words that are compared.
    unit
        ``turn``, ``sentence`` or ``character``.
    marked
        All spans that coders marked, on the line; characters between two edges of these go together, as nobody tells them apart.

    Raises
    ------
    Refused
        For another unit.
    """
    if unit == "turn":
        edges = np.empty(0, dtype=np.int64)
    elif unit == "sentence":
        parts = [_ends(snapshot.text(guid)) + base for guid, base in zip(said.documents, said.base, strict=True)]
        edges = np.concatenate([np.empty(0, dtype=np.int64), *parts])
    elif unit == "character":
        edges = np.concatenate([marked.ravel(), _gaps(snapshot, said).ravel()])
    else:
        raise Refused("agreement.no_unit", unit=unit)
    places, turn = _cut(said.turns, edges)
    if unit != "character":
        return Units(unit, places, turn, np.ones(len(places), dtype=np.int64))
    gaps = _gaps(snapshot, said)
    inside = np.zeros(len(places), dtype=bool)
    inside[spans.touching(places, gaps)[:, 0]] = True
    places, turn = places[~inside], turn[~inside]
    return Units(unit, places, turn, places[:, 1] - places[:, 0])


def _cut(turns: Spans, edges: Ints) -> tuple[Spans, Ints]:
    """Return the pieces of turns between edges, and the turn each lies in."""
    edges = np.unique(edges)
    turn = np.searchsorted(turns[:, 0], edges, side="right") - 1
    within = (turn >= 0) & (edges > turns[turn, 0]) & (edges < turns[turn, 1]) if len(turns) else np.zeros(len(edges), dtype=bool)
    starts = np.sort(np.concatenate([turns[:, 0], edges[within]]))
    of = np.searchsorted(turns[:, 0], starts, side="right") - 1
    ends = np.minimum(np.r_[starts[1:], np.iinfo(np.int64).max], turns[of, 1])
    return np.column_stack([starts, ends]), of


def _ends(text: str) -> Ints:
    """Return where the next sentence or line begins."""
    found = (m.end() for m in _END.finditer(text) if text[m.start()] != "." or not _shortened(text, m.start()))
    return np.fromiter(found, dtype=np.int64)


def _shortened(text: str, stop: int) -> bool:
    """Return whether a full stop belongs to a short form such as "dhr." or to an initial."""
    last = _LAST.search(text, max(0, stop - _LONGEST), stop)
    word = last[0] if last else ""
    return word.casefold() in _SHORT or (len(word) == 1 and word.isupper())


def _gaps(snapshot: Snapshot, said: Talk) -> Spans:
    """Return the page marks inside turns, on the line, in order."""
    place = {guid: at for at, guid in enumerate(said.documents)}
    held = [
        (start + said.base[place[guid]], end + said.base[place[guid]])
        for (guid, _), gaps in gaps_of(snapshot).items()
        if guid in place
        for start, end in gaps
    ]
    return spans.union(np.array(held, dtype=np.int64).reshape(-1, 2))


def talked(said: Talk, marked: Spans) -> Spans:
    """Return spans on the words of participants alone, as if all other words were not there."""
    size = said.turns[:, 1] - said.turns[:, 0]
    before = np.cumsum(size) - size

    def moved(position: Ints) -> Ints:
        turn = np.searchsorted(said.turns[:, 0], position, side="right") - 1
        within = np.clip(position - said.turns[turn, 0], 0, size[turn])
        return np.where(turn < 0, 0, before[turn] + within)

    if not len(said.turns):
        return np.empty((0, 2), dtype=np.int64)
    return np.column_stack([moved(marked[:, 0]), moved(marked[:, 1])])


def sizes(said: Talk) -> NDArray[np.int64]:
    """Return how many code points participants said in each document."""
    size = said.turns[:, 1] - said.turns[:, 0]
    return np.bincount(said.document, weights=size, minlength=len(said.documents)).astype(np.int64)
