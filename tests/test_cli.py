"""The command line keeps its contract: words, exit codes, JSON and nothing else on stdout."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qualcode.cli import main
from qualcode.sample import codebook_folder

BOOK = str(codebook_folder() / "racisme-op-de-werkvloer.yaml")
TALK = "M1: En toen?\nR1: Toen zei niemand iets, echt niemand.\nR2: Dat ken ik.\n"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("QUALCODE_CODER", "anna")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FG1.txt").write_text(TALK, encoding="utf-8")
    assert main(["new", "s.qualcode", "--codebook", BOOK]) == 0
    assert main(["import", "s.qualcode", "FG1.txt", "--kind", "focusgroep"]) == 0
    capsys.readouterr()
    return "s.qualcode"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words))
    said = capsys.readouterr()
    return code, said.out, said.err


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    code, out, _ = run(capsys, *words, "--json")
    assert code == 0
    return json.loads(out)


def test_import_json_has_the_documented_keys(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = run_json(capsys, "import", study, "FG1.txt", "--dry-run")
    assert set(row) == {"document", "kind", "source", "characters", "turns", "speakers", "warnings"}
    assert row["speakers"] == [
        {"label": "M1", "role": "moderator", "turns": 1},
        {"label": "R1", "role": "deelnemer", "turns": 1},
        {"label": "R2", "role": "deelnemer", "turns": 1},
    ]
    assert (row["turns"], row["characters"]) == (3, len(TALK))


def test_a_writing_command_says_in_whose_name(study: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUALCODE_CODER")
    assert "anna" in run(capsys, "import", study, "FG1.txt", "--name", "twee")[2]
    assert run(capsys, "import", study, "FG1.txt", "--name", "drie", "--coder", "bram")[2].count("anna") == 0
    assert [row["coder"] for row in run_json(capsys, "history", study) if row["kind"] == "import"] == ["anna", "anna", "bram"]


def test_what_cannot_be_done_is_one_line_and_exit_1(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["history", "weg.qualcode"], ["import", study, "weg.txt"], ["codebook", "check", "weg.yaml"], ["new", study]):
        code, out, err = run(capsys, *words)
        assert (code, out) == (1, ""), words
        assert len(err.strip().splitlines()) == 1, err


def test_wrong_usage_is_exit_2() -> None:
    for words in (
        [],
        ["zeg"],
        ["report", "s.qualcode"],
        ["report", "s.qualcode", "--out", "x", "--format", "wav"],
        ["--lang", "fr", "history", "s"],
    ):
        with pytest.raises(SystemExit) as stopped:
            main(words)
        assert stopped.value.code == 2


def test_codings_go_out_and_in(study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.csv").write_text(
        'document,text,code,stelling\nFG1,"Toen zei niemand iets, echt niemand.",O01,bevestigt\n', encoding="utf-8"
    )
    assert run_json(capsys, "codings", "import", study, "in.csv") == {"placed": 1, "written": True, "problems": []}
    assert run(capsys, "codings", "export", study, "uit.csv")[0] == 0
    head, row = (tmp_path / "uit.csv").read_text(encoding="utf-8").splitlines()
    assert head.startswith("coding,document,kind,start,end,text,speaker,code,code_path,coder,layer,at,memo,stelling")
    assert '"Toen zei niemand iets, echt niemand."' in row


def test_rows_that_cannot_be_placed_are_exit_1_and_named(study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.csv").write_text("document,turn,code\nFG1,2,O01\nFG1,1,O01\n", encoding="utf-8")
    code, _, err = run(capsys, "codings", "import", study, "in.csv")
    assert code == 1
    assert "3" in err.splitlines()[0]
    assert run(capsys, "codings", "import", study, "in.csv", "--partial")[0] == 0


def test_undo_and_redo_from_the_command_line(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "undo", study)[0] == 0
    assert run_json(capsys, "history", study)[-1]["kind"] == "undo"
    assert run(capsys, "redo", study)[0] == 0
    assert run(capsys, "redo", study)[0] == 1


def test_the_doctor_speaks_and_its_json_is_stable(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    checks = run_json(capsys, "doctor", study)
    assert [c["check"] for c in checks] == ["file", "chain", "texts", "projection", "references", "spans", "circles"]
    assert all(c["sound"] for c in checks)
    assert run(capsys, "doctor", study, "--rebuild")[0] == 0


def test_codebook_commands(study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "codebook", "check", BOOK)[0] == 0
    assert "E07  Onderschatting" in run(capsys, "codebook", "show", study)[1]
    assert run(capsys, "codebook", "export", study, "boek.xlsx")[0] == 0
    assert run(capsys, "new", "leeg.qualcode")[0] == 0
    assert run(capsys, "codebook", "import", "leeg.qualcode", "boek.xlsx")[0] == 0
    assert "E07  Onderschatting" in run(capsys, "codebook", "show", "leeg.qualcode")[1]


def test_words_are_english_when_asked(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "File: whole." in run(capsys, "doctor", study, "--lang", "en")[1]
    assert "Bestand" not in run(capsys, "--lang", "en", "doctor", study)[1]


def test_copies_come_together(study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kopie.qualcode").write_bytes((tmp_path / study).read_bytes())
    assert run(capsys, "import", "kopie.qualcode", "FG1.txt", "--name", "FG2")[0] == 0
    assert run_json(capsys, "merge", study, "kopie.qualcode", "--dry-run")["events"] == 1
    assert run_json(capsys, "merge", study, "kopie.qualcode")["events"] == 1
    assert run_json(capsys, "merge", study, "kopie.qualcode")["events"] == 0


def test_importing_qualcode_is_light() -> None:
    heavy = ["pandas", "numpy", "sqlalchemy", "spacy", "bertopic", "plotly", "IPython", "jupyterlab", "docx", "lxml", "typst", "pypandoc"]
    program = f"import sys, qualcode; print([m for m in {heavy!r} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "s.qualcode"], "Er ontbreekt: --out."),
        (["zeg"], "kan niet 'zeg' zijn"),
        (["history", "s.qualcode", "--hoi"], "Onbekend: --hoi."),
        (["import", "s.qualcode", "x", "--name"], "Na --name hoort een waarde."),
        (["report", "s", "--out", "x", "--format", "wav"], "onbekende vorm wav"),
    ],
)
def test_wrong_usage_is_explained_in_dutch(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(words)
    err = capsys.readouterr().err
    assert said in err
    assert err.startswith("gebruik: ")
