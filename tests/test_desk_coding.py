"""The coding desk in a real browser: every gesture ends in the study as the Python call would have written it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from desk.harness import Bridge, Opener, chromium
from qualcode.widgets.coding import CodingDesk
from qualcode.widgets.desk import Desk


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def study(sample_file: Path, tmp_path: Path) -> Iterator[qc.Project]:
    shutil.copyfile(sample_file, tmp_path / "studie.qualcode")
    with qc.Project.open(tmp_path / "studie.qualcode", coder="anna") as opened:
        yield opened


@pytest.fixture
def opened(browser: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    bridges: list[Bridge] = []

    def open_(study: qc.Project, document: str = "FG1", **how: Any) -> Bridge:
        bridges.append(Bridge(browser, CodingDesk(study, document), **how))
        return bridges[-1]

    yield open_
    for bridge in bridges:
        bridge.close()


def mine(study: qc.Project) -> list[dict[str, Any]]:
    frame = study.codings()
    return frame[frame["coder"] == "anna"].to_dict("records")


def test_words_selected_by_mouse_and_two_letters_are_a_coding_in_the_study(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    text = study.snapshot().turns_of(study.snapshot().document_names["FG1"]).iloc[3]
    words = study.snapshot().text(study.snapshot().document_names["FG1"])[text["start"] : text["end"]]
    chosen = " ".join(words.split()[1:6])
    bridge.picture("01-open")
    bridge.drag(4, chosen)
    bridge.picture("02-selected")
    bridge.write("onderschat")
    bridge.picture("03-typed")
    bridge.press("Enter")
    bridge.settled()
    bridge.picture("04-coded")
    (made,) = mine(study)
    assert made["text"] == chosen
    assert made["code"] == "E07"
    assert bridge.page.locator(f"[data-chip='{made['coding']}']").count() == 1


def words_of(study: qc.Project, turn: int, first: int, last: int, document: str = "FG1") -> str:
    """Return words of a turn, from number ``first`` up to and with ``last`` (from 0), as they stand there."""
    now = study.snapshot()
    guid = now.document_names[document]
    row = now.turns_of(guid).iloc[turn - 1]
    text = now.text(guid)[row["start"] : row["end"]]
    spans = [m.span() for m in re.finditer(r"\S+", text)]
    return text[spans[first][0] : spans[last][1]]


def hold(bridge: Bridge, coding: str) -> None:
    bridge.page.locator(f"[data-chip='{coding}']").scroll_into_view_if_needed()
    bridge.page.locator(f"[data-chip='{coding}']").click()
    bridge.page.wait_for_selector("[data-mode='coding']")


def to_text(bridge: Bridge) -> None:
    bridge.page.locator(".qc-text").focus()


def test_a_selection_over_turns_is_one_coding(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.drag(4, words_of(study, 4, 3, 6), (6, words_of(study, 6, 0, 1)))
    bridge.write("e07")
    bridge.press("Enter")
    bridge.settled()
    (made,) = mine(study)
    assert made["text"].startswith(words_of(study, 4, 3, 6))
    assert made["text"].endswith(words_of(study, 6, 0, 1))
    assert "4" in bridge.page.locator(".qc-purpose").inner_text()
    assert "6" in bridge.page.locator(".qc-purpose").inner_text()


def test_a_code_is_chosen_by_clicking_it(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.drag(7, words_of(study, 7, 2, 5))
    bridge.page.locator(".qc-option", has_text="Belediging").click()
    bridge.settled()
    bridge.page.locator(".qc-option", has_text="E02").click()
    bridge.settled()
    assert [row["code"] for row in mine(study)] == ["E01", "E02"]
    assert {row["text"] for row in mine(study)} == {words_of(study, 7, 2, 5)}


def test_keys_alone_code_as_the_python_call_does(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    to_text(bridge)
    bridge.press("ArrowDown", "ArrowDown", "ArrowDown")  # first word of turn 4
    bridge.press("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    bridge.write("e07")
    bridge.press("Enter")
    bridge.settled()
    bridge.press("ArrowDown", "Control+a", "1")  # the whole of turn 5, the code used last
    bridge.settled()
    bridge.picture("05-keys")
    by_keys = [(row["text"], row["code"]) for row in mine(study)]
    study.undo()
    study.undo()
    assert mine(study) == []
    study.code("FG1", "E07", turn=4, text=words_of(study, 4, 1, 4))
    study.code("FG1", "E07", turn=5)
    assert by_keys == [(row["text"], row["code"]) for row in mine(study)]


def test_undo_and_redo_take_back_what_was_done_here(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.drag(4, words_of(study, 4, 1, 3))
    bridge.write("e07")
    bridge.press("Enter")
    bridge.settled()
    guid = mine(study)[0]["coding"]
    bridge.press("Control+z")
    bridge.settled()
    assert mine(study) == []
    assert bridge.page.locator(f"[data-chip='{guid}']").count() == 0
    bridge.press("Control+y")
    bridge.settled()
    assert [row["coding"] for row in mine(study)] == [guid]
    assert bridge.page.locator(f"[data-chip='{guid}']").count() == 1


def test_a_coding_gets_another_code_boundary_memo_and_dimensions_by_keyboard(study: qc.Project, opened: Opener) -> None:
    made = study.code("FG1", "E07", turn=7, text=words_of(study, 7, 0, 3))
    bridge = opened(study)
    hold(bridge, made.guid)
    bridge.picture("06-held")
    bridge.press("r")
    bridge.write("e09")
    bridge.press("Enter")
    bridge.settled()
    assert mine(study)[0]["code"] == "E09"
    bridge.press("Shift+ArrowRight", "Shift+ArrowRight", "b")
    bridge.settled()
    assert mine(study)[0]["text"] == words_of(study, 7, 0, 5)
    bridge.press("m")
    bridge.write("navragen")
    bridge.press("Escape")
    bridge.settled()
    assert mine(study)[0]["memo"] == "navragen"
    bridge.press("d")
    bridge.page.locator(".qc-detail select").first.select_option("nuanceert")
    bridge.settled()
    assert mine(study)[0]["stelling"] == "nuanceert"
    assert mine(study)[0]["coding"] == made.guid


def test_an_answer_that_comes_late_does_not_take_back_what_was_chosen_since(study: qc.Project, opened: Opener) -> None:
    made = study.code("FG1", "E07", turn=7, text=words_of(study, 7, 0, 3))
    bridge = opened(study)
    hold(bridge, made.guid)
    bridge.press("d")
    chosen = "document.activeElement.value"
    bridge.silent = True  # the study is slow
    asked = len(bridge.heard)
    bridge.press("ArrowDown", "ArrowDown")
    second = bridge.page.evaluate(chosen)
    for message in list(bridge.heard[asked:]):
        bridge.desk._handle_custom_msg(message, [])
        bridge.deliver()
        bridge.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert bridge.page.evaluate(chosen) == second
    bridge.silent = False
    bridge.press("ArrowDown")
    third = bridge.page.evaluate(chosen)
    bridge.settled()
    assert len({"", second, third}) == 3
    field = bridge.page.evaluate("document.activeElement.dataset.field")
    assert study.codings(coder="anna")[field].tolist() == [third]


def test_a_coding_is_removed_by_key_and_comes_back(study: qc.Project, opened: Opener) -> None:
    made = study.code("FG1", "E07", turn=7)
    bridge = opened(study)
    hold(bridge, made.guid)
    bridge.press("Delete")
    bridge.settled()
    assert mine(study) == []
    bridge.press("Control+z")
    bridge.settled()
    assert [row["coding"] for row in mine(study)] == [made.guid]


@pytest.mark.parametrize("by", ["key", "mouse"])
def test_a_memo_on_selected_words_is_on_those_words(study: qc.Project, opened: Opener, by: str) -> None:
    bridge = opened(study)
    words = words_of(study, 7, 1, 3)
    button = bridge.page.locator(".qc-memo-words")
    assert not button.is_visible()
    bridge.drag(7, words)
    if by == "key":
        bridge.press(",")
    else:
        button.click()
    bridge.page.locator("dialog textarea").fill("Let op de toon")
    bridge.press("Control+Enter")
    bridge.settled()
    (memo,) = study.snapshot().memos.to_dict("records")
    assert study.snapshot().text(memo["document"])[int(memo["start"]) : int(memo["end"])] == words
    assert bridge.page.locator(".qc-desk").get_attribute("data-mode") == "select"  # and a code can still go on them


def test_a_memo_on_a_turn_is_kept_and_jumped_to(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.drag(7, words_of(study, 7, 0, 3))
    bridge.press("Escape")
    bridge.press("m")
    bridge.page.locator("dialog textarea").fill("Let op de toon")
    bridge.press("Control+Enter")
    bridge.settled()
    (memo,) = study.snapshot().memos.to_dict("records")
    assert memo["text"] == "Let op de toon"
    assert bridge.page.locator(".qc-memo").count() == 1


def test_a_new_code_in_the_words_of_the_speaker_is_put_on_them(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.drag(7, words_of(study, 7, 2, 4))
    bridge.press("Enter", "Control+Enter")
    bridge.settled()
    (made,) = mine(study)
    assert study.codebook.find(made["code"]).name == words_of(study, 7, 2, 4)
    bridge.press("Control+z")
    bridge.settled()
    assert mine(study) == []


def test_search_finds_words_without_capitals_and_accents(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    to_text(bridge)
    bridge.press("Control+f")
    bridge.write("EEN gebouw")
    bridge.press("Enter")
    bridge.picture("07-search")
    assert "gevonden" in bridge.page.locator(".qc-hits").inner_text() or "van" in bridge.page.locator(".qc-hits").inner_text()
    assert bridge.page.locator(".qc-desk").get_attribute("data-mode") == "select"


def test_words_of_a_moderator_are_refused_in_a_banner_and_nothing_is_written(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    before = study.snapshot().stamp.events
    bridge.drag(2, words_of(study, 2, 1, 4))
    bridge.write("e07")
    bridge.press("Enter")
    bridge.settled()
    banner = bridge.page.locator(".qc-banner")
    assert "moderator" in banner.inner_text()
    assert bridge.page.locator(".qc-pending").count() == 0
    assert mine(study) == []
    assert study.snapshot().stamp.events <= before + 1  # anna herself may have entered the study


def test_what_a_second_writer_codes_appears_and_undo_leaves_it(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    study.code("FG1", "E07", turn=4)
    with qc.Project.open(study._store.address, coder="bram") as other:
        theirs = other.code("FG1", "E09", turn=5)
    bridge.desk.look()
    bridge.deliver()
    bridge.settled()
    assert bridge.page.locator(f"[data-chip='{theirs.guid}']").count() == 1
    assert "bram" in bridge.page.locator(".qc-status").inner_text()
    to_text(bridge)
    bridge.press("Control+z")
    bridge.settled()
    assert mine(study) == []
    assert theirs.guid in set(study.snapshot().codings["guid"])


def test_a_lost_kernel_shows_a_banner_and_what_waits_is_done_on_return(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.drag(4, words_of(study, 4, 1, 3))
    bridge.page.evaluate("window.dead = true")
    bridge.write("e07")
    bridge.press("Enter")
    dotted = "[...CSS.highlights].filter(([name]) => name.endsWith('-waiting')).reduce((sum, [, one]) => sum + one.size, 0)"
    bridge.page.wait_for_function(f"{dotted} === 1")  # dots under the words at once
    bridge.page.wait_for_selector(".qc-desk[data-lost='1']")
    bridge.picture("08-lost")
    assert "1" in bridge.page.locator(".qc-banner").inner_text()
    bridge.page.wait_for_selector(".qc-chip.qc-pending")
    assert bridge.page.locator(".qc-chip.qc-pending").count() == 1
    assert mine(study) == []
    bridge.page.evaluate("window.dead = false")
    bridge.page.locator(".qc-banner button").click()
    bridge.settled()
    assert [row["code"] for row in mine(study)] == ["E07"]
    assert bridge.page.evaluate(dotted) == 0
    assert bridge.page.locator(".qc-banner").is_hidden()


def test_a_gesture_that_arrives_twice_is_done_once(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    message = {"v": 1, "kind": "code", "client": "a", "req": 1, "start": 2000, "end": 2020, "code": "E07"}
    turn = study.snapshot().turns_of(study.snapshot().document_names["FG1"]).iloc[3]
    message |= {"start": int(turn["start"]), "end": int(turn["end"])}
    bridge.desk._handle_custom_msg(message, [])
    bridge.desk._handle_custom_msg(message, [])
    assert len(mine(study)) == 1


def test_a_page_that_missed_a_patch_asks_for_everything(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    study.code("FG1", "E07", turn=4)
    bridge.desk.patch()
    bridge.out.clear()
    made = study.code("FG1", "E09", turn=5)
    bridge.desk.patch()
    bridge.deliver()
    bridge.page.wait_for_selector(f"[data-chip='{made.guid}']")
    assert bridge.page.locator(".qc-chips .qc-chip", has_text="E07").count() >= 1
    assert [m["kind"] for m in bridge.heard].count("hello") == 2


def test_reload_shows_everything_again(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.drag(4, words_of(study, 4, 1, 3))
    bridge.write("e07")
    bridge.press("Enter")
    bridge.settled()
    bridge.open()
    assert bridge.page.locator(f"[data-chip='{mine(study)[0]['coding']}']").count() == 1


def test_two_views_of_one_desk_each_get_their_own_page(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    shown = len(bridge.said)
    bridge.desk._handle_custom_msg({"v": 1, "kind": "hello", "client": "another"}, [])
    assert bridge.said[shown]["to"] == "another"
    bridge.page.locator(".qc-text").evaluate("one => one.scrollTop = 300")
    bridge.deliver()
    assert bridge.page.locator(".qc-text").evaluate("one => one.scrollTop") == 300


def test_word_forms_are_looked_for_by_the_study_and_walked_along(
    study: qc.Project, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []
    turns = study.snapshot().turns_of(study.snapshot().document_names["FG1"])

    def search(_study: qc.Project, words: str, **how: Any) -> Any:
        asked.append((words, how))
        return turns.iloc[[3, 6]][["start"]].assign(end=lambda frame: frame["start"] + 4)

    monkeypatch.setattr(qc.Project, "search", search)
    bridge = opened(study)
    bridge.page.get_by_label("woordvormen").check()
    bridge.press("Control+f")
    bridge.write("melden")
    bridge.press("Enter")
    bridge.settled()
    assert bridge.page.locator(".qc-hits").inner_text() == "1 van 2"
    bridge.press("Enter")
    assert bridge.page.locator(".qc-hits").inner_text() == "2 van 2"
    assert asked == [("melden", {"lemma": True, "document": "FG1"})]


def test_who_works_blind_is_told_so_and_sees_only_their_own(study: qc.Project, opened: Opener) -> None:
    study.code("FG1", "E07", turn=4)
    with qc.Project.open(study._store.address, coder="bram") as other:
        other.blind("anna")
    bridge = opened(study)
    assert "blind" in bridge.page.locator(".qc-notice").inner_text()
    assert bridge.page.locator("[data-filter=coder] option").count() == 2
    with qc.Project.open(study._store.address, coder="bram") as other:
        theirs = other.code("FG1", "E09", turn=4)
    bridge.desk.look()
    bridge.deliver()
    bridge.settled()
    assert theirs.guid not in bridge.page.content()
    assert bridge.page.locator(".qc-status").inner_text() == ""


HOSTILE = 'R1: <img src=x onerror="window.hit=1"> <script>window.hit=2</script> en &lt;b&gt; gewoon\n\nR2: 👩🏽‍🔬 zei café en noe\u0308 hoor\n\nR1: ja\n\nR2: nee\n'


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[qc.Project]:
    (tmp_path / "vijandig.txt").write_text(HOSTILE, encoding="utf-8")
    with qc.Project.create(tmp_path / "eigen.qualcode", coder="anna") as study:
        study.codebook.add("A1", "<b onmouseover='window.hit=3'>vet</b>")
        study.import_documents(tmp_path / "vijandig.txt")
        yield study


def test_a_transcript_full_of_script_is_only_text(hostile: qc.Project, opened: Opener) -> None:
    bridge = opened(hostile, "vijandig")
    assert "<script>window.hit=2</script>" in bridge.page.locator(".qc-turn").first.inner_text()
    bridge.drag(1, "gewoon")
    bridge.write("a1")
    bridge.press("Enter")
    bridge.settled()
    hold(bridge, mine(hostile)[0]["coding"])
    assert bridge.page.evaluate("window.hit") is None
    assert bridge.page.locator(".qc-desk img, .qc-desk script, .qc-desk b").count() == 0


def test_positions_are_code_points_and_no_grapheme_is_cut(hostile: qc.Project, opened: Opener) -> None:
    bridge = opened(hostile, "vijandig")
    turn = bridge.page.locator(".qc-turn").nth(1).locator(".qc-words")
    text = turn.inner_text()
    spans = turn.evaluate(
        """element => {
            const node = element.firstChild, found = [];
            const range = document.createRange();
            range.setStart(node, 3); range.setEnd(node, 12);
            getSelection().removeAllRanges(); getSelection().addRange(range);
            element.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
            document.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
            return found;
        }"""
    )
    assert spans == []
    bridge.page.wait_for_selector("[data-mode='select']")
    bridge.write("a1")
    bridge.press("Enter")
    bridge.settled()
    made = mine(hostile)[0]
    assert made["text"].startswith("👩🏽‍🔬")
    assert made["text"] in text


def test_english_words_when_english_is_chosen(study: qc.Project, opened: Opener) -> None:
    qc.set_language("en")
    bridge = opened(study)
    assert "turns coded" in bridge.page.locator(".qc-progress").inner_text()


def test_dark_is_dark(study: qc.Project, browser: Any, opened: Opener) -> None:
    study.code("FG1", "E07", turn=4)
    study.code("FG1", "E09", turn=4)
    bridge = opened(study)
    bridge.page.evaluate("window.model.set('theme', 'dark')")
    bridge.settled()
    bridge.picture("09-dark")
    assert bridge.page.locator(".qc-desk").get_attribute("data-theme") == "dark"


def test_help_lists_every_key_and_closes_with_escape(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    to_text(bridge)
    bridge.press("?")
    bridge.picture("10-help")
    assert bridge.page.locator("dialog[open] kbd").count() > 15
    bridge.press("Escape")
    assert bridge.page.locator("dialog[open]").count() == 0
    bridge.press("w")
    assert "huidskleur" in bridge.page.locator("dialog[open]").inner_text()
    bridge.press("Escape")


def test_another_document_opens_from_the_list(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.page.locator(".qc-documents").select_option("IV1")
    bridge.settled()
    assert bridge.desk.document == "IV1"
    assert bridge.page.locator(".qc-turn").count() == len(study.snapshot().turns_of(study.snapshot().document_names["IV1"]))
