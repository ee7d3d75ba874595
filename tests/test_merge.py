"""Bringing copies together as a person does: told first, nothing lost, a clear sentence when it cannot be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.cli import main
from qualcode.errors import DamagedStudy, QualcodeError, Refused, StudyNotFound
from qualcode.model import Change
from qualcode.store import Draft

TEXT = "M1: hoe gaat het?\n\nR1: goed hoor\n\nR2: kan beter\n\nR1: nou ja\n\nR2: echt waar\n"


@pytest.fixture
def mother(tmp_path: Path) -> Iterator[qc.Project]:
    (tmp_path / "FG1.txt").write_text(TEXT, encoding="utf-8")
    with qc.Project.create(tmp_path / "moeder.qualcode", coder="anna") as made:
        made.import_documents(tmp_path / "FG1.txt", kind="focusgroep")
        made.codebook.add("E", "Ervaringen", codable=False)
        made.codebook.add("E01", "Belediging", parent="E")
        made.codebook.add("E02", "Grap", parent="E")
        made.code("FG1", "E01", turn=2)
        yield made


@pytest.fixture
def copied(mother: qc.Project, tmp_path: Path) -> Iterator[Callable[[str], qc.Project]]:
    """Give copies of the study as somebody makes them: the file copied, opened under another name."""
    opened: list[qc.Project] = []

    def copy(coder: str) -> qc.Project:
        mother.close()
        path = tmp_path / f"{coder}.qualcode"
        shutil.copyfile(tmp_path / "moeder.qualcode", path)
        opened.append(qc.Project.open(path, coder=coder))
        return opened[-1]

    yield copy
    for one in opened:
        one.close()


def address(study: qc.Project) -> str:
    return study._store.address


def concerns(study: qc.Project, other: qc.Project) -> list[str]:
    told = study.merge(address(other), dry_run=True)
    done = study.merge(address(other))
    assert done.concerns.equals(told.concerns)  # what a dry run says is what happens
    assert study.merge(address(other)).concerns.empty
    return list(told.concerns["concern"])


def test_a_dry_run_says_what_would_come_in_and_writes_nothing(mother: qc.Project, copied: Callable[[str], qc.Project]) -> None:
    bram = copied("bram")
    bram.code("FG1", "E02", turn=3)
    bram.code("FG1", "E01", turn=4)
    before = mother.history()
    told = mother.merge(address(bram), dry_run=True)
    assert told.brings.to_dict("records") == [
        {"coder": "bram", "kind": "coder", "made": 1, "changed": 0, "removed": 0},
        {"coder": "bram", "kind": "coding", "made": 2, "changed": 0, "removed": 0},
    ]
    assert (told.written, told.events) == (False, 3)
    assert "bram" in str(told)
    assert mother.history().equals(before)
    done = mother.merge(address(bram))
    assert done.written
    assert len(mother.codings(coder="bram")) == 2
    assert str(mother.merge(address(bram))) == "De andere kopie bevat niets nieuws."


def test_a_code_renamed_in_both_copies_wants_a_look(mother: qc.Project, copied: Callable[[str], qc.Project]) -> None:
    bram = copied("bram")
    bram.codebook.edit("E01", name="Schelden")
    mother.codebook.edit("E01", name="Uitschelden")
    told = mother.merge(address(bram), dry_run=True)
    assert list(told.concerns["concern"]) == ["renamed"]
    sentence = told.concerns["sentence"].iloc[0]
    assert "Schelden" in sentence
    assert "Uitschelden" in sentence
    assert concerns(bram, mother) == ["renamed"]


def test_the_same_name_chosen_twice_is_no_concern(mother: qc.Project, copied: Callable[[str], qc.Project]) -> None:
    bram = copied("bram")
    bram.codebook.edit("E01", name="Schelden")
    mother.codebook.edit("E01", name="Schelden")
    assert concerns(mother, bram) == []


def test_removed_here_and_changed_there_is_told_from_both_sides(mother: qc.Project, copied: Callable[[str], qc.Project]) -> None:
    bram = copied("bram")
    coding = mother.codings()["coding"].iloc[0]
    mother.uncode(coding)
    bram.recode(coding, code="E02")
    assert list(mother.merge(address(bram), dry_run=True).concerns["concern"]) == ["gone_here"]
    assert list(bram.merge(address(mother), dry_run=True).concerns["concern"]) == ["gone_there"]
    mother.merge(address(bram))
    assert len(mother.codings()) == 0
    assert (mother.history()["kind"] == "recode").any()  # kept in the log


def test_a_coding_on_what_was_removed_or_taken_out_of_use_here_is_told(mother: qc.Project, copied: Callable[[str], qc.Project]) -> None:
    bram, carla = copied("bram"), copied("carla")
    bram.code("FG1", "E02", turn=3)
    carla.code("FG1", "E02", turn=4)
    mother.codebook.retire("E02")
    assert concerns(mother, bram) == ["retired"]
    mother.remove_document("FG1")
    assert concerns(mother, carla) == ["lost", "retired"]


def test_a_coding_on_another_version_of_the_text_is_told(mother: qc.Project, copied: Callable[[str], qc.Project]) -> None:
    bram = copied("bram")
    bram.code("FG1", "E02", turn=3)
    guid = mother.snapshot().document_names["FG1"]
    mother._write(Draft("edit", mother._coder_guid(), (Change("document", [guid], {"version": [2]}),)))
    told = mother.merge(address(bram), dry_run=True)
    assert list(told.concerns["concern"]) == ["other_version"]
    assert "versie 1" in told.concerns["sentence"].iloc[0]


def test_the_same_id_the_same_coder_and_the_same_coding_twice_are_told(mother: qc.Project, copied: Callable[[str], qc.Project]) -> None:
    bram, other = copied("bram"), copied("carla")
    mother.codebook.add("E17", "Namen", parent="E")
    bram.codebook.add("E17", "Naam verkeerd", parent="E")
    assert concerns(mother, bram) == ["same_id"]
    table = mother.codings()[["document", "start", "end", "code", "coder", "layer"]]
    other.import_codings(table)
    assert concerns(mother, other) == ["same_coding"]
    (again := copied("dirk")).memo("x", code="E")
    (twice := qc.Project.open(address(bram), coder="dirk")).memo("y", code="E")
    twice.close()
    mother.merge(address(again))
    assert concerns(mother, bram) == ["same_coder"]


def test_a_move_that_closes_a_circle_is_told_once(mother: qc.Project, copied: Callable[[str], qc.Project]) -> None:
    mother.codebook.add("F", "Anders", codable=False)
    bram = copied("bram")
    bram.codebook.move("E", "F")
    mother.codebook.move("F", "E")
    assert concerns(mother, bram) == ["circle"]


def test_two_minds_about_a_memo_are_told_without_its_words(mother: qc.Project, copied: Callable[[str], qc.Project]) -> None:
    coding = mother.codings()["coding"].iloc[0]
    bram = copied("bram")
    bram.recode(coding, memo="ze zegt: geheim")
    mother.recode(coding, memo="anders")
    told = mother.merge(address(bram), dry_run=True)
    assert list(told.concerns["concern"]) == ["both_changed"]
    assert "geheim" not in str(told)
    assert told.concerns["what"].iloc[0].startswith("E01, FG1")


def broken(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\0" * (len(content) - len(content) // 2)
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("what", ["damaged", "tampered", "other study", "nothing there", "no study"])
def test_a_copy_that_cannot_be_merged_gives_one_sentence_and_changes_nothing(
    what: str, mother: qc.Project, copied: Callable[[str], qc.Project], tmp_path: Path
) -> None:
    path = tmp_path / "kopie.qualcode"
    bram = copied("bram")
    bram.code("FG1", "E02", turn=3)
    bram.close()
    shutil.copyfile(address(bram), path)
    expected: type[QualcodeError] = DamagedStudy
    if what == "damaged":
        broken(path)
    elif what == "tampered":
        opened = qc.Project.open(path)
        with opened._store.writing() as connection:
            connection.exec_driver_sql("UPDATE event SET payload = replace(payload, 'E02', 'E03')")
            connection.exec_driver_sql("UPDATE event SET at = 'gisteren' WHERE seq = 3")
        opened.close()
    elif what == "other study":
        path.unlink()
        qc.Project.create(path, coder="bram").close()
        expected = Refused
    elif what == "nothing there":
        path.unlink()
        expected = StudyNotFound
    else:
        path.write_text("geen studie", encoding="utf-8")
    before = mother.history()
    for dry in (True, False):
        with pytest.raises(expected) as raised:
            mother.merge(path, dry_run=dry)
        assert "\n" not in str(raised.value)
    assert mother.history().equals(before)
    assert len(mother.codings()) == 1


def test_the_command_tells_first_and_then_does(
    mother: qc.Project, copied: Callable[[str], qc.Project], capsys: pytest.CaptureFixture[str]
) -> None:
    bram = copied("bram")
    bram.codebook.edit("E01", name="Schelden")
    mother.codebook.edit("E01", name="Uitschelden")
    bram.close()
    mother.close()
    assert main(["merge", address(mother), address(bram), "--dry-run"]) == 0
    said = capsys.readouterr()
    assert "er is niets gewijzigd" in said.out
    assert "Uitschelden" in said.out
    assert main(["merge", address(mother), address(bram), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["written"]
    assert [row["concern"] for row in found["concerns"]] == ["renamed"]
    assert {row["kind"] for row in found["brings"]} == {"coder", "code"}
    assert main(["merge", address(mother), "weg.qualcode"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
