"""The words that tell topics apart: content words in their base form, counted by how many people use them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.discovery.embedding import WORTH
from qualcode.errors import Missing
from qualcode.labels import say
from qualcode.language import STOP_WORDS, guess, pipeline_name
from qualcode.language import words as tagged
from qualcode.language.spoken import REMARK

Tokens = Callable[[Sequence[str]], list[list[str]]]

_CONTENT = ("NOUN", "PROPN", "VERB", "ADJ")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SHORTEST = 3
_PIECE = 500
# another number of topics or another seed asks for the same words again: by pipeline and text, in this process only
_TAGGED: dict[tuple[str, str], list[str]] = {}
_MOST_TAGGED = 20_000
# a voice brings a word to a topic at most so often: nobody's habit of speech becomes a topic
MOST_PER_VOICE = 3
SHOWN = 10


def surface(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of each text as written, lower case, without Dutch stop words and fillers.

    Examples
    --------
    >>> surface(["Ja, ik werk thuis, hè, met de laptop."])
    [['werk', 'thuis', 'laptop']]
    """
    bare = (REMARK.sub(" ", text) for text in texts)
    found = ([word.lower().replace("’", "'") for word in _WORD.findall(text)] for text in bare)
    return [[word for word in words if word not in STOP_WORDS and len(word) >= _SHORTEST] for words in found]


def _telling(table: pd.DataFrame) -> pd.Series:
    """Return which words of a tagged table say what a text is about."""
    long = table["lemma"].str.len() >= _SHORTEST
    content = table["pos"].isin(_CONTENT) & ~table["stop"] & ~table["lemma"].isin(STOP_WORDS)
    return content & long & table["lemma"].str.contains(r"[^\W\d_]", regex=True)


def lemmas(texts: Sequence[str]) -> list[list[str]]:
    """Return the content words of each text in their base form, without stop words and fillers; in one session a text is tagged once."""
    made_by = pipeline_name()
    fresh = list(dict.fromkeys(text for text in texts if (made_by, text) not in _TAGGED))
    if len(_TAGGED) + len(fresh) > _MOST_TAGGED:
        _TAGGED.clear()
        fresh = list(dict.fromkeys(texts))
    _TAGGED.update(((made_by, text), line) for text, line in zip(fresh, _lemmas(fresh), strict=True))
    return [list(_TAGGED[made_by, text]) for text in texts]


def _lemmas(texts: Sequence[str]) -> list[list[str]]:
    table = tagged(texts)
    kept = table[_telling(table)]
    lists: list[list[str]] = [[] for _ in texts]
    for text, lemma in zip(kept["text"], kept["lemma"], strict=True):
        lists[text].append(lemma)
    return lists


def _lemmas_elsewhere(texts: Sequence[str], workers: int, scheduler: str | None) -> list[list[str]]:
    from qualcode.discovery.cluster import each, processes

    with processes(workers, scheduler=scheduler) as client:
        made = each(client, lemmas, [list(texts[first : first + _PIECE]) for first in range(0, len(texts), _PIECE)])
    return [line for piece in made for line in piece]


def forms(texts: Sequence[str]) -> pd.Series:
    """Return how often which word stands for which base form; a word that tells nothing stands for the empty one.

    Returns
    -------
    pandas.Series
        Counts, by ``lower`` (the word in lower case) and ``form``.
    """
    table = tagged(texts)
    return table.assign(form=table["lemma"].where(_telling(table), "")).groupby(["lower", "form"]).size()


@dataclass(frozen=True, slots=True)
class Spoken:
    """The content words of passages, by what they were made, and what a reader must know about that."""

    words: list[list[str]]
    made_by: str
    notes: tuple[str, ...] = ()


def content_words(texts: Sequence[str], *, tokens: Tokens | None = None, workers: int = 1, scheduler: str | None = None) -> Spoken:
    """Return the content words of each text.

    Parameters
    ----------
    texts
        The passages.
    tokens
        Another way to cut texts into words. When left out: lemmas of the Dutch pipeline; words as written, with a note that says so,
        when the texts are not Dutch or the pipeline is not there.
    workers, scheduler
        As for :func:`qualcode.discovery.cluster.processes`; fewer than 4,000 texts are tagged here.
    """
    if tokens is not None:
        return Spoken(tokens(texts), getattr(tokens, "__name__", "tokens"))
    spoken_in = guess([" ".join(texts)]).iloc[0] if texts else "nl"
    if spoken_in not in ("nl", "unknown"):
        return Spoken(surface(texts), "surface", (say("discovery.other_language", language=spoken_in),))
    try:
        alone = len(texts) < WORTH or (workers == 1 and scheduler is None)
        return Spoken(lemmas(texts) if alone else _lemmas_elsewhere(texts, workers, scheduler), pipeline_name())
    except Missing as reason:
        return Spoken(surface(texts), "surface", (say("discovery.no_lemmas", reason=str(reason)),))


def capped(words: Sequence[Sequence[str]], voices: Sequence[str] | None, *, most: int = MOST_PER_VOICE) -> list[list[str]]:
    """Return the words with each word of each voice at most ``most`` times; without voices every text is a voice of its own."""
    said: Counter[tuple[str, str]] = Counter()
    kept: list[list[str]] = []
    for place, text in enumerate(words):
        voice = voices[place] if voices is not None else str(place)
        line: list[str] = []
        for word in text:
            said[voice, word] += 1
            if said[voice, word] <= most:
                line.append(word)
        kept.append(line)
    return kept


def topic_words(
    words: Sequence[Sequence[str]], topics: NDArray[np.int64], *, voices: Sequence[str] | None = None, shown: int = SHOWN
) -> dict[int, list[str]]:
    """Return the words that tell each topic apart, the most telling first.

    Parameters
    ----------
    words
        Content words of each passage.
    topics
        Topic of each passage; -1 is outside.
    voices
        Who said each passage.
    shown
        How many words a topic.

    Notes
    -----
    Class-based TF-IDF (Grootendorst, 2022): the frequency of a word in a topic times ``log(1 + A / f)``, with ``f`` its frequency over
    all topics and ``A`` the average number of words a topic. A frequency here is the sum over voices of the square root of how often each used it,
    so that a word used by many weighs more than a word used much.
    """
    rows = [(t, voices[i] if voices is not None else str(i), w) for i, t in enumerate(topics.tolist()) if t >= 0 for w in words[i]]
    table = pd.DataFrame(rows, columns=["topic", "voice", "word"])
    if table.empty:
        return {int(t): [] for t in np.unique(topics[topics >= 0])}
    counts = table.groupby(["topic", "voice", "word"]).size()
    used = (counts**0.5).groupby(["topic", "word"]).sum().rename("n").reset_index()
    return most_telling(used, np.unique(topics[topics >= 0]), shown=shown)


def most_telling(used: pd.DataFrame, topics: NDArray[np.int64], *, shown: int = SHOWN) -> dict[int, list[str]]:
    """Return the words that tell each topic apart, from how much each is used: see :func:`topic_words`.

    Parameters
    ----------
    used
        ``topic``, ``word``, ``n`` (how much that topic uses that word).
    topics
        The topics, those without words too.
    shown
        How many words a topic.
    """
    whole = used.groupby("word")["n"].transform("sum")
    average = used["n"].sum() / max(1, used["topic"].nunique())
    used = used.assign(score=used["n"] / used.groupby("topic")["n"].transform("sum") * np.log1p(average / whole))
    used = used.sort_values(["topic", "score", "word"], ascending=[True, False, True], kind="stable")
    best = used.groupby("topic").head(shown).groupby("topic")["word"].agg(list)
    return {int(t): best.get(t, []) for t in topics}
