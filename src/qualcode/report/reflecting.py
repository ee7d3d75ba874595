"""The facts under the methodological reflection: what hangs on one person, who dominated, what was led, what was set aside."""

from __future__ import annotations

from qualcode.analysis import attention, leaving_out
from qualcode.analysis.composition import planned
from qualcode.analysis.suppression import PRINTED
from qualcode.labels import listed, say
from qualcode.report.by_round import each_apart, in_each, left_out, of_round, rounds_in, together
from qualcode.report.facts import Facts
from qualcode.report.markdown import joined, plain, table
from qualcode.report.wording import in_words


def reflection_facts(facts: Facts) -> str:
    """Return what the researcher reflects on, as far as the study can tell it."""
    return joined(
        say("report.about_reflection"),
        together(facts),
        _missed(facts),
        _sensitive(facts),
        _carried(facts),
        _floor(facts),
        _led(facts),
        _aside(facts),
        _ranked(facts),
    )


def _missed(facts: Facts) -> str:
    """Return where fewer people came than was planned, as far as their number may be printed."""
    frame = planned(facts.base.snapshot, k=facts.k, earlier=None if facts.internal else facts.published)
    if not len(frame):
        return ""
    known = frame[(frame["state"] == PRINTED) & frame["planned"].notna()]
    fewer = known[known["planned"] > known["attended"]].to_dict("records")
    said = [say("report.came", organisation=plain(row["organisation"]), k=row["shown"], n=int(row["planned"])) for row in fewer]
    return say("report.fewer_came", organisations=listed(said, most=20)) if said else say("report.none_missed")


def _sensitive(facts: Facts) -> str:
    """Return the findings of which the words change when one session or one participant is left out."""
    frame, several = left_out(facts), bool(rounds_in(facts))
    frame = frame[frame["changes"] & (frame["level"] == "code")]
    if not len(frame):
        return joined(say("report.nothing_hangs"), each_apart(facts))
    rows = []
    for (name, code), held in frame.groupby(["round", "code"], sort=False):
        first = held.iloc[0]
        sessions = [facts.shown(name) for name in held.loc[held["unit"] == leaving_out.SESSION, "without"]]
        people = list(held.loc[held["unit"] == leaving_out.PERSON, "without"])
        who = listed(people, most=6) if facts.internal else in_words(len(people))
        after = dict.fromkeys(held["term_without"])
        rows.append(
            (
                *([plain(str(name))] if several else []),
                plain(f"{code} {first['name']}"),
                plain(first["term"]),
                plain(listed(sessions, most=6)) or "–",
                plain(who) if people else "–",
                plain("; ".join(after)),
                facts.mark(f"spreiding:{code}"),
            )
        )
    heads = [
        say(f"report.head_{name}") for name in (*(["round"] if several else []), "code", "term", "session_out", "person_out", "term_out")
    ]
    widths = (*([3] if several else []), 6, 4, 5, 4, 5, 4)
    return joined(say("report.about_leaving"), each_apart(facts), table([*heads, ""], rows, widths, caption=say("report.caption_leaving")))


def _carried(facts: Facts) -> str:
    held = [(one.name, leaving_out.carried_in(one.base)) for one in in_each(facts)]
    lines = [
        of_round(
            name,
            say(
                "report.carried",
                code=plain(f"{row['code']} {row['name']}"),
                who=plain(row["participant"] if facts.internal else facts.label(row["document"])),
                ref=facts.mark(row["ref"]),
            ),
        )
        for name, frame in held
        for row in frame[frame["dominates"]].to_dict("records")
    ]
    return "\n".join(f"- {line}" for line in lines) if lines else ""


def _floor(facts: Facts) -> str:
    frame = attention.floor(facts.base.snapshot)
    lines = []
    for row in frame.to_dict("records"):
        who = plain(row["participant"]) if facts.internal else say("report.one_participant")
        lines.append(say(f"report.floor_{row['flag']}", who=who, session=plain(facts.shown(row["document"]))))
    return "\n".join(f"- {line}" for line in lines) if lines else say("report.floor_even")


def _led(facts: Facts) -> str:
    frame = attention.led(facts.base.snapshot)
    if not len(frame):
        return say("report.led_none")
    sessions = [facts.shown(name) for name in dict.fromkeys(frame["document"])]
    return say("report.led", n=len(frame), sessions=plain(listed(sessions)))


def _aside(facts: Facts) -> str:
    frame = attention.set_aside(facts.base.snapshot)
    if not len(frame):
        return say("report.aside_none")
    rows = [
        (plain(row["why_not"]), str(row["sessions"]), *((str(row["codings"]),) if facts.internal else ()))
        for row in frame.to_dict("records")
    ]
    heads = [say("report.head_why_not"), say("report.head_sessions"), *([say("report.head_working_number")] if facts.internal else [])]
    return joined(
        say("report.about_aside"), table(heads, rows, (6, 3, *((3,) if facts.internal else ())), caption=say("report.caption_aside"))
    )


def _ranked(facts: Facts) -> str:
    """Return where fragments would mislead; working material for the researchers alone."""
    if not facts.internal:
        return ""
    held = [(one.name, attention.rankings(one.base.snapshot)) for one in in_each(facts)]
    lines = [
        of_round(
            name,
            say(
                "report.ranked",
                code=plain(f"{row['code']} {row['name']}"),
                fragments=row["fragments"],
                k=row["groups"],
                n=row["groups_n"],
                others=plain(listed(row["opposite"])),
                ref=facts.mark(row["ref"]),
            ),
        )
        for name, frame in held
        for row in frame.to_dict("records")
        if row["opposite"]
    ]
    return joined(say("report.about_ranked"), "\n".join(f"- {line}" for line in lines)) if lines else ""
