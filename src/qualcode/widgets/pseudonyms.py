"""The pseudonym desk: what may identify a person, one by one, and what stands instead."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

from qualcode.errors import Refused
from qualcode.labels import say
from qualcode.model import rows_of
from qualcode.project import Project
from qualcode.widgets.desk import Desk
from qualcode.widgets.page import script, style
from qualcode.widgets.passages import passage

SCRIPTS = ("parts.mjs", "wire.mjs", "frame.mjs", "listing.mjs", "reading.mjs", "pseudonyms.mjs")


class PseudonymDesk(Desk):
    """Accept, change or reject what the scan proposes, with the keyboard alone if you like; then replace it, with the originals in a key file.

    Parameters
    ----------
    study
        The project; decisions are signed by its coder and can be undone until they are carried out.
    document
        Only this document; all of them when left out.
    height
        Height on the page, as CSS; ``640px`` when left out.

    Raises
    ------
    NotFound
        When there is no document of that name.
    """

    rooms: ClassVar[tuple[str, ...]] = ("desk", "pseudonyms")
    _esm = script(*SCRIPTS)
    _css = style("desk.css", "judging.css")

    def __init__(self, study: Project, document: str | None = None, **traits: Any) -> None:
        if document is not None:
            study._document(document)
        self._only = document
        self._texts: tuple[str, ...] = ()
        self._rows: dict[str, dict[str, Any]] = {}
        self._notes: list[str] = []
        self._sent: dict[str, list[str | None]] = {}
        super().__init__(study, **traits)

    def verbs(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
        """Return what each message of the page does."""
        return {"decide": self._decide, "person": self._person, "carry_out": self._carry_out}

    def show(self, to: str | None) -> None:
        """Send the proposals with the words around them; the scan runs once a version of the texts."""
        now = self.study.snapshot()
        self._scan()
        rows = []
        for key, row in self._rows.items():
            document = now.document_names[row["document"]]
            rows.append(
                {
                    **{name: row[name] for name in ("document", "start", "end", "text", "why")},
                    "key": key,
                    "label": say(f"privacy.label_{row['label']}"),
                    "kind": say(f"privacy.kind_{row['kind']}"),
                    "turns": passage(now, document, row["start"], row["end"]),
                }
            )
        self._sent = self._standing()
        content = {"name": self.study.name, "proposals": rows, "decided": self._sent, "notes": self._notes}
        self.send({"kind": "page", "to": to, "rev": self._rev}, [json.dumps(content, ensure_ascii=False).encode()])

    def patch(self, **answer: Any) -> None:
        """Send the decisions that changed; the whole page again when a text has another version."""
        if self._texts != tuple(self.study.snapshot().documents["text"]):
            self.show(None)
        standing = self._standing()
        fresh = {key: held for key, held in standing.items() if self._sent.get(key) != held}
        self._sent = standing
        if answer or fresh:
            self.send({"kind": "patch", "rev": self.next_rev(), "decided": fresh, **answer})

    def _scan(self) -> None:
        texts = tuple(self.study.snapshot().documents["text"])
        if texts != self._texts:
            found = self.study.identifiers(self._only)
            self._notes = list(found.attrs["notes"])
            self._rows = {f"{row['document']}:{row['start']}:{row['end']}": row for row in rows_of(found)}
            self._texts = texts

    def _standing(self) -> dict[str, list[str | None]]:
        """Return decision and replacement of every proposal as the study has them now."""
        now = self.study.snapshot()
        versions = dict(zip(now.documents["guid"], now.documents["version"], strict=True))
        names = {guid: name for name, guid in now.document_names.items()}
        held: dict[str, list[str | None]] = {key: [None, row["replacement"]] for key, row in self._rows.items()}
        for row in rows_of(now.tables["identifier"]):
            key = f"{names.get(row['document'])}:{row['start']}:{row['end']}"
            if key in held and row["version"] == versions.get(row["document"]):
                held[key] = [row["decision"], row["replacement"] or held[key][1]]
        return held

    def _decide(self, message: dict[str, Any]) -> dict[str, Any]:
        row = self._row(message["key"])
        self._put(row, message["decision"], str(message.get("replacement") or ""))
        return {"said": say(f"pseudonyms.did_{message['decision']}", document=row["document"])}

    def _person(self, message: dict[str, Any]) -> dict[str, Any]:
        """Accept every proposal that has the replacement of this one: the same person, or the same sort of thing."""
        wanted = self._standing()[self._key(message["key"])][1]
        mine = [key for key, (decision, instead) in self._standing().items() if instead == wanted and decision != "reject"]
        with self.study.gesture():
            for key in mine:
                self._put(self._rows[key], "accept", str(message.get("replacement") or wanted))
        return {"said": say("pseudonyms.did_person", n=len(mine))}

    def _put(self, row: dict[str, Any], decision: str, replacement: str) -> None:
        self.study.decide(row["document"], int(row["start"]), int(row["end"]), decision=decision, replacement=replacement or None)

    def _key(self, key: str) -> str:
        if key not in self._rows:
            raise Refused("pseudonyms.moved")
        return key

    def _row(self, key: str) -> dict[str, Any]:
        return self._rows[self._key(key)]

    def _carry_out(self, message: dict[str, Any]) -> dict[str, Any]:
        done = self.study.pseudonymise(str(message["file"]), str(message["passphrase"]), document=self._only)
        return {"said": str(done)}
