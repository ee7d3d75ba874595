"""What the detectors promise: on numbers, on names of every community, on capitals and without, on bad input."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.language import entities
from qualcode.privacy import derivable, differenced, find
from qualcode.privacy.figures import eleven_proof, iban_proof
from qualcode.privacy.hits import COLUMNS, KIND_OF
from qualcode.privacy.pseudonyms import grouped, replacements
from qualcode.privacy.revising import revised


def found(text: str, label: str) -> list[str]:
    frame = find(text)
    return list(frame.loc[frame["label"] == label, "text"])


@given(st.integers(0, 99_999_999))
def test_one_changed_digit_breaks_the_eleven_test(number: int) -> None:
    digits = f"{number:08}"
    sums = sum(int(d) * w for d, w in zip(digits, range(9, 1, -1), strict=True)) % 11
    if sums < 10 and number:
        whole = digits + str(sums)
        assert eleven_proof(whole)
        changed = str((int(whole[0]) + 1) % 10) + whole[1:]
        assert not eleven_proof(changed)


def test_an_account_number_needs_its_check() -> None:
    assert iban_proof("DE89370400440532013000")
    assert not iban_proof("DE88370400440532013000")
    assert found("op NL91 ABNA 0417 1643 00 graag", "iban") == ["NL91 ABNA 0417 1643 00"]


@pytest.mark.parametrize(
    ("sentence", "label", "words"),
    [
        ("Bel me op 06-12345678 vanavond.", "phone", "06-12345678"),
        ("Het is nul zes een twee drie vier vijf zes zeven acht.", "phone", "nul zes een twee drie vier vijf zes zeven acht"),
        ("Mail naar piet apenstaartje hotmail punt com.", "email", "piet apenstaartje hotmail punt com"),
        ("Mijn bsn is 111222333, dacht ik.", "bsn", "111222333"),
        ("Ik woon op 3584 CX, vlakbij.", "postcode", "3584 CX"),
        ("We wonen aan de Laan van Meerdervoort 501.", "address", "Laan van Meerdervoort 501"),
        ("De auto met kenteken 12-ABC-3 stond er.", "plate", "12-ABC-3"),
        ("Dat was op de veertiende maart.", "date", "de veertiende maart"),
        ("Ik ben achtenvijftig, dus ja.", "age", "achtenvijftig"),
        ("Kijk op www.voorbeeld.nl/wie maar.", "url", "www.voorbeeld.nl/wie"),
    ],
)
def test_a_number_is_found_by_its_form(sentence: str, label: str, words: str) -> None:
    assert words in found(sentence, label)


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2019 en 2020 was dat zo.",
        "Het duurde van 9-12 uur.",
        "In mei vorig jaar begon het.",
        "Artikel 1 hangt in de gang.",
        "Dat is 45 jaar geleden.",
        "Zo'n 1.234.567 mensen.",
    ],
)
def test_a_number_that_names_nobody_is_left(sentence: str) -> None:
    assert find(sentence).empty


@pytest.mark.parametrize(
    "name",
    [
        "Wieneke Oldenkamp", "Rommert Sikkema", "Zouhra Bouyakoub", "Gülizar Karaçam", "Oemradj Sukul", "Rudmila Eustatia", "Boetje Matinahoru",
        "Liibaan Xirsi", "Filmawi Kiflemariam", "Abdoulie Sanyang", "Ghayth Alkurdi", "Zmarai Ibrahimkhel", "Xiuwen Shao", "Zornitsa Karadzhova",
        "Eljakim Drilsma", "Nirosha Wickramasinghe", "Dulcineia Fortes",
    ],
)  # fmt: skip
def test_a_name_of_any_community_is_found_on_a_list_or_not(name: str) -> None:
    assert found(f"En toen zei {name} tegen mij dat het niet kon.", "person") == [name]
    first = name.split(maxsplit=1)[0]
    assert first in set(find(f"{first} zei toen dat het niet kon.")["text"])


def test_a_capital_opens_a_sentence_without_being_a_name() -> None:
    assert find("Wil je dat? Roosters zijn lastig. Pas later zag ik het. Mooi was dat. Hoofddoeken mogen.").empty
    assert found("Roos zei dat ook.", "person") == ["Roos"]


def test_research_content_is_no_identifier() -> None:
    assert find("Mijn Marokkaanse achtergrond, als moslim, met Suikerfeest, dat is voor Nederlanders lastig.").empty


def test_text_without_capitals_is_served_too() -> None:
    assert found("en toen zei fatima el khattabi tegen mevrouw yilmaz dat ze uit zwolle kwam", "person") == ["fatima el khattabi", "yilmaz"]
    assert found("en toen zei fatima dat ze uit zwolle kwam", "place") == ["zwolle"]
    assert find("ja nee ik vind gewoon dat er te weinig geluisterd wordt door de leidinggevende").empty


def test_a_participant_of_the_study_is_known_by_name() -> None:
    text = "Dat zei mars ook, toen Mars nog hier zat."
    assert "Mars" in set(find(text, people=["Mars"])["text"])


@pytest.mark.parametrize(
    "text", ["", "ja", "\x00\x01\x02", "\u200f\u202bשלום\u202c", "1" * 5000, "🙂" * 100, "\n\n\n", "Aa " * 3000, "a.a." * 3000, "'" * 2000]
)
def test_strange_input_is_read_without_a_stumble(text: str) -> None:
    frame = find(text)
    assert list(frame.columns) == COLUMNS
    assert set(frame["kind"]) <= set(KIND_OF.values())


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u200e", "\u200f", "\u202b", "\u2067", "\ufeff", "\x00", "\x1b"])
def test_a_mark_that_nobody_sees_hides_no_name_and_no_number(mark: str) -> None:
    plain = "Toen zei Annelies: bel Fatima op 06-12345678 in Zwolle."
    bare = find(plain)
    for at in range(len(plain) + 1):
        text = plain[:at] + mark + plain[at:]
        found = find(text, turns=[(0, len(text))])
        assert [words.replace(mark, "") for words in found["text"]] == bare["text"].tolist()
        assert found["label"].tolist() == bare["label"].tolist()
        assert [text[a:b] for a, b in zip(found["start"], found["end"], strict=True)] == found["text"].tolist()


def test_a_name_with_and_without_a_soft_hyphen_is_one_person() -> None:
    found = find("Dat zei Zouhra tegen mij. En Zou\u00adhra zei het weer. Later sprak ik Annelies.")
    instead = dict(zip(found["text"], replacements(found), strict=True))
    assert instead["Zouhra"] == instead["Zou\u00adhra"] != instead["Annelies"]


@pytest.mark.slow
def test_a_very_long_turn_takes_time_in_proportion() -> None:
    piece = "Nou ja, toen zei Fatima tegen mij dat het niet kon, op 12 maart, en daar zat ik dan. "
    spent = []
    for size in (500, 4000):
        begun = time.process_time()
        assert len(find(piece * size)) == 2 * size
        spent.append(time.process_time() - begun)
    assert spent[1] < spent[0] * 8 * 4


@given(st.text(max_size=200))
def test_findings_lie_inside_the_text_and_say_its_words(text: str) -> None:
    for row in find(text).to_dict("records"):
        assert text[row["start"] : row["end"]] == row["text"] != ""


def test_a_short_name_of_two_people_is_nobodys() -> None:
    of = grouped(["Jan Smit", "Jan de Boer", "Jan", "Fatima El Khattabi", "Fatima"])
    assert of["Fatima"] == "Fatima El Khattabi"
    assert of["Jan"] == "Jan"


@given(st.text(min_size=1, max_size=60), st.data())
def test_a_revision_keeps_every_word_it_does_not_touch(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [(a, b, data.draw(st.text(max_size=5))) for a, b in pairs]
    revision = revised(text, edits)
    for start in range(len(text)):
        if not any(a <= start < b for a, b, _ in edits):
            low, high = revision.carried([start], [start + 1])
            assert revision.text[low[0] : high[0]] == text[start] or revision.touches([start], [start + 1])[0]


def test_a_suppressed_cell_that_follows_from_the_total_is_named() -> None:
    rows = [("t", "nb", "ja", None), ("t", "m", "ja", None), ("t", "v", "ja", 20), ("t", "totaal", "ja", 26)]
    two = pd.DataFrame(rows, columns=["table", "row", "column", "count"])
    assert derivable(two).empty  # 6 over two cells of 1 to 4 leaves doubt
    one = two.assign(count=[None, 5, 20, 26])
    assert derivable(one)[["row", "value"]].to_dict("records") == [{"row": "nb", "value": 1}]


def test_what_an_earlier_version_printed_gives_away_the_difference() -> None:
    names = ["table", "row", "column", "count"]
    before = pd.DataFrame([("t", "a", "n", 12), ("t", "b", "n", 6), ("t", "c", "n", 40)], columns=names)
    now = pd.DataFrame([("t", "a", "n", 14), ("t", "b", "n", None), ("t", "c", "n", 52)], columns=names)
    assert list(differenced(now, before)["rule"]) == ["difference", "shown_before"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ik sprak mevrouw de Vries in Vries.", [("person", "de Vries"), ("place", "Vries")]),
        ("Dat zei De Vries tegen dokter De Haan.", [("person", "De Vries"), ("person", "Haan")]),
        ("met de vries gesproken over vries", [("person", "de vries"), ("place", "vries")]),
        ("We rijden naar de Kempen.", [("place", "Kempen")]),
        ("Ik woon in Den Haag, zij in Almere en hij in Limburg.", [("place", "Den Haag"), ("place", "Almere"), ("place", "Limburg")]),
        ("ik woon in den haag", [("place", "den haag")]),
        ("Den Haag vindt dat en Brussel besluit erover.", []),
        ("Of Brussel zelf ooit sneeuw ziet?", [("place", "Brussel")]),
        ("Brussel, Parijs", [("place", "Brussel"), ("place", "Parijs")]),
        ("den haag vindt dat wij moeten bezuinigen", []),
    ],
)
def test_a_surname_with_its_article_is_no_village_and_a_seat_of_government_a_place_only_where_somebody_is(
    text: str, expected: list[tuple[str, str]]
) -> None:
    for recognise in (None, entities):
        found = find(text, entities=recognise)
        assert list(zip(found["label"], found["text"], strict=True)) == expected
