"""The codebook desk: the tree with its working numbers, and everything a person does to a code, undone as easily as done."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from qualcode.codebook import Code, Codebook
from qualcode.errors import Refused
from qualcode.labels import say
from qualcode.model import Snapshot
from qualcode.project import Project
from qualcode.project.supposing import supposed_change
from qualcode.widgets import pages
from qualcode.widgets.desk import Desk
from qualcode.widgets.page import script, style

SCRIPTS = ("find.mjs", "offsets.mjs", "parts.mjs", "wire.mjs", "frame.mjs", "tree.mjs", "changing.mjs", "versions.mjs", "codebooks.mjs")
FIELDS = ("name", "definition", "include", "exclude", "examples", "source", "colour", "codable", "requires")


def working_numbers(snapshot: Snapshot, book: Codebook) -> list[list[int]]:
    """Return ``[codings, groups, interviews]`` for every code in tree order, codes below it included; each session counts once.

    Working numbers while coding: every coder and layer counts. What a report may say about spread comes from :func:`qualcode.spread`.
    """
    codings = snapshot.codings
    kinds = dict(zip(snapshot.documents["guid"], snapshot.documents["kind"], strict=True))
    total: dict[str, int] = {}
    sessions: dict[str, set[str]] = {}
    pairs = codings[["code", "document"]].value_counts(sort=False).rename("amount").reset_index()
    for code, document, amount in zip(pairs["code"], pairs["document"], pairs["amount"], strict=True):
        now = book.resolve(code)
        for key in (now, *book.ancestors(now)):
            total[key] = total.get(key, 0) + int(amount)
            sessions.setdefault(key, set()).add(document)
    return [
        [
            total.get(code.key, 0),
            sum(kinds.get(one) == "focusgroep" for one in sessions.get(code.key, ())),
            sum(kinds.get(one) == "interview" for one in sessions.get(code.key, ())),
        ]
        for code in book.codes
    ]


class CodebookDesk(Desk):
    """Look after the codebook: find, add, edit, move, merge, split, retire; nothing is done before its consequences are shown.

    Parameters
    ----------
    study
        The project; what is done is signed by its coder and can be undone.
    height
        Height on the page, as CSS; ``640px`` when left out.
    """

    _esm = script(*SCRIPTS)
    _css = style("desk.css", "codebooks.css")
    _seen: tuple[Any, ...] = ()

    def verbs(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
        """Return what each message of the page does."""
        book = self.study.codebook
        return {
            "add": self._add,
            "edit": self._edit,
            "pair": self._pair,
            "move": lambda m: _done(book.move(m["code"], m.get("parent"), position=m.get("position")), "desk.moved"),
            "merge": lambda m: _done(book.merge(m["code"], m["into"]), "desk.merged"),
            "split": self._split,
            "retire": lambda m: _done(book.retire(m["code"]), "desk.retired"),
            "restore": lambda m: _done(book.restore(m["code"]), "desk.restored"),
            "version": self._version,
            "preview": self._preview,
            "versions": lambda _: {"versions": version_rows(self.study)},
            "compare": lambda m: {"changes": change_rows(self.study, m["before"], m.get("after") or None)},
        }

    def show(self, to: str | None) -> None:
        """Send the codebook with its working numbers."""
        now, book = self.study.snapshot(), self.study.codebook.book
        self._seen = self._sight(now, book)
        content = {**pages.codebook_page(book), "numbers": working_numbers(now, book), "positions": [code.position for code in book.codes]}
        self.send({"kind": "page", "to": to, "rev": self._rev}, [json.dumps(content, ensure_ascii=False).encode()])

    def patch(self, **answer: Any) -> None:
        """Send the codebook again when it, or the number of codings, changed; then the answer."""
        if self._seen != self._sight(self.study.snapshot(), self.study.codebook.book):
            self.show(None)
        if answer:
            self.send({"kind": "patch", "rev": self.next_rev(), **answer})

    def _sight(self, now: Snapshot, book: Codebook) -> tuple[Any, ...]:
        return (book.fingerprint, book.version, id(now.tables["coding"]), tuple(code.position for code in book.codes))

    def _add(self, message: dict[str, Any]) -> dict[str, Any]:
        name = str(message.get("name") or "").strip()
        if not name:
            raise Refused("desk.nameless")
        parent = message.get("parent")
        id = str(message.get("id") or "").strip() or self._free_id(parent)
        made = self.study.codebook.add(id, name, parent=parent, codable=bool(message.get("codable", True)))
        return {"made": made.guid, "said": say("desk.added", code=str(made))}

    def _free_id(self, parent: str | None) -> str:
        """Return an id nobody ever had: the letter of the theme and the next number."""
        book = self.study.codebook
        taken = {code.id for code in book.codes}
        letter = (book.get(book.theme_of(parent)).id[:1] if parent else "") or "N"
        return next(f"{letter}{number:02}" for number in range(1, len(taken) + 2) if f"{letter}{number:02}" not in taken)

    def _edit(self, message: dict[str, Any]) -> dict[str, Any]:
        fields = {name: value for name, value in message["fields"].items() if name in FIELDS}
        if "examples" in fields:
            fields["examples"] = [line.strip() for line in str(fields["examples"]).splitlines() if line.strip()]
        return _done(self.study.codebook.edit(message["code"], **fields), "desk.edited")

    def _pair(self, message: dict[str, Any]) -> dict[str, Any]:
        book = self.study.codebook
        book.distinguish(message["code"], message["other"], str(message.get("rule") or ""))
        return _done(book.find(message["code"]), "desk.edited")

    def _split(self, message: dict[str, Any]) -> dict[str, Any]:
        names = [str(name).strip() for name in message["names"] if str(name).strip()]
        if not names:
            raise Refused("desk.nameless")
        book = self.study.codebook
        taken = {code.id for code in book.codes}
        stem = book.get(message["code"]).id
        free = (id for id in (f"{stem}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz") if id not in taken)
        made = book.split(message["code"], [{"id": next(free), "name": name} for name in names], retire=bool(message.get("retire")))
        return {"made": made[0].guid, "said": say("desk.split", n=len(made), code=stem)}

    def _preview(self, message: dict[str, Any]) -> dict[str, Any]:
        """Work out what a change would do, without doing it."""
        names = [str(name).strip() for name in message.get("names") or () if str(name).strip()]
        to, retire = message.get("to") or None, bool(message.get("retire"))
        after = supposed_change(self.study, message["verb"], message["code"], to=to, parts=names, retire=retire)
        return {"effect": effect_rows(self.study.snapshot(), after), "waiting": len(pages.waiting(after, Codebook.of(after)))}

    def _version(self, message: dict[str, Any]) -> dict[str, Any]:
        name = str(message.get("name") or "").strip()
        if not name:
            raise Refused("desk.nameless")
        self.study.codebook.name_version(name)
        return {"said": say("desk.versioned", version=name)}


def effect_rows(now: Snapshot, after: Snapshot) -> list[dict[str, Any]]:
    """Return the codes of which a change would alter the working numbers, or that it would add.

    Each: ``code``, ``before`` and ``after`` (``[codings, groups, interviews]``, ``None`` where there is no such code).
    """
    numbers = []
    for one in (now, after):
        book = Codebook.of(one)
        numbers.append({code.key: (str(code), counted) for code, counted in zip(book.codes, working_numbers(one, book), strict=True)})
    before, later = numbers
    names = {key: name for key, (name, _) in (before | later).items()}
    rows = [
        {"code": re.sub(r"^\S*\?\d+ ", "", name), "before": before.get(key, ("", None))[1], "after": later.get(key, ("", None))[1]}
        for key, name in names.items()
    ]
    return [row for row in rows if row["before"] != row["after"]]


def version_rows(study: Project) -> list[dict[str, str]]:
    """Return the versions of the codebook, the last first: ``key`` (fingerprint), ``label``, ``at``, ``coder`` (name), ``changes``."""
    names = dict(zip(study.snapshot().coders["guid"], study.snapshot().coders["name"], strict=True))
    found = study.codebook.versions().to_dict("records")[::-1]
    kept = {row["fingerprint"]: row for row in reversed(found)}
    return [
        {"key": key, "label": row["label"], "at": row["at"], "coder": names.get(row["coder"], ""), "changes": row["changes"]}
        for key, row in reversed(kept.items())
    ]


def change_rows(study: Project, before: str, after: str | None) -> list[dict[str, Any]]:
    """Return what changed between two versions, with the words that differ marked; ``after`` is the present when ``None``.

    Each: ``code`` (id and name, empty for the codebook as a whole), ``change``, ``field``, ``before`` and ``after`` as :func:`pages.marked` gives them.
    """
    names = {code.guid: str(code) for code in study.codebook.book.codes}
    rows = []
    for row in study.codebook.compare(before, after).to_dict("records"):
        old, new = pages.marked(row["before"], row["after"])
        code = names.get(row["guid"], row["id"])
        rows.append({"code": code, "change": row["change"], "field": row["field"], "before": old, "after": new})
    return rows


def _done(code: Code, key: str) -> dict[str, Any]:
    return {"made": code.guid, "said": say(key, code=str(code))}
