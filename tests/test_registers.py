"""Registers: who the participants are and what the documents are, as people keep them in Excel."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from qualcode.errors import BadFile
from qualcode.importers import documents, participants, table


def _file(folder: Path, content: str, *, encoding: str = "utf-8", name: str = "lijst.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(
    "header",
    [
        "document;label;deelnemer;rol;Soort organisatie",
        "Document ;Spreker;Participant;Role;soort organisatie",
        "sessie;speaker;naam;rol;soort_organisatie",
    ],
)
def test_dutch_headers_semicolons_and_old_encodings_are_understood(tmp_path: Path, header: str, encoding: str) -> None:
    path = _file(
        tmp_path, f"{header}\r\nFG1;R1;Noëlle;deelnemer;inspectie \r\n;;;;\r\nFG1;M1;;Moderator;\r\nFG2;R1;;;dienst\r\n", encoding=encoding
    )
    found = participants(path)
    assert list(found.columns) == ["document", "label", "participant", "role", "soort_organisatie"]
    assert found.to_dict("list") == {
        "document": ["FG1", "FG1", "FG2"],
        "label": ["R1", "M1", "R1"],
        "participant": ["Noëlle", "FG1-M1", "FG2-R1"],
        "role": ["deelnemer", "moderator", "deelnemer"],
        "soort_organisatie": ["inspectie", "", "dienst"],
    }


def test_the_role_is_guessed_where_the_register_does_not_say(tmp_path: Path) -> None:
    found = participants(_file(tmp_path, "document,label\nFG1,M1\nFG1,R1\nFG1,N\n"))
    assert list(found["role"]) == ["moderator", "deelnemer", "notulist"]
    assert list(found["participant"]) == ["FG1-M1", "FG1-R1", "FG1-N"]


def test_a_label_named_twice_is_left_for_a_person(tmp_path: Path) -> None:
    assert len(participants(_file(tmp_path, "document,label\nFG1,R1\nFG1,R1\n"))) == 2


def test_documents_have_name_kind_and_attributes(tmp_path: Path) -> None:
    found = documents(
        _file(tmp_path, "Bestand;Naam;Soort;stratum\nFG1_a.docx;FG1;focus group;gemengd\nIV1.docx;;interview;\nnota.md;N1;;\n")
    )
    assert found.to_dict("list") == {
        "file": ["FG1_a.docx", "IV1.docx", "nota.md"],
        "name": ["FG1", "IV1", "N1"],
        "kind": ["focusgroep", "interview", ""],
        "stratum": ["gemengd", "", ""],
    }


def test_a_workbook_reads_as_its_csv_would(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["toelichting"])
    sheet = book.create_sheet("deelnemers")
    for row in [["document", "label", "deelnemer", "leeftijd"], ["FG1", "R1", "P1", 34], ["FG1", "R2", "P2", 50.0], [None] * 4]:
        sheet.append(row)
    book.save(tmp_path / "lijst.xlsx")
    csv = _file(tmp_path, "document,label,deelnemer,leeftijd\nFG1,R1,P1,34\nFG1,R2,P2,50\n")
    assert participants(tmp_path / "lijst.xlsx").equals(participants(csv))


def test_a_table_is_text_with_empty_cells(tmp_path: Path) -> None:
    found = table(_file(tmp_path, "Topic,Raised ,note\nE,ja,\n,,\nO, nee ,x\n"))
    assert found.to_dict("list") == {"topic": ["E", "O"], "raised": ["ja", "nee"], "note": ["", "x"]}


@pytest.mark.parametrize(
    ("reader", "content", "key", "fact"),
    [
        (participants, "document,deelnemer\nFG1,P1\n", "no_columns", "label"),
        (participants, "document,label\nFG1,\n", "empty_cell", "2"),
        (participants, "document,label,rol\nFG1,R1,deelnemer\nFG1,R2,baas\n", "bad_word", "3"),
        (documents, "naam,soort\nFG1,interview\n", "no_columns", "file"),
        (documents, "bestand,soort\na.docx,gesprek\n", "bad_word", "gesprek"),
        (documents, "bestand\na.docx\na.docx\n", "twice", "3"),
        (documents, 'bestand\n"a.docx\n', "broken_csv", "2"),
    ],
)
def test_a_mistake_names_file_and_line(tmp_path: Path, reader: object, content: str, key: str, fact: str) -> None:
    with pytest.raises(BadFile) as caught:
        reader(_file(tmp_path, content))  # type: ignore[operator]
    assert caught.value.key == f"importers.{key}"
    assert "lijst.csv" in str(caught.value)
    assert fact in str(caught.value)


def test_what_looks_like_talk_is_not_named_as_a_column(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as caught:
        documents(_file(tmp_path, "R1,en toen zei hij tegen mij dat het niet kon\nR2,ja\n"))
    assert "toen" not in str(caught.value)
