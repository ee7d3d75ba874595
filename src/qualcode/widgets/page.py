"""What every desk sends to its page once: one script, one style sheet and the words, all from files beside this one."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from qualcode.labels import Language, catalogue

_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def _static(name: str) -> str:
    return (files(__package__) / "static" / name).read_text(encoding="utf-8")


@cache
def script(*names: str) -> str:
    """Return modules of ``static/`` as one: a widget's script is a single file, and a build step is one more thing to break.

    Parameters
    ----------
    names
        Files in order of need; only the last has a default export. Names at the top of a module are unique over all of them.
    """
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", _static(name))) for name in names)


@cache
def style(*names: str) -> str:
    """Return style sheets of ``static/`` as one."""
    return "\n".join(_static(name) for name in names)


def words(lang: Language, *rooms: str) -> dict[str, str]:
    """Return every word that a desk shows, by name, in one language.

    Parameters
    ----------
    lang
        The language of the screen.
    rooms
        Rooms of the catalogue; what a page shows has a key ``page_…`` there, and a name stands in one room only.
    """
    start = "page_"
    return {name.removeprefix(start): said[lang] for room in rooms for name, said in catalogue(room).items() if name.startswith(start)}
