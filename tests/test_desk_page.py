"""One page of the sample, coded by mouse alone and by keyboard alone: both end as the Python calls would have ended."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from desk.harness import Bridge, chromium
from qualcode.widgets.coding import CodingDesk
from qualcode.widgets.desk import Desk

# turn, first word, last word (from 0; None: the whole turn), code
PAGE = [(4, 1, 5, "E07"), (5, None, None, "E09"), (7, 2, 6, "E01"), (7, 2, 6, "O05"), (9, 0, 3, "E02"), (10, None, None, "E07")]
MEMO = "let op de toon"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


def copy(sample_file: Path, folder: Path, name: str) -> Path:
    shutil.copyfile(sample_file, folder / f"{name}.qualcode")
    return folder / f"{name}.qualcode"


def words_of(study: qc.Project, turn: int) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of a turn of FG1 and where its words stand."""
    now = study.snapshot()
    row = now.turns_of(now.document_names["FG1"]).iloc[turn - 1]
    text = now.text(now.document_names["FG1"])[row["start"] : row["end"]]
    return text, [found.span() for found in re.finditer(r"\S+", text)]


def chosen(study: qc.Project, turn: int, first: int | None, last: int | None) -> str:
    text, spans = words_of(study, turn)
    return text if first is None or last is None else text[spans[first][0] : spans[last][1]]


def outcome(study: qc.Project) -> list[tuple[Any, ...]]:
    frame = study.codings(document="FG1", coder="anna")
    kept = ["start", "end", "text", "code", "layer", "memo", "stelling"]
    return sorted(map(tuple, frame[kept].astype(object).where(frame[kept].notna(), None).to_numpy().tolist()), key=str)


@pytest.fixture(scope="module")
def by_python(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    with qc.Project.open(copy(sample_file, tmp_path_factory.mktemp("python"), "python"), coder="anna") as study:
        made = [
            study.code("FG1", code, turn=turn, text=None if first is None else chosen(study, turn, first, last))
            for turn, first, last, code in PAGE
        ]
        study.recode(made[0], memo=MEMO)
        study.recode(made[1], stelling="nuanceert")
        study.recode(made[4], code="E03")
        study.uncode(made[5])
        return outcome(study)


def in_order(study: qc.Project) -> list[str]:
    """Return the codings that anna made, the first first."""
    return list(study.codings(document="FG1", coder="anna").sort_values("at", kind="stable")["coding"])


def hold(bridge: Bridge, coding: str) -> None:
    """Click on the label of a coding."""
    chip = bridge.page.locator(f"[data-chip='{coding}']")
    chip.scroll_into_view_if_needed()
    chip.click()
    bridge.page.wait_for_selector("[data-mode='coding']")


def walk_to(bridge: Bridge, coding: str) -> None:
    """Go to a coding with n and p."""
    bridge.press("Escape", "Escape", *["p"] * 12)
    for _ in range(60):
        if bridge.page.evaluate("document.querySelector('.qc-here-item[aria-current]')?.dataset.here") == coding:
            return
        bridge.press("n")
    raise AssertionError(coding)


def test_a_page_coded_by_mouse_alone_is_what_python_makes(
    browser: Any, sample_file: Path, tmp_path: Path, by_python: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    with qc.Project.open(copy(sample_file, tmp_path, "muis"), coder="anna") as study:
        bridge = Bridge(browser, CodingDesk(study, "FG1"))
        option = lambda code: bridge.page.locator(".qc-option").filter(has=bridge.page.get_by_text(code, exact=True))
        for turn, first, last, code in PAGE:
            bridge.drag(turn, chosen(study, turn, first, last))
            option(code).scroll_into_view_if_needed()
            option(code).click()
            bridge.settled()
        made = in_order(study)
        hold(bridge, made[0])
        bridge.page.locator(".qc-detail textarea").click()
        bridge.page.locator(".qc-detail textarea").fill(MEMO)
        bridge.page.locator(".qc-detail h3").first.click()  # leaving the field keeps it
        bridge.page.evaluate("document.activeElement.blur()")
        bridge.settled()
        hold(bridge, made[1])
        bridge.page.locator(".qc-detail summary", has_text="Meer kenmerken").click()
        bridge.page.locator(".qc-detail [data-field=stelling]").select_option("nuanceert")
        bridge.settled()
        hold(bridge, made[4])
        bridge.page.get_by_role("button", name="Andere code").click()
        option("E03").click()
        bridge.settled()
        hold(bridge, made[5])
        bridge.page.get_by_role("button", name="Verwijderen").click()
        bridge.settled()
        bridge.picture("30-page-mouse")
        bridge.close()
        assert outcome(study) == by_python


def test_a_page_coded_by_keyboard_alone_is_what_python_makes(
    browser: Any, sample_file: Path, tmp_path: Path, by_python: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    with qc.Project.open(copy(sample_file, tmp_path, "toetsen"), coder="anna") as study:
        bridge = Bridge(browser, CodingDesk(study, "FG1"))
        for _ in range(40):
            if bridge.page.evaluate("document.activeElement.className") == "qc-text":
                break
            bridge.press("Tab")
        place = 1
        for turn, first, last, code in PAGE:
            if turn != place:
                bridge.press(*["ArrowDown"] * (turn - place))
                place = turn
                bridge.press("Control+a" if first is None else "ArrowRight" if first else "ArrowLeft")
                if first is not None:
                    bridge.press(
                        *(["ArrowRight"] * (first - 1) if first else ["ArrowRight"]), *["Shift+ArrowRight"] * ((last or 0) - first)
                    )
            bridge.write(code.lower())
            bridge.press("Enter")
            bridge.settled()
        made = in_order(study)
        walk_to(bridge, made[0])
        bridge.press("m")
        bridge.write(MEMO)
        bridge.press("Escape")
        bridge.settled()
        walk_to(bridge, made[1])
        bridge.press("d")
        for _ in range(12):
            if bridge.page.evaluate("document.activeElement.dataset.field") == "stelling":
                break
            bridge.press("Tab")
        for _ in range(6):
            if bridge.page.evaluate("document.activeElement.value") == "nuanceert":
                break
            bridge.press("ArrowDown")
        bridge.press("Escape")
        bridge.settled()
        walk_to(bridge, made[4])
        bridge.press("r")
        bridge.write("e03")
        bridge.press("Enter")
        bridge.settled()
        walk_to(bridge, made[5])
        bridge.press("Delete")
        bridge.settled()
        bridge.picture("31-page-keys")
        bridge.close()
        assert outcome(study) == by_python
