"""What the desks rest on without a browser: the page's pure modules under node, its words, its colours, and what Python sends."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualcode.widgets
from qualcode.codebook import Codebook
from qualcode.errors import NotFound
from qualcode.labels import catalogue
from qualcode.project import Project
from qualcode.widgets import codebooks, pages
from qualcode.widgets.coding import SCRIPTS, CodingDesk
from qualcode.widgets.desk import Desk
from qualcode.widgets.page import script, words
from studies import groups, told

for found in pkgutil.iter_modules(qualcode.widgets.__path__, "qualcode.widgets."):
    importlib.import_module(found.name)
DESKS = sorted((desk for desk in Desk.__subclasses__() if desk.__module__.startswith("qualcode.")), key=lambda desk: desk.__name__)
ROOMS = sorted({room for desk in DESKS for room in desk.rooms})
STATIC = Path(qualcode.widgets.__file__).parent / "static"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_pure_modules_keep_their_laws_under_node() -> None:
    test = Path(__file__).parent / "desk" / "pure.test.mjs"
    done = subprocess.run(
        ["node", "--test", str(test)], env={**os.environ, "QUALCODE_STATIC": STATIC.as_uri()}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


PAGES = pytest.mark.parametrize("scripts", [SCRIPTS, codebooks.SCRIPTS], ids=["coding", "codebook"])


@PAGES
def test_no_two_modules_of_a_page_use_one_name_at_the_top(scripts: tuple[str, ...]) -> None:
    names = re.findall(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", script(*scripts), re.MULTILINE)
    assert sorted(set(names)) == sorted(names)


@PAGES
def test_the_script_of_a_page_is_one_module_without_imports(scripts: tuple[str, ...]) -> None:
    whole = script(*scripts)
    assert not re.search(r"^import\b", whole, re.MULTILINE)
    assert len(re.findall(r"^export ", whole, re.MULTILINE)) == 1


def test_the_page_never_makes_elements_out_of_text() -> None:
    for path in STATIC.glob("*.mjs"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|https?://", path.read_text(encoding="utf-8")
        ), path.name


def test_every_word_on_the_pages_is_in_the_catalogue_and_every_word_there_is_used() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.mjs"))
    quoted = set(re.findall(r'"([a-z0-9_]+)"', source))
    begun = tuple(start for start in re.findall(r"\bt\(`([a-z_]+)\$\{", source))
    asked = set(re.findall(r'\bt\("([a-z0-9_]+)"', source))
    known = set(words("nl", *ROOMS))
    assert asked - known == set()
    assert {word for word in known - quoted if not word.startswith(begun)} == set()
    for desk in DESKS:
        assert len(words("nl", *desk.rooms)) == sum(name.startswith("page_") for room in desk.rooms for name in catalogue(room)), (
            desk.__name__
        )


def test_no_bare_sentence_stands_in_the_script() -> None:
    for path in STATIC.glob("*.mjs"):
        code = re.sub(r"//.*|/\*\*?.*?\*/", "", path.read_text(encoding="utf-8"))
        assert not re.search(r'"[A-Z][a-z]+ [a-z]+ [a-z ]*"', code.replace("Shift + Enter", "")), path.name


def luminance(rgb: np.ndarray) -> float:
    return float(np.array([0.2126, 0.7152, 0.0722]) @ rgb)


def linear(lightness: float, chroma: float, degrees: float) -> np.ndarray:
    """Return linear sRGB of an OKLCH colour, cut off at what a screen can show."""
    a, b = chroma * np.cos(np.radians(degrees)), chroma * np.sin(np.radians(degrees))
    lms = (
        np.array([[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.2914855480]])
        @ [lightness, a, b]
    ) ** 3
    back = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    return np.clip(back @ lms, 0, 1)


def contrast(a: float, b: float) -> float:
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


def grey(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


@pytest.mark.parametrize("degrees", range(0, 360, 5))
def test_words_and_stripes_stay_readable_under_every_hue(degrees: int) -> None:
    assert contrast(luminance(linear(0.9, 0.07, degrees)), grey(0x1C)) > 7
    assert contrast(luminance(linear(0.34, 0.07, degrees)), grey(0xF2)) > 7
    assert contrast(luminance(linear(0.58, 0.13, degrees)), grey(0xFF)) > 3
    assert contrast(luminance(linear(0.58, 0.13, degrees)), grey(0x17)) > 3


@given(st.integers(0, 359))
def test_the_hue_of_a_colour_is_found_back(degrees: int) -> None:
    shown = linear(0.7, 0.08, degrees)
    encoded = np.where(shown <= 0.0031308, shown * 12.92, 1.055 * shown ** (1 / 2.4) - 0.055)
    found = pages.hue("#" + "".join(f"{round(part * 255):02X}" for part in encoded))
    assert found is not None
    assert abs((found - degrees + 180) % 360 - 180) < 4


def test_a_page_holds_turns_codings_and_memos_of_one_document_only() -> None:
    build = groups(2)
    told(build, "E07", "FG1:2 FG2:1", stelling="nuanceert")
    now = build.snapshot()
    book = Codebook.of(now)
    document = now.document_names["FG1"]
    rows = pages.coding_rows(now, document, book)
    assert len(rows) == 2
    packed, numbers = pages.packed(rows, book)
    places = np.frombuffer(numbers, dtype="<i4").reshape(-1, 3)
    turns = pages.turn_rows(now, document)
    for (start, end, code), row in zip(places.tolist(), packed, strict=True):
        number, begin, label, _, _, text = next(turn for turn in turns if turn[1] <= start < turn[1] + len(turn[5]))
        assert now.text(document)[start:end] == text[start - begin : end - begin]
        assert book.codes[code].id == "E07"
        assert json.loads(row[5]) == {"stelling": "nuanceert"}
        assert label.startswith("R")
        assert number > 1


def test_merged_codes_show_as_the_one_that_went_on(tmp_path: Path) -> None:
    with Project.create(tmp_path / "s.qualcode", coder="anna") as study:
        study.codebook.add("A", "Een")
        study.codebook.add("B", "Twee")
        (tmp_path / "t.txt").write_text("R1: een twee\n\nR2: drie\n\nR1: vier\n", encoding="utf-8")
        study.import_documents(tmp_path / "t.txt")
        study.code("t", "A", turn=1)
        study.codebook.merge("A", into="B")
        now, book = study.snapshot(), study.codebook.book
        (row,) = pages.coding_rows(now, now.document_names["t"], book).values()
        assert book.get(row[2]).id == "B"


def test_a_desk_on_a_document_that_is_not_there_says_which_are(tmp_path: Path) -> None:
    with Project.create(tmp_path / "s.qualcode", coder="anna") as study:
        with pytest.raises(NotFound, match="nog geen documenten"):
            CodingDesk(study)
        (tmp_path / "t.txt").write_text("R1: een twee\n\nR2: drie\n\nR1: vier\n", encoding="utf-8")
        study.import_documents(tmp_path / "t.txt")
        with pytest.raises(NotFound, match="Er zijn: t"):
            CodingDesk(study, "FG1")


def test_nothing_of_a_transcript_is_in_the_state_that_a_notebook_keeps(tmp_path: Path) -> None:
    with Project.create(tmp_path / "s.qualcode", coder="anna") as study:
        (tmp_path / "t.txt").write_text("R1: geheimzinnig\n\nR2: drie\n\nR1: vier\n", encoding="utf-8")
        study.import_documents(tmp_path / "t.txt")
        desk = CodingDesk(study)
        assert "geheimzinnig" not in json.dumps(desk.get_state(), default=str)
        desk.close()
