"""``qualcode scan``: a study or files in, one table or one JSON value out; never a verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qualcode import Project
from qualcode.cli import main
from qualcode.language import pipeline_name
from qualcode.sample import sample_folder

KEYS = {"file", "start", "end", "text", "label", "kind", "confidence", "why", "advice"}
TALK = "M1: Hoe ging dat?\n\nP1: Dat zei Zouhra, bel 06-12345678.\n\nP2: Ja, mijn Marokkaanse achtergrond."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gesprek.txt"
    path.write_text(TALK, encoding="utf-8")
    return path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["scan", *words, "--no-model"])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_a_file_gives_the_documented_keys_and_positions_in_its_text(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, str(file), "--json")
    rows = json.loads(out)
    assert code == 0
    assert all(set(row) == KEYS for row in rows)
    assert [TALK[row["start"] : row["end"]] for row in rows] == ["Zouhra", "06-12345678"]
    assert {row["file"] for row in rows} == {"gesprek.txt"}


def test_metadata_has_no_place(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, str(sample_folder() / "IV4.docx"), str(sample_folder() / "FG2_team-Ronnie_Zevenaar.docx"), "--json")
    rows = [row for row in json.loads(out) if row["kind"] == "metadata"]
    assert [row["label"] for row in rows] == ["comment", "file_name"]
    assert all(row["start"] is None and row["end"] is None for row in rows)


def test_a_study_with_a_key_gets_precision_and_recall(tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Project.create(tmp_path / "s.qualcode", coder="anna") as study:
        study.import_documents(file, name="FG1")
    key = tmp_path / "sleutel.csv"
    key.write_text(
        "id,document,text,note\nK01,FG1,zei Zouhra,direct\nK02,FG1,06-12345678,direct\nK03,FG1,Hoe ging dat,indirect\nV01,FG1,Marokkaanse achtergrond,lokaas\n",
        encoding="utf-8",
    )
    code, out, _ = said(capsys, str(tmp_path / "s.qualcode"), "--key", str(key), "--json")
    score = {row["kind"]: row for row in json.loads(out)["score"]}
    assert code == 0
    assert (score["direct"]["recall"], score["indirect"]["recall"]) == (1.0, 0.0)
    assert (score["all"]["planted"], score["all"]["found"], score["all"]["precision"]) == (3, 2, 1.0)
    assert (score["decoys"]["planted"], score["decoys"]["found"]) == (1, 0)
    code, out, _ = said(capsys, str(tmp_path / "s.qualcode"), "--key", str(key))
    assert "0,67" in out


def test_the_scan_never_says_that_a_text_is_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clean = tmp_path / "a.txt"
    clean.write_text("P1: Dat vind ik ook.\n\nP2: Ja.", encoding="utf-8")
    for lang in ("nl", "en"):
        _, out, _ = said(capsys, str(clean), "--lang", lang)
        assert "anoniem" not in out.lower()
        assert "anonymous" not in out.lower()
        assert "geen bewijs" in out or "no proof" in out


def test_another_language_is_said_per_document(tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "talk.txt"
    other.write_text(
        "P1: I told them that it was not my fault and that they should have listened to me.\n\nP2: Yes, that is what I said to you as well.",
        encoding="utf-8",
    )
    _, _, err = said(capsys, str(file), str(other), "--json")
    assert "talk.txt" in err
    assert "gesprek.txt" not in err


ENGLISH = (
    "P1: I told them that it was not my fault and that they should have listened to me.\n\nP2: Yes, that is what I said to you as well."
)


def test_a_study_says_in_python_too_which_document_is_not_dutch(tmp_path: Path, file: Path) -> None:
    (tmp_path / "talk.txt").write_text(ENGLISH, encoding="utf-8")
    with Project.create(tmp_path / "s.qualcode", coder="anna") as study:
        study.import_documents([file, tmp_path / "talk.txt"])
        (note,) = study.scan(trained_names=False).attrs["notes"]
        assert note.startswith("talk lijkt niet Nederlands (en)")
        assert study.identifiers().attrs["notes"] == [note]
        assert study.scan("gesprek", trained_names=False).attrs["notes"] == []


def test_comments_in_the_file_of_a_study_are_named_without_their_words(tmp_path: Path) -> None:
    with Project.create(tmp_path / "s.qualcode", coder="anna") as study:
        study.import_documents([sample_folder() / "IV4.docx", sample_folder() / "FG1.docx"])
        found = study.scan(trained_names=False)
    (row,) = found[found["label"] == "comment"].to_dict("records")
    assert (row["document"], row["text"], row["kind"]) == ("IV4", "IV4.docx", "metadata")
    assert "24-0117" not in str(row)
    assert found.loc[found["label"] == "comment", "start"].isna().all()


def test_wrong_use_is_one_clear_line(tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, str(tmp_path / "s.qualcode"), str(file))[0] == 1
    assert said(capsys, str(file), "--key", str(file))[0] == 1
    broken = tmp_path / "kapot.docx"
    broken.write_bytes(b"PK\x03\x04 geen bestand")
    code, out, err = said(capsys, str(broken))
    assert (code, out) == (1, "")
    assert "kapot.docx" in err


@pytest.mark.slow
def test_a_million_words_in_one_turn_are_scanned_and_the_names_found_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "FG1.txt").write_text(
        "P1: " + "en zij zei maar dat het niet kon " * 125_000 + "Mijn leidinggevende heet Fatima.", encoding="utf-8"
    )
    with Project.create(tmp_path / "s.qualcode", coder="anna") as study:
        study.import_documents(tmp_path / "FG1.txt")
        found = study.scan(trained_names=False)
        text = study.snapshot().text(study.snapshot().document_names["FG1"])
    names = found[found["label"] == "person"]
    assert [text[start:end] for start, end in zip(names["start"], names["end"], strict=True)] == ["Fatima"]


def test_the_command_says_what_looked_for_names(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", str(file)]) == 0
    assert pipeline_name() in capsys.readouterr().err
    assert main(["scan", str(file), "--no-model"]) == 0
    assert pipeline_name() not in capsys.readouterr().err
