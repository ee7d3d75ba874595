"""``qualcode suggest``: likely codes, in a study or from one table to another."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qualcode.cli.output import note, out_json, progress, records, table
from qualcode.labels import say

_SEED = 7
_SHOWN = 60


def add(every: Any) -> None:
    """Add the command to the commands there are."""
    made = every.add("suggest", run, machine=True)
    made.add_argument("study", nargs="?", metavar="STUDY", help=say("cli.study"))
    made.add_argument("--train", type=Path, metavar="TRAIN.csv", help=say("discovery.help_train"))
    made.add_argument("--predict", type=Path, metavar="TEST.csv", help=say("discovery.help_predict"))
    made.add_argument("--code", metavar="CODE", help=say("discovery.help_code"))
    made.add_argument("--seed", type=int, default=_SEED, metavar="N", help=say("discovery.help_seed"))
    made.add_argument("--model", default="use", metavar="MODEL", help=say("discovery.help_model"))
    made.add_argument("--large", type=Path, nargs=2, metavar=("FILE", "OUT"), help=say("discovery.help_suggest_large"))
    made.add_argument("--column", default="text", metavar="NAME", help=say("discovery.help_column"))
    made.add_argument("--workers", type=int, default=2, metavar="N", help=say("discovery.help_workers"))
    made.add_argument("--scheduler", metavar="ADDRESS", help=say("discovery.help_scheduler"))
    made.set_defaults(refuse=made.error)


def run(chosen: argparse.Namespace) -> int:
    """Suggest codes in a study, or for the rows of a table."""
    if chosen.seed < 0 or chosen.seed >= 2**32:
        chosen.refuse(say("discovery.bad_seed"))
    tables = (chosen.train is not None) + (chosen.predict is not None)
    if tables == 1 or (tables == 0) == (chosen.study is None):
        chosen.refuse(say("discovery.study_or_tables"))
    if chosen.large is not None:
        if tables:
            chosen.refuse(say("discovery.study_or_tables"))
        return _of_large(chosen)
    return _of_tables(chosen) if tables else _of_study(chosen)


def _of_tables(chosen: argparse.Namespace) -> int:
    from qualcode.discovery import embedder
    from qualcode.discovery.ranking import rank
    from qualcode.discovery.tables import answers

    train = answers(chosen.train, needs=("text", "code"))
    asked = answers(chosen.predict)["text"].tolist()
    codes = [[part.strip() for part in cell.split("|") if part.strip()] for cell in train["code"]]
    ranked = rank(train["text"].tolist(), codes, asked, model=embedder(chosen.model), seed=chosen.seed)
    note(say("discovery.ranked_with", model=ranked.model, seed=ranked.seed))
    if ranked.hit is not None:
        note(say("discovery.ranked_hit", percent=round(100 * ranked.hit), n=len(train)))
    if chosen.json:
        out_json(ranked.as_json())
        return 0
    rows = [
        {"row": number, "codes": say("discovery.abstains") if line.get("abstains") else ", ".join(code for code, _ in line["ranking"][:3])}
        for number, line in enumerate(ranked.as_json(), 1)
    ]
    table(rows, {name: say(f"discovery.head_{name}") for name in ("row", "codes")})
    return 0


def _of_study(chosen: argparse.Namespace) -> int:
    from qualcode.project import Project
    from qualcode.project.discovery import suggestions

    with Project.open(chosen.study) as study, progress() as tell:
        found = suggestions(
            study,
            code=chosen.code,
            seed=chosen.seed,
            model=chosen.model,
            tell=lambda done, total: tell(say("discovery.comparing"), done, total),
        )
    for sentence in found.attrs["notes"]:
        note(sentence)
    if chosen.json:
        out_json(records(found))
        return 0
    shown = found.head(_SHOWN).assign(chance=[f"{100 * value:.0f} %" for value in found["chance"].head(_SHOWN)])
    heads = ("code", "document", "turn", "chance", "measured")
    table(records(shown), {name: say(f"discovery.head_{name}") for name in heads})
    return 0


def _of_large(chosen: argparse.Namespace) -> int:
    from qualcode.project import Project

    how = {"column": chosen.column, "workers": chosen.workers, "scheduler": chosen.scheduler, "seed": chosen.seed, "model": chosen.model}
    with Project.open(chosen.study) as study, progress() as tell:
        found = study.suggest_large(*chosen.large, tell=tell, **how)
    for sentence in found.notes:
        note(sentence)
    if chosen.json:
        about = {"folder": str(found.folder), "texts": found.texts, "without": found.without, "seconds": found.seconds}
        out_json({"codes": records(found.codes), **about, "model": found.model, "seed": found.seed, "notes": list(found.notes)})
        return 0
    table(records(found.codes[found.codes["texts"] > 0]), {name: say(f"discovery.head_{name}") for name in ("code", "name", "texts")})
    note(say("discovery.suggested_large", folder=str(found.folder), texts=found.texts, without=found.without))
    return 0
