"""``qualcode correct``: a corrected transcript in the place of the one that was coded, or its turns laid down to be corrected."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qualcode.cli.output import note, out, out_json, records, table
from qualcode.errors import Refused
from qualcode.labels import say

_WORDS = 60


def add(every: Any) -> None:
    """Add the command to the commands there are."""
    made = every.add("correct", run, writes=True, machine=True)
    made.add_argument("study", metavar="STUDY", help=say("cli.study"))
    made.add_argument("document", metavar="DOCUMENT", help=say("cli.correct_document"))
    made.add_argument("file", nargs="?", type=Path, metavar="FILE", help=say("cli.correct_file"))
    made.add_argument("--out", type=Path, metavar="CSV", help=say("cli.correct_out"))
    made.add_argument("--remove", action="store_true", help=say("cli.correct_remove"))
    made.add_argument("--dry-run", action="store_true", help=say("cli.dry_run"))


def run(chosen: argparse.Namespace) -> int:
    """Correct a document, or lay its turns down."""
    from qualcode.project import Project

    if (chosen.file is None) == (chosen.out is None):
        raise Refused("cli.correct_which")
    with Project.open(chosen.study, coder=chosen.coder) as study:
        if chosen.out is not None:
            out(say("cli.correct_laid", file=str(study.write_turns(chosen.document, chosen.out))))
            return 0
        found = study.correct(chosen.document, chosen.file, remove=chosen.remove, dry_run=chosen.dry_run)
    for sentence in found.attrs["notes"]:
        note(sentence)
    if chosen.json:
        out_json(records(found))
        return 0
    rows = [
        {
            **row,
            "kind": say(f"project.kind_{row['kind']}"),
            "outcome": say(f"project.correct_outcome_{row['outcome']}"),
            "before": _short(row["before"]),
            "after": _short(row["after"]),
        }
        for row in records(found[found["outcome"] != "moved"])
    ]
    if rows:
        table(rows, {name: say(f"cli.correct_head_{name}") for name in ("kind", "outcome", "turn", "code", "coder", "before", "after")})
    moved, changed, gone = (int((found["outcome"] == name).sum()) for name in ("moved", "changed", "gone"))
    done = "project.would_correct" if chosen.dry_run else "project.corrected"
    out(say(done, document=chosen.document, moved=moved, changed=changed, gone=gone))
    return 0


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _WORDS else line[: _WORDS - 1] + "…"
