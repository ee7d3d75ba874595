"""How much of an answer key a scan finds: for a study that has one, such as the sample. It measures this key, not anonymity."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from qualcode.errors import BadFile

SCORE_COLUMNS = ["kind", "planted", "found", "recall", "reported", "right", "precision"]
_IDENTIFIER = re.compile(r"(?:R\d-)?K\d\d")
_DECOY = re.compile(r"V\d\d")
_METADATA = re.compile(r"\bmetadata\b|bestand heet", re.IGNORECASE)
_PRONOUNCED = (("direct", r"\bD\b|direct\b(?<!indirect)"), ("indirect", r"\bI\b|indirect"), ("combination", r"\bC\b|combinatie"))
_ALREADY = re.compile(r"al vervangen")


def read_answers(path: Path) -> pd.DataFrame:
    """Return an answer key: columns ``id, document, text, note``; ids K… are identifiers, V… decoys.

    Raises
    ------
    BadFile
        When a column is missing.
    """
    from qualcode.importers import table

    frame = table(path)
    missing = [name for name in ("id", "document", "text") if name not in frame]
    if missing:
        raise BadFile("privacy.bad_answers", file=path.name, columns=", ".join(missing))
    return frame.assign(note=frame.get("note", ""))


def kind_of_answer(note: str) -> str:
    """Return the kind that a key's remark names; what it does not say counts as indirect."""
    if _METADATA.search(note):
        return "metadata"
    return next((kind for kind, pattern in _PRONOUNCED if re.search(pattern, note)), "indirect")


def placed(answers: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    """Return the key's identifiers and decoys with their place: id, document, kind, decoy, start, end (missing for metadata)."""
    rows: list[dict[str, Any]] = []
    for row in answers.to_dict("records"):
        decoy = bool(_DECOY.fullmatch(str(row["id"])))
        if not (decoy or _IDENTIFIER.fullmatch(str(row["id"]))) or row["document"] not in texts or _ALREADY.search(str(row["note"])):
            continue
        kind = "decoy" if decoy else kind_of_answer(str(row["note"]))
        where: dict[str, int | None] = {"start": None, "end": None}
        if kind != "metadata":
            words = r"\s+".join(re.escape(word) for word in str(row["text"]).replace("’", "'").split())
            match = re.search(words, texts[row["document"]].replace("’", "'")) if words else None
            if match is None:
                continue
            where = {"start": match.start(), "end": match.end()}
        rows.append({"id": row["id"], "document": row["document"], "kind": kind, **where})
    return pd.DataFrame(rows, columns=["id", "document", "kind", "start", "end"]).astype({"start": "Int64", "end": "Int64"})


def scored(found: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Return precision and recall of a scan on a key, per kind and over all.

    Parameters
    ----------
    found
        Findings: ``document, start, end, kind`` at least.
    answers
        The key, :func:`placed`.

    Returns
    -------
    DataFrame
        kind, planted, found, recall, reported, right, precision. An identifier is found when a finding shares a code point with it;
        metadata when the document has a finding of that kind. A finding is right when it touches an identifier of any kind; what the
        key does not list counts as wrong, also where it may identify somebody. The last row, ``all``, is over all kinds, and ``decoys``
        counts decoys that were reported.
    """
    hits = [_reported(found, row) for row in answers.to_dict("records")]
    known = answers.assign(hit=hits)
    planted = known[known["kind"] != "decoy"]
    right = _right(found, planted)
    rows: list[tuple[Any, ...]] = []
    for kind in ("direct", "indirect", "combination", "metadata", "all"):
        mine, theirs = (planted, found) if kind == "all" else (planted[planted["kind"] == kind], found[found["kind"] == kind])
        good = int(right.loc[theirs.index].sum())
        rows.append(
            (kind, len(mine), int(mine["hit"].sum()), _share(mine["hit"].sum(), len(mine)), len(theirs), good, _share(good, len(theirs)))
        )
    decoys = known[known["kind"] == "decoy"]
    rows.append(("decoys", len(decoys), int(decoys["hit"].sum()), _share(decoys["hit"].sum(), len(decoys)), None, None, None))
    return pd.DataFrame(rows, columns=SCORE_COLUMNS)


def _share(part: Any, whole: int) -> float | None:
    return float(part) / whole if whole else None


def _reported(found: pd.DataFrame, row: Mapping[Any, Any]) -> bool:
    here = found[found["document"] == row["document"]]
    if row["kind"] == "metadata":
        return bool((here["kind"] == "metadata").any())
    return bool(((here["start"] < row["end"]) & (here["end"] > row["start"])).any())


def _right(found: pd.DataFrame, planted: pd.DataFrame) -> pd.Series[bool]:
    spans: dict[str, list[tuple[int, int]]] = {}
    metadata = set(planted.loc[planted["kind"] == "metadata", "document"])
    for row in planted[planted["start"].notna()].to_dict("records"):
        spans.setdefault(row["document"], []).append((row["start"], row["end"]))
    good = [
        row["document"] in metadata
        if pd.isna(row["start"])
        else any(s < row["end"] and e > row["start"] for s, e in spans.get(row["document"], []))
        for row in found[["document", "start", "end"]].to_dict("records")
    ]
    return pd.Series(good, index=found.index, dtype=bool)
