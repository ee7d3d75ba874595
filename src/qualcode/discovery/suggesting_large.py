"""Likely codes for a corpus too large for memory, from what a study learned: worked on in parts, by processes side by side, written to Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from qualcode.discovery import partwork
from qualcode.discovery.embedding import Embedder
from qualcode.discovery.sampling import Step, at_work
from qualcode.discovery.streaming import Answer
from qualcode.discovery.suggesting import Suggester
from qualcode.labels import say

LIKELY_COLUMNS = ("code", "name", "texts", "share", "right", "asked")


@dataclass(frozen=True, kw_only=True)
class LargeSuggestions(Answer):
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

    codes: pd.DataFrame = field(repr=False)
    without: int


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
    learned = suggester.learned
    scores = suggester.measured[["right", "asked"]].reindex(learned.codes).fillna(0).astype("int64")
    ids, called = zip(*(named.get(code, ("", "")) for code in learned.codes), strict=True)
    measured = [say("discovery.right_of", right=a, asked=b) if b else say("discovery.unmeasured") for a, b in scores.to_numpy().tolist()]
    with at_work(files, model, suggester.seed, column=column, workers=workers, scheduler=scheduler, tell=tell) as run:
        begin = np.cumsum([0, *run.parts.sizes]).tolist()
        names = partwork.Named(list(ids), list(called), measured)
        counted = run.every(partwork.suggest_part, "suggesting", run.out / "rows", begin, (model, learned), names)
        *likely, without = np.sum(counted, axis=0).tolist()
        made = LargeSuggestions(
            folder=files[1],
            codes=_codes(named, scores.assign(texts=likely), run.parts.texts),
            without=without,
            notes=(say("discovery.ranked_with", model=suggester.model, seed=suggester.seed), *suggester.notes),
            **run.facts(),
        )
        made.write(run.out)
    return made


def _codes(named: Mapping[str, tuple[str, str]], counted: pd.DataFrame, texts: int) -> pd.DataFrame:
    """Return one row a code that was learned, in the order of the codebook."""
    table = counted.loc[[code for code in named if code in counted.index]]
    ids, called = [named[code][0] for code in table.index], [named[code][1] for code in table.index]
    return table.assign(code=ids, name=called, share=table["texts"] / texts)[list(LIKELY_COLUMNS)].reset_index(drop=True)
