"""Files that other programs wrote come in with what they hold."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from exchanges import empty_study
from qualcode.model import Snapshot
from qualcode.refi import Found, found

NOTHING = Snapshot.of({}, {})


def held(external: Path, name: str) -> Found:
    return found(external / "refi" / name, NOTHING)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("qualcoder382_nl_mini.qdpx", {"sources": 2, "codes": 6, "codings": 9, "coders": 2, "participants": 1, "memos": 2}),
        ("qc132_demo.qdpx", {"sources": 2, "codes": 262, "codings": 205, "coders": 1, "participants": 0, "memos": 0}),
        ("maxqda24_icls_just10.qdpx", {"sources": 10, "codes": 307, "codings": 0, "coders": 1, "participants": 0, "memos": 0}),
        ("atlasti_target.qdpx", {"sources": 0, "codes": 3, "codings": 0, "coders": 2, "participants": 0, "memos": 0}),
        ("f4_2025_test_project.qde", {"sources": 4, "codes": 1, "codings": 2, "coders": 0, "participants": 0, "memos": 3}),
        ("refi15_annexA1.qdc", {"sources": 0, "codes": 6, "codings": 0, "coders": 0, "participants": 0, "memos": 0}),
        ("portableQDA_Atlasti.qdc", {"sources": 0, "codes": 5, "codings": 0, "coders": 0, "participants": 0, "memos": 0}),
    ],
)
def test_an_example_file_comes_in_with_its_counts(external: Path, name: str, counts: dict[str, int]) -> None:
    file = held(external, name)
    assert {what: file.read[what] for what in counts} == counts
    assert {what: file.kept[what] for what in counts} == counts


def test_qualcoder_codings_hold_the_words_they_are_named_after(external: Path, tmp_path: Path) -> None:
    study = empty_study(tmp_path)
    done = study.import_project(external / "refi" / "qualcoder382_nl_mini.qdpx")
    assert done.report.positions["matched"] == done.report.positions["named"] == 9
    assert "één grote ramp" in set(study.codings()["text"])
    assert "“één grote ramp” 😢👩‍👩‍👧" in set(study.codings()["text"])
    now = study.snapshot()
    notes = now.memos.set_index("text")
    assert notes.loc["annotatie: klemtoon", ["start", "end"]].tolist() == [123, 127]
    assert not study.codebook.find("Ervaringen").codable
    assert now.participants["attributes"].tolist() == [{"leeftijd": 54}]
    assert now.documents.set_index("name")["attributes"]["focusgroep_emoji"] == {"setting": "online"}
    assert all(finding.sound for finding in study.doctor())


def test_codes_of_qc_that_share_a_name_all_come_in(external: Path) -> None:
    names = [row["name"] for row in held(external, "qc132_demo.qdpx").state["code"].values()]
    assert len(names) > len(set(names))


def test_maxqda_codes_keep_colour_and_description_and_sets_are_kept(external: Path) -> None:
    state = held(external, "maxqda24_icls_just10.qdpx").state
    assert all(row["colour"] and row["definition"] for row in state["code"].values())
    assert [row["tag"] for row in state["foreign"].values()] == ["Set", "Set"]


def test_two_categories_of_the_annex_are_not_codable(external: Path) -> None:
    assert [row["codable"] for row in held(external, "refi15_annexA1.qdc").state["code"].values()].count(False) == 2


def test_an_example_written_again_is_valid_and_holds_the_same(external: Path, tmp_path: Path) -> None:
    schema = etree.XMLSchema(etree.parse(external / "refi" / "Project.xsd"))
    for name in ("qualcoder382_nl_mini.qdpx", "maxqda24_icls_just10.qdpx", "f4_2025_test_project.qde"):
        study = empty_study(tmp_path, name)
        before = study.import_project(external / "refi" / name).report
        study.export(tmp_path / "uit.qdpx")
        root = etree.fromstring(zipfile.ZipFile(tmp_path / "uit.qdpx").read("project.qde"), etree.XMLParser(huge_tree=True))
        assert schema.validate(root), schema.error_log
        again = found(tmp_path / "uit.qdpx", NOTHING)
        for what in ("codes", "codings", "participants", "sources"):
            assert again.kept[what] == before.kept[what], (name, what)
