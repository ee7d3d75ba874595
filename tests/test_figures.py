"""Figures of a report: a curve that is drawn from its table, with a caption and with words for who cannot see it."""

from __future__ import annotations

import json
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from qualcode.model import Snapshot
from qualcode.report import build
from qualcode.report.figures import Curve, _round_up, drawn, placed
from studies import groups, told
from test_looks import DRAW, SVG, TEXT, WP, W, alternatives, text_of

FORMATS = ("docx", "odt", "pdf", "html", "md")
CAPTION = "Verschillende codes na elke sessie (lijn, met het aantal)"


def study() -> Snapshot:
    """Return seven groups of which the later ones bring fewer new codes."""
    held = groups(7)
    for code, where in (
        ("E01", "FG1:1"),
        ("E07", "FG1:3 FG5:1"),
        ("E09", "FG2:1"),
        ("O12", "FG3:2"),
        ("S09", "FG4:1 FG6:1 FG7:1"),
        ("O08", "FG7:1"),
    ):
        told(held, code, where)
    return held.snapshot()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rapport")
    build(study(), out, formats=FORMATS)
    return out


def alt() -> str:
    return Curve((2, 1, 1, 1, 0, 0, 1), (2, 3, 4, 5, 5, 5, 6), ()).alt


def test_the_curve_has_a_caption_with_a_number_in_every_format(built: Path) -> None:
    with zipfile.ZipFile(built / "rapport-onderzoeker.docx") as archive:
        word = etree.fromstring(archive.read("word/document.xml"))
        media = [name for name in archive.namelist() if name.startswith("word/media/")]
    captions = [text_of(one) for one in word.iter(f"{W}p") if "ImageCaption" in [s.get(f"{W}val") for s in one.iter(f"{W}pStyle")]]
    assert len(captions) == 1
    assert re.match(rf"Figuur\s1: {re.escape(CAPTION)}", captions[0])
    assert any(name.endswith(".png") for name in media)
    with zipfile.ZipFile(built / "rapport-onderzoeker.odt") as archive:
        office = etree.fromstring(archive.read("content.xml"))
    styled = [text_of(one) for one in office.iter(f"{TEXT}p") if "FigureCaption" in str(one.get(f"{TEXT}style-name"))]
    assert len(styled) == 1
    assert re.match(rf"Figuur\s1: {re.escape(CAPTION)}", styled[0])
    pages = " ".join(" ".join(page.extract_text() for page in PdfReader(built / "rapport-onderzoeker.pdf").pages).split())
    assert re.search(r"Figuur\s1: Verschillende codes na elke sessie", pages)
    page = (built / "rapport-onderzoeker.html").read_text(encoding="utf-8")
    assert f"<figcaption>Figuur 1. {CAPTION}" in " ".join(page.replace("<figcaption>\n", "<figcaption>").split())
    assert CAPTION in (built / "rapport-onderzoeker.md").read_text(encoding="utf-8")


def test_the_curve_says_what_it_shows_to_who_cannot_see_it(built: Path) -> None:
    with zipfile.ZipFile(built / "rapport-onderzoeker.docx") as archive:
        word = etree.fromstring(archive.read("word/document.xml"))
    with zipfile.ZipFile(built / "rapport-onderzoeker.odt") as archive:
        office = etree.fromstring(archive.read("content.xml"))
    page = (built / "rapport-onderzoeker.html").read_text(encoding="utf-8")
    assert alt() in [one.get("descr") for one in word.iter(f"{WP}docPr")]
    told_ = [text_of(one.find(f"{SVG}title")) for one in office.iter(f"{DRAW}frame")]
    assert alt() in told_
    # the bars keep their own words
    assert sum(one.startswith("Balk: ") for one in told_) == len(told_) - 1
    assert alt() in list(alternatives(PdfReader(built / "rapport-onderzoeker.pdf")))
    assert f'role="img" aria-label="{alt()}"' in page


def test_a_study_too_small_for_saturation_has_no_curve(tmp_path: Path) -> None:
    held = groups(3)
    told(held, "E07", "FG1:1")
    (path,) = build(held.snapshot(), tmp_path, formats=("html",)).paths
    assert "<figure" not in path.read_text(encoding="utf-8")


def test_the_page_with_a_curve_still_stands_on_its_own(built: Path) -> None:
    page = (built / "rapport-onderzoeker.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?!#)', page)
    places = re.findall(r'\bid="([^"]+)"', page)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(places)


def div(rows: list[tuple[int, int]]) -> dict[str, Any]:
    cell = lambda text: [["", [], []], {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": [{"t": "Str", "c": text}]}]]
    body = [[["", [], []], [cell("s"), cell("0"), cell(str(new)), cell("0"), cell(str(total))]] for new, total in rows]
    table = {"t": "Table", "c": [["", [], []], [None, []], [], [["", [], []], []], [[["", [], []], 0, [], body]], [["", [], []], []]]}
    return {"t": "Div", "c": [["", ["verloop"], [["grens", "2"]]], [table, {"t": "Para", "c": [{"t": "Str", "c": "Zo."}]}]]}


@given(st.lists(st.integers(0, 40), min_size=2, max_size=30), st.sampled_from(["docx", "odt", "typst"]))
def test_the_curve_is_that_of_its_table(new: list[int], to: str) -> None:
    rows = [(one, sum(new[: place + 1])) for place, one in enumerate(new)]
    tree, curves = placed({"blocks": [div(rows)]}, to)
    assert curves == (Curve(tuple(new), tuple(total for _, total in rows), (2,)),)
    # the table stays, after its picture
    assert tree["blocks"][-1]["t"] == "Table"
    assert curves[0].alt in json.dumps(tree["blocks"][:-1], ensure_ascii=False)


@given(st.integers(0, 500))
def test_the_lines_of_the_curve_stand_at_whole_numbers_and_hold_it(most: int) -> None:
    assert _round_up(most) >= most
    assert _round_up(most) % 4 == 0


def test_the_picture_is_the_same_every_time_and_another_for_another_curve() -> None:
    one, other = Curve((3, 2), (3, 5), (2,)), Curve((3, 1), (3, 4), (2,))
    first = drawn(one, "png")
    drawn.cache_clear()
    assert drawn(one, "png") == first != drawn(other, "png")
    wide, high = struct.unpack(">II", first[16:24])
    assert wide / high == pytest.approx(2.5, abs=0.02)
    assert drawn(one, "svg").startswith(b"<svg")
