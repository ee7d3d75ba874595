"""The tree of a report: its nodes, the words in them, and what is known while it is walked. Pandoc's own (its JSON)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is printed: its depth (1 is a chapter), its number (none: empty), its words, the place a link leads to."""

    level: int
    number: str
    words: str
    place: str


@dataclass(slots=True)
class Layout:
    """What is known while the tree is walked, in the order of the report."""

    to: str
    places: frozenset[str]
    open: list[int] = field(default_factory=list)
    tables: int = 0
    title: str = ""
    headings: list[Heading] = field(default_factory=list)
    pictures: list[tuple[int, int]] = field(default_factory=list)


LEAVES = frozenset({"Str", "Space", "SoftBreak", "LineBreak"})
"""Nodes that hold no others; by far the most."""


def words(node: Any) -> str:
    """Return the words of a part of the tree."""
    if isinstance(node, list):
        return "".join(words(one) for one in node)
    if not isinstance(node, dict) or node.get("t") in {"Note", "RawInline", "RawBlock"}:
        return ""
    match node.get("t"):
        case "Str":
            return str(node["c"])
        case "Space" | "SoftBreak" | "LineBreak":
            return " "
        case "Code":
            return str(node["c"][1])
        case "Quoted":
            return f"‘{words(node['c'][1])}’"
    return words(node.get("c", []))


def raw(format_: str, text: str, *, inline: bool = False) -> Node:
    """Return something only this format understands."""
    return {"t": "RawInline" if inline else "RawBlock", "c": [format_, text]}


def _holds(node: Any) -> bool:
    """Tell whether there may be other nodes inside."""
    return isinstance(node, list) or (isinstance(node, dict) and node.get("t") not in LEAVES)


def changed(node: Any, change: Callable[[Node], Node | list[Node]]) -> Any:
    """Return the tree with every node that holds others changed, the inner ones first; a node may become several."""
    if isinstance(node, dict):
        held = {name: changed(value, change) if _holds(value) else value for name, value in node.items()}
        return change(held) if "t" in held else held
    made: list[Any] = []
    for child in node:
        new = changed(child, change) if _holds(child) else child
        if isinstance(child, dict) and isinstance(new, list):
            made += new
        else:
            made.append(new)
    return made
