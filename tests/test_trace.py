"""Every reference leads back to words in a text."""

from __future__ import annotations

import pytest

from qualcode.analysis import segments, spread, trace
from qualcode.analysis.counting import of_study
from qualcode.analysis.origins import references, trace_in
from qualcode.errors import Ambiguous, NotFound
from studies import Build, groups, told


def coded() -> Build:
    """Return two groups and an interview with a few codings."""
    build = groups(2)
    build.document("IV1", [("M1", "Hoe begon het?"), ("R1", "Dat is een lang verhaal, en het is nog niet klaar.")])
    told(build, "E07", "FG1:2")
    build.code("FG2", 2, "E07", stelling="weerspreekt")
    build.code("IV1", "een lang verhaal", "E07")
    build.code("IV1", "nog niet klaar", "O12")
    build.code("IV1", "een lang verhaal", "E09")
    return build


def test_a_quote_is_named_after_document_and_turn() -> None:
    found = segments(coded().snapshot()).set_index("ref")
    assert list(found.index) == ["FG1-0002", "FG1-0003", "FG2-0002", "IV1-0002a", "IV1-0002b"]
    assert found.loc["IV1-0002a", "text"] == "een lang verhaal"
    assert found.loc["IV1-0002a", "codes"] == ["E07", "E09"]
    assert not found.loc["FG2-0002", "counts"]


def test_more_than_twenty_six_segments_in_a_turn_still_have_names() -> None:
    build = Build()
    build.document("FG1", [("R1", "x" * 40)])
    for place in range(30):
        build.code("FG1", (build.span("FG1", 1)[0] + place, build.span("FG1", 1)[0] + place + 1), "E07")
    assert segments(build.snapshot())["ref"].tolist()[24:28] == ["FG1-0001y", "FG1-0001z", "FG1-0001aa", "FG1-0001ab"]


def test_a_quote_leads_to_its_codings() -> None:
    snapshot = coded().snapshot()
    for ref in ("IV1-0002a", "citaat:IV1-0002a"):
        rows = trace(snapshot, ref)
        assert list(rows["code"]) == ["E07", "E09"]
        assert set(rows["ref"]) == {ref}
        assert rows[["document", "turn", "speaker", "coder", "codebook"]].iloc[0].tolist() == ["IV1", 2, "R1", "anna", "0.1/abcdef12"]


def test_a_figure_leads_to_what_counts_and_what_does_not() -> None:
    snapshot = coded().snapshot()
    rows = trace(snapshot, "spreiding:EB")
    assert list(rows["document"]) == ["FG1", "FG1", "FG2", "IV1", "IV1"]
    assert list(rows["why_not"].fillna("")) == ["", "", "weerspreekt", "", ""]
    for row in rows.itertuples():
        assert snapshot.text(f"doc-{row.document}")[row.start : row.end] == row.text
    figure = spread(snapshot, level="subtheme").set_index("code").loc["EB"]
    assert figure["sessions"] == list(dict.fromkeys(rows.loc[rows["counts"], "document"]))


def test_notes_are_no_part_of_a_figure() -> None:
    build = coded()
    build.document("nota", [("R1", "Ook daar ging het over.")])
    build.code("nota", 1, "E07")
    assert "nota" not in set(trace(build.snapshot(), "spreiding:E07")["document"])
    assert list(trace(build.snapshot(), "nota-0001")["code"]) == ["E07"]


def test_counter_voices_lead_to_their_words() -> None:
    assert list(trace(coded().snapshot(), "tegengeluid:E")["document"]) == ["FG2"]
    assert trace(coded().snapshot(), "tegengeluid:O").empty


def test_a_status_leads_to_codings_and_interactions() -> None:
    build = coded()
    build.interaction("FG1", 5, "I5", "E07")
    rows = trace(build.snapshot(), "status:EB")
    assert list(rows.loc[rows["document"] == "FG1", "why_not"].fillna("")) == ["", "", "I5"]


def test_figures_about_sessions_lead_to_documents_and_people() -> None:
    snapshot = coded().snapshot()
    assert list(trace(snapshot, "sessies")["document"]) == ["FG1", "FG2", "IV1"]
    people = trace(snapshot, "deelnemers")
    assert len(people) == 9
    assert set(people["speaker"]) == {"R1", "R2", "R3", "R4"}


def test_assumed_dimensions_lead_to_the_codings_without_them() -> None:
    build = coded()
    build.code("FG2", 3, "E07", **dict.fromkeys(("stelling", "ervaring", "uitlokking", "periode", "scope"), "x"))
    assert len(trace(build.snapshot(), "aannames")) == 6


def test_a_missing_letter_asks_which() -> None:
    with pytest.raises(Ambiguous, match="IV1-0002a en IV1-0002b"):
        trace(coded().snapshot(), "citaat:IV1-0002")


@pytest.mark.parametrize(
    ("ref", "nearest"),
    [("spreiding:E08", "spreiding:E07"), ("FG1-0009", "FG1-0002"), ("citaat:FG7-0002", "FG1-0002"), ("sessie", "sessies"), ("", "")],
)
def test_an_unknown_reference_names_the_nearest(ref: str, nearest: str) -> None:
    with pytest.raises(NotFound) as refused:
        trace(coded().snapshot(), ref)
    assert nearest in str(refused.value)


def test_every_reference_there_is_can_be_traced() -> None:
    snapshot = coded().snapshot()
    base = of_study(snapshot)
    for ref in references(base):
        assert (trace_in(base, ref)["ref"] == ref).all()


def test_a_document_name_with_signs_of_its_own_is_a_plain_name() -> None:
    build = Build()
    build.document("FG1 (2).*", [("R1", "Eerst dit en dan dat.")])
    build.code("FG1 (2).*", "Eerst dit", "E07")
    build.code("FG1 (2).*", "dan dat", "E07")
    snapshot = build.snapshot()
    assert trace(snapshot, "FG1 (2).*-0001b")["text"].tolist() == ["dan dat"]
    with pytest.raises(Ambiguous):
        trace(snapshot, "FG1 (2).*-0001")
