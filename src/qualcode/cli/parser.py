"""The words of the command line: commands, options and their help."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qualcode import __version__
from qualcode.cli import agreement, assign, commands, correct, merge, scan, search, suggest, topics
from qualcode.cli import report as reporting
from qualcode.cli.speaking import SpeakingParser
from qualcode.labels import LANGUAGES, say

PROFILES = ("onderzoeker", "supervisor", "opdrachtgever", "openbaar")
FORMATS = ("docx", "html", "pdf", "odt", "md")


def _formats(text: str) -> tuple[str, ...]:
    wanted = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    wrong = [part for part in wanted if part not in FORMATS]
    if wrong or not wanted:
        raise argparse.ArgumentTypeError(say("cli.bad_format", wrong=", ".join(wrong), known=", ".join(FORMATS)))
    return wanted


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


class _Commands:
    """Adds commands to a parser, each with its help, its function and the options all share."""

    def __init__(self, holder: argparse.ArgumentParser, dest: str) -> None:
        self._sub = holder.add_subparsers(dest=dest, required=True, metavar=say("cli.command"))

    def add(
        self, name: str, run: Callable[..., int], *, key: str = "", writes: bool = False, machine: bool = False
    ) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = self._sub.add_parser(name, help=say(f"cli.{key or name}"), description=say(f"cli.{key or name}"))
        made.set_defaults(run=run)
        made.add_argument("--lang", choices=LANGUAGES, help=say("cli.lang"))
        if writes:
            made.add_argument("--coder", metavar=say("cli.name"), help=say("cli.coder"))
        if machine:
            made.add_argument("--json", action="store_true", help=say("cli.json"))
        return made

    def group(self, name: str) -> _Commands:
        return _Commands(self._sub.add_parser(name, help=say(f"cli.{name}"), description=say(f"cli.{name}")), f"{name}_command")


def _study(made: argparse.ArgumentParser, **options: Any) -> None:
    made.add_argument("study", metavar="STUDY", help=say("cli.study"), **options)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = SpeakingParser(prog="qualcode", description=say("cli.about"))
    top.add_argument("--version", action="version", version=f"qualcode {__version__}", help=say("cli.version"))
    top.add_argument("--lang", choices=LANGUAGES, help=say("cli.lang"))
    every = _Commands(top, "command")
    _add_study_commands(every)
    correct.add(every)
    _add_codebook_commands(every.group("codebook"))
    _add_codings_commands(every.group("codings"))
    agreement.add(every)
    scan.add(every)
    topics.add(every)
    suggest.add(every)
    search.add(every)
    merge.add(every)
    assign.add(every)
    reporting.add(every)
    _add_log_commands(every)
    return top


def _add_study_commands(every: _Commands) -> None:
    demo = every.add("demo", commands.demo)
    demo.add_argument("folder", nargs="?", type=Path, default=Path("qualcode-demo"), metavar="DIR", help=say("cli.demo_dir"))
    demo.add_argument("--run", action="store_true", dest="whole", help=say("cli.demo_run"))
    demo.add_argument("--no-browser", action="store_true", help=say("cli.no_browser"))

    new = every.add("new", commands.new, writes=True)
    _study(new)
    new.add_argument("--codebook", type=Path, metavar="FILE", help=say("cli.new_codebook"))

    bring = every.add("import", commands.bring, writes=True, machine=True)
    _study(bring)
    bring.add_argument("sources", nargs="+", metavar="SOURCE", help=say("cli.sources"))
    bring.add_argument("--name", help=say("cli.import_name"))
    bring.add_argument("--kind", help=say("cli.import_kind"))
    bring.add_argument("--documents", type=Path, metavar="CSV", help=say("cli.import_documents"))
    bring.add_argument("--participants", type=Path, metavar="CSV", help=say("cli.import_participants"))
    bring.add_argument("--tiers", type=_names, metavar="A,B", help=say("cli.tiers"))
    bring.add_argument("--turns", type=Path, metavar="DIR", help=say("cli.turns"))
    bring.add_argument("--dry-run", action="store_true", help=say("cli.dry_run"))

    record = every.add("record", commands.record, writes=True)
    _study(record)
    record.add_argument("kind", metavar="KIND", help=say("cli.record_kind"))
    record.add_argument("file", type=Path, metavar="FILE", help=say("cli.record_file"))

    report = every.add("report", commands.report)
    _study(report)
    report.add_argument("--out", type=Path, required=True, metavar="DIR", help=say("cli.report_out"))
    report.add_argument("--profile", choices=PROFILES, default="onderzoeker", help=say("cli.report_profile"))
    report.add_argument(
        "--format", type=_formats, default=("docx", "html", "pdf"), metavar=",".join(FORMATS), help=say("cli.report_format")
    )
    reporting.final_option(report)

    export = every.add("export", commands.export, machine=True)
    _study(export)
    export.add_argument("target", type=Path, metavar="TARGET", help=say("cli.export_target"))
    export.add_argument("--table", metavar="NAME", help=say("cli.export_table"))
    export.add_argument("--excel", action="store_true", help=say("cli.export_excel"))
    export.add_argument("--nvivo", action="store_true", help=say("refi.help_nvivo"))

    lab = every.add("lab", commands.lab)
    _study(lab, nargs="?")
    lab.add_argument("--no-browser", action="store_true", help=say("cli.no_browser"))


def _add_codebook_commands(codebook: _Commands) -> None:
    check = codebook.add("check", commands.codebook_check, key="codebook_check")
    check.add_argument("file", type=Path, metavar="FILE", help=say("cli.codebook_file"))
    _study(codebook.add("show", commands.codebook_show, key="codebook_show"))
    take = codebook.add("import", commands.codebook_import, key="codebook_import", writes=True, machine=True)
    _study(take)
    take.add_argument("file", type=Path, metavar="FILE", help=say("cli.codebook_file"))
    save = codebook.add("export", commands.codebook_export, key="codebook_export")
    _study(save)
    save.add_argument("file", type=Path, metavar="FILE", help=say("cli.codebook_file"))


def _add_codings_commands(codings: _Commands) -> None:
    take = codings.add("import", commands.codings_import, key="codings_import", writes=True, machine=True)
    _study(take)
    take.add_argument("file", type=Path, metavar="FILE", help=say("cli.codings_file"))
    take.add_argument("--partial", action="store_true", help=say("cli.partial"))
    save = codings.add("export", commands.codings_export, key="codings_export")
    _study(save)
    save.add_argument("file", type=Path, metavar="FILE", help=say("cli.codings_file"))
    save.add_argument("--excel", action="store_true", help=say("cli.export_excel"))


def _add_log_commands(every: _Commands) -> None:
    trace = every.add("trace", commands.trace, machine=True)
    _study(trace)
    trace.add_argument("reference", metavar="REF", help=say("cli.trace_ref"))
    _study(every.add("history", commands.history, machine=True))
    _study(every.add("undo", commands.undo, writes=True))
    _study(every.add("redo", commands.redo, writes=True))
    doctor = every.add("doctor", commands.doctor, machine=True)
    _study(doctor)
    doctor.add_argument("--rebuild", action="store_true", help=say("cli.rebuild"))
    doctor.add_argument("--migrate", action="store_true", help=say("cli.migrate"))
