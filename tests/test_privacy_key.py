"""The answer key of the sample: every planted identifier is found, every decoy stays."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from qualcode.importers import documents, read
from qualcode.privacy import find, singled_out, told
from qualcode.privacy.disclosure import PUBLISHED_COLUMNS
from qualcode.privacy.files import in_file_name, in_head, in_properties
from qualcode.privacy.pseudonyms import replacements
from qualcode.sample import sample_folder

SAMPLE = sample_folder()
KEY = [
    row for row in csv.DictReader((SAMPLE / "sleutel.csv").read_text(encoding="utf-8").splitlines()) if re.fullmatch(r"[KV]\d\d", row["id"])
]
LABELS = {
    "K01": {"person"},
    "K02": {"person"},
    "K03": {"person"},
    "K04": {"phone"},
    "K05": {"email"},
    "K06": {"room", "person", "name"},
    "K07": {"person"},
    "K08": {"person"},
    "K09": {"place"},
    "K10": {"function"},
    "K11": {"date", "place"},
    "K12": {"unique"},
    "K13": {"event"},
    "K14": {"event", "date", "team"},
    "K15": {"family"},
    "K16": {"place"},
    "K17": {"place"},
    "K18": {"place", "team"},
    "K19": {"date"},
    "K20": {"unique"},
    "K21": {"event", "organisation", "person"},
    "K22": {"health"},
    "K23": {"date"},
    "K24": {"place"},
    "K25": {"number"},
    "K26": {"function", "person"},
    "K27": {"unique"},
    "K28": {"event"},
    "K29": {"event", "function"},
    "K30": {"event", "date"},
    "K31": {"known_for"},
    "K32": {"function", "place"},
    "K36": {"person"},
}


@cache
def session(name: str) -> tuple[str, pd.DataFrame]:
    """Return the text of a session and what is found in it, by rules and lists alone."""
    listed = documents(SAMPLE / "documents.csv").set_index("name")
    held = read(SAMPLE / listed.loc[name, "file"])
    return held.text, find(held.text, turns=list(zip(held.turns.start, held.turns.end, strict=True)))


def fragment(row: dict[str, str]) -> pd.DataFrame:
    """Return the findings that touch a row of the key."""
    text, found = session(row["document"])
    words = r"\s+".join(re.escape(word) for word in row["text"].replace("’", "'").split())
    match = re.search(words, text.replace("’", "'"))
    assert match, "the fragment stands in its session"
    return found[(found["start"] < match.end()) & (found["end"] > match.start())]


def planted(identifier: str) -> dict[str, str]:
    return next(row for row in KEY if row["id"] == identifier)


@pytest.mark.parametrize("identifier", sorted(LABELS))
def test_planted_identifier_is_found_as_what_it_is(identifier: str) -> None:
    assert set(fragment(planted(identifier))["label"]) & LABELS[identifier]


@pytest.mark.parametrize("row", [row for row in KEY if row["id"].startswith("V")], ids=lambda row: f"{row['id']}-{row['document']}")
def test_decoy_is_left_alone(row: dict[str, str]) -> None:
    assert fragment(row).empty


def test_K33_the_file_name_names_somebody() -> None:
    assert list(in_file_name("FG2_team-Ronnie_Zevenaar.docx")["kind"]) == ["metadata"]
    assert in_file_name("FG1.docx").empty
    assert in_file_name("transcript_groep_2.docx").empty


def test_K34_the_maker_of_a_plain_text_is_metadata() -> None:
    assert list(in_head((SAMPLE / "FG6.txt").read_text(encoding="utf-8"))["text"]) == ["T. de Wilde (notulist)"]


def test_K35_a_misspelt_name_gets_the_same_replacement() -> None:
    _, found = session("FG1")
    instead = replacements(found)
    names = dict(zip(found["text"], instead, strict=True))
    assert names["Annelies"] == names["Annelise"]
    assert names["Annelies"] != names["Henk-Jan Terpstra-Bos"]


def test_K35_what_was_replaced_already_is_no_finding() -> None:
    text = "Ik deel een kamer met [naam]. Zij heet XXX, zei <collega>. Tegen [naam] wel."
    assert find(text).empty


def test_K37_three_harmless_quotes_of_one_voice_are_a_mosaic() -> None:
    rows = [row for row in KEY if row["id"] == "K37"]
    quotes = pd.DataFrame(
        [("FG4-P2", "FG4-P2", f"citaat:{n}", row["text"]) for n, row in enumerate(rows)], columns=["voice", "participant", "source", "text"]
    )
    people = pd.DataFrame({"participant": ["FG4-P2"]})
    assert {"only", "mosaic"} <= set(singled_out(told(quotes), people)["rule"])
    apart = quotes.assign(voice=quotes["source"])
    assert set(singled_out(told(apart), people)["voice"]) == {"citaat:1"}  # the one who says to be the only one needs no other quote


def test_K38_comments_in_the_margin_are_metadata() -> None:
    comments = in_properties(SAMPLE / "IV4.docx")
    assert list(comments["label"]) == ["comment"]
    assert "24-0117" in comments["text"].iloc[0]
    assert in_properties(SAMPLE / "FG1.docx").empty


def test_every_number_of_the_design_has_a_test() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    assert [n for n in range(1, 39) if f"K{n:02}" not in here] == []
    assert {row["id"] for row in KEY if row["id"].startswith("V")} == {f"V{n:02}" for n in range(1, 13)}


def test_register_and_words_together_single_out() -> None:
    people = pd.DataFrame({"participant": list("abcdef"), "team": ["kantine", *["balie"] * 5], "geslacht": ["v", "v", "m", "m", "v", "m"]})
    facts = pd.DataFrame([("P1", "a", "tabel:1", "team", "kantine"), ("P2", "b", "tabel:1", "team", "balie")], columns=PUBLISHED_COLUMNS)
    found = singled_out(facts, people, k=5)
    assert list(found["voice"]) == ["P1"]
    assert list(found["k"]) == [1]
    more = pd.DataFrame([("P2", "b", "tabel:2", "geslacht", "v")], columns=PUBLISHED_COLUMNS)
    assert set(singled_out(facts, people, k=5, earlier=more)["voice"]) == {"P1", "P2"}
