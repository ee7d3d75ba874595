"""What can go wrong while somebody codes: a clear banner, nothing lost, nothing half done."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from desk.harness import Bridge, Opener, chromium
from qualcode.errors import DiskFull, ReadOnlyStudy, Refused
from qualcode.model import Change
from qualcode.widgets.coding import CodingDesk
from qualcode.widgets.desk import Desk

TALK = "M1: hoe gaat het?\n\nR1: goed hoor, dank je\n\nR2: kan beter vind ik\n\nR1: nou ja zeg\n\nR2: echt waar hoor\n"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def study(tmp_path: Path) -> Iterator[qc.Project]:
    (tmp_path / "FG1.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "FG2.txt").write_text(TALK.replace("goed hoor", "gaat wel"), encoding="utf-8")
    with qc.Project.create(tmp_path / "s.qualcode", coder="anna") as made:
        made.import_documents(tmp_path / "FG1.txt", kind="focusgroep")
        made.import_documents(tmp_path / "FG2.txt", kind="focusgroep")
        made.codebook.add("E", "Ervaringen", codable=False)
        for id, name in (("E01", "Belediging"), ("E02", "Grap"), ("E03", "Zwijgen")):
            made.codebook.add(id, name, parent="E")
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


def code(bridge: Bridge, turn: int, words: str, letters: str) -> None:
    bridge.drag(turn, words)
    bridge.write(letters)
    bridge.press("Enter")
    bridge.settled()


def banner(bridge: Bridge) -> str:
    return str(bridge.page.locator(".qc-banner").inner_text())


def codes(study: qc.Project) -> list[str]:
    return list(study.codings()["code"])


def test_a_study_that_can_only_be_read_says_so_and_keeps_the_selection(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    study.code("FG1", "E01", turn=2)
    with study._store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    code(bridge, 3, "beter vind", "e02")
    assert "alleen gelezen" in banner(bridge)
    assert bridge.page.locator(".qc-desk").get_attribute("data-mode") == "select"
    assert bridge.page.locator(".qc-pending").count() == 0
    assert codes(study) == ["E01"]


@pytest.mark.skipif(os.name == "nt", reason="a page limit of SQLite, on any system; files are held open on Windows")
def test_a_full_disk_says_so_and_leaves_nothing_half_done(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    code(bridge, 2, "goed hoor", "e01")
    with study._store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull):
        study.memo("x" * 200_000)
    before = study.stamp
    bridge.drag(3, "beter vind")
    bridge.press("Enter")
    bridge.write("y" * 80)
    for number in range(60):  # until the free places in the file are used up
        bridge.press("Control+Enter")
        bridge.settled()
        if bridge.page.locator(".qc-banner").is_visible():
            break
        bridge.drag(3, "beter vind")
        bridge.press("Enter")
        bridge.write(f"{number}" + "y" * 79)
    assert "schijf" in banner(bridge)
    made = [one for one in study.codebook.codes if one.name.endswith("y")]
    assert len(codes(study)) == 1 + len(made)  # a code that was made is on words: never one without the other
    assert study.stamp.events >= before.events
    with study._store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert all(finding.sound for finding in study.doctor())


def test_words_outside_any_turn_are_never_coded(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    length = len(study.snapshot().text(study.snapshot().document_names["FG1"]))
    for start, end in ((-1, 3), (length, length + 4), (5, 5), (9, 4), (None, None), ("1", "4")):
        bridge.desk._handle_custom_msg(
            {"v": 1, "kind": "code", "client": "a", "req": f"{start}-{end}", "start": start, "end": end, "code": "E01"}, []
        )
        assert bridge.said[-1]["kind"] == "error"
    assert codes(study) == []
    begin = bridge.page.locator(".qc-who").nth(1).bounding_box()
    bridge.page.mouse.move(begin["x"] + 2, begin["y"] + 2)
    bridge.page.mouse.down()
    bridge.page.mouse.move(begin["x"] + 20, begin["y"] + 12)
    bridge.page.mouse.up()
    bridge.write("e01")
    bridge.press("Enter")
    bridge.settled()
    assert codes(study) == []


def test_a_new_code_is_not_made_when_its_place_is_refused(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.drag(1, "hoe gaat")
    bridge.press("Enter", "Control+Enter")
    bridge.settled()
    assert "moderator" in banner(bridge)
    assert [one.id for one in study.codebook.codes] == ["E", "E01", "E02", "E03"]
    with pytest.raises(Refused):
        study.invent("FG1", "  ", turn=2)


def test_a_new_version_of_the_text_is_shown_and_coded(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    code(bridge, 2, "goed hoor", "e01")
    with qc.Project.open(study._store.address, coder="bram") as other:
        now = other.snapshot()
        guid = now.document_names["FG1"]
        row = now.document_row(guid)
        text = now.text(guid) + "\n\nR3: ik ook"
        turns = {**row["turns"], "start": [*row["turns"]["start"], len(text) - 6], "end": [*row["turns"]["end"], len(text)]}
        turns |= {"label": [*row["turns"]["label"], "R3"], "time": [*(row["turns"].get("time") or [None] * 5), None]}
        sha = hashlib.sha256(text.encode()).hexdigest()
        other._commit("import", Change("document", [guid], {"text": [sha], "turns": [turns]}), texts={sha: text})
    bridge.desk.look()
    bridge.deliver()
    bridge.settled()
    assert bridge.page.locator(".qc-turn").count() == 6
    code(bridge, 6, "ik ook", "e02")
    assert list(study.codings()["text"]) == ["goed hoor", "ik ook"]


def rewritten(study: qc.Project, before: str) -> None:
    """Put words before the text of FG1, as another coder."""
    with qc.Project.open(study._store.address, coder="bram") as other:
        now = other.snapshot()
        guid = now.document_names["FG1"]
        turns, text = now.document_row(guid)["turns"], before + now.text(guid)
        moved = {**turns, **{name: [place + len(before) for place in turns[name]] for name in ("start", "end")}}
        sha = hashlib.sha256(text.encode()).hexdigest()
        other._commit("import", Change("document", [guid], {"text": [sha], "turns": [moved]}), texts={sha: text})


@pytest.mark.parametrize("by", ["code", "new code", "memo"])
def test_words_picked_in_an_older_text_never_become_other_words(study: qc.Project, opened: Opener, by: str) -> None:
    bridge = opened(study)
    bridge.drag(2, "goed hoor")
    rewritten(study, "Opgenomen in de kantine. ")  # the page does not know yet
    bridge.press("," if by == "memo" else "Enter")
    bridge.write("e01" if by == "code" else "uitgelachen")
    bridge.press("Enter" if by == "code" else "Control+Enter")
    bridge.settled()
    assert "intussen veranderd" in banner(bridge)
    assert codes(study) == []
    assert study.snapshot().memos.empty
    assert [one.id for one in study.codebook.codes] == ["E", "E01", "E02", "E03"]
    assert bridge.page.locator(".qc-desk").get_attribute("data-mode") == "read"
    code(bridge, 2, "goed hoor", "e01")
    assert list(study.codings()["text"]) == ["goed hoor"]


def test_words_picked_before_another_view_opened_another_document_are_not_coded_there(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.drag(2, "goed hoor")
    bridge.desk._handle_custom_msg({"v": 1, "kind": "open", "client": "another", "req": 1, "document": "FG2"}, [])
    bridge.write("e01")
    bridge.press("Enter")
    bridge.settled()
    assert "ander document" in banner(bridge)
    assert codes(study) == []


def test_a_document_that_was_taken_out_gives_way_to_another(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    with qc.Project.open(study._store.address, coder="bram") as other:
        other.remove_document("FG1")
    code(bridge, 2, "goed hoor", "e01")  # the page does not know yet
    assert bridge.desk.document == "FG2"
    assert "gaat wel" in bridge.page.locator(".qc-turn").nth(1).inner_text()
    assert codes(study) == []


def test_a_code_that_another_retired_is_refused_by_name(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    with qc.Project.open(study._store.address, coder="bram") as other:
        other.codebook.retire("E01")
    code(bridge, 2, "goed hoor", "e01")
    assert "E01" in banner(bridge)
    assert codes(study) == []
    assert bridge.page.locator(".qc-option", has_text="E01").count() == 0


def test_another_writers_work_does_not_take_away_what_is_being_written(study: qc.Project, opened: Opener) -> None:
    made = study.code("FG1", "E01", turn=2)
    bridge = opened(study)
    bridge.page.locator(f"[data-chip='{made.guid}']").click()
    bridge.press("m")
    bridge.write("half een ge")
    with qc.Project.open(study._store.address, coder="bram") as other:
        other.code("FG1", "E02", turn=2)
        other.recode(made.guid, stelling=None)
        other.codebook.edit("E01", definition="anders")
    bridge.desk.look()
    bridge.deliver()
    bridge.write("dachte")
    bridge.press("Escape")
    bridge.settled()
    assert study.codings(coder="anna")["memo"].tolist() == ["half een gedachte"]


def test_codings_of_a_retired_code_wait_in_a_queue_and_are_worked_off_by_keyboard(study: qc.Project, opened: Opener) -> None:
    study.code("FG1", "E01", turn=2)
    study.code("FG2", "E01", turn=3)
    study.code("FG2", "E03", turn=4)
    study.codebook.split("E01", [{"id": "E01a", "name": "Schelden"}, {"id": "E01b", "name": "Kleineren"}], retire=True)
    bridge = opened(study)
    assert bridge.page.locator(".qc-waiting").inner_text() == "Opnieuw te coderen: 2"
    bridge.page.locator(".qc-text").focus()
    bridge.press("q")
    bridge.page.wait_for_selector("[data-mode='coding']")
    bridge.settled()
    assert bridge.page.locator(".qc-queue-at").inner_text() == "Wachtrij: 1 van 2"
    bridge.picture("32-queue")
    bridge.press("r")
    bridge.write("e01a")
    bridge.press("Enter")
    bridge.settled()
    bridge.page.wait_for_function("document.querySelector('.qc-documents').value === 'FG2'")
    bridge.page.wait_for_selector("[data-mode='coding']")
    assert bridge.page.locator(".qc-queue-at").inner_text() == "Wachtrij: 2 van 2"
    bridge.press("r")
    bridge.write("e01b")
    bridge.press("Enter")
    bridge.settled()
    assert study.codings()["code"].tolist() == ["E01a", "E01b", "E03"]
    assert bridge.page.locator(".qc-waiting").is_hidden()


def test_a_desk_can_be_opened_on_the_codings_of_one_code(study: qc.Project, opened: Opener) -> None:
    study.code("FG2", "E03", turn=4)
    bridge = opened(study, queue="E03")
    bridge.page.wait_for_selector("[data-mode='coding']")
    assert bridge.desk.document == "FG2"


def test_a_memo_is_written_anew_and_taken_away(study: qc.Project, opened: Opener) -> None:
    study.memo("eerst", document="FG1", turn=2)
    bridge = opened(study)
    bridge.page.locator(".qc-text").focus()
    bridge.press("j", "e")
    bridge.page.locator("dialog textarea").fill("daarna")
    bridge.press("Control+Enter")
    bridge.settled()
    assert study.snapshot().memos["text"].tolist() == ["daarna"]
    bridge.page.locator("[data-memo]").click()
    bridge.page.get_by_role("button", name="Memo verwijderen").click()
    bridge.settled()
    assert len(study.snapshot().memos) == 0
    bridge.press("Control+z")
    bridge.settled()
    assert study.snapshot().memos["text"].tolist() == ["daarna"]


def test_turns_that_were_read_are_remembered_for_this_coder_and_no_undo_forgets_them(study: qc.Project, opened: Opener) -> None:
    bridge = opened(study)
    bridge.page.wait_for_function("() => / 4 gezien/.test(document.querySelector('.qc-progress').textContent)")
    bridge.page.locator(".qc-documents").select_option("FG2")
    bridge.settled()
    bridge.page.wait_for_function("document.querySelector('.qc-documents').value === 'FG2'")
    frame = study.progress().set_index("document")
    assert frame.loc["FG1", "seen"] == 4
    code(bridge, 3, "beter vind", "e01")
    bridge.press("Escape", "Escape", "Control+z", "Control+z")
    bridge.settled()
    assert study.progress().set_index("document").loc["FG1", "seen"] == 4
    assert set(study.progress()["coder"]) == {"anna"}


def test_filters_leave_only_what_answers_to_them_and_one_click_shows_everything(study: qc.Project, opened: Opener) -> None:
    study.code("FG1", "E01", turn=2)
    study.code("FG1", "E02", turn=3, layer="ronde-2")
    bridge = opened(study)
    shown = lambda: sorted(re.findall(r"E0\d", " ".join(bridge.page.locator(".qc-chips .qc-chip").all_inner_texts())))
    bridge.settled()
    assert shown() == ["E01", "E02"]
    bridge.page.locator("[data-filter=code]").select_option(label="\u2003E02 Grap")
    bridge.settled()
    assert shown() == ["E02"]
    bridge.page.locator(".qc-all").click()
    bridge.page.locator("[data-filter=layer]").select_option("ronde-1")
    bridge.settled()
    assert shown() == ["E01"]
    bridge.page.locator(".qc-all").click()
    bridge.settled()
    assert shown() == ["E01", "E02"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_without_highlights_in_the_browser_the_same_words_are_coloured(
    study: qc.Project, browser: Any, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    study.code("FG1", "E01", turn=2)
    study.code("FG1", "E02", turn=2, text="hoor")
    bridge = Bridge(browser, CodingDesk(study, "FG1", theme=theme), before="Object.defineProperty(CSS, 'highlights', { value: undefined })")
    bridge.settled()
    words = bridge.page.locator(".qc-turn[data-turn='1'] .qc-words")
    layers = "one => getComputedStyle(one).backgroundImage.match(/gradient\\(/g)?.length ?? 0"
    assert words.evaluate(layers) == 4  # three pieces side by side, and a line where two codings overlap
    assert words.inner_text() == "goed hoor, dank je"
    bridge.drag(3, "beter vind")
    left = bridge.page.locator(".qc-turn[data-turn='2'] .qc-words").bounding_box()
    washes = bridge.page.locator(".qc-turn[data-turn='2'] .qc-wash")
    right = washes.first.bounding_box()
    assert right["width"] > 10
    assert left["x"] - 1 <= right["x"]
    bridge.write("e03")
    bridge.press("Enter")
    bridge.settled()
    bridge.picture(f"33-fallback-{theme}")
    assert study.codings()["text"].tolist()[-1] == "beter vind"
    assert bridge.page.locator(".qc-turn[data-turn='2'] .qc-words").evaluate(layers) == 1
    bridge.close()


def test_colours_lie_under_the_words_they_belong_to_and_go_with_the_coding(study: qc.Project, opened: Opener) -> None:
    made = study.code("FG1", "E01", turn=2, text="hoor, dank")
    bridge = opened(study)
    bridge.settled()
    words = bridge.page.locator(".qc-turn[data-turn='1'] .qc-words")
    begin, end = bridge.points(2, "hoor, dank")
    drawn = words.evaluate(
        "one => { const look = getComputedStyle(one), box = one.getBoundingClientRect(); const [x] = look.backgroundPositionX.split(','), [size] ="
        " look.backgroundSize.split(','); return [box.left + one.clientLeft + parseFloat(x), parseFloat(size)]; }"
    )
    assert abs(drawn[0] - begin[0]) < 2
    assert abs(drawn[0] + drawn[1] - end[0]) < 2
    study.uncode(made)
    bridge.desk.look()
    bridge.deliver()
    bridge.settled()
    assert words.evaluate("one => getComputedStyle(one).backgroundImage") == "none"


@pytest.fixture
def open_place() -> Iterator[Path]:
    """Give a folder that anybody may enter; those of pytest are for their owner alone."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@contextmanager
def who_may_not_write() -> Iterator[None]:
    """Be a user to whom permissions of files apply; only root needs to become another."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of files as on Linux and macOS")
def test_a_study_file_that_may_only_be_read_says_so_and_stays_as_it_is(study: qc.Project, open_place: Path, opened: Opener) -> None:
    study.code("FG1", "E01", turn=2)
    study.close()
    place = open_place
    shutil.copyfile(study._store.address, place / "s.qualcode")
    (place / "s.qualcode").chmod(0o444)
    place.chmod(0o777)
    before = (place / "s.qualcode").read_bytes()
    with who_may_not_write(), qc.Project.open(place / "s.qualcode", coder="anna") as closed:
        bridge = opened(closed)
        code(bridge, 3, "beter vind", "e02")
        assert "alleen gelezen" in banner(bridge)
        assert bridge.page.locator(".qc-pending").count() == 0
        assert bridge.page.locator(".qc-desk").get_attribute("data-mode") == "select"
        assert codes(closed) == ["E01"]
    assert (place / "s.qualcode").read_bytes() == before
    shut = open_place / "dicht"
    shut.mkdir()
    shutil.copyfile(study._store.address, shut / "s.qualcode")
    shut.chmod(0o555)  # a study needs room beside its file; without it there is no desk, and a sentence why
    with who_may_not_write(), pytest.raises(ReadOnlyStudy):
        qc.Project.open(shut / "s.qualcode", coder="anna")
    shut.chmod(0o755)
    assert [one.name for one in shut.iterdir()] == ["s.qualcode"]


def test_a_study_file_that_went_away_is_named_and_codes_again_when_it_is_back(study: qc.Project, opened: Opener, tmp_path: Path) -> None:
    bridge = opened(study)
    code(bridge, 2, "goed hoor", "e01")
    study.close()  # as when a memory stick is pulled out
    (tmp_path / "s.qualcode").rename(tmp_path / "weg")
    tmp_path.rename(tmp_path.with_name("elders"))
    code(bridge, 3, "beter vind", "e02")
    assert "s.qualcode" in banner(bridge)
    assert bridge.page.locator(".qc-pending").count() == 0
    tmp_path.with_name("elders").rename(tmp_path)
    (tmp_path / "weg").rename(tmp_path / "s.qualcode")
    code(bridge, 3, "beter vind", "e02")
    assert codes(study) == ["E01", "E02"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of one megabyte of its own."""
    place = tmp_path / "schijf"
    place.mkdir()
    made = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("no disk of one megabyte: mounting one is not allowed here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def on_disk(small_disk: Path) -> Path:
    (small_disk / "FG1.txt").write_text(TALK, encoding="utf-8")
    with qc.Project.create(small_disk / "s.qualcode", coder="anna") as made:
        made.import_documents(small_disk / "FG1.txt", kind="focusgroep")
        made.codebook.add("E01", "Belediging")
        made.codebook.add("E02", "Grap")
        made.code("FG1", "E01", turn=2)
    return small_disk / "s.qualcode"


def test_a_disk_that_is_full_says_so_and_once_there_is_room_again_coding_goes_on(small_disk: Path, opened: Opener) -> None:
    path = on_disk(small_disk)
    with qc.Project.open(path, coder="anna") as study:
        bridge = opened(study)
        code(bridge, 3, "beter vind", "e02")
        filler = small_disk / "vol"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(b"x" * 4096):
                pass
        told = False
        for _ in range(40):  # until the room in the journal is used up
            bridge.drag(5, "echt waar")
            bridge.write("e02")
            bridge.press("Enter")
            bridge.settled()
            told = bridge.page.locator(".qc-banner").is_visible()
            if told:
                break
        assert told
        assert "schijf" in banner(bridge)
        there = codes(study)
        assert bridge.page.locator(".qc-chips .qc-chip[data-chip]").count() == len(there)
        filler.unlink()
        bridge.drag(4, "ja zeg")
        bridge.write("e01")
        bridge.press("Enter")
        bridge.settled()
        assert sorted(codes(study)) == sorted([*there, "E01"])
    with qc.Project.open(path, coder="anna") as again:
        assert sorted(codes(again)) == sorted([*there, "E01"])
        assert all(finding.sound for finding in again.doctor())


def test_a_disk_that_became_read_only_says_so_and_loses_nothing(small_disk: Path, opened: Opener) -> None:
    path = on_disk(small_disk)
    with qc.Project.open(path, coder="anna") as study:
        bridge = opened(study)
        study.close()  # nothing holds the file open while the disk changes
        if subprocess.run(["mount", "-o", "remount,ro", small_disk], capture_output=True, check=False).returncode:
            pytest.skip("this disk cannot be made read-only here")
        code(bridge, 3, "beter vind", "e02")
        assert banner(bridge)
        assert bridge.page.locator(".qc-pending").count() == 0
        study.close()
        subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
        bridge.page.locator(".qc-banner button").first.click()
        code(bridge, 3, "beter vind", "e02")
        assert codes(study) == ["E01", "E02"]
