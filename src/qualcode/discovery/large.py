"""Topics of a corpus that outgrows one machine: embedded, grouped, labelled and written to Parquet in parts, by processes side by side.

Memory does not grow with the corpus: a process holds one part, this one a sample and what is counted by topic.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from errno import ENOSPC
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pandas as pd

from qualcode.discovery import partwork, streaming
from qualcode.discovery.cluster import each, processes
from qualcode.discovery.embedding import Embedder, Vectors, embedder, half, normed
from qualcode.discovery.features import Space, needs_sklearn, one_thread, space_of
from qualcode.discovery.grouping import group, middles
from qualcode.discovery.streaming import Parts, in_parts
from qualcode.discovery.topics import FEWEST_TEXTS, MOST_TEXTS, SEED, is_short
from qualcode.discovery.words import SHOWN, forms, most_telling, surface
from qualcode.errors import DiskFull, Refused
from qualcode.labels import say
from qualcode.language import guess

Step = Callable[[str, int, int], None]

TOPIC_COLUMNS = ("id", "label", "words", "size", "share", "examples")
_PIECE = 500
_IN_LABEL = 3
# base forms that are counted: beyond these a word is too rare to tell a topic
_MOST_FORMS = 20_000
# bytes of disk a text takes while it is worked on
_ROOM = 2_500


@dataclass(frozen=True)
class LargeTopics:
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

    folder: Path
    topics: pd.DataFrame = field(repr=False)
    texts: int
    outside: int
    model: str
    seed: int
    workers: int
    seconds: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def rows(self) -> pd.DataFrame:
        """Return all rows as one frame: only for a corpus that fits in memory."""
        return pd.read_parquet(self.folder / "rows")


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
    source, out, chosen = Path(source), Path(out), embedder(model)
    needs_sklearn()
    if out.exists():
        raise Refused("discovery.out_exists", out=out.name)
    if not out.absolute().parent.is_dir():
        raise Refused("errors.no_folder", folder=str(out.absolute().parent))
    with _workshop(out) as folder:
        clock = _Clock(tell)
        parts = in_parts(source, folder, column=column, size=streaming.PART, tell=clock.step("reading"))
        _room_for(parts)
        clock.step("starting")
        with processes(workers, scheduler=scheduler, folder=folder) as client:
            run = _Run(client, parts, chosen, seed, clock)
            found = _found(run, topics)
            result = _written(run, found, folder / "out", len(client.nthreads()) or workers)
        (folder / "out").rename(out)
    return LargeTopics(**{**result, "folder": out})


@contextmanager
def _workshop(out: Path) -> Iterator[Path]:
    """Give a folder beside the answer for what is only needed meanwhile; a full disk leaves nothing behind."""
    folder = Path(mkdtemp(prefix=f".{out.name}-", dir=out.absolute().parent))
    try:
        (folder / "out" / "rows").mkdir(parents=True)
        yield folder
    except OSError as error:
        if error.errno == ENOSPC:
            raise DiskFull("errors.disk_full", file=out.name) from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _room_for(parts: Parts) -> None:
    need, free = parts.texts * _ROOM, shutil.disk_usage(parts.folder).free
    if free < need:
        raise DiskFull("discovery.no_room", need=round(need / 1e9, 1), free=round(free / 1e9, 1), texts=parts.texts)


class _Clock:
    """Measures the steps, and tells how far each is."""

    def __init__(self, tell: Step | None) -> None:
        self.seconds: dict[str, float] = {}
        self._tell, self._now, self._since = tell, "", time.perf_counter()

    def step(self, name: str) -> Callable[[int, int], None] | None:
        """End the step before this one and begin another."""
        now = time.perf_counter()
        if self._now:
            self.seconds[self._now] = self.seconds.get(self._now, 0) + now - self._since
        self._now, self._since = name, now
        return partial(self._tell, say(f"discovery.step_{name}")) if self._tell and name else None


@dataclass(frozen=True)
class _Run:
    """Who works, on what, with which model and seed."""

    client: Any
    parts: Parts
    model: Embedder
    seed: int
    clock: _Clock

    def every(self, work: Callable[..., Any], step: str, *shared: Any) -> list[Any]:
        """Have something done with every part."""
        return each(self.client, work, range(len(self.parts.sizes)), self.parts.folder, *shared, tell=self.clock.step(step))


@dataclass(frozen=True)
class _Found:
    """Middles of the topics, and the base forms that are counted; no topics when too few texts differ."""

    division: partwork.Division
    forms: list[str]
    notes: tuple[str, ...] = ()


def _found(run: _Run, amount: int | None) -> _Found:
    """Find the topics in a sample, then move their middles over all parts."""
    tell = run.clock.step("sampling")
    texts = _sample(run)
    if len(texts) < FEWEST_TEXTS:
        note = say("discovery.too_few", n=run.parts.texts, different=len(texts), fewest=FEWEST_TEXTS)
        return _Found(partwork.Division(np.zeros((0, 1), dtype=np.float32), {}, 0), [], (note,))
    pieces = [texts[start : start + _PIECE] for start in range(0, len(texts), _PIECE)]
    vectors = np.concatenate(each(run.client, half, pieces, run.model, tell=tell)).astype(np.float32)
    known, counted, notes = _forms(run, texts, pieces)
    run.clock.step("learning")
    with one_thread():
        space = space_of(texts, vectors, seed=run.seed)
        places = space.place(texts, vectors)
        made = group(places, amount=amount, seed=run.seed, finer=is_short(texts))
    if len(texts) < run.parts.texts:
        notes = (*notes, say("discovery.sampled_large", n=len(texts), total=run.parts.texts))
    _place_all(run, space)
    centres = _moved(run, middles(places, made.groups))
    return _Found(partwork.Division(centres, known, len(counted)), counted, notes)


def _sample(run: _Run) -> list[str]:
    """Return different texts with words, drawn at random."""
    whole = run.parts.texts
    drawn = np.sort(np.random.default_rng(run.seed).choice(whole, min(whole, 2 * MOST_TEXTS), replace=False))
    found: dict[str, str] = {}
    for part, rows in run.parts.rows(drawn):
        for text in partwork.sampled(rows, part, run.parts.folder):
            found.setdefault(" ".join(text.casefold().split()), text)
    texts = list(found.values())
    # drawn in order of the corpus: what is too much is left out everywhere alike
    keep = np.sort(np.random.default_rng(run.seed + 1).permutation(len(texts))[:MOST_TEXTS])
    return [texts[row] for row in keep]


def _forms(run: _Run, texts: list[str], pieces: list[list[str]]) -> tuple[dict[str, int], list[str], tuple[str, ...]]:
    """Return which written words are counted as which base form, those forms, and what a reader must know about them."""
    tell = run.clock.step("tagging")
    language = guess([" ".join(texts)]).iloc[0]
    if language in ("nl", "unknown"):
        counts = pd.concat(each(run.client, forms, pieces, tell=tell)).groupby(level=[0, 1]).sum()
        notes: tuple[str, ...] = ()
    else:
        words = pd.Series([word for line in surface(texts) for word in line], dtype="str")
        counts = words.groupby([words.rename("lower"), words.rename("form")]).size()
        notes = (say("discovery.other_language", language=language),)
    table = counts.rename("n").reset_index().sort_values(["lower", "n", "form"], ascending=[True, False, True], kind="stable")
    table = table.drop_duplicates("lower")
    table = table[table["form"] != ""]
    used = table.groupby("form")["n"].sum().sort_values(ascending=False, kind="stable").head(_MOST_FORMS)
    place = {form: number for number, form in enumerate(used.index)}
    table = table[table["form"].isin(place)]
    return {word: place[form] for word, form in zip(table["lower"], table["form"], strict=True)}, list(place), notes


def _place_all(run: _Run, space: Space) -> None:
    run.every(partwork.place_part, "embedding", run.model, space)


def _moved(run: _Run, centres: Vectors) -> Vectors:
    """Move the middles over all parts, one after another, with scikit-learn's mini-batch k-means."""
    from sklearn.cluster import MiniBatchKMeans

    tell = run.clock.step("grouping")
    model = MiniBatchKMeans(len(centres), init=centres, n_init=1, random_state=run.seed, reassignment_ratio=0)
    with one_thread():
        for part in range(len(run.parts.sizes)):
            places, _ = partwork.places_of(part, run.parts.folder)
            if len(places) >= len(centres):
                model.partial_fit(places)
            if tell:
                tell(part + 1, len(run.parts.sizes))
    return normed(getattr(model, "cluster_centers_", centres))


def _written(run: _Run, found: _Found, out: Path, workers: int) -> dict[str, Any]:
    """Divide all parts, name the topics, and write everything; return the fields of the answer."""
    counted: list[partwork.Counted] = run.every(partwork.divide_part, "dividing", found.division)
    size = np.stack([one.sizes for one in counted]).sum(axis=0)
    order = np.argsort(-size, kind="stable")
    order = order[size[order] > 0]
    table = _table(run, found, counted, order)
    # what has no topic keeps -1: the last place of the list
    number = np.full(len(size) + 1, -1, dtype=np.int32)
    number[order] = np.arange(len(order))
    begin = np.cumsum([0, *run.parts.sizes]).tolist()
    run.every(partwork.write_part, "writing", out / "rows", begin, (number, table["label"].tolist()))
    table.to_parquet(out / "topics.parquet", index=False)
    run.clock.step("")
    outside = run.parts.texts - int(size.sum())
    seconds = {name: round(value, 2) for name, value in run.clock.seconds.items()}
    made = LargeTopics(out, table, run.parts.texts, outside, run.model.name, run.seed, workers, seconds, found.notes)
    about = {name: value for name, value in asdict(made).items() if name not in ("folder", "topics")}
    (out / "about.json").write_text(json.dumps({**about, "topics": len(table)}, ensure_ascii=False, indent=2), encoding="utf-8")
    return {**about, "topics": table, "notes": found.notes}


def _table(run: _Run, found: _Found, counted: list[partwork.Counted], order: np.ndarray) -> pd.DataFrame:
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
