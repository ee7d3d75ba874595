"""The pseudonym desk in a real browser: decide with the keyboard alone, carry out, nothing of the words in the widget's state."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.harness import Bridge, chromium
from qualcode import Project
from qualcode.privacy.key_file import read_key
from qualcode.widgets.pseudonyms import PseudonymDesk

TALK = "M1: Hoe ging dat?\n\nP1: Toen zei Zouhra Bouyakoub dat het niet kon.\n\nP2: Dat zei mijn teamleider Zouhra ook, in Zwolle.\n\nP1: Precies."


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as one:
        yield one


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Project]:
    (tmp_path / "FG1.txt").write_text(TALK, encoding="utf-8")
    made = Project.create(tmp_path / "s.qualcode", coder="anna")
    made.import_documents(tmp_path / "FG1.txt")
    made.scan()  # the trained names are loaded before a page waits for them
    yield made
    made.close()


@pytest.fixture
def bridge(study: Project, browser: object) -> Iterator[Bridge]:
    one = Bridge(browser, PseudonymDesk(study))
    yield one
    assert one.troubles == []
    one.close()


def decided(study: Project) -> list[tuple[str, str | None, str]]:
    rows = study.identifiers().to_dict("records")
    return [(row["text"], row["decision"], row["replacement"]) for row in rows]


def test_the_keyboard_alone_decides_and_walks_on(bridge: Bridge, study: Project) -> None:
    page = bridge.page
    page.locator(".qc-list").focus()
    page.keyboard.press("o")
    bridge.settled()
    assert [row[1] for row in decided(study)] == ["accept", "accept", None]
    page.keyboard.press("w")
    page.keyboard.type("[stad in Overijssel]")
    page.keyboard.press("Enter")
    bridge.settled()
    assert decided(study)[-1] == ("Zwolle", "accept", "[stad in Overijssel]")
    page.locator(".qc-list").focus()
    page.keyboard.press("Control+z")
    bridge.settled()
    assert decided(study)[-1][1] is None
    page.keyboard.press("l")
    bridge.settled()
    assert decided(study)[-1][1] == "reject"


def test_carrying_out_writes_the_key_and_shows_what_is_left(bridge: Bridge, study: Project, tmp_path: Path) -> None:
    page = bridge.page
    page.locator(".qc-list").focus()
    page.keyboard.press("o")
    bridge.settled()
    page.get_by_role("button", name="Uitvoeren…").click()
    page.get_by_label("Sleutelbestand").fill(str(tmp_path / "weg.key"))
    page.get_by_label("Wachtzin").fill("een lange wachtzin")
    page.get_by_role("button", name="Uitvoeren…").last.click()
    bridge.settled()
    assert set(read_key(tmp_path / "weg.key", "een lange wachtzin").known()) == {"Zouhra Bouyakoub", "Zouhra"}
    now = study.snapshot()
    assert "Zouhra" not in now.text(now.document_names["FG1"])
    assert "Zwolle" in page.locator(".qc-list").inner_text()
    assert "Zouhra" not in page.locator(".qc-desk").inner_text()


def test_a_short_passphrase_is_said_and_nothing_is_replaced(bridge: Bridge, study: Project, tmp_path: Path) -> None:
    page = bridge.page
    page.locator(".qc-list").focus()
    page.keyboard.press("o")
    bridge.settled()
    page.get_by_role("button", name="Uitvoeren…").click()
    page.get_by_label("Sleutelbestand").fill(str(tmp_path / "weg.key"))
    page.get_by_label("Wachtzin").fill("kort")
    page.get_by_role("button", name="Uitvoeren…").last.click()
    bridge.settled()
    assert "te kort" in page.locator(".qc-banner").inner_text()
    now = study.snapshot()
    assert "Zouhra" in now.text(now.document_names["FG1"])


def test_nothing_of_the_words_is_kept_in_the_widget(study: Project) -> None:
    desk = PseudonymDesk(study)
    desk.send = lambda *_: None  # type: ignore[method-assign]
    desk.show(None)
    assert "Zouhra" not in json.dumps({name: value for name, value in desk.get_state().items() if isinstance(value, str | dict | list)})
    desk.close()


def test_from_the_first_key_to_carrying_out_without_a_mouse(bridge: Bridge, study: Project, tmp_path: Path) -> None:
    page = bridge.page
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.qc-list')"):
            break
    page.keyboard.press("v")
    bridge.settled()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("l")
    bridge.settled()
    assert sorted(str(row[1]) for row in decided(study)) == ["None", "accept", "reject"]
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent.startsWith('Uitvoeren')"):
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type(str(tmp_path / "weg.key"))
    page.keyboard.press("Tab")
    page.keyboard.type("een lange wachtzin")
    page.keyboard.press("Enter")
    bridge.settled()
    assert len(read_key(tmp_path / "weg.key", "een lange wachtzin").known()) == 1


def test_a_document_in_another_language_is_named_above_the_list(browser: object, study: Project, tmp_path: Path) -> None:
    said = "P1: I told them that it was not my fault and that they should have listened to me.\n\nP2: Yes, that is what I said to you."
    (tmp_path / "talk.txt").write_text(said, encoding="utf-8")
    study.import_documents(tmp_path / "talk.txt")
    bridge = Bridge(browser, PseudonymDesk(study))
    assert "talk lijkt niet Nederlands" in bridge.page.locator(".qc-notice").inner_text()
    bridge.picture("43-other-language")
    bridge.close()


def test_what_takes_seconds_says_that_it_is_busy(bridge: Bridge, tmp_path: Path) -> None:
    page = bridge.page
    page.locator(".qc-list").focus()
    page.keyboard.press("o")
    bridge.settled()
    page.evaluate(
        "() => { const words = window.words = []; const one = document.querySelector('.qc-status');"
        " new MutationObserver(() => words.push(one.textContent)).observe(one, { childList: true, characterData: true, subtree: true }); }"
    )
    page.get_by_role("button", name="Uitvoeren…").click()
    page.get_by_label("Sleutelbestand").fill(str(tmp_path / "weg.key"))
    page.get_by_label("Wachtzin").fill("een lange wachtzin")
    page.get_by_role("button", name="Uitvoeren…").last.click()
    bridge.settled()
    said = page.evaluate("window.words")
    assert said[0].startswith("Bezig")
    assert not said[-1].startswith("Bezig")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_pseudonym_desk(study: Project, browser: object, theme: str) -> None:
    path = os.environ.get("QUALCODE_AXE")
    if not path:
        pytest.skip("no axe-core: set QUALCODE_AXE to axe.min.js of the npm package axe-core")
    bridge = Bridge(browser, PseudonymDesk(study, theme=theme))
    page = bridge.page
    page.evaluate(Path(path).read_text(encoding="utf-8"))
    found = []
    for state in ("open", "decided", "window"):
        if state == "decided":
            page.locator(".qc-list").focus()
            page.keyboard.press("o")
            bridge.settled()
        if state == "window":
            page.get_by_role("button", name="Uitvoeren…").click()
        bridge.picture(f"37-pseudonyms-{state}-{theme}")
        result = page.evaluate("() => axe.run('.qc-desk', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })")
        assert len(result["passes"]) > 8
        found += [f"{state}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in result["violations"]]
    bridge.close()
    assert found == []
