"""Where coders differ: which code for which, in which words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode import spans
from qualcode.analysis.agreement.compared import Compared, Marks, compared, marks
from qualcode.analysis.agreement.ratings import Ints
from qualcode.analysis.agreement.units import Unit
from qualcode.codebook import Level
from qualcode.model import HasSnapshot
from qualcode.spans import Spans

OTHER_CODE, ONE_CODER, OTHER_VALUE, OTHER_EDGES = "andere code", "één codeur", "andere waarde", "andere grenzen"
KINDS = (OTHER_CODE, ONE_CODER, OTHER_VALUE, OTHER_EDGES)

DISAGREEMENT_COLUMNS = (
    "document", "turn", "start", "end", "kind", "coder_a", "coder_b", "code_a", "code_b", "dimension", "value_a", "value_b",
    "overlap", "codings_a", "codings_b", "codebook_a", "codebook_b", "text",
)  # fmt: skip
MAP_COLUMNS = (
    "coder_a", "coder_b", "kind", "code_a", "code_b", "dimension", "value_a", "value_b", "times", "documents", "places", "rule",
)  # fmt: skip


def disagreements(
    study: HasSnapshot,
    coders: Sequence[str],
    *,
    layer: str = "ronde-1",
    unit: Unit = "turn",
    level: Level = "code",
    documents: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return every disagreement of each pair of coders with its place.

    Parameters
    ----------
    study, coders, layer, unit, level, documents
        As for :func:`agreement`.

    Returns
    -------
    pandas.DataFrame
        In the order of the words: ``document``, ``turn``, ``start`` and ``end`` (of the unit, code points), ``kind``, ``coder_a``,
        ``coder_b``, ``code_a``, ``code_b`` (ids), ``dimension``, ``value_a``, ``value_b``, ``overlap`` (0 to 1), ``codings_a`` and
        ``codings_b`` (guids, joined by ``|``), ``codebook_a`` and ``codebook_b`` (the versions they were made under, joined by
        ``|``) and ``text`` (of the unit). The kinds: ``andere code`` (one coder has a code the other lacks, who has another there:
        one row for every such couple), ``één codeur`` (the other has nothing left over to set against it), and where both have
        the code: ``andere waarde`` (a dimension with fixed values differs, such as stance or irony; what was left empty holds the
        default of the codebook) and ``andere grenzen`` (they begin or end elsewhere within the unit; not for characters).

    Raises
    ------
    NotFound, Ambiguous, Refused
        As :func:`agreement`.
    """
    what = compared(study, coders, layer=layer, level=level, documents=documents)
    found = marks(what, unit)
    codings = _codings(what, found)
    pairs = [pair for pair in combinations(range(len(what.coders)), 2) if what.shared(pair).any()]
    parts = [_of_pair(what, found, codings, pair) for pair in pairs]
    frame = pd.concat(parts, ignore_index=True).reindex(columns=["unit", *DISAGREEMENT_COLUMNS])
    frame = frame.assign(_kind=frame["kind"].map({kind: place for place, kind in enumerate(KINDS)}))
    frame = frame.sort_values(["unit", "coder_a", "coder_b", "_kind", "code_a", "code_b"], kind="stable", ignore_index=True)
    return _placed(what, found, frame)


def disagreement_map(
    study: HasSnapshot,
    coders: Sequence[str],
    *,
    layer: str = "ronde-1",
    unit: Unit = "turn",
    level: Level = "code",
    documents: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return which code stands for which between each pair of coders, most often first.

    Returns
    -------
    pandas.DataFrame
        ``coder_a``, ``coder_b``, ``kind``, ``code_a``, ``code_b``, ``dimension``, ``value_a``, ``value_b`` as in
        :func:`disagreements`; ``times`` (units), ``documents`` (names, joined by ``|``), ``places`` (``FG5:12`` for turn 12, joined
        by ``|``, in order: a code one coder uses only in the first half of a session shows here) and ``rule`` (the decision rule
        when the codebook calls the two codes easily confused; empty text when it gives none, missing for other couples).
    """
    frame = disagreements(study, coders, layer=layer, unit=unit, level=level, documents=documents)
    by = list(MAP_COLUMNS[:8])
    frame["place"] = frame["document"] + ":" + frame["turn"].astype("str")
    joined: Any = lambda values: "|".join(dict.fromkeys(values))  # noqa: E731
    how: dict[str, Any] = {"times": ("start", "size"), "documents": ("document", joined), "places": ("place", joined)}
    table: pd.DataFrame = frame.groupby(by, sort=False, dropna=False).agg(**how).reset_index()
    what = compared(study, coders, layer=layer, level=level, documents=documents)
    rules = rules_of(what)
    table["rule"] = pd.Series([rules.get(frozenset(pair)) for pair in zip(table["code_a"], table["code_b"], strict=True)], dtype="str")
    table = table.sort_values("times", ascending=False, kind="stable", ignore_index=True)
    return table[list(MAP_COLUMNS)]


def rules_of(what: Compared) -> dict[frozenset[str], str]:
    """Return the decision rule of each pair of codes that are easily confused, by the ids in the frames."""
    called = dict(zip(what.nodes["guid"], what.nodes["code"], strict=True))
    return {
        frozenset((called[pair.first], called[pair.second])): pair.rule
        for pair in what.book.confusable
        if pair.first in called and pair.second in called
    }


def _codings(what: Compared, found: Marks) -> pd.DataFrame:
    """Return which coding of whom lies in which unit: ``unit, node, by, row`` and its span."""
    pairs = found.touched
    table = what.table
    rows = {name: table[name].to_numpy()[pairs[:, 0]] for name in ("node", "by", "guid", "codebook")}
    edges = what.marked[pairs[:, 0]]
    places = found.units.places[pairs[:, 1]]
    start, end = np.maximum(edges[:, 0], places[:, 0]), np.minimum(edges[:, 1], places[:, 1])
    return pd.DataFrame({"unit": pairs[:, 1], "row": pairs[:, 0], "start": start, "end": end, **rows})


def _of_pair(what: Compared, found: Marks, codings: pd.DataFrame, pair: tuple[int, int]) -> pd.DataFrame:
    """Return the disagreements of two coders, by unit."""
    shared = what.shared(pair)[what.said.document[found.units.turn[found.unit]]]
    sides = [((found.mask >> coder) & 1).astype(bool) & shared for coder in pair]
    names = what.nodes["code"].to_numpy(object)
    here = pd.DataFrame({"unit": found.unit, "node": found.node})
    only_a, only_b = here[sides[0] & ~sides[1]], here[sides[1] & ~sides[0]]
    couples = only_a.merge(only_b, on="unit", how="outer", suffixes=("_a", "_b"))
    both = here[sides[0] & sides[1]].assign(node_a=lambda t: t["node"], node_b=lambda t: t["node"])[["unit", "node_a", "node_b"]]
    lone = couples["node_a"].isna() | couples["node_b"].isna()
    couples["kind"] = np.where(lone, ONE_CODER, OTHER_CODE)
    frame = pd.concat([couples, _of_shared(what, found, codings, both, pair)], ignore_index=True)
    for side, coder in zip(("a", "b"), pair, strict=True):
        node = frame.pop(f"node_{side}")
        frame[f"coder_{side}"] = what.coders[coder]
        frame[f"code_{side}"] = pd.Series([None if pd.isna(at) else names[int(at)] for at in node], dtype="str")
        own = codings[codings["by"] == coder].groupby(["unit", "node"])[["guid", "codebook"]].agg(_different)
        keys = pd.MultiIndex.from_arrays([frame["unit"], node.fillna(-1).astype("int64")])
        for name, column in (("guid", "codings"), ("codebook", "codebook")):
            frame[f"{column}_{side}"] = own[name].reindex(keys).to_numpy() if len(own) else None
    return frame


def _different(values: pd.Series[Any]) -> str:
    return "|".join(dict.fromkeys(str(value) for value in values if not pd.isna(value)))


def _of_shared(what: Compared, found: Marks, codings: pd.DataFrame, both: pd.DataFrame, pair: tuple[int, int]) -> pd.DataFrame:
    """Return where two coders gave a unit the same code and yet differ: in a dimension, or in where it begins or ends."""
    sides = [_held(codings[codings["by"] == coder], both, len(what.nodes)) for coder in pair]
    dimensions = [(d.name, d.default) for d in what.book.dimensions if d.type == "choice" and d.values]
    noted = what.table["dimensions"].to_numpy(object)
    rows: list[dict[str, Any]] = []
    for unit, node, (in_a, spans_a), (in_b, spans_b) in zip(both["unit"], both["node_a"], *sides, strict=True):
        base = {"unit": unit, "node_a": node, "node_b": node}
        for name, default in dimensions:
            one, other = (value_in(noted[own], name, default) for own in (in_a, in_b))
            if one != other:
                rows.append({**base, "kind": OTHER_VALUE, "dimension": name, "value_a": one, "value_b": other})
        if found.units.kind != "character" and not np.array_equal(spans_a, spans_b):
            first, second = spans.union(spans_a), spans.union(spans_b)
            if not np.array_equal(first, second):
                either = spans.length(np.concatenate([first, second]))
                rows.append({**base, "kind": OTHER_EDGES, "overlap": spans.length(spans.intersection(first, second)) / either})
    return pd.DataFrame(rows, columns=["unit", "node_a", "node_b", "kind", "dimension", "value_a", "value_b", "overlap"])


def _held(side: pd.DataFrame, both: pd.DataFrame, nodes: int) -> list[tuple[Ints, Spans]]:
    """Return of each (unit, code) which codings of one coder it has, and their spans within the unit."""
    key = (side["unit"] * nodes + side["node"]).to_numpy(np.int64)
    order = np.argsort(key, kind="stable")
    wanted = (both["unit"] * nodes + both["node_a"]).to_numpy(np.int64)
    first, last = (np.searchsorted(key[order], wanted, side=end) for end in ("left", "right"))
    row, edges = side["row"].to_numpy(np.int64)[order], side[["start", "end"]].to_numpy(np.int64)[order]
    return [(row[a:b], edges[a:b]) for a, b in zip(first, last, strict=True)]


def value_in(noted: NDArray[np.object_], name: str, default: str | None) -> str | None:
    """Return what was noted with some codings in one dimension, several values joined by a stroke."""
    values: set[str] = set()
    for held in noted:
        value = (held or {}).get(name)
        values |= {str(one) for one in (value if isinstance(value, (list, tuple)) else [value]) if one is not None and one != ""}
    return "|".join(sorted(values)) or default


def _placed(what: Compared, found: Marks, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the disagreements with their place in document and turn, and their words."""
    unit = frame["unit"].to_numpy(np.int64)
    turn = found.units.turn[unit]
    document = what.said.document[turn]
    places = found.units.places[unit] - what.said.base[document][:, None]
    texts = [what.snapshot.text(guid) for guid in what.said.documents]
    frame = frame.assign(
        document=pd.Series([what.names[at] for at in document], dtype="str"),
        turn=what.said.number[turn],
        start=places[:, 0],
        end=places[:, 1],
        text=pd.Series([texts[at][a:b] for at, (a, b) in zip(document, places, strict=True)], dtype="str"),
    )
    text = ("kind", "coder_a", "coder_b", "code_a", "code_b", "dimension", "value_a", "value_b", "codings_a", "codings_b", "codebook_a", "codebook_b")  # fmt: skip
    types = {**dict.fromkeys(text, "str"), "overlap": "float64"}
    return frame[list(DISAGREEMENT_COLUMNS)].astype(types)
