"""A parser that speaks the language in use: argparse itself knows English only."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from qualcode.labels import say

_SAID = (
    (re.compile(r"the following arguments are required: (?P<what>.*)"), "cli.required"),
    (re.compile(r"argument (?P<what>.*?): invalid choice: (?P<given>.*?) \(choose from (?P<known>.*)\)"), "cli.invalid_choice"),
    (re.compile(r"argument (?P<what>.*?): expected (one|at least one) argument"), "cli.expected"),
    (re.compile(r"unrecognized arguments: (?P<what>.*)"), "cli.unrecognized"),
    (re.compile(r"argument (?P<what>.*?): (?P<why>.*)"), "cli.argument"),
)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, f"{say('cli.usage')} " if prefix is None else prefix)


class SpeakingParser(argparse.ArgumentParser):
    """An argument parser whose headings and complaints come from the catalogue."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Help, **options, "add_help": False})
        self._positionals.title, self._optionals.title = say("cli.positionals"), say("cli.optionals")
        self.add_argument("-h", "--help", action="help", help=say("cli.help"))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words of a command, and stop with exit code 2."""
        for pattern, key in _SAID:
            found = pattern.fullmatch(message)
            if found:
                facts: dict[str, Any] = found.groupdict()
                message = say(key, **facts)
                break
        self.print_usage(sys.stderr)
        self.exit(2, f"{message}\n")
