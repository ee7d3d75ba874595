"""From what another program's project holds to entities of a study: codings and memos on their place, people behind their words."""

from __future__ import annotations

import numpy as np

from qualcode.codebook.stored import row_of
from qualcode.importers import Doubt
from qualcode.importers._finding import folded
from qualcode.labels import say
from qualcode.model import DOCUMENT_KINDS, Row, State
from qualcode.refi.exchange import Exchange, Marked, Note, Selection, Source, derived
from qualcode.refi.meanings import meaning_of, text_of
from qualcode.refi.positions import Decision, Spans, decided

DEFAULT_LAYER = "ronde-1"
KIND_VARIABLE = "soort"
NOBODY = derived("unknown user")

Place = tuple[int, int]


def as_written(exchange: Exchange) -> tuple[State, dict[str, str], Decision | None]:
    """Return the entities as the standard alone tells them, the text of each document, and how positions were counted."""
    return _Settling(exchange).settled()


class _Settling:
    """The entities while they are being made."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        kinds = ("coder", "code", "document", "participant", "coding", "memo", "foreign")
        self.state: State = {kind: {} for kind in kinds}
        self.texts: dict[str, str] = {}
        self.codes = {code.guid for code in exchange.codes}
        self.meanings = {note.guid: meaning for note in exchange.notes.values() if (meaning := meaning_of(note))}
        self.placed_notes: set[str] = set()
        self.clipped = 0
        self.owned: dict[str, str] = {}  # whose words a selection holds
        self.spoken: dict[str, list[tuple[str, Place]]] = {}

    def settled(self) -> tuple[State, dict[str, str], Decision | None]:
        """Return the entities, the texts and the way of counting."""
        exchange, state = self.exchange, self.state
        exchange.read["memos"] -= len(self.meanings)
        for guid, name in exchange.users.items():
            state["coder"][guid] = {"name": name, "role": "codeur"}
        for code in exchange.codes:
            state["code"][code.guid] = row_of(code)
        for person in exchange.people:
            state["participant"][person.guid] = {"name": person.name, "attributes": person.attributes}
            self.owned |= dict.fromkeys(person.selections, person.guid)
            self._description(person.description, "participant", person.guid)
        self._description(exchange.description, "project", "")
        decision = self._sources()
        self._loose_notes()
        state["foreign"].update(exchange.foreign)
        for guid, spans in self.spoken.items():
            state["document"][guid]["spoken"] = spans
        if self.clipped:
            exchange.doubts.append(Doubt("refi.clipped", {"n": self.clipped}))
        return state, self.texts, decision

    def _coder(self, *guids: str) -> str:
        """Return the first user that is named; nobody is left out because a user is not in the list."""
        guid = next((guid for guid in guids if guid), NOBODY)
        if guid not in self.state["coder"]:
            name = say("refi.nobody") if guid == NOBODY else say("refi.unknown_user", guid=guid[:8])
            self.state["coder"][guid] = {"name": name, "role": "codeur"}
            if guid != NOBODY:
                self.exchange.read["coders"] += 1
                self.exchange.doubts.append(Doubt("refi.user_missing", {"name": name}))
        return guid

    def _memo(
        self, guid: str, text: str, on: str, target: str, *, by: str = "", at: str | None = None, place: tuple[str, Place] | None = None
    ) -> None:
        row: Row = {"on": on, "target": target, "text": text, "coder": self._coder(by), "at": at}
        if place is not None:
            row |= {"document": place[0], "version": 1, "start": place[1][0], "end": place[1][1]}
        self.state["memo"][guid if guid not in self.state["memo"] else derived("memo", guid, on, target, place)] = row

    def _description(self, text: str, on: str, target: str, *, by: str = "", at: str | None = None) -> None:
        if text:
            self.exchange.read["descriptions"] += 1
            self.exchange.kept_as_is["descriptions"] += 1
            self._memo(derived("description", on, target), text, on, target, by=by, at=at)

    def _note(self, guid: str, on: str, target: str, place: tuple[str, Place] | None = None) -> bool:
        """Put a note where something refers to it; tell whether it is there."""
        note = self.exchange.notes.get(guid)
        if note is None or guid in self.meanings:
            return note is not None
        self._memo(guid, text_of(note), on, target, by=note.user, at=note.at, place=place)
        self._place_note(guid)
        return True

    def _place_note(self, guid: str) -> None:
        self.exchange.kept_as_is["memos"] += guid not in self.placed_notes
        self.placed_notes.add(guid)

    def _sources(self) -> Decision | None:
        marked: list[Spans] = []
        for source in self.exchange.sources:
            self._document(source)
            ends = [(s.start, s.end) for s in source.selections] + [span for note in self._annotations(source) for span in note.spans]
            numbers = np.array([(-1 if a is None else a, -1 if b is None else b) for a, b in ends], dtype=np.int64).reshape(-1, 2)
            names = [s.name for s in source.selections] + [""] * (len(ends) - len(source.selections))
            marked.append(Spans(source.original, numbers[:, 0], numbers[:, 1], names))
        known = self.exchange.counting
        decision = Decision(known) if known else decided(marked, self.exchange.origin)
        for source, spans in zip(self.exchange.sources, marked, strict=True):
            self._marks(source, self._places(spans, decision))
        return decision if any(len(spans.start) for spans in marked) else None

    def _document(self, source: Source) -> None:
        if source.guid in self.texts:
            self.exchange.doubts.append(Doubt("refi.same_guid", {"what": say("refi.word_source"), "guid": source.guid}))
            source.guid = derived("source", source.guid, len(self.texts))
        attributes = dict(source.attributes)
        kind = source.kind
        if attributes.get(KIND_VARIABLE) in DOCUMENT_KINDS:
            kind = attributes.pop(KIND_VARIABLE)
        self.texts[source.guid] = source.original.text
        self.state["document"][source.guid] = {
            "name": source.name,
            "kind": kind,
            "format": source.format,
            "version": 1,
            "attributes": attributes,
        }

    def _annotations(self, source: Source) -> list[Note]:
        """Return the notes on a source that are about places in it."""
        notes = (self.exchange.notes.get(guid) for guid in source.notes)
        return [note for note in notes if note is not None and note.spans]

    def _places(self, spans: Spans, decision: Decision) -> list[Place | None]:
        """Return the place of each mark in the text; ``None`` for one that lies outside it or holds nothing."""
        length = len(spans.original.text)
        start, begins = spans.original.places(spans.start, decision.convention)
        end, ends = spans.original.places(spans.end, decision.convention)
        sound = begins & (start < end) & (start < length)
        self.clipped += int((sound & ~ends).sum())
        return [(a, b) if ok else None for a, b, ok in zip(start.tolist(), end.tolist(), sound.tolist(), strict=True)]

    def _marks(self, source: Source, places: list[Place | None]) -> None:
        for selection, place in zip(source.selections, places, strict=False):
            self._selection(source, selection, place)
        rest = iter(places[len(source.selections) :])
        about = {note.guid: [next(rest) for _ in note.spans] for note in self._annotations(source)}
        for guid in source.notes:
            there = next((place for place in about.get(guid, []) if place), None)
            self._note(guid, "document", source.guid, (source.guid, there) if there else None)
        whole = (0, len(source.original.text))
        for coding in source.codings:
            self._coding(source, coding, Selection("", *whole, user=source.user, at=source.at), whole if whole[1] else None)
        self._description(source.description, "document", source.guid, by=source.user, at=source.at)

    def _selection(self, source: Source, selection: Selection, place: Place | None) -> None:
        if place is None:
            exchange, empty = self.exchange, selection.start is not None and selection.start == selection.end
            exchange.drop("coding_empty" if empty else "coding_outside", len(selection.codings))
            if not selection.codings and (selection.description or selection.notes):
                exchange.drop("memo_outside")
            return
        here = (source.guid, place)
        for coding in selection.codings:
            self._coding(source, coding, selection, place)
        noted = [self._note(guid, "document", source.guid, here) for guid in selection.notes if guid not in self.meanings]
        description = selection.description if not self._is_told(selection) else ""
        owner = self.owned.get(selection.guid)
        if owner is not None:
            self.spoken.setdefault(source.guid, []).append((owner, place))
        if len(selection.codings) == 1 and description:
            self._describe_coding(selection, description)
        elif description or not (selection.codings or noted or owner):
            text = description or selection.name.strip() or say("refi.bare_selection")
            if not selection.codings and not noted:
                self.exchange.read["memos"] += 1
                self.exchange.kept_as_is["memos"] += 1
            else:
                self._count_description()
            self._memo(selection.guid, text, "document", source.guid, by=selection.user, at=selection.at, place=here)

    def _describe_coding(self, selection: Selection, description: str) -> None:
        """Make the description of a selection the memo of its coding."""
        row = self.state["coding"].get(selection.codings[0].guid)
        if row is not None:
            self._count_description()
            row["memo"] = f"{row['memo']}\n\n{description}" if row["memo"] else description

    def _count_description(self) -> None:
        self.exchange.read["descriptions"] += 1
        self.exchange.kept_as_is["descriptions"] += 1

    def _is_told(self, selection: Selection) -> bool:
        """Tell whether the notes on a selection say what its description says."""
        guids = [*(guid for coding in selection.codings for guid in coding.notes), *selection.notes]
        notes = [folded(self.exchange.notes[guid].text) for guid in guids if guid in self.exchange.notes and guid not in self.meanings]
        said = folded(selection.description)
        return not said or said in notes or said == " ".join(notes)

    def _coding(self, source: Source, marked: Marked, selection: Selection, place: Place | None) -> None:
        exchange, codings = self.exchange, self.state["coding"]
        if place is None or marked.code not in self.codes:
            exchange.drop("coding_unknown_code" if place else "coding_empty")
            return
        if not marked.guid or marked.guid in codings:
            marked.guid = derived("coding", marked.guid, source.guid, marked.code, place, len(codings))
        by, at = self._coder(marked.user, selection.user), marked.at or selection.at
        row: Row = {"document": source.guid, "version": 1, "start": place[0], "end": place[1], "code": marked.code, "coder": by, "at": at}
        row |= {"layer": DEFAULT_LAYER, "memo": marked.memo or None, "dimensions": {}}
        codings[marked.guid] = row
        for guid in marked.notes:
            note = exchange.notes.get(guid)
            if guid in self.meanings:
                self._mean(row, self.meanings[guid])
            elif note is not None and not row["memo"] and note.user in {"", by} and note.at in {None, at} and guid not in self.placed_notes:
                row["memo"] = text_of(note)
                self._place_note(guid)
            elif note is not None:
                self._note(guid, "coding", marked.guid)

    def _mean(self, row: Row, meaning: tuple[str, str]) -> None:
        name, value = meaning
        if not name:
            row["layer"] = value
        elif name in row["dimensions"]:
            held = row["dimensions"][name]
            row["dimensions"][name] = [*held, value] if isinstance(held, list) else [held, value]
        else:
            row["dimensions"][name] = value

    def _loose_notes(self) -> None:
        """Place the notes on codes, on the study and on what links attach them to; a note on nothing stands on the study."""
        for guid, on in self.exchange.notes_on.items():
            for kind, target in on:
                self._note_on(guid, kind or self._kind_of(target), target)
        for guid in self.exchange.notes:
            if guid not in self.placed_notes and guid not in self.meanings:
                self._note(guid, "project", "")

    def _note_on(self, guid: str, kind: str, target: str) -> None:
        selection = (
            next(((s, one) for s in self.exchange.sources for one in s.selections if one.guid == target), None) if not kind else None
        )
        if selection is not None:
            coding = next((c.guid for c in selection[1].codings if c.guid in self.state["coding"]), None)
            if coding is not None:
                self._note(guid, "coding", coding)
                return
        self._note(guid, kind or "project", target if kind else "")

    def _kind_of(self, guid: str) -> str:
        return next((kind for kind in ("code", "document", "coding", "participant") if guid in self.state[kind]), "")
