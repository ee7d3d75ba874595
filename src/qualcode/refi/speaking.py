"""Who speaks in a text of another program: labels in the text, else the words that a case of the project owns."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from qualcode.importers import Doubt, Turns, role_of
from qualcode.importers._checks import checked
from qualcode.importers._heads import Sheet
from qualcode.importers._read import running
from qualcode.importers._reading import kind_of, speakers_of
from qualcode.model import Row, State
from qualcode.refi.exchange import Person, derived
from qualcode.spans import trimmed


def with_turns(state: State, texts: dict[str, str], people: dict[str, Person]) -> dict[str, list[Doubt]]:
    """Give every document that has none yet its turns, speakers and kind, in place; return what was doubtful, by document."""
    doubts: dict[str, list[Doubt]] = {}
    speaks: dict[str, list[str]] = {}
    for person in people.values():
        for source in person.sources:
            speaks.setdefault(source, []).append(person.guid)
    for guid, row in state.get("document", {}).items():
        # who is behind a whole text is told by `speaks`; it says nothing about turns
        every = trimmed(texts[guid], 0, len(texts[guid]))
        spoken = [(owner, span) for owner, span in row.pop("spoken", []) if not (span[0] <= every[0] and every[1] <= span[1])]
        if _sound(row.get("turns"), len(texts[guid])):
            row["kind"] = row.get("kind") or "document"
            continue
        turns, doubts[guid] = _found(texts[guid], spoken, people)
        row["turns"] = turns.as_json()
        speakers = speakers_of(texts[guid], turns)
        row["kind"] = row.get("kind") or kind_of(speakers)
        named = {label: role_of(label) for label in speakers["label"]}
        whose = _whose(turns, spoken, named, speaks.get(guid, []))
        for label, role in named.items():
            speaker: Row = {"document": guid, "label": label, "role": role, "participant": whose.get(label)}
            state.setdefault("speaker", {})[derived("speaker", guid, label)] = speaker
    return doubts


def _sound(turns: Any, length: int) -> bool:
    """Tell whether turns that came with a file are turns of this text."""
    if not isinstance(turns, dict) or not all(isinstance(turns.get(name), list) for name in ("start", "end", "label")):
        return False
    start, end, label = turns["start"], turns["end"], turns["label"]
    if not len(start) == len(end) == len(label) or not all(type(n) is int for n in (*start, *end)):
        return False
    flat = [n for span in zip(start, end, strict=True) for n in span]
    return all(a <= b for a, b in pairwise(flat)) and (not flat or (flat[0] >= 0 and flat[-1] <= length))


def _found(text: str, spoken: list[tuple[str, tuple[int, int]]], people: dict[str, Person]) -> tuple[Turns, list[Doubt]]:
    _, turns, doubts = running(Sheet(text.split("\n")), [])
    if turns.start:
        turns, more = checked(text, turns)
        doubts += more
    if any(turns.label) or not spoken:
        return turns, doubts
    owned = sorted((*trimmed(text, start, end), guid) for guid, (start, end) in spoken)
    owned = [one for one in owned if one[0] < one[1]]
    if any(before[1] > after[0] for before, after in pairwise(owned)):
        return turns, doubts
    # nobody is named in the text, and the cases divide it: their words are the turns
    starts, ends, labels = [a for a, _, _ in owned], [b for _, b, _ in owned], [people[guid].name for _, _, guid in owned]
    return Turns(starts, ends, list(labels), [None] * len(owned), []), []


def _whose(turns: Turns, spoken: list[tuple[str, tuple[int, int]]], roles: dict[str, str], speaks: list[str]) -> dict[str, str]:
    """Return which participant is behind each label: who owns most of its turns, or the only one who speaks here."""
    owns: dict[str, dict[str, int]] = {}
    for guid, (first, last) in spoken:
        for start, end, label in zip(turns.start, turns.end, turns.label, strict=True):
            if label is not None and roles.get(label) == "deelnemer" and first <= start and end <= last:
                held = owns.setdefault(label, {})
                held[guid] = held.get(guid, 0) + 1
    whose = {label: max(held, key=lambda guid: held[guid]) for label, held in owns.items()}
    voices = [label for label, role in roles.items() if role == "deelnemer"]
    if not whose and len(speaks) == 1 and len(voices) == 1:
        whose[voices[0]] = speaks[0]
    return whose
