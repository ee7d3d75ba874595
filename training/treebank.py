"""Read the gold and silver sentences; knows the formats of Universal Dependencies and of Frog, nothing of training."""

# ruff: noqa: PLR2004 - shares of made sentences are numbers, and their chance is no secret
from __future__ import annotations

import gzip
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

INTERJECTIONS = frozenset(
    "ja nee uh eh uhm ehm euh hm hmm nou tja oké oke hè hé ach och oh o joh hoor jawel jazeker goh ah aha sorry hallo".split()
)


@dataclass(frozen=True)
class Token:
    """One token of a sentence; ``head`` is a position in the sentence, -1 where it is not annotated."""

    word: str
    lemma: str
    upos: str
    feats: str = ""
    xpos: str = ""
    head: int = -1
    dep: str = ""
    space: bool = True
    entity: str = "O"
    gold: str = ""  # the lemma as the treebank has it, its compounds marked


Sentence = tuple[Token, ...]


def gold(file: Path) -> list[tuple[str, Sentence]]:
    """Return the sentences of a treebank file with their ids; lemmas without the marks of compounds and particles."""
    found = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for block in lines.read().strip().split("\n\n"):
            rows = [line.split("\t") for line in block.splitlines() if line[:1].isdigit()]
            rows = [row for row in rows if row[0].isdigit()]
            name = re.search(r"^# sent_id = (.*)$", block, re.MULTILINE)
            found.append((name.group(1) if name else "", tuple(_token(row) for row in rows)))
    return found


def _token(row: list[str]) -> Token:
    word, lemma, upos, xpos, feats, head, dep, _, misc = row[1:10]
    at = int(row[0]) - 1
    return Token(
        word,
        plain_lemma(word, lemma, upos),
        upos,
        "" if feats == "_" else feats,
        xpos,
        int(head) - 1 if int(head) else at,
        dep if int(head) else "ROOT",
        "SpaceAfter=No" not in misc,
        gold=lemma,
    )


def plain_lemma(word: str, lemma: str, upos: str) -> str:
    """Return a treebank's lemma as people write it: ``staat_hervorming`` is staatshervorming, ``kwam`` stays komen."""
    if "_" not in lemma.strip("_"):
        return lemma
    pieces = lemma.split("_")
    last = pieces[-1]
    if upos in {"VERB", "AUX"}:
        whole = "".join(pieces)
        return whole if word.lower().startswith(pieces[0].lower()) else last
    for size in range(len(last), 2, -1):
        at = word.lower().rfind(last[:size].lower())
        if at > 0:
            return word[:at].lower() + last if upos != "PROPN" else word[:at] + last
    return "".join(pieces)


def silver(file: Path, train: Iterable[Sentence]) -> list[Sentence]:
    """Return Frog's sentences with tags of Universal Dependencies, by majority over the gold sentences of the same tag."""
    by_word: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    by_end: dict[tuple[str, str, bool], Counter[tuple[str, str]]] = defaultdict(Counter)
    by_tag: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for token in (token for sentence in train for token in sentence):
        made = (token.upos, token.feats)
        by_word[token.xpos, token.word.lower()][made] += 1
        by_end[token.xpos, token.word.lower()[-3:], token.word[:1].isupper()][made] += 1
        by_tag[token.xpos][made] += 1

    def mapped(word: str, tag: str) -> tuple[str, str]:
        if word.lower() in INTERJECTIONS and not tag.startswith("N|"):
            return "INTJ", ""
        options = by_word.get((tag, word.lower())) or by_end.get((tag, word.lower()[-3:], word[:1].isupper())) or by_tag.get(tag)
        return options.most_common(1)[0][0] if options else ("X", "")

    made = []
    for rows in frog(file):
        tags = [_cgn(row[2]) for row in rows]
        tokens = []
        for row, tag in zip(rows, tags, strict=True):
            upos, feats = mapped(row[0], tag)
            lemma = row[1] if upos == "PROPN" else row[1].lower()
            entity = row[4] if row[4][2:] in {"PER", "LOC", "ORG"} else "O"
            tokens.append(Token(row[0], lemma.replace("_", ""), upos, feats, tag, entity=entity))
        made.append(tuple(tokens))
    return made


def frog(file: Path) -> Iterator[list[list[str]]]:
    """Give the sentences of a Frog file: token, lemma, tag, confidence, name."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for block in lines.read().strip().split("\n\n"):
            rows = [line.split("\t") for line in block.splitlines()]
            yield [row for row in rows if len(row) == 5 and row[0]]


def _cgn(tag: str) -> str:
    kind, _, rest = tag.partition("(")
    return "|".join([kind, *[part for part in rest.rstrip(")").split(",") if part]])


_REDUCED = {
    "mijn": "m'n",
    "zijn": "z'n",
    "haar": "d'r",
    "het": "'t",
    "ik": "'k",
    "een": "'n",
    "even": "effe",
    "eens": "'ns",
    "niet": "nie",
    "hem": "'m",
}
_HESITATIONS = ("uh", "eh", "uhm", "ehm", "euh", "hm")
_OPENERS = ("ja", "nee", "nou", "tja", "oké", "hè")


def spoken(sentence: Sentence, chance: random.Random) -> Sentence:
    """Return a gold sentence as it might be said: reduced words, hesitations, no capital, fewer marks."""
    lower, bare = chance.random() < 0.5, chance.random() < 0.4
    kept: list[tuple[int | None, Token]] = []
    if chance.random() < 0.5:
        kept.append((None, Token(chance.choice(_OPENERS).capitalize(), "", "INTJ", space=True)))
    for at, token in enumerate(sentence):
        if bare and token.upos == "PUNCT" and not any(other.head == at for other in sentence):
            continue
        if chance.random() < 0.05 and kept:
            kept.append((None, Token(chance.choice(_HESITATIONS), "", "INTJ")))
        word = token.word
        if token.upos in {"PRON", "DET", "ADV"} and word.lower() in _REDUCED and chance.random() < 0.4:
            word = _REDUCED[word.lower()]
        kept.append((at, replace(token, word=word.lower() if lower else word, space=True)))
    place = {at: new for new, (at, _) in enumerate(kept) if at is not None}
    made = []
    for new, (at, token) in enumerate(kept):
        if at is None:
            # a filler hangs on the word beside it, so that the tree stays projective
            beside = new + 1 if new + 1 < len(kept) else new - 1
            made.append(replace(token, lemma=token.word.lower(), head=beside, dep="discourse"))
        else:
            made.append(replace(token, head=place[token.head]))
    return tuple(made)


def grouped(sentences: Iterable[Sentence], chance: random.Random, most: int = 8) -> Iterator[list[Sentence]]:
    """Give 1 to 8 consecutive sentences at a time, so that a parser learns where one ends."""
    left = iter(sentences)
    while group := list(islice(left, chance.randint(1, most))):
        yield group
