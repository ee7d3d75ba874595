"""What changed between versions of a codebook, and every version the log holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.codebook import (
    Code,
    Codebook,
    ConfusablePair,
    adding,
    at_version,
    diff,
    editing,
    heading,
    importing,
    merging,
    moving,
    retiring,
    versions,
)
from qualcode.errors import NotFound
from qualcode.labels import set_language
from qualcode.model import Change, Event, Snapshot, replay
from qualcode.model.snapshot import EVENT_COLUMNS

BOOK = Codebook(
    name="proef",
    version="0.1",
    guid="boek",
    codes=(
        Code("ge", "E", "Ervaringen", "d", codable=False, position=1.0),
        *(Code(f"g{n}", f"E0{n}", f"naam {n}", "d", parent="ge", position=float(n)) for n in range(1, 6)),
        Code("go", "O", "Opvolging", "d", codable=False, position=2.0),
    ),
)


def guids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"nieuw-{next(numbers)}"


class Log:
    """Events of a study, one a moment."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.do("create", Change("project", ["project"], {"exists": [True], "name": ["studie"]}))

    def do(self, kind: str, *changes: Change, coder: str = "anna") -> Codebook:
        number = len(self.events)
        self.events.append(Event(f"e{number}", f"2025-06-0{number + 1}", number, coder, kind, changes))
        return self.book

    @property
    def snapshot(self) -> Snapshot:
        frame = pd.DataFrame([[getattr(e, name) for name in EVENT_COLUMNS] for e in self.events], columns=EVENT_COLUMNS)
        return Snapshot.of(replay(self.events)[0], {}, load_events=lambda: frame)

    @property
    def book(self) -> Codebook:
        return Codebook.of(self.snapshot)


@pytest.fixture
def log() -> Log:
    log = Log()
    log.do("codebook-import", *importing(log.book, BOOK, guids()))
    return log


def rows(before: Codebook, after: Codebook) -> list[tuple[str, str, str]]:
    found = diff(before, after)
    return list(zip(found["id"], found["change"], found["field"], strict=True))


def changed(id: str, **fields: object) -> Codebook:
    return replace(BOOK, codes=tuple(replace(c, **fields) if c.id == id else c for c in BOOK.codes))


def test_a_book_does_not_differ_from_itself() -> None:
    found = diff(BOOK, BOOK)
    assert found.empty
    assert list(found.columns) == ["guid", "id", "change", "field", "before", "after"]


@pytest.mark.parametrize(
    ("after", "row"),
    [
        (changed("E01", name="anders"), ("E01", "renamed", "name")),
        (changed("E01", definition="scherper"), ("E01", "edited", "definition")),
        (changed("E01", examples=("a", "b")), ("E01", "edited", "examples")),
        (changed("E01", codable=False), ("E01", "edited", "codable")),
        (changed("E05", parent="go"), ("E05", "moved", "parent")),
        (changed("E01", position=9.0), ("E01", "moved", "position")),
        (changed("E01", retired=True), ("E01", "retired", "retired")),
        (changed("E01", retired=True, merged_into="g2"), ("E01", "merged", "merged_into")),
        (replace(BOOK, codes=BOOK.codes[:-1]), ("O", "removed", "")),
        (replace(BOOK, codes=(*BOOK.codes, Code("gx", "X", "nieuw", position=9))), ("X", "added", "")),
        (replace(BOOK, version="0.2"), ("", "edited", "version")),
        (replace(BOOK, rules=("regel",)), ("", "edited", "rules")),
        (replace(BOOK, confusable=(ConfusablePair("g1", "g2", "x"),)), ("", "edited", "confusable")),
        (replace(BOOK, definition="werkdefinitie"), ("", "edited", "definition")),
    ],
)
def test_one_change_is_one_row(after: Codebook, row: tuple[str, str, str]) -> None:
    assert rows(BOOK, after) == [row]


def test_restoring_is_told_apart_from_editing() -> None:
    assert rows(changed("E01", retired=True), BOOK) == [("E01", "restored", "retired")]


def test_before_and_after_are_readable() -> None:
    found = diff(BOOK, changed("E05", parent="go")).iloc[0]
    assert (found["before"], found["after"]) == ("E Ervaringen", "O Opvolging")


def test_of_codes_that_changed_order_only_the_one_that_left_its_place_moved() -> None:
    after = changed("E05", position=0.5)
    found = diff(BOOK, after)
    assert list(found["id"]) == ["E05"]
    assert (found["before"].item(), found["after"].item()) == ("5", "1")


@given(st.permutations([1.0, 2.0, 3.0, 4.0, 5.0]))
def test_order_is_the_same_exactly_when_nothing_moved(positions: list[float]) -> None:
    codes = tuple(replace(c, position=positions[int(c.id[1:]) - 1]) if c.codable else c for c in BOOK.codes)
    after = replace(BOOK, codes=codes)
    assert diff(BOOK, after).empty == ([c.id for c in after.codes] == [c.id for c in BOOK.codes])


def test_a_book_from_a_file_without_guids_is_compared_by_id() -> None:
    ids = {c.guid: c.id for c in BOOK.codes}
    file = replace(BOOK, codes=tuple(replace(c, guid="", parent=c.parent and ids[c.parent]) for c in BOOK.codes))
    assert rows(BOOK, file) == []


def test_every_change_of_content_or_label_is_a_version(log: Log) -> None:
    log.do("codebook-edit", *editing(log.book, "E01", definition="scherper"), coder="bram")
    log.do("code", Change("coding", ["c"], {"exists": [True], "code": ["g1"]}))
    log.do("codebook-merge", *merging(log.book, "E01", "E02"))
    log.do("codebook-version", *heading(log.book, version="0.2"))
    found = versions(log.snapshot)
    assert list(found.columns) == ["fingerprint", "label", "at", "coder", "event", "changes"]
    assert list(found["event"]) == ["e1", "e2", "e4", "e5"]
    assert list(found["label"]) == ["0.1", "", "", "0.2"]
    assert list(found["coder"]) == ["anna", "bram", "anna", "anna"]
    assert found["fingerprint"].nunique() == 3
    assert found["fingerprint"].iloc[-1] == log.book.fingerprint
    assert list(found["changes"])[1:] == ["gewijzigd: E01", "samengevoegd: E01", "van het codeboek als geheel: versie"]


def test_the_sentences_come_in_english_too(log: Log) -> None:
    log.do("codebook-edit", *moving(log.book, "E01", "O"))
    log.do("codebook-edit", *retiring(log.book, "E02"))
    set_language("en")
    assert list(versions(log.snapshot)["changes"])[1:] == ["moved: E01", "retired: E02"]


def test_an_old_version_is_read_back_from_the_log(log: Log) -> None:
    seen = [log.book]
    seen.append(log.do("codebook-edit", *editing(log.book, "E01", name="anders")))
    seen.append(log.do("codebook-add", *adding(log.book, guids(), id="E17", name="Naam", parent="E")))
    assert [at_version(log.snapshot, book.fingerprint) for book in seen] == seen


def test_a_version_is_found_by_its_label_too(log: Log) -> None:
    first = log.book
    log.do("codebook-edit", *editing(log.book, "E01", name="anders"))
    second = log.do("codebook-version", *heading(log.book, version="0.2"))
    log.do("codebook-edit", *editing(log.book, "E02", name="anders"))
    assert at_version(log.snapshot, "0.1") == first
    assert at_version(log.snapshot, "0.2") == second


def test_undoing_a_name_does_not_give_the_old_name_to_new_content(log: Log) -> None:
    first = log.book
    log.do("codebook-edit", *editing(log.book, "E01", name="anders"))
    log.do("codebook-version", *heading(log.book, version="0.2"))
    log.do("undo", *heading(log.book, version="0.1"))
    assert list(versions(log.snapshot)["label"]) == ["0.1", "", "0.2", ""]
    assert at_version(log.snapshot, "0.1") == first


def test_an_unknown_version_is_answered_with_those_there_are(log: Log) -> None:
    with pytest.raises(NotFound, match=log.book.fingerprint):
        at_version(log.snapshot, "00000000")


def test_a_version_shows_the_working_definition_of_its_time(log: Log) -> None:
    log.do("definition", *heading(log.book, definition="oud"))
    old = log.do("codebook-edit", *editing(log.book, "E01", name="anders"))
    log.do("definition", *heading(log.book, definition="nieuw"))
    log.do("codebook-edit", *editing(log.book, "E01", name="nog anders"))
    assert at_version(log.snapshot, old.fingerprint).definition == "oud"
    assert log.book.definition == "nieuw"


def test_an_undone_edit_brings_the_old_fingerprint_back(log: Log) -> None:
    log.do("codebook-edit", *editing(log.book, "E01", name="anders"))
    log.do("undo", *editing(log.book, "E01", name="naam 1"))
    found = versions(log.snapshot)["fingerprint"]
    assert found.iloc[0] == found.iloc[2] != found.iloc[1]


def test_a_clash_of_ids_after_a_merge_of_copies_is_a_version_like_any_other(log: Log) -> None:
    log.do("merge", Change("code", ["kopie"], {"exists": [True], "id": ["E01"], "name": ["Kopie"], "codable": [True]}))
    assert "E01" in versions(log.snapshot)["changes"].iloc[-1]
    assert len(log.book.clashes()) == 2


def test_a_study_without_codebook_has_no_versions() -> None:
    assert versions(Log().snapshot).empty
