"""How far coders agreed: per round, at each level and for each code, and on where fragments begin and end; never with a verdict."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from qualcode.analysis.agreement import agreement, overview, span_agreement
from qualcode.analysis.counting import once
from qualcode.analysis.spreading import LEVELS
from qualcode.codebook import Level
from qualcode.labels import listed, say
from qualcode.report.account import CONSENSUS, not_recorded
from qualcode.report.facts import Facts
from qualcode.report.markdown import heading, joined, plain, table


def agreed(facts: Facts) -> str:
    """Return how far coders agreed, per round and level, without any verdict; or that nothing was coded twice."""
    snapshot = facts.base.snapshot
    table_of = snapshot.tables["coding"]
    names = snapshot.tables["coder"].set_index("guid")["name"]
    rounds = [layer for layer in dict.fromkeys(table_of["layer"].dropna()) if layer != CONSENSUS]
    parts = [say("report.about_agreement")]
    for layer in rounds:
        coders = sorted({str(names[guid]) for guid in table_of.loc[table_of["layer"] == layer, "coder"] if guid in names.index})
        if len(coders) < 2:  # noqa: PLR2004
            continue
        parts += [heading(2, plain(layer)), _levels(facts, coders, layer)]
        parts.append(_per_code(overview(_compared(facts, coders, layer, "code"))))
        parts.append(_stretches(facts, coders, layer))
    if (table_of["layer"] == CONSENSUS).any() and len(parts) > 1:
        parts.append(say("report.beside_consensus"))
    return joined(*parts) if len(parts) > 1 else not_recorded()


def _compared(facts: Facts, coders: list[str], layer: str, level: Level) -> pd.DataFrame:
    """Return the agreement of one round at one level; worked out once, since several profiles print it."""
    make = partial(agreement, facts.base.snapshot, coders, layer=layer, level=level)
    frame: pd.DataFrame = once(facts.base, f"agreement/{layer}/{coders}/{level}", make)
    return frame


def _levels(facts: Facts, coders: list[str], layer: str) -> str:
    rows = []
    for level in reversed(LEVELS):
        frame = _compared(facts, coders, layer, level)
        whole = frame[frame["code"].isna() & frame["document"].isna()].set_index("coefficient")
        values = [_number(whole["value"].get(name)) for name in ("percent_agreement", "alpha_jaccard")]
        rows.append((say(f"report.level_{level}"), str(int(whole["units"].iloc[0])), *values))
    heads = [say(f"report.head_{name}") for name in ("level", "units", "percent_agreement", "alpha_jaccard")]
    who = listed(coders) if facts.internal else str(len(coders))
    return table(heads, rows, (4, 3, 4, 4), caption=say("report.caption_agreement", layer=plain(layer), coders=plain(who)))


def _per_code(frame: pd.DataFrame) -> str:
    rows = []
    for row in frame.to_dict("records"):
        values = [_number(row[name]) for name in ("percent_agreement", "positive_agreement", "cohen_kappa", "alpha_nominal")]
        rows.append(
            (
                plain(f"{row['code']} {row['name']}"),
                str(row["used"]),
                *values,
                plain(row["reason"]) if isinstance(row["reason"], str) else "",
            )
        )
    heads = [
        say(f"report.head_{name}")
        for name in ("code", "used_in", "percent_agreement", "positive_agreement", "cohen_kappa", "alpha_nominal", "remark")
    ]
    return table(heads, rows, (6, 2, 3, 3, 3, 3, 6))


def _stretches(facts: Facts, coders: list[str], layer: str) -> str:
    """Return how far the coders marked the same words, apart from the turns: where fragments begin and end."""
    make = partial(span_agreement, facts.base.snapshot, coders, layer=layer)
    frame: pd.DataFrame = once(facts.base, f"stretches/{layer}/{coders}", make)
    whole = frame[frame["code"].isna() & frame["document"].isna()].drop_duplicates("coefficient")
    rows = [(say(f"report.head_{row['coefficient']}"), str(row["units"]), _number(row["value"])) for row in whole.to_dict("records")]
    heads = [say(f"report.head_{name}") for name in ("measure_of", "units", "value")]
    return table(heads, rows, (9, 4, 3), caption=say("report.caption_stretches", layer=plain(layer)))


def _number(value: Any) -> str:
    if value is None or pd.isna(value):
        return "–"
    figures = f"{float(value):.2f}"
    return figures.replace(".", say("report.decimal"))
