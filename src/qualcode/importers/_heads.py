"""Which lines start a turn: one label is judged by all the others in the file. Knows lines, not formats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from qualcode.importers._lines import Head, head, header_key, is_aside, is_page_mark, is_stamp, names_no_speaker, unmarked
from qualcode.importers._reading import role_of
from qualcode.importers._shapes import shape_of
from qualcode.importers._vocabulary import GREETINGS, NO_SPEAKERS

_MARKED = frozenset({":", "tab", "[", "-", "bold", "given"})
_TWICE, _OFTEN, _TENTH, _FEW = 2, 3, 10, 4
_WRAP = 120
_HEADER_WORDS = 12
_SENTENCE_END = re.compile(r"[.?!…—\])\"”’'*-]\s*$")
_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a text and what its format says of them.

    Parameters
    ----------
    lines
        The text, split at its line ends.
    bold
        Length of the bold beginning of a line, by line, where the rest is not bold.
    outside
        Lines that are nobody's words: headings, what stands around a table of turns.
    given
        Heads that the format itself names, such as a row of a table; they are not judged.
    """

    lines: list[str]
    bold: dict[int, int] = field(default_factory=dict)
    outside: frozenset[int] = frozenset()
    given: dict[int, Head] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What each line is: blank, nobody's words, a stamp, or the head of a turn; all else continues."""

    blank: frozenset[int]
    aside: frozenset[int]
    stamps: frozenset[int]
    heads: dict[int, Head]
    guessed: list[int]
    unsure: list[int]
    repeated: int
    first: int


def _repeated(lines: list[str], candidates: Iterable[int]) -> set[int]:
    """Lines that come back on every page: equal but for their numbers, title-like, three times or more."""
    seen: dict[str, list[int]] = {}
    for i in candidates:
        line = lines[i].strip()
        if 8 <= len(line) <= 100 and line[0].isupper() and line[-1] not in ".?!…,;:—-])\"'":  # noqa: PLR2004
            seen.setdefault(re.sub(r"\d+", "0", line), []).append(i)
    return {i for places in seen.values() if len(places) >= _REPEATS for i in places}


def _is_wrapped(lines: list[str], heads: dict[int, Head], blank: frozenset[int]) -> bool:
    """Whether the lines of a paragraph are broken by the file itself."""
    filled = [i for i in range(len(lines)) if i not in blank]
    loose = sum(1 for i in filled if i not in heads and i - 1 not in blank)
    return bool(filled) and max(len(lines[i]) for i in filled) <= _WRAP and loose * 4 >= len(filled)


def _bold_head(line: str, length: int) -> Head | None:
    written = line[:length]
    label = written.strip().rstrip(":-–. \t").strip()
    shape = shape_of(label)
    if shape is None or not label:
        return None
    start = length + len(line[length:]) - len(line[length:].lstrip(" \t:：-–"))
    return Head(label, shape, "bold", None, start)


def _candidates(sheet: Sheet, skip: AbstractSet[int]) -> dict[int, Head]:
    found: dict[int, Head] = {}
    for i, line in enumerate(sheet.lines):
        if i in skip:
            continue
        candidate = head(line)
        if i in sheet.bold and (candidate is None or candidate.mark == "line"):
            candidate = _bold_head(line, sheet.bold[i]) or candidate
        if candidate is not None:
            found[i] = candidate
    return found


def _confirmed(heads: Iterable[Head]) -> set[str]:
    """Return the numbered labels before a point or bracket, when at least two of them come back: no list does that."""
    times = Counter(h.shape.key for h in heads if h.mark == ".")
    back = {key for key, n in times.items() if n >= _TWICE}
    families = {h.shape.family for h in heads if h.shape.key in back}
    return {h.shape.key for h in heads if h.mark == "." and h.shape.family in families} if len(times) >= _TWICE else set()


def _known_keys(candidates: dict[int, Head], filled: int) -> set[str]:
    """Return the labels that are speakers by their marks and by how often they come back."""
    marked = [h for h in candidates.values() if h.mark in _MARKED]
    times = Counter(h.shape.key for h in marked)
    colon = Counter(h.shape.key for h in marked if h.mark not in {"-", "tab"} or (h.mark == "tab" and h.shape.sort == "letters"))
    shapes = {h.shape.key: h.shape for h in marked}
    strong = {key for key, shape in shapes.items() if shape.strong} | _confirmed(candidates.values())
    sorts = Counter(shapes[key].sort for key in times)
    titles = sum(n for key, n in times.items() if shapes[key].sort == "title")
    ids = sum(times[key] for key in strong)
    known = set(strong)
    weak: set[str] = set()
    for key, n in times.items():
        sort = shapes[key].sort
        titled = sort == "title" and titles >= _TWICE
        lettered = sort == "letters" and ((colon[key] and (strong or sorts["letters"] >= _TWICE)) or n >= _OFTEN)
        named = sort == "name" and (colon[key] >= (_OFTEN if ids > n else _TWICE) or n > _OFTEN)
        lower = sort == "lower" and n >= _OFTEN and n * _TENTH >= len(marked)
        if titled or lettered:
            known.add(key)
        elif named or lower or (sort == "letters" and colon[key] >= _TWICE):
            weak.add(key)
    if known or len(weak) >= _TWICE:
        return known | weak
    names = {h.shape.key for h in marked if h.shape.sort == "name" and h.mark == ":"}
    if len(names) >= _TWICE and len(marked) == filled and (weak or filled <= _FEW):
        return names
    return set()


def _joins(h: Head, known: set[str], families: Counter[str], *, opens: bool) -> bool:
    """Whether a marked label counts: known, or once but of the shape that the others share."""
    if h.shape.key in known:
        return True
    return h.shape.sort in {"name", "title"} and h.mark == ":" and opens and families[h.shape.family] >= _TWICE


def _own_lines(sheet: Sheet, own: dict[int, Head], *, known: set[str], blank: frozenset[int], stamps: frozenset[int]) -> set[int]:
    """Return the labels that fill a line of their own and speak for the lines below."""
    lines = sheet.lines

    def followed(i: int) -> bool:
        return i + 1 < len(lines) and (i + 1 not in blank or i + 2 < len(lines)) and i + 1 not in own

    own = {i: h for i, h in own.items() if not h.label.endswith(".") or h.shape.strong}
    under = {i for i in own if i - 1 in stamps and i - 2 not in own}
    timed = {i for i, h in own.items() if h.time or i in under or (i + 1 in stamps and i - 1 not in stamps)}
    clear = {i for i in own if (i == 0 or i - 1 in blank) and i + 1 not in blank and followed(i)}
    often = Counter(own[i].shape.key for i in timed | clear)
    many = {key for key, n in often.items() if n >= _OFTEN}
    chosen: set[int] = set()
    for i, h in own.items():
        strong = h.shape.strong and (followed(i) or i in timed)
        named = h.shape.key in known and (i in timed or i in clear)
        alone = h.shape.sort in {"name", "title", "letters"} and (
            (i in timed and (often[h.shape.key] >= _TWICE or len({own[t].shape.key for t in timed}) >= _TWICE))
            or (i in clear and not known and len(many) >= _TWICE and h.shape.key in many)
        )
        if strong or named or alone:
            chosen.add(i)
    return chosen


def _is_person(value: str) -> bool:
    words = value.replace(",", " ").split()
    if not 1 <= len(words) <= _HEADER_WORDS // 2 or value[-1:] in set(".?!…—"):
        return False
    particles = {"van", "de", "den", "der", "en", "and", "y", "el", "&"}
    named = [word for word in words if word.lower() not in particles]
    capitals = bool(named) and all(word[0].isupper() or word[0] == "(" for word in named)
    return capitals and not {word.lower() for word in named} & (GREETINGS | NO_SPEAKERS)


def _first_of_body(sheet: Sheet, heads: dict[int, Head], skip: set[int]) -> tuple[int, list[int]]:
    """Return the line after the last header line, and the header lines that might be turns.

    Names of moderators and lists of participants in a header are no turns.
    """
    order = sorted(heads)
    unsure: list[int] = []
    last, keyed, listing, listed = -1, False, False, set[str]()
    for i, line in enumerate(sheet.lines):
        if i in skip:
            listing = listing and bool(line.strip())
            continue
        h = heads.get(i)
        if h is None:
            pair = header_key(line)
            if pair:
                last, keyed = i, True
                listing = not pair[1] and names_no_speaker(pair[0])
            continue
        value = line[h.words :].strip()
        if listing and h.shape.key not in listed and len(value.split()) <= _HEADER_WORDS:
            last = i
            listed.add(h.shape.key)
            continue
        later = next((heads[j].shape.key for j in order if j > i), None)
        below = next((header_key(sheet.lines[j]) for j in range(i + 1, len(sheet.lines)) if j not in skip), None)
        near = below is not None and names_no_speaker(below[0])
        leads = (h.mark != "given" and role_of(h.label) != "deelnemer") or h.shape.sort == "role"
        if not (leads and _is_person(value) and (keyed or near or later == h.shape.key)):
            break
        last = i
        if not (keyed or near):
            unsure.append(i)
    return last + 1, unsure


def _first_of_note(sheet: Sheet, skip: set[int]) -> int:
    """Return the line after the header of a text without speakers: a title at most, then lines with a known key."""
    last, title = -1, False
    for i, line in enumerate(sheet.lines):
        if i in skip:
            continue
        pair = header_key(line)
        if pair and names_no_speaker(pair[0]) and len(line.split()) <= _HEADER_WORDS:
            last = i
        elif title or last >= 0 or len(line.split()) > _HEADER_WORDS or _SENTENCE_END.search(line):
            break
        else:
            title = True
    return last + 1


def plan(sheet: Sheet) -> Plan:
    """Judge every line of a text.

    A label counts when its shape is that of a speaker (``R3``, ``Interviewer``), when it comes back, or, even once,
    when it starts a paragraph and shares its shape with the others. Header lines before the first turn never count.
    """
    lines = sheet.lines
    blank = frozenset(i for i, line in enumerate(lines) if not line or (line.isspace() and "\f" not in line))
    stamps = frozenset(i for i, line in enumerate(lines) if i not in blank and len(line) < 60 and is_stamp(line))  # noqa: PLR2004
    marks = {i for i, line in enumerate(lines) if i not in blank and i not in sheet.given and len(line) < _WRAP and is_page_mark(line)}
    found = _candidates(sheet, blank | stamps | marks | sheet.outside | sheet.given.keys()) if len(sheet.outside) < len(lines) else {}
    asides = {i for i, line in enumerate(lines) if i not in blank and i not in sheet.given and i not in marks and is_aside(line)}
    filled = len(lines) - len(blank | stamps | marks | asides | sheet.outside)
    known = _known_keys({**found, **sheet.given}, filled)
    own = {i: h for i, h in found.items() if h.mark == "line"}
    wrapped = _is_wrapped(lines, found, blank)

    def opens(i: int) -> bool:
        return not wrapped or i == 0 or i - 1 in blank or i - 1 in stamps or bool(_SENTENCE_END.search(lines[i - 1]))

    families = Counter(shape.family for shape in {h.shape for h in found.values() if h.mark != "line" and h.shape.key in known})
    heads = {i: h for i, h in found.items() if h.mark != "line" and _joins(h, known, families, opens=opens(i))}
    heads |= {i: own[i] for i in _own_lines(sheet, own, known=known, blank=blank, stamps=stamps)} | sheet.given
    aside = (asides | marks | sheet.outside) - heads.keys()
    again = (
        _repeated(lines, (i for i in range(len(lines)) if i not in blank and i not in aside and i not in heads and i not in stamps))
        if heads
        else set()
    )
    aside |= again
    skip = set(blank | aside | stamps)
    first, unsure = _first_of_body(sheet, heads, skip) if heads else (_first_of_note(sheet, skip), [])
    heads = {i: h for i, h in heads.items() if i >= first}
    guessed = _guess_unmarked(lines, heads, skip=skip, first=first, opens=opens) if heads else {}
    return Plan(blank, frozenset(aside), stamps, {**heads, **guessed}, sorted(guessed), unsure, len(again), first)


def _guess_unmarked(
    lines: list[str], heads: dict[int, Head], *, skip: set[int], first: int, opens: Callable[[int], bool]
) -> dict[int, Head]:
    """Return the numbered labels without their mark, where the file's other labels share the shape."""
    families = Counter(shape.family for shape in {h.shape for h in heads.values() if h.shape.sort == "id"})
    keys = {h.shape.key for h in heads.values()}
    guessed: dict[int, Head] = {}
    if families:
        for i in range(first, len(lines)):
            if i in heads or i in skip:
                continue
            h = unmarked(lines[i])
            if h and (h.shape.key in keys or families[h.shape.family] >= _TWICE) and opens(i):
                guessed[i] = h
    return guessed
