"""What runs across the chapters: told of in the same sessions, grounds that meet, the route of events, what people in a role tell of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from qualcode.analysis import cooccurrence, dimensions
from qualcode.analysis.composition import attributes_of
from qualcode.analysis.sequences import sequences
from qualcode.analysis.spreading import SESSION_KINDS
from qualcode.labels import listed, say
from qualcode.model import Snapshot
from qualcode.report.by_round import in_each, rounds_in, together
from qualcode.report.facts import Facts
from qualcode.report.markdown import joined, plain, table

# what people have in the organisation; who they are is never set beside what they tell
_POSITIONS = ("rol", "role", "standplaats", "post")
_TOGETHER = 3
# a shorter telling is no sequence
_LONG = 4


def across(facts: Facts) -> str:
    """Return all that runs across the chapters; empty where a study has none of it."""
    parts = [_together(facts), _grounds(facts), _routes(facts), _sequences(facts), *(_positions(facts, name) for name in _POSITIONS)]
    return joined(say("report.about_across"), together(facts), *parts) if any(parts) else ""


def _together(facts: Facts) -> str:
    """Return per subtheme which other subthemes are told of in the same groups, the most first, each round apart; no causes and no fragments."""
    rows = []
    several = bool(rounds_in(facts))
    for code in facts.book.codes:
        if facts.book.subtheme_of(code.guid) != code.guid:
            continue
        for one in in_each(facts):
            if code.guid not in one.rows or not one.rows[code.guid]["groups"]:
                continue
            told = _told_with(one.base.snapshot, code.guid)
            mark = facts.mark(str(facts.rows[code.guid]["ref"]))
            rows.append((plain(code.name), *([plain(one.name)] if several else []), plain("; ".join(told)) or "–", mark))
    heads = [say(f"report.head_{name}") for name in ("topic", *(["round"] if several else []), "also_told")]
    widths = (5, 3, 11, 4) if several else (5, 11, 4)
    return joined(say("report.about_together"), table([*heads, ""], rows, widths, caption=say("report.caption_together"))) if rows else ""


def _told_with(snapshot: Snapshot, guid: str) -> list[str]:
    frame = cooccurrence.cooccurrence(snapshot, guid, level="subtheme")
    frame = frame.assign(k=frame["both"].map(len)).sort_values("k", ascending=False, kind="stable").head(_TOGETHER)
    return [f"{row['with_name']} ({say('report.of', k=row['k'], n=row['groups'])})" for row in frame[frame["k"] > 0].to_dict("records")]


def _grounds(facts: Facts) -> str:
    """Return in how many sessions each ground is told of, and where two of them meet in one fragment."""
    if "grond" not in facts.base.frame or not _declared(facts, "grond"):
        return ""
    frame = dimensions.overlap(facts.base.snapshot, "grond").iloc[:-1]
    rows = [
        (
            plain(row["value"] if row["value"] == row["also"] else f"{row['value']} + {row['also']}"),
            str(len(row["sessions"])),
            *((str(row["codings"]),) if facts.internal else ()),
        )
        for row in frame.to_dict("records")
    ]
    heads = [say("report.head_ground"), say("report.head_sessions"), *([say("report.head_working_number")] if facts.internal else [])]
    return (
        joined(say("report.about_grounds"), table(heads, rows, (8, 3, 3)[: len(heads)], caption=say("report.caption_grounds")))
        if rows
        else ""
    )


def _routes(facts: Facts) -> str:
    """Return the steps after events: each event for researchers, in how many sessions a step was told of for others."""
    if "fase" not in facts.base.frame or not _declared(facts, "fase"):
        return ""
    sessions = facts.documents[facts.documents["kind"].isin(SESSION_KINDS)]
    frame = facts.base.frame
    there = frame[frame["fase"].notna() & frame["document_guid"].isin(sessions.index)]
    if not len(there):
        return ""
    steps = list(facts.book.dimension("fase").values)
    if not facts.internal:
        # the steps of one event lead to one person; how often a step is told of does not
        told = there.groupby("fase")["document_guid"].nunique()
        rows = [(plain(step), say("report.of", k=int(told.get(step, 0)), n=there["document_guid"].nunique())) for step in steps]
        return joined(
            say("report.about_routes_outside"),
            table([say("report.head_step"), say("report.head_sessions")], rows, (6, 4), caption=say("report.caption_routes")),
        )
    events: list[tuple[str, ...]] = []
    for (guid, event), told in there[there["voorval"].notna()].groupby(["document_guid", "voorval"], sort=False)["fase"]:
        name, known = str(sessions.loc[str(guid), "name"]), set(told.astype("str"))
        signs = ("●" if step in known else say("report.step_open") for step in steps)
        events.append((plain(f"{facts.shown(name)}, {say('report.event', event=event)}"), *signs))
    heads = [say("report.head_event"), *(plain(step) for step in steps)]
    made = table(heads, events, (5, *(3 for _ in steps)), caption=say("report.caption_routes"))
    by = [_steps_by(facts, name) for name in _POSITIONS]
    return joined(say("report.about_routes"), made, *by) if events else joined(*by)


def _steps_by(facts: Facts, name: str) -> str:
    """Return which steps people in each role or place tell of, as sessions of those in which they tell of any; for researchers alone."""
    if name not in attributes_of(facts.base.snapshot):
        return ""
    frame = dimensions.steps_by(facts.base.snapshot, name, k=facts.k)
    frame = frame[frame["value"] != ""]
    shown = frame[(frame["state"] == dimensions.SHOWN) & (frame["of"] > 0)]
    few = frame.loc[frame["state"] == dimensions.FEW, "value"].nunique()
    if not len(shown):
        return ""
    values = list(dict.fromkeys(shown["value"]))
    rows = [
        (plain(step), *(say("report.of", k=len(sessions), n=int(n)) for sessions, n in zip(held["sessions"], held["of"], strict=True)))
        for step, held in shown.groupby("step", sort=False)
    ]
    caption = say("report.caption_steps_by", attribute=plain(name))
    made = table([say("report.head_step"), *(plain(value) for value in values)], rows, (5, *(4 for _ in values)), caption=caption)
    return joined(made, say("report.positions_few", n=few, k=facts.k) if few else "")


def _sequences(facts: Facts) -> str:
    """Return the events in which four codes or more follow each other, in the order of the talk; for researchers alone, as a route is."""
    if not facts.internal:
        return ""
    frame = sequences(facts.base.snapshot)
    frame = frame[frame["codes"].map(len) >= _LONG]
    rows = [
        (
            plain(f"{facts.shown(row['document'])}, {say('report.event', event=row['event'])}"),
            plain(" → ".join(row["codes"])),
            plain(listed(row["participants"], most=6)) or "–",
        )
        for row in frame.to_dict("records")
    ]
    heads = [say(f"report.head_{name}") for name in ("event", "told_in_order", "by")]
    made = table(heads, rows, (4, 9, 4), caption=say("report.caption_sequences"))
    return joined(say("report.about_sequences"), made) if rows else ""


def _positions(facts: Facts, name: str) -> str:
    """Return what people in a role or place tell of, in how many sessions; for researchers alone, and never for fewer of them than may be printed.

    Outsiders could see from the sessions that are not in the list who has the role that is too small to show.
    """
    people = attributes_of(facts.base.snapshot)
    if name not in people or not facts.internal:
        return ""
    frame = dimensions.by_attribute(facts.base.snapshot, name, level="theme", k=facts.k)
    frame = frame[frame["value"] != ""]
    shown = frame[frame["state"] == "shown"]
    few = list(dict.fromkeys(frame.loc[frame["state"] == "few", "value"]))
    said = say("report.positions_few", n=len(few), k=facts.k) if few else ""
    # one value alone sets nothing beside anything
    if shown["value"].nunique() < 2:  # noqa: PLR2004
        return ""
    rows = [
        (plain(row["value"]), plain(row["name"]), *_told(row), plain(listed([facts.shown(one) for one in row["sessions"]], most=13)) or "–")
        for row in shown.to_dict("records")
    ]
    heads = [say(f"report.head_{head}") for head in ("position", "topic", "groups", "interviews", "sessions_of")]
    caption = say("report.caption_position", attribute=plain(name))
    return joined(say("report.about_positions"), table(heads, rows, (4, 5, 3, 3, 7), caption=caption), said)


def _declared(facts: Facts, name: str) -> bool:
    return any(dimension.name == name for dimension in facts.book.dimensions)


def _told(row: Mapping[Any, Any]) -> list[str]:
    return ["–" if pd.isna(row[name]) else str(int(row[name])) for name in ("groups", "interviews")]
