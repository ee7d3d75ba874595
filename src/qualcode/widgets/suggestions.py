"""The desk of suggestions: one passage at a time, with its grounds; what a person decides, the next passage is there at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, ClassVar

import pandas as pd

from qualcode.codebook import Codebook
from qualcode.discovery.embedding import Embedder
from qualcode.discovery.topics import SEED
from qualcode.errors import QualcodeError, Refused
from qualcode.labels import say, set_language
from qualcode.model import Snapshot, rows_of
from qualcode.project import Project
from qualcode.project.blind import notice
from qualcode.project.discovery import suggester
from qualcode.project.locating import turn_at
from qualcode.project.waiting import SOURCES, Learned, decided, queue
from qualcode.widgets import pages
from qualcode.widgets.desk import Desk
from qualcode.widgets.page import script, style
from qualcode.widgets.passages import passage

SCRIPTS = ("parts.mjs", "wire.mjs", "frame.mjs", "listing.mjs", "reading.mjs", "suggestions.mjs", "suggestionsdesk.mjs")
_SHOWN = ("key", "document", "turn", "start", "end", "speaker", "code", "chance", "measured", "why", "coding")
_UNLEARNED = frozenset({"topics", "uncoded"})


class Waiting:
    """The queue that a desk shows: rows that stay as they are until they are asked for anew, and what was decided about each."""

    def __init__(self, study: Project, source: str) -> None:
        self.study, self.source, self.code = study, source, ""
        self.learned: Learned | None = None
        self.rows = pd.DataFrame()
        self._learned_in: dict[str, str] = {}
        self._texts: dict[str, str] = {}

    def learn(self, **how: Any) -> Callable[[], None]:
        """Learn from the study; return what puts it to use, so that a thread can do the long part without a lock."""
        texts = self._present()
        learned = suggester(self.study, **how)

        def use() -> None:
            self.learned, self._learned_in = learned, texts

        return use

    def renew(self) -> None:
        """Make the queue anew."""
        self.rows = queue(self.study, self.source, self.learned, code=self.code or None)
        self._texts = self._present() if self.source in _UNLEARNED else self._learned_in

    def _present(self) -> dict[str, str]:
        """Return which text every document (guid) has now."""
        documents = self.study.snapshot().documents
        return dict(zip(documents["guid"], documents["text"], strict=True))

    def lacks(self) -> bool:
        """Tell whether nothing was learned yet that this queue stands on."""
        return self.learned is None and self.source not in _UNLEARNED

    def page(self) -> dict[str, Any]:
        """Return the queue as the page shows it."""
        frame = self.rows[list(_SHOWN)].astype(object) if len(self.rows) else pd.DataFrame()
        attrs: dict[str, Any] = {"whole": 0, "notes": [], **{str(name): value for name, value in self.rows.attrs.items()}}
        return {"source": self.source, "code": self.code, "rows": rows_of(frame.where(frame.notna(), None)), "done": self.done(), **attrs}

    def done(self) -> dict[str, list[str]]:
        """Return what was decided, by key."""
        return decided(self.study, self.rows) if len(self.rows) else {}

    def verbs(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
        """Return what the messages of the queue do."""
        return {"look": self._look, "accept": self._accept, "refuse": self._refuse}

    def _row(self, key: str) -> dict[str, Any]:
        found = self.rows[self.rows["key"] == key] if len(self.rows) else self.rows
        if found.empty:
            raise Refused("topicdesk.row_gone")
        row = rows_of(found)[0]
        # the places of a queue count in the texts it was made from
        if self._present().get(row["document_guid"]) != self._texts.get(row["document_guid"]):
            raise Refused("topicdesk.queue_old", document=row["document"])
        return row

    def _look(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return a passage with what was said around it, and the codings it was suggested by."""
        row, now = self._row(message["key"]), self.study.snapshot()
        shown = {"turns": passage(now, row["document_guid"], int(row["start"]), int(row["end"]))}
        return shown | {name: _coding(now, Codebook.of(now), row[name]) for name in ("like", "unlike")}

    def _accept(self, message: dict[str, Any]) -> dict[str, Any]:
        row, verbs = self._row(message["key"]), self.study.proposals
        code, reason = message.get("code") or row["code"], str(message.get("reason") or "")
        if not code:
            raise Refused("topicdesk.no_code")
        where, score = (row["document"], (int(row["start"]), int(row["end"]))), None if pd.isna(row["chance"]) else float(row["chance"])
        if row["coding"]:
            verbs.recode(row["coding"], code, reason=reason or row["why"])
        elif row["code"] and code != row["code"]:
            verbs.instead(*where, row["code"], code, reason=reason, score=score)
        else:
            verbs.accept(*where, code, reason=reason.strip() or None, score=score)
        return {"said": say("topicdesk.did_accept", code=str(self.study.codebook.find(code)))}

    def _refuse(self, message: dict[str, Any]) -> dict[str, Any]:
        row, verbs, reason = self._row(message["key"]), self.study.proposals, str(message.get("reason") or "")
        if not row["code"]:
            raise Refused("topicdesk.no_code")
        if row["coding"]:
            verbs.let_stand(row["coding"], row["code"], reason=reason)
        else:
            verbs.refuse(row["document"], (int(row["start"]), int(row["end"])), row["code"], reason=reason)
        return {"said": say("topicdesk.did_refuse")}


def _coding(now: Snapshot, book: Codebook, guid: str) -> dict[str, Any] | None:
    """Return a coding a suggestion rests on, as the page shows it; ``None`` when it is gone or may not be seen."""
    held = now.codings[now.codings["guid"] == guid]
    if held.empty:
        return None
    row = rows_of(held)[0]
    start, end = int(row["start"]), int(row["end"])
    code = book.get(book.resolve(row["code"]))
    name = str(now.document_row(row["document"])["name"])
    text = " ".join(now.text(row["document"])[start:end].split())
    return {"code": str(code), "document": name, "turn": turn_at(now, row["document"], start), "text": text}


class SuggestionDesk(Desk):
    """Go through passages a machine suggests codes for: accept, with another code, reject with a reason, or later.

    Nothing is coded by itself. Suggestions are made anew when asked, not after every decision.

    Parameters
    ----------
    study
        The project; what is decided is signed by its coder and can be undone.
    code
        Only suggestions for this code: an id, guid, name or path.
    source
        What the queue begins with: ``suggested``, ``topics``, ``next``, ``miscoded``, ``alike`` or ``uncoded``; the page can change it.
    model, seed
        As for :func:`qualcode.suggestions`.
    height
        Height on the page, as CSS; ``640px`` when left out.

    Raises
    ------
    NotFound, Ambiguous, Refused
        For a code or source that is not there, or when there is nothing to learn from.
    """

    rooms: ClassVar[tuple[str, ...]] = ("desk", "topicdesk")
    _esm = script(*SCRIPTS)
    _css = style("desk.css", "judging.css", "topics.css")

    def __init__(
        self,
        study: Project,
        code: str | None = None,
        *,
        source: str = "suggested",
        model: str | Embedder = "use",
        seed: int = SEED,
        **traits: Any,
    ) -> None:
        self._model, self._seed = model, seed
        self.learning: threading.Thread | None = None
        self._waiting = Waiting(study, source)
        self._waiting.code = study.codebook.find(code).guid if code is not None else ""
        if self._waiting.lacks() and source in SOURCES:
            self._waiting.learn(model=model, seed=seed)()
        self._waiting.renew()
        self._told_of: dict[str, list[str]] = {}
        self._sight = ""
        super().__init__(study, **traits)

    def verbs(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
        """Return what each message of the page does."""
        return {"choose": self._choose, "again": self._again, **self._waiting.verbs()}

    def show(self, to: str | None) -> None:
        """Send the queue, without words of the talk: these are asked for one by one."""
        book = self.study.codebook.book
        self._sight = book.fingerprint
        queued = self._waiting.page()
        self._told_of = queued["done"]
        content = {
            "sources": list(SOURCES),
            "queue": queued,
            "busy": self._busy(),
            "notice": notice(self.study),
            "codes": pages.codebook_page(book)["codes"],
        }
        self.send({"kind": "page", "to": to, "rev": self._rev}, [json.dumps(content, ensure_ascii=False).encode()])

    def patch(self, **answer: Any) -> None:
        """Send what was decided since; the whole page again when the codebook changed."""
        if self._sight != self.study.codebook.book.fingerprint:
            self.show(None)
        done = self._waiting.done()
        if answer or done != self._told_of:
            self._told_of = done
            self.send({"kind": "patch", "rev": self.next_rev(), "done": done, **answer})

    def _busy(self) -> bool:
        return self.learning is not None and self.learning.is_alive()

    def _choose(self, message: dict[str, Any]) -> dict[str, Any] | None:
        before = self._waiting.source, self._waiting.code
        self._waiting.source = str(message.get("source") or before[0])
        self._waiting.code = str(message.get("code", before[1]) or "")
        if self._waiting.lacks():
            return self._again(message)
        try:
            self._waiting.renew()
        except QualcodeError:
            self._waiting.source, self._waiting.code = before
            raise
        self.show(None)
        return None

    def _again(self, _message: dict[str, Any]) -> dict[str, Any]:
        """Learn from all that was coded since, on a thread of its own: it takes longer than a page waits for an answer."""
        if self._waiting.source in _UNLEARNED:
            self._waiting.renew()
            self.show(None)
            return {"said": say("topicdesk.made_anew")}
        if not self._busy():
            self.learning = threading.Thread(target=self._learn, name="qualcode-suggestions", daemon=True)
            self.learning.start()
        return {"busy": True, "said": say("topicdesk.learning")}

    def _learn(self) -> None:
        set_language(self._spoken)
        try:
            use = self._waiting.learn(model=self._model, seed=self._seed)
            with self.study.lock:
                use()
                self._waiting.renew()
                self.learning = None
                self.show(None)
                self.send({"kind": "patch", "rev": self.next_rev(), "busy": False, "note": say("topicdesk.made_anew")})
        except QualcodeError as error:
            self.learning = None
            self.send({"kind": "error", "req": None, "to": None, "text": str(error)})
