"""What one process does with one part of a large corpus. It reads and writes files in the folder of the corpus; only small answers travel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.discovery.embedding import Embedder, Vectors, embed
from qualcode.discovery.features import Space, one_thread
from qualcode.discovery.learning import Learned
from qualcode.discovery.streaming import texts_of
from qualcode.discovery.suggesting import suggested

_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
BEST = 5


@dataclass(frozen=True)
class Division:
    """How texts are divided: the middle of each topic, and the content words that are counted (word as written: number of its base form)."""

    centres: Vectors
    forms: Mapping[str, int]
    amount: int


@dataclass(frozen=True)
class Counted:
    """What a part brings to each topic: how many texts, and the texts nearest its middle (nearness, text)."""

    sizes: NDArray[np.int64]
    nearest: list[list[tuple[float, str]]]


def sampled(rows: NDArray[np.int64], part: int, folder: Path) -> list[str]:
    """Return the texts with any letters among the rows of a part."""
    texts = texts_of(folder, part)
    return [texts[row] for row in rows.tolist() if _LETTERS.search(texts[row])]


def place_part(part: int, folder: Path, model: Embedder, space: Space) -> tuple[int, int]:
    """Put down where the texts of a part lie; return how many different texts there were, and how many without any words."""
    once, row = _different(texts_of(folder, part))
    places = np.zeros((len(row), 1), dtype=np.float16)
    if once:
        with one_thread():
            found = space.place(once, embed(once, model).vectors).astype(np.float16)
        places = np.where((row >= 0)[:, None], found[row], np.float16(0))
    np.save(folder / f"places-{part:06}.npy", places)
    return len(once), int((row < 0).sum())


def _different(texts: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the different texts, and for each text which of those it is; -1 without any letters."""
    once: dict[str, int] = {}
    row = [once.setdefault(text, len(once)) if _LETTERS.search(text) else -1 for text in texts]
    return list(once), np.array(row, dtype=np.int64)


def places_of(part: int, folder: Path) -> tuple[Vectors, NDArray[np.int64]]:
    """Return where the texts of a part lie that have words, and which rows those are."""
    places = np.load(folder / f"places-{part:06}.npy", mmap_mode="r")
    rows = np.flatnonzero(np.asarray(places).any(axis=1))
    return np.asarray(places[rows], dtype=np.float32), rows


def divide_part(part: int, folder: Path, division: Division) -> Counted:
    """Put down the topic of each text of a part and how near its middle it lies (-1 and 0 without words), and which words each topic uses."""
    texts = texts_of(folder, part)
    topics = np.full(len(texts), -1, dtype=np.int32)
    near = np.zeros(len(texts), dtype=np.float32)
    amount = len(division.centres)
    rows = np.empty(0, dtype=np.int64)
    if amount:
        places, rows = places_of(part, folder)
        with one_thread():
            alike = places @ division.centres.T
        topics[rows] = alike.argmax(axis=1)
        near[rows] = alike.max(axis=1)
    np.savez(folder / f"topics-{part:06}.npz", topics=topics, near=near)
    np.save(folder / f"words-{part:06}.npy", _used(texts, topics, division))
    return Counted(np.bincount(topics[rows], minlength=amount), [_nearest(texts, topics, near, topic) for topic in range(amount)])


def _used(texts: Sequence[str], topics: NDArray[np.int32], division: Division) -> NDArray[np.float32]:
    """Return how much each topic uses each base form, ``(topics, forms)``: the sum over texts of the square root of how often."""
    rows: list[int] = []
    columns: list[int] = []
    for row, text in enumerate(texts):
        if topics[row] >= 0:
            found = [place for word in _WORD.findall(text.lower()) if (place := division.forms.get(word)) is not None]
            columns += found
            rows += [row] * len(found)
    counts = (
        pd.Series(np.ones(len(rows), dtype=np.int64)).groupby([np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)]).sum()
    )
    whose, form = (counts.index.get_level_values(level).to_numpy(dtype=np.int64) for level in (0, 1))
    used = np.zeros((len(division.centres), division.amount), dtype=np.float32)
    np.add.at(used, (topics[whose], form), np.sqrt(counts.to_numpy()))
    return used


def _nearest(texts: Sequence[str], topics: NDArray[np.int32], near: NDArray[np.float32], topic: int) -> list[tuple[float, str]]:
    rows = np.flatnonzero(topics == topic)
    found: dict[str, float] = {}
    for row in rows[np.argsort(-near[rows], kind="stable")].tolist():
        found.setdefault(texts[row], float(near[row]))
        if len(found) == BEST:
            break
    return [(value, text) for text, value in found.items()]


def write_part(part: int, folder: Path, out: Path, begin: list[int], named: tuple[NDArray[np.int32], list[str]]) -> None:
    """Write the rows of a part as Parquet: their number in the corpus, the text, its topic and how near it lies."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number, labels = named
    texts = texts_of(folder, part)
    with np.load(folder / f"topics-{part:06}.npz") as held:
        topics, near = number[held["topics"]], held["near"]
    table = pa.table(
        {
            "row": pa.array(np.arange(begin[part], begin[part] + len(texts), dtype=np.int64)),
            "text": pa.array(texts, type=pa.string()),
            "topic": pa.array(topics),
            "label": pa.DictionaryArray.from_arrays(pa.array(topics, mask=topics < 0), pa.array(labels, type=pa.string())),
            "near": pa.array(near),
        }
    )
    pq.write_table(table, out / f"part-{part:06}.parquet", compression="zstd")


@dataclass(frozen=True)
class Named:
    """Codes as an answer shows them, in the order of what was learned: id, name, and how many suggestions of each were right when measured."""

    ids: list[str]
    names: list[str]
    measured: list[str]


def suggest_part(
    part: int, folder: Path, out: Path, begin: list[int], learned: tuple[Embedder, Learned], named: Named
) -> NDArray[np.int64]:
    """Write the rows of a part with their likely codes as Parquet; return for how many texts each code is likely, and last: how many have none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    model, what = learned
    texts = texts_of(folder, part)
    once, row = _different(texts)
    place, code = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    chance = np.empty(0)
    if once:
        with one_thread():
            table = what.chances(once, embed(once, model).vectors)
        place, code = np.nonzero(suggested(table, what.codes))
        order = np.lexsort((code, -table[place, code], place))
        place, code = place[order], code[order]
        chance = table[place, code]
    # a row a text and code, and one row for a text without any
    many = np.append(np.bincount(place, minlength=len(once)), 0)[row]
    first = np.append(np.searchsorted(place, np.arange(len(once))), 0)[row]
    shown = np.maximum(many, 1)
    text = np.repeat(np.arange(len(texts)), shown)
    nth = np.arange(len(text)) - np.repeat(np.cumsum(shown) - shown, shown)
    none = many[text] == 0
    pick = np.where(none, 0, first[text] + nth)
    code, chance = (np.append(values, 0)[pick] for values in (code, chance))
    kind = pa.array(code.astype(np.int32), mask=none)
    columns = {name: pa.DictionaryArray.from_arrays(kind, pa.array(values, type=pa.string())) for name, values in vars(named).items()}
    content = {
        "row": pa.array(begin[part] + text),
        "text": pa.array(texts, type=pa.string()).take(pa.array(text)),
        "code": columns["ids"],
        "name": columns["names"],
        "chance": pa.array(np.round(chance, 3), mask=none),
        "measured": columns["measured"],
    }
    pq.write_table(pa.table(content), out / f"part-{part:06}.parquet", compression="zstd")
    return np.append(np.bincount(code[~none], minlength=len(what.codes)), int((many == 0).sum()))
