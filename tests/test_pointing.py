"""Places a query points at: in every turn it holds for, in no other, and on the words it asks for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qualcode as qc


@pytest.fixture(scope="module")
def study() -> Iterator[qc.Project]:
    with qc.demo(["FG1", "FG2"]) as made:
        yield made


# words, word forms, phrases, and what is no word at all
ATOMS = st.sampled_from(["niet", "gemeld", "lemma:zeggen", '"dat is"', "code:E07", "rol:deelnemer", "document:FG2", "wel NABIJ/5 niet"])
QUERIES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["EN", "OF"]), inner).map(lambda made: f"({made[0]} {made[1]} {made[2]})"),
        inner.map(lambda one: f"(NIET {one})"),
    ),
    max_leaves=4,
)


def turns_of(study: qc.Project, query: str) -> set[tuple[str, int]]:
    table = qc.turns(study)
    held = table[study.holds(query).to_numpy(bool)]
    return set(zip(held["document"], held["turn"], strict=True))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_places_lie_in_the_turns_a_query_holds_for_and_in_each_of_them(study: qc.Project, query: str) -> None:
    found = study.find(query)
    assert set(zip(found["document"], found["turn"], strict=True)) == turns_of(study, query)
    assert not found.duplicated(["document", "start", "end"]).any()
    texts = {name: study.snapshot().text(guid) for name, guid in study.snapshot().document_names.items()}
    # on one line, as every line of words in context
    assert all(" ".join(texts[row.document][row.start : row.end].split()) == row.hit for row in found.itertuples())


def test_words_that_are_asked_for_are_pointed_at_and_words_ruled_out_are_not(study: qc.Project) -> None:
    asked = study.find("lemma:zeggen EN NIET niet")
    assert len(asked) > 3
    assert set(asked["hit"].str.casefold()) <= {"zeggen", "zeg", "zegt", "zei", "zeiden", "gezegd", "zegge", "zeggend"}
    assert set(study.find("zei OF gemeld")["hit"].str.casefold()) == {"zei", "gemeld"}


def test_a_turn_without_words_asked_for_is_pointed_at_whole(study: qc.Project) -> None:
    found = study.find("rol:deelnemer", document="FG1")
    table = qc.turns(study)
    spoken = table[(table["document"] == "FG1") & (table["role"] == "deelnemer")]
    assert found[["start", "end"]].to_numpy().tolist() == spoken[["start", "end"]].to_numpy().tolist()


def test_one_document_gives_the_part_of_the_whole_that_lies_there(study: qc.Project) -> None:
    whole = study.find("lemma:zeggen")
    parts = [study.find("lemma:zeggen", document=name) for name in ("FG1", "FG2")]
    assert [len(part) for part in parts] == [int((whole["document"] == name).sum()) for name in ("FG1", "FG2")]
    assert all(len(part) for part in parts)
    with pytest.raises(qc.errors.NotFound):
        study.find("lemma:zeggen", document="FG77")
