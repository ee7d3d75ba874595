"""Sentences about spread say what the figures say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.analysis import spread
from qualcode.labels import set_language
from qualcode.report.wording import Session, spread_sentence, term_phrase
from test_spread import designed

NINE = Session(groups=9, interviews=4)
EMPTY: dict[str, list[str]] = {name: [] for name in ("hearsay", "leading", "nuanced", "contested", "not_recognised")}


def row(k: int, n: int, interviews: int = 0, **apart: list[str]) -> dict[str, Any]:
    return {"groups": k, "groups_n": n, "interviews": interviews, **EMPTY, **apart}


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, Any]]:
    return {r["code"]: r for r in spread(designed().snapshot()).to_dict("records")}


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("E07", "in vrijwel alle focusgroepen (8 van de 9) en in drie interviews"),
        ("E06", "in de meeste focusgroepen (6 van de 9) en in één interview"),
        ("E14", "in een deel van de focusgroepen (3 van de 9); in nog twee groepen alleen van horen zeggen"),
        ("E05", "in twee van de negen focusgroepen en in één interview; in nog één groep alleen van horen zeggen"),
        ("O12", "in ongeveer de helft van de focusgroepen (4 van de 9) en in één interview; in nog één groep alleen na een sturende vraag"),
        ("O08", "in ongeveer de helft van de focusgroepen (4 van de 9) en in één interview; in één groep ook weersproken"),
        (
            "O14",
            "in twee van de drie focusgroepen waar dit onderwerp aan de orde kwam en in één interview; in één groep aan de orde, maar niet herkend",
        ),
        ("S01", "in alle focusgroepen waar suggesties aan de orde kwamen (8 van de 8) en in één interview"),
        ("S09", "in vier van de acht focusgroepen bepleit, in één weersproken, in één genuanceerd; ook bepleit in één interview"),
        ("S03", "in drie van de acht focusgroepen bepleit, in één weersproken"),
        ("S10", "niet genoemd in de focusgroepen (0 van de 8), wel in één interview"),
        ("S13", "niet genoemd in de focusgroepen (0 van de 8) en ook niet in de interviews"),
    ],
)
def test_sentences_of_the_design(rows: dict[str, dict[str, Any]], code: str, sentence: str) -> None:
    assert spread_sentence(rows[code], NINE, suggestion=code.startswith("S")) == sentence


def test_nothing_of_nothing_is_never_printed() -> None:
    assert spread_sentence(row(0, 0, 2), Session(0, 3)) == "in twee interviews"
    assert spread_sentence(row(3, 3), Session(3, 0)) == "in drie van de drie focusgroepen"
    assert spread_sentence(row(0, 0), Session(3, 0)) == "niet aan de orde in de focusgroepen"
    assert spread_sentence(row(0, 3), Session(3, 0)) == "niet genoemd in de focusgroepen (0 van de 3)"


def test_one_group_is_no_one_of_one() -> None:
    assert spread_sentence(row(1, 1), Session(1, 0)) == "in de enige focusgroep"


def test_terms_stand_without_figures() -> None:
    assert term_phrase(row(4, 9), NINE) == "in ongeveer de helft van de focusgroepen"
    assert term_phrase(row(2, 3), Session(3, 0)) == "in twee van de drie focusgroepen"


def test_hearsay_without_own_experience_is_not_more() -> None:
    assert spread_sentence(row(0, 9, hearsay=["FG1"]), NINE).endswith("; in één groep alleen van horen zeggen")


def test_a_suggestion_nobody_supports_is_still_told_from_both_sides() -> None:
    assert (
        spread_sentence(row(0, 8, contested=["FG8"]), NINE, suggestion=True)
        == "in geen van de acht focusgroepen bepleit, in één weersproken"
    )


def test_english_says_the_same() -> None:
    set_language("en")
    assert spread_sentence(row(7, 9, 2), NINE) == "in most focus groups (7 of 9) and in two interviews"


@given(st.integers(0, 15), st.data())
def test_the_figure_is_always_there_and_never_a_percentage(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    sentence = spread_sentence(row(k, n, data.draw(st.integers(0, 4))), Session(15, 4), suggestion=data.draw(st.booleans()))
    numbers = {str(k), str(n)} if "(" in sentence else set()
    assert "%" not in sentence
    assert all(number in sentence for number in numbers)
    assert ("(" in sentence) or n == 0 or " van de " in sentence or n == 1
