"""What other programs really write is read, each rule on a file made for it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from exchanges import codes, empty_study, guid, packed, selection, source, xml
from qualcode import Project, QualcodeError
from qualcode.errors import BadFile
from qualcode.model import Snapshot
from qualcode.project.refi import Exchanged
from qualcode.refi import found

TALK = "M1: En toen?\nR1: Toen zei niemand iets, echt niemand.\nR2: Dat ken ik."
WORDS = "Toen zei niemand iets"
AT = TALK.index(WORDS)


def words(study: Project) -> list[str]:
    return study.codings()["text"].tolist()


def brought(tmp_path: Path, body: str, texts: dict[str, str | bytes] | None = None, **how: Any) -> tuple[Project, Exchanged]:
    origin = how.pop("origin", "test")
    study = empty_study(tmp_path)
    return study, study.import_project(packed(tmp_path / "a.qdpx", xml(body, origin=origin), texts or {}, **how))


def read_only(path: Path) -> list[str]:
    """Return the coded words of a file, without a study to put them in."""
    held = found(path, Snapshot.of({}, {}))
    return [held.texts[row["document"]][row["start"] : row["end"]] for row in held.state["coding"].values()]


def one(selections: str, tail: str = "", name: str = "FG1") -> str:
    return f"<Sources>{source(name, selections + tail)}</Sources>"


CODED = one(selection("s", AT, AT + len(WORDS), "stilte", name=WORDS))


@pytest.mark.parametrize("folder", ["sources", "Sources", "SOURCES"])
@pytest.mark.parametrize("inner", ["project.qde", "Mijn project.qde", "Project.QDE", "map/project.qde"])
def test_sources_and_project_are_found_whatever_their_case_and_name(tmp_path: Path, folder: str, inner: str) -> None:
    folder = f"{inner.rpartition('/')[0]}/{folder}".strip("/")
    assert read_only(packed(tmp_path / "a.qdpx", xml(codes("stilte") + CODED), {"FG1": TALK}, folder=folder, inner=inner)) == [WORDS]


@pytest.mark.parametrize("path", ["{}.txt", "internal://{}.txt", "internal:///{}.txt", "INTERNAL://sources/{}.TXT"])
def test_a_path_is_found_with_and_without_its_scheme(tmp_path: Path, path: str) -> None:
    body = CODED.replace(f"internal://{guid('FG1')}.txt", path.format(guid("FG1")))
    assert read_only(packed(tmp_path / "a.qdpx", xml(codes("stilte") + body), {"FG1": TALK})) == [WORDS]


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:project:1.0", "urn:QDA-XML:project:0:10", "urn:qda-xml:project:2.0"])
def test_any_version_of_the_namespace_is_read(tmp_path: Path, namespace: str) -> None:
    assert read_only(packed(tmp_path / "a.qdpx", xml(codes("stilte") + CODED, namespace=namespace), {"FG1": TALK})) == [WORDS]


def test_the_order_of_the_parts_does_not_matter_and_is_reported(tmp_path: Path) -> None:
    study, done = brought(tmp_path, CODED + codes("stilte"), {"FG1": TALK})
    assert words(study) == [WORDS]
    assert done.report.breaches == ["Project: CodeBook staat niet op zijn plaats (1×)"]


def test_windows_text_with_a_mark_is_read_as_its_program_counted(tmp_path: Path) -> None:
    talk = "R1: 😀 ja.\r\nR2: 😢 nee hoor."
    start = len("R1: 😀 ja.\r\nR2: 😢 ") + 2
    body = codes("stilte") + one(selection("s", start, start + 8, "stilte"))
    study, done = brought(tmp_path, body, {"FG1": b"\xef\xbb\xbf" + talk.encode()}, origin="NVivo Windows 12.6")
    assert words(study) == ["nee hoor"]
    assert study.snapshot().text(guid("FG1")) == talk.replace("\r\n", "\n")
    assert done.report.positions["unit"] == "utf16"


def test_the_coder_of_a_coding_goes_before_the_coder_of_its_selection(tmp_path: Path) -> None:
    users = "".join(f'<User guid="{{{guid(name).upper()}}}" name="{name}"/>' for name in ("anna", "bram"))
    held = selection("s", AT, AT + 4, "stilte", "later", creatingUser=guid("anna"))
    held = held.replace(f'<Coding guid="{guid("slater")}"', f'<Coding guid="{guid("slater")}" creatingUser="{guid("bram")}"')
    study, done = brought(tmp_path, f"<Users>{users}</Users>" + codes("stilte", "later") + one(held), {"FG1": TALK})
    assert dict(study.codings()[["code", "coder"]].itertuples(index=False)) == {"stilte": "anna", "later": "bram"}
    assert done.report.kept["coders"] == 2


def test_no_coding_is_lost_for_want_of_a_coder(tmp_path: Path) -> None:
    held = selection("a", AT, AT + 4, "stilte") + selection("b", AT, AT + 8, "stilte", creatingUser=guid("weg"))
    study, done = brought(tmp_path, codes("stilte") + one(held), {"FG1": TALK})
    assert set(study.codings()["coder"]) == {"onbekend", f"onbekend ({guid('weg')[:8]})"}
    assert done.report.kept["codings"] == done.report.read["codings"] == 2


def test_two_users_of_one_name_stay_two(tmp_path: Path) -> None:
    users = "".join(f'<User guid="{guid(str(n))}" name="anna"/>' for n in (1, 2))
    study, _ = brought(tmp_path, f"<Users>{users}</Users>")
    assert study.snapshot().coders["name"].tolist().count("anna") == 2


def test_a_user_of_the_same_name_as_a_coder_of_the_study_is_that_coder(tmp_path: Path) -> None:
    study, done = brought(tmp_path, f'<Users><User guid="{guid("x")}" name="importeur"/></Users>')
    assert study.snapshot().coders["name"].tolist() == ["importeur"]
    assert any("importeur" in sentence for sentence in done.report.notes)


def test_codes_of_one_name_at_different_places_are_different_codes(tmp_path: Path) -> None:
    nested = ""
    for depth in range(7, 0, -1):
        nested = f'<Code guid="{guid(str(depth))}" name="laag" isCodable="{"true" if depth == 7 else "false"}" color="#0A0">{nested}</Code>'
    study, done = brought(tmp_path, f"<CodeBook><Codes>{nested}</Codes></CodeBook>")
    book = study.codebook.book
    assert len(book.codes) == done.report.kept["codes"] == 7
    assert [len(book.ancestors(code.key)) for code in book.codes] == list(range(7))
    assert [code.codable for code in book.codes] == [False] * 6 + [True]
    assert {code.colour for code in book.codes} == {"#00AA00"}


def test_guids_are_the_same_with_braces_and_in_capitals(tmp_path: Path) -> None:
    body = (codes("stilte") + CODED).replace(f'targetGUID="{guid("stilte")}"', f'targetGUID="{{{guid("stilte").upper()}}}"')
    assert read_only(packed(tmp_path / "a.qdpx", xml(body), {"FG1": TALK})) == [WORDS]


def test_notes_keep_author_and_date_and_find_their_place(tmp_path: Path) -> None:
    note = '<Note guid="{}" creatingUser="{}" creationDateTime="2024-05-06T10:00:00+02:00"><PlainTextContent>{}</PlainTextContent></Note>'
    names = {"code": "bij de code", "bron": "bij de bron", "plaats": "bij de plaats", "codering": "bij de codering", "los": "los"}
    notes = "".join(note.format(guid(key), guid("anna"), text) for key, text in names.items())
    refer = {key: f'<NoteRef targetGUID="{guid(key)}"/>' for key in names}
    coded = selection("s", AT, AT + 4, "stilte").replace("</Coding>", refer["codering"] + "</Coding>")
    place = selection("p", AT, AT + len(WORDS), tail=refer["plaats"])
    book = f'<CodeBook><Codes><Code guid="{guid("stilte")}" name="stilte" isCodable="true">{refer["code"]}</Code></Codes></CodeBook>'
    users = f'<Users><User guid="{guid("anna")}" name="anna"/></Users>'
    study, done = brought(tmp_path, users + book + one(coded + place, refer["bron"]) + f"<Notes>{notes}</Notes>", {"FG1": TALK})
    memos = study.snapshot().memos.set_index("text")
    assert {text: memos.loc[text, "on"] for text in names.values()} == {
        "bij de code": "code",
        "bij de bron": "document",
        "bij de plaats": "document",
        "bij de codering": "coding",
        "los": "project",
    }
    assert (memos.loc["bij de plaats", "start"], memos.loc["bij de plaats", "end"]) == (AT, AT + len(WORDS))
    assert set(memos["at"]) == {"2024-05-06T08:00:00.000Z"}
    assert set(memos["coder"]) == {guid("anna")}
    assert done.report.read["memos"] == done.report.kept["memos"] == 5


def test_a_selection_without_a_code_is_a_memo_at_that_place(tmp_path: Path) -> None:
    held = selection("s", AT, AT + 4, body="<Description>let op</Description>") + selection("t", AT, AT + 8, name="los citaat")
    study, done = brought(tmp_path, one(held), {"FG1": TALK})
    memos = study.snapshot().memos
    assert memos[["text", "start", "end"]].values.tolist() == [["let op", AT, AT + 4], ["los citaat", AT, AT + 8]]
    assert done.report.kept["memos"] == 2


def test_the_description_of_a_selection_is_the_memo_of_its_coding(tmp_path: Path) -> None:
    study, _ = brought(
        tmp_path, codes("stilte") + one(selection("s", AT, AT + 4, "stilte", body="<Description>let op</Description>")), {"FG1": TALK}
    )
    assert study.codings()["memo"].tolist() == ["let op"]


def test_a_description_that_repeats_its_note_is_kept_once(tmp_path: Path) -> None:
    tail = f'<NoteRef targetGUID="{guid("n")}"/>'
    note = f'<Notes><Note guid="{guid("n")}"><PlainTextContent>let op</PlainTextContent></Note></Notes>'
    study, done = brought(
        tmp_path, one(selection("s", AT, AT + 4, body="<Description>let  op</Description>", tail=tail)) + note, {"FG1": TALK}
    )
    assert study.snapshot().memos["text"].tolist() == ["let op"]
    assert done.report.kept["memos"] == 1


def test_a_link_from_a_note_to_a_selection_puts_the_note_there(tmp_path: Path) -> None:
    note = f'<Notes><Note guid="{guid("n")}"><PlainTextContent>via een link</PlainTextContent></Note></Notes>'
    link = f'<Links><Link guid="{guid("l")}" originGUID="{guid("n")}" targetGUID="{guid("s")}"/></Links>'
    study, _ = brought(tmp_path, codes("stilte") + CODED + note + link, {"FG1": TALK})
    assert study.snapshot().memos[["on", "target"]].values.tolist() == [["coding", guid("sstilte")]]


def test_an_annotation_of_qualcoder_stands_at_its_place_in_the_source(tmp_path: Path) -> None:
    note = f'<Note guid="{guid("n")}"><PlainTextContent>klemtoon</PlainTextContent>{selection("w", AT, AT + 4)}</Note>'
    study, _ = brought(tmp_path, one("", f'<NoteRef targetGUID="{guid("n")}"/>') + f"<Notes>{note}</Notes>", {"FG1": TALK})
    assert study.snapshot().memos[["text", "start", "end"]].values.tolist() == [["klemtoon", AT, AT + 4]]


def test_a_code_on_a_whole_source_stands_on_the_whole_text(tmp_path: Path) -> None:
    whole = f'<Coding guid="{guid("w")}"><CodeRef targetGUID="{guid("stilte")}"/></Coding>'
    study, done = brought(tmp_path, codes("stilte") + one("", whole), {"FG1": TALK})
    assert study.codings()[["start", "end"]].values.tolist() == [[0, len(TALK)]]
    assert any("hele bron" in sentence for sentence in done.report.notes)


def test_cases_are_participants_and_their_values_keep_their_type(tmp_path: Path) -> None:
    kinds = {"Integer": "42", "Float": "1.5", "Boolean": "true", "Text": "arts", "Date": "2024-02-01"}
    variables = "".join(f'<Variable guid="{guid(kind)}" name="{kind.lower()}" typeOfVariable="{kind}"/>' for kind in kinds)
    values = "".join(
        f'<VariableValue><VariableRef targetGUID="{guid(k)}"/><{k}Value>{v}</{k}Value></VariableValue>' for k, v in kinds.items()
    )
    case = f'<Case guid="{guid("p")}" name="P1">{values}<SelectionRef targetGUID="{guid("turn")}"/></Case>'
    at = TALK.index("Toen")
    turn = selection("turn", at, TALK.index("\nR2"))
    study, done = brought(tmp_path, f"<Variables>{variables}</Variables><Cases>{case}</Cases>" + one(turn), {"FG1": TALK})
    people = study.snapshot().participants
    assert people["attributes"].tolist() == [{"integer": 42, "float": 1.5, "boolean": True, "text": "arts", "date": "2024-02-01"}]
    speakers = study.snapshot().speakers.set_index("label")["participant"].dropna()
    assert speakers.to_dict() == {"R1": guid("p")}
    assert study.snapshot().memos.empty
    assert done.report.kept["participants"] == 1


def test_cases_give_a_text_without_labels_its_turns(tmp_path: Path) -> None:
    talk = "Toen zei niemand iets.\nDat ken ik."
    cases = "".join(f'<Case guid="{guid(n)}" name="{n}"><SelectionRef targetGUID="{guid("turn" + n)}"/></Case>' for n in ("Ada", "Bea"))
    held = selection("turnAda", 0, 22) + selection("turnBea", 23, len(talk))
    study, _ = brought(tmp_path, f"<Cases>{cases}</Cases>" + one(held), {"FG1": talk})
    turns = study.snapshot().turns
    assert turns[["label", "participant"]].values.tolist() == [["Ada", guid("Ada")], ["Bea", guid("Bea")]]


def test_codings_that_cannot_be_placed_are_counted_by_reason(tmp_path: Path) -> None:
    held = (
        selection("goed", AT, AT + 4, "stilte")
        + selection("buiten", 900, 950, "stilte")
        + selection("leeg", 3, 3, "stilte")
        + selection("weg", AT, AT + 4, "bestaat niet")
        + selection("scheef", "x", 4, "stilte")
        + selection("lang", AT, 900, "stilte")
    )
    study, done = brought(tmp_path, codes("stilte") + one(held), {"FG1": TALK})
    assert {row["what"]: row["n"] for row in done.report.dropped} == {"coding_outside": 2, "coding_empty": 1, "coding_unknown_code": 1}
    assert (done.report.read["codings"], done.report.kept["codings"]) == (6, 2)
    assert study.codings()["end"].max() == len(TALK)
    assert all(finding.sound for finding in study.doctor())


MEDIA = (
    f'<PictureSource guid="{guid("foto")}" name="foto" path="internal://foto.png"><PictureSelection guid="{guid("vak")}" firstX="1" firstY="2" '
    f'secondX="3" secondY="4"><Coding guid="{guid("c")}"><CodeRef targetGUID="{guid("stilte")}"/></Coding></PictureSelection></PictureSource>'
)
BESIDE = (
    f'<Links><Link guid="{guid("l")}" originGUID="{guid("FG1")}" targetGUID="{guid("foto")}"/></Links>'
    f'<Sets><Set guid="{guid("set")}" name="ronde een"><MemberCode targetGUID="{guid("stilte")}"/></Set></Sets>'
    f'<Graphs><Graph guid="{guid("g")}" name="kaart"><Vertex guid="{guid("v")}" firstX="1" firstY="1"/></Graph></Graphs>'
)


def test_what_has_no_place_is_kept_and_written_back(tmp_path: Path) -> None:
    body = codes("stilte") + f"<Sources>{source('FG1')}{MEDIA}</Sources>" + BESIDE
    study, done = brought(tmp_path, body, {"FG1": TALK})
    assert (done.report.read["sources"], done.report.kept["sources"]) == (2, 2)
    assert (done.report.read["codings"], done.report.kept["codings"]) == (1, 1)
    study.export(tmp_path / "uit.qdpx")
    again = zipfile.ZipFile(tmp_path / "uit.qdpx").read("project.qde").decode()
    for name in ("foto", "vak", "c", "l", "set", "g", "v"):
        assert guid(name) in again, name
    assert 'path="relative:///foto.png"' in again  # the picture itself is not in the package
    other = empty_study(tmp_path, "ander")
    other.import_project(tmp_path / "uit.qdpx")
    assert set(other.snapshot().foreigns["guid"]) == set(study.snapshot().foreigns["guid"])


def test_the_text_of_a_pdf_is_a_document_and_its_rectangles_are_kept(tmp_path: Path) -> None:
    text = f'<Representation guid="{guid("tekst")}"><PlainTextContent>Een brief.</PlainTextContent>{selection("s", 4, 9, "stilte")}</Representation>'
    pdf = f'<PDFSource guid="{guid("pdf")}" name="brief">{text}<Coding guid="{guid("w")}"><CodeRef targetGUID="{guid("stilte")}"/></Coding></PDFSource>'
    study, done = brought(tmp_path, codes("stilte") + f"<Sources>{pdf}</Sources>")
    assert study.codings()[["document", "text"]].values.tolist() == [["brief", "brief"]]
    assert (done.report.read["codings"], done.report.kept["codings"]) == (2, 2)
    assert (done.report.read["sources"], done.report.kept["sources"]) == (1, 1)
    assert "Representation" not in study.snapshot().foreigns["xml"].iloc[0]


def test_a_text_outside_the_file_is_never_looked_for(tmp_path: Path) -> None:
    secret = tmp_path / "geheim.txt"
    secret.write_text("geheim", encoding="utf-8")
    body = (
        "<Sources>"
        + source("FG1", plainTextPath=f"absolute://{secret}")
        + source("FG2", plainTextPath="relative:///geheim.txt")
        + "</Sources>"
    )
    study, done = brought(tmp_path, body)
    assert study.snapshot().documents.empty
    assert (done.report.read["sources"], done.report.kept["sources"]) == (2, 2)
    assert done.report.dropped[0]["what"] == "source_text"


def test_sources_of_one_name_or_none_are_all_kept(tmp_path: Path) -> None:
    body = "<Sources>" + "".join(source(str(n), name="antwoord") for n in range(3)) + source("3", name="") + "</Sources>"
    study, done = brought(tmp_path, body, {str(n): f"Antwoord {n}" for n in range(4)})
    assert study.snapshot().documents["name"].tolist() == ["antwoord", "antwoord (2)", "antwoord (3)", "Bron 4"]
    assert done.report.kept["sources"] == 4


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    study, _ = brought(tmp_path, codes("stilte") + CODED, {"FG1": TALK})
    events = study.stamp.events
    again = study.import_project(tmp_path / "a.qdpx")
    assert again.documents.empty
    assert study.stamp.events == events
    assert words(study) == [WORDS]


def test_a_source_that_was_edited_elsewhere_comes_beside_the_old_one(tmp_path: Path) -> None:
    study, _ = brought(tmp_path, codes("stilte") + CODED, {"FG1": TALK})
    packed(tmp_path / "b.qdpx", xml(codes("stilte") + CODED), {"FG1": TALK + " Ja."})
    study.import_project(tmp_path / "b.qdpx")
    assert study.snapshot().documents["name"].tolist() == ["FG1", "FG1 (2)"]
    assert words(study) == [WORDS, WORDS]
    assert all(finding.sound for finding in study.doctor())


def test_an_import_is_one_event_and_one_undo(tmp_path: Path) -> None:
    study, _ = brought(tmp_path, codes("stilte") + CODED, {"FG1": TALK})
    assert study.history()["kind"].tolist()[-1:] == ["import-project"]
    study.undo()
    now = study.snapshot()
    assert [len(table) for table in (now.documents, now.codings, now.codes, now.speakers)] == [0, 0, 0, 0]
    study.import_project(tmp_path / "a.qdpx")
    assert words(study) == [WORDS]


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    study = empty_study(tmp_path)
    file = packed(tmp_path / "a.qdpx", xml(codes("stilte") + CODED), {"FG1": TALK})
    done = study.import_project(file, dry_run=True)
    assert (done.report.kept["codings"], len(done.documents), done.written) == (1, 1, False)
    assert len(study.snapshot().documents) == 0


def test_codes_of_the_study_keep_their_words_when_a_project_comes_in(tmp_path: Path) -> None:
    study, _ = brought(tmp_path, codes("stilte") + CODED, {"FG1": TALK})
    study.codebook.edit("stilte", definition="onze eigen woorden")
    packed(tmp_path / "b.qdpx", xml(codes("stilte", "nieuw")), {})
    done = study.import_project(tmp_path / "b.qdpx")
    assert study.codebook.find("stilte").definition == "onze eigen woorden"
    assert done.codebook["change"].tolist() == ["added"]


def test_import_documents_takes_a_project_by_itself(tmp_path: Path) -> None:
    file = packed(tmp_path / "a.qdpx", xml(codes("stilte") + CODED), {"FG1": TALK})
    (tmp_path / "b.txt").write_text("R1: ja", encoding="utf-8")
    study = empty_study(tmp_path)
    with pytest.raises(QualcodeError, match="apart"):
        study.import_documents([file, tmp_path / "b.txt"])
    with pytest.raises(QualcodeError, match="--name"):
        study.import_documents(file, name="anders")
    assert study.import_documents(file, kind="interview")[["document", "kind"]].values.tolist() == [["FG1", "interview"]]


def test_a_codebook_of_the_standard_is_a_codebook(tmp_path: Path) -> None:
    path = tmp_path / "boek.qdc"
    held = '<Code guid="{0}" name="boven" isCodable="false"><Description>wat</Description><Code guid="{1}" name="onder" isCodable="true"/></Code>'
    sets = '<Sets><Set guid="{2}" name="groep"><MemberCode guid="{1}"/></Set></Sets>'
    body = (f"<Codes>{held}</Codes>" + sets).format("{" + guid("a").upper() + "}", guid("b"), guid("c"))
    path.write_text(f'<CodeBook xmlns="urn:QDA-XML:codebook:0:4">{body}</CodeBook>', encoding="utf-8")
    study = Project.create(tmp_path / "s.qualcode", coder="anna", codebook=path)
    assert [(code.name, code.codable, code.parent) for code in study.codebook.book.codes] == [
        ("boven", False, None),
        ("onder", True, guid("a")),
    ]
    assert study.codebook.take(path).empty


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<Iets/>", "begint met 'Iets'"),
        ('<!DOCTYPE Project [<!ENTITY a "b">]><Project name="x"/>', "DOCTYPE"),
        ("<Project", "project.qde"),
        ("<Code>" * 400 + "</Code>" * 400, "genest"),
    ],
)
def test_xml_that_is_no_project_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    study = empty_study(tmp_path)
    with pytest.raises(BadFile, match=sentence):
        study.import_project(packed(tmp_path / "a.qdpx", content, {}))
    assert study.stamp.events == 1


@pytest.mark.parametrize("name", ["../uit.txt", "/etc/passwd", "C:\\uit.txt", "sources/../../uit.txt", "..\\uit.txt"])
def test_names_that_lead_outside_the_file_are_refused(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / "a.qdpx", xml(""), {})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "x")
    with pytest.raises(BadFile, match="buiten het bestand"):
        empty_study(tmp_path).import_project(path)


def test_a_part_that_would_grow_beyond_reason_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.qdpx", xml(one("")), {"FG1": " " * 30_000_000})
    with pytest.raises(BadFile, match="onredelijk groot"):
        empty_study(tmp_path).import_project(path)


def test_two_projects_in_one_file_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.qdpx", xml(""), {}, inner="een.qde")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("twee.qde", xml(""))
    with pytest.raises(BadFile, match="2 projecten"):
        empty_study(tmp_path).import_project(path)
