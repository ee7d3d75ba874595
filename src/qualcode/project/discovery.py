"""Assisted discovery in a study: the machine proposes from what the study holds, and every decision of a person is an event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.codebook import Codebook
from qualcode.discovery import Topics, embed, embedder, find_topics, passages
from qualcode.discovery import coverage as beside
from qualcode.discovery.embedding import Embedded, Embedder, Tell, Vectors, normed
from qualcode.discovery.engines import Engine, warm_up
from qualcode.discovery.learning import Compared
from qualcode.discovery.stability import merged, split
from qualcode.discovery.suggesting import Suggester, examples, learn_study, miscoded, read_next, suggestions_of
from qualcode.discovery.topics import SEED, Talk, renamed_words
from qualcode.errors import NotFound, Refused
from qualcode.labels import listed, say
from qualcode.model import Change, HasSnapshot
from qualcode.project.coding import Coding
from qualcode.store.caching import StudyCache

if TYPE_CHECKING:
    from qualcode.codebook import Code
    from qualcode.project.study import Project


def _cache(study: HasSnapshot) -> StudyCache | None:
    store = getattr(study, "_store", None)
    return StudyCache(store) if store is not None else None


def _vectors(study: HasSnapshot, texts: list[str], model: str | Embedder, tell: Tell | None = None) -> Embedded:
    return embed(texts, embedder(model), cache=_cache(study), tell=tell)


def discover_topics(
    study: HasSnapshot,
    *,
    topics: int | None = None,
    seed: int = SEED,
    engine: Engine = "bertopic",
    model: str | Embedder = "use",
    kinds: tuple[str, ...] | None = None,
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
    tell
        Called with how many passages are compared, and how many there are.

    Raises
    ------
    Missing
        When what the engine or the model needs is not installed.
    """
    warm_up(engine)
    table = passages(study, kinds=kinds)
    texts = table["text"].tolist()
    talk = Talk(table["voice"].tolist(), table["document_guid"].tolist(), table["turn"].tolist())
    found = find_topics(texts, _vectors(study, texts, model, tell), amount=topics, seed=seed, engine=engine, talk=talk)
    return replace(found, passages=table)


def topic_table(study: HasSnapshot, found: Topics, *, model: str | Embedder = "use") -> pd.DataFrame:
    """Return topics beside the codebook: where each lives, how far it holds, what is coded, which codes lie nearest.

    See :func:`qualcode.discovery.coverage.topic_table` for the columns.
    """
    said = beside.code_texts(Codebook.of(study))
    if not said or found.passages is None or not len(found.topics):
        return beside.topic_table(study, found)
    texts = found.passages["text"].tolist()
    both = _vectors(study, [*texts, *said.values()], model).vectors
    middle = both[: len(texts)].mean(axis=0)
    lie = normed(both[len(texts) :] - middle)
    return beside.topic_table(study, found, dict(zip(said, lie, strict=True)))


def suggester(
    study: HasSnapshot, *, model: str | Embedder = "use", seed: int = SEED, tell: Tell | None = None
) -> tuple[Suggester, pd.DataFrame, Vectors]:
    """Learn codes from the study's own codings and its codebook; return what was learned, the passages and their vectors.

    Raises
    ------
    Refused
        When the study has no code to learn, or nobody says anything in it.
    """
    table = passages(study)
    known = examples(study, table)
    if not any(line != [""] for line in known.codes) or table.empty:
        raise Refused("discovery.nothing_to_learn")
    texts = table["text"].tolist()
    made = _vectors(study, [*texts, *known.texts], model, tell)
    mine, theirs = made.vectors[: len(texts)], made.vectors[len(texts) :]
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
    found, table, vectors = suggester(study, model=model, seed=seed, tell=tell)
    wanted = Codebook.of(study).find(code).guid if code is not None else None
    frame = suggestions_of(study, table, vectors, found, code=wanted)
    proposals = study.snapshot().tables["proposal"]
    rejected = proposals[(proposals["sort"] == "coding") & (proposals["state"] == "rejected")]
    gone = set(zip(rejected["document"], rejected["start"], rejected["end"], rejected["code"], strict=True))
    keep = [key not in gone for key in zip(frame["document_guid"], frame["start"], frame["end"], frame["code_guid"], strict=True)]
    frame = frame[pd.Series(keep, index=frame.index, dtype=bool)].reset_index(drop=True)
    frame.attrs["notes"] = [say("discovery.ranked_with", model=found.model, seed=found.seed), *found.notes]
    return frame


class Discovery:
    """What a person decides about the machine's proposals; every verb is one event, with its reason, and can be undone."""

    def __init__(self, study: Project) -> None:
        self._study = study

    def table(self, *, sort: str | None = None, state: str | None = None) -> pd.DataFrame:
        """Return the proposals: ``guid, sort, state, name, words, size, reason, code`` (id), ``coder, at``; merged topics are left out."""
        snapshot = self._study.snapshot()
        frame = snapshot.tables["proposal"]
        frame = frame[frame["merged_into"].isna()]
        if sort:
            frame = frame[frame["sort"] == sort]
        if state:
            frame = frame[frame["state"] == state]
        called = {code.guid: code.id or code.name for code in self._study.codebook.codes}
        coders = dict(zip(snapshot.coders["guid"], snapshot.coders["name"], strict=True))
        size = [len((held or {}).get("start", [])) for held in frame["passages"]]
        made = frame.assign(size=size, code=frame["code"].map(called), coder=frame["coder"].map(coders))
        return made[["guid", "sort", "state", "name", "words", "size", "reason", "code", "coder", "at"]].reset_index(drop=True)

    def keep(self, found: Topics) -> list[str]:
        """Keep topics in the study, each as a proposal that waits for a person; return their guids in the order of the topics."""
        if found.passages is None:
            raise Refused("discovery.no_passages")
        study = self._study
        guid = study._store.guids()
        made: dict[str, list[Any]] = {"coder": [study._coder_guid()], "at": [study._store.clock()]}
        settings = {"topics": len(found.topics), "tried": {str(k): round(v, 4) for k, v in found.tried.items()}}
        whole: dict[str, list[Any]] = {
            "model": [found.model],
            "engine": [found.engine],
            "seed": [found.seed],
            "settings": [settings],
            "notes": [list(found.notes)],
        }
        guids = [study._store.guids() for _ in range(len(found.topics))]
        fields: dict[str, list[Any]] = {
            "exists": [True] * len(guids),
            "sort": ["topic"] * len(guids),
            "state": ["pending"] * len(guids),
            "name": found.topics["label"].tolist(),
            "number": found.topics["id"].tolist(),
            "words": found.topics["words"].tolist(),
            "passages": [_spans(found.passages[found.assignments == number]) for number in found.topics["id"]],
            "topicset": [guid] * len(guids),
            "coder": made["coder"] * len(guids),
            "at": made["at"] * len(guids),
        }
        changes = (Change("topicset", [guid], {"exists": [True], **whole, **made}), *([Change("proposal", guids, fields)] if guids else []))
        study._commit("topics", *changes)
        return guids

    def passages(self, proposal: str) -> pd.DataFrame:
        """Return the passages of a topic: ``document, start, end, text``, those of topics merged into it too."""
        snapshot = self._study.snapshot()
        frame = snapshot.tables["proposal"]
        wanted = {self._row(proposal)["guid"]}
        while True:
            more = set(frame.loc[frame["merged_into"].isin(wanted), "guid"]) - wanted
            if not more:
                break
            wanted |= more
        names = dict(zip(snapshot.documents["guid"], snapshot.documents["name"], strict=True))
        rows = [
            (names[d], a, b, snapshot.text(d)[a:b])
            for held in frame.loc[frame["guid"].isin(wanted), "passages"]
            for d, a, b in zip(*((held or {}).get(key, []) for key in ("document", "start", "end")), strict=True)
            if d in names
        ]
        return pd.DataFrame(rows, columns=["document", "start", "end", "text"])

    def rename(self, proposal: str, name: str, *, reason: str | None = None) -> None:
        """Give a topic a name of your own."""
        if not name.strip():
            raise Refused("discovery.nameless")
        self._set("rename-topic", proposal, name=name.strip(), reason=reason)

    def reject(self, proposal: str, *, reason: str) -> None:
        """Put a topic aside, with the reason."""
        self._set("reject", proposal, state="rejected", reason=_given(reason))

    def merge(self, proposal: str, into: str, *, reason: str) -> None:
        """Let a topic go into another, with the reason; its passages come along."""
        one, other = self._row(proposal), self._row(into)
        if one["guid"] == other["guid"]:
            raise Refused("discovery.into_itself")
        self._set("merge-topics", one["guid"], merged_into=other["guid"], reason=_given(reason))

    def split(self, proposal: str, found: Topics, *, parts: int = 2, reason: str) -> list[str]:
        """Divide a topic of the last search in parts, with the reason; the first part keeps its name. Return the guids of the new ones."""
        row, study = self._row(proposal), self._study
        number = int(row["number"])
        after = renamed_words(found, split(found, number, parts))
        if found.passages is None or row["passages"] != _spans(found.passages[found.assignments == number]):
            raise Refused("discovery.other_topics")
        fresh = [int(n) for n in after.topics["id"] if n == number or n >= len(found.topics)]
        guids = [row["guid"], *(study._store.guids() for _ in fresh[1:])]
        labels = after.topics.set_index("id")
        fields: dict[str, list[Any]] = {
            "words": [labels.loc[n, "words"] for n in fresh],
            "passages": [_spans(found.passages[after.assignments == n]) for n in fresh],
            "reason": [_given(reason)] * len(fresh),
        }
        old = Change("proposal", guids[:1], {name: values[:1] for name, values in fields.items()})
        born = {
            "exists": True,
            "sort": "topic",
            "state": "pending",
            "topicset": row["topicset"],
            "coder": study._coder_guid(),
            "at": study._store.clock(),
        }
        new = Change(
            "proposal",
            guids[1:],
            {name: values[1:] for name, values in fields.items()}
            | {name: [value] * (len(fresh) - 1) for name, value in born.items()}
            | {"name": [labels.loc[n, "label"] for n in fresh[1:]], "number": fresh[1:]},
        )
        study._commit("split-topic", old, new)
        return guids[1:]

    def link(self, proposal: str, code: str, *, reason: str) -> None:
        """Say that a topic is what a code is about, with the reason. No passage is coded by it."""
        self._set("link", proposal, state="accepted", code=self._study.codebook.find(code).guid, reason=_given(reason))

    def propose(self, proposal: str, id: str, name: str, *, parent: str, reason: str) -> Code:
        """Make a new code of a topic, with the reason; no passage is coded by it. One undo takes back both."""
        study = self._study
        self._row(proposal)
        words = _given(reason)
        with study.gesture():
            made: Code = study.codebook.add(id, name, parent=parent)
            self._set("propose-code", proposal, state="accepted", code=made.guid, reason=words)
        return made

    def accept(
        self, document: str, span: tuple[int, int], code: str, *, reason: str | None = None, score: float | None = None, **coding: Any
    ) -> Coding:
        """Code a passage as suggested: a coding of yours, and a line in the log that a machine proposed it. One undo takes back both."""
        study = self._study
        with study.gesture():
            made = study.code(document, code, span=span, **coding)
            self._decided(document, (made.start, made.end), code, "accepted", reason=reason, score=score, coding=made.guid)
        return made

    def refuse(self, document: str, span: tuple[int, int], code: str, *, reason: str, score: float | None = None) -> None:
        """Put a suggestion aside, with the reason; it is not made again."""
        self._decided(document, span, code, "rejected", reason=_given(reason), score=score)

    def _decided(self, document: str, span: tuple[int, int], code: str, state: str, **fields: Any) -> None:
        study = self._study
        guid = study._document(document)
        after = {
            "exists": True, "sort": "coding", "state": state, "document": guid, "version": int(study._current().document_row(guid)["version"]),
            "start": int(span[0]), "end": int(span[1]), "code": study.codebook.find(code).guid, "coder": study._coder_guid(),
            "at": study._store.clock(), **{name: value for name, value in fields.items() if value is not None},
        }  # fmt: skip
        study._commit("suggestion", Change("proposal", [study._store.guids()], {name: [value] for name, value in after.items()}))

    def _row(self, proposal: str) -> dict[str, Any]:
        frame = self._study.snapshot().tables["proposal"]
        row = frame[frame["guid"] == proposal]
        if row.empty:
            raise NotFound("discovery.no_proposal", proposal=proposal, there=listed(list(frame["name"].dropna())) or say("words.nothing"))
        return dict(row.iloc[0])

    def _set(self, verb: str, proposal: str, **fields: Any) -> None:
        guid = self._row(proposal)["guid"]
        after = {**fields, "coder": self._study._coder_guid(), "at": self._study._store.clock()}
        self._study._commit(verb, Change("proposal", [guid], {name: [value] for name, value in after.items() if value is not None}))


def _spans(frame: pd.DataFrame) -> dict[str, list[Any]]:
    return {"document": frame["document_guid"].tolist(), "start": frame["start"].tolist(), "end": frame["end"].tolist()}


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused("discovery.no_reason")
    return reason.strip()


def after_merge(found: Topics, first: int, second: int) -> Topics:
    """Return topics of a search with the second merged into the first, with their own words again."""
    return renamed_words(found, merged(found, first, second))


def second_look(study: HasSnapshot, *, model: str | Embedder = "use", seed: int = SEED) -> pd.DataFrame:
    """Return codings that lie far from the others with their code; see :func:`qualcode.discovery.suggesting.miscoded`."""
    return miscoded(study, suggester(study, model=model, seed=seed)[0])


def look_next(study: HasSnapshot, *, model: str | Embedder = "use", seed: int = SEED, amount: int = 20) -> pd.DataFrame:
    """Return the passages from which the suggestions would learn most; see :func:`qualcode.discovery.suggesting.read_next`."""
    found, table, vectors = suggester(study, model=model, seed=seed)
    return read_next(found, table, vectors, amount=amount)


def uncoded_talk(study: HasSnapshot) -> pd.DataFrame:
    """Return which talk nobody coded, a row a session and speaker; see :func:`qualcode.discovery.coverage.uncoded`."""
    return beside.uncoded(study, passages(study))
