"""The topic desk: what a machine laid together, in the words of people, and what a person makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import pandas as pd

from qualcode.discovery import Topics
from qualcode.discovery.embedding import Embedder
from qualcode.discovery.living import alike_first, beside, sessions
from qualcode.errors import Refused
from qualcode.labels import say
from qualcode.model import Snapshot, rows_of
from qualcode.project import Project
from qualcode.project.blind import notice
from qualcode.project.discovery import code_places
from qualcode.project.kept import kept_set, kept_topics, standing
from qualcode.widgets import pages
from qualcode.widgets.desk import Desk
from qualcode.widgets.page import script, style
from qualcode.widgets.passages import passage
from qualcode.widgets.suggestions import Waiting

if TYPE_CHECKING:
    from qualcode.charts.topics import Theme

SCRIPTS = ("parts.mjs", "wire.mjs", "frame.mjs", "listing.mjs", "reading.mjs", "suggestions.mjs", "topics.mjs", "topicsdesk.mjs")
Picture = Literal["map", "sessions", "tree"]
_BEST = 5


class TopicDesk(Desk):
    """Look through topics: name, merge, split, reject, link to a code or propose a new one, each with its reason; no passage is coded by it.

    Parameters
    ----------
    study
        The project; what is decided is signed by its coder and can be undone.
    topics
        Topics just found, which are kept at once (and not twice); when left out those that were kept last, as they stand now.
    model
        What turns passages into vectors, when topics are taken up again or codes are compared: the model they were found with.
    height
        Height on the page, as CSS; ``640px`` when left out.

    Raises
    ------
    NotFound
        When no topics were kept, and none are given.
    Refused
        For topics of a file, or kept topics of another model.
    """

    rooms: ClassVar[tuple[str, ...]] = ("desk", "topicdesk")
    _esm = script(*SCRIPTS)
    _css = style("desk.css", "judging.css", "topics.css")

    def __init__(self, study: Project, topics: Topics | None = None, *, model: str | Embedder = "use", **traits: Any) -> None:
        self._model = model
        if topics is None:
            self._set = str(kept_set(study.snapshot())["guid"])
            self._found = kept_topics(study, topicset=self._set, model=model)
        else:
            self._set, self._found = kept_now(study, topics), topics
        self._waiting = Waiting(study, "topics")
        self._sight: tuple[Any, ...] = ()
        self._places: tuple[str, dict[str, Any]] = ("", {})
        self._told_of: dict[str, dict[str, Any]] = {}
        super().__init__(study, **traits)

    def verbs(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
        """Return what each message of the page does."""
        return {
            "passages": self._passages,
            **dict.fromkeys(("rename", "reject", "merge", "link"), self._decide),
            "split": self._split,
            "propose": self._propose,
            **self._waiting.verbs(),
        }

    def topics(self) -> Topics:
        """Return the topics as they stand now."""
        return standing(self.study, self._found, self._set)

    def chart(self, picture: Picture = "map", **how: Any) -> Any:
        """Return a picture of the topics; a click opens the passages in this desk.

        Parameters
        ----------
        picture
            ``map`` (of the passages), ``sessions`` (where topics live) or ``tree`` (which lie near each other).
        how
            As for :func:`qualcode.charts.topic_map`, :func:`~qualcode.charts.topic_sessions` and :func:`~qualcode.charts.topic_tree`.
        """
        from plotly.graph_objects import FigureWidget

        from qualcode.charts import topic_map, topic_sessions, topic_tree

        found = self.topics()
        theme: Theme = "dark" if self.theme == "dark" else "light"
        pictures: dict[str, Callable[..., Any]] = {"map": topic_map, "sessions": topic_sessions, "tree": topic_tree}
        drawn = pictures.get(picture)
        if drawn is None:
            raise Refused("topicdesk.no_picture", picture=picture)
        if picture == "map" and "states" not in how:
            table = beside(self.study, found, {})
            how["states"] = [
                "rejected" if was == "rejected" else now for was, now in zip(found.topics["state"], table["state"], strict=True)
            ]
        figure = FigureWidget(drawn(found, theme=theme, **how))
        guids = list(found.topics["guid"])
        for trace in figure.data:
            trace.on_click(lambda clicked, points, state: self._clicked(guids, clicked, points, state))
        return figure

    def _clicked(self, guids: list[str], trace: Any, points: Any, _state: Any) -> None:
        for place in points.point_inds:
            held = trace.customdata[place[0]][place[1]] if isinstance(place, (tuple, list)) else trace.customdata[place]
            numbers = held[0] if isinstance(held[0], (list, tuple, np.ndarray)) else [held[0]]
            opened = {"topics": [guids[int(number)] for number in numbers], "document": str(held[1]) if len(held) > 1 else None}
            first = {"start": int(held[2])} if len(held) > 2 else {}  # noqa: PLR2004
            self.send({"kind": "patch", "rev": self.next_rev(), "open": {**opened, **first}})

    def show(self, to: str | None) -> None:
        """Send the topics with where they live, without words of the talk: these are asked for topic by topic."""
        now, book = self.study.snapshot(), self.study.codebook.book
        self._sight = self._seen()
        self._waiting.renew()
        self._told_of = self._rows(now)
        content = {
            "topics": list(self._told_of.values()),
            "notes": [
                say("discovery.made_with", engine=self._found.engine, model=self._found.model, seed=self._found.seed),
                *self._notes(now),
            ],
            "notice": notice(self.study),
            "codes": pages.codebook_page(book)["codes"],
            "queue": self._waiting.page(),
        }
        self.send({"kind": "page", "to": to, "rev": self._rev}, [json.dumps(content, ensure_ascii=False).encode()])

    def patch(self, **answer: Any) -> None:
        """Send the topics that changed, and what was decided about passages; everything again when the codebook or the queue changed."""
        if self._sight != self._seen():
            self.show(None)
        rows = self._rows(self.study.snapshot())
        fresh = [row for guid, row in rows.items() if self._told_of.get(guid) != row]
        gone = [guid for guid in self._told_of if guid not in rows]
        self._told_of = rows
        if answer or fresh or gone:
            self.send({"kind": "patch", "rev": self.next_rev(), "fresh": fresh, "gone": gone, "done": self._waiting.done(), **answer})

    def _seen(self) -> tuple[Any, ...]:
        """Return what the page as a whole stands on: the codebook, the texts, and which topics have passages that wait."""
        table = self.study.proposals.table(sort="topic", state="accepted")
        texts = tuple(self.study.snapshot().documents["text"])
        return (self.study.codebook.book.fingerprint, texts, *zip(table["guid"], table["code"], strict=True))

    def _notes(self, now: Snapshot) -> list[str]:
        here = (now.tables["topicset"]["guid"] == self._set).any()
        return list(self.topics().notes) if here else [say("topicdesk.not_kept")]

    def _rows(self, now: Snapshot) -> dict[str, dict[str, Any]]:
        """Return the topics as the page shows them, by guid."""
        if not (now.tables["topicset"]["guid"] == self._set).any():
            return {}
        found, book = self.topics(), self.study.codebook.book
        if self._places[0] != book.fingerprint:
            self._places = (book.fingerprint, code_places(self.study, self._found, model=self._model))
        coders = dict(zip(now.coders["guid"], now.coders["name"], strict=True))
        table, lives = beside(self.study, found, self._places[1]), sessions(found)
        guids, near = list(found.topics["guid"]), alike_first(found) if len(found.topics) else []
        by_topic = dict(iter(lives.groupby("topic")))
        made: dict[str, dict[str, Any]] = {}
        for number, (row, codes) in enumerate(zip(rows_of(found.topics), rows_of(table), strict=True)):
            here = by_topic[number]
            made[row["guid"]] = {
                **{name: row[name] for name in ("guid", "label", "words", "size", "merged")},
                "people": row["voices"],
                "stability": None if pd.isna(row["stability"]) else row["stability"],
                **{name: row[name] if isinstance(row[name], str) else "" for name in ("code", "reason")},
                "decision": row["state"],
                "by": coders.get(row["coder"], ""),
                "groups": int((here["kind"] == "focusgroep").sum()),
                "interviews": int((here["kind"] == "interview").sum()),
                "sessions": [[d, int(p), int(n)] for d, p, n in zip(here["document"], here["people"], here["passages"], strict=True)],
                **{name: codes[name] for name in ("coded", "state", "codes", "nearest")},
                "near": [guids[other] for other in near[number]],
            }
        return made

    def _passages(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return passages of a topic with what was said around them: the best, or all, or those of one session."""
        found, now = self.topics(), self.study.snapshot()
        number = next((n for n, guid in enumerate(found.topics["guid"]) if guid == message["topic"]), None)
        if number is None or found.passages is None:
            raise Refused("topicdesk.topic_gone")
        every = found.best(number, len(found.texts))
        document, whole = message.get("document"), bool(message.get("all"))
        table = found.passages.iloc[every]
        if document:
            table = table[table["document"] == document]
        elif whole:
            table = table.sort_index()
        else:
            table = table.head(_BEST)
        around = 1 if whole or document else 0
        rows = rows_of(table[["document", "turn", "start", "end", "speaker", "document_guid"]])
        return {
            "topic": message["topic"],
            "passages": [{**row, "turns": passage(now, row["document_guid"], row["start"], row["end"], around=around)} for row in rows],
        }

    def _decide(self, message: dict[str, Any]) -> dict[str, Any]:
        """Do what needs no more than a reason and a name, a topic or a code."""
        verbs, topic, kind = self.study.proposals, message["topic"], message["kind"]
        if kind == "rename":
            verbs.rename(topic, str(message.get("name") or ""), reason=_why(message))
        elif kind == "reject":
            verbs.reject(topic, reason=_why(message))
        elif kind == "merge":
            verbs.merge(topic, message["into"], reason=_why(message))
        else:
            verbs.link(topic, message["code"], reason=_why(message))
        return {"said": say(f"topicdesk.did_{kind}")}

    def _split(self, message: dict[str, Any]) -> dict[str, Any]:
        """Divide a topic; one that others were merged into falls into these again."""
        proposals, found = self.study.proposals, self.topics()
        row = found.topics[found.topics["guid"] == message["topic"]]
        if (row["merged"] > 0).any():
            made = proposals.part(message["topic"], reason=_why(message))
        else:
            made = proposals.split(message["topic"], found, parts=max(2, int(message.get("parts") or 2)), reason=_why(message))
        return {"said": say("topicdesk.did_split", n=len(made) + 1)}

    def _propose(self, message: dict[str, Any]) -> dict[str, Any]:
        given = {name: str(message.get(name) or "").strip() for name in ("id", "name", "parent")}
        if not all(given.values()):
            raise Refused("topicdesk.whole_code")
        made = self.study.proposals.propose(message["topic"], given["id"], given["name"], parent=given["parent"], reason=_why(message))
        return {"said": say("topicdesk.did_propose", code=str(made)), "queue_now": True}


def kept_now(study: Project, topics: Topics) -> str:
    """Keep topics that were just found, and return the guid of their search."""
    guids = study.proposals.keep(topics)
    if not guids:
        return str(study.snapshot().tables["topicset"]["guid"].iloc[-1])
    table = study.snapshot().tables["proposal"]
    return str(table.loc[table["guid"] == guids[0], "topicset"].iloc[0])


def _why(message: dict[str, Any]) -> str:
    return str(message.get("reason") or "")
