"""Likely codes for a corpus too large for memory, from what a study learned: worked on in parts, by processes side by side, written to Parquet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from qualcode.discovery import partwork
from qualcode.discovery.cluster import processes
from qualcode.discovery.embedding import Embedder
from qualcode.discovery.sampling import Clock, Run, Step
from qualcode.discovery.streaming import in_parts, room_for, workshop
from qualcode.discovery.suggesting import NOTHING, Suggester
from qualcode.labels import say

LIKELY_COLUMNS = ("code", "name", "texts", "share", "right", "asked")


@dataclass(frozen=True)
class LargeSuggestions:
    """Likely codes for a large corpus. Proposals: nothing in the study changes, and no text is coded.

    Parameters
    ----------
    folder
        Where the answer stands: ``rows/part-*.parquet`` (``row``, ``text``, ``code``, ``name``, ``chance``, ``measured``: a row a text and likely
        code, the likeliest first; one row without a code for a text of which nothing can be said), ``codes.parquet``, ``about.json``.
    codes
        One row a code, in order of the codebook: ``code`` (id), ``name``, ``texts`` (for how many it is likely), ``share`` (of all texts), ``right`` of
        ``asked`` (suggestions that a coding confirmed, on sessions of the study that were held out).
    texts, without
        How many texts there are, and for how many no code is likely enough.
    model, seed, workers
        What made the vectors, with which seed, over how many processes.
    seconds
        How long each step took.
    notes
        What a reader must know. Sentences.
    """

    folder: Path
    codes: pd.DataFrame = field(repr=False)
    texts: int
    without: int
    model: str
    seed: int
    workers: int
    seconds: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def rows(self) -> pd.DataFrame:
        """Return all rows as one frame: only for a corpus that fits in memory."""
        return pd.read_parquet(self.folder / "rows")


def suggest_over(
    suggester: Suggester,
    named: Mapping[str, tuple[str, str]],
    files: tuple[Path, Path],
    model: Embedder,
    *,
    column: str = "text",
    workers: int = 2,
    scheduler: str | None = None,
    tell: Step | None = None,
) -> LargeSuggestions:
    """Say which codes are likely for the texts of a file.

    Parameters
    ----------
    suggester
        What a study learned: :func:`qualcode.discovery.suggesting.learn_study`.
    named
        Id and name of each code (guid), in the order of the codebook.
    files
        The file to read and the folder to write, which is not there yet.
    model
        What turns texts into vectors: the same as the suggester learned with.
    column, workers, scheduler, tell
        As for :func:`qualcode.discovery.large.discover_large`.
    """
    source, out = files
    learned = suggester.learned
    right, asked = (suggester.measured[name].reindex(learned.codes).fillna(0).astype("int64").tolist() for name in ("right", "asked"))
    measured = [
        say("discovery.right_of", right=a, asked=b) if b else say("discovery.unmeasured") for a, b in zip(right, asked, strict=True)
    ]
    shown = [named.get(code, ("", "")) for code in learned.codes]
    with workshop(out) as folder:
        clock = Clock(tell)
        parts = in_parts(source, folder, column=column, tell=clock.step("reading"))
        room_for(parts)
        clock.step("starting")
        with processes(workers, scheduler=scheduler, folder=folder) as client:
            run = Run(client, parts, model, suggester.seed, clock)
            begin = np.cumsum([0, *parts.sizes]).tolist()
            names = partwork.Named([one for one, _ in shown], [name for _, name in shown], measured)
            counts = run.every(partwork.suggest_part, "suggesting", folder / "out" / "rows", begin, (model, learned), names)
            amount = len(client.nthreads()) or workers
        clock.step("")
        total = np.sum(counts, axis=0)
        place = {code: number for number, code in enumerate(learned.codes)}
        table = pd.DataFrame(
            [
                (one, name, int(total[at]), float(total[at] / parts.texts), right[at], asked[at])
                for code, (one, name) in named.items()
                if (at := place.get(code)) is not None and code != NOTHING
            ],
            columns=list(LIKELY_COLUMNS),
        )
        seconds = {step: round(value, 2) for step, value in clock.seconds.items()}
        notes = (say("discovery.ranked_with", model=suggester.model, seed=suggester.seed), *suggester.notes)
        made = LargeSuggestions(out, table, parts.texts, int(total[-1]), suggester.model, suggester.seed, amount, seconds, notes)
        table.to_parquet(folder / "out" / "codes.parquet", index=False)
        about = {name: value for name, value in asdict(made).items() if name not in ("folder", "codes")}
        (folder / "out" / "about.json").write_text(json.dumps(about, ensure_ascii=False, indent=2), encoding="utf-8")
        (folder / "out").rename(out)
    return made
