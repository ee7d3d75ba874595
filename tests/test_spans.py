"""Laws of span algebra, held against sets of code points."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.spans import Spans, intersection, length, spans, touching, trimmed, union

pairs = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda p: (p[0], p[0] + p[1])), max_size=12)


def table(given_pairs: list[tuple[int, int]]) -> Spans:
    return spans([a for a, _ in given_pairs], [b for _, b in given_pairs])


def points(some: list[tuple[int, int]]) -> set[int]:
    return {p for a, b in some for p in range(a, b)}


def rows(some: Spans) -> list[tuple[int, int]]:
    return [(int(a), int(b)) for a, b in some]


@given(pairs)
def test_union_covers_the_same_code_points_disjoint_and_sorted(some: list[tuple[int, int]]) -> None:
    joined = rows(union(table(some)))
    assert points(joined) == points(some)
    assert all(a < b for a, b in joined)
    assert all(first[1] < second[0] for first, second in pairwise(joined))


@given(pairs, pairs)
def test_intersection_is_what_both_cover(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    assert points(rows(intersection(table(one), table(other)))) == points(one) & points(other)


@given(pairs)
def test_length_counts_each_code_point_once(some: list[tuple[int, int]]) -> None:
    assert length(table(some)) == len(points(some))


@given(pairs, pairs)
def test_touching_names_exactly_the_pairs_that_share_a_code_point(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    turns = rows(union(table(others)))
    expected = {(i, j) for i, a in enumerate(some) for j, b in enumerate(turns) if points([a]) & points([b])}
    assert {(int(i), int(j)) for i, j in touching(table(some), table(turns))} == expected


@given(st.text(max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_trimming_drops_white_space_and_nothing_else(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    left, right = trimmed(text, start, end)
    assert start <= left <= right <= end
    assert text[left:right] == text[start:end].strip()


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="at or after"):
        spans([5], [4])
