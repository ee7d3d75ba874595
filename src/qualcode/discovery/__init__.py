"""Assisted discovery: topics and code suggestions. A machine proposes, with its grounds and its doubts; only a person codes.

Works on texts, vectors and snapshots; knows nothing of databases, screens or notebooks, and fetches nothing.
"""

from __future__ import annotations

from qualcode.discovery.embedding import Embedded, Embedder, VectorCache, embed, embedder
from qualcode.discovery.engines import ENGINES, Engine
from qualcode.discovery.guiding import Guide, guide_of, seeds
from qualcode.discovery.passages import passages
from qualcode.discovery.topics import SEED, Talk, Topics, find_topics
from qualcode.discovery.views import topic_tree, topics_by_session

__all__ = [
    "ENGINES",
    "SEED",
    "Embedded",
    "Embedder",
    "Engine",
    "Guide",
    "Talk",
    "Topics",
    "VectorCache",
    "embed",
    "embedder",
    "find_topics",
    "guide_of",
    "passages",
    "seeds",
    "topic_tree",
    "topics_by_session",
]
