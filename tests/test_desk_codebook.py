"""The codebook desk in a real browser: what a change does is shown first, and one undo takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from desk.harness import Bridge, chromium
from qualcode.codebook import Codebook, Dimension
from qualcode.errors import Refused
from qualcode.widgets.codebooks import CodebookDesk, working_numbers
from qualcode.widgets.desk import Desk


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def study(tmp_path: Path) -> Iterator[qc.Project]:
    text = "M1: hoe gaat het?\n\nR1: goed hoor\n\nR2: kan beter\n\nR1: nou ja\n\nR2: echt waar\n"
    (tmp_path / "FG1.txt").write_text(text, encoding="utf-8")
    with qc.Project.create(tmp_path / "s.qualcode", coder="anna") as made:
        made.import_documents(tmp_path / "FG1.txt", kind="focusgroep")
        made.codebook.add("E", "Ervaringen", codable=False)
        made.codebook.add("O", "Opvolging", codable=False)
        made.codebook.add("E01", "Belediging", parent="E", definition="Een scheldwoord of kleinering.")
        made.codebook.add("E02", "Grap", parent="E")
        made.codebook.add("O01", "Doorvragen", parent="O")
        made.code("FG1", "E01", turn=2)
        made.code("FG1", "E02", turn=3)
        yield made


@pytest.fixture
def bridge(browser: Any, study: qc.Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    opened = Bridge(browser, CodebookDesk(study))
    yield opened
    opened.close()


def choose(bridge: Bridge, id: str) -> None:
    bridge.page.locator(".qc-row", has_text=id).first.click()


def foreseen(bridge: Bridge) -> dict[str, tuple[str, str]]:
    """Return what the window says would change: the numbers now and then, by code."""
    rows = bridge.page.locator("dialog tbody tr").all()
    return {row.locator("th").inner_text(): tuple(row.locator("td").all_inner_texts()) for row in rows}  # type: ignore[misc]


def test_working_numbers_count_each_session_once_up_the_tree(study: qc.Project) -> None:
    book = study.codebook.book
    numbers = dict(zip([code.id for code in book.codes], working_numbers(study.snapshot(), book), strict=True))
    assert numbers["E01"] == [1, 1, 0]
    assert numbers["E"] == [2, 1, 0]
    assert numbers["O"] == [0, 0, 0]


def test_the_tree_walks_by_keyboard_and_fields_are_edited(study: qc.Project, bridge: Bridge) -> None:
    choose(bridge, "Ervaringen")
    bridge.press("ArrowDown", "Enter")
    bridge.page.locator("[data-field=definition]").fill("Kleinerende woorden.")
    bridge.page.locator("[data-field=name]").focus()
    bridge.settled()
    bridge.picture("20-codebook")
    assert study.codebook.find("E01").definition == "Kleinerende woorden."
    choose(bridge, "E01")
    bridge.press("Control+z")
    bridge.settled()
    assert study.codebook.find("E01").definition == "Een scheldwoord of kleinering."
    assert bridge.page.locator("[data-field=definition]").input_value() == "Een scheldwoord of kleinering."


def test_merging_says_what_it_does_before_it_does_it(study: qc.Project, bridge: Bridge) -> None:
    choose(bridge, "E01")
    bridge.page.get_by_role("button", name="Samenvoegen").click()
    bridge.page.locator("dialog select").select_option(label=bridge.page.locator("dialog option", has_text="E02").text_content())
    bridge.settled()
    bridge.picture("21-merge")
    assert foreseen(bridge)["E02 Grap"] == ("groepen 1 · interviews 0 · fragmenten 1", "groepen 1 · interviews 0 · fragmenten 2")
    assert foreseen(bridge)["E01 Belediging"][1] == "groepen 0 · interviews 0 · fragmenten 0"
    assert study.codebook.find("E01").merged_into is None
    bridge.page.locator("dialog .qc-primary").click()
    bridge.settled()
    assert study.codebook.find("E01").merged_into == study.codebook.find("E02").guid
    assert bridge.page.locator(".qc-row", has_text="E01").count() == 0
    bridge.press("Control+z")
    bridge.settled()
    assert study.codebook.find("E01").merged_into is None
    assert bridge.page.locator(".qc-row", has_text="E01").count() == 1


def test_a_code_moves_by_keyboard_and_under_another_theme(study: qc.Project, bridge: Bridge) -> None:
    choose(bridge, "E02")
    bridge.press("Alt+ArrowUp")
    bridge.settled()
    assert [code.id for code in study.codebook.children(study.codebook.find("E").guid)] == ["E02", "E01"]
    bridge.page.get_by_role("button", name="Verplaatsen").click()
    bridge.page.locator("dialog select").select_option(study.codebook.find("O").guid)
    bridge.page.locator("dialog .qc-primary").click()
    bridge.settled()
    assert study.codebook.find("E02").parent == study.codebook.find("O").guid


def test_a_code_is_dragged_under_another_theme(study: qc.Project, bridge: Bridge) -> None:
    bridge.page.locator(".qc-row", has_text="E02").drag_to(bridge.page.locator(".qc-row", has_text="Opvolging"))
    bridge.page.locator("dialog .qc-primary").click()
    bridge.settled()
    assert study.codebook.find("E02").parent == study.codebook.find("O").guid


def test_a_theme_cannot_be_dragged_below_itself(study: qc.Project, bridge: Bridge) -> None:
    study.codebook.add("EA", "Woorden", parent="E", codable=False)
    bridge.desk.patch()
    bridge.deliver()
    bridge.page.locator(".qc-row", has_text="Ervaringen").drag_to(bridge.page.locator(".qc-row", has_text="Woorden"))
    assert not bridge.page.locator("dialog").is_visible()
    bridge.page.locator(".qc-row", has_text="Grap").drag_to(bridge.page.locator(".qc-row", has_text="Woorden"))
    bridge.page.locator("dialog .qc-primary").click()
    bridge.settled()
    assert study.codebook.find("E02").parent == study.codebook.find("EA").guid


def test_a_rule_between_confusable_codes_is_written_changed_and_taken_away(study: qc.Project, bridge: Bridge) -> None:
    choose(bridge, "E01")
    bridge.page.get_by_role("button", name="Makkelijk te verwarren").click()
    bridge.page.locator("dialog select").select_option(study.codebook.find("E02").guid)
    bridge.page.locator("dialog textarea").fill("Kies E02 als er gelachen werd.")
    bridge.picture("24-pair")
    bridge.page.locator("dialog .qc-primary").click()
    bridge.settled()
    (pair,) = study.codebook.confusable
    assert ({pair.first, pair.second}, pair.rule) == (
        {study.codebook.find("E01").guid, study.codebook.find("E02").guid},
        "Kies E02 als er gelachen werd.",
    )
    choose(bridge, "E02")  # it stands beside the other code too
    field = bridge.page.locator("[data-field^=pair-]")
    field.fill("Kies E02 bij een grap.")
    bridge.page.locator("[data-field=name]").focus()
    bridge.settled()
    assert [one.rule for one in study.codebook.confusable] == ["Kies E02 bij een grap."]
    field.fill("")
    bridge.page.locator("[data-field=name]").focus()
    bridge.settled()
    assert study.codebook.confusable == ()
    assert bridge.page.locator("[data-field^=pair-]").count() == 0
    study.undo()
    assert [one.rule for one in study.codebook.confusable] == ["Kies E02 bij een grap."]
    with pytest.raises(Refused, match="met zichzelf"):
        study.codebook.distinguish("E01", "E01", "altijd")


def test_what_a_code_asks_to_note_is_ticked_and_what_its_theme_asks_is_seen(study: qc.Project, bridge: Bridge) -> None:
    study.codebook.take(Codebook(dimensions=(Dimension("stelling", ("bevestigt", "nuanceert")), Dimension("actor", ()))))
    study.codebook.edit("E", requires=["actor"])
    bridge.desk.patch()
    bridge.deliver()
    choose(bridge, "E01")
    assert bridge.page.locator("[data-field=needs-actor]").is_checked()
    assert bridge.page.locator("[data-field=needs-actor]").is_disabled()
    bridge.page.locator("[data-field=needs-stelling]").check()
    bridge.settled()
    bridge.picture("25-needs")
    assert study.codebook.find("E01").requires == ("stelling",)
    bridge.page.locator("[data-field=needs-stelling]").uncheck()
    bridge.settled()
    assert study.codebook.find("E01").requires == ()


def test_a_code_on_fragments_does_not_become_a_theme(study: qc.Project, bridge: Bridge) -> None:
    choose(bridge, "E01")
    bridge.page.locator("[data-field=codable]").click()
    bridge.settled()
    assert "fragmenten (1)" in bridge.page.locator(".qc-banner").inner_text()
    assert bridge.page.locator("[data-field=codable]").is_checked()
    assert study.codebook.find("E01").codable
    choose(bridge, "O01")
    bridge.page.locator("[data-field=codable]").click()
    bridge.settled()
    assert not study.codebook.find("O01").codable


def test_splitting_retiring_and_adding_are_events_of_the_study(study: qc.Project, bridge: Bridge) -> None:
    choose(bridge, "E01")
    bridge.page.get_by_role("button", name="Splitsen").click()
    bridge.page.locator("dialog textarea").fill("Schelden\nKleineren")
    bridge.page.locator("dialog .qc-primary").click()
    bridge.settled()
    assert study.codebook.find("E01").retired
    assert study.codebook.find("Schelden").parent == study.codebook.find("E").guid
    choose(bridge, "O01")
    bridge.page.get_by_role("button", name="Buiten gebruik stellen").click()
    bridge.page.locator("dialog .qc-primary").click()
    bridge.settled()
    assert study.codebook.find("O01").retired
    bridge.page.get_by_role("button", name="Code toevoegen").click()
    bridge.page.locator("dialog input[type=text]").fill("Zwijgen")
    bridge.page.locator("dialog .qc-primary").click()
    bridge.settled()
    assert study.codebook.find("Zwijgen").codable


def test_a_code_is_found_by_words_of_its_definition(bridge: Bridge) -> None:
    bridge.page.locator(".qc-search").fill("scheldwoord")
    assert bridge.page.locator(".qc-row").all_inner_texts()[-1].find("Belediging") >= 0
    assert bridge.page.locator(".qc-row").count() == 2


def test_what_is_refused_stands_in_a_banner_and_the_field_goes_back(study: qc.Project, bridge: Bridge) -> None:
    choose(bridge, "E01")
    bridge.page.locator("[data-field=name]").fill("")
    bridge.page.locator("[data-field=source]").focus()
    bridge.settled()
    assert bridge.page.locator(".qc-banner").is_visible()
    assert bridge.page.locator("[data-field=name]").input_value() == "Belediging"
    assert study.codebook.find("E01").name == "Belediging"


def test_what_a_window_foresees_is_what_then_happens(study: qc.Project, bridge: Bridge) -> None:
    choose(bridge, "E02")
    bridge.page.get_by_role("button", name="Verplaatsen").click()
    bridge.page.locator("dialog select").select_option(study.codebook.find("O").guid)
    bridge.settled()
    then = foreseen(bridge)
    assert set(then) == {"E Ervaringen", "O Opvolging"}
    bridge.page.locator("dialog .qc-primary").click()
    bridge.settled()
    for name, (_, after) in then.items():
        assert after in bridge.page.locator(".qc-row", has_text=name.split()[1]).first.inner_text()


def test_a_preview_writes_nothing_and_says_how_many_fragments_will_wait(study: qc.Project, bridge: Bridge) -> None:
    events = study.stamp.events
    choose(bridge, "E01")
    bridge.page.get_by_role("button", name="Splitsen").click()
    bridge.page.locator("dialog textarea").fill("Schelden\nKleineren")
    bridge.page.locator("dialog input[type=checkbox]").focus()
    bridge.page.wait_for_selector("dialog tbody tr")
    bridge.picture("22-split")
    assert set(foreseen(bridge)) == {"Schelden", "Kleineren"}
    assert "Opnieuw te coderen fragmenten na deze wijziging: 1" in bridge.page.locator("dialog").inner_text()
    assert study.stamp.events == events


def test_versions_stand_side_by_side_with_the_words_that_differ(study: qc.Project, bridge: Bridge) -> None:
    study.codebook.name_version("0.1")
    study.codebook.edit("E01", definition="Een hard scheldwoord of kleinering.")
    study.codebook.retire("E02")
    bridge.desk.patch()
    bridge.deliver()
    bridge.page.get_by_role("button", name="Versies vergelijken").click()
    bridge.page.wait_for_selector("dialog .qc-sides")
    bridge.picture("23-versions")
    assert bridge.page.locator("dialog ins").all_inner_texts()[0].strip() == "hard"
    assert bridge.page.locator("dialog h3").all_inner_texts() == ["E01 Belediging", "E02 Grap"]
    bridge.page.locator("dialog select").first.select_option(index=0)
    bridge.page.wait_for_selector("dialog .qc-versions > p")
    assert "niets veranderd" in bridge.page.locator("dialog .qc-versions").inner_text()


def test_what_somebody_is_writing_stays_when_anothers_work_comes_in(study: qc.Project, bridge: Bridge) -> None:
    choose(bridge, "E01")
    bridge.page.locator("[data-field=definition]").focus()
    bridge.press("Control+End")
    bridge.write(" Ook zonder woo")
    study.code("FG1", "E02", turn=4)
    bridge.desk.patch()
    bridge.deliver()
    bridge.settled()
    assert "fragmenten 2" in bridge.page.locator(".qc-row", has_text="E02").inner_text()
    bridge.write("rden.")
    bridge.page.locator("[data-field=name]").focus()
    bridge.settled()
    assert study.codebook.find("E01").definition == "Een scheldwoord of kleinering. Ook zonder woorden."
