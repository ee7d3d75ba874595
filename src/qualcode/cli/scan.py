"""``qualcode scan``: what may still identify a person, in a study or in files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qualcode.cli.output import note, out, out_json, progress, records, table
from qualcode.errors import Refused
from qualcode.labels import language, say

_SHOWN = ("file", "start", "end", "text", "label", "kind", "confidence", "why", "advice")
_LONGEST = 60


def add(every: Any) -> None:
    """Add the command to the commands there are."""
    made = every.add("scan", run, machine=True, key="scan")
    made.add_argument("sources", nargs="+", metavar="STUDY|FILE", help=say("privacy.help_sources"))
    made.add_argument("--key", type=Path, metavar="CSV", help=say("privacy.help_key"))
    made.add_argument("--no-model", action="store_true", help=say("privacy.help_no_model"))
    made.add_argument("--deduce", action="store_true", help=say("privacy.help_deduce"))


def run(chosen: argparse.Namespace) -> int:
    """Scan a study, or files one by one."""
    study = chosen.sources[0] if _is_study(chosen.sources[0]) else None
    if study is not None and len(chosen.sources) > 1:
        raise Refused("privacy.one_study")
    if chosen.key is not None and study is None:
        raise Refused("privacy.key_needs_study")
    found, texts = _of_study(study, chosen) if study else _of_files(chosen.sources, chosen)
    score = _score(found, texts, chosen.key) if chosen.key else None
    listing = found[[*_SHOWN, *(["document"] if study else [])]]
    if chosen.json:
        out_json(records(listing) if score is None else {"found": records(listing), "score": records(score)})
        return 0
    _print(listing)
    if score is not None:
        _print_score(score, chosen.key.name)
    return 0


def _is_study(source: str) -> bool:
    return "://" in source or source.endswith(".qualcode")


def _of_study(source: str, chosen: argparse.Namespace) -> tuple[Any, dict[str, str]]:
    from qualcode.project import Project

    with Project.open(source) as study:
        now = study.snapshot()
        texts = {name: now.text(guid) for name, guid in now.document_names.items()}
        found = study.scan(trained_names=not chosen.no_model, deduce=chosen.deduce)
    _say(chosen, found.attrs["model"], found.attrs["notes"])
    return found, texts


def _of_files(sources: list[str], chosen: argparse.Namespace) -> tuple[Any, dict[str, str]]:
    import pandas as pd

    from qualcode.privacy.files import scan_file
    from qualcode.project.privacy import looked_with, not_dutch, recognisers

    frames, texts = [], {}
    entities = recognisers(model=not chosen.no_model, deduce=chosen.deduce)
    with progress() as step:
        for number, source in enumerate(sources, 1):
            step(Path(source).name, number, len(sources))
            frame, texts[Path(source).name] = scan_file(Path(source), entities=entities)
            frames.append(frame.assign(file=Path(source).name))
    _say(chosen, looked_with(model=not chosen.no_model, deduce=chosen.deduce), not_dutch(texts))
    return pd.concat(frames, ignore_index=True), texts


def _say(chosen: argparse.Namespace, models: str, notes: list[str]) -> None:
    """Say with what was looked, and where the scan is less than it could be: no trained names, another language."""
    from qualcode.project.privacy import trained

    if not chosen.no_model and trained() is None:
        note(say("privacy.without_model"))
    if models:
        note(say("privacy.looked_with", models=models))
    for sentence in notes:
        note(sentence)


def _score(found: Any, texts: dict[str, str], key: Path) -> Any:
    from qualcode.privacy.scoring import placed, read_answers, scored

    return scored(found, placed(read_answers(key), texts))


def _print(found: Any) -> None:
    rows = [
        {
            **row,
            "label": say(f"privacy.label_{row['label']}"),
            "kind": say(f"privacy.kind_{row['kind']}"),
            "text": " ".join(row["text"].split())[:_LONGEST],
        }
        for row in records(found)
    ]
    if rows:
        table(rows, {name: say(f"privacy.head_{name}") for name in ("file", "start", "text", "label", "kind", "why", "advice")})
        out("")
    out(say("privacy.found", n=len(rows)))


def _print_score(score: Any, key: str) -> None:
    out("")
    out(say("privacy.score_of", key=key))
    rows = [
        {**row, "kind": say(f"privacy.kind_{row['kind']}"), "recall": _share(row["recall"]), "precision": _share(row["precision"])}
        for row in records(score)
    ]
    table(rows, {name: say(f"privacy.head_{name}") for name in ("kind", "planted", "found", "recall", "reported", "right", "precision")})


def _share(value: float | None) -> str:
    shown = "–" if value is None else f"{value:.2f}"
    return shown.replace(".", ",") if language() == "nl" else shown
