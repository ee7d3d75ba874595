"""Tokens, sentences, languages and compounds: what needs no trained pipeline."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode import language
from qualcode.language.spoken import HESITATIONS, remarks
from qualcode.language.tokens import plain, token_table

TALK = st.text(alphabet=st.sampled_from([*"abcdeEDU .,?!…'’-–()[]\n\u00ad\u200f\u0301é1:@/"]), max_size=80)


def tokens(text: str) -> list[str]:
    return token_table([text])["word"].tolist()


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in language.sentences([text])[["start", "end"]].to_numpy()]


@given(st.lists(TALK, max_size=4))
def test_tokens_stand_where_they_say_and_only_blanks_and_widthless_marks_lie_between(texts: list[str]) -> None:
    table = token_table(texts)
    for number, text in enumerate(texts):
        mine = table[table["text"] == number]
        left, at = "", 0
        for start, end, word in mine[["start", "end", "word"]].itertuples(index=False):
            assert start >= at
            assert text[start:end] == word != ""
            left, at = left + text[at:start], end
        left += text[at:]
        assert not [one for one in left if not (one.isspace() or one in "\u00ad\u200f")]


@given(st.lists(TALK, max_size=4))
def test_every_visible_code_point_lies_in_one_sentence(texts: list[str]) -> None:
    table = language.sentences(texts)
    for number, text in enumerate(texts):
        mine = table.loc[table["text"] == number, ["start", "end"]].to_numpy().tolist()
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(mine))
        covered = {at for start, end in mine for at in range(start, end)}
        assert {at for at, one in enumerate(text) if not one.isspace()} <= covered
        assert all(text[start:end].strip() == text[start:end] for start, end in mine)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("'t Was m'n broer z'n huis", ["'t", "Was", "m'n", "broer", "z'n", "huis"]),
        ("d’r zo’n ’s morgens", ["d’r", "zo’n", "’s", "morgens"]),
        ("heeft-ie da's auto's", ["heeft", "-ie", "da's", "auto's"]),
        ("heb'k doe't", ["heb", "'k", "doe", "'t"]),
        ("ge- gediscrimineerd", ["ge-", "gediscrimineerd"]),
        ("dhr. Bos d.w.z. 12.30 uur, 1.500 euro", ["dhr.", "Bos", "d.w.z.", "12.30", "uur", ",", "1.500", "euro"]),
        ("'rustig' zei ze", ["'", "rustig", "'", "zei", "ze"]),
        ("hij/zij en/of", ["hij", "/", "zij", "en", "/", "of"]),
        ("a.b@c.nl www.nu.nl/x.", ["a.b@c.nl", "www.nu.nl/x", "."]),
        ("een 19-jarige e-mail", ["een", "19-jarige", "e-mail"]),
        ("gedis\u00adcrimineerd", ["gedis\u00adcrimineerd"]),
        ("\u200fabc\u200f", ["abc"]),
    ],
)
def test_reduced_forms_broken_words_and_figures_stay_whole(text: str, wanted: list[str]) -> None:
    assert tokens(text) == wanted


def test_marks_without_width_and_typographic_apostrophes_do_not_make_another_word() -> None:
    assert plain("Gedis\u00adcrimineerd") == "gediscrimineerd"
    assert plain("Zo’n") == plain("zo'n")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Nou. Toen zei ik niks.", ["Nou.", "Toen zei ik niks."]),
        ("Dat was dhr. De Boer. Echt.", ["Dat was dhr. De Boer.", "Echt."]),
        ("Ik vroeg het J. de Vries. Die wist het.", ["Ik vroeg het J. de Vries.", "Die wist het."]),
        ("Ik dacht… nou ja, laat maar.", ["Ik dacht… nou ja, laat maar."]),
        ("Ik dacht... Laat maar.", ["Ik dacht...", "Laat maar."]),
        ("Ik wil – nee, wacht – ik wou zeggen.", ["Ik wil – nee, wacht – ik wou zeggen."]),
        ("Hij zei [lacht. Zucht. Lacht] niks.", ["Hij zei [lacht. Zucht. Lacht] niks."]),
        ("'Hoezo?' zei ze. Niks.", ["'Hoezo?' zei ze.", "Niks."]),
        ("wat? nee hoor. dat was het.", ["wat?", "nee hoor.", "dat was het."]),
        ("Het kost 3.50 euro. Ja!", ["Het kost 3.50 euro.", "Ja!"]),
        ("Een regel\ndie doorloopt.", ["Een regel\ndie doorloopt."]),
        ("Een regel\n\nnog een", ["Een regel", "nog een"]),
        ("", []),
        (" \n ", []),
        ("Ja", ["Ja"]),
    ],
)
def test_sentences_end_at_their_marks_and_not_at_interruptions_or_abbreviations(text: str, wanted: list[str]) -> None:
    assert sentences(text) == wanted


def test_only_what_transcribers_note_is_a_remark() -> None:
    text = "Ja [lacht], nee (onverstaanbaar) [00:12:10] bij [leidinggevende] (de nieuwe) [iedereen praat door elkaar] […]"
    assert [text[start:end] for start, end in remarks(text)] == [
        "[lacht]",
        "(onverstaanbaar)",
        "[00:12:10]",
        "[iedereen praat door elkaar]",
        "[…]",
    ]


def test_fillers_are_stop_words_and_content_is_not() -> None:
    assert HESITATIONS < language.FILLERS < language.STOP_WORDS
    assert not {"racisme", "melden", "collega", "hoofddoek", "grap", "leidinggevende", "werk", "bang"} & language.STOP_WORDS


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Dat heb ik toen ook gewoon gezegd tegen de baas, maar die deed er niks mee.", "nl"),
        ("ja nou ik vind dat je dat gewoon moet melden en dat is het", "nl"),
        ("I told them that it was not my fault and they did nothing about it.", "en"),
        ("Ich habe das auch gesagt, aber es war nicht so wie ich es wollte.", "de"),
        ("Je ne sais pas si c'est pour tout le monde, mais on est là.", "fr"),
        ("Ben bunu çok söyledim ama bu bir şey değil, her gün gibi.", "tr"),
        ("", "unknown"),
        ("Hallo", "unknown"),
        ("12 34 56 !!", "unknown"),
        ("x" * 50_000, "unknown"),
    ],
)
def test_a_language_is_guessed_only_from_enough_common_words(text: str, wanted: str) -> None:
    assert list(language.guess([text])) == [wanted]


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("meldpunt", ("meld", "punt")),
        ("Meldpunten", ("meld", "punt")),
        ("integriteitsmedewerkers", ("integriteit", "medewerker")),
        ("klachtencommissie", ("klacht", "commissie")),
        ("vertrouwenspersonen", ("vertrouwen", "persoon")),
        ("arbeidsmarktdiscriminatie", ("arbeid", "markt", "discriminatie")),
        ("PvdA-leider", ("pvda", "leider")),
        ("collega", ("collega",)),
        ("discriminatie", ("discriminatie",)),
        ("kantine", ("kantine",)),
        ("", ("",)),
        ("-", ("-",)),
        ("é" * 100_000, ("é" * 100_000,)),
    ],
)
def test_compounds_come_apart_and_other_words_stay_whole(word: str, wanted: tuple[str, ...]) -> None:
    assert language.parts(word) == wanted


@given(st.text(max_size=30))
def test_splitting_never_loses_the_word(word: str) -> None:
    assert language.parts(word)
    assert all(isinstance(part, str) for part in language.parts(word))
