"""Correcting a transcript after coding began: another version of its text, with everything that points into it carried over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from qualcode.errors import Refused
from qualcode.labels import listed, say
from qualcode.model import SPANNED, Change, Snapshot
from qualcode.privacy.revising import Revision, edits_between
from qualcode.project.versions import carried_changes, new_version, standing_on, taken_away
from qualcode.store import Draft, Moved
from qualcode.writing import whole_or_not

if TYPE_CHECKING:
    from qualcode.importers import Reading
    from qualcode.project.study import Project

CORRECTED_COLUMNS = ["kind", "guid", "outcome", "turn", "code", "coder", "before", "after", "start", "end"]
OUTCOMES = ("moved", "changed", "gone")


@dataclass(frozen=True)
class _Step:
    """A correction, worked out on one state of the study."""

    changes: tuple[Change, ...]
    edits: list[list[int]]
    text: str
    listed: pd.DataFrame


def write_turns(study: Project, document: str, path: str | Path) -> Path:
    """Write the turns of a document as a table that can be corrected and brought back with :meth:`correct`.

    Parameters
    ----------
    document
        Name of the document.
    path
        The CSV to write: ``speaker``, ``time``, ``text``.

    Raises
    ------
    Refused
        When the file is there already.
    """
    from qualcode.importers import Turns, turn_table

    target = Path(path)
    now, guid = study.snapshot(), study._document(document)
    if target.exists():
        raise Refused("project.turns_there", file=target.name, folder=str(target.absolute().parent))
    turns = now.document_row(guid)["turns"]
    table = turn_table(now.text(guid), Turns(**{"time": [None] * len(turns["start"]), "gaps": [], **turns}))
    whole_or_not(target, partial(table.to_csv, index=False, lineterminator="\n"))
    return target


def correct(study: Project, document: str, source: str | Path, *, remove: bool = False, dry_run: bool = False) -> pd.DataFrame:
    """Put a corrected transcript in the place of a document's text; codings, notes and all else that stands on its words are carried over.

    The earlier text stays in the study, as an earlier version: to take words away for good is :meth:`withdraw` or :meth:`pseudonymise`. It is
    not taken back by :meth:`undo`, since others may go on coding in the new text; correct again, with the earlier file, instead.

    Parameters
    ----------
    document
        Name of the document; its name, kind, attributes and the roles of its speakers stay.
    source
        The corrected file, of any kind that can be imported; :meth:`write_turns` gives a table to correct.
    remove
        Take out what stands on words that are no longer there; without it such a correction is refused.
    dry_run
        Work out what would happen, write nothing.

    Returns
    -------
    DataFrame
        One row a thing that stands on words of this document and does not stay as it is: ``kind`` (coding, memo, quote …), ``guid``, ``outcome``
        (``moved``: the same words elsewhere; ``changed``: other words; ``gone``: no words left), ``turn`` (number in the new text), ``code``, ``coder``
        (names), ``before``, ``after`` (words), ``start``, ``end`` (code points in the new text). ``attrs["notes"]`` holds sentences a reader must know: speakers
        that came or went, turns that have another number, what was doubtful about the file.

    Raises
    ------
    BadFile
        When the file is damaged, empty, encrypted or not what it should be.
    Refused
        When it would bring back words that were pseudonymised or withdrawn, or (without ``remove``) take words away on which something stands.
        The study stays as it was.

    Examples
    --------
    >>> import qualcode as qc, tempfile, pathlib
    >>> study, folder = qc.demo(["FG1"]), pathlib.Path(tempfile.mkdtemp())
    >>> file = study.write_turns("FG1", folder / "FG1.csv")
    >>> words = file.read_text(encoding="utf-8").replace("collega", "collega daar", 1)
    >>> written = file.write_text(words, encoding="utf-8")
    >>> found = study.correct("FG1", file, dry_run=True)
    >>> set(found["outcome"]) <= {"moved", "changed"}
    True
    """
    from qualcode.importers import read

    reading = read(Path(source))
    while True:
        study.refresh()
        seen, guid = study._stamp.events, study._document(document)
        step = _worked_out(study, guid, reading)
        if dry_run or not step.changes:
            return step.listed
        gone = step.listed[step.listed["outcome"] == "gone"]
        if step.listed.attrs["gone"] and not remove:
            kinds = listed([say(f"project.kind_{kind}") for kind in dict.fromkeys(gone["kind"])])
            raise Refused("project.correct_gone", document=document, n=step.listed.attrs["gone"], kinds=kinds or say("words.nothing"))
        about = {"document": document, "source": reading.source, "edits": {guid: step.edits}}
        sha = step.changes[0].after["text"][0]
        try:
            study._write(Draft("correct", study._coder_guid(), step.changes, about, {sha: step.text}), expect=seen)
        except Moved:
            continue
        return step.listed


def _worked_out(study: Project, guid: str, reading: Reading) -> _Step:
    """Work out what a corrected file does to a document: the changes, and what a person wants to know of them."""
    now, visible = study._whole(), study.snapshot()
    old, row = now.text(guid), now.document_row(guid)
    edits = edits_between(old, reading.text)
    turns = reading.turns.as_json()
    if not edits and all(turns[name] == row["turns"].get(name, turns[name]) for name in ("start", "end", "label", "time")):
        return _Step(
            (),
            [],
            old,
            _listing(pd.DataFrame(columns=CORRECTED_COLUMNS), [say("project.correct_same", document=row["name"], file=reading.source)]),
        )
    covered = taken_away(study, guid)
    here = (
        np.array([covered.touches([start], [end])[0] for start, end, _ in edits], dtype=bool) if len(covered.start) else np.zeros(0, bool)
    )
    if here.any():
        raise Refused("project.correct_covered", document=row["name"], n=int(here.sum()), file=reading.source)
    revision, change = new_version(now, guid, edits, turns)
    numbers = _numbers(row["turns"], turns, revision)
    table = _outcomes(now, guid, revision, turns)
    gone = {str(kind): list(held) for kind, held in table[table["outcome"] == "gone"].groupby("kind")["guid"]}
    spoken, sentences = _speakers(study, now, guid, reading)
    change.after.update({"source": [reading.source], "format": [reading.format]})
    change.after["warnings"] = [[{"key": doubt.key, "facts": doubt.facts} for doubt in reading.doubts]]
    carried = carried_changes(now, guid, revision, {(kind, one) for kind, held in gone.items() for one in held}, turns=numbers)
    lost = [Change(kind, held, {"exists": [False] * len(held)}) for kind, held in gone.items()]
    moved = next((number for number in range(1, len(row["turns"]["start"]) + 1) if numbers.get(number, number) != number), None)
    notes = [
        *sentences,
        *([say("project.correct_renumbered", document=row["name"], turn=moved)] if moved else []),
        *(str(doubt) for doubt in reading.doubts),
    ]
    # a coder who works blind is told of their own work
    seen = {one for kind in SPANNED for one in visible.tables[kind]["guid"]}
    table = _listing(table[table["guid"].isin(seen)], notes, sum(map(len, gone.values())))
    return _Step((change, *spoken, *carried, *lost), [[start, end, len(words)] for start, end, words in edits], revision.text, table)


def _listing(table: pd.DataFrame, notes: list[str], gone: int = 0) -> pd.DataFrame:
    table = table.reset_index(drop=True)
    table.attrs |= {"notes": notes, "gone": gone}
    return table


def _numbers(before: dict[str, Any], after: dict[str, Any], revision: Revision) -> dict[int, int]:
    """Return the new number of each old turn of which the words are the same, from 1."""
    start, end = revision.carried(before["start"], before["end"])
    same = ~revision.touches(before["start"], before["end"])
    place = {bounds: number for number, bounds in enumerate(zip(after["start"], after["end"], strict=True), 1)}
    found = [place.get(bounds) for bounds in zip(start.tolist(), end.tolist(), strict=True)]
    return {number: new for number, (new, kept) in enumerate(zip(found, same, strict=True), 1) if new is not None and kept}


def _outcomes(now: Snapshot, guid: str, revision: Revision, turns: dict[str, Any]) -> pd.DataFrame:
    """Return what does not stay as it is, one row a thing."""
    old, new = now.text(guid), revision.text
    ids = now.codes.set_index("guid")["id"]
    names = now.coders.set_index("guid")["name"]
    parts = [pd.DataFrame(columns=CORRECTED_COLUMNS)]
    for kind in SPANNED:
        placed = standing_on(now, guid, kind)
        start, end = (placed[bound].astype("int64").to_numpy() for bound in ("start", "end"))
        low, high = revision.carried(start, end)
        blank = np.array([not new[a:b].strip() for a, b in zip(low, high, strict=True)], dtype=bool)
        outcome = np.select([blank, revision.touches(start, end), low != start], ["gone", "changed", "moved"], "")
        frame = pd.DataFrame(
            {
                "kind": kind,
                "guid": placed["guid"].to_numpy(),
                "outcome": outcome,
                "turn": np.searchsorted(np.asarray(turns["start"], dtype=np.int64), low, side="right"),
                "code": placed["code"].map(ids).to_numpy() if "code" in placed else None,
                "coder": placed["coder"].map(names).to_numpy() if "coder" in placed else None,
                "before": [old[a:b] for a, b in zip(start, end, strict=True)],
                "after": [new[a:b] for a, b in zip(low, high, strict=True)],
                "start": low,
                "end": high,
            }
        )
        parts.append(frame[frame["outcome"] != ""])
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True).astype(object)


def _speakers(study: Project, now: Snapshot, guid: str, reading: Reading) -> tuple[list[Change], list[str]]:
    """Return what makes the speakers those of the corrected file, and sentences about who came and who went."""
    there = now.speakers[now.speakers["document"] == guid]
    fresh = reading.speakers[~reading.speakers["label"].isin(there["label"])]
    silent = there[~there["label"].isin(reading.speakers["label"])]
    changes, sentences = [], []
    if len(fresh):
        size = len(fresh)
        after: dict[str, list[Any]] = {
            "exists": [True] * size,
            "document": [guid] * size,
            "label": list(fresh["label"]),
            "role": list(fresh["role"]),
        }
        changes.append(Change("speaker", [study._store.guids() for _ in range(size)], after))
        sentences.append(say("project.correct_new_speakers", labels=listed(list(fresh["label"]))))
    if len(silent):
        changes.append(Change("speaker", list(silent["guid"]), {"exists": [False] * len(silent)}))
        sentences.append(say("project.correct_silent", labels=listed(list(silent["label"]))))
    return changes, sentences
