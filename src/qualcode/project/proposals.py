"""What a person decides about the machine's proposals: every verb is one event, with its reason, and can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.discovery import Topics
from qualcode.discovery.embedding import Embedder
from qualcode.discovery.stability import split
from qualcode.discovery.topics import renamed_words
from qualcode.errors import NotFound, Refused
from qualcode.labels import listed, say
from qualcode.model import Change
from qualcode.project.coding import Coding
from qualcode.project.kept import births, kept_as, kept_topics, mark_of, number_in, spans_of

if TYPE_CHECKING:
    from qualcode.codebook import Code
    from qualcode.project.study import Project

TABLE_COLUMNS = ("guid", "sort", "state", "name", "words", "size", "reason", "code", "coder", "at")


class Proposals:
    """The proposals of a study, and what was decided about each."""

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
        return made[list(TABLE_COLUMNS)].reset_index(drop=True)

    # topics ------------------------------------------------------------------------------------------

    def keep(self, found: Topics) -> list[str]:
        """Keep topics in the study, each as a proposal that waits for a person; return their guids in the order of the topics.

        Topics that are kept already are not kept twice: then nothing changes, and these are their guids.
        """
        there = kept_as(self._study.snapshot(), mark_of(found))
        if there is not None:
            return there
        guids, changes = births(self._study, found)
        self._study._commit("topics", *changes)
        return guids

    def topics(self, *, model: str | Embedder = "use") -> Topics:
        """Return the topics that were kept last, as they stand now; see :func:`qualcode.project.kept.kept_topics`."""
        return kept_topics(self._study, model=model)

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
        self._set("rename-topic", proposal, name=name.strip(), reason=(reason or "").strip() or None)

    def reject(self, proposal: str, *, reason: str) -> None:
        """Put a topic aside, with the reason."""
        self._set("reject", proposal, state="rejected", reason=_given(reason))

    def merge(self, proposal: str, into: str, *, reason: str) -> None:
        """Let a topic go into another, with the reason; its passages come along."""
        one, other = self._row(proposal), self._row(into)
        if one["guid"] == other["guid"]:
            raise Refused("discovery.into_itself")
        self._set("merge-topics", one["guid"], merged_into=other["guid"], reason=_given(reason))

    def part(self, proposal: str, *, reason: str) -> list[str]:
        """Take the topics that were merged into this one out again, with the reason; return their guids."""
        frame = self._study.snapshot().tables["proposal"]
        guids: list[str] = frame.loc[frame["merged_into"] == self._row(proposal)["guid"], "guid"].tolist()
        if not guids:
            raise Refused("topicdesk.not_merged")
        after = {"merged_into": None, "reason": _given(reason), **self._now()}
        self._study._commit("split-topic", Change("proposal", guids, {name: [value] * len(guids) for name, value in after.items()}))
        return guids

    def split(self, proposal: str, found: Topics, *, parts: int = 2, reason: str) -> list[str]:
        """Divide a topic in parts, with the reason; the first part keeps its name. Return the guids of the new ones.

        Parameters
        ----------
        proposal
            Guid of a kept topic.
        found
            The search it comes from, or :meth:`topics`.
        parts
            In how many.
        reason
            Why.
        """
        row, study = self._row(proposal), self._study
        why, number = _given(reason), number_in(found, row["passages"])
        if found.passages is None or number is None:
            raise Refused("discovery.other_topics")
        after = renamed_words(found, split(found, number, parts))
        fresh = [int(n) for n in after.topics["id"] if n == number or n >= len(found.topics)]
        guids = [row["guid"], *(study._store.guids() for _ in fresh[1:])]
        labels = after.topics.set_index("id")
        fields: dict[str, list[Any]] = {
            "words": [labels.loc[n, "words"] for n in fresh],
            "passages": [spans_of(found.passages[after.assignments == n]) for n in fresh],
            # how far a part holds was never measured: a person made it
            "score": [None] * len(fresh),
            "reason": [why] * len(fresh),
        }
        old = Change("proposal", guids[:1], {name: values[:1] for name, values in fields.items()})
        numbers = study.snapshot().tables["proposal"]
        most = int(numbers.loc[numbers["topicset"] == row["topicset"], "number"].max())
        born = {"exists": True, "sort": "topic", "state": "pending", "topicset": row["topicset"], **self._now()}
        new = Change(
            "proposal",
            guids[1:],
            {name: values[1:] for name, values in fields.items()}
            | {name: [value] * (len(fresh) - 1) for name, value in born.items()}
            | {"name": [labels.loc[n, "label"] for n in fresh[1:]], "number": [most + 1 + n for n in range(len(fresh) - 1)]},
        )
        study._commit("split-topic", old, new)
        return guids[1:]

    def link(self, proposal: str, code: str, *, reason: str) -> None:
        """Say that a topic is what a code is about, with the reason. No passage is coded by it: they wait in the queue."""
        self._set("link", proposal, state="accepted", code=self._study.codebook.find(code).guid, reason=_given(reason))

    def propose(self, proposal: str, id: str, name: str, *, parent: str, reason: str) -> Code:
        """Make a new code of a topic, with the reason; its passages wait in the queue, none is coded. One undo takes back both."""
        study = self._study
        self._row(proposal)
        words = _given(reason)
        with study.gesture():
            made: Code = study.codebook.add(id, name, parent=parent)
            self._set("propose-code", proposal, state="accepted", code=made.guid, reason=words)
        return made

    # passages ----------------------------------------------------------------------------------------

    def accept(
        self, document: str, span: tuple[int, int], code: str, *, reason: str | None = None, score: float | None = None, **coding: Any
    ) -> Coding:
        """Code a passage as suggested: a coding of yours, and a line in the log that a machine proposed it. One undo takes back both."""
        study = self._study
        with study.gesture():
            made = study.code(document, code, span=span, **coding)
            self._decided(document, (made.start, made.end), code, "accepted", reason=reason, score=score, coding=made.guid)
        return made

    def instead(
        self, document: str, span: tuple[int, int], code: str, other: str, *, reason: str | None = None, score: float | None = None
    ) -> Coding:
        """Code a passage with another code than the suggested one, which is put aside. One undo takes back both.

        Parameters
        ----------
        document, span
            The passage: name of the document, and code points.
        code
            The code that was suggested.
        other
            The code it gets.
        reason
            Why; when left out the log says which code came instead.
        score
            How likely the suggestion was.
        """
        study = self._study
        why = (reason or "").strip() or say("topicdesk.instead_of", code=str(study.codebook.find(other)))
        with study.gesture():
            made = study.code(document, other, span=span)
            self._decided(document, span, code, "rejected", reason=why, score=score, coding=made.guid)
        return made

    def refuse(self, document: str, span: tuple[int, int], code: str, *, reason: str, score: float | None = None) -> None:
        """Put a suggestion aside, with the reason; it is not made again."""
        self._decided(document, span, code, "rejected", reason=_given(reason), score=score)

    def recode(self, coding: str, code: str, *, reason: str) -> None:
        """Follow the suggestion that a coding is better off with another code; somebody else's gets a review that says so."""
        study = self._study
        held = study._entity("coding", coding)
        if held is None:
            raise NotFound("project.no_coding", coding=coding)
        with study.gesture():
            if held["coder"] == study._coder_guid():
                study.recode(coding, code=code)
            else:
                study.review(coding, "change", _given(reason), code=code)
            self._looked(held, code, "accepted", reason)

    def let_stand(self, coding: str, code: str, *, reason: str) -> None:
        """Say that a coding is right as it is, with the reason; the second look is not asked again."""
        held = self._study._entity("coding", coding)
        if held is None:
            raise NotFound("project.no_coding", coding=coding)
        self._looked(held, code, "rejected", _given(reason))

    def _looked(self, held: dict[str, Any], code: str, state: str, reason: str) -> None:
        name = str(self._study._current().document_row(held["document"])["name"])
        span = (int(held["start"]), int(held["end"]))
        self._decided(name, span, code, state, coding=held["guid"], reason=reason.strip() or None)

    def _decided(self, document: str, span: tuple[int, int], code: str, state: str, **fields: Any) -> None:
        study = self._study
        guid = study._document(document)
        after = {
            "exists": True, "sort": "coding", "state": state, "document": guid, "version": int(study._current().document_row(guid)["version"]),
            "start": int(span[0]), "end": int(span[1]), "code": study.codebook.find(code).guid,
            **self._now(), **{name: value for name, value in fields.items() if value is not None},
        }  # fmt: skip
        study._commit("suggestion", Change("proposal", [study._store.guids()], {name: [value] for name, value in after.items()}))

    def _now(self) -> dict[str, str]:
        return {"coder": self._study._coder_guid(), "at": self._study._store.clock()}

    def _row(self, proposal: str) -> dict[str, Any]:
        frame = self._study.snapshot().tables["proposal"]
        row = frame[frame["guid"] == proposal]
        if row.empty:
            raise NotFound("discovery.no_proposal", proposal=proposal, there=listed(list(frame["name"].dropna())) or say("words.nothing"))
        return dict(row.iloc[0])

    def _set(self, verb: str, proposal: str, **fields: Any) -> None:
        guid = self._row(proposal)["guid"]
        after = {**fields, **self._now()}
        self._study._commit(verb, Change("proposal", [guid], {name: [value] for name, value in after.items() if value is not None}))


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused("discovery.no_reason")
    return reason.strip()
