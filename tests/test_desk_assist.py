"""What the coding desk looks up beside coding: memos on a document and a code, searching the study, likely codes; by mouse and by keys."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import qualcode as qc
from desk.harness import Bridge, Opener, chromium
from qualcode.widgets import assisting
from qualcode.widgets.coding import CodingDesk
from qualcode.widgets.desk import Desk

TALK = "M1: hoe ging het melden?\n\nR1: ik heb het toen gemeld\n\nR2: kan beter vind ik\n\nR1: nou ja zeg\n\nR2: gemeld heb ik nooit iets\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def study(tmp_path: Path) -> Iterator[qc.Project]:
    (tmp_path / "FG1.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "FG2.txt").write_text("R1: ook wij hebben gemeld\n\nR2: wij niet\n", encoding="utf-8")
    with qc.Project.create(tmp_path / "s.qualcode", coder="anna") as made:
        made.import_documents([tmp_path / "FG1.txt", tmp_path / "FG2.txt"], kind="focusgroep")
        made.codebook.add("E", "Ervaringen", codable=False)
        for id, name in (("E01", "Belediging"), ("E02", "Melden")):
            made.codebook.add(id, name, parent="E", definition="Iets.")
        yield made


@pytest.fixture
def opened(browser: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    bridges: list[Bridge] = []

    def open_(study: qc.Project, document: str = "FG1", **how: Any) -> Bridge:
        bridges.append(Bridge(browser, CodingDesk(study, document, **how)))
        return bridges[-1]

    yield open_
    for bridge in bridges:
        bridge.close()


def worked_out(bridge: Bridge) -> None:
    """Wait for what the desk works out beside the page, and bring it there."""
    bridge.settled()
    for thread in threading.enumerate():
        if thread.name == "qualcode-desk-later":
            thread.join(60)
    bridge.deliver()
    bridge.settled()


def on(study: qc.Project, kind: str) -> list[str]:
    table = study.snapshot().memos
    return table.loc[table["on"] == kind, "text"].tolist()


# memos ---------------------------------------------------------------------------------------------------


def test_a_memo_on_the_document_is_written_by_key_and_changed_by_mouse(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.page.locator(".qc-text").focus()
    bridge.press("M")
    bridge.write("een moeizaam begin")
    bridge.press("Control+Enter")
    bridge.settled()
    assert on(study, "document") == ["een moeizaam begin"]
    assert bridge.page.locator(".qc-document-memos").inner_text() == "✎ 1"
    bridge.page.locator(".qc-document-memos").click()
    bridge.picture("34-document-memo")
    bridge.page.locator("dialog [class=qc-note]").click()
    bridge.page.locator("dialog textarea").fill("een goed begin")
    bridge.page.get_by_role("button", name="Bewaren").click()
    bridge.settled()
    assert on(study, "document") == ["een goed begin"]
    bridge.page.locator(".qc-documents").select_option("FG2")
    bridge.settled()
    assert bridge.page.locator(".qc-document-memos").inner_text() == "✎"


def test_a_memo_on_a_code_is_written_from_the_palette_and_from_a_coding(study: qc.Project, opened: Opener) -> None:
    made = study.code("FG1", "E01", turn=2)
    bridge = opened(study)
    bridge.page.locator(".qc-text").focus()
    bridge.press("c")
    bridge.write("e02")
    bridge.press("Alt+Enter")
    bridge.write("te breed?")
    bridge.press("Control+Enter")
    bridge.settled()
    memo = study.snapshot().memos.iloc[0]
    assert (memo["on"], memo["target"], memo["text"]) == ("code", study.codebook.find("E02").guid, "te breed?")
    assert bridge.page.locator(".qc-palette .qc-noting").inner_text().endswith("1")
    bridge.page.locator(f"[data-chip='{made.guid}']").click()
    bridge.press("k")
    bridge.write("ook achter de rug?")
    bridge.press("Control+Enter")
    bridge.settled()
    assert on(study, "code") == ["te breed?", "ook achter de rug?"]
    with qc.Project.open(study._store.address, coder="bram") as other:
        other.memo("van bram", code="E02")
    bridge.desk.look()
    bridge.deliver()
    bridge.page.locator(".qc-text").focus()
    bridge.press("Escape")
    bridge.page.locator(".qc-palette .qc-input").fill("e02")
    bridge.page.wait_for_function("() => document.querySelector('.qc-palette .qc-noting').textContent.endsWith('2')")


# searching the study --------------------------------------------------------------------------------------


def test_a_query_lists_places_with_their_codes_and_goes_there(study: qc.Project, opened: Opener) -> None:
    study.code("FG1", "E02", turn=2)
    bridge = opened(study)
    bridge.page.locator(".qc-text").focus()
    bridge.press("/")
    bridge.write("lemma:melden EN NIET rol:moderator")
    bridge.press("Enter")
    worked_out(bridge)
    rows = bridge.page.locator(".qc-seeking .qc-line")
    frame = study.find("lemma:melden EN NIET rol:moderator", document="FG1")
    assert rows.count() == len(frame) == 2
    assert rows.locator("mark").all_inner_texts() == frame["hit"].tolist() == ["gemeld", "gemeld"]
    assert rows.locator(".qc-codes").all_inner_texts() == ["E02", "geen code"]
    bridge.press("ArrowDown", "ArrowDown")
    assert "beurt 5" in bridge.page.locator(".qc-purpose").inner_text()
    bridge.picture("35-seek")
    bridge.page.get_by_label("Waar zoeken").select_option("1")
    worked_out(bridge)
    assert rows.count() == 3
    rows.last.click()
    bridge.page.wait_for_function("document.querySelector('.qc-documents').value === 'FG2'")
    bridge.settled()
    assert bridge.desk.document == "FG2"
    bridge.page.locator(".qc-seeking .qc-list").focus()
    bridge.press("Enter")
    bridge.write("e02")
    bridge.press("Enter")
    bridge.settled()
    assert study.codings(document="FG2")["text"].tolist() == ["gemeld"]


def test_a_query_that_cannot_be_read_says_why(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.page.get_by_role("button", name="Studie doorzoeken").click()
    bridge.write("spreker:R9 EN (gemeld")
    bridge.press("Enter")
    worked_out(bridge)
    with pytest.raises(qc.QualcodeError) as refused:
        study.find("spreker:R9 EN (gemeld", document="FG1")
    assert bridge.page.locator(".qc-seeking [role=status]").inner_text() == str(refused.value)
    assert bridge.page.locator(".qc-seeking .qc-line").count() == 0
    bridge.press("Escape")
    assert bridge.page.locator(".qc-seeking").is_hidden()


# likely codes -----------------------------------------------------------------------------------------------


@pytest.fixture
def guessed(study: qc.Project, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Learn nothing, and think E02 and E01 likely for whatever is asked; return the spans that were asked about."""
    spans: list[tuple[int, int]] = []
    codes = [
        (code.id, code.name, chance, "3 van 4 juist", code.guid)
        for code, chance in ((study.codebook.find("E02"), 0.7), (study.codebook.find("E01"), 0.3))
    ]

    def likely_codes(_study: qc.Project, _document: str, span: tuple[int, int], **_: Any) -> pd.DataFrame:
        spans.append(span)
        frame = pd.DataFrame(codes, columns=["code", "name", "chance", "measured", "code_guid"])
        frame.attrs["notes"] = ["Nagemeten op 2 sessies."]
        return frame

    monkeypatch.setattr("qualcode.project.discovery.suggester", lambda _study: None)
    monkeypatch.setattr("qualcode.project.likely.likely_codes", likely_codes)
    return spans


def test_a_likely_code_becomes_a_coding_only_when_somebody_takes_it_over(
    study: qc.Project, opened: Opener, guessed: list[tuple[int, int]]
) -> None:
    bridge = opened(study)
    bridge.drag(2, "toen gemeld")
    bridge.press(".")
    worked_out(bridge)
    assert len(study.codings()) == 0
    text = study.snapshot().text(study.snapshot().document_names["FG1"])
    assert [text[a:b] for a, b in guessed] == ["toen gemeld"]
    items = bridge.page.locator("[data-likely]")
    assert [one.get_attribute("data-likely") for one in items.all()] == ["E02", "E01"]
    assert "70%" in items.first.inner_text()
    assert "3 van 4 juist" in items.first.inner_text()
    bridge.picture("36-likely")
    bridge.press(".", "Enter")  # the first button, then that button
    bridge.settled()
    (made,) = study.codings().to_dict("records")
    assert (made["code"], made["text"], made["coder"]) == ("E02", "toen gemeld", "anna")
    assert study.proposals.table(sort="coding", state="accepted")["code"].tolist() == ["E02"]
    items.first.get_by_role("button", name="Afwijzen…").click()
    bridge.page.get_by_label("Waarom niet?").last.fill("gaat hier niet over schelden")
    bridge.press("Enter")
    bridge.settled()
    refused = study.proposals.table(sort="coding", state="rejected")
    assert (refused["code"].tolist(), refused["reason"].tolist()) == (["E01"], ["gaat hier niet over schelden"])
    assert items.count() == 0
    assert len(study.codings()) == 1
    bridge.press("Control+z", "Control+z")
    bridge.settled()
    assert len(study.codings()) == 0
    assert len(study.proposals.table(sort="coding")) == 0


def test_words_of_a_moderator_get_no_suggestion(study: qc.Project, opened: Opener, guessed: list[tuple[int, int]]) -> None:
    bridge = opened(study)
    bridge.drag(1, "hoe ging")
    bridge.page.get_by_role("button", name="Waarschijnlijke codes").click()
    worked_out(bridge)
    assert "moderator" in bridge.page.locator(".qc-banner").inner_text()
    assert guessed == []


def test_the_desk_goes_on_while_it_thinks_and_other_words_drop_the_question(
    study: qc.Project, opened: Opener, guessed: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    monkeypatch.setattr("qualcode.project.discovery.suggester", lambda _study: go.wait(60))
    bridge = opened(study)
    bridge.drag(2, "toen gemeld")
    bridge.press(".")
    bridge.settled()
    assert "enkele seconden" in bridge.page.locator(".qc-likely").inner_text()
    bridge.drag(3, "beter vind")
    bridge.write("e01")
    bridge.press("Enter")
    bridge.settled()
    assert study.codings()["text"].tolist() == ["beter vind"]
    go.set()
    worked_out(bridge)
    assert len(guessed) == 1
    assert bridge.page.locator("[data-likely]").count() == 0


def test_an_answer_of_none_and_a_mistake_of_ours_are_both_said(study: qc.Project, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[dict[str, Any]] = [{"start": 0, "end": 1, "codes": [], "notes": []}]
    monkeypatch.setattr(assisting.Guesses, "of", lambda _self, _document, _span: answers.pop())
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    bridge = opened(study)
    for expected in ("Geen enkele code", "IndexError"):
        bridge.drag(2, "toen gemeld")
        bridge.press("Escape")
        bridge.drag(2, "toen gemeld")
        bridge.press(".")
        worked_out(bridge)
        assert expected in bridge.page.locator(".qc-likely").inner_text()


@pytest.mark.slow
def test_likely_codes_are_those_of_the_study_and_never_on_who_asks(sample_file: Path, tmp_path: Path) -> None:
    from qualcode.discovery.suggesting import FLOOR
    from qualcode.project.discovery import suggester
    from qualcode.project.likely import likely_codes

    shutil.copyfile(sample_file, tmp_path / "s.qualcode")
    study = qc.Project.open(tmp_path / "s.qualcode", coder="consensus")
    before, coders = study.stamp.events, set(study.codings()["coder"])
    taught = suggester(study)
    coded = study.codings().drop_duplicates(["document", "start", "end"]).head(60)
    asked = [(row.document, (row.start, row.end - 2)) for row in coded.itertuples()]
    answers = [likely_codes(study, *one, taught=taught) for one in asked]
    told = [(one, frame) for one, frame in zip(asked, answers, strict=True) if len(frame)]
    assert 0 < len(told) < len(asked)  # for some words it cannot tell
    assert all(frame["chance"].is_monotonic_decreasing and frame["chance"].min() >= FLOOR and len(frame) <= 3 for _, frame in told)
    (document, span), frame = told[0]
    study.proposals.refuse(document, span, frame["code"][0], reason="gaat over iets anders")
    assert frame["code"][0] not in likely_codes(study, document, span, taught=taught)["code"].tolist()
    turns = study.snapshot().turns
    asks = turns[turns["role"] == "moderator"].iloc[0]
    name = study.snapshot().document_row(asks["document"])["name"]
    with pytest.raises(qc.errors.Refused):
        likely_codes(study, name, (int(asks["start"]), int(asks["end"])), taught=taught)
    assert study.stamp.events == before + 1
    assert set(study.codings()["coder"]) == coders
    study.close()
