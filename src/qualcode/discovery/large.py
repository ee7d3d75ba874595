"""Topics of a corpus that outgrows one machine: embedded, grouped, labelled and written to Parquet in parts, by processes side by side.

Memory does not grow with the corpus: a process holds one part, this one a sample and what is counted by topic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from qualcode.discovery import partwork
from qualcode.discovery.embedding import Embedder, embedder
from qualcode.discovery.features import needs_sklearn
from qualcode.discovery.sampling import Found, Run, Step, at_work, learned_from_sample
from qualcode.discovery.streaming import Answer
from qualcode.discovery.topics import SEED
from qualcode.discovery.words import SHOWN, most_telling
from qualcode.labels import say

TOPIC_COLUMNS = ("id", "label", "words", "size", "share", "examples")
_IN_LABEL = 3


@dataclass(frozen=True, kw_only=True)
class LargeTopics(Answer):
    """Topics of a large corpus, before anybody judged them.

    Parameters
    ----------
    folder
        Where the answer stands: ``rows/part-*.parquet`` (``row``, ``text``, ``topic``, ``label``, ``near``), ``topics.parquet``, ``about.json``.
    topics
        One row a topic, the biggest first: ``id``, ``label``, ``words``, ``size`` (texts), ``share`` (of all texts), ``examples`` (the texts nearest
        its middle).
    texts, outside
        How many texts there are, and how many belong to no topic: those without words, or all of them when too few differ.
    model, seed, workers
        What made the vectors, with which seed, over how many processes.
    seconds
        How long each step took.
    notes
        What a reader must know. Sentences.
    """

    topics: pd.DataFrame = field(repr=False)
    outside: int


def discover_large(
    source: str | Path,
    out: str | Path,
    *,
    column: str = "text",
    topics: int | None = None,
    workers: int = 2,
    scheduler: str | None = None,
    seed: int = SEED,
    model: str | Embedder = "use",
    tell: Step | None = None,
) -> LargeTopics:
    """Look for topics in a corpus too large for memory, such as a million open answers, and write them to Parquet.

    Parameters
    ----------
    source
        A CSV, JSONL or Parquet file with a text a row.
    out
        A folder that is not there yet. On a cluster every process must be able to reach the folder it stands in.
    column
        The column with the texts.
    topics
        How many; when left out a sample of the corpus decides, between 2 and 30.
    workers
        How many processes on this machine, each on one processor.
    scheduler
        Address of a Dask scheduler that is there already, instead of processes here.
    seed
        The same seed gives the same topics, whatever the number of processes.
    model
        What turns texts into vectors: see :func:`qualcode.discovery.embedder`.
    tell
        Called with what is being done, how far it is, and how far it goes.

    Raises
    ------
    BadFile
        When the source cannot be read or lacks the column.
    Refused
        When there is something at ``out`` already.
    Missing
        When Dask, scikit-learn or the model is not installed.
    DiskFull
        When there is no room for the vectors, about 2.5 kB a text while it runs.

    Notes
    -----
    A sample of at most 6,000 different texts gives the space (:func:`qualcode.discovery.features.space_of`), the number of topics and their first
    middles (:func:`qualcode.discovery.grouping.group`). Then each part is embedded and placed; mini-batch k-means (Sculley, 2010) moves the
    middles over all parts; each text goes to the nearest; words are counted as in :func:`qualcode.discovery.words.topic_words`, every text a voice of its own.
    """
    chosen, out = embedder(model), Path(out)
    needs_sklearn()
    with at_work((Path(source), out), chosen, seed, column=column, workers=workers, scheduler=scheduler, tell=tell) as run:
        found = learned_from_sample(run, topics)
        table = _divided(run, found)
        outside = run.parts.texts - int(table["size"].sum())
        made = LargeTopics(folder=out, topics=table, outside=outside, notes=found.notes, **run.facts())
        made.write(run.out)
    return made


def _divided(run: Run, found: Found) -> pd.DataFrame:
    """Divide all parts, name the topics, and write the rows; return one row a topic."""
    counted: list[partwork.Counted] = run.every(partwork.divide_part, "dividing", found.division)
    size = np.stack([one.sizes for one in counted]).sum(axis=0)
    order = np.argsort(-size, kind="stable")
    order = order[size[order] > 0]
    table = _table(run, found, counted, order)
    # what has no topic keeps -1: the last place of the list
    number = np.full(len(size) + 1, -1, dtype=np.int32)
    number[order] = np.arange(len(order))
    begin = np.cumsum([0, *run.parts.sizes]).tolist()
    run.every(partwork.write_part, "writing", run.out / "rows", begin, (number, table["label"].tolist()))
    return table


def _table(run: Run, found: Found, counted: list[partwork.Counted], order: np.ndarray) -> pd.DataFrame:
    """Return one row a topic, with its telling words and the texts nearest its middle."""
    used = np.zeros((len(found.division.centres), len(found.forms)))
    for part in range(len(run.parts.sizes)):
        used += np.load(run.parts.folder / f"words-{part:06}.npy")
    topic, form = np.nonzero(used)
    words = pd.DataFrame({"topic": topic, "word": np.array(found.forms, dtype=object)[form], "n": used[topic, form]})
    telling = most_telling(words, order, shown=SHOWN)
    rows = []
    for number, old in enumerate(order.tolist()):
        near: dict[str, float] = {}
        for value, text in sorted((pair for one in counted for pair in one.nearest[old]), key=lambda pair: (-pair[0], pair[1])):
            near.setdefault(text, value)
        label = ", ".join(telling[old][:_IN_LABEL]) or say("discovery.no_words")
        size = int(sum(one.sizes[old] for one in counted))
        rows.append((number, label, telling[old], size, size / run.parts.texts, list(near)[: partwork.BEST]))
    return pd.DataFrame(rows, columns=list(TOPIC_COLUMNS))
