"""The study as it was on a date, and sub-studies: other snapshots that everything else takes alike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from qualcode.model import Event, HasSnapshot, Snapshot, State, advance, as_snapshot


def as_of(study: HasSnapshot, date: str) -> Snapshot:
    """Return the study as its log says it was at the end of a day.

    Parameters
    ----------
    study
        A project or a snapshot.
    date
        A day, ``2025-06-30``, or a moment as in the log.

    Returns
    -------
    Snapshot
        Every table as it was then: codebook, measures, codings, scores. Texts that were replaced since are not in it.
    """
    snapshot = as_snapshot(study)
    until = date if "T" in date else f"{date}T23:59:59.999Z"
    table = snapshot.events
    table = table[table["at"] <= until]
    state: State = {}
    for row in table.to_dict("records"):
        advance(state, Event(row["guid"], row["at"], row["lamport"], row["coder"], row["kind"], row["changes"]))
    at = str(table["at"].max()) if len(table) else ""
    stamp = replace(snapshot.stamp, events=len(table), at=at, hash=str(table["guid"].iloc[-1]) if len(table) else "")
    return Snapshot.of(state, snapshot.texts, stamp, lambda: table)


def within(snapshot: Snapshot, documents: Collection[str]) -> Snapshot:
    """Return the study with these documents (guids) alone; what speaks of others is left out by whoever counts."""
    tables = dict(snapshot.tables)
    tables["document"] = tables["document"][tables["document"]["guid"].isin(list(documents))].reset_index(drop=True)
    return Snapshot(tables, snapshot.texts, snapshot.stamp, snapshot.load_events)
