"""Topics: which passages are about the same, in which words, and how far to trust that. A search aid; a person decides what it means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.discovery.embedding import Embedded, Vectors
from qualcode.discovery.engines import Asked, Engine, divide
from qualcode.discovery.features import among, one_thread, space_of
from qualcode.discovery.grouping import Groups, by_size, middles
from qualcode.discovery.guiding import Guide, guided
from qualcode.discovery.sifting import (
    FEWEST_CONTENT,
    FEWEST_TEXTS,
    FEWEST_VOICES,
    folded,
    is_short,
    learned_from,
    of_many,
    weights,
)
from qualcode.discovery.words import SHOWN, Tokens, capped, content_words, topic_words
from qualcode.labels import say

SEED = 7
TOPIC_COLUMNS = ("id", "label", "words", "size", "voices")

_IN_LABEL = 3
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Talk:
    """That texts are passages of talk: who said each, in which document and turn. All lists are as long as the texts, in order of speaking."""

    voices: list[str]
    documents: list[str]
    turns: list[int]


@dataclass(frozen=True)
class Topics:
    """Topics as found, before anybody judged them.

    Parameters
    ----------
    topics
        One row a topic, the biggest first: ``id`` (from 0), ``label`` (its first words), ``words`` (a list), ``size`` (texts), ``voices``
        (different people; texts, where nobody knows who wrote them).
    assignments
        Topic of each text, in order; -1 where nothing can be said: an empty text, or too few texts.
    texts
        The texts themselves.
    places
        Where each text lies, ``(n, dimensions)``; texts without words lie nowhere: zeros.
    model, engine, seed
        Which model made the vectors, what grouped them, with which seed.
    tried
        Modularity by number of topics, where the data chose the number.
    notes
        What a reader must know: what was left out, dissolved or made otherwise. Sentences.
    words
        Content words of each text.
    voices
        Who said each text, where known.
    passages
        For a study, the table of :func:`qualcode.discovery.passages` the texts come from.
    """

    topics: pd.DataFrame
    assignments: Groups
    texts: list[str] = field(repr=False)
    places: Vectors = field(repr=False)
    model: str
    engine: Engine
    seed: int
    tried: dict[int, float] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()
    words: list[list[str]] = field(default_factory=list, repr=False)
    voices: list[str] | None = field(default=None, repr=False)
    passages: pd.DataFrame | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        """Tell how many topics there are, and what they rest on."""
        facts: dict[str, Any] = {"topics": len(self.topics), "texts": len(self.texts), "outside": self.outside}
        return say("discovery.repr", **facts, model=self.model, engine=self.engine, seed=self.seed)

    @property
    def outside(self) -> int:
        """How many texts belong to no topic."""
        return int((self.assignments < 0).sum())

    def as_json(self) -> dict[str, Any]:
        """Return topics and assignments as ``qualcode topics FILE --json`` prints them."""
        rows = self.topics[["id", "label", "words", "size"]].to_dict("records")
        return {"topics": rows, "assignments": self.assignments.tolist()}

    def best(self, topic: int, amount: int = 5) -> list[int]:
        """Return the rows of the texts nearest the middle of a topic, the nearest first; everybody's first before anybody's second."""
        rows = np.flatnonzero(self.assignments == topic)
        near = rows[np.argsort(-(self.places[rows] @ middles(self.places, self.assignments)[topic]), kind="stable")]
        # a passage of a few words may stand in the middle of a topic and still tell a reader nothing
        short = np.array([len(self.words[row]) < FEWEST_CONTENT for row in near], dtype=bool)
        near = near[np.argsort(short, kind="stable")] if self.voices is not None else near
        if self.voices is None:
            return [int(row) for row in near[:amount]]
        whose = pd.Series([self.voices[row] for row in near], dtype="str")
        order = whose.groupby(whose).cumcount().to_numpy().argsort(kind="stable")
        return [int(row) for row in near[order][:amount]]


def find_topics(
    texts: Sequence[str],
    embedded: Embedded,
    *,
    amount: int | None = None,
    seed: int = SEED,
    engine: Engine = "bertopic",
    talk: Talk | None = None,
    tokens: Tokens | None = None,
    guide: Guide | None = None,
    workers: int = 1,
) -> Topics:
    """Find the topics of texts.

    Parameters
    ----------
    texts
        One passage or answer each; empty and equal ones too.
    embedded
        Their vectors, from :func:`qualcode.discovery.embed`.
    amount
        How many topics; when left out the data choose, between 2 and 30.
    seed
        The same seed gives the same topics.
    engine
        What divides: see :func:`qualcode.discovery.engines.divide`.
    talk
        That the texts are talk. Then what is said before and after helps to place a passage; topics are learned from passages of at
        least four content words, and passages without any stay outside; a word of one voice counts three times at most, a voice's passages weigh together no
        more than twice the average voice's, and a topic of fewer than three people, or for more than 60 % one person's, is dissolved.
    tokens
        Another way to cut texts into content words than the lemmas of the Dutch pipeline.
    guide
        Texts of which it is known what they are about, such as the codes of a codebook: passages that resemble the same ones are drawn together.
        A topic may still be about something else.
    workers
        Over how many processes words are brought to their base form, where there are 4,000 texts or more.

    Returns
    -------
    Topics
        With fewer than twelve different texts there are no topics, and ``notes`` says why.
    """
    texts = list(texts)
    blank, once, first = _different(texts, embedded, engine, seed, talk)
    if len(first) < FEWEST_TEXTS:
        said = sum(bool(_LETTERS.search(text)) for text in texts)
        key = "discovery.too_alike" if said >= FEWEST_TEXTS else "discovery.too_few"
        return replace(blank, notes=(*blank.notes, say(key, n=said, different=len(first), fewest=FEWEST_TEXTS)))
    own = [texts[row] for row in once]
    spoken = content_words(own, tokens=tokens, workers=workers)
    learned = learned_from(spoken.words, seed, talk=talk is not None)
    their = [talk.voices[row] for row in once[learned]] if talk is not None else None
    weight = weights(their, len(learned))
    with one_thread():
        space = space_of([own[row] for row in learned], embedded.vectors[once[learned]], seed=seed)
        places = space.place(own, embedded.vectors[once])
        if guide is not None:
            places = guided(places, own, embedded.vectors[once], guide, seed=seed)
        if talk is not None:
            places = among(places, [talk.documents[row] for row in once], [talk.turns[row] for row in once], learned)
        kept = capped([spoken.words[row] for row in learned], their)
        made = divide(places[learned], kept, engine, Asked(amount, seed, weight, finer=talk is not None or is_short(own)))
    groups, dissolved = of_many(places[learned], made.groups, their, weight, keep=amount is not None)
    everyone = _everyone(places, groups, learned, weight, wordless=np.array([talk is not None and not line for line in spoken.words]))
    notes = [
        *blank.notes,
        *spoken.notes,
        say("discovery.sampled", n=len(learned), total=len(once)) if talk is None and len(learned) < len(once) else "",
        say("discovery.few_voices", n=len(set(talk.voices))) if talk is not None and len(set(talk.voices)) < FEWEST_VOICES else "",
        say("discovery.guided", n=len(guide.texts), codes=guide.amount) if guide is not None else "",
        say("discovery.dissolved", n=dissolved) if dissolved else "",
        say("discovery.no_content", n=int((everyone < 0).sum())) if (everyone < 0).any() else "",
    ]
    return _whole(replace(blank, tried=made.tried, notes=tuple(filter(None, notes))), once, first, everyone, places, spoken.words)


def _everyone(
    places: Vectors, groups: Groups, learned: NDArray[np.int64], weight: NDArray[np.float64], *, wordless: NDArray[np.bool_]
) -> Groups:
    """Return the topic of all texts from that of those it was learned from: the nearest; none without content words in talk, or without topics."""
    everyone = np.full(len(places), -1, dtype=np.int64)
    everyone[learned] = groups
    rest = np.isin(np.arange(len(places)), learned, invert=True) & ~wordless
    if rest.any() and (groups >= 0).any():
        everyone[rest] = np.argmax(places[rest] @ middles(places[learned], groups, weight=weight).T, axis=1)
    return everyone


def _different(
    texts: list[str], embedded: Embedded, engine: Engine, seed: int, talk: Talk | None
) -> tuple[Topics, NDArray[np.int64], dict[str, int]]:
    """Return topics without any, the rows to look at (of equal answers the first; of talk all), and the first row of each different text."""
    said = [row for row, text in enumerate(texts) if _LETTERS.search(text)]
    first: dict[str, int] = {}
    for row in said:
        first.setdefault(folded(texts[row]), row)
    once = np.array(said if talk is not None else list(first.values()), dtype=np.int64)
    nobody = np.full(len(texts), -1, dtype=np.int64)
    nowhere = np.zeros((len(texts), 1), dtype=np.float32)
    notes = (say("discovery.damaged", n=embedded.damaged),) if embedded.damaged else ()
    whose = talk.voices if talk is not None else None
    return Topics(_table({}, nobody, None), nobody, texts, nowhere, embedded.model, engine, seed, notes=notes, voices=whose), once, first


def _whole(
    blank: Topics, once: NDArray[np.int64], first: dict[str, int], groups: Groups, places: Vectors, words: list[list[str]]
) -> Topics:
    """Bring what holds for the different texts to all texts, and number the topics by the texts they hold."""
    where = {int(row): place for place, row in enumerate(once)}
    back = np.array([where.get(row, where.get(first.get(folded(text), -1), -1)) for row, text in enumerate(blank.texts)], dtype=np.int64)
    whole = by_size(np.where(back >= 0, groups[back], -1))
    lie = np.where((back >= 0)[:, None], places[back], 0).astype(np.float32)
    spoken = [words[place] if place >= 0 else [] for place in back]
    telling = topic_words(spoken, whole, voices=blank.voices)
    return replace(blank, topics=_table(telling, whole, blank.voices), assignments=whole, places=lie, words=spoken)


def _table(words: dict[int, list[str]], groups: Groups, voices: list[str] | None) -> pd.DataFrame:
    """Return one row a topic."""
    rows = []
    for number in sorted(words):
        held = np.flatnonzero(groups == number)
        telling = words[number][:SHOWN]
        label = ", ".join(telling[:_IN_LABEL]) or say("discovery.no_words")
        rows.append((number, label, telling, len(held), len({voices[row] for row in held}) if voices is not None else len(held)))
    return pd.DataFrame(rows, columns=list(TOPIC_COLUMNS))


def renamed_words(found: Topics, groups: Groups) -> Topics:
    """Return the topics of another division of the same texts, with their own words."""
    telling = topic_words(found.words, groups, voices=found.voices)
    return replace(found, topics=_table(telling, groups, found.voices), assignments=groups)
