"""``qualcode agreement``: how far coders agree, in a study or in a table."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qualcode.cli.output import note, out, out_json, records, table
from qualcode.errors import BadFile
from qualcode.labels import language, say

# a first column of this name says which unit a row is; it is no coder
_UNIT_COLUMNS = frozenset({"", "unit", "units", "unit_id", "eenheid", "eenheden", "item", "id", "nr"})
_UNITS = ("turn", "sentence", "character")
_LEVELS = ("code", "subtheme", "theme")
_SEED = 7


def _names(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def add(every: Any) -> None:
    """Add the command to the commands there are."""
    options(every.add("agreement", run, machine=True))


def options(made: argparse.ArgumentParser) -> None:
    """Add the options of the command to its parser."""
    made.add_argument("study", nargs="?", metavar="STUDY", help=say("cli.study"))
    made.add_argument("--coders", type=_names, metavar="A,B", help=say("agreement.help_coders"))
    made.add_argument("--layer", default="ronde-1", metavar="LAYER", help=say("agreement.help_layer"))
    made.add_argument("--unit", choices=_UNITS, default="turn", help=say("agreement.help_unit"))
    made.add_argument("--level", choices=_LEVELS, default="code", help=say("agreement.help_level"))
    made.add_argument("--table", type=Path, metavar="UNITS.csv", help=say("agreement.help_table"))
    made.add_argument("--seed", type=int, default=_SEED, metavar="N", help=say("agreement.help_seed"))
    made.set_defaults(refuse=made.error)


def run(chosen: argparse.Namespace) -> int:
    """Compare coders in a study, or the columns of a table."""
    if chosen.seed < 0:
        chosen.refuse(say("agreement.bad_seed"))
    if (chosen.table is None) == (chosen.study is None):
        chosen.refuse(say("agreement.study_or_table"))
    if chosen.table is not None:
        return _of_table(chosen)
    if not chosen.coders:
        chosen.refuse(say("agreement.coders_needed"))
    return _of_study(chosen)


def _of_table(chosen: argparse.Namespace) -> int:
    from qualcode.analysis.agreement import every

    found = every(_cells(chosen.table), seed=chosen.seed)
    note(_drawn(chosen.seed, "agreement.drawn_units"))
    if chosen.json:
        out_json({name: one.as_json() for name, one in found.items()})
        return 0
    rows = [
        {
            "name": say(f"agreement.name_{name}"),
            "value": _number(one.value),
            "between": _between(one.ci_low, one.ci_high),
            "units": one.units,
        }
        for name, one in found.items()
    ]
    table(rows, {name: say(f"agreement.head_{name}") for name in ("name", "value", "between", "units")})
    for sentence in dict.fromkeys(one.reason for one in found.values() if one.reason):
        names = [say(f"agreement.name_{name}") for name, one in found.items() if one.reason == sentence]
        note(say("agreement.said_of", names=", ".join(names), sentence=sentence))
    return 0


def _cells(path: Path) -> list[list[str]]:
    """Return the judgements of a csv or xlsx file, units x coders; the first row names the coders."""
    from qualcode.importers import grids_of

    grid = grids_of(path)[0]
    header = [cell.strip() for cell in grid.rows[0]]
    first = 1 if len(header) > 1 and header[0].casefold() in _UNIT_COLUMNS else 0
    if first:
        note(say("agreement.left_column", column=header[0] or "1"))
    cells = []
    for line, row in zip(grid.lines[1:], grid.rows[1:], strict=True):
        if any(cell.strip() for cell in row[len(header) :]):
            raise BadFile("agreement.long_row", file=path.name, line=line, cells=len(row), columns=len(header))
        cells.append([row[i].strip() if i < len(row) else "" for i in range(first, len(header))])
    if not cells:
        raise BadFile("agreement.no_rows", file=path.name)
    return cells


def _of_study(chosen: argparse.Namespace) -> int:
    from qualcode.analysis.agreement import agreement, overview, span_agreement
    from qualcode.project import Project

    with Project.open(chosen.study) as study:
        snapshot = study.snapshot()
    where = {"layer": chosen.layer, "level": chosen.level, "seed": chosen.seed}
    units = agreement(snapshot, chosen.coders, unit=chosen.unit, **where)
    spans = span_agreement(snapshot, chosen.coders, **where)
    if chosen.json:
        out_json({"units": records(units), "spans": records(spans)})
        return 0
    _summary(chosen, units)
    _codes(overview(units), several=units["coders"].nunique() > 1)
    note(_drawn(chosen.seed, "agreement.drawn_turns"))
    whole = spans[spans["code"].isna()]
    out(f"\n{say('agreement.of_spans')}")
    _wholes(whole, ("span_f1", "span_f1_exact", "span_overlap", "alpha_unitizing"))
    return 0


def _summary(chosen: argparse.Namespace, units: Any) -> None:
    """Print what was compared, and the coefficients on sets of codes."""
    whole = units[units["code"].isna()]
    unit, level = say(f"agreement.unit_{chosen.unit}"), say(f"agreement.level_{chosen.level}")
    for row in whole[whole["document"].isna() & (whole["coefficient"] == "alpha_jaccard")].to_dict("records"):
        facts = {"coders": row["coders"].replace("|", ", "), "layer": row["layer"], "unit": unit, "level": level}
        out(say("agreement.compared", **facts, units=row["units"], uncoded=row["uncoded"]))
    _wholes(whole, ("percent_agreement", "alpha_jaccard", "alpha_masi"))
    out("")


def _wholes(frame: Any, names: tuple[str, ...]) -> None:
    """Print the coefficients on all codes together, one row a document."""
    rows: list[dict[str, Any]] = []
    reasons: list[str] = []
    for (coders, document), part in frame.groupby(["coders", "document"], sort=False, dropna=False):
        held = {row["coefficient"]: row for row in part.to_dict("records")}
        shown = {name: _with_interval(held[name]) if name in held else "" for name in names}
        where = document if isinstance(document, str) else say("agreement.all_documents")
        rows.append({"coders": coders.replace("|", ", "), "document": where, **shown})
        reasons += [row["reason"] for row in held.values() if isinstance(row["reason"], str)]
    heads = {"coders": say("agreement.head_coders"), "document": say("agreement.head_document")}
    table(rows, heads | {name: say(f"agreement.name_{name}") for name in names})
    for sentence in dict.fromkeys(reasons):
        note(sentence)


def _codes(frame: Any, *, several: bool) -> None:
    """Print one row a code, and why some have no coefficient."""
    rows = [
        {
            "coders": row["coders"].replace("|", ", "),
            "code": f"{row['code']} {row['name']}" if row["code"] != row["name"] else row["code"],
            "used": row["used"],
            **{name: _number(row[name]) for name in ("percent_agreement", "positive_agreement", "cohen_kappa")},
            "alpha_nominal": _with_interval({"value": row["alpha_nominal"], "ci_low": row["alpha_low"], "ci_high": row["alpha_high"]}),
        }
        for row in frame.to_dict("records")
    ]
    heads = {"coders": say("agreement.head_coders")} if several else {}
    heads |= {"code": say("agreement.head_code"), "used": say("agreement.head_used")}
    names = ("percent_agreement", "positive_agreement", "cohen_kappa", "alpha_nominal")
    table(rows, heads | {name: say(f"agreement.name_{name}") for name in names})
    said: dict[str, list[str]] = {}
    for code, sentence in zip(frame["code"], frame["reason"], strict=True):
        if isinstance(sentence, str):
            said.setdefault(sentence, []).append(code)
    for sentence, codes in said.items():
        note(say("agreement.said_of", names=", ".join(dict.fromkeys(codes)), sentence=sentence))


def _drawn(seed: int, key: str) -> str:
    from qualcode.analysis.agreement import RESAMPLES

    return say(key, draws=RESAMPLES, seed=seed)


def _number(value: float | None) -> str:
    """Return a number as people read it: a dash where there is none, and never 1 for what is nearly so."""
    if value is None or value != value:  # noqa: PLR0124
        return "–"
    shown = ">0.99" if 0.995 <= value < 1 else f"{value:.2f}"  # noqa: PLR2004
    return shown.replace(".", ",") if language() == "nl" else shown


def _between(low: float | None, high: float | None) -> str:
    return "" if _number(low) == "–" else say("agreement.between", low=_number(low), high=_number(high))


def _with_interval(row: dict[str, Any]) -> str:
    return f"{_number(row['value'])} {_between(row['ci_low'], row['ci_high'])}".rstrip()
