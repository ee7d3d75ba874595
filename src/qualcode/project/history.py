"""The verbs of history: what happened, take it back, do it again; and the doctor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from qualcode.labels import say
from qualcode.model import KINDS, Change, Event, Left, advance, inverse
from qualcode.project.blind import seen_events
from qualcode.project.versions import brought_along, late
from qualcode.store import Draft, Finding, Moved, examine

if TYPE_CHECKING:
    from qualcode.project.study import Project

_FINAL = frozenset({"create", "coder", "read", "withdraw", "pseudonymise", "correct", "carry"})
HISTORY_COLUMNS = ["at", "coder", "kind", "what", "entities", "event", "undone"]


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo or redo did: the gesture it took back or did again, and what it had to leave."""

    kind: str
    what: str
    left: tuple[Left, ...]

    def __str__(self) -> str:
        """Return what happened as a sentence."""
        sentence = say(f"project.{self.kind}", what=self.what)
        return sentence + (" " + say("project.left", n=len(self.left)) if self.left else "")


def what_of(event: Event) -> str:
    """Return a gesture in a few words of the field; never words of a transcript."""
    counts = [f"{len(change.guid)} {say(f'project.kind_{change.kind}')}" for change in event.changes]
    named = event.about.get("document") or event.about.get("code") or event.about.get("version")
    return say(f"project.did_{event.kind}") + (f" {named}" if named else "") + (f" ({', '.join(dict.fromkeys(counts))})" if counts else "")


def history(study: Project, document: str | None = None) -> pd.DataFrame:
    """Return everything that was done, the first first.

    Parameters
    ----------
    document
        Only what touched this document.

    Returns
    -------
    DataFrame
        at, coder (name), kind (the verb), what (in words), entities (how many it touched), event (guid), undone (whether a later
        undo took it back).
    """
    names = dict(zip(study.snapshot().coders["guid"], study.snapshot().coders["name"], strict=True))
    guid = study._document(document) if document else None
    found = seen_events(study)
    cancelled = _cancelled(reversed(found))
    rows = [
        {
            "at": event.at,
            "coder": names.get(event.coder, event.coder),
            "kind": event.kind,
            "what": what_of(event),
            "entities": sum(len(change.guid) for change in event.changes),
            "event": event.guid,
            "undone": event.guid in cancelled,
        }
        for event in found
        if guid is None or any(guid in change.guid or guid in change.after.get("document", ()) for change in event.changes)
    ]
    return pd.DataFrame(rows, columns=HISTORY_COLUMNS)


def _cancelled(backwards: Iterator[Event]) -> set[str]:
    """Return the events whose effect a later undo or redo took away."""
    cancelled: set[str] = set()
    for event in backwards:
        if event.guid not in cancelled:
            cancelled.update(event.about.get("undoes", ()))
    return cancelled


def _gesture(study: Project, kinds: str) -> list[Event]:
    """Return the events, last first, of this coder's latest gesture that an undo (or redo) would take back."""
    me = study._coder_guid()
    cancelled: set[str] = set()
    gesture: list[Event] = []
    for event in study._store.events(backwards=True):
        if event.coder != me or event.kind in _FINAL:
            continue
        if gesture:
            if gesture[0].about.get("group") and event.about.get("group") == gesture[0].about["group"] and event.guid not in cancelled:
                gesture.append(event)
                continue
            break
        if event.guid in cancelled:
            continue
        if event.kind == "undo" and kinds == "redo":
            return [event]
        if event.kind in {"undo", "redo"}:
            cancelled.update(event.about["undoes"])
        elif kinds == "redo":
            return []
        else:
            gesture = [event]
    return gesture


def _take_back(study: Project, kind: str) -> Undone | None:
    while True:
        study.refresh()
        seen = study._stamp.events
        gesture = _gesture(study, kind)
        if not gesture:
            return None
        state = study._store.rows(set(KINDS))
        changes: list[Change] = []
        left: list[Left] = []
        for event in gesture:
            back, kept = inverse(event, state)
            # what this takes back, the events before it in the gesture no longer find in use
            advance(state, replace(event, changes=back))
            changes += back
            left += kept
        # what comes back may have stood on an earlier version of a text
        changes += brought_along(late(state, study._store.events(), {guid for change in changes for guid in change.guid}))
        about = {"undoes": [event.guid for event in gesture], "left": [[one.kind, one.guid, one.field, one.why] for one in left]}
        try:
            study._write(Draft(kind, study._coder_guid(), tuple(changes), about), expect=seen)
        except Moved:
            continue
        return Undone(kind, what_of(gesture[-1]), tuple(left))


def undo(study: Project) -> Undone | None:
    """Take back this coder's last gesture; never anybody else's.

    What was changed since, or what other things still refer to, is left as it is and named.

    Returns
    -------
    Undone or None
        What was taken back and what was left; ``None`` when there is nothing to take back.
    """
    return _take_back(study, "undo")


def redo(study: Project) -> Undone | None:
    """Do again what the last undo took back, as long as nothing else was done since.

    Returns
    -------
    Undone or None
        What was done again and what was left; ``None`` when there is nothing to do again.
    """
    return _take_back(study, "redo")


def doctor(study: Project, *, rebuild: bool = False) -> list[Finding]:
    """Examine the study: file, log, texts, state, references, fragments; mend what the log can mend.

    Parameters
    ----------
    rebuild
        Build the state again from the log even when it is sound.
    """
    findings = examine(study._store, rebuild=rebuild)
    study._reload()
    return findings
