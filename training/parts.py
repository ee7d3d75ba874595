"""Count which nouns begin and end compounds in the Dutch noun list, for splitting compounds that no list has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from math import log1p

SHORTEST = 3
# endings that are words too, but end far more derived nouns than compounds
ENDINGS = frozenset(
    "ing king ting sing ring ling zing schap heid ster aar tie ion aal ris ent rijf kel den ten sering naar age ant eur atie natie iteit ist isme "
    "aard erd sel nis dom ment elijk baar loos zaam achtig ner der ter rer oom ier een era tor ser ler ker per ger ver zer grafie loog graaf".split()
)
# beginnings that are prefixes, or the front of longer words
BEGINNINGS = frozenset(
    "be ge ver ont her er on ex in de pre pro re con com inter trans sub per par mee ins stud bed red acht pot dos nat lini verle secreta combi "
    "voor uit over onder aan af op bij toe door na tegen om prol bio mono poly co".split()
)
# words that begin compounds without being nouns, verbs or adjectives of the tables
ALSO = frozenset("tussen boven buiten binnen mede neven oud mini maxi super ere edel hoofd niet zelf".split())
LINKS = ("", "s", "en", "e", "er", "n", "-")


def stem(infinitive: str) -> str:
    """Return the stem of a verb by its spelling: melden gives meld, spelen speel, lezen lees."""
    if not infinitive.endswith("en"):
        return infinitive.removesuffix("n")
    bare = infinitive[:-2]
    if len(bare) > 2 and bare[-1] == bare[-2] and bare[-1] not in "aeiou":  # noqa: PLR2004
        return bare[:-1]
    return _closed(bare)


def _closed(bare: str) -> str:
    """Return a stem with the vowel of its closed syllable doubled and its last letter as written at the end of a word."""
    short = len(bare) > 1 and bare[-1] not in "aeiou" and bare[-2] in "aeou" and (len(bare) < 3 or bare[-3] not in "aeiou")  # noqa: PLR2004
    whole = bare[:-1] + bare[-2] + bare[-1] if short else bare
    return whole[:-1] + {"v": "f", "z": "s"}.get(whole[-1], whole[-1]) if whole else whole


def counted(nouns: AbstractSet[str], verbs: AbstractSet[str], adjectives: AbstractSet[str]) -> dict[str, dict[str, list[int | str] | int]]:
    """Return how many nouns each noun ends, and each beginning begins, with the word that the beginning is a form of.

    A noun is a compound here when a noun of the list ends it: ``integriteitsmedewerker`` counts for ``medewerker`` and for
    ``integriteits``, whose word is ``integriteit``.
    """
    heads: Counter[str] = Counter()
    fronts: Counter[str] = Counter()
    for noun in nouns:
        for at in range(2, len(noun) - SHORTEST + 1):
            if noun[at:] in nouns and noun[at:] not in ENDINGS:
                heads[noun[at:]] += 1
                fronts[noun[:at]] += 1
    known = nouns | adjectives | {stem(verb) for verb in verbs} | ALSO
    found = {front: (count, _word(front, known, nouns, fronts)) for front, count in fronts.items()}
    return {
        "heads": dict(sorted(heads.items())),
        "fronts": {front: [count, word] for front, (count, word) in sorted(found.items()) if word},
    }


def _word(front: str, known: AbstractSet[str], nouns: AbstractSet[str], fronts: Counter[str]) -> str:
    """Return the word that a beginning is a form of: as it stands, or without its linking letters; the most common one."""
    options: dict[str, float] = {}
    for link in LINKS:
        bare = front.removesuffix(link)
        if (link and not front.endswith(link)) or len(bare) < 2 or bare in BEGINNINGS:  # noqa: PLR2004
            continue
        if bare in known:
            options[bare] = log1p(fronts[bare]) + (4 if not link else 0)
        elif link == "en":
            single = bare[:-1] if len(bare) > 3 and bare[-1] == bare[-2] else ""  # noqa: PLR2004
            options |= {word: log1p(fronts[word]) for word in (single, _closed(bare)) if word in nouns}
    return max(options, key=lambda word: (options[word], word)) if options else ""
