"""Who could be singled out by what is published together, and what a blank in a table still gives away.

Pure functions over tables. ``singled_out`` looks at the quotes, table rows and places of one publication (and of earlier ones) as a
reader would who ties together what stands under one name; ``derivable`` and ``differenced`` look at counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from qualcode.labels import listed, say

K = 5
"""Fewest people that a published description must fit; Dutch staff surveys publish from five or seven upward."""

MOST_TOLD = 3
"""So many different things told about oneself make a mosaic, whatever the register says."""

PUBLISHED_COLUMNS = ["voice", "participant", "source", "attribute", "value"]
SINGLED_COLUMNS = ["voice", "participant", "rule", "k", "facts", "sources", "why", "advice"]
COUNT_COLUMNS = ["table", "row", "column", "count"]
DERIVED_COLUMNS = ["table", "row", "column", "rule", "value", "why"]

# What people tell about themselves that no register holds; each says one kind of thing about the speaker.
_TOLD: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "only": r"\b(?:ik|wij|we) (?:ben|was|zijn|waren) (?:\w+ ){0,3}(?:de|het) (?:enige|eerste|allereerste|laatste|jongste|oudste)\b"
        r"|\bde (?:enige|eerste|allereerste) (?!keer|dag|week|tijd|indruk|vraag|stap|reden)(?:\S+ ){0,3}(?:hier|bij ons|van (?:de|het|ons))\b"
        r"|\bals enige\b",
        "family": r"\b(?:ik heb|wij hebben|we hebben|met|moeder van|vader van) (?:\w+ )?(?:een|één|twee|drie|vier|vijf|zes|\d) "
        r"(?:\w+ )?(?:kinderen|kind|zoons|zonen|dochters|jongens|meisjes)\b|\bmijn (?:man|vrouw|dochter|zoon|tweeling|zus|broer)\b",
        "hours": r"\b(?:part-?time|fulltime|\d+ uur (?:per|in de) week|(?:maandag|dinsdag|woensdag|donderdag) (?:tot en met|t/m) \w+dag)\b",
        "faith": r"\b(?:mijn |met een |een )(?:hoofddoek|keppeltje|tulband|kruisje)\b|\bals (?:moslima?|jood|joodse|hindoe|christen|sikh)\b",
        "health": r"\bna mijn (?:\w*(?:kanker|operatie|burn-?out|ziekte|hartinfarct|herseninfarct))\b|\bik heb (?:\w+ )?(?:epilepsie|diabetes|ms|adhd|autisme)\b",
        "tenure": r"\b(?:al |na )?(?:\w+|\d+) jaar (?:bij|in dienst|in het vak|voorzitter|lid|secretaris|op (?:deze|die) (?:plek|afdeling))\b",
        "function": r"\bik (?:ben|was) (?:hier |toen |nu |de )?(?:\w+ )?(?:voorzitter|secretaris|directeur|raadslid|penningmeester|vertrouwenspersoon|teamleider)\b",
        "team": r"\b(?:in|bij|van|op) (?:het|de|ons|onze) (?:\w+(?:team|ploeg|afdeling|balie|vestiging))\b",
    }.items()
}


def told(quotes: pd.DataFrame) -> pd.DataFrame:
    """Return what quotes tell about their own speakers that no register holds.

    Parameters
    ----------
    quotes
        One row a quote: ``voice`` (what a reader can tie together: the name it stands under, or the quote itself when it stands under
        none), ``participant`` (who it really is), ``source`` (the quote's reference), ``text``.

    Returns
    -------
    DataFrame
        voice, participant, source, attribute (``told``), value (only, family, hours, faith, health, tenure, function, team); one row a
        quote and kind of thing. No words of the quote.
    """
    rows = [
        (row["voice"], row["participant"], row["source"], "told", name)
        for row in quotes.to_dict("records")
        for name, pattern in _TOLD.items()
        if pattern.search(str(row["text"]))
    ]
    return pd.DataFrame(rows, columns=PUBLISHED_COLUMNS).drop_duplicates(ignore_index=True)


def _fits(column: pd.Series[Any], value: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell of whom a value is true; ``a | b`` holds both."""
    held = [{part.strip() for part in str(cell).split("|")} for cell in column]
    return np.array([value in cell for cell in held], dtype=bool)


def _row(voice: str, facts: pd.DataFrame, rule: str, k: int | None, shown: Iterable[str]) -> dict[str, Any]:
    words = list(shown)
    sources = list(dict.fromkeys(facts["source"]))
    said: dict[str, Any] = {"facts": listed(words), "sources": listed(sources), "k": "" if k is None else k, "n": len(words)}
    return {
        "voice": voice,
        "participant": facts["participant"].iloc[0],
        "rule": rule,
        "k": k,
        "facts": words,
        "sources": sources,
        "why": say(f"privacy.singled_{rule}", **said),
        "advice": say(f"privacy.singled_{rule}_advice"),
    }


def singled_out(published: pd.DataFrame, people: pd.DataFrame, *, k: int = K, earlier: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return who could be singled out by what is published about them together.

    Parameters
    ----------
    published
        One row a published fact: ``voice`` (what a reader can tie together: the name a quote or table row stands under, or its own
        reference when it stands under none), ``participant`` (who it really is, a guid or name), ``source`` (reference of the quote,
        table or section), ``attribute`` (a column of ``people``, or ``told`` for what :func:`told` found), ``value``.
    people
        One row a participant: ``participant`` and their attributes as columns; ``a | b`` in a cell means both.
    k
        Fewest people a description must fit; at least 2.
    earlier
        Facts published before, in the same form: a reader has those too.

    Returns
    -------
    DataFrame
        voice, participant, rule, k (how many people fit; missing where only the own words tell), facts (list of ``attribute: value``),
        sources (list of references), why, advice (sentences). Rules: ``combination`` (the values together fit fewer than k people),
        ``only`` (the speaker says to be the only or first one), ``mosaic`` (three or more kinds of things told about oneself). Empty
        when nobody stands out by these rules, which is no proof that nobody can be recognised.

    Examples
    --------
    >>> people = pd.DataFrame({"participant": ["a", "b", "c"], "team": ["x", "x", "y"], "sex": ["v", "m", "v"]})
    >>> facts = pd.DataFrame(
    ...     [("P1", "a", "citaat:1", "team", "x"), ("P1", "a", "tabel:2", "sex", "v")], columns=PUBLISHED_COLUMNS
    ... )
    >>> singled_out(facts, people, k=2)[["voice", "rule", "k"]].to_dict("records")
    [{'voice': 'P1', 'rule': 'combination', 'k': 1}]
    """
    if k < 2:  # noqa: PLR2004
        raise ValueError("k is at least 2")
    known = [part for part in (published, earlier) if part is not None and len(part)]
    rows: list[dict[str, Any]] = []
    if known:
        for voice, facts in pd.concat(known, ignore_index=True).groupby("voice", sort=False):
            rows += _about(str(voice), facts, people, k)
    frame = pd.DataFrame(rows, columns=SINGLED_COLUMNS)
    return frame.astype({"k": "Int64"})


def _about(voice: str, facts: pd.DataFrame, people: pd.DataFrame, k: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    registered = facts[facts["attribute"].isin(set(people.columns) - {"participant"})]
    pairs = registered[["attribute", "value"]].drop_duplicates()
    if len(pairs):
        fit = np.ones(len(people), dtype=bool)
        for attribute, value in pairs.itertuples(index=False):
            fit &= _fits(people[attribute], str(value))
        if fit.sum() < k:
            shown = [f"{attribute}: {value}" for attribute, value in pairs.itertuples(index=False)]
            found.append(_row(voice, registered, "combination", int(fit.sum()), shown))
    own = facts[facts["attribute"] == "told"]
    kinds = list(dict.fromkeys(own["value"]))
    if "only" in kinds:
        found.append(_row(voice, own[own["value"] == "only"], "only", 1, [say("privacy.told_only")]))
    if len(kinds) >= MOST_TOLD:
        found.append(_row(voice, own, "mosaic", None, [say(f"privacy.told_{kind}") for kind in kinds]))
    return found


def derivable(counts: pd.DataFrame, *, k: int = K, total: str = "totaal") -> pd.DataFrame:
    """Return the suppressed cells whose count follows from the rest of the table.

    Parameters
    ----------
    counts
        Columns ``table, row, column, count``; a missing count is a suppressed one, which readers know to be 1 to k - 1. Sums stand in
        the row or column called ``total``.
    k
        From how many on a count is printed.
    total
        What the row and column of sums are called.

    Returns
    -------
    DataFrame
        table, row, column, rule (``total``), value, why; one row a cell that a reader can work out.

    Examples
    --------
    >>> cells = pd.DataFrame(
    ...     [("t", "nb", "n", None), ("t", "v", "n", 20), ("t", "totaal", "n", 21)], columns=["table", "row", "column", "count"]
    ... )
    >>> derivable(cells)[["row", "value"]].to_dict("records")
    [{'row': 'nb', 'value': 1}]
    """
    rows: list[dict[str, Any]] = []
    for name, table in counts.groupby("table", sort=False):
        grid = table.pivot_table(index="row", columns="column", values="count", aggfunc="first", sort=False, dropna=False)
        before = grid.isna()
        for row, column, value in _worked_out(grid.astype("Float64"), before, k, total):
            why = say("privacy.derived_total", table=name, row=row, column=column)
            rows.append({"table": name, "row": row, "column": column, "rule": "total", "value": value, "why": why})
    return pd.DataFrame(rows, columns=DERIVED_COLUMNS)


def _lines(grid: pd.DataFrame, total: str) -> list[list[tuple[str, str]]]:
    """Return the sums of a table: each a list of cells, the total last."""
    inner_rows = [r for r in grid.index if r != total]
    inner_columns = [c for c in grid.columns if c != total]
    lines = []
    if total in grid.index:
        lines += [[(r, c) for r in inner_rows] + [(total, c)] for c in grid.columns]
    if total in grid.columns:
        lines += [[(r, c) for c in inner_columns] + [(r, total)] for r in grid.index]
    return lines


def _worked_out(grid: pd.DataFrame, hidden: pd.DataFrame, k: int, total: str) -> list[tuple[str, str, int]]:
    """Fill in what one sum after another gives away, until nothing more follows."""
    known = {(r, c): grid.loc[r, c] for r in grid.index for c in grid.columns if pd.notna(grid.loc[r, c])}
    found: list[tuple[str, str, int]] = []
    lines = _lines(grid, total)
    progress = True
    while progress:
        progress = False
        for *parts, end in lines:
            open_ = [cell for cell in parts if cell not in known]
            if end not in known:
                if not open_:
                    known[end] = sum(known[cell] for cell in parts)
                    found.append((*end, int(known[end])))
                    progress = True
                continue
            rest = int(known[end] - sum(known[cell] for cell in parts if cell in known))
            each = rest // len(open_) if open_ else 0
            certain = len(open_) == 1 or (open_ and rest in {len(open_), len(open_) * (k - 1)})
            if certain:
                for cell in open_:
                    known[cell] = each
                    found.append((*cell, each))
                progress = True
    return [cell for cell in found if hidden.loc[cell[0], cell[1]]]


def differenced(now: pd.DataFrame, before: pd.DataFrame, *, k: int = K) -> pd.DataFrame:
    """Return the counts that give somebody away beside an earlier published version.

    Parameters
    ----------
    now, before
        Columns ``table, row, column, count``, as for :func:`derivable`.
    k
        From how many on a count is printed.

    Returns
    -------
    DataFrame
        table, row, column, rule (``difference``: the two counts differ by 1 to k - 1 people; ``shown_before``: suppressed now, printed
        then), value (the difference, or what was printed), why.
    """
    both = now[COUNT_COLUMNS].merge(before[COUNT_COLUMNS], on=COUNT_COLUMNS[:3], suffixes=("", "_before"))
    rows: list[dict[str, Any]] = []
    for one in both.to_dict("records"):
        here, there = one["count"], one["count_before"]
        place = {name: one[name] for name in COUNT_COLUMNS[:3]}
        if pd.isna(here) and pd.notna(there):
            rows.append({**place, "rule": "shown_before", "value": int(there), "why": say("privacy.derived_shown_before", **place)})
        elif pd.notna(here) and pd.notna(there) and 0 < abs(here - there) < k:
            gap = int(abs(here - there))
            rows.append({**place, "rule": "difference", "value": gap, "why": say("privacy.derived_difference", **place, n=gap)})
    return pd.DataFrame(rows, columns=DERIVED_COLUMNS)
