"""Between the codebook and the tables of a study: how codes and the codebook as a whole are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from qualcode.codebook.parts import Code, ConfusablePair, Dimension
from qualcode.model import HasSnapshot, as_snapshot

if TYPE_CHECKING:
    from qualcode.codebook.book import Codebook

CODE_FIELDS = (
    "id", "name", "definition", "include", "exclude", "examples", "source", "colour",
    "parent", "codable", "position", "retired", "merged_into", "requires",
)  # fmt: skip
TEXT_FIELDS = ("name", "version", "language", "source")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _reference(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def code_of(row: Mapping[str, Any]) -> Code:
    """Return a code from a row of the table of codes."""
    position = row["position"]
    return Code(
        guid=row["guid"],
        **{name: _text(row[name]) for name in ("id", "name", "definition", "include", "exclude", "source", "colour")},
        examples=tuple(_list(row["examples"])),
        requires=tuple(_list(row["requires"])),
        parent=_reference(row["parent"]),
        merged_into=_reference(row["merged_into"]),
        codable=bool(row["codable"]),
        retired=bool(row["retired"]),
        position=0.0 if position is None or pd.isna(position) else float(position),
    )


def row_of(code: Code) -> dict[str, Any]:
    """Return the fields of a code as the study keeps them."""
    fields = {name: getattr(code, name) for name in CODE_FIELDS}
    return {**fields, "examples": list(code.examples), "requires": list(code.requires)}


def head_of(book: Codebook) -> dict[str, Any]:
    """Return the fields of the codebook as a whole as the study keeps them."""
    dimensions = [{**asdict(d), "values": list(d.values)} for d in book.dimensions]
    lists = {"confusable": [asdict(p) for p in book.confusable], "rules": list(book.rules), "guide": list(book.guide)}
    return {**{name: getattr(book, name) for name in TEXT_FIELDS}, "dimensions": dimensions, **lists}


Rows = Sequence[Mapping[str, Any]]


def from_rows(made: type[Codebook], codes: Rows, heads: Rows, projects: Rows) -> Codebook:
    """Return the codebook that the rows of codes, codebooks and projects hold."""
    # there is one codebook; after a merge of studies that were born apart, the smallest guid speaks
    head = min(heads, key=lambda row: str(row["guid"]), default={})
    project = min(projects, key=lambda row: str(row["guid"]), default={})
    return made(
        name=_text(head.get("name")),
        version=_text(head.get("version")),
        language=_text(head.get("language")) or "nl",
        source=_text(head.get("source")),
        codes=tuple(code_of(row) for row in codes),
        dimensions=tuple(Dimension(**{**d, "values": tuple(d["values"])}) for d in _list(head.get("dimensions"))),
        confusable=tuple(ConfusablePair(**pair) for pair in _list(head.get("confusable"))),
        rules=tuple(_list(head.get("rules"))),
        guide=tuple(_list(head.get("guide"))),
        definition=_text(project.get("definition")),
        definition_source=_text(project.get("definition_source")),
        guid=_text(head.get("guid")),
        project=_text(project.get("guid")),
    )


def stored_book(made: type[Codebook], study: HasSnapshot) -> Codebook:
    """Return the codebook of a study as it is now."""
    tables = as_snapshot(study).tables
    codes, heads, projects = (cast("Rows", tables[kind].to_dict("records")) for kind in ("code", "codebook", "project"))
    return from_rows(made, codes, heads, projects)
