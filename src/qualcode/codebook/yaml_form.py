"""The codebook as YAML: a nested tree that people read, compare and keep in version control."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

import yaml

from qualcode.codebook.assemble import assembled
from qualcode.codebook.book import Codebook
from qualcode.codebook.columns import Written, written
from qualcode.codebook.entries import CodeEntry, Contents, DimensionEntry, HeadEntry, Mistake, PairEntry, Raw, entries
from qualcode.codebook.parts import Code, Dimension

HEAD = ("guid", "name", "version", "language", "source", "definition", "definition_source", "rules", "guide")
WIDTH = 120
_RARE_BREAK = re.compile("[\r\x85\u2028\u2029]")


class _Dumper(yaml.SafeDumper):
    """Writes lists indented below their key, and texts of several lines as such."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  (PyYAML calls it by this name)
        """Indent lists too."""
        super().increase_indent(flow, indentless=False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    # the rarer line breaks survive only between double quotes
    style = '"' if _RARE_BREAK.search(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def write(book: Codebook) -> bytes:
    """Return the codebook as YAML, what is empty or follows from the order left out."""
    named = written(book)
    head = _filled({name: getattr(book, name) for name in HEAD})
    pairs = [
        {"first": named.names.get(p.first, p.first), "second": named.names.get(p.second, p.second), "rule": p.rule} for p in book.confusable
    ]
    tree = {
        "name": book.name,
        **head,
        "dimensions": [_dimension(d) for d in book.dimensions],
        "confusable": [_filled(pair) for pair in pairs],
        "codes": [_branch(book, code, named) for code in book.children()],
    }
    shown = {name: value for name, value in tree.items() if value or name == "name"}
    return yaml.dump(shown, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH, encoding="utf-8")


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}
    return {name: value for name, value in plain.items() if value not in ("", None, [], False)}


def _dimension(dimension: Dimension) -> dict[str, Any]:
    fields = asdict(dimension)
    order = ("name", "definition", "type", "values", "default", "multiple")
    return _filled({name: fields[name] for name in order})


def _branch(book: Codebook, code: Code, named: Written) -> dict[str, Any]:
    below = [_branch(book, child, named) for child in book.children(code.key)]
    order = ("id", "name", "guid", "definition", "include", "exclude", "examples", "source", "colour", "requires", "retired")
    fields = _filled({name: getattr(code, name) for name in order})
    if code.merged_into is not None:
        fields["merged_into"] = named.names.get(code.merged_into, code.merged_into)
    if code.codable == bool(below):
        fields["codable"] = code.codable
    if code.position != named.natural[code.key]:
        fields["position"] = code.position
    return {**fields, "codes": below} if below else fields


def parse(text: str, mistakes: list[Mistake]) -> Codebook:
    """Return the codebook of a YAML text; whatever is wrong is added to ``mistakes``."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        mistakes.append(Mistake(mark.line + 1 if mark else 1, "codebook.not_yaml", {}))
        return Codebook()
    except yaml.reader.ReaderError as error:
        mistakes.append(
            Mistake(text.count("\n", 0, error.position) + 1, "codebook.strange_character", {"character": f"U+{error.character:04X}"})
        )
        return Codebook()
    if not isinstance(node, yaml.MappingNode):
        mistakes.append(Mistake(1, "codebook.no_mapping", {}))
        return Codebook()
    top = _mapping(node, mistakes, set())
    codes, above = _flattened(_listed(top, "codes", mistakes), mistakes)
    read_codes = entries(CodeEntry, codes, mistakes)
    dimensions = entries(DimensionEntry, _listed(top, "dimensions", mistakes), mistakes)
    pairs = entries(PairEntry, _listed(top, "confusable", mistakes), mistakes)
    heads = entries(HeadEntry, [top], mistakes)
    if mistakes:
        return Codebook()
    return assembled(Contents(heads[0], tuple(read_codes), tuple(above), tuple(dimensions), tuple(pairs)), mistakes)


def _mapping(node: yaml.MappingNode, mistakes: list[Mistake], seen: set[int]) -> Raw:
    raw = Raw({}, node.start_mark.line + 1, {})
    for key_node, value_node in node.value:
        name = str(key_node.value)
        line = key_node.start_mark.line + 1
        if name in raw.values:
            mistakes.append(Mistake(line, "codebook.key_twice", {"name": name, "other": raw.lines[name]}))
        raw.lines.setdefault(name, line)
        raw.values[name] = _value(value_node, mistakes, seen)
    return raw


def _value(node: yaml.Node, mistakes: list[Mistake], seen: set[int]) -> Any:
    # scalars stay as they were written: 0.1 is a version and nee is a word, whatever YAML makes of them
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == "tag:yaml.org,2002:null" else node.value
    if id(node) in seen:
        mistakes.append(Mistake(node.start_mark.line + 1, "codebook.anchor", {}))
        return None
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, mistakes, seen)
    return [_value(item, mistakes, seen) for item in node.value]


def _listed(raw: Raw, name: str, mistakes: list[Mistake]) -> list[Raw]:
    """Take a list of mappings out of a mapping."""
    value = raw.values.pop(name, None)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, Raw) for item in value):
        mistakes.append(Mistake(raw.lines[name], "codebook.list_of_mappings", {"name": name}))
        return []
    return value


def _flattened(tops: list[Raw], mistakes: list[Mistake]) -> tuple[list[Raw], list[int | None]]:
    """Return all codes in the order of the file, and for each the place of the one it stands in."""
    flat: list[Raw] = []
    above: list[int | None] = []
    waiting: list[tuple[Raw, int | None]] = [(raw, None) for raw in reversed(tops)]
    while waiting:
        raw, parent = waiting.pop()
        below = _listed(raw, "codes", mistakes)
        if raw.values.pop("parent", None) is not None:
            mistakes.append(Mistake(raw.lines["parent"], "codebook.parent_by_nesting", {}))
        waiting.extend((child, len(flat)) for child in reversed(below))
        flat.append(raw)
        above.append(parent)
    return flat, above
