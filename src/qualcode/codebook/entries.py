"""What a codebook file may hold, entry by entry; knows no file format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from qualcode.codebook.parts import DimensionType
from qualcode.errors import BadCodebook
from qualcode.labels import say

MOST_MISTAKES = 8

_WANTED = {
    "tuple_type": "a_list",
    "bool_parsing": "a_boolean",
    "bool_type": "a_boolean",
    "float_parsing": "a_number",
    "float_type": "a_number",
    "finite_number": "a_number",
    "literal_error": "a_type",
}

_TRUTHS = {"ja": True, "nee": False, "waar": True, "onwaar": False}


def _truth(written: Any) -> Any:
    return _TRUTHS.get(written.strip().casefold(), written.strip()) if isinstance(written, str) else written


Truth = Annotated[bool, BeforeValidator(_truth)]


class Entry(BaseModel):
    """One entry of a codebook file, with the line where it stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    line: int = 0


E = TypeVar("E", bound=Entry)


class CodeEntry(Entry):
    """A code as a file writes it; ``parent`` and ``merged_into`` are ids or guids."""

    guid: str = ""
    id: str = ""
    name: str = Field(min_length=1)
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()
    source: str = ""
    colour: str = ""
    parent: str | None = None
    codable: Truth | None = None
    position: float | None = Field(default=None, allow_inf_nan=False)
    retired: Truth = False
    merged_into: str | None = None
    requires: tuple[str, ...] = ()


class DimensionEntry(Entry):
    """A dimension as a file writes it."""

    name: str = Field(min_length=1)
    type: DimensionType = "choice"
    values: tuple[str, ...] = ()
    default: str | None = None
    multiple: Truth = False
    definition: str = ""


class PairEntry(Entry):
    """A pair of easily confused codes as a file writes it; both are ids or guids."""

    first: str = Field(min_length=1)
    second: str = Field(min_length=1)
    rule: str = ""


class HeadEntry(Entry):
    """The codebook as a whole as a file writes it."""

    guid: str = ""
    name: str = ""
    version: str = ""
    language: str = "nl"
    source: str = ""
    definition: str = ""
    definition_source: str = ""
    rules: tuple[str, ...] = ()
    guide: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file: the line, the sentence and its facts."""

    line: int
    key: str
    facts: dict[str, Any]

    def __str__(self) -> str:
        """Return the sentence with the line in front."""
        return say("codebook.at_line", line=self.line, mistake=say(self.key, **self.facts))


@dataclass(frozen=True, slots=True)
class Raw:
    """A mapping of a file as it was written: values by name, and the line of the whole and of each name."""

    values: dict[str, Any]
    line: int
    lines: dict[str, int]


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a file held, entry by entry; ``above`` gives for each code the place of the one it is nested in, if any."""

    head: HeadEntry
    codes: tuple[CodeEntry, ...] = ()
    above: tuple[int | None, ...] = ()
    dimensions: tuple[DimensionEntry, ...] = ()
    pairs: tuple[PairEntry, ...] = ()
    lacks: frozenset[str] = frozenset()


def refusal(path: Path, mistakes: Sequence[Mistake]) -> BadCodebook:
    """Return the error that names file, lines and mistakes, the first few when there are many."""
    ordered = sorted(mistakes, key=lambda m: m.line)
    shown = "\n".join(f"- {mistake}" for mistake in ordered[:MOST_MISTAKES])
    if len(ordered) > MOST_MISTAKES:
        shown += "\n- " + say("codebook.more_mistakes", n=len(ordered) - MOST_MISTAKES)
    key = "codebook.one_mistake" if len(ordered) == 1 else "codebook.mistakes"
    return BadCodebook(key, file=path.name, line=ordered[0].line, n=len(ordered), mistakes=shown)


def entries(model: type[E], raws: Iterable[Raw], mistakes: list[Mistake]) -> list[E]:
    """Return the valid entries; what is wrong with the others is added to ``mistakes``."""
    valid: list[E] = []
    for raw in raws:
        try:
            valid.append(model.model_validate({**raw.values, "line": raw.line}))
        except ValidationError as error:
            mistakes += [_mistake(model, found["type"], str(found["loc"][0]), raw) for found in error.errors()]
    return valid


def _mistake(model: type[Entry], kind: str, name: str, raw: Raw) -> Mistake:
    line = raw.lines.get(name, raw.line)
    if kind == "extra_forbidden":
        known = [field for field in model.model_fields if field != "line"]
        near = get_close_matches(name, known, n=1)
        hint = say("codebook.meant", name=near[0]) if near else say("codebook.known_keys", names=", ".join(known))
        return Mistake(line, "codebook.unknown_key", {"name": name, "hint": hint})
    if kind in {"missing", "string_too_short"}:
        return Mistake(line, "codebook.key_missing", {"name": name})
    return Mistake(line, "codebook.wrong_value", {"name": name, "wanted": say(f"codebook.{_WANTED.get(kind, 'a_text')}")})
