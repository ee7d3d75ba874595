"""The language of queries: its tree and its text, its mistakes, and that answers are what a slow reading of the study says."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qualcode.analysis.asking import Sight, holds
from qualcode.analysis.expressions import (
    FIELDS,
    FILTERS,
    KEYED,
    OPERATORS,
    And,
    Is,
    Near,
    Node,
    Not,
    Or,
    Overlap,
    Said,
    is_place,
    needs_lemmas,
    needs_words,
)
from qualcode.analysis.parsing import FARTHEST, LONGEST, parse
from qualcode.analysis.places import bases, overlapping, turn_lines
from qualcode.analysis.queries import answers, truth
from qualcode.analysis.words import Words, cut, part_of
from qualcode.codebook import Codebook
from qualcode.errors import NotFound, Refused
from qualcode.labels import set_language
from qualcode.model import Snapshot
from studies import Build

# trees -------------------------------------------------------------------------------------------------

anything = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(lambda t: bool(t.strip()))
spoken = st.one_of(
    st.sampled_from(
        ["melden", "er iets van", "EN", "NABIJ/5", "NEAR/3", "niet", "code:O05", "code=x", 'zei "nee"', "m'n", "(sic)", "\\ x"]
    ),
    anything.filter(lambda t: any(c.isalnum() for c in t)),
)
places = st.recursive(
    st.builds(Said, spoken, st.booleans()) | st.builds(Is, st.just("code"), anything, st.just(""), st.booleans()),
    lambda inner: st.one_of(
        st.builds(Near, inner, inner, st.integers(0, FARTHEST)),
        st.builds(Overlap, inner, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=4,
)
conditions = st.one_of(
    st.builds(Is, st.sampled_from(sorted(set(FIELDS.values()) - KEYED - {"code", "word", "lemma"})), anything),
    st.builds(Is, st.sampled_from(sorted(KEYED)), anything, anything),
)
trees = st.recursive(
    conditions | places,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=8,
)


@given(trees)
@example(Not(Not(Said("EN"))))
@example(Overlap(Near(Said("a"), Said("b"), 3), Or((Said("c"), Is("code", "O05")))))
@example(Is("attribute", "35–44", "hoogste opleiding"))
def test_a_tree_as_text_reads_back_as_the_same_tree(tree: Node) -> None:
    assert parse(str(tree)) == tree


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("code:O05 EN NIET rol:moderator", "code:O05 AND NOT role:moderator"),
        ("spreker:R1 OF sessie:FG1", "participant:R1 OR document:FG1"),
        ("melden NABIJ/5 baas", "word:melden NEAR/5 baas"),
        ("kenmerk.leeftijd:35-44 EN ronde:consensus", "attribute.leeftijd:35-44 AND layer:consensus"),
        ("soort:interview EN codeur:anna EN dimensie.stelling:nuanceert", "kind:interview AND coder:anna AND dimension.stelling:nuanceert"),
    ],
)
def test_both_languages_say_the_same(dutch: str, english: str) -> None:
    assert parse(dutch) == parse(english)


def test_not_binds_before_and_and_before_or() -> None:
    a, b, c, d = (Said(w) for w in "abcd")
    assert parse("a OF b EN NIET c NABIJ/2 d") == Or((a, And((b, Not(Near(c, d, 2))))))
    assert parse("(a OF b) EN c") == And((Or((a, b)), c))


def test_operators_in_small_letters_are_words() -> None:
    assert parse('"ja en nee"') == Said("ja en nee")
    assert parse("woord:EN") == Said("EN")


def test_curly_quotes_are_quotes() -> None:
    assert parse("“er iets van” EN code:“Minder tastbaar”") == And((Said("er iets van"), Is("code", "Minder tastbaar")))


def test_an_equals_sign_leaves_out_the_codes_below() -> None:
    assert parse("code=O") == Is("code", "O", exact=True)


@pytest.mark.parametrize(
    ("text", "key", "at"),
    [
        ("", "search.empty", None),
        (" \n ", "search.empty", None),
        ("x" * 10_000, "search.too_long", None),
        ("melden\x07", "search.strange", 7),
        ("melden\x00", "search.strange", 7),
        ("(melden", "search.not_closed", 1),
        ("a EN (b OF (c)", "search.not_closed", 6),
        ("melden)", "search.not_open", 7),
        (")", "search.expected", 1),
        ("()", "search.expected", 2),
        ("a EN", "search.ends_early", 5),
        ("a EN   ", "search.ends_early", 5),
        ("NIET", "search.ends_early", 5),
        ("EN a", "search.expected", 1),
        ("a EN EN b", "search.expected", 6),
        ("a b", "search.gap", 3),
        ("a (b)", "search.gap", 3),
        ("code:O05 en code:O08", "search.spoken_operator", 10),
        ("a NIET b", "search.gap_not", 3),
        ("kleur:rood", "search.no_field", 1),
        ("a EN kleur:rood", "search.no_field", 6),
        ("code:", "search.no_value", 6),
        ("code: O05", "search.no_value", 6),
        ('code:""', "search.no_value", 6),
        ("code.x:O05", "search.no_key", 1),
        ("kenmerk:35-44", "search.needs_key", 1),
        ("rol=moderator", "search.no_equals", 4),
        ('"a b', "search.open_quote", 1),
        ('code:"a b', "search.open_quote", 6),
        ("a NABIJ b", "search.near_how_far", 3),
        ("a NABIJ/1000 b", "search.near_too_far", 3),
        ("a NABIJ/5 rol:moderator", "search.no_place", 11),
        ("(a EN b) OVERLAP code:O05", "search.no_place", 1),
        ("… EN a", "search.no_words", 1),
        ("(" * 900 + "a" + ")" * 900, "search.too_deep", 42),
        ("NIET " * 399 + "a", "search.too_deep", 206),
        ("a\\b", "search.stray", 2),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, key: str, at: int | None) -> None:
    with pytest.raises(Refused) as refused:
        parse(text)
    assert refused.value.key == key
    assert refused.value.facts.get("at") == at
    for lang in ("nl", "en"):
        set_language(lang)  # type: ignore[arg-type]
        assert str(refused.value)


pieces = st.sampled_from([*'ab()"“\\:=./*| ', "EN ", "OF ", "NIET ", "NABIJ/2 ", "code:", "OVERLAP "])


def read(text: str) -> Node | Refused:
    try:
        return parse(text)
    except Refused as refused:
        return refused


@given(st.lists(pieces, max_size=20).map("".join))
def test_any_text_is_a_tree_or_a_sentence(text: str) -> None:
    found = read(text)
    if isinstance(found, Refused):
        assert str(found)
        assert 1 <= found.facts.get("at", 1) <= len(text) + 1
    else:
        assert parse(str(found)) == found


def test_length_is_bounded_and_the_bound_is_usable() -> None:
    longest = " OF ".join(["woord"] * (LONGEST // 9))
    assert isinstance(parse(longest), Or)


def test_a_query_over_codes_needs_no_words() -> None:
    assert not needs_words(parse("code:O05 OVERLAP code:E07 EN rol:deelnemer"))
    assert needs_words(parse("code:O05 NABIJ/3 code:E07"))
    assert needs_words(parse("NIET (melden OF code:O05)"))
    assert not needs_lemmas(parse("melden"))
    assert needs_lemmas(parse("NIET lemma:melden"))


# answers -----------------------------------------------------------------------------------------------

VOCABULARY = ("melden", "baas", "grap", "niets", "één", "meldpunt")


def sight_of(build: Build) -> Sight:
    snapshot = build.snapshot()
    base = bases(snapshot)
    parts = [
        (
            part_of(snapshot.text(guid), list(zip(turns["start"], turns["end"], strict=True)), [g[1:] for g in turns["gaps"]], cut),
            base[guid],
        )
        for guid, turns in zip(snapshot.documents["guid"], snapshot.documents["turns"], strict=True)
    ]
    return Sight(snapshot, Codebook.of(snapshot), Words.of(parts, turn_lines(snapshot)))


@st.composite
def studies(draw: st.DrawFn) -> Build:
    build = Build()
    for name in ("FG1", "IV1")[: draw(st.integers(1, 2))]:
        said = draw(
            st.lists(
                st.tuples(st.sampled_from(["M1", "R1", "R2"]), st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6)),
                min_size=1,
                max_size=4,
            )
        )
        build.document(name, [(label, " ".join(words)) for label, words in said], stratum=draw(st.sampled_from(["a", "b | c"])))
        text = build.texts[build.state["document"][f"doc-{name}"]["text"]]
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, len(text) - 2))
            end = draw(st.integers(start + 1, len(text) - 1))
            coder, layer = draw(st.sampled_from(["anna", "bram"])), draw(st.sampled_from(["ronde-1", "consensus"]))
            code, stance = draw(st.sampled_from(["E01", "E07", "O05"])), draw(st.sampled_from(["bevestigt", "weerspreekt", None]))
            build.code(name, (start, end), code, coder=coder, layer=layer, **({"stelling": stance} if stance else {}))
    for coder in ("anna", "bram"):
        build.coder(coder)
    for person in build.state["participant"].values():
        person["attributes"] = {"leeftijd": "35–44"} if person["name"].endswith("1") else {"leeftijd": "18–34"}
    return build


asked_places = st.recursive(
    st.one_of(
        st.sampled_from([Said("melden"), Said("meld*"), Said("een"), Said("baas|grap"), Said("niets melden")]),
        st.builds(Is, st.just("code"), st.sampled_from(["E", "E07", "O05", "EA"]), st.just(""), st.booleans()),
    ),
    lambda inner: st.one_of(
        st.builds(Near, inner, inner, st.integers(0, 3)),
        st.builds(Overlap, inner, inner),
        st.tuples(inner, inner).map(Or),
    ),
    max_leaves=3,
)
asked_conditions = st.sampled_from(
    [
        Is("role", "deelnemer"), Is("document", "FG1"), Is("kind", "focusgroep"), Is("attribute", "35-44", "Leeftijd"),
        Is("attribute", "18-34", "leeftijd"), Is("attribute", "c", "stratum"), Is("coder", "anna"), Is("coder", "bram"),
        Is("dimension", "weerspreekt", "stelling"), Is("dimension", "bevestigt", "stelling"),
    ]
)  # fmt: skip
asked = st.recursive(
    asked_conditions | asked_places,
    lambda inner: st.one_of(
        inner.map(Not), st.lists(inner, min_size=2, max_size=3).map(lambda p: And(tuple(p))), st.tuples(inner, inner).map(Or)
    ),
    max_leaves=5,
)


class Slow:
    """A reading of a query without any table: one unit, one turn, one word at a time."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.book = Codebook.of(snapshot)
        self.documents = snapshot.documents.to_dict("records")
        self.turns = snapshot.turns.to_dict("records")
        self.codings = snapshot.codings.to_dict("records")
        people = {p["guid"]: p for p in snapshot.participants.to_dict("records")}
        for turn in self.turns:
            turn["person"] = people.get(turn["participant"]) if isinstance(turn["participant"], str) else None
            said = snapshot.text(turn["document"])[turn["start"] : turn["end"]]
            turn["words"] = [
                (turn["start"] + w.start(), turn["start"] + w.end(), w[0].replace("é", "e")) for w in re.finditer(r"\S+", said)
            ]

    def units(self, unit: str) -> list[dict[str, Any]]:
        return {"turn": self.turns, "document": self.documents, "fragment": self.codings}[unit]

    def inside(self, unit: str, one: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the turns of a unit."""
        if unit == "turn":
            return [one]
        if unit == "document":
            return [t for t in self.turns if t["document"] == one["guid"]]
        return [t for t in self.turns if t["document"] == one["document"] and t["start"] < one["end"] and one["start"] < t["end"]]

    def codings_of(self, unit: str, one: dict[str, Any]) -> list[dict[str, Any]]:
        if unit == "fragment":
            return [one]
        if unit == "document":
            return [c for c in self.codings if c["document"] == one["guid"]]
        return [c for c in self.codings if c["document"] == one["document"] and c["start"] < one["end"] and one["start"] < c["end"]]

    def fits(self, coding: dict[str, Any], node: Is) -> bool:
        if node.field == "code":
            code = self.book.find(node.value).guid
            return coding["code"] == code or (not node.exact and code in self.book.ancestors(coding["code"]))
        if node.field == "coder":
            return coding["coder"] == f"coder-{node.value}"
        return (coding["dimensions"].get("stelling") or "bevestigt") == node.value

    def holds(self, node: Node, unit: str, one: dict[str, Any], scope: tuple[Is, ...] = ()) -> bool:
        if isinstance(node, Not):
            return not self.holds(node.part, unit, one, scope)
        if isinstance(node, Or):
            return any(self.holds(part, unit, one, scope) for part in node.parts)
        if isinstance(node, And):
            filters = tuple(p for p in node.parts if isinstance(p, Is) and p.field in FILTERS)
            inner = scope + filters
            there = not filters or any(all(self.fits(c, f) for f in inner) for c in self.codings_of(unit, one))
            return there and all(self.holds(p, unit, one, inner) for p in node.parts if p not in filters)
        if isinstance(node, Is) and (node.field == "code" or node.field in FILTERS):
            return any(all(self.fits(c, f) for f in (*scope, node)) for c in self.codings_of(unit, one))
        if isinstance(node, Is):
            return self.described(node, unit, one)
        found = [place for turn in self.turns for place in self.places(node, turn, scope)]
        if unit == "fragment":
            return any(
                one["guid"] in place[3]
                or (not place[3] and place[2] == one["document"] and place[0] < one["end"] and one["start"] < place[1])
                for place in found
            )
        return any(
            place[2] == turn["document"] and turn["start"] <= place[0] and place[1] <= turn["end"]
            for place in found
            for turn in self.inside(unit, one)
        )

    def described(self, node: Is, unit: str, one: dict[str, Any]) -> bool:
        document = next(d for d in self.documents if d["guid"] == (one["guid"] if unit == "document" else one["document"]))
        if node.field == "document":
            return document["name"] == node.value
        if node.field == "kind":
            return document["kind"] == node.value
        if node.field == "role":
            return any(t["role"] == node.value for t in self.inside(unit, one))
        value = document["attributes"].get(node.key.lower(), "")
        if node.value in [part.strip() for part in value.split("|")]:
            return True
        ages = [(t["person"] or {}).get("attributes", {}).get(node.key.lower()) for t in self.inside(unit, one)]
        return node.value.replace("-", "–") in ages

    def places(self, node: Node, turn: dict[str, Any], scope: tuple[Is, ...]) -> list[tuple[int, int, str, frozenset[str], Any]]:
        """Return ``start, end, document, codings that take part, what it is`` of each place in one turn."""
        doc = turn["document"]
        if isinstance(node, Or):
            return [place for part in node.parts for place in self.places(part, turn, scope)]
        if isinstance(node, Said):
            steps = [step.split("|") for step in node.words.split()]
            words = turn["words"]
            fits = lambda word, step: any(word.startswith(s[:-1]) if s.endswith("*") else word == s for s in step)
            return [
                (words[i][0], words[i + len(steps) - 1][1], doc, frozenset(), "said")
                for i in range(len(words) - len(steps) + 1)
                if all(fits(words[i + k][2], step) for k, step in enumerate(steps))
            ]
        if isinstance(node, Is):
            return [
                (max(c["start"], turn["start"]), min(c["end"], turn["end"]), doc, frozenset([c["guid"]]), c["guid"])
                for c in self.codings_of("turn", turn)
                if all(self.fits(c, f) for f in (*scope, node))
            ]
        assert isinstance(node, Near | Overlap)
        made = []
        for a in self.places(node.left, turn, scope):
            for b in self.places(node.right, turn, scope):
                if a[4] == b[4] and a[4] != "made" and (a[4] != "said" or a[:2] == b[:2]):
                    continue
                if isinstance(node, Overlap):
                    if a[0] < b[1] and b[0] < a[1]:
                        made.append((max(a[0], b[0]), min(a[1], b[1]), doc, a[3] | b[3], "made"))
                else:
                    first, last = min(a[1], b[1]), max(a[0], b[0])
                    between = [w for w in turn["words"] if w[0] >= first and w[1] <= last]
                    if len(between) <= node.words:
                        made.append((min(a[0], b[0]), max(a[1], b[1]), doc, a[3] | b[3], "made"))
        return made


@settings(max_examples=25)
@given(studies(), st.lists(st.tuples(asked, st.sampled_from(["turn", "fragment", "document"])), min_size=4, max_size=8))
def test_an_answer_is_what_a_slow_reading_says(build: Build, queries: list[tuple[Node, Any]]) -> None:
    sight = sight_of(build)
    slow = Slow(sight.snapshot)
    for node, unit in queries:
        with suppress(NotFound):  # an attribute that this study does not have
            quick = holds(sight, node, unit).tolist()
            assert quick == [slow.holds(node, unit, one) for one in slow.units(unit)], (str(node), unit)


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=8),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=8),
)
def test_pairs_overlap_as_looking_at_each_says(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    a = [(start, start + size) for start, size in left]
    b = [(start, start + size) for start, size in right]
    columns = lambda rows, at: np.array([row[at] for row in rows], dtype=np.int64)
    pairs = overlapping(columns(a, 0), columns(a, 1), (columns(b, 0), columns(b, 1)))
    slow = [(i, j) for i, x in enumerate(a) for j, y in enumerate(b) if x[0] < y[1] and y[0] < x[1]]
    assert sorted(zip(*(side.tolist() for side in pairs), strict=True)) == slow


def talk() -> Build:
    build = Build()
    build.document(
        "FG1", [("M1", "Wie wil iets melden?"), ("R1", "Ik niet, mijn baas lacht erom."), ("R2", "Ik heb het gemeld, bij het meldpunt.")]
    )
    build.document("IV1", [("M1", "Melden?"), ("R1", "Een grap van mijn baas, zo heet dat dan.")])
    build.code("FG1", 2, "E07", coder="anna", layer="ronde-1")
    build.code("FG1", "mijn baas", "O05", coder="bram", layer="ronde-1", stelling="nuanceert")
    build.code("IV1", 2, "E01", coder="anna", layer="consensus")
    return build


def told(text: str, unit: str = "turn") -> list[str]:
    frame = answers(sight_of(talk()), text, unit)
    if unit == "turn":
        return [f"{d}:{t}" for d, t in zip(frame["document"], frame["turn"], strict=True)]
    return list(frame["document" if unit == "document" else "code"])


@pytest.mark.parametrize(
    ("text", "unit", "found"),
    [
        ("code:E", "turn", ["FG1:2", "IV1:2"]),
        ("code=E", "turn", []),
        ("code:E EN NIET soort:interview", "turn", ["FG1:2"]),
        ("spreker:R1 EN NIET code:O05", "turn", ["IV1:2"]),
        ("spreker:FG1-P2", "turn", ["FG1:3"]),
        ("mijn NABIJ/0 baas", "turn", ["FG1:2", "IV1:2"]),
        ("baas NABIJ/1 niet", "turn", ["FG1:2"]),
        ("baas NABIJ/0 niet", "turn", []),
        ("code:E07 OVERLAP code:O05", "turn", ["FG1:2"]),
        ("code:E07 OVERLAP code:O05", "fragment", ["E07", "O05"]),
        ("code:O05 OVERLAP lacht", "turn", []),
        ("code:E07 OVERLAP lacht", "fragment", ["E07"]),
        ("baas", "fragment", ["E07", "O05", "E01"]),
        ("codeur:anna EN code:O", "turn", []),
        ("codeur:bram EN code:O", "turn", ["FG1:2"]),
        ("codeur:anna EN NIET code:O", "turn", ["FG1:2", "IV1:2"]),
        ("ronde:ronde-1", "fragment", ["E07", "O05"]),
        ("dimensie.stelling:nuanceert", "fragment", ["O05"]),
        ("dimensie.stelling:bevestigt", "fragment", ["E07", "E01"]),
        ("rol:moderator EN melden", "document", ["FG1", "IV1"]),
        ("NIET code:O05", "document", ["IV1"]),
        ("meld*", "turn", ["FG1:1", "FG1:3", "IV1:1"]),
    ],
)  # fmt: skip
def test_queries_answer_by_turn_fragment_or_document(text: str, unit: str, found: list[str]) -> None:
    assert told(text, unit) == found


def test_frames_have_their_columns_also_when_empty() -> None:
    sight = sight_of(talk())
    assert list(answers(sight, "code:E07").columns) == [
        "document",
        "turn",
        "speaker",
        "participant",
        "role",
        "time",
        "start",
        "end",
        "words",
        "text",
        "codes",
    ]
    assert list(answers(sight, "nergens").columns) == list(answers(sight, "code:E07").columns)
    assert list(answers(sight, "nergens", "document").columns) == ["document", "kind", "turns", "codings"]
    assert answers(sight, "soort:focusgroep", "document").iloc[0].tolist() == ["FG1", "focusgroep", 3, 2]
    assert answers(sight, "lacht")["codes"].tolist() == ["E07|O05"]


def test_truth_stands_on_the_rows_of_the_frames() -> None:
    from qualcode.analysis import codings, turns

    sight = sight_of(talk())
    all_turns = turns(sight.snapshot)
    chosen = all_turns[truth(sight, "code:E") & ~truth(sight, "soort:interview")]
    assert list(chosen["turn"]) == [2]
    frame = codings(sight.snapshot)
    assert list(frame[truth(sight, "codeur:anna", "fragment")]["code"]) == ["E07", "E01"]
    assert truth(sight, "soort:interview", "document").tolist() == [False, True]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("code:Q99", "codebook"),
        ("spreker:R9", "analysis.no_speaker"),
        ("document:FG9", "analysis.no_document"),
        ("codeur:carla", "analysis.no_coder"),
        ("ronde:ronde-9", "analysis.no_layer"),
        ("rol:baas", "search.no_role"),
        ("soort:praatje", "search.no_kind"),
        ("kenmerk.lengte:2m", "search.no_attribute"),
        ("dimensie.stelling:zeker", "search.no_value_of"),
        ("dimensie.lengte:2m", "codebook"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_what_there_is(text: str, key: str) -> None:
    with pytest.raises(NotFound) as refused:
        told(f"melden OF {text}")
    assert refused.value.key.startswith(key)
    assert str(refused.value)


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(Refused, match="turn, fragment en document"):
        told("melden", "zin")


def test_an_empty_study_answers_with_nothing() -> None:
    sight = sight_of(Build())
    for unit in ("turn", "fragment", "document"):
        assert answers(sight, "code:E OF NIET melden OF (code:E NABIJ/2 baas)", unit).empty


def test_every_operator_and_field_is_in_the_page_about_queries() -> None:
    from pathlib import Path

    page = (Path(__file__).parents[1] / "docs" / "zoeken.md").read_text(encoding="utf-8")
    assert [name for name in (*OPERATORS, *FIELDS) if name not in page] == []


@given(places)
def test_only_places_can_be_near(node: Node) -> None:
    assert is_place(node)
