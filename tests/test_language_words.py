"""Words, lemmas and names by the pipeline that comes with qualcode; what speech does to them; bad input."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode import language
from qualcode.errors import BadFile, Missing, NotFound
from qualcode.language import pipeline
from qualcode.language.lemmas import by_rule

SENTENCES = (
    "Ik heb het gisteren bij het meldpunt gemeld.",
    "De teamleider lachte mij uit in de kantine.",
    "Mijn collega's werden steeds buitengesloten.",
    "Ze vroegen waar ik echt vandaan kwam.",
    "Wij werken daar al jaren in de nachtdienst.",
)


@pytest.fixture(autouse=True)
def _own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(pipeline.SETTING, raising=False)
    monkeypatch.setitem(pipeline._chosen, "name", pipeline.OWN)


def read(text: str) -> pd.DataFrame:
    return language.words([text])


def lemmas(text: str) -> dict[str, str]:
    return dict(read(text)[["word", "lemma"]].to_numpy().tolist())


def test_words_name_their_columns_and_places() -> None:
    texts = ["Ja, dat klopt.", "", "Ik werk er. Zij ook!"]
    table = language.words(texts)
    assert tuple(table.columns) == language.WORD_COLUMNS
    assert [texts[text][start:end] for text, start, end in table[["text", "start", "end"]].to_numpy()] == table["word"].tolist()
    assert table["text"].tolist() == [0, 0, 0, 2, 2, 2, 2, 2]
    assert table["sentence"].tolist() == [0, 0, 0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize("texts", [[], [""], [" \n", "\x00\x07"], ["…?!"]])
def test_texts_without_words_give_an_empty_table_of_the_same_shape(texts: list[str]) -> None:
    full = language.words(["Een woord."])
    empty = language.words(texts)
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert language.entities(texts).empty
    assert tuple(language.entities(texts).columns) == language.ENTITY_COLUMNS


@pytest.mark.parametrize("form", ["gemeld", "melden", "meldde", "meldden"])
def test_forms_of_a_verb_share_a_lemma(form: str) -> None:
    carrier = "Ik heb dat gemeld." if form == "gemeld" else f"Zij {form} dat niet." if form != "melden" else "Ik wil dat melden."
    assert lemmas(carrier)[form] == "melden"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("m'n", "mijn"), ("z’n", "zijn"), ("'t", "het"), ("'k", "ik"), ("effe", "even"), ("zo'n", "zo'n"), ("ie", "hij"), ("d'r", "haar"),
    ],
)  # fmt: skip
def test_a_reduced_form_has_the_lemma_of_its_word(said: str, word: str) -> None:
    assert lemmas(f"Toen zag ik {said} daar.")[said] == word


@settings(max_examples=25)
@given(st.sampled_from(SENTENCES), st.integers(0, 8), st.sampled_from(["[lacht]", "uh,", "ehm", "(onverstaanbaar)", "ge-", "[stilte]"]))
def test_fillers_remarks_and_broken_words_change_nothing_about_the_other_words(sentence: str, at: int, said: str) -> None:
    words = sentence.split(" ")
    at = min(at, len(words) - 1)
    spoken = read(" ".join([*words[:at], said, *words[at:]]))
    kept = spoken[~spoken["filler"]].reset_index(drop=True)
    plain = read(sentence)
    columns = ["word", "lower", "lemma", "pos", "stop", "sentence"]
    pd.testing.assert_frame_equal(kept[columns], plain[columns])
    assert spoken["filler"].sum() == 1


@pytest.mark.parametrize(
    ("form", "kind", "lemma"),
    [
        ("luistert", "verb", "luisteren"), ("snapt", "verb", "snappen"), ("stelde", "verb", "stellen"), ("leefden", "verb", "leven"),
        ("gekeken", "verb", "kijken"), ("opgeschreven", "verb", "opschrijven"), ("weggegaan", "verb", "weggaan"), ("meetelt", "verb", "meetellen"),
        ("onthield", "verb", "onthouden"), ("bestaat", "verb", "bestaan"), ("gestart", "verb", "starten"), ("zinnetje", "noun", "zin"),
        ("blaadjes", "noun", "blad"), ("feestje", "noun", "feest"), ("personen", "noun", "persoon"), ("meisje", "noun", "meisje"),
        ("x" * 10_000, "noun", None), ("", "verb", None), ("ge", "verb", None),
    ],
)  # fmt: skip
def test_forms_that_no_table_has_follow_the_spelling(form: str, kind: str, lemma: str | None) -> None:
    assert by_rule(form, kind) == lemma


def test_a_pseudonym_in_brackets_is_a_word_that_was_said() -> None:
    table = read("Ik belde [leidinggevende] op.")
    assert table.loc[table["word"] == "leidinggevende", ["filler", "pos"]].to_numpy().tolist() == [[False, "NOUN"]]


def test_the_first_half_of_a_joined_pair_is_not_broken_off() -> None:
    table = read("Ik kreeg spraak- en taalles.")
    assert not table["filler"].any()


def test_typographic_apostrophes_change_nothing() -> None:
    one, other = read("M'n collega's zeiden 't zo'n beetje."), read("M’n collega’s zeiden ’t zo’n beetje.")
    columns = ["start", "end", "lower", "lemma", "pos", "stop"]
    pd.testing.assert_frame_equal(one[columns], other[columns])


def test_texts_do_not_influence_each_other() -> None:
    apart = pd.concat([read(text) for text in SENTENCES], ignore_index=True)
    together = language.words(SENTENCES)
    pd.testing.assert_frame_equal(apart.drop(columns="text"), together.drop(columns="text"))


def test_names_of_every_community_are_seen_in_written_turns() -> None:
    turn = "Mijn collega {} heeft hetzelfde meegemaakt."
    names = [
        "Fatima Bouzidi",
        "Mehmet",
        "Sjoerd",
        "Shanti Ramdin",
        "Agnieszka",
        "Kwame Mensah",
        "Selam Tesfay",
        "Abdirahman",
        "Wei Chen",
        "Parisa",
    ]
    table = language.entities([turn.format(name) for name in names])
    found = set(table.loc[table["label"] == "PER", "text"])
    assert len(found) >= 9


def test_places_and_organisations_are_seen() -> None:
    turn = "Toen werkte ik nog bij Albert Heijn in Zwolle."
    table = language.entities([turn])
    assert [(turn[start:end], label) for start, end, label in table[["start", "end", "label"]].to_numpy()] == [
        ("Albert Heijn", "ORG"),
        ("Zwolle", "LOC"),
    ]


def test_hesitations_and_common_words_that_begin_a_sentence_are_no_names() -> None:
    turns = [
        "Uhm, ja.",
        "Jij hebt gelijk.",
        "Misschien. Stel dat het zo is.",
        "Hoe dan?",
        "…?!",
        "Vertel.",
        "Degene die dat zei, die is weg.",
    ]
    assert language.entities(turns).empty


def test_a_name_needs_a_capital_only_where_the_turn_has_capitals() -> None:
    written = "Mijn collega {} heeft hetzelfde meegemaakt bij {}."
    names = [("fatima", "albert heijn"), ("mehmet", "philips"), ("sjoerd", "de rabobank"), ("agnieszka", "ikea")]
    without = [written.format(*each).lower() for each in names]
    assert language.entities(without)["text"].nunique() >= 3
    assert language.entities([written.format(*each) for each in names]).empty


def test_research_content_is_no_name() -> None:
    turns = [
        "Mijn Marokkaanse achtergrond speelt daar wel in mee.",
        "De politie kwam, maar die deed niks.",
        "Het ministerie heeft daar regels voor.",
        "Tijdens de ramadan kreeg ik toch de late dienst.",
        "Wat R5 zegt herken ik.",
    ]
    assert language.entities(turns).empty


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["ik zei dat niet " * 40_000, "Dat was zo. " * 20_000, "(" * 100_000, "a" * 1_000_000, "a-" * 200_000, "\u200f[" * 100_000]
)
def test_a_turn_without_end_is_read_to_its_end(text: str) -> None:
    table = language.words([text[: len(text) // 2]])
    assert table["end"].max() <= len(text) // 2 if len(table) else "a" not in text
    assert len(language.sentences([text]))


def test_control_characters_and_direction_marks_are_no_words() -> None:
    table = read("Ik\x00 heb\x07 \u202eniets\u202c gezegd.")
    assert table["word"].tolist() == ["Ik", "heb", "niets", "gezegd"]


def test_the_pipeline_names_itself_and_its_version() -> None:
    name, version = language.pipeline_name().split()
    assert name == "qualcode_nl"
    assert version == pipeline._meta(pipeline._HERE / "pipeline")["version"]


def test_the_setting_and_the_environment_choose_the_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    language.use(None)
    monkeypatch.setenv(pipeline.SETTING, "qualcode_nl")
    assert language.pipeline_name().startswith("qualcode_nl")
    monkeypatch.setenv(pipeline.SETTING, "iets_anders")
    with pytest.raises(NotFound, match="iets_anders"):
        language.pipeline_name()
    with pytest.raises(NotFound, match="qualcode_nl"):
        language.use("onbekend")


def _planted(folder: Path, name: str, *, whole: bool) -> None:
    import shutil

    own = pipeline._HERE / "pipeline"
    package = folder / name
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('nothing of a package is run')\n", encoding="utf-8")
    if whole:
        shutil.copy(own / "meta.json", package / "meta.json")
        shutil.copytree(own, package / f"{name}-{pipeline._meta(own)['version']}")


def test_an_installed_pipeline_is_preferred_and_an_empty_package_of_its_name_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _planted(tmp_path, "nl_core_news_lg", whole=False)
    _planted(tmp_path, "nl_core_news_sm", whole=True)
    monkeypatch.syspath_prepend(str(tmp_path))
    pipeline._installed.cache_clear()
    try:
        language.use(None)
        assert language.pipeline_name().startswith("nl_core_news_sm ")
        assert lemmas("Ik heb het gemeld.")["gemeld"] == "melden"
        with pytest.raises(Missing, match="nl_core_news_lg"):
            language.use("nl_core_news_lg")
    finally:
        pipeline._installed.cache_clear()


def test_a_missing_or_damaged_pipeline_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_HERE", tmp_path)
    with pytest.raises(Missing, match="installeer qualcode opnieuw"):
        language.words(["Dat is zo."])
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "pipeline/meta.json").write_text('{"lang": "nl", "name": "x", "version": "1"}', encoding="utf-8")
    with pytest.raises(BadFile, match="beschadigd"):
        language.words(["Dat is zo."])


@pytest.mark.slow
def test_the_pipeline_loads_without_the_tables_of_spacy_and_quickly() -> None:
    # the network is closed by the test of the whole job; here: nothing but the package and spaCy is imported
    script = (
        "import sys; sys.modules['spacy_lookups_data'] = None\n"
        "from qualcode import language; assert 'spacy' not in sys.modules\n"
        "language.pipeline_name(); assert 'spacy' not in sys.modules\n"
        "print(language.words(['Ik heb het gemeld.'])['lemma'].tolist())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['ik', 'hebben', 'het', 'melden']"
