"""Which code of one codebook is which of another: by guid, else by id."""

from __future__ import annotations

from collections.abc import Sequence

from qualcode.codebook.book import Codebook
from qualcode.codebook.parts import Code


def with_id(codes: Sequence[Code]) -> dict[str, list[str]]:
    """Return the keys of the codes that have each id."""
    keys: dict[str, list[str]] = {}
    for code in codes:
        if code.id:
            keys.setdefault(code.id, []).append(code.key)
    return keys


def matched(old: Codebook, new: Codebook) -> dict[str, str]:
    """Return the key in ``old`` for each key in ``new`` that is the same code; an id that could be several matches none."""
    known = {code.key for code in old.codes}
    pairs = {code.key: code.key for code in new.codes if code.guid and code.key in known}
    taken = set(pairs.values())
    by_id = with_id([code for code in old.codes if code.key not in taken])
    for shared, keys in with_id([code for code in new.codes if code.key not in pairs]).items():
        same = by_id.get(shared, [])
        if len(same) == 1 and len(keys) == 1:
            pairs[keys[0]] = same[0]
    return pairs
