"""Which Dutch pipeline reads the texts: the best one that is installed, else the one that comes with qualcode; never a download."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qualcode import __version__
from qualcode.errors import BadFile, Missing, NotFound

if TYPE_CHECKING:
    from spacy.language import Language

OWN: Final = "qualcode_nl"
INSTALLED: Final = ("nl_core_news_lg", "nl_core_news_md", "nl_core_news_sm")
"""Pipelines of the makers of spaCy, best first; used where somebody installed one."""
SETTING: Final = "QUALCODE_PIPELINE"

_HERE = Path(__file__).parent / "nl"
_chosen: dict[str, str | None] = {"name": None}


def use(name: str | None) -> None:
    """Choose the pipeline of all later work in this process.

    Parameters
    ----------
    name
        ``qualcode_nl`` for the one that comes with qualcode; ``nl_core_news_lg``, ``nl_core_news_md`` or ``nl_core_news_sm`` when
        installed; ``None`` for the default: the environment variable ``QUALCODE_PIPELINE``, else the best there is.

    Raises
    ------
    NotFound
        When no pipeline has that name.
    Missing
        When it is not installed.
    """
    if name is not None:
        _folder(name)
    _chosen["name"] = name


def pipeline_name() -> str:
    """Return name and version of the pipeline in use, for exports; loads nothing.

    Examples
    --------
    >>> pipeline_name().split()[0] in {"qualcode_nl", "nl_core_news_sm", "nl_core_news_md", "nl_core_news_lg"}
    True
    """
    folder = _folder(_name())
    return f"{_name()} {_meta(folder)['version']}"


def program() -> str:
    """Return which qualcode and which Dutch pipeline make an export, so that it can be made again.

    Examples
    --------
    >>> import qualcode as qc
    >>> program() == f"qualcode {qc.__version__}, {pipeline_name()}"
    True
    """
    return f"qualcode {__version__}, {pipeline_name()}"


def _name() -> str:
    chosen = _chosen["name"] or os.environ.get(SETTING)
    return chosen or next((name for name in INSTALLED if _installed(name) is not None), OWN)


def _folder(name: str) -> Path:
    if name == OWN:
        own = _HERE / "pipeline"
        if not (own / "meta.json").is_file():
            raise Missing("language.no_pipeline", folder=str(_HERE))
        return own
    if name not in INSTALLED:
        raise NotFound("language.unknown_pipeline", name=name, known=", ".join((OWN, *INSTALLED)))
    folder = _installed(name)
    if folder is None:
        raise Missing("language.not_installed", name=name, own=OWN)
    return folder


@lru_cache(maxsize=8)
def _installed(name: str) -> Path | None:
    """Return the folder of an installed pipeline; an empty package of that name does not count, and nothing of it is run."""
    found = find_spec(name)
    for place in (found.submodule_search_locations or []) if found else []:
        top = Path(place)
        if (top / "meta.json").is_file():
            folder = top / f"{name}-{_meta(top)['version']}"
            if (folder / "config.cfg").is_file():
                return folder
    return None


def _meta(folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return made


def loaded() -> Language:
    """Return the pipeline in use, loaded once a process."""
    return _load(_folder(_name()))


@lru_cache(maxsize=2)
def _load(folder: Path) -> Language:
    import spacy

    try:
        return spacy.load(folder)
    except (OSError, ValueError, KeyError) as error:
        raise BadFile("language.damaged_pipeline", folder=str(folder), reason=type(error).__name__) from error
