"""Moving in from Taguette, from QualCoder and from a spreadsheet, each with the same report."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from exchanges import QUALCODER, TAGUETTE, database, empty_study
from qualcode import Project, QualcodeError
from qualcode.errors import BadFile

HTML = "\n<h1>Gesprek</h1><p>R1: één grote ramp 😢</p><p>R2: dat &amp; meer</p>\n"
PLAIN = "Gesprek\nR1: één grote ramp 😢\nR2: dat & meer\n"
COUNTED = "GesprekR1: één grote ramp 😢R2: dat & meer\n"


def taguette(path: Path, **more: Any) -> Path:
    def at(words: str) -> tuple[int, int]:
        start = len(COUNTED[: COUNTED.index(words)].encode())
        return start, start + len(words.encode())

    added = json.dumps({"type": "highlight_add", "highlight_id": 1})
    rows: dict[str, list[tuple[Any, ...]]] = {
        "projects": [(1, "Proef", "over het project", "2024-05-06 10:00:00")],
        "documents": [(1, "FG1", "bij het document", "fg1.docx", "2024-05-06", 1, "LEFT_TO_RIGHT", HTML)],
        "tags": [(1, 1, "zorg", "over zorg"), (2, 1, "zorg.wachtlijst", ""), (3, 1, "los.tag", "")],
        "highlights": [(1, 1, *at("één grote ramp 😢")), (2, 1, *at("dat & meer")), (3, 1, 900, 950)],
        "highlight_tags": [(1, 1), (1, 2), (2, 3), (3, 1)],
        "commands": [(1, "2024-05-06 11:00:00", "anna", 1, 1, added)],
    }
    return database(path, TAGUETTE, rows | more)


def test_taguette_counts_in_bytes_of_the_text_of_its_html(tmp_path: Path) -> None:
    study = empty_study(tmp_path)
    done = study.import_project(taguette(tmp_path / "proef.sqlite3"))
    assert study.snapshot().text(study.snapshot().documents["guid"].iloc[0]) == PLAIN
    assert sorted(study.codings()[["text", "code_path"]].values.tolist()) == [
        ["dat & meer", "los.tag"],
        ["één grote ramp 😢", "zorg"],
        ["één grote ramp 😢", "zorg > wachtlijst"],
    ]
    assert done.report.read == {"sources": 1, "codes": 3, "codings": 4, "coders": 1, "participants": 0, "memos": 0, "descriptions": 2}
    assert done.report.kept["codings"] == 3
    assert [row["what"] for row in done.report.dropped] == ["coding_outside"]
    assert study.snapshot().turns["label"].tolist()[-2:] == ["R1", "R2"]


def test_taguette_tells_who_marked_what_and_when(tmp_path: Path) -> None:
    study = empty_study(tmp_path)
    study.import_project(taguette(tmp_path / "proef.sqlite3"))
    by = study.codings().set_index("code_path")[["coder", "at"]]
    assert by.loc["zorg", "coder"] == "anna"
    assert by.loc["zorg", "at"] == "2024-05-06T11:00:00.000Z"
    assert by.loc["los.tag", "coder"] == "onbekend"


def test_a_foreign_database_is_only_read(tmp_path: Path) -> None:
    path = taguette(tmp_path / "proef.sqlite3")
    path.chmod(0o444)
    before = path.read_bytes()
    empty_study(tmp_path).import_project(path)
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("proef")) == ["proef.sqlite3"]


def test_a_database_kept_with_a_log_beside_it_is_read(tmp_path: Path) -> None:
    path = taguette(tmp_path / "proef.sqlite3")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    assert empty_study(tmp_path).import_project(path).report.kept["sources"] == 1


def test_a_database_that_is_in_use_is_refused(tmp_path: Path) -> None:
    path = taguette(tmp_path / "proef.sqlite3")
    path.with_name("proef.sqlite3-wal").write_bytes(b"x")
    with pytest.raises(BadFile, match="nog open"):
        empty_study(tmp_path).import_project(path)


def test_importing_a_taguette_project_again_adds_nothing(tmp_path: Path) -> None:
    study = empty_study(tmp_path)
    study.import_project(taguette(tmp_path / "proef.sqlite3"))
    events = study.stamp.events
    study.import_project(tmp_path / "proef.sqlite3")
    assert study.stamp.events == events


FULL = "\ufeffR1: 😢 niemand zei iets.\nR2: dat ken ik."


def qualcoder(path: Path, *, counts_mark: bool = True) -> Path:
    shift = 0 if counts_mark else -1
    start = FULL.index("niemand") + shift
    rows: dict[str, list[tuple[Any, ...]]] = {
        "project": [("v11", "2024-05-06 10:00:00", "over het project", "QualCoder")],
        "source": [
            (1, "FG1", FULL, None, "bronmemo", "anna", "2024-05-06 10:00:00"),
            (2, "foto.png", None, "/images/foto.png", "", "anna"),
        ],
        "code_cat": [(1, "Ervaringen", "anna", "", "hoofd", None), (2, "Negatief", "anna", "", "", 1)],
        "code_name": [(1, "stilte", "wat het is", 2, "anna", "", "#00AA88", None), (2, "diep", "", None, "bram", "", "#F00", 1)],
        "code_text": [
            (1, 1, 1, "niemand", start, start + 7, "anna", "2024-05-06 10:00:00", "let op"),
            (2, 2, 1, "dat ken ik", FULL.index("dat") + shift, FULL.index("dat") + 10 + shift, "bram", "2024-05-06 10:00:00", ""),
        ],
        "code_image": [(1, 2, 1)],
        "annotation": [(1, 1, start, start + 7, "klemtoon", "bram", "2024-05-06 10:00:00")],
        "cases": [(1, "P1", "deelnemer", "anna", "")],
        "case_text": [(1, 1, 1, 1 + shift, FULL.index("\n") + shift, "anna", "")],
        "attribute_type": [("leeftijd", "", "anna", "", "case", "numeric")],
        "attribute": [(1, "leeftijd", "case", "42", 1), (2, "plaats", "file", "Zwolle", 1)],
        "journal": [(1, "dagboek", "eerste indruk", "2024-05-06 10:00:00", "anna")],
    }
    return database(path, QUALCODER, rows)


def folder(tmp_path: Path, **how: Any) -> Path:
    made = tmp_path / "proef.qda"
    made.mkdir()
    qualcoder(made / "data.qda", **how)
    return made


@pytest.mark.parametrize("counts_mark", [True, False])
def test_a_qualcoder_project_comes_in_whole_whatever_its_mark_counts_for(tmp_path: Path, counts_mark: bool) -> None:
    study = empty_study(tmp_path)
    done = study.import_project(folder(tmp_path, counts_mark=counts_mark))
    found = study.codings().set_index("code_path")
    assert found["text"].to_dict() == {"Ervaringen > Negatief > stilte": "niemand", "Ervaringen > Negatief > stilte > diep": "dat ken ik"}
    assert found["coder"].tolist() == ["anna", "bram"]
    assert found["memo"].tolist()[0] == "let op"
    counts = {"sources": 2, "codes": 4, "codings": 3, "coders": 2, "participants": 1, "memos": 2}
    assert {what: done.report.read[what] for what in counts} == counts
    assert {row["what"] for row in done.report.dropped} == {"media_file", "picture_coding"}
    assert done.report.positions["bom"] == int(counts_mark)


def test_people_and_notes_of_qualcoder_find_their_place(tmp_path: Path) -> None:
    study = empty_study(tmp_path)
    study.import_project(folder(tmp_path))
    now = study.snapshot()
    assert now.participants[["name", "attributes"]].values.tolist() == [["P1", {"leeftijd": 42}]]
    assert now.speakers.set_index("label")["participant"].dropna().index.tolist() == ["R1"]
    assert now.documents["attributes"].iloc[0] == {"plaats": "Zwolle"}
    memos = now.memos.set_index("text")["on"].to_dict()
    assert memos["klemtoon"] == "document"
    assert memos["dagboek\n\neerste indruk"] == "project"


@pytest.mark.parametrize("inner", ["proef.qda/data.qda", "data.qda"])
@pytest.mark.parametrize("suffix", [".zip", ".qda"])
def test_a_zipped_qualcoder_project_is_read(tmp_path: Path, inner: str, suffix: str) -> None:
    held = qualcoder(tmp_path / "los.db").read_bytes()
    path = tmp_path / f"proef{suffix}"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inner, held)
    assert empty_study(tmp_path).import_project(path).report.kept["codes"] == 4


def test_categories_that_go_round_in_a_circle_come_in_at_the_top(tmp_path: Path) -> None:
    rows = {"code_cat": [(1, "a", "", "", "", 2), (2, "b", "", "", "", 1)], "project": [("v1", "")]}
    study = empty_study(tmp_path)
    study.import_project(database(tmp_path / "rond.qda", QUALCODER, rows))
    assert sorted(code.name for code in study.codebook.book.children()) == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "sentence"), [("leeg.qda", "data.qda"), ("ander.db", "Taguette of QualCoder"), ("tekst.sqlite3", "geen SQLite")]
)
def test_what_is_no_project_is_refused_in_a_sentence(tmp_path: Path, name: str, sentence: str) -> None:
    path = tmp_path / name
    if name == "leeg.qda":
        path.mkdir()
    elif name == "ander.db":
        database(path, "CREATE TABLE iets (a TEXT);", {})
    else:
        path.write_text("gewone tekst", encoding="utf-8")
    study = empty_study(tmp_path)
    with pytest.raises(BadFile, match=sentence):
        study.import_project(path)
    assert study.stamp.events == 1


TALK = "R1: Toen zei niemand iets.\nR2: Dat ken ik, dat ken ik."


def with_talk(tmp_path: Path) -> Project:
    (tmp_path / "FG1.txt").write_text(TALK, encoding="utf-8")
    study = empty_study(tmp_path)
    study.import_documents(tmp_path / "FG1.txt")
    study.codebook.add("Z", "Zorg", codable=False)
    study.codebook.add("Z1", "Wachtlijst", parent="Z")
    return study


def sheet(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_spreadsheet_of_codings_finds_words_and_codes(tmp_path: Path) -> None:
    study = with_talk(tmp_path)
    rows = [
        "document,tekst,codes,codeur,memo",
        "FG1,Toen  zei niemand iets,Zorg->Wachtlijst|Nieuw -> Dieper,anna,let op",
        "FG1,dat ken ik,Wachtlijst,,",
        "FG1,staat er niet,Wachtlijst,,",
        "FG1,Toen,Zorg,,",
    ]
    done = study.import_project(sheet(tmp_path / "codes.csv", *rows))
    assert study.codings()[["text", "code_path", "coder", "memo"]].fillna("").values.tolist() == [
        ["Toen zei niemand iets", "Zorg > Wachtlijst", "anna", "let op"],
        ["Toen zei niemand iets", "Nieuw > Dieper", "anna", "let op"],
        ["dat ken ik", "Zorg > Wachtlijst", "onbekend", ""],
    ]
    dropped = {row["what"]: row["n"] for row in done.report.dropped}
    assert dropped == {"text_not_found": 1, "code_not_codable": 1, "coding_unknown_code": 1}
    assert (done.report.read["codings"], done.report.kept["codings"]) == (5, 3)
    assert study.snapshot().documents["name"].tolist() == ["FG1"]


def test_words_that_stand_twice_are_not_guessed(tmp_path: Path) -> None:
    study = with_talk(tmp_path)
    done = study.import_project(sheet(tmp_path / "codes.csv", "document,tekst,codes", "FG1,ken ik,Wachtlijst"))
    assert [row["what"] for row in done.report.dropped] == ["text_repeated"]


def test_highlights_of_taguette_as_a_table_come_in(tmp_path: Path) -> None:
    study = with_talk(tmp_path)
    rows = ["id,document,tag,content", "1,FG1,rust,Toen zei niemand iets.", "1,FG1,rust.pauze,Toen zei niemand iets."]
    study.import_project(sheet(tmp_path / "highlights.csv", *rows))
    assert study.codings()["text"].tolist() == ["Toen zei niemand iets."] * 2


def test_a_document_the_study_does_not_have_is_made_of_its_fragments(tmp_path: Path) -> None:
    study = with_talk(tmp_path)
    done = study.import_project(
        sheet(tmp_path / "codes.csv", "document,tekst,codes", "FG9,een fragment,A|B", "FG9,nog een,A", "FG9,een fragment,C")
    )
    assert done.documents["document"].tolist() == ["FG9"]
    assert study.snapshot().text(study.snapshot().document_names["FG9"]) == "een fragment\nnog een"
    assert len(study.codings(document="FG9")) == 4


def test_a_list_of_tags_is_a_codebook(tmp_path: Path) -> None:
    study = with_talk(tmp_path)
    done = study.import_project(sheet(tmp_path / "tags.csv", "tag,description,number of highlights", "zorg,over zorg,3", "geld,,1"))
    assert {code.name: code.definition for code in study.codebook.book.codes}["geld"] == ""
    assert done.report.kept["codes"] == 1  # `zorg` is the study's own theme


def test_a_spreadsheet_twice_adds_nothing(tmp_path: Path) -> None:
    study = with_talk(tmp_path)
    path = sheet(tmp_path / "codes.csv", "document,tekst,codes", "FG1,Toen,Nieuw", "FG9,een fragment,A|B")
    study.import_project(path)
    events = study.stamp.events
    study.import_project(path)
    assert study.stamp.events == events


def test_a_table_of_turns_is_still_a_transcript(tmp_path: Path) -> None:
    study = empty_study(tmp_path)
    frame = study.import_documents(sheet(tmp_path / "FG1.csv", "spreker,tekst", "R1,ja hoor", "R2,nee hoor"))
    assert frame["turns"].tolist() == [2]


def test_a_tidy_table_is_sent_to_the_codings_import(tmp_path: Path) -> None:
    study = with_talk(tmp_path)
    study.code("FG1", "Z1", text="Toen")
    study.export(tmp_path / "tidy.csv")
    with pytest.raises(QualcodeError, match="codings import"):
        study.import_project(tmp_path / "tidy.csv")
