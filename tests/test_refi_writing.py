"""What leaves for other programs keeps the rules of the standard and the same bytes, and can be read by all."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import qualcode as qc
from exchanges import empty_study
from qualcode.refi.schema import breaches

NS = {"q": "urn:QDA-XML:project:1.0"}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> qc.Project:
    made = qc.demo()
    made.memo("een opmerking bij de studie")
    made.memo("bij deze woorden", document="FG1", turn=13)
    made.memo("bij de code", code="E07")
    coding = made.code("FG1", turn=13, code="E07", memo="ironisch? 😀", stelling="nuanceert")
    made.memo("bij de codering", on=coding)
    return made


@pytest.fixture(scope="module")
def file(study: qc.Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("uit") / "studie.qdpx"
    study.export(target)
    return target


@pytest.fixture(scope="module")
def root(file: Path) -> Any:
    return etree.fromstring(zipfile.ZipFile(file).read("project.qde"), etree.XMLParser(huge_tree=True))


def test_the_project_keeps_every_rule_we_know(root: Any) -> None:
    assert breaches(root) == []


def test_the_project_is_valid(root: Any, external: Path) -> None:
    schema = etree.XMLSchema(etree.parse(external / "refi" / "Project.xsd"))
    assert schema.validate(root), schema.error_log


def test_the_codebook_is_valid(study: qc.Project, tmp_path: Path, external: Path) -> None:
    study.export(tmp_path / "boek.qdc")
    schema = etree.XMLSchema(etree.parse(external / "refi" / "Codebook.xsd"))
    assert schema.validate(etree.parse(tmp_path / "boek.qdc")), schema.error_log


RULES = [
    ("order", lambda p: p.append(p.find("q:Users", NS))),
    ("number", lambda p: p.find("q:Users", NS).clear()),
    ("child", lambda p: p.find("q:Users", NS).append(p.find(".//q:Code", NS))),
    ("missing", lambda p: p.find(".//q:Code", NS).attrib.pop("isCodable")),
    ("value", lambda p: p.find(".//q:Code", NS).set("color", "rood")),
    ("value", lambda p: p.find(".//q:Coding", NS).set("guid", "12")),
    ("attribute", lambda p: p.find(".//q:Coding", NS).set("memo", "x")),
    ("both", lambda p: etree.SubElement(p.find(".//q:TextSource", NS), f"{{{NS['q']}}}PlainTextContent")),
    ("element", lambda p: etree.SubElement(p, f"{{{NS['q']}}}Iets")),
]


@pytest.mark.parametrize(("what", "breaking"), RULES)
def test_a_rule_that_is_broken_is_named(file: Path, what: str, breaking: Any) -> None:
    project = etree.fromstring(zipfile.ZipFile(file).read("project.qde"), etree.XMLParser(huge_tree=True))
    breaking(project)
    assert what in {breach.what for breach in breaches(project)}


@pytest.mark.parametrize(("what", "breaking"), RULES)
def test_our_rules_break_where_the_schema_does(file: Path, what: str, breaking: Any, external: Path) -> None:
    schema = etree.XMLSchema(etree.parse(external / "refi" / "Project.xsd"))
    project = etree.fromstring(zipfile.ZipFile(file).read("project.qde"), etree.XMLParser(huge_tree=True))
    breaking(project)
    # that a text stands in the file or in the XML is a rule the schema only tells in words
    assert not schema.validate(project) or what == "both"


def test_the_same_study_gives_the_same_bytes(study: qc.Project, file: Path, tmp_path: Path) -> None:
    study.export(tmp_path / "nog eens.qdpx")
    assert (tmp_path / "nog eens.qdpx").read_bytes() == file.read_bytes()
    with qc.Project.open(study._store.address) as opened:
        opened.export(tmp_path / "derde.qdpx")
    assert (tmp_path / "derde.qdpx").read_bytes() == file.read_bytes()


def test_the_package_is_as_every_program_expects(file: Path, root: Any, study: qc.Project) -> None:
    names = zipfile.ZipFile(file).namelist()
    assert names[0] == "project.qde"
    assert all(re.fullmatch(r"sources/[0-9a-f-]{36}\.txt", name) for name in names[1:])
    assert root.get("origin") == f"qualcode {qc.__version__}"
    for source in root.iterfind(".//q:TextSource", NS):
        assert source.get("name")
        path = source.get("plainTextPath")
        assert path.startswith("internal://")
        data = zipfile.ZipFile(file).read("sources/" + path.removeprefix("internal://"))
        assert not data.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in data
        assert data.decode() == study.snapshot().text(source.get("guid"))


def test_a_selection_is_named_after_its_words_and_signed(file: Path, root: Any) -> None:
    seen = 0
    for source in root.iterfind(".//q:TextSource", NS):
        text = zipfile.ZipFile(file).read("sources/" + source.get("plainTextPath").removeprefix("internal://")).decode()
        for selection in source.iterfind("q:PlainTextSelection", NS):
            if selection.find("q:Coding", NS) is not None:
                start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
                assert selection.get("name") == text[start:end].replace("\n", " ")
                assert selection.get("creationDateTime").endswith("Z")
                assert all(coding.get("creatingUser") and coding.get("creationDateTime") for coding in selection.iterfind("q:Coding", NS))
                seen += 1
    assert seen > 100


def test_every_guid_is_there_once(root: Any) -> None:
    guids = [element.get("guid") for element in root.iter() if element.get("guid")]
    assert len(guids) == len(set(guids))


def test_code_names_are_unique_and_colours_are_hex(tmp_path: Path) -> None:
    study = empty_study(tmp_path)
    for id, parent in (("A", None), ("B", None), ("A1", "A"), ("B1", "B")):
        study.codebook.add(id, "Anders" if parent else id, parent=parent, codable=bool(parent), colour="#00AA88")
    study.export(tmp_path / "a.qdpx")
    project = etree.fromstring(zipfile.ZipFile(tmp_path / "a.qdpx").read("project.qde"))
    names = [code.get("name") for code in project.iter(f"{{{NS['q']}}}Code")]
    assert sorted(names) == ["A", "Anders (A1)", "Anders (B1)", "B"]
    assert {code.get("color") for code in project.iter(f"{{{NS['q']}}}Code")} == {"#00AA88"}


def test_an_empty_study_has_no_empty_containers(tmp_path: Path) -> None:
    empty_study(tmp_path).export(tmp_path / "a.qdpx")
    project = etree.fromstring(zipfile.ZipFile(tmp_path / "a.qdpx").read("project.qde"))
    assert [etree.QName(child).localname for child in project] == ["Users"]
    assert breaches(project) == []


def test_an_empty_codebook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(qc.QualcodeError, match="geen codes"):
        empty_study(tmp_path).export(tmp_path / "a.qdc")
    assert not (tmp_path / "a.qdc").exists()


def test_memos_are_notes_with_author_and_date_and_descriptions_too(root: Any) -> None:
    notes = {note.get("guid"): note for note in root.iterfind("q:Notes/q:Note", NS)}
    texts = {note.findtext("q:PlainTextContent", namespaces=NS): guid for guid, note in notes.items()}
    for text in ("een opmerking bij de studie", "bij deze woorden", "bij de code", "ironisch? 😀", "bij de codering"):
        note = notes[texts[text]]
        assert note.get("creatingUser")
        assert note.get("creationDateTime")
    assert root.xpath("q:NoteRef/@targetGUID", namespaces=NS).count(texts["een opmerking bij de studie"]) == 1
    assert root.xpath(f"//q:Code[q:NoteRef[@targetGUID='{texts['bij de code']}']]/@name", namespaces=NS) == ["Onderschatting"]
    described = root.xpath("//q:PlainTextSelection[q:Coding]/q:Description/text()", namespaces=NS)
    assert "ironisch? 😀" in described


def test_rounds_and_dimensions_are_notes_in_sets_that_people_can_read(root: Any) -> None:
    sets = {one.get("name"): one.xpath("q:MemberNote/@targetGUID", namespaces=NS) for one in root.iterfind("q:Sets/q:Set", NS)}
    assert {"ronde", "stelling"} <= sets.keys()
    notes = {
        note.get("guid"): (note.get("name"), note.findtext("q:PlainTextContent", namespaces=NS)) for note in root.iterfind(".//q:Note", NS)
    }
    assert ("stelling", "nuanceert") in {notes[guid] for guid in sets["stelling"]}
    assert {notes[guid][1] for guid in sets["ronde"]} >= {"ronde-1", "consensus"}


def test_participants_are_cases_with_their_turns(root: Any, study: qc.Project) -> None:
    turns = study.snapshot().turns.dropna(subset="participant")
    for case in root.iterfind(".//q:Case", NS):
        assert len(case.findall("q:SelectionRef", NS)) == (turns["participant"] == case.get("guid")).sum()
    selections = {s.get("guid") for s in root.iter(f"{{{NS['q']}}}PlainTextSelection")}
    assert {ref.get("targetGUID") for ref in root.iter(f"{{{NS['q']}}}SelectionRef")} <= selections


def test_for_nvivo_texts_and_positions_are_as_nvivo_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "FG1.txt").write_text("R1: 😀 ja hoor.\nR2: 😢 nee hoor.", encoding="utf-8")
    study = empty_study(tmp_path)
    study.codebook.add("A", "A")
    study.import_documents(tmp_path / "FG1.txt")
    study.code("FG1", "A", text="nee")
    study.export(tmp_path / "a.qdpx", nvivo=True)
    package = zipfile.ZipFile(tmp_path / "a.qdpx")
    data = package.read(package.namelist()[1])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 1
    found = etree.fromstring(package.read("project.qde")).find(".//q:PlainTextSelection[@name]", NS)
    units = data.decode("utf-8-sig").encode("utf-16-le")
    assert units[2 * int(found.get("startPosition")) : 2 * int(found.get("endPosition"))].decode("utf-16-le") == "nee"
    other = empty_study(tmp_path, "ander")
    other.import_project(tmp_path / "a.qdpx")
    assert other.codings()["text"].tolist() == ["nee"]


def test_the_report_of_an_export_names_what_stays_behind(study: qc.Project, tmp_path: Path) -> None:
    made = study.export(tmp_path / "a.qdpx")
    report = made.report
    assert report.read == report.kept
    assert report.kept["memos"] == len(study.snapshot().memos) + int(study.snapshot().codings["memo"].notna().sum())
    assert {"interaction", "prompt", "log"} <= {row["what"] for row in report.dropped}
    assert all(str(row["n"]) in row["sentence"] for row in report.dropped)
    assert json.loads(json.dumps(made.as_json()))["report"]["kept"] == report.kept


def test_what_another_program_does_not_read_stands_behind_the_xml(root: Any) -> None:
    instructions = [one for one in root.itersiblings() if one.tag is etree.ProcessingInstruction]
    assert {json.loads(one.text)["kind"] for one in instructions} >= {"codebook", "code", "document", "coding", "interaction"}
    assert list(root.iter(etree.ProcessingInstruction, etree.Comment)) == []


def test_taguette_gets_the_codebook_as_it_reads_it(study: qc.Project, tmp_path: Path) -> None:
    study.export(tmp_path / "boek.taguette.csv")
    lines = (tmp_path / "boek.taguette.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "tag,description"
    assert any(line.startswith("Ervaringen met racisme.Minder tastbaar.Onderschatting,") for line in lines)


def test_a_codebook_comes_back_whole(study: qc.Project, tmp_path: Path) -> None:
    study.codebook.save(tmp_path / "boek.qdc")
    other = qc.Project.create(tmp_path / "ander.qualcode", coder="bram", codebook=tmp_path / "boek.qdc")
    assert other.codebook.book.fingerprint == study.codebook.book.fingerprint
    study.codebook.save(tmp_path / "nog eens.qdc")
    assert (tmp_path / "nog eens.qdc").read_bytes() == (tmp_path / "boek.qdc").read_bytes()


def test_a_file_that_stood_there_stays_until_the_new_one_is_whole(study: qc.Project, tmp_path: Path) -> None:
    with pytest.raises(qc.QualcodeError, match="weg"):
        study.export(tmp_path / "weg" / "a.qdpx")
