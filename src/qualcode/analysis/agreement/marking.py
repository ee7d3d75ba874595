"""How much the stretches that coders marked agree in a study, apart from any units: F1, overlap, alpha for unitizing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.analysis.agreement.coefficients import FEW, SEED
from qualcode.analysis.agreement.compared import Compared, compared
from qualcode.analysis.agreement.intervals import Coefficient
from qualcode.analysis.agreement.ratings import Ints
from qualcode.analysis.agreement.stretches import alpha_unitizing, disjoint, shared_found, shared_overlap
from qualcode.analysis.agreement.units import sizes, talked
from qualcode.codebook import Level
from qualcode.labels import say
from qualcode.model import HasSnapshot
from qualcode.spans import Spans

SPAN_COLUMNS = (
    "level", "code", "name", "coders", "document", "coefficient", "value", "ci_low", "ci_high", "reason", "units", "layer", "seed",
)  # fmt: skip


def span_agreement(
    study: HasSnapshot,
    coders: Sequence[str],
    *,
    layer: str = "ronde-1",
    level: Level = "code",
    documents: Collection[str] | None = None,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return how much coders agree on where fragments begin and end.

    Parameters
    ----------
    study, coders, layer, level, documents, seed
        As for :func:`agreement`.

    Returns
    -------
    pandas.DataFrame
        One row a coefficient, with the columns of :func:`agreement` that make sense here; ``units`` are the fragments of the
        coders together (for ``span_overlap`` separate stretches of text). All codes together in all documents, then in each, then
        each code in all documents: ``span_f1`` (a fragment counts when the other coder has one that touches it),
        ``span_f1_exact`` (the very same), ``span_overlap`` (code points both marked, as a share of those either did), for pairs;
        ``alpha_unitizing`` (Krippendorff 1995/2004, on the words of participants laid end to end; without an interval).

    Raises
    ------
    NotFound, Ambiguous, Refused
        As :func:`agreement`.

    Notes
    -----
    A code with fewer than five fragments gets no coefficient.
    """
    what = compared(study, coders, layer=layer, level=level, documents=documents)
    rows = [row for group in what.groups() for row in _rows(what, group, seed)]
    frame = pd.DataFrame(rows, columns=[name for name in SPAN_COLUMNS if name not in {"level", "layer", "seed"}])
    texts = dict.fromkeys(("code", "name", "coders", "document", "coefficient", "reason"), "str")
    numbers = dict.fromkeys(("value", "ci_low", "ci_high"), "float64")
    return frame.assign(level=level, layer=layer, seed=seed)[list(SPAN_COLUMNS)].astype({**texts, **numbers, "units": "int64"})


def _rows(what: Compared, group: tuple[int, ...], seed: int) -> Iterator[dict[str, object]]:
    """Yield the coefficients of one group of coders."""
    documents = np.flatnonzero(what.shared(group))
    marked, place, node, by = _marked(what, group, documents)
    coders = "|".join(what.coders[coder] for coder in group)
    # the documents compared lie end to end; those between them are no part of the text
    length = np.where(what.shared(group), sizes(what.said), 0)
    begin = np.cumsum(length) - length

    def rows(chosen: NDArray[np.bool_], one: int | None, document: int | None) -> Iterator[dict[str, object]]:
        code = (None, say("agreement.all_codes")) if one is None else tuple(what.nodes.loc[one, ["code", "name"]])
        size, start = (int(length.sum()), 0) if document is None else (int(length[document]), int(begin[document]))
        parts = {str(at): [marked[chosen & (node == at) & (by == coder)] for coder in group] for at in np.unique(node[chosen])}
        facts = {"code": code[0], "name": code[1], "coders": coders, "document": None if document is None else what.names[document]}
        for name, found in _each(parts, size, start, seed=seed).items():
            yield {**facts, "coefficient": name, **asdict(found)}

    yield from rows(np.ones(len(marked), dtype=bool), None, None)
    for document in documents:
        yield from rows(place == document, None, int(document))
    for one in np.unique(node):
        yield from rows(node == one, int(one), None)


def _marked(what: Compared, group: tuple[int, ...], documents: Ints) -> tuple[Spans, Ints, Ints, Ints]:
    """Return the spans of a group on the words of participants, with the places of their document, code and coder."""
    spans = talked(what.said, what.marked)
    place, node, by = (what.table[name].to_numpy(np.int64) for name in ("place", "node", "by"))
    size = sizes(what.said)
    left_out = np.where(what.shared(group), 0, size)
    spans = spans - (np.cumsum(left_out) - left_out)[place][:, None]
    kept = np.isin(place, documents) & np.isin(by, group) & (spans[:, 1] > spans[:, 0])
    return spans[kept], place[kept], node[kept], by[kept]


def _each(marked: dict[str, list[Spans]], length: int, start: int, *, seed: int) -> dict[str, Coefficient]:
    """Return the coefficients on stretches, of some codes together."""
    clean = {one: [disjoint(own) for own in each] for one, each in marked.items()}
    used = sum(len(own) for each in clean.values() for own in each)
    pairs = [tuple(each) for each in clean.values()]
    found: dict[str, Coefficient] = {}
    if all(len(pair) == 2 for pair in pairs):  # noqa: PLR2004
        two = [(pair[0], pair[1]) for pair in pairs]
        found["span_f1"] = shared_found(two, exact=False, seed=seed)
        found["span_f1_exact"] = shared_found(two, exact=True, seed=seed)
        found["span_overlap"] = shared_overlap(two, seed=seed)
    found["alpha_unitizing"] = alpha_unitizing(clean, length=length, start=start)
    if used >= FEW:
        return found
    return {name: Coefficient(None, say("agreement.too_few_spans", used=used), None, None, used) for name in found}
