"""``qualcode merge``: copies of one study together; a dry run first tells what wants a look."""

from __future__ import annotations

import argparse
from typing import Any

from qualcode.cli.output import note, out, out_json, records
from qualcode.labels import say


def add(every: Any) -> None:
    """Add the command to the commands there are."""
    made = every.add("merge", run, writes=True, machine=True)
    made.add_argument("study", metavar="STUDY", help=say("cli.study"))
    made.add_argument("other", metavar="OTHER", help=say("cli.merge_other"))
    made.add_argument("--dry-run", action="store_true", help=say("cli.dry_run"))


def run(chosen: argparse.Namespace) -> int:
    """Bring copies of a study together, or tell what that would do."""
    from qualcode.project import Project

    with Project.open(chosen.study, coder=chosen.coder) as study:
        done = study.merge(chosen.other, dry_run=chosen.dry_run)
    if chosen.json:
        concerns = records(done.concerns)
        circles = sum(row["concern"] == "circle" for row in concerns)
        out_json({"events": done.events, "ignored": circles, "written": done.written, "brings": records(done.brings), "concerns": concerns})
        return 0
    result, *rest = str(done).split("\n")
    out(result)
    for line in rest:
        (out if chosen.dry_run else note)(line)
    return 0
