"""What is worth a person's eye: passages where two codes are about as likely, and codings far from the others with their code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from qualcode.analysis.names import handles
from qualcode.codebook import Codebook
from qualcode.discovery.embedding import Vectors
from qualcode.discovery.examples import NOTHING
from qualcode.discovery.suggesting import Suggester
from qualcode.model import HasSnapshot, as_snapshot

MISCODED_COLUMNS = ("coding", "document", "start", "end", "code", "chance", "rank", "likelier")

_MISCODED_RANK = 10
_MISCODED_CHANCE = 0.02


def read_next(suggester: Suggester, passages: pd.DataFrame, vectors: Vectors, *, amount: int = 20) -> pd.DataFrame:
    """Return the passages from which the suggestions would learn most: where two codes are about as likely.

    Returns
    -------
    pandas.DataFrame
        ``document, turn, start, end``, ``first`` and ``second`` (guids of the two codes), ``doubt`` (1 when both are as likely, 0 when one is sure).
    """
    table = suggester.learned.chances(passages["text"].tolist(), vectors)
    codes = suggester.learned.codes
    real = [i for i, code in enumerate(codes) if code != NOTHING]
    order = np.argsort(-table[:, real], axis=1, kind="stable")
    first, second = (np.array(real)[order[:, place]] for place in (0, min(1, len(real) - 1)))
    rows = np.arange(len(table))
    doubt = (1 - (table[rows, first] - table[rows, second])) * (table[rows, first] + table[rows, second])
    best = np.argsort(-doubt, kind="stable")[:amount]
    frame = passages.iloc[best][["document", "turn", "start", "end"]].reset_index(drop=True)
    return frame.assign(first=[codes[c] for c in first[best]], second=[codes[c] for c in second[best]], doubt=doubt[best].round(3))


def miscoded(study: HasSnapshot, suggester: Suggester) -> pd.DataFrame:
    """Return codings that lie far from the others with their code: worth a second look, no more.

    Returns
    -------
    pandas.DataFrame
        ``coding`` (guid), ``document``, ``start``, ``end``, ``code`` (id), ``chance`` (of its own code when its session was held out), ``rank`` (of its
        own code among all), ``likelier`` (the code that seemed likeliest), the least likely first. Empty before two sessions are coded.
    """
    snapshot, book = as_snapshot(study), Codebook.of(study)
    called = handles(book)
    if suggester.held is None:
        return pd.DataFrame({name: [] for name in MISCODED_COLUMNS})
    codes = suggester.learned.codes
    real = np.array([code != NOTHING for code in codes])
    where = {row["guid"]: row for row in snapshot.tables["coding"].to_dict("records")}
    names = dict(zip(snapshot.tables["document"]["guid"], snapshot.tables["document"]["name"], strict=True))
    rows: list[tuple[object, ...]] = []
    for i, guid in enumerate(suggester.known.coding):
        if not guid or len(suggester.known.codes[i]) != 1:
            continue
        table = np.where(real, suggester.held[i], -1)
        own = codes.index(suggester.known.codes[i][0])
        rank = int((table > table[own]).sum()) + 1
        if rank > _MISCODED_RANK and table[own] < _MISCODED_CHANCE:
            row: dict[Any, Any] = where[guid]
            first = called[codes[int(table.argmax())]]
            rows.append(
                (guid, names[row["document"]], int(row["start"]), int(row["end"]), called[codes[own]], float(table[own]), rank, first)
            )
    return pd.DataFrame(rows, columns=list(MISCODED_COLUMNS)).sort_values("chance", kind="stable", ignore_index=True)
