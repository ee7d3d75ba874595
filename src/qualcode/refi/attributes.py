"""Attributes of participants and documents as variables of the standard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.refi.elements import guid_of
from qualcode.refi.exchange import derived
from qualcode.refi.marking import fit, sub

if TYPE_CHECKING:
    from lxml.etree import _Element

_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True)
class Variables:
    """The variables of a project: guid and type by name, and those that another program defined, as it did."""

    known: dict[str, tuple[str, str]]
    given: dict[str, _Element]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any] | None], foreign: dict[str, list[_Element]]) -> Variables:
        """Return the variables that these attributes need, besides those another program defined."""
        given = {fit(element.get("name") or "").strip(): element for element in foreign.get("Variables", [])}
        values: dict[str, list[Any]] = {}
        for row in rows:
            for name, value in (row or {}).items():
                if value is not None and str(value).strip():
                    values.setdefault(fit(name).strip() or "-", []).append(value)
        known = {name: (guid_of(element.get("guid")), str(element.get("typeOfVariable"))) for name, element in given.items()}
        for name, held in values.items():
            typed = _type(held)
            if name not in known or known[name][1] not in {typed, "Text"}:
                known[name] = (known[name][0] if name in known else derived("variable", name), typed)
        return cls(known, given)

    def write(self, root: _Element) -> None:
        """Add the variables to a project."""
        variables = sub(root, "Variables") if self.known else None
        for name, (guid, typed) in self.known.items():
            assert variables is not None
            if name in self.given:
                element = deepcopy(self.given[name])
                element.set("typeOfVariable", typed)
                variables.append(element)
            else:
                sub(variables, "Variable", guid=guid, name=name, typeOfVariable=typed)

    def values(self, element: _Element, held: Mapping[str, Any]) -> None:
        """Add the values of a person or a document."""
        for name, value in held.items():
            if value is not None and str(value).strip():
                guid, typed = self.known[fit(name).strip() or "-"]
                pair = sub(element, "VariableValue")
                sub(pair, "VariableRef", targetGUID=guid)
                sub(pair, f"{typed}Value", _shown(value, typed))


def _type(values: list[Any]) -> str:
    """Return the type that fits all values of a variable."""
    if all(isinstance(value, bool) for value in values):
        return "Boolean"
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return "Integer"
    if all(isinstance(value, int | float) and not isinstance(value, bool) and abs(value) != float("inf") for value in values):
        return "Float"
    return "Date" if all(isinstance(value, str) and _DATE.fullmatch(value) for value in values) else "Text"


def _shown(value: Any, typed: str) -> str:
    if typed == "Boolean":
        return "true" if value else "false"
    if typed == "Float":
        return format(value, "f") if float(value).is_integer() else format(value, ".17f").rstrip("0")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
