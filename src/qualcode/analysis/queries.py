"""Queries over codes, people, documents and words: which turns, fragments or documents they hold for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qualcode.analysis.asking import UNITS, Sight, Unit, holds
from qualcode.analysis.expressions import needs_lemmas, needs_words
from qualcode.analysis.frames import TURN_COLUMNS, _spoken, codings
from qualcode.analysis.kwic import codes_on
from qualcode.analysis.names import ordered_documents
from qualcode.analysis.parsing import parse
from qualcode.analysis.places import SPOKEN, Places
from qualcode.analysis.words import Bools, Ints
from qualcode.errors import Refused
from qualcode.labels import listed

__all__ = ["answers", "needs_lemmas", "needs_words", "truth", "unit_named"]

_NONE = np.empty(0, np.int64)


def unit_named(unit: str) -> Unit:
    """Return the unit of this name: ``turn``, ``fragment`` or ``document``.

    Raises
    ------
    Refused
        When there is no such unit.
    """
    for known in UNITS:
        if known == unit:
            return known
    raise Refused("search.no_unit", unit=unit, known=listed(UNITS))


def truth(sight: Sight, text: str, unit: str = "turn") -> pd.Series[bool]:
    """Return for each turn, fragment or document whether a query holds for it.

    Parameters
    ----------
    sight
        The study with its words.
    text
        The query; see :func:`qualcode.analysis.parsing.parse`.
    unit
        ``turn``, ``fragment`` (a coding) or ``document``.

    Returns
    -------
    pandas.Series
        Truth values on the rows of ``turns(study)``, ``codings(study)`` or the documents in their order.
    """
    per = unit_named(unit)
    held: Bools = holds(sight, parse(text), per)[_order(sight, per)]
    return pd.Series(held.tolist(), name=text, dtype=bool)


def answers(sight: Sight, text: str, unit: str = "turn") -> pd.DataFrame:
    """Return the turns, fragments or documents a query holds for.

    Parameters
    ----------
    sight
        The study with its words.
    text
        The query; see :func:`qualcode.analysis.parsing.parse`.
    unit
        ``turn``, ``fragment`` (a coding) or ``document``.

    Returns
    -------
    pandas.DataFrame
        ``turn``: the columns of :func:`qualcode.turns` and ``codes`` (ids on those words by anyone, joined by ``|``). ``fragment``: the
        columns of :func:`qualcode.codings`. ``document``: ``document``, ``kind``, ``turns``, ``codings`` (numbers).

    Raises
    ------
    Refused
        When the query cannot be read; the message says at which character.
    NotFound
        When the study has no such code, person, document or attribute.
    """
    per = unit_named(unit)
    held = holds(sight, parse(text), per)
    if per == "fragment":
        frame = codings(sight.snapshot)
        return frame[held[_rows_of(sight, frame)]].reset_index(drop=True)
    order = _order(sight, per)
    rows = order[held[order]]
    return _turns(sight, rows) if per == "turn" else _documents(sight, rows)


def _order(sight: Sight, unit: Unit) -> Ints:
    """Return the rows of the units in the order in which frames show them."""
    snapshot = sight.snapshot
    rank = ordered_documents(snapshot)["rank"]
    if unit == "document":
        return np.argsort(rank.reindex(snapshot.tables["document"]["guid"]).to_numpy(), kind="stable")
    if unit == "turn":
        return np.argsort(rank.reindex(snapshot.turns["document"]).to_numpy(), kind="stable")
    return _rows_of(sight, codings(snapshot))


def _rows_of(sight: Sight, frame: pd.DataFrame) -> Ints:
    return np.asarray(pd.Index(sight.snapshot.tables["coding"]["guid"]).get_indexer(frame["coding"]), dtype=np.int64)


def _turns(sight: Sight, rows: Ints) -> pd.DataFrame:
    snapshot, ground = sight.snapshot, sight.ground
    frame = _spoken(snapshot, snapshot.turns.iloc[rows]).drop(columns="speaker").rename(columns={"label": "speaker"}).reset_index(drop=True)
    people = snapshot.tables["participant"].set_index("guid")["name"]
    names = {
        "document": frame["document"].map(ordered_documents(snapshot)["name"]),
        "participant": frame["participant"].map(people).astype("str"),
    }
    places = Places(ground.turn_start[rows], ground.turn_end[rows], rows, np.full(len(rows), SPOKEN), _NONE, _NONE)
    return frame.assign(**names)[list(TURN_COLUMNS)].assign(codes=codes_on(sight, places))


def _documents(sight: Sight, rows: Ints) -> pd.DataFrame:
    documents = sight.snapshot.tables["document"].iloc[rows]
    turns = np.bincount(sight.turn_document, minlength=sight.size("document"))
    coded: Bools = sight.living
    held = np.bincount(sight.coding_document[coded], minlength=sight.size("document"))
    return pd.DataFrame(
        {"document": documents["name"], "kind": documents["kind"], "turns": turns[rows], "codings": held[rows]}
    ).reset_index(drop=True)
