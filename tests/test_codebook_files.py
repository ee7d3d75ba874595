"""Codebook files: nothing is lost on the way out and in, and every mistake is named with its line."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from qualcode.codebook import Code, Codebook, ConfusablePair, Dimension, read, write
from qualcode.errors import BadCodebook

FORMS = ("yaml", "csv", "xlsx")

odd = st.sampled_from(
    ["=1+1", "|", "a|b", "a\nb", "\n", "a\r\nb", "\r", " voor", "na ", "\t", "\\", "\\n", "-", "null", "ja", "0.1", "é", "e\u0301"]
)
odder = st.sampled_from(
    ["_x000D_", "_x005F_", "'", '"', "# geen kop", "a: b", "- lijst", "😀", "\u2028", "\x85", "\x07", "\ufeff", "  x\n y\n", ";;,"]
)
texts = st.one_of(st.just(""), odd, odder, st.text(st.characters(codec="utf-8"), max_size=12))
filled = st.one_of(odd, odder, st.text(st.characters(codec="utf-8"), min_size=1, max_size=12))
lists = st.lists(texts, max_size=3).map(tuple)
sentences = st.lists(filled, max_size=3).map(tuple)


@st.composite
def dimensions(draw: st.DrawFn, number: int) -> Dimension:
    multiple = draw(st.booleans())
    value = texts.map(lambda v: "w" + (v.replace("|", "/") if multiple else v))
    values = tuple(draw(st.lists(value, max_size=3, unique_by=lambda v: v.strip().casefold())))
    default = draw(st.sampled_from([None, *values]))
    return Dimension(f"d{number}", values, default, multiple, draw(texts))


@st.composite
def books(draw: st.DrawFn) -> Codebook:
    size = draw(st.integers(0, 6))
    made = tuple(draw(dimensions(number)) for number in range(draw(st.integers(0, 2))))
    guids = [draw(st.sampled_from(["", f"g-{number}"])) for number in range(size)]
    ids = [
        f"i-{number}{draw(texts)}" if not guid else draw(st.sampled_from(["", "E07", f"j-{number}"])) for number, guid in enumerate(guids)
    ]
    keys = [guid or id for guid, id in zip(guids, ids, strict=True)]
    codes = []
    for number in range(size):
        parent = draw(st.sampled_from([None, *keys[:number]]))
        into = draw(st.sampled_from([None, *keys[:number]]))
        some = {name: draw(texts) for name in ("definition", "include", "exclude", "source")}
        required = tuple(draw(st.lists(st.sampled_from([d.name for d in made]), unique=True))) if made else ()
        code = Code(
            guids[number],
            ids[number],
            draw(filled),
            **some,
            examples=draw(lists),
            colour=draw(st.sampled_from(["", "#A0b1C2"])),
            parent=parent,
            codable=draw(st.booleans()),
            position=draw(st.sampled_from([0.0, 1.0, 1.5, -3.0, 1e-9])),
            retired=draw(st.booleans()),
            merged_into=into,
            requires=required,
        )
        codes.append(code)
    pairs = tuple(ConfusablePair(*draw(st.tuples(st.sampled_from(keys), st.sampled_from(keys), texts))) for _ in range(min(size, 2)))
    head = {name: draw(texts) for name in ("name", "version", "source", "definition", "definition_source", "guid")}
    return Codebook(
        **head, language="nl", codes=tuple(codes), dimensions=made, confusable=pairs, rules=draw(sentences), guide=draw(sentences)
    )


FULL = Codebook(
    name="=proef",
    version="0.10",
    source="bron: regel 1\nregel 2",
    definition="‘grapjes’ en/of\nregels",
    definition_source="brief",
    guid="boek",
    codes=(
        Code("g1", "E", "Ervaringen", codable=False, position=1.0),
        Code(
            "g2",
            "E01",
            "=SOM(1)",
            "a|b",
            "wel",
            "niet",
            ("een", "twee\nregels", "=3"),
            "B1~",
            "#AB350F",
            "g1",
            requires=("actor",),
            position=1.0,
        ),
        Code("g3", "E02", "'Grap'", parent="g1", position=7.5, retired=True, merged_into="g2"),
    ),
    dimensions=(
        Dimension("actor", ("omstander", "P&O"), "omstander", multiple=True, definition="wie"),
        Dimension("voorval", (), definition="nr", type="number"),
    ),
    confusable=(ConfusablePair("g2", "g3", "Kies E01: altijd."),),
    rules=("Regel één.", "Regel: twee"),
    guide=("Wat heeft u meegemaakt?",),
)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(book=books())
@example(book=FULL)
@example(book=Codebook())
def test_what_is_written_is_read_back_the_same(book: Codebook, form: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / f"heen-en-terug.{form}"
    write(book, path)
    again = read(path)
    assert again == book
    assert again.fingerprint == book.fingerprint


def test_every_form_holds_the_same_book(tmp_path: Path) -> None:
    for form in FORMS:
        write(FULL, tmp_path / f"boek.{form}")
    assert {read(tmp_path / f"boek.{form}").fingerprint for form in FORMS} == {FULL.fingerprint}


def test_a_text_that_starts_like_a_formula_is_text_in_a_workbook(tmp_path: Path) -> None:
    write(FULL, tmp_path / "boek.xlsx")
    sheet = load_workbook(tmp_path / "boek.xlsx")["codes"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "=SOM(1)" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}


def test_csv_is_comma_and_utf8_with_every_text_as_it_is(tmp_path: Path) -> None:
    write(FULL, tmp_path / "boek.csv")
    with (tmp_path / "boek.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["soort"] for row in rows] == ["codeboek", *["code"] * 3, *["dimensie"] * 2, "verwarpaar", "regel", "regel", "gespreksvraag"]
    assert rows[2]["name"] == "=SOM(1)"
    assert rows[2]["parent"] == "E"


def test_yaml_leaves_out_what_is_empty_or_follows_from_the_order(tmp_path: Path) -> None:
    write(replace(FULL, codes=FULL.codes[:2]), tmp_path / "boek.yaml")
    written = (tmp_path / "boek.yaml").read_text(encoding="utf-8")
    assert "position" not in written
    assert "codable" not in written
    assert "merged_into" not in written


def saved(tmp_path: Path, text: str, name: str = "boek.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def refused(path: Path) -> BadCodebook:
    with pytest.raises(BadCodebook) as caught:
        read(path)
    assert path.name in str(caught.value)
    return caught.value


def test_scalars_are_text_whatever_yaml_makes_of_them(tmp_path: Path) -> None:
    book = read(saved(tmp_path, "name: 2025-01-01\nversion: 0.10\ncodes:\n  - {id: 007, name: no, codable: ja}\n"))
    assert (book.name, book.version, book.codes[0].id, book.codes[0].name) == ("2025-01-01", "0.10", "007", "no")


def test_a_code_with_codes_below_it_is_not_codable_unless_it_says_so(tmp_path: Path) -> None:
    text = "codes:\n  - {id: A, name: a, codes: [{id: B, name: b}]}\n  - {id: C, name: c, codable: true, codes: [{id: D, name: d}]}\n"
    book = read(saved(tmp_path, text))
    assert {c.id: c.codable for c in book.codes} == {"A": False, "B": True, "C": True, "D": True}


def test_codes_without_guid_refer_by_id_and_have_no_guid(tmp_path: Path) -> None:
    book = read(saved(tmp_path, "codes:\n  - {id: A, name: a, codes: [{id: B, name: b}]}\nconfusable:\n  - {first: A, second: B}\n"))
    assert [(c.guid, c.parent) for c in book.codes] == [("", None), ("", "A")]
    assert book.find("B").key == "B"


MISTAKES = {
    "codes:\n  - id: A\n": (2, "ontbreekt 'name'"),
    "codes:\n  - name: a\n": (2, "ontbreekt 'id'"),
    "codes:\n  - {id: A, name: a}\n  - {id: A, name: b}\n": (3, "al gebruikt op regel 2"),
    "codes:\n  - {id: A, name: a, guid: g}\n  - {id: B, name: b, guid: g}\n": (3, "al gebruikt op regel 2"),
    "codes:\n  - {id: A, name: a, guid: g}\n  - {id: A, name: b}\n": (3, "al gebruikt op regel 2"),
    "codes:\n  - id: A\n    name: a\n    definitoin: x\n": (4, "Bedoelt u 'definition'?"),
    "codes:\n  - id: A\n    name: a\n    zomaar: x\n": (4, "Hier kunnen staan: guid, id"),
    "codes:\n  - id: A\n    name: a\n    colour: rood\n": (2, "#RRGGBB"),
    "codes:\n  - id: A\n    name: a\n    examples: een\n": (4, "een lijst"),
    "codes:\n  - id: A\n    name: a\n    examples:\n      - zo: niet\n": (4, "aanhalingstekens"),
    "codes:\n  - id: A\n    name: a\n    codable: misschien\n": (4, "ja of nee"),
    "codes:\n  - id: A\n    name: a\n    position: eerst\n": (4, "een getal"),
    "codes:\n  - id: A\n    name: a\n    position: .inf\n": (4, "een getal"),
    "codes:\n  - id: A\n    name: a\n    name: b\n": (4, "eerder op regel 3"),
    "codes:\n  - id: A\n    name: a\n    parent: B\n": (4, "in de lijst `codes`"),
    "codes:\n  - id: A\n    name: a\n    merged_into: Z\n": (2, "'Z'"),
    "codes:\n  - {id: A, name: a, merged_into: B}\n  - {id: B, name: b, merged_into: A}\n": (2, "op in zichzelf"),
    "codes:\n  - id: A\n    name: a\n    requires: [actor]\n": (2, "'actor'"),
    "codes: geen lijst\n": (1, "hoort een lijst"),
    "codes:\n  - los woord\n": (1, "hoort een lijst"),
    "name: x\ncodes:\n  - {id: A, name: a, codes: niets}\n": (3, "hoort een lijst"),
    "confusable:\n  - {first: A, second: B}\n": (2, "'A'"),
    "dimensions:\n  - {name: a, values: [x], default: y}\n": (2, "'y'"),
    "dimensions:\n  - {name: a, values: [x|y], multiple: true}\n": (2, "'x|y'"),
    "dimensions:\n  - {name: a}\n  - {name: A}\n": (3, "al gebruikt op regel 2"),
    "dimensions:\n  - {name: a, type: keuze}\n": (2, "choice, number of text"),
    "name: proef: twee\n": (1, "YAML"),
    "name: 'open\n": (2, "YAML"),
    "rules: &r [een]\nguide: *r\n": (1, "&"),
    "name: a\nrules: &r [*r]\n": (2, "&"),
    "zomaar tekst\n": (1, "geen codeboek"),
    "- lijst\n": (1, "geen codeboek"),
    "name: a\nx: \x01\n": (2, "U+0001"),
}


@pytest.mark.parametrize(("text", "found"), MISTAKES.items())
def test_a_mistake_is_named_with_its_line(text: str, found: tuple[int, str], tmp_path: Path) -> None:
    line, words = found
    error = refused(saved(tmp_path, text))
    assert error.facts["line"] == line
    assert f"regel {line}: " in str(error)
    assert words in str(error)


def test_all_mistakes_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    error = refused(saved(tmp_path, "nme: x\ncodes:\n  - id: A\n    naam: a\n    name: a\ndimensions:\n  - {name: a, type: z}\n"))
    lines = [line for line in str(error).splitlines() if line.startswith("- ")]
    assert [line.split(":")[0] for line in lines] == ["- regel 1", "- regel 4", "- regel 7"]


def test_of_many_mistakes_eight_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    error = refused(saved(tmp_path, "codes:\n" + "  - id: A\n" * 20))
    assert error.facts["n"] == 20
    assert str(error).count("\n- regel") == 8
    assert "en nog 12" in str(error)


def test_aliases_cannot_make_a_small_file_huge(tmp_path: Path) -> None:
    text = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    assert "&" in str(refused(saved(tmp_path, text)))


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_file_is_named_as_such(form: str, tmp_path: Path) -> None:
    assert "leeg" in str(refused(saved(tmp_path, "", f"boek.{form}")))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    refused(tmp_path / "weg.yaml")
    refused(tmp_path / "weg.xlsx")


def test_a_folder_is_no_codebook(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").mkdir()
    refused(tmp_path / "map.yaml")


def test_another_ending_is_refused_with_those_there_are(tmp_path: Path) -> None:
    assert ".yaml, .yml, .csv, .xlsx" in str(refused(saved(tmp_path, "x", "boek.txt")))
    with pytest.raises(BadCodebook, match=r"boek.doc"):
        write(FULL, tmp_path / "boek.doc")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCodebook, match="weg"):
        write(FULL, tmp_path / "weg" / "boek.yaml")


def test_text_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "boek.yaml").write_bytes(b"name: x\nsource: caf\xe9\n")
    assert refused(tmp_path / "boek.yaml").facts["line"] == 2


def test_a_damaged_or_foreign_workbook_is_refused(tmp_path: Path) -> None:
    refused(saved(tmp_path, "geen zip", "boek.xlsx"))
    write(FULL, tmp_path / "half.xlsx")
    half = (tmp_path / "half.xlsx").read_bytes()
    (tmp_path / "half.xlsx").write_bytes(half[: len(half) // 2])
    refused(tmp_path / "half.xlsx")


def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path: Path) -> None:
    assert read(saved(tmp_path, "\ufeffname: proef\n")).name == "proef"
    assert read(saved(tmp_path, "\ufeffid,name\nA,a\n", "boek.csv")).find("A").name == "a"


DUTCH = 'id;naam;definitie;voorbeelden;valt onder\nE;Ervaringen;;;\nE01;Belediging;café;"een\r\ntwee";E\n'


def test_a_table_of_dutch_excel_is_understood(tmp_path: Path) -> None:
    (tmp_path / "boek.csv").write_bytes(DUTCH.encode("cp1252"))
    book = read(tmp_path / "boek.csv")
    assert book.find("E01").definition == "café"
    assert book.find("E01").examples == ("een", "twee")
    assert [book.level(c.key) for c in book.codes] == ["theme", "code"]


def test_rows_below_their_own_child_are_no_problem(tmp_path: Path) -> None:
    book = read(saved(tmp_path, "id,name,parent\nB,b,A\nA,a,\n", "boek.csv"))
    assert book.path("B") == "a > b"


def test_a_table_remembers_which_columns_it_lacks(tmp_path: Path) -> None:
    lacks = read(saved(tmp_path, "id,name,definition\nA,a,x\n", "boek.csv")).lacks
    assert {"parent", "codable", "examples"} <= lacks
    assert not {"definition", "name", "id"} & lacks


def test_the_table_of_a_codebook_saved_from_pandas_is_read(tmp_path: Path) -> None:
    FULL.table().to_csv(tmp_path / "boek.csv", index=False)
    assert [c.name for c in read(tmp_path / "boek.csv").codes] == [c.name for c in FULL.codes]


TABLE_MISTAKES = {
    "id,name,parent\nA,a,B\nB,b,A\n": (2, "onder zichzelf"),
    "id,name,parent\nA,a,Z\n": (2, "'Z'"),
    "id,name\nA,a\n,b\n": (3, "ontbreekt 'id'"),
    'id,name\nA,"een\ntwee"\nB\n': (4, "ontbreekt 'name'"),
    "id,name,kleurtje\nA,a,x\n": (2, "'kleurtje'"),
    "id,name,naam\nA,a,b\n": (1, "'name' staat er twee keer"),
    "id,name\nA,a,b\n": (2, "meer cellen"),
    'id,name\nA,"a\nB,b\n': (2, "aanhalingsteken"),
    "soort,id,name\nthema,A,a\n": (2, "'thema'"),
    "soort,name\ncodeboek,a\ncodeboek,b\n": (3, "tweede rij"),
    "id,name,vervallen\nA,a,misschien\n": (2, "ja of nee"),
    "soort,name,text\nregel,x,y\n": (2, "'name'"),
}


@pytest.mark.parametrize(("text", "found"), TABLE_MISTAKES.items())
def test_a_mistake_in_a_table_is_named_with_its_line(text: str, found: tuple[int, str], tmp_path: Path) -> None:
    error = refused(saved(tmp_path, text, "boek.csv"))
    assert error.facts["line"] == found[0]
    assert found[1] in str(error)


def test_a_plain_workbook_with_numbers_and_one_sheet_is_read(tmp_path: Path) -> None:
    workbook = Workbook()
    for row in (("id", "Naam", "Positie", "Codeerbaar"), (1, "een", 2.5, True), (2.0, "twee", None, None)):
        workbook.active.append(row)
    workbook.save(tmp_path / "boek.xlsx")
    book = read(tmp_path / "boek.xlsx")
    assert [(c.id, c.name) for c in book.codes] == [("2", "twee"), ("1", "een")]


def test_a_formula_in_a_workbook_is_refused(tmp_path: Path) -> None:
    workbook = Workbook()
    for row in (("id", "name"), ("A", "=1+1")):
        workbook.active.append(row)
    workbook.save(tmp_path / "boek.xlsx")
    assert "B2" in str(refused(tmp_path / "boek.xlsx"))
