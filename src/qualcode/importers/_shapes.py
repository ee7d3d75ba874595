"""The shapes a speaker's label can have, and which spellings are one label. Knows nothing of lines or files."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from qualcode.importers._reading import role_of
from qualcode.importers._vocabulary import NO_SPEAKERS, PARTICIPANTS, PARTICLES, QUESTION_AND_ANSWER, SPEAKER_WORDS, UNKNOWN

_TITLE = re.compile(
    r"^(?:de\s+heer|mevrouw|meneer|dhr|heer|mevr|mw|mr|mrs|ms|miss|sir|dr|drs|ir|prof|professor|minister|staatssecretaris|"
    r"wethouder|burgemeester|gedeputeerde|raadslid|commissaris|kamerlid|señora?|sra?|frau|herr|madame|monsieur|mme)\b\.?\s+\S",
    re.IGNORECASE,
)
_ID = re.compile(
    r"^(?P<word>[^\W\d_]{1,14}(?:-[^\W\d_]{1,10})?)(?P<gap>\.?[ \xa0_-]{0,2}|#)(?P<number>\d{1,3})(?P<letter>[a-z]?)$", re.IGNORECASE
)
_UNKNOWN = re.compile(r"^(?:[^\W\d_]{1,12}\.?\s?)?\?{1,3}$")
_LETTERS = re.compile(r"^[^\W\d_]{1,3}\.?$")
_ASIDE = re.compile(r"\s*\([^()]*\)\s*$")
_REMARK = re.compile(r"\([^()A-Z]*\)\s*$")
_JOINED = re.compile(r"\s*(?:/|\+|&|,|\ben\b|\band\b)\s*")
_SHORT = 3
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Shape:
    r"""What a label looks like.

    ``sort`` is id, unknown, role, letters, title, name or lower; ``key`` is equal for spellings of one label;
    ``family`` groups the labels that share their shape (all ``R\d``, all names).
    """

    sort: str
    key: str
    family: str

    @property
    def strong(self) -> bool:
        """Whether the shape alone says that this is a speaker."""
        return self.sort in {"id", "unknown", "role"}


def _folded(label: str) -> str:
    return " ".join(label.replace("\xa0", " ").lower().split()).rstrip(".")


def _id(bare: str) -> Shape | None:
    found = _ID.match(bare)
    if not found:
        return None
    word = found["word"].lower()
    if word in NO_SPEAKERS:
        return None
    letter = SPEAKER_WORDS.get(word)
    number = f"{int(found['number'])}{found['letter'].lower()}"
    if letter is not None or len(word) <= _SHORT:
        family = f"id:{letter or word}"
        return Shape("id", f"{family}{number}", family)
    return Shape("name", _folded(bare), f"numbered:{word}")


def _is_name(bare: str) -> bool:
    # "Jansen, Anna" is one name
    words = (bare.replace(", ", " ", 1) if bare.count(",") == 1 else bare).replace("\xa0", " ").split()
    if not 1 <= len(words) <= _MOST_WORDS or not words[0][:1].isupper():
        return False
    return all(
        word.lower() in PARTICLES or (word[0].isupper() and all(c.isalpha() or c in "-'’._" for c in word) and not word.endswith(".."))
        for word in words
    )


@lru_cache(maxsize=4096)
def shape_of(label: str) -> Shape | None:
    """Return the shape of a label, or ``None`` when it cannot be one.

    Examples
    --------
    >>> shape_of("Resp. 3").key == shape_of("r3").key == shape_of("R 3").key
    True
    >>> shape_of("En toen zei hij") is None
    True
    """
    bare = _ASIDE.sub("", label).strip(" \xa0\t")
    folded = _folded(bare)
    if not folded or folded[0] in "-'’.":
        return Shape("unknown", folded, "unknown") if _UNKNOWN.match(bare) else None
    if _UNKNOWN.match(bare) or folded in UNKNOWN:
        return Shape("unknown", folded, "unknown")
    found = _id(bare)
    if found:
        return found
    if folded in QUESTION_AND_ANSWER:
        return Shape("name", folded, "question")
    if folded in NO_SPEAKERS:
        return None
    # "not" and "m" are words and letters first; "Int" and "Mod." are not
    role = folded in PARTICIPANTS or (role_of(bare) != "deelnemer" and len(bare.split()) <= _SHORT and len(folded) > 1 and bare != "Not")
    if not role and ((_LETTERS.match(bare) and bare.isupper()) or (len(folded) == 1 and folded.isalpha())):
        return Shape("letters", folded, "letters")
    if _TITLE.match(bare) and len(bare.split()) <= _MOST_WORDS + 2:
        return Shape("title", _folded(label), "title")
    if role:
        return Shape("role", folded, "role")
    parts = _JOINED.split(bare)
    if len(parts) > 1 and all((_id(part) or Shape("", "", "")).sort == "id" for part in parts):
        return Shape("id", folded, "id:joined")
    if _is_name(bare):
        # a remark behind a name, such as (lacht), makes no other speaker
        return Shape("name", folded if _REMARK.search(label) else _folded(label), "name")
    if len(bare.split()) == 1 and bare.isalpha():
        return Shape("lower", folded, "lower")
    return None


def _style(label: str) -> tuple[str, str, int, str] | None:
    """The way a numbered label is written: word, gap, width of the number, what follows."""
    found = _ID.match(_ASIDE.sub("", label).strip())
    return (found["word"], found["gap"], len(found["number"]) if found["number"][0] == "0" else 1, "") if found else None


def one_spelling(labels: Counter[str]) -> dict[str, str]:
    """Return the spelling to use for every label as written: the file's dominant one.

    Only case, blanks, points and the abbreviation before a number are spelling; whether two labels are one
    person is not decided here.

    Examples
    --------
    >>> one_spelling(Counter({"R1": 9, "R2": 8, "r1": 1, "Resp. 3": 1}))
    {'R1': 'R1', 'R2': 'R2', 'r1': 'R1', 'Resp. 3': 'R3'}
    """
    styles: dict[str, Counter[tuple[str, str, int, str]]] = {}
    spellings: dict[str, Counter[str]] = {}
    for label, times in labels.items():
        shape = shape_of(label)
        if shape is None:
            continue
        spellings.setdefault(shape.key, Counter())[label] += times
        style = _style(label)
        if shape.sort == "id" and style and not _ASIDE.search(label):
            styles.setdefault(shape.family, Counter())[style] += times
    chosen: dict[str, str] = {}
    for label in labels:
        shape = shape_of(label)
        if shape is None:
            chosen[label] = label
        elif shape.sort == "id" and shape.family in styles:
            word, gap, width, _ = styles[shape.family].most_common(1)[0][0]
            found = _ID.match(_ASIDE.sub("", label).strip())
            number = f"{int(found['number']):0{width}d}{found['letter']}" if found else ""
            chosen[label] = f"{word}{gap}{number}"
        else:
            chosen[label] = spellings[shape.key].most_common(1)[0][0]
    return chosen
