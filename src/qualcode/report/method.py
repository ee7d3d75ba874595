"""What stands before the findings: which state this is, the questions, the sessions, the coding, how to read it."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from qualcode.analysis import inquiry
from qualcode.analysis.spreading import GROUP, INTERVIEW, SESSION_KINDS, not_coded
from qualcode.labels import listed, say
from qualcode.language import program
from qualcode.report.facts import Facts
from qualcode.report.markdown import boxed, joined, plain, table
from qualcode.report.wording import in_words

# what a public report may say about a session; the others stay among the researchers
_PUBLIC = ("maand", "month", "vorm", "mode", "minuten", "minutes", "gespreksleiders", "moderators")
_STRATUM = ("stratum",)
_MARKS = {"same": "{}", "left": "~~{}~~", "added": "**{}**"}
_ROOM = {"stratum": 7, "minuten": 3, "minutes": 3}


def date_in_words(moment: str) -> str:
    """Return the day of a moment in the log as people write it.

    Examples
    --------
    >>> from qualcode.labels import set_language
    >>> set_language("nl"); date_in_words("2025-06-03T10:15:00.000Z"); set_language(None)
    '3 juni 2025'
    """
    if not moment:
        return say("report.no_date")
    day = datetime.fromisoformat(moment)
    return say("report.date", day=day.day, month=say("report.months").split()[day.month - 1], year=day.year)


def colophon(facts: Facts, *, definitive: bool = False, short: bool = False) -> str:
    """Return which study, state, codebook and program this report is of, and whether it is definitive; without it nothing can be checked later."""
    stamp, book = facts.base.snapshot.stamp, facts.book
    rows = [
        (say("report.row_profile"), say(f"report.profile_{facts.profile}")),
        (say("report.row_standing"), say("report.definitive" if definitive else "report.draft")),
        (say("report.row_state"), say("report.state", date=date_in_words(stamp.at), stamp=plain(str(stamp)))),
        (
            say("report.row_codebook"),
            say("report.codebook_version", name=plain(book.name or "–"), version=plain(book.version or "–"), mark=book.fingerprint),
        ),
        (say("report.row_software"), program()),
    ]
    notice = facts.base.snapshot.project.get("notice")
    return joined(
        boxed("melding", plain(notice)) if isinstance(notice, str) and notice else "",
        table((say("report.head_what"), ""), rows[1:] if short else rows, (3, 10)),
        boxed("klein", say("report.no_way_back")) if facts.internal and not short else "",
    )


def questions(facts: Facts) -> str:
    """Return the research questions with their source and chapters, every wording they had, and the working definition word for word."""
    snapshot = facts.base.snapshot
    table_of = inquiry.questions(snapshot)
    rows = []
    for number, row in enumerate(table_of.to_dict("records"), 1):
        about = [facts.book.get(facts.book.find(handle).guid).name for handle in row["codes"]]
        from_where = row["source"] if isinstance(row["source"], str) else ""
        rows.append((str(number), plain(row["text"]), plain(from_where), plain(listed(about) or say("report.no_chapter"))))
    heads = tuple(say(f"report.head_{name}") for name in ("number", "question", "source", "chapter"))
    project = snapshot.project
    definition, source = (project.get(name) for name in ("definition", "definition_source"))
    quoted = ""
    if isinstance(definition, str) and definition:
        origin = f" ({plain(source)})" if isinstance(source, str) and source else ""
        quoted = joined(say("report.definition"), f"> “{plain(definition)}”{origin}")
    parts = [
        table(heads, rows, (1, 8, 4, 4)) if rows else say("report.no_questions"),
        _wordings(facts),
        quoted or say("report.no_definition"),
    ]
    return joined(*parts)


def _wordings(facts: Facts) -> str:
    """Return the questions that have had more than one wording, with what went struck out and what came in bold."""
    frame = inquiry.wordings(facts.base.snapshot)
    frame = frame[frame["text"].notna()].drop_duplicates(["position", "text"])
    rows = []
    for _, held in frame.groupby("position", sort=False):
        each = held.to_dict("records")
        for was, row in pairwise(each):
            pieces = inquiry.differences(was["text"], row["text"])
            marked = " ".join(_MARKS[what].format(plain(words)) for what, words in pieces)
            rows.append((plain(was["text"]), marked, plain(row["source"]) if isinstance(row["source"], str) else "–"))
    heads = [say(f"report.head_{name}") for name in ("before", "after", "source")]
    return joined(say("report.about_wordings"), table(heads, rows, (7, 8, 4))) if rows else ""


def design(facts: Facts) -> str:
    """Return the sessions, one row each, and the other sources apart."""
    documents = facts.documents
    sessions = documents[documents["kind"].isin(SESSION_KINDS)]
    others = documents[~documents["kind"].isin(SESSION_KINDS)]
    groups, interviews = facts.session.groups, facts.session.interviews
    counts = [
        say("report.count_groups" if groups != 1 else "report.count_group", n=in_words(groups)) if groups else "",
        say("report.count_interviews" if interviews != 1 else "report.count_interview", n=in_words(interviews)) if interviews else "",
    ]
    said = say("report.no_sessions")
    if len(sessions):
        people = say("report.count_people" if facts.participants != 1 else "report.count_person", n=in_words(facts.participants))
        said = say("report.sessions", sessions=listed([c for c in counts if c]), people=people)
    parts = [f"[{said}]{{#h-deelnemers}} {facts.mark('sessies')} {facts.mark('deelnemers')}" if len(sessions) else said]
    if len(sessions):
        parts.append(_session_table(facts, list(sessions.index)))
    if len(others):
        rows = [(plain(row["shown"]), plain(kind_word(row["kind"])), str(row["turns"])) for row in others.to_dict("records")]
        heads = tuple(say(f"report.head_{name}") for name in ("source_name", "kind", "turns"))
        parts += [say("report.other_sources"), table(heads, rows, (5, 3, 2))]
    return joined(*parts)


def kind_word(kind: str) -> str:
    """Return the word for a kind of document."""
    return say({GROUP: "words.focusgroup", INTERVIEW: "words.interview"}.get(kind, f"report.kind_{kind}"))


def _session_table(facts: Facts, guids: list[str]) -> str:
    rows = facts.documents.loc[guids].to_dict("records")
    names = list(dict.fromkeys(name for row in rows for name in (row["attributes"] or {})))
    if not facts.internal:
        names = [name for name in names if name.casefold() in (*_PUBLIC, *_STRATUM)]
    heads = [
        say("report.head_session"),
        # in a public report the name of a session is its kind and number
        *([say("report.head_kind")] if facts.internal else []),
        *(plain(name[:1].upper() + name[1:]) for name in names),
        say("report.head_people"),
        say("report.head_turns"),
    ]
    cells = []
    for row in rows:
        held = {name: "" if _hidden(facts, name, row["kind"]) else (row["attributes"] or {}).get(name, "") for name in names}
        values = [plain(value) or "–" for value in held.values()]
        kind = [plain(kind_word(row["kind"]))] if facts.internal else []
        cells.append((plain(row["shown"]), *kind, *values, str(row["participants"]), str(row["turns"])))
    widths = (*((3, 4) if facts.internal else (5,)), *(_ROOM.get(name.casefold(), 4) for name in names), 4, 5)
    return table(heads, cells, widths, caption=say("report.caption_sessions"))


def _hidden(facts: Facts, name: str, kind: str) -> bool:
    """Return whether a fact about a session would say too much: the stratum of an interview describes one person."""
    return not facts.internal and name.casefold() in _STRATUM and kind == INTERVIEW


def coding(facts: Facts) -> str:
    """Return on whose codings the figures rest, what is not coded yet, and what was filled in by default."""
    base, sessions = facts.base, facts.documents[facts.documents["kind"].isin(SESSION_KINDS)]
    by = base.frame.groupby("document_guid")
    basis = by["basis"].first() if facts.internal else by["layer"].first().fillna("–")
    size, assumed = by.size(), by["assumed"].count()
    rows = [
        (
            plain(row["shown"]),
            plain(basis.get(guid, say("report.not_coded_yet"))),
            *((str(size.get(guid, 0)), str(assumed.get(guid, 0))) if facts.internal else ()),
        )
        for guid, row in zip(sessions.index, sessions.to_dict("records"), strict=True)
    ]
    working = ("report.head_working_number", "report.head_assumed") if facts.internal else ()
    heads = [say("report.head_session"), say("report.head_basis"), *(say(name) for name in working)]
    missing = not_coded(base)
    some = int(assumed.reindex(sessions.index).fillna(0).sum())
    defaults = [f"{dimension.name}: {dimension.default}" for dimension in facts.book.dimensions if dimension.default]
    return joined(
        say("report.basis"),
        table(heads, rows, (3, 6, *(2 for _ in working))) if rows else "",
        say("report.not_coded", sessions=plain(listed([facts.shown(name) for name in missing]))) if missing else "",
        f"{say('report.assumed', n=some, defaults=plain(listed(defaults, most=20)))} {facts.mark('aannames')}" if some else "",
    )


def reading_guide(facts: Facts) -> str:
    """Return what the words of the report mean: the quantifiers, "aan de orde", the quotes, the references."""
    terms = ("all", "nearly_all", "most", "half", "some", "number", "none", "few")
    rows = [(say(f"report.guide_term_{name}"), say(f"report.guide_rule_{name}")) for name in terms]
    people = [(say(f"report.guide_people_{name}"), say(f"report.guide_people_rule_{name}")) for name in ("one", "some", "several")]
    heads = (say("report.head_words"), say("report.head_meaning"))
    return joined(
        say("report.guide_counting"),
        table(heads, rows, (5, 9)) if facts.session.groups else "",
        say("report.guide_interviews") if facts.session.interviews else "",
        say("report.guide_raised"),
        say("report.guide_apart"),
        table(heads, people, (5, 9)),
        say("report.guide_status"),
        say("report.guide_quotes_internal" if facts.internal else "report.guide_quotes"),
        say("report.guide_references_internal" if facts.internal else "report.guide_references"),
        say("report.guide_silence"),
        say("report.guide_transfer"),
    )
