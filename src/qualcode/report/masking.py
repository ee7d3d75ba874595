"""What outsiders do not get to read: passages that a person had masked, shown as [gelakt: ground]."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qualcode.labels import say
from qualcode.report.facts import Facts

# words that are too short or too plain to tell that a passage leaked
_SHORTEST = 4


def masked_words(facts: Facts, guid: str, start: int, end: int) -> list[tuple[str, str]]:
    """Return the masked passages inside a span of a document: their words on one line, and the ground."""
    text = facts.base.snapshot.text(guid)
    found = [(max(a, start), min(b, end), ground) for a, b, ground in facts.maskings.get(guid, ()) if a < end and b > start]
    return [(" ".join(text[a:b].split()), ground) for a, b, ground in sorted(found)]


def with_masks(facts: Facts, guid: str, start: int, end: int, words: str) -> str:
    """Return a quote as this profile may read it: masked passages replaced by their ground, for all but the researchers."""
    if facts.internal:
        return words
    for masked, ground in sorted(masked_words(facts, guid, start, end), key=lambda pair: -len(pair[0])):
        words = re.sub(re.escape(masked), lambda _, g=ground: say("report.masked", ground=g), words, flags=re.IGNORECASE)  # type: ignore[misc]
    return words


def leaks(facts: Facts, text: str) -> Iterator[tuple[int, str]]:
    """Yield where masked words stand in a text meant for outsiders: place (code points) and the ground."""
    for guid, held in facts.maskings.items():
        whole = facts.base.snapshot.text(guid)
        for start, end, ground in held:
            words = " ".join(whole[start:end].split())
            if len(words) < _SHORTEST:
                continue
            pattern = r"\s+".join(re.escape(word) for word in words.split())
            for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
                yield match.start(), ground
