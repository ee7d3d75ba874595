"""Laws over many inputs: what the reader of texts always finds and never imagines, and what leaving out can do to a figure."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qualcode.analysis import spread
from qualcode.analysis.dated import within
from qualcode.analysis.leaving_out import leaving_out
from qualcode.model import Snapshot
from qualcode.report.lint import lint
from studies import groups, told

# words that claim nothing, and what may stand between them
PLAIN = st.sampled_from(
    "de het een deelnemers vertellen noemen ervaren vinden over grappen collega leidinggevende daarna en maar toen soms rustig gesprek werk "
    "naam rapport steun toon ruimte Zij Wij Daar Eén ëën 'zo' ontzien pauze p proces pagina percentiel procedure deeltijd kwartier".split()
)
BETWEEN = st.sampled_from([" ", " ", " ", ", ", "; ", "\n", " – ", " (", ") "])
WORDS = st.lists(st.tuples(PLAIN, BETWEEN), max_size=12).map(lambda pairs: "".join(word + sign for word, sign in pairs))
NUMBER = st.integers(0, 100)
P_VALUES = st.one_of(
    st.tuples(st.sampled_from("pP"), st.sampled_from(["", " "]), st.sampled_from("<=>"), st.sampled_from(["", " "]), st.sampled_from(["0", ""]), st.sampled_from(".,"), st.from_regex(r"[0-9]{1,4}", fullmatch=True)).map("".join),
    st.sampled_from(["p-waarde", "P-waarden", "significant", "Significante", "statistisch significant", "p-value", "chi-kwadraat", "chikwadraattoets", "t-toets", "betrouwbaarheidsinterval"]),
)  # fmt: skip
PERCENTAGES = st.one_of(
    st.tuples(NUMBER.map(str), st.sampled_from(["%", " %", " procent", " percent", "\u00a0%", "\u202f%", "\u00a0procent"])).map("".join),
    st.tuples(NUMBER.map(str), st.sampled_from(".,"), st.integers(0, 99).map(str), st.sampled_from(["%", " %", " procent"])).map("".join),
)


def spots(text: str, rule: str) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in lint(text, {}) if found.rule == rule]


@given(WORDS, P_VALUES, st.sampled_from([" ", ", ", "\n", ". ", ") ", ""]), WORDS)
def test_a_p_value_is_found_whatever_stands_around_it(before: str, hit: str, sign: str, after: str) -> None:
    assume(sign or not after)
    text = f"{before}{' ' if before else ''}{hit}{sign}{after}"
    at = len(text) - len(hit) - len(sign) - len(after)
    assert any(start <= at + len(hit) and end > at for start, end in spots(text, "significance")), text


@given(WORDS, PERCENTAGES, st.sampled_from([" ", ", ", "\n", ". ", ") ", ""]), WORDS)
def test_a_percentage_is_found_whatever_stands_around_it(before: str, hit: str, sign: str, after: str) -> None:
    assume(sign or not after)
    text = f"{before}{' ' if before else ''}{hit}{sign}{after}"
    at = len(text) - len(hit) - len(sign) - len(after)
    assert any(start < at + len(hit) and end > at for start, end in spots(text, "percentage")), text


@given(WORDS)
def test_a_sentence_that_claims_nothing_gives_nothing(text: str) -> None:
    assert lint(text, {}) == []


@given(WORDS, st.sampled_from(["{{spreiding:E07}}", "{{citaat:FG1-0002}}", "{{term:E07}}"]), WORDS)
def test_a_figure_that_the_study_fills_in_is_no_claim_of_the_researcher(before: str, placeholder: str, after: str) -> None:
    text = f"{before} {placeholder} {after}"
    assert {found.rule for found in lint(text, {"E07": (8, 9)})} <= {"often"}


@given(WORDS, st.one_of(P_VALUES, PERCENTAGES), WORDS)
def test_words_of_somebody_else_are_left_alone(before: str, hit: str, after: str) -> None:
    assume("\n" not in before + after)
    assert not [f for f in lint(f"“{before} {hit} {after}”", {}) if f.rule in {"percentage", "significance"}]
    assert not [f for f in lint(f"> {before} {hit} {after}", {}) if f.rule in {"percentage", "significance"}]


@given(WORDS, st.one_of(P_VALUES, PERCENTAGES))
def test_each_place_is_named_by_its_line(before: str, hit: str) -> None:
    text = f"{before}\n\n{hit}\n"
    found = [f for f in lint(text, {}) if f.severity == "stop"]
    assert found
    assert all(f.words == text[f.start : f.end] for f in found)
    assert all(f.line == text.count("\n", 0, f.start) + 1 for f in found)


# leaving out -------------------------------------------------------------------------------------------

CODES = ("E01", "E07", "E09", "O12", "S09")
VOICES = st.dictionaries(st.tuples(st.sampled_from(CODES), st.integers(1, 7)), st.integers(1, 3), min_size=1, max_size=14)


def study(voices: dict[tuple[str, int], int]) -> Snapshot:
    held = groups(7)
    held.document("IV1", [("M1", "Hoe begon het?"), ("R1", "Dat begon met een grap, en daarna hield het niet meer op.")])
    for (code, group), number in voices.items():
        told(held, code, f"FG{group}:{number}")
    told(held, "E07", "IV1:1")
    return held.snapshot()


@settings(max_examples=20)
@given(VOICES)
def test_leaving_out_a_session_or_a_person_never_raises_a_figure(voices: dict[tuple[str, int], int]) -> None:
    left = leaving_out(study(voices))
    assert len(left)
    for name in ("groups", "groups_n", "interviews"):
        less = left[name] - left[f"{name}_without"]
        assert less.between(0, 1).all()
    assert (left["groups_without"] >= 0).all()
    assert (left["groups_without"] <= left["groups_n_without"]).all()
    # a session is out of both figures, a person of the first alone
    people = left[left["unit"] == "participant"]
    assert (people["groups_n"] == people["groups_n_without"]).all()
    # and what changes in words changes in figures
    changed = left[left["changes"]]
    same = (changed["groups"] == changed["groups_without"]) & (changed["groups_n"] == changed["groups_n_without"])
    assert not (same & (changed["interviews"] == changed["interviews_without"])).any()


@settings(max_examples=8)
@given(VOICES)
def test_leaving_out_a_session_gives_the_figure_of_the_study_without_it(voices: dict[tuple[str, int], int]) -> None:
    whole = study(voices)
    left = leaving_out(whole)
    left = left[left["unit"] == "session"]
    for name, rows in left.groupby("without"):
        rest = within(whole, [guid for other, guid in whole.document_names.items() if other != name])
        for level, part in rows.groupby("level"):
            figures = spread(rest, level=level).set_index("code")
            for row in part.to_dict("records"):
                again = figures.loc[row["code"]]
                assert (again["groups"], again["groups_n"], again["interviews"]) == (
                    row["groups_without"],
                    row["groups_n_without"],
                    row["interviews_without"],
                ), (name, row["code"])
