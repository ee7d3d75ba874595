"""Versions of a document's text: the next one, what points into it carried over, and the way back to earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from qualcode.model import SPANNED, Change, Event, Snapshot, State
from qualcode.privacy.revising import Edit, Revision, carried_turns, revised

if TYPE_CHECKING:
    from qualcode.project.study import Project

Back = Callable[[int, int], tuple[int, int]]


def standing_on(now: Snapshot, guid: str, kind: str) -> pd.DataFrame:
    """Return the rows of a kind that stand on words of the present version of a document."""
    table = now.tables[kind]
    version = int(now.document_row(guid)["version"])
    return table[(table["document"] == guid) & (table["version"] == version) & table["start"].notna()]


def new_version(now: Snapshot, guid: str, edits: Sequence[Edit], turns: Mapping[str, Any] | None = None) -> tuple[Revision, Change]:
    """Return the next version of a document's text, and the change that sets it; the turns are the old ones, carried over, when left out."""
    from qualcode.store.log import sha

    row = now.document_row(guid)
    revision = revised(now.text(guid), edits)
    after: dict[str, list[Any]] = {
        "text": [sha(revision.text)],
        "version": [int(row["version"]) + 1],
        "turns": [carried_turns(row["turns"], revision) if turns is None else dict(turns)],
    }
    return revision, Change("document", [guid], after)


def carried_changes(
    now: Snapshot,
    guid: str,
    revision: Revision,
    skip: Collection[tuple[str, str]] = (),
    *,
    turns: Mapping[int, int] | None = None,
) -> list[Change]:
    """Return the changes that carry everything that points into a document over to the new version of its text.

    ``turns`` says which turn each old turn is, from 1, where these are not the same: what was read stays read.
    """
    next_one = int(now.document_row(guid)["version"]) + 1
    changes: list[Change] = []
    for kind in SPANNED:
        placed = standing_on(now, guid, kind)
        placed = placed[[(kind, one) not in skip for one in placed["guid"]]] if len(placed) else placed
        if placed.empty:
            continue
        start, end = revision.carried(placed["start"].astype("int64"), placed["end"].astype("int64"))
        after: dict[str, list[Any]] = {"version": [next_one] * len(placed), "start": start.tolist(), "end": end.tolist()}
        if kind == "interaction":
            about = [value if isinstance(value, list) else None for value in placed["about"]]
            after["about"] = [[int(bound[0]) for bound in revision.carried([a[0]], [a[1]])] if a else None for a in about]
        changes.append(Change(kind, list(placed["guid"]), after))
    table = now.tables["reading"]
    read = table[(table["document"] == guid) & (table["version"] == next_one - 1)]
    if len(read):
        held = [[int(turn) for turn in mapping or ()] for mapping in read["turns"]]
        kept = [{str(turns[turn] if turns is not None else turn): True for turn in one if turns is None or turn in turns} for one in held]
        changes.append(Change("reading", list(read["guid"]), {"version": [next_one] * len(read), "turns": kept}))
    return changes


def edits_of(steps: Sequence[Sequence[int]]) -> Revision:
    """Return what was done to a text, from ``[start, end, size]`` as the log keeps it, without any words."""
    columns = np.array(steps, dtype=np.int64).reshape(-1, 3)
    return Revision("", columns[:, 0], columns[:, 1], columns[:, 2])


def _texts_of(study: Project, guid: str) -> Iterator[tuple[str, str, Revision]]:
    """Yield the kind of event, the address and what was done to the version before, for every text a document ever had."""
    for event in study._store.events():
        for change in event.changes:
            if change.kind == "document" and "text" in change.after and guid in change.guid:
                address = change.after["text"][change.guid.index(guid)]
                yield event.kind, address, edits_of(event.about.get("edits", {}).get(guid, []))


def earlier_versions(study: Project, guid: str, current: str) -> list[tuple[str, Back]]:
    """Return the address of every version of a document's text, with what brings a span of the present one back to it."""
    made = list(_texts_of(study, guid))
    seen: dict[str, Back] = {}
    for number in range(len(made) - 1, -1, -1):
        later = [step.undone() for _, _, step in made[number + 1 :]]
        seen.setdefault(made[number][1], _backwards(later))
    seen.setdefault(current, _backwards([]))
    return list(seen.items())


def _backwards(steps: list[Revision]) -> Back:
    """Return what carries a span back over later edits: inside a replacement it becomes all that was replaced, and what was taken out beside it comes along."""

    def back(start: int, end: int) -> tuple[int, int]:
        for undone in reversed(steps):
            low, high = undone.carried([start], [end], wide=True)
            start, end = int(low[0]), int(high[0])
        return start, end

    return back


def taken_away(study: Project, guid: str) -> Revision:
    """Return where in the present text of a document words stand instead of what was replaced or withdrawn, as places that a span may touch."""
    start, end = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    for kind, _, step in _texts_of(study, guid):
        start, end = step.carried(start, end)
        if kind in {"pseudonymise", "withdraw"}:
            new = step.undone()
            start, end = np.r_[start, new.start], np.r_[end, new.end]
    order = np.argsort(start, kind="stable")
    return Revision("", start[order], end[order], (end - start)[order])


@dataclass(frozen=True, slots=True)
class Late:
    """Something that stands on an earlier version of a text than the one in use, and where its words are now; ``same`` when none of them changed."""

    kind: str
    guid: str
    version: int
    start: int
    end: int
    same: bool


def late(state: State, events: Iterable[Event], only: Collection[str] | None = None) -> list[Late]:
    """Return what stands on earlier versions of texts and has words in the present one, as comes of work apart or of an undo.

    Parameters
    ----------
    state
        The study, by kind and guid.
    events
        The log; an event may come twice. Read only when something stands on an earlier version.
    only
        Look at these things alone (guids); at everything when left out.

    Returns
    -------
    list of Late
        Without what has no words left, what stood on withdrawn words alone, and what stands in a text of which two people made another next version.
    """
    now = {guid: int(row["version"]) for guid, row in state.get("document", {}).items() if row["exists"] and (row["version"] or 1) > 1}
    behind = [
        (kind, guid, row)
        for kind in SPANNED
        for guid, row in (state.get(kind, {}).items() if now else ())
        if row["exists"] and row["start"] is not None and row["version"] < now.get(row["document"], 0) and (only is None or guid in only)
    ]
    if not behind:
        return []
    steps: dict[tuple[str, int], dict[str, tuple[str, Revision]]] = {}
    for event in events:
        for guid, edits in event.about.get("edits", {}).items():
            for version in _versions_in(event, guid):
                steps.setdefault((guid, version), {})[event.guid] = (event.kind, edits_of(edits))
    found = []
    for kind, guid, row in behind:
        document, last = row["document"], now[row["document"]]
        chain = [steps.get((document, version), {}) for version in range(int(row["version"]) + 1, last + 1)]
        if all(len(step) == 1 for step in chain):
            place = _forwards([next(iter(step.values())) for step in chain], int(row["start"]), int(row["end"]))
            if place is not None:
                found.append(Late(kind, guid, last, *place))
    return found


def _versions_in(event: Event, guid: str) -> Iterator[int]:
    for change in event.changes:
        if change.kind == "document" and "version" in change.after and guid in change.guid:
            yield int(change.after["version"][change.guid.index(guid)])


def _forwards(steps: list[tuple[str, Revision]], start: int, end: int) -> tuple[int, int, bool] | None:
    """Return where words are after some events, and whether none of them changed; ``None`` when none is left, or all were withdrawn."""
    same = True
    for kind, step in steps:
        if kind == "withdraw" and step.covers([start], [end])[0]:
            return None
        same = same and not step.touches([start], [end])[0]
        low, high = step.carried([start], [end])
        start, end = int(low[0]), int(high[0])
    return (start, end, same) if start < end else None


def brought_along(rows: Sequence[Late]) -> list[Change]:
    """Return the changes that set late things on their words in the present text."""
    changes = []
    for kind in dict.fromkeys(row.kind for row in rows):
        here = [row for row in rows if row.kind == kind]
        after = {name: [getattr(row, name) for row in here] for name in ("version", "start", "end")}
        changes.append(Change(kind, [row.guid for row in here], after))
    return changes
