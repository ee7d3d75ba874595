"""Every coefficient gives what was published, and nothing where nothing is defined."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.analysis.agreement import (
    Coefficient,
    alpha_interval,
    alpha_jaccard,
    alpha_masi,
    alpha_nominal,
    alpha_ordinal,
    alpha_ratio,
    alpha_unitizing,
    brennan_prediger,
    cohen_kappa,
    every,
    fleiss_kappa,
    gwet_ac1,
    percent_agreement,
    positive_agreement,
    scott_pi,
    span_f1,
    span_overlap,
)
from qualcode.analysis.agreement.coefficients import KERNELS
from qualcode.labels import set_language
from qualcode.spans import Spans, spans

N = None
# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), A: two observers, ten units, binary
BINARY = [list(map(int, pair)) for pair in zip("1100000000", "0110010100", strict=True)]
# the same, C: four observers, twelve units, missing values; also Gwet, Handbook of Inter-Rater Reliability (2014)
FOUR = [
    [1, 1, N, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [N, 5, 5, 5], [N, N, 1, 1], [N, 3, N, N],
]  # fmt: skip
# Fleiss, Psychological Bulletin 76 (1971) 378-381, p. 379: how often each of five categories was given by six raters
FLEISS = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 00501 30012 51000 02040 10203
00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"""
PUBLISHED = (
    # Krippendorff (2011); kappa by hand: (.6 - .56) / (1 - .56)
    (percent_agreement, BINARY, 0.6, 1e-9),
    (positive_agreement, BINARY, 1 / 3, 1e-9),
    (cohen_kappa, BINARY, 0.0909, 5e-5),
    (alpha_nominal, BINARY, 0.0952, 5e-5),
    (alpha_nominal, FOUR, 0.743, 5e-4),
    (alpha_ordinal, FOUR, 0.815, 5e-4),
    (alpha_interval, FOUR, 0.849, 5e-4),
    (alpha_ratio, FOUR, 0.797, 5e-4),
    # Gwet (2014), the table of four raters
    (percent_agreement, FOUR, 0.81818, 5e-6),
    (gwet_ac1, FOUR, 0.77544, 5e-6),
    (fleiss_kappa, FOUR, 0.76117, 5e-6),
    (brennan_prediger, FOUR, 0.77273, 5e-6),
)


def crossed(table: list[list[int]]) -> list[list[int]]:
    """Return the units behind a table of two coders: how often the first gave row i and the second column j."""
    return [[i, j] for i, row in enumerate(table) for j, often in enumerate(row) for _ in range(often)]


def of_counts(rows: str) -> list[list[int]]:
    return [[category for category, often in enumerate(row) for _ in range(int(often))] for row in rows.split()]


COHEN = crossed([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
PUBLISHED_FOR_TWO = (
    # Cohen, Educational and Psychological Measurement 20 (1960) 37-46, p. 45; AC1 by Gwet's definition (2008)
    (cohen_kappa, COHEN, 0.492, 5e-4),
    (gwet_ac1, COHEN, 0.5760, 5e-5),
    # Brennan and Prediger, Educational and Psychological Measurement 41 (1981) 687-699, p. 689 and 691
    (cohen_kappa, crossed([[50, 0, 0], [10, 10, 10], [20, 0, 0]]), 0.27, 5e-3),
    (brennan_prediger, crossed([[50, 0, 0], [10, 10, 10], [20, 0, 0]]), 0.40, 1e-9),
    (cohen_kappa, crossed([[50, 0, 10], [0, 10, 10], [10, 10, 0]]), 0.29, 5e-3),
    # Krippendorff, Sociological Methodology 25 (1995) 47-76, p. 57: two texts of 24 units
    (cohen_kappa, crossed([[10, 0], [8, 6]]), 0.385, 5e-4),
    (scott_pi, crossed([[10, 0], [8, 6]]), 0.314, 5e-4),
    (alpha_nominal, crossed([[10, 0], [8, 6]]), 0.329, 1e-3),
    (cohen_kappa, crossed([[6, 4], [4, 10]]), 0.314, 5e-4),
    (fleiss_kappa, of_counts(FLEISS), 0.430, 5e-4),
    # Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008) 29-48: pe = 2 * .85 * .15
    (gwet_ac1, crossed([[8, 1], [0, 1]]), 0.8658, 5e-5),
    (scott_pi, crossed([[8, 1], [0, 1]]), 0.6078, 5e-5),
)


@pytest.mark.parametrize(("coefficient", "table", "value", "within"), PUBLISHED + PUBLISHED_FOR_TWO)
def test_a_coefficient_is_what_was_published(coefficient, table, value, within) -> None:
    assert coefficient(table).value == pytest.approx(value, abs=within)


# the traps: what other programs give for the same table ------------------------------------------------


def test_percent_agreement_weighs_units_alike_and_does_not_pool_pairs() -> None:
    pairs = [a == b for row in FOUR for a, b in combinations([v for v in row if v is not None], 2)]
    assert np.mean(pairs) == pytest.approx(0.782, abs=5e-4)
    assert percent_agreement(FOUR).value == pytest.approx(0.818, abs=5e-4)


def test_fleiss_kappa_is_not_the_kappa_of_pairs_of_raters() -> None:
    # .442 is Conger's and Light's on this table
    assert fleiss_kappa(of_counts(FLEISS)).value == pytest.approx(0.430, abs=5e-4)
    assert len(of_counts(FLEISS)) == 30


def test_ordinal_alpha_has_krippendorffs_distance_and_no_ordinal_weights() -> None:
    assert alpha_ordinal(FOUR).value == pytest.approx(0.815, abs=5e-4)  # .834 with weights


def test_chance_rests_on_all_judgements_and_alpha_only_on_those_that_pair() -> None:
    incomplete = [row for row in FOUR if sum(v is not None for v in row) > 1]
    assert alpha_nominal(incomplete).value == alpha_nominal(FOUR).value
    assert gwet_ac1(FOUR).value == pytest.approx(0.7754, abs=5e-5)
    assert gwet_ac1(incomplete).value == pytest.approx(0.7752, abs=5e-5)


def test_kappa_of_two_drops_the_units_only_one_judged() -> None:
    for coefficient in (cohen_kappa, scott_pi):
        found, complete = coefficient([*BINARY, [1, N], [N, 0]]), coefficient(BINARY)
        assert (found.value, found.units) == (complete.value, 10)


def test_kappa_over_characters_counts_every_character() -> None:
    """Characters 0-40 and 20-60 of 100: agreement .60, by chance .52."""
    table = [[int(i < 40), int(20 <= i < 60)] for i in range(100)]
    assert cohen_kappa(table).value == pytest.approx(1 / 6)


# sets of codes -----------------------------------------------------------------------------------------

SETS = [
    ({"E07"}, {"E07"}), ({"E07", "G09"}, {"E07"}), ({"O05"}, {"O06"}),
    (set(), set()), ({"E10"}, {"E11"}), ({"O05", "O06"}, {"O05", "O06"}),
]  # fmt: skip


def jaccard(a: frozenset, b: frozenset) -> float:
    return 1 - len(a & b) / len(a | b) if a | b else 0.0


def masi(a: frozenset, b: frozenset) -> float:
    weight = 1 if a == b else 2 / 3 if a <= b or b <= a else 1 / 3 if a & b else 0
    return 1 - (1 - jaccard(a, b)) * weight


def by_hand(table, distance) -> tuple[float, float]:
    """Return observed and expected disagreement, pair by pair."""
    values = [frozenset(v) for row in table for v in row]
    seen = np.mean([distance(frozenset(a), frozenset(b)) for a, b in table])
    return seen, np.mean([distance(a, b) for a, b in permutations(values, 2)])


def test_alpha_on_sets_by_jaccard_is_the_worked_example() -> None:
    """Do .4167, De .8712, alpha .5217; two empty sets agree."""
    seen, by_chance = by_hand(SETS, jaccard)
    assert (seen, by_chance) == (pytest.approx(0.4167, abs=5e-5), pytest.approx(0.8712, abs=5e-5))
    assert alpha_jaccard(SETS).value == pytest.approx(0.5217, abs=5e-5)


def test_masi_is_passonneaus() -> None:
    """Passonneau 2006: 1 - Jaccard times 1, 2/3, 1/3 or 0; so {a, b} and {a} are 2/3 apart, {a, b} and {b, c} 8/9."""
    assert (masi(frozenset("ab"), frozenset("a")), masi(frozenset("ab"), frozenset("bc"))) == (pytest.approx(2 / 3), pytest.approx(8 / 9))
    seen, by_chance = by_hand(SETS, masi)
    assert alpha_masi(SETS).value == pytest.approx(1 - seen / by_chance)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("abcd"))), min_size=2, max_size=12))
def test_alpha_on_sets_is_what_pair_by_pair_gives(table) -> None:
    for coefficient, distance in ((alpha_jaccard, jaccard), (alpha_masi, masi)):
        seen, by_chance = by_hand(table, distance)
        found = coefficient(table)
        if len({frozenset(v) for row in table for v in row}) == 1:
            assert found.value is None
        else:
            assert found.value == pytest.approx(1 - seen / by_chance)


# stretches of text -------------------------------------------------------------------------------------


def placed(*pieces: tuple[int, int]) -> Spans:
    """Return spans from beginning and length, as the publications give them."""
    return spans([a for a, _ in pieces], [a + n for a, n in pieces])


# Krippendorff, Content Analysis (2004), p. 254: a text of 300 that begins at 150, two observers
UNITIZED = {
    "c": [placed((225, 70), (370, 30)), placed((220, 80), (355, 20), (400, 20))],
    "k": [placed((180, 60), (300, 50)), placed((180, 60), (300, 50))],
}


def test_alpha_for_unitizing_is_krippendorffs_of_2004() -> None:
    """He gives .8591 from rounded parts; the parts themselves give .8587."""
    assert alpha_unitizing({"c": UNITIZED["c"]}, length=300, start=150).value == pytest.approx(0.7286, abs=5e-5)
    assert alpha_unitizing({"k": UNITIZED["k"]}, length=300, start=150).value == 1.0
    both = alpha_unitizing(UNITIZED, length=300, start=150)
    assert both.value == pytest.approx(0.8587, abs=5e-5)
    assert both.value == pytest.approx(0.8591, abs=5e-4)
    assert (both.units, both.ci_low, both.ci_high) == (9, None, None)


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        (placed((2, 8), (14, 6)), placed((4, 4), (15, 2)), 0.553),
        (placed((0, 2), (2, 8), (10, 4), (14, 6), (20, 4)), placed((0, 4), (4, 4), (8, 7), (15, 2), (17, 7)), 0.066),
    ],
)
def test_alpha_for_unitizing_is_krippendorffs_of_1995(first: Spans, second: Spans, value: float) -> None:
    """Sociological Methodology 25, p. 57, examples A and D on a very fine continuum; D: touching stretches stay apart."""
    fine = 50_000
    assert alpha_unitizing({"x": [first * fine, second * fine]}, length=24 * fine).value == pytest.approx(value, abs=5e-4)


def test_overlapping_spans_of_one_coder_are_one_stretch() -> None:
    split = {"x": [placed((0, 6), (4, 6)), placed((0, 10))]}
    assert alpha_unitizing(split, length=100).value == 1.0
    assert span_f1(*split["x"], exact=True).value == 1.0


def test_a_span_is_found_when_the_other_touches_it_or_only_when_it_is_the_same() -> None:
    first, second = placed((0, 10), (20, 10), (40, 10)), placed((0, 10), (29, 5), (60, 5))
    assert span_f1(first, second).value == pytest.approx(4 / 6)
    assert span_f1(first, second, exact=True).value == pytest.approx(2 / 6)
    assert span_f1(second, first) == span_f1(first, second)


def test_overlap_is_what_both_marked_of_what_either_did() -> None:
    found = span_overlap(placed((0, 40)), placed((20, 40)))
    assert (found.value, found.units) == (pytest.approx(20 / 60), 1)


@pytest.mark.parametrize("coefficient", [span_f1, span_overlap])
def test_no_spans_have_no_agreement(coefficient) -> None:
    found = coefficient(placed(), placed())
    assert found.value is None
    assert found.reason.startswith("Niet gedefinieerd")


def test_spans_outside_the_text_are_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        alpha_unitizing({"x": [placed((90, 20)), placed((0, 5))]}, length=100)


# nothing where nothing is defined ----------------------------------------------------------------------

CHANCE = [name for name in KERNELS if name != "percent_agreement"]


@pytest.mark.parametrize("name", CHANCE)
@pytest.mark.parametrize("table", [[[1, 1]] * 8, [[1, 1], [1, 1], [2, N]] * 4, [[1, N], [N, 2]] * 4, [["", ""]] * 3])
def test_undefined_is_never_0_or_1(name: str, table) -> None:
    found = every(table)[name]
    assert (found.value, found.ci_low, found.ci_high) == (None, None, None)
    assert found.reason.startswith("Niet gedefinieerd: ")


def test_percent_agreement_of_one_category_comes_with_a_warning() -> None:
    found = percent_agreement([[1, 1]] * 8)
    assert found.value == 1.0
    assert "één categorie" in found.reason


def test_measures_for_two_coders_have_no_value_for_three() -> None:
    found = every([[1, 1, 2], [2, 2, 2], [1, 2, 1], [2, 1, 2], [1, 1, 1]])
    assert found["cohen_kappa"].value is found["scott_pi"].value is None
    assert "precies twee codeurs" in found["cohen_kappa"].reason
    assert found["fleiss_kappa"].value is not None


def test_words_have_no_scale_and_ratios_no_negative_numbers() -> None:
    words = every([["ja", "ja"], ["nee", "ja"], ["nee", "nee"]])
    assert [words[name].value for name in ("alpha_ordinal", "alpha_interval", "alpha_ratio")] == [None] * 3
    assert "getallen" in words["alpha_ordinal"].reason
    assert words["alpha_nominal"].value is not None
    below = every([[-1, -1], [2, 2], [3, 2]])
    assert below["alpha_ratio"].value is None
    assert below["alpha_interval"].value is not None


def test_positive_agreement_of_a_code_nobody_used_is_undefined() -> None:
    assert positive_agreement([[0, 0]] * 6).value is None
    with pytest.raises(ValueError, match="0 and 1"):
        positive_agreement([[1, 2]])


def test_equal_numbers_are_one_category_however_they_are_written() -> None:
    assert percent_agreement([["1", 1], ["2,0", "2"], ["3.0", 3.0], [" 4", "4 "], ["5", "5"]]).value == 1.0
    assert percent_agreement([["01x", "1x"]]).value == 0.0


# intervals and warnings --------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_interval_and_another_seed_only_another_interval() -> None:
    assert every(FOUR, seed=1) == every(FOUR, seed=1)
    first, second = alpha_interval(FOUR, seed=1), alpha_interval(FOUR, seed=2)
    assert first.value == second.value
    assert (first.ci_low, first.ci_high) != (second.ci_low, second.ci_high)


def test_an_interval_gets_narrow_with_many_units() -> None:
    few, many = cohen_kappa(BINARY), cohen_kappa(BINARY * 100)
    assert few.value == pytest.approx(many.value)
    assert few.ci_low < many.ci_low < many.value < many.ci_high < few.ci_high
    # large-sample standard error of kappa is about .03 for a thousand units
    assert many.ci_high - many.ci_low == pytest.approx(4 * 0.031, abs=0.02)


def test_few_units_come_with_a_warning_and_a_value() -> None:
    found = every([[1, 1], [2, 2], [1, 2]])["cohen_kappa"]
    assert found.value is not None
    assert "Weinig waarnemingen (3" in found.reason


def test_much_agreement_with_a_low_kappa_warns_of_prevalence() -> None:
    skewed = crossed([[95, 2], [2, 1]])
    assert "scheve verdeling" in cohen_kappa(skewed).reason
    assert percent_agreement(skewed).reason is gwet_ac1(skewed).reason is None
    set_language("en")
    assert "skewed" in alpha_nominal(skewed).reason


def test_full_agreement_warns_that_its_interval_says_nothing() -> None:
    found = alpha_nominal([[1, 1], [2, 2]] * 5)
    assert (found.value, found.ci_low, found.ci_high) == (1.0, 1.0, 1.0)
    assert "één punt" in found.reason


# laws over many tables ---------------------------------------------------------------------------------

JUDGED = st.lists(st.lists(st.sampled_from([0, 1, 2, 5, None]), min_size=3, max_size=3), min_size=2, max_size=15)


def pair_by_pair(table, distance) -> float | None:
    """Return alpha from its definition, pair of judgements by pair."""
    units = [kept for row in table if len(kept := [v for v in row if v is not None]) > 1]
    values = [v for unit in units for v in unit]
    if len(set(values)) < 2:
        return None
    seen = sum(sum(distance(a, b) for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in units) / len(values)
    return 1 - seen / np.mean([distance(a, b) for a, b in permutations(values, 2)])


@settings(max_examples=60)
@given(JUDGED)
def test_alpha_is_what_pair_by_pair_gives(table) -> None:
    values = [v for row in table for v in row if v is not None and sum(w is not None for w in row) > 1]

    def ordinal(a: int, b: int) -> float:
        low, high = sorted((a, b))
        return (sum(low <= v <= high for v in values) - (values.count(a) + values.count(b)) / 2) ** 2 if a != b else 0.0

    distances = {
        alpha_nominal: lambda a, b: float(a != b),
        alpha_ordinal: ordinal,
        alpha_interval: lambda a, b: float((a - b) ** 2),
        alpha_ratio: lambda a, b: ((a - b) / (a + b)) ** 2 if a + b else 0.0,
    }
    for coefficient, distance in distances.items():
        value = pair_by_pair(table, distance)
        assert coefficient(table).value == (None if value is None else pytest.approx(value, abs=1e-9))


@settings(max_examples=40)
@given(JUDGED, st.permutations([0, 1, 2]))
def test_neither_the_order_of_units_nor_of_coders_matters(table, order) -> None:
    turned = [[row[i] for i in order] for row in reversed(table)]
    for name, found in every(table).items():
        other: Coefficient = every(turned)[name]
        assert (found.value is None) == (other.value is None)
        assert found.value is None or found.value == pytest.approx(other.value, abs=1e-9)
