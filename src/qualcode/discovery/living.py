"""Where topics live, topic by topic and session by session, what of them is coded, and where their passages lie on a flat map."""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.codebook import Codebook
from qualcode.discovery.coverage import COVERED, UNCOVERED, overlaps, standing
from qualcode.discovery.embedding import Vectors
from qualcode.discovery.features import one_thread
from qualcode.discovery.grouping import middles
from qualcode.discovery.topics import Topics
from qualcode.model import HasSnapshot, as_snapshot

SESSION_COLUMNS = ("topic", "document", "document_guid", "kind", "passages", "words", "people")
STATES = ("uncovered", "mixed", "covered")
_NEAREST = 3
_AXES = 30
_NEIGHBOURS = 30
_PULL = 0.4


def sessions(found: Topics) -> pd.DataFrame:
    """Return in which sessions topics live: a row a topic and session.

    Returns
    -------
    pandas.DataFrame
        ``topic`` (id), ``document``, ``document_guid``, ``kind``, ``passages``, ``words`` (in them), ``people`` (different voices), in the order of
        topics and documents.
    """
    if found.passages is None or not len(found.topics):
        return pd.DataFrame({name: [] for name in SESSION_COLUMNS})
    table = found.passages.assign(topic=found.assignments)
    table = table[table["topic"] >= 0]
    grouped = table.groupby(["topic", "document", "document_guid", "kind"], sort=False)
    counted = grouped.agg(passages=("voice", "size"), words=("words", "sum"), people=("voice", "nunique"))
    order = {guid: place for place, guid in enumerate(found.passages["document_guid"].unique())}
    frame = counted.reset_index()
    frame = frame.assign(_rank=frame["document_guid"].map(order)).sort_values(["topic", "_rank"], kind="stable", ignore_index=True)
    return frame[list(SESSION_COLUMNS)]


def beside(study: HasSnapshot, found: Topics, code_places: dict[str, Vectors]) -> pd.DataFrame:
    """Return topics beside the codebook: a row a topic, in order.

    Parameters
    ----------
    study
        A project or a snapshot; only codings that may be seen count.
    found
        Topics with ``passages``.
    code_places
        Where each code (guid) lies.

    Returns
    -------
    pandas.DataFrame
        ``coded`` (how many of its passages any coding touches), ``share`` (of its passages), ``state`` (covered from 60 %, uncovered under 30 %, else
        mixed), ``codes`` (guids of codes in use on its passages, most often first), ``nearest`` (guids of the codes that mean most alike).
    """
    amount = len(found.topics)
    snapshot = as_snapshot(study)
    table = found.passages if found.passages is not None else pd.DataFrame({"document_guid": [], "start": [], "end": []})
    codings = standing(snapshot)
    pairs = overlaps(table, codings)
    topic = found.assignments[pairs["passage"].to_numpy()]
    touched = np.zeros(len(table), dtype=bool)
    touched[pairs["passage"].to_numpy()] = True
    coded = np.bincount(found.assignments[touched & (found.assignments >= 0)], minlength=amount)
    size = np.bincount(found.assignments[found.assignments >= 0], minlength=amount)
    share = coded / np.maximum(size, 1)
    on = pd.DataFrame({"topic": topic, "code": codings["code"].to_numpy()[pairs["coding"].to_numpy()]})
    often = {number: list(group.value_counts().index[:_NEAREST]) for number, group in on[on["topic"] >= 0].groupby("topic")["code"]}
    state = np.where(share >= COVERED, STATES[2], np.where(share < UNCOVERED, STATES[0], STATES[1]))
    codes = pd.Series([often.get(number, []) for number in range(amount)], dtype=object)
    nearest = pd.Series(_nearest(found, code_places, Codebook.of(study)), dtype=object)
    return pd.DataFrame({"coded": coded, "share": share, "state": state, "codes": codes, "nearest": nearest})


def _nearest(found: Topics, code_places: dict[str, Vectors], book: Codebook) -> list[list[str]]:
    known = {code.guid for code in book.codes if not code.retired}
    guids = [guid for guid in code_places if guid in known]
    if not guids:
        return [[] for _ in range(len(found.topics))]
    table = np.array([code_places[guid] for guid in guids])
    # the first part of a place is what the passage means, in the space of the vectors
    alike = middles(found.places, found.assignments)[:, : table.shape[1]] @ table.T
    return [[guids[place] for place in row[:_NEAREST]] for row in np.argsort(-alike, axis=1, kind="stable")]


def alike_first(found: Topics) -> list[list[int]]:
    """Return for each topic the others, the one most like it first."""
    centre = middles(found.places, found.assignments)
    order = np.argsort(-(centre @ centre.T), axis=1, kind="stable")
    return [[int(other) for other in row if other != number] for number, row in enumerate(order)]


def flat(found: Topics) -> NDArray[np.float64]:
    """Return a place on a flat map for each passage that has a topic, ``(n, 2)``; the others lie nowhere: missing.

    The same topics always give the same map. Each passage is drawn a little to the middle of its topic; which passages are neighbours is then kept
    as well as can be, and distances between far points mean nothing.

    References
    ----------
    Van der Maaten & Hinton (2008), Visualizing data using t-SNE.
    """
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    inside = found.assignments >= 0
    made = np.full((len(inside), 2), np.nan)
    # drawn a little to the middle of its topic, so that topics can be told apart; what lies between two topics still shows
    places = (found.places + _PULL * middles(found.places, found.assignments)[found.assignments])[inside].astype(np.float64)
    if len(places) <= _NEIGHBOURS:
        made[inside] = np.pad(places, ((0, 0), (0, 2)))[:, :2]
        return made
    with one_thread():
        axes = PCA(min(_AXES, *places.shape), random_state=found.seed, svd_solver="full").fit_transform(places)
        drawn = TSNE(perplexity=min(_NEIGHBOURS, len(places) / 4), init="pca", random_state=found.seed, max_iter=500, n_jobs=1)
        made[inside] = drawn.fit_transform(axes)
    return cast("NDArray[np.float64]", made)
