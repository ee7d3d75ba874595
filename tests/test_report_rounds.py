"""A study of several rounds: each has its own figures, and nothing adds them up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qualcode.model import Snapshot
from qualcode.report import build
from qualcode.report.by_round import rounds_in, spread_words, support_words, term_words
from qualcode.report.core import sheet
from qualcode.report.facts import facts
from studies import groups, told


def study(*, later: bool = True) -> Snapshot:
    build_ = groups(4)
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
