"""The verb that brings copies of a study together, and what of it wants a person's eye."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.labels import listed, say
from qualcode.model import Event, State, replay
from qualcode.model.events import Row, value_of
from qualcode.project.versions import Late, brought_along, late

if TYPE_CHECKING:
    from qualcode.project.study import Project
    from qualcode.store import Merged

BRINGS_COLUMNS = ["coder", "kind", "made", "changed", "removed"]
CONCERN_COLUMNS = ["concern", "kind", "guid", "what", "sentence"]
_PLAIN = frozenset({"at", "codebook", "exists"})  # changes with every gesture: no two minds about anything
_NAMED = frozenset({"code", "coder", "codebook", "document", "participant", "project"})  # their values hold no words of a transcript
_SHORT = 60
_SHOWN = 12  # of one kind of concern, in the text; the table holds them all


@dataclass(frozen=True)
class Brought:
    """What a merge brought, or would bring.

    Parameters
    ----------
    events
        How many events were new here.
    written
        Whether it was done; not in a dry run.
    brings
        One row a coder and kind: ``coder`` (name), ``kind``, ``made``, ``changed``, ``removed`` (how many).
    concerns
        What wants a person's eye, one row each: ``concern`` (``both_changed``, ``gone_here``, ``gone_there``, ``other_version``,
        ``same_id``, ``same_coder``, ``same_coding``, ``lost``, ``circle``), ``kind``, ``guid``, ``what`` (name or place),
        ``sentence``. Nothing is lost by any of these: both sides stay in the log.
    """

    events: int
    written: bool
    brings: pd.DataFrame
    concerns: pd.DataFrame

    def __str__(self) -> str:
        """Return the outcome in sentences, one a line."""
        if not self.events:
            return say("merging.nothing")
        lines = [say("merging.done" if self.written else "merging.would", n=self.events)]
        for row in self.brings.to_dict("records"):
            counts = [say(f"merging.{name}", n=row[name]) for name in ("made", "changed", "removed") if row[name]]
            lines.append("- " + say("merging.brings", coder=row["coder"], kind=say(f"project.kind_{row['kind']}"), counts=listed(counts)))
        if len(self.concerns):
            lines.append(say("merging.look", n=len(self.concerns)))
            for _, rows in self.concerns.groupby("concern", sort=False):
                lines += [f"- {sentence}" for sentence in rows["sentence"].head(_SHOWN)]
                if len(rows) > _SHOWN:
                    lines.append("- " + say("merging.more_of_these", n=len(rows) - _SHOWN))
        return "\n".join(lines)


def merge(study: Project, other: str | Path, *, dry_run: bool = False) -> Brought:
    """Bring in everything that another copy of this study holds and this one lacks: loss-free, in any order, as often as you like.

    Parameters
    ----------
    other
        The other copy: a file, or ``postgresql://…``.
    dry_run
        Tell what would come in and what wants a person's eye; write nothing.

    Returns
    -------
    Brought
        Print it to read it; ``brings`` and ``concerns`` are tables.

    Raises
    ------
    StudyNotFound, DamagedStudy
        When there is no such copy, or it is not what was written; nothing is changed here.
    Refused
        When it is a copy of another study.
    """
    from qualcode.store import Store
    from qualcode.store import merge as union

    there = Store.open(other)
    try:
        done = union(study._store, there, dry_run=dry_run)
        ours = list(study._store.events()) if done.events else []
    finally:
        there.close()
    behind = late(done.after, [*ours, *done.events])
    if done.written and done.events:
        study._reload()
        if behind:
            study._commit("carry", *brought_along(behind))
    return brought(done, ours, behind)


def brought(done: Merged, ours: Iterable[Event] = (), behind: Sequence[Late] = ()) -> Brought:
    """Return what a union of two logs brought, in words of the field.

    Parameters
    ----------
    done
        The union.
    ours
        Our own log, to tell which circles were there before.
    behind
        What was made on an earlier version of a text, and where its words are now.
    """
    names = {guid: row.get("name") or "" for guid, row in done.after.get("coder", {}).items()}
    fresh = {event.guid for event in done.events}
    known = {(one.event, one.guid) for one in replay(e for e in ours if e.guid not in fresh)[1]} if done.ignored and done.events else set()
    look = _Look(done.before, _along(done.after, behind), {one.guid: one for one in behind})
    found = [*look.at_changes(done.own, done.events), *look.at_codings(), *look.at_names()] if done.events else []
    found += [look.concern("circle", one.kind, one.guid) for one in done.ignored if done.events and (one.event, one.guid) not in known]
    return Brought(
        len(done.events),
        done.written,
        _brings(done, names),
        pd.DataFrame(found, columns=CONCERN_COLUMNS).drop_duplicates(["concern", "guid", "sentence"], ignore_index=True),
    )


def _brings(done: Merged, names: dict[str, str]) -> pd.DataFrame:
    """Return what came in by coder and kind; an entity counts once, as what became of it."""
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for event in done.events:
        for change in event.changes:
            held = seen.setdefault((names.get(event.coder) or say("project.unknown_coder"), change.kind), {})
            before, after = done.before.get(change.kind, {}), done.after[change.kind]
            for guid in change.guid:
                was, now = bool((before.get(guid) or {}).get("exists")), bool(after[guid]["exists"])
                held[guid] = "changed" if was and now else "made" if now else "removed" if was else ""
    rows = [
        {"coder": coder, "kind": kind, **{what: list(held.values()).count(what) for what in ("made", "changed", "removed")}}
        for (coder, kind), held in seen.items()
    ]
    frame = pd.DataFrame(rows, columns=BRINGS_COLUMNS)
    return frame[frame[["made", "changed", "removed"]].sum(axis=1) > 0].reset_index(drop=True)


@dataclass(frozen=True)
class _Look:
    """Looks at what two copies made of each other's work."""

    before: State
    after: State
    behind: dict[str, Late]

    def concern(self, concern: str, kind: str, guid: str, *, how: str = "", **facts: Any) -> dict[str, Any]:
        """Return one thing that wants a person's eye; ``how`` chooses another sentence about the same concern."""
        what = self.called(kind, guid)
        sentence = say(f"merging.concern_{concern}{how}", kind=say(f"project.kind_{kind}"), what=what, **facts)
        return {"concern": concern, "kind": kind, "guid": guid, "what": what, "sentence": sentence}

    def called(self, kind: str, guid: str) -> str:
        """Return what an entity is called: its name, or where it stands; never words of a transcript."""
        row = self.after.get(kind, {}).get(guid) or {}
        if kind == "code":
            return f"{row.get('id') or ''} {row.get('name') or ''}".strip() or guid
        if row.get("name"):
            return str(row["name"])
        document = (self.after.get("document", {}).get(row.get("document") or "") or {}).get("name")
        code = self.after.get("code", {}).get(row.get("code") or "")
        parts = [code.get("id") or code.get("name")] if code else []
        place = f"{document} {row['start']}-{row['end']}" if document and row.get("start") is not None else document
        return ", ".join(str(part) for part in [*parts, place] if part) or guid

    def at_changes(self, own: Iterable[Event], fresh: Iterable[Event]) -> Iterator[dict[str, Any]]:
        """Yield what both copies changed in different ways, and what one took away while the other worked on it."""
        ours, theirs = _last(own), _last(fresh)
        for key, value in theirs.items():
            kind, guid, name = key
            if name in _PLAIN:
                continue
            row = self.after[kind][guid]
            if key in ours and ours[key] != value and row["exists"]:
                values = {"ours": ours[key], "theirs": value, "stands": value_of(row, name)}
                told = kind in _NAMED and name != "text"
                words = {side: _shown(one) if told else say("merging.not_shown") for side, one in values.items()}
                yield self.concern("renamed" if name == "name" else "both_changed", kind, guid, field=name, **words)
            if ours.get((kind, guid, "exists")) is False and theirs.get((kind, guid, "exists")) is not True:
                yield self.concern("gone_here", kind, guid)
        for kind, guid, name in ours:
            if name not in _PLAIN and theirs.get((kind, guid, "exists")) is False and ours.get((kind, guid, "exists")) is not True:
                yield self.concern("gone_there", kind, guid)

    def at_codings(self) -> Iterator[dict[str, Any]]:
        """Yield codings that came in on another text version, on what is gone or out of use, or that are there already."""
        documents, codes = self.after.get("document", {}), self.after.get("code", {})
        came = _living(self.after, "coding", but=self.before)
        there = {_place(row): guid for guid, row in _living(self.after, "coding").items() if guid not in came}
        for guid, row in came.items():
            document, code = documents.get(row["document"]), codes.get(row["code"])
            if not (document and document["exists"] and code and code["exists"]):
                yield self.concern("lost", "coding", guid)
            elif row["version"] != document["version"]:
                yield self.concern("other_version", "coding", guid, version=row["version"], now=document["version"])
            elif guid in self.behind:
                yield self.concern("other_version", "coding", guid, how="_same" if self.behind[guid].same else "_new")
            if code and code["exists"] and code["retired"]:
                yield self.concern("retired", "coding", guid)
            if _place(row) in there:
                yield self.concern("same_coding", "coding", guid)
            there.setdefault(_place(row), guid)

    def at_names(self) -> Iterator[dict[str, Any]]:
        """Yield what came in with an id or a name that another already has."""
        keys: dict[str, tuple[str, Callable[[Row], Any]]] = {
            "same_id": ("code", lambda row: str(row["id"] or "").casefold()),
            "same_coder": ("coder", lambda row: str(row["name"] or "").casefold()),
            "same_document": ("document", lambda row: str(row["name"] or "").casefold()),
        }
        for concern, (kind, key) in keys.items():
            known: dict[Any, str] = {}
            came = _living(self.after, kind, but=self.before)
            everything = _living(self.after, kind)
            for guid in [*(guid for guid in everything if guid not in came), *came]:
                name = key(everything[guid])
                if name and name in known and guid in came:
                    yield self.concern(concern, kind, guid, other=self.called(kind, known[name]))
                known.setdefault(name, guid)


def _along(state: State, behind: Sequence[Late]) -> State:
    """Return the state with what was late on its words in the present texts."""
    moved = dict(state)
    for kind in {one.kind for one in behind}:
        rows = {one.guid: {"version": one.version, "start": one.start, "end": one.end} for one in behind if one.kind == kind}
        moved[kind] = {**state[kind], **{guid: {**state[kind][guid], **fields} for guid, fields in rows.items()}}
    return moved


def _living(state: State, kind: str, *, but: State | None = None) -> dict[str, Row]:
    """Return the entities of a kind that exist, without those that existed in another state."""
    known = (but or {}).get(kind, {})
    return {g: row for g, row in state.get(kind, {}).items() if row["exists"] and not (known.get(g) or {}).get("exists")}


def _place(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("document", "version", "start", "end", "code", "coder", "layer"))


def _last(events: Iterable[Event]) -> dict[tuple[str, str, str], Any]:
    """Return what each field was last set to by these events."""
    values: dict[tuple[str, str, str], Any] = {}
    for event in sorted(events, key=lambda e: e.order):
        for change in event.changes:
            for name, column in change.after.items():
                values.update({(change.kind, guid, name): value for guid, value in zip(change.guid, column, strict=True)})
    return values


def _shown(value: Any) -> str:
    """Return a value as it may be read in a sentence."""
    words = "–" if value in (None, "", [], {}) else str(value)
    return words if len(words) <= _SHORT else f"{words[: _SHORT - 1]}…"
