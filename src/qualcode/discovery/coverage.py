"""Topics beside the codebook: what is coded already, which codes lie nearest, where a topic lives; and which talk nobody coded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from qualcode import spans
from qualcode.analysis.names import handles
from qualcode.codebook import Codebook
from qualcode.discovery.embedding import Vectors
from qualcode.discovery.grouping import middles
from qualcode.discovery.stability import stability
from qualcode.discovery.topics import Topics
from qualcode.model import HasSnapshot, Snapshot, as_snapshot

COVERED, UNCOVERED = 0.6, 0.3
_NEAREST = 3
TABLE_COLUMNS = ("id", "label", "words", "size", "groups", "interviews", "voices", "stability", "coded", "state", "nearest", "codes")


def overlaps(passages: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Return which codings touch which passages: ``passage`` and ``coding``, both row numbers, and ``shared`` (code points).

    Parameters
    ----------
    passages, codings
        Tables with the document's guid (``document_guid``), ``start`` and ``end``.
    """
    parts: list[pd.DataFrame] = []
    by_document = {guid: np.asarray(rows) for guid, rows in codings.groupby("document_guid").indices.items()}
    for guid, rows in passages.groupby("document_guid").indices.items():
        coded = by_document.get(guid)
        if coded is None:
            continue
        here = passages.iloc[np.sort(rows)]
        table = spans.spans(here["start"], here["end"])
        asked = spans.spans(codings["start"].to_numpy(np.int64)[coded], codings["end"].to_numpy(np.int64)[coded])
        pairs = spans.touching(asked, table)
        shared = np.minimum(asked[pairs[:, 0], 1], table[pairs[:, 1], 1]) - np.maximum(asked[pairs[:, 0], 0], table[pairs[:, 1], 0])
        parts.append(pd.DataFrame({"passage": np.sort(rows)[pairs[:, 1]], "coding": coded[pairs[:, 0]], "shared": shared}))
    empty = pd.DataFrame({"passage": [], "coding": [], "shared": []}, dtype="int64")
    return pd.concat(parts, ignore_index=True) if parts else empty


def standing(snapshot: Snapshot) -> pd.DataFrame:
    """Return all codings there are, of any coder and layer, with ``document_guid, start, end, code`` (guid, merged codes resolved)."""
    book = Codebook.of(snapshot)
    here = {code.guid for code in book.codes}
    table = snapshot.tables["coding"]
    table = table[table["document"].isin(snapshot.tables["document"]["guid"]) & table["code"].isin(here)]
    resolved = {guid: book.resolve(guid) for guid in table["code"].unique()}
    frame = pd.DataFrame({"document_guid": table["document"], "start": table["start"].astype("int64"), "end": table["end"].astype("int64")})
    return frame.assign(code=table["code"].map(resolved)).reset_index(drop=True)


def code_texts(book: Codebook) -> dict[str, str]:
    """Return what a codebook says about each code in use: name, definition and examples, by guid."""
    codes = [code for code in book.codes if code.codable and not code.retired and not code.merged_into]
    return {code.guid: " ".join(filter(None, [f"{code.name}.", code.definition, *(code.examples or ())])) for code in codes}


def topic_table(study: HasSnapshot, found: Topics, code_vectors: dict[str, Vectors] | None = None) -> pd.DataFrame:
    """Return the topics of a study beside its codebook.

    Parameters
    ----------
    study
        A project or a snapshot.
    found
        Topics with ``passages``.
    code_vectors
        Where each code lies (guid), in the space of the topics; without it ``nearest`` names the codes on the topic's own passages only.

    Returns
    -------
    pandas.DataFrame
        One row a topic: ``id, label, words, size`` (passages), ``groups`` and ``interviews`` (sessions in which it is spoken of by somebody),
        ``voices`` (people), ``stability`` (0 to 1), ``coded`` (share of its passages that any coding touches), ``state``: ``covered`` from
        60 %, ``uncovered`` under 30 %, else ``mixed``; ``nearest`` (ids of the codes that mean most alike, joined by a comma), ``codes``
        (ids of the codes most on its passages).
    """
    snapshot = as_snapshot(study)
    book = Codebook.of(study)
    called = handles(book)
    passages = found.passages if found.passages is not None else pd.DataFrame()
    codings = standing(snapshot)
    pairs = overlaps(passages, codings)
    coded = np.zeros(len(passages), dtype=bool)
    coded[pairs["passage"].to_numpy()] = True
    holds = stability(found)
    centre = middles(found.places, found.assignments)
    rows: list[dict[str, Any]] = []
    for row in found.topics.to_dict("records"):
        number = int(row["id"])
        inside = found.assignments == number
        sessions = passages.loc[inside, ["document_guid", "kind"]].drop_duplicates()
        share = float(coded[inside].mean())
        on = codings["code"].to_numpy()[pairs.loc[inside[pairs["passage"]], "coding"].to_numpy()]
        near = _nearest(centre[number], code_vectors or {})
        rows.append(
            {
                **{str(name): value for name, value in row.items()},
                "groups": int((sessions["kind"] == "focusgroep").sum()),
                "interviews": int((sessions["kind"] == "interview").sum()),
                "stability": round(float(holds[number]), 2),
                "coded": round(share, 2),
                "state": "covered" if share >= COVERED else "uncovered" if share < UNCOVERED else "mixed",
                "nearest": ", ".join(called[guid] for guid in near),
                "codes": ", ".join(called[guid] for guid in pd.Series(on, dtype="str").value_counts().index[:_NEAREST]),
            }
        )
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def _nearest(middle: Vectors, vectors: dict[str, Vectors]) -> list[str]:
    alike = {guid: float(vector @ middle[: len(vector)]) for guid, vector in vectors.items()}
    return sorted(alike, key=lambda guid: -alike[guid])[:_NEAREST]


def uncoded(study: HasSnapshot, passages: pd.DataFrame) -> pd.DataFrame:
    """Return which talk nobody coded, a row a session and voice.

    Parameters
    ----------
    study
        A project or a snapshot.
    passages
        From :func:`qualcode.discovery.passages`.

    Returns
    -------
    pandas.DataFrame
        ``document``, ``speaker``, ``passages``, ``words`` (in them), ``untouched`` (passages that no coding of anybody touches), ``share`` (of the
        passages, 0 to 1). Sessions in which nobody coded yet are in it too.
    """
    snapshot = as_snapshot(study)
    pairs = overlaps(passages, standing(snapshot))
    touched = np.zeros(len(passages), dtype=bool)
    touched[pairs["passage"].to_numpy()] = True
    frame = passages.assign(untouched=~touched, passages=1)
    table = frame.groupby(["document", "speaker"], sort=False)[["passages", "words", "untouched"]].sum().reset_index()
    return table.assign(share=table["untouched"] / table["passages"])


def near_duplicates(texts: list[str], vectors: Vectors, *, likeness: float = 0.9) -> pd.DataFrame:
    """Return pairs of passages that say nearly the same: ``first``, ``second`` (row numbers) and ``likeness`` (cosine), the likest first."""
    rows: list[tuple[int, int, float]] = []
    for start in range(0, len(texts), 1000):
        alike = vectors[start : start + 1000] @ vectors.T
        left, right = np.nonzero(alike >= likeness)
        keep = right > left + start
        rows += [(int(a) + start, int(b), float(alike[a, b])) for a, b in zip(left[keep], right[keep], strict=True)]
    table = pd.DataFrame(rows, columns=["first", "second", "likeness"])
    return table.sort_values("likeness", ascending=False, kind="stable", ignore_index=True)
