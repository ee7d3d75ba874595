"""The tree of codes: finding, levels, required dimensions, the fingerprint, and what check() names."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.codebook import Code, Codebook, ConfusablePair, Dimension
from qualcode.errors import Ambiguous, NotFound, Refused
from qualcode.labels import set_language
from qualcode.model import Snapshot


def code(id: str, name: str, parent: str | None = None, *, codable: bool = True, position: float = 0.0, **fields: object) -> Code:
    return Code(f"guid-{id}", id, name, "wat het is", parent=parent and f"guid-{parent}", codable=codable, position=position, **fields)


ACTOR = Dimension("actor", ("omstander", "top"), definition="wie")
BOOK = Codebook(
    name="proef",
    version="0.1",
    codes=(
        code("E07", "Onderschatting", "EB", position=2),
        code("O05", "In twijfel getrokken", "OB"),
        code("EB", "Minder tastbaar", "E", codable=False),
        code("O", "Opvolging", codable=False, position=2),
        code("OB", "Reactie na aankaarten", "O", codable=False, requires=("actor",)),
        code("E06", "Gebrek aan vertrouwen", "EB", position=1),
        code("E", "Ervaringen met racisme", codable=False, position=1),
        code("L", "Losse code", position=3),
    ),
    dimensions=(ACTOR,),
)


def kinds(book: Codebook) -> list[str]:
    return list(book.check()["kind"])


def test_codes_stand_in_tree_order_whatever_order_they_come_in() -> None:
    assert [c.id for c in BOOK.codes] == ["E", "EB", "E06", "E07", "O", "OB", "O05", "L"]


@given(st.permutations("ABCD"))
def test_codes_with_one_position_stand_in_the_order_of_their_ids(ids: list[str]) -> None:
    assert [c.id for c in Codebook(codes=tuple(code(id, "naam") for id in ids)).codes] == list("ABCD")


@given(st.permutations(BOOK.codes))
def test_order_of_arrival_changes_nothing(codes: list[Code]) -> None:
    assert Codebook(name="proef", codes=tuple(codes)).codes == BOOK.codes


@pytest.mark.parametrize(
    "name",
    [
        "E07",
        "e07",
        "guid-E07",
        "Onderschatting",
        " onderSCHATTING ",
        "Ervaringen met racisme > Minder tastbaar > Onderschatting",
        "ervaringen met racisme>minder  tastbaar>onderschatting",
        "Minder tastbaar > Onderschatting",
    ],
)
def test_a_code_is_found_by_id_guid_name_and_path(name: str) -> None:
    assert BOOK.find(name).id == "E07"


def test_every_code_is_found_by_its_path() -> None:
    assert [BOOK.find(BOOK.path(c.key)) for c in BOOK.codes] == list(BOOK.codes)


def test_quotation_marks_of_any_shape_are_the_same() -> None:
    book = Codebook(codes=(code("E02", "'Grap' over herkomst"),))
    assert book.find("‘Grap’ over herkomst").id == "E02"


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="E07 Onderschatting"):
        BOOK.find("Onderschating")


def test_a_name_like_nothing_is_answered_with_the_top_of_the_tree() -> None:
    with pytest.raises(NotFound, match="E Ervaringen met racisme, O Opvolging en L Losse code"):
        BOOK.find("zzz")


def test_a_name_of_two_codes_is_ambiguous_and_names_both() -> None:
    book = replace(BOOK, codes=(*BOOK.codes, code("O99", "Onderschatting", "OB")))
    with pytest.raises(Ambiguous, match=r"guid-E07.*guid-O99"):
        book.find("onderschatting")
    assert book.find("Opvolging > Reactie na aankaarten > Onderschatting").id == "O99"


def test_of_two_codes_with_one_name_the_one_in_use_is_meant() -> None:
    book = replace(BOOK, codes=(*BOOK.codes, code("O99", "Onderschatting", "OB", retired=True)))
    assert book.find("onderschatting").id == "E07"


def test_an_id_of_two_codes_waits_for_a_person_even_if_one_is_retired() -> None:
    twin = replace(code("E07", "Te laag ingeschat", position=9, retired=True), guid="guid-twin")
    book = replace(BOOK, codes=(*BOOK.codes, twin))
    with pytest.raises(Ambiguous, match=r"guid-E07.*guid-twin"):
        book.find("E07")
    assert sorted(book.clashes()["guid"]) == ["guid-E07", "guid-twin"]
    assert kinds(book).count("duplicate_id") == 2


def test_a_book_without_clashes_has_an_empty_table_of_them() -> None:
    assert list(BOOK.clashes().columns) == ["id", "guid", "name", "path"]
    assert BOOK.clashes().empty


def test_levels_follow_from_codable_and_place() -> None:
    assert [BOOK.level(c.key) for c in BOOK.codes] == ["theme", "subtheme", "code", "code", "theme", "subtheme", "code", "code"]


def test_a_code_counts_for_its_theme_and_subtheme() -> None:
    assert BOOK.theme_of("guid-E07") == "guid-E"
    assert BOOK.subtheme_of("guid-E07") == "guid-EB"
    assert BOOK.subtheme_of("guid-EB") == "guid-EB"
    assert BOOK.subtheme_of("guid-E") is None
    assert (BOOK.theme_of("guid-L"), BOOK.subtheme_of("guid-L")) == ("guid-L", None)


def test_a_code_directly_below_a_theme_has_no_subtheme() -> None:
    book = Codebook(
        codes=(code("T", "Thema", codable=False), code("T1", "Code", "T"), code("T2", "Code met codes", "T"), code("T3", "x", "T2"))
    )
    assert book.subtheme_of("guid-T1") is None
    assert book.subtheme_of("guid-T2") == book.subtheme_of("guid-T3") == "guid-T2"


def test_descendants_hold_the_code_itself_and_all_below() -> None:
    assert BOOK.descendants("guid-E") == {"guid-E", "guid-EB", "guid-E06", "guid-E07"}
    assert BOOK.descendants("guid-E07") == {"guid-E07"}


def test_ancestors_run_from_the_top() -> None:
    assert BOOK.ancestors("guid-E07") == ("guid-E", "guid-EB")
    assert BOOK.ancestors("guid-E") == ()


@given(st.sampled_from(BOOK.codes), st.sampled_from(BOOK.codes))
def test_below_and_above_are_each_others_mirror(one: Code, other: Code) -> None:
    assert (one.key in BOOK.descendants(other.key)) == (other.key in (*BOOK.ancestors(one.key), one.key))


def test_required_dimensions_are_inherited() -> None:
    assert BOOK.requires("guid-O05") == ("actor",)
    assert BOOK.requires("guid-E07") == ()


def test_resolve_follows_merging_to_its_end_and_survives_a_circle() -> None:
    chain = tuple(code(a, a, merged_into=f"guid-{b}") for a, b in (("A", "B"), ("B", "C")))
    assert Codebook(codes=(*chain, code("C", "C"))).resolve("guid-A") == "guid-C"
    assert Codebook(codes=(*chain, code("C", "C", merged_into="guid-A"))).resolve("guid-A") == "guid-C"


def test_find_does_not_follow_merging() -> None:
    book = Codebook(codes=(code("A", "A", merged_into="guid-B", retired=True), code("B", "B")))
    assert book.find("A").id == "A"


def test_a_circle_in_the_tree_is_named_and_harms_nothing() -> None:
    book = Codebook(codes=(code("A", "A", "B"), code("B", "B", "A"), code("C", "C")))
    assert [c.id for c in book.codes] == ["C", "A", "B"]
    assert kinds(book).count("cycle") == 2
    assert book.descendants("guid-A") == {"guid-A", "guid-B"}
    assert len(book.table()) == 3


def test_a_code_whose_parent_is_gone_stands_at_the_top_and_is_named() -> None:
    book = Codebook(codes=(code("A", "A", "weg"),))
    assert [c.id for c in book.children()] == ["A"]
    assert kinds(book) == ["no_parent"]


def test_a_complete_book_has_no_problems() -> None:
    assert BOOK.check().empty
    assert list(BOOK.check().columns) == ["kind", "code", "sentence"]


@pytest.mark.parametrize(
    ("book", "kind"),
    [
        (Codebook(codes=(replace(code("A", "A"), definition=" "),)), "no_definition"),
        (Codebook(codes=(code("A", ""),)), "no_name"),
        (Codebook(codes=(code("A", "A", colour="rood"),)), "colour"),
        (Codebook(codes=(code("A", "A", merged_into="weg", retired=True),)), "merged_into_nothing"),
        (Codebook(codes=(code("A", "A", codable=False),)), "empty"),
        (Codebook(codes=(code("A", "A", codable=False), code("B", "B", "A", retired=True))), "empty"),
        (Codebook(codes=(code("A", "A", requires=("actor",)),)), "unknown_dimension"),
        (Codebook(codes=(code("A", "Zelfde"), code("B", "zelfde"))), "same_path"),
        (Codebook(dimensions=(ACTOR, ACTOR)), "dimension_twice"),
        (Codebook(dimensions=(Dimension("x"),)), "dimension_without_definition"),
        (Codebook(dimensions=(replace(ACTOR, default="koning"),)), "default_unknown"),
        (Codebook(codes=(code("A", "A"),), confusable=(ConfusablePair("guid-A", "weg", "kies"),)), "pair_unknown"),
        (Codebook(codes=(code("A", "A"),), confusable=(ConfusablePair("guid-A", "guid-A", "kies"),)), "pair_with_itself"),
        (Codebook(codes=(code("A", "A"), code("B", "B")), confusable=(ConfusablePair("guid-A", "guid-B"),)), "pair_without_rule"),
        (
            Codebook(codes=(code("A", "A"), code("B", "B", retired=True)), confusable=(ConfusablePair("guid-A", "guid-B", "x"),)),
            "pair_retired",
        ),
    ],
)
def test_check_names_every_kind_of_problem_in_both_languages(book: Codebook, kind: str) -> None:
    assert set(kinds(book)) == {kind}
    dutch = set(book.check()["sentence"])
    set_language("en")
    assert dutch.isdisjoint(book.check()["sentence"])


def test_the_fingerprint_ignores_the_label_of_the_version_and_nothing_else() -> None:
    assert replace(BOOK, version="0.2").fingerprint == BOOK.fingerprint
    others = [
        replace(BOOK, name="ander"),
        replace(BOOK, rules=("regel",)),
        replace(BOOK, guide=("vraag",)),
        replace(BOOK, dimensions=()),
        replace(BOOK, confusable=(ConfusablePair("guid-E06", "guid-E07", "kies"),)),
        replace(BOOK, codes=BOOK.codes[:-1]),
        *(
            replace(BOOK, codes=(*BOOK.codes[:-1], replace(BOOK.codes[-1], **change)))
            for change in (
                {"guid": "anders"},
                {"definition": "anders"},
                {"examples": ("a",)},
                {"codable": False},
                {"parent": "guid-E"},
                {"retired": True},
                {"position": 0.5},
            )
        ),
    ]
    prints = [book.fingerprint for book in (BOOK, *others)]
    assert all(len(p) == 8 and int(p, 16) >= 0 for p in prints)
    assert all(a != b for a, b in combinations(prints, 2))


def test_positions_that_leave_the_order_alone_leave_the_fingerprint_alone() -> None:
    wider = tuple(replace(c, position=c.position * 10) for c in BOOK.codes)
    assert replace(BOOK, codes=wider).fingerprint == BOOK.fingerprint


def test_the_table_has_one_row_a_code_with_its_path_and_level() -> None:
    table = BOOK.table().set_index("id")
    assert list(table.index) == [c.id for c in BOOK.codes]
    assert table.loc["E07", "path"] == "Ervaringen met racisme > Minder tastbaar > Onderschatting"
    assert table.loc["E07", "level"] == "code"
    assert table["codable"].dtype == bool


def test_the_table_of_an_empty_book_has_all_columns() -> None:
    assert list(Codebook().table().columns) == list(BOOK.table().columns)


def test_the_repr_counts_levels_and_retired_codes() -> None:
    book = replace(BOOK, codes=(*BOOK.codes, code("X", "Oud", retired=True)))
    line = repr(book)
    assert "\n" not in line
    assert "'proef', versie 0.1" in line
    assert "thema's 2, subthema's 2, codes 4, en 1 vervallen" in line


def test_what_is_shown_in_a_notebook_is_escaped() -> None:
    shown = Codebook(codes=(code("A", "<script>alert(1)</script>", colour='"><b'),))._repr_html_()
    assert "<script>" not in shown
    assert '"><b' not in shown


def test_a_study_without_codebook_has_an_empty_one() -> None:
    assert Codebook.of(Snapshot.of({}, {})) == Codebook()


def test_a_choice_is_stored_as_the_codebook_writes_it() -> None:
    assert ACTOR.check(" Omstander ") == "omstander"
    assert Dimension("periode", ("binnen", "vóór")).check("vo\u0301o\u0301r") == "vóór"


def test_an_unknown_choice_is_refused_with_the_values_there_are() -> None:
    with pytest.raises(Refused, match=r"'koning'.*'actor'.*omstander en top"):
        ACTOR.check("koning")


@pytest.mark.parametrize("value", ["", "  ", None, float("nan")])
def test_an_empty_value_is_none(value: object) -> None:
    assert ACTOR.check(value) is None
    assert replace(ACTOR, multiple=True).check(value) is None


def test_several_values_become_a_list_without_doubles() -> None:
    several = Dimension("grond", ("huidskleur", "herkomst"), multiple=True)
    assert several.check("herkomst|Huidskleur| herkomst") == ["herkomst", "huidskleur"]
    assert several.check(["herkomst"]) == ["herkomst"]
    with pytest.raises(Refused, match="geloof"):
        several.check("herkomst|geloof")


def test_a_dimension_without_values_takes_any() -> None:
    assert Dimension("plaats").check("thuis") == "thuis"
    assert Dimension("notitie", ("a",), type="number").check("3") == 3


@pytest.mark.parametrize(("written", "stored"), [("3", 3), (3.0, 3), ("2,5", 2.5), ("-1", -1)])
def test_a_number_is_stored_as_a_number(written: object, stored: float) -> None:
    assert Dimension("voorval", type="number").check(written) == stored


@pytest.mark.parametrize("value", ["drie", "nan", "inf"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(Refused, match="getal"):
        Dimension("voorval", type="number").check(value)


def test_a_dimension_is_found_by_name_or_the_others_are_named() -> None:
    assert BOOK.dimension("ACTOR") is ACTOR
    with pytest.raises(NotFound, match=r"'aktor'.*actor"):
        BOOK.dimension("aktor")
