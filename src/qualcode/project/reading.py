"""Which turns a coder has read, and how far the coding of each document is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from qualcode.errors import NotFound
from qualcode.labels import say
from qualcode.model import Change, Snapshot

if TYPE_CHECKING:
    from qualcode.project.study import Project

PROGRESS_COLUMNS = ["document", "kind", "coder", "turns", "seen", "coded"]
_LISTENERS = ("moderator", "notulist", "overig")


def read(study: Project, document: str, turns: Iterable[int]) -> int:
    """Note that this coder has read turns of a document; undo passes over it, because reading is no gesture.

    Parameters
    ----------
    document
        Name of the document.
    turns
        Numbers of turns, from 1.

    Returns
    -------
    int
        How many of them were new. When none are, nothing is written.

    Raises
    ------
    NotFound
        When the document has no such turn.
    """
    now = study.snapshot()
    guid, me = study._document(document), study._coder_guid()
    row = now.document_row(guid)
    known = seen_turns(now, guid, study.coder)
    wanted = set(turns)
    beyond = sorted(wanted - set(range(1, len(row["turns"]["start"]) + 1)))
    if beyond:
        raise NotFound("project.no_turn", document=document, turn=beyond[0], turns=len(row["turns"]["start"]))
    fresh = sorted(wanted - known)
    if fresh:
        table = now.readings
        mine = table[(table["document"] == guid) & (table["coder"] == me) & (table["version"] == row["version"])]["guid"]
        entity = str(mine.iloc[0]) if len(mine) else study._store.guids()
        about: dict[str, list[Any]] = {
            "exists": [True],
            "document": [guid],
            "coder": [me],
            "version": [int(row["version"])],
            "at": [study._store.clock()],
        }
        study._commit("read", Change("reading", [entity], about | {f"turns.{turn}": [True] for turn in fresh}))
    return len(fresh)


def seen_turns(snapshot: Snapshot, document: str, coder: str) -> set[int]:
    """Return the numbers of the turns that a coder (name) has read in the present text of a document (guid)."""
    table = snapshot.tables["reading"]
    people = set(snapshot.coders.loc[snapshot.coders["name"] == coder, "guid"])
    rows = table[
        (table["document"] == document) & table["coder"].isin(people) & (table["version"] == snapshot.document_row(document)["version"])
    ]
    return {int(turn) for held in rows["turns"] for turn in held or ()}


def progress(study: Project) -> pd.DataFrame:
    """Return how far each coder is with each document.

    Returns
    -------
    DataFrame
        One row a (document, coder) of whom something is known: ``document``, ``kind``, ``coder`` (names), ``turns`` (of participants),
        ``seen`` (of those, read in a coding desk) and ``coded`` (of those, with a code of this coder in any layer).
    """
    now = study.snapshot()
    names = dict(zip(now.coders["guid"], now.coders["name"], strict=True))
    rows = []
    for guid in now.documents["guid"]:
        row = now.document_row(guid)
        turns = now.turns_of(guid)
        spoken = turns[~turns["role"].isin(_LISTENERS)]
        on = now.codings[(now.codings["document"] == guid) & (now.codings["version"] == row["version"])]
        readers = now.readings.loc[now.readings["document"] == guid, "coder"]
        coders = dict.fromkeys(names.get(coder, say("project.unknown_coder")) for coder in [*on["coder"], *readers])
        for coder in coders:
            own = on[on["coder"].map(names) == coder]
            seen = seen_turns(now, guid, coder)
            coded = _touched(spoken, own)
            rows.append((row["name"], row["kind"], coder, len(spoken), int(spoken["turn"].isin(seen).sum()), coded))
    return pd.DataFrame(rows, columns=PROGRESS_COLUMNS)


def _touched(turns: pd.DataFrame, codings: pd.DataFrame) -> int:
    """Return how many turns share words with a coding."""
    starts, ends = np.sort(codings["start"].to_numpy(np.int64)), np.sort(codings["end"].to_numpy(np.int64))
    # codings that begin before the turn ends, less those that end before it begins
    begun = np.searchsorted(starts, turns["end"].to_numpy(np.int64), side="left")
    ended = np.searchsorted(ends, turns["start"].to_numpy(np.int64), side="right")
    return int((begun > ended).sum())
