"""Events, and what each does to the state: the laws of the log, free of any database.

The state is ``{kind: {guid: {field: value}}}``. Laws:

- An event sets fields of entities named by guid. A field's state is the ``after`` of its last event in
  the order ``(lamport, at, guid)``; existence is a field. So the state follows from the set of events
  alone, and the union of two logs is a merge that loses nothing and knows no order.
- Undo is a new event that restores ``before`` only where the undone event's own ``after`` still stands,
  and that takes away nothing another entity still refers to. What it left is named.
- A change of ``parent`` or ``merged_into`` that would close a circle has no effect, and is listed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from qualcode.model.kinds import KINDS

Row = dict[str, Any]
State = dict[str, dict[str, Row]]

EVENT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Change:
    """Fields set on entities of one kind, as columns: row ``i`` of each list belongs to ``guid[i]``.

    ``after`` gives the new values by field; ``before`` those that stood there, filled in by the store; a field that
    ``before`` leaves out stood nowhere yet.
    """

    kind: str
    guid: list[str]
    after: dict[str, list[Any]]
    before: dict[str, list[Any]] = field(default_factory=dict)

    def was(self, name: str) -> list[Any]:
        """Return what stood in a field before, ``None`` where nothing did."""
        return self.before[name] if name in self.before else [None] * len(self.guid)


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what, when: never changed, never deleted.

    ``kind`` is the verb (``code``, ``import``, ``undo`` …), ``about`` holds what the verb needs besides its
    changes, such as the event an undo takes back.
    """

    guid: str
    at: str
    lamport: int
    coder: str
    kind: str
    changes: tuple[Change, ...]
    about: dict[str, Any] = field(default_factory=dict)
    version: int = EVENT_VERSION

    @property
    def order(self) -> tuple[int, str, str]:
        """Return the place of this event among all events of all copies of the study."""
        return (self.lamport, self.at, self.guid)

    def payload(self) -> str:
        """Return changes and circumstances as canonical JSON."""
        changes = [{"kind": c.kind, "guid": c.guid, "before": _packed(c.before), "after": _packed(c.after)} for c in self.changes]
        return json.dumps({"about": self.about, "changes": changes}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _packed(columns: dict[str, list[Any]]) -> dict[str, Any]:
    """Write a column that holds one value throughout as ``{"all": value}``."""
    return {
        name: {"all": values[0]} if len(values) > 1 and all(v == values[0] for v in values) else values for name, values in columns.items()
    }


def _unpacked(columns: dict[str, Any], size: int) -> dict[str, list[Any]]:
    return {name: [values["all"]] * size if isinstance(values, dict) else values for name, values in columns.items()}


def changes_of(payload: str) -> tuple[tuple[Change, ...], dict[str, Any]]:
    """Read back what :meth:`Event.payload` wrote."""
    read = json.loads(payload)
    changes = (
        Change(c["kind"], c["guid"], _unpacked(c["after"], len(c["guid"])), _unpacked(c["before"], len(c["guid"]))) for c in read["changes"]
    )
    return tuple(changes), read["about"]


def chained(previous: str, event: Event, payload: str) -> str:
    """Return the hash that ties an event to the one before it in the same file."""
    head = "\n".join((previous, event.guid, event.at, str(event.lamport), event.coder, event.kind, str(event.version)))
    return hashlib.sha256(f"{head}\n{payload}".encode()).hexdigest()


def value_of(row: Row | None, name: str) -> Any:
    """Return a field of a row, or a key of a mapping field; ``None`` where nothing stands."""
    if row is None:
        return None
    stem, _, key = name.partition(".")
    value = row.get(stem)
    return (value or {}).get(key) if key else value


def _set(row: Row, name: str, value: Any) -> None:
    stem, _, key = name.partition(".")
    if not key:
        row[stem] = value
        return
    held = dict(row.get(stem) or {})
    if value is None:
        held.pop(key, None)
    else:
        held[key] = value
    row[stem] = held


def blank(kind: str) -> Row:
    """Return an entity of which no event has spoken yet."""
    return {"exists": None, **{f.name: None for f in KINDS[kind].fields}}


def with_before(state: State, change: Change) -> Change:
    """Return the change with the values that stand there now as its ``before``."""
    rows = state.get(change.kind, {})
    held = [rows.get(guid) for guid in change.guid]
    stood = {name: [value_of(row, name) for row in held] for name in change.after} if any(held) else {}
    before = {name: values for name, values in stood.items() if any(value is not None for value in values)}
    return Change(change.kind, change.guid, change.after, before)


def _closes_circle(rows: dict[str, Row], name: str, guid: str, target: Any) -> bool:
    seen: set[str] = set()
    while target is not None and target not in seen:
        if target == guid:
            return True
        seen.add(target)
        target = value_of(rows.get(target), name)
    return False


@dataclass(frozen=True, slots=True)
class Ignored:
    """A change without effect: it would have closed a circle."""

    event: str
    kind: str
    guid: str
    field: str


def advance(state: State, event: Event) -> list[Ignored]:
    """Fold one event into ``state`` in place and return what had no effect."""
    ignored: list[Ignored] = []
    for change in event.changes:
        kind = KINDS[change.kind]
        rows = state.setdefault(change.kind, {})
        plain = [name for name in change.after if "." not in name and (name == "exists" or not kind.field(name).circular)]
        unborn = blank(change.kind)
        for guid, *values in zip(change.guid, *(change.after[name] for name in plain), strict=True):
            row = rows.get(guid)
            if row is None:
                row = rows[guid] = unborn.copy()
            row.update(zip(plain, values, strict=True))
        for name in change.after.keys() - plain:
            for guid, value in zip(change.guid, change.after[name], strict=True):
                if "." not in name and _closes_circle(rows, name, guid, value):
                    ignored.append(Ignored(event.guid, change.kind, guid, name))
                else:
                    _set(rows[guid], name, value)
    return ignored


def replay(events: Iterable[Event]) -> tuple[State, list[Ignored]]:
    """Return the state that a set of events stands for, whatever order they come in."""
    state: State = {}
    ignored: list[Ignored] = []
    for event in sorted(events, key=lambda e: e.order):
        ignored += advance(state, event)
    return state, ignored


@dataclass(frozen=True, slots=True)
class Left:
    """A field that an undo did not restore, and why: ``changed`` since, or still ``in use``."""

    kind: str
    guid: str
    field: str
    why: str


def references(state: State, *, without: set[str]) -> Iterator[tuple[str, str]]:
    """Yield ``(guid referred to, kind of the entity that refers)`` for all that exists, except ``without``."""
    for name, rows in state.items():
        fields = [f.name for f in KINDS[name].fields if f.refers_to]
        if not fields:
            continue
        for guid, row in rows.items():
            if row["exists"] and guid not in without:
                for field_name in fields:
                    if row[field_name]:
                        yield row[field_name], name


def inverse(event: Event, state: State) -> tuple[tuple[Change, ...], tuple[Left, ...]]:
    """Return the changes that take ``event`` back from ``state``, and what they have to leave.

    ``state`` must hold every entity the event touched, and every entity that refers to one it made.
    """
    made = {g for c in event.changes if "exists" in c.after for g, b in zip(c.guid, c.was("exists"), strict=True) if not b}
    used = {guid for guid, _ in references(state, without=made)} & made if made else set()
    left: list[Left] = []
    back: list[Change] = []
    for change in reversed(event.changes):
        rows = state.get(change.kind, {})
        birth = [g in made for g in change.guid]
        for name, values in change.after.items():
            guids: list[str] = []
            restored: list[Any] = []
            for guid, born, before, after in zip(change.guid, birth, change.was(name), values, strict=True):
                if born and name != "exists":
                    continue
                if value_of(rows.get(guid), name) != after:
                    left.append(Left(change.kind, guid, name, "changed"))
                elif born and guid in used:
                    left.append(Left(change.kind, guid, name, "in use"))
                else:
                    guids.append(guid)
                    restored.append(False if name == "exists" and before is None else before)
            if guids:
                back.append(Change(change.kind, guids, {name: restored}))
    return tuple(back), tuple(left)
