"""The pseudonym desk in a real browser: decide with the keyboard alone, carry out, nothing of the words in the widget's state."""

from __future__ import annotations

import json
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
