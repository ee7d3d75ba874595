"""What a page of the coding desk has been told, so that a change costs what changed and not what there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from qualcode.codebook import Codebook
from qualcode.model import Snapshot
from qualcode.widgets import pages


@dataclass(slots=True)
class Told:
    """The state of a study that a page shows of one document.

    ``codings`` and ``memos`` hold its rows by guid; ``waiting`` the codings of the whole study that wait to be coded again; ``events``
    counts the events up to which this is so.
    """

    book: Codebook
    document: str
    version: int
    name: str
    people: dict[str, str]
    codings: dict[str, pages.Row]
    memos: dict[str, pages.Row]
    waiting: set[str]
    events: int

    @classmethod
    def of(cls, now: Snapshot, book: Codebook, document: str, events: int) -> Told:
        """Return what a whole page of a document (guid) tells."""
        row = now.document_row(document)
        return cls(
            book,
            document,
            int(row["version"]),
            str(row["name"]),
            dict(zip(now.coders["guid"], now.coders["name"], strict=True)),
            pages.coding_rows(now, document, book),
            pages.memo_rows(now, document, book),
            pages.waiting(now, book),
            events,
        )

    def meet(self, coders: Mapping[str, Mapping[str, Any]]) -> bool:
        """Get to know new coders; tell whether all that is known of the others still holds."""
        same = all(row["exists"] and self.people.get(guid, row["name"]) == row["name"] for guid, row in coders.items())
        self.people |= {guid: row["name"] for guid, row in coders.items()}
        return same

    def take(self, what: Literal["codings", "memos"], touched: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, pages.Row], list[str]]:
        """Take in entities as they now are; return the rows that are new or different, and the guids that are gone."""
        held = self.codings if what == "codings" else self.memos
        fresh: dict[str, pages.Row] = {}
        gone = []
        for guid, row in touched.items():
            if what == "codings":
                self._queue(guid, row)
            new = self._row(what, row)
            if new is None:
                if held.pop(guid, None) is not None:
                    gone.append(guid)
            elif held.get(guid) != new:
                held[guid] = fresh[guid] = new
        return fresh, gone

    def _row(self, what: str, row: Mapping[str, Any]) -> pages.Row | None:
        if not row["exists"]:
            return None
        coder = self.people.get(row["coder"], "")
        if what == "memos":
            return self._memo(row, coder)
        here = row["document"] == self.document and row["start"] is not None and row["version"] == self.version
        return pages.coding_row(row, self.book.resolve(row["code"]), coder) if here else None

    def _memo(self, row: Mapping[str, Any], coder: str) -> pages.Row | None:
        if row["on"] == "code":
            there = any(code.key == row["target"] for code in self.book.codes)
            return pages.memo_row(row, coder, self.book.resolve(row["target"])) if there else None
        on_words = row["document"] == self.document and row["start"] is not None
        here = on_words or (row["on"] == "document" and row["target"] == self.document)
        return pages.memo_row(row, coder, "") if here else None

    def _queue(self, guid: str, row: Mapping[str, Any]) -> None:
        code = self.book.get(row["code"]) if row["exists"] else None
        if code is not None and code.retired and not code.merged_into:
            self.waiting.add(guid)
        else:
            self.waiting.discard(guid)
