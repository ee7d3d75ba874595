"""The chapter from suggestions to measures, and the report of a period on the score card; the tool recommends nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from qualcode.analysis import measures, scoring
from qualcode.labels import listed, say
from qualcode.report.by_round import support_words
from qualcode.report.facts import Facts
from qualcode.report.markdown import anchor, boxed, heading, joined, plain, table


def matrix(facts: Facts) -> str:
    """Return suggestions by measures: who supports them, what answers them, what stays open; empty rows stand there too."""
    frame = measures.coverage(facts.base.snapshot)
    rows = []
    for row in frame.to_dict("records"):
        name = (
            f"{row['suggestion']} {row['name']}" if isinstance(row["name"], str) else f"{row['suggestion']} ({say('report.no_code_yet')})"
        )
        support = support_words(facts, facts.book.find(row["suggestion"]).guid) if row["in_codebook"] else "–"
        sides = [say("report.cell_contested", n=len(row["contested"]))] if isinstance(row["contested"], list) and row["contested"] else []
        sides += [say("report.cell_nuanced", n=len(row["nuanced"]))] if isinstance(row["nuanced"], list) and row["nuanced"] else []
        ref = facts.mark(row["ref"]) if row["in_codebook"] else ""
        rows.append(
            (
                plain(name),
                "; ".join([support, *sides]),
                plain(", ".join(row["measures"])) or f"**{say('report.no_measure')}**",
                plain(say(f"report.coverage_{row['coverage'].replace(' ', '_')}")),
                plain("; ".join(row["remarks"])) or "–",
                ref,
            )
        )
    heads = [say(f"report.head_{name}") for name in ("suggestion", "support", "measures", "coverage", "open")]
    return joined(say("report.about_matrix"), table([*heads, ""], rows, (6, 4, 4, 3, 8, 4), caption=say("report.caption_matrix")))


def unasked(facts: Facts) -> str:
    """Return every measure with the suggestions it answers, those nobody asked for marked, and which lack an indicator."""
    frame = measures.measures(facts.base.snapshot)
    rows = [
        (
            f"[{plain(row['measure'])}]{{#{anchor('maatregel:' + row['measure'])}}} {plain(row['name'])}",
            plain(row["domain"]) if isinstance(row["domain"], str) else "–",
            plain(", ".join(row["suggestions"])) or f"**{say('report.no_suggestion')}**",
            plain(row["indicator"]) if isinstance(row["indicator"], str) else say("analysis.not_noted"),
            facts.mark(f"maatregel:{row['measure']}"),
        )
        for row in frame.to_dict("records")
    ]
    heads = [say(f"report.head_{name}") for name in ("measure", "domain", "suggestions", "indicator")]
    alone = list(frame.loc[frame["suggestions"].map(len) == 0, "measure"])
    said = say("report.measures_unasked", measures=plain(listed(alone, most=30))) if alone else ""
    return joined(table([*heads, ""], rows, (8, 5, 4, 4, 3), caption=say("report.caption_measures")), said)


def history(facts: Facts) -> str:
    """Return the promises that have a history: what was said when, and what moved."""
    frame = measures.promises(facts.base.snapshot)
    several = frame[frame.groupby("measure")["measure"].transform("size") > 1]
    if not len(several):
        return ""
    rows = [
        (
            plain(f"{row['measure']} {row['name']}"),
            plain(row["promised"]),
            plain(", ".join(part for part in (row["source"], row["said_on"]) if isinstance(part, str))),
            f"**{say('report.shifted')}**" if row["shifted"] else say("report.later") if row["later"] else "",
            plain(row["note"]) if isinstance(row["note"], str) else "",
        )
        for row in several.to_dict("records")
    ]
    heads = [say(f"report.head_{name}") for name in ("measure", "promised", "source", "moved", "note")]
    return joined(say("report.about_promises"), table(heads, rows, (7, 4, 4, 3, 7), caption=say("report.caption_promises")))


def framed(facts: Facts) -> str:
    """Return the same measures in each other frame there is."""
    parts = []
    for name in measures.frames(facts.base.snapshot):
        frame = measures.framed(facts.base.snapshot, name)
        rows = [
            (
                plain(" ".join(part for part in (row["track"], row["title"]) if part)),
                plain(", ".join(row["measures"])) or "–",
                plain(", ".join([*row["suggestions"], *row["codes"]])) or "–",
            )
            for row in frame.to_dict("records")
        ]
        heads = [say(f"report.head_{head}") for head in ("track", "measures", "suggestions")]
        parts.append(table(heads, rows, (6, 6, 6), caption=say("report.caption_frame", frame=plain(name))))
    return joined(*parts)


def goals(facts: Facts) -> str:
    """Return the goals with what is linked to them, and what they lack."""
    frame = measures.goals(facts.base.snapshot)
    if not len(frame):
        return ""
    rows = [
        (
            plain(f"{row['goal']} {row['text']}"),
            plain(", ".join(row["measures"])) or f"**{say('report.no_measure')}**",
            plain(", ".join(row["suggestions"])) or f"**{say('report.no_suggestion')}**",
        )
        for row in frame.to_dict("records")
    ]
    heads = [say(f"report.head_{head}") for head in ("goal", "measures", "suggestions")]
    return table(heads, rows, (9, 5, 5), caption=say("report.caption_goals"))


def period(facts: Facts, after: str, before: str | None) -> str:
    """Return the report of one period on the score card, and what changed since the one before.

    Parameters
    ----------
    facts
        The study as the report sees it.
    after
        The period.
    before
        The period it is set beside; none for a first one.
    """
    snapshot = facts.base.snapshot
    card = scoring.scorecard(snapshot, period=after)
    parts = [
        heading(1, say("report.title_period", period=after)),
        say("report.about_scores"),
        _scale(snapshot),
        _completeness(snapshot, after),
    ]
    if before is not None:
        parts += [heading(2, say("report.title_changed", period=before)), _changes(scoring.score_changes(snapshot, before, after))]
    for department, rows in card.groupby("department", sort=False):
        parts += [heading(2, plain(department)), _card(rows)]
    flags = [
        say("report.score_own", department=plain(r["department"]), measure=plain(r["measure"]), who=plain(r["assessor"]))
        for r in card[card["own"]].to_dict("records")
    ]
    flags += [
        say(
            "report.score_differs",
            department=plain(r["department"]),
            measure=plain(r["measure"]),
            one=r["score"],
            two=r["second"],
            who=plain(r["second_assessor"]),
        )
        for r in card[card["difference"]].to_dict("records")
    ]
    return joined(*parts, *([boxed("melding", "\n\n".join(flags))] if flags else []))


def _scale(snapshot: Any) -> str:
    words = snapshot.tables["scale"]
    rows = [(plain(row["score"]), plain(row["label"]), plain(row["explanation"])) for row in words.to_dict("records")]
    return (
        table([say(f"report.head_{name}") for name in ("score", "label", "meaning")], rows, (2, 5, 9), caption=say("report.caption_scale"))
        if rows
        else ""
    )


def _completeness(snapshot: Any, after: str) -> str:
    frame = scoring.completeness(snapshot)
    frame = frame[frame["period"] == after]
    states = ("definitief", "concept", "geen gegevens", "niet ingevuld")
    rows = [(plain(row["department"]), *(str(row[state]) for state in states), str(row["measures"])) for row in frame.to_dict("records")]
    heads = [say("report.head_department"), *(say(f"report.state_{state.replace(' ', '_')}") for state in states), say("report.head_all")]
    return table(heads, rows, (5, 3, 3, 3, 3, 3), caption=say("report.caption_completeness"))


def _card(rows: pd.DataFrame) -> str:
    # what has no data stands apart from what scores low, and both apart from what nobody filled in
    order = {"definitief": 0, "concept": 1, "geen gegevens": 2, "niet ingevuld": 3}
    rows = rows.sort_values("status", key=lambda held: held.map(order), kind="stable")
    cells = [
        (
            plain(f"{row['measure']} {row['name']}"),
            plain(f"{row['score']} {row['label']}")
            if isinstance(row["score"], str)
            else f"*{say('report.state_' + row['status'].replace(' ', '_'))}*",
            "" if row["status"] == "definitief" else say("report.state_" + row["status"].replace(" ", "_")),
            plain(row["grounds"]) if isinstance(row["grounds"], str) else "–",
            plain(row["assessor"]) if isinstance(row["assessor"], str) else "–",
        )
        for row in rows.to_dict("records")
    ]
    heads = [say(f"report.head_{name}") for name in ("measure", "score", "state", "grounds", "assessor")]
    return table(heads, cells, (7, 4, 3, 8, 4))


def _changes(frame: pd.DataFrame) -> str:
    if not len(frame):
        return say("report.nothing_changed")
    rows = [
        (
            plain(r["department"]),
            plain(f"{r['measure']} {r['name']}"),
            plain(r["before"]),
            plain(r["after"]),
            plain(r["change"]),
            plain(r["reason"]),
        )
        for r in frame.to_dict("records")
    ]
    heads = [say(f"report.head_{name}") for name in ("department", "measure", "before", "after", "change", "reason")]
    return table(heads, rows, (3, 8, 3, 3, 3, 5), caption=say("report.caption_changes"))
