"""Train names of persons, places and organisations: ``python training/naming.py --data DIR --work DIR``."""

# ruff: noqa: S311 - shares of made sentences are numbers, and their chance is no secret
from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import spacy
from spacy.cli.train import train
from spacy.tokens import Doc, DocBin, Span
from talk import Labelled, lists, turn, written_down
from treebank import frog

from qualcode.language.tokens import token_table

SEED = 0
HERE = Path(__file__).parent
TURNS, CHOOSING = 15_000, 700
OWN_LEARNED, OWN_CHOOSING = 100, 130
"""Of the 160 turns without names: those to learn from and those that choose the step; the rest is kept for the figures."""


def wikipedia(file: Path) -> list[Labelled]:
    """Return Frog's sentences with the names that are persons, places or organisations."""
    made = []
    for rows in frog(file):
        spans: list[tuple[int, int, str]] = []
        for at, row in enumerate(rows):
            begin, _, label = row[4].partition("-")
            if label not in {"PER", "LOC", "ORG"}:
                continue
            if begin == "B" or not spans or spans[-1][1] != at or spans[-1][2] != label:
                spans.append((at, at + 1, label))
            else:
                spans[-1] = (spans[-1][0], at + 1, label)
        made.append(([row[0] for row in rows], spans))
    return made


def unnamed(file: Path) -> list[Labelled]:
    """Return the hand-written turns that hold no names."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    table = token_table(lines)
    return [(words.tolist(), []) for _, words in table.groupby("text")["word"]]


def doc(vocab: spacy.Vocab, labelled: Labelled) -> Doc:
    """Return a labelled turn as a document."""
    words, spans = labelled
    made = Doc(vocab, words=words)
    made.set_ents([Span(made, start, end, label) for start, end, label in spans])
    return made


def corpora(data: Path, work: Path) -> dict[str, int]:
    """Write the training and dev documents; return how many of each kind."""
    chance, vocab = random.Random(SEED), spacy.blank("nl").vocab
    learned, apart = lists(SEED)
    wiki = wikipedia(data / "silver/frog-wiki.tsv.gz")
    chance.shuffle(wiki)
    wiki_dev, wiki = wiki[:250], wiki[250:]
    own = unnamed(data / "silver/own-spoken-turns.txt")
    made = [written_down(turn(learned, chance, named=0.62), chance, share=0.38) for _ in range(TURNS)]
    made += wiki
    made += [written_down(each, chance, share=1) for each in chance.sample(wiki, len(wiki) // 4)]
    made += [written_down(each, chance, share=0.3) for _ in range(4) for each in own[:OWN_LEARNED]]
    chance.shuffle(made)
    choosing = [written_down(turn(apart, chance, named=0.6), chance, share=0.35) for _ in range(CHOOSING)]
    choosing += [written_down(each, chance, share=0.2) for each in wiki_dev]
    choosing += [written_down(each, chance, share=0.3) for each in own[OWN_LEARNED:OWN_CHOOSING]]
    DocBin(docs=[doc(vocab, each) for each in made], store_user_data=False).to_disk(work / "train.spacy")
    DocBin(docs=[doc(vocab, each) for each in choosing], store_user_data=False).to_disk(work / "dev.spacy")
    names = {group: len(each) + len(learned.family.get(group, ())) for group, each in learned.given.items()}
    return {
        "generated_turns": TURNS,
        "wikipedia_sentences": len(wiki),
        "tokens": sum(len(words) for words, _ in made),
        "name_groups": len(names),
        "names": sum(names.values()),
    }


def main() -> None:
    """Train and leave the best pipeline in WORK/naming/model-best, with the run's own account beside it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, required=True)
    asked.add_argument("--work", type=Path, required=True)
    chosen = asked.parse_args()
    work = chosen.work / "naming"
    work.mkdir(parents=True, exist_ok=True)
    begun, cpu = time.time(), time.process_time()
    counts = corpora(chosen.data, work)
    train(
        HERE / "names.cfg", work, overrides={"corpora.train.path": str(work / "train.spacy"), "corpora.dev.path": str(work / "dev.spacy")}
    )
    account = {
        "seed": SEED,
        "counts": counts,
        "minutes": round((time.time() - begun) / 60, 1),
        "cpu_minutes": round((time.process_time() - cpu) / 60, 1),
    }
    (work / "run.json").write_text(json.dumps(account, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
