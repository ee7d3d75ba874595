"""Every table leaves the study in every kind of file, with names in place of guids, and the same bytes twice."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

import qualcode as qc
from qualcode.errors import NotFound, Refused
from qualcode.exports import TABLES, register, registers, table, tables, to_csv
from qualcode.importers import participants
from qualcode.labels import catalogue
from qualcode.model import KINDS
from qualcode.model.kinds import _DECLARED
from qualcode.project import Project

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def study() -> Project:
    return qc.demo()


def test_no_two_kinds_share_a_name() -> None:
    assert [name for name, n in Counter(kind.name for kind in _DECLARED).items() if n > 1] == []


@pytest.mark.parametrize("name", [*TABLES, *registers()])
def test_every_table_has_the_name_of_a_sheet(name: str) -> None:
    assert len(catalogue("exports")[f"sheet_{name}"]["nl"]) <= 31


@pytest.mark.parametrize("name", [*TABLES, *registers()])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_every_table_leaves_and_is_the_same_twice(study: Project, tmp_path: Path, name: str, suffix: str) -> None:
    first, second = (study.export(tmp_path / f"{n}{suffix}", table=name) for n in "ab")
    assert first.read_bytes() == second.read_bytes()
    frame = table(study, name)
    read = pd.read_csv(first) if suffix == ".csv" else pd.read_parquet(first)
    assert list(read.columns) == list(frame.columns)
    assert len(read) == len(frame)


def test_what_leaves_names_things_and_shows_no_guid_of_them(study: Project) -> None:
    known = {guid for kind in KINDS for guid in study.snapshot().tables[kind]["guid"]}
    for name, frame in tables(study).items():
        if name in {"codebook", "codings"}:
            continue
        shown = {value for column in frame for value in frame[column] if isinstance(value, str)}
        assert not shown & known, name


def test_excerpts_are_stretches_of_words_with_all_that_stands_on_them() -> None:
    with qc.demo() as study:
        before = len(table(study, "excerpts"))
        for code in ("E07", "E06"):
            study.code("FG1", code, turn=13)
        found = table(study, "excerpts")
        assert len(found) == before + 1
        row = found[(found["document"] == "FG1") & (found["turn"] == 13) & (found["codings"] == 2)].iloc[0]
        assert row["codes"] == "E06|E07"
        turn = table(study, "turns").set_index(["document", "turn"]).loc[("FG1", 13)]
        assert (row["start"], row["end"], row["text"]) == (turn["start"], turn["end"], turn["text"])


def test_participants_that_leave_can_be_brought_in(study: Project, tmp_path: Path) -> None:
    here = table(study, "participants").dropna(subset="document")
    read = participants(to_csv(here, tmp_path / "p.csv"))
    assert [tuple(row) for row in read[["document", "label", "role"]].to_numpy()] == [
        tuple(row) for row in here[["document", "label", "role"]].to_numpy()
    ]
    assert list(read.columns) == ["document", "label", "participant", "role", *here.columns[4:]]


def test_a_workbook_can_be_read_by_a_person(study: Project, tmp_path: Path) -> None:
    book = load_workbook(study.export(tmp_path / "alles.xlsx"))
    assert book.sheetnames[:7] == ["coderingen", "fragmenten", "codeboek", "documenten", "spreekbeurten", "deelnemers", "memo's"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[1])


def test_the_coded_text_says_what_was_said_and_marks_what_was_coded(tmp_path: Path) -> None:
    from lxml import html

    with qc.demo() as study:
        study.code("FG1", "E07", turn=13, memo="<b>vet</b> & co")
        root = html.fromstring(study.export(tmp_path / "tekst.html").read_text(encoding="utf-8"))
        spoken = table(study, "turns")
        said = [" ".join(p.text_content().split()) for p in root.find_class("said")]
        assert said == [" ".join(text.split()) for text in spoken["text"]]
        row = root.get_element_by_id("FG1-13")
        marked = "".join(mark.text_content() for mark in row.iter("mark"))
        assert marked == spoken[(spoken["document"] == "FG1") & (spoken["turn"] == 13)]["text"].iloc[0]
        assert "<b>vet</b> & co" in [em.text_content() for em in row.iter("em")]
        assert not list(root.iter("script", "link", "img"))
        assert len(list(root.iter("li"))) >= len(study.codings())


@pytest.mark.parametrize(
    ("target", "name", "why"), [("a.csv", "koffie", "codings"), ("a.doc", None, r"\.parquet"), ("a.xlsx", "codings", "hele studie")]
)
def test_a_file_that_cannot_be_made_is_refused_with_what_can(
    study: Project, tmp_path: Path, target: str, name: str | None, why: str
) -> None:
    with pytest.raises((NotFound, Refused), match=why):
        study.export(tmp_path / target, table=name)
    assert list(tmp_path.iterdir()) == []


def test_a_register_follows_the_declaration_of_its_kind(study: Project) -> None:
    for name, kind in registers().items():
        assert list(register(study, name).columns) == [field.name for field in kind.fields]


def test_the_state_of_the_sample_is_what_its_log_says(study: Project) -> None:
    assert [finding.check for finding in study.doctor() if not finding.sound] == []
