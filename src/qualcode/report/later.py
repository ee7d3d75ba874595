"""A later round beside an earlier one: what became of the codes, the spread of both, and what people notice of measures."""

from __future__ import annotations

from itertools import pairwise

from qualcode.analysis import rounds
from qualcode.analysis.effects import effects
from qualcode.labels import listed, say
from qualcode.report.by_round import round_figure
from qualcode.report.facts import Facts
from qualcode.report.markdown import heading, joined, plain, table


def later(facts: Facts) -> str:
    """Return each round beside the one before it; empty where there is one round alone."""
    held = list(rounds.rounds_of(facts.base.snapshot))
    parts = [_beside(facts, before, after) for before, after in pairwise(held)]
    parts += [_effects(facts)]
    return joined(say("report.about_rounds"), _mapped(facts), *parts) if any(parts) else ""


def _mapped(facts: Facts) -> str:
    """Return what happened to codes between versions of the codebook, and what that means for comparing."""
    rows = [
        tuple(
            plain(row[name]) if isinstance(row[name], str) and row[name] else "–"
            for name in ("version", "sort", "was", "became", "comparable", "reason")
        )
        for row in facts.base.snapshot.tables["mapping"].to_dict("records")
    ]
    heads = [say(f"report.head_{name}") for name in ("version", "what_happened", "was", "became", "comparable", "reason")]
    return table(heads, rows, (2, 4, 3, 3, 5, 8), caption=say("report.caption_mapping")) if rows else ""


def _beside(facts: Facts, before: str, after: str) -> str:
    frame = rounds.compared(facts.base.snapshot, before, after)
    rows = [
        (
            plain(f"{row['code']} {row['name']}".strip()),
            # a code that was not there yet, or no longer, was not looked for: that is not nought
            "–"
            if row["comparable"] == rounds.ONLY
            else round_figure(row["groups_before"], row["groups_n_before"], row["interviews_before"]),
            "–" if row["comparable"] == rounds.NO else round_figure(row["groups"], row["groups_n"], row["interviews"]),
            plain(row["comparable"]) + (f" ({plain(row['why'])})" if row["why"] else ""),
        )
        for row in frame.to_dict("records")
    ]
    heads = [say("report.head_code"), plain(before), plain(after), say("report.head_comparable")]
    title = say("report.title_rounds_beside", before=before, after=after)
    return joined(heading(2, title), say("report.about_compared"), table(heads, rows, (7, 5, 5, 7), caption=say("report.caption_rounds")))


def _effects(facts: Facts) -> str:
    frame = effects(facts.base.snapshot)
    rows = [
        (
            plain(f"{row['measure']} {row['name']}"),
            plain(row["effect"]),
            str(row["groups"]),
            str(row["interviews"]),
            plain(listed([facts.shown(name) for name in row["sessions"]], most=13)),
        )
        for row in frame.to_dict("records")
    ]
    heads = [say(f"report.head_{name}") for name in ("measure", "noticed", "groups", "interviews", "sessions_of")]
    told = table(heads, rows, (8, 4, 3, 3, 6), caption=say("report.caption_effects"))
    return joined(heading(2, say("report.title_effects")), say("report.about_effects"), told) if rows else ""
