"""Excerpts of talk: a few turns in which participants answer each other, and who may read what of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.analysis import trace
from qualcode.analysis.counting import of_study
from qualcode.analysis.talking import FEWEST, MOST, exchanges, talk
from qualcode.errors import BadFile, NotFound
from qualcode.model import Snapshot
from qualcode.report import build
from qualcode.report.facts import facts
from qualcode.report.sections import read_texts
from qualcode.report.talk import excerpt
from studies import Build

SAID = (
    ("M1", "Hoe kijken jullie daarnaar?"),
    ("R1", "Ik keek weg, en dat vond Karel toen ook."),
    ("R2", "Dat is toch wegduiken."),
    ("R1", "Dat zeg ik zelf ook."),
    ("R3", "Er is verschil tussen schrik en onwil."),
    ("M1", "En nu?"),
    ("R3", "Nu niets."),
    ("R3", "Nog steeds niets."),
)


def study() -> Build:
    build_ = Build()
    build_.document("FG1", SAID)
    build_.document("IV1", [("M1", "En u?"), ("R1", "Ik niet."), ("M1", "Nooit?"), ("R1", "Nooit.")])
    build_.code("FG1", 2, "O05")
    build_.code("FG1", 3, "O05", stelling="weerspreekt")
    build_.interaction("FG1", 3, "I3", "O05", about=2)
    return build_


@pytest.fixture(scope="module")
def small() -> Snapshot:
    return study().snapshot()


def write(out: Path, name: str, text: str) -> None:
    (out / "teksten").mkdir(parents=True, exist_ok=True)
    (out / "teksten" / name).write_text(text, encoding="utf-8")


def report(snapshot: Snapshot, out: Path, profile: str) -> str:
    (path,) = build(snapshot, out, profile=profile, formats=("md",)).paths  # type: ignore[arg-type]
    return path.read_text(encoding="utf-8")


def test_researchers_read_who_speaks_and_outsiders_a_letter(small: Snapshot, tmp_path: Path) -> None:
    write(tmp_path, "OB.md", "Zij reageren op elkaar:\n\n{{gesprek:FG1-0001..0005}}\n\nEn dat was het.\n")
    inside = report(small, tmp_path, "onderzoeker")
    assert "> **Gespreksleider**: Hoe kijken jullie daarnaar?\n>\n> **FG1-P1**: Ik keek weg" in inside
    outside = report(small, tmp_path, "openbaar")
    for line in (
        "> **Gespreksleider**: Hoe kijken jullie daarnaar?",
        "> **Deelnemer A**: Ik keek weg",
        "> **Deelnemer B**: Dat is toch wegduiken.",
        "> **Deelnemer A**: Dat zeg ik zelf ook.",
        "> **Deelnemer C**: Er is verschil tussen schrik en onwil.",
        "> (focusgroep 1) [gesprek:FG1-0001..0005]{.ref}",
    ):
        assert line in outside, line
    assert "FG1-P1" not in outside


def test_letters_begin_anew_in_every_excerpt(small: Snapshot) -> None:
    held = facts(small, "openbaar")
    assert "**Deelnemer A**: Dat is toch wegduiken." in excerpt(held, "FG1-0003..0004").markdown
    assert "**Deelnemer B**: Dat is toch wegduiken." in excerpt(held, "FG1-0002..0003").markdown


def test_masked_words_stay_masked_for_outsiders() -> None:
    build_ = study()
    start, end = build_.span("FG1", "Karel")
    build_.add("masking", "masking-1", document="doc-FG1", version=1, start=start, end=end, ground="naam")
    snapshot = build_.snapshot()
    outside = excerpt(facts(snapshot, "openbaar"), "FG1-0002..0003").markdown
    assert "Karel" not in outside
    assert "gelakt: naam" in outside
    assert "Karel" in excerpt(facts(snapshot, "onderzoeker"), "FG1-0002..0003").markdown


def test_coded_passages_in_an_excerpt_count_as_quotes(small: Snapshot, tmp_path: Path) -> None:
    write(tmp_path, "OB.md", "{{gesprek:FG1-0002..0003}}\n")
    text = read_texts(facts(small, "openbaar"), tmp_path / "teksten")["OB"]
    assert [quote.ref for quote in text.quotes] == ["FG1-0002", "FG1-0003"]
    assert text.values == {"gesprek:FG1-0002..0003": "Ik keek weg, en dat vond Karel toen ook.\nDat is toch wegduiken."}


@pytest.mark.parametrize(
    ("ref", "sentence"),
    [
        ("FG1-0007..0008", "maar één deelnemer"),
        ("IV1-0001..0004", "maar één deelnemer"),
        ("FG1-0002..0002", "twee tot zes|2 tot 6"),
        ("FG1-0001..0008", "twee tot zes|2 tot 6"),
        ("FG1-0007..0011", "zijn er niet"),
        ("FG7-0001..0002", "zijn er niet"),
        ("FG1-0002", "zijn er niet"),
    ],
)
def test_what_is_no_talk_between_participants_is_refused_with_its_place(small: Snapshot, tmp_path: Path, ref: str, sentence: str) -> None:
    write(tmp_path, "OB.md", f"Tekst.\n\n{{{{gesprek:{ref}}}}}\n")
    with pytest.raises(BadFile, match=rf"(?s)teksten/OB\.md, regel 3.*(?:{sentence})"):
        build(small, tmp_path, formats=("md",))


def test_a_withdrawn_turn_is_never_printed() -> None:
    build_ = study()
    digest = build_.state["document"]["doc-FG1"]["text"]
    start, end = build_.span("FG1", 3)
    build_.texts[digest] = build_.texts[digest][:start] + "█" * (end - start) + build_.texts[digest][end:]
    with pytest.raises(NotFound, match="ingetrokken"):
        excerpt(facts(build_.snapshot(), "onderzoeker"), "FG1-0002..0004")


def test_an_excerpt_goes_back_to_its_turns(small: Snapshot) -> None:
    for ref in ("gesprek:FG1-0002..0005", "gesprek:focusgroep 1-0002..0005"):
        rows = trace(small, ref)
        assert list(rows["turn"]) == [2, 3, 4, 5]
        for row in rows.itertuples():
            assert small.text("doc-FG1")[row.start : row.end] == row.text


def test_researchers_are_shown_where_participants_react_to_each_other(small: Snapshot, tmp_path: Path) -> None:
    base = of_study(small)
    assert exchanges(base, "code-OB") == ["FG1-0002..0003"]
    assert exchanges(base, "code-EB") == []
    assert "FG1-0002..0003" in report(small, tmp_path, "onderzoeker")
    assert "FG1-0002..0003" not in report(small, tmp_path, "openbaar")


@given(st.integers(1, 9), st.integers(1, 9))
def test_an_excerpt_is_two_to_six_turns_of_two_people_or_more(first: int, last: int) -> None:
    speakers = [label for label, _ in SAID[first - 1 : last] if label.startswith("R")]
    fits = FEWEST <= last - first + 1 <= MOST and last <= len(SAID) and len(set(speakers)) > 1
    snapshot = study().snapshot()
    if fits:
        assert list(talk(snapshot, f"FG1-{first}..{last}")["text"]) == [words for _, words in SAID[first - 1 : last]]
    else:
        with pytest.raises(NotFound):
            talk(snapshot, f"FG1-{first}..{last}")
