"""The sample study is what its answer key says: spread, patterns, planted words, and talk that nobody copied."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from qualcode import analysis
from qualcode.analysis.agreement import agreement
from qualcode.importers import documents, read
from qualcode.project import Project
from qualcode.report.wording import term
from qualcode.sample import FAST, make_sample, sample_folder

FOLDER = sample_folder()
ORDER = list(documents(FOLDER / "documents.csv")["name"])
GROUPS = [name for name in ORDER if name.startswith("FG")]


def csv(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_sample(tmp_path_factory.mktemp("voorbeeld") / "v.qualcode")


@pytest.fixture(scope="module")
def counted(study: Project) -> pd.DataFrame:
    return analysis.counted(study)


@pytest.fixture(scope="module")
def spread(study: Project) -> pd.DataFrame:
    return analysis.spread(study).set_index("code")


@pytest.fixture(scope="module")
def turns(study: Project) -> pd.DataFrame:
    return analysis.turns(study)


def status(study: Project, code: str, session: str, level: str = "code") -> pd.Series:
    table = analysis.status(study, level=level)
    return table[(table["code"] == code) & (table["document"] == session)].iloc[0]


# 1. the coding gives the table it was designed to give ------------------------------------------------


def test_the_sessions_are_nine_groups_and_four_interviews_with_58_people(study: Project) -> None:
    now = study.snapshot()
    assert Counter(now.documents["kind"]) == {"focusgroep": 9, "interview": 4}
    assert len(now.participants) == 58


def test_voices_per_session_are_those_of_the_key(counted: pd.DataFrame) -> None:
    reasons = {
        "van horen zeggen": "van horen zeggen",
        "na sturende vraag": "sturende vraag",
        "nuanceert": "nuanceert",
        "weerspreekt": "weerspreekt",
    }
    sort = counted["why_not"].map(reasons).where(~counted["counts"], "steun")
    found = counted.assign(sort=sort).dropna(subset=["sort"]).groupby(["code", "document", "sort"])["participant"].nunique()
    got = {key: int(n) for key, n in found.items()}
    # who supports a code is not listed again for hearsay or after a leading question
    key = csv("sleutel-spreiding.csv")
    wanted = {(r.code, r.sessie, r.soort): int(r.stemmen) for r in key.itertuples()}
    assert {k: (n, got.get(k)) for k, n in wanted.items() if got.get(k) != n} == {}
    assert {k for k in got if k[2] == "steun"} == {k for k in wanted if k[2] == "steun"}


def test_spread_is_the_target_table(spread: pd.DataFrame) -> None:
    target = csv("sleutel-tellingen.csv").set_index("code")
    got = spread.loc[target.index, ["groups", "groups_n", "interviews"]].astype(int).astype(str)
    assert (got.to_numpy() == target[["focusgroepen", "van", "interviews"]].to_numpy()).all(), got[
        (got.to_numpy() != target[["focusgroepen", "van", "interviews"]].to_numpy()).any(axis=1)
    ]


def test_subthemes_count_a_session_once(study: Project) -> None:
    table = analysis.spread(study, level="subtheme").set_index("code")
    wanted = {
        "EA": (6, 4),
        "EB": (9, 4),
        "EC": (8, 2),
        "ED": (7, 3),
        "OA": (9, 3),
        "OC": (7, 3),
        "GA": (7, 3),
        "GB": (6, 3),
        "GC": (7, 3),
        "GD": (3, 3),
    }
    wanted |= {"SA": (8, 3), "SB": (5, 1), "SC": (5, 2), "SD": (4, 2)}
    assert {code: (int(table.loc[code, "groups"]), int(table.loc[code, "interviews"])) for code in wanted} == wanted


# 2. patterns ------------------------------------------------------------------------------------------


def test_p01_underestimation_is_broad(spread: pd.DataFrame) -> None:
    row = spread.loc["E07"]
    assert (int(row["groups"]), int(row["groups_n"]), int(row["interviews"]), row["term"]) == (8, 9, 3, "vrijwel alle")
    assert "FG2" not in row["sessions"]


def test_p02_fragments_say_the_opposite_of_groups(study: Project, counted: pd.DataFrame) -> None:
    subthemes = analysis.spread(study, level="subtheme").set_index("code")
    overt, subtle = counted["code"].isin([f"E0{n}" for n in range(1, 6)]), counted["code"].isin([f"E0{n}" for n in range(6, 10)])
    assert overt.sum() > subtle.sum()
    assert (overt & (counted["document"] == "FG2")).sum() == 46
    assert subthemes.loc["EA", "groups"] < subthemes.loc["EB", "groups"]


def test_p03_one_voice_makes_most_fragments_of_o14(counted: pd.DataFrame, spread: pd.DataFrame) -> None:
    rows = counted[(counted["code"] == "O14") & counted["counts"]]
    assert (rows["participant"] == "FG2-P3").sum() == 9
    assert (rows["participant"] == "FG2-P3").mean() > 0.5
    assert (int(spread.loc["O14", "groups"]), int(spread.loc["O14", "groups_n"]), spread.loc["O14", "term"]) == (2, 3, "twee van de drie")


def test_p04_good_follow_up_stands_beside_the_rest(spread: pd.DataFrame) -> None:
    assert set(spread.loc["O09", "sessions"]) == {"FG3", "FG5", "IV3"}
    assert set(spread.loc["O10", "sessions"]) == {"FG5", "FG8", "IV3"}


def test_p05_the_managers_are_divided(study: Project, counted: pd.DataFrame) -> None:
    assert status(study, "O08", "FG3")["status"] == "verdeeld"
    rows = counted[(counted["code"] == "O08") & (counted["document"] == "FG3")]
    assert set(rows.loc[rows["counts"], "participant"]) == {"FG3-P1", "FG3-P3", "FG3-P4"}
    assert set(rows.loc[rows["why_not"] == "weerspreekt", "participant"]) == {"FG3-P2", "FG3-P6"}


def test_p06_both_sides_of_a_contested_suggestion(spread: pd.DataFrame) -> None:
    row = spread.loc["S09"]
    assert (int(row["groups"]), int(row["groups_n"])) == (4, 8)
    assert (row["contested"], row["nuanced"]) == (["FG8"], ["FG6"])


def test_p07_execution_and_supervision_differ_from_ministry_and_high_scales(spread: pd.DataFrame, counted: pd.DataFrame) -> None:
    assert set(spread.loc["E05", "sessions"]) == {"FG2", "FG6", "IV4"}
    assert set(spread.loc["E15", "sessions"]) == {"FG1", "FG3", "FG4", "FG7", "IV1", "IV2"}
    rows = counted[(counted["code"] == "E15") & (counted["document"] == "FG7") & counted["counts"]]
    assert rows["participant"].nunique() == 5


def test_p08_suggestions_were_not_raised_in_fg7(spread: pd.DataFrame) -> None:
    row = spread.loc["S01"]
    assert (int(row["groups"]), int(row["groups_n"]), row["term"]) == (8, 8, "alle")
    assert row["not_raised"] == ["FG7"]


def test_p09_denied_is_not_the_same_as_not_named(study: Project) -> None:
    assert status(study, "O14", "FG8")["status"] == "niet herkend"


def test_p10_answers_after_a_leading_question_stand_apart(spread: pd.DataFrame) -> None:
    row = spread.loc["O12"]
    assert (int(row["groups"]), row["leading"]) == (4, ["FG6"])


def test_p11_the_latest_stance_counts_and_both_are_shown(counted: pd.DataFrame, study: Project) -> None:
    rows = counted[(counted["code"] == "E07") & (counted["participant"] == "FG1-P6")]
    assert list(rows["counts"]) == [False, True]
    assert list(rows["stelling"]) == ["weerspreekt", "bevestigt"]
    assert status(study, "E07", "FG1")["contested"] == 0
    assert (study.snapshot().interactions["interaction"] == "I9").any()


def test_p12_silence_and_nods_are_no_voice(study: Project, counted: pd.DataFrame, turns: pd.DataFrame) -> None:
    assert (turns["participant"] == "FG4-P5").sum() == 4
    assert not (counted["participant"] == "FG4-P5").any()
    row = analysis.participation(study).set_index("participant").loc["FG4-P5"]
    assert row["share"] < 0.05
    assert row["coded"] == 0


def test_p13_insult_blocked_laughed_away_in_one_event(counted: pd.DataFrame) -> None:
    chains = counted[counted["code"].isin(["E01", "G01", "O03"]) & counted["voorval"].notna()]
    found = chains.groupby(["document", "voorval"])["code"].agg(set)
    assert {document for (document, _), codes in found.items() if codes == {"E01", "G01", "O03"}} == {"FG2", "FG5"}


def test_p14_illness_is_a_single_voice_wherever_it_is_told(counted: pd.DataFrame) -> None:
    rows = counted[(counted["code"] == "G05") & counted["counts"]]
    assert rows.groupby("document")["participant"].nunique().to_dict() == {"FG4": 1, "FG7": 1, "IV1": 1}


def test_p15_fighting_spirit_lives_in_the_youngest_group(counted: pd.DataFrame, spread: pd.DataFrame) -> None:
    rows = counted[(counted["code"] == "G11") & counted["counts"]]
    assert rows.groupby("document")["participant"].nunique().to_dict() == {"FG3": 1, "FG8": 5, "IV3": 1}
    assert spread.loc["G11", "term"] == term(2, 9) == "twee van de negen"
    assert set(spread.loc["G03", "sessions"]) == {"FG8", "IV3"}


def test_p16_hearsay_stands_apart(spread: pd.DataFrame) -> None:
    row = spread.loc["E14"]
    assert (int(row["groups"]), int(row["groups_n"]), sorted(row["hearsay"])) == (3, 9, ["FG5", "FG6"])


def test_p17_treatment_of_citizens_is_out_of_spread_and_listed(counted: pd.DataFrame) -> None:
    rows = counted[counted["scope"] == "buiten"]
    assert rows.groupby("document").size().to_dict() == {"FG2": 1, "FG6": 4, "IV4": 2}
    assert not rows["counts"].any()


def test_p18_three_themes_outside_the_codebook_are_there_to_be_found() -> None:
    key = csv("sleutel.csv")
    sizes, sessions = key.groupby("id").size(), key.groupby("id")["document"].agg(set)
    assert (sizes["T1"] >= 14, sizes["T2"] >= 10, sizes["T3"] >= 12) == (True, True, True)
    assert (sessions["T1"], sessions["T2"], sessions["T3"]) == (
        {"FG1", "FG4", "FG8", "IV2"},
        {"FG8", "FG9", "IV2"},
        {"FG2", "FG5", "FG7", "FG8"},
    )


def test_p19_new_codes_dry_up_as_designed(counted: pd.DataFrame) -> None:
    seen: set[str] = set()
    fresh = []
    for session in ORDER:
        codes = set(counted.loc[counted["document"] == session, "code"])
        fresh.append(len(codes - seen))
        seen |= codes
    assert fresh == [22, 11, 6, 5, 3, 3, 2, 1, 1, 2, 1, 1, 1]


def test_p20_a_code_nobody_used_and_a_suggestion_without_a_code(spread: pd.DataFrame) -> None:
    assert spread.loc["S13", "working_number"] == 0
    assert set(csv("sleutel.csv").query("id == 'S16'")["document"]) >= {"FG4"}
    assert (spread["working_number"] == 0).sum() == 1


def test_p21_an_account_of_2011_is_outside_the_period(counted: pd.DataFrame) -> None:
    rows = counted[counted["periode"] == "vóór"]
    assert set(rows["participant"]) == {"FG3-P2"}
    assert not rows["counts"].any()


def test_p22_irony_is_marked_and_never_counted_as_praise(counted: pd.DataFrame) -> None:
    rows = counted[counted["ironie"] == "ja"]
    assert {"FG2", "FG9"} <= set(rows["document"])
    assert not rows["code"].isin(["O04", "O09", "O10"]).any()


# 3. words ---------------------------------------------------------------------------------------------


def test_every_planted_fragment_stands_once_in_its_session(study: Project) -> None:
    now = study.snapshot()
    key = csv("sleutel.csv")
    planted = key[key["id"].str.fullmatch(r"[KV]\d\d|T\d|S16|P\d\d") & (key["text"] != "")]
    texts = {name: re.sub(r"\s+", " ", now.text(guid).replace("’", "'")) for name, guid in now.document_names.items()}
    many = {
        (row.id, row.document): n for row in planted.itertuples() if (n := texts[row.document].count(re.sub(r"\s+", " ", row.text))) != 1
    }
    assert many == {}
    assert {f"K{n:02}" for n in range(1, 39)} <= set(key["id"])
    assert {f"V{n:02}" for n in range(1, 13)} <= set(key["id"])


def test_no_sentence_of_eight_words_stands_in_two_sessions(turns: pd.DataFrame) -> None:
    where: dict[str, set[str]] = {}
    for row in turns.itertuples():
        for sentence in re.split(r"[.!?…—]+", row.text.lower()):
            words = re.findall(r"[\w'’-]+", sentence)
            for at in range(len(words) - 7):
                where.setdefault(" ".join(words[at : at + 8]), set()).add(row.document)
    assert {run: sessions for run, sessions in where.items() if len(sessions) > 1} == {}


def test_sizes_and_shares_are_those_of_real_sessions(study: Project, turns: pd.DataFrame) -> None:
    for name in ORDER:
        own = turns[turns["document"] == name]
        group = name in GROUPS
        assert (140 <= len(own) <= 192) if group else (60 <= len(own) <= 92), name
        assert (4300 <= own["words"].sum() <= 6700) if group else (2900 <= own["words"].sum() <= 4100), name
        if group:
            assert 0.15 <= (own["role"] == "moderator").mean() <= 0.30, name
    shares = analysis.participation(study).query("role == 'deelnemer'").set_index("participant")["share"]
    assert 0.38 <= shares["FG2-P3"] <= 0.44
    assert (analysis.participation(study)["turns"] > 0).all()


def test_every_theme_is_carried_by_several_backgrounds(study: Project, counted: pd.DataFrame) -> None:
    people = study.snapshot().participants.set_index("name")["attributes"]
    background = people.map(lambda attributes: attributes["achtergrond"].split(" | ")[0])
    for theme in "EOGS":
        voices = counted[counted["code"].str.startswith(theme) & counted["counts"]]["participant"].unique()
        assert background.loc[voices].nunique() >= 3


@pytest.mark.parametrize("file", list(documents(FOLDER / "documents.csv")["file"]))
def test_a_transcript_imports_without_hand_work_and_keeps_its_words(file: str, study: Project) -> None:
    reading = read(FOLDER / file)
    starts, ends = reading.turns.start, reading.turns.end
    assert all(a < b for a, b in zip(starts, ends, strict=True))
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    register = csv("participants.csv")
    name = dict(zip(csv("documents.csv")["file"], csv("documents.csv")["name"], strict=True))[file]
    assert set(reading.speakers["label"]) == set(register.loc[register["document"] == name, "label"])
    assert name in study.snapshot().document_names


def test_every_file_says_that_it_is_invented() -> None:
    for path in sorted(FOLDER.rglob("*")):
        if not path.is_file() or path.suffix == ".csv":
            continue
        if path.suffix == ".docx":
            from docx import Document

            document = Document(str(path))
            text = "\n".join(p.text for p in (*document.paragraphs, *document.sections[0].header.paragraphs))
        else:
            text = path.read_text(encoding="utf-8")
        assert "Synthetische data" in text or "ynthetisch" in text or path.parent.name == "teksten", path.name


def test_a_telling_file_name_never_names_a_document(study: Project) -> None:
    assert "FG2_team-Ronnie_Zevenaar.docx" in list(csv("documents.csv")["file"])
    assert set(study.snapshot().document_names) == set(ORDER)


def test_the_fast_subset_is_the_same_study_in_small(tmp_path: Path) -> None:
    small = make_sample(tmp_path / "klein.qualcode", sessions=FAST)
    assert list(small.snapshot().document_names) == list(FAST)
    small.close()


# 4. two coders, and what lies beside the groups ---------------------------------------------------------


def test_two_coders_differ_in_the_ways_and_amounts_of_the_key() -> None:
    table = pd.read_csv(FOLDER / "codings" / "verschillen.csv", dtype=str, keep_default_na=False)
    first, second = (table[table["round"] == layer] for layer in ("ronde-1", "ronde-2"))
    pairs = {"E10/E11": 6, "O05/O06": 6, "E07/E08": 3, "O07/O12": 3, "G01/G02": 3, "O03/O06": 3, "E01/E02": 2, "S08/S11": 2}
    assert {pair: int((first["kind"] == pair).sum()) for pair in pairs} == pairs
    assert int(second["kind"].isin(list(pairs)).sum()) == 8
    assert set(table["coder"]) == {"anouk", "bart"}


def test_what_coders_may_not_do_is_refused_and_named(tmp_path: Path) -> None:
    study = make_sample(tmp_path / "v.qualcode", sessions=["FG2", "FG5", "IV3"])
    done = study.import_codings(FOLDER / "codings" / "bart-ronde-1.csv")
    assert not done.written
    assert int(done.problems["blocking"].sum()) == 8  # six subthemes used as a code, two moderators' turns
    assert study.import_codings(FOLDER / "codings" / "bart-ronde-2.csv").written
    study.close()


def test_the_second_round_imports_and_its_codings_are_found(tmp_path: Path) -> None:
    study = make_sample(tmp_path / "v.qualcode", sessions=["IV1"])
    folder = FOLDER / "ronde-2"
    files = [folder / name for name in documents(folder / "documents.csv")["file"]]
    study.import_documents(files, documents=folder / "documents.csv", participants=folder / "participants.csv")
    assert study.snapshot().documents["kind"].tolist() == ["interview", "focusgroep", "focusgroep", "interview"]
    study.codebook.add("E17", "Naam verkeerd of verwisseld", parent="EB")
    study.codebook.add("S16", "Eigen netwerk of ontmoetingsplek", parent="SC")
    study.codebook.add("E18", "Genegeerd of buitengesloten", parent="EC")
    done = study.import_codings(folder / "consensus.csv")
    assert done.written, list(done.problems["sentence"])
    study.close()


def test_tables_beside_the_groups_hold_their_planted_cases() -> None:
    answers = csv("open-antwoorden.csv")
    assert len(answers) == 40
    assert (answers["antwoord"].str.strip().str.lower().isin(["", "nvt", "n.v.t.", "nvt."])).sum() >= 3
    complaints = pd.read_csv(FOLDER / "klachten.csv", dtype=str, keep_default_na=False)
    assert {"3", "12", "0", ""} <= set(complaints["aantal"])
    scores = csv("maatregelen/scores.csv")
    assert len(scores) == 2 * 2 * 27
    assert (scores["status"] == "geen gegevens").sum() == 1
    assert (scores["beoordelaar"].ne("") & (scores["beoordelaar"] == scores["eigenaar"])).sum() == 1
    assert len(csv("maatregelen/maatregelen.csv")) == 27
    links = csv("maatregelen/koppelingen.csv")
    assert set(links["dekking"]) <= {"volledig", "deels", "raakt aan", "geen"}


def words_of(path: Path) -> str:
    """Return the words that stand in a file, read another way than the importers do."""
    if path.suffix == ".docx":
        from docx import Document

        document = Document(str(path))
        cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
        return " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        return " ".join(pd.read_csv(path, dtype=str, keep_default_na=False)["tekst"])
    return re.sub(r"</?v[^>]*>", "", text) if path.suffix == ".vtt" else text


@pytest.mark.parametrize("file", list(documents(FOLDER / "documents.csv")["file"]))
def test_the_words_of_a_file_are_all_kept_and_none_is_added(file: str) -> None:
    reading = read(FOLDER / file)
    word = re.compile(r"[^\W\d]+")  # figures may be times, which are kept beside the words
    inside = Counter(word.findall(words_of(FOLDER / file)))
    spoken = Counter(
        w for start, end in zip(reading.turns.start, reading.turns.end, strict=True) for w in word.findall(reading.text[start:end])
    )
    labels = Counter(w for label in reading.turns.label if label for w in word.findall(label))
    assert spoken - inside == Counter()
    assert sum((inside - spoken - labels).values()) < 60  # title, notice, page marks


@pytest.mark.parametrize(
    ("layer", "level", "jaccard"),
    [
        ("ronde-1", "theme", 0.896),
        ("ronde-1", "subtheme", 0.856),
        ("ronde-1", "code", 0.763),
        ("ronde-2", "theme", 0.954),
        ("ronde-2", "subtheme", 0.936),
        ("ronde-2", "code", 0.909),
    ],
)
def test_the_two_coders_agree_as_far_as_they_did_when_their_work_was_frozen(study: Project, layer: str, level: str, jaccard: float) -> None:
    table = agreement(study, coders=["anouk", "bart"], layer=layer, level=level)
    over_all = table[table["code"].isna() & table["document"].isna()].set_index("coefficient")["value"]
    assert over_all["alpha_jaccard"] == pytest.approx(jaccard, abs=0.0006)


def test_confusable_codes_agree_least_in_the_first_round(study: Project) -> None:
    table = agreement(study, coders=["anouk", "bart"], layer="ronde-1", level="code")
    kappa = table[table["document"].isna() & (table["coefficient"] == "cohen_kappa")].set_index("code")["value"]
    assert {code: round(float(kappa[code]), 3) for code in ("E10", "E11", "O06")} == {"E10": 0.212, "E11": 0.242, "O06": 0.322}
    few = table[table["reason"].fillna("").str.startswith("Te weinig waarnemingen")]
    assert few["code"].nunique() >= 3
    assert few["value"].isna().all()
