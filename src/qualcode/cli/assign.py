"""``qualcode assign``: who codes which documents, and a copy for that coder without the others' work."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qualcode.cli.output import out
from qualcode.labels import say


def add(every: Any) -> None:
    """Add the command to the commands there are."""
    made = every.add("assign", run, writes=True)
    made.add_argument("study", metavar="STUDY", help=say("cli.study"))
    made.add_argument("to", metavar="CODER", help=say("merging.help_coder"))
    made.add_argument("documents", nargs="*", metavar="DOCUMENT", help=say("merging.help_documents"))
    made.add_argument("--copy", type=Path, metavar="FILE", help=say("merging.help_copy"))


def run(chosen: argparse.Namespace) -> int:
    """Assign documents to a coder, and make their copy."""
    from qualcode.project import Project

    with Project.open(chosen.study, coder=chosen.coder) as study:
        n = study.assign(chosen.to, *chosen.documents, copy=chosen.copy)
    out(say("merging.assigned", coder=chosen.to, n=n))
    if chosen.copy:
        out(say("merging.copied", coder=chosen.to, file=str(chosen.copy)))
    return 0
