"""The coding desk: select words, choose a code, see at once what stands where."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from qualcode.errors import NotFound, Refused
from qualcode.labels import say
from qualcode.project import Project
from qualcode.project.blind import notice
from qualcode.project.coding import DEFAULT_LAYER
from qualcode.project.reading import seen_turns
from qualcode.widgets import pages
from qualcode.widgets.assisting import Guesses, hits
from qualcode.widgets.desk import Desk
from qualcode.widgets.page import script, style
from qualcode.widgets.told import Told

SCRIPTS = (
    "offsets.mjs",
    "moving.mjs",
    "lanes.mjs",
    "standing.mjs",
    "find.mjs",
    "state.mjs",
    "parts.mjs",
    "wire.mjs",
    "frame.mjs",
    "tints.mjs",
    "margin.mjs",
    "selecting.mjs",
    "transcript.mjs",
    "palette.mjs",
    "detail.mjs",
    "help.mjs",
    "notes.mjs",
    "listing.mjs",
    "seeking.mjs",
    "likely.mjs",
    "bars.mjs",
    "walking.mjs",
    "acting.mjs",
    "keys.mjs",
    "coding.mjs",
)
LIGHT = frozenset({"coding", "memo", "reading", "coder"})
"""Kinds of which a change leaves documents and codebook as they are: the page takes those changes one by one."""

SPOKEN = frozenset({"document", "speaker", "participant"})
"""Kinds of which a change may touch the words on the page or who speaks them."""


class CodingDesk(Desk):
    """Code a transcript by mouse or keyboard.

    Select words, type two letters of a code and press Enter; ``?`` shows every key. What is shown solid stands in the database.

    Parameters
    ----------
    study
        The project; what is done is signed by its coder.
    document
        Name of the document to open; the first when left out. The page can open another.
    layer
        The round in which this coder codes; ``ronde-1`` when left out.
    queue
        A code (id, name, path or guid): the desk opens on its first coding and walks along them all, to code them again.
    height
        Height on the page, as CSS; ``640px`` when left out.

    Raises
    ------
    NotFound
        When the study has no document of that name, or none at all.
    """

    _esm = script(*SCRIPTS)
    _css = style("desk.css", "coding.css")

    def __init__(
        self, study: Project, document: str | None = None, *, layer: str = DEFAULT_LAYER, queue: str | None = None, **traits: Any
    ) -> None:
        names = study.snapshot().document_names
        chosen = document if document is not None else next(iter(names), None)
        if chosen is None:
            raise NotFound("desk.no_documents")
        self._document = study.snapshot().document_row(names[chosen])["guid"] if chosen in names else ""
        if not self._document:
            raise NotFound("project.no_document", name=chosen, known=", ".join(names))
        self._layer = layer
        self._queue = queue
        self._told_of: Told | None = None
        self._guesses = Guesses(study)
        super().__init__(study, **traits)

    @property
    def document(self) -> str:
        """Name of the document that is open now."""
        return str(self.study.snapshot().document_row(self._document)["name"])

    def verbs(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
        """Return what each message of the page does."""
        return {
            "open": self._open,
            "code": self._code,
            "uncode": lambda m: self.study.uncode(m["coding"]),
            "recode": self._recode,
            "memo": self._memo,
            "edit_memo": lambda m: self.study.edit_memo(m["memo"], str(m.get("text") or "")),
            "remove_memo": lambda m: self.study.remove_memo(m["memo"]),
            "invent": self._invent,
            "read": lambda m: _nothing(self.study.read(m["document"], m["turns"])),
            "queue": self._line_up,
            "search": self._search,
            "find": lambda m: self.later(m, "found", partial(hits, self.study, str(m.get("text") or ""), self._where(m))),
            "suggest": self._suggest,
            "accept": self._accept,
            "refuse": self._refuse,
        }

    def show(self, to: str | None, *, words: bool = True) -> None:
        """Send the open document with all that stands on it; without its words to a page that has them."""
        now, book = self.study.snapshot(), self.study.codebook.book
        told_of = self._told_of = Told.of(now, book, self._document, self.study.stamp.events)
        rows, numbers = pages.packed(told_of.codings, book)
        content = {
            "document": told_of.name,
            "text": now.document_row(self._document)["text"],
            "documents": pages.document_rows(now),
            "coder": self.study.coder,
            "layer": self._layer,
            "turns": pages.turn_rows(now, self._document) if words else None,
            "book": pages.codebook_page(book),
            "codings": rows,
            "memos": {guid: list(row) for guid, row in told_of.memos.items()},
            "seen": sorted(seen_turns(now, self._document, self.study.coder)),
            "waiting": len(told_of.waiting),
            "queue": self._queue,
            "notice": notice(self.study),
        }
        self.send({"kind": "page", "to": to, "rev": self._rev}, [json.dumps(content, ensure_ascii=False).encode(), numbers])

    def patch(self, **answer: Any) -> None:
        """Send what changed in this document; the whole page again when codebook, people or texts did."""
        told_of = self._told_of
        if told_of is None:
            return
        touched = self.study.touched(told_of.events)
        if touched is None or touched.keys() - LIGHT or not told_of.meet(touched.get("coder", {})):
            self._renew(words=touched is None or bool(touched.keys() & SPOKEN))
            touched = {}
        fresh, gone = told_of.take("codings", touched.get("coding", {}))
        noted, unnoted = told_of.take("memos", touched.get("memo", {}))
        told_of.events = self.study.stamp.events
        if not (answer or fresh or gone or noted or unnoted):
            return
        rows, numbers = pages.packed(fresh, told_of.book)
        change = {"codings": rows, "gone": gone, "memos": {guid: list(row) for guid, row in noted.items()}, "unnoted": unnoted}
        waiting = len(self._told_of.waiting) if self._told_of else 0
        self.send({"kind": "patch", "rev": self.next_rev(), **change, "waiting": waiting, **answer}, [numbers])

    def _renew(self, *, words: bool) -> None:
        """Send the page again; when the document is gone, the first one there is."""
        there = list(self.study.snapshot().documents["guid"])
        if self._document not in there and there:
            self._document = there[0]
        self.show(None, words=words)

    def _open(self, message: dict[str, Any]) -> None:
        names = self.study.snapshot().document_names
        if message["document"] not in names:
            raise NotFound("project.no_document", name=message["document"], known=", ".join(names))
        if self._document != names[message["document"]]:
            self._document = names[message["document"]]
            self.show(None)

    def _name(self) -> str:
        """Return the name of the document as the page knows it."""
        return self._told_of.name if self._told_of else self.document

    def _code(self, message: dict[str, Any]) -> dict[str, Any]:
        more = {"layer": self._layer, "memo": message.get("memo") or None, **(message.get("dimensions") or {})}
        made = self.study.code(self._name(), message["code"], span=self._span(message), **more)
        return {"made": made.guid, "said": say("desk.coded", code=made.code, turn=made.turn or "–")}

    def _recode(self, message: dict[str, Any]) -> dict[str, Any]:
        span = self._span(message) if "start" in message else None
        more = {"memo": message.get("memo"), **(message.get("dimensions") or {})}
        made = self.study.recode(message["coding"], code=message.get("code"), span=span, **more)
        return {"made": made.guid, "said": say("desk.recoded", code=made.code, turn=made.turn or "–")}

    def _memo(self, message: dict[str, Any]) -> dict[str, Any]:
        """Note something on words, on a code, or on the document."""
        where: dict[str, Any] = {"document": self._name(), **({"span": self._span(message)} if "start" in message else {})}
        if message.get("code"):
            where = {"code": message["code"]}
        return {"made": self.study.memo(str(message.get("text") or ""), **where), "said": say("desk.noted")}

    def _invent(self, message: dict[str, Any]) -> dict[str, Any]:
        made = self.study.invent(self._name(), str(message.get("name") or ""), span=self._span(message), layer=self._layer)
        return {"made": made.guid, "said": say("desk.coded", code=made.code, turn=made.turn or "–")}

    def _search(self, message: dict[str, Any]) -> dict[str, Any]:
        """Look for every form of words in this document; the page itself finds words as they are typed."""
        found = self.study.search(str(message.get("words") or ""), lemma=True, document=self._name())
        return {"hits": found[["start", "end"]].astype("int64").to_numpy().tolist()}

    def _span(self, message: dict[str, Any]) -> tuple[int, int]:
        """Return the words a message points at; refused when it counts in another text than the one that stands there now."""
        start, end = message.get("start"), message.get("end")
        if not (isinstance(start, int) and isinstance(end, int)):
            raise Refused("desk.no_words")
        name = self._name()
        text = self.study._current().document_row(self.study._document(name))["text"]
        if message.get("on", text) != text:
            raise Refused("desk.other_text", document=name)
        return start, end

    def _where(self, message: dict[str, Any]) -> str | None:
        return None if message.get("everywhere") else self._name()

    def _suggest(self, message: dict[str, Any]) -> dict[str, Any]:
        span = self.study.segment(self._name(), span=self._span(message))  # what cannot be coded is refused at once
        return self.later(message, "likely", partial(self._guesses.of, self._name(), (span.start, span.end)))

    def _accept(self, message: dict[str, Any]) -> dict[str, Any]:
        made = self.study.proposals.accept(
            self._name(), self._span(message), message["code"], score=message.get("chance"), layer=self._layer
        )
        return {"made": made.guid, "said": say("desk.coded", code=made.code, turn=made.turn or "–")}

    def _refuse(self, message: dict[str, Any]) -> dict[str, Any]:
        reason = str(message.get("reason") or "")
        self.study.proposals.refuse(self._name(), self._span(message), message["code"], reason=reason, score=message.get("chance"))
        return {"said": say("desk.refused")}

    def _line_up(self, message: dict[str, Any]) -> dict[str, Any]:
        self._queue = None
        book, wanted = self.study.codebook.book, message.get("code")
        return {"queue": pages.queue_rows(self.study.snapshot(), book, book.find(wanted).key if wanted else None)}


def _nothing(_done: object) -> None:
    """A verb of which the page needs no answer."""
