"""Words out of texts and out of the log, as pure functions: what was taken away, which words that were, an event without them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from qualcode.model import KINDS, Change, Event

BLOCK = "\u2588"
TAKING = frozenset({"withdraw", "pseudonymise"})
Masks = dict[str, list[tuple[int, int]]]

_RUN = 5  # so many words in a row are no coincidence
_WHOLE = 3  # a name or note of so many words that all stand in the passage was made of it
_STEM = 4
_OF_A_TOPIC = frozenset({"words", "name"})
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PLAIN = frozenset({"at", "layer", "codebook", "on", "target", "verdict", "document", "coder", "code", "exists"})


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with every span overwritten, its length unchanged.

    Examples
    --------
    >>> masked("ja Annelies zei", [(3, 11)])
    'ja ████████ zei'
    """
    for start, end in spans:
        text = text[:start] + BLOCK * (end - start) + text[end:]
    return text


@dataclass(frozen=True)
class Taken:
    """What a log says was taken away.

    Parameters
    ----------
    masks
        Spans by the address of the text.
    instead
        Parallel to the masks: what a name was replaced with, or nothing for withdrawn words.
    gone
        Entities (kind, guid) of which no words may be kept.
    """

    masks: Masks = field(default_factory=dict)
    instead: dict[str, list[str]] = field(default_factory=dict)
    gone: frozenset[tuple[str, str]] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether anything was taken away."""
        return bool(self.masks or self.gone)


def taken_by(events: Iterable[Event]) -> Taken:
    """Return all that the events of a log took away."""
    masks: Masks = {}
    instead: dict[str, list[str]] = {}
    gone: set[tuple[str, str]] = set()
    for event in events:
        if event.kind in TAKING:
            for address, spans in event.about["masks"].items():
                words = event.about.get("instead", {}).get(address) or [""] * len(spans)
                masks.setdefault(address, []).extend((int(start), int(end)) for start, end in spans)
                instead.setdefault(address, []).extend(words)
            gone |= {(kind, guid) for kind, guid in event.about.get("gone", [])}
    return Taken(masks, instead, frozenset(gone))


def masks_of(events: Iterable[Event]) -> Masks:
    """Return the spans that the withdrawals in a log overwrite, by the address of the text."""
    return taken_by(events).masks


@dataclass(frozen=True)
class Words:
    """The words that have to go, as long as somebody still holds them: passages, and names with what stands instead.

    Never stored, never shown.
    """

    passages: tuple[str, ...] = field(default=(), repr=False)
    names: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    still: str = field(default="", repr=False)  # what is said elsewhere, in small letters

    def beside(self, texts: Iterable[str]) -> Words:
        """Return the words with what is still said, from which it shows which words of a topic nobody's are any more."""
        return replace(self, still="\n".join(texts).casefold())

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self.passages or self.names)

    def __or__(self, other: Words) -> Words:
        """Return both."""
        names = tuple((dict(self.names) | dict(other.names)).items())
        return Words(tuple(dict.fromkeys((*self.passages, *other.passages))), names, self.still + other.still)

    @cached_property
    def _runs(self) -> frozenset[tuple[str, ...]]:
        return frozenset(run for words in self._said for run in zip(*(words[n:] for n in range(_RUN)), strict=False))

    @cached_property
    def _said(self) -> list[list[str]]:
        return [[word.casefold() for word in _WORD.findall(passage)] for passage in self.passages]

    @cached_property
    def _joined(self) -> list[str]:
        return [f" {' '.join(words)} " for words in self._said]

    @cached_property
    def _short(self) -> re.Pattern[str] | None:
        """Find passages of fewer words than a run, word for word."""
        short = sorted(
            {p.strip() for p, words in zip(self.passages, self._said, strict=True) if 0 < len(words) < _RUN}, key=len, reverse=True
        )
        return re.compile(r"(?<![^\W_])(?:" + "|".join(map(re.escape, short)) + r")(?![^\W_])") if short else None

    @cached_property
    def _named(self) -> re.Pattern[str] | None:
        known = sorted({name for name, _ in self.names}, key=len, reverse=True)
        return re.compile(r"(?<![^\W_])(?:" + "|".join(map(re.escape, known)) + r")(?![^\W_])") if known else None

    def without(self, text: str) -> str:
        """Return a string of the log without these words: passages become blocks, names what stands instead of them."""
        if self.passages:
            text = self._covered(text)
        if self._named is not None:
            instead = dict(self.names)
            text = self._named.sub(lambda found: instead[found.group()], text)
        return text

    def _covered(self, text: str) -> str:
        found = [(m.start(), m.end(), m.group().casefold()) for m in _WORD.finditer(text)]
        if not found:
            return text
        plain = [word for _, _, word in found]
        spans = [(found[n][0], found[n + _RUN - 1][1]) for n in range(len(plain) - _RUN + 1) if tuple(plain[n : n + _RUN]) in self._runs]
        if len(plain) >= _WHOLE and any(f" {' '.join(plain)} " in said for said in self._joined):
            spans.append((found[0][0], found[-1][1]))
        if self._short is not None:
            spans += [match.span() for match in self._short.finditer(text)]
        return masked(text, spans)

    def topic(self, value: Any) -> Any:
        """Return the words or the name of a topic without single words that came from what was taken away and from nowhere else."""
        if isinstance(value, str):
            return ", ".join(self.topic(value.split(", ")))
        return [word for word in value if not self._lost(str(word))] if isinstance(value, list) else value

    @cached_property
    def _gone(self) -> str:
        return "\n".join((*self.passages, *(name for name, _ in self.names))).casefold()

    def _lost(self, word: str) -> bool:
        # a topic has base forms: what they share with the words as said are their first letters
        stem = word.casefold()[: max(_STEM, len(word) - 2)]
        return bool(stem) and " " not in word and stem in self._gone and stem not in self.still

    def value(self, value: Any) -> Any:
        """Return a value of the log without these words, however deep it is."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list):
            return [self.value(one) for one in value]
        return {key: self.value(one) for key, one in value.items()} if isinstance(value, dict) else value


def words_under(taken: Taken, texts: Mapping[str, str]) -> Words:
    """Return the words that stand under the masks in texts that still have them."""
    passages: list[str] = []
    names: list[tuple[str, str]] = []
    for address, spans in taken.masks.items():
        text = texts.get(address, "")
        for (start, end), instead in zip(spans, taken.instead[address], strict=True):
            words = text[start:end]
            if words.strip() and BLOCK not in words:
                if instead:
                    names.append((words, instead))
                else:
                    passages.append(words)
    return Words(tuple(dict.fromkeys(passages)), tuple(dict(names).items()))


def cleared(event: Event, taken: Taken, words: Words) -> Event:
    """Return an event of the log without the words taken away; the same event when it holds none."""
    changes = tuple(_change(change, taken, words) for change in event.changes)
    about = event.about if event.kind in TAKING else words.value(event.about)
    return event if changes == event.changes and about == event.about else replace(event, changes=changes, about=about)


def _change(change: Change, taken: Taken, words: Words) -> Change:
    empty = [number for number, guid in enumerate(change.guid) if (change.kind, guid) in taken.gone]
    fields = {f.name: f for f in KINDS[change.kind].fields}

    def column(name: str, values: list[Any]) -> list[Any]:
        stem = name.partition(".")[0]
        kept = stem in _PLAIN or (stem in fields and (fields[stem].refers_to or fields[stem].type not in {"text", "json"}))
        kept = kept or (change.kind == "document" and stem == "text")
        if kept:
            return values
        left = [words.value(value) for value in values]
        if change.kind == "proposal" and stem in _OF_A_TOPIC:
            left = [words.topic(value) for value in left]
        for number in empty:
            left[number] = None
        return left

    after = {name: column(name, values) for name, values in change.after.items()}
    return replace(change, after=after, before={name: column(name, values) for name, values in change.before.items()})
