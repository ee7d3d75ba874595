"""The coding desk: select words, choose a code, see at once what stands where."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from qualcode.codebook import Codebook
from qualcode.errors import NotFound, Refused
from qualcode.labels import say
from qualcode.model import Snapshot
from qualcode.project import Project
from qualcode.project.coding import DEFAULT_LAYER
from qualcode.widgets import pages
from qualcode.widgets.desk import Desk
from qualcode.widgets.page import script, style

SCRIPTS = (
    "offsets.mjs",
    "moving.mjs",
    "lanes.mjs",
    "find.mjs",
    "state.mjs",
    "parts.mjs",
    "wire.mjs",
    "transcript.mjs",
    "palette.mjs",
    "detail.mjs",
    "help.mjs",
    "coding.mjs",
)


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
    height
        Height on the page, as CSS; ``640px`` when left out.

    Raises
    ------
    NotFound
        When the study has no document of that name, or none at all.
    """

    _esm = script(*SCRIPTS)
    _css = style("desk.css", "coding.css")

    def __init__(self, study: Project, document: str | None = None, *, layer: str = DEFAULT_LAYER, **traits: Any) -> None:
        names = study.snapshot().document_names
        chosen = document if document is not None else next(iter(names), None)
        if chosen is None:
            raise NotFound("desk.no_documents")
        self._document = study.snapshot().document_row(names[chosen])["guid"] if chosen in names else ""
        if not self._document:
            raise NotFound("project.no_document", name=chosen, known=", ".join(names))
        self._layer = layer
        self._codings: dict[str, pages.Row] = {}
        self._memos: dict[str, pages.Row] = {}
        self._seen: tuple[str, ...] = ()
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
            "invent": self._invent,
            "undo": lambda _: told(self.study.undo(), "desk.nothing_to_undo"),
            "redo": lambda _: told(self.study.redo(), "desk.nothing_to_redo"),
        }

    def show(self, to: str | None) -> None:
        """Send the open document with all that stands on it."""
        now, book = self.study.snapshot(), self.study.codebook.book
        self._remember(now, book)
        rows, numbers = pages.packed(self._codings, book)
        content = {
            "document": self.document,
            "documents": pages.document_rows(now),
            "coder": self.study.coder,
            "layer": self._layer,
            "turns": pages.turn_rows(now, self._document),
            "book": pages.codebook_page(book),
            "codings": rows,
            "memos": {guid: list(row) for guid, row in self._memos.items()},
        }
        self.send({"kind": "page", "to": to, "rev": self._rev}, [json.dumps(content, ensure_ascii=False).encode(), numbers])

    def patch(self, **answer: Any) -> None:
        """Send what changed in this document; the whole page again when codebook or text did."""
        now, book = self.study.snapshot(), self.study.codebook.book
        if self._document not in set(now.documents["guid"]):
            self._document = str(now.documents["guid"].iloc[0]) if len(now.documents) else self._document
        codings, memos = self._codings, self._memos
        if self._seen != self._sight(now, book):
            self.show(None)
            codings, memos = self._codings, self._memos
        self._remember(now, book)
        fresh, gone = pages.changed(codings, self._codings)
        noted, unnoted = pages.changed(memos, self._memos)
        if not (answer or fresh or gone or noted or unnoted):
            return
        rows, numbers = pages.packed(fresh, book)
        self.send(
            {
                "kind": "patch",
                "rev": self.next_rev(),
                "codings": rows,
                "gone": gone,
                "memos": {guid: list(row) for guid, row in noted.items()},
                "unnoted": unnoted,
                **answer,
            },
            [numbers],
        )

    def _sight(self, now: Snapshot, book: Codebook) -> tuple[str, ...]:
        row = now.document_row(self._document)
        return (self._document, row["text"], book.fingerprint, book.definition, *now.documents["name"])

    def _remember(self, now: Snapshot, book: Codebook) -> None:
        self._codings = pages.coding_rows(now, self._document, book)
        self._memos = pages.memo_rows(now, self._document)
        self._seen = self._sight(now, book)

    def _open(self, message: dict[str, Any]) -> None:
        names = self.study.snapshot().document_names
        if message["document"] not in names:
            raise NotFound("project.no_document", name=message["document"], known=", ".join(names))
        self._document = names[message["document"]]

    def _span(self, message: dict[str, Any]) -> tuple[int, int]:
        start, end = message["start"], message["end"]
        length = len(self.study.snapshot().text(self._document))
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length):
            raise Refused("desk.no_words")
        return start, end

    def _code(self, message: dict[str, Any]) -> dict[str, Any]:
        made = self.study.code(
            self.document,
            message["code"],
            span=self._span(message),
            layer=self._layer,
            memo=message.get("memo") or None,
            **(message.get("dimensions") or {}),
        )
        return {"made": made.guid, "said": say("desk.coded", code=made.code, turn=made.turn or "–")}

    def _recode(self, message: dict[str, Any]) -> dict[str, Any]:
        span = self._span(message) if "start" in message else None
        made = self.study.recode(
            message["coding"], code=message.get("code"), span=span, memo=message.get("memo"), **(message.get("dimensions") or {})
        )
        return {"made": made.guid, "said": say("desk.recoded", code=made.code, turn=made.turn or "–")}

    def _memo(self, message: dict[str, Any]) -> dict[str, Any]:
        if not str(message.get("text") or "").strip():
            raise Refused("desk.empty_memo")
        guid = self.study.memo(message["text"], document=self.document, span=self._span(message))
        return {"made": guid, "said": say("desk.noted")}

    def _invent(self, message: dict[str, Any]) -> dict[str, Any]:
        """Make a code in the words of the person or of the text, and put it on them; one undo takes back both."""
        name = str(message.get("name") or "").strip()
        if not name:
            raise Refused("desk.nameless")
        with self.study.gesture():
            code = self.study.codebook.add(self._free_id(), name)
            return self._code({**message, "code": code.guid})

    def _free_id(self) -> str:
        taken = {code.id for code in self.study.codebook.codes}
        return next(f"N{number:02}" for number in range(1, len(taken) + 2) if f"N{number:02}" not in taken)


def told(done: object | None, otherwise: str) -> dict[str, Any]:
    """Return what an undo or redo did as a sentence for the page."""
    return {"said": str(done) if done is not None else say(otherwise)}
