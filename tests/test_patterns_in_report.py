"""The patterns that were planted in the sample, as its report prints them: what a reader sees, not what a table of ours holds."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode import analysis
from qualcode.model import Snapshot
from qualcode.project import Project
from qualcode.report import build
from qualcode.report.by_round import spread_words
from qualcode.report.facts import Facts, facts
from qualcode.sample import sample_folder

BAR = r"[■□]+"


@pytest.fixture(scope="module")
def now(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    file = tmp_path_factory.mktemp("patronen") / "v.qualcode"
    shutil.copyfile(sample_file, file)
    with Project.open(file) as study:
        yield study.snapshot()


@pytest.fixture(scope="module")
def report(now: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("rapport")
    shutil.copytree(sample_folder() / "teksten", out / "teksten")
    (path,) = build(now, out, formats=("md",)).paths
    return path.read_text(encoding="utf-8").replace("\\", "")


@pytest.fixture(scope="module")
def held(now: Snapshot) -> Facts:
    return facts(now, "openbaar")


def sentence(held: Facts, code: str) -> str:
    guid = held.book.find(code).guid
    return spread_words(held, guid, suggestion=guid in held.suggestions)


def spread(report: str, code: str) -> list[str]:
    """Return the cells of the table of spread: groups, interviews, term, what is told apart."""
    (row,) = re.findall(rf"^\| {code} [^|]+ \| {BAR} \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|", report, re.MULTILINE)
    return [cell.strip() for cell in row]


def told_in(report: str, code: str) -> tuple[str, str]:
    """Return the cells of the table of differences: in which groups, and in which not."""
    (row,) = re.findall(rf"^\| {code} [^|]+ \| ((?:FG\d \([^|]*\))+) \| ([^|]*) \| \[\[spreiding", report, re.MULTILINE)
    return row


def against(report: str, subtheme: str) -> str:
    return next(line for line in report.splitlines() if line.startswith(f"- **{subtheme}**: "))


def test_p01_underestimation_is_told_in_nearly_all_groups_but_not_in_fg2(report: str, held: Facts) -> None:
    assert sentence(held, "E07") == "in vrijwel alle focusgroepen (8 van de 9) en in drie interviews"
    assert f"terugkomt: {sentence(held, 'E07')} " in report
    assert spread(report, "E07")[:3] == ["8 van 9", "3 van 4", "vrijwel alle"]
    assert told_in(report, "E07")[1] == "FG2"


def test_p02_the_order_of_groups_is_not_that_of_fragments(report: str) -> None:
    assert re.search(rf"^\| \*\*EA [^|]+ \| {BAR} \| 6 van 9 \|", report, re.MULTILINE)
    assert re.search(rf"^\| \*\*EB [^|]+ \| {BAR} \| 9 van 9 \|", report, re.MULTILINE)
    (line,) = re.findall(r"^- EA Openlijk en expliciet: 79 fragmenten in 6 van de 9 groepen.*$", report, re.MULTILINE)
    assert "EB" in line


def test_p03_a_code_that_one_voice_fills_is_flagged_and_counts_once_a_group(report: str) -> None:
    assert spread(report, "O14")[:3] == ["2 van 3", "1 van 1", "twee van de drie"]
    assert told_in(report, "O14")[0] == "FG2 (uitvoering, schaal t/m 10; 1 van 7); FG9 (gemengd, online, regio; 1 van 6)"
    assert "- O14 Onoverzichtelijke voorzieningen: meer dan de helft van de fragmenten komt van FG2-P3." in report
    assert "FG2-P3 sprak in FG2 meer dan een derde van alle woorden van deelnemers." in report


def test_p04_good_follow_up_stands_against_the_other_codes_of_its_subtheme(report: str) -> None:
    line = against(report, "Reactie na aankaarten")
    assert "‘Snel en doortastend’ als voorbeeld van wat wel werkt in FG3, FG5 en IV3" in line
    assert "‘Luisterend oor en erkenning’ als voorbeeld van wat wel werkt in FG5, FG8 en IV3" in line


def test_p05_a_divided_group_is_told_with_both_sides(report: str) -> None:
    assert re.search(r"^\| FG3 \| leidinggevenden \| 6 \| meerdere stemmen \| verdeeld \|", report, re.MULTILINE)
    assert "FG3 (leidinggevenden; 3 van 6)" in told_in(report, "O08")[0]
    assert "‘Weinig kunnen of willen betekenen’ weersproken in FG3 (twee deelnemers)" in against(report, "Reactie na aankaarten")


def test_p06_a_contested_suggestion_has_both_sides_in_one_sentence(report: str, held: Facts) -> None:
    said = "in vier van de acht focusgroepen bepleit, in één weersproken, in één genuanceerd; ook bepleit in één interview"
    assert sentence(held, "S09") == said
    assert said in report


def test_p07_execution_and_supervision_differ_from_ministry_and_high_scales(report: str) -> None:
    assert told_in(report, "E05")[0] == "FG2 (uitvoering, schaal t/m 10; 3 van 7); FG6 (inspectie; 4 van 7)"
    assert re.findall(r"FG\d", told_in(report, "E15")[0]) == ["FG1", "FG3", "FG4", "FG7"]
    assert "FG7 (schaal 15 en hoger; 5 van 5)" in told_in(report, "E15")[0]


def test_p08_suggestions_are_counted_where_they_were_raised(report: str, held: Facts) -> None:
    assert sentence(held, "S01").startswith("in alle focusgroepen waar suggesties aan de orde kwamen (8 van de 8)")
    assert sentence(held, "S01") in report
    assert "- **Suggesties**: niet aan de orde in FG7 " in report


def test_p09_denied_is_told_as_not_recognised(report: str, now: Snapshot) -> None:
    assert "niet herkend: 1" in spread(report, "O14")[3]
    table = analysis.status(now, level="code").set_index(["code", "document"])
    assert table.loc[("O14", "FG8"), "status"] == "niet herkend"
    assert "FG8" in told_in(report, "O14")[1]


def test_p10_answers_after_a_leading_question_are_one_group_apart(report: str, held: Facts) -> None:
    assert spread(report, "O12") == ["4 van 9", "1 van 4", "ongeveer de helft", "na sturende vraag: 1"]
    assert sentence(held, "O12").endswith("; in nog één groep alleen na een sturende vraag")
    assert "- **Drempel of angst voor gevolgen**: alleen na een sturende vraag in FG6 " in report
    assert "FG6" not in told_in(report, "O12")[0]


def test_p11_a_view_that_was_revised_is_shown_and_the_later_one_counts(report: str, now: Snapshot) -> None:
    assert "‘Onderschatting’ eerst anders gezegd en later bijgesteld in FG1 (één deelnemer)" in against(report, "Minder tastbaar")
    assert "FG1 (gemengd, ministerie; 4 van 6)" in told_in(report, "E07")[0]
    assert "weersproken" not in spread(report, "E07")[3]
    rows = [line for line in report.splitlines() if "FG1-P6:" in line and line.startswith("| [FG1-")]
    assert any(line.endswith("| nee: later bijgesteld |") for line in rows)
    # I9 ties the two together
    table = now.tables["interaction"]
    revision = table[(table["interaction"] == "I9") & (table["code"] == now.codes.set_index("id").loc["E07", "guid"])].iloc[0]
    both = analysis.counted(now).query("code == 'E07' and participant == 'FG1-P6'")
    first, then = both.iloc[0], both.iloc[1]
    assert (first["why_not"], then["counts"]) == ("later bijgesteld", True)
    assert revision["about"][0] < first["end"]
    assert revision["about"][1] > first["start"]
    assert then["start"] >= revision["about"][1]
