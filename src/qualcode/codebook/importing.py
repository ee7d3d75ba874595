"""Bringing the codebook of a file into a study: changes only, nothing deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from qualcode.codebook.book import Codebook
from qualcode.codebook.matching import matched, with_id
from qualcode.codebook.names import folded
from qualcode.codebook.parts import Code, ConfusablePair, Dimension
from qualcode.codebook.stored import CODE_FIELDS, TEXT_FIELDS, head_of, row_of
from qualcode.errors import Ambiguous, Refused
from qualcode.model import Change

TEXTS = ("name", "definition", "include", "exclude", "source", "colour")
LISTS = ("examples", "requires")


def importing(book_in_study: Codebook, new_book: Codebook, guid: Callable[[], str]) -> tuple[Change, ...]:
    """Return the changes that bring a codebook into a study.

    A code is the same when its guid is, else when its id is; all others are new. Codes, dimensions, values and pairs that
    the new codebook lacks stay as they are, and so do fields it leaves empty; a retired code is not restored. Rules for
    coding and topic guide are taken over whole. The working definition goes to the project, when the study has one.

    Parameters
    ----------
    book_in_study
        The codebook of the study; an empty ``Codebook()`` for a new study.
    new_book
        The codebook of the file.
    guid
        Gives a new guid for what has none.

    Raises
    ------
    Refused
        When the new codebook gives a code another id, or an id that belongs to another code.
    Ambiguous
        When an id belongs to several codes of the study.
    """
    pairs = matched(book_in_study, new_book)
    _refuse_used_ids(book_in_study, new_book, pairs)
    keys = {code.key: pairs.get(code.key) or code.guid or guid() for code in new_book.codes}
    changes = [
        *_codes(book_in_study, new_book, pairs, keys),
        *_head(book_in_study, new_book, keys, guid),
        *_definition(book_in_study, new_book),
    ]
    return tuple(changes)


def _refuse_used_ids(old: Codebook, new: Codebook, pairs: dict[str, str]) -> None:
    """An id is never used again: a new code may not have one that a code of the study has."""
    by_id, taken = with_id(old.codes), set(pairs.values())
    for code in new.codes:
        if code.key in pairs or code.id not in by_id:
            continue
        free = [key for key in by_id[code.id] if key not in taken]
        if len(free) > 1:
            raise Ambiguous("codebook.ambiguous", name=code.id, codes=", ".join(f"'{old.path(key)}' ({key})" for key in free))
        raise Refused("codebook.id_used", id=code.id, name=old.get(by_id[code.id][0]).name)


def _codes(old: Codebook, new: Codebook, pairs: dict[str, str], keys: dict[str, str]) -> list[Change]:
    born: list[Code] = []
    changes: list[Change] = []
    for code in new.codes:
        moved = replace(
            code,
            guid=keys[code.key],
            parent=keys.get(code.parent, code.parent) if code.parent else None,
            merged_into=keys.get(code.merged_into, code.merged_into) if code.merged_into else None,
        )
        if code.key not in pairs:
            born.append(moved)
            continue
        fields = _differences(old.get(pairs[code.key]), moved, new.lacks)
        if fields:
            changes.append(Change("code", [moved.guid], {name: [value] for name, value in fields.items()}))
    if born:
        rows = [row_of(code) for code in born]
        after: dict[str, list[Any]] = {"exists": [True] * len(born)}
        after |= {name: [row[name] for row in rows] for name in CODE_FIELDS}
        changes.insert(0, Change("code", [code.guid for code in born], after))
    return changes


def _differences(old: Code, new: Code, lacks: frozenset[str]) -> dict[str, Any]:
    """Return the fields of a known code that the new codebook sets otherwise."""
    if old.id and new.id and old.id != new.id:
        raise Refused("codebook.id_changed", id=old.id, new=new.id, name=old.name)
    filled = {name for name in (*TEXTS, *LISTS, "id", "merged_into") if getattr(new, name)}
    filled |= {"parent", "position", "codable"} | ({"retired"} if new.retired else set())
    row_old, row_new = row_of(old), row_of(new)
    return {name: row_new[name] for name in CODE_FIELDS if name in filled - lacks and row_new[name] != row_old[name]}


def _head(old: Codebook, new: Codebook, keys: dict[str, str], guid: Callable[[], str]) -> list[Change]:
    confusable = tuple(replace(p, first=keys.get(p.first, p.first), second=keys.get(p.second, p.second)) for p in new.confusable)
    merged = replace(
        old,
        **{name: getattr(new, name) or getattr(old, name) for name in (*TEXT_FIELDS, "rules", "guide")},
        dimensions=_dimensions(old.dimensions, new.dimensions),
        confusable=_pairs(old.confusable, confusable),
    )
    before, after = head_of(old), head_of(merged)
    if old.guid:
        fields = {name: [value] for name, value in after.items() if value != before[name]}
        return [Change("codebook", [old.guid], fields)] if fields else []
    return [Change("codebook", [new.guid or guid()], {"exists": [True], **{name: [value] for name, value in after.items()}})]


def _dimensions(old: tuple[Dimension, ...], new: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
    """Return the dimensions of the new codebook with the values of the old kept, then those only the old has."""
    known = {folded(d.name): d for d in old}
    brought = [replace(d, values=tuple(dict.fromkeys((*d.values, *_values(known.get(folded(d.name)), d))))) for d in new]
    named = {folded(d.name) for d in new}
    return (*brought, *(d for d in old if folded(d.name) not in named))


def _values(old: Dimension | None, new: Dimension) -> tuple[str, ...]:
    # a dimension without values takes any; adding the old values to it would narrow it
    return old.values if old is not None and new.values else ()


def _pairs(old: tuple[ConfusablePair, ...], new: tuple[ConfusablePair, ...]) -> tuple[ConfusablePair, ...]:
    brought = {frozenset((p.first, p.second)) for p in new}
    return (*new, *(p for p in old if frozenset((p.first, p.second)) not in brought))


def _definition(old: Codebook, new: Codebook) -> list[Change]:
    names = ("definition", "definition_source")
    fields = {name: [getattr(new, name)] for name in names if getattr(new, name) and getattr(new, name) != getattr(old, name)}
    return [Change("project", [old.project], fields)] if fields and old.project else []
