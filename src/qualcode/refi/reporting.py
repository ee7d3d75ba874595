"""The exchange report: what a file held, what came along, and by name what did not. The standard asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from qualcode.labels import say
from qualcode.refi.exchange import COUNTED, Found
from qualcode.refi.positions import Decision
from qualcode.refi.schema import Breach
from qualcode.refi.writing import Written

_MOST_BREACHES = 5


@dataclass(frozen=True)
class Report:
    """What a journey between programs brought along.

    Parameters
    ----------
    origin
        The program and version that wrote the file; ours for an export.
    read, kept
        How many there were of each thing (sources, codes, codings, coders, participants, memos), and how many came along.
    dropped
        What did not come along: ``what``, ``n`` and a ``sentence``.
    notes
        What was decided on the way, as sentences.
    positions
        How positions were counted: unit, crlf, bom, matched, named; empty when there were none.
    breaches
        Where a file that was read does not keep the rules of the standard.
    """

    origin: str
    read: dict[str, int]
    kept: dict[str, int]
    dropped: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    positions: dict[str, Any] = field(default_factory=dict)
    breaches: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the report as one JSON value."""
        names = ("origin", "read", "kept", "dropped", "notes", "positions", "breaches")
        return {name: getattr(self, name) for name in names}

    def __str__(self) -> str:
        """Return the report as people read it."""
        lines = [say("refi.report_head", origin=self.origin or say("refi.unknown_origin"))]
        for what in (*COUNTED, *(name for name in self.read if name not in COUNTED)):
            if self.read.get(what) or self.kept.get(what):
                lines.append(
                    "  "
                    + say("refi.report_line", what=say(f"refi.counted_{what}"), read=self.read.get(what, 0), kept=self.kept.get(what, 0))
                )
        lines += [say("refi.report_dropped")] if self.dropped else [say("refi.report_whole")]
        lines += [f"  - {one['sentence']}" for one in self.dropped]
        lines += [say("refi.report_notes")] if self.notes else []
        lines += [f"  - {sentence}" for sentence in self.notes]
        return "\n".join(lines)


def report_of(found: Found, more: Iterable[str] = ()) -> Report:
    """Return the report of a file that was read; ``more`` are sentences of what the study did with it."""
    dropped = [{"what": what, "n": n, "sentence": say(f"refi.dropped_{what}", n=n)} for what, n in found.dropped.items()]
    notes = [*_counted(found.decision), *(str(doubt) for doubt in found.doubts), *more]
    breaches = _named(found.breaches)
    if found.breaches:
        notes.append(say("refi.breaches", n=len(found.breaches), places=", ".join(breaches[:_MOST_BREACHES])))
    positions: dict[str, Any] = {}
    if found.decision is not None:
        way, decision = found.decision.convention, found.decision
        positions = {"unit": way.unit, "crlf": way.crlf, "bom": way.bom, "matched": decision.matched, "named": decision.named}
    return Report(found.origin, found.read, found.kept, dropped, notes, positions, breaches)


def _counted(decision: Decision | None) -> list[str]:
    """Return how positions were found to be counted, where there was a choice."""
    if decision is None or decision.tried == 1:
        return []
    way = decision.convention
    facts: dict[str, Any] = {"unit": say(f"refi.unit_{way.unit}"), "crlf": way.crlf, "bom": way.bom}
    return [say("refi.counted_so", **facts, matched=decision.matched, named=decision.named, tried=decision.tried)]


def _named(breaches: Iterable[Breach]) -> list[str]:
    counts = Counter((breach.element, say(f"refi.breach_{breach.what}", of=breach.of)) for breach in breaches)
    return [say("refi.breach", element=element, what=what, n=n) for (element, what), n in counts.items()]


def report_of_written(written: Written, origin: str, *, events: int = 0) -> Report:
    """Return the report of a file that was written.

    Parameters
    ----------
    written
        The file.
    origin
        The program and version that wrote it.
    events
        How many events the study's log holds; it does not leave the study.
    """
    dropped = [{"what": what, "n": n, "sentence": say(f"refi.dropped_{what}", n=n)} for what, n in written.dropped.items()]
    dropped += [_beside(kind, n) for kind, n in written.beside.items()]
    if events:
        dropped.append({"what": "log", "n": events, "sentence": say("refi.dropped_log", n=events)})
    return Report(origin, written.read, written.kept, dropped, [say("refi.beside")])


def _beside(kind: str, n: int) -> dict[str, Any]:
    return {"what": kind, "n": n, "sentence": say("refi.only_qualcode", n=n, what=say(f"project.kind_{kind}"))}
