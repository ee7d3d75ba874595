"""Positions of other programs are found back in the text of the study, whatever they count in."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.refi.positions import NVIVO, OURS, Convention, Original, Spans, decided, theirs

LETTERS = st.sampled_from([*"aeZ .,", "\n", "\r\n", "é", "e\u0301", "a\u0308", "😀", "👩‍👩‍👧", "漢", "\u1100\u1161\u11a8", "ij", "\u0301"])
TEXTS = st.lists(LETTERS, max_size=30).map("".join)
WAYS = st.sampled_from([Convention(unit, crlf, 0) for unit in ("codepoint", "utf16", "utf8") for crlf in (1, 2)])


def counted(text: str, way: Convention) -> int:
    """Count a text slowly, as the program would."""
    lines = text.replace("\r\n", "\n") if way.crlf == 1 else text
    return len(lines) if way.unit == "codepoint" else len(lines.encode("utf-16-le")) // 2 if way.unit == "utf16" else len(lines.encode())


def ours(text: str) -> int:
    return len(unicodedata.normalize("NFC", text.replace("\r\n", "\n")))


@given(TEXTS, WAYS)
def test_every_position_of_a_program_is_the_place_of_the_same_words(text: str, way: Convention) -> None:
    original = Original(text)
    cuts = [i for i in range(len(text) + 1) if text[i - 1 : i + 1] != "\r\n" or i == 0]
    places, inside = original.places([counted(text[:i], way) for i in cuts], way)
    assert inside.all()
    # a cut between a letter and the mark it composes with falls after the letter they became
    assert places.tolist() == [ours(text[:i]) for i in cuts]


@given(TEXTS, WAYS)
def test_what_is_counted_for_another_program_is_read_back(text: str, way: Convention) -> None:
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    positions = np.arange(len(kept) + 1)
    file = kept.replace("\n", "\r\n") if way.crlf == 2 else kept
    assert Original(file).places(theirs(kept, positions, way), way)[0].tolist() == positions.tolist()


def test_a_position_outside_the_text_is_said_to_be() -> None:
    assert Original("drie").places([-1, 0, 4, 5, 10**15], OURS)[1].tolist() == [False, True, True, False, False]


def test_a_byte_order_mark_counts_when_the_program_counts_it() -> None:
    marked = Original("ja nee", bom=True)
    assert marked.places([1, 3], Convention(bom=1))[0].tolist() == [0, 2]
    assert marked.places([0, 2], Convention(bom=0))[0].tolist() == [0, 2]


TALK = "😀 Ja.\r\nMaar 😢 nee, dat was 👩‍👩‍👧 niet zo.\r\nEn toen zei hij niets meer.\r\n" * 4


def marks(way: Convention, *, named: bool) -> Spans:
    words = [i for i in range(len(TALK)) if TALK[i].isalpha() and (i == 0 or not TALK[i - 1].isalnum())]
    ends = [next(j for j in range(i, len(TALK)) if not TALK[j].isalnum()) for i in words]
    start, end = ([counted(TALK[:i], way) + way.bom for i in places] for places in (words, ends))
    names = [TALK[i:j] if named else "" for i, j in zip(words, ends, strict=True)]
    return Spans(Original(TALK, bom=True), np.array(start), np.array(end), names)


@pytest.mark.parametrize("unit", ["codepoint", "utf16"])
@pytest.mark.parametrize("crlf", [1, 2])
@pytest.mark.parametrize("bom", [0, 1])
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("origin", ["", "NVivo 12 Windows", "ATLAS.ti 23"])
def test_the_way_of_counting_is_found_whatever_the_program_is_known_for(unit: str, crlf: int, bom: int, named: bool, origin: str) -> None:
    way = Convention(unit, crlf, bom)  # type: ignore[arg-type]
    decision = decided([marks(way, named=named)], origin)
    assert decision.convention == way
    assert decision.tried == 8
    assert decision.matched == (decision.named if named else 0)


def test_plain_text_leaves_nothing_to_decide() -> None:
    spans = Spans(Original("gewoon ja"), np.array([0]), np.array([6]), [""])
    assert decided([spans], "iets").tried == 1


def test_a_title_of_ones_own_does_not_count_as_words() -> None:
    spans = Spans(Original("😀 een twee"), np.array([2]), np.array([5]), ["Mooi citaat"])
    assert decided([spans], "").matched == 0


def test_a_name_cut_short_still_tells() -> None:
    long = "😀😀 " + "lang verhaal " * 20
    spans = Spans(Original(long), np.array([5]), np.array([5 + 200]), [long[3:100]])
    assert decided([spans], "").convention.unit == "utf16"


def test_inline_text_may_be_counted_with_windows_line_ends() -> None:
    inline = Original("een\ntwee\ndrie", inline=True)
    assert inline.places([5, 9, 11, 15], NVIVO)[0].tolist() == [4, 8, 9, 13]
