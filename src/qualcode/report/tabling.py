"""Tables of a report: a number, columns that fit, bars as pictures, and a page on its side where it must."""

from __future__ import annotations

import json
import math
import re
from html import escape
from typing import Any

from qualcode.labels import say
from qualcode.report import bars, columns
from qualcode.report.nodes import Layout, Node, raw, words

# before and after a table that needs a page on its side; a word processor's is finished when the file is there
_SIDEWAYS = {
    "docx": (("openxml", '<w:p><w:pPr><w:sectPr w:rsidR="00000001"/></w:pPr></w:p>'), ("openxml", '<w:p><w:pPr><w:sectPr w:rsidR="00000002"/></w:pPr></w:p>')),
    "odt": (("opendocument", '<text:p text:style-name="Liggend"/>'), ("opendocument", '<text:p text:style-name="Staand"/>')),
    "typst": (("typst", "#page(flipped: true)["), ("typst", "]")),
    "html5": (("html", '<div class="liggend">'), ("html", "</div>")),
}  # fmt: skip
_BAR = re.compile(r"(■*)(□*)")
# up to so many rows a table stays on one page
_TOGETHER = 9
# up to so many columns a table fits on a telephone; with more than these it may not on a screen either
_FITS, _SCROLLS = 2, 5


def tabled(layout: Layout, node: Node) -> list[Node]:
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
        label = escape(say("looks.scrolls", title=title))
        wide = f'<div class="schuift breed" role="region" tabindex="0" aria-label="{label}">'
        made = [raw("html", wide if len(parts) > _SCROLLS else '<div class="schuift">'), *made, raw("html", "</div>")]
    if layout.to == "typst" and len(rows) <= _TOGETHER:
        made = [raw("typst", "#block(breakable: false, width: 100%)["), *made, raw("typst", "]")]
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


def _numbered(layout: Layout, caption: Any) -> Any:
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


def _bar(layout: Layout, block: Node) -> Node:
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
