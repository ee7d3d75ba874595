"""A study of several rounds: each has its own figures, and nothing adds them up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qualcode.analysis import rounds
from qualcode.analysis.leaving_out import leaving_out
from qualcode.errors import NotFound
from qualcode.model import Snapshot
from qualcode.report import across, appendices, build, reflecting
from qualcode.report.account import saturated
from qualcode.report.beside import other_material
from qualcode.report.by_round import rounds_in, spread_words, support_words, term_words
from qualcode.report.core import sheet
from qualcode.report.facts import Facts, Profile, facts
from qualcode.report.known import OF_QUESTIONS
from qualcode.report.lint import lint
from studies import groups, told


def study(*, later: bool = True) -> Snapshot:
    build_ = groups(4, people=5)
    for number in (3, 4) if later else ():
        build_.state["document"][f"doc-FG{number}"]["attributes"] = {"meting": "ronde 2"}
    told(build_, "E07", "FG1:1 FG2:2 FG3:1")
    told(build_, "S09", "FG1:1 FG4:1")
    build_.code("FG3", 3, "S09", stelling="weerspreekt")
    return build_.snapshot()


@pytest.fixture(scope="module")
def two() -> Snapshot:
    return study()


def test_every_figure_is_told_by_round_and_never_over_both(two: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "teksten").mkdir()
    (tmp_path / "teksten" / "EB.md").write_text("Dit is verteld {{spreiding:E07}}; {{term:E07}}.\n", encoding="utf-8")
    (path,) = build(two, tmp_path, profile="openbaar", formats=("md",)).paths
    text = path.read_text(encoding="utf-8")
    assert "Dit is verteld in twee van de twee focusgroepen (ronde 1); in één van de twee focusgroepen (ronde 2)" in text
    table = (tmp_path / "gegenereerd" / "E-spreiding.md").read_text(encoding="utf-8")
    assert " | ronde 1 | ronde 2 | " in table
    assert re.search(r"\| E07 Onderschatting \| groepen: 2 van 2; interviews: 0 \| groepen: 1 van 2; interviews: 0 \|", table)
    for total in ("3 van 4", "van 4", "drie van de vier", "■"):
        assert total not in table, total
    suggestions = (tmp_path / "gegenereerd" / "S-spreiding.md").read_text(encoding="utf-8")
    assert "ronde 2: weersproken: 1" in suggestions


def test_words_of_one_figure_hold_for_each_round(two: Snapshot) -> None:
    held = facts(two, "openbaar")
    assert [one.name for one in rounds_in(held)] == ["ronde 1", "ronde 2"]
    assert term_words(held, "code-E07") == "in twee van de twee focusgroepen (ronde 1); in één van de twee focusgroepen (ronde 2)"
    assert support_words(held, "code-S09") == "1 van 2 (ronde 1); 1 van 2 (ronde 2)"
    assert "in één weersproken (ronde 2)" in spread_words(held, "code-S09", suggestion=True)
    assert "(ronde 1)" in sheet(held)


def test_a_study_of_one_round_is_told_as_before(tmp_path: Path) -> None:
    once = study(later=False)
    held = facts(once, "openbaar")
    assert rounds_in(held) == ()
    assert term_words(held, "code-E07") == "in drie van de vier focusgroepen"
    build(once, tmp_path, formats=("md",))
    table = (tmp_path / "gegenereerd" / "E-spreiding.md").read_text(encoding="utf-8")
    assert "meting" not in table
    assert "3 van 4" in table


def test_a_code_that_became_another_has_no_figure_in_the_round_that_did_not_have_it() -> None:
    build_ = groups(2)
    build_.state["document"]["doc-FG2"]["attributes"] = {"meting": "ronde 2"}
    told(build_, "E01", "FG1:1")
    told(build_, "E02", "FG2:1")
    build_.add(
        "mapping", "mapping-1", version="0.2", sort="samengevoegd", was="E01|E09", became="E02", comparable="nee", reason="te dicht bijeen"
    )
    first, then = rounds_in(facts(build_.snapshot(), "openbaar"))
    assert ("code-E01" in first.rows, "code-E01" in then.rows) == (True, False)
    assert ("code-E02" in first.rows, "code-E02" in then.rows) == (False, True)
    assert ("code-E07" in first.rows, "code-E07" in then.rows) == (True, True)


# what is told of the whole study: each round apart, or said to be of both --------------------------------

BOTH = "geldt het voor de metingen samen (ronde 1 en ronde 2): 4 sessies in totaal."


def rows_of(text: str, *begins: str) -> list[list[str]]:
    lines = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in text.replace("\\", "").splitlines() if line.startswith("| ")
    ]
    return [cells for cells in lines if any(cells[0].startswith(begin) for begin in begins)]


def held_of(study: Snapshot) -> Facts:
    return facts(study, "onderzoeker")


def test_what_is_told_together_stands_by_round_and_the_rest_says_it_is_of_both(two: Snapshot) -> None:
    text = across.across(held_of(two))
    assert [row[:3] for row in rows_of(text, "Minder tastbaar", "Melden en steun")] == [
        ["Minder tastbaar", "ronde 1", "Melden en steun (1 van 2)"],
        ["Minder tastbaar", "ronde 2", "–"],
        ["Melden en steun", "ronde 1", "Minder tastbaar (1 van 2)"],
        ["Melden en steun", "ronde 2", "–"],
    ]
    assert text.count(BOTH) == 1
    assert "van 4" not in text
    once = across.across(held_of(study(later=False)))
    assert "metingen" not in once
    assert [row[:2] for row in rows_of(once, "Minder tastbaar")] == [["Minder tastbaar", "Melden en steun (1 van 4)"]]


def test_leaving_out_holds_each_finding_against_the_figure_of_its_own_round(two: Snapshot) -> None:
    text = reflecting.reflection_facts(held_of(two))
    found = rows_of(text, "ronde 1", "ronde 2")
    assert [row[:4] for row in found if row[1].startswith("E07")] == [
        ["ronde 1", "E07 Onderschatting", "twee van de twee", "FG1 en FG2"],
        ["ronde 2", "E07 Onderschatting", "één van de twee", "FG3"],
    ]
    assert "Dit is voor elke meting apart nagegaan (ronde 1 en ronde 2)." in text
    assert text.count(BOTH) == 1
    assert "van de vier" not in text
    # and so where the questions about the method are answered
    answer = OF_QUESTIONS[9](held_of(two))
    assert "bij 2 codes" in answer
    assert answer.endswith("Dit is voor elke meting apart nagegaan (ronde 1 en ronde 2).")
    alone = reflecting.reflection_facts(held_of(study(later=False)))
    assert [row[:2] for row in rows_of(alone, "E07")] == [["E07 Onderschatting", "drie van de vier"]]
    assert "meting" not in alone
    assert OF_QUESTIONS[9](held_of(study(later=False))).endswith("Zie de methodologische reflectie.")


def test_who_carries_a_code_in_one_round_is_named_though_the_other_round_hides_it() -> None:
    build_ = groups(4)
    for number in (3, 4):
        build_.state["document"][f"doc-FG{number}"]["attributes"] = {"meting": "ronde 2"}
    for _ in range(3):
        build_.code("FG1", 2, "E09")
    build_.code("FG1", 3, "E09")
    told(build_, "E09", "FG3:4")
    text = reflecting.reflection_facts(held_of(build_.snapshot())).replace("\\", "")
    (line,) = [line for line in text.splitlines() if "meer dan de helft van de fragmenten" in line]
    assert line.startswith("- ronde 1: E09 Ongrijpbaar")
    assert "FG1-P1" in line


def test_one_round_alone_is_a_study_of_its_own(two: Snapshot) -> None:
    left = leaving_out(rounds.only(two, "ronde 2"))
    assert set(left["groups_n"]) == {2}
    assert set(left.loc[left["unit"] == "session", "without"]) == {"FG3", "FG4"}
    assert set(leaving_out(two)["groups_n"]) == {4}
    with pytest.raises(NotFound, match="ronde 9"):
        rounds.only(two, "ronde 9")


def test_the_codebook_has_a_column_a_round(two: Snapshot) -> None:
    text = appendices.codebook(held_of(two))
    assert rows_of(text, "Onderwerp")[0][2:] == ["ronde 1", "ronde 2", "Coderingen (werkaantal)"]
    (row,) = rows_of(text, "E07")
    assert row[2:] == ["groepen: 2 van 2; interviews: 0", "groepen: 1 van 2; interviews: 0", "4"]
    assert text.count(BOTH) == 1
    assert "van 4" not in text
    outside = appendices.codebook(facts(two, "openbaar"))
    assert rows_of(outside, "E07")[0][2:] == ["groepen: 2 van 2; interviews: 0", "groepen: 1 van 2; interviews: 0"]
    assert rows_of(appendices.codebook(held_of(study(later=False))), "E07")[0][2:] == ["3 van 4", "4"]


def wide(*, later: bool = True) -> Snapshot:
    build_ = groups(8)
    for number in (7, 8) if later else ():
        build_.state["document"][f"doc-FG{number}"]["attributes"] = {"meting": "ronde 2"}
    told(build_, "E07", "FG1:1 FG2:1 FG3:1 FG4:1 FG5:1 FG7:1")
    fields = {"text": "maakte het mee", "value": "29", "unit": "procent", "source": "B2", "code": "code-E"}
    build_.add("figure", "figure-1", label="enquête", **fields)
    return build_.snapshot()


@pytest.mark.parametrize("profile", ["onderzoeker", "openbaar"])
def test_no_figure_of_the_whole_report_adds_the_rounds_up(two: Snapshot, tmp_path: Path, profile: Profile) -> None:
    (path,) = build(two, tmp_path, profile=profile, formats=("md",)).paths
    text = path.read_text(encoding="utf-8")
    assert re.search(r"\b2 van 2\b", text)
    assert not re.search(r"\b(?:\d+|één|twee|drie|vier) van (?:de )?(?:4|vier)\b", text)


def test_saturation_says_that_it_is_of_both_rounds_in_one_row() -> None:
    text = saturated(held_of(wide()))
    assert "(ronde 1 en ronde 2: 8 sessies samen). De uitkomst geldt voor die metingen samen" in text
    assert "metingen" not in saturated(held_of(wide(later=False)))


def test_a_figure_from_elsewhere_stands_beside_each_round() -> None:
    assert "| 5 van 6 (ronde 1); 1 van 2 (ronde 2) |" in other_material(held_of(wide()))
    assert "| 6 van 8 |" in other_material(held_of(wide(later=False)))


@pytest.mark.parametrize(
    ("sentence", "flagged"),
    [
        # no round named: the word must fit both
        ("In de meeste focusgroepen {{term:X}}.", []),
        ("In een deel van de focusgroepen {{term:X}}.", ["een deel van de focusgroepen"]),
        ("In de meeste focusgroepen {{term:Y}}.", ["de meeste focusgroepen"]),
        # a round named: its own figure alone
        ("In ronde 1 in de meeste focusgroepen {{term:Y}}.", []),
        ("In de meeste focusgroepen van de eerste meting {{term:Y}}.", []),
        ("In de meeste focusgroepen van ronde\n1 {{term:Y}}.", []),
        ("In ronde 10 in de meeste focusgroepen {{term:Y}}.", ["de meeste focusgroepen"]),
        ("In ronde 2 in de meeste focusgroepen {{term:Y}}.", ["de meeste focusgroepen"]),
        ("In ronde 1 en ronde 2 in de meeste focusgroepen {{term:Y}}.", ["de meeste focusgroepen"]),
        # each word with its round, on either side of it
        ("In de meeste focusgroepen van ronde 1 en in een deel van de focusgroepen van ronde 2 {{term:Y}}.", []),
        ("In ronde 1 in de meeste focusgroepen, in ronde 2 in een deel van de focusgroepen {{term:Y}}.", []),
        ("In ronde 1 in een deel van de focusgroepen, in ronde 2 in de meeste focusgroepen {{term:Y}}.", ["een deel van de focusgroepen", "de meeste focusgroepen"]),
        # a code that was not in the codebook of one round is held against the other
        ("In de meeste focusgroepen {{term:Z}}.", []),
        ("In alle focusgroepen {{term:Z}}.", ["alle focusgroepen"]),
    ],
)  # fmt: skip
def test_a_quantifier_is_held_against_the_round_it_speaks_of(sentence: str, flagged: list[str]) -> None:
    apart = {"ronde 1": {"X": (7, 9), "Y": (6, 9), "Z": (7, 9)}, "ronde 2": {"X": (6, 9), "Y": (3, 9)}}
    over_both = {"X": (13, 18), "Y": (9, 18), "Z": (7, 9)}
    found = lint(sentence, over_both, rounds=apart)
    assert [one.words for one in found] == flagged
    assert {one.rule for one in found} <= {"quantifier_round"}
    assert all("meting" in str(one) for one in found)


def test_the_words_of_the_researcher_are_held_against_each_round(tmp_path: Path) -> None:
    (tmp_path / "teksten").mkdir()
    # six of eight over both would be most; it is nearly all of six, and one of two
    said = ["In de meeste focusgroepen", "In ronde 1 in vrijwel alle focusgroepen", "In ronde 2 in vrijwel alle focusgroepen"]
    (tmp_path / "teksten" / "EB.md").write_text("".join(f"{one} {{{{term:E07}}}}.\n\n" for one in said), encoding="utf-8")
    problems = [one for one in build(wide(), tmp_path, formats=("md",)).problems if one.rule.startswith("quantifier")]
    assert [(one.rule, one.where, one.stops) for one in problems] == [
        ("quantifier_round", "teksten/EB.md, regel 1", True),
        ("quantifier_round", "teksten/EB.md, regel 5", True),
    ]
