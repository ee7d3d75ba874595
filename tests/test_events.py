"""The laws of the log, on the pure functions that state them."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from qualcode.model import Change, Event, State, advance, inverse, replay
from qualcode.model.events import changes_of, with_before

CODES = ("a", "b", "c", "d")


def event(number: int, change: Change, *, lamport: int | None = None, at: str = "") -> Event:
    return Event(f"e{number:03}", at or f"2025-01-01T00:00:{number:02}Z", lamport or number, "anna", "edit", (change,))


def made(*guids: str) -> Change:
    size = len(guids)
    return Change("code", list(guids), {"exists": [True] * size, "id": list(guids), "name": list(guids), "codable": [True] * size})


def living(state: State) -> dict[str, dict[str, dict[str, Any]]]:
    return {
        kind: {g: row for g, row in rows.items() if row["exists"]}
        for kind, rows in state.items()
        if any(r["exists"] for r in rows.values())
    }


changes = st.one_of(
    st.builds(lambda g, n: Change("code", [g], {"name": [n]}), st.sampled_from(CODES), st.text(max_size=5)),
    st.builds(lambda g, p: Change("code", [g], {"parent": [p]}), st.sampled_from(CODES), st.sampled_from((*CODES, None))),
    st.builds(lambda g, p: Change("code", [g], {"merged_into": [p]}), st.sampled_from(CODES), st.sampled_from((*CODES, None))),
    st.builds(lambda g, e: Change("code", [g], {"exists": [e]}), st.sampled_from(CODES), st.booleans()),
    st.builds(
        lambda g, v: Change("coding", [g], {"exists": [True], "dimensions.stelling": [v]}),
        st.sampled_from("xy"),
        st.sampled_from(("bevestigt", None)),
    ),
)


def history(some: list[Change]) -> tuple[list[Event], State]:
    """Play changes as the store does: each event knows what stood before it."""
    state: State = {}
    log = [event(0, with_before(state, made(*CODES)), lamport=1)]
    advance(state, log[0])
    for number, change in enumerate(some, 1):
        log.append(event(number, with_before(state, change), lamport=number + 1))
        advance(state, log[-1])
    return log, state


@given(st.lists(changes, max_size=12))
def test_replaying_the_log_equals_the_state(some: list[Change]) -> None:
    log, state = history(some)
    assert replay(log)[0] == state


@given(st.lists(changes, max_size=8), st.randoms())
def test_the_state_does_not_depend_on_the_order_in_which_events_arrive(some: list[Change], random: Any) -> None:
    log, state = history(some)
    shuffled = log.copy()
    random.shuffle(shuffled)
    assert replay(shuffled) == (state, replay(log)[1])


@given(st.lists(changes, max_size=12))
def test_undoing_everything_backwards_equals_the_start(some: list[Change]) -> None:
    log, state = history(some)
    start = living(history([])[1])
    number = len(log)
    for past in reversed(log[1:]):
        back, left = inverse(past, state)
        assert all(one.why == "in use" or not _stood(past, state, one.field) for one in left)
        advance(state, Event(f"u{number}", "2025-02-01", 100 + number, "anna", "undo", back))
        number += 1
    assert living(state) == start


def _stood(past: Event, state: State, field: str) -> bool:
    """Tell whether an event's own value stands: it never did where a move was ignored."""
    change = past.changes[0]
    return field in change.after and state[change.kind][change.guid[0]].get(field) == change.after[field][0]


def test_undo_leaves_what_was_changed_since_and_names_it() -> None:
    log, state = history([Change("code", ["a"], {"name": ["eerst"]}), Change("code", ["a"], {"name": ["later"]})])
    back, left = inverse(log[1], state)
    assert back == ()
    assert [(one.guid, one.field, one.why) for one in left] == [("a", "name", "changed")]


def test_undo_does_not_take_away_what_others_refer_to() -> None:
    log, state = history([Change("code", ["b"], {"parent": ["a"]})])
    back, left = inverse(log[0], state)
    assert {guid for change in back for guid in change.guid} == {"a", "b", "c", "d"}  # all of it goes together
    state["coding"] = {"x": {"exists": True, "code": "a", "document": None, "coder": None}}
    back, left = inverse(log[0], state)
    assert "a" not in {guid for change in back for guid in change.guid}
    assert [(one.guid, one.why) for one in left] == [("a", "in use")]


def test_a_move_that_would_close_a_circle_has_no_effect_and_is_listed_in_any_order() -> None:
    start = event(1, made("a", "b"))
    one = event(2, Change("code", ["a"], {"parent": ["b"]}), lamport=2)
    other = event(3, Change("code", ["b"], {"parent": ["a"]}), lamport=2, at="2025-01-01T00:00:03Z")
    for order in permutations((start, one, other)):
        state, ignored = replay(order)
        assert state["code"]["a"]["parent"] == "b"
        assert state["code"]["b"]["parent"] is None
        assert [(i.event, i.guid, i.field) for i in ignored] == [(other.guid, "b", "parent")]


def test_a_code_cannot_be_its_own_parent() -> None:
    state, ignored = replay([event(1, made("a")), event(2, Change("code", ["a"], {"parent": ["a"]}))])
    assert state["code"]["a"]["parent"] is None
    assert len(ignored) == 1


@given(st.lists(changes, min_size=1, max_size=5))
def test_a_payload_reads_back_as_it_was_written(some: list[Change]) -> None:
    log, _ = history(some)
    for one in log:
        read, about = changes_of(one.payload())
        assert (read, about) == (one.changes, one.about)


def test_dimensions_set_by_two_people_both_stand() -> None:
    born = event(1, Change("coding", ["x"], {"exists": [True], "dimensions": [{}]}))
    one = event(2, Change("coding", ["x"], {"dimensions.stelling": ["nuanceert"]}))
    other = event(3, Change("coding", ["x"], {"dimensions.ervaring": ["gezien"]}), lamport=2)
    assert replay([other, born, one])[0]["coding"]["x"]["dimensions"] == {"stelling": "nuanceert", "ervaring": "gezien"}
