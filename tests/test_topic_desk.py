"""The desks of topics and suggestions in a real browser: what is clicked is what Python says, and nothing is coded by itself."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qualcode as qc
from desk.harness import Bridge, chromium
from discovery.spoken import WordEmbedder, sentences
from qualcode.errors import NotFound, Refused
from qualcode.project.waiting import queue
from qualcode.widgets.desk import Desk

MODEL = WordEmbedder()
SESSIONS = {"FG1": "focusgroep", "FG2": "focusgroep", "IV1": "interview"}
CODES = {"fietsen": "E01", "zwemmen": "E02"}
# turns (from 0) that get a code which has nothing to do with them
BESIDE = {("FG1", 7): "E19", ("IV1", 18): "E20"}
NEVER = "gras hemel lamp muur tafel glas stoel raam deur kast vloer dak trap hek poort tuin bloem steen zand".split()
BOOK = """
name: proef
version: "1"
language: nl
codes:
  - id: E
    name: Bezigheden
    codable: false
    codes:
      - id: EA
        name: Buiten
        codable: false
        codes:
          - {id: E01, name: Fietsen, definition: "Op een fiets met zadel en stuur."}
          - {id: E02, name: Zwemmen, definition: "In het water van een zwembad."}
      - id: EB
        name: Binnen
        codable: false
        codes:
""" + "".join(f'          - {{id: E{n + 3:02}, name: {word.title()}, definition: "Over {word}."}}\n' for n, word in enumerate(NEVER))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """Four subjects in three sessions: two have a code, in FG2 nothing is coded, one coding is beside the mark; and topics found in it."""
    folder = tmp_path_factory.mktemp("topicdesk")
    path = folder / "s.qualcode"
    lines, about = sentences(25)
    (folder / "boek.yaml").write_text(BOOK, encoding="utf-8")
    with qc.Project.create(path, coder="carla", codebook=folder / "boek.yaml") as study:
        for number, (name, kind) in enumerate(SESSIONS.items()):
            said = lines[number::3]
            turns = [f"{'M1' if n % 5 == 0 else f'R{number * 4 + n % 4 + 1}'}: {line}" for n, line in enumerate(said)]
            (folder / f"{name}.txt").write_text("\n\n".join(turns) + "\n", encoding="utf-8")
            study.import_documents(folder / f"{name}.txt", kind=kind)
            study.set_role(name, "M1", "moderator")
            subjects = about[number::3]
            for n, subject in enumerate(subjects):
                if name != "FG2" and n % 5 and subject in CODES:
                    study.code(name, BESIDE.get((name, n), CODES[subject]), turn=n + 1)
        qc.suggestions(study, model=MODEL)
        return path, qc.discover_topics(study, engine="kmeans", topics=5, model=MODEL)


@pytest.fixture
def topics(made: tuple[Path, Any]) -> Any:
    return made[1]


@pytest.fixture
def study(made: tuple[Path, Any], tmp_path: Path) -> Iterator[qc.Project]:
    shutil.copyfile(made[0], tmp_path / "s.qualcode")
    with qc.Project.open(tmp_path / "s.qualcode", coder="anna") as opened:
        yield opened


@pytest.fixture
def open_desk(browser: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Desk], Bridge]]:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    there: list[Bridge] = []

    def opened(desk: Desk) -> Bridge:
        there.append(Bridge(browser, desk))
        there[-1].settled()
        return there[-1]

    yield opened
    for one in there:
        one.close()


def state_of(study: qc.Project, guid: str) -> list[Any]:
    row = study.proposals.table(sort="topic").set_index("guid").loc[guid]
    return [row[name] if isinstance(row[name], str) else "" for name in ("name", "state", "code", "reason")]


# topics --------------------------------------------------------------------------------------------------


def test_keys_alone_lead_from_a_topic_to_a_proposed_code_to_coded_passages(
    study: qc.Project, topics: Any, open_desk: Callable[[Desk], Bridge]
) -> None:
    bridge = open_desk(qc.TopicDesk(study, topics, model=MODEL))
    bridge.picture("50-topics")
    guids = study.proposals.table(sort="topic")["guid"].tolist()
    bridge.page.locator(".qc-list").focus()
    bridge.press("ArrowDown", "c")
    bridge.write("Naam verkeerd uitgesproken")
    bridge.press("Tab")
    parent = bridge.page.locator("dialog select")
    parent.select_option(value=study.codebook.find("EB").guid)
    bridge.press("Tab", "Tab")
    bridge.page.locator("dialog textarea").focus()
    bridge.press("Control+Enter")  # without a reason nothing happens
    assert bridge.page.locator("dialog").is_visible()
    bridge.write("komt in drie gesprekken voor, nergens te coderen")
    bridge.picture("51-propose")
    bridge.press("Control+Enter")
    bridge.settled()
    name, state, code, reason = state_of(study, guids[1])
    assert (state, reason) == ("accepted", "komt in drie gesprekken voor, nergens te coderen")
    assert study.codebook.find(code).parent == study.codebook.find("EB").guid
    assert len(study.codings(code=code)) == 0  # nothing is coded by itself
    # the passages wait, one by one
    bridge.press("2")
    bridge.settled()
    bridge.picture("52-queue")
    waiting = queue(study, "topics")
    assert len(waiting) == len(study.proposals.passages(guids[1]))
    bridge.press("a")
    bridge.settled()
    bridge.press("l")
    bridge.settled()
    bridge.press("x")  # a reason is asked first
    bridge.write("gaat over iets anders")
    bridge.press("Escape", "x")
    bridge.settled()
    coded = study.codings(code=code)
    assert list(coded["coder"]) == ["anna"]
    assert (coded["document"].iloc[0], coded["start"].iloc[0]) == (waiting["document"].iloc[0], waiting["start"].iloc[0])
    refused = study.proposals.table(sort="coding", state="rejected")
    assert refused["reason"].tolist() == ["gaat over iets anders"]
    third = study.snapshot().tables["proposal"].query("state == 'rejected'").iloc[0]
    assert int(third["start"]) == int(waiting["start"].iloc[2])  # the second was put off
    bridge.press("Control+z", "Control+z")
    bridge.settled()
    assert len(study.codings(code=code)) == 0
    bridge.press("Control+z")
    bridge.settled()
    assert state_of(study, guids[1]) == [name, "pending", "", ""]


def test_each_decision_in_the_desk_is_the_verb_of_python(study: qc.Project, topics: Any, open_desk: Callable[[Desk], Bridge]) -> None:
    desk = qc.TopicDesk(study, topics, model=MODEL)
    bridge = open_desk(desk)
    guids = list(desk.topics().topics["guid"])
    bridge.page.locator(".qc-list").focus()
    bridge.press("n")
    bridge.write("Koffie")
    bridge.press("Enter")
    bridge.settled()
    assert state_of(study, guids[0])[0] == "Koffie"
    bridge.press("k")
    bridge.page.locator("dialog select").select_option(value=study.codebook.find("E01").guid)
    bridge.page.locator("dialog textarea").fill("gaat hierover")
    bridge.press("Control+Enter")
    bridge.settled()
    assert state_of(study, guids[0]) == ["Koffie", "accepted", "E01", "gaat hierover"]
    bridge.press("ArrowDown", "x")
    bridge.page.locator("dialog textarea").fill("gaat over de opname")
    bridge.press("Control+Enter")
    bridge.settled()
    assert state_of(study, guids[1])[1] == "rejected"
    # merge, and take apart again
    bridge.press("ArrowDown", "s")
    into = bridge.page.locator("dialog select").input_value()
    bridge.page.locator("dialog textarea").fill("hetzelfde")
    bridge.press("Control+Enter")
    bridge.settled()
    assert guids[2] not in set(study.proposals.table()["guid"])
    assert len(bridge.page.locator(".qc-item").all()) == len(guids) - 1
    bridge.page.locator(f"[data-key='{into}']").click()
    assert "niet gemeten" in bridge.page.locator(".qc-facts").inner_text()
    bridge.page.locator("[data-act=split]").click()
    bridge.page.locator("dialog textarea").fill("toch niet")
    bridge.press("Control+Enter")
    bridge.settled()
    assert guids[2] in set(study.proposals.table()["guid"])
    # divide
    before = len(study.proposals.passages(guids[3]))
    bridge.page.locator(f"[data-key='{guids[3]}']").click()
    bridge.page.locator("[data-act=split]").click()
    bridge.page.locator("dialog textarea").fill("twee dingen")
    bridge.press("Control+Enter")
    bridge.settled()
    assert len(bridge.page.locator(".qc-item").all()) == len(guids) + 1
    assert len(study.proposals.passages(guids[3])) < before


def test_a_topic_shows_where_it_lives_and_its_passages_in_the_conversation(
    study: qc.Project, topics: Any, open_desk: Callable[[Desk], Bridge]
) -> None:
    desk = qc.TopicDesk(study, topics, model=MODEL)
    bridge = open_desk(desk)
    row = desk.topics().topics.iloc[0]
    facts = bridge.page.locator(".qc-facts").inner_text()
    assert f"mensen: {row['voices']} " in facts
    assert bridge.page.locator(".qc-passage").count() == 5
    bridge.page.locator(".qc-list").focus()
    bridge.press("p")
    bridge.settled()
    shown = bridge.page.locator(".qc-passage")
    assert shown.count() == row["size"]
    first = study.proposals.passages(row["guid"]).iloc[0]
    marked = " ".join(shown.first.locator("mark").all_inner_texts())
    assert " ".join(marked.split()) == " ".join(first["text"].split())
    document = bridge.page.locator("[data-session]").first.get_attribute("data-session")
    bridge.page.locator("[data-session]").first.click()
    bridge.settled()
    assert all(str(document) in text for text in bridge.page.locator(".qc-passage > p").all_inner_texts())


def test_after_a_restart_the_kept_topics_stand_there_as_people_left_them(
    study: qc.Project, topics: Any, open_desk: Callable[[Desk], Bridge]
) -> None:
    desk = qc.TopicDesk(study, topics, model=MODEL)
    first, other, *_ = desk.topics().topics["guid"]
    study.proposals.merge(other, first, reason="hetzelfde")
    study.proposals.rename(first, "Samen")
    told = {guid: {**row} for guid, row in desk._rows(study.snapshot()).items()}
    with qc.Project.open(study._store.address, coder="anna") as again:
        events = again.stamp.events
        later = qc.TopicDesk(again, model=MODEL)
        assert later._rows(again.snapshot()) == told
        bridge = open_desk(later)
        assert "Samen" in bridge.page.locator(".qc-list").inner_text()
        # running the cell again keeps nothing twice
        qc.TopicDesk(again, topics, model=MODEL)
        assert again.stamp.events == events


def test_passages_of_a_text_that_changed_do_not_count_and_words_withdrawn_do_not_come_back(study: qc.Project, topics: Any) -> None:
    desk = qc.TopicDesk(study, topics, model=MODEL)
    before = desk.topics()
    assert before.passages is not None
    place = before.passages[before.passages["document"] == "FG1"].iloc[0]
    study.withdraw("FG1", turn=int(place["turn"]))
    after = desk.topics()
    gone = int((before.passages["document"] == "FG1").sum())
    assert after.topics["size"].sum() == before.topics["size"].sum() - gone
    assert any(note.startswith(f"{gone} passages staan in documenten") for note in after.notes)
    for guid in after.topics["guid"]:
        held = json.dumps(desk._passages({"topic": guid, "all": True}))
        assert place["text"] not in held
    later = qc.TopicDesk(study, model=MODEL).topics()
    assert later.topics["size"].tolist() == after.topics["size"].tolist()


def test_undoing_the_keeping_leaves_an_empty_desk_that_says_why(
    study: qc.Project, topics: Any, open_desk: Callable[[Desk], Bridge]
) -> None:
    bridge = open_desk(qc.TopicDesk(study, topics, model=MODEL))
    bridge.page.locator(".qc-list").focus()
    bridge.press("Control+z")
    bridge.settled()
    assert bridge.page.locator(".qc-item").count() == 0
    bridge.press("Control+y")
    bridge.settled()
    assert bridge.page.locator(".qc-item").count() == len(topics.topics)
    with qc.Project.open(study._store.address, coder="anna") as again:
        again.undo()
        with pytest.raises(NotFound, match="nog geen thema's bewaard"):
            qc.TopicDesk(again, model=MODEL)


def test_a_click_in_a_picture_opens_the_passages(study: qc.Project, topics: Any, open_desk: Callable[[Desk], Bridge]) -> None:
    desk = qc.TopicDesk(study, topics, model=MODEL)
    bridge = open_desk(desk)

    class Points:
        def __init__(self, *places: Any) -> None:
            self.point_inds = list(places)

    found = desk.topics()
    guids = list(found.topics["guid"])
    # a cell: the topic in that session
    cells = desk.chart("sessions").data[0]
    column = next(i for i, amount in enumerate(cells.z[2]) if not np.isnan(amount))
    desk._clicked(guids, cells, Points((2, column)), None)
    bridge.deliver()
    bridge.settled()
    assert bridge.page.locator(".qc-matter h2").first.inner_text() == found.topics["label"].iloc[2]
    assert all(str(cells.x[column]) in text for text in bridge.page.locator(".qc-passage > p").all_inner_texts())
    # a joint: all topics below it
    knots = desk.chart("tree").data[1]
    place = next(i for i, (below,) in enumerate(knots.customdata) if len(below) == 2)
    desk._clicked(guids, knots, Points(place), None)
    bridge.deliver()
    bridge.settled()
    assert bridge.page.locator(".qc-item").count() == 2
    bridge.page.get_by_role("button", name="toon alle thema's").click()
    # a point: the passage itself
    dots = desk.chart("map").data[0]
    number, document, *_ = dots.customdata[0]
    desk._clicked(guids, dots, Points(0), None)
    bridge.deliver()
    bridge.settled()
    assert bridge.page.locator(".qc-matter h2").first.inner_text() == found.topics["label"].iloc[int(number)]
    assert any(str(document) in text for text in bridge.page.locator(".qc-passage > p").all_inner_texts())
    with pytest.raises(Refused, match="Er is geen plaatje"):
        desk.chart("taart")  # type: ignore[arg-type]


# suggestions ---------------------------------------------------------------------------------------------


def test_accepting_rejecting_and_another_code_go_on_to_the_next_passage_at_once(
    study: qc.Project, open_desk: Callable[[Desk], Bridge]
) -> None:
    desk = qc.SuggestionDesk(study, code="E01", model=MODEL)
    bridge = open_desk(desk)
    bridge.picture("53-suggestions")
    rows = desk._waiting.rows
    assert "Nagemeten in deze studie" in bridge.page.locator(".qc-choosing").first.inner_text()
    bridge.page.locator(".qc-list").focus()
    bridge.press("a")
    bridge.settled()
    bridge.press("x")
    bridge.write("gaat over een ander")
    bridge.press("Escape", "x")
    bridge.settled()
    bridge.press("o")  # which code? asked first
    bridge.page.locator("[data-field=other]").select_option(value=study.codebook.find("E02").guid)
    bridge.press("Escape", "o")
    bridge.settled()
    mine = study.codings(coder="anna")
    assert sorted(zip(mine["code"], mine["start"], strict=True)) == sorted([("E01", rows["start"][0]), ("E02", rows["start"][2])])
    table = study.proposals.table(sort="coding")
    assert table["state"].tolist() == ["accepted", "rejected", "rejected"]
    assert table["reason"].tolist()[1:] == ["gaat over een ander", f"een andere code: {study.codebook.find('E02')}"]
    assert f"3 van {len(rows)} beslist" in bridge.page.locator(".qc-column").inner_text()
    held = bridge.page.locator(".qc-item[aria-selected=true]").get_attribute("data-key")
    assert held == rows["key"][3]
    # the others wait until asked for: then what was refused does not come back
    again = queue(study, "suggested", desk._waiting.learned, code="E01")
    assert not set(rows["key"][:3]) & set(again["key"])
    bridge.press("Control+z")
    bridge.settled()
    assert len(study.codings(coder="anna")) == 1


def test_suggestions_are_made_anew_when_asked_and_learn_what_was_coded(study: qc.Project, open_desk: Callable[[Desk], Bridge]) -> None:
    desk = qc.SuggestionDesk(study, code="E01", model=MODEL)
    bridge = open_desk(desk)
    learned, first = desk._waiting.learned, desk._waiting.rows["key"][0]
    bridge.page.locator(".qc-list").focus()
    bridge.press("a")
    bridge.settled()
    assert desk._waiting.learned is learned
    bridge.press("v")
    if desk.learning is not None:
        desk.learning.join(60)
    bridge.deliver()
    bridge.settled()
    assert desk._waiting.learned is not learned
    assert first not in set(desk._waiting.rows["key"])
    assert bridge.page.locator("[data-act=again]").is_enabled()


def test_a_queue_made_before_a_text_changed_puts_no_code_on_other_words(study: qc.Project, open_desk: Callable[[Desk], Bridge]) -> None:
    desk = qc.SuggestionDesk(study, code="E01", model=MODEL)
    bridge = open_desk(desk)
    first = desk._waiting.rows.iloc[0]
    study.withdraw(first["document"], turn=1)  # all that comes after it now stands elsewhere
    bridge.page.locator(".qc-list").focus()
    bridge.press("a")
    bridge.settled()
    assert "is veranderd sinds deze rij" in bridge.page.locator(".qc-banner").inner_text()
    assert study.codings(coder="anna").empty
    bridge.press("v")
    if desk.learning is not None:
        desk.learning.join(60)
    bridge.deliver()
    bridge.settled()
    shown = " ".join(bridge.page.locator(".qc-reading mark").first.inner_text().split())
    bridge.page.locator(".qc-list").focus()
    bridge.press("a")
    bridge.settled()
    assert [" ".join(text.split()) for text in study.codings(coder="anna")["text"]] == [shown]


def test_every_queue_shows_participants_only_and_says_what_it_is(study: qc.Project, open_desk: Callable[[Desk], Bridge]) -> None:
    desk = qc.SuggestionDesk(study, model=MODEL)
    bridge = open_desk(desk)
    turns = qc.turns(study)
    people = set(turns.loc[turns["role"] == "deelnemer", ["document", "turn"]].itertuples(index=False, name=None))
    seen = 0
    for source in ("next", "miscoded", "alike", "uncoded", "suggested"):
        bridge.page.get_by_label("Welke rij").select_option(value=source)
        bridge.settled()
        rows = desk._waiting.rows
        assert set(zip(rows["document"], rows["turn"], strict=True)) <= people
        assert len(rows) <= 60
        seen += len(rows)
        bridge.picture(f"54-{source}")
    assert seen > 60
    with pytest.raises(Refused, match="Er is geen rij"):
        qc.SuggestionDesk(study, source="alles", model=MODEL)


def test_a_coding_that_looks_wrong_is_changed_or_stands_with_a_reason(study: qc.Project, open_desk: Callable[[Desk], Bridge]) -> None:
    desk = qc.SuggestionDesk(study, source="miscoded", model=MODEL)
    first, second = (dict(row) for row in desk._waiting.rows.head(2).to_dict("records"))
    bridge = open_desk(desk)
    bridge.page.locator(".qc-list").focus()
    # somebody else's: a review says so, their coding stays theirs
    before = study.codings().set_index("coding")["code"]
    bridge.press("a")
    bridge.settled()
    assert study.codings().set_index("coding")["code"].equals(before)
    assert study.threads()["verdict"].tolist() == ["change"]
    bridge.press("x")
    bridge.write("klopt zo")
    bridge.press("Escape", "x")
    bridge.settled()
    decided = study.snapshot().tables["proposal"].set_index("coding")["state"]
    assert decided.to_dict() == {first["coding"]: "accepted", second["coding"]: "rejected"}


def test_who_works_blind_gets_nothing_that_others_judged(study: qc.Project, open_desk: Callable[[Desk], Bridge]) -> None:
    place = qc.suggestions(study, code="E01", model=MODEL).iloc[0]
    span = (int(place["start"]), int(place["end"]))
    study.proposals.accept(place["document"], span, "E01")
    study.code("FG2", "E02", turn=9)
    study.blind("bram")
    with qc.Project.open(study._store.address, coder="bram") as bram:
        bram.code("FG1", "E02", turn=12)
        desk = qc.SuggestionDesk(bram, code="E01", model=MODEL)
        known = desk._waiting.learned
        assert known is not None
        assert {guid for guid in known[0].known.coding if guid} <= set(bram.codings()["coding"])
        assert bram.proposals.table().empty
        assert set(desk._waiting.rows["like"]) | set(desk._waiting.rows["unlike"]) <= {"", *bram.codings()["coding"]}
        assert place["start"] in set(desk._waiting.rows["start"])  # that somebody coded it does not show
        assert desk._waiting.done() == {}
        bridge = open_desk(desk)
        assert bridge.page.locator(".qc-notice").is_visible()
        events = bram.snapshot().events
        assert "suggestion" not in set(events["kind"])


# for everybody -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["topics", "suggestions"])
def test_the_desks_are_for_everybody_and_keep_nothing_in_their_state(
    study: qc.Project, topics: Any, kind: str, theme: str, open_desk: Callable[[Desk], Bridge]
) -> None:
    desk: Desk = (
        qc.TopicDesk(study, topics, model=MODEL, theme=theme)
        if kind == "topics"
        else qc.SuggestionDesk(study, code="E01", model=MODEL, theme=theme)
    )
    bridge = open_desk(desk)
    bare = bridge.page.evaluate(
        "() => [...document.querySelectorAll('.qc-desk :is(button,input,select,textarea,summary,dialog,[tabindex])')]"
        ".filter(one => one.dataset.lmSuppressShortcuts !== 'true').map(one => one.outerHTML.slice(0, 80))"
    )
    assert bare == []
    said = bridge.page.locator(".qc-reading mark").first.inner_text()
    assert said
    assert said not in json.dumps(desk.get_state(), default=str)
    bridge.picture(f"55-{kind}-{theme}")
    axe = os.environ.get("QUALCODE_AXE")
    if not axe:
        return
    bridge.page.evaluate(Path(axe).read_text(encoding="utf-8"))
    result = bridge.page.evaluate("() => axe.run('.qc-desk', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })")
    assert len(result["passes"]) > 8
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in result["violations"]] == []
