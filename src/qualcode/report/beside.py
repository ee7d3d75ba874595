"""What stands beside the groups: survey figures, open answers, notes, complaints, other studies; never added to the spread."""

from __future__ import annotations

from qualcode.analysis import beside
from qualcode.labels import say
from qualcode.report.by_round import support_words
from qualcode.report.facts import Facts
from qualcode.report.markdown import anchor, joined, plain, table


def other_material(facts: Facts) -> str:
    """Return all there is beside the sessions; empty where there is nothing."""
    parts = [_joint(facts), _answers(facts), _complaints(facts), _comparisons(facts)]
    return joined(say("report.about_beside"), *parts) if any(parts) else ""


def _joint(facts: Facts) -> str:
    frame = beside.joint(facts.base.snapshot)
    if not len(frame):
        return ""
    rows = []
    guids = {handle: guid for guid, handle in facts.handles.items()}
    for row in frame.to_dict("records"):
        value = " ".join(str(row[part]) for part in ("value", "unit") if isinstance(row[part], str))
        source = "; ".join(str(row[part]) for part in ("source", "source_note") if isinstance(row[part], str))
        guid = guids.get(row["code"], "")
        own = support_words(facts, guid) if guid in facts.rows else "–"
        place = f"[{plain(row['label'])}]{{#{anchor('cijfer:' + row['label'])}}}"
        rows.append(
            (
                f"{place}: {plain(value)}, {plain(row['text'])}",
                plain(source),
                plain(f"{row['code']} {row['name']}"),
                own,
                facts.mark(row["ref"]),
            )
        )
    heads = [say(f"report.head_{name}") for name in ("elsewhere", "source", "here", "groups")]
    return joined(say("report.about_joint"), table([*heads, ""], rows, (7, 6, 4, 3, 3), caption=say("report.caption_joint")))


def _answers(facts: Facts) -> str:
    parts = []
    for kind in ("open_antwoorden", "notitie"):
        frame = beside.other_sources(facts.base.snapshot, kind=kind)
        if len(frame):
            rows = [
                (plain(f"{row['code']} {row['name']}"), say("report.of", k=row["answers"], n=row["of"])) for row in frame.to_dict("records")
            ]
            heads = (say("report.head_code"), say(f"report.head_{kind}"))
            parts.append(table(heads, rows, (8, 4), caption=say(f"report.caption_{kind}")))
    return joined(*parts)


def _complaints(facts: Facts) -> str:
    frame = beside.complaints(facts.base.snapshot, k=facts.k)
    if not len(frame):
        return ""
    rows = [(plain(row["category"]), row["shown"]) for row in frame.to_dict("records")]
    place = f"[{say('report.about_complaints', k=facts.k)}]{{#{anchor('klachten')}}} {facts.mark('klachten')}"
    return joined(
        place, table((say("report.head_category"), say("report.head_number_of")), rows, (8, 3), caption=say("report.caption_complaints"))
    )


def _comparisons(facts: Facts) -> str:
    frame = beside.comparisons(facts.base.snapshot)
    if not len(frame):
        return ""
    rows = [
        tuple(plain(row[name]) if isinstance(row[name], str) else "–" for name in ("subject", "study", "source", "verdict", "note"))
        for row in frame.to_dict("records")
    ]
    heads = [say(f"report.head_{name}") for name in ("subject", "study", "source", "verdict", "note")]
    return table(heads, rows, (5, 5, 4, 3, 8), caption=say("report.caption_comparisons"))
