"""A study as a person uses it: what verbs promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import Ambiguous, BadFile, NotFound, Refused, StudyExists, StudyNotFound
from qualcode.project import Project
from qualcode.sample import codebook_folder, fixed_clock, fixed_guids

TALK = """M1: Wat maakte u mee?
R1: Ze vroegen of ik de koffie kwam brengen. Ik zat de vergadering voor.
R2: Dat heb ik ook, ja. Altijd die blik.
M1: En toen?
R1: Toen zei niemand iets.
R3: Bij mij valt het mee.
"""
BOOK = codebook_folder() / "racisme-op-de-werkvloer.yaml"


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "FG1.txt"
    path.write_text(TALK, encoding="utf-8")
    return path


@pytest.fixture
def study(address: str, talk: Path) -> Iterator[Project]:
    made = Project.create(address, coder="anna", codebook=BOOK, clock=fixed_clock(), guids=fixed_guids())
    made.import_documents(talk)
    yield made
    made.close()


def words(study: Project) -> list[str]:
    return list(study.codings()["text"])


def state(study: Project) -> dict[str, list[dict[str, object]]]:
    """Everything that stands in the study but who has been here; order of birth does not matter."""
    return {kind: sorted(table.to_dict("records"), key=str) for kind, table in study.snapshot().tables.items() if kind != "coder"}


def test_a_turn_quoted_words_and_positions_point_at_the_same_place(study: Project) -> None:
    text = study.snapshot().text(study.snapshot().document_names["FG1"])
    quote = "Ik zat de vergadering voor."
    start = text.index(quote)
    study.code("FG1", "E07", text=quote)
    study.code("FG1", "E07", turn=2, text="Ik zat  de vergadering\nvoor.")
    study.code("FG1", "E07", span=(start - 1, start + len(quote)))
    assert words(study) == [quote] * 3


def test_a_whole_turn_is_its_words_without_the_label(study: Project) -> None:
    study.code("FG1", "E07", turn=3)
    assert words(study) == ["Dat heb ik ook, ja. Altijd die blik."]


def test_a_coding_outlives_the_process(study: Project, address: str) -> None:
    made = study.code("FG1", "E07", turn=2, memo="ironisch?", stelling="nuanceert")
    again = Project.open(address)
    row = again.codings().iloc[0]
    assert (row["coding"], row["code"], row["coder"], row["memo"], row["stelling"]) == (made.guid, "E07", "anna", "ironisch?", "nuanceert")
    again.close()


@pytest.mark.parametrize(
    ("code", "where", "error"),
    [
        ("E07", {"turn": 1}, Refused),  # a moderator
        ("EB", {"turn": 2}, Refused),  # a subtheme
        ("E", {"turn": 2}, Refused),  # a theme
        ("E99", {"turn": 2}, NotFound),
        ("E07", {"turn": 99}, NotFound),
        ("E07", {"text": "staat er niet"}, NotFound),
        ("E07", {"text": "ik"}, Ambiguous),
        ("E07", {}, Refused),
        ("E07", {"span": (5, 5)}, Refused),
        ("E07", {"span": (0, 10**6)}, Refused),
        ("E07", {"turn": 2, "stelling": "misschien"}, Refused),
        ("E07", {"turn": 2, "onbekend": "x"}, Refused),
    ],
)
def test_what_the_method_refuses_changes_nothing_and_quotes_nothing(
    study: Project, code: str, where: dict[str, object], error: type[Exception]
) -> None:
    before = study.snapshot().stamp
    with pytest.raises((error, NotFound) if error is Refused and "onbekend" in where else error) as caught:
        study.code("FG1", code, **where)
    assert study.snapshot().stamp == before
    assert "vergadering" not in str(caught.value)


def test_a_retired_code_keeps_its_codings_and_takes_no_new_ones(study: Project) -> None:
    study.code("FG1", "E07", turn=2)
    study.codebook.retire("E07")
    with pytest.raises(Refused, match="E07"):
        study.code("FG1", "E07", turn=3)
    assert len(study.codings(code="E07")) == 1


@pytest.mark.parametrize("change", ["rename", "move", "merge", "split", "retire"])
def test_changing_the_codebook_keeps_the_codings(study: Project, change: str) -> None:
    made = study.code("FG1", "E07", turn=2)
    book = study.codebook
    {
        "rename": lambda: book.rename("E07", "Laag ingeschat"),
        "move": lambda: book.move("E07", "EA"),
        "merge": lambda: book.merge("E07", "E08"),
        "split": lambda: book.split("E07", [{"id": "E20", "name": "In functie"}, {"id": "E21", "name": "In taal"}]),
        "retire": lambda: book.retire("E07"),
    }[change]()
    row = study.codings().iloc[0]
    assert row["coding"] == made.guid
    assert row["code"] == ("E08" if change == "merge" else "E07")
    study.undo()
    assert study.codings().iloc[0]["code"] == "E07"
    assert study.codebook.path(study.codebook.find("E07").guid).endswith("Minder tastbaar > Onderschatting")


def test_recode_changes_in_place_and_history_keeps_the_original(study: Project) -> None:
    made = study.code("FG1", "E07", turn=2, stelling="nuanceert")
    again = study.recode(made, code="E08", memo="toch betutteling", stelling=None, ervaring="gezien")
    row = study.codings().iloc[0]
    assert (again.guid, row["code"], row["memo"], row["ervaring"]) == (made.guid, "E08", "toch betutteling", "gezien")
    assert pd.isna(row["stelling"])
    study.undo()
    assert study.codings().iloc[0]["code"] == "E07"
    assert study.codings().iloc[0]["stelling"] == "nuanceert"


def test_undo_and_redo_walk_back_and_forth(study: Project) -> None:
    start = state(study)
    made = study.code("FG1", "E07", turn=2)
    one = state(study)
    study.uncode(made)
    two = state(study)
    assert two == start
    study.undo()
    assert state(study) == one
    study.undo()
    assert state(study) == start
    study.redo()
    assert state(study) == one
    study.redo()
    assert state(study) == two
    assert study.redo() is None


def test_new_work_after_an_undo_leaves_nothing_to_redo(study: Project) -> None:
    study.code("FG1", "E07", turn=2)
    study.undo()
    study.code("FG1", "E08", turn=3)
    assert study.redo() is None


def test_nobodys_undo_takes_back_anothers_work(study: Project, address: str) -> None:
    study.code("FG1", "E07", turn=2)
    bram = Project.open(address, coder="bram")
    bram.code("FG1", "E08", turn=3)
    study.refresh()
    study.undo()
    assert list(study.codings()["code"]) == ["E08"]
    bram.refresh()
    bram.undo()
    assert bram.codings().empty
    assert bram.undo() is None
    bram.close()


def test_undo_names_what_was_changed_since(study: Project, address: str) -> None:
    made = study.code("FG1", "E07", turn=2)
    study.recode(made, memo="van anna")
    bram = Project.open(address, coder="bram")
    bram.recode(made.guid, memo="van bram")
    study.refresh()
    done = study.undo()
    assert done is not None
    assert {one.field for one in done.left} == {"memo", "at"}
    assert study.codings().iloc[0]["memo"] == "van bram"
    bram.close()


def test_an_import_is_one_gesture(study: Project, tmp_path: Path) -> None:
    before = state(study)
    for name in ("FG2", "FG3"):
        (tmp_path / f"{name}.txt").write_text(TALK.replace("koffie", name), encoding="utf-8")
    study.import_documents([tmp_path / "FG2.txt", tmp_path / "FG3.txt"])
    assert len(study.snapshot().documents) == 3
    study.undo()
    assert state(study) == before
    study.redo()
    assert list(study.snapshot().documents["name"]) == ["FG1", "FG2", "FG3"]


def test_a_gesture_that_makes_a_code_and_uses_it_is_taken_back_whole(study: Project) -> None:
    before = state(study)
    with study.gesture():
        study.codebook.add("E40", "Koffie", parent="EB")
        made = study.code("FG1", "E40", turn=2)
        study.memo("zie hier", on=made)
    done = study.undo()
    assert done is not None
    assert done.left == ()
    assert state(study) == before
    study.redo()
    assert list(study.codings()["code"]) == ["E40"]


def test_a_cell_and_a_desk_may_code_at_the_same_time(study: Project) -> None:
    def work() -> None:
        for _ in range(20):
            study.code("FG1", "E07", turn=2)
            study.refresh()
            study.snapshot()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(study.codings()) == 60
    assert all(finding.sound for finding in study.doctor())


def test_one_bad_file_keeps_all_out(study: Project, tmp_path: Path) -> None:
    (tmp_path / "goed.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "slecht.docx").write_bytes(b"geen docx")
    before = study.snapshot().stamp
    with pytest.raises(BadFile, match=r"slecht\.docx"):
        study.import_documents([tmp_path / "goed.txt", tmp_path / "slecht.docx"])
    assert study.snapshot().stamp == before


def test_a_dry_run_shows_and_writes_nothing(study: Project, talk: Path) -> None:
    before = study.snapshot().stamp
    row = study.import_documents(talk, dry_run=True).iloc[0]
    assert (row["document"], row["turns"], {s["label"]: s["turns"] for s in row["speakers"]}) == (
        "FG1 (2)",
        6,
        {"M1": 2, "R1": 2, "R2": 1, "R3": 1},
    )
    assert study.snapshot().stamp == before


def test_an_equal_name_gets_a_number_and_equal_content_a_warning(study: Project, talk: Path) -> None:
    row = study.import_documents(talk).iloc[0]
    assert row["document"] == "FG1 (2)"
    assert len(row["warnings"]) >= 2
    assert any("'FG1'" in sentence for sentence in row["warnings"])


def test_a_register_of_participants_is_joined_and_its_faults_named(study: Project, tmp_path: Path) -> None:
    path = tmp_path / "deelnemers.csv"
    path.write_text(
        "document,label,participant,role,leeftijd\nFG1,R1,P1,deelnemer,35-44\nFG1,R1,P9,deelnemer,18-34\nFG1,R2,P2,deelnemer,55+\nFG1,R7,P7,deelnemer,55+\nFG1,M1,,moderator,\n",
        encoding="utf-8",
    )
    report = study.join_participants(path)
    assert set(zip(report["problem"], report["label"], strict=True)) == {("duplicate", "R1"), ("silent", "R7"), ("unknown_speaker", "R3")}
    people = study.snapshot().participants.set_index("name")["attributes"]
    assert people["P1"] == {"leeftijd": "35-44"}


def test_a_role_can_be_set_and_decides_what_may_be_coded(study: Project) -> None:
    study.set_role("FG1", "R3", "notulist")
    with pytest.raises(Refused, match="notulist"):
        study.code("FG1", "E07", turn=6)
    study.undo()
    study.code("FG1", "E07", turn=6)


def test_removing_a_document_takes_its_codings_along_and_undo_brings_all_back(study: Project) -> None:
    study.code("FG1", "E07", turn=2)
    study.memo("let op", document="FG1", turn=2)
    before = state(study)
    study.remove_document("FG1")
    assert study.snapshot().documents.empty
    assert study.snapshot().codings.empty
    assert study.snapshot().memos.empty
    study.undo()
    assert state(study) == before


def test_memos_stand_on_anything(study: Project) -> None:
    made = study.code("FG1", "E07", turn=2)
    study.memo("over de studie")
    study.memo("over de code", code="E07")
    study.memo("over het document", document="FG1")
    study.memo("over de woorden", document="FG1", text="de koffie")
    study.memo("over de codering", on=made)
    assert list(study.snapshot().memos["on"]) == ["project", "code", "document", "document", "coding"]


@pytest.mark.parametrize(
    ("kind", "row", "named"),
    [
        ("topic", {"document": "FG1", "topic": "S", "raised": "misschien"}, "misschien"),
        ("interaction", {"document": "FG1", "turn": 2, "interaction": "I12"}, "I12"),
        ("prompt", {"document": "FG1", "turn": 1, "type": "leuk"}, "leuk"),
        ("topic", {"document": "FG1", "topic": "S", "raised": "ja", "kleur": "rood"}, "kleur"),
        ("geheim", {}, "geheim"),
    ],
)
def test_a_row_that_cannot_be_registered_is_named_and_nothing_written(
    study: Project, kind: str, row: dict[str, object], named: str
) -> None:
    before = study.snapshot().stamp
    with pytest.raises(Refused, match=named):
        study.record(kind, **row)
    assert study.snapshot().stamp == before


def test_registers_keep_turns_and_what_they_answer(study: Project) -> None:
    study.record("interaction", document="FG1", turn=3, interaction="I2", code="E07", about="Ik zat de vergadering voor.")
    study.record("prompt", document="FG1", turn=1, type="open")
    study.record("topic", document="FG1", topic="S", raised="nee")
    now = study.snapshot()
    text = now.text(now.document_names["FG1"])
    start, end = now.interactions.iloc[0]["about"]
    assert text[start:end] == "Ik zat de vergadering voor."
    assert now.prompts.iloc[0]["type"] == "open"
    assert now.topics.iloc[0]["raised"] == "nee"


def test_codings_leave_and_come_back_as_they_were(study: Project, tmp_path: Path) -> None:
    study.code("FG1", "E07", turn=2, memo='=1+1, "met" komma\nen regel', grond="herkomst|geloof")
    study.code("FG1", "O01", text="Toen zei niemand iets.", layer="ronde-2")
    before = study.codings()
    for excel in (False, True):
        path = study.export(tmp_path / f"c{excel}.csv", excel=excel)
        for made in list(study.snapshot().codings["guid"]):
            study.uncode(made)
        done = study.import_codings(path)
        assert done.written, list(done.problems["sentence"])
        pd.testing.assert_frame_equal(study.codings(), before)


def test_rows_that_cannot_be_placed_keep_all_out_unless_asked(study: Project, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        'document,text,code\nFG1,"Toen zei niemand iets.",O01\nFG1,"staat er niet",O01\nFG1,"Wat maakte u mee?",O01\nFG1,"Altijd die blik.",OA\n',
        encoding="utf-8",
    )
    done = study.import_codings(path)
    assert (done.written, done.placed, int(done.problems["blocking"].sum())) == (False, 1, 3)
    assert study.codings().empty
    assert study.import_codings(path, partial=True).written
    assert words(study) == ["Toen zei niemand iets."]


def test_a_workbook_holds_every_table_as_text(study: Project, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    study.code("FG1", "E07", turn=2, memo="=cmd()")
    book = load_workbook(study.export(tmp_path / "alles.xlsx"))
    assert book.sheetnames == ["coderingen", "fragmenten", "codeboek", "documenten", "spreekbeurten", "deelnemers", "memo's"]
    rows = list(book["coderingen"].iter_rows())
    memo = [cell.value for cell in rows[0]].index("memo")
    assert (rows[1][memo].value, rows[1][memo].data_type) == ("=cmd()", "s")


def test_a_failed_export_leaves_the_earlier_file(study: Project, tmp_path: Path) -> None:
    target = tmp_path / "c.csv"
    target.write_text("eerder")
    with pytest.raises(Refused, match="docx"):
        study.export(tmp_path / "c.docx")
    with pytest.raises(Refused, match="weg"):
        study.export(tmp_path / "weg" / "c.csv")
    assert target.read_text() == "eerder"
    assert sorted(p.suffix for p in tmp_path.iterdir() if p.name.startswith(".c")) == []


def test_creating_needs_a_good_codebook_and_makes_nothing_without(address: str, tmp_path: Path) -> None:
    bad = tmp_path / "slecht.yaml"
    bad.write_text("codes: [", encoding="utf-8")
    with pytest.raises(BadFile, match=r"slecht\.yaml"):
        Project.create(address, coder="anna", codebook=bad)
    with pytest.raises((StudyNotFound, StudyExists)):
        Project.open(address)


def test_a_study_tells_its_state(study: Project) -> None:
    assert repr(study) == "<Project 'FG1': 1 documenten, 79 codes, 0 coderingen; codeur: anna>".replace("'FG1'", f"'{study.name}'")
    assert repr(study.code("FG1", "E07", turn=2)) == "<Codering E07: FG1, beurt 2; anna, ronde-1>"


verbs = st.lists(
    st.sampled_from(["code", "uncode", "recode", "memo", "rename", "move", "merge", "retire", "add", "topic", "role", "redo", "undo"]),
    max_size=9,
)


@settings(max_examples=25)
@given(verbs)
def test_any_sequence_of_work_then_all_undone_is_the_start(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "FG1.txt").write_text(TALK, encoding="utf-8")
    study = Project.create(folder / "s.qualcode", coder="anna", codebook=BOOK, clock=fixed_clock(), guids=fixed_guids())
    study.import_documents(folder / "FG1.txt")
    start, floor = state(study), len(study.history())
    for number, step in enumerate(steps):
        guids = list(study.snapshot().codings["guid"])
        perform: dict[str, Callable[[], object]] = {
            "code": lambda: study.code("FG1", "E09", turn=2 + number % 2),
            "uncode": lambda: study.uncode(guids[0]) if guids else None,
            "recode": lambda n=number: study.recode(guids[-1], memo=f"m{n}") if guids else None,
            "memo": lambda: study.memo("hm", document="FG1"),
            "rename": lambda n=number: study.codebook.rename("E07", f"n{n}"),
            "move": lambda n=number: study.codebook.move("E07", "EA" if n % 2 else "EB"),
            "merge": lambda: None if study.codebook.find("E07").merged_into else study.codebook.merge("E07", "E08"),
            "retire": lambda: study.codebook.retire("E02"),
            "add": lambda n=number: study.codebook.add(f"E{30 + n}", "nieuw", parent="EA"),
            "topic": lambda: study.record("topic", document="FG1", topic="S", raised="nee"),
            "role": lambda n=number: study.set_role("FG1", "R2", ("deelnemer", "notulist")[n % 2]),
            "redo": study.redo,
            "undo": lambda: study.undo() if len(study.history().query("not undone and kind not in ['undo', 'redo']")) > floor else None,
        }
        perform[step]()
    while len(study.history().query("not undone and kind not in ['undo', 'redo']")) > floor:
        done = study.undo()
        assert done is not None
        assert done.left == ()
    assert state(study) == start
    assert all(finding.sound for finding in study.doctor())
    study.close()
