"""The account: procedure from the log, saturation, the matrix, counter-voices, disclosure, and the list of annexes.

Every part says "niet vastgelegd" where the study does not know; nothing is filled in from habit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from qualcode.analysis import attention
from qualcode.analysis.matrix import matrix
from qualcode.analysis.reviewing import threads
from qualcode.analysis.saturation import Saturation, of_base
from qualcode.analysis.spreading import GROUP, SESSION_KINDS
from qualcode.labels import listed, say
from qualcode.report.by_round import together_in_order
from qualcode.report.facts import Facts
from qualcode.report.figures import CURVE
from qualcode.report.markdown import anchor, heading, joined, plain, table
from qualcode.report.method import date_in_words

CONSENSUS = "consensus"
_SATURATION: dict[str, Any] = {"base": 4, "run": 2, "threshold": 0.05, "orders": 1000, "seed": 7}
# Halpern's kinds of record (after Lincoln and Guba 1985), and which verbs of the log belong to each
_RECORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("raw", ("import", "participants", "role", "remove", "correct", "withdraw", "pseudonymise")),
    ("reduction", ("code", "uncode", "recode", "import-codings", "cell")),
    (
        "reconstruction",
        ("codebook-import", "codebook-add", "codebook-edit", "codebook-move", "codebook-merge", "codebook-split", "codebook-version"),
    ),
    ("process", ("record", "amend", "strike", "undo", "redo", "merge", "assign")),
    ("intentions", ("create", "describe", "memo")),
    ("instruments", ("section", "release")),
)


def log_of(facts: Facts) -> pd.DataFrame:
    """Return what the log holds, one row an event: ``at, coder`` (name), ``kind``, ``of`` (the register), ``entities``."""
    events = facts.base.snapshot.events
    coders = facts.base.snapshot.tables["coder"].set_index("guid")["name"].to_dict()
    rows = [
        (row["at"], coders.get(row["coder"], ""), row["kind"], (row["about"] or {}).get("of", ""), sum(len(c.guid) for c in row["changes"]))
        for row in events.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["at", "coder", "kind", "of", "entities"])


def not_recorded() -> str:
    """Return the words for what the study does not know."""
    return say("analysis.not_noted")


def procedure(facts: Facts) -> str:
    """Return who did what when, from the log, under the six kinds of record of an audit trail; and the decisions with their reasons."""
    log = log_of(facts)
    parts = [say("report.about_procedure")]
    for name, kinds in _RECORDS:
        held = log[log["kind"].isin(kinds)]
        parts.append(heading(2, say(f"report.record_{name}")))
        if not len(held):
            parts.append(not_recorded())
            continue
        rows = []
        for kind, each in held.groupby("kind", sort=False):
            people = listed(sorted(set(each["coder"]) - {""}), most=20) if facts.internal else str(each["coder"].nunique())
            rows.append((say(f"project.did_{kind}"), str(len(each)), str(int(each["entities"].sum())), plain(people), _between(each["at"])))
        heads = [say(f"report.head_{head}") for head in ("what_done", "gestures", "entities", "who", "when_done")]
        parts.append(table(heads, rows, (6, 3, 3, 5, 6)))
    return joined(
        *parts, heading(2, say("report.title_decisions")), _decisions(facts), heading(2, say("report.title_reviews")), _reviews(facts)
    )


def _between(moments: Iterable[str]) -> str:
    days = sorted(moments)
    first, last = date_in_words(days[0]), date_in_words(days[-1])
    return first if first == last else say("report.between", first=first, last=last)


def _decisions(facts: Facts) -> str:
    frame = facts.base.snapshot.tables["decision"]
    if not len(frame):
        return not_recorded()
    rows = [
        tuple(plain(row[name]) if isinstance(row[name], str) else "–" for name in ("date", "about", "decision", "reason"))
        for row in frame.to_dict("records")
    ]
    if not facts.internal:
        # the reasons tell of fragments; outsiders get what was decided
        rows = [row[:3] for row in rows]
    heads = [say(f"report.head_{name}") for name in ("date", "about", "decision", "reason")]
    return table(heads[: len(rows[0])], rows, (3, 3, 9, 9)[: len(rows[0])])


def _reviews(facts: Facts) -> str:
    """Return how many remarks a supervisor made, and which wait for a decision."""
    frame = threads(facts.base.snapshot)
    if not len(frame):
        return not_recorded()
    waiting = frame[frame["open"]]
    said = say("report.reviews", n=len(frame), open=len(waiting))
    if not facts.internal or not len(waiting):
        return said
    names = ("what", "verdict", "text", "reviewer")
    rows = [tuple(plain(row[name]) if isinstance(row[name], str) else "–" for name in names) for row in waiting.to_dict("records")]
    return joined(said, table([say(f"report.head_{name}") for name in ("place", "verdict", "remark", "by")], rows, (5, 3, 9, 3)))


def saturated(facts: Facts) -> str:
    """Return the saturation of codes, both ways of running, with the band over random orders and what it does not say."""
    sessions = int(facts.documents["kind"].isin(SESSION_KINDS).sum())
    if sessions < _SATURATION["base"] + _SATURATION["run"]:
        return say("report.saturation_too_few", n=sessions)
    both = [of_base(facts.base, {**_SATURATION, "overlapping": way, "theme": None}) for way in (False, True)]
    new = [
        (plain(facts.shown(r["session"])), str(r["codes"]), str(r["new"]), str(r["new_inductive"]), str(r["total"]))
        for r in both[0].sessions.to_dict("records")
    ]
    heads = [say(f"report.head_{name}") for name in ("session", "codes_used", "new", "new_inductive", "together")]
    place = f"[{say('report.about_saturation', **_SATURATION)}]{{#{anchor('verzadiging')}}} {facts.mark('verzadiging')}"
    reached = sorted({one.reached for one in both if one.reached})
    told = table(heads, new, (4, 3, 3, 4, 3), caption=say("report.caption_new_codes"))
    curve = f'::: {{.{CURVE} grens="{" ".join(map(str, reached))}"}}\n{told}\n\n{say("report.caption_curve")}\n:::'
    parts = [place, together_in_order(facts), curve]
    parts += [_ran(facts, one) for one in both]
    return joined(*parts, _per_theme(facts), f"{say('report.saturation_is_not')} {_one_each(facts)}".strip())


def _one_each(facts: Facts) -> str:
    """Return that no two groups are of one kind, where that is noted of every group."""
    held = facts.documents.loc[facts.documents["kind"] == GROUP, "attributes"]
    kinds = [(attributes or {}).get("stratum") for attributes in held]
    return say("report.one_group_each") if len(kinds) > 1 and all(kinds) and len(set(kinds)) == len(kinds) else ""


def _ran(facts: Facts, one: Saturation) -> str:
    way = say("report.overlapping" if one.settings["overlapping"] else "report.separate")
    rows = [
        (
            f"{plain(facts.shown(r['from']))} – {plain(facts.shown(r['until']))}",
            say("report.of", k=r["new"], n=r["base"]),
            say("report.under" if r["below"] else "report.above"),
        )
        for r in one.runs.to_dict("records")
    ]
    heads = [say(f"report.head_{name}") for name in ("run", "new_of_base", "threshold")]
    said = say("report.reached", way=way, n=one.reached, after=one.after) if one.reached else say("report.never_reached", way=way)
    band = one.band
    spread = (
        say(
            "report.band",
            low=int(band["low"]),
            median=int(band["median"]),
            high=int(band["high"]),
            orders=one.settings["orders"],
            seed=one.settings["seed"],
        )
        if band["low"] == band["low"]
        else say("report.no_band")
    )
    return joined(table(heads, rows, (6, 4, 4), caption=say("report.caption_runs", way=way)), f"{said} {spread}")


def _per_theme(facts: Facts) -> str:
    rows = []
    for theme in facts.book.children():
        if theme.retired or not any(code.codable for code in facts.book.codes if code.guid in facts.book.descendants(theme.guid)):
            continue
        both = [of_base(facts.base, {**_SATURATION, "orders": 1, "overlapping": way, "theme": theme.guid}) for way in (False, True)]
        rows.append((plain(theme.name), *(str(one.reached) if one.reached else say("report.not_reached") for one in both)))
    heads = [say(f"report.head_{name}") for name in ("theme", "separate", "overlapping")]
    return table(heads, rows, (7, 4, 4), caption=say("report.caption_saturation_theme")) if rows else ""


def framework(facts: Facts) -> str:
    """Return the framework matrix as far as it was written, and how many cells are not."""
    frame = matrix(facts.base.snapshot)
    if not len(frame):
        return not_recorded()
    written = frame[frame["text"].notna()]
    states = written["state"].value_counts().to_dict()
    counts = ", ".join(f"{say(f'report.cell_state_{state}')} {n}" for state, n in states.items())
    said = say("report.matrix_written", n=len(written), of=len(frame), states=counts or "–", open=int(frame["open"].sum()))
    if not len(written):
        return joined(said, not_recorded())
    parts = [said]
    for code, rows in written.groupby("code", sort=False):
        cells = [
            (
                plain(facts.shown(r["document"])),
                plain(r["text"]),
                say(f"report.cell_state_{r['state']}"),
                " ".join(facts.mark(ref) for ref in r["fragments"][:6] if ref in facts.refs),
            )
            for r in rows.to_dict("records")
        ]
        heads = [say(f"report.head_{name}") for name in ("session", "summary", "state", "fragments")]
        shown = 4 if facts.internal else 2
        parts += [
            heading(2, plain(f"{code} {rows['name'].iloc[0]}")),
            table(heads[:shown], [cell[:shown] for cell in cells], (3, 10, 3, 5)[:shown]),
        ]
    return joined(*parts)


def disclosure(facts: Facts) -> str:
    """Return what was suppressed or replaced, by class, and which codings want a second look before words leave."""
    from qualcode.report.taking_part import replaced

    frame = attention.set_aside(facts.base.snapshot)
    sensitive = len(facts.sensitive)
    return joined(
        replaced(facts),
        say("report.suppression_rule", k=facts.k),
        say("report.sensitive", n=sensitive) if sensitive and facts.internal else "",
        say("report.set_aside_kept", n=int(frame["codings"].sum())) if len(frame) and facts.internal else "",
    )


def annexes(titles: Iterable[str]) -> str:
    """Return the list of annexes: number, name, information."""
    rows = []
    for title in titles:
        letter = title.partition(".")[0].rpartition(" ")[2]
        rows.append((letter, plain(title.partition(". ")[2]), say(f"report.annex_{letter.lower()}")))
    return table([say(f"report.head_{name}") for name in ("number", "name", "information")], rows, (2, 6, 10))
