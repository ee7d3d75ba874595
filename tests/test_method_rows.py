"""What the method asks, row by row: each test performs one check of the list of requirements on the sample study."""

from __future__ import annotations

import inspect
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pandas as pd
import pytest

import qualcode
from qualcode import analysis
from qualcode.analysis import attention, beside, contested, cooccurrence, dimensions, inquiry, leaving_out, measures, rounds, scoring
from qualcode.analysis.composition import composition, planned
from qualcode.analysis.dated import as_of
from qualcode.analysis.effects import effects
from qualcode.analysis.reviewing import queue
from qualcode.analysis.saturation import saturation
from qualcode.analysis.sequences import sequences
from qualcode.analysis.suppression import suppressed
from qualcode.analysis.talking import talk
from qualcode.codebook import Codebook
from qualcode.codebook import read as read_book
from qualcode.errors import Refused
from qualcode.importers import documents
from qualcode.model import Snapshot
from qualcode.privacy.files import scan_file
from qualcode.project import Project
from qualcode.report import across, build, findings, later, measuring
from qualcode.report.account import not_recorded
from qualcode.report.answering import COREQ, SRQR, asked, items
from qualcode.report.core import core
from qualcode.report.facts import Profile, chapters, facts
from qualcode.report.freezing import thaw
from qualcode.report.lint import lint
from qualcode.report.sections import read_texts
from qualcode.report.wording import spread_sentence
from qualcode.sample import make_sample, sample_folder

FOLDER = sample_folder()
LATER = FOLDER / "ronde-2"


def csv(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("voorbeeld") / "v.qualcode"
    make_sample(path).close()
    return path


@pytest.fixture(scope="module")
def study(file: Path) -> Iterator[Project]:
    with Project.open(file) as opened:
        yield opened


@pytest.fixture(scope="module")
def now(study: Project) -> Snapshot:
    return study.snapshot()


@pytest.fixture(scope="module")
def reports(now: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the report of the sample for each reader, as Markdown; and the folder of the public one."""
    made = {}
    for profile in ("onderzoeker", "opdrachtgever", "openbaar"):
        folder = tmp_path_factory.mktemp(profile)
        shutil.copytree(FOLDER / "teksten", folder / "teksten")
        made[profile], made[f"{profile}-map"] = markdown(now, folder, profile), str(folder)
    return {**made, "map": str(folder)}


@pytest.fixture
def own(file: Path, tmp_path: Path) -> Iterator[Project]:
    """Give a copy of the sample to change."""
    shutil.copyfile(file, tmp_path / "eigen.qualcode")
    with Project.open(tmp_path / "eigen.qualcode", coder="S.K.") as opened:
        yield opened


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Give a folder for a report with the researcher's texts in it."""
    shutil.copytree(FOLDER / "teksten", tmp_path / "uit" / "teksten")
    return tmp_path / "uit"


def markdown(study: Project | Snapshot, out: Path, profile: str = "onderzoeker", **how: object) -> str:
    (path,) = build(study, out, profile=profile, formats=("md",), **how).paths  # type: ignore[arg-type]
    return path.read_text(encoding="utf-8")


def table_of(text: str, caption: str) -> list[list[str]]:
    """Return the table with this caption as it is printed: its head and its rows, cell by cell."""
    before, found, _ = text.replace("\\", "").partition(f"\n\n: {caption}\n")
    assert found, caption
    lines = [line for line in before.rpartition("\n\n")[2].splitlines() if line.startswith("|") and not line.startswith("|:-")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def row_of(frame: pd.DataFrame, code: str) -> pd.Series:
    return frame.set_index("code").loc[code]


def sentence(study: Snapshot, code: str) -> str:
    held = facts(study, "onderzoeker")
    guid = held.book.find(code).guid
    return spread_sentence(held.rows[guid], held.session, suggestion=guid in held.suggestions)


def part_of(text: str, title: str, nth: int) -> list[str]:
    """Return the lines of the nth part of a report with this title."""
    return re.split(rf"^## (?:[\d.]+ )?{title}.*$", text, flags=re.MULTILINE)[nth].split("\n## ")[0].splitlines()


def eight(text: str) -> set[tuple[str, ...]]:
    """Return every eight words in a row, whatever stands between them."""
    words = re.findall(r"\w+", text.replace("\\", "").casefold())
    return {tuple(words[at : at + 8]) for at in range(len(words) - 7)}


def thinkable(rows: Sequence[tuple[str, str]], wanted: str, total: int) -> set[int]:
    """Return what a reader can think of one cell, from the other cells as printed and the total alone."""
    options = {"<5": range(1, 5), "–": range(5, total + 1)}
    sums = {0}
    for name, shown in rows:
        if name != wanted:
            sums = {
                held + value for held in sums for value in (options[shown] if shown in options else [int(shown)]) if held + value <= total
            }
    return {value for value in options["<5"] if total - value in sums}


def changes_in(report: Path) -> list[list[str]]:
    """Return the rows of the table of differences of a period report: department, measure, before, after, change."""
    part = report.read_text(encoding="utf-8").replace("\\", "").split("## Gewijzigd sinds")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in part.splitlines() if line.startswith("| ")][1:]
    return [[row[0], row[1].split()[0], *row[2:]] for row in rows]


def words_of(path: Path) -> str:
    """Return the words a reader sees in a report, on one line."""
    if path.suffix == ".pdf":
        from pypdf import PdfReader

        return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
    if path.suffix in {".docx", ".odt"}:
        with zipfile.ZipFile(path) as archive:
            held = archive.read("word/document.xml" if path.suffix == ".docx" else "content.xml").decode()
        return re.sub(r"<[^>]+>", "", held)
    return re.sub(r"<[^>]+>", "", path.read_text(encoding="utf-8"))


def write(out: Path, name: str, text: str) -> None:
    (out / "teksten" / name).write_text(text, encoding="utf-8")


# B1: the letter about the focus groups ----------------------------------------------------------------


def test_row_02_an_account_of_2011_is_out_of_spread_listed_and_can_be_switched_in(now: Snapshot, reports: dict[str, str]) -> None:
    frame = analysis.counted(now)
    early = frame[frame["why_not"] == "vóór de periode"]
    assert set(early["participant"]) == {"FG3-P2"}
    assert sorted(early["code"]) == ["E14", "O01"]
    assert not early["counts"].any()
    # left out of spread by default, switched in when asked
    switched = analysis.counted(now, also=["vóór de periode"])
    assert switched["counts"].sum() == frame["counts"].sum() + len(early)
    before, after = row_of(analysis.spread(now), "E14"), row_of(analysis.spread(now, also=["vóór de periode"]), "E14")
    assert (before["groups"], after["groups"]) == (3, 4)
    assert "FG3" not in before["sessions"]
    assert "FG3" in after["sessions"]
    # listed: how many were left out and why, and each of them where the figure is accounted for
    assert "| vóór de periode | 1 | 2 |" in reports["onderzoeker"]
    assert "| vóór de periode | 1 |" in reports["openbaar"]
    assert reports["onderzoeker"].count("nee: vóór de periode") == len(early)
    assert re.search(r"\| E14 [^|]+ \| [■□]+ \| 3 van 9 \|", reports["openbaar"])


def test_row_03_every_row_of_the_register_joins_and_what_does_not_is_reported(now: Snapshot, own: Project, tmp_path: Path) -> None:
    assert len(now.participants) == 58
    assert now.speakers["participant"].notna().sum() == 58
    register = csv("participants.csv")
    there = register.set_index("participant")
    held = {row["name"]: row["attributes"] for row in now.tables["participant"].to_dict("records")}
    assert {name: found["leeftijd"] for name, found in held.items()} == there.loc[list(held), "leeftijd"].to_dict()
    odd = register[register["document"] == "FG4"].copy()
    odd = pd.concat([odd[odd["label"] != "R1"], odd[odd["label"] == "R2"], odd.tail(1).assign(label="R9", participant="FG4-P9")])
    odd.to_csv(tmp_path / "raar.csv", index=False)
    problems = own.join_participants(tmp_path / "raar.csv")
    reported = set(zip(problems["problem"], problems["document"], problems["label"], strict=True))
    assert {("unknown_speaker", "FG4", "R1"), ("silent", "FG4", "R9"), ("duplicate", "FG4", "R2")} <= reported
    for row in problems.itertuples():
        assert row.label in row.sentence


def test_row_04_two_backgrounds_are_one_person_and_nobody_is_counted_by_background(now: Snapshot, reports: dict[str, str]) -> None:
    table = composition(now)
    background = table[table["attribute"] == "achtergrond"]
    assert set(background["state"]) == {"listed"}
    assert {"moslim", "Marokkaans"} <= set(background["value"])
    assert set(background["shown"]) == {""}
    several = csv("participants.csv")["achtergrond"].str.contains("|", regex=False)
    assert several.sum() > 5
    assert facts(now, "openbaar").participants == 58
    text = reports["openbaar"]
    assert "met samen 58 deelnemers" in text
    assert re.search(r"Achtergrond\]\{#h-achtergrond\}: in eigen woorden genoemd zijn Chinees, .*moslim", text)
    # no count under k in any of the tables of participants
    part = (Path(reports["map"]) / "gegenereerd" / "deelnemers.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| [^|]+ \| ([^|]+) \|$", part, re.MULTILINE)
    counts = [int(cell) for cell in shown if cell.isdigit()]
    assert len(counts) > 8
    assert min(counts) >= 5
    for own_words in background["value"]:
        assert not re.search(rf"^\| {own_words} \|", part, re.MULTILINE)


def test_row_05_the_working_definition_is_printed_word_for_word_and_an_edit_keeps_old_and_new(
    own: Project, out: Path, tmp_path: Path
) -> None:
    from docx import Document

    before = own.snapshot().project["definition"]
    made = build(own, out, formats=("md", "docx"))
    assert before in made.paths[0].read_text(encoding="utf-8").replace("\\", "")
    # byte-equal in what is exported, and at hand where codes are given
    assert any(f"“{before}”" in paragraph.text for paragraph in Document(str(made.paths[1])).paragraphs)
    assert Codebook.of(own).definition == before
    assert read_book(own.codebook.save(tmp_path / "codeboek.yaml")).definition == before
    own.describe(definition="andere woorden")
    change = own.snapshot().events.iloc[-1]["changes"][0]
    assert (change.before["definition"], change.after["definition"]) == ([before], ["andere woorden"])
    assert facts(own, "openbaar").base.snapshot.project["definition"] == "andere woorden"


def test_row_06_a_question_without_a_theme_is_named(own: Project, out: Path) -> None:
    table = inquiry.questions(own)
    assert not table["open"].any()
    own.amend("question", table["guid"].iloc[1], codes="")
    assert list(inquiry.questions(own)["open"]) == [False, True, False, False]
    assert inquiry.unasked(own) == ["O"]
    problems = build(own, out, formats=("md",)).problems
    assert any("Is er opvolging gegeven" in p.sentence and p.stops for p in problems)


def test_row_09_fragments_and_groups_disagree_and_the_sentence_follows_the_groups(
    now: Snapshot, out: Path, reports: dict[str, str]
) -> None:
    ranked = attention.rankings(now).set_index("code")
    assert ranked.loc["EA", "fragments"] > ranked.loc["EB", "fragments"]
    assert "EB" in ranked.loc["EA", "opposite"]
    # the sentence of the report follows the groups
    write(out, "EB.md", "{{vergelijk:EB,EA}}\n")
    (said,) = [text.markdown for stem, text in read_texts(facts(now, "onderzoeker"), out / "teksten").items() if stem == "EB"]
    assert "‘Minder tastbaar’ is in meer focusgroepen verteld (9 van de 9) dan ‘Openlijk en expliciet’ (6 van de 9)" in said
    # and the table of the researchers shows both, that of others the groups alone
    text = reports["onderzoeker"]
    assert "EA Openlijk en expliciet: 79 fragmenten in 6 van de 9 groepen" in text
    for made in (text, reports["openbaar"]):
        assert re.search(r"\*\*EA [^|]+ \| ■{6}□{3} \| 6 van 9 \|", made)
        assert re.search(r"\*\*EB [^|]+ \| ■{9} \| 9 van 9 \|", made)
    assert "fragmenten in 6" not in reports["openbaar"]
    assert "79 fragmenten" not in reports["openbaar"]


def test_row_10_de_meeste_fits_seven_of_nine_and_not_three(now: Snapshot, out: Path) -> None:
    said = "In de meeste focusgroepen wordt dit verteld {{spreiding:X}}."
    assert [f.rule for f in lint(said, {"X": (3, 9)})] == ["quantifier"]
    assert lint(said, {"X": (7, 9)}) == []
    # on the study itself: E01 is told in three of nine groups, O01 in seven
    write(out, "EA.md", "In de meeste focusgroepen is dit verteld ({{term:E01}}).\n")
    write(out, "OA.md", "In de meeste focusgroepen is dit verteld ({{term:O01}}).\n")
    flagged = [problem for problem in build(now, out, formats=("md",)).problems if problem.rule == "quantifier"]
    assert [problem.where for problem in flagged] == ["teksten/EA.md, regel 1"]
    assert flagged[0].stops


def test_row_11_remarks_about_others_were_told_in_fg2_fg6_and_iv4_only(now: Snapshot, reports: dict[str, str]) -> None:
    # the filter, on what coders noted: own or witnessed, within scope
    frame = analysis.counted(now)
    about_others = frame[(frame["code"] == "E05") & (frame["scope"] == "binnen")]
    held = about_others[about_others["ervaring"].isin(["zelf", "gezien"])]
    assert set(held["document"]) == {"FG2", "FG6", "IV4"}
    assert set(held["doelwit"]) == {"burger of vluchteling", "groep"}
    assert set(about_others["document"]) - set(held["document"]) == {"FG5"}
    row = row_of(analysis.spread(now), "E05")
    assert (sorted(row["sessions"]), row["hearsay"]) == (["FG2", "FG6", "IV4"], ["FG5"])
    target = dimensions.by_dimension(now, "doelwit", code="E05").set_index("value")
    assert set(target.loc["burger of vluchteling", "sessions"]) == {"FG2", "FG6", "IV4"}
    assert set(target.loc["groep", "sessions"]) == {"FG2"}
    assert re.search(r"\| E05 [^|]+ \| [■□]+ \| 2 van 9 \| 1 van 4 \| twee van de negen \| van horen zeggen: 1 \|", reports["onderzoeker"])


def test_row_12_form_and_duration_per_session(now: Snapshot) -> None:
    duration = dimensions.by_dimension(now, "duur", code="E13").set_index("value")
    assert set(duration.loc["langlopend", "sessions"]) == {"IV1", "FG9"}
    # every case as it was planted, read from the file and not from the study
    key = csv("codings/consensus.csv")
    for dimension, values in (
        ("vorm", ["persoonlijk", "telefonisch", "schriftelijk", "online"]),
        ("duur", ["eenmalig", "herhaald", "langlopend"]),
    ):
        table = dimensions.by_dimension(now, dimension, counting=False).set_index("value")
        for value in values:
            planted = key[key[dimension] == value]
            assert set(table.loc[value, "sessions"]) == set(planted["document"]), value
            assert table.loc[value, "codings"] == len(planted), value
            assert table.loc[value, "groups"] == planted.loc[planted["document"].str.startswith("FG"), "document"].nunique(), value
        assert table.loc["totaal", "codings"] == (key[dimension] != "").sum()
    only = dimensions.by_dimension(now, "vorm", code="E01", counting=False).set_index("value")
    planted = key[(key["code"] == "E01") & (key["vorm"] == "schriftelijk")]
    assert set(only.loc["schriftelijk", "sessions"]) == set(planted["document"])


def test_row_13_a_coding_without_its_actor_is_listed(own: Project) -> None:
    assert attention.lacking(own).empty
    key = csv("codings/consensus.csv")
    planted = key[key["code"].isin([f"O{n:02d}" for n in range(5, 11)]) & (key["actor"] != "")]
    pivot = dimensions.by_dimension(own, "actor", code="OB", counting=False).set_index("value")
    assert set(planted["actor"]) >= {"leidinggevende", "vertrouwenspersoon", "P&O"}
    for actor, rows in planted.groupby("actor"):
        assert set(pivot.loc[actor, "sessions"]) == set(rows["document"]), actor
        assert pivot.loc[actor, "codings"] == len(rows), actor
    table = own.snapshot().codings
    bare = own.snapshot().codes.set_index("id").loc["O05", "guid"]
    hit = table[(table["code"] == bare) & (table["layer"] == "consensus")].iloc[0]
    own.recode(hit["guid"], actor=None)
    assert attention.lacking(own)[["coding", "code", "dimension"]].to_numpy().tolist() == [[hit["guid"], "O05", "actor"]]


def test_row_14_good_follow_up_stands_in_the_register_of_counter_voices(now: Snapshot, reports: dict[str, str]) -> None:
    register = analysis.counter_voices(now)
    voices = register[(register["code"] == "O09") & (register["subtheme"] == "OB")]
    assert {"FG3", "FG5", "IV3"} <= set(voices["document"])
    assert set(voices["stance"]) >= {"werkt wel"}
    (line,) = [
        line for line in part_of(reports["onderzoeker"], "Nuance en tegengeluid", 2) if line.startswith("- **Reactie na aankaarten**")
    ]
    assert "‘Snel en doortastend’ als voorbeeld van wat wel werkt in FG3, FG5 en IV3 (drie deelnemers)" in line
    (line,) = [line for line in part_of(reports["openbaar"], "Nuance en tegengeluid", 2) if line.startswith("- **Reactie na aankaarten**")]
    assert "‘Snel en doortastend’ als voorbeeld van wat wel werkt in focusgroep 3, focusgroep 5 en interview 3 (drie deelnemers)" in line


def test_row_15_differences_between_groups_come_with_the_size_of_the_group_and_no_test(now: Snapshot, reports: dict[str, str]) -> None:
    text = reports["onderzoeker"].replace("\\", "")
    told = {
        code: re.findall(rf"^\| {code} [^|]+ \| ((?:FG\d[^|]*\)(?:; )?)+) \| ([^|]*) \|", text, re.MULTILINE)
        for code in ("E05", "E15", "G03", "G11")
    }
    assert told["E05"] == [
        ("FG2 (uitvoering, schaal t/m 10; 3 van 7); FG6 (inspectie; 4 van 7)", "FG1, FG3, FG4, FG5, FG7, FG8 en FG9"),
    ]
    assert told["E15"][0][0] == (
        "FG1 (gemengd, ministerie; 3 van 6); FG3 (leidinggevenden; 3 van 6); FG4 (vrouwen; 1 van 5); FG7 (schaal 15 en hoger; 5 van 5)"
    )
    assert told["G11"][0][0] == "FG3 (leidinggevenden; 1 van 6); FG8 (jonger dan 35; 5 van 6)"
    assert told["G03"][0][0] == "FG8 (jonger dan 35; 4 van 6)"
    assert row_of(analysis.spread(now), "G11")["term"] == "twee van de negen"
    # outsiders read no single voice of a group, and the status of each subtheme with the size of the group
    outside = reports["openbaar"].replace("\\", "")
    assert re.search(r"^\| G11 [^|]+ \| focusgroep 8 \(jonger dan 35; n = 6\) \| 1 \|", outside, re.MULTILINE)
    assert re.search(r"^\| focusgroep 8 \| jonger dan 35 \| 6 \| ", outside, re.MULTILINE)
    for made in (text, outside):
        assert [f for f in lint(made, {}) if f.rule == "significance"] == []


def test_row_16_a_quote_about_illness_warns_before_it_goes_anywhere(now: Snapshot, out: Path) -> None:
    ref = next(ref for ref in analysis.segments(now).query("document == 'IV1'")["ref"] if "G05" in set(analysis.trace(now, ref)["code"]))
    write(out, "GB.md", f"{{{{citaat:{ref}}}}}\n")
    warnings = " ".join(build(now, out, profile="openbaar", formats=("md",)).warnings)
    assert f"Citaat {ref} gaat over Ziekte en uitval" in warnings
    assert f"Citaat {ref} is als gevoelig gemarkeerd" in warnings


def test_row_17_a_contested_suggestion_shows_both_sides(now: Snapshot, reports: dict[str, str]) -> None:
    row = row_of(contested.contested(now), "S09")
    assert row["supported"] == ["FG1", "FG4", "FG5", "FG9"]
    assert (row["contested"], row["nuanced"], row["interviews"]) == (["FG8"], ["FG6"], ["IV4"])
    said = "in vier van de acht focusgroepen bepleit, in één weersproken, in één genuanceerd"
    assert sentence(now, "S09").startswith(said)
    # in one sentence of the researcher's text, in the table of spread and in the matrix; for whoever reads it
    for profile in ("onderzoeker", "opdrachtgever", "openbaar"):
        assert said in reports[profile]
        assert re.search(r"\| S09 [^|]+ \| [■□]+ \| 4 van 8 \| 1 van 4 \| [^|]+ \| weersproken: 1; genuanceerd: 1 \|", reports[profile])
        assert re.search(r"\| S09 [^|]+ \| 4 van 8; weersproken: 1; genuanceerd: 1 \| MM4 \| deels \|", reports[profile])


def test_row_18_moved_dates_are_shown_as_shifted(now: Snapshot, reports: dict[str, str]) -> None:
    history = measures.promises(now)
    assert set(history.loc[history["shifted"], "measure"]) == {"MM1", "MR1"}
    assert list(history.loc[history["measure"] == "MM1", "date"]) == ["2025-02-01", "2025-05-01"]
    lines = [line for line in reports["openbaar"].replace("\\", "").splitlines() if line.startswith("| ")]
    for measure, first, then in (
        ("MM1", r"1 februari 2025 \| B1, ", r"1 mei 2025 \| B2, "),
        ("MR1", r"eerste kwartaal van 2025 \| B3, ", r"na de zomer van 2025 \| B2, "),
    ):
        held = [line for line in lines if re.match(rf"\| {measure} [^|]+ \| ", line) and re.search(r"\| B\d, ", line)]
        assert len(held) == 2, measure
        assert re.search(first, held[0]), measure
        assert "verschoven**" not in held[0]
        assert re.search(then + r"[^|]+ \| \*\*verschoven\*\* \|", held[1]), measure
    assert sum("**verschoven**" in line for line in lines) == 2


def test_row_19_the_matrix_shows_partly_with_a_remark_and_its_empty_rows_and_columns(now: Snapshot, reports: dict[str, str]) -> None:
    rows = measures.coverage(now).set_index("suggestion")
    unanswered, unasked = measures.gaps(now)
    assert unanswered == ["S16"]
    assert unasked == ["MM2", "MF3", "MR2", "MR3", "MR4"]
    text = reports["openbaar"].replace("\\", "")
    for suggestion, remark in (
        ("S08", "niet buiten de overheid"),
        ("S09", "kader let op afkomst"),
        ("S12", "niet per organisatieonderdeel"),
    ):
        assert rows.loc[suggestion, "coverage"] == "deels"
        assert re.search(rf"^\| {suggestion} [^|]+ \| [^|]+ \| [^|]+ \| deels \| [^|]*{remark}", text, re.MULTILINE), suggestion
    assert re.search(r"^\| S16 [^|]+ \| – \| \*\*geen maatregel\*\* \| geen \| [^|]*netwerk", text, re.MULTILINE)
    assert re.search(r"^\| \[MR2\][^|]+ \| [^|]+ \| \*\*geen suggestie\*\* \|", text, re.MULTILINE)


def test_row_20_a_survey_figure_stands_beside_the_theme_and_is_never_added(now: Snapshot, own: Project, reports: dict[str, str]) -> None:
    row = beside.joint(now).iloc[0]
    assert (row["value"], row["label"], row["source"], row["code"]) == ("29", "enquête", "B2", "E")
    assert row["groups"] == row_of(analysis.spread(now, level="theme"), "E")["groups"]
    for profile in ("onderzoeker", "openbaar"):
        assert re.search(r"^\| \[enquête\][^|]+: 29 procent, [^|]+ \| B2; [^|]+ \| E [^|]+ \| 9 van 9 \|", reports[profile], re.MULTILINE)
    # without the figure every count is what it was: it was never part of one
    before = {level: analysis.spread(own, level=level) for level in ("theme", "code")}
    own.strike("figure", own.snapshot().tables["figure"]["guid"].iloc[0])
    for level, frame in before.items():
        pd.testing.assert_frame_equal(analysis.spread(own, level=level), frame)


def test_row_21_a_merged_code_is_not_comparable_and_the_rest_is(own: Project) -> None:
    files = [LATER / name for name in documents(LATER / "documents.csv")["file"]]
    own.import_documents(files, documents=LATER / "documents.csv", participants=LATER / "participants.csv")
    for code, name, parent in (("E17", "Naam", "EB"), ("S16", "Eigen netwerk", "SC"), ("E18", "Genegeerd of buitengesloten", "EC")):
        own.codebook.add(code, name, parent=parent)
    assert own.import_codings(LATER / "consensus.csv").written
    onderwerpen = pd.read_csv(LATER / "onderwerpen.csv", dtype=str, keep_default_na=False)
    own.record("topic", onderwerpen[~onderwerpen["topic"].str.startswith("M")])
    own.record("mapping", LATER / "codeboek-wijzigingen.csv")
    both = rounds.compared(own, "ronde 1", "ronde 2").set_index("code")
    assert list(both.loc[["E10", "E11"], "comparable"]) == ["niet vergelijkbaar"] * 2
    assert (both.loc["E18", "comparable"], both.loc["E18", "why"]) == ("alleen samen", "E10, E11")
    assert both.loc["E18", "groups_before"] == len({"FG1", "FG2", "FG5", "FG9", "FG4", "FG7", "FG8"})
    assert both.loc["E17", "comparable"] == "alleen in deze ronde"
    assert both.loc["O14", "comparable"] == "niet aan de orde"
    assert both.loc["E07", "comparable"] == "vergelijkbaar"
    assert (both.loc["E07", "groups_before"], both.loc["E07", "groups_n_before"], both.loc["E07", "groups_n"]) == (8, 9, 2)
    # the chapter prints the two rounds, what became of the codes, and what people notice of measures
    own.record("effect", LATER / "maatregel-effect.csv")
    noticed = effects(own).set_index(["measure", "effect"])
    assert noticed.loc[("MH1", "niet merkbaar"), ["groups", "interviews"]].tolist() == [2, 1]
    assert noticed.loc[("MM1", "merkbaar"), ["groups", "interviews"]].tolist() == [2, 1]
    text = later.later(facts(own, "openbaar")).replace("\\", "")
    assert "| E10 Genegeerd | groepen: 4 van 9; interviews: 1 | – | niet vergelijkbaar (samengevoegd: E18) |" in text
    assert (
        "| E18 Genegeerd of buitengesloten | groepen: 7 van 9; interviews: 2 | groepen: 2 van 2; interviews: 1 | alleen samen (E10, E11) |"
        in text
    )
    assert re.search(r"\| O14 .* \| groepen: 2 van 3; interviews: 1 \| – \| niet aan de orde \|", text)
    assert re.search(r"\| 0\.3 \| samengevoegd \| E10\|E11 \| E18 \|", text)
    assert "| MM1 één gezamenlijk loket | merkbaar | 2 | 1 |" in text
    # the table of spread, the kernblad and the sentences tell each round apart and add nothing up
    held = facts(own, "openbaar")
    theme = next(chapter for chapter in chapters(held.book) if chapter.guid == held.book.find("E").guid)
    spread = findings.spread_table(held, theme).replace("\\", "")
    assert "Deze studie heeft meer dan één meting (ronde 1 en ronde 2)" in spread
    assert re.search(r"\| E07 [^|]+ \| groepen: 8 van 9; interviews: 3 \| groepen: \d van 2; interviews: \d \|", spread)
    assert "| E10 Genegeerd | groepen: 4 van 9; interviews: 1 | – |" in spread
    assert "| E18 Genegeerd of buitengesloten | – | groepen: 2 van 2; interviews: 1 |" in spread
    assert "van 11" not in spread
    for line in core(held)["sentence"]:
        assert "(ronde 1)" in line or "(ronde 2)" in line
        assert "van de 11" not in line
    assert [f.rule for f in lint(text, {}) if f.rule in {"causal", "pvalue"}] == []


def test_row_22_the_client_gets_no_words_beyond_the_quotes_chosen(now: Snapshot, out: Path, reports: dict[str, str]) -> None:
    text = reports["opdrachtgever"]
    own_texts = [path.read_text(encoding="utf-8") for path in (out / "teksten").glob("*.md")]
    chosen = {q for raw in own_texts for q in re.findall(r"\{\{citaat:([\w-]+)", raw)}
    printed = re.findall(r"“([^”]*)” \((?:focusgroep|interview)", text)
    assert len(printed) == len(chosen)
    talks = re.findall(r"\{\{gesprek:([^}]+)\}\}", "\n".join(own_texts))
    excerpts = [row for ref in talks for row in talk(now, ref)["text"]]
    assert len(excerpts) == 4
    # of all that anybody said, no eight words in a row stand in any file of the bundle, but those of the quotes and of the researcher
    spoken = set().union(*(eight(said) for said in analysis.turns(now)["text"]))
    allowed = set().union(*(eight(said) for said in (*printed, *excerpts, *own_texts)))
    folder = Path(reports["opdrachtgever-map"])
    files = [path for path in folder.rglob("*.md") if path.parent.name != "teksten"]
    assert len(files) > 20
    for path in files:
        held = path.read_text(encoding="utf-8")
        leaked = (eight(held) & spoken) - allowed
        assert not leaked, (path.name, len(leaked))
        assert not re.search(r"(?:FG|IV)\d-P\d", held), path.name
    assert eight(text) & spoken


@pytest.mark.parametrize("profile", ["openbaar", "onderzoeker"])
def test_row_23_every_sentence_of_the_kernblad_returns_subtheme_figure_and_fragments(
    study: Project, now: Snapshot, tmp_path: Path, profile: Profile
) -> None:
    from pypdf import PdfReader

    sentences = core(facts(now, profile))
    assert len(sentences) > 15
    subthemes = {code.name for code in Codebook.of(now).codes if Codebook.of(now).level(code.guid) == "subtheme"}
    assert subthemes <= set(sentences["topic"])
    for row in sentences.itertuples():
        traced = analysis.trace(now, row.ref)
        assert len(traced) == row.fragments > 0
        assert traced.loc[traced["counts"].astype(bool) & traced["document"].str.startswith("FG"), "document"].nunique() == row.groups
        assert row.topic in row.sentence
        for fragment in traced.head(3).itertuples():
            assert now.text(now.document_names[fragment.document])[fragment.start : fragment.end] == fragment.text
    pdf, markdown_ = study.kernblad(tmp_path / "kern", profile=profile, formats=["pdf", "md"]).paths
    # on paper: at most two pages, each of which says what it is of; and no sentence without its reference
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(pdf).pages]
    assert 1 <= len(pages) <= 2
    for page in pages:
        assert "Voorbeeldstudie racisme op de werkvloer" in page
        assert str(now.stamp) in page
    told = [line for line in markdown_.read_text(encoding="utf-8").replace("\\", "").splitlines() if line.startswith("- ")]
    assert [re.sub(r" \[[^\]]+\]\{\.ref\}$", "", line[2:]) for line in told] == list(sentences["sentence"])
    assert [re.search(r"\[([^\]]+)\]\{\.ref\}$", line)[1] for line in told] == list(sentences["ref"])  # type: ignore[index]


def test_row_25_one_person_cannot_be_worked_out_of_any_published_table(now: Snapshot, reports: dict[str, str]) -> None:
    table = composition(now)
    gender = table[table["attribute"] == "geslacht"].set_index("value")
    assert gender.loc["non-binair", "n"] == 1
    # 58 - 28 - 28 would give the two away
    assert (gender["state"] == "printed").sum() == 1
    frame = suppressed(gender["n"])
    assert (frame.loc["non-binair", "low"], frame.loc["non-binair", "high"]) == (1, 4)
    # what a reader can still think of every cell that is not printed, of every table that is: worked out from the page alone
    part = (Path(reports["map"]) / "gegenereerd" / "deelnemers.md").read_text(encoding="utf-8").replace("\\", "")
    tables = [re.findall(r"^\| ([^|]+) \| (\d+|<5|–) \|$", block, re.MULTILINE) for block in part.split("\n\n")]
    tables = [rows for rows in tables if rows]
    assert any(dict(rows).get("non-binair") == "<5" for rows in tables)
    for rows in tables:
        for name, shown in rows:
            if shown == "<5":
                assert thinkable(rows, name, 58) == {1, 2, 3, 4}, (rows, name)
    assert not re.search(r"non-binair \| \d", reports["openbaar"])
    assert "non-binair" not in reports["openbaar"].replace(part, "").split("# 4 ")[1]


def test_row_26_the_stamp_names_data_codebook_and_software_and_builds_are_equal(
    study: Project, now: Snapshot, out: Path, tmp_path: Path, reports: dict[str, str]
) -> None:
    first = reports["onderzoeker"]
    stamp = (str(now.stamp), facts(now, "onderzoeker").book.fingerprint, f"qualcode {qualcode.__version__}")
    # every profile of the report, the kernblad and the period report, in every format
    for profile in ("onderzoeker", "opdrachtgever", "openbaar"):
        assert all(part in reports[profile] for part in stamp), profile
    small = ("md", "docx", "odt", "html", "pdf")
    for made in (study.kernblad(tmp_path / "a", formats=small), study.period_report(tmp_path / "a", "2026-H1", formats=small)):
        for path in made.paths:
            words = words_of(path).replace("\\", "")
            assert all(part in words for part in stamp), path.name
    # two builds of one state, in other folders, differ nowhere
    assert markdown(now, out) == first
    for again in (study.kernblad(tmp_path / "b", formats=small), study.period_report(tmp_path / "b", "2026-H1", formats=small)):
        for path in again.paths:
            assert path.read_bytes() == (tmp_path / "a" / path.name).read_bytes(), path.name


# B2: measures, scores, notes --------------------------------------------------------------------------


def test_row_27_a_score_without_grounds_is_never_final_and_none_is_proposed(own: Project) -> None:
    with pytest.raises(Refused, match="zonder score en onderbouwing"):
        own.record("score", department="MAV", period="2026-H2", measure="MN1", score="2", status="definitief")
    own.record("score", department="MAV", period="2026-H2", measure="MN1", score="2")
    card = scoring.scorecard(own, department="MAV", period="2026-H2").set_index("measure")
    assert card.loc["MN1", "status"] == "concept"
    with pytest.raises(Refused, match="zonder score en onderbouwing"):
        own.amend("score", own.snapshot().scores["guid"].iloc[-1], status="definitief")
    # nothing is filled in for the other measures
    assert card.drop("MN1")["score"].isna().all()
    assert set(card.drop("MN1")["status"]) == {"niet ingevuld"}


def test_row_28_every_suggestion_is_linked_or_said_to_have_no_measure(now: Snapshot, own: Project) -> None:
    assert "niet gekoppeld" not in set(measures.coverage(now)["coverage"])
    assert measures.coverage(now).set_index("suggestion").loc["S16", "coverage"] == "geen"
    # the domains of the codebook of measures, with steering and monitoring apart
    domains = set(measures.measures(now)["domain"])
    assert {"normstelling", "meldkanalen", "handhaving", "D&I-beleid", "regie en monitoring"} <= domains
    assert {"handelingsvaardigheid leidinggevenden", "handelingsvaardigheid omstanders"} <= domains
    links = own.snapshot().links
    for guid in links.loc[links["suggestion"] == "S01", "guid"]:
        own.strike("link", guid)
    assert measures.coverage(own).set_index("suggestion").loc["S01", "coverage"] == "niet gekoppeld"
    assert re.search(r"\| S01 [^|]+ \| [^|]+ \| \*\*geen maatregel\*\* \| niet gekoppeld \|", measuring.matrix(facts(own, "openbaar")))
    with pytest.raises(Refused, match="ontbreekt"):
        own.record("link", suggestion="S01", measure="MH1", coverage="volledig")


def test_row_29_measures_without_an_indicator_are_listed(own: Project) -> None:
    assert len(measures.without_indicator(own)) == 27
    own.amend("measure", own.snapshot().measures["guid"].iloc[0], indicator="aantal keren uitgesproken", measurable="ja")
    assert "MN1" not in measures.without_indicator(own)
    assert len(measures.without_indicator(own)) == 26
    printed = measuring.unasked(facts(own, "openbaar"))
    rows = [line for line in printed.splitlines() if line.startswith("| [M")]
    assert [line for line in rows if "niet vastgelegd" not in line] == [line for line in rows if "aantal keren uitgesproken" in line]
    assert len(rows) == 27


def test_row_30_empty_is_not_nought_and_the_difference_table_is_right(study: Project, now: Snapshot, tmp_path: Path) -> None:
    card = scoring.scorecard(now).set_index(["department", "period", "measure"])
    assert card.loc[("MAV", "2025-H2", "MH7"), "status"] == "niet ingevuld"
    assert pd.isna(card.loc[("MAV", "2025-H2", "MH7"), "score"])
    assert card.loc[("MAV", "2025-H2", "MH3"), "score"] == "0"
    key = csv("maatregelen/scores.csv")
    wide = key.assign(shown=key["score"].where(key["score"] != "", key["status"])).pivot_table(
        index=["departement", "maatregel"], columns="periode", values="shown", aggfunc="first"
    )
    changed = wide[wide["2025-H2"] != wide["2026-H1"]]
    got = scoring.score_changes(now, "2025-H2", "2026-H1").set_index(["department", "measure"])
    assert set(got.index) == set(changed.index)
    assert all(
        got.loc[at, "before"] == changed.loc[at, "2025-H2"] and got.loc[at, "after"] == changed.loc[at, "2026-H1"] for at in changed.index
    )
    # printed: the same template for both, empty is not nought, and the differences of the key
    (first,) = study.period_report(tmp_path / "p", "2025-H2", formats=["md"]).paths
    (then,) = study.period_report(tmp_path / "p", "2026-H1", formats=["md"]).paths
    text = first.read_text(encoding="utf-8").replace("\\", "")
    department = text.split("\n## MAV")[1].split("\n## ")[0]
    assert re.search(r"^\| MH7 [^|]+ \| \*niet ingevuld\* \|", department, re.MULTILINE)
    assert re.search(r"^\| MH3 [^|]+ \| 0 ", department, re.MULTILINE)
    for name in ("MAV", "MRE"):
        assert len(re.findall(r"^\| M[NHMFDR]\d ", text.split(f"\n## {name}")[1].split("\n## ")[0], re.MULTILINE)) == 27
    rows = changes_in(then)
    assert {tuple(row[:2]) for row in rows} == {(at[0], at[1]) for at in changed.index}
    assert all((row[2], row[3]) == tuple(changed.loc[(row[0], row[1])]) for row in rows)


def test_row_31_the_same_scores_twice_give_nothing_and_one_change_gives_one_line(own: Project, tmp_path: Path) -> None:
    scores = csv("maatregelen/scores.csv").query("periode == '2026-H1'").drop(columns="opmerking")
    own.record("score", scores.assign(periode="2026-H2"))
    assert scoring.score_changes(own, "2026-H1", "2026-H2").empty
    same = own.period_report(tmp_path / "p", "2026-H2", formats=["md", "docx"]).paths
    again = own.period_report(tmp_path / "q", "2026-H2", formats=["md", "docx"]).paths
    assert [path.read_bytes() for path in same] == [path.read_bytes() for path in again]
    assert "Er is niets gewijzigd." in same[0].read_text(encoding="utf-8").split("Gewijzigd sinds 2026-H1")[1]
    assert changes_in(same[0]) == []
    own.record(
        "score",
        department="MAV",
        period="2026-H2",
        measure="MN1",
        score="3",
        grounds="nagegaan",
        assessor="auditteam MAV",
        status="definitief",
    )
    assert scoring.score_changes(own, "2026-H1", "2026-H2")[["measure", "change"]].to_numpy().tolist() == [["MN1", "hoger"]]
    (path,) = own.period_report(tmp_path / "p", "2026-H2", formats=["md"]).paths
    assert [(row[0], row[1], row[3], row[4]) for row in changes_in(path)] == [("MAV", "MN1", "3", "hoger")]


def test_row_32_a_fragment_with_two_grounds_counts_once_in_the_total(now: Snapshot, reports: dict[str, str]) -> None:
    table = dimensions.overlap(now, "grond")
    pairs = table[(table["also"] != "") & (table["value"] != table["also"])]
    assert {("herkomst", "geloof"), ("huidskleur", "herkomst")} <= set(zip(pairs["value"], pairs["also"], strict=True))
    frame = analysis.counted(now)
    total = frame[frame["counts"] & frame["grond"].notna()]
    assert table.iloc[-1]["codings"] == len(total) == table.iloc[:-1]["codings"].sum()
    assert dimensions.by_dimension(now, "grond").iloc[:-1]["codings"].sum() > len(total)
    # printed so too: the rows of the table are the fragments, each in one of them
    grounds = "huidskleur|herkomst|geloof"
    printed = re.findall(
        rf"^\| (?:{grounds})(?: \+ (?:{grounds}))* \| \d+ \| (\d+) \|$", reports["onderzoeker"].replace("\\", ""), re.MULTILINE
    )
    assert len(printed) >= 5
    assert sum(map(int, printed)) == len(total)


def test_row_33_treatment_of_citizens_is_kept_left_out_and_counted_in_the_note(now: Snapshot, reports: dict[str, str]) -> None:
    frame = analysis.counted(now)
    outside = frame[frame["scope"] == "buiten"]
    assert outside.groupby("document").size().to_dict() == {"FG2": 1, "FG6": 4, "IV4": 2}
    assert not outside["counts"].any()
    # retrievable: with the words, and switched in when asked
    held = analysis.codings(now)
    assert (held.loc[held["coding"].isin(outside["coding"]), "text"].str.len() > 0).sum() == 7
    assert analysis.counted(now, also=["buiten scope"])["counts"].sum() > frame["counts"].sum()
    spread = analysis.spread(now).set_index("code")
    assert "FG6" in spread.loc["E16", "outside"]
    assert "| buiten scope | 3 | 7 |" in reports["onderzoeker"]
    assert "| buiten scope | 3 |" in reports["openbaar"]


def test_row_34_a_note_of_a_team_talk_is_never_a_focus_group(own: Project, out: Path) -> None:
    levels = ("code", "subtheme", "theme")
    before = {level: analysis.spread(own, level=level) for level in levels}
    for number in (1, 2, 3):
        own.import_documents(FOLDER / "notities" / f"teamgesprek-{number}.md", kind="notitie")
    own.code("teamgesprek-1", text="een collega al jaren met een bijnaam aangesproken", code="E02", layer="consensus")
    assert own.snapshot().speakers["document"].isin([own.snapshot().document_names["teamgesprek-1"]]).sum() == 0
    for level, frame in before.items():
        figures = [name for name in frame.columns if name != "working_number"]
        pd.testing.assert_frame_equal(analysis.spread(own, level=level)[figures], frame[figures])
    assert facts(own, "onderzoeker").session.groups == 9
    assert list(beside.other_sources(own, kind="notitie")["code"]) == ["E02"]
    text = markdown(own, out)
    assert "teamgesprek-1 | notitie" in text
    assert "negen focusgroepen en vier interviews, met samen 58 deelnemers" in text


def test_row_35_the_route_of_an_event_is_in_order_and_missing_steps_stand_open(now: Snapshot, reports: dict[str, str]) -> None:
    order = ["signaal", "aankaarten", "melding", "vervolg", "nazorg", "sanctie"]
    steps = dimensions.route(now, "IV3", event="1")
    assert list(dict.fromkeys(steps["step"])) == order
    assert list(steps.loc[steps["state"] == "open", "step"]) == ["sanctie"]
    # each step told is tied to the event by its fragments
    told = steps[steps["state"] == "verteld"]
    assert set(told["event"]) == {"1"}
    for row in told.itertuples():
        assert now.text(now.document_names["IV3"])[row.start : row.end] == row.text
    # the route of one event is for researchers: it leads to a person
    head, *rows = table_of(reports["onderzoeker"], "De route na een voorval")
    assert head == ["Voorval", *order]
    assert ["IV3, voorval 1", *["●"] * 5, "open"] in rows
    assert "voorval 1" not in reports["openbaar"]
    assert ["aankaarten", "12 van 13"] in table_of(reports["openbaar"], "De route na een voorval")


@pytest.mark.parametrize(
    ("attribute", "shown", "hidden"),
    [("rol", ["leidinggevende", "medewerker"], "vertrouwenspersoon"), ("standplaats", ["Nederland"], "buitenland")],
)
def test_row_35_steps_by_role_and_place_are_those_of_their_people_and_never_of_too_few(
    now: Snapshot, reports: dict[str, str], attribute: str, shown: list[str], hidden: str
) -> None:
    head, *rows = table_of(reports["onderzoeker"], f"Stappen na een voorval, naar {attribute}: gesprekken waarin zij verteld zijn")
    assert head == ["Stap", *shown]
    people = csv("participants.csv").query("participant != ''").drop_duplicates("participant").set_index("participant")[attribute]
    frame = analysis.counted(now)
    frame = frame[frame["counts"] & frame["fase"].notna()].assign(of=lambda held: held["participant"].map(people))
    for step, *cells in rows:
        for value, cell in zip(shown, cells, strict=True):
            own = frame[frame["of"] == value]
            assert cell == f"{own.loc[own['fase'] == step, 'document'].nunique()} van {own['document'].nunique()}", (step, value)
    few = dimensions.steps_by(now, attribute).set_index("value").loc[hidden]
    assert set(few["state"]) == {"few"}
    assert few[["participants", "of", "voices"]].isna().all().all()
    for reader in ("openbaar", "opdrachtgever"):
        assert f"Stappen na een voorval, naar {attribute}" not in reports[reader]


def test_row_37_words_of_a_document_belong_to_no_participant_and_stand_on_their_page(own: Project, tmp_path: Path, out: Path) -> None:
    (tmp_path / "rapport-rekenkamer.txt").write_text(
        "Over vacatures.\n\nPagina 22\n\nDe melding bleef in alle gevallen zonder gevolg.\n\nPagina 23\n", encoding="utf-8"
    )
    own.import_documents(tmp_path / "rapport-rekenkamer.txt", kind="document")
    own.code("rapport-rekenkamer", text="De melding bleef in alle gevallen zonder gevolg", code="O15", layer="consensus")
    (ref,) = analysis.segments(own).query("document == 'rapport-rekenkamer'")["ref"]
    # who is in the register cannot become the one who said it
    rows = csv("participants.csv").head(1).assign(document="rapport-rekenkamer", label="R1", participant="FG1-P1")
    rows.to_csv(tmp_path / "register.csv", index=False)
    # the register is told that nobody of that name speaks there
    assert set(own.join_participants(tmp_path / "register.csv")["problem"]) & {"unknown_speaker", "silent"}
    traced = analysis.trace(own, ref)
    assert traced["speaker"].replace("", pd.NA).isna().all()
    write(out, "OC.md", f"{{{{citaat:{ref}}}}}\n")
    for reader in ("onderzoeker", "openbaar"):
        assert re.search(r"zonder gevolg” \(rapport-rekenkamer, p\. 23\)", markdown(own, out, reader))


def test_row_38_three_complaints_are_not_printed_and_the_total_does_not_tell(now: Snapshot, own: Project, reports: dict[str, str]) -> None:
    assert list(beside.complaints(now)["shown"]) == ["12", "<5", "0", "niet opgegeven", "–"]
    for reader in ("onderzoeker", "opdrachtgever", "openbaar"):
        rows = dict(table_of(reports[reader], "Klachten per soort")[1:])
        assert (rows["bejegening door een leidinggevende"], rows["totaal"]) == ("<5", "–")
    # with every number given, 12 + 3 + 0 + 7 would still tell of the three
    guid = now.complaints.loc[now.complaints["number"].isna(), "guid"].iloc[0]
    own.amend("complaint", guid, number=7)
    assert list(beside.complaints(own)["shown"]) == ["12", "<5", "0", "7", "–"]
    # and where nothing is small the total may be told
    few = own.snapshot().complaints
    own.amend("complaint", few.loc[few["number"].astype("Int64") == 3, "guid"].iloc[0], number=8)
    assert list(beside.complaints(own)["shown"]) == ["12", "8", "0", "7", "27"]


def test_row_39_a_comparison_without_a_source_is_refused(own: Project, reports: dict[str, str]) -> None:
    held = own.snapshot().comparisons
    with pytest.raises(Refused, match="Rij 4"):
        own.record("comparison", FOLDER / "vergelijkingen.csv")
    with pytest.raises(Refused):
        own.record("comparison", pd.DataFrame([{"onderwerp": "steun", "studie": "een eerder", "bron": " ", "oordeel": "bevestigt"}]))
    with pytest.raises(Refused):
        own.amend("comparison", held["guid"].iloc[0], source="")
    pd.testing.assert_frame_equal(own.snapshot().comparisons, held)
    # what was let in is printed with its source and verdict
    _, *rows = table_of(reports["openbaar"], "Wat ander onderzoek zegt, met de hand ingevoerd")
    key = csv("vergelijkingen.csv").query("bron != ''")
    assert [row[2:4] for row in rows] == key[["bron", "oordeel"]].to_numpy().tolist()


# B3: openness -----------------------------------------------------------------------------------------


def planted() -> pd.DataFrame:
    key = csv("sleutel.csv")
    return key[key["id"].str.fullmatch(r"K\d\d") & (key["text"] != "")]


@pytest.mark.slow
def test_row_40_planted_words_are_in_no_byte_of_the_public_version(own: Project, out: Path) -> None:
    now, key = own.snapshot(), planted()
    texts = {name: now.text(guid) for name, guid in now.document_names.items()}
    rows = [
        {"document": row.document, "text": row.text, "ground": "persoonsgegevens"}
        for row in key.itertuples()
        if row.document in texts and texts[row.document].count(row.text) == 1
    ]
    assert len(rows) >= 30
    own.record("masking", pd.DataFrame(rows))
    segments = analysis.segments(own)
    spoken = {row["text"] for row in rows}
    quotes = [r.ref for r in segments.itertuples() if any(words in r.text for words in spoken)]
    assert len(quotes) >= 2
    write(out, "EB.md", "\n\n".join(f"{{{{citaat:{ref}}}}}" for ref in quotes) + "\n")
    built = build(own, out, profile="openbaar", formats=("docx", "odt", "html", "pdf", "md"))
    kern = own.kernblad(out, profile="openbaar", formats=["docx", "pdf"])
    made = own.release(out.parent / "bundel", "L3")
    assert "gelakt: persoonsgegevens" in (out / "rapport-openbaar.md").read_text(encoding="utf-8")
    # what a notebook would keep of it: the answer in a cell, and every warning and problem
    shown = "\n".join([repr(built), repr(kern), *built.warnings, *(str(problem) for problem in built.problems)])
    files = [*built.paths, *kern.paths, *(out / "gegenereerd").iterdir(), *(path for path in made.folder.rglob("*") if path.is_file())]
    held = {path.name: flat(bytes_of(path)) for path in files} | {"notebook": flat(shown)}
    for name, text in held.items():
        for words in (*spoken, "T. de Wilde"):
            assert flat(words) not in text, name
        assert "Ronnie" not in name
    # the original stays with those who may see it
    inside = markdown(own, out)
    assert any(words in inside for words in spoken)


def test_row_40_notebooks_keep_no_output_and_no_planted_words() -> None:
    import json

    folder = Path(__file__).parents[1] / "notebooks"
    names = {words for words in planted()["text"] if len(words) > 8}
    for path in sorted(folder.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not any(cell.get("outputs") for cell in cells), path.name
        assert not [words for words in names if words in path.read_text(encoding="utf-8")], path.name


def flat(text: str) -> str:
    """Return a text as one string of signs: a line that ends in the middle of a word hides nothing."""
    return re.sub(r"[\s\-\u00ad]+", "", text)


def bytes_of(path: Path) -> str:
    """Return everything a file holds, unpacked."""
    if path.suffix in {".docx", ".odt"}:
        with zipfile.ZipFile(path) as archive:
            return "\n".join(
                [*archive.namelist(), *(re.sub(r"<[^>]+>", "", archive.read(n).decode("utf-8", "replace")) for n in archive.namelist())]
            )
    if path.suffix == ".pdf":
        from pypdf import PdfReader

        reader = PdfReader(path)
        return " ".join([*(page.extract_text() for page in reader.pages), str(reader.metadata)])
    return path.read_text(encoding="utf-8")


def test_row_40_words_that_were_masked_never_come_in_by_the_researchers_own_text(own: Project, out: Path) -> None:
    own.record("masking", document="FG1", text="toen zei Annelies tegen mij", ground="persoonsgegevens")
    write(out, "conclusie.md", "En toen zei Annelies tegen mij dat het wel meeviel.\n")
    with pytest.raises(Refused, match=r"teksten/conclusie\.md") as refused:
        build(own, out, profile="openbaar", formats=("md",))
    assert "Annelies" not in str(refused.value)
    assert not (out / "rapport-openbaar.md").exists()


def test_row_41_a_frozen_study_gives_the_same_report_and_later_codings_do_not_touch_it(own: Project, out: Path, tmp_path: Path) -> None:
    formats = ("md", "docx", "html")
    first = {path.name: path.read_bytes() for path in build(own, out, formats=formats).paths}
    frozen = own.freeze(tmp_path / "bevroren.zip", out=out)
    before = frozen.read_bytes()
    own.code("FG1", turn=30, code="E07")
    write(out, "EB.md", "Later anders geschreven.\n")
    assert own.freeze(tmp_path / "later.zip", out=out).read_bytes() != before
    later = {path.name: path.read_bytes() for path in build(own, out, formats=("md",)).paths}
    held = thaw(frozen)
    again = {path.name: path.read_bytes() for path in build(held.snapshot, held.lay_out(tmp_path / "terug"), formats=formats).paths}
    assert again == first
    assert later
    assert all(later[name] != first[name] for name in later)
    assert frozen.read_bytes() == before


@pytest.mark.parametrize("level", ["L1", "L2", "L3"])
def test_row_42_the_manifest_lists_every_file_with_its_checksum(own: Project, tmp_path: Path, level: str) -> None:
    import hashlib

    made = own.release(tmp_path / "bundel", level, decision="stuurgroep 1 juni: archief, beperkt")
    printed = pd.read_csv(made.folder / "manifest.csv", dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(printed, made.manifest.astype("str"), check_dtype=False)
    assert printed["file"].is_unique
    assert {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*") if path.is_file()} == {
        *printed["file"],
        "manifest.csv",
    }
    for row in printed.itertuples():
        assert hashlib.sha256((made.folder / row.file).read_bytes()).hexdigest() == row.sha256
        assert row.description


def test_row_42_the_list_of_annexes_names_number_name_and_content_of_each(reports: dict[str, str]) -> None:
    text = reports["openbaar"].replace("\\", "")
    titles = re.findall(r"^# Bijlage ([A-K])\. (.+?) \{", text, re.MULTILINE)
    assert [letter for letter, _ in titles] == list("ABCDEFGHIJK")
    annex = text.partition("# Bijlage J.")[2].partition("\n# ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in annex.splitlines() if re.match(r"\| [A-K] \|", line)]
    assert [(letter, name) for letter, name, _ in rows] == titles
    assert all(information for *_, information in rows)


def test_row_43_a_question_in_two_wordings_shows_both_and_the_difference(own: Project, out: Path) -> None:
    first = inquiry.questions(own)["text"].iloc[0]
    second = "Welke ervaringen hebben medewerkers met racisme op de werkvloer?"
    own.record("question", text=second, source="B3", version="B3", position=1, codes="E")
    frame = inquiry.wordings(own)
    assert list(frame.loc[frame["position"] == 1, "version"].fillna("")) == ["", "B3"]
    text = markdown(own, out)
    # the wording that holds, with its source; the one before; and what changed between them
    assert f"| 1 | {second} | B3 |" in text
    assert re.search(rf"\| {re.escape(first)} \| .*~~het werk\?~~ \*\*de werkvloer\?\*\* \| B3 \|", text)
    guid = inquiry.questions(own)["guid"].iloc[1]
    own.amend("question", guid, text="Is er goede opvolging gegeven?")
    assert len(inquiry.wordings(own)) == 6
    # words that came, words that went, and what stayed
    was, source = "Is er opvolging gegeven aan deze ervaringen, en hoe?", "Opdracht voorbeeldstudie, vraag 2"
    marked = "Is er **goede** opvolging ~~gegeven aan deze ervaringen, en hoe?~~ **gegeven?**"
    assert f"| {was} | {marked} | {source} |" in markdown(own, out).replace("\\", "")


# B4: questions about the method -----------------------------------------------------------------------


def test_row_44_fg6_counts_for_o12_only_after_a_leading_question(now: Snapshot, own: Project, reports: dict[str, str]) -> None:
    row = row_of(analysis.spread(now), "O12")
    assert (row["groups"], row["groups_n"], row["leading"]) == (4, 9, ["FG6"])
    assert "in nog één groep alleen na een sturende vraag" in sentence(now, "O12")
    assert attention.led(now)["coded_as_led"].all()
    assert {"open", "doorvraag", "sturend", "samenvattend"} <= set(now.prompts["type"])
    for reader, group in (("onderzoeker", "FG6"), ("openbaar", "focusgroep 6")):
        text = reports[reader].replace("\\", "")
        line = next(line for line in text.splitlines() if line.startswith("| O12 ") and "spreiding:O12" in line)
        assert "| 4 van 9 |" in line
        assert re.search(rf"\*\*Drempel of angst voor gevolgen\*\*: .*{group}", text)
    # without that mark the group would have counted
    frame = analysis.counted(now)
    for guid in frame.loc[(frame["code"] == "O12") & (frame["document"] == "FG6"), "coding"]:
        own.recode(guid, uitlokking="open vraag")
    assert row_of(analysis.spread(own), "O12")["groups"] == 5


@pytest.mark.parametrize("profile", ["onderzoeker", "opdrachtgever", "openbaar"])
@pytest.mark.parametrize("words", [None, "", "<!-- nog te doen -->\n"])
def test_row_45_a_definitive_report_stops_on_an_empty_reflection(own: Project, out: Path, profile: str, words: str | None) -> None:
    own.agree(out)
    (out / "teksten" / "reflectie.md").unlink() if words is None else write(out, "reflectie.md", words)
    with pytest.raises(Refused, match=r"teksten/reflectie\.md: Er is nog niets geschreven"):
        build(own, out, profile=profile, formats=("md",), definitive=True)  # type: ignore[arg-type]
    assert not (out / f"rapport-{profile}.md").exists()


def test_row_45_a_definitive_report_is_built_when_nothing_is_open(own: Project, out: Path) -> None:
    own.agree(out)
    text = markdown(own, out, definitive=True)
    assert "| Status | definitief |" in text


def test_row_46_planted_contradictions_are_found_and_an_empty_search_says_so(now: Snapshot, own: Project, reports: dict[str, str]) -> None:
    register = analysis.counter_voices(now)
    found = register[register["outcome"] == "aangetroffen"]
    # P04: who acted well, against what all nine groups tell
    well = found[(found["subtheme"] == "OB") & found["code"].isin(["O09", "O10"])]
    assert {"FG3-P5", "FG5-P2", "IV3-P1"} <= set(well["participant"])
    assert well.loc[well["document"] == "FG8", ["code", "participant"]].drop_duplicates()["code"].tolist() == ["O10"]
    # P05: the managers are divided
    against = found[(found["code"] == "O08") & (found["document"] == "FG3")]
    assert set(against["participant"]) == {"FG3-P2", "FG3-P6"}
    # P06: both sides of a suggestion
    assert {"FG8", "FG6"} <= set(found.loc[found["code"] == "S09", "document"])
    # a subtheme without any says where was searched, in its chapter and in the register
    searched = csv("gezocht.csv").set_index("code")
    empty = set(register.loc[register["outcome"] == "niet aangetroffen", "subtheme"])
    assert empty == set(searched.index) - set(found["subtheme"])
    text = reports["onderzoeker"].replace("\\", "")
    for subtheme in empty:
        where = searched.loc[subtheme, "where"]
        assert text.count(f"Gezocht in {where}, niet aangetroffen") + text.count(f"Gezocht in {where}") >= 2, subtheme
    assert re.search(r"Gezocht in alle sessies; .*, niet aangetroffen", text)
    # without the log it is not said that nothing was found
    for guid in own.snapshot().searches["guid"]:
        own.strike("search", guid)
    assert set(analysis.counter_voices(own).query("subtheme in @empty")["outcome"]) == {"niet gezocht"}


def test_row_47_open_answers_are_coded_with_the_same_codebook_and_stand_apart(own: Project, out: Path) -> None:
    def spreads(text: str) -> list[str]:
        return [line for line in text.splitlines() if "[spreiding:" in line and " van " in line]

    before, text = analysis.spread(own).drop(columns="working_number"), markdown(own, out)
    own.import_documents(FOLDER / "open-antwoorden.csv", kind="open_antwoorden")
    answers, given = csv("open-antwoorden-codings.csv"), csv("open-antwoorden.csv")
    assert len(given) == 40
    for row in answers.itertuples():
        own.code("open-antwoorden", text=row.text, code=row.code, layer="consensus", stelling=row.stelling, ervaring=row.ervaring)
    table = beside.other_sources(own).set_index("code")
    # every code as often as different answers hold it, of the answers that hold words
    assert table["answers"].to_dict() == answers.groupby("code")["id"].nunique().to_dict()
    with_words = int((given["antwoord"].str.strip() != "").sum())
    assert set(table["of"]) == {with_words}
    pd.testing.assert_frame_equal(analysis.spread(own).drop(columns="working_number"), before)
    with_them = markdown(own, out)
    _, *rows = table_of(with_them, "Open antwoorden, een bron apart")
    assert [row[0].split()[0] for row in rows] == list(table.index)
    assert f"| open-antwoorden | open antwoorden | {with_words} |" in with_them
    assert facts(own, "onderzoeker").session.groups == 9
    assert len(spreads(text)) > 100
    assert spreads(with_them) == spreads(text)


def test_row_48_every_sentence_with_a_figure_or_quote_traces_back_to_fragment_coder_date_and_codebook(now: Snapshot) -> None:
    used = {
        (kind, name.strip())
        for path in (FOLDER / "teksten").glob("*.md")
        for kind, name in re.findall(r"\{\{\s*(spreiding|term|citaat)\s*:\s*([^{}|]+)", path.read_text(encoding="utf-8"))
    }
    assert len(used) > 40
    spreads = pd.concat([analysis.spread(now, level=level) for level in ("code", "subtheme", "theme")]).set_index("code")
    for kind, name in used:
        traced = analysis.trace(now, name if kind == "citaat" else f"spreiding:{name}")
        assert len(traced), name
        assert traced[["coding", "coder", "at", "codebook"]].notna().all().all(), name
        for row in traced.itertuples():
            assert now.text(now.document_names[row.document])[row.start : row.end] == row.text, name
        if kind != "citaat":
            counts = traced[traced["counts"].astype(bool) & traced["document"].str.startswith("FG")]
            assert counts["document"].nunique() == spreads.loc[name, "groups"], name


def test_row_48_a_sentence_traces_back_and_recoding_marks_it_te_herzien(own: Project, out: Path) -> None:
    own.agree(out)
    assert set(own.sections(out)["state"]) <= {"akkoord", "leeg"}
    traced = analysis.trace(own, "spreiding:E09")
    assert traced[["coder", "at", "codebook"]].notna().all().all()
    only = traced[traced["counts"].astype(bool) & (traced["document"] == "FG2")]
    for guid in only["coding"]:
        own.recode(guid, code="E08")
    stale = own.sections(out).query("state == 'te herzien'")
    users = {
        path.stem
        for path in (out / "teksten").glob("*.md")
        if re.search(r"\{\{(?:spreiding|term):(?:E09|E08)\}\}", path.read_text(encoding="utf-8"))
    }
    assert set(stale["section"]) == users
    assert "spreiding:E09 was ‘in ongeveer de helft van de focusgroepen (5 van de 9)" in " ".join(stale["why"])
    with pytest.raises(Refused, match="was ‘in ongeveer de helft"):
        build(own, out, formats=("md",), definitive=True)
    own.agree(out, "EB", note="nagelezen")
    assert "EB" not in set(own.sections(out).query("state == 'te herzien'")["section"])


def test_row_49_an_open_remark_is_listed_and_its_status_is_in_the_annex(own: Project, out: Path) -> None:
    guid = own.cell("FG1", "EB", "Onderschatting en optelsom, rustig verteld.")
    fragment = analysis.counted(own).query("document == 'FG1' and code == 'E07'")["coding"].iloc[0]
    with Project.open(out.parent / "eigen.qualcode", coder="carla") as reviewer:
        reviewer.review(guid, "change", "waar blijft P6?")
        reviewer.review(fragment, "change", "is dit geen E09?")
    own.refresh()

    def annex(letter: str, profile: str = "onderzoeker", *, of: str = "") -> str:
        return (of or markdown(own, out, profile)).partition(f"# Bijlage {letter}.")[2].partition("\n# ")[0].replace("\\", "")

    text = annex("B")
    assert "Opmerkingen van de supervisor: 2; nog open: 2." in text
    for remark in ("waar blijft P6?", "is dit geen E09?"):
        assert re.search(rf"\| {re.escape(remark)} \| carla \|", text), remark
    # outsiders read how many, not what
    outside = annex("B", "openbaar")
    assert "Opmerkingen van de supervisor: 2; nog open: 2." in outside
    assert "waar blijft P6?" not in outside
    assert "carla" not in outside
    held = own.snapshot().reviews
    own.settle(held.loc[held["target"] == guid, "guid"].iloc[0], "aangevuld")
    whole = markdown(own, out, "onderzoeker")
    text = annex("B", of=whole)
    assert "Opmerkingen van de supervisor: 2; nog open: 1." in text
    assert "waar blijft P6?" not in text
    assert "is dit geen E09?" in text
    # and the state of the summary stands in the matrix: first a draft, then agreed by the supervisor
    assert re.search(r"\| Onderschatting en optelsom, rustig verteld\. \| concept \|", annex("E", of=whole))
    with Project.open(out.parent / "eigen.qualcode", coder="carla") as reviewer:
        reviewer.cell("FG1", "EB", state="akkoord")
    own.refresh()
    assert re.search(r"\| Onderschatting en optelsom, rustig verteld\. \| akkoord \|", annex("E"))


def test_row_50_planned_against_attended_and_small_numbers_suppressed(
    now: Snapshot, own: Project, out: Path, reports: dict[str, str]
) -> None:
    table = planned(now).set_index("organisation")
    assert (table.loc["inspectie", "planned"], table.loc["inspectie", "attended"], table.loc["inspectie", "shown"]) == (13, 11, "11")
    key = csv("werving.csv")
    for reader in ("onderzoeker", "opdrachtgever", "openbaar"):
        assert ["inspectie", "13", "11"] in table_of(reports[reader], "Plan en deelname per organisatie")
        # every step of the log is there; what is under five is not
        rows = table_of(reports[reader], "Werving, stap voor stap")[1:]
        steps = key[key["organisatie"] == ""]
        assert [row[0] for row in rows] == list(steps["stap"])
        for row, number in zip(rows, steps["aantal"].astype(int), strict=True):
            assert row[2] in ({"<5", "–"} if 0 < number < 5 else {str(number), "–"}), row
    log = own.snapshot().recruitments
    guid = log.loc[(log["organisation"] == "inspectie") & log["step"].str.startswith("deelname"), "guid"].iloc[0]
    own.amend("recruitment", guid, number=3)
    rows = {row[0]: row[2] for row in table_of(markdown(own, out, "openbaar"), "Plan en deelname per organisatie")[1:]}
    # the total is known, so one more number has to go
    assert rows["inspectie"] == "<5"
    assert rows == {"ministerie": "25", "rijksdienst": "–", "inspectie": "<5"}


def test_row_50_where_fewer_came_than_planned_is_among_the_facts_to_reflect_on(reports: dict[str, str]) -> None:
    for reader in ("onderzoeker", "openbaar"):
        assert "Minder deelnemers dan gepland: inspectie (11 van 13)." in reports[reader]


def test_row_51_a_third_of_all_civil_servants_is_flagged(own: Project, out: Path, reports: dict[str, str]) -> None:
    found = lint("Een derde van de rijksambtenaren maakt dit mee.", {})
    assert [(f.rule, f.severity) for f in found] == [("fraction", "stop"), ("general", "warn")]
    # in the words of the researcher it stops the definitive report, by file and line
    write(out, "conclusie.md", "Zo vatten wij het samen.\n\nEen derde van de rijksambtenaren maakt dit mee.\n")
    own.agree(out)
    with pytest.raises(Refused, match=r"teksten/conclusie\.md, regel 3: .*Een derde"):
        build(own, out, formats=("md",), definitive=True)
    problems = build(own, out, formats=("md",)).problems
    assert {"fraction", "general"} <= {problem.rule for problem in problems if "conclusie.md" in problem.where}
    # the sentence on what the findings hold for is in every version
    for reader in ("onderzoeker", "opdrachtgever", "openbaar"):
        text = re.sub(r"\s+", " ", reports[reader])
        assert "De bevindingen gaan over de deelnemers aan dit onderzoek." in text
        assert "niet hoe vaak het buiten deze groepen voorkomt" in text


def test_row_52_o14_rests_on_one_participant_and_is_flagged(now: Snapshot, out: Path, reports: dict[str, str]) -> None:
    row = row_of(leaving_out.carried(now), "O14")
    assert (row["participant"], row["fragments"], row["of"], row["dominates"]) == ("FG2-P3", 9, 12, True)
    left = leaving_out.leaving_out(now)
    without = left[(left["code"] == "O14") & (left["without"] == "FG2-P3")].iloc[0]
    assert (without["groups"], without["groups_without"], without["changes"]) == (2, 1, True)
    assert "O14 Onoverzichtelijke voorzieningen: meer dan de helft van de fragmenten komt van FG2-P3" in reports["onderzoeker"]
    (line,) = [line for line in reports["onderzoeker"].splitlines() if line.startswith("| O14 ") and "FG2-P3" in line]
    assert "FG2" in line
    assert "FG2-P3" not in reports["openbaar"]
    # every finding was left out of every session and every person it rests on
    frame = analysis.counted(now)
    for level in ("code", "subtheme", "theme"):
        for found in analysis.spread(now, level=level).query("groups + interviews > 0").itertuples():
            own = left[left["code"] == found.code]
            assert set(own.loc[own["unit"] == "session", "without"]) == set(found.sessions), found.code
            if level == "code":
                people = set(frame.loc[frame["counts"] & (frame["code"] == found.code), "participant"].dropna())
                assert people <= set(own.loc[own["unit"] == "participant", "without"]), found.code


def test_row_53_l2_and_l3_hold_no_words_and_l1_needs_a_decision(own: Project, tmp_path: Path) -> None:
    for level in ("L0", "L1"):
        with pytest.raises(Refused, match="Leg eerst vast wie"):
            own.release(tmp_path / level, level, decision="  ")
        assert not (tmp_path / level).exists()
    own.release(tmp_path / "l1", "L1", decision="stuurgroep 1 juni: archief, beperkt")
    for level in ("L2", "L3"):
        made = own.release(tmp_path / level, level)
        files = [path for path in made.folder.rglob("*") if path.is_file()]
        held = "\n".join(path.read_text(encoding="utf-8") for path in files)
        assert not re.search(r"FG\d-P\d|\bR\d\b", held)
        for words in planted()["text"]:
            assert words not in held
        assert not any(text in held for text in analysis.counted(own)["text"] if len(text.split()) > 5)
        # our own scan finds nothing either
        left = [f"{path.name}: {row.label} {row.text!r}" for path in files for row in scan_file(path)[0].itertuples()]
        assert left == [], level
    table = own.snapshot().releases
    assert list(table["level"]) == ["L1", "L2", "L3"]
    assert table["decision"].iloc[0] == "stuurgroep 1 juni: archief, beperkt"
    # what a bundle printed of the participants is known to the next one
    assert [bool(tables) for tables in table["tables"]] == [False, True, True]
    assert facts(own, "openbaar").published["geslacht"] == table["tables"].iloc[2]["geslacht"]


def test_row_53_a_name_that_comes_into_the_data_stops_l2_and_l3(own: Project, tmp_path: Path) -> None:
    guid = own.snapshot().links["guid"].iloc[1]
    own.amend("link", guid, coverage="deels", reason="dat zei Annelies Terpstra")
    for level in ("L2", "L3"):
        with pytest.raises(Refused, match=r"maatregelen\.csv") as refused:
            own.release(tmp_path / level, level)
        assert "Annelies" not in str(refused.value)
        assert not (tmp_path / level).exists()


def test_row_54_no_public_function_returns_a_p_value_and_the_reason_is_printed(now: Snapshot, reports: dict[str, str]) -> None:
    tested = re.compile(r"\bp[-_ ]?val|^p$|signific|chi2|chi_square|t_test|ttest")
    for module in walk_packages(qualcode.__path__, "qualcode."):
        if any(part in module.name for part in ("migrations", "widgets", "__main__")):
            continue
        held = import_module(module.name)
        for name, value in inspect.getmembers(held):
            if name.startswith("_"):
                continue
            if inspect.isfunction(value) and value.__module__ == module.name:
                returns = (value.__doc__ or "").partition("Returns")[2].casefold()
                assert not re.search(r"\bp[-_ ]?val", f"{name} {returns}"), f"{module.name}.{name}"
                assert not tested.search(name), f"{module.name}.{name}"
            # what frames have for columns
            if name.endswith("COLUMNS"):
                assert not [column for column in value if tested.search(str(column))], f"{module.name}.{name}"
    assert "Er zijn geen toetsen of p-waarden berekend" in asked(facts(now, "onderzoeker"))
    for reader in ("onderzoeker", "opdrachtgever", "openbaar"):
        annex = reports[reader].partition("# Bijlage I.")[2].partition("\n# ")[0]
        (line,) = [line for line in annex.splitlines() if "p-waarden berekend" in line]
        for offered in ("spreiding over groepen", "zonder één sessie of persoon", "overeenstemming tussen codeurs", "verzadiging"):
            assert offered in line


def test_row_55_every_item_of_the_account_is_answered_or_said_to_be_unknown(own: Project, out: Path, reports: dict[str, str]) -> None:
    held = facts(own, "onderzoeker")
    coreq, srqr = items(held, COREQ), items(held, SRQR)
    assert (list(coreq), list(srqr)) == ([str(n) for n in range(1, 33)], [str(n) for n in range(1, 22)])
    assert all(answer.strip() for answer in (*coreq.values(), *srqr.values()))
    # what the data of the sample tell, they tell; what only a researcher can, they do not make up
    assert not {n for n in (1, 12, 14, 16, 21, 22, 24, 25, 27, 29, 31, 32) if coreq[str(n)] == not_recorded()}
    assert {n for n in (*range(2, 10), 30) if coreq[str(n)] != not_recorded()} == set()
    assert "58 deelnemers" in coreq["12"]
    assert "60 tot 115 minuten" in coreq["21"]
    # both lists stand whole in the report of every reader
    for reader in ("onderzoeker", "opdrachtgever", "openbaar"):
        annex = reports[reader].partition("# Bijlage G.")[2].partition("\n# ")[0].replace("\\", "")
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in annex.splitlines() if re.match(r"\| \d+ \|", line)]
        assert [int(row[0]) for row in rows] == [*range(1, 33), *range(1, 22)]
        assert all(len(row) == 4 and all(row) for row in rows)
        # an answer of the study says where in the report; what is not known stands nowhere
        assert all(row[3] == "–" for row in rows if row[2] == not_recorded())
        titles = set(re.findall(r"^#+ (?:[\d.]+ )?(.+?) \{", reports[reader].replace("\\", ""), re.MULTILINE)) | {"Colofon"}
        assert {row[3] for row in rows} - {"–"} <= titles, reader
    # a decision in the log that names an item answers it, and the researcher's own answer goes before all
    own.record("decision", number=90, date="2025-06-20", about="COREQ 23", decision="niet teruggelegd", reason="korte doorlooptijd")
    own.record("answer", template="COREQ", item="3", answer="onderzoeker en gedragswetenschapper")
    again = items(facts(own, "onderzoeker"), COREQ)
    assert (again["3"], again["23"]) == ("onderzoeker en gedragswetenschapper", "niet teruggelegd")
    assert "COREQ: 32 punten" in markdown(own, out)


def test_row_56_without_a_log_the_questions_are_not_answered(now: Snapshot, out: Path) -> None:
    def answers(study: Snapshot) -> list[str]:
        annex = markdown(study, out).partition("# Bijlage I.")[2].partition("\n# ")[0].replace("\\", "")
        rows = [line.strip("|").split("|") for line in annex.splitlines() if re.match(r"\| \d+ \|", line)]
        assert [int(row[0]) for row in rows] == list(range(1, 13))
        return [row[2].strip() for row in rows]

    with_log = answers(now)
    bare = answers(Snapshot(now.tables, now.texts, now.stamp))
    assert with_log.count(not_recorded()) < 5
    # what is left is why there are no tests: no log is needed to know that
    assert [n for n, answer in enumerate(bare, 1) if answer != not_recorded()] == [11]
    assert "15 keer is vastgelegd waar naar tegengeluid is gezocht" in with_log[2]


def test_row_57_what_is_told_in_the_same_sessions_without_a_cause(now: Snapshot, reports: dict[str, str]) -> None:
    table = cooccurrence.cooccurrence(now, "E05").set_index("with")
    # E05 beside every other code, each figure counted again from the sessions in which somebody speaks
    cells = analysis.cells(now)
    spoken = cells[(cells["voices"] > 0) & (cells["kind"] == "focusgroep")].groupby("code")["document"].agg(set)
    codes = set(cells["code"]) - {"E05"}
    assert set(table.index) == codes
    for code in codes:
        assert set(table.loc[code, "both"]) == spoken["E05"] & spoken.get(code, set()), code
    assert set(table.loc["E06", "both"]) == {"FG6"}
    text = reports["openbaar"].replace("\\", "")
    assert "| Minder tastbaar | Omstanders (9 van 9); Reactie na aankaarten (9 van 9);" in text
    # nothing that the tool wrote says that one thing comes of another, for no reader
    own = "\n".join(path.read_text(encoding="utf-8") for path in _generated(Path(reports["map"])))
    assert "Omstanders (9 van 9)" in own
    assert [f.words for f in lint(own, {}) if f.rule == "causal"] == []
    assert [f.rule for f in lint("Racisme van burgers leidt tot racisme op het werk.", {})] == ["causal"]


def _generated(out: Path) -> list[Path]:
    # fragments and the codebook hold other people's words
    return [
        path
        for path in sorted((out / "gegenereerd").iterdir())
        if not path.stem.startswith(("bijlage-codeboek", "bijlage-herkomst", "bijlage-b"))
    ]


def test_row_58_assessor_and_owner_are_not_the_same_and_two_scores_show_their_difference(own: Project, tmp_path: Path) -> None:
    card = scoring.scorecard(own)
    assert card.loc[card["own"], ["department", "measure"]].to_numpy().tolist() == [["MAV", "MN3"]]
    own.record(
        "score",
        department="MAV",
        period="2026-H1",
        measure="MN3",
        score="1",
        grounds="drie teams bezocht",
        assessor="panel",
        status="definitief",
    )
    row = scoring.scorecard(own, department="MAV", period="2026-H1").set_index("measure").loc["MN3"]
    assert (row["score"], row["second"], row["second_assessor"], row["difference"]) == ("2", "1", "panel", True)
    (path,) = own.period_report(tmp_path / "p", "2026-H1", formats=["md"]).paths
    text = path.read_text(encoding="utf-8")
    assert "MAV, MN3: beoordelaar en eigenaar zijn dezelfde" in text
    assert "de beoordelaars verschillen (2 en 1; tweede: panel)" in text


def test_row_59_no_data_is_something_else_than_a_low_score(now: Snapshot, study: Project, tmp_path: Path) -> None:
    card = scoring.scorecard(now)
    row = card[card["status"] == "geen gegevens"]
    assert len(row) == 1
    assert pd.isna(row["score"].iloc[0])
    (path,) = study.period_report(tmp_path / "p", row["period"].iloc[0], formats=["md"]).paths
    lines = path.read_text(encoding="utf-8").splitlines()
    own = [line for line in lines if line.startswith("|") and row["measure"].iloc[0] in line and "geen gegevens" in line]
    assert own
    at = lines.index(own[0])
    assert "geen gegevens" not in lines[at - 1]
    assert "niet ingevuld" in lines[at + 1]


# B5: tracks -------------------------------------------------------------------------------------------


def test_row_60_norm_culture_follow_up_and_careers_have_codes_and_measures(own: Project, out: Path) -> None:
    topics = {
        "norm": (["S14"], ["MN1", "MN2"]),
        "cultuur": (["S03"], ["MN3"]),
        "opvolging meldingen": (["O15"], ["MF3", "MM1"]),
        "instroom, doorstroom, uitstroom": (["S15", "E15"], ["MD2", "MD3"]),
    }
    rows = [{"raam": "vier onderwerpen", "spoor": name, "code": code} for name, (codes, _) in topics.items() for code in codes]
    rows += [{"raam": "vier onderwerpen", "spoor": name, "maatregel": one} for name, (_, held) in topics.items() for one in held]
    own.record("track", pd.DataFrame(rows).fillna(""))
    table = measures.framed(own, "vier onderwerpen").set_index("track").loc[list(topics)]
    assert (table["measures"].map(len) > 0).all()
    assert (table["codes"].map(len) > 0).all()
    # as it is printed: the four topics, no cell of them empty; a topic without anything would stand there open
    printed = {row[0]: row[1:] for row in table_of(markdown(own, out), "Dezelfde maatregelen in een ander raam: vier onderwerpen")[1:]}
    assert set(topics) <= set(printed)
    for name, (codes, held) in topics.items():
        assert set(held) == set(printed[name][0].split(", ")), name
        assert set(codes) <= set(printed[name][1].split(", ")), name


def test_row_61_another_frame_shows_the_same_links(now: Snapshot, own: Project, out: Path, reports: dict[str, str]) -> None:
    table = measures.framed(now, "BZ 3(+1) sporen").set_index("track")
    assert table.loc["spoor 1", "measures"] == ["MN1", "MN2", "MN3", "MH5", "MH6"]
    assert table.loc["spoor 3", "suggestions"] == ["S13", "S15"]
    assert "MH1" in table.loc["niet in dit kader", "measures"]
    every = [one for held in table["measures"] for one in held]
    assert set(every) == set(now.measures["id"])
    # each track answers what its measures are linked to, no more
    links = measures.links(now)
    for row in table.itertuples():
        assert set(row.suggestions) == set(links.loc[links["measure"].isin(row.measures), "suggestion"])
    # without the frame, and then with it loaded: the same links, the same matrix, drawn again in tracks
    for guid in own.snapshot().tracks["guid"]:
        own.strike("track", guid)
    title = "Dezelfde maatregelen in een ander raam: BZ 3(+1) sporen"
    bare = markdown(own, out).replace("\\", "")
    assert title not in bare
    own.record("track", FOLDER / "maatregelen" / "raam-bz.csv")
    pd.testing.assert_frame_equal(measures.links(own), links)
    framed = markdown(own, out)
    printed = {row[0].partition(" Erk")[0]: row for row in table_of(framed, title)[1:]}
    assert printed["spoor 1"][1] == "MN1, MN2, MN3, MH5, MH6"
    matrix = "Suggesties en maatregelen"
    assert table_of(framed, matrix) == table_of(bare, matrix) == table_of(reports["onderzoeker"], matrix)


def test_row_62_the_state_on_any_date_can_be_printed(own: Project, out: Path) -> None:
    own.codebook.edit("E07", definition="Scherper.")
    own.amend("measure", own.snapshot().measures["guid"].iloc[0], name="anders")
    then = as_of(own, "2025-12-31")
    assert then.measures["name"].iloc[0] == "norm van non-discriminatie door top en bestuur uitdragen"
    assert then.codes.set_index("id").loc["E07", "definition"] != "Scherper."
    assert len(as_of(own, "2020-01-01").measures) == 0
    pd.testing.assert_frame_equal(as_of(own, "2999-01-01").measures, own.snapshot().measures, check_dtype=False)
    # printed: the report of then has the words of then and its own mark, the report of now those of now
    before, now = markdown(then, out), markdown(own, out)
    named = {text: table_of(text, "Maatregelen en wat zij beantwoorden")[1][0] for text in (before, now)}
    assert named[before].endswith("} norm van non-discriminatie door top en bestuur uitdragen")
    assert named[now].endswith("} anders")
    assert named[before].startswith("[MN1]")
    assert named[now].startswith("[MN1]")
    assert "Scherper." not in before
    assert "Scherper." in now
    assert str(then.stamp) in before
    assert str(then.stamp) not in now
    # and a date before anything gives an empty report rather than none
    assert "Methodologische reflectie" in markdown(as_of(own, "2020-01-01"), out.parent / "leeg")


def test_row_63_managers_and_what_works_are_separable(now: Snapshot, own: Project) -> None:
    table = dimensions.by_attribute(now, "rol")
    managers = table[(table["value"] == "leidinggevende") & (table["code"] == "O")].iloc[0]
    assert managers["sessions"] == ["FG3", "FG7"]
    assert set(table.loc[table["value"] == "vertrouwenspersoon", "state"]) == {"few"}
    # FG3 (managers) and IV4 (a confidential adviser) each apart, by the role of who speaks
    turns = analysis.turns(now)
    role = csv("participants.csv").set_index("participant")["rol"]
    for value, session in (("leidinggevende", "FG3"), ("vertrouwenspersoon", "IV4")):
        hits = own.query(f'kenmerk.rol:"{value}"')
        assert session in set(hits["document"])
        assert set(hits["participant"].dropna()) == set(role.index[role == value]) & set(turns["participant"].dropna())
    # and the rest without them
    rest = own.query('NIET (kenmerk.rol:"leidinggevende" OF kenmerk.rol:"vertrouwenspersoon")')
    assert not {"FG3-P1", "IV4-P1"} & set(rest["participant"].dropna())
    works = dimensions.by_dimension(now, "werkt").set_index("value")
    assert "IV3" in works.loc["wel", "sessions"]
    assert "| leidinggevende | Suggesties | 1 | 0 | FG3 |" in across.across(facts(now, "onderzoeker"))
    # whoever is not in the list of the others would be the one person in the role that is too small to show
    assert "leidinggevende | Suggesties" not in across.across(facts(now, "openbaar"))


def test_row_64_goals_without_a_measure_are_listed(own: Project, out: Path, now: Snapshot, reports: dict[str, str]) -> None:
    table = measures.goals(now).set_index("goal")
    assert table.loc["D1", "lacks"] == ["maatregel"]
    assert all(table.loc[goal, "lacks"] == [] for goal in ("D2", "D3", "D4", "D5", "D6"))
    for reader in ("onderzoeker", "openbaar"):
        rows = {row[0][:2]: row[1:] for row in table_of(reports[reader], "Doelen, maatregelen en suggesties")[1:]}
        assert [goal for goal, (answered, _) in rows.items() if answered.startswith("**")] == ["D1"]
        assert [goal for goal, (_, asked_for) in rows.items() if asked_for.startswith("**")] == []
    # a goal nobody asked for is listed as well
    guid = now.goals.set_index("id").loc["D2", "guid"]
    own.amend("goal", guid, suggestions="")
    assert measures.goals(own).set_index("goal").loc["D2", "lacks"] == ["suggestie"]
    rows = {row[0][:2]: row[1:] for row in table_of(markdown(own, out), "Doelen, maatregelen en suggesties")[1:]}
    assert [goal for goal, (_, asked_for) in rows.items() if asked_for.startswith("**")] == ["D2"]


def test_row_65_a_class_of_one_is_never_printed(now: Snapshot, own: Project, tmp_path: Path, reports: dict[str, str]) -> None:
    table = composition(now)
    assert table.loc[table["attribute"] == "standplaats", "n"].tolist() == [57, 1]
    assert "printed" not in set(table.loc[table["attribute"] == "standplaats", "state"])
    for reader in ("opdrachtgever", "openbaar"):
        text = reports[reader]
        assert "Standplaats]{#h-standplaats}: niet getoond" in text
        # neither the class of one, nor the other, which 58 would make one of
        assert not re.search(r"buitenland|\bposten?\b|\| Nederland \|", text)
    for level in ("L2", "L3"):
        made = own.release(tmp_path / level, level)
        held = "\n".join(path.read_text(encoding="utf-8") for path in made.folder.glob("*.csv"))
        assert not re.search(r"buitenland|Nederland\b", held), level
        people = pd.read_csv(made.folder / "deelnemers.csv", dtype=str, keep_default_na=False)
        assert people.loc[people["attribute"] == "standplaats", ["value", "shown"]].to_numpy().tolist() == [["", "–"]]
        assert "1" not in set(people["shown"])


# saturation figures of the method, and the patterns no other test holds -------------------------------


@pytest.mark.parametrize(
    ("overlapping", "ratios", "reached", "after", "band"),
    [(False, [0.136, 0.068, 0.068, 0.045], 12, 1, (6, 8, 12)), (True, [0.136, 0.114, 0.068, 0.045], 9, 5, (6, 8, 10))],
)
def test_saturation_is_as_designed_both_ways(
    now: Snapshot, overlapping: bool, ratios: list[float], reached: int, after: int, band: tuple[int, ...]
) -> None:
    found = saturation(now, overlapping=overlapping)
    assert [round(r, 3) for r in found.runs["ratio"].head(4)] == ratios
    assert (found.reached, found.after, found.runs["base"].iloc[0]) == (reached, after, 44)
    assert (found.band["low"], found.band["median"], found.band["high"]) == band


def test_p12_who_hardly_spoke_is_listed_and_not_quoted(now: Snapshot, reports: dict[str, str]) -> None:
    quiet = attention.floor(now).set_index("participant").loc["FG4-P5"]
    assert (quiet["turns"], quiet["coded"]) == (4, 0)
    text = reports["onderzoeker"]
    facts_of = text.partition("Methodologische reflectie {")[2].partition("\n# ")[0]
    assert "FG4-P5" in facts_of
    assert "(focusgroep 4, FG4-P5)" not in text
    assert "FG4-P5" not in set(analysis.counted(now)["participant"])
    assert "Zwijgen, knikken en lachen gelden niet als instemming" in text


def test_p13_insult_blocked_laughed_away_is_told_in_that_order_in_two_sessions(now: Snapshot, reports: dict[str, str]) -> None:
    frame = sequences(now, "E01", "G01", "O03")
    assert frame[["document", "event"]].to_numpy().tolist() == [["FG2", "1"], ["FG5", "1"]]
    assert len(frame["participants"].iloc[0]) > 1
    assert sequences(now, "O03", "G01", "E01").empty
    rows = {row[0]: row[1] for row in table_of(reports["onderzoeker"], "Wat van één voorval na elkaar is verteld")[1:]}
    assert rows["FG5, voorval 1"].startswith("E01 → G01 → O03")
    # one event leads to one person: outsiders do not get its order
    assert "→" not in reports["openbaar"]


def test_p14_illness_is_a_single_case_and_never_often(now: Snapshot, out: Path) -> None:
    row = row_of(attention.singled(now), "G05")
    assert (row["groups"], row["voices"], row["interviews"], sorted(row["sessions"])) == (2, 2, 1, ["FG4", "FG7", "IV1"])
    refs = analysis.segments(now).query("document == 'FG4'")["ref"]
    ref = next(ref for ref in refs if "G05" in set(analysis.trace(now, ref)["code"]))
    write(out, "GB.md", f"Deelnemers zijn vaak ziek, {{{{spreiding:G05}}}}.\n\n{{{{citaat:{ref}}}}}\n")
    rules = {problem.rule for problem in build(now, out, formats=("md",)).problems}
    assert {"often", "single"} <= rules


def test_p15_and_p16_what_is_narrow_or_only_heard_is_said_so(now: Snapshot) -> None:
    assert sentence(now, "G11").startswith("in twee van de negen focusgroepen")
    assert [f.rule for f in lint("In een deel van de focusgroepen {{term:G11}}.", {"G11": (2, 9)})] == ["quantifier"]
    assert sentence(now, "E14") == "in een deel van de focusgroepen (3 van de 9); in nog twee groepen alleen van horen zeggen"


def test_p19_the_annex_prints_how_new_codes_dried_up(reports: dict[str, str]) -> None:
    for reader in ("onderzoeker", "openbaar"):
        rows = table_of(reports[reader], "Nieuwe codes per sessie")[1:]
        assert [int(row[2]) for row in rows] == [22, 11, 6, 5, 3, 3, 2, 1, 1, 2, 1, 1, 1]
        assert int(rows[-1][-1]) == 59


def test_p20_an_unused_code_and_a_suggestion_without_one_stand_in_annex_and_matrix(reports: dict[str, str]) -> None:
    text = reports["openbaar"].replace("\\", "")
    annex = text.partition("# Bijlage A.")[2].partition("\n# ")[0]
    (line,) = [line for line in annex.splitlines() if line.startswith("| S13 ")]
    assert "Niet gebruikt." in line
    rows = {row[0][:3]: row for row in table_of(text, "Suggesties en maatregelen")[1:]}
    assert "**" in rows["S16"][2]
    assert "S13" in rows


def test_p22_irony_is_listed_for_a_second_look_and_is_no_praise(now: Snapshot) -> None:
    waiting = queue(now, order="doubt")
    ironic = waiting[waiting["doubts"].str.contains("ironie")]
    assert {"FG2", "FG9"} <= set(ironic["document"])
    assert ironic["text"].str.contains("gezelligste afdeling").any()
    frame = analysis.counted(now).set_index("coding").loc[ironic["coding"]]
    assert not frame.loc[frame["counts"], "code"].isin(["O04", "O09", "O10"]).any()
    assert not (frame["counts"] & (frame["werkt"] == "wel")).any()


def test_annexes_a_to_d_hold_what_the_method_asks(now: Snapshot, reports: dict[str, str]) -> None:
    whole = reports["onderzoeker"].replace("\\", "")

    def annex(letter: str) -> str:
        return whole.partition(f"# Bijlage {letter}.")[2].partition("\n# ")[0]

    book = annex("A")
    for code in facts(now, "onderzoeker").book.codes:
        if code.codable and not code.retired:
            (line,) = [line for line in book.splitlines() if line.startswith(f"| {code.id} ")]
            for part in (code.definition, code.include, code.exclude, *code.examples):
                assert re.sub(r"\s+", " ", part).strip().replace("\\", "") in line, (code.id, part)
    # six kinds of record, and every decision with its reason
    log = annex("B")
    kinds = ("Ruwe gegevens", "Ordening en codering", "Opbouw van het codeboek", "Werkwijze en besluiten", "Bedoelingen en memo’s", "Vaststelling en vrijgave")  # fmt: skip
    assert all(re.search(rf"^## {kind}", log, re.MULTILINE) for kind in kinds)
    for row in csv("codings/besluiten.csv").itertuples():
        assert re.sub(r"\s+", " ", row.reason) in log
    # both rounds, three levels, each code with its four measures, where fragments begin and end, and the consensus beside them
    agreed = annex("C")
    for layer in ("ronde-1", "ronde-2"):
        levels = table_of(agreed, f"Overeenstemming in {layer}; codeurs: anouk en bart")
        assert [row[0] for row in levels[1:]] == ["code", "subthema", "thema"]
        spans = table_of(agreed, f"Overeenstemming over waar fragmenten beginnen en eindigen, los van spreekbeurten, in {layer}")
        assert len(spans) == 5
        assert all(re.fullmatch(r"-?\d,\d\d", row[2]) for row in spans[1:])
    assert "De consensus die de codeurs daarna vaststelden" in agreed
    assert agreed.count("betrouwbaar") == 1
    # saturation both ways, with its picture, the band and its seed, and what it does not say
    dried = annex("D")
    assert '::: {.verloop grens="9 12"}' in dried
    for way, after, band in (("aaneensluitende", 1, (6, 8, 12)), ("overlappende", 5, (6, 8, 10))):
        assert re.search(rf"Met {way} reeksen ligt .* daarna kwamen er nog {after} nieuwe codes", dried)
        assert f"meestal bij sessie {band[1]}, in negen van de tien gevallen tussen {band[0]} en {band[2]}." in dried
    assert "startgetal 7" in dried
    assert "is iets anders dan dat een onderwerp begrepen is" in dried
    assert "Dit onderzoek heeft per soort deelnemers één groep." in dried
