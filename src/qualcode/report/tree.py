"""A report as a tree of blocks, laid out for one format: what each format must be told, and no word of the study changed.

The tree is pandoc's own (its JSON): headings in steps of one, tables with a number and columns that fit, bars as pictures. What is raw
for a format is written here alone; the reader of the Markdown lets none in.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from qualcode.labels import say
from qualcode.report import bars, columns

Node = dict[str, Any]

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
# before and after a table that needs a page on its side; a word processor's is finished when the file is there
_SIDEWAYS = {
    "docx": (("openxml", '<w:p><w:pPr><w:sectPr w:rsidR="00000001"/></w:pPr></w:p>'), ("openxml", '<w:p><w:pPr><w:sectPr w:rsidR="00000002"/></w:pPr></w:p>')),
    "odt": (("opendocument", '<text:p text:style-name="Liggend"/>'), ("opendocument", '<text:p text:style-name="Staand"/>')),
    "typst": (("typst", "#page(flipped: true)["), ("typst", "]")),
    "html5": (("html", '<div class="liggend">'), ("html", "</div>")),
}  # fmt: skip
_NUMBER = re.compile(r"\d+(\.\d+)*")
_BAR = re.compile(r"(■*)(□*)")
# up to so many columns a table fits on a telephone; with more than these it may not on a screen either
_FITS, _SCROLLS = 2, 5
# the title of a page is its first heading
_DEEPEST, _BELOW = 6, {"html5": 1}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is printed: its depth (1 is a chapter), its number (none: empty), its words, the place a link leads to."""

    level: int
    number: str
    words: str
    place: str


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


@dataclass(slots=True)
class _Layout:
    """What is known while the tree is walked, in the order of the report."""

    to: str
    places: frozenset[str]
    open: list[int] = field(default_factory=list)
    tables: int = 0
    title: str = ""
    headings: list[Heading] = field(default_factory=list)
    pictures: list[tuple[int, int]] = field(default_factory=list)


def laid_out(tree: Node, to: str) -> LaidOut:
    """Return the report for a format of pandoc (``docx``, ``odt``, ``html5``, ``typst``)."""
    layout = _Layout(to, places=frozenset(_places(tree["blocks"])))
    running = [block for block in tree["blocks"] if _is(block, RUNNING)]
    blocks = [block for block in tree["blocks"] if not _is(block, RUNNING)]
    changes: dict[str, Callable[[_Layout, Node], Node | list[Node]]] = {
        "Header": _heading,
        "Table": _table,
        "Div": _box,
        "Span": _box,
        "Link": _link,
    }

    def change(node: Node) -> Node | list[Node]:
        return changes[node["t"]](layout, node) if node["t"] in changes else node

    made = _changed(blocks, change)
    chapters = any(_is(block, CONTENTS) for block in made)
    text = " ".join(words(block) for block in running)
    return LaidOut({**tree, "blocks": made}, text, tuple(layout.headings), tuple(layout.pictures), chapters)


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


def _changed(node: Any, change: Callable[[Node], Node | list[Node]]) -> Any:
    """Return the tree with every node changed, the inner ones first; a node may become several."""
    if isinstance(node, dict):
        held = {name: _changed(value, change) for name, value in node.items()}
        return change(held) if "t" in held else held
    if isinstance(node, list):
        made: list[Any] = []
        for child in node:
            new = _changed(child, change)
            if isinstance(child, dict) and isinstance(new, list):
                made += new
            else:
                made.append(new)
        return made
    return node


def _is(block: Node, name: str) -> bool:
    return block["t"] == "Div" and name in (block["c"][0][0], *block["c"][0][1])


def _heading(layout: _Layout, node: Node) -> Node:
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


def _box(layout: _Layout, node: Node) -> Node:
    """Give what has a class the looks of the format; references stand in brackets."""
    (place, classes, more), content = node["c"]
    name = next((one for one in classes if one in STYLES), "")
    if not name:
        return node
    if name == "ref":
        content = [{"t": "Str", "c": "["}, *content, {"t": "Str", "c": "]"}]
    looks = {"typst": _TYPST[name], "html5": {}}.get(layout.to, {"custom-style": STYLES[name]})
    return {"t": node["t"], "c": [[place, classes, [*more, *([key, value] for key, value in looks.items())]], content]}


def _link(layout: _Layout, node: Node) -> Node | list[Node]:
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
    elif isinstance(node, dict):
        content = node.get("c")
        if node.get("t") in {"Div", "Span", "Table", "Header"} and isinstance(content, list):
            yield content[1 if node["t"] == "Header" else 0][0]
        yield from _places(content)


def _table(layout: _Layout, node: Node) -> list[Node]:
    """Give a table its number, columns that fit and bars that are pictures; on a page on its side where it must."""
    attributes, caption, _, head, bodies, foot = node["c"]
    rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3]))]
    cells = [[_measured(cell) for cell in row[1]] for row in rows]
    parts, sideways = columns.widths(cells)
    for place, cell in enumerate(head[1][0][1] if head[1] else []):
        if not words(cell[4]).strip() and any(_refers(row[1][place]) for row in rows[1:]):
            cell[4] = [{"t": "Plain", "c": [{"t": "Str", "c": say("looks.reference")}]}]
    specs = []
    for place, part in enumerate(parts):
        right = columns.figures([row[place].strip() for row in cells[1:]])
        specs.append([{"t": "AlignRight" if right else "AlignLeft"}, {"t": "ColWidth", "c": part}])
    for row in rows:
        for cell in row[1]:
            cell[4] = [_bar(layout, block) for block in cell[4]]
    _joined(head)
    title = words(caption[1]).strip() or layout.title
    made: list[Node] = [{"t": "Table", "c": [attributes, _numbered(layout, caption), specs, head, bodies, foot]}]
    if layout.to == "html5" and len(parts) > _FITS:
        label = _quoted(say("looks.scrolls", title=title))
        wide = f'<div class="schuift breed" role="region" tabindex="0" aria-label="{label}">'
        made = [raw("html", wide if len(parts) > _SCROLLS else '<div class="schuift">'), *made, raw("html", "</div>")]
    if sideways:
        before, after = _SIDEWAYS[layout.to]
        made = [raw(*before), *made, raw(*after)]
    return made


def _joined(head: Any) -> None:
    """Let a head stand over the column without one beside it: an empty head says nothing to who hears it."""
    for row in head[1]:
        held: list[Any] = []
        for cell in row[1]:
            if held and not words(cell[4]).strip():
                held[-1][3] += cell[3]
            else:
                held.append(cell)
        row[1] = held


def _numbered(layout: _Layout, caption: Any) -> Any:
    """Return a caption with its number, where the format does not count by itself."""
    if not caption[1]:
        return caption
    layout.tables += 1
    if layout.to != "html5":
        return caption
    number = {"t": "Str", "c": say("looks.table", n=layout.tables)}
    first, *others = caption[1]
    return [caption[0], [{**first, "c": [number, *first["c"]]}, *others]]


def _refers(cell: Any) -> bool:
    """Return whether a cell holds a reference."""
    return "ref" in str(cell[4]) and any("ref" in one for one in _classes(cell[4]))


def _classes(node: Any) -> list[list[str]]:
    if isinstance(node, list):
        return [one for child in node for one in _classes(child)]
    if isinstance(node, dict):
        own = [node["c"][0][1]] if node.get("t") == "Span" else []
        return own + _classes(node.get("c"))
    return []


def _measured(cell: Any) -> str:
    """Return the words of a cell; for a bar as many signs as it will be wide."""
    text = words(cell[4]).replace("\xa0", " ")
    return "■" * math.ceil(bars.width(len(text)) / columns.SIGN) if text and _BAR.fullmatch(text) else text


def _bar(layout: _Layout, block: Node) -> Node:
    """Return a cell of squares as a picture that says what it shows; the figure stands beside it in words."""
    match = _BAR.fullmatch(words(block)) if block["t"] == "Plain" else None
    if not match or not match[0]:
        return block
    k, n = len(match[1]), len(match[0])
    alt = say("looks.bar", k=k, n=n)
    if layout.to == "html5":
        looks = [["role", "img"], ["aria-label", alt], ["style", f"--k:{k};--n:{n}"]]
        return {**block, "c": [{"t": "Span", "c": [["", ["balk"], looks], []]}]}
    layout.pictures.append((k, n))
    wide, high = f"{bars.width(n)}cm", f"{bars.HEIGHT}cm"
    if layout.to == "typst":
        told = json.dumps(alt, ensure_ascii=False)
        return {
            **block,
            "c": [raw("typst", f'#box(image("{bars.name(k, n, "svg")}", width: {wide}, height: {high}, alt: {told}))', inline=True)],
        }
    size = [["width", wide], ["height", high]]
    return {**block, "c": [{"t": "Image", "c": [["", [], size], [{"t": "Str", "c": alt}], [bars.name(k, n, "png"), ""]]}]}


def _quoted(text: str) -> str:
    from html import escape

    return escape(text, quote=True)
