"""What a coder who works blind may not see: the judgements of others, in tables and in the log.

Hidden is what another person thinks of the words: codings, memos on words or codings, interactions, choices, reviews, summaries,
chosen quotes, and what they decided about proposals. Shared are texts, people, the codebook with its memos, and the registers of the sessions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from qualcode.model.events import Change, Event, State
from qualcode.model.snapshot import Snapshot

JUDGED = frozenset({"coding", "memo", "interaction", "choice", "review", "cell", "quote", "proposal"})
_SHARED_MEMOS = ("project", "code", "codebook")
_KEPT = ("turns", "_turn_range", "document_names", "coder_names", "_document_rows", "_roles")

Hidden = Mapping[str, frozenset[str]]


def _visible(kind: str, table: pd.DataFrame, viewer: str, own: pd.Series[str]) -> pd.Series[bool]:
    """Return which rows of a table the viewer may see; ``own`` are the guids of their codings."""
    seen = table["coder"] == viewer
    if kind == "memo":
        seen |= table["on"].isin(_SHARED_MEMOS)
    if kind == "review":  # what a supervisor says of their own work, and what they say back
        seen |= table["target"].isin(own)
        seen |= table["answers"].isin(table.loc[seen, "guid"])
    return seen


def seen_by(snapshot: Snapshot, viewer: str) -> Snapshot:
    """Return the snapshot without the judgements of others.

    Parameters
    ----------
    snapshot
        The whole study.
    viewer
        Guid of the coder who looks.
    """
    codings = snapshot.tables["coding"]
    own = codings.loc[codings["coder"] == viewer, "guid"]
    tables = dict(snapshot.tables)
    for kind in JUDGED:
        tables[kind] = tables[kind][_visible(kind, tables[kind], viewer, own)].reset_index(drop=True)

    def load() -> pd.DataFrame:
        return _events_seen(snapshot.events, viewer)

    _ = snapshot.turns  # reckoned once for both
    seen = replace(snapshot, tables=tables, load_events=load)
    seen.__dict__.update({name: snapshot.__dict__[name] for name in _KEPT if name in snapshot.__dict__})
    return seen


def _events_seen(table: pd.DataFrame, viewer: str) -> pd.DataFrame:
    """Return the event table without what it tells of the judgements of others."""
    events = [Event(**{str(name): value for name, value in row.items()}) for row in table.to_dict("records")]
    shown = {event.guid: event for event in without(events, hidden(_judged(events), viewer))}
    kept = table[table["guid"].isin(shown.keys())].copy()
    for name in ("about", "changes"):
        kept[name] = [getattr(shown[guid], name) for guid in kept["guid"]]
    return kept.reset_index(drop=True)


def _judged(events: Iterable[Event]) -> State:
    """Return the judgements that events speak of, removed ones too, as far as ownership asks."""
    state: State = {}
    for event in events:
        for change in event.changes:
            if change.kind in JUDGED:
                rows = state.setdefault(change.kind, {})
                wanted = [name for name in ("coder", "on", "target", "answers") if name in change.after]
                for place, guid in enumerate(change.guid):
                    row = rows.setdefault(guid, {"coder": None, "on": None, "target": None, "answers": None})
                    row.update({name: change.after[name][place] for name in wanted})
    return state


def hidden(state: State, viewer: str) -> Hidden:
    """Return the guids of what others judged, by kind.

    Parameters
    ----------
    state
        Entities by kind, removed ones too.
    viewer
        Guid of the coder who looks.
    """
    own = pd.Series([guid for guid, row in state.get("coding", {}).items() if row["coder"] == viewer], dtype="str")
    found: dict[str, frozenset[str]] = {}
    for kind in JUDGED & state.keys():
        rows = state[kind]
        columns = {name: pd.Series([row.get(name) for row in rows.values()], dtype="str") for name in ("coder", "on", "target", "answers")}
        table = pd.DataFrame({"guid": pd.Series(list(rows), dtype="str"), **columns})
        found[kind] = frozenset(table.loc[~_visible(kind, table, viewer, own), "guid"])
    return found


def judgements(events: Iterable[Event], viewer: str) -> Hidden:
    """Return the guids of what others judged in a log, by kind."""
    return hidden(_judged(events), viewer)


def without(events: Iterable[Event], hidden: Hidden) -> Iterator[Event]:
    """Yield the events without the rows of hidden entities; events about nothing else are left out.

    What was left out of an event is noted in it as ``withheld``: per change how many rows there were and which are left, so that
    :func:`united` can put copies together again.
    """
    for event in events:
        kept = _withheld(event, hidden)
        if kept is not None:
            yield kept


def _withheld(event: Event, hidden: Hidden) -> Event | None:
    left = [[place for place, guid in enumerate(c.guid) if guid not in hidden.get(c.kind, ())] for c in event.changes]
    if all(len(places) == len(c.guid) for places, c in zip(left, event.changes, strict=True)):
        return event
    if not any(left):
        return None
    before = _shares(event)
    shares = [[total, [held[place] for place in places]] for (total, held), places in zip(before, left, strict=True)]
    changes = tuple(_some(change, places) for change, places in zip(event.changes, left, strict=True))
    return replace(event, changes=changes, about={**event.about, "withheld": shares})


def _shares(event: Event) -> list[list[Any]]:
    """Return of each change how many rows it had at birth, and which of them this copy of it holds."""
    whole = [[len(change.guid), list(range(len(change.guid)))] for change in event.changes]
    return event.about.get("withheld") or whole


def _some(change: Change, places: list[int]) -> Change:
    def taken(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
        return {name: [values[place] for place in places] for name, values in columns.items()}

    return Change(change.kind, [change.guid[place] for place in places], taken(change.after), taken(change.before))


def lacks(event: Event) -> bool:
    """Return whether something was left out of this copy of an event."""
    return "withheld" in event.about


def united(one: Event, other: Event) -> Event:
    """Return an event as whole as two copies of it can make it."""
    if not lacks(one):
        return one
    if not lacks(other):
        return other
    changes, shares = [], []
    for a, b, (total, held_a), (_, held_b) in zip(one.changes, other.changes, _shares(one), _shares(other), strict=True):
        both = sorted({*held_a, *held_b})
        rows = [(a, held_a.index(place)) if place in held_a else (b, held_b.index(place)) for place in both]
        columns = [
            {name: [_column(c, side, name, row) for c, row in rows] for name in {**getattr(a, side), **getattr(b, side)}}
            for side in ("after", "before")
        ]
        changes.append(Change(a.kind, [c.guid[row] for c, row in rows], columns[0], columns[1]))
        shares.append([total, both])
    about = {key: value for key, value in one.about.items() if key != "withheld"}
    if any(len(held) < total for total, held in shares):
        about["withheld"] = shares
    return replace(one, changes=tuple(changes), about=about)


def _column(change: Change, side: str, name: str, row: int) -> Any:
    columns: dict[str, list[Any]] = getattr(change, side)
    return columns[name][row] if name in columns else None
