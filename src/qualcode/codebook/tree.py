"""The order and shape of the tree, as plain functions over codes; proof against circles and lost parents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qualcode.codebook.parts import Code


def arranged(codes: Sequence[Code]) -> tuple[Code, ...]:
    """Return the codes in tree order: a code, what is below it, then the next.

    A code whose parent is not there stands at the top. Codes that are their own ancestor come last.
    """
    known = {code.key for code in codes}
    below: dict[str | None, list[Code]] = {}
    for code in sorted(codes, key=lambda c: (c.position, c.id, c.key)):
        below.setdefault(code.parent if code.parent in known else None, []).append(code)
    order: list[Code] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        code = waiting.pop()
        order.append(code)
        waiting.extend(below.pop(code.key, [])[::-1])
    placed = {id(code) for code in order}
    return (*order, *(code for code in codes if id(code) not in placed))


def lineage(codes: Mapping[str, Code], key: str) -> tuple[str, ...]:
    """Return the keys from the top of the tree down to this code, itself included."""
    up = [key]
    parent = codes[key].parent
    while parent is not None and parent in codes and parent not in up:
        up.append(parent)
        parent = codes[parent].parent
    return tuple(reversed(up))


def circular(codes: Mapping[str, Code], key: str) -> bool:
    """Return whether a code stands below itself."""
    seen: set[str] = set()
    parent = codes[key].parent
    while parent is not None and parent in codes and parent not in seen:
        if parent == key:
            return True
        seen.add(parent)
        parent = codes[parent].parent
    return False
