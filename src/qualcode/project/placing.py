"""A project of another program finds its place in a study: what is known stays, what is new comes, nothing is confused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qualcode.codebook import Codebook, importing
from qualcode.codebook.matching import matched
from qualcode.labels import say
from qualcode.model import KINDS, Change, Event, Row, Snapshot, State, advance, rows_of
from qualcode.project.documents import IMPORT_COLUMNS, own_name
from qualcode.refi import Found, book_of
from qualcode.refi.remainder import renamed

if TYPE_CHECKING:
    from qualcode.project.study import Project

_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_OF_STUDY = ("definition", "definition_source", "notice")
# what an exchange brings in by rules of its own; all other kinds come as they are
_BY_RULE = frozenset({"project", "codebook", "code"})
_SHARED = frozenset({"coder", "participant"})


class Placing:
    """A project of another program on its way into a study."""

    def __init__(self, study: Project, there: Snapshot, held: Found, source: str, kind: str | None) -> None:
        self.guids, self.now, self.there, self.held = study._store.guids, study._store.clock(), there, held
        self.source, self.kind, self.old = source, kind, study._codebook()
        self.said: list[str] = []
        self.living = {name: set(table["guid"]) for name, table in there.tables.items()}
        self.texts: dict[str, str] = {}
        self.names = self._names()
        self.state = _renamed(held.state, self.names)
        for row in self.state.get("memo", {}).values():
            row["target"] = self.names[""] if row.get("on") == "project" else row.get("target")
        self.book = self.old
        self.fresh: State = {}

    def _names(self) -> dict[str, str]:
        """Return under which guid of the study each thing goes on that is there already, or may not be confused with it."""
        names = {"": str(self.there.project.get("guid", ""))}
        names |= dict.fromkeys(self.held.state.get("project", {}), names[""])
        self.incoming = book_of(self.held.state)
        self.pairs = matched(self.old, self.incoming)
        names |= {new: old for new, old in self.pairs.items() if new != old}
        names |= self._coders()
        copies = self._copies()
        names |= copies
        for kind, rows in self.held.state.items():
            if kind not in _BY_RULE | _SHARED and copies:
                names |= {guid: self.guids() for guid, row in rows.items() if row.get("document") in copies and guid in self.living[kind]}
        return names

    def _coders(self) -> dict[str, str]:
        """A person of the same name is the same person, where there is one of that name on either side."""
        here, incoming = self.there.tables["coder"], self.held.state.get("coder", {})
        counts, known = Counter(row["name"] for row in incoming.values()), Counter(here["name"])
        by_name = dict(zip(here["name"], here["guid"], strict=True))
        names: dict[str, str] = {}
        for guid, row in incoming.items():
            name = row["name"]
            if guid not in self.living["coder"] and counts[name] == known[name] == 1:
                names[guid] = by_name[name]
                self.said.append(say("refi.same_coder", name=name))
        return names

    def _copies(self) -> dict[str, str]:
        """Return new guids for documents that the study has with another text."""
        copies: dict[str, str] = {}
        for guid, row in self.held.state.get("document", {}).items():
            if guid in self.living["document"] and self.there.text(guid) != self.held.texts[guid]:
                copies[guid] = self.guids()
                self.said.append(say("refi.new_text", name=row["name"]))
        return copies

    def changes(self) -> list[Change]:
        """Return what is to be set in the study."""
        from qualcode.store.log import sha

        book = self._codebook()
        fingerprint = self._book_after(book).fingerprint
        known = 0
        for kind, rows in self.state.items():
            if kind not in _BY_RULE:
                fresh = {guid: row for guid, row in rows.items() if guid not in self.living[kind]}
                known += (len(rows) - len(fresh)) if kind != "coder" else 0
                self.fresh[kind] = fresh
        self._documents(sha)
        for kind, rows in self.fresh.items():
            fields = {f.name for f in KINDS[kind].fields}
            for row in rows.values():
                if "at" in fields:
                    row["at"] = row.get("at") or self.now
                if "codebook" in fields:
                    row["codebook"] = row.get("codebook") or fingerprint
        if known:
            self.said.append(say("refi.known", n=known))
        whole = sum(self._is_whole(row) for row in self.fresh.get("coding", {}).values())
        if whole:
            self.said.append(say("refi.whole_codings", n=whole))
        return [*_change(self.fresh, ["coder"]), *book, *self._study(), *_change(self.fresh, [kind for kind in KINDS if kind != "coder"])]

    def _is_whole(self, row: Row) -> bool:
        text = self.texts_by_document.get(row["document"])
        return text is not None and (row["start"], row["end"]) == (0, len(text))

    def _codebook(self) -> list[Change]:
        """Return the changes that bring in the new codes; what the study's codebook says of the others stands."""
        new, old = self.incoming, self.old
        if not new.codes and not new.guid:
            return []
        codes, latest = [], max((code.position for code in old.codes), default=0.0)
        for code in new.codes:
            if code.key in self.pairs:
                codes.append(old.get(self.pairs[code.key]))
            else:
                above, into = self.pairs.get(code.parent or "", code.parent), self.pairs.get(code.merged_into or "", code.merged_into)
                # beside codes of the study it stands last
                last = latest if above is None or above in self.living["code"] else 0.0
                codes.append(replace(code, parent=above, merged_into=into, position=code.position + last))
        taken = replace(new, codes=tuple(codes), definition="", definition_source="")
        if old.codes:
            taken = replace(taken, name=old.name, version=old.version, language=old.language, source=old.source, rules=(), guide=())
        return list(importing(old, taken, self.guids))

    def _book_after(self, changes: Iterable[Change]) -> Codebook:
        state: State = {}
        for kind in ("code", "codebook", "project"):
            state[kind] = {row["guid"]: {**row, "exists": True} for row in rows_of(self.there.tables[kind])}
        advance(state, Event("", "", 0, "", "", tuple(changes)))
        self.book = book_of(state)
        return self.book

    def _study(self) -> list[Change]:
        """Return what the file says of the study as a whole and the study does not say yet."""
        about = self.there.project
        fields = {
            name: [row[name]]
            for row in self.state.get("project", {}).values()
            for name in _OF_STUDY
            if isinstance(row.get(name), str) and row[name] and not _words(about.get(name))
        }
        return [Change("project", [str(about["guid"])], fields)] if fields else []

    def _documents(self, sha: Any) -> None:
        """Give every new document its own name, its place, and its text."""
        taken, place = set(self.there.document_names), len(self.there.documents)
        same = dict(zip(self.there.documents["text"], self.there.documents["name"], strict=True))
        self.texts_by_document = {self.names.get(guid, guid): text for guid, text in self.held.texts.items()}
        warnings = {self.names.get(guid, guid): doubts for guid, doubts in self.held.warnings.items()}
        for guid, row in self.fresh.get("document", {}).items():
            place += 1
            text = self.texts_by_document[guid]
            doubts = [{"key": doubt.key, "facts": doubt.facts} for doubt in warnings.get(guid, [])]
            name = str(row.get("name") or "").strip() or self.source
            called, address = own_name(name, taken), sha(text)
            if called != name:
                doubts.append({"key": "project.doubt_name", "facts": {"name": name, "called": called}})
            if address in same:
                doubts.append({"key": "project.doubt_content", "facts": {"other": same[address]}})
            taken.add(called)
            same[address], self.texts[address] = called, text
            row |= {"name": called, "text": address, "position": place, "source": row.get("source") or self.source}
            row |= {"kind": self.kind or row.get("kind") or "document", "warnings": [*(row.get("warnings") or []), *doubts]}

    def rows(self) -> list[dict[str, Any]]:
        """Return what was brought in, a row a document."""
        speakers: dict[str, list[Row]] = {}
        for row in self.fresh.get("speaker", {}).values():
            speakers.setdefault(row["document"], []).append(row)
        made = []
        for guid, row in self.fresh.get("document", {}).items():
            turns = Counter(row["turns"]["label"])
            voices = [{"label": s["label"], "role": s["role"], "turns": turns[s["label"]]} for s in speakers.get(guid, [])]
            sentences = [say(doubt["key"], **doubt["facts"]) for doubt in row["warnings"]]
            values = (
                row["name"],
                row["kind"],
                row["source"],
                len(self.texts_by_document[guid]),
                len(row["turns"]["start"]),
                voices,
                sentences,
            )
            made.append(dict(zip(IMPORT_COLUMNS, values, strict=True)))
        return made


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _renamed(state: State, names: dict[str, str]) -> State:
    """Return entities under the guids of the study, in lists and in kept XML too."""
    changed = renamed(state, names)
    guids = {guid: name for guid, name in names.items() if _GUID.fullmatch(guid)}
    return {
        kind: {guid: {name: _deep(value, guids) for name, value in row.items()} for guid, row in rows.items()}
        for kind, rows in changed.items()
    }


def _deep(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        if value.startswith("<"):
            return _GUID.sub(lambda found: names.get(found.group().lower(), found.group()), value)
        return names.get(value, value)
    if isinstance(value, list):
        return [_deep(one, names) for one in value]
    return {key: _deep(one, names) for key, one in value.items()} if isinstance(value, dict) else value


def _change(state: State, kinds: Iterable[str]) -> list[Change]:
    changes = []
    for kind in kinds:
        rows = state.get(kind, {})
        if rows and kind not in _BY_RULE:
            declared = {f.name for f in KINDS[kind].fields}
            names = [name for name in dict.fromkeys(name for row in rows.values() for name in row) if name in declared]
            after: dict[str, list[Any]] = {
                "exists": [True] * len(rows),
                **{name: [row.get(name) for row in rows.values()] for name in names},
            }
            changes.append(Change(kind, list(rows), after))
    return changes
