"""In how many groups, never how many fragments: spread, status and what they count."""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.analysis import cells, spread, status, term
from qualcode.analysis.terms import in_words, which_term
from qualcode.errors import Refused
from qualcode.labels import set_language
from studies import Build, groups, told

# code: sessions and voices (h hearsay, l after a leading question, ~ nuances, ! contests), k, n, interviews, term
TARGET = {
    "E01": ("FG2:3 FG5:2 FG9:1 IV1:1", 3, 9, 1, "een deel"),
    "E05": ("FG2:3 FG6:4 FG5:1h IV4:1", 2, 9, 1, "twee van de negen"),
    "E06": ("FG1:2 FG3:2 FG5:3 FG6:5 FG7:2 FG9:2 IV2:1", 6, 9, 1, "de meeste"),
    "E07": ("FG1:4 FG3:3 FG4:4 FG5:2 FG6:2 FG7:3 FG8:4 FG9:2 IV1:1 IV2:1 IV3:1", 8, 9, 3, "vrijwel alle"),
    "E13": ("IV1:1 FG9:1", 1, 9, 1, "één van de negen"),
    "E14": ("FG1:2 FG4:1 FG8:2 FG5:1h FG6:1h", 3, 9, 0, "een deel"),
    "O08": ("FG1:1 FG3:3!2 FG6:1 FG9:3 IV1:1 IV4:~1", 4, 9, 1, "ongeveer de helft"),
    "O12": ("FG4:3 FG5:2 FG6:4l FG7:1 FG9:3 IV2:1", 4, 9, 1, "ongeveer de helft"),
    "O14": ("FG2:1 FG9:1 FG8:!2 IV4:1", 2, 3, 1, "twee van de drie"),
    "S01": ("FG1:3 FG2:2 FG3:2 FG4:1 FG5:2 FG6:2 FG8:2 FG9:1 IV3:1", 8, 8, 1, "alle"),
    "S02": ("FG2:4 FG3:~1 FG5:1 FG6:2 FG8:3", 4, 8, 0, "ongeveer de helft"),
    "S03": ("FG1:2 FG3:2 FG8:!1 FG9:1", 3, 8, 0, "een deel"),
    "S09": ("FG1:2 FG4:2 FG5:3 FG6:~1 FG8:!3 FG9:2 IV4:1", 4, 8, 1, "ongeveer de helft"),
    "S10": ("IV4:1", 0, 8, 1, "alleen in één interview"),
    "S13": ("", 0, 8, 0, "niet gebruikt"),
}
MARKS = {
    "h": {"ervaring": "van horen zeggen"},
    "l": {"uitlokking": "sturende vraag"},
    "~": {"stelling": "nuanceert"},
    "!": {"stelling": "weerspreekt"},
}
TREE = {
    ("E", "Ervaringen"): {
        ("EA", "Openlijk"): {"E01": "Belediging", "E05": "Over anderen"},
        ("EB", "Minder tastbaar"): {"E06": "Gebrek aan vertrouwen", "E07": "Onderschatting"},
        ("EC", "Tegenwerking"): {"E13": "Pesterijen", "E14": "Vragen bij sollicitatie"},
    },
    ("O", "Opvolging"): {("OB", "Na aankaarten"): {"O08": "Weinig doen"}, ("OC", "Melden"): {"O12": "Drempel", "O14": "Onoverzichtelijk"}},
    ("S", "Suggesties"): {("SA", "Allerlei"): {code: f"Voorstel {code}" for code in ("S01", "S02", "S03", "S09", "S10", "S13")}},
}


def designed() -> Build:
    """Return nine groups of seven and four interviews that were coded as in TARGET."""
    build = groups(9, people=7, build=Build(tree=TREE))
    for number in range(1, 5):
        build.document(f"IV{number}", [("M1", "Vertel eens."), ("R1", f"Mijn verhaal is nummer {number}.")])
    for code, (where, *_) in TARGET.items():
        for session, plain, mark, marked in re.findall(r"(\w+):(\d*)([hl~!]?)(\d*)", where):
            if mark in {"h", "l"}:  # the number before h or l belongs to the mark
                plain, marked = "", plain
            people = iter(range(2, 9))
            for amount, dimensions in ((plain, {}), (marked, MARKS.get(mark, {}))):
                for _ in range(int(amount or 0)):
                    build.code(session, next(people), code, **dimensions)
    build.topic("FG7", "S", "nee")
    for session in ("FG2", "FG8", "FG9"):
        build.topic(session, "O14", "ja")
    return build


@pytest.fixture(scope="module")
def wide() -> pd.DataFrame:
    return spread(designed().snapshot()).set_index("code")


@pytest.mark.parametrize("code", TARGET)
def test_spread_counts_groups_and_interviews_apart(wide: pd.DataFrame, code: str) -> None:
    _, k, n, interviews, words = TARGET[code]
    row = wide.loc[code]
    assert (row["groups"], row["groups_n"], row["interviews"], row["term"]) == (k, n, interviews, words)
    assert row["interviews_n"] == 4
    assert row["ref"] == f"spreiding:{code}"


def test_voices_are_people_in_groups_and_never_fragments(wide: pd.DataFrame) -> None:
    assert wide.loc["E07", "voices"] == 24
    assert wide.loc["E07", "working_number"] == 27
    build = groups(1)
    for _ in range(9):
        build.code("FG1", "Woorden van spreker 3", "O14")
    row = spread(build.snapshot()).set_index("code").loc["O14"]
    assert (row["groups"], row["voices"], row["working_number"]) == (1, 1, 9)


def test_what_does_not_count_is_listed_apart(wide: pd.DataFrame) -> None:
    assert wide.loc["E14", "hearsay"] == ["FG5", "FG6"]
    assert wide.loc["O12", "leading"] == ["FG6"]
    assert wide.loc["S09", ["nuanced", "contested"]].tolist() == [["FG6"], ["FG8"]]
    assert wide.loc["O08", ["contested", "not_recognised"]].tolist() == [["FG3"], []]
    assert wide.loc["O14", "not_recognised"] == ["FG8"]
    assert wide.loc["S01", "not_raised"] == ["FG7"]
    assert wide.loc["E07", "sessions"] == ["FG1", "FG3", "FG4", "FG5", "FG6", "FG7", "FG8", "FG9", "IV1", "IV2", "IV3"]


def test_own_experience_outweighs_hearsay_and_leading_questions() -> None:
    build = groups(6)
    told(build, "E07", "FG1:1")
    told(build, "E07", "FG1:2", ervaring="van horen zeggen")
    told(build, "E07", "FG1:2", uitlokking="sturende vraag")
    told(build, "E07", "FG2:1", ervaring="van horen zeggen")
    told(build, "E07", "FG2:1", uitlokking="sturende vraag")
    snapshot = build.snapshot()
    row = spread(snapshot).set_index("code").loc["E07"]
    assert row[["groups", "hearsay", "leading"]].tolist() == [1, [], ["FG2"]]
    cell = cells(snapshot).set_index(["code", "document"]).loc[("E07", "FG1")]
    assert cell[["voices", "hearsay", "leading"]].tolist() == [1, 1, 1]


def test_a_session_counts_once_for_all_codes_below() -> None:
    build = groups(2)
    told(build, "E07", "FG1:2")
    told(build, "E09", "FG1:2 FG2:1")
    told(build, "E01", "FG1:1")
    snapshot = build.snapshot()
    sub = spread(snapshot, level="subtheme").set_index("code")
    assert sub.loc["EB", ["groups", "voices"]].tolist() == [2, 3]
    assert spread(snapshot, level="theme").set_index("code").loc["E", ["groups", "voices", "working_number"]].tolist() == [2, 3, 6]


def test_a_coded_parent_and_its_child_count_once() -> None:
    build = Build(tree={("E", "Ervaringen"): {"E07": "Onderschatting"}})
    build.add("code", "code-E07a", **{**build.state["code"]["code-E07"], "id": "E07a", "name": "Jas", "parent": "code-E07"})
    build.document("FG1", [("R1", "Hij gaf mij zijn jas.")])
    build.code("FG1", 1, "E07")
    build.code("FG1", 1, "E07a")
    frame = spread(build.snapshot()).set_index("code")
    assert frame.loc["E07", ["groups", "voices"]].tolist() == frame.loc["E07a", ["groups", "voices"]].tolist() == [1, 1]


def test_a_coding_over_several_turns_is_a_voice_of_each() -> None:
    build = groups(1)
    build.code("FG1", (build.span("FG1", 1)[0], build.span("FG1", 4)[1]), "E07")
    assert spread(build.snapshot()).set_index("code").loc["E07", "voices"] == 3


def test_two_labels_of_one_participant_are_one_voice() -> None:
    build = groups(1)
    told(build, "E07", "FG1:2")
    for label in ("R1", "R2"):
        build.state["speaker"][f"FG1/{label}"]["participant"] = "person-FG1-R1"
    assert spread(build.snapshot()).set_index("code").loc["E07", "voices"] == 1


@pytest.mark.parametrize("kind", ["notitie", "open_antwoorden", "document"])
def test_other_documents_never_count(kind: str) -> None:
    build = groups(6)
    build.document("nota", [("R1", "Er werd over gesproken.")], kind=kind)
    told(build, "E07", "FG1:1")
    build.code("nota", 1, "E07")
    row = spread(build.snapshot()).set_index("code").loc["E07"]
    assert (row["groups"], row["groups_n"], row["interviews"], row["sessions"], row["working_number"]) == (1, 6, 0, ["FG1"], 1)


def test_without_groups_the_words_say_so() -> None:
    build = Build()
    build.document("debat", [("Mevrouw A", "Dit is een debat.")])
    build.code("debat", 1, "E07")
    frame = spread(build.snapshot())
    assert set(frame["term"]) == {"geen focusgroepen"}
    assert len(frame) == 12


def test_no_topic_row_means_it_was_raised() -> None:
    row = spread(groups(9).snapshot()).set_index("code").loc["E07"]
    assert (row["groups_n"], row["not_raised"]) == (9, [])


def test_the_most_specific_topic_row_wins() -> None:
    build = groups(9)
    build.topic("FG1", "O", "nee")
    build.topic("FG1", "OC", "ja")
    build.topic("FG2", "OB", "nee")
    build.topic("FG2", "O", "ja")
    frame = spread(build.snapshot()).set_index("code")
    assert frame.loc["O08", "not_raised"] == ["FG1", "FG2"]
    assert frame.loc["O12", "groups_n"] == 1


def test_a_row_nee_takes_away_only_that_session() -> None:
    build = groups(9)
    for number in (1, 4, 5):
        build.topic(f"FG{number}", "O14", "nee")
    assert spread(build.snapshot()).set_index("code").loc["O14", "groups_n"] == 6


def test_asked_by_name_in_groups_says_nothing_of_interviews() -> None:
    assert spread(designed().snapshot()).set_index("code").loc["O14", "interviews_n"] == 4


def test_where_somebody_speaks_of_it_it_came_up() -> None:
    build = groups(9)
    build.topic("FG7", "S", "nee")
    told(build, "S01", "FG7:1")
    frame = spread(build.snapshot()).set_index("code")
    assert frame.loc["S01", ["groups", "groups_n"]].tolist() == [1, 9]
    assert frame.loc["S09", "groups_n"] == 8


def test_before_the_period_can_be_switched_in() -> None:
    build = groups(6)
    told(build, "E07", "FG1:1", periode="vóór")
    snapshot = build.snapshot()
    assert spread(snapshot).set_index("code").loc["E07", ["groups", "outside"]].tolist() == [0, ["FG1"]]
    assert spread(snapshot, also=["vóór de periode"]).set_index("code").loc["E07", "groups"] == 1


def test_retired_codes_show_only_while_they_are_used() -> None:
    build = groups(6)
    told(build, "E01", "FG1:1")
    for code in ("E01", "E02"):
        build.state["code"][f"code-{code}"]["retired"] = True
    assert {"E01"} == {"E01", "E02"} & set(spread(build.snapshot())["code"])


def test_codes_without_an_id_go_by_their_path() -> None:
    build = groups(6)
    build.state["code"]["code-E01"]["id"] = ""
    told(build, "E01", "FG1:1")
    frame = spread(build.snapshot())
    assert frame["ref"].iloc[0] == "spreiding:Ervaringen met racisme > Openlijk en expliciet > Belediging"


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(Refused, match="subthema"):
        spread(groups(1).snapshot(), level="subthema")  # type: ignore[arg-type]


def test_cells_hold_every_code_in_every_session() -> None:
    frame = cells(designed().snapshot())
    assert len(frame) == 15 * 13
    row = frame.set_index(["code", "document"]).loc[("O08", "FG3")]
    assert row[["voices", "contested", "fragments"]].tolist() == [3, 2, 5]


@settings(max_examples=10)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(2, 5), st.sampled_from(["E01", "E07", "E09", "S01"])), max_size=25))
def test_figures_never_pass_what_they_are_of(drawn: list[tuple[int, int, str]]) -> None:
    build = groups(9)
    build.topic("FG3", "E", "nee")
    build.topic("FG3", "E07", "ja")
    for number, turn, code in drawn:
        build.code(f"FG{number}", turn, code)
    for level in ("code", "subtheme", "theme"):
        frame = spread(build.snapshot(), level=level)
        assert (frame["groups"] <= frame["groups_n"]).all()
        assert (frame["voices"] >= frame["groups"]).all()
        assert (frame["groups"] == frame["sessions"].map(len)).all()
        assert (frame["groups_n"] + frame["not_raised"].map(len) == 9).all()


# status of a group


def statuses(build: Build, code: str = "E07") -> dict[str, str]:
    frame = status(build.snapshot(), level="code")
    return frame[frame["code"] == code].set_index("document")["status"].to_dict()


def test_each_status_follows_from_voices_and_contest() -> None:
    build = groups(7)
    told(build, "E07", "FG1:2 FG2:1 FG3:1")
    build.interaction("FG2", 3, "I5", "E07")
    told(build, "E07", "FG4:1")
    build.code("FG4", 3, "E07", stelling="weerspreekt")
    build.code("FG5", 2, "E07", stelling="weerspreekt")
    build.topic("FG6", "E", "nee")
    build.code("FG7", 2, "E07", ervaring="van horen zeggen")
    found = statuses(build)
    assert {name: value for name, value in found.items() if name != "FG7"} == {
        "FG1": "gedeeld", "FG2": "gedeeld", "FG3": "enkele stem", "FG4": "verdeeld", "FG5": "niet herkend", "FG6": "niet aan de orde",
    }  # fmt: skip
    assert pd.isna(found["FG7"])


def test_several_voices_are_fewer_than_half() -> None:
    build = groups(1, people=6)
    told(build, "E07", "FG1:2")
    assert statuses(build) == {"FG1": "meerdere stemmen"}


def test_silent_participants_make_half_larger() -> None:
    build = groups(1, people=4)
    told(build, "E07", "FG1:2")
    assert statuses(build) == {"FG1": "gedeeld"}
    build.speaker("FG1", "R5")
    assert statuses(build) == {"FG1": "meerdere stemmen"}


def test_agreement_endorses_and_never_is_a_voice() -> None:
    build = groups(1)
    for turn in (3, 4, 5):
        build.interaction("FG1", turn, "I1", "E07")
    frame = status(build.snapshot(), level="code").set_index("code")
    assert (frame.loc["E07", "voices"], frame.loc["E07", "endorsed"]) == (0, 3)
    assert pd.isna(frame.loc["E07", "status"])
    assert spread(build.snapshot()).set_index("code").loc["E07", "groups"] == 0


def test_silence_laughter_and_moderators_endorse_nothing() -> None:
    build = groups(1, people=6)
    told(build, "E07", "FG1:1")
    for turn, which in ((3, "I6"), (4, "I7"), (1, "I1"), (2, "I1")):
        build.interaction("FG1", turn, which, "E07")
    frame = status(build.snapshot(), level="code").set_index("code")
    assert (frame.loc["E07", "endorsed"], frame.loc["E07", "status"]) == (0, "enkele stem")


def test_contradiction_by_interaction_divides_the_subtheme_too() -> None:
    build = groups(1)
    told(build, "E07", "FG1:2")
    build.interaction("FG1", 5, "I3", "E07")
    frame = status(build.snapshot()).set_index("code")
    assert (frame.loc["EB", "status"], frame.loc["EB", "contested"], frame.loc["EB", "voices"]) == ("verdeeld", 1, 2)


def test_an_interview_is_never_shared() -> None:
    build = Build()
    build.document("IV1", [("R1", "Dat heb ik meegemaakt.")])
    build.code("IV1", 1, "E07")
    assert statuses(build) == {"IV1": "enkele stem"}


def test_a_researcher_overrules_with_a_reason() -> None:
    build = groups(1)
    told(build, "E07", "FG1:1")
    build.status("FG1", "E07", "gedeeld", "anderen knikten en vulden aan")
    row = status(build.snapshot(), level="code").set_index("code").loc["E07"]
    assert (row["status"], row["computed"], row["reason"]) == ("gedeeld", "enkele stem", "anderen knikten en vulden aan")


def test_a_divided_group_shows_both_sides() -> None:
    row = status(designed().snapshot(), level="code").set_index(["code", "document"]).loc[("O08", "FG3")]
    assert (row["status"], row["voices"], row["contested"]) == ("verdeeld", 3, 2)


# the words


RANK = ["none", "number", "some", "half", "most", "nearly_all", "all"]


@given(st.integers(1, 60))
def test_words_never_go_down_while_groups_go_up(n: int) -> None:
    for a, b in pairwise(range(n + 1)):
        assert RANK.index(which_term(a, n)) <= RANK.index(which_term(b, n))


@given(st.integers(0, 60), st.data())
def test_every_count_has_exactly_one_term(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    holds = {
        "not_raised": n == 0,
        "none": n > 0 and k == 0,
        "number": k > 0 and (n < 6 or k <= 2),
        "all": n >= 6 and k == n,
        "nearly_all": n >= 6 and k == n - 1,
        "most": n >= 6 and 2 < k < n - 1 and k / n > 0.6,
        "half": n >= 6 and 2 < k < n - 1 and 0.4 <= k / n <= 0.6,
        "some": n >= 6 and 2 < k < n - 1 and k / n < 0.4,
    }
    assert [name for name, held in holds.items() if held] == [which_term(k, n)]


def test_terms_for_nine_groups_are_those_of_the_table() -> None:
    assert [term(k, 9) for k in range(10)] == [
        "niet genoemd", "één van de negen", "twee van de negen", "een deel", "ongeveer de helft", "ongeveer de helft",
        "de meeste", "de meeste", "vrijwel alle", "alle",
    ]  # fmt: skip


def test_few_groups_get_numbers_and_no_adverbs() -> None:
    assert [term(k, 3) for k in range(4)] == ["niet genoemd", "één van de drie", "twee van de drie", "drie van de drie"]
    assert term(1, 1) == "de enige"
    assert term(0, 0) == "niet aan de orde"


def test_more_than_there_are_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="between"):
        term(4, 3)


def test_numbers_are_words_up_to_twenty_in_both_languages() -> None:
    assert [in_words(n) for n in (0, 1, 20, 21)] == ["nul", "één", "twintig", "21"]
    set_language("en")
    assert [in_words(n) for n in (0, 1, 20, 21)] == ["zero", "one", "twenty", "21"]
