"""``qualcode search``: words with what stands around them, or a query over codes, people and words."""

from __future__ import annotations

import argparse
from typing import Any

from qualcode.cli.output import note, out, out_json, progress, records, table
from qualcode.labels import say

_UNITS = ("turn", "fragment", "document")
_CONTEXT = 40
_FILTERS = ("document", "speaker", "role", "code")
_LONGEST_CELL = 80


def add(every: Any) -> None:
    """Add the command to the commands there are."""
    made = every.add("search", run, machine=True)
    made.add_argument("study", metavar="STUDY", help=say("cli.study"))
    made.add_argument("text", metavar="TEXT", help=say("search.help_text"))
    made.add_argument("--lemma", action="store_true", help=say("search.help_lemma"))
    made.add_argument("--compounds", action="store_true", help=say("search.help_compounds"))
    for name in _FILTERS:
        made.add_argument(f"--{name}", metavar=name.upper(), help=say(f"search.help_{name}"))
    made.add_argument("--attribute", action="append", default=[], metavar="NAME=VALUE", help=say("search.help_attribute"))
    made.add_argument("--context", type=int, default=_CONTEXT, metavar="N", help=say("search.help_context"))
    made.add_argument("--query", action="store_true", help=say("search.help_query"))
    made.add_argument("--unit", choices=_UNITS, default="turn", help=say("search.help_unit"))
    made.set_defaults(refuse=made.error)


def run(chosen: argparse.Namespace) -> int:
    """Look for words, or answer a query."""
    from qualcode.project import Project

    attributes = dict(part.partition("=")[::2] for part in chosen.attribute)
    if chosen.context < 0 or any("=" not in part for part in chosen.attribute):
        chosen.refuse(say("search.bad_context" if chosen.context < 0 else "search.bad_attribute"))
    where: dict[str, Any] = {name: getattr(chosen, name) for name in _FILTERS if getattr(chosen, name) is not None}
    where |= {"attributes": attributes} if attributes else {}
    if chosen.query and (where or chosen.lemma or chosen.compounds):
        chosen.refuse(say("search.query_alone"))
    with Project.open(chosen.study) as study, progress() as step:
        if chosen.query:
            return _answered(study.query(chosen.text, unit=chosen.unit, progress=step), chosen)
        manner = {"lemma": chosen.lemma, "compounds": chosen.compounds, "context": chosen.context}
        frame = study.search(chosen.text, progress=step, **manner, **where)
    model = frame.attrs["model"] or None
    if chosen.json:
        out_json([{**row, "codes": row["codes"].split("|") if row["codes"] else [], "model": model} for row in records(frame)])
        return 0
    _lines(frame)
    note(say("search.found", n=len(frame), documents=frame["document"].nunique()))
    if model:
        note(say("search.lemmas_by", model=model))
    return 0


def _lines(frame: Any) -> None:
    """Print one line a place, the words found under each other."""
    rows = frame.to_dict("records")
    spots = [f"{row['document']}:{row['turn']} {row['speaker'] if isinstance(row['speaker'], str) else ''}".rstrip() for row in rows]
    widths = [max(map(len, column), default=0) for column in (spots, frame["left"], frame["hit"], frame["right"])]
    for spot, row in zip(spots, rows, strict=True):
        cells = (spot.ljust(widths[0]), row["left"].rjust(widths[1]), row["hit"].ljust(widths[2]), row["right"].strip().ljust(widths[3]))
        out(f"{cells[0]}  {cells[1]}[{cells[2].rstrip()}] {' ' * (widths[2] - len(row['hit']))}{cells[3]}  {row['codes']}".rstrip())


def _answered(frame: Any, chosen: argparse.Namespace) -> int:
    """Print what a query holds for."""
    if chosen.json:
        rows = records(frame)
        if "codes" in frame:
            rows = [{**row, "codes": row["codes"].split("|") if row["codes"] else []} for row in rows]
        out_json(rows)
        return 0
    shown = {
        "turn": ("document", "turn", "speaker", "text", "codes"),
        "fragment": ("document", "speaker", "code", "coder", "layer", "text"),
        "document": ("document", "kind", "turns", "codings"),
    }[chosen.unit]
    table([{name: _short(row[name]) for name in shown} for row in records(frame)], {name: say(f"search.head_{name}") for name in shown})
    note(say(f"search.answers_{chosen.unit}", n=len(frame)))
    return 0


def _short(value: Any) -> Any:
    """Return a cell that fits on a line."""
    if isinstance(value, str):
        line = " ".join(value.split())
        return line if len(line) <= _LONGEST_CELL else line[: _LONGEST_CELL - 1].rsplit(" ", 1)[0] + "…"
    return value
