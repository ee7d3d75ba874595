"""All detectors together: one text in, one table of what may identify a person out. Never a verdict that nothing is left."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.privacy.cues import governs, role_near
from qualcode.privacy.figures import figures
from qualcode.privacy.hits import FIGURES, KIND_OF, Hit, apart, table_of
from qualcode.privacy.listed import folded, is_word
from qualcode.privacy.names import names
from qualcode.privacy.small import small_names
from qualcode.privacy.stories import stories
from qualcode.privacy.unseen import places_seen, seen
from qualcode.privacy.written import quoted, without_paperwork

Entities = Callable[[list[str]], pd.DataFrame]

_WORD = re.compile(r"[^\W\d_]+")
_CAPITALS_SHARE = 0.012
_FEW = 8
# how sure the rules are of a plain word with a capital inside a sentence
_PLAIN_WORD = 0.4
_TRAINED = {"PER": "person", "LOC": "place", "ORG": "organisation"}
_PLACEHOLDER = re.compile(r"\[[^\]\n]{0,60}\]|<[a-zà-ÿ -]{2,30}>|\bX{2,}\b")


def without_capitals(text: str) -> bool:
    """Tell whether a text is written without capitals: none at all, or next to none in a long one.

    Examples
    --------
    >>> without_capitals("ja dat zei fatima ook"), without_capitals("Ja, dat zei Fatima ook.")
    (True, False)
    """
    words = _WORD.findall(text)
    capitals = sum(word[0].isupper() for word in words)
    return bool(words) and (capitals == 0 or (len(words) > _FEW and capitals / len(words) < _CAPITALS_SHARE))


def _stretches(text: str, turns: Sequence[tuple[int, int]] | None) -> list[tuple[int, int]]:
    """Return the spans that are judged as one: turns, or the lines of a text without turns."""
    lines = [match.span() for match in re.finditer(r"[^\n]+", text)]
    if not turns:
        return lines
    spoken = sorted((int(start), int(end)) for start, end in turns)
    starts = [start for start, _ in spoken]

    def silent(line: tuple[int, int]) -> bool:
        last = bisect_left(starts, line[1])
        return last == 0 or spoken[last - 1][1] <= line[0]

    # a line in which nobody speaks (a heading, a remark) is read too; a label is not
    return sorted([*spoken, *(line for line in lines if silent(line))])


def _moved(hits: Iterable[Hit], by: int) -> Iterator[Hit]:
    for hit in hits:
        yield hit._replace(start=hit.start + by, end=hit.end + by)


def _own_people(text: str, people: Iterable[str]) -> Iterator[Hit]:
    """Yield where a participant or speaker of the study is called by name; labels such as P1 or moderator are no names."""
    named: set[str] = set()
    for person in people:
        parts = [part for part in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", person) if len(part) > 2]  # noqa: PLR2004
        named |= {part for part in parts if not is_word(folded(part)) or part[0].isupper()}
        if len(parts) > 1:
            named.add(person.strip())
    named = {
        name
        for name in named
        if not re.fullmatch(
            r"(?i)(?:moderator|interviewer|deelnemer|respondent|spreker|notulist|onbekend|speaker|voorzitter|observator)", name
        )
    }
    if named:
        pattern = re.compile(r"(?<![\w-])(?:" + "|".join(sorted(map(re.escape, named), key=len, reverse=True)) + r")(?![\w])")
        for match in pattern.finditer(text):
            role = role_near(text, *match.span())
            yield Hit(*match.span(), "person", 0.97, "study", f"[{role}]" if role else "")


def _trained(text: str, stretches: list[tuple[int, int]], entities: Entities) -> Iterator[Hit]:
    """Yield what the trained pipeline takes for names; ``entities`` returns columns text (row), start, end, label."""
    found = entities([text[start:end] for start, end in stretches])
    for row, start, end, label in zip(found["text"], found["start"], found["end"], found["label"], strict=True):
        if label in _TRAINED:
            base = stretches[int(row)][0]
            yield Hit(base + int(start), base + int(end), _TRAINED[label], 0.55, "trained")


def find(
    text: str,
    *,
    turns: Sequence[tuple[int, int]] | None = None,
    people: Iterable[str] = (),
    entities: Entities | None = None,
    written: bool = False,
) -> pd.DataFrame:
    """Find what may identify a person in a text. An empty table is no proof that nothing does.

    Parameters
    ----------
    text
        The text, of any length. Marks that nobody sees (soft hyphens, marks of direction, control characters) hide no name.
    turns
        ``(start, end)`` of the turns' words in code points; the lines of the text when left out.
    people
        Names and labels of the study's own participants and speakers.
    entities
        The trained name recogniser (:func:`qualcode.language.entities`); left out, rules and lists work alone.
    written
        The text is a report or a register rather than talk: a plain word with a capital is a heading there, and the date of a letter is
        nobody's (:mod:`qualcode.privacy.written`).

    Returns
    -------
    DataFrame
        One row a finding, in the order of the text: start, end (code points), text, label (person, place, organisation, email, phone
        …), kind (direct, indirect, combination), confidence (0 to 1, for sorting; no probability), why, advice (what to put instead).

    Examples
    --------
    >>> find("Toen zei Annelies: bel 06-12345678.")[["text", "label", "kind"]].to_dict("records")
    [{'text': 'Annelies', 'label': 'person', 'kind': 'direct'}, {'text': '06-12345678', 'label': 'phone', 'kind': 'direct'}]
    """
    places = places_seen(text)
    if places is not None:
        return _as_read(text, places, turns=turns, people=people, entities=entities, written=written)
    stretches = _stretches(text, turns)
    # a row of a table has few capitals because it has few words, not because its writer uses none
    plain = [span for span in stretches if not (written and ("\t" in text[slice(*span)] or text[span[0]] == "|"))]
    small = [span for span in plain if without_capitals(text[slice(*span)])]
    capital = [span for span in stretches if span not in set(small)]
    found = [hit for hit in names(text, [start for start, _ in stretches]) if _within(capital, hit)]
    for start, end in small:
        found += _moved(small_names(text[start:end]), start)
    found += _own_people(text, people)
    if entities is not None:
        # it learned from speech: of something written it reads what people said, and no headings or cells
        spoken = quoted(text) if written else stretches
        found += [hit for hit in _trained(text, spoken, entities) if _plausible(text, hit)]
    found += [hit for start, end in stretches for hit in _moved(figures(text[start:end]), start)]
    masked = [match.span() for match in _PLACEHOLDER.finditer(text) if match.group()[1:2].islower() or match.group()[0] == "X"]
    if written:
        found = without_paperwork([hit for hit in found if hit.label != "name" or hit.confidence > _PLAIN_WORD], text)
    told = [hit for start, end in stretches for hit in _moved(stories(text[start:end]), start)]
    return table_of(_joined([hit for hit in found if not _within(masked, hit)], told), text)


def _as_read(text: str, places: NDArray[np.int64], *, turns: Sequence[tuple[int, int]] | None, **how: Any) -> pd.DataFrame:
    """Find in a text as a reader sees it, and bring what was found back to the places in the text itself."""
    spoken = None if turns is None else [(int(a), int(b)) for a, b in np.searchsorted(places, np.array(turns).reshape(-1, 2))]
    found = find(seen(text), turns=spoken, **how)
    start = places[found["start"].to_numpy(dtype=np.int64)]
    end = places[found["end"].to_numpy(dtype=np.int64) - 1] + 1
    words = [text[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    return found.assign(start=pd.array(start, dtype="Int64"), end=pd.array(end, dtype="Int64"), text=words)


def _plausible(text: str, hit: Hit) -> bool:
    """Leave out what the recogniser takes for a name and our own lists know to be harmless."""
    from qualcode.privacy.listed import entries

    word = text[hit.start : hit.end]
    if governs(text, hit.start, hit.end):
        return False
    return word not in entries("harmless") and any(c.isalpha() for c in word) and not is_word(folded(word))


def _within(spans: list[tuple[int, int]], hit: Hit) -> bool:
    at = bisect_right(spans, (hit.start, 1 << 60))
    return at > 0 and spans[at - 1][0] <= hit.start < spans[at - 1][1]


def _joined(plain: list[Hit], told: list[Hit]) -> list[Hit]:
    """Return names and figures of which no two share words, and the phrases that say something beyond them."""
    # a project or file with a name of its own is one thing, not a thing and a name
    whole = [hit for hit in told if hit.label == "event" and hit.why == "project"]
    kept = apart(hit for hit in plain if not any(one.start <= hit.start and hit.end <= one.end for one in whole))
    taken = [(hit.start, hit.end) for hit in kept]
    phrases = [hit for hit in apart(told) if KIND_OF[hit.label] == "combination" or not _mostly_taken(taken, hit)]
    return [*kept, *phrases]


def _mostly_taken(taken: list[tuple[int, int]], hit: Hit) -> bool:
    """Tell whether a phrase says no more than the names and figures in it do."""
    at = bisect_left(taken, (hit.start, 0))
    inside = sum(end - start for start, end in taken[at:] if start < hit.end)
    return inside * 2 > hit.end - hit.start


def is_figure(label: str) -> bool:
    """Tell whether a label is a number, address, date or age."""
    return label in FIGURES
