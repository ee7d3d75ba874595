"""``qualcode topics``: what texts are about, in a study or in a file of answers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qualcode.cli.output import note, out, out_json, progress, records, table
from qualcode.labels import say

_SUFFIXES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson")
_ENGINES = ("bertopic", "hdbscan", "kmeans")
_SEED = 7
_SHOWN = 8


def add(every: Any) -> None:
    """Add the command to the commands there are."""
    made = every.add("topics", run, machine=True)
    made.add_argument("source", metavar="STUDY|FILE", help=say("discovery.help_source"))
    made.add_argument("--topics", type=int, metavar="N", help=say("discovery.help_topics"))
    made.add_argument("--seed", type=int, default=_SEED, metavar="N", help=say("discovery.help_seed"))
    made.add_argument("--engine", choices=_ENGINES, default="bertopic", help=say("discovery.help_engine"))
    made.add_argument("--model", default="use", metavar="MODEL", help=say("discovery.help_model"))
    made.add_argument("--guided", action="store_true", help=say("discovery.help_guided"))
    made.add_argument("--large", type=Path, metavar="OUT", help=say("discovery.help_large"))
    made.add_argument("--column", default="text", metavar="NAME", help=say("discovery.help_column"))
    made.add_argument("--workers", type=int, default=2, metavar="N", help=say("discovery.help_workers"))
    made.add_argument("--scheduler", metavar="ADDRESS", help=say("discovery.help_scheduler"))
    made.set_defaults(refuse=made.error)


def run(chosen: argparse.Namespace) -> int:
    """Find topics in a study or a file and print them."""
    if chosen.seed < 0 or chosen.seed >= 2**32:
        chosen.refuse(say("discovery.bad_seed"))
    if chosen.topics is not None and chosen.topics < 2:  # noqa: PLR2004
        chosen.refuse(say("discovery.bad_amount"))
    is_file = Path(chosen.source).suffix.lower() in _SUFFIXES and "://" not in chosen.source
    if chosen.guided and (is_file or chosen.large is not None):
        chosen.refuse(say("discovery.guided_study"))
    if chosen.large is not None:
        return _of_large(chosen)
    return _of_file(chosen) if is_file else _of_study(chosen)


def _of_file(chosen: argparse.Namespace) -> int:
    from qualcode.discovery import embed, embedder, find_topics
    from qualcode.discovery.embedding import enough_memory
    from qualcode.discovery.engines import warm_up
    from qualcode.discovery.tables import answers

    texts = answers(Path(chosen.source))["text"].tolist()
    model = embedder(chosen.model)
    warm_up(chosen.engine)
    with progress() as tell:
        embedded = embed(texts, model, tell=lambda done, total: tell(say("discovery.comparing"), done, total))
        with enough_memory(len(texts)):
            found = find_topics(texts, embedded, amount=chosen.topics, seed=chosen.seed, engine=chosen.engine)
    if chosen.json:
        _aside(found)
        out_json(found.as_json())
        return 0
    _shown(found)
    _aside(found)
    return 0


def _of_large(chosen: argparse.Namespace) -> int:
    from qualcode.discovery.large import discover_large

    with progress() as tell:
        found = discover_large(
            chosen.source,
            chosen.large,
            column=chosen.column,
            topics=chosen.topics,
            workers=chosen.workers,
            scheduler=chosen.scheduler,
            seed=chosen.seed,
            model=chosen.model,
            tell=tell,
        )
    if chosen.json:
        about = {"folder": str(found.folder), "texts": found.texts, "outside": found.outside, "seconds": found.seconds}
        out_json({"topics": records(found.topics), **about, "model": found.model, "seed": found.seed, "notes": list(found.notes)})
        return 0
    _shown(found)
    note(say("discovery.done", topics=len(found.topics), texts=found.texts, outside=found.outside))
    note(say("discovery.large_done", folder=str(found.folder), model=found.model, seed=found.seed))
    for sentence in found.notes:
        note(sentence)
    return 0


def _shown(found: Any) -> None:
    rows = [
        {"id": row["id"], "label": row["label"], "size": row["size"], "words": ", ".join(row["words"][:_SHOWN])}
        for row in found.topics.to_dict("records")
    ]
    if rows:
        table(rows, {name: say(f"discovery.head_{name}") for name in ("id", "size", "words")})
        out("")


def _aside(found: Any) -> None:
    """Say on stderr what was done with what, and what to keep in mind."""
    note(say("discovery.done", topics=len(found.topics), texts=len(found.texts), outside=found.outside))
    note(say("discovery.made_with", engine=found.engine, model=found.model, seed=found.seed))
    for sentence in found.notes:
        note(sentence)


def _of_study(chosen: argparse.Namespace) -> int:
    from qualcode.project import Project
    from qualcode.project.discovery import discover_topics, topic_table

    with Project.open(chosen.source) as study, progress() as tell:
        found = discover_topics(
            study,
            topics=chosen.topics,
            seed=chosen.seed,
            engine=chosen.engine,
            model=chosen.model,
            guided=chosen.guided,
            tell=lambda done, total: tell(say("discovery.comparing"), done, total),
        )
        rows = topic_table(study, found)
    _aside(found)
    if chosen.json:
        places = (
            found.passages[["document", "turn", "start", "end"]].assign(topic=found.assignments) if found.passages is not None else None
        )
        out_json({"topics": records(rows), "assignments": [] if places is None else records(places)})
        return 0
    heads = ("id", "words", "size", "groups", "voices", "stability", "state", "nearest")
    shown = [{**row, "words": ", ".join(row["words"][:_SHOWN]), "state": say(f"discovery.{row['state']}")} for row in records(rows)]
    if shown:
        table(shown, {name: say(f"discovery.head_{name}") for name in heads})
    return 0
