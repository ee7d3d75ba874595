"""From everything that is printed together, this time and before, no small number can be worked out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from qualcode.analysis.suppression import FEW, GUARDED, PRINTED, suppressed
from qualcode.privacy import derivable

KS = st.integers(5, 10)
COUNTS = st.lists(st.integers(0, 40), min_size=2, max_size=7)


def reader(frame: pd.DataFrame, total: int, k: int) -> list[tuple[int, int]]:
    """Return what a reader can still think of each cell: the smallest and the largest number that fits all that is printed.

    The sum of the cells is the only equation and has coefficients one, so the bounds of the linear programme are whole numbers.
    """
    nothing = bool((frame["shown"] == "–").all())
    ranges = []
    for row in frame.itertuples():
        if row.state == PRINTED:
            ranges.append((int(row.shown), int(row.shown)))
        elif nothing:
            ranges.append((0, total))
        else:
            ranges.append((1, k - 1) if row.state == FEW else (k, total))
    found = []
    for at in range(len(ranges)):
        cost = np.zeros(len(ranges))
        cost[at] = 1
        ends = [linprog(sign * cost, A_eq=[np.ones(len(ranges))], b_eq=[total], bounds=ranges) for sign in (1, -1)]
        assert all(end.success for end in ends), "what is printed fits what is so"
        found.append((round(ends[0].fun), round(-ends[1].fun)))
    return found


def table(counts: list[int]) -> pd.Series:
    return pd.Series(counts, index=[f"groep {n}" for n in range(len(counts))])


@given(COUNTS, KS)
def test_no_small_cell_follows_from_the_cells_and_the_total(counts: list[int], k: int) -> None:
    frame = suppressed(table(counts), k=k)
    for n, (low, high), row in zip(counts, reader(frame, sum(counts), k), frame.itertuples(), strict=True):
        assert row.low <= n <= row.high
        assert row.low <= low <= n <= high <= row.high or (row.low, row.high) == (low, high)
        if 0 < n < k:
            assert row.state != PRINTED
            assert high > low, "the cell is known exactly"
            if row.state == FEW:
                assert (low, high) == (1, k - 1)


@given(COUNTS, KS)
def test_the_bounds_that_are_told_are_those_of_the_linear_programme(counts: list[int], k: int) -> None:
    frame = suppressed(table(counts), k=k)
    assert list(zip(frame["low"], frame["high"], strict=True)) == reader(frame, sum(counts), k)


@given(COUNTS, KS)
def test_as_much_is_printed_as_can_be(counts: list[int], k: int) -> None:
    """Without a small cell nothing is hidden."""
    frame = suppressed(table(counts), k=k)
    if all(n == 0 or n >= k for n in counts):
        assert list(frame["shown"]) == [str(n) for n in counts]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(-12, 12)), min_size=2, max_size=7), KS)
def test_what_an_earlier_version_printed_never_tells_who_came_or_went(pairs: list[tuple[int, int]], k: int) -> None:
    before = [n for n, _ in pairs]
    now = [max(0, n + step) for n, step in pairs]
    first = suppressed(table(before), k=k)
    printed = {str(name): int(row["shown"]) for name, row in first.iterrows() if row["state"] == PRINTED}
    second = suppressed(table(now), k=k, earlier=printed)
    both = reader(second, sum(now), k)
    for (name, row), (low, high) in zip(second.iterrows(), both, strict=True):
        if name in printed and 0 < abs(int(row["n"]) - printed[str(name)]) < k:
            assert row["state"] != PRINTED
            # the two versions together leave it open how many came or went
            assert high > low


def test_one_cell_that_is_close_to_its_earlier_count_does_not_follow_from_the_total() -> None:
    frame = suppressed(pd.Series({"vrouw": 30, "man": 20}), earlier={"vrouw": 28, "man": 20})
    assert list(frame["state"]) == [GUARDED, GUARDED]
    alone = suppressed(pd.Series({"vrouw": 30, "man": 20}), earlier={"vrouw": 30, "man": 20})
    assert list(alone["shown"]) == ["30", "20"]


@given(COUNTS)
def test_the_check_of_published_tables_agrees(counts: list[int]) -> None:
    """The room of privacy, which knows only what is printed, finds nothing either."""
    frame = suppressed(table(counts))
    cells = [("t", str(name), "n", int(row["shown"]) if row["state"] == PRINTED else None) for name, row in frame.iterrows()]
    cells.append(("t", "totaal", "n", sum(counts)))
    found = derivable(pd.DataFrame(cells, columns=["table", "row", "column", "count"]))
    few = {str(name) for name, row in frame.iterrows() if 0 < row["n"] < 5}
    if (frame["shown"] != "–").any():
        assert not few & set(found["row"])


@pytest.mark.parametrize("counts", [[], [0], [7], [0, 0]])
def test_tables_without_anything_small_are_printed_whole(counts: list[int]) -> None:
    assert list(suppressed(table(counts))["shown"]) == [str(n) for n in counts]


def both(first: pd.DataFrame, second: pd.DataFrame, totals: tuple[int, int], k: int, *, grows: bool) -> list[tuple[tuple[int, int], ...]]:
    """Return per cell what a reader of both versions can still think of it before, now, and of who came (or went) between them.

    The reader knows both totals, all that is printed, and that people only came (or only went). Cells before, then changes: a network of flows,
    so the bounds of the linear programme are whole numbers.
    """
    size = len(first)
    ranges = [*_ranges(first, totals[0], k), *_ranges(second, totals[1], k)]
    one, none = np.ones(size), np.zeros(size)
    change = np.hstack([np.eye(size), -np.eye(size)]) * (1 if grows else -1)
    found = []
    for cell in range(size):
        before, now = np.eye(2 * size)[cell], np.eye(2 * size)[size + cell]
        bounds = []
        for cost in (before, now, now - before):
            ends = [
                linprog(
                    sign * cost,
                    A_ub=change,
                    b_ub=none,
                    A_eq=[np.concatenate([one, none]), np.concatenate([none, one])],
                    b_eq=list(totals),
                    bounds=ranges,
                )
                for sign in (1, -1)
            ]
            assert all(end.success for end in ends), "what is printed fits what is so"
            bounds.append((round(ends[0].fun), round(-ends[1].fun)))
        found.append(tuple(bounds))
    return found


def _ranges(frame: pd.DataFrame, total: int, k: int) -> list[tuple[int, int]]:
    if (frame["shown"] == "–").all():
        return [(0, total)] * len(frame)
    held = {PRINTED: None, FEW: (1, k - 1), GUARDED: (k, total)}
    return [held[row.state] or (int(row.shown), int(row.shown)) for row in frame.itertuples()]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), min_size=2, max_size=6), KS, st.booleans())
def test_nothing_under_k_follows_from_an_earlier_version_and_this_one_together(pairs: list[tuple[int, int]], k: int, grows: bool) -> None:
    small, large = [n for n, _ in pairs], [n + step for n, step in pairs]
    before, now = (small, large) if grows else (large, small)
    first = suppressed(table(before), k=k)
    printed = {str(name): int(row["shown"]) for name, row in first.iterrows() if row["state"] == PRINTED}
    second = suppressed(table(now), k=k, earlier=printed)
    known = both(first, second, (sum(before), sum(now)), k, grows=grows)
    for place, (was, is_, moved) in enumerate(known):
        for truth, (low, high) in ((before[place], was), (now[place], is_)):
            assert low <= truth <= high
            if 0 < truth < k:
                assert high > low, "a small number is known exactly"
        if 0 < abs(now[place] - before[place]) < k:
            assert moved[1] > moved[0], "it is known how many came or went"


def test_what_hid_a_small_number_then_is_not_printed_now() -> None:
    first = suppressed(pd.Series({"a": 1, "b": 20, "c": 21}))
    assert list(first["shown"]) == ["<5", "–", "21"]
    second = suppressed(pd.Series({"a": 1, "b": 25, "c": 21}), earlier={"c": 21})
    # were c hidden in the place of b, then 47 - 25 - 21 would tell of the one
    assert list(second["shown"]) == ["<5", "–", "21"]


def test_a_newcomer_in_a_table_that_was_printed_whole_stops_the_table() -> None:
    second = suppressed(pd.Series({"man": 28, "vrouw": 28, "non-binair": 1}), earlier={"man": 28, "vrouw": 28})
    assert set(second["shown"]) == {"–"}


def test_a_table_of_which_nothing_was_printed_stays_so() -> None:
    assert set(suppressed(pd.Series({"a": 4, "b": 6}))["shown"]) == {"<5", "–"}
    assert set(suppressed(pd.Series({"a": 5, "b": 6}), earlier={})["shown"]) == {"–"}
