"""The consensus desk in a real browser: two readings side by side, one key to choose, everything undone as easily."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from desk.harness import Bridge, chromium
from qualcode.errors import NotFound, Refused
from qualcode.widgets.desk import Desk

BOTH = ["anna", "bram"]
TURNS = ["hoe gaat het?", "goed hoor 😀 echt wel", "ze groetten mij nooit bij de printer", "nou ja het ging wel", "echt waar gebeurd toen"]
BOOK = """
name: proef
version: "1"
language: nl
codes:
  - id: E
    name: Ervaringen
    codable: false
    codes:
      - {id: E10, name: Genegeerd, definition: "Wel aanwezig, maar niet gezien of gegroet."}
      - {id: E11, name: Buitengesloten, definition: "Er niet bij mogen zijn."}
      - {id: G01, name: Overvallen}
confusable:
  - {first: E10, second: E11, rule: Erbij maar niet gezien is E10; er niet bij is E11.}
dimensions:
  - {name: ironie, type: choice, values: [ja, nee], default: nee}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studie")
    words = "\n\n".join(f"{'M1' if n == 0 else f'R{n}'}: {t}" for n, t in enumerate(TURNS))
    (folder / "FG1.txt").write_text(words + "\n", encoding="utf-8")
    (folder / "boek.yaml").write_text(BOOK, encoding="utf-8")
    with qc.Project.create(folder / "s.qualcode", coder="anna", codebook=folder / "boek.yaml") as study:
        study.import_documents(folder / "FG1.txt", kind="focusgroep")
        study.code("FG1", "G01", turn=2)
        study.code("FG1", "E10", turn=3, memo="de groet")
        study.code("FG1", "G01", text="het ging")
    with qc.Project.open(folder / "s.qualcode", coder="bram") as bram:
        bram.code("FG1", "G01", turn=2)
        bram.code("FG1", "E11", text="groetten mij nooit")
        bram.code("FG1", "G01", turn=4, ironie="ja")
        bram.code("FG1", "E10", turn=5)
    return folder / "s.qualcode"


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Iterator[qc.Project]:
    copy = tmp_path / "s.qualcode"
    copy.write_bytes(made.read_bytes())
    with qc.Project.open(copy, coder="carla") as opened:
        yield opened


@pytest.fixture
def bridge(browser: Any, study: qc.Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    opened = Bridge(browser, qc.ConsensusDesk(study, BOTH))
    yield opened
    opened.close()


def items(bridge: Bridge) -> list[str]:
    return [text.replace("\n", " ") for text in bridge.page.locator(".qc-item").all_inner_texts()]


def takes(study: qc.Project) -> list[str]:
    return list(study.differences(BOTH)["take"].fillna(""))


def test_both_readings_stand_side_by_side_with_the_rule_of_the_pair(bridge: Bridge) -> None:
    bridge.picture("60-consensus")
    assert items(bridge) == ["FG1 3 E10 ↔ E11", "FG1 4 G01 · andere waarde", "FG1 5 – ↔ E10"]
    sides = bridge.page.locator(".qc-side-of").all_inner_texts()
    assert "E10 Genegeerd" in sides[0]
    assert "de groet" in sides[0]
    assert "E11 Buitengesloten" in sides[1]
    marks = bridge.page.locator(".qc-side-of mark").all_inner_texts()
    assert marks == [TURNS[2], "groetten mij nooit"]
    assert "Erbij maar niet gezien" in bridge.page.locator(".qc-rule").inner_text()


def test_keys_alone_take_a_document_to_consensus(study: qc.Project, bridge: Bridge) -> None:
    before = study.codings(layer="ronde-1")
    bridge.page.locator(".qc-list").focus()
    bridge.press("b")
    bridge.settled()
    assert takes(study) == ["b", "", ""]
    bridge.press("r")
    bridge.write("samen: ze meent het niet")
    bridge.press("Escape", "a")
    bridge.settled()
    bridge.press("g")  # neither: a reason is asked first
    assert "reden" in bridge.page.locator(".qc-status").inner_text()
    bridge.write("te weinig woorden")
    bridge.press("Escape", "g")
    bridge.settled()
    bridge.picture("61-consensus-done")
    frame = study.differences(BOTH)
    assert takes(study) == ["b", "a", "neither"]
    assert list(frame["reason"])[1:] == ["samen: ze meent het niet", "te weinig woorden"]
    assert set(frame["decided_by"]) == {"carla"}
    made = study.codings(layer="consensus")
    assert sorted(zip(made["code"], made["text"], strict=True)) == [
        ("E11", "groetten mij nooit"), ("G01", TURNS[1]), ("G01", "het ging"),
    ]  # fmt: skip
    assert study.codings(layer="ronde-1").equals(before)
    assert "3 van 3" in bridge.page.locator(".qc-bar").inner_text()
    bridge.press("Control+z")
    bridge.settled()
    assert takes(study) == ["b", "a", ""]


def test_something_else_is_a_range_of_ones_own_selected_by_keyboard(study: qc.Project, bridge: Bridge) -> None:
    bridge.page.locator(".qc-list").focus()
    bridge.press("ArrowDown", "n")
    words = bridge.page.locator("dialog textarea").first
    held = words.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)")
    assert held == TURNS[3]  # what both marked together
    bridge.press("Home")
    for _ in range(6):
        bridge.press("Shift+ArrowRight")
    bridge.page.locator("dialog select").select_option(label="Ervaringen › Genegeerd")
    bridge.page.locator("dialog textarea").last.fill("alleen het begin")
    bridge.picture("62-something-else")
    bridge.page.locator("dialog .qc-primary").click()
    bridge.settled()
    made = study.codings(layer="consensus", code="E10")
    assert list(made["text"]) == ["nou ja"]
    assert study.differences(BOTH)["reason"].iloc[1] == "alleen het begin"


def test_a_place_after_an_emoji_is_where_it_should_be(study: qc.Project, bridge: Bridge) -> None:
    bridge.press("Tab")
    bridge.page.locator(".qc-list").focus()
    bridge.press("n")
    words = bridge.page.locator("dialog textarea").first
    words.evaluate("one => { const at = one.value.indexOf('echt wel'); one.setSelectionRange(at, at + 8); }")
    bridge.page.locator("dialog textarea").last.fill("hier")
    bridge.page.locator("dialog .qc-primary").click()
    bridge.settled()
    assert "echt wel" in list(study.codings(layer="consensus")["text"])


def test_the_map_narrows_the_list_and_the_chart_does_the_same(study: qc.Project, bridge: Bridge) -> None:
    bridge.page.locator(".qc-map button", has_text="E10 ↔ E11").click()
    assert items(bridge) == ["FG1 3 E10 ↔ E11"]
    bridge.page.get_by_role("button", name="toon alles").click()
    assert len(items(bridge)) == 3
    desk: Any = bridge.desk
    figure = desk.chart()
    row, column = next(
        (r, c) for r, line in enumerate(figure.data[0].customdata) for c, cell in enumerate(line) if list(cell[:2]) == ["", "E10"]
    )

    class Points:
        point_inds = [[row, column]]

    desk._clicked(figure.data[0], Points(), None)
    bridge.deliver()
    assert items(bridge) == ["FG1 5 – ↔ E10"]


def test_names_can_be_hidden_and_open_ones_shown_alone(study: qc.Project, bridge: Bridge) -> None:
    assert "anna" in bridge.page.locator(".qc-desk").inner_text()
    bridge.page.get_by_label("namen verbergen").check()
    shown = bridge.page.locator(".qc-judge").inner_text() + bridge.page.locator(".qc-bar strong").inner_text()
    assert "anna" not in shown
    assert "codeur A" in shown
    study.choose(study.differences(BOTH).iloc[0], "a")
    bridge.desk.look()
    bridge.deliver()
    bridge.page.get_by_label("alleen open").check()
    assert len(items(bridge)) == 2


def test_what_others_recode_meanwhile_comes_in(study: qc.Project, bridge: Bridge) -> None:
    with qc.Project.open(study._store.address, coder="bram") as bram:
        bram.code("FG1", "E11", text="echt waar")
    bridge.desk.look()
    bridge.deliver()
    assert len(items(bridge)) == 4


def test_a_choice_on_a_coding_that_is_gone_is_a_sentence_in_the_banner(study: qc.Project, bridge: Bridge) -> None:
    with qc.Project.open(study._store.address, coder="bram") as bram:
        bram.uncode(bram.codings(coder="bram", code="E11")["coding"].iloc[0])
    bridge.page.locator(".qc-list").focus()
    bridge.press("b")
    bridge.settled()
    assert bridge.page.locator(".qc-banner").is_visible()
    assert takes(study) == ["", "", ""]


def test_nothing_to_compare_is_said_before_there_is_a_desk(study: qc.Project) -> None:
    with pytest.raises(NotFound):
        qc.ConsensusDesk(study, ["anna", "niemand"])
    with pytest.raises(Refused):
        qc.ConsensusDesk(study, ["anna"])
