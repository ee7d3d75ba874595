"""The commands beside ``qualcode report``: how far the sections are, agreeing on them, the kernblad, freezing, releasing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qualcode.cli.output import note, out, out_json, records, table
from qualcode.labels import say

_LEVELS = ("L0", "L1", "L2", "L3")


def add(every: Any) -> None:
    """Add the commands to those there are."""
    for name, run, writes, machine in (
        ("sections", sections, False, True),
        ("agree", agree, True, False),
        ("kernblad", kernblad, False, False),
        ("freeze", freeze, False, False),
        ("release", release, True, True),
    ):
        made = every.add(name, run, writes=writes, machine=machine)
        made.add_argument("study", metavar="STUDY", help=say("cli.study"))
        _OPTIONS[name](made)


def final_option(made: argparse.ArgumentParser) -> None:
    """Add the option that asks for a definitive report."""
    made.add_argument("--final", action="store_true", help=say("report.help_final"))


def _folder(made: argparse.ArgumentParser) -> None:
    made.add_argument("--out", type=Path, required=True, metavar="DIR", help=say("report.help_out"))


def _of_agree(made: argparse.ArgumentParser) -> None:
    _folder(made)
    made.add_argument("sections", nargs="*", metavar="SECTION", help=say("report.help_section"))
    made.add_argument("--note", default="", help=say("report.help_note"))


def _of_freeze(made: argparse.ArgumentParser) -> None:
    made.add_argument("target", type=Path, metavar="TARGET", help=say("report.help_target"))
    made.add_argument("--out", type=Path, metavar="DIR", help=say("report.help_out"))


def _of_release(made: argparse.ArgumentParser) -> None:
    made.add_argument("folder", type=Path, metavar="DIR", help=say("report.help_bundle"))
    made.add_argument("--level", choices=_LEVELS, required=True, help=say("report.help_level"))
    made.add_argument("--decision", default="", help=say("report.help_decision"))
    made.add_argument("--report", type=Path, metavar="DIR", help=say("report.help_along"))


_OPTIONS = {"sections": _folder, "agree": _of_agree, "kernblad": _folder, "freeze": _of_freeze, "release": _of_release}


def sections(chosen: argparse.Namespace) -> int:
    """Show how far each section is, and why."""
    from qualcode.project import Project

    with Project.open(chosen.study) as study:
        frame = study.sections(chosen.out)
    if chosen.json:
        out_json(records(frame))
    else:
        table(records(frame), {name: say(f"report.column_{name}") for name in ("section", "title", "state", "why")})
    return 0


def agree(chosen: argparse.Namespace) -> int:
    """Agree on sections as they stand."""
    from qualcode.project import Project

    with Project.open(chosen.study, coder=chosen.coder) as study:
        frame = study.agree(chosen.out, chosen.sections or None, note=chosen.note)
    counts = frame["state"].value_counts()
    out(say("report.agreed_on", n=int(counts.get("akkoord", 0)), of=len(frame)))
    return 0


def kernblad(chosen: argparse.Namespace) -> int:
    """Write the kernblad."""
    from qualcode.project import Project

    with Project.open(chosen.study) as study:
        built = study.kernblad(chosen.out, profile="openbaar")
    for path in built.paths:
        out(say("cli.written", file=str(path)))
    return 0


def freeze(chosen: argparse.Namespace) -> int:
    """Freeze a study with the texts of its report."""
    from qualcode.project import Project

    with Project.open(chosen.study) as study:
        out(say("cli.written", file=str(study.freeze(chosen.target, out=chosen.out))))
    note(say("report.frozen_holds_words"))
    return 0


def release(chosen: argparse.Namespace) -> int:
    """Make a bundle for others."""
    from qualcode.project import Project

    with Project.open(chosen.study, coder=chosen.coder) as study:
        made = study.release(chosen.folder, chosen.level, decision=chosen.decision, report=chosen.report)
    if chosen.json:
        out_json(records(made.manifest))
    else:
        for name in made.manifest["file"]:
            out(say("cli.written", file=str(made.folder / name)))
    return 0
