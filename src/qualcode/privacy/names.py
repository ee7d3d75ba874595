"""Names in written text, with capitals: runs of capitalised words, sorted by lists and by what stands around them.

In Dutch a capital inside a sentence is a name unless known to be harmless; so a name nobody listed is found as well, and no
community's names depend on a list. Lists and cues decide what kind of name it is, and what a capital at the start of a sentence means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from qualcode.privacy import cues
from qualcode.privacy.hits import Hit
from qualcode.privacy.listed import entries, folded, folded_entries, is_given, is_place, is_surname, is_word
from qualcode.privacy.written import labels_of, openings

_UPPER = "".join(chr(c) for c in range(0x41, 0x1F00) if chr(c).isupper() and (c < 0x250 or c > 0x1DFF))  # noqa: PLR2004
_WORD = rf"(?:[{_UPPER}][^\W\d_]{{0,40}}(?:['’.][^\W\d_]{{1,30}})?(?:-[^\W\d_]{{1,30}}(?:['’][^\W\d_]{{1,8}})?){{0,4}})"
_INITIAL = rf"(?:[{_UPPER}](?:\.[{_UPPER}]){{0,4}}\.)"
_SMALL = r"(?:van|de|der|den|het|'t|’t|ter|ten|te|el|al|ben|bin|ibn|von|zu|zur|da|dos|das|do|di|du|la|le|y|ould|abu|in 't|in ’t|op de|op den|op 't|uit den|aan de|bij de|van de|van der|van den|van 't|a)"
_RUN = re.compile(
    rf"(?:(?<=[\s\-('\"“‘])|^)(?:['’]s-)?(?:{_INITIAL}|{_WORD})(?:[ \xa0](?:{_SMALL}[ \xa0]){{0,3}}(?:{_INITIAL}|{_WORD}|[{_UPPER}]\b)){{0,6}}|(?<![\w.@-])(?:['’]s-)?(?:{_INITIAL}|{_WORD})",
    re.MULTILINE,
)
_TOKEN = re.compile(rf"{_INITIAL}|[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W\d_]+(?:['’][^\W\d_]+)*)*")
_START = re.compile(r"(?:^|[.!?…:;\n\]>)]|[\"“”„‘*•–—-])[\s\"“”„'’‘([\-–—*•]*$")
_CLITIC = re.compile(r"(?<![^\W\d_])['’`][tsnk][ \xa0]$")
_ABBREVIATED = re.compile(r"\b(?:dhr|mevr|mw|dr|drs|mr|ir|ing|prof|ds|st|jr|sr|bijv|o\.a|t\.a\.v|nr)\.\s*$", re.IGNORECASE)
_DEMONYM = re.compile(r"[^\W\d_]+(?:[aeiouy]ns|aans|ees|isch|s|er|aar)e?s?$")
_PEOPLE = re.compile(r"(?:[a-z]+-)?[a-z]{3,}(?:se|aans|ische|isch|eens|ijns)$")
FUNCTION = frozenset(
    folded(word)
    for word in (
        "ik jij je u hij zij ze wij we jullie die dat dit deze de het een en of maar want dus toen nou nu ja nee als "
        "dan er hier daar waar wat wie hoe mijn zijn haar hun ons onze met van voor in op aan bij naar uit om te niet "
        "geen wel ook nog al zo alles iets niemand iemand heb heeft had is was ben kan kon wil moet mag zal zou ga ging "
        "kijk weet denk vind bedoel precies hè joh oké tja eh uh uhm oh o ach ah hé hoi dank sorry mevrouw meneer jawel "
        "welnee jeetje jeminee godsamme verdorie goh nah mwah pff poeh bah ha haha hm hmm mm mhm yes yeah yep okay well "
        "anyway whatever nope please thanks wow shit fuck ay ey ai au sst zeg kom tjonge jemig amen insjallah wallah "
        "wollah hamdoulillah sowieso d'r m'n z'n 't 'n da's k nie effe effen "
    ).split()
)
_SHORT = 2
_CAPITALS = 6
_LOOK = 60


class Part(NamedTuple):
    """A stretch of capitalised words that belong together."""

    start: int
    end: int
    words: tuple[str, ...]
    first: bool


@cache
def _harmless() -> re.Pattern[str]:
    """Return what finds sayings and other harmless names of more than one word."""
    phrases = sorted((p for p in entries("harmless") if " " in p), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, phrases)) + r")(?![\w-])")


@cache
def _organisations() -> re.Pattern[str]:
    phrases = sorted(entries("organisations"), key=len, reverse=True)
    return re.compile(r"(?<![\w.-])(?:" + "|".join(map(re.escape, phrases)) + r")(?![\w])")


_POLITICS = re.compile(
    r"\bDen Haag (?=(?:vindt|vond|wil|wilde|zegt|zei|denkt|dacht|besluit|beslist|roept|doet|moet|bedenkt|bepaalt|luistert|snapt|weet|heeft besloten|heeft bedacht)\b)"
)
_LAW = re.compile(r"\b(?:[Aa]rtikel|[Ll]id|[Ww]et) \d+")
# an id such as E07 is no initial
_NUMBERED = re.compile(r"\b[A-Z]{1,3}\d+\b")


def _quiet_spans(text: str) -> list[tuple[int, int]]:
    return sorted(
        [*(match.span() for pattern in (_harmless(), _POLITICS, _LAW, _NUMBERED) for match in pattern.finditer(text)), *labels_of(text)]
    )


def begins(text: str, start: int, floor: int) -> bool:
    """Tell whether a sentence starts at ``start``; ``floor`` is where the turn starts."""
    low = max(floor, start - _LOOK)
    before = text[low:start]
    before = _CLITIC.sub("", before)
    if not before.strip(" \t\n\"'“”„‘’([-–—*•"):
        return low == floor or "\n" in before or _START.search(before) is not None
    return _START.search(before) is not None and not _ABBREVIATED.search(before)


def _is_quiet(word: str) -> bool:
    """Tell whether a capitalised word identifies nobody: a people, a tongue, a feast, a program, a long abbreviation."""
    if word in entries("harmless"):
        return True
    if not word[:1].isupper():
        return False
    bare = folded(word)
    if "-" in word and all(_is_quiet(part) for part in word.split("-")):
        return True
    if word.isupper() and _SHORT <= len(word.replace(".", "")) <= _CAPITALS and not is_given(bare):
        return True
    return _PEOPLE.fullmatch(bare) is not None and not is_given(bare) and not is_surname(bare) and not is_place(bare)


def _parts(text: str, starts: frozenset[int], floor_of: list[int], quiet: list[tuple[int, int]]) -> Iterator[Part]:
    """Yield capitalised runs, cut where a harmless word or the opening word of a sentence stands."""
    from bisect import bisect_right

    for match in _RUN.finditer(text):
        at = bisect_right(floor_of, match.start())
        floor = floor_of[at - 1] if at else 0
        tokens = [(t.start(), t.end(), t.group()) for t in _TOKEN.finditer(text, match.start(), match.end())]
        first = match.start() in starts or begins(text, match.start(), floor)
        held: list[tuple[int, int, str]] = []
        for number, token in enumerate(tokens):
            leads = number == 0 and first and _opens(token[2], tokens[1:])
            if leads or _inside(quiet, token[0]) or (_is_quiet(token[2]) and not _kept(held, token[2]) and not _named(text, token[0])):
                yield from _closed(held, _leading(held, tokens, starts, first=first))
                held = []
            else:
                held.append(token)
        yield from _closed(held, _leading(held, tokens, starts, first=first))


def _leading(held: list[tuple[int, int, str]], tokens: list[tuple[int, int, str]], starts: frozenset[int], *, first: bool) -> bool:
    """Tell whether a run begins where a sentence, a heading or a cell does."""
    return bool(held) and ((first and held[:1] == tokens[:1]) or held[0][0] in starts)


def _kept(held: list[tuple[int, int, str]], word: str) -> bool:
    """Tell whether a capital that would be harmless alone closes the name of an organisation (GGD Twente, ROC Midden Nederland)."""
    return bool(held) and word.isupper()


def _named(text: str, at: int) -> bool:
    """Tell whether the words before say that a name follows."""
    return re.search(r"(?:heet(?:te)?|noem(?:t|de|den|en)? (?:me|mij|hem|haar)|genaamd) $", text[max(0, at - 25) : at]) is not None


def _opens(word: str, rest: list[tuple[int, int, str]]) -> bool:
    """Tell whether the first word of a sentence is just that."""
    bare = folded(word)
    if bare in FUNCTION or re.fullmatch(cues.TITLE, word, re.IGNORECASE):
        return True
    if re.fullmatch(cues.ROLES, bare) or re.fullmatch(
        r"(?:kantoor|vestiging|gemeente|project|dossier|commissie|afdeling|team|kamer)", bare
    ):
        return True
    if not is_word(bare):
        return False
    if not rest:
        return False  # decided with what follows it
    return not (is_given(bare) and (is_surname(folded(rest[-1][2])) or not is_word(folded(rest[-1][2]))))


def _inside(spans: list[tuple[int, int]], at: int) -> bool:
    from bisect import bisect_right

    place = bisect_right(spans, (at, 1 << 60))
    return any(spans[n][0] <= at < spans[n][1] for n in range(max(0, place - 2), min(place, len(spans))))


def _closed(held: list[tuple[int, int, str]], first: bool) -> Iterator[Part]:
    while held and not held[0][2][0].isupper():
        held = held[1:]
    while held and not held[-1][2][0].isupper():
        held = held[:-1]
    while held and folded(held[-1][2]) in FUNCTION:
        held = held[:-1]
    if held and len(held[0][2].strip(".")) == 1 and all(is_word(folded(t[2])) and not is_surname(folded(t[2])) for t in held[1:]):
        return
    if held and (len(held) > 1 or len(held[0][2].strip(".")) > 1):
        yield Part(held[0][0], held[-1][1], tuple(token[2] for token in held), first)


def _with_article(text: str, part: Part) -> Part:
    """Return a surname with the article before it where the word alone is a place as well: mevrouw de Vries does not live in Vries."""
    word = folded(text[part.start : part.end])
    if not (is_place(word) and is_surname(word)):
        return part
    start = cues.surname_begins(text, part.start)
    if start is None:
        return part
    return Part(start, part.end, (*text[start : part.start].split(), *part.words), first=False)


def _label(text: str, part: Part) -> tuple[str, float, str] | None:
    """Say what a run of capitalised words is, how sure, and why; ``None`` when it names nobody."""
    name = text[part.start : part.end]
    whole = folded(name)
    low = max(0, part.start - _LOOK)
    titled = cues.BEFORE_TITLE.search(text, low, part.start)
    role = cues.BEFORE_ROLE.search(text, low, part.start)
    called = cues.BEFORE_CALLED.search(text, low, part.start)
    in_place = cues.BEFORE_PLACE.search(text, low, part.start)
    big = [folded(word) for word in part.words if word[0].isupper()]
    if titled or (role and not in_place):
        return "person", 0.95, "title"
    if cues.ORGANISATION_TAIL.search(name) and (len(part.words) > 1 or not is_surname(whole)) and not is_place(whole):
        return ("organisation", 0.8, "organisation") if not part.first or len(part.words) > 1 or not is_word(whole) else None
    if cues.ORGANISATION_HEAD.match(name) and len(part.words) > 1:
        return "organisation", 0.85, "organisation"
    if cues.governs(text, part.start, part.end):
        return None
    family = is_surname(whole) and part.words[0].lower() in {"de", "den", "der", "ten", "ter", "van"}
    if is_place(whole) and (in_place or not (is_given(whole) or family)):
        return ("place", 0.9 if in_place else 0.75, "list") if not part.first or not is_word(whole) or in_place else None
    return _person(text, part, big, called=called is not None, in_place=in_place is not None)


def _person(text: str, part: Part, big: list[str], *, called: bool, in_place: bool) -> tuple[str, float, str] | None:
    given = is_given(big[0])
    surname = any(is_surname(word) for word in big) or len(part.words) > len(big)
    acts = cues.AFTER_PERSON.match(text, part.end) is not None
    if len(big) > 1 and (given or surname):
        return "person", 0.93 if given else 0.85, "list"
    if part.first and len(part.words) == 1:
        return _opening(big[0], given=given, surname=surname, acts=acts, text=text, part=part)
    if given and not (in_place and is_place(big[0])):
        return "person", 0.9, "list"
    said = cues.BEFORE_VERB.search(text, max(0, part.start - _LOOK), part.start) is not None
    if called or (said and not all(is_word(word) for word in big)):
        return "person", 0.85, "called"
    if in_place:
        return "place", 0.6, "place"
    employer = cues.BEFORE_EMPLOYER.search(text, max(0, part.start - _LOOK), part.start)
    if employer and cues.WORK.search(text, max(0, part.start - _LOOK), part.start):
        return "organisation", 0.7, "employer"
    if surname:
        return "person", 0.75, "list"
    if len(big) > 1 and not any(is_word(word) for word in big):
        return "person", 0.65, "capital"
    if all(is_word(word) for word in big):
        return ("name", 0.4, "capital") if len(big) > 1 else ("name", 0.35, "capital")
    return "person" if acts else "name", 0.6, "capital"


def _opening(word: str, *, given: bool, surname: bool, acts: bool, text: str, part: Part) -> tuple[str, float, str] | None:
    """Judge one capitalised word at the start of a sentence, where every word has a capital."""
    common = is_word(word) or word in FUNCTION
    joined = re.match(r"(?: en | of |, )(?:" + _WORD + r")", text[part.end : part.end + 50]) is not None
    if given and not common:
        return "person", 0.88, "list"
    if given and (acts or joined):
        return "person", 0.7, "list"
    if common:
        return None
    if surname and (acts or joined):
        return "person", 0.7, "list"
    if acts:
        return "person", 0.55, "capital"
    alone = re.match(r"\s*(?:[.!?]|$)", text[part.end : part.end + 5]) is not None
    return ("name", 0.45, "capital") if (surname or joined) and not alone else None


def names(text: str, starts: list[int] | None = None) -> list[Hit]:
    """Return the names in a text that is written with capitals.

    Parameters
    ----------
    text
        The text.
    starts
        Where turns start, in code points: a capital there says nothing.

    Examples
    --------
    >>> text = "Toen zei Fatoumata tegen mevrouw Yıldız van de Rabobank in Zwolle: ik kom uit Nederland."
    >>> [(hit.label, text[hit.start : hit.end]) for hit in names(text)]
    [('person', 'Fatoumata'), ('person', 'Yıldız'), ('organisation', 'Rabobank'), ('place', 'Zwolle')]
    """
    floors = sorted(starts or [])
    quiet = _quiet_spans(text)
    found = [Hit(*match.span(), "organisation", 0.88, "list") for match in _organisations().finditer(text) if _works(text, match)]
    cuts = sorted([*quiet, *((hit.start, hit.end) for hit in found)])
    for part in _parts(text, frozenset(floors) | openings(text), floors, cuts):
        part = _with_article(text, part)  # noqa: PLW2901
        label = _label(text, part)
        if label is not None and not _inside(quiet, part.start):
            role = cues.role_near(text, part.start, part.end) if label[0] in {"person", "name"} else ""
            found.append(Hit(part.start, part.end, *label, f"[{role}]" if role else ""))
    return sorted(found)


def _works(text: str, match: re.Match[str]) -> bool:
    """Tell whether an organisation's name is used as one: short abbreviations and common words only where somebody works or goes."""
    name = match.group()
    if (name.isupper() and len(name) <= _CAPITALS - 1) or is_word(folded(name)) or is_given(folded(name)):
        low = max(0, match.start() - _LOOK)
        return cues.BEFORE_EMPLOYER.search(text, low, match.start()) is not None and cues.WORK.search(text, low, match.start()) is not None
    return folded(name) not in folded_entries("harmless")
