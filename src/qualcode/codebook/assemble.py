"""From the entries of a file to a codebook: references, order and what only the whole can show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from qualcode.codebook.book import Codebook
from qualcode.codebook.checks import COLOUR, accepts
from qualcode.codebook.entries import CodeEntry, Contents, DimensionEntry, Mistake, PairEntry
from qualcode.codebook.names import folded
from qualcode.codebook.parts import BETWEEN_VALUES, Code, ConfusablePair, Dimension
from qualcode.codebook.tree import circular


class References:
    """What the codes of one file call each other: by guid, else by id."""

    def __init__(self, codes: Sequence[CodeEntry], mistakes: list[Mistake]) -> None:
        """Index the codes of a file; ``mistakes`` receives the references that lead nowhere."""
        self.mistakes = mistakes
        self.keys = {code.guid: code.guid for code in codes if code.guid}
        self.ids: dict[str, list[str]] = {}
        for code in codes:
            if code.id:
                self.ids.setdefault(code.id, []).append(code.guid or code.id)

    def key(self, name: str, line: int) -> str:
        """Return the key of the code that ``name`` refers to."""
        if name in self.keys:
            return self.keys[name]
        keys = self.ids.get(name, [])
        if len(keys) != 1:
            self.mistakes.append(Mistake(line, "codebook.ambiguous_reference" if keys else "codebook.unknown_reference", {"name": name}))
            return name
        return keys[0]


def assembled(contents: Contents, mistakes: list[Mistake]) -> Codebook:
    """Return the codebook; whatever is wrong is added to ``mistakes``, and the result then counts for nothing."""
    names = References(contents.codes, mistakes)
    codes = _codes(contents, names)
    _check_codes(contents.codes, codes, mistakes)
    _check_dimensions(contents.dimensions, mistakes)
    _check_required(contents, mistakes)
    head = contents.head
    texts = ("guid", "name", "version", "language", "source", "definition", "definition_source", "rules", "guide")
    return Codebook(
        **{name: getattr(head, name) for name in texts},
        codes=tuple(codes),
        dimensions=tuple(_dimension(entry) for entry in contents.dimensions),
        confusable=tuple(_pair(entry, names) for entry in contents.pairs),
        lacks=contents.lacks,
    )


def _codes(contents: Contents, names: References) -> list[Code]:
    parents = [
        (contents.codes[above].guid or contents.codes[above].id)
        if above is not None
        else names.key(code.parent, code.line)
        if code.parent
        else None
        for code, above in zip(contents.codes, contents.above, strict=True)
    ]
    with_children = set(parents)
    placed: Counter[str | None] = Counter()
    codes = []
    for entry, parent in zip(contents.codes, parents, strict=True):
        placed[parent] += 1
        key = entry.guid or entry.id
        fields = entry.model_dump(exclude={"line", "parent", "codable", "position", "merged_into"})
        code = Code(
            **fields,
            parent=parent,
            codable=(key not in with_children) if entry.codable is None else entry.codable,
            position=float(placed[parent]) if entry.position is None else entry.position,
            merged_into=names.key(entry.merged_into, entry.line) if entry.merged_into else None,
        )
        codes.append(code)
    return codes


def _check_codes(entries: Sequence[CodeEntry], codes: Sequence[Code], mistakes: list[Mistake]) -> None:
    lines: dict[str, int] = {}
    for entry, code in zip(entries, codes, strict=True):
        if not code.key:
            mistakes.append(Mistake(entry.line, "codebook.key_missing", {"name": "id"}))
        elif code.key in lines:
            mistakes.append(Mistake(entry.line, "codebook.twice", {"name": code.key, "other": lines[code.key]}))
        if code.colour and not COLOUR.fullmatch(code.colour):
            mistakes.append(Mistake(entry.line, "codebook.bad_colour", {"name": code.id or code.name, "colour": code.colour}))
        lines.setdefault(code.key, entry.line)
    by_key = {code.key: code for code in codes}
    merges = {code.key: replace(code, parent=code.merged_into) for code in codes}
    for entry, code in zip(entries, codes, strict=True):
        if circular(by_key, code.key):
            mistakes.append(Mistake(entry.line, "codebook.below_itself", {"name": code.id or code.name}))
        if circular(merges, code.key):
            mistakes.append(Mistake(entry.line, "codebook.merged_in_circle", {"name": code.id or code.name}))
    _check_ids(entries, mistakes)


def _check_ids(entries: Sequence[CodeEntry], mistakes: list[Mistake]) -> None:
    """Two codes may share an id only when each has a guid: then a merge of copies made them, and a person will choose."""
    first: dict[str, CodeEntry] = {}
    for entry in entries:
        other = first.setdefault(entry.id, entry) if entry.id else entry
        if other is not entry and bool(other.guid) != bool(entry.guid):
            mistakes.append(Mistake(entry.line, "codebook.twice", {"name": entry.id, "other": other.line}))


def _dimension(entry: DimensionEntry) -> Dimension:
    return Dimension(**entry.model_dump(exclude={"line"}))


def _check_dimensions(entries: Sequence[DimensionEntry], mistakes: list[Mistake]) -> None:
    lines: dict[str, int] = {}
    for entry in entries:
        name = folded(entry.name)
        if name in lines:
            mistakes.append(Mistake(entry.line, "codebook.twice", {"name": entry.name, "other": lines[name]}))
        lines.setdefault(name, entry.line)
        if entry.default is not None and not accepts(_dimension(entry), entry.default):
            mistakes.append(Mistake(entry.line, "codebook.bad_default", {"name": entry.name, "default": entry.default}))
        for value in entry.values if entry.multiple else ():
            if BETWEEN_VALUES in value:
                mistakes.append(Mistake(entry.line, "codebook.bar_in_value", {"name": entry.name, "value": value}))


def _check_required(contents: Contents, mistakes: list[Mistake]) -> None:
    known = {folded(entry.name) for entry in contents.dimensions}
    for code in contents.codes:
        for name in code.requires:
            if folded(name) not in known:
                mistakes.append(Mistake(code.line, "codebook.unknown_required", {"name": code.id or code.name, "dimension": name}))


def _pair(entry: PairEntry, names: References) -> ConfusablePair:
    return ConfusablePair(names.key(entry.first, entry.line), names.key(entry.second, entry.line), entry.rule)
