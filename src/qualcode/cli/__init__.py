"""The command line: every command is a verb of the project, its words from the catalogue."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from qualcode.errors import QualcodeError
from qualcode.labels import LANGUAGES, set_language


def _chosen_language(arguments: Sequence[str]) -> None:
    """Take ``--lang`` before the parser is built, so that help is in the right language too."""
    for place, word in enumerate(arguments):
        value = (
            word.partition("=")[2]
            if word.startswith("--lang=")
            else arguments[place + 1]
            if word == "--lang" and place + 1 < len(arguments)
            else ""
        )
        if value in LANGUAGES:
            set_language(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 it could not, 2 wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _chosen_language(words)
    from qualcode.cli.parser import parser

    chosen = parser().parse_args(words)
    from qualcode.cli.output import warn_on_stderr

    try:
        with warn_on_stderr():
            return int(chosen.run(chosen))
    except QualcodeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130
