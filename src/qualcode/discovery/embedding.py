"""Texts become vectors in which alike in meaning lies close; on this machine, with a model that came with the installation.

Knows nothing of studies. A cache comes in as a small protocol. The name and version of the model go with every result.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from qualcode.discovery.models import DEFAULT, Embedder, Vectors, embedder, has
from qualcode.errors import Refused

__all__ = [
    "DEFAULT",
    "PIECE",
    "WORTH",
    "Embedded",
    "Embedder",
    "Tell",
    "VectorCache",
    "Vectors",
    "centred",
    "embed",
    "embedder",
    "enough_memory",
    "half",
    "has",
    "normed",
]

Tell = Callable[[int, int], None]

# texts a piece: enough to keep the processor busy, few enough to show progress and to save on the way
PIECE = 256
# fewer texts than this are done before other processes have started
WORTH = 4000


class VectorCache(Protocol):
    """Keeps vectors between sessions, by model and by the SHA-256 of the text."""

    def get(self, model: str, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return what is kept of these keys."""
        ...

    def put(self, model: str, rows: Mapping[str, bytes]) -> None:
        """Keep these; what stood there is replaced."""
        ...


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of texts, of length one, and how they came about."""

    vectors: Vectors
    model: str
    made: int = 0
    kept: int = 0
    damaged: int = 0


def embed(
    texts: Sequence[str],
    model: Embedder | None = None,
    *,
    cache: VectorCache | None = None,
    tell: Tell | None = None,
    workers: int = 1,
    scheduler: str | None = None,
) -> Embedded:
    """Return one vector of length one for each text; equal texts are computed once, known texts not at all.

    Parameters
    ----------
    texts
        Any texts; an empty one gets a vector of zeros.
    model
        From :func:`embedder`; the default model when left out.
    cache
        Where vectors are kept between sessions. What is damaged there is made again, and counted.
    tell
        Called with how many different texts are done, and how many there are.
    workers, scheduler
        As for :func:`qualcode.discovery.cluster.processes`. Fewer than 4,000 texts are computed here: that is quicker than starting processes.

    Returns
    -------
    Embedded
        ``vectors`` (n, dimensions), rounded to half precision so that kept and fresh ones are alike; ``model``; how many vectors
        were ``made``, ``kept`` in the cache, and ``damaged`` there.

    Raises
    ------
    Refused
        When there is not enough memory for so many texts at once.
    """
    model = model or embedder()
    unique: dict[str, int] = {}
    place = np.array([unique.setdefault(text, len(unique)) for text in texts], dtype=np.int64)
    wanted = [text for text in unique if text.strip()]
    keys = {text: hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in wanted} if cache else {}
    held = cache.get(model.name, list(keys.values())) if cache else {}
    found = {text: vector for text in wanted if (vector := _unpacked(held.get(keys.get(text, ""), b""))) is not None}
    damaged = len(held) - len(found)
    todo = [text for text in wanted if text not in found]
    pieces = _pieces(todo)
    alone = len(todo) < WORTH or (workers == 1 and scheduler is None)
    made = _here(model, pieces) if alone else _elsewhere(model, pieces, workers, scheduler)
    with enough_memory(len(unique)):
        for piece, vectors in _telling(made, len(todo), tell):
            found.update(zip(piece, vectors, strict=True))
            if cache:
                cache.put(model.name, {keys[text]: _packed(vector) for text, vector in zip(piece, vectors, strict=True)})
        size = len(next(iter(found.values()))) if found else 1
        table = np.zeros((len(unique), size), dtype=np.float32)
        for text, vector in found.items():
            table[unique[text]] = vector
        return Embedded(normed(table)[place], model.name, len(todo), len(wanted) - len(todo), damaged)


@contextmanager
def enough_memory(amount: int) -> Iterator[None]:
    """Say in a sentence that there is too little memory for so many texts, when there is."""
    try:
        yield
    except MemoryError as error:
        raise Refused("discovery.memory", n=amount) from error


Half = NDArray[np.float16]
Made = Iterator[tuple[list[str], Half]]


def _pieces(texts: list[str]) -> list[list[str]]:
    # like lengths together, so that a batch has little to wait for
    order = sorted(texts, key=len)
    return [order[first : first + PIECE] for first in range(0, len(order), PIECE)]


def half(texts: Sequence[str], model: Embedder) -> Half:
    """Return the vectors of texts in half precision, as they are kept."""
    return normed(model.encode(texts)).astype(np.float16)


def _here(model: Embedder, pieces: list[list[str]]) -> Made:
    for piece in pieces:
        yield piece, half(piece, model)


def _elsewhere(model: Embedder, pieces: list[list[str]], workers: int, scheduler: str | None) -> Made:
    from qualcode.discovery.cluster import done, processes

    with processes(workers, scheduler=scheduler) as client:
        for place, vectors in done(client, half, pieces, model):
            yield pieces[place], vectors


def _telling(made: Made, whole: int, tell: Tell | None) -> Made:
    ready = 0
    for piece, vectors in made:
        yield piece, vectors
        ready += len(piece)
        if tell:
            tell(ready, whole)


def _packed(vector: Half) -> bytes:
    body = vector.tobytes()
    return body + zlib.crc32(body).to_bytes(4, "big")


def _unpacked(kept: bytes) -> Half | None:
    body, check = kept[:-4], kept[-4:]
    if not body or len(body) % 2 or zlib.crc32(body).to_bytes(4, "big") != check:
        return None
    return np.frombuffer(body, dtype=np.float16)


def normed(vectors: NDArray[Any]) -> Vectors:
    """Return vectors of length one; a vector of zeros stays so."""
    table = np.asarray(vectors, dtype=np.float32)
    length = np.linalg.norm(table, axis=1, keepdims=True)
    return cast("Vectors", table / np.where(length > 0, length, 1))


def centred(vectors: Vectors) -> Vectors:
    """Return vectors of length one around their own middle: what all texts share says nothing about any of them."""
    spoken = np.abs(vectors).sum(axis=1) > 0
    middle = vectors[spoken].mean(axis=0) if spoken.any() else np.zeros(vectors.shape[1], dtype=np.float32)
    return normed(np.where(spoken[:, None], vectors - middle, 0))
