"""The looks of a report, on the real files: what a designer, a tired reader and a screen reader ask of them."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from desk.harness import chromium
from qualcode.model import Snapshot
from qualcode.report import build
from qualcode.report.bars import png, svg
from qualcode.report.bars import width as bar_width
from qualcode.report.building import build_sheet
from qualcode.report.columns import SIDEWAYS, SIGN, UPRIGHT, widths
from qualcode.report.render import Source, render
from qualcode.report.tree import laid_out
from studies import groups, told

FORMATS = ("docx", "odt", "pdf", "html")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
WIDE = (
    "| "
    + " | ".join(f"onderwerpnaam{n}" for n in range(9))
    + " |\n|"
    + ":---|" * 9
    + "\n| "
    + " | ".join("gedeeld" for _ in range(9))
    + " |"
)


def study() -> Snapshot:
    """Return three groups with one quote, and what counts in one, in two and in none."""
    held = groups(3)
    told(held, "E07", "FG1:3 FG2:1")
    told(held, "E01", "FG3:1")
    held.state["code"]["code-EB"]["name"] = "Een naam die langer is dan de veertig tekens van een bladwijzer in Word"
    held.state["project"]["project"]["name"] = "Studie <naar> werk"
    return held.snapshot()


@pytest.fixture(scope="module")
def small() -> Snapshot:
    return study()


def written(out: Path) -> Path:
    """Write texts with a figure, a heading that skips a step and a table that fits no upright page."""
    (out / "teksten").mkdir(parents=True)
    (out / "teksten" / "samenvatting.md").write_text(
        "Verteld {{spreiding:E07}}.[^1]\n\n[^1]: Een bron.\n\n#### Diep\n\nWoorden.\n", encoding="utf-8"
    )
    (out / "teksten" / "conclusie.md").write_text(f"Ervoor.\n\n{WIDE}\n\nErna.\n", encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def built(small: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = written(tmp_path_factory.mktemp("rapport"))
    build(small, out, formats=FORMATS)
    return out


def parts(path: Path) -> Mapping[str, Any]:
    """Return the XML parts of a file by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith((".xml", ".rels"))}


@pytest.fixture(scope="module")
def word(built: Path) -> Mapping[str, Any]:
    return parts(built / "rapport-onderzoeker.docx")


@pytest.fixture(scope="module")
def office(built: Path) -> Mapping[str, Any]:
    return parts(built / "rapport-onderzoeker.odt")


@pytest.fixture(scope="module")
def pdf(built: Path) -> PdfReader:
    return PdfReader(built / "rapport-onderzoeker.pdf")


@pytest.fixture(scope="module")
def page(built: Path) -> str:
    return (built / "rapport-onderzoeker.html").read_text(encoding="utf-8")


def text_of(element: Any) -> str:
    return "".join(element.itertext())


def styled(word: Mapping[str, Any], name: str) -> list[Any]:
    """Return the paragraphs of a style whose name begins so."""
    found = []
    for paragraph in word["word/document.xml"].iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val").startswith(name):
            found.append(paragraph)
    return found


def test_word_counts_chapters_by_their_style(word: Mapping[str, Any]) -> None:
    styles = {style.get(f"{W}styleId"): style for style in word["word/styles.xml"].iter(f"{W}style")}
    numbers = [styles[f"Heading{level}"].find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val") for level in (1, 2)]
    kinds = {one.get(f"{W}numId"): one.find(f"{W}abstractNumId").get(f"{W}val") for one in word["word/numbering.xml"].iter(f"{W}num")}
    levels = next(one for one in word["word/numbering.xml"].iter(f"{W}abstractNum") if one.get(f"{W}abstractNumId") == kinds[numbers[0]])
    assert numbers[0] == numbers[1]
    assert [level.find(f"{W}lvlText").get(f"{W}val") for level in levels.iter(f"{W}lvl")][:2] == ["%1", "%1.%2"]
    headings = {text_of(one): one.find(f"{W}pPr/{W}numPr/{W}numId") for one in styled(word, "Heading")}
    assert headings["Methode"] is None
    assert headings["Opzet"] is None
    assert headings["Samenvatting"].get(f"{W}val") == "0"
    assert all(headings[one].get(f"{W}val") == "0" for one in headings if one.startswith("Bijlage"))


def test_the_contents_of_word_name_every_chapter_and_section_and_lead_there(word: Mapping[str, Any]) -> None:
    entries = styled(word, "TOC")
    headings = [*styled(word, "Heading1"), *styled(word, "Heading2")]
    places = {mark.get(f"{W}name") for mark in word["word/document.xml"].iter(f"{W}bookmarkStart")}
    links = [link.get(f"{W}anchor") for entry in entries for link in entry.iter(f"{W}hyperlink")]
    assert len(entries) == len(headings) == len(links)
    assert set(links) <= places
    begun, ended = (len(word["word/document.xml"].findall(f".//{W}fldChar[@{W}fldCharType='{kind}']")) for kind in ("begin", "end"))
    assert begun == ended
    assert all(link.get(f"{W}anchor") in places for link in word["word/document.xml"].iter(f"{W}hyperlink") if link.get(f"{W}anchor"))


def test_loose_pages_of_word_say_of_which_study_and_state_they_are(word: Mapping[str, Any], small: Snapshot) -> None:
    heads = " ".join(text_of(part) for name, part in word.items() if "header" in name)
    feet = " ".join(text_of(part) for name, part in word.items() if "footer" in name)
    assert "Studie <naar> werk" in heads
    assert str(small.stamp) in heads
    assert "vertrouwelijk" in heads
    assert "NUMPAGES" in feet


def test_tables_of_word_have_a_number_that_word_counts_and_rows_that_stay_whole(word: Mapping[str, Any]) -> None:
    captions = styled(word, "TableCaption")
    counted = [
        one for one in captions if "SEQ" in "".join(one.xpath(".//*[local-name()='instrText']/text() | .//@*[local-name()='instr']"))
    ]
    assert captions
    assert counted == captions
    assert text_of(captions[0]).startswith("Tabel\xa01:")
    rows = list(word["word/document.xml"].iter(f"{W}tr"))
    assert rows
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_a_table_that_fits_no_upright_page_lies_on_its_side_and_the_rest_does_not(
    word: Mapping[str, Any], office: Mapping[str, Any], pdf: PdfReader
) -> None:
    sections = list(word["word/document.xml"].iter(f"{W}sectPr"))
    assert [section.find(f"{W}pgSz").get(f"{W}orient") for section in sections] == [None, "landscape", None]
    assert len({tuple(ref.get(f"{R}id") for ref in section.iter(f"{W}headerReference")) for section in sections}) == 1
    turns = [
        one.get(f"{TEXT}style-name")
        for one in office["content.xml"].iter(f"{TEXT}p")
        if one.get(f"{TEXT}style-name") in {"Liggend", "Staand"}
    ]
    masters = {one.get(f"{STYLE}name") for one in office["styles.xml"].iter(f"{STYLE}master-page")}
    assert turns == ["Liggend", "Staand"]
    assert masters == {"Standard", "Liggend"}
    sideways = [page for page in pdf.pages if page.mediabox.width > page.mediabox.height]
    assert len(sideways) == 1
    assert "onderwerpnaam8" in sideways[0].extract_text()
    assert "Erna" not in sideways[0].extract_text()


def test_every_bar_says_what_it_shows_and_no_bar_is_made_of_signs(
    word: Mapping[str, Any], office: Mapping[str, Any], pdf: PdfReader, page: str
) -> None:
    told_ = {
        "docx": [one.get("descr") for one in word["word/document.xml"].iter(f"{WP}docPr")],
        "odt": [text_of(one.find(f"{SVG}title")) for one in office["content.xml"].iter(f"{DRAW}frame")],
        "pdf": list(alternatives(pdf)),
        "html": re.findall(r'role="img" aria-label="([^"]*)"', page),
    }
    assert {"Balk: 2 van 3 groepen", "Balk: 1 van 3 groepen"} <= set(told_["docx"])
    for name, alts in told_.items():
        assert alts == told_["docx"], name
    for text in (
        text_of(word["word/document.xml"]),
        text_of(office["content.xml"]),
        page,
        " ".join(one.extract_text() for one in pdf.pages),
    ):
        assert "■" not in text
        assert "□" not in text
        assert "2 van 3" in text


def alternatives(pdf: PdfReader) -> Iterator[str]:
    """Yield what each figure of a tagged PDF says to who cannot see it, in the order of the text."""

    def below(node: Any) -> Iterator[Any]:
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                yield from below(one)
        elif hasattr(node, "get"):
            yield node
            if "/K" in node:
                yield from below(node["/K"])

    for element in below(pdf.trailer["/Root"]["/StructTreeRoot"]):
        if element.get("/S") == "/Figure":
            yield str(element["/Alt"])


def test_files_name_the_study_and_its_language_and_nobody(
    word: Mapping[str, Any], office: Mapping[str, Any], pdf: PdfReader, page: str
) -> None:
    core = {etree.QName(one).localname: one.text or "" for one in word["docProps/core.xml"]}
    assert core["title"] == "Studie <naar> werk"
    assert core.get("creator", "") == ""
    assert core.get("lastModifiedBy", "") == ""
    assert word["word/settings.xml"].find(f"{W}autoHyphenation") is not None
    languages = {(one.get(f"{FO}language"), one.get(f"{FO}hyphenate")) for one in office["styles.xml"].iter(f"{STYLE}text-properties")}
    assert ("nl", "true") in languages
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Studie <naar> werk"
    assert pdf.metadata.author is None
    assert "<title>Studie &lt;naar&gt; werk</title>" in page


def test_the_pdf_can_be_read_aloud(pdf: PdfReader) -> None:
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("nl")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert any("Methode" in str(one.title) for one in pdf.outline if not isinstance(one, list))


def test_libreoffice_counts_chapters_keeps_rows_whole_and_has_a_list_of_contents(office: Mapping[str, Any], small: Snapshot) -> None:
    levels = {one.get(f"{TEXT}level"): one.get(f"{STYLE}num-format") for one in office["styles.xml"].iter(f"{TEXT}outline-level-style")}
    assert (levels["1"], levels["2"], levels["3"]) == ("1", "1", "")
    headings = {text_of(one).strip(): one.get(f"{TEXT}is-list-header") for one in office["content.xml"].iter(f"{TEXT}h")}
    assert headings["Methode"] is None
    assert headings["Samenvatting"] == "true"
    assert {row.get(f"{TABLE}style-name") for row in office["content.xml"].iter(f"{TABLE}table-row")} == {"Rij"}
    marks = {one.get(f"{TEXT}name") for one in office["content.xml"].iter(f"{TEXT}bookmark-start")}
    pages = [one.get(f"{TEXT}ref-name") for one in office["content.xml"].iter(f"{TEXT}bookmark-ref")]
    assert pages
    assert set(pages) <= marks
    assert str(small.stamp) in text_of(office["styles.xml"])


def test_figures_lead_to_their_fragments_for_who_may_see_them_and_for_nobody_else(page: str, small: Snapshot, tmp_path: Path) -> None:
    assert re.search(r'<a\s+href="#h-E07">', page)
    assert 'id="h-E07"' in page
    build(small, written(tmp_path), profile="openbaar", formats=("html",))
    public = (tmp_path / "rapport-openbaar.html").read_text(encoding="utf-8")
    assert "spreiding:E07" in public
    assert not re.search(r'href="#h-(?!sessies|deelnemers|aannames)', public)
    assert "FG1-0003" not in public


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_page(browser: Any, built: Path, scheme: str) -> None:
    path = os.environ.get("QUALCODE_AXE")
    if not path:
        pytest.skip("no axe-core: set QUALCODE_AXE to axe.min.js of the npm package axe-core")
    context = browser.new_context(color_scheme=scheme, viewport={"width": 900, "height": 900}, locale="nl-NL")
    shown, asked = context.new_page(), []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto((built / "rapport-onderzoeker.html").as_uri())
    shown.add_script_tag(content=Path(path).read_text(encoding="utf-8"))
    result = shown.evaluate(
        "() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
    )
    context.close()
    assert [one for one in asked if not one.startswith("file:")] == []
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in result["violations"]] == []


def test_the_page_is_walked_by_keyboard_and_does_not_scroll_sideways(browser: Any, built: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    shown = context.new_page()
    shown.goto((built / "rapport-onderzoeker.html").as_uri())
    shown.keyboard.press("Tab")
    first = shown.evaluate("() => [document.activeElement.getAttribute('href'), document.activeElement.getBoundingClientRect().x >= 0]")
    wider = shown.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert first == ["#tekst", True]
    assert wider == 0


def steps(amount: int, name: str) -> str:
    return "| Stap | Sessies |\n|:---|:---|\n" + "".join(f"| {name}{n} | {n} van 13 |\n" for n in range(amount))


@pytest.mark.parametrize("before", [36, 38, 40, 42])
def test_a_table_that_goes_on_overleaf_keeps_its_columns_and_a_small_one_stays_whole(before: int, tmp_path: Path) -> None:
    filling = "Regel.\n\n" * before
    source = Source(
        f"{filling}{steps(7, 'klein')}\n\n: Kort\n\n{filling}{steps(60, 'lang')}\n\n: Lang\n", "Proef", "2025-06-03T10:15:00.000Z"
    )
    (file,) = render(source, tmp_path, "proef", ["pdf"])
    pages = [page.extract_text() for page in PdfReader(file).pages]
    assert [sum(f"klein{n}" in page for n in range(7)) for page in pages if "klein" in page] == [7]
    assert len([page for page in pages if "lang" in page]) > 1
    # a column too narrow for its words would break them over lines
    assert all(any(f"{name}{n} {n} van 13" in page for page in pages) for name, many in (("klein", 7), ("lang", 60)) for n in range(many))


def test_the_kernblad_has_the_same_bytes_twice(small: Snapshot, tmp_path: Path) -> None:
    one, other = (build_sheet(small, tmp_path / name, profile="onderzoeker", formats=FORMATS).paths for name in ("a", "b"))
    for first, second in zip(one, other, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["onderzoeker", "openbaar"])
def test_the_kernblad_of_the_sample_fits_two_pages(sample_file: Path, tmp_path: Path, profile: Any) -> None:
    from shutil import copy

    from qualcode.project import Project

    copy(sample_file, tmp_path / "studie.qualcode")
    with Project.open(tmp_path / "studie.qualcode", coder="anouk") as whole:
        (path,) = whole.kernblad(tmp_path / "uit", profile=profile, formats=("pdf",)).paths
    assert len(PdfReader(path).pages) <= 2


def block(level: int) -> dict[str, Any]:
    return {"t": "Header", "c": [level, ["", [], []], [{"t": "Str", "c": "kop"}]]}


@given(st.lists(st.integers(1, 6), min_size=1), st.sampled_from(["docx", "odt", "typst", "html5"]))
def test_headings_never_skip_a_step(levels: list[int], to: str) -> None:
    made = laid_out({"blocks": [block(level) for level in levels]}, to)
    got = [one.level for one in made.headings]
    assert got[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(got))
    assert all(one <= asked for one, asked in zip(got, levels, strict=True))
    # what the writer put beside each other stays beside each other
    assert all((after == before) for (before, after), (one, next_) in zip(pairwise(got), pairwise(levels), strict=True) if one == next_)


WORD = st.text("abcdefgh", min_size=1, max_size=14)
CELL = st.lists(WORD, max_size=6).map(" ".join)


def longest_word(cells: list[list[str]], place: int) -> int:
    """Return how wide the longest word of a column is; the head has wider type."""
    return max((ceil(len(word) * (1 if number else 1.2)) for number, row in enumerate(cells) for word in row[place].split()), default=0)


@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=6)))
def test_no_column_is_narrower_than_its_longest_word_or_than_a_word_can_be_broken(cells: list[list[str]]) -> None:
    made, sideways = widths(cells)
    page = max(SIDEWAYS if sideways else UPRIGHT, sum(min(10, longest_word(cells, place)) + 2 for place in range(len(made))))
    roomy = sum(min(17, longest_word(cells, place)) + 4 for place in range(len(made))) <= page
    for place, part in enumerate(made):
        assert part * page >= min(17 if roomy else 10, longest_word(cells, place)) + 1.9
    assert sum(made) <= 1.01
    assert sideways == (sum(min(10, longest_word(cells, place)) + 2 for place in range(len(made))) > UPRIGHT)


@pytest.mark.parametrize("n", [1, 5, 9, 15])
def test_a_bar_never_reaches_into_the_next_column(n: int) -> None:
    drawn = "■" * ceil(bar_width(n) / SIGN)
    (_, part, _), _ = widths([["Onderwerp", "In beeld", "Groepen"], ["woorden " * 40, drawn, f"{n} van {n}"]])
    assert part * UPRIGHT * SIGN >= bar_width(n) + 0.3


@given(st.integers(0, 15), st.integers(1, 15))
def test_a_bar_is_the_same_picture_in_both_forms(k: int, n: int) -> None:
    k = min(k, n)
    assert svg(k, n).count("<rect") == n
    assert svg(k, n).count('fill="none"') == n - k
    assert png(k, n)[16:24] == ((n * 56 - 12).to_bytes(4) + (44).to_bytes(4))
