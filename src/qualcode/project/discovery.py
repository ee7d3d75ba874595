"""Assisted discovery in a study: what a machine proposes from what the study holds. Nothing in the study changes by it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from qualcode.codebook import Codebook
from qualcode.discovery import Guide, Topics, embed, embedder, find_topics, guide_of, passages, seeds
from qualcode.discovery import coverage as beside
from qualcode.discovery.doubting import miscoded, read_next
from qualcode.discovery.embedding import Embedded, Embedder, Tell, Vectors, enough_memory, normed
from qualcode.discovery.engines import Engine, warm_up
from qualcode.discovery.learning import Compared
from qualcode.discovery.suggesting import Suggester, examples, learn_study, suggestions_of
from qualcode.discovery.topics import SEED, Talk
from qualcode.errors import Refused
from qualcode.labels import say
from qualcode.model import HasSnapshot
from qualcode.store.caching import StudyCache


def _cache(study: HasSnapshot) -> StudyCache | None:
    store = getattr(study, "_store", None)
    return StudyCache(store) if store is not None else None


def vectors_of(study: HasSnapshot, texts: list[str], model: str | Embedder, tell: Tell | None = None) -> Embedded:
    """Return where texts lie; in a project what was reckoned before is kept, and kept what is reckoned now."""
    return embed(texts, embedder(model), cache=_cache(study), tell=tell)


def discover_topics(
    study: HasSnapshot,
    *,
    topics: int | None = None,
    seed: int = SEED,
    engine: Engine = "bertopic",
    model: str | Embedder = "use",
    kinds: tuple[str, ...] | None = None,
    guided: bool = False,
    tell: Tell | None = None,
) -> Topics:
    """Look for topics in what participants say. A search aid: nothing in the study changes.

    Parameters
    ----------
    study
        A project or a snapshot. In a project the vectors are kept for the next time.
    topics
        How many; when left out the passages themselves decide.
    seed
        The same seed gives the same topics.
    engine
        ``bertopic``, ``hdbscan`` (exploratory) or ``kmeans`` (without BERTopic).
    model
        What turns passages into vectors: see :func:`qualcode.discovery.embedder`.
    kinds
        Kinds of document; focus groups and interviews when left out.
    guided
        Let the codebook guide: passages that resemble the definition and examples of the same codes are drawn together. What lies outside
        the codebook may show less because of it.
    tell
        Called with how many passages are compared, and how many there are.

    Raises
    ------
    Missing
        When what the engine or the model needs is not installed.
    Refused
        When a codebook of fewer than two codes is to guide, or there is too little memory.
    """
    warm_up(engine)
    table = passages(study, kinds=kinds)
    texts = table["text"].tolist()
    talk = Talk(table["voice"].tolist(), table["document_guid"].tolist(), table["turn"].tolist())
    guide = _guide(study, model) if guided else None
    embedded = vectors_of(study, texts, model, tell)
    with enough_memory(len(texts)):
        found = find_topics(texts, embedded, amount=topics, seed=seed, engine=engine, talk=talk, guide=guide)
    return replace(found, passages=table)


def _guide(study: HasSnapshot, model: str | Embedder) -> Guide:
    """Return what the codebook of a study says of its codes, as a guide to topics."""
    said, codes = seeds(Codebook.of(study))
    return guide_of(said, codes, vectors_of(study, said, model))


def topic_table(study: HasSnapshot, found: Topics, *, model: str | Embedder = "use") -> pd.DataFrame:
    """Return topics beside the codebook: where each lives, how far it holds, what is coded, which codes lie nearest.

    See :func:`qualcode.discovery.coverage.topic_table` for the columns.
    """
    return beside.topic_table(study, found, code_places(study, found, model=model))


def code_places(study: HasSnapshot, found: Topics, *, model: str | Embedder = "use") -> dict[str, Vectors]:
    """Return where each code in use (guid) lies among the passages of topics, by what the codebook says of it."""
    said = beside.code_texts(Codebook.of(study))
    if not said or found.passages is None or not len(found.topics):
        return {}
    texts = found.passages["text"].tolist()
    both = vectors_of(study, [*texts, *said.values()], model).vectors
    middle = both[: len(texts)].mean(axis=0)
    return dict(zip(said, normed(both[len(texts) :] - middle), strict=True))


def suggester(
    study: HasSnapshot, *, model: str | Embedder = "use", seed: int = SEED, tell: Tell | None = None
) -> tuple[Suggester, pd.DataFrame, Vectors]:
    """Learn codes from the study's own codings and its codebook; return what was learned, the passages and their vectors.

    Raises
    ------
    Refused
        When the study has no code to learn, nobody says anything in it, or there is too little memory.
    """
    table = passages(study)
    known = examples(study, table)
    if not any(line != [""] for line in known.codes) or table.empty:
        raise Refused("discovery.nothing_to_learn")
    texts = table["text"].tolist()
    made = vectors_of(study, [*texts, *known.texts], model, tell)
    mine, theirs = made.vectors[: len(texts)], made.vectors[len(texts) :]
    with enough_memory(len(texts)):
        compared = Compared.of([*texts, *known.texts], mine)
        return learn_study(known, theirs, compared, model=made.model, seed=seed), table, mine


def suggestions(
    study: HasSnapshot, *, code: str | None = None, seed: int = SEED, model: str | Embedder = "use", tell: Tell | None = None
) -> pd.DataFrame:
    """Return code suggestions for passages nobody coded yet, the likeliest first; nothing in the study changes.

    Parameters
    ----------
    study
        A project or a snapshot.
    code
        Only suggestions for this code: an id, guid, name or path.
    seed, model, tell
        As for :func:`discover_topics`.

    Returns
    -------
    pandas.DataFrame
        See :func:`qualcode.discovery.suggesting.suggestions_of`; what was rejected before is left out. ``attrs["notes"]`` holds sentences a
        reader must know: how it was measured, or that it was not.
    """
    return suggested(study, suggester(study, model=model, seed=seed, tell=tell), code=code)


def suggested(study: HasSnapshot, learned: tuple[Suggester, pd.DataFrame, Vectors], *, code: str | None = None) -> pd.DataFrame:
    """Return the frame of :func:`suggestions` from what was learned before by :func:`suggester`."""
    found, table, vectors = learned
    wanted = Codebook.of(study).find(code).guid if code is not None else None
    frame = suggestions_of(study, table, vectors, found, code=wanted)
    proposals = study.snapshot().tables["proposal"]
    rejected = proposals[(proposals["sort"] == "coding") & (proposals["state"] == "rejected")]
    gone = set(zip(rejected["document"], rejected["start"], rejected["end"], rejected["code"], strict=True))
    keep = [key not in gone for key in zip(frame["document_guid"], frame["start"], frame["end"], frame["code_guid"], strict=True)]
    frame = frame[pd.Series(keep, index=frame.index, dtype=bool)].reset_index(drop=True)
    frame.attrs["notes"] = [say("discovery.ranked_with", model=found.model, seed=found.seed), *found.notes]
    return frame


def second_look(study: HasSnapshot, *, model: str | Embedder = "use", seed: int = SEED) -> pd.DataFrame:
    """Return codings that lie far from the others with their code; see :func:`qualcode.discovery.doubting.miscoded`."""
    return miscoded(study, suggester(study, model=model, seed=seed)[0])


def look_next(study: HasSnapshot, *, model: str | Embedder = "use", seed: int = SEED, amount: int = 20) -> pd.DataFrame:
    """Return the passages from which the suggestions would learn most; see :func:`qualcode.discovery.doubting.read_next`."""
    found, table, vectors = suggester(study, model=model, seed=seed)
    return read_next(found, table, vectors, amount=amount)


def uncoded_talk(study: HasSnapshot) -> pd.DataFrame:
    """Return which talk nobody coded, a row a session and speaker; see :func:`qualcode.discovery.coverage.uncoded`."""
    return beside.uncoded(study, passages(study))
