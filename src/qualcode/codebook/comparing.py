"""What changed between two versions of a codebook, as a table and as a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import pandas as pd

from qualcode.codebook.book import Codebook
from qualcode.codebook.matching import matched
from qualcode.codebook.parts import Code
from qualcode.labels import listed, say

COLUMNS = ["guid", "id", "change", "field", "before", "after"]
CHANGES = ("added", "removed", "renamed", "moved", "edited", "merged", "retired", "restored")
EDITED = ("id", "definition", "include", "exclude", "examples", "source", "colour", "codable", "requires")
OF_BOOK = ("name", "version", "language", "source", "dimensions", "confusable", "rules", "guide", "definition", "definition_source")

Row = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two versions, and for each code of the later one the key it had in the earlier."""

    before: Codebook
    after: Codebook
    old_of: Mapping[str, str]

    def same(self, old: str | None, new: str | None) -> bool:
        """Return whether a key of the earlier and one of the later version are the same code."""
        return old == new or (old is not None and new is not None and self.old_of.get(new) == old)


def diff(before: Codebook, after: Codebook) -> pd.DataFrame:
    """Return what changed between two versions of a codebook.

    Codes are matched by guid, else by id. Order counts as moved for the codes that left their place, not for those that
    moved up to make room.

    Parameters
    ----------
    before, after
        The two versions.

    Returns
    -------
    DataFrame
        One row a change: ``guid`` and ``id`` of the code (empty for the codebook as a whole); ``change``: added, removed,
        renamed, moved, edited, merged, retired or restored; ``field``; ``before`` and ``after`` as text, codes as their id
        and name, lists one item a line.
    """
    old_of = matched(before, after)
    pairing = Pairing(before, after, old_of)
    rows = [*_of_book(before, after)]
    misplaced = _out_of_order(pairing)
    for code in after.codes:
        if code.key in old_of:
            rows += _of_code(pairing, before.get(old_of[code.key]), code)
            if code.key in misplaced:
                rows.append((code.guid, code.id, "moved", "position", misplaced[code.key][0], misplaced[code.key][1]))
        else:
            rows.append((code.guid, code.id, "added", "", "", code.name))
    kept = set(old_of.values())
    rows += [(code.guid, code.id, "removed", "", code.name, "") for code in before.codes if code.key not in kept]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def sentence(changes: pd.DataFrame) -> str:
    """Return a table of changes as one sentence for the list of versions."""
    parts = []
    for change in CHANGES:
        of_code = changes[(changes["change"] == change) & (changes["id"] + changes["guid"] != "")]
        names = list(dict.fromkeys(id or guid for id, guid in zip(of_code["id"], of_code["guid"], strict=True)))
        if names:
            parts.append(say(f"codebook.changed_{change}", codes=listed(names)))
    of_book = changes[changes["id"] + changes["guid"] == ""]
    if len(of_book):
        parts.append(say("codebook.changed_book", fields=listed([say(f"codebook.field_{field}") for field in of_book["field"]])))
    return "; ".join(parts)


def _of_book(before: Codebook, after: Codebook) -> Iterator[Row]:
    for field in OF_BOOK:
        old, new = _shown(before, getattr(before, field)), _shown(after, getattr(after, field))
        if old != new:
            yield "", "", "renamed" if field == "name" else "edited", field, old, new


def _shown(book: Codebook, value: Any) -> str:
    """Return a value of the codebook as a whole as text."""
    if isinstance(value, str):
        return value
    lines = []
    for item in value:
        if isinstance(item, str):
            lines.append(item)
        elif hasattr(item, "first"):
            lines.append(f"{_short(book, item.first)} / {_short(book, item.second)}: {item.rule}")
        else:
            values = " | ".join(item.values) or item.type
            default = f" ({item.default})" if item.default is not None else ""
            several = " +" if item.multiple else ""
            lines.append(f"{item.name}: {values}{several}{default}. {item.definition}")
    return "\n".join(lines)


def _named(book: Codebook, key: str | None) -> str:
    known = {code.key: code for code in book.codes}
    return "" if key is None else str(known.get(key, key))


def _short(book: Codebook, key: str) -> str:
    known = {code.key: code.id for code in book.codes}
    return known.get(key) or key


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return say("codebook.yes") if value else say("codebook.no")
    return "\n".join(value) if isinstance(value, tuple) else str(value)


def _of_code(pairing: Pairing, old: Code, new: Code) -> Iterator[Row]:
    who = (new.guid, new.id)
    before, after = pairing.before, pairing.after
    if old.name != new.name:
        yield *who, "renamed", "name", old.name, new.name
    old_parent, new_parent = _above(before, old), _above(after, new)
    if not pairing.same(old_parent, new_parent):
        yield *who, "moved", "parent", _named(before, old_parent), _named(after, new_parent)
    for field in EDITED:
        if getattr(old, field) != getattr(new, field):
            yield *who, "edited", field, _text(getattr(old, field)), _text(getattr(new, field))
    if new.merged_into is not None and not pairing.same(old.merged_into, new.merged_into):
        yield *who, "merged", "merged_into", _named(before, old.merged_into), _named(after, new.merged_into)
    elif new.retired and not old.retired:
        yield *who, "retired", "retired", say("codebook.no"), say("codebook.yes")
    if old.retired and not new.retired:
        yield *who, "restored", "retired", say("codebook.yes"), say("codebook.no")


def _above(book: Codebook, code: Code) -> str | None:
    return next(reversed(book.ancestors(code.key)), None)


def _out_of_order(pairing: Pairing) -> dict[str, tuple[str, str]]:
    """Return the codes that stand elsewhere among the same brothers and sisters, with their rank before and after."""
    moved: dict[str, tuple[str, str]] = {}
    parents: list[tuple[str | None, str | None]] = [(None, None), *pairing.old_of.items()]
    for new_parent, old_parent in parents:
        new = [code.key for code in pairing.after.children(new_parent)]
        old = [code.key for code in pairing.before.children(old_parent)]
        was = {key: old.index(pairing.old_of[key]) for key in new if pairing.old_of.get(key) in old}
        order = list(was)
        matcher = SequenceMatcher(a=sorted(order, key=was.__getitem__), b=order, autojunk=False)
        in_place = {order[block.b + step] for block in matcher.get_matching_blocks() for step in range(block.size)}
        moved |= {key: (str(was[key] + 1), str(new.index(key) + 1)) for key in order if key not in in_place}
    return moved
