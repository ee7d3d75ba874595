"""What the method asks, row by row: each test performs one check of the list of requirements on the sample study."""

from __future__ import annotations

import inspect
import re
import shutil
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pandas as pd
import pytest

import qualcode
from qualcode import analysis
from qualcode.analysis import attention, beside, contested, cooccurrence, dimensions, inquiry, leaving_out, measures, rounds
from qualcode.analysis.composition import composition, planned
from qualcode.analysis.dated import as_of
from qualcode.analysis.effects import effects
from qualcode.analysis.saturation import saturation
from qualcode.analysis.suppression import suppressed
from qualcode.errors import Refused
from qualcode.importers import documents
from qualcode.model import Snapshot
from qualcode.project import Project
from qualcode.report import across, build, later
from qualcode.report.account import not_recorded
from qualcode.report.answering import COREQ, SRQR, asked, items
from qualcode.report.core import core
from qualcode.report.facts import facts
from qualcode.report.freezing import thaw
from qualcode.report.lint import lint
from qualcode.report.wording import broader, spread_sentence
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
        made[profile] = markdown(now, folder, profile)
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


def row_of(frame: pd.DataFrame, code: str) -> pd.Series:
    return frame.set_index("code").loc[code]


def sentence(study: Snapshot, code: str) -> str:
    held = facts(study, "onderzoeker")
    guid = held.book.find(code).guid
    return spread_sentence(held.rows[guid], held.session, suggestion=guid in held.suggestions)


def write(out: Path, name: str, text: str) -> None:
    (out / "teksten" / name).write_text(text, encoding="utf-8")


# B1: the letter about the focus groups ----------------------------------------------------------------


def test_row_02_an_account_of_2011_is_out_of_spread_listed_and_can_be_switched_in(now: Snapshot, reports: dict[str, str]) -> None:
    frame = analysis.counted(now)
    early = frame[frame["why_not"] == "vóór de periode"]
    assert set(early["participant"]) == {"FG3-P2"}
    switched = analysis.counted(now, also=["vóór de periode"])
    assert switched["counts"].sum() == frame["counts"].sum() + len(early)
    aside = attention.set_aside(now).set_index("why_not")
    assert aside.loc["vóór de periode", "codings"] == len(early)
    assert "vóór de periode" in reports["onderzoeker"]


def test_row_03_every_row_of_the_register_joins_and_what_does_not_is_reported(now: Snapshot, own: Project, tmp_path: Path) -> None:
    assert len(now.participants) == 58
    assert now.speakers["participant"].notna().sum() == 58
    register = csv("participants.csv")
    odd = register[register["document"] == "FG4"].copy()
    odd = pd.concat([odd[odd["label"] != "R1"], odd[odd["label"] == "R2"], odd.tail(1).assign(label="R9", participant="FG4-P9")])
    odd.to_csv(tmp_path / "raar.csv", index=False)
    problems = own.join_participants(tmp_path / "raar.csv")
    assert {"unknown_speaker", "silent", "duplicate"} <= set(problems["problem"])


def test_row_04_two_backgrounds_are_one_person_and_nobody_is_counted_by_background(now: Snapshot, reports: dict[str, str]) -> None:
    table = composition(now)
    background = table[table["attribute"] == "achtergrond"]
    assert set(background["state"]) == {"listed"}
    assert {"moslim", "Marokkaans"} <= set(background["value"])
    assert set(background["shown"]) == {""}
    assert facts(now, "openbaar").participants == 58
    text = reports["openbaar"]
    assert re.search(r"Achtergrond\]\{#h-achtergrond\}: in eigen woorden genoemd zijn Chinees, .*moslim", text)


def test_row_05_the_working_definition_is_printed_word_for_word_and_an_edit_keeps_old_and_new(own: Project, out: Path) -> None:
    before = own.snapshot().project["definition"]
    assert before in markdown(own, out).replace("\\", "")
    own.describe(definition="andere woorden")
    change = own.snapshot().events.iloc[-1]["changes"][0]
    assert (change.before["definition"], change.after["definition"]) == ([before], ["andere woorden"])


def test_row_06_a_question_without_a_theme_is_named(own: Project, out: Path) -> None:
    table = inquiry.questions(own)
    assert not table["open"].any()
    own.amend("question", table["guid"].iloc[1], codes="")
    assert list(inquiry.questions(own)["open"]) == [False, True, False, False]
    assert inquiry.unasked(own) == ["O"]
    problems = build(own, out, formats=("md",)).problems
    assert any("Is er opvolging gegeven" in p.sentence and p.stops for p in problems)


def test_row_09_fragments_and_groups_disagree_and_the_sentence_follows_the_groups(now: Snapshot, reports: dict[str, str]) -> None:
    ranked = attention.rankings(now).set_index("code")
    assert ranked.loc["EA", "fragments"] > ranked.loc["EB", "fragments"]
    assert "EB" in ranked.loc["EA", "opposite"]
    levels = analysis.spread(now, level="subtheme").set_index("code")
    assert "in meer focusgroepen verteld (9 van de 9)" in broader(levels.loc["EB"], levels.loc["EA"])
    text = reports["onderzoeker"]
    assert "EA Openlijk en expliciet: 79 fragmenten in 6 van de 9 groepen" in text
    assert "79 fragmenten" not in reports["openbaar"]


def test_row_10_de_meeste_fits_seven_of_nine_and_not_three() -> None:
    said = "In de meeste focusgroepen wordt dit verteld {{spreiding:X}}."
    assert [f.rule for f in lint(said, {"X": (3, 9)})] == ["quantifier"]
    assert lint(said, {"X": (7, 9)}) == []


def test_row_11_remarks_about_others_were_told_in_fg2_fg6_and_iv4_only(now: Snapshot) -> None:
    assert sorted(row_of(analysis.spread(now), "E05")["sessions"]) == ["FG2", "FG6", "IV4"]
    target = dimensions.by_dimension(now, "doelwit", code="E05").set_index("value")
    assert target.loc["burger of vluchteling", "groups"] + target.loc["groep", "groups"] > 0


def test_row_12_form_and_duration_per_session(now: Snapshot) -> None:
    duration = dimensions.by_dimension(now, "duur", code="E13").set_index("value")
    assert set(duration.loc["langlopend", "sessions"]) == {"IV1", "FG9"}
    form = dimensions.by_dimension(now, "vorm").set_index("value")
    frame = analysis.counted(now)
    for value in ("persoonlijk", "telefonisch", "schriftelijk", "online"):
        held = frame[frame["counts"] & (frame["vorm"] == value)]
        assert form.loc[value, "sessions"] == list(dict.fromkeys(held["document"]))
    assert form.loc["totaal", "codings"] == int((frame["counts"] & frame["vorm"].notna()).sum())


def test_row_13_a_coding_without_its_actor_is_listed(own: Project) -> None:
    assert attention.lacking(own).empty
    pivot = dimensions.by_dimension(own, "actor", code="OB").set_index("value")
    assert pivot.loc["leidinggevende", "groups"] == 8
    table = own.snapshot().codings
    bare = own.snapshot().codes.set_index("id").loc["O05", "guid"]
    hit = table[(table["code"] == bare) & (table["layer"] == "consensus")].iloc[0]
    own.recode(hit["guid"], actor=None)
    assert list(attention.lacking(own)["dimension"]) == ["actor"]


def test_row_14_good_follow_up_stands_in_the_register_of_counter_voices(now: Snapshot) -> None:
    register = analysis.counter_voices(now)
    voices = register[(register["code"] == "O09") & (register["subtheme"] == "OB")]
    assert {"FG3", "FG5", "IV3"} <= set(voices["document"])


def test_row_15_differences_between_groups_come_with_the_size_of_the_group_and_no_test(now: Snapshot, reports: dict[str, str]) -> None:
    text = reports["onderzoeker"]
    assert re.search(r"\| FG8 \| focusgroep .*\| 6 \|", text)
    assert "jonger dan 35" in text
    frame = analysis.counted(now)
    said = frame[frame["counts"] & (frame["code"] == "G11")].groupby("document")["participant"].nunique()
    assert (said["FG8"], said["FG3"]) == (5, 1)
    assert row_of(analysis.spread(now), "G11")["term"] == "twee van de negen"


def test_row_16_a_quote_about_illness_warns_before_it_goes_anywhere(now: Snapshot, out: Path) -> None:
    ref = next(ref for ref in analysis.segments(now).query("document == 'IV1'")["ref"] if "G05" in set(analysis.trace(now, ref)["code"]))
    write(out, "GB.md", f"{{{{citaat:{ref}}}}}\n")
    warnings = " ".join(build(now, out, profile="openbaar", formats=("md",)).warnings)
    assert f"Citaat {ref} gaat over Ziekte en uitval" in warnings
    assert f"Citaat {ref} is als gevoelig gemarkeerd" in warnings


def test_row_17_a_contested_suggestion_shows_both_sides(now: Snapshot) -> None:
    row = row_of(contested.contested(now), "S09")
    assert row["supported"] == ["FG1", "FG4", "FG5", "FG9"]
    assert (row["contested"], row["nuanced"], row["interviews"]) == (["FG8"], ["FG6"], ["IV4"])
    assert sentence(now, "S09").startswith("in vier van de acht focusgroepen bepleit, in één weersproken, in één genuanceerd")


def test_row_18_moved_dates_are_shown_as_shifted(now: Snapshot, reports: dict[str, str]) -> None:
    history = measures.promises(now)
    assert set(history.loc[history["shifted"], "measure"]) == {"MM1", "MR1"}
    assert list(history.loc[history["measure"] == "MM1", "date"]) == ["2025-02-01", "2025-05-01"]
    assert "**verschoven**" in reports["onderzoeker"]


def test_row_19_the_matrix_shows_partly_with_a_remark_and_its_empty_rows_and_columns(now: Snapshot) -> None:
    rows = measures.coverage(now).set_index("suggestion")
    for suggestion in ("S08", "S09", "S12"):
        assert rows.loc[suggestion, "coverage"] == "deels"
        assert rows.loc[suggestion, "remarks"]
    unanswered, unasked = measures.gaps(now)
    assert unanswered == ["S16"]
    assert unasked == ["MM2", "MF3", "MR2", "MR3", "MR4"]


def test_row_20_a_survey_figure_stands_beside_the_theme_and_is_never_added(now: Snapshot, reports: dict[str, str]) -> None:
    row = beside.joint(now).iloc[0]
    assert (row["value"], row["label"], row["source"], row["code"]) == ("29", "enquête", "B2", "E")
    assert row["groups"] == row_of(analysis.spread(now, level="theme"), "E")["groups"]
    text = reports["openbaar"]
    assert "29 procent" in text
    assert "enquête" in text


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
    assert [f.rule for f in lint(text, {}) if f.rule in {"causal", "pvalue"}] == []


def test_row_22_the_client_gets_no_words_beyond_the_quotes_chosen(now: Snapshot, out: Path, reports: dict[str, str]) -> None:
    text = reports["opdrachtgever"]
    chosen = {q for path in (out / "teksten").glob("*.md") for q in re.findall(r"\{\{citaat:([\w-]+)", path.read_text(encoding="utf-8"))}
    printed = re.findall(r"“([^”]*)” \((?:focusgroep|interview)", text)
    assert len(printed) == len(chosen)
    flat = re.sub(r"\s+", " ", text.replace("\\", ""))
    for row in analysis.segments(now).itertuples():
        words = re.sub(r"\s+", " ", row.text)
        if len(words.split()) > 6 and not any(words in said.replace("\\", "") for said in printed):
            assert words not in flat, row.ref
    assert not re.search(r"FG\d-P\d|IV\d-P\d", flat)


def test_row_23_every_sentence_of_the_kernblad_returns_subtheme_figure_and_fragments(study: Project, now: Snapshot, tmp_path: Path) -> None:
    from pypdf import PdfReader

    sentences = core(facts(now, "openbaar"))
    assert len(sentences) > 15
    for row in sentences.itertuples():
        traced = analysis.trace(now, row.ref)
        assert len(traced) == row.fragments > 0
        assert traced.loc[traced["counts"].astype(bool) & traced["document"].str.startswith("FG"), "document"].nunique() == row.groups
        assert row.topic in row.sentence
    (path,) = study.kernblad(tmp_path / "kern", profile="openbaar", formats=["pdf"]).paths
    assert len(PdfReader(path).pages) <= 2


def test_row_25_one_person_cannot_be_worked_out_of_any_published_table(now: Snapshot, reports: dict[str, str]) -> None:
    table = composition(now)
    gender = table[table["attribute"] == "geslacht"].set_index("value")
    assert gender.loc["non-binair", "shown"] == "<5"
    frame = suppressed(gender["n"])
    assert (frame.loc["non-binair", "low"], frame.loc["non-binair", "high"]) == (1, 4)
    # 58 - 28 - 28 would give the two away
    assert (gender["state"] == "printed").sum() == 1
    text = reports["openbaar"]
    assert re.search(r"non-binair \| \\?<5", text)
    assert not re.search(r"non-binair \| \d", text)


def test_row_26_the_stamp_names_data_codebook_and_software_and_builds_are_equal(now: Snapshot, out: Path, reports: dict[str, str]) -> None:
    first = reports["onderzoeker"]
    assert str(now.stamp) in first
    assert facts(now, "onderzoeker").book.fingerprint in first
    assert f"qualcode {qualcode.__version__}" in first
    assert markdown(now, out) == first


# B2: measures, scores, notes --------------------------------------------------------------------------


def test_row_27_a_score_without_grounds_is_never_final_and_none_is_proposed(own: Project) -> None:
    with pytest.raises(Refused, match="zonder score en onderbouwing"):
        own.record("score", department="MAV", period="2026-H2", measure="MN1", score="2", status="definitief")
    own.record("score", department="MAV", period="2026-H2", measure="MN1", score="2")
    card = measures.scorecard(own, department="MAV", period="2026-H2").set_index("measure")
    assert card.loc["MN1", "status"] == "concept"
    with pytest.raises(Refused, match="zonder score en onderbouwing"):
        own.amend("score", own.snapshot().scores["guid"].iloc[-1], status="definitief")
    # nothing is filled in for the other measures
    assert card.drop("MN1")["score"].isna().all()
    assert set(card.drop("MN1")["status"]) == {"niet ingevuld"}


def test_row_28_every_suggestion_is_linked_or_said_to_have_no_measure(now: Snapshot, own: Project) -> None:
    assert "niet gekoppeld" not in set(measures.coverage(now)["coverage"])
    assert measures.coverage(now).set_index("suggestion").loc["S16", "coverage"] == "geen"
    links = own.snapshot().links
    for guid in links.loc[links["suggestion"] == "S01", "guid"]:
        own.strike("link", guid)
    assert measures.coverage(own).set_index("suggestion").loc["S01", "coverage"] == "niet gekoppeld"
    with pytest.raises(Refused, match="ontbreekt"):
        own.record("link", suggestion="S01", measure="MH1", coverage="volledig")


def test_row_29_measures_without_an_indicator_are_listed(own: Project) -> None:
    assert len(measures.without_indicator(own)) == 27
    own.amend("measure", own.snapshot().measures["guid"].iloc[0], indicator="aantal keren uitgesproken", measurable="ja")
    assert "MN1" not in measures.without_indicator(own)


def test_row_30_empty_is_not_nought_and_the_difference_table_is_right(now: Snapshot) -> None:
    card = measures.scorecard(now).set_index(["department", "period", "measure"])
    assert card.loc[("MAV", "2025-H2", "MH7"), "status"] == "niet ingevuld"
    assert pd.isna(card.loc[("MAV", "2025-H2", "MH7"), "score"])
    assert card.loc[("MAV", "2025-H2", "MH3"), "score"] == "0"
    key = csv("maatregelen/scores.csv")
    wide = key.assign(shown=key["score"].where(key["score"] != "", key["status"])).pivot_table(
        index=["departement", "maatregel"], columns="periode", values="shown", aggfunc="first"
    )
    changed = wide[wide["2025-H2"] != wide["2026-H1"]]
    got = measures.score_changes(now, "2025-H2", "2026-H1").set_index(["department", "measure"])
    assert set(got.index) == set(changed.index)
    assert all(
        got.loc[at, "before"] == changed.loc[at, "2025-H2"] and got.loc[at, "after"] == changed.loc[at, "2026-H1"] for at in changed.index
    )


def test_row_31_the_same_scores_twice_give_nothing_and_one_change_gives_one_line(own: Project, tmp_path: Path) -> None:
    scores = csv("maatregelen/scores.csv").query("periode == '2026-H1'").drop(columns="opmerking")
    own.record("score", scores.assign(periode="2026-H2"))
    assert measures.score_changes(own, "2026-H1", "2026-H2").empty
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
    assert measures.score_changes(own, "2026-H1", "2026-H2")[["measure", "change"]].to_numpy().tolist() == [["MN1", "hoger"]]
    (path,) = own.period_report(tmp_path / "p", "2026-H2", formats=["md"]).paths
    assert "Gewijzigd sinds 2026-H1" in path.read_text(encoding="utf-8")


def test_row_32_a_fragment_with_two_grounds_counts_once_in_the_total(now: Snapshot) -> None:
    table = dimensions.overlap(now, "grond")
    pairs = table[(table["also"] != "") & (table["value"] != table["also"])]
    assert {("herkomst", "geloof"), ("huidskleur", "herkomst")} <= set(zip(pairs["value"], pairs["also"], strict=True))
    frame = analysis.counted(now)
    total = frame[frame["counts"] & frame["grond"].notna()]
    assert table.iloc[-1]["codings"] == len(total) == table.iloc[:-1]["codings"].sum()
    assert dimensions.by_dimension(now, "grond").iloc[:-1]["codings"].sum() > len(total)


def test_row_33_treatment_of_citizens_is_kept_left_out_and_counted_in_the_note(now: Snapshot, reports: dict[str, str]) -> None:
    frame = analysis.counted(now)
    outside = frame[frame["scope"] == "buiten"]
    assert len(outside) == 7
    assert not outside["counts"].any()
    assert "| buiten scope | 3 | 7 |" in reports["onderzoeker"]


def test_row_34_a_note_of_a_team_talk_is_never_a_focus_group(own: Project, out: Path) -> None:
    before = analysis.spread(own)
    own.import_documents(FOLDER / "notities" / "teamgesprek-1.md", kind="notitie")
    own.code("teamgesprek-1", text="een collega al jaren met een bijnaam aangesproken", code="E02", layer="consensus")
    pd.testing.assert_frame_equal(analysis.spread(own)[list(before.columns[:8])], before[list(before.columns[:8])])
    assert facts(own, "onderzoeker").session.groups == 9
    assert list(beside.other_sources(own, kind="notitie")["code"]) == ["E02"]
    assert "teamgesprek-1 | notitie" in markdown(own, out)


def test_row_35_the_route_of_an_event_is_in_order_and_missing_steps_stand_open(now: Snapshot) -> None:
    steps = dimensions.route(now, "IV3", event="1")
    assert list(dict.fromkeys(steps["step"])) == ["signaal", "aankaarten", "melding", "vervolg", "nazorg", "sanctie"]
    assert list(steps.loc[steps["state"] == "open", "step"]) == ["sanctie"]
    # the route of one event is for researchers: it leads to a person
    assert "| IV3, voorval 1 | ● | ● | ● | ● | ● | open |" in across.across(facts(now, "onderzoeker"))
    outside = across.across(facts(now, "openbaar"))
    assert "voorval 1" not in outside
    assert "| aankaarten | 12 van 13 |" in outside


def test_row_37_words_of_a_document_belong_to_no_participant(own: Project, tmp_path: Path, out: Path) -> None:
    (tmp_path / "rapport-rekenkamer.txt").write_text(
        "De melding bleef in alle gevallen zonder gevolg, aldus pagina 23.\n", encoding="utf-8"
    )
    own.import_documents(tmp_path / "rapport-rekenkamer.txt", kind="document")
    own.code("rapport-rekenkamer", text="De melding bleef in alle gevallen zonder gevolg", code="O15", layer="consensus")
    (ref,) = analysis.segments(own).query("document == 'rapport-rekenkamer'")["ref"]
    write(out, "OC.md", f"{{{{citaat:{ref}}}}}\n")
    text = markdown(own, out, "openbaar")
    assert re.search(r"zonder gevolg” \(rapport-rekenkamer\)", text)
    assert pd.isna(analysis.trace(own, ref)["speaker"].replace("", pd.NA).iloc[0])


def test_row_38_three_complaints_are_not_printed_and_the_total_does_not_tell(now: Snapshot, reports: dict[str, str]) -> None:
    table = beside.complaints(now).set_index("category")
    assert list(table["shown"]) == ["12", "<5", "0", "niet opgegeven", "–"]
    text = reports["openbaar"]
    assert "| bejegening door een leidinggevende | \\<5 |" in text or "| bejegening door een leidinggevende | <5 |" in text
    assert "| totaal | 15 |" not in text


def test_row_39_a_comparison_without_a_source_is_refused(own: Project) -> None:
    before = len(own.snapshot().comparisons)
    with pytest.raises(Refused, match="Rij 4"):
        own.record("comparison", FOLDER / "vergelijkingen.csv")
    assert len(own.snapshot().comparisons) == before == 3


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
    quotes = [r.ref for r in segments.itertuples() if any(words in r.text for words in spoken)][:8]
    assert quotes
    write(out, "EB.md", "\n\n".join(f"{{{{citaat:{ref}}}}}" for ref in quotes) + "\n")
    built = build(own, out, profile="openbaar", formats=("docx", "odt", "html", "pdf", "md"))
    assert "gelakt: persoonsgegevens" in (out / "rapport-openbaar.md").read_text(encoding="utf-8")
    for path in [*built.paths, *(out / "gegenereerd").iterdir()]:
        held = bytes_of(path)
        for words in spoken:
            assert words not in held, path.name
        assert "T. de Wilde" not in held
        assert "Ronnie" not in path.name


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
    first = markdown(own, out)
    frozen = own.freeze(tmp_path / "bevroren.zip", out=out)
    before = frozen.read_bytes()
    own.code("FG1", turn=30, code="E07")
    assert own.freeze(tmp_path / "later.zip", out=out).read_bytes() != before
    held = thaw(frozen)
    assert markdown(held.snapshot, held.lay_out(tmp_path / "terug")) == first
    assert frozen.read_bytes() == before


def test_row_42_the_manifest_lists_every_file_with_its_checksum(own: Project, tmp_path: Path) -> None:
    import hashlib

    made = own.release(tmp_path / "bundel", "L3")
    listed = set(made.manifest["file"]) | {"manifest.csv"}
    assert {str(path.relative_to(made.folder)) for path in made.folder.rglob("*") if path.is_file()} == listed
    for row in made.manifest.itertuples():
        assert hashlib.sha256((made.folder / row.file).read_bytes()).hexdigest() == row.sha256
        assert row.description


def test_row_43_a_question_in_two_wordings_shows_both_and_the_difference(own: Project, out: Path) -> None:
    own.record(
        "question",
        text="Welke ervaringen hebben medewerkers met racisme op de werkvloer?",
        source="B3",
        version="B3",
        position=1,
        codes="E",
    )
    frame = inquiry.wordings(own)
    assert list(frame.loc[frame["position"] == 1, "version"].fillna("")) == ["", "B3"]
    text = markdown(own, out)
    assert "~~het werk?~~ **de werkvloer?**" in text
    guid = inquiry.questions(own)["guid"].iloc[1]
    own.amend("question", guid, text="Is er goede opvolging gegeven?")
    assert len(inquiry.wordings(own)) == 6


# B4: questions about the method -----------------------------------------------------------------------


def test_row_44_fg6_counts_for_o12_only_after_a_leading_question(now: Snapshot) -> None:
    row = row_of(analysis.spread(now), "O12")
    assert (row["groups"], row["groups_n"], row["leading"]) == (4, 9, ["FG6"])
    assert "in nog één groep alleen na een sturende vraag" in sentence(now, "O12")
    assert attention.led(now)["coded_as_led"].all()


def test_row_45_a_definitive_report_stops_on_an_empty_reflection(own: Project, out: Path) -> None:
    own.agree(out)
    (out / "teksten" / "reflectie.md").unlink()
    with pytest.raises(Refused, match=r"teksten/reflectie\.md: Er is nog niets geschreven"):
        build(own, out, formats=("md",), definitive=True)
    assert not (out / "rapport-onderzoeker.md").exists()


def test_row_45_a_definitive_report_is_built_when_nothing_is_open(own: Project, out: Path) -> None:
    own.agree(out)
    text = markdown(own, out, definitive=True)
    assert "| Status | definitief |" in text


def test_row_46_planted_contradictions_are_found_and_an_empty_search_says_so(now: Snapshot, reports: dict[str, str]) -> None:
    register = analysis.counter_voices(now)
    found = register[register["outcome"] == "aangetroffen"]
    assert {"FG3", "IV3"} <= set(found.loc[found["subtheme"] == "OB", "document"])
    assert {"FG8", "FG6"} <= set(found.loc[found["code"] == "S09", "document"])
    assert re.search(r"Gezocht in alle sessies; .*, niet aangetroffen", reports["onderzoeker"])


def test_row_47_open_answers_are_coded_with_the_same_codebook_and_stand_apart(own: Project, out: Path) -> None:
    before = analysis.spread(own)["groups"].tolist()
    own.import_documents(FOLDER / "open-antwoorden.csv", kind="open_antwoorden")
    answers = csv("open-antwoorden-codings.csv")
    for row in answers.itertuples():
        own.code("open-antwoorden", text=row.text, code=row.code, layer="consensus", stelling=row.stelling, ervaring=row.ervaring)
    table = beside.other_sources(own)
    assert table["answers"].sum() > 20
    assert analysis.spread(own)["groups"].tolist() == before
    assert "Open antwoorden, een bron apart" in markdown(own, out)


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
    reviewer = Project.open(out.parent / "eigen.qualcode", coder="carla")
    reviewer.review(guid, "change", "waar blijft P6?")
    reviewer.close()
    own.refresh()
    text = markdown(own, out)
    assert "Opmerkingen van de supervisor: 1; nog open: 1." in text
    assert "waar blijft P6?" in text
    assert "waar blijft P6?" not in markdown(own, out, "openbaar")
    own.settle(own.snapshot().reviews["guid"].iloc[0], "aangevuld")
    assert "Opmerkingen van de supervisor: 1; nog open: 0." in markdown(own, out)


def test_row_50_planned_against_attended_and_small_numbers_suppressed(now: Snapshot, own: Project, reports: dict[str, str]) -> None:
    table = planned(now).set_index("organisation")
    assert (table.loc["inspectie", "planned"], table.loc["inspectie", "attended"], table.loc["inspectie", "shown"]) == (13, 11, "11")
    assert "| inspectie | 13 | 11 |" in reports["onderzoeker"]
    log = own.snapshot().recruitments
    guid = log.loc[(log["organisation"] == "inspectie") & log["step"].str.startswith("deelname"), "guid"].iloc[0]
    own.amend("recruitment", guid, number=3)
    small = planned(own).set_index("organisation")
    assert small.loc["inspectie", "shown"] == "<5"
    assert (small["state"] != "printed").sum() == 2


def test_row_51_a_third_of_all_civil_servants_is_flagged(reports: dict[str, str]) -> None:
    found = lint("Een derde van de rijksambtenaren maakt dit mee.", {})
    assert [f.rule for f in found] == ["fraction", "general"]
    assert "niet hoe vaak het buiten deze groepen voorkomt" in re.sub(r"\s+", " ", reports["onderzoeker"])


def test_row_52_o14_rests_on_one_participant_and_is_flagged(now: Snapshot, out: Path, reports: dict[str, str]) -> None:
    row = row_of(leaving_out.carried(now), "O14")
    assert (row["participant"], row["fragments"], row["of"], row["dominates"]) == ("FG2-P3", 9, 12, True)
    left = leaving_out.leaving_out(now)
    without = left[(left["code"] == "O14") & (left["without"] == "FG2-P3")].iloc[0]
    assert (without["groups"], without["groups_without"], without["changes"]) == (2, 1, True)
    assert "O14 Onoverzichtelijke voorzieningen: meer dan de helft van de fragmenten komt van FG2-P3" in reports["onderzoeker"]
    # every finding was left out of every session and person it rests on
    counted = analysis.spread(now).query("groups + interviews > 0")
    assert set(counted["code"]) <= set(left["code"])


def test_row_53_l2_and_l3_hold_no_words_and_l1_needs_a_decision(own: Project, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Leg eerst vast wie"):
        own.release(tmp_path / "l1", "L1")
    own.release(tmp_path / "l1", "L1", decision="stuurgroep 1 juni: archief, beperkt")
    for level in ("L2", "L3"):
        made = own.release(tmp_path / level, level)
        held = "\n".join(path.read_text(encoding="utf-8") for path in made.folder.rglob("*") if path.suffix in {".csv", ".md"})
        assert not re.search(r"FG\d-P\d|\bR\d\b", held)
        for words in planted()["text"]:
            assert words not in held
        assert not any(text in held for text in analysis.counted(own)["text"] if len(text.split()) > 5)
    assert list(own.snapshot().releases["level"]) == ["L1", "L2", "L3"]


def test_row_54_no_public_function_returns_a_p_value_and_the_reason_is_printed(now: Snapshot) -> None:
    for module in walk_packages(qualcode.__path__, "qualcode."):
        if any(part in module.name for part in ("migrations", "widgets", "__main__")):
            continue
        for name, function in inspect.getmembers(import_module(module.name), inspect.isfunction):
            if not name.startswith("_") and function.__module__ == module.name:
                returns = (function.__doc__ or "").partition("Returns")[2].casefold()
                assert not re.search(r"\bp[-_ ]?val", f"{name} {returns}"), f"{module.name}.{name}"
    assert "Er zijn geen toetsen of p-waarden berekend" in asked(facts(now, "onderzoeker"))


def test_row_55_every_item_of_the_account_is_answered_or_said_to_be_unknown(own: Project) -> None:
    held = facts(own, "onderzoeker")
    coreq, srqr = items(held, COREQ), items(held, SRQR)
    assert (len(coreq), len(srqr)) == (32, 21)
    assert all(answer.strip() for answer in (*coreq.values(), *srqr.values()))
    assert coreq["3"] == not_recorded()
    assert "58 deelnemers" in coreq["12"]
    own.record("answer", template="COREQ", item="3", answer="onderzoeker en gedragswetenschapper")
    assert items(facts(own, "onderzoeker"), COREQ)["3"] == "onderzoeker en gedragswetenschapper"


def test_row_56_without_a_log_the_questions_are_not_answered(now: Snapshot) -> None:
    with_log = asked(facts(now, "onderzoeker"))
    bare = asked(facts(Snapshot(now.tables, now.texts, now.stamp), "onderzoeker"))
    assert with_log.count(not_recorded()) < 6
    # what is left is why there are no tests: no log is needed to know that
    assert bare.count(not_recorded()) == 12 - 1 + 1
    assert "keer is vastgelegd waar naar tegengeluid is gezocht" in with_log


def test_row_57_what_is_told_in_the_same_sessions_without_a_cause(now: Snapshot, reports: dict[str, str]) -> None:
    table = cooccurrence.cooccurrence(now, "E05").set_index("with")
    assert set(table.loc["E06", "both"]) == {"FG6"}
    assert not {"E05", "EA", "E"} & set(table.index)
    assert "| Minder tastbaar | Omstanders (9 van 9); Reactie na aankaarten (9 van 9);" in reports["openbaar"]
    own = "\n".join(path.read_text(encoding="utf-8") for path in _generated(Path(reports["map"])))
    assert [f.words for f in lint(own, {}) if f.rule == "causal"] == []


def _generated(out: Path) -> list[Path]:
    # fragments and the codebook hold other people's words
    return [
        path
        for path in sorted((out / "gegenereerd").iterdir())
        if not path.stem.startswith(("bijlage-codeboek", "bijlage-herkomst", "bijlage-b"))
    ]


def test_row_58_assessor_and_owner_are_not_the_same_and_two_scores_show_their_difference(own: Project, tmp_path: Path) -> None:
    card = measures.scorecard(own)
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
    row = measures.scorecard(own, department="MAV", period="2026-H1").set_index("measure").loc["MN3"]
    assert (row["score"], row["second"], row["second_assessor"], row["difference"]) == ("2", "1", "panel", True)
    (path,) = own.period_report(tmp_path / "p", "2026-H1", formats=["md"]).paths
    text = path.read_text(encoding="utf-8")
    assert "MAV, MN3: beoordelaar en eigenaar zijn dezelfde" in text
    assert "de beoordelaars verschillen (2 en 1; tweede: panel)" in text


def test_row_59_no_data_is_something_else_than_a_low_score(now: Snapshot, study: Project, tmp_path: Path) -> None:
    card = measures.scorecard(now)
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


def test_row_60_norm_culture_follow_up_and_careers_have_codes_and_measures(own: Project) -> None:
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


def test_row_61_another_frame_shows_the_same_links(now: Snapshot, reports: dict[str, str]) -> None:
    table = measures.framed(now, "BZ 3(+1) sporen").set_index("track")
    assert table.loc["spoor 1", "measures"] == ["MN1", "MN2", "MN3", "MH5", "MH6"]
    assert table.loc["spoor 3", "suggestions"] == ["S13", "S15"]
    assert "MH1" in table.loc["niet in dit kader", "measures"]
    every = [one for held in table["measures"] for one in held]
    assert set(every) == set(now.measures["id"])
    assert "Dezelfde maatregelen in een ander raam: BZ 3(+1) sporen" in reports["openbaar"].replace("\\", "")


def test_row_62_the_state_on_any_date_can_be_had(own: Project) -> None:
    own.codebook.edit("E07", definition="Scherper.")
    own.amend("measure", own.snapshot().measures["guid"].iloc[0], name="anders")
    then = as_of(own, "2025-12-31")
    assert then.measures["name"].iloc[0] == "norm van non-discriminatie door top en bestuur uitdragen"
    assert then.codes.set_index("id").loc["E07", "definition"] != "Scherper."
    assert len(as_of(own, "2020-01-01").measures) == 0
    pd.testing.assert_frame_equal(as_of(own, "2999-01-01").measures, own.snapshot().measures, check_dtype=False)


def test_row_63_managers_and_what_works_are_separable(now: Snapshot) -> None:
    table = dimensions.by_attribute(now, "rol")
    managers = table[(table["value"] == "leidinggevende") & (table["code"] == "O")].iloc[0]
    assert managers["sessions"] == ["FG3", "FG7"]
    assert set(table.loc[table["value"] == "vertrouwenspersoon", "state"]) == {"few"}
    works = dimensions.by_dimension(now, "werkt").set_index("value")
    assert "IV3" in works.loc["wel", "sessions"]
    assert "| leidinggevende | Suggesties | 1 | 0 | FG3 |" in across.across(facts(now, "onderzoeker"))
    # whoever is not in the list of the others would be the one person in the role that is too small to show
    assert "leidinggevende | Suggesties" not in across.across(facts(now, "openbaar"))


def test_row_64_goals_without_a_measure_are_listed(now: Snapshot) -> None:
    table = measures.goals(now).set_index("goal")
    assert table.loc["D1", "lacks"] == ["maatregel"]
    assert all(table.loc[goal, "lacks"] == [] for goal in ("D2", "D3", "D4", "D5", "D6"))


def test_row_65_a_class_of_one_is_never_printed(now: Snapshot, reports: dict[str, str]) -> None:
    table = composition(now)
    assert "printed" not in set(table.loc[table["attribute"] == "standplaats", "state"])
    text = reports["openbaar"]
    assert "Standplaats]{#h-standplaats}: niet getoond" in text
    assert "buitenland" not in text


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
