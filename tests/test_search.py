"""Search: what is found, where it stands, what is kept of it in the study, and that what is withdrawn is not kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qualcode as qc
from qualcode.analysis.finding import Manner, said, steps_of
from qualcode.analysis.kwic import SEARCH_COLUMNS
from qualcode.analysis.kwic import search as look
from qualcode.analysis.related import word_forms
from qualcode.analysis.words import Part, Words, cut, part_of
from qualcode.cli import main
from qualcode.errors import Ambiguous, NotFound, ReadOnlyStudy, Refused
from qualcode.labels import set_language
from qualcode.project import indexing, searching
from qualcode.store import log
from qualcode.store.searching import Kept, drop, forget, keep, kept, word_index
from qualcode.store.withdrawal import mask, scrub
from studies import Build
from test_query_language import sight_of

TALK = """M1: Wie heeft er wel eens iets gemeld?

R1: Ik meldde het bij het meldpunt, maar de melding – één keer maar – verdween.

R2: Dat is niet-westers gedoe. Zo'n collega’s grap, “ja, maar dat is toch leuk”.

R1: Mijn baas en mijn collega's melden niets. Wie meldt, die wordt gemeld.
"""
LEMMAS = {
    "meldde": "melden",
    "meldt": "melden",
    "gemeld": "melden",
    "heeft": "hebben",
    "collega's": "collega",
    "is": "zijn",
    "wordt": "worden",
}


def lemmas(texts: Sequence[str]) -> pd.DataFrame:
    """Stand in for a Dutch pipeline: the lemmas of the talk above."""
    found = cut(texts)
    return found.assign(lemma=[LEMMAS.get(word, word) for word in found["lower"]])


def parts(word: str) -> tuple[str, ...]:
    return {"meldpunt": ("meld", "punt")}.get(word, (word,))


@pytest.fixture
def _pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "lemmas", lambda: indexing.Layer("lemmas", "proef 1", lemmas))
    monkeypatch.setattr(indexing, "parts", lambda: parts)


@pytest.fixture
def study(address: str, tmp_path: Path) -> Iterator[qc.Project]:
    (tmp_path / "FG1.txt").write_text(TALK, encoding="utf-8")
    with qc.Project.create(address, coder="anna") as made:
        made.codebook.add(name="Melden", id="E01")
        made.import_documents(tmp_path / "FG1.txt", kind="focusgroep")
        made.code("FG1", "E01", text="Mijn baas en mijn collega's")
        yield made


def hits(study: qc.Project, text: str, **how: Any) -> list[str]:
    return list(study.search(text, **how)["hit"])


def words_of(text: str, tokens: Any = cut) -> Words:
    part = part_of(text, [(0, len(text))], [], tokens)
    return Words.of([(part, 0)], (np.array([0]), np.array([0])))


# what is found -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("melden", ["melden"]),
        ("MELDEN", ["melden"]),
        ("meld*", ["meldde", "meldpunt", "melding", "melden", "meldt"]),
        ("*meld", ["gemeld", "gemeld"]),
        ("*punt", ["meldpunt"]),
        ("melden|melding", ["melding", "melden"]),
        ("mijn baas|collega's", ["Mijn baas", "mijn collega's"]),
        ('"ja maar"', ["ja, maar"]),
        ("ja, maar dat", ["ja, maar dat"]),
        ("gemeld ik", []),
        ("een", ["één"]),
        ("één", ["één"]),
        ("maar één", []),
        ("collega's", ["collega’s", "collega's"]),
        ("collega’s", ["collega’s", "collega's"]),
        ("zo'n", ["Zo'n"]),
        ("westers", ["niet-westers"]),
        ("niet-westers", ["niet-westers"]),
        ("mijn-baas", ["Mijn baas"]),
        ("baas NABIJ/2 collega's", ["baas en mijn collega's"]),
        ("baas NEAR/1 collega's", []),
        ("collega's NABIJ/2 baas", ["baas en mijn collega's"]),
        ("R1", []),
        ("M1", []),
        ("één keer – maar", ["één keer maar"]),
    ],
)
def test_words_are_found_as_people_mean_them(study: qc.Project, text: str, found: list[str]) -> None:
    assert hits(study, text) == found


@pytest.mark.usefixtures("_pipeline")
def test_a_lemma_finds_its_forms_and_a_form_its_lemma(study: qc.Project) -> None:
    assert hits(study, "melden", lemma=True) == ["gemeld", "meldde", "melden", "meldt", "gemeld"]
    assert hits(study, "gemeld", lemma=True) == hits(study, "melden", lemma=True)
    assert hits(study, "melden|melding", lemma=True)[2] == "melding"
    assert hits(study, "mijn collega", lemma=True) == ["mijn collega's"]
    assert len(study.query("lemma:melden")) == 3
    assert len(study.query("melden")) == 1


@pytest.mark.usefixtures("_pipeline")
def test_compounds_are_looked_into_only_when_asked(study: qc.Project) -> None:
    assert hits(study, "punt") == []
    assert hits(study, "punt", compounds=True) == ["meldpunt"]
    assert hits(study, "punt", lemma=True, compounds=True) == ["meldpunt"]


@pytest.mark.usefixtures("_pipeline")
def test_the_forms_of_a_word_stand_before_words_that_look_like_it(study: qc.Project) -> None:
    frame = study.word_forms("melden")
    assert list(frame.columns) == ["form", "lemma", "times", "how"]
    assert frame.to_numpy().tolist() == [
        ["gemeld", "melden", 2, "vorm van dit woord"],
        ["meldde", "melden", 1, "vorm van dit woord"],
        ["melden", "melden", 1, "vorm van dit woord"],
        ["meldt", "melden", 1, "vorm van dit woord"],
        ["melding", "melding", 1, "lijkt erop"],
        ["meldpunt", "meldpunt", 1, "lijkt erop"],
    ]
    with pytest.raises(Refused, match="één woord"):
        study.word_forms("iets melden")


def test_the_name_of_the_pipeline_goes_with_what_it_found(study: qc.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "lemmas", lambda: indexing.Layer("lemmas", "proef 1", lemmas))
    assert study.search("melden", lemma=True).attrs["model"] == "proef 1"
    assert study.search("melden").attrs["model"] == ""
    # another pipeline reads the texts anew
    monkeypatch.setattr(indexing, "lemmas", lambda: indexing.Layer("lemmas", "proef 2", lambda texts: cut(texts).assign(lemma="x")))
    assert len(study.search("x", lemma=True)) == len(study.search("x", lemma=True, context=0)) > 20


def test_positions_are_those_of_the_document(study: qc.Project) -> None:
    frame = study.search("meld*")
    text = study.snapshot().text(study.snapshot().document_names["FG1"])
    assert [text[a:b] for a, b in zip(frame["start"], frame["end"], strict=True)] == list(frame["hit"])
    assert list(frame.columns) == list(SEARCH_COLUMNS)
    assert list(frame["turn"]) == [2, 2, 2, 4, 4]
    assert frame["start"].is_monotonic_increasing


def test_words_around_are_of_the_same_turn_and_cut_at_words(study: qc.Project) -> None:
    row = study.search("meldpunt", context=15).iloc[0]
    assert (row["left"], row["hit"], row["right"]) == ("het bij het ", "meldpunt", ", maar de")
    whole = study.search("meldpunt", context=10_000).iloc[0]
    assert whole["left"] + whole["hit"] + whole["right"] == "Ik meldde het bij het meldpunt, maar de melding – één keer maar – verdween."
    bare = study.search("meldpunt", context=0).iloc[0]
    assert (bare["left"], bare["right"]) == ("", ",")


def test_codes_stand_beside_the_words_they_are_on(study: qc.Project) -> None:
    assert list(study.search("mijn")["codes"]) == ["E01", "E01"]
    assert list(study.search("melden|baas")["codes"]) == ["E01", ""]
    assert hits(study, "mijn|melden", code="E01") == ["Mijn", "mijn"]


def test_where_to_look_can_be_chosen(study: qc.Project) -> None:
    assert hits(study, "wie", speaker="R1") == ["Wie"]
    assert hits(study, "wie", role="moderator") == ["Wie"]
    assert hits(study, "gemeld", document="FG1", role="deelnemer") == ["gemeld"]
    assert hits(study, "wie", where="code:E01 EN NIET rol:moderator") == ["Wie"]


def test_attributes_choose_people_and_documents() -> None:
    build = Build()
    build.document("FG1", [("R1", "Ja dus."), ("R2", "Ja hoor.")], stratum="gemengd, ministerie")
    build.document("IV1", [("R1", "Ja ja.")], stratum="uitvoering")
    build.state["participant"]["person-FG1-R1"]["attributes"] = {"achtergrond": "Marokkaans | moslim", "leeftijd": "35–44"}
    sight = sight_of(build)
    of = lambda **attributes: len(look(sight, "ja", Manner(), attributes=attributes))
    assert [
        of(leeftijd="35-44"),
        of(leeftijd="35 – 44"),
        of(achtergrond="moslim"),
        of(Achtergrond="marokkaans"),
        of(stratum="uitvoering"),
    ] == [1, 1, 1, 1, 2]
    with pytest.raises(NotFound, match="35–44"):
        of(leeftijd="35-54")
    with pytest.raises(NotFound, match="achtergrond"):
        of(achtergronden="moslim")


def test_page_marks_are_no_words_and_do_not_part_words() -> None:
    build = Build()
    build.document("FG1", [("R1", "Dat was in\nPagina 3 van 12\nhet begin, zeg ik.")])
    start, _ = build.span("FG1", "Pagina 3 van 12")
    build.state["document"]["doc-FG1"]["turns"]["gaps"] = [[0, start, start + 15]]
    sight = sight_of(build)
    assert look(sight, "pagina", Manner()).empty
    row = look(sight, "in het", Manner()).iloc[0]
    assert (row["left"], row["hit"], row["right"]) == ("Dat was ", "in het", " begin, zeg ik.")
    assert look(sight, "begin", Manner()).iloc[0]["left"] == "Dat was in het "


def test_marks_that_nobody_sees_do_not_hide_words() -> None:
    words = words_of("\u200fHij ge\u00admeld\u00adde niets\u0085 en\x07toen")
    assert [len(said(words, text, Manner())[0]) for text in ("hij", "gemeldde", "niets", "toen")] == [1, 1, 1, 1]


spoken = st.lists(st.sampled_from(["a", "ba", "ba-a", "c’s", "é", "a.", "ba,"]), min_size=1, max_size=30)


@settings(max_examples=40)
@given(spoken, st.lists(st.sampled_from(["a", "ba", "e"]), min_size=1, max_size=3))
def test_a_phrase_is_found_where_its_words_follow_each_other(text: list[str], phrase: list[str]) -> None:
    words = words_of(" ".join(text))
    first, last = said(words, " ".join(phrase), Manner())
    bare = [word.strip(".,").replace("é", "e") for word in text]
    fits = lambda there, asked: there == asked or asked in there.split("-")
    slow = [i for i in range(len(bare) - len(phrase) + 1) if all(fits(bare[i + k], one) for k, one in enumerate(phrase))]
    assert first.tolist() == slow
    assert (last - first == len(phrase) - 1).all()


@settings(max_examples=40)
@given(st.lists(st.text(max_size=30), max_size=4))
def test_words_that_are_kept_come_back_the_same(texts: list[str]) -> None:
    text = "\n".join(texts)
    ends = np.cumsum([len(t) + 1 for t in texts]) - 1
    turns = [(int(end) - len(t), int(end)) for t, end in zip(texts, ends, strict=True)]
    part = part_of(text, turns, [], lambda given: cut(given).assign(lemma="x"))
    again = Part.unpacked(part.packed())
    assert all(np.array_equal(getattr(part, name), getattr(again, name)) for name in ("start", "end", "form", "lemma"))
    assert (part.forms, part.lemmas) == (again.forms, again.lemmas)


def test_a_turn_of_a_hundred_thousand_words_is_searched() -> None:
    words = words_of("ja nee " * 50_000)
    assert len(said(words, "nee ja", Manner())[0]) == 49_999


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "search.empty"),
        ("   ", "search.empty"),
        ("x" * 10_000, "search.too_long"),
        ("mel\x00den", "search.strange"),
        ("… – !", "search.only_marks"),
        ("*", "search.too_wide"),
        ("a*", "search.too_wide"),
        ("melden|", "search.alternatives"),
        ("er iets|ja,maar", "search.alternatives"),
        ("a NABIJ/5000 b", "search.far_words"),
        ("NABIJ/5 b", "search.only_marks"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_a_sentence(study: qc.Project, text: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        study.search(text)
    assert refused.value.key == key
    for lang in ("nl", "en"):
        set_language(lang)  # type: ignore[arg-type]
        assert str(refused.value)


def test_steps_are_cut_as_texts_are() -> None:
    assert steps_of("zo'n heeft-ie “wel”") == [("zo'n",), ("heeft",), ("-ie",), ("wel",)]


def test_an_empty_study_has_nothing(address: str) -> None:
    with qc.Project.create(address, coder="anna") as empty:
        assert empty.search("melden").empty
        assert list(empty.search("melden").columns) == list(SEARCH_COLUMNS)
        assert word_forms(indexing.sight(empty, indexing.WRITTEN_LAYER, None).words, "melden").empty


# what is kept --------------------------------------------------------------------------------------------


def bodies(study: qc.Project, layer: str = "written") -> dict[str, bytes]:
    with study._store.reading() as connection:
        return kept(connection, layer)


def counting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often texts are cut into words."""
    cuts: list[int] = []

    def counted(texts: Sequence[str]) -> pd.DataFrame:
        cuts.append(len(texts))
        return cut(texts)

    monkeypatch.setattr(indexing, "WRITTEN_LAYER", indexing.Layer("written", tokens=counted))
    return cuts


def test_texts_are_cut_once_and_kept_in_the_study(study: qc.Project, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cuts = counting(monkeypatch)
    study.search("melden")
    study.search("baas")
    assert (len(cuts), len(bodies(study))) == (1, 1)
    with qc.Project.open(address) as again:
        assert hits(again, "melden") == ["melden"]
    assert len(cuts) == 1


def test_only_what_is_new_is_cut_and_what_is_gone_is_dropped(study: qc.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cuts = counting(monkeypatch)
    study.search("melden")
    first = set(bodies(study))
    (tmp_path / "FG2.txt").write_text("M1: En?\n\nR1: Wij melden alles.\n", encoding="utf-8")
    study.import_documents(tmp_path / "FG2.txt")
    assert list(study.search("melden")["document"]) == ["FG1", "FG2"]
    assert cuts == [4, 2]
    assert set(bodies(study)) > first
    study.remove_document("FG1")
    assert list(study.search("melden")["document"]) == ["FG2"]
    study.import_documents(tmp_path / "FG2.txt", name="FG3")
    study.search("melden")
    assert not set(bodies(study)) & first
    assert len(cuts) == 2  # equal text, cut before


def test_a_gesture_does_not_cut_or_read_again(study: qc.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    study.search("melden")
    held = indexing.sight(study, indexing.WRITTEN_LAYER, None).words
    study.code("FG1", "E01", text="verdween")
    assert list(study.search("verdween")["codes"]) == ["E01"]
    assert indexing.sight(study, indexing.WRITTEN_LAYER, None).words is held


def test_a_study_that_cannot_be_written_is_searched_all_the_same(study: qc.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ReadOnlyStudy("store.read_only", study="studie")

    monkeypatch.setattr(indexing, "keep", refuse)
    assert hits(study, "melden") == ["melden"]
    assert bodies(study) == {}


def test_searching_writes_no_event(study: qc.Project) -> None:
    before = len(study.history())
    study.search("melden")
    assert len(study.history()) == before
    assert all(finding.sound for finding in study.doctor())


def test_what_is_withdrawn_is_in_no_byte_of_the_study(tmp_path: Path) -> None:
    path = tmp_path / "studie.qualcode"
    (tmp_path / "FG1.txt").write_text(TALK.replace("baas", "Zevenaar"), encoding="utf-8")
    with qc.Project.create(path, coder="anna") as study:
        study.import_documents(tmp_path / "FG1.txt", kind="focusgroep")
        place = study.search("zevenaar").iloc[0]
        address = str(study.snapshot().documents["text"].iloc[0])
        assert b"zevenaar" in b"".join(bodies(study).values())
        with study._store.writing() as connection:
            mask(connection, {address: [(int(place["start"]), int(place["end"]))]})
            forget(connection, [address])
        scrub(study._store)
        study._reload()
        assert study.search("zevenaar").empty
        assert hits(study, "collega's") == ["collega’s", "collega's"]
    assert not any(b"evenaar" in file.read_bytes() for file in tmp_path.glob("studie*"))


def test_forgetting_takes_the_texts_named_or_all(study: qc.Project) -> None:
    with study._store.writing() as connection:
        forget(connection)  # where nothing was searched yet
        keep(connection, [Kept("k1", "t1", "written", b"1"), Kept("k2", "t2", "written", b"2"), Kept("k3", "t2", "lemmas", b"3")])
        forget(connection, ["t2"])
        assert (kept(connection, "written"), kept(connection, "lemmas")) == ({"k1": b"1"}, {})
        keep(connection, [Kept("k1", "t1", "written", b"4"), Kept("k4", "t4", "written", b"5")])
        drop(connection, {"k1"})
        assert kept(connection, "written") == {"k4": b"5"}
        forget(connection)
        assert kept(connection, "written") == {}


def test_the_index_is_no_part_of_the_schema_of_a_study(address: str) -> None:
    import sqlalchemy as sa

    with qc.Project.create(address, coder="anna") as study, study._store.reading() as connection:
        assert not sa.inspect(connection).has_table(word_index.name)
        assert log.head(connection).seq > 0


# queries by name -----------------------------------------------------------------------------------------


def test_a_query_is_kept_changed_removed_and_undone(study: qc.Project, address: str) -> None:
    study.save_query("  baas en  code ", "baas EN code:E01")
    assert list(study.query(saved="baas en code")["turn"]) == [4]
    study.save_query("baas en code", "code:E01", unit="fragment")
    row = study.queries().iloc[0]
    assert len(study.queries()) == 1
    assert (row["name"], row["text"], row["unit"], row["coder"]) == ("baas en code", "code:E01", "fragment", "anna")
    assert list(study.query(saved="baas en code")["code"]) == ["E01"]
    assert list(study.query(saved="baas en code", unit="document")["document"]) == ["FG1"]
    study.remove_query("baas en code")
    assert study.queries().empty
    study.undo()
    assert list(study.queries()["name"]) == ["baas en code"]
    with qc.Project.open(address) as again:
        assert list(again.queries()["text"]) == ["code:E01"]
    assert "Vraag bewaard" in list(study.history()["what"])[-4]


def test_a_query_that_cannot_be_kept_or_found_is_refused(study: qc.Project) -> None:
    events = len(study.history())
    for call in (
        lambda: study.save_query("", "baas"),
        lambda: study.save_query("x" * 101, "baas"),
        lambda: study.save_query("goed", "baas EN"),
        lambda: study.save_query("goed", "baas", unit="zin"),
        study.query,
        lambda: study.query("baas", saved="goed"),
    ):
        with pytest.raises(Refused):
            call()
    for call in (lambda: study.query(saved="weg"), lambda: study.remove_query("weg")):
        with pytest.raises(NotFound, match="weg"):
            call()
    assert len(study.history()) == events


def test_two_queries_of_one_name_wait_for_a_person(study: qc.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    study.save_query("baas", "baas")
    guid = study._store.guids()
    study._commit("query", searching.Change("query", [guid], {"exists": [True], "name": ["baas"], "text": ["code:E01"], "unit": ["turn"]}))
    for call in (lambda: study.query(saved="baas"), lambda: study.save_query("baas", "melden")):
        with pytest.raises(Ambiguous, match="2"):
            call()
    study.remove_query("baas")
    assert study.queries().empty


def test_truth_values_go_on_in_pandas(study: qc.Project) -> None:
    turns = qc.turns(study)
    assert list(turns[study.holds("code:E01") & ~study.holds("rol:moderator")]["turn"]) == [4]
    assert study.holds("code:E01", unit="fragment").tolist() == [True]


# the command ---------------------------------------------------------------------------------------------


@pytest.fixture
def shared(tmp_path: Path) -> str:
    (tmp_path / "FG1.txt").write_text(TALK, encoding="utf-8")
    path = tmp_path / "studie.qualcode"
    with qc.Project.create(path, coder="anna") as made:
        made.codebook.add(name="Melden", id="E01")
        made.import_documents(tmp_path / "FG1.txt", kind="focusgroep")
        made.code("FG1", "E01", text="Mijn baas en mijn collega's")
    return str(path)


Answer = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], shared: str) -> Answer:
    def asked(*words: str) -> tuple[int, str, str]:
        try:
            code = main(["search", shared, *words])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return asked


def test_the_command_prints_words_under_each_other(ask: Answer) -> None:
    code, out, err = ask("mijn", "--context", "12")
    lines = out.splitlines()
    assert (code, len(lines)) == (0, 2)
    assert lines[0].startswith("FG1:4 R1")
    assert lines[0].index("[Mijn]") == lines[1].index("[mijn]")
    assert all(line.endswith("E01") for line in lines)
    assert "2 keer gevonden, in 1 documenten" in err


def test_json_is_one_value_with_the_documented_keys(ask: Answer) -> None:
    code, out, err = ask("baas", "--json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert list(rows[0]) == [*SEARCH_COLUMNS, "model"]
    assert (rows[0]["codes"], rows[0]["model"], rows[0]["turn"], rows[0]["participant"]) == (["E01"], None, 4, None)
    page = (Path(__file__).parents[1] / "docs" / "zoeken.md").read_text(encoding="utf-8")
    assert [key for key in rows[0] if f"`{key}`" not in page] == []
    assert json.loads(ask("nergens", "--json")[1]) == []


@pytest.mark.usefixtures("_pipeline")
def test_the_command_finds_forms_and_says_by_what(ask: Answer) -> None:
    code, out, err = ask("melden", "--lemma")
    assert (code, len(out.splitlines())) == (0, 5)
    assert "proef 1" in err
    assert {row["model"] for row in json.loads(ask("melden", "--lemma", "--json")[1])} == {"proef 1"}
    assert len(json.loads(ask("punt", "--compounds", "--json")[1])) == 1


def test_the_command_answers_queries(ask: Answer) -> None:
    code, out, err = ask("code:E01 EN baas", "--query")
    assert (code, len(out.splitlines())) == (0, 2)
    assert "FG1" in out
    assert "1 spreekbeurten" in err
    assert json.loads(ask("code:E01", "--query", "--unit", "fragment", "--json")[1])[0]["code"] == "E01"
    assert json.loads(ask("baas", "--query", "--json")[1])[0]["codes"] == ["E01"]
    assert json.loads(ask("baas", "--query", "--unit", "document", "--json")[1]) == [
        {"document": "FG1", "kind": "focusgroep", "turns": 4, "codings": 1}
    ]


def test_the_command_narrows_where_it_looks(ask: Answer) -> None:
    size = lambda *words: len(json.loads(ask(*words, "--json")[1]))
    assert (size("wie"), size("wie", "--role", "moderator"), size("wie", "--speaker", "R1"), size("mijn", "--code", "E01")) == (2, 1, 1, 2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("",), 1),
        (("code:E01 EN", "--query"), 1),
        (("baas", "--document", "FG9"), 1),
        (("baas", "--attribute", "leeftijd=3"), 1),
        (("baas", "--attribute", "leeftijd"), 2),
        (("baas", "--context", "-1"), 2),
        (("baas", "--query", "--lemma"), 2),
    ],
)
def test_what_cannot_be_asked_is_one_line(ask: Answer, words: tuple[str, ...], code: int) -> None:
    answered, out, err = ask(*words)
    assert (answered, out) == (code, "")
    assert err.strip()
    assert "Traceback" not in err
