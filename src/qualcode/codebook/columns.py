"""The codebook as rows of text: which columns there are, and how a list, a yes or no, and a place become a cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from qualcode.codebook.book import Codebook
from qualcode.codebook.parts import Code

Row = dict[str, str]

COLUMNS: dict[str, tuple[str, ...]] = {
    "codeboek": ("guid", "name", "version", "language", "source", "definition", "definition_source"),
    "code": (
        "guid", "id", "name", "parent", "codable", "position", "retired", "merged_into", "requires",
        "definition", "include", "exclude", "examples", "source", "colour",
    ),
    "dimensie": ("name", "type", "values", "default", "multiple", "definition"),
    "verwarpaar": ("first", "second", "rule"),
    "regel": ("text",),
    "gespreksvraag": ("text",),
}  # fmt: skip
LISTS = frozenset({"examples", "requires", "values"})

# what a reader may also call a column
ALIASES = {
    "naam": "name", "versie": "version", "taal": "language", "bron": "source", "definitie": "definition",
    "bron definitie": "definition_source", "wel": "include", "niet": "exclude", "voorbeeld": "examples",
    "voorbeelden": "examples", "voorbeelduiting": "examples", "example": "examples", "kleur": "colour", "color": "colour",
    "ouder": "parent", "valt onder": "parent", "codeerbaar": "codable", "positie": "position", "vervallen": "retired",
    "samengevoegd met": "merged_into", "vereist": "requires", "waarden": "values", "standaard": "default",
    "meerdere": "multiple", "eerste": "first", "tweede": "second", "beslisregel": "rule", "tekst": "text",
    "kind": "soort",
}  # fmt: skip
# columns of ``Codebook.table()`` that follow from the others
DERIVED = frozenset({"path", "level"})

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_UNESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}


def column(title: str) -> str:
    """Return the name of the column that a title means.

    Examples
    --------
    >>> column(" Voorbeelden ")
    'examples'
    """
    plain = " ".join(title.split()).casefold()
    return ALIASES.get(plain, plain)


def listed_cell(items: Iterable[str]) -> str:
    r"""Return a list as one cell: an item a line; a line break inside an item is written ``\n``, an empty item ``\``.

    Examples
    --------
    >>> print(listed_cell(["eerste", "tweede", "met\nregels"]))
    eerste
    tweede
    met\nregels
    """
    return "\n".join(re.sub(r"[\\\n\r]", lambda found: _ESCAPES[found[0]], item) or "\\" for item in items)


def items_of(cell: str) -> list[str]:
    r"""Return the list that a cell holds.

    Examples
    --------
    >>> items_of("eerste\r\ntweede\nmet\\nregels")
    ['eerste', 'tweede', 'met\nregels']
    """
    lines = cell.replace("\r\n", "\n").split("\n")
    return ["" if line == "\\" else re.sub(r"\\[\\nr]", lambda found: _UNESCAPES[found[0]], line) for line in lines if line]


def value_of_cell(name: str, cell: str) -> Any:
    """Return what a cell stands for, before it is validated."""
    if name in LISTS:
        return items_of(cell)
    return cell.strip().replace(",", ".") if name == "position" else cell


@dataclass(frozen=True, slots=True)
class Written:
    """How the codes of one book are written down: what others call them, and which fields say more than the order does."""

    names: dict[str, str]
    natural: dict[str, float]


def written(book: Codebook) -> Written:
    """Return for each code the name others refer to it by, and the position its place in the order gives it."""
    guids = {code.guid for code in book.codes}
    ids = Counter(code.id for code in book.codes)
    names = {code.key: code.id if code.id and ids[code.id] == 1 and code.id not in guids else code.key for code in book.codes}
    placed: Counter[str | None] = Counter()
    natural: dict[str, float] = {}
    for code in book.codes:
        parent = code.parent if code.parent in names else None
        placed[parent] += 1
        natural[code.key] = float(placed[parent])
    return Written(names, natural)


def rows(book: Codebook) -> Iterator[tuple[str, Row]]:
    """Return every row of the codebook with its kind; empty cells are left out."""
    named = written(book)
    yield "codeboek", {name: getattr(book, name) for name in COLUMNS["codeboek"]}
    for code in book.codes:
        yield "code", _code_row(code, named)
    for d in book.dimensions:
        cells = {"name": d.name, "type": d.type, "values": listed_cell(d.values), "default": d.default or ""}
        yield "dimensie", {**cells, "multiple": _yes(d.multiple), "definition": d.definition}
    for pair in book.confusable:
        first, second = (named.names.get(key, key) for key in (pair.first, pair.second))
        yield "verwarpaar", {"first": first, "second": second, "rule": pair.rule}
    for kind, texts in (("regel", book.rules), ("gespreksvraag", book.guide)):
        for text in texts:
            yield kind, {"text": text}


def _yes(value: bool) -> str:
    return "ja" if value else "nee"


def _code_row(code: Code, named: Written) -> Row:
    cells = {name: getattr(code, name) for name in ("guid", "id", "name", "definition", "include", "exclude", "source", "colour")}
    return {
        **cells,
        "parent": named.names.get(code.parent, "") if code.parent else "",
        "codable": _yes(code.codable),
        "position": "" if code.position == named.natural[code.key] else repr(code.position),
        "retired": _yes(code.retired),
        "merged_into": named.names.get(code.merged_into, code.merged_into) if code.merged_into else "",
        "requires": listed_cell(code.requires),
        "examples": listed_cell(code.examples),
    }
