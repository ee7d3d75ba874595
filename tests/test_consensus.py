"""Two coders side by side, and what is chosen: beside the rounds, never over them, and taken back like anything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import qualcode as qc
from qualcode.analysis.agreement import disagreement_map, key_of, pairs
from qualcode.errors import NotFound, Refused
from qualcode.sample import make_sample

BOTH = ["anna", "bram"]
TURNS = ["hoe gaat het?", "goed hoor, echt wel", "kan beter dan dit", "nou ja het ging", "echt waar gebeurd"]
BOOK = """
name: proef
version: "1"
language: nl
codes:
  - id: E
    name: Ervaringen
    codable: false
    codes:
      - {id: E10, name: Genegeerd}
      - {id: E11, name: Buitengesloten}
      - {id: G01, name: Overvallen}
confusable:
  - {first: E10, second: E11, rule: Erbij maar niet gezien is E10; er niet bij is E11.}
dimensions:
  - {name: ironie, type: choice, values: [ja, nee], default: nee}
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[qc.Project]:
    (tmp_path / "FG1.txt").write_text(
        "\n\n".join(f"{'M1' if n == 0 else f'R{n}'}: {t}" for n, t in enumerate(TURNS)) + "\n", encoding="utf-8"
    )
    (tmp_path / "boek.yaml").write_text(BOOK, encoding="utf-8")
    with qc.Project.create(tmp_path / "s.qualcode", coder="anna", codebook=tmp_path / "boek.yaml") as made:
        made.import_documents(tmp_path / "FG1.txt", kind="focusgroep")
        yield made


def as_coder(study: qc.Project, name: str) -> qc.Project:
    return qc.Project.open(study._store.address, coder=name)


@pytest.fixture
def coded(study: qc.Project) -> qc.Project:
    """Anna and bram agree on turn 2, swap a pair on turn 3, cut turn 4 apart, and only bram has something in turn 5."""
    study.code("FG1", "G01", turn=2)
    study.code("FG1", "E10", turn=3)
    study.code("FG1", "G01", text="het ging")
    with as_coder(study, "bram") as bram:
        bram.code("FG1", "G01", turn=2)
        bram.code("FG1", "E11", text="kan beter")
        bram.code("FG1", "G01", turn=4, ironie="ja")
        bram.code("FG1", "E10", turn=5, memo="twijfel")
    study.refresh()
    return study


def consensus(study: qc.Project) -> list[tuple[str, str]]:
    frame = study.codings(layer="consensus") if "consensus" in set(study.snapshot().codings["layer"]) else pd.DataFrame()
    return list(zip(frame["code"], frame["text"], strict=True)) if len(frame) else []


def rounds(study: qc.Project) -> pd.DataFrame:
    return study.codings(layer="ronde-1")


def test_each_difference_is_one_row_with_both_sides(coded: qc.Project) -> None:
    frame = coded.differences(BOTH)
    assert list(frame["kind"]) == ["andere code", "andere waarde", "één codeur"]
    swap, value, lone = (row for _, row in frame.iterrows())
    assert (swap["code_a"], swap["code_b"]) == ("E10", "E11")
    assert swap["rule"].startswith("Erbij")
    assert swap["text"] == TURNS[2]
    assert value["dimensions"] == {"ironie": ["nee", "ja"]}
    assert pd.isna(lone["code_a"])
    assert lone["codings_a"] == []
    assert frame["take"].isna().all()
    assert list(pairs(coded, BOTH)["kind"]).count("eens") == 1


def test_another_range_alone_is_a_difference_of_boundaries(study: qc.Project) -> None:
    study.code("FG1", "G01", turn=4)
    with as_coder(study, "bram") as bram:
        bram.code("FG1", "G01", text="het ging")
    study.refresh()
    assert list(study.differences(BOTH)["kind"]) == ["andere grenzen"]


def test_fragments_of_one_code_belong_together_however_cut(study: qc.Project) -> None:
    study.code("FG1", "G01", text="goed")
    study.code("FG1", "G01", text="wel")
    with as_coder(study, "bram") as bram:
        bram.code("FG1", "G01", turn=2)
    study.refresh()
    frame = study.differences(BOTH)
    assert len(frame) == 1
    assert len(frame["codings_a"].iloc[0]) == 2


def test_an_easily_confused_pair_goes_before_a_longer_overlap(study: qc.Project) -> None:
    study.code("FG1", "E10", text="kan")
    with as_coder(study, "bram") as bram:
        bram.code("FG1", "G01", turn=3)
        bram.code("FG1", "E11", text="kan beter")
    study.refresh()
    frame = study.differences(BOTH)
    assert [tuple(row) for row in frame[["code_a", "code_b"]].fillna("").to_numpy()] == [("E10", "E11"), ("", "G01")]


@pytest.mark.parametrize(
    ("take", "left"),
    [
        ("a", [("E10", TURNS[2])]),
        ("b", [("E11", "kan beter")]),
        ("both", [("E11", "kan beter"), ("E10", TURNS[2])]),
        ("neither", []),
    ],
)
def test_a_choice_makes_the_consensus_layer_and_leaves_the_rounds(coded: qc.Project, take: str, left: list[tuple[str, str]]) -> None:
    before = rounds(coded)
    coded.choose(coded.differences(BOTH).iloc[0], take, reason="besproken")
    assert sorted(consensus(coded)) == sorted([("G01", TURNS[1]), *left])  # with what both agreed on
    assert rounds(coded).equals(before)
    row = coded.differences(BOTH).iloc[0]
    assert (row["take"], row["decided_by"], row["reason"], row["stale"]) == (take, "anna", "besproken", False)
    assert len(coded.differences(BOTH)) == 3
    assert coded.undo() is not None
    assert consensus(coded) == []
    assert coded.differences(BOTH)["take"].isna().all()


def test_something_new_has_its_own_range_and_code(coded: qc.Project) -> None:
    row = coded.differences(BOTH).iloc[0]
    start = coded.snapshot().text(coded.snapshot().document_names["FG1"]).index("beter")
    coded.choose(row, "new", code="G01", span=(start, start + 5), reason="alleen dat woord", memo="let op", ironie="ja")
    made = coded.codings(layer="consensus", code="G01")
    made = made[made["text"] == "beter"].iloc[0]
    assert (made["memo"], made["ironie"], made["coder"]) == ("let op", "ja", "anna")


def test_choosing_again_replaces_what_was_chosen(coded: qc.Project) -> None:
    row = coded.differences(BOTH).iloc[0]
    first = coded.choose(row, "a")
    assert coded.differences(BOTH)["reason"].iloc[0].startswith("Erbij")  # the rule of the pair
    assert coded.choose(row, "b") == first
    assert consensus(coded) == [("G01", TURNS[1]), ("E11", "kan beter")]
    assert len(coded.snapshot().choices) == 1


def test_what_was_agreed_comes_along_once_and_not_again_after_it_was_taken_away(coded: qc.Project) -> None:
    coded.choose(coded.differences(BOTH).iloc[0], "a")
    agreed = coded.codings(layer="consensus", code="G01")["coding"].iloc[0]
    coded.uncode(agreed)
    coded.choose(coded.differences(BOTH).iloc[2], "b")
    assert consensus(coded) == [("E10", TURNS[2]), ("E10", TURNS[4])]


def test_what_both_agree_on_can_be_taken_over_alone_and_only_once(coded: qc.Project) -> None:
    assert coded.take_agreed(BOTH) == 1
    assert coded.take_agreed(BOTH) == 0
    assert consensus(coded) == [("G01", TURNS[1])]


def test_a_coding_changed_after_the_choice_makes_it_stale(coded: qc.Project) -> None:
    row = coded.differences(BOTH).iloc[0]
    coded.choose(row, "a")
    coded.recode(row["codings_a"][0], memo="toch anders")
    assert coded.differences(BOTH)["stale"].tolist()[0]


def test_a_difference_keeps_its_key_and_loses_it_with_its_codings(coded: qc.Project) -> None:
    row = coded.differences(BOTH).iloc[0]
    assert row["difference"] == key_of(row["codings_a"], row["codings_b"])
    coded.uncode(row["codings_a"][0])
    with pytest.raises(Refused):
        coded.choose(row, "a")
    assert row["difference"] not in set(coded.differences(BOTH)["difference"])


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"take": "c"}, Refused),
        ({"take": "neither"}, Refused),
        ({"take": "new", "reason": "x"}, Refused),
        ({"take": "new", "code": "E10"}, Refused),
        ({"take": "new", "code": "Z99", "reason": "x"}, NotFound),
        ({"take": "new", "code": "E", "reason": "x"}, Refused),
        ({"take": "new", "span": (0, 9), "reason": "x"}, Refused),
        ({"take": "a", "ironie": "misschien"}, Refused),
    ],
)
def test_a_choice_that_cannot_be_changes_nothing(coded: qc.Project, how: dict[str, Any], error: type[Exception]) -> None:
    before = len(coded.history())
    with pytest.raises(error):
        coded.choose(coded.differences(BOTH).iloc[0], **how)
    assert len(coded.history()) == before
    assert consensus(coded) == []


def test_two_coders_exactly_and_something_both_coded(coded: qc.Project) -> None:
    for coders, error in ((["anna"], Refused), (["anna", "bram", "anna", "carla"], Refused), (["anna", "niemand"], NotFound)):
        with pytest.raises(error):
            coded.differences(coders)
    with pytest.raises(NotFound):
        coded.differences(BOTH, layer="ronde-9")


def test_a_choice_in_a_copy_comes_in_with_a_merge(coded: qc.Project, tmp_path: Path) -> None:
    coded.assign("dirk", copy=tmp_path / "leeg.qualcode")
    path = tmp_path / "kopie.qualcode"
    coded.close()
    path.write_bytes(Path(coded._store.address).read_bytes())
    with qc.Project.open(path, coder="carla") as copy:
        copy.choose(copy.differences(BOTH).iloc[0], "b")
    coded.merge(path)
    assert coded.differences(BOTH)["take"].iloc[0] == "b"
    assert ("E11", "kan beter") in consensus(coded)


# the sample study ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> qc.Project:
    return make_sample(tmp_path_factory.mktemp("voorbeeld") / "v.qualcode")


ANOUK_BART = ["anouk", "bart"]
CONFUSED = ("E10 E11", "O05 O06", "E07 E08", "O07 O12", "G01 G02", "O03 O06", "E01 E02", "S08 S11")


def swaps(frame: pd.DataFrame) -> dict[frozenset[str], int]:
    frame = frame[frame["kind"] == "andere code"]
    return frame.groupby(frame.apply(lambda row: frozenset((row["code_a"], row["code_b"])), axis=1))["times"].sum().to_dict()


def test_confused_pairs_come_up_in_round_one_and_mostly_go_in_round_two(sample: qc.Project) -> None:
    first, second = (swaps(disagreement_map(sample, ANOUK_BART, layer=layer)) for layer in ("ronde-1", "ronde-2"))
    for pair in CONFUSED:
        key = frozenset(pair.split())
        assert first.get(key, 0) > 0, pair
        assert second.get(key, 0) <= first[key], pair
    assert max(first, key=lambda key: first[key]) in {frozenset({"E10", "E11"}), frozenset({"O05", "O06"})}
    assert sum(second.get(frozenset(p.split()), 0) for p in CONFUSED) * 2 < sum(first[frozenset(p.split())] for p in CONFUSED)


def test_each_confused_pair_the_codebook_knows_shows_its_rule_where_it_is_decided(sample: qc.Project) -> None:
    frame = sample.differences(ANOUK_BART)
    known = {frozenset((sample.codebook.get(p.first).id, sample.codebook.get(p.second).id)) for p in sample.codebook.book.confusable}
    swapped = frame[frame["kind"] == "andere code"]
    for _, row in swapped.iterrows():
        assert pd.notna(row["rule"]) == (frozenset((row["code_a"], row["code_b"])) in known)
    assert swapped["rule"].notna().sum() > 15


def test_irony_taken_literally_comes_up_in_round_one_and_not_in_round_two(sample: qc.Project) -> None:
    table = disagreement_map(sample, ANOUK_BART)
    irony = table[table["dimension"] == "ironie"]
    assert all("ja" in one and other == "nee" for one, other in zip(irony["value_a"], irony["value_b"], strict=True))
    assert "FG2" in "|".join(irony["documents"])
    again = disagreement_map(sample, ANOUK_BART, layer="ronde-2")
    assert not (again["dimension"] == "ironie").any()
    words = sample.differences(ANOUK_BART)
    literal = words[words["dimensions"].map(lambda held: "ironie" in held)]
    assert literal["text"].str.contains("gezelligste afdeling").any()


def test_the_drift_of_one_coder_shows_after_half_of_a_session_and_is_repaired(sample: qc.Project) -> None:
    turns = len(sample.snapshot().turns_of(sample.snapshot().document_names["FG5"]))

    def narrower(layer: str) -> list[int]:
        frame = sample.differences(ANOUK_BART, layer=layer, documents=["FG5"])
        drift = frame[(frame["code_a"] == "E06") & (frame["code_b"] == "E16")]
        return drift["turn"].tolist()

    assert len(narrower("ronde-1")) >= 2
    assert min(narrower("ronde-1")) > turns / 3
    assert narrower("ronde-2") == []
    table = disagreement_map(sample, ANOUK_BART)
    assert ((table["code_a"] == "E06") & (table["code_b"] == "E16")).any()


def test_the_sample_has_fewer_differences_in_round_two(sample: qc.Project) -> None:
    first, second = (sample.differences(ANOUK_BART, layer=layer) for layer in ("ronde-1", "ronde-2"))
    assert (len(first), len(second)) == (97, 38)


# in pictures -----------------------------------------------------------------------------------------------


def test_the_chart_shows_each_code_of_two_rounds_with_its_interval_and_says_its_unit(sample: qc.Project) -> None:
    figure = qc.charts.agreement(sample, ANOUK_BART, layers=["ronde-1", "ronde-2"])
    first = figure.data[0]
    frame = qc.agreement(sample, ANOUK_BART)
    rows = frame[(frame["coefficient"] == "alpha_nominal") & frame["document"].isna() & frame["code"].notna()].set_index("code")
    for code, value, high in zip(first.customdata, first.x, first.error_x.array, strict=True):
        assert value == rows.loc[code, "value"]
        assert value + high == pytest.approx(rows.loc[code, "ci_high"])
    without = figure.data[1]
    assert set(without.customdata) == set(rows.index[rows["value"].isna()])
    assert all(text for text in without.hovertext)
    assert max(without.x) < min(*first.x, 0)  # apart from the scale: no value is not nought
    assert "spreekbeurten" in figure.layout.xaxis.title.text
    assert "startgetal 7" in figure.layout.xaxis.title.text
    assert [trace.name for trace in figure.data][::2] == ["ronde-1", "ronde-2"]
    lowest = figure.layout.yaxis.ticktext[0].split()[0]  # the axis runs downwards
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    assert rows.loc[lowest, "value"] == rows["value"].min()
    places = [place for trace in figure.data for place in trace.y]
    assert len(places) == len(set(places))  # no sign of one round stands on that of another


def test_the_map_counts_the_differences_and_holds_no_words_of_the_transcripts(sample: qc.Project) -> None:
    figure = qc.charts.disagreements(sample, ANOUK_BART)
    frame = sample.differences(ANOUK_BART)
    swapped = frame[frame["kind"] == "andere code"]
    grid = figure.data[0]
    places = {tuple(cell[:2]): (row, column) for row, line in enumerate(grid.customdata) for column, cell in enumerate(line)}
    for (code_a, code_b), rows in swapped.groupby(["code_a", "code_b"]):
        row, column = places[code_a, code_b]
        assert grid.z[row][column] == len(rows)
    total = sum(n for line in grid.z for n in line if not pd.isna(n))
    assert total == len(frame[frame["kind"].isin(["andere code", "één codeur"])])
    drawn = figure.to_json()
    assert "gezelligste" not in drawn
    assert not [text for text in frame["text"] if len(text) > 30 and text in drawn]


def test_a_measure_that_is_not_there_is_refused(sample: qc.Project) -> None:
    with pytest.raises(Refused, match="cohen_kappa"):
        qc.charts.agreement(sample, ANOUK_BART, coefficient="geluk")
