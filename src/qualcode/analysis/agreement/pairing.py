"""What two coders have to decide together: their fragments set side by side, one row a difference, with what they agree on apart."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode import spans
from qualcode.analysis.agreement.compared import Compared, compared
from qualcode.analysis.agreement.disagreeing import ONE_CODER, OTHER_CODE, OTHER_EDGES, OTHER_VALUE, rules_of, value_in
from qualcode.codebook import Level
from qualcode.errors import Refused
from qualcode.model import HasSnapshot

AGREED = "eens"
PAIR_COLUMNS = (
    "difference", "document", "turn", "speaker", "start", "end", "kind", "coder_a", "coder_b", "code_a", "code_b",
    "spans_a", "spans_b", "dimensions", "codings_a", "codings_b", "rule", "text",
)  # fmt: skip


@dataclass(frozen=True)
class _Bundle:
    """Fragments of one coder with one code that belong together: rows of the table of codings."""

    rows: tuple[int, ...]
    node: int


def pairs(
    study: HasSnapshot,
    coders: Sequence[str],
    *,
    layer: str = "ronde-1",
    documents: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return the fragments of two coders side by side: one row for what has to be decided, or is agreed, together.

    Parameters
    ----------
    study
        A project or a snapshot.
    coders
        Two coders.
    layer
        The round whose codings are compared.
    documents
        Only these (names); when left out those in which both coders coded.

    Returns
    -------
    pandas.DataFrame
        In the order of the words: ``difference`` (a key that stays as long as the fragments are the same), ``document``, ``turn``,
        ``speaker``, ``start`` and ``end`` (around both), ``kind`` (``eens``, ``andere code``, ``één codeur``, ``andere waarde``,
        ``andere grenzen``), ``coder_a``, ``coder_b``, ``code_a``, ``code_b`` (ids; missing where one coder has nothing), ``spans_a``,
        ``spans_b`` (lists of ``[start, end]``), ``dimensions`` (``{name: [value_a, value_b]}`` of those that differ), ``codings_a``,
        ``codings_b`` (lists of guids), ``rule`` (of a pair that is easily confused) and ``text``.

    Raises
    ------
    NotFound, Ambiguous, Refused
        As :func:`agreement`; two coders exactly.

    Notes
    -----
    Fragments of one code that overlap between the coders belong together, however each cut them. What is left over of one coder is set
    against what the other left over there: first codes that the codebook knows as easily confused, then whatever overlaps most.
    """
    if len(dict.fromkeys(coders)) != 2:  # noqa: PLR2004
        raise Refused("consensus.two_coders", n=len(dict.fromkeys(coders)))
    what = compared(study, coders, layer=layer, level=_LEVEL, documents=documents)
    rules = rules_of(what)
    names = what.nodes["code"].to_numpy(object)
    rows: list[dict[str, Any]] = []
    for place in np.flatnonzero(what.shared((0, 1))):
        here = np.flatnonzero(what.table["place"].to_numpy() == place)
        for a, b in _matched(what, here, rules, names):
            rows.append(_row(what, a, b, rules, names))
    frame = pd.DataFrame(rows, columns=[name for name in PAIR_COLUMNS if name not in {"turn", "speaker", "text"}])
    return _told(what, frame)


_LEVEL: Level = "code"


def _matched(
    what: Compared, here: NDArray[np.int64], rules: dict[frozenset[str], str], names: NDArray[np.object_]
) -> Iterator[tuple[_Bundle | None, _Bundle | None]]:
    """Yield which fragments of the one stand beside which of the other, in one document."""
    by, node = what.table["by"].to_numpy(np.int64), what.table["node"].to_numpy(np.int64)
    marked = what.marked
    lone: tuple[list[_Bundle], list[_Bundle]] = ([], [])
    for one in np.unique(node[here]):
        rows = here[node[here] == one]
        for group in _clusters(rows, marked):
            sides = [tuple(int(row) for row in group if by[row] == side) for side in (0, 1)]
            if all(sides):
                yield _Bundle(sides[0], int(one)), _Bundle(sides[1], int(one))
            else:
                side = 0 if sides[0] else 1
                lone[side].extend(_Bundle((row,), int(one)) for row in sides[side])
    found = [
        (frozenset((names[a.node], names[b.node])) not in rules, -_shared(marked, a, b), i, j)
        for i, a in enumerate(lone[0])
        for j, b in enumerate(lone[1])
        if _shared(marked, a, b)
    ]
    taken: tuple[set[int], set[int]] = (set(), set())
    for *_, i, j in sorted(found):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            yield lone[0][i], lone[1][j]
    yield from ((a, None) for i, a in enumerate(lone[0]) if i not in taken[0])
    yield from ((None, b) for j, b in enumerate(lone[1]) if j not in taken[1])


def _clusters(rows: NDArray[np.int64], marked: spans.Spans) -> list[NDArray[np.int64]]:
    """Return fragments of one code in groups that hang together by overlap."""
    order = rows[np.argsort(marked[rows, 0], kind="stable")]
    reach = np.maximum.accumulate(marked[order, 1])
    return np.split(order, np.flatnonzero(marked[order[1:], 0] >= reach[:-1]) + 1)


def _shared(marked: spans.Spans, a: _Bundle, b: _Bundle) -> int:
    return spans.length(spans.intersection(marked[list(a.rows)], marked[list(b.rows)]))


def _row(
    what: Compared, a: _Bundle | None, b: _Bundle | None, rules: dict[frozenset[str], str], names: NDArray[np.object_]
) -> dict[str, Any]:
    """Return one difference, or agreement."""
    edges = what.table[["start", "end"]].to_numpy(np.int64)
    guids = what.table["guid"].to_numpy(object)
    rows = [list(side.rows) if side else [] for side in (a, b)]
    codes = [names[side.node] if side else None for side in (a, b)]
    values = _differing(what, rows) if a and b and a.node == b.node else {}
    held = [spans.union(edges[side]) for side in rows]
    kind = ONE_CODER if not (a and b) else OTHER_CODE if a.node != b.node else OTHER_VALUE if values else AGREED
    if kind == AGREED and not np.array_equal(held[0], held[1]):
        kind = OTHER_EDGES
    both = edges[[*rows[0], *rows[1]]]
    codings = [sorted(str(guids[row]) for row in side) for side in rows]
    return {
        "difference": key_of(*codings),
        "document": what.names[int(what.table["place"].iloc[[*rows[0], *rows[1]][0]])],
        "start": int(both[:, 0].min()),
        "end": int(both[:, 1].max()),
        "kind": kind,
        "coder_a": what.coders[0],
        "coder_b": what.coders[1],
        "code_a": codes[0],
        "code_b": codes[1],
        "spans_a": edges[rows[0]].tolist(),
        "spans_b": edges[rows[1]].tolist(),
        "dimensions": values,
        "codings_a": codings[0],
        "codings_b": codings[1],
        "rule": rules.get(frozenset(map(str, codes))),
    }


def key_of(codings_a: Sequence[str], codings_b: Sequence[str]) -> str:
    """Return what names a difference: the same as long as it is between the same codings (guids)."""
    return hashlib.sha256("|".join([*sorted(codings_a), "", *sorted(codings_b)]).encode()).hexdigest()[:12]


def _differing(what: Compared, rows: Sequence[list[int]]) -> dict[str, list[str | None]]:
    """Return the dimensions with fixed values in which two sides differ."""
    noted = what.table["dimensions"].to_numpy(object)
    found = {}
    for dimension in what.book.dimensions:
        if dimension.type == "choice" and dimension.values:
            one, other = (value_in(noted[side], dimension.name, dimension.default) for side in rows)
            # several fragments may hold several values: one in common is no difference
            if one != other and not {*(one or "").split("|")} & {*(other or "").split("|")}:
                found[dimension.name] = [one, other]
    return found


def _told(what: Compared, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in the order of the words, with turn, speaker and words."""
    rank = {name: place for place, name in enumerate(what.names)}
    frame = frame.assign(_rank=frame["document"].map(rank)).sort_values(["_rank", "start", "end", "difference"], ignore_index=True)
    turns = {name: what.snapshot.turns_of(guid) for name, guid in zip(what.names, what.said.documents, strict=True)}
    texts = {name: what.snapshot.text(guid) for name, guid in zip(what.names, what.said.documents, strict=True)}
    numbers, labels = [], []
    for name, start in zip(frame["document"], frame["start"], strict=True):
        table = turns[name]
        at = max(int(np.searchsorted(table["start"].to_numpy(), start, side="right")) - 1, 0)
        numbers.append(int(table["turn"].iloc[at]))
        labels.append(table["label"].iloc[at])
    words = [texts[name][a:b] for name, a, b in zip(frame["document"], frame["start"], frame["end"], strict=True)]
    frame = frame.assign(turn=pd.Series(numbers, dtype="int64"), speaker=pd.Series(labels, dtype="str"), text=pd.Series(words, dtype="str"))
    text = ("difference", "document", "kind", "coder_a", "coder_b", "code_a", "code_b", "rule")
    return frame[list(PAIR_COLUMNS)].astype(dict.fromkeys(text, "str") | {"start": "int64", "end": "int64"})
