"""The report desk in a real browser: walk the sections, agree, see what went stale, choose a quote; by keyboard alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from desk.harness import Bridge, chromium
from qualcode.report.facts import facts
from qualcode.report.sections import Section
from qualcode.widgets.desk import Desk
from qualcode.widgets.reports import ReportDesk, talk_rows
from studies import Build

SAID = "Nou dan kijken ze dwars door je heen alsof je er gewoon niet bent, elke ochtend weer opnieuw."


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def study(tmp_path: Path) -> Iterator[qc.Project]:
    (tmp_path / "FG1.txt").write_text(f"M1: hoe gaat het?\n\nR1: {SAID}\n\nR2: kan beter\n", encoding="utf-8")
    (tmp_path / "uit" / "teksten").mkdir(parents=True)
    (tmp_path / "uit" / "teksten" / "EA.md").write_text("Dit wordt verteld {{spreiding:E01}}.\n", encoding="utf-8")
    with qc.Project.create(tmp_path / "s.qualcode", coder="anna", name="Proef") as made:
        made.import_documents(tmp_path / "FG1.txt", kind="focusgroep")
        made.codebook.add("E", "Ervaringen", codable=False)
        made.codebook.add("EA", "Openlijk", parent="E", codable=False)
        made.codebook.add("E01", "Genegeerd", parent="EA")
        made.code("FG1", "E01", turn=2)
        yield made


@pytest.fixture
def bridge(browser: Any, study: qc.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    opened = Bridge(browser, ReportDesk(study, tmp_path / "uit"))
    yield opened
    assert opened.troubles == []
    opened.close()


def state(bridge: Bridge, section: str) -> str:
    return str(bridge.page.locator(f"[data-section='{section}']").get_attribute("data-state"))


def test_a_section_is_agreed_on_by_keyboard_and_goes_stale_when_a_figure_changes(study: qc.Project, bridge: Bridge) -> None:
    assert (state(bridge, "EA"), state(bridge, "reflectie")) == ("concept", "leeg")
    bridge.page.locator("[data-section='E-kern']").click()
    bridge.press("ArrowDown", "Enter")
    bridge.settled()
    assert state(bridge, "EA") == "akkoord"
    assert study.snapshot().sections["stem"].tolist() == ["EA"]
    study.uncode(study.snapshot().codings["guid"].iloc[0])
    bridge.desk.look()
    bridge.deliver()
    assert state(bridge, "EA") == "te herzien"
    assert "spreiding:E01" in bridge.page.locator(".qc-numbers").inner_text()
    bridge.picture("40-rapporttafel")
    bridge.press("Enter")
    bridge.settled()
    assert state(bridge, "EA") == "akkoord"
    bridge.press("Control+z")
    bridge.settled()
    assert state(bridge, "EA") == "te herzien"


def test_an_empty_section_cannot_be_agreed_on(study: qc.Project, bridge: Bridge) -> None:
    bridge.page.locator("[data-section='reflectie']").click()
    bridge.press("Enter")
    bridge.settled()
    assert state(bridge, "reflectie") == "leeg"
    assert study.snapshot().sections.empty


def test_a_quote_is_chosen_with_its_sort_and_readable_words(study: qc.Project, bridge: Bridge) -> None:
    bridge.page.locator("[data-section='EA']").click()
    bridge.press("c")
    bridge.settled()
    card = bridge.page.locator(".qc-card")
    assert card.get_attribute("data-ref") == "FG1-0002"
    assert SAID in card.inner_text()
    card.locator("summary").click()
    card.locator("textarea").fill("dan kijken ze dwars door je heen alsof je er niet bent […]")
    bridge.picture("41-citaten")
    card.get_by_role("button", name="typisch").click()
    bridge.settled()
    row = study.snapshot().quotes.iloc[0]
    assert (row["sort"], row["edited"]) == ("typisch", "dan kijken ze dwars door je heen alsof je er niet bent […]")
    assert bridge.page.locator("[aria-pressed='true']").inner_text() == "typisch"


def test_talk_between_participants_is_offered_with_the_placeholder_that_prints_it(
    study: qc.Project, bridge: Bridge, tmp_path: Path
) -> None:
    study.record("interaction", document="FG1", text="kan beter", interaction="I3", code="E01", about=SAID)
    bridge.page.locator("[data-section='EA']").click()
    bridge.press("c")
    bridge.settled()
    assert [card.get_attribute("data-ref") for card in bridge.page.locator(".qc-card").all()] == ["FG1-0002", "FG1-0002..0003"]
    card = bridge.page.locator("[data-ref='FG1-0002..0003']")
    assert card.locator("p").all_inner_texts()[:2] == [f"R1: {SAID}", "R2: kan beter"]
    bridge.picture("42-gespreksfragment")
    # what the desk says to place is what a text can hold
    placeholder = card.locator("code").inner_text()
    (tmp_path / "uit" / "teksten" / "EA.md").write_text(f"Men reageert op elkaar.\n\n{placeholder}\n", encoding="utf-8")
    bridge.page.get_by_role("button", name="Teksten opnieuw lezen").click()
    bridge.settled()
    assert state(bridge, "EA") == "concept"
    (path,) = study.report(tmp_path / "uit", formats=["md"]).paths
    assert f"> **R1**: {SAID}" in path.read_text(encoding="utf-8").replace("\\", "")


@pytest.mark.parametrize(("said", "offered"), [("Ze kijken langs je heen.", ["FG1-0002..0003"]), ("██ ██████ █████", [])])
def test_talk_with_a_withdrawn_turn_is_not_offered(said: str, offered: list[str]) -> None:
    build = Build()
    build.document("FG1", [("M1", "Hoe gaat dat?"), ("R1", said), ("R2", "Bij mij ook.")])
    build.interaction("FG1", 3, "I2", "E07", about=2)
    counted = facts(build.snapshot(), "onderzoeker")
    assert [row["ref"] for row in talk_rows(counted, Section("EB", "Minder tastbaar", "", "code-EB"))] == offered
    # a section about no code, or about another one, has none
    assert talk_rows(counted, Section("conclusie", "Conclusie", "")) == talk_rows(counted, Section("OB", "Reactie", "", "code-OB")) == []


def test_words_nobody_said_are_refused_and_nothing_changes(study: qc.Project, bridge: Bridge) -> None:
    bridge.page.locator("[data-section='EA']").click()
    bridge.press("c")
    bridge.settled()
    bridge.page.locator("summary").click()
    bridge.page.locator(".qc-card textarea").fill("Iets heel anders.")
    bridge.page.get_by_role("button", name="typisch").click()
    bridge.settled()
    assert "wijkt af" in bridge.page.locator(".qc-banner").inner_text()
    assert study.snapshot().quotes.empty


def test_a_text_with_a_mistake_is_told_of(study: qc.Project, browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    (tmp_path / "uit" / "teksten" / "EA.md").write_text("{{spreiding:XX}}\n", encoding="utf-8")
    opened = Bridge(browser, ReportDesk(study, tmp_path / "uit"))
    assert "EA.md, regel 1" in opened.page.locator(".qc-banner").inner_text()
    opened.close()


def test_axe_finds_nothing_in_light_and_dark(bridge: Bridge) -> None:
    path = os.environ.get("QUALCODE_AXE")
    if not path:
        pytest.skip("no axe-core: set QUALCODE_AXE to axe.min.js of the npm package axe-core")
    bridge.page.locator("[data-section='EA']").click()
    bridge.press("c")
    bridge.settled()
    bridge.page.evaluate(Path(path).read_text(encoding="utf-8"))
    for theme in ("light", "dark"):
        bridge.page.evaluate("theme => document.querySelector('.qc-desk').dataset.theme = theme", theme)
        result = bridge.page.evaluate("() => axe.run('.qc-desk', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })")
        assert [f"{one['id']}: {json.dumps([node['html'][:120] for node in one['nodes'][:3]])}" for one in result["violations"]] == []


def test_the_quote_desk_opens_with_the_passages_and_both_desks_are_at_hand(
    browser: Any, study: qc.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    assert issubclass(qc.QuoteDesk, qc.ReportDesk)
    opened = Bridge(browser, qc.QuoteDesk(study, tmp_path / "uit"))
    opened.settled()
    # only sections about a code, the first of them with its passages
    assert opened.page.locator("[data-section='reflectie']").count() == 0
    assert opened.page.locator("[data-ref='FG1-0002']").count() == 1
    opened.page.get_by_role("button", name="typisch").click()
    opened.settled()
    assert study.snapshot().tables["quote"]["sort"].tolist() == ["typisch"]
    assert opened.troubles == []
    opened.close()
