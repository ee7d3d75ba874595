"""Edits of the codebook in a study: codings keep their code, ids are never used again, nothing closes a circle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.codebook import (
    Code,
    Codebook,
    ConfusablePair,
    Dimension,
    adding,
    diff,
    editing,
    heading,
    importing,
    merging,
    moving,
    restoring,
    retiring,
    splitting,
)
from qualcode.errors import Ambiguous, NotFound, Refused
from qualcode.model import Change, Event, Snapshot, State, advance


def guids(prefix: str = "nieuw") -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{prefix}-{next(numbers)}"


def code(id: str, name: str, parent: str | None = None, *, codable: bool = True, position: float = 1.0, **fields: object) -> Code:
    return Code("", id, name, "wat het is", parent=parent, codable=codable, position=position, **fields)


FILE = Codebook(
    name="proef",
    version="0.1",
    codes=(
        code("E", "Ervaringen", codable=False),
        code("EC", "Uitsluiting", "E", codable=False),
        code("E10", "Genegeerd", "EC", position=1, colour="#AB350F", requires=("duur",)),
        code("E11", "Buitengesloten", "EC", position=2),
        code("E12", "Tegenwerking", "EC", position=3),
        code("O", "Opvolging", codable=False, position=2),
        code("O05", "Betwijfeld", "O"),
    ),
    dimensions=(Dimension("duur", ("eenmalig", "langlopend"), definition="hoe lang"),),
    confusable=(ConfusablePair("E10", "E11", "kies"),),
    rules=("regel",),
    guide=("vraag",),
    definition="werkdefinitie",
    definition_source="brief",
)
BORN = (Change("project", ["project"], {"exists": [True], "name": ["studie"]}),)


class Study:
    """A log of events, and the codebook that follows from it."""

    def __init__(self, *changes: tuple[Change, ...]) -> None:
        self.log: list[tuple[Change, ...]] = []
        self.state: State = {}
        for change in (BORN, *changes):
            self.do(change)

    def do(self, changes: tuple[Change, ...]) -> Codebook:
        assert advance(self.state, Event(f"e{len(self.log)}", "", len(self.log), "anna", "codebook", changes)) == []
        self.log.append(changes)
        self.book = Codebook.of(Snapshot.of(self.state, {}))
        return self.book


@pytest.fixture
def study() -> Study:
    return Study(importing(Study().book, FILE, guids("g")))


def by_id(book: Codebook) -> dict[str, Code]:
    return {c.id: c for c in book.codes}


def test_a_file_enters_an_empty_study_whole(study: Study) -> None:
    book = study.book
    assert [str(c) for c in book.codes] == [str(c) for c in FILE.codes]
    assert all(c.guid for c in book.codes)
    assert [book.path(c.key) for c in book.codes] == [FILE.path(c.key) for c in FILE.codes]
    assert book.confusable == (ConfusablePair(book.find("E10").guid, book.find("E11").guid, "kies"),)
    assert (book.dimensions, book.rules, book.guide) == (FILE.dimensions, FILE.rules, FILE.guide)
    assert (book.definition, book.definition_source) == ("werkdefinitie", "brief")
    assert book.check().empty


def test_guids_of_the_file_are_kept_so_that_two_studies_can_be_merged() -> None:
    with_guids = Codebook(guid="boek", codes=(Code("vast", "E01", "Belediging"),))
    one, other = (Study(importing(Study().book, with_guids, guids(prefix))).book for prefix in ("a", "b"))
    assert one == other
    assert (one.guid, one.codes[0].guid) == ("boek", "vast")


def test_importing_twice_changes_nothing(study: Study) -> None:
    assert importing(study.book, FILE, guids()) == ()
    assert importing(study.book, study.book, guids()) == ()


def test_importing_matches_by_guid_then_by_id(study: Study) -> None:
    renamed = replace(FILE, codes=tuple(replace(c, name=c.name + "!") for c in FILE.codes))
    before = study.book
    after = study.do(importing(before, renamed, guids()))
    assert [c.guid for c in after.codes] == [c.guid for c in before.codes]
    assert all(c.name.endswith("!") for c in after.codes)


def test_what_the_file_lacks_is_left_alone(study: Study) -> None:
    before = study.book
    small = Codebook(codes=(Code("", "E10", "Genegeerd", codable=True, position=1.0, parent=None),), lacks=frozenset({"parent"}))
    after = study.do(importing(before, small, guids()))
    assert after == before
    assert set(diff(before, small)["change"]) >= {"removed"}


def test_a_file_with_a_tree_moves_codes(study: Study) -> None:
    moved = Codebook(codes=tuple(replace(c, parent="O") if c.id == "E11" else c for c in FILE.codes))
    after = study.do(importing(study.book, moved, guids()))
    assert after.path(after.find("E11").guid) == "Opvolging > Buitengesloten"


def test_importing_can_turn_parent_and_child_around(study: Study) -> None:
    turned = {"EC": None, "E": "EC"}
    file = Codebook(codes=tuple(replace(c, parent=turned.get(c.id, c.parent)) for c in FILE.codes))
    after = study.do(importing(study.book, file, guids()))
    assert after.path(after.find("E").guid) == "Uitsluiting > Ervaringen"


def test_a_retired_code_is_not_restored_by_a_file(study: Study) -> None:
    study.do(retiring(study.book, "E10"))
    assert importing(study.book, FILE, guids()) == ()


def test_values_and_pairs_of_the_study_stay(study: Study) -> None:
    file = Codebook(dimensions=(Dimension("DUUR", ("herhaald",), definition="anders"), Dimension("vorm")), confusable=())
    after = study.do(importing(study.book, file, guids()))
    assert after.dimension("duur").values == ("herhaald", "eenmalig", "langlopend")
    assert after.dimension("duur").definition == "anders"
    assert [d.name for d in after.dimensions] == ["DUUR", "vorm"]
    assert after.confusable == study.book.confusable


def test_a_file_that_changes_an_id_is_refused(study: Study) -> None:
    book = study.book
    file = replace(book, codes=tuple(replace(c, id="E99") if c.id == "E10" else c for c in book.codes))
    with pytest.raises(Refused, match=r"E10.*E99"):
        importing(book, file, guids())


def test_a_file_that_uses_an_id_again_is_refused(study: Study) -> None:
    book = study.book
    file = replace(book, codes=(*book.codes, Code("ander", "E10", "Iets anders")))
    with pytest.raises(Refused, match="E10"):
        importing(book, file, guids())


def test_an_id_of_several_codes_waits_for_a_person(study: Study) -> None:
    born = {"exists": [True], "id": ["E10"], "name": ["Kopie"], "codable": [True], "position": [9.0]}
    study.do((Change("code", ["kopie"], born),))
    with pytest.raises(Ambiguous, match="kopie"):
        importing(study.book, FILE, guids())


def test_a_new_code_comes_last_below_its_parent(study: Study) -> None:
    book = study.do(
        adding(study.book, guids(), id="E17", name="Naam verkeerd", parent="EC", definition="d", examples="een", requires=["DUUR"])
    )
    added = book.find("E17")
    assert [c.id for c in book.children(book.find("EC").guid)] == ["E10", "E11", "E12", "E17"]
    assert (added.guid, added.definition, added.examples, added.requires) == ("nieuw-1", "d", ("een",), ("duur",))


@pytest.mark.parametrize("wanted", ["E10", "e10", " E10 ", "g-3"])
def test_an_id_is_never_used_again_not_even_of_a_retired_code(study: Study, wanted: str) -> None:
    study.do(retiring(study.book, "E10"))
    with pytest.raises(Refused, match="nooit hergebruikt"):
        adding(study.book, guids(), id=wanted, name="x", parent=None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"id": " "}, "id nodig"),
        ({"name": " "}, "naam nodig"),
        ({"colour": "rood"}, "#RRGGBB"),
        ({"definitie": "x"}, "definition"),
        ({"retired": True}, "Kies uit"),
    ],
)
def test_a_code_that_cannot_be_is_refused(study: Study, fields: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        adding(study.book, guids(), **{"id": "E17", "name": "x", "parent": None, **fields})
    with pytest.raises(NotFound, match="duur"):
        adding(study.book, guids(), id="E17", name="x", parent=None, requires=["dur"])


def test_a_code_is_not_added_below_a_retired_one(study: Study) -> None:
    study.do(retiring(study.book, "O05"))
    with pytest.raises(Refused, match="vervallen"):
        adding(study.book, guids(), id="X", name="x", parent="O05")


def test_editing_sets_only_what_differs(study: Study) -> None:
    changes = editing(study.book, "E10", name="Genegeerd", definition="scherper", examples=["een", " "])
    assert [set(c.after) for c in changes] == [{"definition", "examples"}]
    book = study.do(changes)
    assert (book.find("E10").definition, book.find("E10").examples) == ("scherper", ("een",))
    assert editing(book, "E10", definition="scherper") == ()


def test_an_id_cannot_be_edited(study: Study) -> None:
    with pytest.raises(Refused, match="E10"):
        editing(study.book, "E10", id="E99")
    assert editing(study.book, "E10", id="E10") == ()


def test_a_code_of_another_program_can_be_given_an_id(study: Study) -> None:
    study.do((Change("code", ["vreemd"], {"exists": [True], "id": [None], "name": ["Thema X"], "codable": [True]}),))
    assert study.do(editing(study.book, "Thema X", id="X01")).find("X01").guid == "vreemd"
    with pytest.raises(Refused, match="hergebruikt"):
        editing(Study(*study.log[1:-1]).book, "Thema X", id="E10")


def test_a_code_object_names_itself(study: Study) -> None:
    book = study.book
    assert moving(book, book.find("E10"), book.find("O")) == moving(book, "E10", "O")


def test_moving_takes_all_below_along(study: Study) -> None:
    book = study.do(moving(study.book, "EC", "O"))
    assert book.path(book.find("E10").guid) == "Opvolging > Uitsluiting > Genegeerd"
    assert [c.id for c in book.children(book.find("O").guid)] == ["O05", "EC"]


def test_moving_to_a_position_between_neighbours(study: Study) -> None:
    book = study.do(moving(study.book, "E12", "EC", position=1.5))
    assert [c.id for c in book.children(book.find("EC").guid)] == ["E10", "E12", "E11"]


def test_moving_where_it_stands_changes_nothing(study: Study) -> None:
    assert moving(study.book, "E12", "EC") == ()


@pytest.mark.parametrize("target", ["E", "EC", "E10"])
def test_a_code_never_comes_below_itself(study: Study, target: str) -> None:
    with pytest.raises(Refused, match="onder"):
        moving(study.book, "E", target)


@given(st.lists(st.tuples(st.sampled_from([c.id for c in FILE.codes]), st.sampled_from([None, *(c.id for c in FILE.codes)])), max_size=8))
@settings(max_examples=30)
def test_no_row_of_moves_loses_a_code_or_closes_a_circle(moves: list[tuple[str, str | None]]) -> None:
    study = Study(importing(Study().book, FILE, guids("g")))
    for moved, parent in moves:
        try:
            changes = moving(study.book, moved, parent)
        except Refused:
            continue
        study.do(changes)
    book = study.book
    assert {c.id for c in book.codes} == {c.id for c in FILE.codes}
    assert "cycle" not in set(book.check()["kind"])


def test_merging_leaves_the_code_and_points_to_the_other(study: Study) -> None:
    changes = merging(study.book, "E10", "E11")
    assert {c.kind for c in changes} == {"code"}
    book = study.do(changes)
    gone, kept = book.find("E10"), book.find("E11")
    assert gone.retired
    assert book.resolve(gone.guid) == kept.guid


def test_merging_twice_resolves_to_the_last(study: Study) -> None:
    study.do(merging(study.book, "E10", "E11"))
    book = study.do(merging(study.book, "E11", "E12"))
    assert book.resolve(book.find("E10").guid) == book.find("E12").guid


def test_merging_a_subtheme_moves_its_codes(study: Study) -> None:
    study.do(adding(study.book, guids(), id="ED", name="Procedures", parent="E", codable=False))
    book = study.do(merging(study.book, "EC", "ED"))
    assert [c.id for c in book.children(book.find("ED").guid)] == ["E10", "E11", "E12"]


@pytest.mark.parametrize(("gone", "kept"), [("E10", "E10"), ("E10", "EC"), ("EC", "E10"), ("E", "EC")])
def test_merging_what_cannot_be_one_is_refused(study: Study, gone: str, kept: str) -> None:
    with pytest.raises(Refused):
        merging(study.book, gone, kept)


def test_merging_into_a_retired_code_or_again_is_refused(study: Study) -> None:
    study.do(merging(study.book, "E10", "E11"))
    with pytest.raises(Refused, match="vervallen"):
        merging(study.book, "E12", "E10")
    with pytest.raises(Refused, match="al samengevoegd met E11"):
        merging(study.book, "E10", "E12")


def test_splitting_puts_new_codes_beside_the_old_one(study: Study) -> None:
    parts = [{"id": "E20", "name": "Niet gegroet"}, {"id": "E21", "name": "Niet gehoord", "colour": "#000000", "definition": "d"}]
    book = study.do(splitting(study.book, "E10", parts, guids()))
    assert [c.id for c in book.children(book.find("EC").guid)] == ["E10", "E20", "E21", "E11", "E12"]
    assert not book.find("E10").retired
    assert (book.find("E20").colour, book.find("E21").colour) == ("#AB350F", "#000000")
    assert book.find("E20").requires == ("duur",)


def test_splitting_the_last_code_puts_the_parts_after_it(study: Study) -> None:
    book = study.do(splitting(study.book, "E12", [{"id": "E20", "name": "a"}, {"id": "E21", "name": "b"}], guids(), retire=True))
    assert [c.id for c in book.children(book.find("EC").guid)] == ["E10", "E11", "E12", "E20", "E21"]
    assert book.find("E12").retired


def test_splitting_refuses_ids_in_use_and_too_few_parts(study: Study) -> None:
    with pytest.raises(Refused, match="hergebruikt"):
        splitting(study.book, "E10", [{"id": "E20", "name": "a"}, {"id": "E20", "name": "b"}], guids())
    with pytest.raises(Refused, match="minstens"):
        splitting(study.book, "E10", [{"id": "E20", "name": "a"}], guids(), retire=True)
    with pytest.raises(Refused, match="minstens"):
        splitting(study.book, "E10", [], guids())


def test_retiring_and_restoring(study: Study) -> None:
    before = study.book
    book = study.do(retiring(before, "E10"))
    assert book.find("E10").retired
    assert retiring(book, "E10") == ()
    assert study.do(restoring(book, "E10")) == before


def test_restoring_a_merged_code_lets_it_stand_alone_again(study: Study) -> None:
    before = study.book
    study.do(merging(before, "E10", "E11"))
    assert study.do(restoring(study.book, "E10")) == before


def test_a_theme_with_codes_in_use_is_not_retired(study: Study) -> None:
    with pytest.raises(Refused, match="O05 Betwijfeld"):
        retiring(study.book, "O")
    study.do(retiring(study.book, "O05"))
    study.do(retiring(study.book, "O"))
    with pytest.raises(Refused, match="Opvolging"):
        restoring(study.book, "O05")


def test_heading_sets_what_belongs_to_the_book_as_a_whole(study: Study) -> None:
    pair = ConfusablePair("E11", "Tegenwerking", "kies zo")
    changes = heading(study.book, version="0.2", rules=["een", ""], confusable=[pair], definition="nieuwe definitie")
    assert [c.kind for c in changes] == ["codebook", "project"]
    book = study.do(changes)
    assert (book.version, book.rules, book.definition) == ("0.2", ("een",), "nieuwe definitie")
    assert book.confusable == (ConfusablePair(book.find("E11").guid, book.find("E12").guid, "kies zo"),)
    assert heading(book, version="0.2") == ()


def test_heading_refuses_what_cannot_be(study: Study) -> None:
    with pytest.raises(Refused, match="version"):
        heading(study.book, versie="0.2")
    with pytest.raises(Refused, match="koning"):
        heading(study.book, dimensions=[Dimension("a", ("x",), "koning")])


def test_edits_say_only_what_comes_after(study: Study) -> None:
    book = study.book
    edits = (
        adding(book, guids(), id="X", name="x", parent=None),
        editing(book, "E10", name="y"),
        moving(book, "E10", "O"),
        merging(book, "E10", "E11"),
        retiring(book, "E10"),
        heading(book, version="9"),
    )
    assert all(change.before == {} for changes in edits for change in changes)
