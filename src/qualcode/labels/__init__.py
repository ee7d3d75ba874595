"""Every word a person sees, in Dutch and English; one catalogue file a room.

A key is ``room.name``; the room is a TOML file in this folder with one table a name, holding ``nl``
and ``en``. Sentences take their facts by name: ``say("errors.no_document", name="FG1")``.
"""

from __future__ import annotations

import os
import tomllib
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")

_chosen: ContextVar[Language | None] = ContextVar("language", default=None)


def language() -> Language:
    """Return the language in use: the one set, else ``QUALCODE_LANG``, else Dutch."""
    chosen = _chosen.get()
    if chosen is not None:
        return chosen
    wanted = os.environ.get("QUALCODE_LANG", "nl")
    return next((known for known in LANGUAGES if known == wanted), "nl")


def set_language(lang: Language | None) -> None:
    """Choose the language of every later sentence; ``None`` returns to the default."""
    if lang is not None and lang not in LANGUAGES:
        raise ValueError(f"language is one of {', '.join(LANGUAGES)}, not {lang!r}")
    _chosen.set(lang)


@cache
def catalogue(room: str) -> dict[str, dict[str, str]]:
    """Return all sentences of one room, by name and language."""
    return cast("dict[str, dict[str, str]]", tomllib.loads((files(__name__) / f"{room}.toml").read_text(encoding="utf-8")))


def say(key: str, /, *, lang: Language | None = None, **facts: Any) -> str:
    """Return the sentence ``room.name`` in the language in use, with its facts filled in.

    Examples
    --------
    >>> say("words.focusgroup", lang="nl")
    'focusgroep'
    """
    room, _, name = key.partition(".")
    sentence = catalogue(room)[name][lang or language()]
    return sentence.format(**facts) if facts else sentence


def listed(items: list[str] | tuple[str, ...], *, lang: Language | None = None, most: int = 8) -> str:
    """Return names as running text, the first few only when there are many.

    Examples
    --------
    >>> listed(["FG1", "FG2", "IV1"], lang="nl")
    'FG1, FG2 en IV1'
    """
    shown = list(items[:most])
    if len(items) > most:
        return ", ".join(shown) + " " + say("words.and_more", lang=lang, n=len(items) - most)
    if len(shown) < 2:  # noqa: PLR2004
        return "".join(shown)
    return ", ".join(shown[:-1]) + f" {say('words.and', lang=lang)} {shown[-1]}"
