"""The doctor: is the study what was written, does everything refer to something, is the projection what the log says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from qualcode.labels import say
from qualcode.model import KINDS, State, replay
from qualcode.model.events import chained
from qualcode.store import log, projection
from qualcode.store.tables import blob

if TYPE_CHECKING:
    from qualcode.store.study import Store

Check = Literal["file", "chain", "texts", "projection", "references", "spans", "circles"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the doctor looked at: sound or not, mended or not, with the facts."""

    check: Check
    sound: bool
    repaired: bool
    facts: dict[str, Any]

    def __str__(self) -> str:
        """Return the finding as a sentence."""
        state = "sound" if self.sound else "repaired" if self.repaired else "unsound"
        return say(f"store.doctor_{self.check}_{state}", **self.facts)


def broken_links(connection: sa.Connection) -> list[str]:
    """Return the guids of events whose hash does not follow from the one before it."""
    broken: list[str] = []
    previous = ""
    for event, payload, kept in log.raw(connection):
        if chained(previous, event, payload) != kept:
            broken.append(event.guid)
        previous = kept
    return broken


def _wrong_texts(connection: sa.Connection) -> list[str]:
    rows = connection.execute(sa.select(blob.c.sha, blob.c.body, blob.c.masked))
    return [row.sha for row in rows if log.sha(row.body) != (row.masked or row.sha)]


def _dangling(state: State) -> list[str]:
    found: list[str] = []
    for name, rows in state.items():
        for field in KINDS[name].fields:
            if field.refers_to:
                known = {guid for guid, row in state.get(field.refers_to, {}).items() if row["exists"]}
                found += [guid for guid, row in rows.items() if row["exists"] and row[field.name] and row[field.name] not in known]
    return found


def _outside(state: State, lengths: dict[str, int]) -> list[str]:
    ends = {guid: lengths.get(row["text"], -1) for guid, row in state.get("document", {}).items() if row["exists"]}
    versions = {guid: row["version"] for guid, row in state.get("document", {}).items()}
    found: list[str] = []
    for name in ("coding", "interaction", "prompt", "memo"):
        for guid, row in state.get(name, {}).items():
            if row["exists"] and row["document"] in ends and row["version"] == versions[row["document"]]:
                inside = row["start"] is None or 0 <= row["start"] < row["end"] <= ends[row["document"]]
                found += [] if inside else [guid]
    return found


def examine(store: Store, *, rebuild: bool = False) -> list[Finding]:
    """Look at everything and mend what the log can mend: the projection.

    Parameters
    ----------
    rebuild
        Make the projected tables again even when they are sound.

    Returns
    -------
    list of Finding
        One a check: file, chain, texts, projection, references, spans, circles.
    """
    with store.reading() as connection:
        damage = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() if connection.dialect.name == "sqlite" else ["ok"]
        broken = broken_links(connection)
        wrong = _wrong_texts(connection)
        lengths = {address: len(body) for address, body in log.texts(connection).items()}
        replayed, ignored = replay(log.events(connection))
        kept = dict(projection.read(connection))
    differs = [name for name in KINDS if kept.get(name, {}) != replayed.get(name, {})]
    mend = bool(rebuild or differs) and not broken
    if mend:
        store.rebuild()
    dangling, outside = _dangling(replayed), _outside(replayed, lengths)
    return [
        Finding("file", damage == ["ok"], False, {"n": 0 if damage == ["ok"] else len(damage)}),
        Finding("chain", not broken, False, {"n": len(broken), "first": broken[0] if broken else ""}),
        Finding("texts", not wrong, False, {"n": len(wrong)}),
        Finding("projection", not differs, mend, {"tables": ", ".join(differs)}),
        Finding("references", not dangling, False, {"n": len(dangling)}),
        Finding("spans", not outside, False, {"n": len(outside)}),
        Finding("circles", not ignored, False, {"n": len(ignored)}),
    ]
