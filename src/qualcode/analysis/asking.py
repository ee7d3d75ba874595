"""What a query holds for: which turns, fragments or documents, worked out over whole tables at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, Literal

import numpy as np
import pandas as pd

from qualcode.analysis.expressions import FILTERS, And, Is, Near, Node, Not, Or, Overlap, Said
from qualcode.analysis.finding import Manner, said
from qualcode.analysis.names import coder_named, document_named, layer_named, near, speaker_rows
from qualcode.analysis.places import Ground, Places
from qualcode.analysis.words import Bools, Ints, Words
from qualcode.codebook import Codebook
from qualcode.errors import NotFound
from qualcode.labels import listed
from qualcode.model import DOCUMENT_KINDS, ROLES, Snapshot

Unit = Literal["turn", "fragment", "document"]
UNITS: tuple[Unit, ...] = ("turn", "fragment", "document")


@dataclass(frozen=True, eq=False)
class Sight:
    """A study as queries see it: its tables, its words, and where all of it lies."""

    snapshot: Snapshot
    book: Codebook
    words: Words

    @cached_property
    def ground(self) -> Ground:
        """Where turns and codings lie."""
        return Ground.of(self.snapshot)

    @cached_property
    def turn_document(self) -> Ints:
        """The row of the document of each turn."""
        return _rows(self.snapshot.turns["document"], self.snapshot)

    @cached_property
    def coding_document(self) -> Ints:
        """The row of the document of each coding; -1 where it is gone."""
        return _rows(self.snapshot.tables["coding"]["document"], self.snapshot)

    @cached_property
    def living(self) -> Bools:
        """Which codings lie in a document of the study."""
        return self._mask(len(self.coding_document), self.ground.coding)

    @cached_property
    def coding_code(self) -> pd.Series[str]:
        """The code of each coding, merged codes followed."""
        codes = self.snapshot.tables["coding"]["code"]
        here = {code.guid for code in self.book.codes}
        return codes.map({guid: self.book.resolve(guid) for guid in codes.unique() if guid in here})

    @staticmethod
    def _mask(size: int, rows: Ints) -> Bools:
        mask = np.zeros(size, dtype=np.bool_)
        mask[rows] = True
        return mask

    def size(self, unit: Unit) -> int:
        """Return how many units there are."""
        return len(self.snapshot.turns if unit == "turn" else self.snapshot.tables["coding" if unit == "fragment" else "document"])

    def of_turns(self, turns: Bools, unit: Unit) -> Bools:
        """Return the units in which one of these turns lies."""
        if unit == "turn":
            return turns
        if unit == "document":
            return self._mask(self.size(unit), self.turn_document[turns])
        pieces = self.ground.pieces
        return self._mask(self.size(unit), pieces.own[turns[pieces.turn]])

    def of_documents(self, documents: Bools, unit: Unit) -> Bools:
        """Return the units that lie in one of these documents."""
        if unit == "document":
            return documents
        where = self.turn_document if unit == "turn" else self.coding_document
        with_none: Bools = np.append(documents, [False])
        return with_none[where]  # -1, of a document that is gone, meets the False at the end

    def of_codings(self, codings: Bools, unit: Unit) -> Bools:
        """Return the units with one of these codings."""
        if unit == "fragment":
            return codings
        if unit == "document":
            return self._mask(self.size(unit), self.coding_document[codings])
        pieces = self.ground.pieces
        return self._mask(self.size(unit), pieces.turn[codings[pieces.own]])

    def of_places(self, places: Places, unit: Unit) -> Bools:
        """Return the units in which one of these places lies; fragments: those that take part in it, else those that share words with it."""
        if unit != "fragment":
            return self.of_turns(self._mask(self.size("turn"), places.turn), unit)
        mask = self._mask(self.size(unit), places.coding)
        alone = np.setdiff1d(np.arange(len(places)), places.member)
        shared = places.only(alone).touching(self.ground.pieces)
        mask[self.ground.pieces.own[shared]] = True
        return mask


def _rows(guids: pd.Series[Any], snapshot: Snapshot) -> Ints:
    """Return the rows of documents; -1 where one is gone."""
    return np.asarray(pd.Index(snapshot.tables["document"]["guid"]).get_indexer(guids), dtype=np.int64)


def holds(sight: Sight, node: Node, unit: Unit) -> Bools:
    """Return for which units a query holds: turns and documents in the order of their tables, fragments in that of the codings."""
    found = _holds(sight, node, unit, sight.living)
    return found & sight.living if unit == "fragment" else found


def _holds(sight: Sight, node: Node, unit: Unit, scope: Bools) -> Bools:
    """Return the units for which a node holds when only the codings in ``scope`` are looked at."""
    match node:
        case Not():
            return ~_holds(sight, node.part, unit, scope)
        case Or():
            return reduce(np.logical_or, (_holds(sight, part, unit, scope) for part in node.parts))
        case And():
            filters = [part for part in node.parts if isinstance(part, Is) and part.field in FILTERS]
            others = [part for part in node.parts if part not in filters]
            inner = reduce(np.logical_and, (_codings_of(sight, part) for part in filters), scope)
            start = sight.of_codings(inner, unit) if filters else np.ones(sight.size(unit), dtype=np.bool_)
            return reduce(np.logical_and, (_holds(sight, part, unit, inner) for part in others), start)
        case Is() if node.field == "code" or node.field in FILTERS:
            return sight.of_codings(_codings_of(sight, node) & scope, unit)
        case Is():
            return _described(sight, node, unit)
        case _:
            return sight.of_places(places_of(sight, node, scope), unit)


def places_of(sight: Sight, node: Node, scope: Bools) -> Places:
    """Return the places a node points at."""
    match node:
        case Said():
            return Places.of_words(sight.words, *said(sight.words, node.words, Manner(lemma=node.lemma)))
        case Near():
            return places_of(sight, node.left, scope).near(places_of(sight, node.right, scope), node.words, sight.words)
        case Overlap():
            return places_of(sight, node.left, scope).overlap(places_of(sight, node.right, scope))
        case Or():
            return reduce(Places.__or__, (places_of(sight, part, scope) for part in node.parts))
        case Is():
            return sight.ground.pieces_of(_codings_of(sight, node) & scope)
        case _:
            raise TypeError(type(node).__name__)


def _codings_of(sight: Sight, node: Is) -> Bools:
    """Return the codings (a mask) with a code, by a coder, in a layer, or with a value of a dimension."""
    table = sight.snapshot.tables["coding"]
    if node.field == "code":
        wanted = sight.book.resolve(sight.book.find(node.value).guid)
        return sight.coding_code.isin({wanted} if node.exact else sight.book.descendants(wanted)).to_numpy(bool)
    if node.field == "coder":
        return (table["coder"] == coder_named(sight.snapshot, node.value)).to_numpy(bool)
    if node.field == "layer":
        return (table["layer"] == layer_named(sight.snapshot, node.value)).to_numpy(bool)
    return _with_dimension(sight, node, table["dimensions"])


def _with_dimension(sight: Sight, node: Is, held: Iterable[Mapping[str, Any] | None]) -> Bools:
    dimension = sight.book.dimension(node.key)
    wanted = _compared(node.value)
    if dimension.values and wanted not in map(_compared, dimension.values):
        raise NotFound("search.no_value_of", field=dimension.name, value=node.value, there=near(node.value, dimension.values))
    values = ((row or {}).get(dimension.name) for row in held)
    default = dimension.default
    return np.array([wanted in _several(default if value in (None, "", []) else value) for value in values], dtype=np.bool_)


def _several(value: Any) -> set[str]:
    """Return the values in a field, as they are compared: also of a list, and of ``Marokkaans | moslim``."""
    if value is None:
        return set()
    if isinstance(value, list | tuple):
        return {_compared(one) for one in value}
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    whole = str(value)
    return {_compared(whole), *(_compared(part) for part in whole.split("|"))}


def _compared(value: Any) -> str:
    """Return a value without capitals, double blanks and differences between dashes."""
    return re.sub(r"\s*[-‐‑‒–—]\s*", "-", re.sub(r"[\s_]+", " ", str(value).strip())).casefold()


def _described(sight: Sight, node: Is, unit: Unit) -> Bools:
    """Return the units that lie in such documents, or in which such people speak."""
    snapshot = sight.snapshot
    if node.field == "document":
        return sight.of_documents((snapshot.tables["document"]["guid"] == document_named(snapshot, node.value)).to_numpy(bool), unit)
    if node.field == "kind":
        kind = _one_of(node.value, DOCUMENT_KINDS, "search.no_kind")
        return sight.of_documents((snapshot.tables["document"]["kind"] == kind).to_numpy(bool), unit)
    if node.field == "role":
        role = _one_of(node.value, ROLES, "search.no_role")
        return sight.of_turns((snapshot.turns["role"] == role).to_numpy(bool), unit)
    if node.field == "speaker":
        return sight.of_turns(snapshot.turns["speaker"].isin(speaker_rows(snapshot, node.value)).to_numpy(bool), unit)
    return _with_attribute(sight, node, unit)


def _one_of(value: str, known: tuple[str, ...], key: str) -> str:
    for name in known:
        if _compared(name) == _compared(value):
            return name
    raise NotFound(key, name=value, known=listed(known))


def _with_attribute(sight: Sight, node: Is, unit: Unit) -> Bools:
    """Return the units of participants, or in documents, with this attribute."""
    wanted, key = _compared(node.value), _compared(node.key)
    kinds = ("participant", "document")
    held = {kind: [_attribute(row, key) for row in sight.snapshot.tables[kind]["attributes"]] for kind in kinds}
    if not any(value is not None for values in held.values() for value in values):
        names = {name for kind in kinds for row in sight.snapshot.tables[kind]["attributes"] for name in row or {}}
        raise NotFound("search.no_attribute", name=node.key, there=near(node.key, sorted(names), most=20))
    found = {kind: np.array([wanted in _several(value) for value in values], dtype=np.bool_) for kind, values in held.items()}
    if not any(mask.any() for mask in found.values()):
        values = sorted({str(value) for values in held.values() for value in values if value is not None})
        raise NotFound("search.no_value_of", field=node.key, value=node.value, there=near(node.value, values))
    people = sight.snapshot.tables["participant"].loc[found["participant"], "guid"]
    speaking = sight.snapshot.turns["participant"].isin(people).to_numpy(bool)
    return sight.of_turns(speaking, unit) | sight.of_documents(found["document"], unit)


def _attribute(row: Mapping[str, Any] | None, key: str) -> Any:
    return next((value for name, value in (row or {}).items() if _compared(name) == key and value not in (None, "")), None)
