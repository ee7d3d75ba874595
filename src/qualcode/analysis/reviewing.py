"""What a supervisor has to look at, and what was said of it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from qualcode.analysis.counting import counted
from qualcode.analysis.frames import codings
from qualcode.analysis.names import coder_named
from qualcode.codebook import Codebook
from qualcode.errors import Refused
from qualcode.model import HasSnapshot, Snapshot, as_snapshot, rows_of

Order = Literal["text", "doubt", "sample"]

QUEUE_COLUMNS = (
    "coding", "document", "turn", "speaker", "start", "end", "text", "code", "code_path", "coder", "layer", "at", "memo",
    "doubts", "verdict", "open", "seed",
)  # fmt: skip
THREAD_COLUMNS = (
    "review", "on", "target", "what", "document", "start", "end", "verdict", "text", "code", "reviewer", "at", "owner", "answers",
    "decision", "open", "last",
)  # fmt: skip
_SAMPLE = 20
_SEED = 7
_SHORT = 4
"""A fragment of fewer words may not carry a meaning by itself."""
_MEANING = frozenset({"definition", "include", "exclude", "merged_into"})


def queue(
    study: HasSnapshot,
    *,
    code: str | None = None,
    document: str | None = None,
    coder: str | None = None,
    layer: str | None = None,
    order: Order = "text",
    sample: int = _SAMPLE,
    seed: int = _SEED,
    reviewed: bool = False,
) -> pd.DataFrame:
    """Return the codings that wait for a supervisor.

    Parameters
    ----------
    study
        A project or a snapshot.
    code
        Only codings with this code or one below it: id, name or path.
    document, coder
        Only codings in this document, by this coder.
    layer
        Only this round; when left out the codings that figures rest on: the consensus, else the latest round of the assigned coder.
    order
        ``text``: in the order of the words; ``doubt``: only those with a reason to doubt, most reasons first; ``sample``: a random draw.
    sample
        How many are drawn.
    seed
        Where the drawing begins; the same seed draws the same codings. It stands in the column ``seed``.
    reviewed
        Also codings that have a verdict already.

    Returns
    -------
    pandas.DataFrame
        ``coding`` (guid), ``document``, ``turn``, ``speaker``, ``start``, ``end``, ``text``, ``code``, ``code_path``, ``coder``, ``layer``,
        ``at``, ``memo``; ``doubts`` (joined by ``|``: ``vraag in memo``, ``ironie``, ``besproken verschil``, ``ouder codeboek``, ``kort``),
        ``verdict`` (the last; missing where there is none), ``open`` (whether a thread on it is), ``seed`` (of a sample).

    Raises
    ------
    NotFound, Ambiguous
        When the study has no such code, document, coder or layer, or more than one.
    Refused
        For another order, or a sample of less than one.
    """
    if order not in {"text", "doubt", "sample"}:
        raise Refused("review.no_order", order=order)
    if sample < 1:
        raise Refused("review.no_sample", n=sample)
    snapshot, book = as_snapshot(study), Codebook.of(study)
    choice = {"code": code, "children": True, "document": document, "coder": coder}
    frame = codings(study, layer=layer, **choice)  # type: ignore[arg-type]
    if layer is None:
        frame = frame[frame["coding"].isin(counted(study)["coding"])]
    said = threads(study)
    said = said[said["on"] == "coding"]
    last = said.drop_duplicates("target", keep="last").set_index("target")["verdict"]
    frame = frame.assign(
        turn=_turns(snapshot, frame),
        doubts=_doubts(snapshot, book, frame),
        verdict=frame["coding"].map(last).astype("str"),
        open=frame["coding"].isin(said.loc[said["open"], "target"]),
        seed=pd.Series(pd.NA, index=frame.index, dtype="Int64"),
    )
    if not reviewed:
        frame = frame[frame["verdict"].isna()]
    if order == "doubt":
        amount = frame["doubts"].str.count(r"\|") + (frame["doubts"] != "")
        frame = frame.assign(amount=amount)[amount > 0].sort_values("amount", ascending=False, kind="stable")
    if order == "sample":
        drawn = np.random.default_rng(seed).permutation(np.sort(frame["coding"].to_numpy(object)))[:sample]
        frame = frame[frame["coding"].isin(drawn)].assign(seed=seed)
    return frame[list(QUEUE_COLUMNS)].reset_index(drop=True)


def _turns(snapshot: Snapshot, frame: pd.DataFrame) -> pd.Series[Any]:
    """Return the turn each row begins in."""
    found: dict[int, int] = {}
    for name, rows in frame.groupby("document", sort=False):
        turns = snapshot.turns_of(snapshot.document_names[str(name)])
        if len(turns):
            at = np.searchsorted(turns["start"].to_numpy(), rows["start"].to_numpy(), side="right")
            found |= dict(zip(rows.index, turns["turn"].to_numpy()[np.maximum(at - 1, 0)], strict=True))
    return pd.Series(found, dtype="Int64").reindex(frame.index)


def _doubts(snapshot: Snapshot, book: Codebook, frame: pd.DataFrame) -> pd.Series[str]:
    """Return why each coding may want a second look, joined by ``|``."""
    choices = snapshot.tables["choice"]
    settled = {guid for name in ("made", "codings_a", "codings_b") for held in choices[name] for guid in held or ()}
    reasons = {
        "vraag in memo": frame["memo"].fillna("").str.contains("?", regex=False),
        "ironie": frame["ironie"].eq("ja") if "ironie" in frame else pd.Series(False, index=frame.index),
        "besproken verschil": frame["coding"].isin(settled),
        "ouder codeboek": frame["coding"].isin(made_before_a_change(snapshot, book)),
        "kort": frame["text"].str.split().map(len) < _SHORT,
    }
    held = pd.Series([""] * len(frame), index=frame.index, dtype="str")
    for name, hit in reasons.items():
        held = held.where(~hit, held + "|" + name)
    return held.str.removeprefix("|")


def made_before_a_change(snapshot: Snapshot, book: Codebook) -> frozenset[str]:
    """Return the codings (guids) made before what their code means was last changed."""
    table = snapshot.tables["coding"]
    if not len(table):
        return frozenset()
    changed: dict[str, str] = {}
    for at, changes in zip(snapshot.events["at"], snapshot.events["changes"], strict=True):
        for change in changes:
            if change.kind == "code" and _MEANING & change.after.keys() and "exists" not in change.after:
                changed.update(dict.fromkeys(change.guid, at))
    now = table["code"].map({guid: book.resolve(guid) for guid in table["code"].unique()})
    return frozenset(table.loc[table["at"].fillna("") < now.map(changed).astype("str").fillna(""), "guid"])


def threads(study: HasSnapshot) -> pd.DataFrame:
    """Return what was said in review, one row a remark or verdict with the answers to it.

    Parameters
    ----------
    study
        A project or a snapshot.

    Returns
    -------
    pandas.DataFrame
        In order of time: ``review`` (guid), ``on`` (coding, cell, memo, document, code), ``target`` (guid), ``what`` (in words: the code and
        its place, never the text), ``document``, ``start``, ``end`` (where it stands on words), ``verdict`` (accept, change, reject,
        remark), ``text`` (the reason), ``code`` (id of the code proposed instead), ``reviewer``, ``at``, ``owner`` (whose work it is
        about), ``answers`` (list of ``{coder, at, text}``), ``decision``, ``open``, ``last`` (who spoke last).
    """
    snapshot, book = as_snapshot(study), Codebook.of(study)
    table = snapshot.tables["review"]
    names = snapshot.tables["coder"].set_index("guid")["name"]
    table = table.assign(by=table["coder"].map(names).astype("str")).sort_values("at", kind="stable")
    roots = table[table["answers"].isna()]
    said: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(table[table["answers"].notna()]):
        said.setdefault(str(row["answers"]), []).append({"coder": row["by"], "at": row["at"], "text": row["text"]})
    places = _places(snapshot, book)
    ids = {one.guid: one.id for one in book.codes}
    rows = []
    for row in rows_of(roots):
        place = places.get(row["target"], {})
        answers = said.get(row["guid"], [])
        spoke = answers[-1]["coder"] if answers else row["by"]
        own = {"document": row["document"], "start": row["start"], "end": row["end"]} if pd.notna(row["document"]) else place
        rows.append(
            {
                **{name: row[name] for name in ("on", "target", "verdict", "text", "at", "decision")},
                "review": row["guid"],
                "what": place.get("what", ""),
                "document": _name(snapshot, own.get("document")),
                "start": own.get("start"),
                "end": own.get("end"),
                "code": ids.get(row["code"]),
                "reviewer": row["by"],
                "owner": names.get(place.get("coder", ""), ""),
                "answers": answers,
                "open": not isinstance(row["decision"], str) or not row["decision"],
                "last": spoke,
            }
        )
    frame = pd.DataFrame(rows, columns=list(THREAD_COLUMNS))
    text = ("review", "on", "target", "what", "document", "verdict", "text", "code", "reviewer", "at", "owner", "decision", "last")
    return frame.astype(dict.fromkeys(text, "str") | {"start": "Int64", "end": "Int64", "open": bool})


def _name(snapshot: Snapshot, document: Any) -> str | None:
    return None if not isinstance(document, str) else {g: n for n, g in snapshot.document_names.items()}.get(document)


def _places(snapshot: Snapshot, book: Codebook) -> dict[str, dict[str, Any]]:
    """Return what can be reviewed, by guid: what it is in words, whose, and where it stands."""
    documents = {guid: name for name, guid in snapshot.document_names.items()}
    ids = {one.guid: one.id or one.name for one in book.codes}
    wanted = set(snapshot.tables["review"]["target"].dropna())
    found: dict[str, dict[str, Any]] = {}
    for kind in ("coding", "cell", "memo"):
        table = snapshot.tables[kind]
        for row in rows_of(table[table["guid"].isin(wanted)]):
            parts = [ids.get(row.get("code") or "", ""), documents.get(row["document"] or "", "")]
            held = {name: row.get(name) for name in ("document", "coder", "start", "end")}
            found[row["guid"]] = held | {"what": ", ".join(part for part in parts if part)}
    found |= {guid: {"what": name, "document": guid} for guid, name in documents.items() if guid in wanted}
    return found | {one.guid: {"what": str(one)} for one in book.codes if one.guid in wanted}


def inbox(study: HasSnapshot, coder: str) -> pd.DataFrame:
    """Return the open threads in which the word is to this person: on their work, or begun by them and answered.

    Parameters
    ----------
    study
        A project or a snapshot.
    coder
        Name of the person.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`threads`, the oldest first.

    Raises
    ------
    NotFound
        When the study has no such coder.
    """
    snapshot = as_snapshot(study)
    coder_named(snapshot, coder)
    frame = threads(study)
    mine = (frame["owner"] == coder) | (frame["reviewer"] == coder)
    return frame[mine & frame["open"] & (frame["last"] != coder)].reset_index(drop=True)
