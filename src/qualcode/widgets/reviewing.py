"""The review desk: a queue of codings, threads with their coders, the framework matrix, and signing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

import pandas as pd

from qualcode.analysis.counting import counted
from qualcode.analysis.names import ordered_documents
from qualcode.codebook import Codebook
from qualcode.errors import Refused
from qualcode.labels import say
from qualcode.model import Snapshot, rows_of
from qualcode.project import Project
from qualcode.project.blind import notice
from qualcode.project.reviewing import MOST_WORDS
from qualcode.widgets import pages
from qualcode.widgets.desk import Desk
from qualcode.widgets.page import script, style
from qualcode.widgets.passages import passage

SCRIPTS = ("parts.mjs", "wire.mjs", "frame.mjs", "listing.mjs", "reading.mjs", "reviewing.mjs", "matrix.mjs", "reviewdesk.mjs")
TABS = ("queue", "threads", "matrix", "signing")
_SHOWN = ("coding", "document", "turn", "code", "coder", "layer", "memo", "doubts", "verdict", "open", "start", "end")


class ReviewDesk(Desk):
    """Look over what was coded: accept, change or reject with a reason; talk with the coder; agree with summaries; sign.

    Parameters
    ----------
    study
        The project.
    reviewer
        Who reviews and signs what is done here; the study's own coder when left out.
    code, document, coder, order, sample, seed
        What the queue begins with, as for :meth:`Project.queue`; the page can change it.
    height
        Height on the page, as CSS; ``640px`` when left out.

    Raises
    ------
    NotFound, Ambiguous, Refused
        As :meth:`Project.queue`.
    """

    rooms: ClassVar[tuple[str, ...]] = ("desk", "review")
    _esm = script(*SCRIPTS)
    _css = style("desk.css", "judging.css")

    def __init__(self, study: Project, reviewer: str | None = None, *, height: str = "640px", theme: str = "auto", **choice: Any) -> None:
        # a reviewer of another name is another pair of hands on the same study
        mine = study if reviewer in {None, study.coder} else Project(study._store, reviewer)
        self._choice = {"order": "text", "sample": 20, "seed": 7, "code": "", "document": "", "coder": ""} | choice
        self._tab = TABS[0]
        self._theme = ""
        self._shown = -1
        self._queue(mine)
        super().__init__(mine, height=height, theme=theme)

    def verbs(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
        """Return what each message of the page does."""
        study = self.study
        return {
            "tab": self._turn_to,
            "choose": self._choose,
            "read": self._read,
            "review": self._review,
            "answer": lambda m: _said(study.answer(m["review"], str(m.get("text") or "")), "review.answered"),
            "settle": lambda m: _said(study.settle(m["review"], str(m.get("text") or ""), apply=bool(m.get("apply"))), "review.settled"),
            "cell": self._cell,
            "points": self._points,
            "sign": self._sign,
            "unsign": lambda m: _said(study.unsign(**{m["on"]: m["what"]}), "review.unsigned"),
        }

    def show(self, to: str | None) -> None:
        """Send what the tab in view shows."""
        now, book = self.study.snapshot(), self.study.codebook.book
        parts = {"queue": self._queue_page, "threads": self._threads_page, "matrix": self._matrix_page, "signing": self._signing_page}
        content = {
            "tab": self._tab,
            "me": self.study.coder,
            "notice": notice(self.study),
            "waiting": len(self.study.inbox()) if self.study.coder in now.coder_names else 0,
            "choice": self._choice,
            "documents": list(ordered_documents(now)["name"]),
            "coders": sorted(now.coders["name"]),
            "codes": pages.codebook_page(book)["codes"],
            **parts[self._tab](now, book),
        }
        self._shown = self.study.stamp.events
        self.send({"kind": "page", "to": to, "rev": self._rev}, [json.dumps(content, ensure_ascii=False).encode()])

    def patch(self, **answer: Any) -> None:
        """Send the tab again when anything changed; then the answer."""
        if self._shown != self.study.stamp.events:
            self.show(None)
        if answer:
            self.send({"kind": "patch", "rev": self.next_rev(), **answer})

    # the queue -----------------------------------------------------------------------------------------

    def _queue(self, study: Project) -> pd.DataFrame:
        given = {name: value for name, value in self._choice.items() if value != ""}
        return study.queue(**given, reviewed=True)

    def _queue_page(self, _now: Snapshot, _book: Codebook) -> dict[str, Any]:
        frame = self._queue(self.study)[list(_SHOWN)].astype(object)
        return {"queue": rows_of(frame.where(frame.notna(), None))}

    def _turn_to(self, message: dict[str, Any]) -> None:
        if message["tab"] in TABS:
            self._tab, self._shown = message["tab"], -1
            self._theme = str(message.get("theme") or self._theme)

    def _choose(self, message: dict[str, Any]) -> None:
        before = dict(self._choice)
        self._choice |= {name: message[name] for name in self._choice if name in message}
        try:
            self._queue(self.study)
        except BaseException:
            self._choice = before
            raise
        self._shown = -1

    def _read(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return the words of a coding, or of any place, with what was said around them."""
        now = self.study.snapshot()
        document = now.document_names.get(message["document"])
        if document is None:
            raise Refused("review.no_target", target=message["document"])
        return {"turns": passage(now, document, int(message["start"]), int(message["end"]), around=2)}

    def _review(self, message: dict[str, Any]) -> dict[str, Any]:
        guid = self.study.review(message["target"], message["verdict"], str(message.get("reason") or ""), code=message.get("code") or None)
        return _said(guid, f"review.page_did_{message['verdict']}")

    # threads, matrix, signing --------------------------------------------------------------------------

    def _threads_page(self, _now: Snapshot, _book: Codebook) -> dict[str, Any]:
        frame = self.study.threads()
        mine = set(self.study.inbox()["review"]) if self.study.coder in self.study.snapshot().coder_names else set()
        rows = rows_of(frame.astype(object).where(frame.notna(), None))
        return {"threads": [{**row, "mine": row["review"] in mine} for row in rows]}

    def _matrix_page(self, now: Snapshot, book: Codebook) -> dict[str, Any]:
        themes = [code for code in book.codes if not code.parent and not code.retired]
        theme = next((code for code in themes if code.id == self._theme), themes[0] if themes else None)
        columns = [code for code in book.codes if theme and code.parent == theme.guid and not code.codable and not code.retired]
        columns = columns or ([theme] if theme else [])
        names = {guid: name for name, guid in now.document_names.items()}
        table = now.codings[now.codings["guid"].isin(counted(self.study)["coding"])]
        under = {column.guid: {column.guid, *book.descendants(column.guid)} for column in columns}
        amounts = {
            (guid, names.get(str(document), "")): int(n)
            for guid, codes in under.items()
            for document, n in table.loc[table["code"].isin(codes), "document"].value_counts().items()
        }
        coders = dict(zip(now.coders["guid"], now.coders["name"], strict=True))
        cells = {(row["code"], names.get(row["document"], "")): row for row in rows_of(now.cells)}
        sessions = ordered_documents(now)
        sessions = sessions[sessions["kind"].isin(["focusgroep", "interview"])]
        return {
            "themes": [{"id": code.id, "name": str(code)} for code in themes],
            "theme": theme.id if theme else "",
            "columns": [{"id": column.id, "name": str(column)} for column in columns],
            "most": MOST_WORDS,
            "rows": [
                {"document": name, "cells": [_cell(cells.get((c.guid, name)), amounts.get((c.guid, name), 0), coders) for c in columns]}
                for name in sessions["name"]
            ],
        }

    def _cell(self, message: dict[str, Any]) -> dict[str, Any]:
        """Open, write or agree with a cell of the matrix."""
        if "text" in message or "state" in message:
            guid = self.study.cell(message["document"], message["code"], message.get("text"), state=message.get("state"))
            return _said(guid, "review.cell_kept")
        frame = self.study.queue(document=message["document"], code=message["code"], reviewed=True)
        return {"fragments": [[int(row["turn"]), row["code"], row["text"]] for row in rows_of(frame)]}

    def _signing_page(self, now: Snapshot, book: Codebook) -> dict[str, Any]:
        signed = self.study.signatures()
        rows: list[dict[str, Any]] = [{"on": "document", "what": name, "label": name} for name in ordered_documents(now)["name"]]
        rows += [{"on": "chapter", "what": code.id, "label": str(code)} for code in book.codes if not code.parent and not code.retired]
        for row in rows:
            found = signed[(signed["on"] == row["on"]) & (signed["what"] == row["label"])]
            row["signed"] = [{name: one[name] for name in ("coder", "at", "standing", "open", "reason")} for one in rows_of(found)]
        return {"signing": rows}

    def _points(self, message: dict[str, Any]) -> dict[str, Any]:
        where = {"document": message["what"]} if message["on"] == "document" else {"chapter": message["what"]}
        return {"points": list(self.study.open_points(**where)["sentence"])}

    def _sign(self, message: dict[str, Any]) -> dict[str, Any]:
        guid = self.study.sign(**{message["on"]: message["what"]}, despite=str(message.get("despite") or ""))
        return _said(guid, "review.signed")


def _said(_done: object, key: str) -> dict[str, Any]:
    return {"said": say(key)}


def _cell(row: dict[str, Any] | None, amount: int, coders: dict[str, str]) -> dict[str, Any]:
    """Return a cell of the matrix as the page shows it."""
    if row is None:
        return {"guid": "", "text": "", "state": "", "coder": "", "codings": amount}
    return {"guid": row["guid"], "text": row["text"] or "", "state": row["state"], "coder": coders.get(row["coder"], ""), "codings": amount}
