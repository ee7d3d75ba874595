"""Train tags, lemmas and dependencies on the treebanks: ``python training/tagging.py --data DIR --work DIR``."""

# ruff: noqa: PLR2004, S311 - shares of made sentences are numbers, and their chance is no secret
from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable
from pathlib import Path

import spacy
from spacy.cli.train import train
from spacy.tokens import Doc, DocBin
from treebank import Sentence, gold, grouped, silver, spoken

SEED = 0
HERE = Path(__file__).parent
DEV = 120
"""Sentences at the end of each dev file that choose the best step; the model never learns from them."""


def parted(data: Path) -> tuple[list[Sentence], list[Sentence]]:
    """Return the gold sentences to learn from and those that choose the step; both test parts stay out.

    Learned from: the dev files but for their last 120 sentences, and the news and web part of the LassySmall test file. Kept for the
    figures: the Wikipedia part of the LassySmall test file and the whole Alpino test file.
    """
    train_part: list[Sentence] = []
    dev_part: list[Sentence] = []
    for bank in ("lassysmall", "alpino"):
        sentences = [sentence for _, sentence in gold(data / f"ud/nl_{bank}-ud-dev.conllu.gz")]
        train_part += sentences[:-DEV]
        dev_part += sentences[-DEV:]
    train_part += [sentence for name, sentence in gold(data / "ud/nl_lassysmall-ud-test.conllu.gz") if not name.startswith("wiki")]
    return train_part, dev_part


def doc(vocab: spacy.Vocab, group: Iterable[Sentence]) -> Doc:
    """Return sentences as one document with what is known of them."""
    sentences = list(group)
    tokens = [token for sentence in sentences for token in sentence]
    bases = [sum(map(len, sentences[:at])) for at in range(len(sentences)) for _ in sentences[at]]
    known = all(token.head >= 0 for token in tokens)
    tree = (
        {"heads": [base + token.head for base, token in zip(bases, tokens, strict=True)], "deps": [token.dep for token in tokens]}
        if known
        else {}
    )
    return Doc(
        vocab,
        words=[token.word for token in tokens],
        spaces=[token.space for token in tokens],
        lemmas=[token.lemma for token in tokens],
        pos=[token.upos for token in tokens],
        morphs=[token.feats for token in tokens],
        **tree,
    )


def corpora(data: Path, work: Path) -> dict[str, int]:
    """Write the training and dev documents; return how many tokens of each kind."""
    chance, vocab = random.Random(SEED), spacy.blank("nl").vocab
    gold_part, dev_part = parted(data)
    counts = {"gold": sum(map(len, gold_part)), "dev": sum(map(len, dev_part))}
    docs = [doc(vocab, group) for _ in range(2) for group in grouped(gold_part, chance)]
    docs += [doc(vocab, group) for group in grouped([spoken(sentence, chance) for sentence in gold_part], chance)]
    wiki = silver(data / "silver/frog-wiki.tsv.gz", gold_part)
    said = silver(data / "silver/frog-own-spoken.tsv.gz", gold_part)
    counts |= {"silver_wikipedia": sum(map(len, wiki)), "silver_spoken": sum(map(len, said))}
    docs += [doc(vocab, group) for group in grouped(wiki, chance)]
    docs += [doc(vocab, group) for _ in range(4) for group in grouped(said, chance)]
    docs += [doc(vocab, group) for _ in range(2) for group in grouped([spoken_silver(one, chance) for one in said], chance)]
    chance.shuffle(docs)
    DocBin(docs=docs, store_user_data=False).to_disk(work / "train.spacy")
    DocBin(docs=[doc(vocab, [one]) for one in dev_part]).to_disk(work / "dev.spacy")
    return counts


def spoken_silver(sentence: Sentence, chance: random.Random) -> Sentence:
    """Return a silver sentence as a machine writes it down: no capitals, few marks."""
    from dataclasses import replace

    bare = chance.random() < 0.5
    made = tuple(replace(token, word=token.word.lower()) for token in sentence if not (bare and token.upos == "PUNCT"))
    return made or sentence


def main() -> None:
    """Train and leave the best pipeline in WORK/tagging/model-best, with the run's own account beside it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--work", type=Path, required=True)
    chosen = asked.parse_args()
    work = chosen.work / "tagging"
    work.mkdir(parents=True, exist_ok=True)
    begun, cpu = time.time(), time.process_time()
    counts = corpora(chosen.data, work)
    train(
        HERE / "tagger.cfg", work, overrides={"corpora.train.path": str(work / "train.spacy"), "corpora.dev.path": str(work / "dev.spacy")}
    )
    account = {
        "seed": SEED,
        "tokens": counts,
        "minutes": round((time.time() - begun) / 60, 1),
        "cpu_minutes": round((time.process_time() - cpu) / 60, 1),
    }
    (work / "run.json").write_text(json.dumps(account, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
