"""What is wrong or missing in a codebook, as a table of sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.codebook.names import folded
from qualcode.codebook.tree import circular
from qualcode.errors import Refused
from qualcode.labels import listed, say

if TYPE_CHECKING:
    from qualcode.codebook.book import Codebook
    from qualcode.codebook.parts import Code, Dimension

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")

Problem = tuple[str, str, dict[str, Any]]


def clashing(book: Codebook) -> pd.DataFrame:
    """Return the codes that share an id, one row a code."""
    shared = _shared_ids(book)
    rows = [(code.id, code.guid, code.name, book.path(code.key)) for code in book.codes if folded(code.id) in shared]
    return pd.DataFrame(rows, columns=["id", "guid", "name", "path"], dtype="str").sort_values("id", kind="stable", ignore_index=True)


def problems(book: Codebook) -> pd.DataFrame:
    """Return one row a problem, those of the tree first, then per code, then of dimensions and pairs."""
    found = [*_of_codes(book), *_of_dimensions(book), *_of_pairs(book)]
    rows = [(kind, code, say(f"codebook.check_{kind}", **facts)) for kind, code, facts in found]
    return pd.DataFrame(rows, columns=["kind", "code", "sentence"], dtype="str")


def _shared_ids(book: Codebook) -> set[str]:
    counted = Counter(folded(code.id) for code in book.codes if code.id)
    return {shared for shared, times in counted.items() if times > 1}


def _of_codes(book: Codebook) -> Iterator[Problem]:
    known = {code.key: code for code in book.codes}
    shared = _shared_ids(book)
    paths = Counter(folded(book.path(code.key)) for code in book.codes if not code.retired)
    for code in book.codes:
        if circular(known, code.key):
            yield "cycle", code.key, {"code": code}
        if code.parent is not None and code.parent not in known:
            yield "no_parent", code.key, {"code": code}
        if folded(code.id) in shared:
            yield "duplicate_id", code.key, {"code": code, "id": code.id}
        if not code.name.strip():
            yield "no_name", code.key, {"code": code.key}
        if code.colour and not COLOUR.fullmatch(code.colour):
            yield "colour", code.key, {"code": code, "colour": code.colour}
        if code.merged_into is not None and code.merged_into not in known:
            yield "merged_into_nothing", code.key, {"code": code}
        if not code.retired:
            yield from _of_living(book, code, path_twice=paths[folded(book.path(code.key))] > 1)


def _of_living(book: Codebook, code: Code, *, path_twice: bool) -> Iterator[Problem]:
    if not code.definition.strip():
        yield "no_definition", code.key, {"code": code}
    if path_twice:
        yield "same_path", code.key, {"code": code, "path": book.path(code.key)}
    if not code.codable and not any(not child.retired for child in book.children(code.key)):
        yield "empty", code.key, {"code": code}
    for name in code.requires:
        if not _knows(book, name):
            yield "unknown_dimension", code.key, {"code": code, "dimension": name}


def _knows(book: Codebook, name: str) -> bool:
    return any(folded(d.name) == folded(name) for d in book.dimensions)


def _of_dimensions(book: Codebook) -> Iterator[Problem]:
    counted = Counter(folded(d.name) for d in book.dimensions)
    for dimension in book.dimensions:
        if counted[folded(dimension.name)] > 1:
            yield "dimension_twice", "", {"dimension": dimension.name}
        if not dimension.definition.strip():
            yield "dimension_without_definition", "", {"dimension": dimension.name}
        if dimension.default is not None and not accepts(dimension, dimension.default):
            values = listed(dimension.values, most=20)
            yield "default_unknown", "", {"dimension": dimension.name, "default": dimension.default, "values": values}


def accepts(dimension: Dimension, value: str) -> bool:
    """Return whether a dimension can have this value."""
    try:
        dimension.check(value)
    except Refused:
        return False
    return True


def _of_pairs(book: Codebook) -> Iterator[Problem]:
    known = {code.key: code for code in book.codes}
    for pair in book.confusable:
        first, second = known.get(pair.first), known.get(pair.second)
        for key, code in ((pair.first, first), (pair.second, second)):
            if code is None:
                yield "pair_unknown", "", {"code": key}
        if first is not None and second is not None:
            yield from _of_known_pair(first, second, rule=pair.rule)


def _of_known_pair(first: Code, second: Code, *, rule: str) -> Iterator[Problem]:
    if first == second:
        yield "pair_with_itself", first.key, {"code": first}
    for code in (first, second):
        if code.retired:
            yield "pair_retired", code.key, {"code": code}
    if not rule.strip():
        yield "pair_without_rule", first.key, {"first": first, "second": second}
