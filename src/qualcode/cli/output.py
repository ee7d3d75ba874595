"""How a command speaks: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

Progress = Callable[[str, int, int], None]


def out(text: str) -> None:
    """Write a result."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """Write something beside the result."""
    sys.stderr.write(f"{text}\n")


def out_json(value: Any) -> None:
    """Write one JSON value and nothing else."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame as JSON objects; missing is null."""
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", force_ascii=False))
    return rows


def table(rows: list[dict[str, Any]], heads: dict[str, str]) -> None:
    """Write rows as aligned columns; ``heads`` names the columns on screen."""
    cells = [list(heads.values()), *([str("" if row[key] is None else row[key]) for key in heads] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(heads))]
    for line in cells:
        out("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a bar on stderr while something long is going on; nothing when stderr is not a screen."""
    from tqdm import tqdm

    bar = tqdm(file=sys.stderr, leave=False, disable=not sys.stderr.isatty(), bar_format="{desc:<34} {bar:30} {n}/{total}")

    def step(what: str, done: int, total: int) -> None:
        bar.total = total
        bar.set_description_str(what, refresh=False)
        bar.update(done - bar.n)

    try:
        yield step
    finally:
        bar.close()


@contextmanager
def warn_on_stderr() -> Iterator[None]:
    """Show warnings of our own as one plain line; those of libraries stay as they are."""
    with warnings.catch_warnings():
        shown = warnings.showwarning

        def plain(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if category.__module__.startswith("qualcode"):
                note(str(message))
            else:
                shown(message, category, *where, **more)

        warnings.showwarning = plain
        yield
