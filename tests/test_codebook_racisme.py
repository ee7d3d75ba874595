"""The codebook that comes with qualcode: complete, consistent, the same in every study that starts from it."""

from __future__ import annotations

import colorsys
import re
import unicodedata
from collections import Counter
from itertools import combinations
from math import dist
from pathlib import Path
from uuid import UUID

import pytest

from qualcode.codebook import Codebook, importing, read, write

PATH = Path(__file__).parents[1] / "codebooks" / "racisme-op-de-werkvloer.yaml"
ID = re.compile(r"\b[EOGS](?:[A-D]|\d\d)\b")


@pytest.fixture(scope="module")
def book() -> Codebook:
    return read(PATH)


def test_it_has_four_themes_fifteen_subthemes_and_sixty_codes(book: Codebook) -> None:
    assert Counter(book.level(c.key) for c in book.codes) == {"theme": 4, "subtheme": 15, "code": 60}
    per_theme = Counter(book.get(book.theme_of(c.key)).id for c in book.codes if c.codable)
    assert per_theme == {"E": 16, "O": 16, "G": 13, "S": 15}


def test_ids_follow_the_tree_and_number_without_gaps(book: Codebook) -> None:
    for code in book.codes:
        assert code.id.startswith(book.get(book.theme_of(code.key)).id)
    for theme in "EOGS":
        numbers = [int(c.id[1:]) for c in book.codes if c.codable and c.id[0] == theme]
        assert numbers == list(range(1, len(numbers) + 1))


def test_every_code_says_when_to_use_it_and_when_not(book: Codebook) -> None:
    for code in book.codes:
        assert code.definition
        if code.codable:
            assert all((code.include, code.exclude, code.examples)), code.id
            assert re.fullmatch(r"B[1-5]~?(, B[1-5]~?)*", code.source), code.id


def test_it_has_no_problems(book: Codebook) -> None:
    assert book.check().empty
    assert book.clashes().empty


def test_every_code_that_a_text_refers_to_exists(book: Codebook) -> None:
    texts = [t for c in book.codes for t in (c.definition, c.include, c.exclude)] + [p.rule for p in book.confusable]
    named = {found for text in texts for found in ID.findall(text)}
    assert named <= {c.id for c in book.codes}
    assert len(named) > 40


def test_the_dimensions_have_the_defaults_that_analysis_counts_on(book: Codebook) -> None:
    defaults = {d.name: d.default for d in book.dimensions if d.default}
    assert defaults == {
        "stelling": "bevestigt",
        "ervaring": "zelf",
        "uitlokking": "spontaan",
        "periode": "binnen",
        "scope": "binnen",
        "ironie": "nee",
        "gevoelig": "nee",
    }
    assert [d.name for d in book.dimensions if d.multiple] == ["grond"]
    assert [d.name for d in book.dimensions if d.type == "number"] == ["voorval"]
    assert all(d.definition for d in book.dimensions)
    assert book.dimension("periode").values == ("binnen", "vóór")


def test_reactions_after_raising_it_need_an_actor_and_nothing_else_does(book: Codebook) -> None:
    needing = {c.id for c in book.codes if "actor" in book.requires(c.key)}
    assert needing == {"OB", "O05", "O06", "O07", "O08", "O09", "O10"}


def test_pairs_have_a_sentence_that_names_both_codes(book: Codebook) -> None:
    assert len(book.confusable) == 15
    for pair in book.confusable:
        first, second = book.get(pair.first).id, book.get(pair.second).id
        assert pair.rule.startswith(f"Kies {first} ")
        assert f"kies {second} " in pair.rule
        assert pair.rule.endswith(".")


def test_guids_are_guids_and_each_its_own(book: Codebook) -> None:
    guids = [book.guid, *(c.guid for c in book.codes)]
    assert len({UUID(guid) for guid in guids}) == len(guids)


def test_two_studies_that_start_from_it_have_the_same_codebook(book: Codebook) -> None:
    def never() -> str:
        raise AssertionError("everything in the file has a guid")

    assert importing(Codebook(), book, never) == importing(Codebook(), read(PATH), never)


def test_colours_differ_and_each_theme_has_its_own_hues(book: Codebook) -> None:
    def hue(colour: str) -> float:
        return colorsys.rgb_to_hsv(*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)))[0] * 360

    colours = [c.colour for c in book.codes]
    assert len(set(colours)) == len(colours) == 79
    arcs = {"E": (-8, 56), "S": (56, 175), "O": (175, 228), "G": (228, 344)}
    for code in book.codes:
        low, high = arcs[code.id[0]]
        assert low <= (hue(code.colour) if hue(code.colour) < 350 else hue(code.colour) - 360) < high, code.id


def perceived(colour: str) -> tuple[float, ...]:
    """Return a colour in OKLab, in which distance is what an eye sees; about 0.02 can just be told apart."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
    )


def test_codes_can_be_told_apart_by_colour_those_of_one_subtheme_easily(book: Codebook) -> None:
    for one, other in combinations([c for c in book.codes if c.codable], 2):
        least = 0.06 if one.parent == other.parent else 0.04
        assert dist(perceived(one.colour), perceived(other.colour)) > least, (one.id, other.id)


def test_the_working_definition_stands_there_with_its_source(book: Codebook) -> None:
    assert book.definition.startswith("gedrag, opmerkingen of ‘grapjes’ in verband met huidskleur, herkomst en/of geloof.")
    assert book.definition.endswith("Dit kan persoonlijk, telefonisch, schriftelijk of online zijn gebeurd.")
    assert "30 950, nr. 424" in book.definition_source


def test_the_working_definition_is_that_of_the_letter_word_for_word(book: Codebook, external: Path) -> None:
    letters = [path.read_text(encoding="utf-8") for path in sorted((external / "seeds").glob("*.txt"))]
    assert any(f"‘{book.definition}’" in letter for letter in letters)


def test_the_text_is_composed_unicode(book: Codebook) -> None:
    text = PATH.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "SPDX-License-Identifier" in text.split("\n\n", 1)[0]


@pytest.mark.parametrize("form", ["yaml", "csv", "xlsx"])
def test_it_goes_out_and_in_without_loss(book: Codebook, form: str, tmp_path: Path) -> None:
    write(book, tmp_path / f"boek.{form}")
    again = read(tmp_path / f"boek.{form}")
    assert again == book
    assert again.fingerprint == book.fingerprint


def test_five_rules_and_eight_topics(book: Codebook) -> None:
    assert len(book.rules) == 5
    topics = [
        "Kennismaking en definitie",
        "Ervaringen",
        "Omstanders",
        "Aankaarten en melden",
        "Gevolgen",
        "Omgaan",
        "Suggesties",
        "Afronding",
    ]
    assert [question.partition(":")[0] for question in book.guide] == topics
