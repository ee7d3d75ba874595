"""Copies of a study, edited at random and brought together in every order, end the same and lose nothing."""

from __future__ import annotations

from itertools import count, permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.model import Change, Event, State, advance, inverse, replay
from qualcode.model.events import changes_of, with_before
from qualcode.model.withholding import judgements, lacks, united, without
from qualcode.store import Draft, Store, copy_for, examine, joined, merge, union

CODES = tuple("abcde")
PEOPLE = ("anna", "bram", "carla", "dirk")
seeds = st.integers(0, 2**32 - 1)


class Copy:
    """A copy of a study in memory: the log, and the state it stands for, kept as the store keeps them."""

    def __init__(self, coder: str, log: list[Event]) -> None:
        self.coder = coder
        self.log = list(log)
        self.state: State = replay(self.log)[0]
        self.numbers = count()

    def write(self, kind: str, *changes: Change, about: dict[str, Any] | None = None) -> None:
        held = tuple(with_before(self.state, change) for change in changes)
        lamport = max((event.lamport for event in self.log), default=0) + 1
        number = next(self.numbers)
        event = Event(f"{self.coder}-{number:04}", f"2025-01-01T00:00:{number % 60:02}Z", lamport, self.coder, kind, held, about or {})
        read_back = changes_of(event.payload())
        event = Event(event.guid, event.at, lamport, self.coder, kind, *read_back)
        self.log.append(event)
        advance(self.state, event)

    def pull(self, other: Copy) -> None:
        self.log = joined(self.log, union(self.log, other.log))
        self.state = replay(self.log)[0]

    def living(self, kind: str) -> list[str]:
        return [guid for guid, row in self.state.get(kind, {}).items() if row["exists"]]

    def step(self, random: Random) -> None:
        """Do one thing at random."""
        codes, codings = self.living("code"), self.living("coding")
        mine = [guid for guid in codings if self.state["coding"][guid]["coder"] == self.coder]
        verb = random.choice(["code", "code", "recode", "uncode", "rename", "move", "fuse", "add", "drop", "memo", "import", "undo"])
        some = random.choice(codes) if codes else None
        if verb == "code" and some:
            self.write("code", self.coding([f"k-{self.coder}-{next(self.numbers)}"], some, random))
        elif verb == "recode" and mine:
            self.write("recode", Change("coding", [random.choice(mine)], {"code": [some], "dimensions.stelling": [random.choice("vn")]}))
        elif verb == "uncode" and mine:
            self.write("uncode", Change("coding", [random.choice(mine)], {"exists": [False]}))
        elif verb == "rename" and some:
            self.write("codebook-edit", Change("code", [some], {"name": [f"{self.coder}{random.randrange(9)}"]}))
        elif verb in {"move", "fuse"} and len(codes) > 1:
            first, second = random.sample(codes, 2)
            self.write("codebook-move", Change("code", [first], {"parent" if verb == "move" else "merged_into": [second]}))
        elif verb == "add":
            guid = f"c-{self.coder}-{next(self.numbers)}"
            self.write("codebook-add", Change("code", [guid], {"exists": [True], "id": [random.choice("XYZ")], "name": [guid]}))
        elif verb == "drop" and some:
            self.write("codebook-drop", Change("code", [some], {"exists": [False]}))
        elif verb == "memo" and some:
            after = {"exists": [True], "on": ["code"], "target": [some], "text": ["let op"], "coder": [self.coder]}
            self.write("memo", Change("memo", [f"m-{self.coder}-{next(self.numbers)}"], after))
        elif verb == "import" and some:
            # one event with codings of two people: the kind a copy for one coder holds in part
            guids = [f"k-{self.coder}-{next(self.numbers)}" for _ in range(4)]
            self.write("import-codings", self.coding(guids, some, random, coders=[*random.sample(PEOPLE, 2)] * 2))
        elif verb == "undo":
            self.undo()

    def coding(self, guids: list[str], code: str, random: Random, coders: list[str] | None = None) -> Change:
        size = len(guids)
        start = [random.randrange(50) for _ in guids]
        after: dict[str, list[Any]] = {"exists": [True] * size, "document": ["d"] * size, "version": [1] * size, "start": start}
        after |= {"end": [at + 5 for at in start], "code": [code] * size, "coder": coders or [self.coder] * size}
        return Change("coding", guids, after | {"layer": ["ronde-1"] * size})

    def undo(self) -> None:
        done = {guid for event in self.log for guid in event.about.get("undoes", ())}
        last = next(
            (e for e in reversed(self.log) if e.coder == self.coder and e.kind not in {"undo", "start"} and e.guid not in done), None
        )
        if last is not None and not lacks(last):
            changes, _ = inverse(last, self.state)
            self.write("undo", *changes, about={"undoes": [last.guid]})


def mother() -> Copy:
    made = Copy("moeder", [])
    size = len(CODES)
    made.write("start", Change("code", list(CODES), {"exists": [True] * size, "id": list(CODES), "name": list(CODES)}))
    made.write("start", Change("document", ["d"], {"exists": [True], "name": ["FG1"], "version": [1]}))
    return made


def edited(seed: int, *, apart: bool) -> tuple[Copy, list[Copy]]:
    """Return a mother and copies that were edited at random, now and then pulling from each other; ``apart``: begun without the others' work."""
    random = Random(seed)
    whole = mother()
    for _ in range(random.randrange(6)):
        whole.step(random)
    copies = []
    for name in PEOPLE[: random.randint(2, 4)]:
        log = list(without(whole.log, judgements(whole.log, name))) if apart else whole.log
        copies.append(Copy(name, log))
    for _ in range(random.randrange(4, 24)):
        copy = random.choice([whole, *copies])
        copy.step(random)
        if random.random() < 0.1 and not apart:
            copy.pull(random.choice(copies))
    return whole, copies


def together(start: Copy, others: list[Copy]) -> Copy:
    made = Copy(start.coder, start.log)
    for other in others:
        made.pull(other)
    return made


def content(log: list[Event]) -> dict[str, str]:
    return {event.guid: event.payload() for event in log}


@settings(max_examples=150)
@given(seeds, st.booleans())
def test_every_order_of_merging_ends_in_the_same_state_and_loses_nothing(seed: int, apart: bool) -> None:
    whole, copies = edited(seed, apart=apart)
    everything = [whole, *copies]
    ends = [together(order[0], list(order[1:])) for order in permutations(everything) if order[0] in everything[:2]]
    told = content(ends[0].log)
    assert told.keys() == {event.guid for copy in everything for event in copy.log}
    for end in ends[1:]:
        assert content(end.log) == told
        assert end.state == ends[0].state
    assert not any(lacks(event) for event in ends[0].log)
    # whatever anybody wrote and nobody took away is there
    for copy in everything:
        for event in copy.log:
            for change in event.changes:
                assert all(guid in ends[0].state[change.kind] for guid in change.guid)


@settings(max_examples=150)
@given(seeds)
def test_merging_again_or_with_oneself_or_by_a_detour_changes_nothing(seed: int) -> None:
    whole, copies = edited(seed, apart=bool(seed % 2))
    end = together(whole, copies)
    again = together(end, [*copies, end, whole])
    assert again.state == end.state
    assert len(again.log) == len(end.log)
    pairs = together(copies[0], copies[1:])
    detour = together(pairs, [whole])
    assert detour.state == end.state
    assert content(detour.log) == content(end.log)


@settings(max_examples=150)
@given(seeds)
def test_parts_of_an_event_put_together_are_the_event(seed: int) -> None:
    whole, _ = edited(seed, apart=False)
    for _ in range(6):
        whole.step(Random(seed))
    views = {name: {e.guid: e for e in without(whole.log, judgements(whole.log, name))} for name in (*PEOPLE, "moeder")}
    for event in whole.log:
        parts = [view[event.guid] for view in views.values() if event.guid in view]
        for order in (parts, parts[::-1]):
            held = order[0]
            for part in order[1:]:
                held = united(held, part)
            assert held.payload() == event.payload()


@settings(max_examples=150)
@given(seeds, st.sampled_from(PEOPLE))
def test_a_copy_for_one_coder_holds_nothing_of_what_others_judged(seed: int, viewer: str) -> None:
    whole, _ = edited(seed, apart=False)
    for _ in range(6):
        whole.step(Random(seed))
    log = list(without(whole.log, judgements(whole.log, viewer)))
    state = replay(log)[0]
    kept = {guid: row for guid, row in replay(whole.log)[0].get("coding", {}).items() if row["coder"] == viewer}
    assert state.get("coding", {}) == kept
    others = {guid for guid, row in replay(whole.log)[0].get("coding", {}).items() if row["coder"] != viewer}
    assert not [guid for guid in others for event in log if f'"{guid}"' in event.payload()]
    assert state.get("code") == replay(whole.log)[0].get("code")


# the same on files -------------------------------------------------------------------------------------------


def write(store: Store, copy: Copy, known: set[str]) -> None:
    """Play on a file what a copy in memory did after it began."""
    for event in copy.log:
        if event.guid not in known:
            numbers = iter([event.guid])
            played = Store(store.address, store.engine, lambda at=event.at: at, lambda n=numbers: next(n))
            played.commit(Draft(event.kind, event.coder, event.changes, {k: v for k, v in event.about.items() if k != "withheld"}))


@pytest.mark.parametrize("seed", [3, 8, 21])
def test_copies_in_files_end_the_same_in_every_order(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    start = mother()
    first = Store.create(tmp_path / "moeder.qualcode")
    write(first, start, set())
    start.write("import-codings", start.coding([f"k{n}" for n in range(8)], "a", random, coders=["anna", "bram", "carla", "anna"] * 2))
    write(first, start, {event.guid for event in first.events()})
    known = {event.guid for event in start.log}
    files: list[Path] = []
    for name in PEOPLE[:3]:
        path = tmp_path / f"{name}.qualcode"
        made = copy_for(first, path, name)
        copy = Copy(name, list(made.events()))
        for _ in range(12):
            copy.step(random)
        write(made, copy, known)
        made.close()
        files.append(path)
    first.close()
    ends = []
    for number, order in enumerate(permutations(files)):
        path = tmp_path / f"einde-{number}.qualcode"
        path.write_bytes((tmp_path / "moeder.qualcode" if number % 2 else order[0]).read_bytes())
        target = Store.open(path)
        for source in (*order, tmp_path / "moeder.qualcode"):
            other = Store.open(source)
            merge(target, other)
            assert merge(target, other).events == ()
            other.close()
        assert [
            finding.check for finding in examine(target) if not finding.sound and finding.check in {"chain", "projection", "texts"}
        ] == []
        ends.append(
            (content(list(target.events())), {k: dict(sorted(v.items())) for k, v in target.rows({"code", "coding", "memo"}).items()})
        )
        target.close()
    assert all(end == ends[0] for end in ends[1:])
