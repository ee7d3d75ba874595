"""Agreement in a study: which units, which documents, which codes; and where coders differ."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.analysis.agreement import (
    agreement,
    alpha_jaccard,
    alpha_masi,
    disagreement_map,
    disagreements,
    every,
    overview,
    percent_agreement,
    positive_agreement,
    span_agreement,
)
from qualcode.analysis.agreement.comparing import AGREEMENT_COLUMNS
from qualcode.analysis.agreement.disagreeing import DISAGREEMENT_COLUMNS, MAP_COLUMNS
from qualcode.errors import NotFound, Refused
from qualcode.model import Snapshot
from qualcode.project import Project
from qualcode.sample import make_sample
from studies import Build

CODES = ("E01", "E07", "O05")
PAIR = ["anna", "bram"]


def talk(documents: int = 2, turns: int = 12) -> Build:
    """Return focus groups in which every third turn is the moderator's."""
    build = Build()
    for number in range(1, documents + 1):
        said = [("M1" if at % 3 == 0 else f"R{at % 3}", f"Dit is beurt {at}. En nog een zin.") for at in range(turns)]
        build.document(f"FG{number}", said)
    for coder in (*PAIR, "cato"):
        build.coder(coder)
    return build


def coded(build: Build, coder: str, code: str, cells: str, layer: str = "ronde-1", **dimensions) -> None:
    """Code turns: ``"FG1:2,3 FG2:5"``."""
    for cell in cells.split():
        document, _, turns = cell.partition(":")
        for turn in turns.split(","):
            build.code(document, int(turn), code, coder=coder, layer=layer, **dimensions)


def value(
    frame: pd.DataFrame, coefficient: str, code: str | None = None, document: str | None = None, coders: str = "anna|bram"
) -> pd.Series:
    rows = frame[(frame["coefficient"] == coefficient) & (frame["coders"] == coders)]
    rows = rows[rows["code"].isna() if code is None else rows["code"] == code]
    rows = rows[rows["document"].isna() if document is None else rows["document"] == document]
    assert len(rows) == 1
    return rows.iloc[0]


# whatever was coded, the frame gives what the table form gives for the units cut by hand ----------------

MARKS = st.lists(
    st.tuples(st.sampled_from(PAIR), st.sampled_from(["FG1", "FG2"]), st.integers(0, 330), st.integers(1, 60), st.sampled_from(CODES)),
    min_size=12, max_size=40,
)  # fmt: skip


def of_marks(marks) -> Build:
    build = talk()
    for coder, document in ((c, d) for c in PAIR for d in ("FG1", "FG2")):
        build.code(document, 2, "E02", coder=coder, layer="ronde-1")
    for coder, document, start, length, code in marks:
        size = len(build.texts[build.state["document"][f"doc-{document}"]["text"]])
        build.code(document, (min(start, size - 1), min(start + length, size)), code, coder=coder, layer="ronde-1")
    return build


def cut(build: Build, unit: str) -> list[tuple[str, int, int, str]]:
    """Return the units of participants, cut by hand: document, beginning, end, turn."""
    units = []
    for name, turns in build.turns.items():
        labels = build.state["document"][f"doc-{name}"]["turns"]["label"]
        for number, (start, end) in turns.items():
            if labels[number - 1] == "M1":
                continue
            if unit == "turn":
                units.append((name, start, end, f"{name}:{number}"))
            elif unit == "character":
                units += [(name, at, at + 1, f"{name}:{number}") for at in range(start, end)]
            else:
                text = build.texts[build.state["document"][f"doc-{name}"]["text"]]
                half = text.index(". ", start) + 2
                units += [(name, start, half, f"{name}:{number}"), (name, half, end, f"{name}:{number}")]
    return units


@pytest.mark.parametrize("unit", ["turn", "sentence", "character"])
@settings(max_examples=15)
@given(marks=MARKS)
def test_a_study_gives_what_its_units_in_a_table_give(unit: str, marks) -> None:
    build = of_marks(marks)
    frame = agreement(build.snapshot(), PAIR, unit=unit)
    units = cut(build, unit)
    held: dict[int, dict[str, set[str]]] = defaultdict(lambda: {coder: set() for coder in PAIR})
    for row in build.state["coding"].values():
        for at, (name, start, end, _) in enumerate(units):
            if row["document"] == f"doc-{name}" and row["start"] < end and row["end"] > start:
                held[at][row["coder"].removeprefix("coder-")].add(row["code"].removeprefix("code-"))
    sets = [tuple(held[at][coder] for coder in PAIR) for at in range(len(units))]
    for code in CODES:
        table = [[int(code in own) for own in pair] for pair in sets]
        turns = {units[at][3] for at, row in enumerate(table) if any(row)} if unit == "character" else [row for row in table if any(row)]
        if not turns:
            continue
        found = value(frame, "alpha_nominal", code)
        assert (found["units"], found["used"], found["uncoded"]) == (len(units), len(turns), sum(not (a or b) for a, b in sets))
        by_table = {**every(table), "positive_agreement": positive_agreement(table)}
        for name in ("percent_agreement", "positive_agreement", "cohen_kappa", "alpha_nominal", "gwet_ac1", "scott_pi", "brennan_prediger"):
            got, want = value(frame, name, code)["value"], by_table[name].value
            if len(turns) < 5:
                assert np.isnan(got)
            else:
                assert (np.isnan(got) and want is None) or got == pytest.approx(want)
    if value(frame, "alpha_jaccard")["used"] >= 5:
        assert value(frame, "alpha_jaccard")["value"] == pytest.approx(alpha_jaccard(sets).value)
        assert value(frame, "alpha_masi")["value"] == pytest.approx(alpha_masi(sets).value)
        same = [[0, int(a != b)] for a, b in sets]
        assert value(frame, "percent_agreement")["value"] == pytest.approx(percent_agreement(same).value)


def test_an_interval_of_turns_is_that_of_the_table() -> None:
    """Both draw units again: the limits differ by chance only."""
    build = talk(1, 600)
    spoken = [turn for turn in range(1, 601) if turn % 3 != 1]
    coded(build, "anna", "E07", "FG1:" + ",".join(map(str, spoken[:80])))
    coded(build, "bram", "E07", "FG1:" + ",".join(map(str, spoken[20:110])))
    table = [[int(at < 80), int(20 <= at < 110)] for at in range(400)]
    frame, found = agreement(build.snapshot(), PAIR), every(table)
    for name in ("percent_agreement", "cohen_kappa", "alpha_nominal"):
        row = value(frame, name, "E07")
        assert row["value"] == pytest.approx(found[name].value)
        assert (row["ci_low"], row["ci_high"]) == (
            pytest.approx(found[name].ci_low, abs=0.02),
            pytest.approx(found[name].ci_high, abs=0.02),
        )
        assert row["ci_low"] < row["value"] < row["ci_high"]


@pytest.mark.parametrize(("first", "second"), [(range(80), range(20, 110)), (range(10), range(4, 14))])
def test_an_interval_on_sets_is_that_of_the_table_for_common_and_rare_codes(first: range, second: range) -> None:
    build = talk(1, 600)
    spoken = [turn for turn in range(1, 601) if turn % 3 != 1]
    for coder, used in zip(PAIR, (first, second), strict=True):
        coded(build, coder, "E07", "FG1:" + ",".join(str(spoken[at]) for at in used))
    found = alpha_jaccard([[{"E07"} if at in used else set() for used in (first, second)] for at in range(400)])
    row = value(agreement(build.snapshot(), PAIR), "alpha_jaccard")
    assert row["value"] == pytest.approx(found.value)
    assert (row["ci_low"], row["ci_high"]) == (pytest.approx(found.ci_low, abs=0.02), pytest.approx(found.ci_high, abs=0.02))


@pytest.mark.parametrize("unit", ["sentence", "character"])
def test_an_interval_draws_whole_turns_however_long_they_are(unit: str) -> None:
    """By hand: every turn is drawn with all its units, long ones with many."""
    build = Build()
    long = [at % 4 == 0 for at in range(200)]
    build.document("FG1", [("R1", "Een zin met woorden. " * (20 if far else 1) + "Klaar.") for far in long])
    for coder in PAIR:
        build.coder(coder)
    used = {"anna": range(60), "bram": range(30, 80)}
    for coder, turns in used.items():
        coded(build, coder, "E07", "FG1:" + ",".join(str(at + 1) for at in turns))
    size = np.array(
        [
            (end - start if unit == "character" else 2 + 19 * far)
            for (start, end), far in zip(build.turns["FG1"].values(), long, strict=True)
        ]
    )
    yes = {coder: np.isin(np.arange(200), turns) for coder, turns in used.items()}
    source, values = np.random.default_rng(1), []
    for _ in range(4000):
        drawn = source.integers(0, 200, size=200)
        weight, a, b = size[drawn], yes["anna"][drawn], yes["bram"][drawn]
        n, first, second = weight.sum(), (weight * a).sum(), (weight * b).sum()
        seen = (weight * (a == b)).sum() / n
        by_chance = (first * second + (n - first) * (n - second)) / n**2
        values.append((seen, (seen - by_chance) / (1 - by_chance)))
    wanted = np.quantile(values, [0.025, 0.975], axis=0).T
    frame = agreement(build.snapshot(), PAIR, unit=unit)
    for name, ends in zip(("percent_agreement", "cohen_kappa"), wanted, strict=True):
        row = value(frame, name, "E07")
        assert [row["ci_low"], row["ci_high"]] == pytest.approx(ends, abs=0.025)


# which units, which documents ---------------------------------------------------------------------------


def test_turns_of_the_moderator_are_no_units_and_codings_on_them_count_for_nothing() -> None:
    build = talk(1)
    coded(build, "anna", "E07", "FG1:2,3,5,6,8")
    coded(build, "bram", "E07", "FG1:2,3,5,6,8")
    before = agreement(build.snapshot(), PAIR)
    coded(build, "bram", "E07", "FG1:1,4,7")
    assert value(before, "percent_agreement", "E07")["units"] == 8
    assert value(agreement(build.snapshot(), PAIR), "percent_agreement", "E07").equals(value(before, "percent_agreement", "E07"))


def test_a_document_only_one_of_them_coded_is_left_out_unless_it_is_named() -> None:
    build = talk(2)
    for coder in PAIR:
        coded(build, coder, "E07", "FG1:2,3,5,6,8")
    coded(build, "anna", "E07", "FG2:2,3")
    snapshot = build.snapshot()
    assert value(agreement(snapshot, PAIR), "percent_agreement", "E07")[["units", "value"]].tolist() == [8, 1.0]
    named = agreement(snapshot, PAIR, documents=["FG1", "FG2"])
    assert value(named, "percent_agreement", "E07")[["units", "value"]].tolist() == [16, pytest.approx(14 / 16)]
    assert set(agreement(snapshot, PAIR, documents=["FG1"])["document"].dropna()) == {"FG1"}


def test_page_marks_inside_a_turn_are_no_characters() -> None:
    build = talk(1)
    for coder in PAIR:
        coded(build, coder, "E07", "FG1:2,3,5,6,8")
    before = value(agreement(build.snapshot(), PAIR, unit="character"), "percent_agreement", "E07")["units"]
    start = build.turns["FG1"][2][0]
    build.state["document"]["doc-FG1"]["turns"]["gaps"] = [[1, start + 4, start + 9]]
    assert value(agreement(build.snapshot(), PAIR, unit="character"), "percent_agreement", "E07")["units"] == before - 5


def test_a_short_form_or_an_initial_ends_no_sentence() -> None:
    build = Build()
    words = "Ik sprak dhr. Jansen en A. de Vries. 's Avonds ook! “Echt?” Ja… Dat was bijv. drie keer 2.5 uur.\nKlaar"
    build.document("FG1", [("R1", words)])
    for coder in PAIR:
        build.coder(coder)
        build.code("FG1", 1, "E07", coder=coder, layer="ronde-1")
    assert value(agreement(build.snapshot(), PAIR, unit="sentence"), "percent_agreement", "E07")["units"] == 6


def test_levels_take_what_lies_below_and_confusion_within_a_theme_is_agreement_there() -> None:
    build = talk(1, 30)
    coded(build, "anna", "E01", "FG1:2,3,5,6,8,9")
    coded(build, "bram", "E07", "FG1:2,3,5,6,8,9")
    snapshot = build.snapshot()
    assert value(agreement(snapshot, PAIR), "positive_agreement", "E01")["value"] == 0.0
    assert value(agreement(snapshot, PAIR, level="subtheme"), "positive_agreement", "EB")["value"] == 0.0
    theme = agreement(snapshot, PAIR, level="theme")
    assert value(theme, "positive_agreement", "E")["value"] == 1.0
    assert value(theme, "alpha_jaccard")["value"] == 1.0
    assert set(theme["level"]) == {"theme"}


def test_merged_codes_agree_with_what_they_went_into() -> None:
    build = talk(1, 30)
    coded(build, "anna", "E01", "FG1:2,3,5,6,8")
    coded(build, "bram", "E02", "FG1:2,3,5,6,8")
    build.state["code"]["code-E02"].update(merged_into="code-E01", retired=True)
    assert value(agreement(build.snapshot(), PAIR), "positive_agreement", "E01")["value"] == 1.0


# what is not said ----------------------------------------------------------------------------------------


def test_a_code_used_in_fewer_than_five_units_gets_no_coefficient() -> None:
    build = talk(2)
    for coder in PAIR:
        coded(build, coder, "E07", "FG1:2,3 FG2:2,3")
        coded(build, coder, "O05", "FG1:2,3,5 FG2:2,3")
    frame = agreement(build.snapshot(), PAIR)
    rare = frame[frame["code"] == "E07"]
    assert rare[["value", "ci_low", "ci_high"]].isna().all(axis=None)
    assert set(rare[rare["document"].isna()]["reason"]) == {"Te weinig waarnemingen: gebruikt in 4 van de 16 eenheden."}
    assert value(frame, "alpha_nominal", "O05")["value"] == 1.0
    assert np.isnan(value(frame, "alpha_nominal", "O05", "FG1")["value"])


def test_a_code_everybody_used_everywhere_has_no_corrected_coefficient() -> None:
    build = talk(1)
    for coder in PAIR:
        coded(build, coder, "E07", "FG1:2,3,5,6,8,9,11,12")
    frame = agreement(build.snapshot(), PAIR)
    for name in ("cohen_kappa", "alpha_nominal", "gwet_ac1", "brennan_prediger"):
        row = value(frame, name, "E07")
        assert np.isnan(row["value"])
        assert row["reason"].startswith("Niet gedefinieerd")
    assert value(frame, "percent_agreement", "E07")["value"] == 1.0
    assert np.isnan(value(frame, "alpha_jaccard")["value"])


def test_a_rare_code_with_much_agreement_warns_of_prevalence() -> None:
    build = talk(1, 300)
    coded(build, "anna", "E07", "FG1:2,3,5,6")
    coded(build, "bram", "E07", "FG1:6,8,9")
    frame = agreement(build.snapshot(), PAIR)
    assert "scheve verdeling" in value(frame, "cohen_kappa", "E07")["reason"]
    assert pd.isna(value(frame, "positive_agreement", "E07")["reason"])


def test_three_coders_are_compared_in_pairs_and_together() -> None:
    build = talk(2, 30)
    coded(build, "anna", "E07", "FG1:2,3,5,6,8 FG2:2,3,5,6,8")
    coded(build, "bram", "E07", "FG1:2,3,5,6,9 FG2:2,3,5,6,9")
    coded(build, "cato", "E07", "FG1:2,3,5,6,9")
    frame = agreement(build.snapshot(), ["anna", "bram", "cato"])
    assert list(frame["coders"].unique()) == ["anna|bram", "anna|cato", "bram|cato", "anna|bram|cato"]
    assert value(frame, "percent_agreement", "E07")["units"] == 40
    assert value(frame, "percent_agreement", "E07", coders="anna|bram|cato")["units"] == 20
    table = [[int(t in own) for own in ((2, 3, 5, 6, 8), (2, 3, 5, 6, 9), (2, 3, 5, 6, 9))] for t in range(1, 31) if t % 3 != 1]
    for name in ("fleiss_kappa", "alpha_nominal", "percent_agreement"):
        assert value(frame, name, "E07", coders="anna|bram|cato")["value"] == pytest.approx(every(table)[name].value)
    assert "precies twee" in value(frame, "cohen_kappa", "E07", coders="anna|bram|cato")["reason"]


def test_the_same_seed_gives_the_same_frame() -> None:
    build = talk(1, 60)
    coded(build, "anna", "E07", "FG1:2,3,5,6,8,9,12")
    coded(build, "bram", "E07", "FG1:2,3,5,6,11,14")
    snapshot = build.snapshot()
    first, second, other = (agreement(snapshot, PAIR, seed=seed) for seed in (7, 7, 8))
    pd.testing.assert_frame_equal(first, second)
    assert first["value"].equals(other["value"])
    assert not first["ci_high"].equals(other["ci_high"])
    assert tuple(first.columns) == AGREEMENT_COLUMNS
    assert overview(first)["code"].tolist() == ["E07"]
    assert overview(first).loc[0, "alpha_nominal"] == value(first, "alpha_nominal", "E07")["value"]


# what stands in the way ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coders", "options", "error", "says"),
    [
        (["anna", "brem"], {}, NotFound, "bram"),
        (["anna"], {}, Refused, "twee verschillende codeurs"),
        (["anna", "anna"], {}, Refused, "anna en anna"),
        (["anna", "cato"], {}, Refused, "niets door cato"),
        (PAIR, {"layer": "ronde-9"}, NotFound, "ronde-1"),
        (PAIR, {"unit": "woord"}, Refused, "turn"),
        (PAIR, {"level": "woord"}, Refused, "subtheme"),
        (PAIR, {"documents": ["FG9"]}, NotFound, "FG1"),
        (PAIR, {"documents": []}, Refused, "geen spreekbeurten"),
    ],
)
def test_one_sentence_says_what_stands_in_the_way(coders, options, error, says) -> None:
    build = talk(1)
    for coder in PAIR:
        coded(build, coder, "E07", "FG1:2,3")
    with pytest.raises(error, match=says):
        agreement(build.snapshot(), coders, **options)


# stretches -----------------------------------------------------------------------------------------------


def test_stretches_are_compared_apart_from_units() -> None:
    build = talk(2, 12)
    spoken = [(document, turn) for document in ("FG1", "FG2") for turn in (2, 3, 5)]
    for document, turn in spoken:
        start, end = build.turns[document][turn]
        build.code(document, (start, end), "E07", coder="anna", layer="ronde-1")
        build.code(document, (start, start + 10), "E07", coder="bram", layer="ronde-1")
    frame = span_agreement(build.snapshot(), PAIR)
    assert [value(frame, name, "E07")["value"] for name in ("span_f1", "span_f1_exact")] == [1.0, 0.0]
    lengths = [build.turns[document][turn][1] - build.turns[document][turn][0] for document, turn in spoken]
    assert value(frame, "span_overlap", "E07")["value"] == pytest.approx(60 / sum(lengths))
    assert value(frame, "alpha_unitizing", "E07")["value"] == pytest.approx(value(frame, "alpha_unitizing")["value"])
    assert pd.isna(value(frame, "alpha_unitizing", "E07")["ci_low"])
    assert value(frame, "span_f1", None, "FG2")["units"] == 6


def test_words_of_the_moderator_are_no_part_of_the_text_for_unitizing() -> None:
    build = talk(1, 12)
    for coder, shift in (("anna", 0), ("bram", 5)):
        for turn in (2, 3, 5, 6):
            build.code("FG1", (build.turns["FG1"][turn][0] + shift, build.turns["FG1"][turn][1]), "E07", coder=coder, layer="ronde-1")
    before = span_agreement(build.snapshot(), PAIR)
    for coder in PAIR:
        coded(build, coder, "E01", "FG1:1,4")
    after = span_agreement(build.snapshot(), PAIR)
    pd.testing.assert_frame_equal(
        before[before["code"] == "E07"].reset_index(drop=True), after[after["code"] == "E07"].reset_index(drop=True)
    )
    assert "E01" not in set(after["code"])


def test_a_third_coder_changes_nothing_for_a_pair() -> None:
    build = talk(3)
    for coder, begin in (("anna", 0), ("bram", 3), ("cato", 5)):
        for document in ("FG1", "FG2", "FG3"):
            if (coder, document) in {("cato", "FG1"), ("bram", "FG2")}:
                continue
            for turn in (2, 3, 5, 6, 8):
                start, end = build.turns[document][turn]
                build.code(document, (start + begin, end), "E07", coder=coder, layer="ronde-1")
    snapshot = build.snapshot()
    for ask in (span_agreement, agreement):
        three = ask(snapshot, ["anna", "bram", "cato"])
        for pair in (["anna", "bram"], ["anna", "cato"], ["bram", "cato"]):
            alone = ask(snapshot, pair)
            assert alone["value"].notna().any()
            of_three = three[three["coders"] == "|".join(pair)].reset_index(drop=True)
            columns = ["code", "document", "coefficient", "value", "units"]
            pd.testing.assert_frame_equal(of_three[columns], alone[columns])


# where they differ ---------------------------------------------------------------------------------------


@pytest.fixture
def differing() -> Snapshot:
    build = talk(1, 30)
    for coder in PAIR:
        coded(build, coder, "O05", "FG1:2")
    coded(build, "anna", "E07", "FG1:3,5")
    coded(build, "bram", "E09", "FG1:3,5")
    coded(build, "anna", "E01", "FG1:6")
    coded(build, "anna", "E02", "FG1:8", ironie="ja")
    coded(build, "bram", "E02", "FG1:8")
    start, end = build.turns["FG1"][9]
    build.code("FG1", (start, end), "O08", coder="anna", layer="ronde-1")
    build.code("FG1", (start, start + 10), "O08", coder="bram", layer="ronde-1")
    coded(build, "bram", "E07", "FG1:1")
    book = build.state["codebook"]["codebook"]
    book["confusable"] = [{"first": "code-E09", "second": "code-E07", "rule": "Kies E07 als iemand lager inschat."}]
    return build.snapshot()


def test_every_disagreement_has_its_kind_and_its_place(differing: Snapshot) -> None:
    frame = disagreements(differing, PAIR)
    assert tuple(frame.columns) == DISAGREEMENT_COLUMNS
    got = frame[["turn", "kind", "code_a", "code_b", "dimension", "value_a", "value_b"]].astype(object).where(frame.notna(), None)
    assert [tuple(row) for row in got.itertuples(index=False)] == [
        (3, "andere code", "E07", "E09", None, None, None),
        (5, "andere code", "E07", "E09", None, None, None),
        (6, "één codeur", "E01", None, None, None, None),
        (8, "andere waarde", "E02", "E02", "ironie", "ja", "nee"),
        (9, "andere grenzen", "O08", "O08", None, None, None),
    ]
    first = frame.iloc[0]
    assert (first["document"], first["text"]) == ("FG1", "Dit is beurt 2. En nog een zin.")
    text = differing.text("doc-FG1")
    assert text[first["start"] : first["end"]] == first["text"]
    assert first["codings_a"] in set(differing.codings["guid"])
    assert first["codebook_a"] == "0.1/abcdef12"
    assert frame.iloc[4]["overlap"] == pytest.approx(10 / len(frame.iloc[4]["text"]))


def test_the_map_counts_which_code_for_which_and_shows_the_rule(differing: Snapshot) -> None:
    table = disagreement_map(differing, PAIR)
    assert tuple(table.columns) == MAP_COLUMNS
    first = table.iloc[0]
    assert (first["code_a"], first["code_b"], first["times"], first["places"]) == ("E07", "E09", 2, "FG1:3|FG1:5")
    assert first["rule"] == "Kies E07 als iemand lager inschat."
    assert table["rule"].isna().sum() == len(table) - 1
    assert table["times"].sum() == len(disagreements(differing, PAIR))


def test_coders_who_agree_have_no_disagreements() -> None:
    build = talk(1)
    for coder in PAIR:
        coded(build, coder, "E07", "FG1:2,3")
    for unit in ("turn", "sentence", "character"):
        assert len(disagreements(build.snapshot(), PAIR, unit=unit)) == 0
    assert len(disagreement_map(build.snapshot(), PAIR)) == 0


def test_by_character_a_disagreement_is_the_stretch_itself() -> None:
    build = talk(1)
    start, end = build.turns["FG1"][2]
    build.code("FG1", (start, end), "E07", coder="anna", layer="ronde-1")
    build.code("FG1", (start, end - 6), "E07", coder="bram", layer="ronde-1")
    frame = disagreements(build.snapshot(), PAIR, unit="character")
    assert frame[["start", "end", "kind"]].values.tolist() == [[end - 6, end, "één codeur"]]


# the sample study ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_sample(tmp_path_factory.mktemp("voorbeeld") / "v.qualcode")


ANOUK_BART = ["anouk", "bart"]
# alpha on sets of codes by Jaccard, frozen
FROZEN = {
    ("ronde-1", "code"): 0.7629, ("ronde-1", "subtheme"): 0.8561, ("ronde-1", "theme"): 0.8958,
    ("ronde-2", "code"): 0.9091, ("ronde-2", "subtheme"): 0.9358, ("ronde-2", "theme"): 0.9545,
}  # fmt: skip


@pytest.mark.parametrize(("layer", "level"), FROZEN)
def test_the_two_coders_of_the_sample_give_the_frozen_figures(sample: Project, layer: str, level: str) -> None:
    row = value(agreement(sample, ANOUK_BART, layer=layer, level=level), "alpha_jaccard", coders="anouk|bart")
    assert row["value"] == pytest.approx(FROZEN[layer, level], abs=5e-5)
    assert row["ci_low"] < row["value"] < row["ci_high"]
    assert (row["units"], row["uncoded"]) == (337, 212)


def test_the_confused_codes_of_the_sample_have_a_low_kappa_and_too_rare_ones_none(sample: Project) -> None:
    frame = agreement(sample, ANOUK_BART)
    for code in ("E10", "E11", "O06"):
        assert value(frame, "cohen_kappa", code, coders="anouk|bart")["value"] < 0.4
    rare = frame[frame["document"].isna() & frame["reason"].fillna("").str.startswith("Te weinig")]
    assert rare["code"].nunique() >= 3


def test_confused_pairs_irony_and_drift_of_the_sample_show_up(sample: Project) -> None:
    table = disagreement_map(sample, ANOUK_BART)
    swapped = {frozenset(pair) for pair in zip(table["code_a"], table["code_b"], strict=True)}
    for pair in ("E10 E11", "O05 O06", "E07 E08", "O07 O12", "G01 G02", "O03 O06", "E01 E02", "S08 S11"):
        assert frozenset(pair.split()) in swapped, pair
    assert table[table["kind"] == "andere code"].iloc[0][["code_a", "code_b"]].tolist() in (["E10", "E11"], ["E11", "E10"])
    frame = disagreements(sample, ANOUK_BART)
    assert (frame["dimension"] == "ironie").any()
    drift = frame[(frame["code_a"] == "E06") & (frame["document"] == "FG5")]
    assert len(drift)
