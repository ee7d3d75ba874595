"""Tidy codings: every row finds exactly its words, or a sentence says why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.codebook import Codebook
from qualcode.errors import BadFile
from qualcode.importers import Placed, place, read_codings
from qualcode.importers._finding import Searched, folded
from qualcode.importers._grid import without_guard
from studies import Build

TURNS = [
    ("M1", "Wie wil beginnen?"),
    ("R1", "Nou, ik werd  onderschat\nen dat was niet leuk. Ja. 😀 Ja."),
    ("R2", "Dat heb ik ook. Wie wil beginnen? Ik niet."),
    ("R1", "Dat heb ik ook."),
]


@pytest.fixture(scope="module")
def build() -> Build:
    made = Build()
    made.document("FG1", TURNS)
    made.document("FG2", [("R1", "Niets.")])
    made.document("FG3", [("R1", "Ene."), ("M1", "Andere.")])
    made.state["document"]["doc-FG3"]["name"] = "FG2 (2)"
    made.state["code"]["code-E09"] |= {"retired": True}
    made.state["code"]["code-E02"] |= {"retired": True, "merged_into": "code-E01"}
    made.state["code"]["code-OB"] |= {"requires": ["actor"]}
    made.state["code"]["code-S13"] |= {"id": "S09"}
    return made


@pytest.fixture(scope="module")
def placing(build: Build) -> Any:
    snapshot = build.snapshot()
    book = Codebook.of(snapshot)

    def placed(**row: Any) -> Placed:
        return place(pd.DataFrame([{"document": "FG1", "code": "E07", **row}]), snapshot, book)

    placed.snapshot, placed.book, placed.text = snapshot, book, snapshot.text("doc-FG1")  # type: ignore[attr-defined]
    return placed


def _words(placed: Placed, text: str) -> str:
    assert list(placed.problems["sentence"]) == []
    (row,) = placed.rows.to_dict("records")
    return text[row["start"] : row["end"]]


def test_offsets_place_a_coding_whatever_else_the_row_says(placing: Any) -> None:
    start, end = placing.text.index("onderschat"), placing.text.index("onderschat") + 10
    found = placing(
        start=start,
        end=end,
        coder="anna",
        layer="consensus",
        memo=" ironisch? ",
        at="2025-03-03T10:00:00Z",
        kind="focusgroep",
        stelling="nuanceert",
    )
    (row,) = found.rows.to_dict("records")
    assert row == {
        "document": "doc-FG1",
        "version": 1,
        "start": start,
        "end": end,
        "code": "code-E07",
        "coder": "anna",
        "layer": "consensus",
        "at": "2025-03-03T10:00:00Z",
        "memo": " ironisch? ",
        "dimensions": {"stelling": "nuanceert"},
        "coding": None,
    }
    assert len(found.problems) == 0


def test_text_with_offsets_must_be_the_words_there(placing: Any) -> None:
    start = placing.text.index("onderschat")
    assert _words(placing(start=start, end=start + 10, text="onderschat"), placing.text) == "onderschat"
    wrong = placing(start=start, end=start + 10, text="overschat")
    assert list(wrong.problems["problem"]) == ["other_text"]
    assert len(wrong.rows) == 0


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"text": "werd onderschat en dat"}, "werd  onderschat\nen dat"),
        ({"text": "  werd\n onderschat\ten dat "}, "werd  onderschat\nen dat"),
        ({"text": "niet leuk. Ja. 😀"}, "niet leuk. Ja. 😀"),
        ({"text": "Dat heb ik ook.", "speaker": "R2"}, "Dat heb ik ook."),
        ({"text": "Dat heb ik ook.", "speaker": "FG1-P2"}, "Dat heb ik ook."),
        ({"text": "Dat heb ik ook.", "turn": 4}, "Dat heb ik ook."),
        ({"text": "Wie wil beginnen?", "speaker": "r2"}, "Wie wil beginnen?"),
        ({"turn": 4}, "Dat heb ik ook."),
        ({"turn": 2}, TURNS[1][1]),
        ({"turn": 2.0, "speaker": "R1|R2"}, TURNS[1][1]),
    ],
)
def test_words_and_turns_place_a_coding_exactly(placing: Any, row: dict[str, Any], words: str) -> None:
    assert _words(placing(**row), placing.text) == words


def test_speaker_and_turn_choose_between_equal_words(placing: Any) -> None:
    first = placing(text="Dat heb ik ook.", speaker="R2").rows["start"][0]
    last = placing(text="Dat heb ik ook.", speaker="R1").rows["start"][0]
    assert first == placing.text.index("Dat heb") < last == placing.text.rindex("Dat heb")


@pytest.mark.parametrize(
    ("row", "column", "problem", "fact"),
    [
        ({"document": "FG9", "turn": 1}, "document", "unknown_document", "FG1"),
        ({"document": "", "turn": 1}, "document", "no_document_named", ""),
        ({"text": "dit staat er niet"}, "text", "text_not_found", "FG1"),
        ({"text": "onderschat", "speaker": "R2"}, "text", "text_not_found", ""),
        ({"text": "Wie wil beginnen?", "turn": 4}, "text", "text_not_found", ""),
        ({"text": "Dat heb ik ook."}, "text", "text_repeated", "2"),
        ({"text": "😀 Ja.\nR2: Dat heb", "speaker": "R1"}, "text", "text_not_found", ""),
        ({"text": "Ja.", "speaker": "R1"}, "text", "text_repeated", "2"),
        ({"text": "Nou", "speaker": "R7"}, "speaker", "unknown_speaker_row", "R7"),
        ({"turn": 4, "speaker": "R2"}, "speaker", "other_speaker", "4"),
        ({"turn": 9}, "turn", "no_turn", "4"),
        ({"turn": 0}, "turn", "no_turn", "4"),
        ({}, "text", "no_place", ""),
        ({"start": 3}, "end", "half_a_place", ""),
        ({"start": 9, "end": 9}, "start", "bad_place", ""),
        ({"start": 9, "end": 9999}, "start", "bad_place", "9999"),
        ({"start": "x", "end": 9}, "start", "whole_number", ""),
        ({"turn": 1}, "speaker", "moderator_turn", "moderator"),
        ({"text": "Wie wil", "turn": 1}, "speaker", "moderator_turn", "moderator"),
        ({"turn": 2, "code": "X99"}, "code", "no_code", "X99"),
        ({"turn": 2, "code": ""}, "code", "no_code_named", ""),
        ({"turn": 2, "code": "S09"}, "code", "ambiguous", "S09"),
        ({"turn": 2, "code": "EB"}, "code", "not_a_code", "subthema"),
        ({"turn": 2, "code": "E"}, "code", "not_a_code", "thema"),
        ({"turn": 2, "code": "E09"}, "code", "retired_code", "E09"),
        ({"turn": 2, "code": "E02"}, "code", "merged_code", "E01"),
        ({"turn": 2, "stelling": "soms"}, "stelling", "unknown_value", "nuanceert"),
    ],
)
def test_a_row_without_a_place_is_a_problem_with_a_sentence(
    placing: Any, row: dict[str, Any], column: str, problem: str, fact: str
) -> None:
    found = placing(**row)
    assert len(found.rows) == 0
    (only,) = found.problems.to_dict("records")
    assert (only["row"], only["column"], only["problem"], only["blocking"]) == (1, column, problem, True)
    assert fact in only["sentence"]
    assert "{" not in only["sentence"]
    assert "staat er niet" not in only["sentence"]


def test_a_path_tells_codes_with_one_id_apart(placing: Any) -> None:
    found = placing(turn=2, code="S09", code_path="Suggesties > Melden en steun > Ambitieuzer beleid")
    assert list(found.rows["code"]) == ["code-S13"]
    alone = placing(turn=2, code="", code_path="Ervaringen met racisme > Minder tastbaar > Onderschatting")
    assert list(alone.rows["code"]) == ["code-E07"]


def test_a_missing_required_dimension_warns_and_places_the_row(placing: Any) -> None:
    found = placing(turn=2, code="O05")
    assert len(found.rows) == 1
    (only,) = found.problems.to_dict("records")
    assert (only["problem"], only["column"], only["blocking"]) == ("missing_dimension", "actor", False)
    assert len(placing(turn=2, code="O05", actor="top").problems) == 0


def test_dimensions_come_in_as_the_codebook_keeps_them(placing: Any) -> None:
    found = placing(turn=2, grond="Geloof|herkomst", voorval="3", ironie="", actor=None, werkt=float("nan"))
    assert found.rows["dimensions"][0] == {"grond": ["geloof", "herkomst"], "voorval": 3}


def test_a_column_that_is_no_dimension_is_told(placing: Any) -> None:
    found = placing(turn=2, kleur="rood", code_path="", leeg="")
    assert len(found.rows) == 1
    assert [(p["column"], p["problem"], p["blocking"]) for p in found.problems.to_dict("records")] == [("kleur", "unknown_column", False)]


def test_one_guid_twice_in_a_file_is_a_problem(placing: Any) -> None:
    guid = "0F000000-0000-4000-8000-000000000001"
    frame = pd.DataFrame(
        [
            {"document": "FG1", "code": "E07", "turn": 2, "coding": guid},
            {"document": "FG1", "code": "E07", "turn": 3, "coding": f"{{{guid.lower()}}}"},
        ]
    )
    found = place(frame, placing.snapshot, placing.book)
    assert list(found.rows["coding"]) == [guid.lower()]
    assert list(found.problems["row"]) == [2]


def test_two_documents_of_one_name_wait_for_a_person(build: Build) -> None:
    build.state["document"]["doc-FG3"]["name"] = "FG2"
    try:
        snapshot = build.snapshot()
    finally:
        build.state["document"]["doc-FG3"]["name"] = "FG2 (2)"
    frame = pd.DataFrame([{"document": "FG2", "code": "E07", "turn": 1}, {"document": "doc-FG2", "code": "E07", "turn": 1}])
    found = place(frame, snapshot, Codebook.of(snapshot))
    assert list(found.problems["problem"]) == ["two_documents"]
    assert list(found.rows["document"]) == ["doc-FG2"]


def test_words_across_a_page_mark_are_found_with_and_without_it() -> None:
    text = "R1: eerste deel\nPagina 3\ntweede deel\nR2: ja"
    turns = {"start": [4, 41], "end": [36, 43], "label": ["R1", "R2"], "time": [None, None], "gaps": [[0, 16, 25]]}
    searched = Searched.of(text, turns, names={}, roles={})
    assert searched.find("eerste deel tweede deel") == [(4, 36)]
    assert searched.find("deel Pagina 3 tweede") == [(11, 31)]


@given(st.text(st.sampled_from("ab é😀\n\t  "), min_size=1, max_size=60), st.integers(0, 60), st.integers(1, 60))
def test_a_slice_is_found_at_its_own_offsets(text: str, start: int, size: int) -> None:
    words = text[start : start + size]
    if not words.strip():
        return
    at = start + len(words) - len(words.lstrip())
    found = Searched.of(text, {"start": [], "end": [], "label": [], "gaps": []}, names={}, roles={}).find(words)
    assert (at, at + len(words.strip())) in found
    assert all(folded(text[s:e]) == folded(words) for s, e in found)


COLUMNS = "coding,document,kind,start,end,text,speaker,code,code_path,coder,layer,at,memo,stelling"


def test_a_csv_of_codings_reads_with_lines_numbers_and_verbatim_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f'{COLUMNS}\n,FG1,,22,,"twee\nregels ",R1,E07,,anna,,,"= memo",\n\n,FG1,,3.0,9,,,E09,,,,,,nuanceert\n', encoding="utf-8"
    )
    found = read_codings(path)
    assert list(found.columns) == [*COLUMNS.split(",")[:-1], "turn", "stelling"]
    assert list(found.index) == [2, 5]
    assert list(found["start"]) == [22, 3]
    assert list(found["end"].isna()) == [True, False]
    assert found["text"].iloc[0] == "twee\nregels "
    assert found["memo"].iloc[0] == "= memo"


def test_cells_guarded_for_excel_read_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("document,code,text,memo\nFG1,E07,'-tje of zo,''t kan\n", encoding="utf-8")
    (row,) = read_codings(path).to_dict("records")
    assert (row["text"], row["memo"]) == ("-tje of zo", "'t kan")


def test_problems_name_the_line_of_the_file(tmp_path: Path, placing: Any) -> None:
    path = tmp_path / "a.csv"
    path.write_text('document;text;code\nFG1;"Nou,\nik";E07\nFG1;onzin;E07\n', encoding="utf-8")
    found = place(read_codings(path), placing.snapshot, placing.book)
    assert len(found.rows) == 1
    assert list(found.problems["row"]) == [4]


def test_a_workbook_of_codings_reads_from_the_sheet_that_has_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["document", "soort"])
    sheet = book.create_sheet("coderingen")
    sheet.append(["Document", "Tekst", "Code", "Codeur", "Begin", "Einde"])
    sheet.append(["FG1", "=1+1", "E07", "anna", 3, 9])
    sheet["B2"].data_type = "s"
    book.save(tmp_path / "a.xlsx")
    (row,) = read_codings(tmp_path / "a.xlsx").to_dict("records")
    assert (row["document"], row["text"], row["code"], row["coder"], row["start"], row["end"]) == ("FG1", "=1+1", "E07", "anna", 3, 9)


@pytest.mark.parametrize(
    ("content", "key", "fact"),
    [
        ("document,tekst\nFG1,ja\n", "no_columns", "code"),
        ("code,tekst\nE07,ja\n", "no_columns", "document"),
        ("document,code,start,end\nFG1,E07,3,9\nFG1,E07,drie,9\n", "no_number", "3"),
    ],
)
def test_a_file_that_holds_no_codings_is_a_bad_file(tmp_path: Path, content: str, key: str, fact: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        read_codings(path)
    assert caught.value.key == f"importers.{key}"
    assert fact in str(caught.value)


_CELLS = st.lists(st.lists(st.text(st.sampled_from("=+-@'\tab "), max_size=4), min_size=1, max_size=3), min_size=1, max_size=4)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "'"} and cell else cell


@given(_CELLS)
def test_the_guard_for_excel_is_undone(rows: list[list[str]]) -> None:
    assert without_guard([[_guarded(cell) for cell in row] for row in rows]) == rows


@given(_CELLS)
def test_a_file_with_an_unguarded_cell_is_verbatim(rows: list[list[str]]) -> None:
    assert without_guard([*rows, ["=a"]]) == [*rows, ["=a"]]
    assert without_guard([*rows, ["'t is"]]) == [*rows, ["'t is"]]


def _many(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "document": "FG1",
            "code": "E07",
            "text": f"zin nummer {number} staat hier",
            "speaker": f"R{number % 5 + 1}",
            "stelling": "bevestigt",
        }


def test_a_thousand_codings_are_all_placed() -> None:

    made = Build()
    filler = "en dan nog een heleboel woorden daar omheen die er niet toe doen. " * 4
    made.document("FG1", [(f"R{n % 5 + 1}", f"{filler}zin nummer {n} staat hier. {filler}") for n in range(1000)])
    snapshot = made.snapshot()
    book = Codebook.of(snapshot)
    frame = pd.DataFrame(_many(1000))
    found = place(frame, snapshot, book)
    assert len(found.rows) == 1000
