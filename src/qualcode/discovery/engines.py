"""What divides passages into topics: BERTopic around our graph, BERTopic around HDBSCAN, or plain k-means. Chosen by name, never silently."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from qualcode.discovery.embedding import Vectors, has
from qualcode.discovery.features import needs_sklearn
from qualcode.discovery.grouping import Grouped, Groups, by_size, divided_plainly, group
from qualcode.errors import Missing

Engine = Literal["bertopic", "hdbscan", "kmeans"]
ENGINES: tuple[Engine, ...] = ("bertopic", "hdbscan", "kmeans")

_PLAIN_DEFAULT = 15
_SMALLEST = 10


@dataclass(frozen=True)
class Asked:
    """How to divide: the number of topics (``None``: as the data show), the seed, how much each passage counts, and whether more topics are better."""

    amount: int | None
    seed: int
    weight: NDArray[np.float64]
    finer: bool = False


def divide(places: Vectors, words: Sequence[Sequence[str]], engine: Engine, asked: Asked) -> Grouped:
    """Divide passages into topics.

    Parameters
    ----------
    places
        Where the passages lie.
    words
        Their content words.
    engine
        ``bertopic``: BERTopic with the graph of :func:`qualcode.discovery.grouping.group` as its reduction and clustering; ``hdbscan``:
        BERTopic as it comes, with groups of ten passages at least and its outliers brought to the nearest topic; ``kmeans``: k-means
        on the places, 15 topics unless asked otherwise.
    asked
        How.

    Raises
    ------
    Missing
        When what the engine needs is not installed.
    """
    if engine == "kmeans":
        return Grouped(divided_plainly(places, asked.amount or _PLAIN_DEFAULT, seed=asked.seed, weight=asked.weight), {})
    documents = [" ".join(line) for line in words]
    if not any(documents):
        return group(places, amount=asked.amount, seed=asked.seed, weight=asked.weight, finer=asked.finer)
    if engine == "hdbscan":
        return _with_hdbscan(places, documents, asked)
    divider = _Divider(asked)
    model = _bertopic(_AsItIs(), divider)
    found, _ = model.fit_transform(documents, embeddings=places)
    return Grouped(by_size(np.asarray(found, dtype=np.int64)), divider.tried)


class _AsItIs:
    """The reduction BERTopic asks for: none, because the graph is made of the places themselves."""

    def fit(self, _places: Vectors, y: object = None) -> Self:  # noqa: ARG002 - the name that scikit-learn gives it
        return self

    def transform(self, places: Vectors) -> Vectors:
        return places


@dataclass
class _Divider:
    """The clustering BERTopic asks for: groups of the neighbour graph."""

    asked: Asked
    labels_: Groups = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    tried: dict[int, float] = field(default_factory=dict)

    def fit(self, places: Vectors, y: object = None) -> Self:  # noqa: ARG002 - the name that scikit-learn gives it
        made = group(places, amount=self.asked.amount, seed=self.asked.seed, weight=self.asked.weight, finer=self.asked.finer)
        self.labels_, self.tried = made.groups, made.tried
        return self

    def predict(self, _places: Vectors) -> Groups:
        return self.labels_


def warm_up(engine: Engine) -> None:
    """Begin to load what the engine needs, beside the work: BERTopic takes seconds to import.

    Raises
    ------
    Missing
        When what the engine needs is not installed.
    """
    needs_sklearn()
    if engine != "kmeans":
        _needs_bertopic()
        threading.Thread(target=_load_bertopic, name="qualcode-bertopic", daemon=True).start()


def _needs_bertopic() -> None:
    missing = [name for name in ("bertopic", "umap", "hdbscan") if not has(name)]
    if missing:
        raise Missing("discovery.no_bertopic", missing=", ".join(missing))


def _load_bertopic() -> None:
    # BERTopic turns off warnings for the whole process when it is imported
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bertopic  # noqa: F401


def _bertopic(reduction: Any, clustering: Any) -> Any:
    _needs_bertopic()
    _load_bertopic()
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    return BERTopic(
        embedding_model=BaseEmbedder(),
        umap_model=reduction,
        hdbscan_model=clustering,
        vectorizer_model=CountVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False),
        ctfidf_model=ClassTfidfTransformer(bm25_weighting=True, reduce_frequent_words=True),
    )


def _with_hdbscan(places: Vectors, documents: list[str], asked: Asked) -> Grouped:
    model = _bertopic(_AsItIs(), _AsItIs())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from hdbscan import HDBSCAN
        from umap import UMAP

        model.umap_model = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=asked.seed, n_jobs=1)
        model.hdbscan_model = HDBSCAN(min_cluster_size=_SMALLEST, prediction_data=True)
        model.nr_topics = asked.amount
        found, _ = model.fit_transform(documents, embeddings=places)
    groups = np.asarray(found, dtype=np.int64)
    if (groups < 0).any() and (groups >= 0).any():
        groups = np.asarray(model.reduce_outliers(documents, found, strategy="embeddings", embeddings=places), dtype=np.int64)
    return Grouped(by_size(groups), {})
