"""Measure a pipeline on what it never learned from: treebank test parts, sentences with names, turns without, compounds."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from naming import OWN_CHOOSING, SEED
from tagging import doc
from treebank import Sentence, gold

from qualcode import language
from qualcode.language.lemmas import lemmas
from qualcode.language.pipeline import loaded
from qualcode.language.tokens import plain, token_table

if TYPE_CHECKING:
    from spacy.language import Language

Score = dict[str, float | int]
Names = set[tuple[int, int, int, str]]
TOGETHER = 8
"""Sentences read together, so that the parser must find where each ends."""


def held_out(data: Path) -> dict[str, list[Sentence]]:
    """Return the test sentences: the Wikipedia part of the LassySmall test file, and the Alpino test file."""
    small = gold(data / "ud/nl_lassysmall-ud-test.conllu.gz")
    return {
        "lassysmall_wikipedia": [sentence for name, sentence in small if name.startswith("wiki")],
        "alpino": [sentence for _, sentence in gold(data / "ud/nl_alpino-ud-test.conllu.gz")],
    }


def tagging(sentences: Sequence[Sentence]) -> Score:
    """Return the accuracy on gold tokens: tags, lemmas with and without our rules, dependencies, sentences."""
    from spacy.scorer import Scorer
    from spacy.tokens import Doc
    from spacy.training import Example

    nlp = loaded()
    groups = [sentences[at : at + TOGETHER] for at in range(0, len(sentences), TOGETHER)]
    wanted = [doc(nlp.vocab, group) for group in groups]
    bare = (Doc(nlp.vocab, words=[token.text for token in each], spaces=[bool(token.whitespace_) for token in each]) for each in wanted)
    read = list(nlp.pipe(bare, disable=["ner"]))
    found = Scorer(nlp).score([Example(one, other) for one, other in zip(read, wanted, strict=True)])
    right = pd.Series([token.lemma.lower() for sentence in sentences for token in sentence], dtype="str")
    tree = pd.Series([token.lemma_.lower() for each in read for token in each], dtype="str")
    pos = pd.Series([token.pos_ for each in read for token in each], dtype="str")
    words = pd.Series([plain(token.text) for each in read for token in each], dtype="str")
    ours = lemmas(words, pos=pos, tree=tree)
    content = pd.Series([token.upos in {"NOUN", "VERB", "ADJ"} for sentence in sentences for token in sentence])
    return {
        "tokens": len(right),
        "pos": _share(found["pos_acc"]),
        "morph": _share(found["morph_acc"]),
        "lemma_tree": _share((tree == right).mean()),
        "lemma": _share((ours == right).mean()),
        "lemma_content": _share((ours == right)[content].mean()),
        "uas": _share(found["dep_uas"]),
        "las": _share(found["dep_las"]),
        "sentences_parser": _share(found["sents_f"]),
    }


def cutting(sentences: Sequence[Sentence], blank: Language) -> Score:
    """Return how well running text is cut: tokens by our rules and by spaCy's, sentences by our rules; F over exact spans."""
    text, tokens, whole = "", set(), set()
    for sentence in sentences:
        begin = len(text)
        for token in sentence:
            tokens.add((len(text), len(text) + len(token.word)))
            text += token.word + (" " if token.space else "")
        whole.add((begin, len(text.rstrip())))
        text = text if text.endswith(" ") else f"{text} "
    ours = set(token_table([text])[["start", "end"]].itertuples(index=False, name=None))
    theirs = {(token.idx, token.idx + len(token)) for token in blank.make_doc(text) if not token.is_space}
    cut = set(language.sentences([text])[["start", "end"]].itertuples(index=False, name=None))
    return {"tokens_ours": _f(ours, tokens), "tokens_spacy": _f(theirs, tokens), "sentences_ours": _f(cut, whole)}


def marked(file: Path) -> tuple[list[str], Names]:
    """Return the 30 spoken sentences and their persons, places and organisations."""
    texts, names = [], set()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        text = ""
        for piece in re.split(r"(\[\[\w+:.*?\]\])", line.strip()):
            mark = re.fullmatch(r"\[\[(\w+):(.*?)\]\]", piece)
            if mark and mark[1] in {"PER", "LOC", "ORG"}:
                names.add((number, len(text), len(text) + len(mark[2]), mark[1]))
            text += mark[2] if mark else piece
        texts.append(text)
    return texts, names


def wikiann(file: Path, most: int = 3000) -> tuple[list[str], Names]:
    """Return the first sentences of WikiANN's test file and its (silver) names; for measuring only."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        blocks = [block.splitlines() for block in lines.read().strip().split("\n\n")[:most]]
    texts, names = [], set()
    for number, block in enumerate(blocks):
        rows = [line.split("\t")[-2:] for line in block]
        starts = [sum(len(word) + 1 for word, _ in rows[:at]) for at in range(len(rows))]
        for at, (_, tag) in enumerate(rows):
            if tag.startswith("B-"):
                last = next((end for end in range(at + 1, len(rows)) if not rows[end][1].startswith("I-")), len(rows)) - 1
                names.add((number, starts[at], starts[last] + len(rows[last][0]), tag[2:]))
        texts.append(" ".join(word for word, _ in rows))
    return texts, names


def small(texts: Iterable[str]) -> list[str]:
    """Return texts in lower case, every position as it was."""
    return ["".join(one.lower() if len(one.lower()) == 1 else one for one in text) for text in texts]


def generated(turns: int = 1500) -> tuple[list[str], Names, dict[str, set[tuple[int, int]]]]:
    """Return spoken sentences with one person each, whose names and frames were kept apart, and the names by group."""
    import random

    from talk import lists, sentence

    _, apart = lists(SEED)
    chance = random.Random(SEED + 1)  # noqa: S311
    one = [frame for frame in apart.frames if frame.count("{P}") == 1]
    groups = sorted(apart.given)
    texts, names, by_group = [], set(), {group: set() for group in groups}
    for number in range(turns):
        group = groups[number % len(groups)]
        family = {"dutch": apart.family["dutch"], group: apart.family.get(group) or apart.family["dutch"]}
        alone = replace(apart, given={group: apart.given[group]}, family=family)
        text, found = sentence(chance.choice(one), alone, chance)
        texts.append(text)
        names |= {(number, *each) for each in found}
        by_group[group] |= {(number, start) for start, _, label in found if label == "PER"}
    return texts, names, by_group


def naming(texts: Sequence[str], names: Names) -> Score:
    """Return precision and recall of names by any overlap whatever the label, recall per label, and F over exact spans with labels."""
    table = language.entities(texts)
    found: Names = set(table.itertuples(index=False, name=None))
    hits = {name for name in names if _touched(name, found)}
    right = sum(_touched(each, names) for each in found)
    score: Score = {
        "names": len(names),
        "precision": _share(right / len(found)) if found else 0.0,
        "recall": _share(len(hits) / len(names)),
    }
    for label in ("PER", "LOC", "ORG"):
        of_label = {name for name in names if name[3] == label}
        if of_label:
            score[f"recall_{label}"] = _share(len(hits & of_label) / len(of_label))
    return score | {"f_exact": _f(found, names)}


def recall_by_group(texts: Sequence[str], by_group: dict[str, set[tuple[int, int]]]) -> Score:
    """Return for each group of names how many persons are found."""
    found: Names = set(language.entities(texts).itertuples(index=False, name=None))
    return {
        group: _share(sum(_touched((text, start, start + 1, ""), found) for text, start in persons) / len(persons))
        for group, persons in by_group.items()
        if persons
    }


def false_hits(turns: Sequence[str]) -> Score:
    """Return how many names are seen in turns that hold none."""
    return {"turns": len(turns), "flagged": int(language.entities(turns)["text"].nunique())}


def without_names(data: Path) -> list[str]:
    """Return the hand-written turns without names that were kept for the figures."""
    lines = (data / "silver/own-spoken-turns.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip()][OWN_CHOOSING:]


def compounds(data: Path, split: Callable[[str], tuple[str, ...]]) -> Score:
    """Return how well compounds are split, on nouns of the test files that the dev files do not have; a type counts once."""
    nouns = [_nouns(data, part) for part in ("dev", "test")]
    known = {lemma: pieces for lemma, pieces in nouns[1].items() if lemma not in nouns[0]}
    made = {lemma: split(lemma) for lemma in known}
    real = {lemma for lemma, pieces in known.items() if len(pieces) > 1}
    cut = {lemma for lemma, pieces in made.items() if len(pieces) > 1}
    return {
        "nouns": len(known),
        "compounds": len(real),
        "precision": _share(len(cut & real) / len(cut)),
        "recall": _share(len(cut & real) / len(real)),
        "all_parts": _share(sum(made[lemma] == known[lemma] for lemma in real) / len(real)),
        "last_part": _share(sum(lemma in cut and made[lemma][-1] == known[lemma][-1] for lemma in real) / len(real)),
    }


def _nouns(data: Path, part: str) -> dict[str, tuple[str, ...]]:
    files = [data / f"ud/nl_{bank}-ud-{part}.conllu.gz" for bank in ("lassysmall", "alpino")]
    tokens = (token for file in files for _, sentence in gold(file) for token in sentence)
    nouns = (token for token in tokens if token.upos == "NOUN" and token.word.isalpha() and len(token.word) > TOGETHER // 2)
    return {token.lemma.lower(): tuple(token.gold.strip("_").lower().split("_")) for token in nouns}


def speed(texts: Sequence[str]) -> Score:
    """Return words a second of CPU of one process, for lemmas and for names."""
    counted = len(language.words(texts[:50]))
    made: Score = {}
    for name, read in (("words", language.words), ("names", language.entities)):
        begun = time.process_time()
        read(texts)
        made[name] = round(counted / len(texts[:50]) * len(texts) / (time.process_time() - begun))
    return made


def _touched(name: tuple[int, int, int, str], others: Iterable[tuple[int, int, int, str]]) -> bool:
    return any(text == name[0] and start < name[2] and end > name[1] for text, start, end, _ in others)


def _f(found: set[tuple[int, ...]], right: set[tuple[int, ...]]) -> float:
    return _share(2 * len(found & right) / (len(found) + len(right))) if found or right else 0.0


def _share(value: float) -> float:
    return round(float(value), 4)
