"""Editing what belongs to the codebook as a whole: its version, dimensions, pairs, rules, guide, working definition."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from qualcode.codebook.book import Codebook
from qualcode.codebook.parts import ConfusablePair
from qualcode.codebook.stored import head_of
from qualcode.errors import Refused
from qualcode.labels import listed
from qualcode.model import Change

OF_PROJECT = ("definition", "definition_source")
OF_BOOK = ("name", "version", "language", "source", "dimensions", "confusable", "rules", "guide")


def heading(book: Codebook, **fields: Any) -> tuple[Change, ...]:
    """Return the changes to the codebook as a whole; giving a version its name is ``heading(book, version="0.2")``.

    Parameters
    ----------
    book
        The codebook of a study.
    fields
        Any of ``name, version, language, source`` (text), ``dimensions`` (of :class:`Dimension`), ``confusable`` (of
        :class:`ConfusablePair`; a code may be named as people name it), ``rules``, ``guide`` (texts), and ``definition``
        and ``definition_source``, which the project keeps.

    Raises
    ------
    Refused
        When there is no such field, or a default is not a value of its dimension.
    """
    known = (*OF_BOOK, *OF_PROJECT)
    for name in fields:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise Refused("codebook.no_field", name=name, fields=listed(near or list(known), most=len(known)))
    if "confusable" in fields:
        pairs = fields["confusable"]
        fields["confusable"] = [ConfusablePair(book.find(p.first).key, book.find(p.second).key, p.rule) for p in pairs]
    fields = {name: value if isinstance(value, str) else tuple(item for item in value if item) for name, value in fields.items()}
    for dimension in fields.get("dimensions", ()):
        dimension.check(dimension.default)
    edited = replace(book, **fields)
    before, after = head_of(book), head_of(edited)
    of_book = {name: [value] for name, value in after.items() if value != before[name]}
    of_project = {name: [fields[name]] for name in OF_PROJECT if name in fields and fields[name] != getattr(book, name)}
    changes = [Change("codebook", [book.guid], of_book)] if of_book else []
    return (*changes, *([Change("project", [book.project], of_project)] if of_project else []))
