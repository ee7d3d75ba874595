"""Make spoken sentences with names of every community in the Netherlands, and sentences that look like them without a name."""

# ruff: noqa: PLR2004, S311 - shares of made sentences are numbers, and their chance is no secret
from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qualcode.language.tokens import token_table

HERE = Path(__file__).parent
FAKER = {
    "dutch": ("nl_NL", "nl_BE"), "turkish": ("tr_TR",), "polish": ("pl_PL",), "moluccan_indonesian": ("id_ID",), "vietnamese": ("vi_VN",),
    "ghanaian_nigerian": ("tw_GH", "yo_NG", "ha_NG", "ig_NG"), "moroccan": ("ar_DZ", "fr_DZ"), "cape_verdean_portuguese_brazilian": ("pt_PT", "pt_BR"),
    "spanish_latin_american": ("es_ES", "es_CO"), "romanian_bulgarian": ("ro_RO",), "balkan_greek_italian": ("hr_HR", "it_IT"),
    "pakistani_indian": ("en_IN", "en_PK"), "other_european": ("de_DE", "en_GB", "fr_FR", "sv_SE", "hu_HU"),
}  # fmt: skip
MORE = ("dutch", "dutch", "moroccan", "turkish", "surinamese")
"""The largest groups are drawn more often."""
_LATIN = re.compile(r"[A-Za-zÀ-ſ' -]{2,30}")
_KEPT_APART = 0.12
Labelled = tuple[list[str], list[tuple[int, int, str]]]


@dataclass(frozen=True)
class Lists:
    """What fills the frames: names by group, places, organisations, words."""

    given: dict[str, list[str]]
    family: dict[str, list[str]]
    places: list[str]
    organisations: list[str]
    patterns: list[str]
    frames: list[str]
    free: list[str]
    words: dict[str, list[str]]


def lists(seed: int) -> tuple[Lists, Lists]:
    """Return the lists to learn from and those kept apart for choosing: other names, other frames."""
    known = tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8"))
    place = tomllib.loads((HERE / "places.toml").read_text(encoding="utf-8"))
    said = tomllib.loads((HERE / "spoken.toml").read_text(encoding="utf-8"))
    given = {group: each["given"].split() for group, each in known.items()}
    family = {group: each["family"].split("|") for group, each in known.items()}
    for group, locales in FAKER.items():
        for locale in locales:
            first, last = faked(locale, seed)
            given[group] = sorted({*given.get(group, []), *first})
            family[group] = sorted({*family.get(group, []), *last})
    words = {name: said[name].split("|") for name in ("openers", "closers", "titles", "job", "group", "body", "when", "day", "month")}
    words |= {name: place[name].split("|") for name in ("things", "mosques", "streets")}
    where = [one for name in ("dutch", "quarters", "abroad") for one in place[name].split("|")]
    everything = {"places": where, "organisations": place["organisations"].split("|"), "patterns": place["patterns"]}
    everything |= {"frames": said["named"].strip().splitlines(), "free": said["free"].strip().splitlines()}
    chance = random.Random(seed)

    def part(items: list[str]) -> tuple[list[str], list[str]]:
        mixed = sorted(set(items))
        chance.shuffle(mixed)
        apart = max(1, round(len(mixed) * _KEPT_APART))
        return mixed[apart:], mixed[:apart]

    names = {kind: {group: part(each) for group, each in table.items()} for kind, table in (("given", given), ("family", family))}
    rest = {name: part(items) for name, items in everything.items()}
    made = [
        Lists(
            **{kind: {group: each[side] for group, each in table.items()} for kind, table in names.items()},
            **{name: each[side] for name, each in rest.items()},
            words=words,
        )
        for side in (0, 1)
    ]
    return made[0], made[1]


@cache
def faked(locale: str, seed: int) -> tuple[list[str], list[str]]:
    """Return given and family names of one of Faker's locales, at most 250 of each, in Latin letters."""
    from faker import Faker

    provider = type(next(each for each in Faker(locale).get_providers() if hasattr(each, "first_names")))
    chance = random.Random(seed)
    found = []
    for kind in ("first_names", "last_names"):
        names = sorted({str(name).strip() for name in getattr(provider, kind, ())})
        names = [name for name in names if _LATIN.fullmatch(name) and name[:1].isupper()]
        chance.shuffle(names)
        found.append(names[:250])
    return found[0], found[1]


def person(from_lists: Lists, chance: random.Random, *, titled: bool = False) -> str:
    """Return a person's name as people say it: mostly the given name, after a title mostly the family name."""
    groups = list(from_lists.given)
    group = chance.choice([*groups, *(name for name in MORE if name in groups)])
    given, family = chance.choice(from_lists.given[group]), chance.choice(from_lists.family.get(group) or from_lists.family["dutch"])
    if chance.random() < 0.25:
        given = altered(given, chance)
    if chance.random() < 0.25:
        family = altered(family, chance)
    roll = chance.random()
    if titled:
        return family[:1].upper() + family[1:] if roll < 0.75 else given if roll < 0.85 else f"{given} {family}"
    if roll < 0.6:
        return given
    if roll < 0.9:
        return f"{given} {family}"
    return family[:1].upper() + family[1:] if roll < 0.95 else f"{given[0]}. {family}"


def altered(name: str, chance: random.Random) -> str:
    """Return a name that no list has: one letter in it becomes another, so that the words around it must tell."""
    if len(name) < 4:
        return name
    at = chance.randrange(1, len(name))
    vowel = name[at] in "aeiou"
    return name[:at] + chance.choice("aeiou" if vowel else "bdfgklmnprstvz") + name[at + 1 :] if name[at].isalpha() else name


def organisation(from_lists: Lists, chance: random.Random) -> str:
    """Return the name of an organisation: a known one, or one made by a pattern."""
    if chance.random() < 0.5:
        return chance.choice(from_lists.organisations)
    thing = chance.choice(from_lists.words["things"])
    family = chance.choice(from_lists.family[chance.choice(list(from_lists.family))])
    city = chance.choice(from_lists.places)
    return chance.choice(from_lists.patterns).format(
        city=city, family=family, thing=thing, Thing=thing, mosque=chance.choice(from_lists.words["mosques"])
    )


def sentence(frame: str, from_lists: Lists, chance: random.Random) -> tuple[str, list[tuple[int, int, str]]]:
    """Fill one frame; return the text and its names as ``(start, end, label)``."""
    if chance.random() < 0.3:
        opener = chance.choice(from_lists.words["openers"])
        frame = f"{opener} {frame if frame.startswith(('{P}', '{O}', '{L}', 'HR', 'R3', 'R5', 'Ik ben {P}')) else frame[:1].lower() + frame[1:]}"
    if chance.random() < 0.15 and frame.endswith("."):
        frame = f"{frame[:-1]}, {chance.choice(from_lists.words['closers'])}."
    text, found, titled = "", [], False
    for piece in re.split(r"(\{\w+\})", frame):
        slot = piece[1:-1] if piece.startswith("{") else ""
        if slot == "P":
            said, label = person(from_lists, chance, titled=titled), "PER"
        elif slot == "L":
            said, label = chance.choice(from_lists.places), "LOC"
            said = altered(said, chance) if chance.random() < 0.1 else said
        elif slot == "O":
            said, label = organisation(from_lists, chance), "ORG"
        elif slot == "street":
            said, label = chance.choice(from_lists.words["streets"]), "LOC"
        elif slot:
            said, label = chance.choice(from_lists.words["titles" if slot == "title" else slot]), ""
        else:
            said, label = piece, ""
        titled = slot == "title" or (titled and not slot and not piece.strip())
        if label:
            article = re.match(r"(?:de|het) (?=\S)", said) if label != "PER" else None
            found.append((len(text) + (article.end() if article else 0), len(text) + len(said), label))
        text += said
    return text[:1].upper() + text[1:] if not text.startswith(("'", "’")) else text, found


def turn(from_lists: Lists, chance: random.Random, *, named: float) -> Labelled:
    """Return a turn of one to four sentences as tokens and names as token spans."""
    text, found = "", []
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        frames = from_lists.frames if chance.random() < named else from_lists.free
        said, names = sentence(chance.choice(frames), from_lists, chance)
        base = len(text) + 1 if text else 0
        text = f"{text} {said}" if text else said
        found += [(base + start, base + end, label) for start, end, label in names]
    table = token_table([text])
    starts, ends = table["start"].tolist(), table["end"].tolist()
    spans = []
    for start, end, label in found:
        inside = [at for at, (one, other) in enumerate(zip(starts, ends, strict=True)) if one < end and other > start]
        spans.append((inside[0], inside[-1] + 1, label))
    return table["word"].tolist(), spans


def written_down(labelled: Labelled, chance: random.Random, *, share: float) -> Labelled:
    """Return some turns as a machine writes them down: without capitals, mostly without marks."""
    words, spans = labelled
    if chance.random() >= share:
        return labelled
    bare = chance.random() < 0.6
    kept = [at for at, word in enumerate(words) if not bare or any(letter.isalnum() for letter in word)]
    place = {at: new for new, at in enumerate(kept)}
    moved = []
    for start, end, label in spans:
        inside = [place[at] for at in range(start, end) if at in place]
        if inside:
            moved.append((inside[0], inside[-1] + 1, label))
    return [words[at].lower() for at in kept], moved
