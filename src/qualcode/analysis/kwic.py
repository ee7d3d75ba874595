"""Search: every place where words were said, with the words around it, who said it and what it is coded with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypedDict, Unpack

import numpy as np
import pandas as pd

from qualcode.analysis.asking import Sight, holds
from qualcode.analysis.expressions import Is, Node
from qualcode.analysis.finding import Manner, said
from qualcode.analysis.frames import gaps_of, without
from qualcode.analysis.names import handles, ordered_documents
from qualcode.analysis.parsing import FARTHEST, checked, parse
from qualcode.analysis.places import Places, overlapping
from qualcode.analysis.words import Bools, Ints
from qualcode.errors import Refused

SEARCH_COLUMNS = (
    "document", "kind", "turn", "speaker", "participant", "role", "start", "end", "left", "hit", "right", "codes",
)  # fmt: skip
CONTEXT = 60
"""How many code points of the same turn stand on either side of a hit."""

_NEAR = re.compile(r"\s(?:NABIJ|NEAR)/(\d{1,9})\s")


class Where(TypedDict, total=False):
    """Where to look: any of these, all together.

    ``document``, ``speaker`` (a label or a participant), ``role``, ``attributes`` (of participants or documents, by name), ``code``
    (on the words found, with the codes below it) and ``where``, a query that the turn answers.
    """

    document: str
    speaker: str
    role: str
    attributes: Mapping[str, str]
    code: str
    where: str


def search(sight: Sight, text: str, manner: Manner, *, context: int = CONTEXT, **where: Unpack[Where]) -> pd.DataFrame:
    """Return every place where words were said, in the order of the documents and of the words in them.

    Parameters
    ----------
    sight
        The study with its words.
    text
        Words that follow each other in one turn; ``*`` stands for any letters, ``|`` between alternatives, ``NABIJ/5`` (``NEAR/5``)
        between words with at most five others between them. Capitals do not count, accents only when typed.
    manner
        As written, or every form of a word; also inside compounds.
    context
        Code points of the same turn on either side.
    where
        See :class:`Where`.

    Returns
    -------
    pandas.DataFrame
        One row a place: ``document`` (name), ``kind`` (of the document), ``turn`` (from 1), ``speaker`` (label), ``participant`` (name;
        missing when unknown), ``role``, ``start`` and ``end`` (code points in the text of the document), ``left``, ``hit`` and ``right``
        (verbatim on one line, cut at words), ``codes`` (what those words are coded with by anyone, ids joined by ``|``; empty: uncoded).

    Raises
    ------
    Refused
        When there is nothing to look for, or nearly everything.
    NotFound
        When the study has no such document, speaker, role, attribute or code.
    """
    places = found(sight, text, manner)
    asked = _conditions(**where)
    if asked:
        turns = np.logical_and.reduce([holds(sight, node, "turn") for node in asked])
        places = places.only(np.flatnonzero(turns[places.turn]))
    if "code" in where:
        coded = sight.ground.pieces_of(_with_code(sight, where["code"]))
        places = places.only(coded.touching(places))
    return lines_of(sight, places, context)


def found(sight: Sight, text: str, manner: Manner) -> Places:
    """Return the places of words, or of words near each other."""
    pieces = _NEAR.split(f" {checked(text)} ")
    places = [Places.of_words(sight.words, *said(sight.words, piece, manner)) for piece in pieces[::2]]
    whole = places[0]
    for distance, place in zip(pieces[1::2], places[1:], strict=True):
        if int(distance) > FARTHEST:
            raise Refused("search.far_words", most=FARTHEST)
        whole = whole.near(place, int(distance), sight.words)
    return whole


def _conditions(**where: Unpack[Where]) -> list[Node]:
    """Return what is asked of the turns as nodes of a query."""
    nodes: list[Node] = [Is("document", where["document"])] if "document" in where else []
    nodes += [Is("speaker", where["speaker"])] if "speaker" in where else []
    nodes += [Is("role", where["role"])] if "role" in where else []
    nodes += [Is("attribute", value, key) for key, value in where.get("attributes", {}).items()]
    return [*nodes, parse(where["where"])] if "where" in where else nodes


def _with_code(sight: Sight, code: str) -> Bools:
    return holds(sight, Is("code", code), "fragment")


def lines_of(sight: Sight, places: Places, context: int) -> pd.DataFrame:
    """Return places as the lines of :func:`search`, so many code points of the same turn on either side."""
    snapshot = sight.snapshot
    documents = ordered_documents(snapshot)
    turns = snapshot.turns.iloc[places.turn]
    rank = documents["rank"].reindex(turns["document"]).to_numpy(np.int64)
    order = np.lexsort((places.end, places.start, rank))
    places, turns = places.only(order), turns.iloc[order].reset_index(drop=True)
    shift = sight.ground.turn_start[places.turn] - turns["start"].to_numpy(np.int64)
    start, end = places.start - shift, places.end - shift
    people = snapshot.tables["participant"].set_index("guid")["name"]
    left, hit, right = _around(sight, places, turns, (start, end, context))
    frame = pd.DataFrame(
        {
            "document": turns["document"].map(documents["name"]),
            "kind": turns["document"].map(documents["kind"]),
            "turn": turns["turn"],
            "speaker": turns["label"],
            "participant": turns["participant"].map(people).astype("str"),
            "role": turns["role"],
            "start": start,
            "end": end,
            "left": pd.Series(left, dtype="str"),
            "hit": pd.Series(hit, dtype="str"),
            "right": pd.Series(right, dtype="str"),
            "codes": codes_on(sight, places),
        }
    )
    return frame[list(SEARCH_COLUMNS)]


def _around(sight: Sight, places: Places, turns: pd.DataFrame, spots: tuple[Ints, Ints, int]) -> tuple[list[str], list[str], list[str]]:
    """Return the words before, of and after each place, each on one line."""
    start, end, context = spots
    words = sight.words
    low, high = sight.ground.turn_start[places.turn], sight.ground.turn_end[places.turn]
    shift = places.start - start
    # the first word that begins within reach, and the first that no longer ends within it
    first = np.searchsorted(words.start, np.maximum(places.start - context, low), side="left")
    last = np.searchsorted(words.end, np.minimum(places.end + context, high), side="right")
    reached = places.start - context <= low
    begin = np.where(reached, low, np.minimum(np.r_[words.start, 0][first], places.start)) - shift
    stop = (
        np.where(
            places.end + context >= high, high, np.maximum(np.minimum(np.r_[words.start, high.max(initial=0)][last], high), places.end)
        )
        - shift
    )
    texts = {guid: sight.snapshot.text(guid) for guid in turns["document"].unique()}
    gaps = gaps_of(sight.snapshot)
    rows = zip(turns["document"], turns["turn"], begin.tolist(), start.tolist(), end.tolist(), stop.tolist(), strict=True)
    cut = [
        [_one_line(texts[d], a, b, gaps.get((d, t), [])) for a, b in ((low, start), (start, end), (end, high))]
        for d, t, low, start, end, high in rows
    ]
    return [row[0].lstrip() for row in cut], [row[1] for row in cut], [row[2].rstrip() for row in cut]


def _one_line(text: str, start: int, end: int, gaps: list[tuple[int, int]]) -> str:
    """Return words on one line with the blanks at their ends, so that left, hit and right can be put together again."""
    inside = [gap for gap in gaps if gap[0] < end and start < gap[1]]
    words = without(text, start, end, inside) if inside else text[start:end]
    return re.sub(r"\s+", " ", words)


def codes_on(sight: Sight, places: Places) -> pd.Series[str]:
    """Return what each place is coded with, by anyone: ids in the order of the codebook, joined by ``|``."""
    pieces = sight.ground.pieces
    left, right = overlapping(places.start, places.end, (pieces.start, pieces.end))
    code = sight.coding_code.iloc[pieces.own[right]]
    order = {guid: at for at, guid in enumerate(one.guid for one in sight.book.codes)}
    pairs = pd.DataFrame({"place": left, "rank": code.map(order).to_numpy(), "code": code.map(handles(sight.book)).to_numpy()})
    pairs = pairs.dropna().drop_duplicates().sort_values(["place", "rank"])
    held = pairs.groupby("place")["code"].agg("|".join).reindex(range(len(places)))
    return pd.Series(held.fillna("").to_numpy(object), dtype="str")
