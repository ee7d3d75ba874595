"""Who took part and how they were found: recruitment, participants one attribute at a time, what was replaced in the texts."""

from __future__ import annotations

import pandas as pd

from qualcode.analysis.composition import composition, planned, recruitment
from qualcode.analysis.suppression import GUARDED
from qualcode.labels import listed, say
from qualcode.report.facts import Facts
from qualcode.report.markdown import anchor, joined, plain, table


def recruited(facts: Facts) -> str:
    """Return the recruitment log and what was planned against what came of it, or that nothing was recorded."""
    log = recruitment(facts.base.snapshot, k=facts.k)
    if not len(log):
        return say("report.no_recruitment")
    plan = planned(facts.base.snapshot, k=facts.k, earlier=None if facts.internal else facts.published)
    steps = log[log["organisation"].fillna("") == ""]
    rows = [
        (plain(row["step"]), plain(row["reason"]) if isinstance(row["reason"], str) else "", row["shown"])
        for row in steps.to_dict("records")
    ]
    heads = [say(f"report.head_{name}") for name in ("step", "reason", "persons")]
    parts = [
        f"[{say('report.about_recruitment')}]{{#{anchor('werving')}}} {facts.mark('werving')}",
        table(heads, rows, (5, 8, 3), caption=say("report.caption_recruitment")),
    ]
    if len(plan):
        heads = [say(f"report.head_{name}") for name in ("organisation", "planned", "attended")]
        cells = [
            (plain(row["organisation"]), str(int(row["planned"])) if pd.notna(row["planned"]) else say("analysis.not_noted"), row["shown"])
            for row in plan.to_dict("records")
        ]
        parts.append(table(heads, cells, (6, 3, 3), caption=say("report.caption_planned")))
    return joined(*parts, _few(facts, [*log["state"], *plan["state"]]))


def participants(facts: Facts) -> str:
    """Return the participants, one attribute at a time; never two at once, never a number under k."""
    # researchers compare with nothing: they see every version
    frame = composition(facts.base.snapshot, k=facts.k, earlier=None if facts.internal else facts.published)
    if not len(frame):
        return say("report.no_attributes")
    parts = [say("report.about_participants", k=facts.k)]
    for name, rows in frame.groupby("attribute", sort=False):
        title = plain(str(name)[:1].upper() + str(name)[1:])
        ref = facts.mark(f"kenmerk:{name}")
        place = f"[{title}]{{#{anchor(f'kenmerk:{name}')}}}"
        if (rows["state"] == "listed").any():
            parts.append(say("report.own_words", attribute=place, values=plain(listed(list(rows["value"]), most=40)), ref=ref))
        elif not (rows["state"] == "printed").any():
            parts.append(say("report.not_shown", attribute=place, k=facts.k, ref=ref))
        else:
            cells = [(plain(row["value"]), row["shown"]) for row in rows.to_dict("records")]
            parts += [
                f"{place} {ref}",
                table(
                    (title, say("report.head_people")), cells, (6, 3), caption=say("report.caption_attribute", attribute=plain(str(name)))
                ),
            ]
    return joined(*parts, _few(facts, list(frame["state"])))


def _few(facts: Facts, states: list[str]) -> str:
    said = [say("report.note_few", k=facts.k)] if "few" in states else []
    return " ".join([*said, say("report.note_guarded")] if GUARDED in states else said)


def replaced(facts: Facts) -> str:
    """Return what was masked or withdrawn in this study, by ground, and whether the texts were scanned."""
    snapshot = facts.base.snapshot
    grounds = snapshot.tables["masking"]["ground"].value_counts(sort=False).sort_index()
    withdrawn = sum(1 for kind in snapshot.events["kind"] if kind == "withdraw") if len(snapshot.events) else 0
    pseudonymised = sum(1 for kind in snapshot.events["kind"] if kind == "pseudonymise") if len(snapshot.events) else 0
    said = [
        say("report.masked_grounds", n=int(grounds.sum()), grounds=plain(listed([f"{name} ({n})" for name, n in grounds.items()], most=20)))
        if len(grounds)
        else say("report.masked_none"),
        say("report.withdrawn_some", n=withdrawn) if withdrawn else say("report.withdrawn_none"),
        say("report.pseudonymised_some", n=pseudonymised) if pseudonymised else say("report.pseudonymised_none"),
        say("report.never_anonymous"),
    ]
    return joined(*said)
