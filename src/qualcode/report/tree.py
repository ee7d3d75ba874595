"""A report as a tree of blocks, laid out for one format: what each format must be told, and no word of the study changed.

The tree is pandoc's own (its JSON): headings in steps of one, tables with a number and columns that fit, bars as pictures. What is raw
for a format is written here alone; the reader of the Markdown lets none in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from qualcode.report.nodes import LEAVES, Heading, Layout, Node, changed, words
from qualcode.report.tabling import tabled

NUMBERED, RUNNING, CONTENTS = "genummerd", "koptekst", "inhoud"
# what the source marks with a class, for Typst; Word and LibreOffice have a style of that name, the page its CSS
_TYPST = {
    "ref": {"typst:text:size": "7.5pt", "typst:text:fill": "rgb(93,104,114)"},
    "melding": {"typst:fill": "rgb(253,243,216)", "typst:inset": "8pt", "typst:width": "100%"},
    "kern": {"typst:fill": "rgb(234,240,244)", "typst:inset": "9pt", "typst:width": "100%"},
    "werk": {"typst:text:fill": "rgb(93,104,114)", "typst:text:size": "9.5pt"},
    "klein": {"typst:text:size": "8.5pt", "typst:text:fill": "rgb(93,104,114)"},
}
STYLES = {"ref": "Verwijzing", "melding": "Melding", "kern": "Kern", "werk": "Werk", "klein": "Klein"}
_NUMBER = re.compile(r"\d+(\.\d+)*")
# the title of a page is its first heading
_DEEPEST, _BELOW = 6, {"html5": 1}


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A report for one format.

    ``tree`` for pandoc; ``running`` is what stands above every page; ``headings`` in order; ``pictures`` the bars (k, n) it shows, in order;
    ``chapters`` whether it is long enough for a list of contents.
    """

    tree: Node
    running: str
    headings: tuple[Heading, ...]
    pictures: tuple[tuple[int, int], ...]
    chapters: bool


def laid_out(tree: Node, to: str) -> LaidOut:
    """Return the report for a format of pandoc (``docx``, ``odt``, ``html5``, ``typst``)."""
    layout = Layout(to, places=frozenset(_places(tree["blocks"])))
    running = [block for block in tree["blocks"] if _is(block, RUNNING)]
    blocks = [block for block in tree["blocks"] if not _is(block, RUNNING)]
    changes: dict[str, Callable[[Layout, Node], Node | list[Node]]] = {
        "Header": _heading,
        "Table": tabled,
        "Div": _box,
        "Span": _box,
        "Link": _link,
    }

    def change(node: Node) -> Node | list[Node]:
        return changes[node["t"]](layout, node) if node["t"] in changes else node

    made = changed(blocks, change)
    chapters = any(_is(block, CONTENTS) for block in made)
    text = " ".join(words(block) for block in running)
    return LaidOut({**tree, "blocks": made}, text, tuple(layout.headings), tuple(layout.pictures), chapters)


def _is(block: Node, name: str) -> bool:
    return block["t"] == "Div" and name in (block["c"][0][0], *block["c"][0][1])


def _heading(layout: Layout, node: Node) -> Node:
    """Number a heading where the format does so itself, and never skip a step: a screen reader counts them."""
    asked, (place, classes, more), inlines = node["c"]
    while layout.open and layout.open[-1] >= asked:
        layout.open.pop()
    layout.open.append(asked)
    level = len(layout.open)
    number = words(inlines[:1]) if NUMBERED in classes and _NUMBER.fullmatch(words(inlines[:1])) else ""
    text = inlines[2:] if number else inlines
    layout.title = words(text)
    layout.headings.append(Heading(level, number, layout.title, place))
    if layout.to == "html5" or not number:
        text = inlines
    kept = [one for one in classes if one != NUMBERED] + ([] if number else ["unnumbered"])
    return {"t": "Header", "c": [min(_DEEPEST, level + _BELOW.get(layout.to, 0)), [place, kept, more], text]}


def _box(layout: Layout, node: Node) -> Node:
    """Give what has a class the looks of the format; references stand in brackets."""
    (place, classes, more), content = node["c"]
    name = next((one for one in classes if one in STYLES), "")
    if not name:
        return node
    if name == "ref":
        content = [{"t": "Str", "c": "["}, *content, {"t": "Str", "c": "]"}]
    looks = {"typst": _TYPST[name], "html5": {}}.get(layout.to, {"custom-style": STYLES[name]})
    return {"t": node["t"], "c": [[place, classes, [*more, *([key, value] for key, value in looks.items())]], content]}


def _link(layout: Layout, node: Node) -> Node | list[Node]:
    """Keep a link that leads somewhere; of one that leads nowhere in this report the words alone."""
    _, content, (target, _) = node["c"]
    if target.startswith("#") and target[1:] not in layout.places:
        return list(content)
    return node


def _places(node: Any) -> Iterator[str]:
    """Yield the places links can lead to."""
    if isinstance(node, list):
        for one in node:
            yield from _places(one)
    elif isinstance(node, dict) and node.get("t") not in LEAVES:
        content = node.get("c")
        if node.get("t") in {"Div", "Span", "Table", "Header"} and isinstance(content, list):
            yield content[1 if node["t"] == "Header" else 0][0]
        yield from _places(content)
