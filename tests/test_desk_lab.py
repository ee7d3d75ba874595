"""The desk in a real JupyterLab, started as `qualcode lab` starts it: keys, reload, restart, a second writer, a second tab, what is saved."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from desk.harness import chromium
from desk.lab import READY, Running, Session

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def session(browser: Any, lab: Running, sample_file: Path) -> Iterator[Session]:
    """Give one notebook for all tests here: a kernel of its own for each would take minutes."""
    folder = lab.root / "studie"
    folder.mkdir()
    shutil.copyfile(sample_file, folder / "studie.qualcode")
    found = Session(browser, lab, folder)
    found.open()
    found.run()
    yield found
    found.context.close()
    assert found.outside == []


def reveal(page: Any, turn: int) -> None:
    """Scroll to a turn (from 1): codings are drawn near what is in view."""
    page.locator(f".qc-turn[data-turn='{turn - 1}']").evaluate("one => one.scrollIntoView({ block: 'center' })")


def test_keys_in_the_desk_code_and_leave_the_notebook_alone(session: Session) -> None:
    before, coded = session.cells(), session.codes()
    session.code(3, "e07")
    for key in "abxyzdd":
        session.page.keyboard.press(key)
    session.page.keyboard.press("Escape")
    session.picture("11-lab")
    assert session.codes() == [*coded, "E07"]
    assert session.cells() == before


def test_nothing_of_the_transcript_is_in_the_saved_notebook(session: Session) -> None:
    session.code(3, "e07")
    words = session.page.locator(".qc-turn .qc-words").nth(3).inner_text()
    session.save()
    saved = json.dumps(session.saved(), ensure_ascii=False)
    assert "CodingDesk" in saved
    assert words[:30] not in saved
    assert all(len(word) < 7 or word not in saved for word in words.split())


def test_a_page_of_the_sample_coded_by_keys_survives_reload_and_a_second_writer(session: Session) -> None:
    begun = len(session.codes())
    # on from turn 7, past the note-taker in 8 and the moderator in 12
    wanted = [(2, "e07"), (1, "e09"), (1, "o05"), (2, "e01"), (1, "e02")]
    for down, letters in wanted:
        session.code(down, letters)
    expected = [letters.upper() for _, letters in wanted]
    assert session.codes()[begun:] == expected
    with qc.Project.open(session.folder / "studie.qualcode", coder="bram") as other:
        made = other.code("FG1", "E09", turn=4)
    reveal(session.page, 4)
    # within a second on a computer that does nothing else
    session.page.wait_for_selector(f"[data-chip='{made.guid}']", state="attached", timeout=20000)
    session.save()
    session.open()
    session.page.wait_for_selector(".qc-desk[data-ready='1']", state="attached", timeout=60000)
    assert session.page.locator(f"[data-chip='{made.guid}']").count() == 1
    session.code(4, "e09")
    assert session.codes()[begun:] == [*expected, "E09"]
    session.press("Escape", "Escape", "Control+z")
    session.settled()
    assert session.codes()[begun:] == expected
    with qc.Project.open(session.folder / "studie.qualcode", coder="toezicht") as study:
        assert made.guid in set(study.snapshot().codings["guid"])


def test_two_tabs_on_one_kernel_show_each_others_codings(session: Session) -> None:
    session.save()
    tab = session.context.new_page()
    tab.goto(session.url)
    tab.wait_for_selector(".qc-desk[data-ready='1']", state="attached", timeout=60000)
    session.code(5, "e01")
    (last,) = session.python("import pandas as pd; t = studie.snapshot().codings; print(t.sort_values('at')['guid'].iloc[-1])").split()
    chip = f"[data-chip='{last}']"
    turn = int(
        session.python(
            f"f = studie.codings(); i = list(f['coding']).index('{last}'); t = qc.turns(studie); t = t[(t['document'] == 'FG1') & (t['start'] <= f['start'][i])]; print(t['turn'].iloc[-1])"
        )
    )
    reveal(tab, turn)
    tab.wait_for_selector(chip, state="attached", timeout=10000)
    assert tab.locator(chip).inner_text().strip() == "E01"
    assert tab.locator(".qc-desk").get_attribute("data-waiting") == "0"
    coded = tab.locator(".qc-progress").inner_text().partition(",")[0]
    tab.close()
    session.page.bring_to_front()
    session.page.wait_for_selector(chip, state="attached", timeout=10000)
    assert session.page.locator(chip).count() == 1
    assert session.page.locator(".qc-progress").inner_text().partition(",")[0] == coded
    assert session.codes()[-1] == "E01"


def test_a_note_a_search_and_likely_codes_go_by_keys_and_leave_the_notebook_alone(session: Session) -> None:
    page, before, coded = session.page, session.cells(), session.codes()
    busy = page.locator(".jp-CodeCell").first.locator(".jp-InputPrompt").inner_text()
    page.locator(".qc-text").focus()
    session.press("Escape", "Escape", "M")
    page.keyboard.type("een moeizaam begin")
    session.press("Control+Enter")
    session.settled()
    session.press("/")
    page.keyboard.type("lemma:zeggen EN NIET rol:moderator")
    session.press("Enter")
    page.wait_for_selector(".qc-seeking .qc-line", timeout=60000)
    session.press("ArrowDown")
    here = page.locator(".qc-purpose").inner_text()
    session.picture("13-lab-seek")
    session.press("Enter", ".")
    page.wait_for_selector(".qc-likely-list :is(li, details)", timeout=120000)
    session.picture("14-lab-likely")
    session.press("Escape", "Escape", "Escape")
    page.locator(".qc-seeking .qc-icon").click()
    assert "beurt" in here
    with qc.Project.open(session.folder / "studie.qualcode", coder="toezicht") as study:
        memos = study.snapshot().memos
        assert memos.loc[memos["on"] == "document", "text"].tolist()[-1] == "een moeizaam begin"
    assert session.codes() == coded
    assert session.cells() == before
    assert page.locator(".jp-CodeCell").first.locator(".jp-InputPrompt").inner_text() == busy


def test_after_a_kernel_restart_a_banner_says_so_and_running_again_goes_on(session: Session) -> None:
    session.code(3, "e07")
    before = session.codes()
    session.page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }")
    session.page.evaluate(READY)
    session.page.locator(".qc-text").focus()
    session.press("ArrowDown", "Control+a", "1")
    session.page.wait_for_selector(".qc-desk[data-lost='1']", timeout=20000)
    session.picture("12-restart")
    assert session.codes() == before
    session.page.evaluate("() => document.querySelector('.qc-desk').removeAttribute('data-ready')")
    session.run()
    session.code(4, "e09")
    assert session.codes() == [*before, "E09"]
