"""The data files of a bundle: texts, codings, spread and participants, with as much as their level may hold and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from qualcode.analysis import contested, measures
from qualcode.analysis.composition import composition
from qualcode.analysis.names import session_labels
from qualcode.analysis.spreading import LEVELS, SESSION_KINDS, SPREAD_COLUMNS, figures
from qualcode.labels import say
from qualcode.report.facts import Facts

TEXT_LEVELS = ("L0", "L1")
# what would tie a coding to a person or an event
_TELLING = (
    "coding",
    "document",
    "start",
    "end",
    "text",
    "speaker",
    "coder",
    "at",
    "memo",
    "participant",
    "role",
    "turn",
    "basis",
    "voorval",
    "assumed",
)


def parts(counted: Facts, level: str) -> Iterator[tuple[str, str, bytes]]:
    """Yield the data files of a level: name, what is in it, bytes; see :func:`qualcode.report.release.bundle` for the levels."""
    if level in TEXT_LEVELS:
        yield from _texts(counted, covered=level == "L1")
        yield "coderingen.csv", say("report.file_codings"), _csv(_codings(counted, covered=level == "L1"))
        return
    if level == "L2":
        yield "coderingen.csv", say("report.file_codings_bare"), _csv(_bare(counted))
    yield "spreiding.csv", say("report.file_spread"), _csv(_spread(counted))
    yield "deelnemers.csv", say("report.file_participants", k=counted.k), _csv(_people(counted))
    said = contested.of_base(counted.base)
    labels = {counted.documents.loc[guid, "name"]: label for guid, label in session_labels(counted.base.snapshot).items()}
    lists = {
        name: said[name].map(lambda held: "|".join(labels.get(one, one) for one in held))
        for name in ("supported", "contested", "nuanced", "interviews")
    }
    yield "suggesties.csv", say("report.file_suggestions"), _csv(said.drop(columns="code_guid").assign(**lists))
    if len(counted.base.snapshot.tables["measure"]):
        asked = measures.coverage(counted.base.snapshot)
        joined = {name: asked[name].map(_joined) for name in ("measures", "remarks", "contested", "nuanced")}
        yield (
            "maatregelen.csv",
            say("report.file_measures"),
            _csv(asked.assign(**joined)[["suggestion", "name", "coverage", "measures", "remarks"]]),
        )


def _joined(held: Any) -> str:
    return "|".join(held) if isinstance(held, list) else ""


def _text(counted: Facts, guid: str, *, covered: bool) -> str:
    """Return the text of a document; masked passages are blocks of equal length where they are covered, so that positions hold."""
    text = counted.base.snapshot.text(guid)
    for start, end, _ in counted.maskings.get(guid, ()) if covered else ():
        text = text[:start] + "█" * (end - start) + text[end:]
    return text


def _texts(counted: Facts, *, covered: bool) -> Iterator[tuple[str, str, bytes]]:
    for guid, name in counted.documents["name"].items():
        yield f"teksten/{name}.txt", say("report.file_text"), _text(counted, str(guid), covered=covered).encode()


def _codings(counted: Facts, *, covered: bool) -> pd.DataFrame:
    """Return the codings with their words, covered as the texts are; notes of coders may repeat what was masked and stay behind then."""
    frame = counted.base.frame.drop(columns=["code_guid", "coder_guid"])
    if covered:
        words = {guid: _text(counted, guid, covered=True) for guid in frame["document_guid"].unique()}
        spans = zip(frame["document_guid"], frame["start"], frame["end"], strict=True)
        frame = frame.assign(text=[words[guid][int(start) : int(end)] for guid, start, end in spans], memo="")
    return frame.drop(columns="document_guid")


def _bare(counted: Facts) -> pd.DataFrame:
    """Return one row a coding with nothing of what was said, by whom or where; in an order that tells nothing."""
    frame = counted.base.frame
    frame = frame[frame["kind"].isin(SESSION_KINDS)]
    labels = pd.Series(session_labels(counted.base.snapshot))
    frame = frame.assign(session=frame["document_guid"].map(labels).astype("str"))
    keep = [
        name for name in frame.columns if name not in _TELLING and not name.endswith("_guid") and name not in {"layer", "session", "kind"}
    ]
    return frame[["session", "kind", *keep]].sort_values(["session", *keep], ignore_index=True, key=lambda column: column.astype("str"))


def _spread(counted: Facts) -> pd.DataFrame:
    frame = pd.concat([figures(counted.base, level) for level in LEVELS], ignore_index=True)[list(SPREAD_COLUMNS)].drop(
        columns="working_number"
    )
    for name in frame.columns:
        if frame[name].map(lambda held: isinstance(held, list)).any():
            frame[name] = frame[name].map(lambda held: "|".join(counted.label(one) for one in held))
    return frame


def published(counted: Facts) -> dict[str, dict[str, int]]:
    """Return the numbers printed of each attribute; one of which none was printed stands there empty, so that a later version knows."""
    frame = composition(counted.base.snapshot, k=counted.k, earlier=counted.published)
    frame = frame[frame["state"] != "listed"]
    return {str(name): _printed(rows) for name, rows in frame.groupby("attribute", sort=False)}


def _printed(rows: pd.DataFrame) -> dict[str, int]:
    rows = rows[rows["state"] == "printed"]
    return dict(zip(rows["value"], (int(n) for n in rows["n"]), strict=True))


def _people(counted: Facts) -> pd.DataFrame:
    """Return the participants by attribute; of an attribute of which nothing can be printed no values either: a value is somebody."""
    frame = composition(counted.base.snapshot, k=counted.k, earlier=counted.published)
    if not len(frame):
        return frame[["attribute", "value", "shown"]]
    told = frame.groupby("attribute")["state"].transform(lambda states: states.isin(["printed", "listed"]).any())
    bare = frame[~told].drop_duplicates("attribute").assign(value="", shown=say("analysis.guarded"))
    return pd.concat([frame[told], bare]).sort_index()[["attribute", "value", "shown"]]


def _csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False, lineterminator="\n").encode()
