"""Code suggestions: learned from examples, honest about doubt, and never a coding by themselves."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import qualcode as qc
from discovery.spoken import WordEmbedder, sentences
from qualcode.cli import main
from qualcode.discovery import embed, passages
from qualcode.discovery.learning import abstains, best_temperature, chances, folds
from qualcode.discovery.likeness import Compared
from qualcode.discovery.ranking import rank
from qualcode.errors import Refused
from qualcode.project.discovery import look_next, second_look, suggester, uncoded_talk
from qualcode.sample import FAST, make_sample

MODEL = WordEmbedder()


def test_the_right_code_stands_first_and_every_code_is_ranked():
    texts, about = sentences()
    made = rank(texts[:40], [[code] for code in about[:40]], texts[40:], model=MODEL)
    rows = made.as_json()
    assert np.mean([row["ranking"][0][0] == code for row, code in zip(rows, about[40:], strict=True)]) > 0.95
    assert all(sorted(code for code, _ in row["ranking"]) == sorted(set(about)) for row in rows)
    assert all([score for _, score in row["ranking"]] == sorted((score for _, score in row["ranking"]), reverse=True) for row in rows)
    assert made.hit is not None
    assert made.hit > 0.9


def test_what_resembles_nothing_gets_no_advice():
    texts, about = sentences()
    codes = [[f"{code} {i % 5}"] for i, code in enumerate(about)]
    made = rank(texts, codes, ["", "kwantumchromodynamica"], model=MODEL)
    assert made.abstains == [True, True]


def test_a_text_may_have_several_codes():
    texts, about = sentences()
    codes = [[code, "alles"] for code in about]
    ranked = rank(texts, codes, texts[:5], model=MODEL).as_json()
    assert all({row["ranking"][0][0], row["ranking"][1][0]} == {about[i], "alles"} for i, row in enumerate(ranked))


def test_one_code_one_example_and_no_example():
    assert rank(["fiets"], [["E01"]], ["pan"], model=MODEL).as_json()[0]["ranking"] == [["E01", 1.0]]
    assert [len(row["ranking"]) for row in rank(["fiets", "pan"], [["E01"], ["E02"]], ["pan", ""], model=MODEL).as_json()] == [2, 2]
    assert rank(["fiets"], [["E01"]], [], model=MODEL).as_json() == []
    with pytest.raises(Refused, match="geen enkel voorbeeld"):
        rank(["", "pan"], [["E01"], []], ["pan"], model=MODEL)


@given(arrays(np.float64, (6, 4), elements=st.floats(-50, 50)), st.floats(0.1, 10))
def test_chances_are_a_probability_and_keep_the_order(scores: np.ndarray, temperature: float):
    made = chances(scores, temperature)
    assert made.sum(axis=1) == pytest.approx(1)
    assert (np.take_along_axis(made, np.argsort(scores, axis=1), axis=1)[:, 1:] >= np.sort(made, axis=1)[:, :-1] - 1e-12).all()


def test_the_temperature_flattens_what_was_too_sure():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 400)
    scores = rng.normal(size=(400, 3))
    scores[np.arange(400), truth] += 1
    asked = [[int(t)] for t in truth]
    assert best_temperature(8 * scores, asked) > 3 * best_temperature(scores, asked)


def test_advice_stops_where_the_first_three_are_less_likely_than_not():
    table = np.array([[0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1], [1 / 7] * 7])
    assert abstains(table).tolist() == [False, True]


def test_a_text_met_before_is_compared_as_any_other():
    texts, _ = sentences(5)
    vectors = embed(texts, MODEL).vectors
    compared = Compared.of(texts, vectors)
    seen, fresh = compared.place(texts[:4], vectors[:4]), replace(compared, counted=None).place(texts[:4], vectors[:4])
    assert (seen[0] == fresh[0]).all()
    assert all(abs(a - b).max() < 1e-6 for a, b in zip(seen[1:], fresh[1:], strict=True))


def test_what_belongs_together_is_held_out_together():
    made = folds(["FG1", "FG2", "FG1", "FG3", "FG2"], 5, seed=1)
    assert made[0] == made[2]
    assert made[1] == made[4]
    assert len(set(made.tolist())) == 3


def test_the_command_ranks_every_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    texts, about = sentences(6)
    (tmp_path / "train.csv").write_text(
        "text,code\n" + "".join(f"{t},{c}|E01\n" for t, c in zip(texts, about, strict=True)), encoding="utf-8"
    )
    (tmp_path / "test.csv").write_text('text\nfiets met een lekke band\n""\npan met soep\n', encoding="utf-8")
    assert main(["suggest", "--train", str(tmp_path / "train.csv"), "--predict", str(tmp_path / "test.csv"), "--json"]) == 0
    out, said = capsys.readouterr()
    rows = json.loads(out)
    assert len(rows) == 3
    assert all({code for code, _ in row["ranking"]} == {*about, "E01"} for row in rows)
    assert rows[1]["abstains"] is True
    assert "USE" in said


@pytest.mark.parametrize(
    "wrong", [["suggest"], ["suggest", "--train", "a.csv"], ["suggest", "s.qualcode", "--train", "a.csv", "--predict", "b.csv"]]
)
def test_a_study_or_two_tables(wrong: list[str]):
    with pytest.raises(SystemExit) as stopped:
        main(wrong)
    assert stopped.value.code == 2


# in a study


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("suggest") / "voorbeeld.qualcode"
    with make_sample(path, sessions=FAST) as study:
        for guid in qc.codings(study, document="FG4")["coding"]:
            study.uncode(guid)
        # keeps the vectors in the copies
        qc.suggestions(study, model=MODEL)
    return path


@pytest.fixture
def study(made: Path, tmp_path: Path):
    """FG4 is not coded yet."""
    shutil.copyfile(made, tmp_path / "s.qualcode")
    with qc.Project.open(tmp_path / "s.qualcode") as study:
        yield study


def test_suggestions_are_for_participants_passages_that_nobody_coded(study: qc.Project):
    made = qc.suggestions(study, code="E07", model=MODEL)
    table = passages(study).set_index(["document", "start", "end"])
    assert len(made)
    assert all(key in table.index for key in zip(made["document"], made["start"], made["end"], strict=True))
    assert made["chance"].is_monotonic_decreasing
    coded = qc.codings(study)
    for row in made.head(40).to_dict("records"):
        here = coded[coded["document"] == row["document"]]
        assert not ((here["start"] < row["end"]) & (here["end"] > row["start"])).any()


def test_suggestions_say_how_they_were_measured(study: qc.Project):
    made = qc.suggestions(study, model=MODEL)
    assert any("waarvan niet geleerd was" in note for note in made.attrs["notes"])
    assert "right" in made
    assert (made["right"] <= made["asked"]).all()


def test_grounds_name_a_coding_with_the_code_and_one_without(study: qc.Project):
    made = qc.suggestions(study, code="E07", model=MODEL)
    codes = qc.codings(study).set_index("coding")["code"]
    like, unlike = made.iloc[0][["like", "unlike"]]
    assert codes.loc[like] == "E07"
    assert codes.loc[unlike] != "E07"


def test_before_anything_is_coded_the_codebook_speaks_and_says_so(study: qc.Project):
    for guid in qc.codings(study)["coding"]:
        study.uncode(guid)
    made = qc.suggestions(study, code="E07", model=MODEL)
    assert len(made) > 100
    assert set(made["measured"]) == {"niet nagemeten"}
    assert any("nog niets gecodeerd" in note for note in made.attrs["notes"])


def test_without_codes_or_words_there_is_nothing_to_suggest(tmp_path: Path):
    with qc.Project.create(tmp_path / "leeg.qualcode", coder="anna") as empty, pytest.raises(Refused, match="niets voor te stellen"):
        qc.suggestions(empty, model=MODEL)


def test_accepting_is_a_coding_of_the_person_and_one_undo_takes_it_back(study: qc.Project):
    before = len(study.snapshot().codings)
    row = qc.suggestions(study, code="E07", model=MODEL).iloc[0]
    coding = study.proposals.accept(row["document"], (int(row["start"]), int(row["end"])), row["code"], score=float(row["chance"]))
    table = study.proposals.table(sort="coding")
    assert table["state"].tolist() == ["accepted"]
    assert qc.codings(study).set_index("coding").loc[coding.guid, "coder"] == study.coder
    study.undo()
    assert len(study.snapshot().codings) == before
    assert study.proposals.table(sort="coding").empty


def test_what_was_refused_is_not_suggested_again(study: qc.Project):
    row = qc.suggestions(study, code="E07", model=MODEL).iloc[0]
    span = (int(row["start"]), int(row["end"]))
    with pytest.raises(Refused, match="reden"):
        study.proposals.refuse(row["document"], span, "E07", reason="")
    study.proposals.refuse(row["document"], span, "E07", reason="gaat over een ander")
    again = qc.suggestions(study, code="E07", model=MODEL)
    assert (row["document"], *span) not in set(zip(again["document"], again["start"], again["end"], strict=True))


def test_a_coding_with_the_wrong_code_is_worth_a_second_look():
    study = qc.demo()
    table = second_look(study, model=MODEL)
    assert (table["rank"] > 10).all()
    assert table["chance"].is_monotonic_increasing
    assert set(table["coding"]) <= set(qc.codings(study)["coding"])


def test_what_to_read_next_is_where_two_codes_are_as_likely(study: qc.Project):
    made = look_next(study, model=MODEL, amount=10)
    assert len(made) == 10
    assert made["doubt"].is_monotonic_decreasing
    assert (made["first"] != made["second"]).all()


def test_uncoded_talk_counts_every_passage_once(study: qc.Project):
    table = uncoded_talk(study)
    assert table["passages"].sum() == len(passages(study))
    assert table.loc[table["document"] == "FG4", "share"].eq(1).all()
    assert table.loc[table["document"] == "FG1", "share"].lt(1).any()


@pytest.mark.slow
def test_suggestions_of_the_sample_are_right_more_often_than_not():
    made, _, _ = suggester(qc.demo(None))
    assert made.measured["asked"].sum() > 50
    assert made.measured["right"].sum() > 0.5 * made.measured["asked"].sum()
