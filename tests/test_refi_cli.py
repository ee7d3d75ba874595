"""Exchange on the command line: the report on screen, one JSON value for machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from exchanges import codes, guid, packed, selection, source, xml
from qualcode.cli import main

TALK = "R1: Toen zei niemand iets.\nR2: Dat ken ik."
COUNTED = {"sources", "codes", "codings", "coders", "participants", "memos"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.setenv("QUALCODE_CODER", "anna")
    monkeypatch.chdir(tmp_path)
    body = (
        codes("stilte") + "<Sources>" + source("FG1", selection("s", 4, 8, "stilte") + selection("weg", 900, 950, "stilte")) + "</Sources>"
    )
    packed(tmp_path / "ander.qdpx", xml(body, origin="Ander 1.0"), {"FG1": TALK})
    assert main(["new", "s.qualcode"]) == 0
    capsys.readouterr()
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words))
    said = capsys.readouterr()
    return code, said.out, said.err


def as_json(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    code, out, _ = run(capsys, *words, "--json")
    assert code == 0
    return json.loads(out)


def test_an_import_prints_the_exchange_report(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "import", "s.qualcode", "ander.qdpx")
    assert code == 0
    assert "Uitwisselingsverslag (Ander 1.0)" in out
    assert "coderingen: 2 in de bron, 1 meegekomen" in out
    assert "1 coderingen buiten hun tekst" in out
    assert "niemand" not in out


def test_the_json_of_an_import_is_one_object_with_the_keys_of_the_contract(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = as_json(capsys, "import", "s.qualcode", "ander.qdpx")
    assert set(done) == {"report", "documents"}
    assert COUNTED - set(done["report"]["read"]) == set()
    assert COUNTED - set(done["report"]["kept"]) == set()
    assert isinstance(done["report"]["dropped"], list)
    (row,) = done["documents"]
    assert set(row) == {"document", "kind", "source", "characters", "turns", "speakers", "warnings"}
    assert row["speakers"][0] == {"label": "R1", "role": "deelnemer", "turns": 1}


def test_a_dry_run_says_that_nothing_was_changed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "niets gewijzigd" in run(capsys, "import", "s.qualcode", "ander.qdpx", "--dry-run")[1]
    assert as_json(capsys, "history", "s.qualcode")[-1]["kind"] == "create"


def test_a_codebook_of_another_program_prints_a_report_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = f'<Code guid="{guid("a")}" name="a" isCodable="true"/>'
    Path("b.qdc").write_text(
        f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Ander"><Codes>{code}</Codes></CodeBook>', encoding="utf-8"
    )
    code_of_check, said, wrong = run(capsys, "codebook", "check", "b.qdc")
    assert (code_of_check, wrong) == (1, "")  # it is read, and found to lack a definition
    assert "definitie" in said
    done = as_json(capsys, "codebook", "import", "s.qualcode", "b.qdc")
    assert (done["report"]["kept"]["codes"], done["documents"]) == (1, [])
    assert run(capsys, "codebook", "export", "s.qualcode", "uit.qdc")[0] == 0
    assert guid("a") in Path("uit.qdc").read_text(encoding="utf-8")
    assert run(capsys, "new", "t.qualcode", "--codebook", "uit.qdc")[0] == 0


def test_an_export_prints_its_report_and_names_the_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "import", "s.qualcode", "ander.qdpx")
    code, out, _ = run(capsys, "export", "s.qualcode", "uit.qdpx")
    assert code == 0
    assert "Uitwisselingsverslag" in out
    assert "uit.qdpx" in out
    done = as_json(capsys, "export", "s.qualcode", "uit.qdpx", "--nvivo")
    assert done["file"] == "uit.qdpx"
    assert COUNTED - set(done["report"]["kept"]) == set()
    assert as_json(capsys, "export", "s.qualcode", "uit.csv") == {"file": "uit.csv"}


def test_a_damaged_file_is_one_line_and_exit_1(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("stuk.qdpx").write_bytes(Path("ander.qdpx").read_bytes()[:200])
    code, out, err = run(capsys, "import", "s.qualcode", "stuk.qdpx")
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1


def test_the_report_speaks_english_when_asked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Exchange report (Ander 1.0)" in run(capsys, "import", "s.qualcode", "ander.qdpx", "--lang", "en")[1]
