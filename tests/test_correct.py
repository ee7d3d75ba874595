"""A transcript is corrected after it was coded: what stands on its words goes along, and what cannot is named."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qualcode as qc
from qualcode.cli import main
from qualcode.errors import Refused
from qualcode.privacy.revising import edits_between, revised
from qualcode.project import correcting
from qualcode.project.reading import seen_turns

TALK = """M1: Hoe ging dat?

R1: Nou, ik heb het gemelt bij mijn baas, en toen bleef het stil.

R2: Dat was heel anders bij ons.

R1: Precies, zo ging het toen ook."""
BETTER = TALK.replace("gemelt", "meteen gemeld").replace("M1: Hoe ging dat?", "M1: Goedemiddag. Hoe ging dat?")


@pytest.fixture
def study(tmp_path: Path) -> Iterator[qc.Project]:
    (tmp_path / "FG1.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "wie.csv").write_text(
        "document,label,participant,role\nFG1,R1,FG1-P1,deelnemer\nFG1,R2,FG1-P2,deelnemer\n", encoding="utf-8"
    )
    with qc.Project.create(tmp_path / "s.qualcode", coder="anna") as made:
        made.import_documents(tmp_path / "FG1.txt", participants=tmp_path / "wie.csv")
        made.codebook.add("E", "Ervaringen", codable=False)
        made.codebook.add("E01", "Melden", parent="E")
        made.code("FG1", "E01", text="ik heb het gemelt bij mijn baas")
        made.code("FG1", "E01", text="toen bleef het stil")
        made.code("FG1", "E01", turn=3)
        made.memo("let op", document="FG1", text="heel anders")
        yield made


def written(tmp_path: Path, text: str, name: str = "FG1 verbeterd.txt") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def words(study: qc.Project) -> list[str]:
    return list(study.codings()["text"])


def test_what_stands_on_words_goes_along_and_what_changed_is_named(study: qc.Project, tmp_path: Path) -> None:
    found = study.correct("FG1", written(tmp_path, BETTER))
    assert words(study) == ["ik heb het meteen gemeld bij mijn baas", "toen bleef het stil", "Dat was heel anders bij ons."]
    changed = found[found["outcome"] == "changed"]
    assert changed[["kind", "turn", "code", "coder", "before", "after"]].to_numpy().tolist() == [
        ["coding", 2, "E01", "anna", "ik heb het gemelt bij mijn baas", "ik heb het meteen gemeld bij mijn baas"]
    ]
    assert sorted(found.loc[found["outcome"] == "moved", "kind"]) == ["coding", "coding", "memo"]
    now = study.snapshot()
    memo = now.memos.iloc[0]
    assert now.text(memo["document"])[int(memo["start"]) : int(memo["end"])] == "heel anders"
    assert study.doctor() == [one for one in study.doctor() if one.sound]


def test_a_trial_writes_nothing_and_says_the_same(study: qc.Project, tmp_path: Path) -> None:
    before = study.snapshot().stamp
    trial = study.correct("FG1", written(tmp_path, BETTER), dry_run=True)
    assert study.snapshot().stamp == before
    done = study.correct("FG1", written(tmp_path, BETTER))
    assert trial.to_dict("records") == done.to_dict("records")


def test_the_same_text_again_is_no_event(study: qc.Project, tmp_path: Path) -> None:
    before = study.snapshot().stamp
    found = study.correct("FG1", written(tmp_path, TALK))
    assert found.empty
    assert study.snapshot().stamp == before
    assert "FG1 verbeterd.txt" in found.attrs["notes"][0]


def test_codings_without_words_are_never_lost_unasked(study: qc.Project, tmp_path: Path) -> None:
    shorter = written(tmp_path, TALK.replace("R2: Dat was heel anders bij ons.\n\n", ""))
    before = study.snapshot().stamp
    with pytest.raises(Refused, match="2"):
        study.correct("FG1", shorter)
    assert study.snapshot().stamp == before
    found = study.correct("FG1", shorter, remove=True)
    assert list(found.loc[found["outcome"] == "gone", "before"]) == ["Dat was heel anders bij ons.", "heel anders"]
    assert words(study) == ["ik heb het gemelt bij mijn baas", "toen bleef het stil"]
    assert study.snapshot().memos.empty


def test_speakers_stay_who_they_are_and_come_and_go(study: qc.Project, tmp_path: Path) -> None:
    study.set_role("FG1", "R2", "notulist")
    found = study.correct("FG1", written(tmp_path, TALK.replace("R1: Precies", "R3: Precies").replace("M1: ", "R2: ")))
    people = study.snapshot().speakers.set_index("label")
    assert people["role"].to_dict() == {"R1": "deelnemer", "R2": "notulist", "R3": "deelnemer"}
    names = dict(zip(study.snapshot().participants["guid"], study.snapshot().participants["name"], strict=True))
    assert names[people.loc["R1", "participant"]] == "FG1-P1"
    assert any("R3" in note for note in found.attrs["notes"])
    assert any("M1" in note for note in found.attrs["notes"])


def test_what_was_read_stays_read_under_its_new_number(study: qc.Project, tmp_path: Path) -> None:
    study.read("FG1", [1, 2, 3])
    found = study.correct("FG1", written(tmp_path, "M1: Welkom allemaal.\n\n" + BETTER))
    now = study.snapshot()
    # turn 1 and 2 have other words now
    assert read_now(study) == {4}
    assert now.documents["version"].tolist() == [2]
    assert any("FG1-0003" in note for note in found.attrs["notes"])


def read_now(study: qc.Project) -> set[int]:
    now = study.snapshot()
    return seen_turns(now, now.document_names["FG1"], study.coder)


def test_undo_passes_over_a_correction_and_the_earlier_file_goes_back(study: qc.Project, tmp_path: Path) -> None:
    study.correct("FG1", written(tmp_path, BETTER))
    undone = study.undo()
    assert undone is not None
    assert undone.kind == "undo"
    assert study.snapshot().memos.empty  # the note was the gesture before it
    study.correct("FG1", tmp_path / "FG1.txt")
    assert words(study) == ["ik heb het gemelt bij mijn baas", "toen bleef het stil", "Dat was heel anders bij ons."]
    assert list(study.history()["kind"]).count("correct") == 2


def test_a_correction_never_brings_back_a_name_that_was_replaced(study: qc.Project, tmp_path: Path) -> None:
    at = TALK.index("mijn baas")
    study.decide("FG1", at, at + len("mijn baas"), replacement="[leidinggevende]")
    study.pseudonymise(tmp_path / "sleutel.key", "lang genoeg wachtwoord")
    before = study.snapshot().stamp
    for text in (BETTER, TALK):
        with pytest.raises(Refused):
            study.correct("FG1", written(tmp_path, text))
    assert study.snapshot().stamp == before
    laid = study.write_turns("FG1", tmp_path / "beurten.csv")
    assert "[leidinggevende]" in laid.read_text(encoding="utf-8")
    study.correct("FG1", written(tmp_path, laid.read_text(encoding="utf-8").replace("gemelt", "gemeld"), "beurten.csv"))
    assert words(study)[0] == "ik heb het gemeld bij [leidinggevende]"
    # also after that correction its place is known
    with pytest.raises(Refused):
        study.correct("FG1", written(tmp_path, BETTER))


def test_what_a_correction_took_out_goes_with_a_withdrawal_beside_it(study: qc.Project, tmp_path: Path) -> None:
    secret = "bij mijn baas op de kade"
    study.correct("FG1", written(tmp_path, TALK.replace("zo ging het toen ook.", f"zo ging het toen ook. En {secret}")))
    study.correct("FG1", written(tmp_path, TALK))
    study.withdraw("FG1", turn=4)
    (tmp_path / "FG1 verbeterd.txt").unlink()
    held = [path.name for path in tmp_path.iterdir() if path.is_file() and secret.encode() in path.read_bytes()]
    assert held == []


def test_turns_laid_down_say_what_the_study_says(study: qc.Project, tmp_path: Path) -> None:
    laid = study.write_turns("FG1", tmp_path / "beurten.csv")
    with pytest.raises(Refused):
        study.write_turns("FG1", laid)
    before = words(study)
    found = study.correct("FG1", laid)
    assert set(found["outcome"]) <= {"moved"}
    assert words(study) == before
    now = study.snapshot()
    assert list(now.turns["label"]) == ["M1", "R1", "R2", "R1"]


def test_a_page_mark_inside_a_turn_is_no_word_of_the_table(tmp_path: Path) -> None:
    said = "dat was toen anders, en daarna ook " * 4
    paged = "\n\n".join(f"R{number % 3}: {said}\n\fPagina {number} van 9\nmaar goed." for number in range(1, 9))
    with qc.Project.create(tmp_path / "p.qualcode", coder="anna") as made:
        made.import_documents(written(tmp_path, paged, "FG2.txt"))
        assert len(made.snapshot().documents["turns"].iloc[0]["gaps"]) == 8
        laid = made.write_turns("FG2", tmp_path / "t.csv").read_text(encoding="utf-8")
        assert "Pagina" not in laid
        assert laid.count("maar goed.") == 8


def test_a_coding_put_meanwhile_goes_along(study: qc.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out = correcting._worked_out
    seen = []

    def slowly(*given: object) -> object:
        made = worked_out(*given)  # type: ignore[arg-type]
        if not seen:
            seen.append(True)
            with qc.Project.open(study._store.address, coder="bram") as other:
                other.code("FG1", "E01", text="zo ging het toen ook")
        return made

    monkeypatch.setattr(correcting, "_worked_out", slowly)
    study.correct("FG1", written(tmp_path, BETTER))
    assert words(study)[-1] == "zo ging het toen ook"
    assert set(study.snapshot().codings["version"]) == {2}


def apart(study: qc.Project, tmp_path: Path) -> Path:
    """Return the copy of another coder, who coded three things in the text as it was."""
    copy = tmp_path / "bram.qualcode"
    study.assign("bram", "FG1", copy=copy)
    with qc.Project.open(copy, coder="bram") as other:
        for text in ("toen bleef het stil", "ik heb het gemelt", "zo ging het toen ook."):
            other.code("FG1", "E01", text=text)
    return copy


def test_work_in_a_copy_of_the_earlier_text_comes_in_on_its_own_words(study: qc.Project, tmp_path: Path) -> None:
    copy = apart(study, tmp_path)
    study.correct("FG1", written(tmp_path, BETTER))
    trial = study.merge(copy, dry_run=True)
    done = study.merge(copy)
    for told in (trial, done):
        assert list(told.concerns["concern"]) == ["other_version"] * 3
        assert [("zijn sindsdien veranderd" in one) for one in told.concerns["sentence"]].count(True) == 1
    theirs = study.codings(coder="bram")
    assert list(theirs["text"]) == ["ik heb het meteen gemeld", "toen bleef het stil", "zo ging het toen ook."]
    assert study.merge(copy).events == 0
    # and the other way round the copy ends the same
    with qc.Project.open(copy, coder="bram") as other:
        other.merge(study._store.address)
        assert list(other.codings(coder="bram")["text"]) == list(theirs["text"])
        assert list(other.codings()["text"]) == list(study.codings()["text"])


def test_both_merge_first_and_still_end_the_same(study: qc.Project, tmp_path: Path) -> None:
    copy = apart(study, tmp_path)
    study.correct("FG1", written(tmp_path, BETTER))
    second = tmp_path / "later.qualcode"
    study.assign("bram", "FG1", copy=second)
    study.merge(copy)
    with qc.Project.open(second, coder="bram") as other:
        other.merge(copy)
        other.merge(study._store.address)
        study.merge(second)
        assert list(other.codings(coder="bram")["text"]) == list(study.codings(coder="bram")["text"])
        assert set(study.snapshot().codings["version"]) == {2}


def test_names_replaced_while_another_codes_cost_that_coder_nothing(study: qc.Project, tmp_path: Path) -> None:
    copy = apart(study, tmp_path)
    at = TALK.index("mijn baas")
    study.decide("FG1", at, at + len("mijn baas"), replacement="[leidinggevende]")
    study.pseudonymise(tmp_path / "sleutel.key", "lang genoeg wachtwoord")
    assert all("dezelfde woorden" in one for one in study.merge(copy).concerns["sentence"])
    assert list(study.codings(coder="bram")["text"]) == ["ik heb het gemelt", "toen bleef het stil", "zo ging het toen ook."]


def test_nothing_ever_stands_on_the_mark_of_withdrawn_words(study: qc.Project, tmp_path: Path) -> None:
    copy = apart(study, tmp_path)
    study.uncode(study.codings().iloc[1]["coding"])
    study.withdraw("FG1", text="toen bleef het stil")
    told = study.merge(copy)
    assert list(study.codings(coder="bram")["text"]) == ["ik heb het gemelt", "zo ging het toen ook."]
    assert [("niet te vinden" in one) for one in told.concerns["sentence"]].count(True) == 1
    study.undo()
    assert "toen bleef het stil" not in words(study)
    assert not any("ingetrokken" in one for one in words(study))


def test_words_that_went_meanwhile_are_named_and_their_coding_kept(study: qc.Project, tmp_path: Path) -> None:
    copy = apart(study, tmp_path)
    study.correct("FG1", written(tmp_path, TALK.replace(", en toen bleef het stil", "")), remove=True)
    told = study.merge(copy)
    # what has no words in the text in use is never shown on other words
    assert list(study.codings(coder="bram")["text"]) == ["ik heb het gemelt", "zo ging het toen ook."]
    assert list(told.concerns["concern"]) == ["other_version"] * 3
    assert [("niet te vinden" in one) for one in told.concerns["sentence"]].count(True) == 1


def test_what_undo_brings_back_stands_on_its_words_in_the_new_text(study: qc.Project, tmp_path: Path) -> None:
    gone = study.codings().iloc[1]["coding"]
    study.uncode(gone)
    study.correct("FG1", written(tmp_path, BETTER))
    assert study.undo() is not None
    assert words(study)[1] == "toen bleef het stil"
    assert study.redo() is not None
    assert len(words(study)) == 2
    study.undo()
    assert set(study.snapshot().codings["version"]) == {2}


WORDS = "gemeld stil baas klacht gesprek afdeling brief antwoord".split()


@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=3, max_size=8), min_size=2, max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 7), st.sampled_from(["weg", "anders"])), max_size=4),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 7), st.integers(1, 3)), min_size=1, max_size=4),
    st.booleans(),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_copies_meet_in_any_order_and_everybodys_words_are_where_they_were(
    turns: list[list[str]], edits: list[tuple[int, int, str]], codings: list[tuple[int, int, int]], theirs_first: bool
) -> None:
    # every word is its own, so that the same words elsewhere are the same words
    told = [[f"{word}{turn}{place}" for place, word in enumerate(row)] for turn, row in enumerate(turns)]
    better = [list(row) for row in told]
    for turn, place, how in edits:
        row = better[turn % len(better)]
        row[place % len(row)] = "" if how == "weg" else f"{row[place % len(row)]} toch"

    def talk(rows: list[list[str]]) -> str:
        return "M1: Hoe was het?\n\n" + "\n\n".join(f"R{n}: {' '.join(filter(None, row)) or 'ja'}" for n, row in enumerate(rows, 1))

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "FG1.txt").write_text(talk(told), encoding="utf-8")
        (folder / "beter.txt").write_text(talk(better), encoding="utf-8")
        with qc.Project.create(folder / "a.qualcode", coder="anna") as here:
            here.import_documents(folder / "FG1.txt")
            here.codebook.add("E", "Ervaringen", codable=False)
            here.codebook.add("E01", "Melden", parent="E")
            here.assign("bram", "FG1", copy=folder / "b.qualcode")
            with qc.Project.open(folder / "b.qualcode", coder="bram") as there:
                for turn, first, size in codings:
                    row = told[turn % len(told)]
                    there.code("FG1", "E01", text=" ".join(row[first % len(row) :][:size]))
                made = there.codings().set_index("coding")["text"]
                here.correct("FG1", folder / "beter.txt", remove=True)
                first, second = (there, here) if theirs_first else (here, there)
                for one, other in ((first, second), (second, first), (first, second)):
                    one.merge(other._store.address)
                ends = [study.codings().set_index("coding")["text"] for study in (here, there)]
                assert ends[0].to_dict() == ends[1].to_dict()
                kept = {word for row in better for cell in row for word in cell.split()}
                for guid, words in made.items():
                    left = [word for word in words.split() if word in kept]
                    now = ends[0].get(guid)
                    assert [word for word in (now or "").split() if word != "toch"] == left or (not left and now is None)


def test_a_blind_coder_learns_nothing_of_anothers_codings(study: qc.Project, tmp_path: Path) -> None:
    study.blind("bram")
    with qc.Project.open(study._store.address, coder="bram") as other:
        other.code("FG1", "E01", text="bleef het stil")
        found = other.correct("FG1", written(tmp_path, BETTER))
        assert set(found.loc[found["kind"] == "coding", "coder"]) == {"bram"}
    study.refresh()
    assert words(study)[0] == "ik heb het meteen gemeld bij mijn baas"


def test_the_command_corrects_and_lays_down(study: qc.Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place, better = str(study._store.address), str(written(tmp_path, BETTER))
    study.close()
    assert main(["correct", place, "FG1", better, "--dry-run", "--coder", "anna"]) == 0
    said = capsys.readouterr().out
    assert "meteen gemeld" in said
    assert main(["correct", place, "FG1", better, "--json", "--coder", "anna"]) == 0
    assert {row["outcome"] for row in json.loads(capsys.readouterr().out)} == {"moved", "changed"}
    assert main(["correct", place, "FG1", "--out", str(tmp_path / "t.csv"), "--coder", "anna"]) == 0
    assert "meteen gemeld" in (tmp_path / "t.csv").read_text(encoding="utf-8")
    assert main(["correct", place, "FG1", "--coder", "anna"]) == 1


lines = st.lists(st.sampled_from(["ik heb het gemeld", "dat was anders", "stil", "en toen bleef het stil, echt", "", "ja"]), max_size=12)


@given(lines, lines)
@settings(max_examples=300, deadline=None)
def test_edits_make_the_one_text_the_other(before: list[str], after: list[str]) -> None:
    old, new = "\n".join(before), "\n".join(after)
    edits = edits_between(old, new)
    assert revised(old, edits).text == new
    assert all(old[start:end] != words for start, end, words in edits)


@given(st.lists(st.text("abc \n", max_size=6), min_size=1, max_size=20), st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_words_that_nothing_touched_are_the_same_words_elsewhere(pieces: list[str], data: st.DataObject) -> None:
    old = "".join(pieces)
    other = list(pieces)
    for _ in range(data.draw(st.integers(0, 3))):
        other[data.draw(st.integers(0, len(other) - 1))] = data.draw(st.text("abcd \n", max_size=6))
    new = "".join(other)
    revision = revised(old, edits_between(old, new))
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    (low,), (high,) = (bound.tolist() for bound in revision.carried([start], [end]))
    (first,), (last,) = (bound.tolist() for bound in revision.undone(old).carried([low], [high], wide=True))
    if start < end:
        assert 0 <= low <= high <= len(new)
        assert first <= start
        assert end <= last
        if not revision.touches([start], [end])[0]:
            assert new[low:high] == old[start:end]
