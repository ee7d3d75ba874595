"""Figures: a curve drawn from the table it stands with, so that the two never differ; with what it shows for who cannot see it.

Typst draws it, with letters that it brings along: the same picture on every computer.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Literal

from qualcode.errors import Missing
from qualcode.labels import say
from qualcode.report.nodes import Node, raw, words

Ending = Literal["svg", "png"]
CURVE = "verloop"
"""Class of what holds a table, and after it the caption of its curve; ``grens`` names the rows to mark (from 1)."""

# centimetres; room for figures at the left and for numbers of sessions below
_WIDE, _HIGH, _LEFT, _BELOW, _ABOVE, _RIGHT = 16.0, 6.4, 1.1, 1.1, 0.6, 0.3
_SHARP = 250
_NEW, _TOTAL = 2, -1


@dataclass(frozen=True, slots=True)
class Curve:
    """What a curve shows: new and all of something after each session, in order, and the numbers of sessions to mark."""

    new: tuple[int, ...]
    total: tuple[int, ...]
    marks: tuple[int, ...]

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return say("looks.curve", first=self.total[0], last=self.total[-1], n=len(self.total), each=", ".join(map(str, self.total)))


def placed(tree: Node, to: str) -> tuple[Node, tuple[Curve, ...]]:
    """Return the tree with a curve before each table that asks for one, and the curves in order; for a format of pandoc."""
    blocks: list[Node] = []
    curves: list[Curve] = []
    for block in tree["blocks"]:
        if block["t"] != "Div" or CURVE not in block["c"][0][1]:
            blocks.append(block)
            continue
        (_, _, more), (table, *captions) = block["c"]
        curve = _read(table, dict(more))
        if len(curve.total) > 1:
            curves.append(curve)
            blocks += _figure(curve, captions[0]["c"] if captions else [], to, len(curves))
        blocks.append(table)
    return {**tree, "blocks": blocks}, tuple(curves)


def name(number: int, ending: str) -> str:
    """Return the name of a picture.

    Examples
    --------
    >>> name(1, "png")
    'verloop-1.png'
    """
    return f"{CURVE}-{number}.{ending}"


def _read(table: Node, settings: dict[str, str]) -> Curve:
    rows = [[words(cell[4]) for cell in row[1]] for body in table["c"][4] for row in body[3]]
    new, total = (tuple(int(row[place]) for row in rows) for place in (_NEW, _TOTAL))
    return Curve(new, total, tuple(int(part) for part in settings.get("grens", "").split()))


def _figure(curve: Curve, caption: list[Node], to: str, number: int) -> list[Node]:
    if to == "html5":
        picture = f'<div role="img" aria-label="{escape(curve.alt)}">{drawn(curve, "svg").decode()}</div>'
        head = {"t": "Str", "c": say("looks.figure", n=number)}
        before = raw("html", f'<figure class="{CURVE}">{picture}<figcaption>')
        return [before, {"t": "Plain", "c": [head, *caption]}, raw("html", "</figcaption></figure>")]
    if to == "typst":
        told = json.dumps(curve.alt, ensure_ascii=False)
        before = raw("typst", f'#figure(image("{name(number, "svg")}", width: 100%, alt: {told}), caption: [')
        return [before, {"t": "Plain", "c": caption}, raw("typst", "])")]
    size = [["width", f"{_WIDE}cm"], ["height", f"{_HIGH}cm"]]
    picture_of = {"t": "Image", "c": [["", [], size], [{"t": "Str", "c": curve.alt}], [name(number, "png"), ""]]}
    return [{"t": "Figure", "c": [["", [], []], [None, [{"t": "Plain", "c": caption}]], [{"t": "Plain", "c": [picture_of]}]]}]


@lru_cache(maxsize=16)
def drawn(curve: Curve, ending: Ending) -> bytes:
    """Return the picture as ``svg`` or ``png``, the same bytes every time.

    Raises
    ------
    Missing
        When the program that draws is not there.
    """
    try:
        import typst
    except ImportError as error:
        raise Missing("report.no_typst") from error
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "verloop.typ", Path(folder) / name(1, ending)
        source.write_text(_source(curve), encoding="utf-8")
        typst.compile(str(source), output=str(target), format=ending, ppi=_SHARP, ignore_system_fonts=True)
        return target.read_bytes()


def _source(curve: Curve) -> str:
    """Return the picture in the language of Typst: bars for what is new, a line for all together."""
    top = _round_up(max(curve.total))
    step = (_WIDE - _LEFT - _RIGHT) / len(curve.total)
    floor = _HIGH - _BELOW
    across = [_LEFT + step * (place + 0.5) for place in range(len(curve.total))]

    def high(value: float) -> float:
        return floor - (floor - _ABOVE) * value / top

    parts = [
        f"#set page(width: {_WIDE}cm, height: {_HIGH}cm, margin: 0cm, fill: white)",
        '#set text(font: "Libertinus Serif", size: 8pt, fill: rgb("#1f2933"))',
        '#let quiet = rgb("#5d6872")',
        '#let accent = rgb("#1b4f72")',
    ]
    for tick in range(0, top + 1, max(1, top // 4)):
        parts.append(_line((_LEFT, high(tick)), (_WIDE - _RIGHT, high(tick)), "0.4pt + quiet.lighten(60%)"))
        parts.append(_text(str(tick), _LEFT - 0.6, high(tick) - 0.14))
    parts += [_line((across[mark - 1], _ABOVE), (across[mark - 1], floor), '(paint: quiet, thickness: 0.8pt, dash: "dashed")') for mark in curve.marks if 0 < mark <= len(across)]  # fmt: skip
    for number, (x, new, total) in enumerate(zip(across, curve.new, curve.total, strict=True), 1):
        wide, tall = step * 0.5, floor - high(new)
        parts.append(f"#place(top + left, dx: {x - wide / 2:.3f}cm, dy: {high(new):.3f}cm, rect(width: {wide:.3f}cm, height: {tall:.3f}cm, fill: accent.lighten(65%)))")  # fmt: skip
        parts.append(_text(str(total), x, high(total) - 0.42))
        parts.append(_text(str(number), x, floor + 0.12))
    for (x, y), (x2, y2) in zip(zip(across, curve.total, strict=True), list(zip(across, curve.total, strict=True))[1:], strict=False):
        parts.append(_line((x, high(y)), (x2, high(y2)), "1.4pt + accent"))
    parts += [f"#place(top + left, dx: {x - 0.07:.3f}cm, dy: {high(y) - 0.07:.3f}cm, circle(radius: 0.07cm, fill: accent))" for x, y in zip(across, curve.total, strict=True)]  # fmt: skip
    parts.append(_text(say("looks.curve_across"), (_LEFT + _WIDE) / 2, floor + 0.55, wide=8))
    return "\n".join(parts) + "\n"


def _round_up(value: int) -> int:
    """Return the next multiple of twenty, of four for small numbers: the four lines stand at whole numbers.

    Examples
    --------
    >>> _round_up(61), _round_up(7)
    (80, 8)
    """
    unit = 20 if value > 20 else 4  # noqa: PLR2004
    return max(unit, -(-value // unit) * unit)


def _line(start: tuple[float, float], end: tuple[float, float], stroke: str) -> str:
    points = ", ".join(f"{label}: ({x:.3f}cm, {y:.3f}cm)" for label, (x, y) in (("start", start), ("end", end)))
    return f"#place(top + left, line({points}, stroke: {stroke}))"


def _text(text: str, x: float, y: float, *, wide: float = 1.2) -> str:
    said = json.dumps(text, ensure_ascii=False)
    return f"#place(top + left, dx: {x - wide / 2:.3f}cm, dy: {y:.3f}cm, box(width: {wide}cm, align(center, text({said}))))"
