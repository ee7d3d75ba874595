"""Topics of a large corpus, learned from a sample of it and then moved over all of its parts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from qualcode.discovery import partwork
from qualcode.discovery.cluster import each, processes
from qualcode.discovery.embedding import Embedder, Vectors, half, normed
from qualcode.discovery.features import one_thread, space_of
from qualcode.discovery.grouping import group, middles
from qualcode.discovery.sifting import FEWEST_TEXTS, MOST_TEXTS, folded, is_short
from qualcode.discovery.streaming import Parts, in_parts, room_for, workshop
from qualcode.discovery.words import forms, surface
from qualcode.labels import say
from qualcode.language import guess

Step = Callable[[str, int, int], None]

_PIECE = 500
# base forms that are counted: beyond these a word is too rare to tell a topic
_MOST_FORMS = 20_000


class Clock:
    """Measures the steps, and tells how far each is."""

    def __init__(self, tell: Step | None) -> None:
        self.seconds: dict[str, float] = {}
        self._tell, self._now, self._since = tell, "", time.perf_counter()

    def rounded(self) -> dict[str, float]:
        """End the last step and return the seconds of each."""
        self.step("")
        return {name: round(value, 2) for name, value in self.seconds.items()}

    def step(self, name: str) -> Callable[[int, int], None] | None:
        """End the step before this one and begin another."""
        now = time.perf_counter()
        if self._now:
            self.seconds[self._now] = self.seconds.get(self._now, 0) + now - self._since
        self._now, self._since = name, now
        return partial(self._tell, say(f"discovery.step_{name}")) if self._tell and name else None


@dataclass(frozen=True)
class Run:
    """Who works, on what, with which model and seed."""

    client: Any
    parts: Parts
    model: Embedder
    seed: int
    clock: Clock

    @property
    def out(self) -> Path:
        """The folder that becomes the answer."""
        return self.parts.folder / "out"

    def facts(self) -> dict[str, Any]:
        """Return what every answer says of how it was made; ends the last step."""
        workers = len(self.client.nthreads())
        return {
            "texts": self.parts.texts,
            "model": self.model.name,
            "seed": self.seed,
            "workers": workers,
            "seconds": self.clock.rounded(),
        }

    def every(self, work: Callable[..., Any], step: str, *shared: Any) -> list[Any]:
        """Have something done with every part."""
        return each(self.client, work, range(len(self.parts.sizes)), self.parts.folder, *shared, tell=self.clock.step(step))


@contextmanager
def at_work(
    files: tuple[Path, Path], model: Embedder, seed: int, *, column: str, workers: int, scheduler: str | None, tell: Step | None
) -> Iterator[Run]:
    """Read a file into parts and start the processes that work on them; at the end the second file is the answer, whole or not at all."""
    source, out = files
    with workshop(out) as folder:
        clock = Clock(tell)
        parts = in_parts(source, folder, column=column, tell=clock.step("reading"))
        room_for(parts)
        clock.step("starting")
        with processes(workers, scheduler=scheduler, folder=folder) as client:
            yield Run(client, parts, model, seed, clock)


@dataclass(frozen=True)
class Found:
    """Middles of the topics, and the base forms that are counted; no topics when too few texts differ."""

    division: partwork.Division
    forms: list[str]
    notes: tuple[str, ...] = ()


def learned_from_sample(run: Run, amount: int | None) -> Found:
    """Find the topics in a sample, then move their middles over all parts."""
    tell = run.clock.step("sampling")
    texts = _sample(run)
    if len(texts) < FEWEST_TEXTS:
        note = say("discovery.too_few", n=run.parts.texts, different=len(texts), fewest=FEWEST_TEXTS)
        return Found(partwork.Division(np.zeros((0, 1), dtype=np.float32), {}, 0), [], (note,))
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
    run.every(partwork.place_part, "embedding", run.model, space)
    centres = _moved(run, middles(places, made.groups))
    return Found(partwork.Division(centres, known, len(counted)), counted, notes)


def _sample(run: Run) -> list[str]:
    """Return different texts with words, drawn at random."""
    whole = run.parts.texts
    drawn = np.sort(np.random.default_rng(run.seed).choice(whole, min(whole, 2 * MOST_TEXTS), replace=False))
    found: dict[str, str] = {}
    for part, rows in run.parts.rows(drawn):
        for text in partwork.sampled(rows, part, run.parts.folder):
            found.setdefault(folded(text), text)
    texts = list(found.values())
    # drawn in order of the corpus: what is too much is left out everywhere alike
    keep = np.sort(np.random.default_rng(run.seed + 1).permutation(len(texts))[:MOST_TEXTS])
    return [texts[row] for row in keep]


def _forms(run: Run, texts: list[str], pieces: list[list[str]]) -> tuple[dict[str, int], list[str], tuple[str, ...]]:
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


def _moved(run: Run, centres: Vectors) -> Vectors:
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
