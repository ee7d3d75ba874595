"""Running text: where a turn starts, what continues it, and what is nobody's words."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.importers import read, role_of
from qualcode.importers._heads import Sheet
from qualcode.importers._running import turns_of
from transcripts import keys, reading, said

EXTERNAL = os.environ.get("QUALCODE_EXTERNAL")

GROUP = """Synthetische data, geen echte personen of gesprekken
Focusgroep 1
Datum: 3 maart 2025
Moderator: Alicia

M1: Welkom allemaal.
R1: Dank je.
en nog een regel
[stilte]

Een alinea zonder label.
R2: Goed dan.
"""


def test_a_turn_is_the_words_without_label_and_header(tmp_path: Path) -> None:
    found = reading(tmp_path, GROUP)
    assert said(found) == [
        ("M1", "Welkom allemaal."),
        ("R1", "Dank je.\nen nog een regel\n[stilte]\n\nEen alinea zonder label."),
        ("R2", "Goed dan."),
    ]
    assert found.text == GROUP
    assert (found.name, found.source, found.format) == ("gesprek", "gesprek.txt", "txt")
    assert list(found.speakers["label"]) == ["M1", "R1", "R2"]
    assert list(found.speakers["role"]) == ["moderator", "deelnemer", "deelnemer"]
    assert list(found.speakers["turns"]) == [1, 1, 1]
    assert list(found.speakers["words"]) == [2, 11, 2]


@pytest.mark.parametrize(
    ("first", "second", "labels"),
    [
        ("R1: ja", "R2: nee", ["R1", "R2"]),
        ("R1 : ja", "R2 : nee", ["R1", "R2"]),
        ("r3: ja", "r4: nee", ["r3", "r4"]),
        ("R1:ja", "R2:nee", ["R1", "R2"]),
        ("Resp. 1 - ja", "Resp. 2 - nee", ["Resp. 1", "Resp. 2"]),
        ("Resp. 1 – ja", "Resp. 2 – nee", ["Resp. 1", "Resp. 2"]),
        ("P3\tja", "P4\tnee", ["P3", "P4"]),
        ("[00:12:31] P3: ja", "[00:12:40] P4: nee", ["P3", "P4"]),
        ("P3 [00:12:31]: ja", "P4 (00:12:40): nee", ["P3", "P4"]),
        ("P3: [00:12:31] ja", "P4: (00:12:40) nee", ["P3", "P4"]),
        ("[id1] ja", "[id2] nee", ["id1", "id2"]),
        ("(R1) ja", "(R2) nee", ["R1", "R2"]),
        ("<R1> ja", "<R2> nee", ["R1", "R2"]),
        ("Spreker 1 (00:02):\nja", "Spreker 2 (00:09):\nnee", ["Spreker 1", "Spreker 2"]),
        ("INT: ja", "RESP: nee", ["INT", "RESP"]),
        ("A: ja", "B: nee", ["A", "B"]),
        ("R1/R2: ja", "R2 en R3: nee", ["R1/R2", "R2 en R3"]),
        ("[Anna Jansen] 10:12:13\nja", "[Bram] 10:12:20\nnee", ["Anna Jansen", "Bram"]),
        ("Interviewer 1: ja", "Interviewer 2: nee", ["Interviewer 1", "Interviewer 2"]),
        ("De heer Laçin (SP): ja", "Mevrouw Öztürk-de Wit (D66): nee", ["De heer Laçin (SP)", "Mevrouw Öztürk-de Wit (D66)"]),
        ("Mevrouw Jansen: ja", "De heer 't Hart: nee", ["Mevrouw Jansen", "De heer 't Hart"]),
        ("M1: ja", "N: nee", ["M1", "N"]),
        ("SPEAKER_00: ja", "SPEAKER_01: nee", ["SPEAKER_00", "SPEAKER_01"]),
        ("R1:\nja", "R2:\nnee", ["R1", "R2"]),
        ("R1\nja", "R2\nnee", ["R1", "R2"]),
        ("**R1:** ja", "**R2**: nee", ["R1", "R2"]),
        ("INTERVIEWER: ja", "RESPONDENT: nee", ["INTERVIEWER", "RESPONDENT"]),
        ("P1 (v, 34): ja", "P2 (m, 50): nee", ["P1 (v, 34)", "P2 (m, 50)"]),
    ],
)
def test_every_shape_of_label_opens_a_turn(tmp_path: Path, first: str, second: str, labels: list[str]) -> None:
    found = reading(tmp_path, f"{first}\n{second}\n")
    assert said(found) == [(labels[0], "ja"), (labels[1], "nee")]


@pytest.mark.parametrize("between", ["00:12:31\n", "[00:12:31]\n", "", "0:12 - 0:15\n"])
def test_a_time_stamp_is_no_words_and_belongs_to_the_turn_below_it(tmp_path: Path, between: str) -> None:
    found = reading(tmp_path, f"R1: ja\n\n{between}R2: nee\n")
    assert said(found) == [("R1", "ja"), ("R2", "nee")]
    assert found.turns.time[0] is None
    assert (found.turns.time[1] is not None) == bool(between)


def test_stamps_of_transcription_programs_are_times_of_their_turn(tmp_path: Path) -> None:
    found = reading(tmp_path, "I: Hoe gaat het? #00:00:05-3#\n\nB: Goed. #00:00:09-1#\n\nI: Mooi. #00:00:12-1#\n")
    assert said(found) == [("I", "Hoe gaat het?"), ("B", "Goed."), ("I", "Mooi.")]
    assert found.turns.time == ["00:00:05-3", "00:00:09-1", "00:00:12-1"]
    above = reading(tmp_path, "Anna  0:03\nHallo iedereen.\n\nBram  0:10\nHoi.\n\nAnna  0:20\nZullen we?\n")
    below = reading(tmp_path, "Anna\n0:03\nHallo iedereen.\n\nBram\n0:10\nHoi.\n\nAnna\n0:20\nZullen we?\n")
    for one in (above, below):
        assert said(one) == [("Anna", "Hallo iedereen."), ("Bram", "Hoi."), ("Anna", "Zullen we?")]
        assert one.turns.time == ["0:03", "0:10", "0:20"]


def test_an_inaudible_remark_with_a_time_stays_in_the_words(tmp_path: Path) -> None:
    found = reading(tmp_path, "R1: en toen [onverstaanbaar 00:14:22]\nR2: ja\n")
    assert said(found)[0] == ("R1", "en toen [onverstaanbaar 00:14:22]")


@pytest.mark.parametrize(
    "line", ["[stilte]", "[lacht]", "[door elkaar]", "(lacht)", "Kortom: zo is het.", "Bijvoorbeeld: dat.", "Zij zei: ga weg."]
)
def test_remarks_and_sentences_with_a_colon_are_no_speakers(tmp_path: Path, line: str) -> None:
    found = reading(tmp_path, f"R1: ja\n{line}\nR2: nee\n{line}\n")
    assert [label for label, _ in said(found)] == ["R1", "R2"]
    assert said(found)[0][1] == f"ja\n{line}"


def test_a_label_counts_once_when_the_others_share_its_shape(tmp_path: Path) -> None:
    ids = reading(tmp_path, "R1: ja\nR2: nee\nR1: o\nR7: een keer\n")
    assert said(ids)[-1] == ("R7", "een keer")
    names = reading(tmp_path, "Anna: ja\nBram: nee\nAnna: o\nBram: hm\nDirk: een keer\n")
    assert said(names)[-1] == ("Dirk", "een keer")
    titles = reading(
        tmp_path, "De voorzitter: Ja.\nDe heer Pauw (A): nee\nMevrouw Ruis (B): een keer\nMinister De Groot: ook\nDe voorzitter: Goed.\n"
    )
    assert [label for label, _ in said(titles)] == [
        "De voorzitter",
        "De heer Pauw (A)",
        "Mevrouw Ruis (B)",
        "Minister De Groot",
        "De voorzitter",
    ]


def test_two_speakers_in_one_paragraph_are_two_turns_with_a_doubt(tmp_path: Path) -> None:
    found = reading(tmp_path, "R1: Dat is zo. R2: Vind ik niet! R1: Toch wel.\nR2: ja\n")
    assert said(found) == [("R1", "Dat is zo."), ("R2", "Vind ik niet!"), ("R1", "Toch wel."), ("R2", "ja")]
    assert "split" in keys(found)
    dashed = reading(tmp_path, "Resp. 1 - Dat is zo. Resp. 2 - Nee.\nResp. 2 - ja\n")
    assert said(dashed) == [("Resp. 1", "Dat is zo."), ("Resp. 2", "Nee."), ("Resp. 2", "ja")]


def test_a_second_speaker_of_the_same_shape_splits_a_paragraph_also_when_new(tmp_path: Path) -> None:
    found = reading(tmp_path, "P1: Ik. P2: Nee, ik! [lacht] P1: Ja.\n")
    assert said(found) == [("P1", "Ik."), ("P2", "Nee, ik! [lacht]"), ("P1", "Ja.")]


def test_numbered_labels_before_a_point_count_when_they_come_back_and_a_list_does_not(tmp_path: Path) -> None:
    talk = reading(tmp_path, "R1. Hallo.\nR2. Dag.\nR1. Ja.\n")
    assert [label for label, _ in said(talk)] == ["R1", "R2", "R1"]
    outline = reading(tmp_path, "A1. Het doel van dit stuk.\nA2. De opzet.\nA3. De rest.\n")
    assert [label for label, _ in said(outline)] == [None, None, None]


def test_chat_lines_name_who_speaks(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        "10:12:13 Van Anna aan Iedereen: hallo\n10:12:20 From Bram to Everyone: hoi\n10:13:00 Van Anna aan Iedereen: ok\n10:14:00 Van Bram aan Anna: ok\n",
    )
    assert said(found) == [("Anna", "hallo"), ("Bram", "hoi"), ("Anna", "ok"), ("Bram", "ok")]
    assert found.turns.time == ["10:12:13", "10:12:20", "10:13:00", "10:14:00"]


def test_questions_of_the_topic_guide_are_no_speakers(tmp_path: Path) -> None:
    found = reading(tmp_path, "R1: ja\n\nVraag: wat nu?\n\nVraag 2: en dan?\nR2: nee\n")
    assert [label for label, _ in said(found)] == ["R1", "R2"]
    asked = reading(tmp_path, "Vraag: hoe?\nAntwoord: zo.\nVraag: en nu?\nAntwoord: dan.\n")
    assert [label for label, _ in said(asked)] == ["Vraag", "Antwoord", "Vraag", "Antwoord"]


def test_a_label_in_the_middle_of_a_sentence_is_a_word(tmp_path: Path) -> None:
    found = reading(tmp_path, "R1: wat R2: zei net, dat deel ik.\nR2: ja\n")
    assert said(found)[0] == ("R1", "wat R2: zei net, dat deel ik.")


def test_a_missing_colon_is_forgiven_with_a_doubt_where_the_shape_is_shared(tmp_path: Path) -> None:
    found = reading(tmp_path, "R1: Ja.\nR2: Nee.\nR3 ja maar luister\nR1: Goed.\n")
    assert said(found)[2] == ("R3", "ja maar luister")
    assert "unmarked" in keys(found)
    wrapped = reading(
        tmp_path, "R1: Ja, dat is zo en ik denk dat wat\nR3 zei ook klopt voor mij.\nR2: Nee, dat zie ik toch\nanders.\nR3: Goed dan.\n"
    )
    assert [label for label, _ in said(wrapped)] == ["R1", "R2", "R3"]
    other = reading(tmp_path, "Anna: Ja.\nBram: Nee.\nR3 is de naam van de zaal\nAnna: Goed.\nBram: Mooi.\n")
    assert said(other)[1] == ("Bram", "Nee.\nR3 is de naam van de zaal")


def test_wrapped_lines_continue_the_turn_and_page_marks_are_gaps(tmp_path: Path) -> None:
    text = (
        "Transcript FG7 vertrouwelijk\n\nM1: dit is een lange regel die door de\nschrijver is afgebroken en hier\n\n"
        "Transcript FG7 vertrouwelijk\nPagina 3 van 12\n\ngewoon verder gaat.\nR1: ja dat\n- 4 -\nTranscript FG7 vertrouwelijk\nR3 zei dat ook al\n\n5\n"
    )
    found = reading(tmp_path, text)
    words = said(found)
    assert [label for label, _ in words] == ["M1", "R1"]
    assert words[1][1].endswith("R3 zei dat ook al")
    gaps = [(turn, found.text[start:end]) for turn, start, end in found.turns.gaps]
    assert gaps == [
        (0, "Transcript FG7 vertrouwelijk\nPagina 3 van 12\n\n"),
        (1, "- 4 -\nTranscript FG7 vertrouwelijk\n"),
    ]
    assert list(found.speakers["words"]) == [16, 7]
    assert "repeated" in keys(found)


@pytest.mark.parametrize(
    "mark", ["Pagina 3 van 12", "pagina 3", "- 3 -", "– 3 –", "3", "3/12", "p. 3", "Page 3 of 12", "[Pagina 3]", "\f", "# Kop"]
)
def test_a_page_mark_is_nobodys_words(tmp_path: Path, mark: str) -> None:
    found = reading(tmp_path, f"R1: eerste\n{mark}\ntweede\nR2: klaar\n{mark}\n")
    (turn, start, end) = found.turns.gaps[0]
    whole = said(found)[0][1]
    assert turn == 0
    assert len(found.turns.gaps) == 1
    assert (whole[: start - found.turns.start[0]] + whole[end - found.turns.start[0] :]).split() == ["eerste", "tweede"]
    assert said(found)[1] == ("R2", "klaar")


@pytest.mark.parametrize(
    "header",
    [
        "Proyecto: X\nModeradora: Alicia\n\n",
        "Datum: 3 maart\nModerator: Alicia\n",
        "Moderator: Alicia\nDatum: 3 maart\n",
        "Focusgroep 2\nPlaats:\tUtrecht\nMod.: A. de Vries\nNotulist: Bea\n",
        "Deelnemers:\nR1: vrouw, beleidsmedewerker\nR2: man, inspecteur\n\n",
        "# Agendapunt 3\n\n",
        "---\ntitle: Gesprek\ndate: 2025-03-03\n---\n",
        "Synthetische data, geen echte personen of gesprekken\n",
    ],
)
def test_header_lines_before_the_first_turn_are_no_turns(tmp_path: Path, header: str) -> None:
    found = reading(tmp_path, f"{header}Moderator: Welkom.\nR1: Ja.\nModerator: Mooi zo.\nR2: Nee.\n")
    assert said(found) == [("Moderator", "Welkom."), ("R1", "Ja."), ("Moderator", "Mooi zo."), ("R2", "Nee.")]


def test_a_name_of_the_moderator_is_header_only_when_it_is_no_speech(tmp_path: Path) -> None:
    alone = reading(tmp_path, "Moderator: Alicia\nModerator: Welkom allemaal.\nR1: Ja\n")
    assert "header" in keys(alone)
    assert said(reading(tmp_path, "M1: de\nM1: a\n")) == [("M1", "de"), ("M1", "a")]
    assert said(alone) == [
        ("Moderator", "Welkom allemaal."),
        ("R1", "Ja"),
    ]
    assert said(reading(tmp_path, "Moderator: Welkom\nR1: Ja\nModerator: Zo\n"))[0] == ("Moderator", "Welkom")


def test_spellings_of_one_label_become_the_dominant_one_with_a_doubt(tmp_path: Path) -> None:
    found = reading(tmp_path, "R1: a\nR3: b\nR1: c\nr3: d\nResp. 3 - e\nR 3: f\nResp. 4 - g\n")
    assert [label for label, _ in said(found)] == ["R1", "R3", "R1", "R3", "R3", "R3", "R4"]
    doubts = [doubt for doubt in found.doubts if doubt.key == "importers.spelling"]
    assert {doubt.facts["label"] for doubt in doubts} == {"R3", "R4"}
    assert doubts[0].facts["lines"] == "4, 5, 6"
    names = reading(tmp_path, "Anna: a\nBram: b\nANNA: c\nBram (lacht): d\nAnna: e\nBram: f\n")
    assert set(names.speakers["label"]) == {"Anna", "Bram"}


def test_different_labels_stay_different_speakers(tmp_path: Path) -> None:
    found = reading(tmp_path, "M1: a\nModerator: b\nR1: c\nR11: d\nM2: e\n")
    assert list(found.speakers["label"]) == ["M1", "Moderator", "R1", "R11", "M2"]


def test_an_unknown_speaker_keeps_a_label_of_its_own_with_a_doubt(tmp_path: Path) -> None:
    found = reading(tmp_path, "R1: a\nR?: b\nR2: c\nOnbekend: d\n")
    assert [label for label, _ in said(found)] == ["R1", "R?", "R2", "Onbekend"]
    assert "unknown_speaker" in keys(found)


def test_a_label_without_words_is_no_turn(tmp_path: Path) -> None:
    found = reading(tmp_path, "R1: a\nR2:\nR3: c\n")
    assert [label for label, _ in said(found)] == ["R1", "R3"]
    assert "empty_turn" in keys(found)


def test_a_text_without_labels_has_a_turn_a_paragraph_and_no_speaker(tmp_path: Path) -> None:
    long = "De werkdruk is hoog: dat zegt ieder. " * 5
    found = reading(tmp_path, f"Verslag\nDatum: 3 maart\n\n{long}\nNog een alinea.\n\nActie: niets.\n")
    assert said(found) == [(None, long.strip()), (None, "Nog een alinea."), (None, "Actie: niets.")]
    assert len(found.speakers) == 0
    assert found.kind == "document"
    assert "no_speakers" in keys(found)
    wrapped = reading(tmp_path, "een regel die\ndoorloopt tot hier\n\nen de volgende\nalinea ook\n")
    assert [words for _, words in said(wrapped)] == ["een regel die\ndoorloopt tot hier", "en de volgende\nalinea ook"]


@pytest.mark.parametrize(
    ("labels", "kind"),
    [(["M", "R1", "R2", "R3"], "focusgroep"), (["I", "R"], "interview"), (["M1", "R1", "R2"], "document"), (["R1", "R2"], "document")],
)
def test_the_kind_is_guessed_from_the_roles_unless_told(tmp_path: Path, labels: list[str], kind: str) -> None:
    text = "".join(f"{label}: dit is wat ik zeg.\n" for label in labels * 2)
    assert reading(tmp_path, text).kind == kind
    told = read(tmp_path / "gesprek.txt", name="FG1", kind="notitie")
    assert (told.name, told.kind) == ("FG1", "notitie")


@pytest.mark.parametrize(
    ("label", "role"),
    [
        (label, "moderator")
        for label in ("M", "M1", "Mod", "Mod.", "Moderator", "Moderator 2", "Interviewer", "Int.", "Gespreksleider", "Gesprekleider")
    ]
    + [
        (label, "moderator")
        for label in ("Voorzitter", "De voorzitter", "Facilitator", "interviewer 1", "I", "Anna (moderator)", "Interviewer Anna")
    ]
    + [(label, "notulist") for label in ("N", "Not.", "Notulist", "Verslaglegger")]
    + [
        (label, "deelnemer")
        for label in ("R1", "P3", "Resp. 1", "Anna", "M. de Vries", "N. Jansen", "Minister De Jonge", "R?", "Mohamed", "Nora", "Ina")
    ],
)
def test_the_role_is_guessed_from_the_label(label: str, role: str) -> None:
    assert role_of(label) == role


def test_a_paragraph_pasted_twice_is_a_doubt(tmp_path: Path) -> None:
    assert "duplicate" in keys(reading(tmp_path, "R1: dit is wat ik daarvan vond\nR1: dit is wat ik daarvan vond\nR2: ja\n"))
    assert "duplicate" not in keys(reading(tmp_path, "R1: dit is wat ik daarvan vond\nR2: dit is wat ik daarvan vond\n"))
    assert "duplicate" not in keys(reading(tmp_path, "R1: Ja.\nR1: Ja.\nR2: Ja.\n"))


def test_two_languages_are_a_doubt_and_some_english_words_are_not(tmp_path: Path) -> None:
    dutch = "R1: en dat is het niet, maar ik zie het van de kant die je ook hebt. \n" * 10
    english = "R2: and that is not what you have to do with the thing, but it is for you. \n" * 5
    assert "mixed" in keys(reading(tmp_path, dutch + english))
    assert "mixed" not in keys(reading(tmp_path, dutch + "R2: dat is een soort of safe space voor the team\n"))


def test_words_before_the_first_speaker_are_a_doubt(tmp_path: Path) -> None:
    assert "preamble" in keys(reading(tmp_path, "woord " * 150 + "\nR1: ja\nR2: nee\n"))


@pytest.mark.parametrize(
    ("data", "doubt"),
    [
        ("R1: één idee, geïnd\n".encode(), None),
        ("\ufeffR1: één idee, geïnd\n".encode(), None),
        ("R1: één idee, geïnd\r\n".encode(), None),
        ("R1: één idee, geïnd\n".encode("utf-16"), None),
        ("R1: één idee, geïnd\n".encode("utf-16-be"), None),
        ("R1: één idee, geïnd\n".encode("utf-16-le"), None),
        ("R1: één idee, geïnd\n".encode("cp1252"), "old_encoding"),
        ("R1: e\u0301e\u0301n idee, gei\u0308nd\n".encode(), None),
    ],
)
def test_every_encoding_gives_the_same_text(tmp_path: Path, data: bytes, doubt: str | None) -> None:
    found = reading(tmp_path, data)
    assert found.text == "R1: één idee, geïnd\n"
    assert said(found) == [("R1", "één idee, geïnd")]
    assert keys(found) == ({doubt} if doubt else set())


def test_letters_damaged_before_reading_are_a_doubt(tmp_path: Path) -> None:
    damaged = "R1: één idee".encode().decode("cp1252")
    assert "mojibake" in keys(reading(tmp_path, damaged))


def test_offsets_count_code_points(tmp_path: Path) -> None:
    found = reading(tmp_path, "R1: 😀 ja\nR2: nee\n")
    assert said(found) == [("R1", "😀 ja"), ("R2", "nee")]
    assert found.turns.start == [4, 13]


_LABEL = st.sampled_from(["R1", "R2", "M1", "Interviewer"])
_SPEECH = st.text(st.characters(categories=["Ll", "Lu", "Zs", "Po", "So", "Mn"], include_characters=" \n"), min_size=0, max_size=40)


@given(st.lists(st.tuples(_LABEL, _SPEECH), min_size=1, max_size=8))
def test_turns_are_sorted_disjoint_trimmed_and_never_empty(spoken: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{label}: {words}" for label, words in spoken)
    turns, _ = turns_of(Sheet(text.split("\n")))
    at = 0
    for start, end in zip(turns.start, turns.end, strict=True):
        words = text[start:end]
        assert at <= start < end <= len(text)
        assert words == words.strip()
        at = end
    for turn, start, end in turns.gaps:
        assert turns.start[turn] < start < end < turns.end[turn]
    assert len({len(column) for column in (turns.start, turns.end, turns.label, turns.time)}) == 1


@given(st.lists(st.tuples(_LABEL, st.text("abc de", min_size=1).filter(str.strip)), min_size=1, max_size=20))
def test_what_was_written_as_turns_is_read_as_those_turns(spoken: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{label}: {words}" for label, words in spoken)
    turns, _ = turns_of(Sheet(text.split("\n")))
    found = [(label, text[s:e]) for label, s, e in zip(turns.label, turns.start, turns.end, strict=True)]
    assert found == [(label, words.strip()) for label, words in spoken]


def test_turns_as_json_hold_plain_columns(tmp_path: Path) -> None:
    found = reading(tmp_path, "[00:01] R1: a\n- 2 -\nb\nR2: c\n")
    assert found.turns.as_json() == {
        "start": [12, 26],
        "end": [21, 27],
        "label": ["R1", "R2"],
        "time": ["00:01", None],
        "gaps": [[0, 14, 20]],
    }


def test_a_doubt_is_a_sentence_in_the_language_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (doubt,) = reading(tmp_path, "R1: ja\nR2: nee\n").doubts
    assert str(doubt).startswith("De tekst is erg kort: 4")
    monkeypatch.setenv("QUALCODE_LANG", "en")
    assert str(doubt).startswith("The text is very short: 4")


def _long_text() -> str:
    sentence = "en toen zei ik dat het niet kon omdat zij daar niets van wisten, hè. "
    return "\n".join(f"R{i % 7}: {sentence * 3}" for i in range(1200))


@pytest.mark.parametrize("wrapped", [False, True])
def test_fifty_thousand_words_are_all_read(tmp_path: Path, wrapped: bool) -> None:
    text = _long_text()
    if wrapped:
        text = "\n".join(textwrap.fill(line, 80) for line in text.split("\n"))
    reading(tmp_path, text)
    found = read(tmp_path / "gesprek.txt")
    assert len(found.turns.start) == 1200
    assert found.speakers["words"].sum() > 50_000


def _debate(turns: int) -> str:
    people = ["De voorzitter", "Mevrouw Ruis (GroenWit)", "De heer Pauw (ABC)", "Minister De Groot", "Staatssecretaris Aalbers"]
    lines = [f"{people[i % 4 if i else 0]}: Voorzitter. Dit is wat ik zeg. De heer Pauw zei: ik niet. Zin {i}." for i in range(turns - 1)]
    return "# Agendapunt 3: Wlz / Pgb\n\n" + "\n\n".join([*lines, f"{people[4]}: Ik spreek één keer."]) + "\n"


def test_a_debate_has_its_turns_and_speakers(tmp_path: Path) -> None:
    found = reading(tmp_path, _debate(48))
    assert len(found.turns.start) == 48
    assert len(found.speakers) == 5
    assert found.speakers.set_index("label")["role"]["De voorzitter"] == "moderator"
    assert keys(found) == set()


@pytest.mark.skipif(not EXTERNAL, reason="QUALCODE_EXTERNAL is not set")
@pytest.mark.parametrize(("name", "turns"), [("debat-1", 48), ("debat-2", 95)])
def test_real_debates_have_their_turns_and_speakers(name: str, turns: int) -> None:
    found = read(Path(str(EXTERNAL)) / "real" / f"{name}.txt")
    assert len(found.turns.start) == turns
    assert len(found.speakers) == 9
    assert keys(found) == set()
