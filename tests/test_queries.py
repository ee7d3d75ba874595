"""Codings, turns, participation and which codings count."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.analysis import codings, counted, counter_voices, participation, turns
from qualcode.errors import Ambiguous, NotFound
from qualcode.labels import set_language
from studies import MOMENT, Build, groups, told


def three() -> Build:
    """FG1 and FG2 with four participants, IV1 with one."""
    build = groups(2)
    build.document("IV1", [("M1", "Hoe begon het?"), ("R1", "Ja, dat is een lang verhaal, hoor.")])
    return build


def test_codings_stand_in_order_of_documents_and_words() -> None:
    build = three()
    for document, turn in (("IV1", 2), ("FG2", 3), ("FG1", 4), ("FG2", 2), ("FG1", 2)):
        build.code(document, turn, "E07")
    frame = codings(build.snapshot())
    assert list(frame["document"]) == ["FG1", "FG1", "FG2", "FG2", "IV1"]
    assert frame.groupby("document")["start"].is_monotonic_increasing.all()


def test_text_of_a_coding_is_the_text_of_the_document_there() -> None:
    build = three()
    build.code("IV1", "een lang verhaal", "E07")
    snapshot = build.snapshot()
    row = codings(snapshot).iloc[0]
    assert row["text"] == "een lang verhaal" == snapshot.text("doc-IV1")[row["start"] : row["end"]]
    assert (row["speaker"], row["kind"], row["code"], row["coder"]) == ("R1", "interview", "E07", "anna")
    assert row["code_path"] == "Ervaringen met racisme > Minder tastbaar > Onderschatting"


def test_columns_end_with_the_dimensions_of_the_codebook_and_then_the_others() -> None:
    build = three()
    build.code("FG1", 2, "E07", stelling="nuanceert", grond=["herkomst", "geloof"], voorval=3, sfeer="gespannen", voorval2=None)
    frame = codings(build.snapshot())
    assert list(frame.columns[:13]) == [
        "coding", "document", "kind", "start", "end", "text", "speaker", "code", "code_path", "coder", "layer", "at", "memo",
    ]  # fmt: skip
    declared = ["stelling", "ervaring", "uitlokking", "actor", "grond", "periode", "werkt", "scope", "ironie", "voorval"]
    assert list(frame.columns[13:]) == [*declared, "sfeer", "voorval2"]
    row = frame.iloc[0]
    assert (row["stelling"], row["grond"], row["voorval"], row["sfeer"]) == ("nuanceert", "herkomst|geloof", "3", "gespannen")
    assert pd.isna(row["ervaring"])


def test_a_dimension_called_like_a_column_keeps_both() -> None:
    build = Build(dimensions=[{"name": "layer", "values": ["diep"], "default": None}])
    build.document("FG1", [("R1", "Dat dus.")])
    build.code("FG1", 1, "E07", dimensions=None, layer="ronde-1")
    build.state["coding"]["coding-00000"]["dimensions"] = {"layer": "diep"}
    row = codings(build.snapshot()).iloc[0]
    assert (row["layer"], row["dimension.layer"]) == ("ronde-1", "diep")


def test_code_takes_everything_below_it_only_when_asked() -> None:
    build = three()
    told(build, "E07", "FG1:1")
    told(build, "E01", "FG1:1")
    told(build, "O12", "FG1:1")
    snapshot = build.snapshot()
    assert list(codings(snapshot, code="E", children=True)["code"]) == ["E01", "E07"]
    assert codings(snapshot, code="E").empty
    assert list(codings(snapshot, code="Ervaringen met racisme > Minder tastbaar > Onderschatting")["code"]) == ["E07"]


def test_a_merged_code_appears_as_the_one_it_went_into() -> None:
    build = three()
    told(build, "E01", "FG1:1")
    build.state["code"]["code-E01"] |= {"merged_into": "code-E02", "retired": True}
    snapshot = build.snapshot()
    assert list(codings(snapshot)["code"]) == ["E02"]
    assert len(codings(snapshot, code="E01")) == len(codings(snapshot, code="E02")) == 1


def test_codings_are_chosen_by_document_coder_layer_and_speaker() -> None:
    build = three()
    build.code("FG1", 2, "E07", coder="anna", layer="ronde-1")
    build.code("FG1", 3, "E07", coder="bram", layer="ronde-2")
    build.code("FG2", 2, "E07", coder="bram", layer="ronde-1")
    snapshot = build.snapshot()
    assert (
        len(codings(snapshot, document="FG1")) == len(codings(snapshot, document="fg1")) == len(codings(snapshot, document="doc-FG1")) == 2
    )
    assert list(codings(snapshot, coder="bram")["document"]) == ["FG1", "FG2"]
    assert list(codings(snapshot, layer="ronde-2")["speaker"]) == ["R2"]
    assert list(codings(snapshot, speaker="R1")["document"]) == ["FG1", "FG2"]
    assert list(codings(snapshot, speaker="FG2-P1")["document"]) == ["FG2"]


@pytest.mark.parametrize(
    ("field", "value"), [("document", "FG9"), ("coder", "carla"), ("layer", "ronde-7"), ("speaker", "R8"), ("code", "E99")]
)
def test_a_name_that_is_not_there_is_refused_with_what_there_is(field: str, value: str) -> None:
    build = three()
    build.code("FG1", 2, "E07", layer="ronde-1")
    with pytest.raises(NotFound) as refused:
        codings(build.snapshot(), **{field: value})
    assert value in str(refused.value)


def test_two_documents_of_one_name_wait_for_a_person() -> None:
    build = three()
    build.state["document"]["doc-FG2"]["name"] = "FG1"
    with pytest.raises(Ambiguous, match="doc-FG2"):
        codings(build.snapshot(), document="FG1")
    assert len(codings(build.snapshot(), document="doc-FG2")) == 0


def test_a_coding_over_several_turns_names_all_speakers() -> None:
    build = three()
    start, end = build.span("FG1", 2)[0], build.span("FG1", 4)[1]
    build.code("FG1", (start, end), "E07")
    assert codings(build.snapshot())["speaker"].iloc[0] == "R1|R2|R3"


def test_turns_give_words_without_page_marks() -> None:
    build = Build()
    build.document("FG1", [("R1", "Dat was in\nPagina 3 van 12\nhet begin.")])
    start, _ = build.span("FG1", "Pagina 3 van 12")
    build.state["document"]["doc-FG1"]["turns"]["gaps"] = [[0, start, start + 15]]
    row = turns(build.snapshot()).iloc[0]
    assert (row["text"], row["words"], row["turn"], row["participant"]) == ("Dat was in het begin.", 5, 1, "FG1-P1")


def test_turns_of_one_document_are_its_own() -> None:
    frame = turns(three().snapshot(), "FG2")
    assert list(frame["turn"]) == [1, 2, 3, 4, 5]
    assert set(frame["document"]) == {"FG2"}
    assert list(frame["role"]) == ["moderator", *["deelnemer"] * 4]


def test_participation_counts_silent_people_and_shares_add_up() -> None:
    build = three()
    build.speaker("FG1", "R9")
    frame = participation(build.snapshot())
    silent = frame[frame["participant"] == "FG1-P9"].iloc[0]
    assert (silent["turns"], silent["words"], silent["share"], silent["coded"]) == (0, 0, 0.0, 0)
    assert frame.groupby("document")["share"].sum().tolist() == pytest.approx([1, 1, 1])
    assert set(frame["role"]) == {"deelnemer"}


def test_participation_counts_codings_on_a_persons_words() -> None:
    build = three()
    told(build, "E07", "FG1:2")
    told(build, "E09", "FG1:1")
    frame = participation(build.snapshot()).set_index(["document", "participant"])
    assert frame["coded"]["FG1"].tolist() == [2, 1, 0, 0]


def test_consensus_speaks_for_a_document_before_any_round() -> None:
    build = three()
    build.assign("FG1", "bram")
    build.code("FG1", 2, "E07", coder="anna", layer="ronde-2")
    build.code("FG1", 3, "E07", coder="bram", layer="consensus")
    frame = counted(build.snapshot())
    assert list(frame["speaker"]) == ["R2"]
    assert list(frame["basis"]) == ["consensus"]


def test_the_assigned_coders_latest_round_speaks_else() -> None:
    build = three()
    build.assign("FG1", "anna")
    for layer, turn in (("ronde-2", 2), ("ronde-10", 3), ("ronde-1", 4)):
        build.code("FG1", turn, "E07", coder="anna", layer=layer)
    for turn in (2, 3, 4, 5):
        build.code("FG1", turn, "E09", coder="bram", layer="ronde-3")
    frame = counted(build.snapshot())
    assert list(zip(frame["code"], frame["speaker"], frame["basis"], strict=True)) == [("E07", "R2", "anna, ronde-10")]


def test_without_assignment_the_coder_with_most_codings_speaks_and_it_says_so() -> None:
    build = three()
    build.code("FG1", 2, "E07", coder="anna", layer="ronde-1")
    build.code("FG1", 2, "E09", coder="bram", layer="ronde-1")
    build.code("FG1", 3, "E09", coder="bram", layer="ronde-1")
    build.code("FG2", 2, "E07", coder="anna", layer="ronde-1")
    frame = counted(build.snapshot())
    assert list(frame["basis"].unique()) == ["bram, ronde-1 (van 2 codeurs degene met de meeste coderingen)", "anna, ronde-1"]


def test_never_a_union_of_coders() -> None:
    build = three()
    for coder in ("anna", "bram"):
        build.code("FG1", 2, "E07", coder=coder, layer="ronde-1")
    assert len(counted(build.snapshot())) == 1


@pytest.mark.parametrize(
    ("dimensions", "why"),
    [
        ({"stelling": "weerspreekt"}, "weerspreekt"),
        ({"stelling": "nuanceert"}, "nuanceert"),
        ({"ervaring": "van horen zeggen"}, "van horen zeggen"),
        ({"ervaring": "hypothetisch"}, "hypothetisch"),
        ({"uitlokking": "sturende vraag"}, "na sturende vraag"),
        ({"scope": "buiten"}, "buiten scope"),
        ({"periode": "vóór"}, "vóór de periode"),
        ({"ironie": "ja"}, "ironie"),
        ({"scope": "buiten", "stelling": "weerspreekt"}, "buiten scope"),
        ({"ervaring": "van horen zeggen", "uitlokking": "sturende vraag"}, "van horen zeggen"),
        ({}, None),
        ({"ironie": "ja", "stelling": "bevestigt"}, None),
        ({"ervaring": "gezien", "uitlokking": "na ander"}, None),
    ],
)
def test_what_does_not_count_says_why(dimensions: dict[str, str], why: str | None) -> None:
    build = three()
    build.code("FG1", 2, "E07", **dimensions)
    row = counted(build.snapshot()).iloc[0]
    assert row["counts"] == (why is None)
    assert (row["why_not"] if why else pd.isna(row["why_not"])) == (why or True)


def test_a_reason_can_be_switched_in() -> None:
    build = three()
    build.code("FG1", 2, "E07", periode="vóór")
    build.code("FG1", 3, "E07", stelling="weerspreekt")
    assert list(counted(build.snapshot(), also=["vóór de periode"])["counts"]) == [True, False]


def test_a_suggestion_needs_no_experience() -> None:
    build = three()
    build.code("FG1", 2, "S01", ervaring="hypothetisch")
    build.code("FG1", 3, "S01", ervaring="van horen zeggen")
    build.code("FG1", 4, "S01")
    frame = counted(build.snapshot())
    assert frame["counts"].all()
    assert pd.isna(frame["ervaring"].iloc[2])


def test_empty_dimensions_take_the_default_and_are_listed() -> None:
    build = three()
    build.code("FG1", 2, "E07", stelling="bevestigt", scope="binnen", periode="binnen")
    build.code("FG1", 3, "E07", stelling="bevestigt", scope="binnen", periode="binnen", ervaring="gezien", uitlokking="doorvraag")
    frame = counted(build.snapshot())
    assert (frame["ervaring"].iloc[0], frame["uitlokking"].iloc[0]) == ("zelf", "spontaan")
    assert frame["assumed"].iloc[0] == "ervaring|uitlokking"
    assert pd.isna(frame["assumed"].iloc[1])


def test_words_of_a_moderator_never_count() -> None:
    build = three()
    build.code("FG1", 1, "E07")
    build.code("FG1", (build.span("FG1", 1)[0], build.span("FG1", 2)[1]), "E07")
    frame = counted(build.snapshot())
    assert list(frame["why_not"].fillna("")) == ["niet van een deelnemer", ""]
    assert list(frame["participant"].fillna("")) == ["", "FG1-P1"]
    assert frame["role"].iloc[1] == "moderator|deelnemer"


def test_words_without_a_speaker_count() -> None:
    build = Build()
    build.document("FG1", [(None, "Iemand zei iets."), (None, "Iemand anders ook.")])
    build.code("FG1", 1, "E07")
    assert counted(build.snapshot())["counts"].all()


def test_a_statement_taken_back_gives_way_to_the_later_one() -> None:
    build = three()
    build.code("FG1", "Woorden van spreker 1", "E07", stelling="weerspreekt")
    build.document("FG3", [("R1", "Bij mij valt het wel mee."), ("R2", "Bij mij niet."), ("R1", "Ik neem het terug, bij mij ook.")])
    build.code("FG3", 1, "E07", stelling="weerspreekt")
    build.code("FG3", 2, "E07")
    build.code("FG3", 3, "E07", stelling="bevestigt")
    build.interaction("FG3", 3, "I9", "E07", about=1)
    frame = counted(build.snapshot())
    assert list(frame["why_not"].fillna("")) == ["weerspreekt", "later bijgesteld", "", ""]


def test_what_was_said_before_takes_nothing_back() -> None:
    build = Build()
    build.document("FG1", [("R1", "Het komt wel voor."), ("R1", "Bij mij valt het mee."), ("R1", "Nou ja, laat maar.")])
    build.code("FG1", 1, "E07")
    build.code("FG1", 2, "E07", stelling="weerspreekt")
    build.interaction("FG1", 3, "I9", "E07", about=2)
    assert list(counted(build.snapshot())["why_not"].fillna("")) == ["", "weerspreekt"]


def test_taking_back_needs_a_later_coding_by_the_same_person() -> None:
    build = Build()
    build.document("FG1", [("R1", "Bij mij valt het mee."), ("R2", "O ja?"), ("R1", "Nou ja, misschien toch niet.")])
    build.code("FG1", 1, "E07", stelling="weerspreekt")
    build.code("FG1", 2, "E07")
    build.interaction("FG1", 3, "I9", "E07", about=1)
    assert list(counted(build.snapshot())["why_not"].fillna("")) == ["weerspreekt", ""]


def test_a_code_that_is_gone_stays_visible_and_does_not_count() -> None:
    build = three()
    build.code("FG1", 2, "E07")
    build.state["code"]["code-E07"]["exists"] = False
    row = counted(build.snapshot()).iloc[0]
    assert (row["why_not"], pd.isna(row["code"])) == ("code bestaat niet meer", True)


def test_counter_voices_stand_under_their_subtheme() -> None:
    build = three()
    build.code("FG1", 2, "O08", stelling="weerspreekt")
    build.code("FG1", 3, "O05")
    build.code("IV1", 2, "O09", werkt="wel")
    build.code("FG2", 2, "S09", werkt="wel")
    frame = counter_voices(build.snapshot())
    found = frame[frame["outcome"] == "aangetroffen"]
    assert list(zip(found["subtheme"], found["code"], found["stance"], found["document"], strict=True)) == [
        ("OB", "O08", "weerspreekt", "FG1"),
        ("OB", "O09", "werkt wel", "IV1"),
    ]


def test_searched_in_vain_differs_from_not_searched() -> None:
    build = three()
    build.code("FG1", 2, "E07", stelling="nuanceert")
    build.search("E07", "FG1, FG2")
    build.search("OC", "FG2", "niet aangetroffen")
    build.search("OC", "FG1", "alleen instemming")
    build.search("S", "alle sessies")
    frame = counter_voices(build.snapshot()).set_index("subtheme")
    assert frame["outcome"].to_dict() == {
        "EA": "niet gezocht", "EB": "aangetroffen", "OB": "niet gezocht", "OC": "niet aangetroffen", "SA": "niet aangetroffen", "SC": "niet aangetroffen",
    }  # fmt: skip
    assert frame["searched"]["OC"] == "gezocht in FG2, niet aangetroffen; gezocht in FG1: alleen instemming"
    assert frame["searched"]["EB"] == "gezocht in FG1, FG2, aangetroffen"
    assert pd.isna(frame["searched"]["OB"])


def test_words_of_the_register_follow_the_language() -> None:
    build = three()
    build.search("OC", "FG2")
    set_language("en")
    assert "searched in FG2, not found" in set(counter_voices(build.snapshot())["searched"])


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 3), st.integers(2, 5), st.sampled_from(["anna", "bram"]), st.sampled_from(["ronde-1", "ronde-2", "consensus"])
        ),
        max_size=12,
    )
)
def test_what_counts_is_one_coder_and_one_layer_a_document(drawn: list[tuple[int, int, str, str]]) -> None:
    build = groups(3)
    for number, turn, coder, layer in drawn:
        build.code(f"FG{number}", turn, "E07", coder=coder, layer=layer)
    frame = counted(build.snapshot())
    assert set(frame["document"]) == {f"FG{number}" for number, *_ in drawn}
    for _, rows in frame.groupby("document"):
        assert rows["layer"].nunique() == 1
        assert rows["layer"].iloc[0] == "consensus" or rows["coder"].nunique() == 1
        assert rows["basis"].nunique() == 1


def test_the_moment_of_a_coding_is_kept() -> None:
    build = three()
    build.code("FG1", 2, "E07", memo="ironisch?")
    row = codings(build.snapshot()).iloc[0]
    assert (row["at"], row["memo"]) == (MOMENT, "ironisch?")


def test_an_empty_study_has_empty_frames_with_all_columns() -> None:
    snapshot = Build(tree={}).snapshot()
    for frame in (codings(snapshot), turns(snapshot), participation(snapshot), counted(snapshot), counter_voices(snapshot)):
        assert frame.empty
        assert len(frame.columns) > 8
