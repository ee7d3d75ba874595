"""Names in text without capitals, as machine transcripts and chats have it: names that are no Dutch word, and words after a cue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from qualcode.privacy import cues
from qualcode.privacy.hits import Hit
from qualcode.privacy.listed import folded, folded_entries, is_given, is_place, is_surname, is_word
from qualcode.privacy.names import FUNCTION

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?(?:-[^\W\d_]+)*")
_PARTICLES = frozenset(
    {"van", "de", "der", "den", "het", "ter", "ten", "el", "al", "ben", "bin", "ait", "von", "da", "dos", "di", "la", "ould", "abu", "a"}
)
_CUED = re.compile(
    rf"\b(?:(?:{cues.TITLE})|(?:ik|hij|zij|ze|die|dat|collega|vriendin|vriend|zus|broer|zoon|dochter|man|vrouw) (?:heet|heette)|(?:mijn|m'n|onze|zijn|haar|een|die) (?:{cues.ROLES})|mijn naam is|genaamd"
    r"|noem(?:t|de|en)? (?:me|mij|hem|haar))[ ,]+$",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:in|uit|naar|te|vanuit|richting|gemeente|vestiging|kantoor|wonen in|woon in|geboren in|opgegroeid in)[ ]$", re.IGNORECASE
)
_AT = re.compile(r"\b(?:bij|voor|van|op)(?: de| het| 't)? $", re.IGNORECASE)
_ACTS_BEFORE = re.compile(
    rf"\b(?:{cues.VERBS}|met|tegen|aan|van|door|naast|bij|laat|en|of|als|voor|collega|vriendin|vriend|zus|broer|oom|tante|buurvrouw|buurman|ik ben|dit is|dat is|dat was) $",
    re.IGNORECASE,
)
_ACTS_AFTER = re.compile(rf" (?:die )?{cues.VERBS}\b", re.IGNORECASE)
_STRANGE = re.compile(r"[^\W\d_]{3,13}(?:['’-][^\W\d_]{2,12})*")
_SPOKEN = re.compile(
    r"[hmuae]+|(.)\1+.*|.*(.)\2\2.*|(?:ha|he|hi|ho){2,}|.*(?:tje|tjes|pje|pjes|je|jes|heid|lijk|lijke|ing|ingen|ende|eren|erd|tie|ties|sch|sche|en)"
)
_LEAST = 3
_KNOWN = 4
_PEOPLE_BEFORE = frozenset(
    {
        "zei",
        "zegt",
        "vroeg",
        "collega",
        "vriendin",
        "vriend",
        "zus",
        "broer",
        "oom",
        "tante",
        "buurvrouw",
        "buurman",
        "tegen",
        "laat",
        "met",
        "sprak",
    }
)
_LOOK = 40


def _is_name(word: str) -> bool:
    """Tell whether a word is a given name that nobody takes for a Dutch word."""
    return len(word) >= _LEAST and is_given(word) and _no_word(word)


def _no_word(word: str) -> bool:
    return not is_word(word) and word not in FUNCTION and word not in folded_entries("harmless")


def _is_family(word: str) -> bool:
    return len(word) >= _KNOWN and is_surname(word) and _no_word(word)


def _cued(word: str) -> bool:
    """Tell whether a word after a title or role may be a name."""
    return (
        word not in FUNCTION
        and word not in folded_entries("harmless")
        and len(word) >= _LEAST
        and (not is_word(word) or is_surname(word) or is_given(word))
        and not word.endswith(("en", "lijk", "ig"))
    )


def small_names(text: str) -> list[Hit]:
    """Return the names in a text that is written without capitals.

    Examples
    --------
    >>> text = "ja en toen zei fatima el khattabi tegen mevrouw bakker dat ze uit zwolle kwam"
    >>> [(hit.label, text[hit.start : hit.end]) for hit in small_names(text)]
    [('person', 'fatima el khattabi'), ('person', 'bakker'), ('place', 'zwolle')]
    """
    return sorted([*_places(text), *_people(text), *_employers(text)])


def _tail(text: str, at: int) -> int:
    """Return where a surname that follows a name ends; ``at`` when none follows."""
    end = at
    position = at
    while match := _TOKEN.match(text, position + 1) if text[position : position + 1] in {" ", "\xa0"} else None:
        word = folded(match.group())
        if word in _PARTICLES:
            position = match.end()
            continue
        through = position != end  # particles stand between
        if _is_family(word) or _is_name(word) or (through and (is_surname(word) or not is_word(word)) and word not in FUNCTION):
            end = position = match.end()
            continue
        break
    return end


def _people(text: str) -> Iterator[Hit]:
    reach = 0
    for match in _TOKEN.finditer(text):
        if match.start() < reach:
            continue
        word = folded(match.group())
        cue = None if word in FUNCTION else _CUED.search(text, max(0, match.start() - _LOOK), match.start())
        named = _is_name(word)
        if cue and _cued(word):
            reach = _tail(text, match.end())
            yield Hit(match.start(), reach, "person", 0.8, "title", _instead(text, match.start(), reach))
        elif is_place(word) and _is_family(word) and (article := cues.surname_begins(text, match.start())) is not None:
            reach = match.end()
            yield Hit(article, reach, "person", 0.65, "small", _instead(text, article, reach))
        elif named or _is_family(word):
            # the second half of a seat of government: den haag vindt
            if cues.governs(text, match.start() - len("den "), match.end()):
                continue
            if is_place(word) and (not named or _IN.search(text, max(0, match.start() - _LOOK), match.start())):
                continue
            reach = _tail(text, match.end())
            yield Hit(match.start(), reach, "person", 0.65 if named else 0.5, "small", _instead(text, match.start(), reach))
        elif _strange(word) and (end := _strangers(text, match)):
            reach = end
            yield Hit(match.start(), end, "person", 0.42, "strange", _instead(text, match.start(), end))
        elif word in {"el", "ait"}:
            end = _tail_of_particle(text, match)
            if end:
                reach = end
                yield Hit(match.start(), end, "person", 0.5, "small")


def _strange(word: str) -> bool:
    """Tell whether a word is neither Dutch nor slurred or made-up Dutch, so that it may be a name."""
    return (
        _STRANGE.fullmatch(word) is not None
        and _SPOKEN.fullmatch(word) is None
        and word not in FUNCTION
        and not is_word(word)
        and not is_place(word)
        and word not in folded_entries("harmless")
    )


def _strangers(text: str, match: re.Match[str]) -> int:
    """Return where a stretch of unknown words ends that stands where people stand, or 0."""
    following = _TOKEN.match(text, match.end() + 1)
    end = _tail(text, match.end())
    if following and _strange(folded(following.group())):
        return max(following.end(), _tail(text, following.end()))
    before = _ACTS_BEFORE.search(text, max(0, match.start() - _LOOK), match.start())
    after = _ACTS_AFTER.match(text, end)
    return (
        end
        if end > match.end()
        or (before and after)
        or (after and match.start() == 0)
        or (before and before.group().split()[0] in _PEOPLE_BEFORE)
        else 0
    )


def _tail_of_particle(text: str, match: re.Match[str]) -> int:
    """Return where a surname with a particle ends that stands without a given name (``el khattabi``), or 0."""
    if match.group().lower() not in {"el", "ait"}:
        return 0
    end = _tail(text, match.end())
    following = _TOKEN.match(text, match.end() + 1)
    if end == match.end() and following and not is_word(folded(following.group())):
        return following.end()
    return end if end > match.end() else 0


def _instead(text: str, start: int, end: int) -> str:
    role = cues.role_near(text, start, end)
    return f"[{role}]" if role else ""


@cache
def _beginnings(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of a list, folded, and the words they begin with."""
    known = folded_entries(name)
    return known, frozenset(one.split(" ")[0] for one in known)


def _phrases(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where one of a list's names of up to three words stands."""
    tokens = [(t.start(), t.end(), folded(t.group())) for t in _TOKEN.finditer(text)]
    known, begins = _beginnings(name)
    for at, (start, _, word) in enumerate(tokens):
        if word not in begins:
            continue
        for size in (3, 2, 1):
            piece = tokens[at : at + size]
            if len(piece) == size and " ".join(t[2] for t in piece) in known and piece[-1][1] - start < _LOOK:
                yield start, piece[-1][1]
                break


def _places(text: str) -> Iterator[Hit]:
    for start, end in _phrases("places", text):
        word = folded(text[start:end])
        cued = _IN.search(text, max(0, start - _LOOK), start) is not None
        sure = " " in word or (len(word) >= _LEAST and not is_word(word) and word not in FUNCTION and (cued or not is_given(word)))
        if sure and (cued or (len(word) > _KNOWN and not cues.governs(text, start, end))):
            yield Hit(start, end, "place", 0.75 if cued else 0.6, "list")


def _employers(text: str) -> Iterator[Hit]:
    for start, end in _phrases("organisations", text):
        word = folded(text[start:end])
        at = _AT.search(text, max(0, start - _LOOK), start) is not None
        plain = is_word(word) or is_given(word) or len(word) <= _KNOWN
        if (not plain) or (at and cues.WORK.search(text, max(0, start - _LOOK), start)):
            yield Hit(start, end, "organisation", 0.7, "list")
