"""What a study itself knows of how it was done: one answer for each item of COREQ and SRQR and each question about method.

An answer is empty where the study does not know; the words "niet vastgelegd" are given elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

from qualcode.analysis.counter import FOUND
from qualcode.analysis.inquiry import questions
from qualcode.analysis.reviewing import threads
from qualcode.analysis.spreading import SESSION_KINDS
from qualcode.labels import listed, say
from qualcode.language import program
from qualcode.report.account import CONSENSUS, log_of
from qualcode.report.by_round import each_apart, left_out
from qualcode.report.facts import Facts
from qualcode.report.markdown import plain
from qualcode.report.wording import in_words

Answer = Callable[[Facts], str]


def _attribute(*names: str) -> Answer:
    """Return an answer from an attribute of the sessions: its different values."""

    def answer(facts: Facts) -> str:
        sessions = facts.documents[facts.documents["kind"].isin(SESSION_KINDS)]
        held = [(row or {}).get(name) for row in sessions["attributes"] for name in names]
        values = sorted({str(value) for value in held if value}, key=lambda v: (len(v), v))
        return plain(listed(values, most=12))

    return answer


def _moderators(facts: Facts) -> str:
    values = {
        part.strip()
        for row in facts.documents["attributes"]
        for name in ("gespreksleiders", "moderators")
        for part in str((row or {}).get(name) or "").split(",")
    }
    return plain(listed(sorted(values - {""}), most=12))


def _minutes(facts: Facts) -> str:
    held = [
        int(str(row.get(name)))
        for row in facts.documents["attributes"]
        for name in ("minuten", "minutes")
        if row and str(row.get(name) or "").isdigit()
    ]
    return say("report.answer_minutes", low=min(held), high=max(held)) if held else ""


def _participants(facts: Facts) -> str:
    if not facts.participants:
        return ""
    return say("report.answer_participants", n=facts.participants, groups=facts.session.groups, interviews=facts.session.interviews)


def _recruited(facts: Facts) -> str:
    return say("report.answer_place", place=say("report.title_werving")) if len(facts.base.snapshot.tables["recruitment"]) else ""


def _dropped(facts: Facts) -> str:
    steps = facts.base.snapshot.tables["recruitment"]["step"].fillna("").str.casefold()
    return say("report.answer_place", place=say("report.title_werving")) if steps.str.startswith("afgevallen").any() else ""


def _others(facts: Facts) -> str:
    roles = facts.base.snapshot.tables["speaker"]["role"]
    return say("report.answer_notetakers") if (roles == "notulist").any() else ""


def _guide(facts: Facts) -> str:
    prompts = len(facts.base.snapshot.tables["prompt"])
    topics = facts.base.snapshot.tables["topic"]["document"].nunique()
    return say("report.answer_guide", prompts=prompts, sessions=topics) if prompts or topics else ""


def _repeated(facts: Facts) -> str:
    from qualcode.analysis.rounds import rounds_of

    held = rounds_of(facts.base.snapshot)
    return say("report.answer_rounds", n=len(held)) if len(held) > 1 else ""


def _saturated(facts: Facts) -> str:
    enough = facts.session.groups + facts.session.interviews >= 6  # noqa: PLR2004
    return say("report.answer_place", place=say("report.title_bijlage_d")) if enough else ""


def _coders(facts: Facts) -> str:
    table_of = facts.base.snapshot.tables["coding"]
    number = table_of.loc[table_of["layer"] != CONSENSUS, "coder"].nunique() or table_of["coder"].nunique()
    return say("report.answer_coders", n=in_words(number)) if number else ""


def _tree(facts: Facts) -> str:
    return say("report.answer_tree", n=sum(code.codable for code in facts.book.codes)) if facts.book.codes else ""


def _themes(facts: Facts) -> str:
    made = [code.id for code in facts.book.codes if "inductief" in code.source.casefold()]
    if not facts.book.codes:
        return ""
    return (
        say("report.answer_inductive", codes=plain(listed(made)))
        if made
        else say("report.answer_deductive", source=plain(facts.book.source or "–"))
    )


def _titled(facts: Facts) -> str:
    name = facts.base.snapshot.project.get("name")
    return plain(name) if isinstance(name, str) and name else ""


def _agreed_on(stem: str, title: str) -> Answer:
    """Return an answer that stands in a section of the researcher, once that was agreed on."""

    def answer(facts: Facts) -> str:
        there = (facts.base.snapshot.tables["section"]["stem"] == stem).any()
        return say("report.answer_place", place=title_of(title)) if there else ""

    return answer


def title_of(name: str) -> str:
    """Return the title of a part of the report."""
    return say(f"report.title_{name}")


def _field_notes(facts: Facts) -> str:
    number = int((facts.documents["kind"] == "notitie").sum())
    return say("report.answer_notes", n=number) if number else ""


def _processed(facts: Facts) -> str:
    kinds = set(log_of(facts)["kind"])
    return say("report.answer_place", place=title_of("verslaglegging")) if kinds & {"import", "pseudonymise", "withdraw"} else ""


def _software(_facts: Facts) -> str:
    return program()


def _quotations(facts: Facts) -> str:
    return say("report.answer_quotes_internal" if facts.internal else "report.answer_quotes")


def _major(facts: Facts) -> str:
    themes = [theme.name for theme in facts.book.children() if not theme.retired]
    return plain(listed(themes, most=12))


def _minor(facts: Facts) -> str:
    found = facts.counter[facts.counter["outcome"] == FOUND]
    return say("report.answer_minor", n=len(found)) if len(found) else ""


def _definition(facts: Facts) -> str:
    definition = facts.base.snapshot.project.get("definition")
    return say("report.answer_place", place=say("report.title_vragen")) if isinstance(definition, str) and definition else ""


def _asked_for(facts: Facts) -> str:
    return say("report.answer_questions", n=len(questions(facts.base.snapshot))) if len(facts.base.snapshot.tables["question"]) else ""


def _checked(facts: Facts) -> str:
    frame = threads(facts.base.snapshot)
    return say("report.reviews", n=len(frame), open=int(frame["open"].sum())) if len(frame) else ""


def _double(facts: Facts) -> str:
    table_of = facts.base.snapshot.tables["coding"]
    twice = table_of[table_of["layer"] != CONSENSUS].groupby("document")["coder"].nunique()
    names = [facts.shown(facts.documents.loc[guid, "name"]) for guid in twice.index[twice > 1] if guid in facts.documents.index]
    return say("report.answer_double", sessions=plain(listed(names, most=20))) if names else ""


TESTS = 11


def _tests(_facts: Facts) -> str:
    return say("report.answer_tests")


def _bias(facts: Facts) -> str:
    prompts = facts.base.snapshot.tables["prompt"]
    leading = int((prompts["type"] == "sturend").sum())
    return say("report.answer_bias", n=leading, prompts=len(prompts)) if len(prompts) else ""


def _contrary(facts: Facts) -> str:
    searches = len(facts.base.snapshot.tables["search"])
    found = int((facts.counter["outcome"] == FOUND).sum())
    return say("report.answer_contrary", searches=searches, found=found) if searches else ""


def _open_answers(facts: Facts) -> str:
    number = int((facts.documents["kind"] == "open_antwoorden").sum())
    turns = int(facts.documents.loc[facts.documents["kind"] == "open_antwoorden", "turns"].sum())
    return say("report.answer_open", n=turns) if number else ""


def _proceeded(facts: Facts) -> str:
    log = log_of(facts)
    return say("report.answer_log", n=len(log), people=log["coder"].nunique()) if len(log) else ""


def _bound(_facts: Facts) -> str:
    return say("report.guide_transfer")


def _hanging(facts: Facts) -> str:
    frame = left_out(facts)
    hanging = frame.loc[frame["changes"] & (frame["level"] == "code"), "code"].nunique()
    return " ".join(part for part in (say("report.answer_hanging", n=hanging), each_apart(facts)) if part) if len(frame) else ""


def _released(facts: Facts) -> str:
    levels = [level for level in facts.base.snapshot.tables["release"]["level"] if isinstance(level, str)]
    return say("report.answer_released", levels=plain(listed(sorted(set(levels))))) if levels else ""


def _available(facts: Facts) -> str:
    return say("report.answer_account") if len(facts.base.snapshot.events) else ""


def _sessions(facts: Facts) -> str:
    return say("report.answer_sessions", groups=facts.session.groups, interviews=facts.session.interviews) if len(facts.documents) else ""


OF_COREQ: dict[int, Answer] = {
    1: _moderators, 10: _recruited, 11: _recruited, 12: _participants, 13: _dropped, 14: _attribute("vorm", "mode"), 15: _others,
    16: _participants, 17: _guide, 18: _repeated, 19: _attribute("opname", "recording"), 20: _field_notes, 21: _minutes, 22: _saturated,
    24: _coders, 25: _tree, 26: _themes, 27: _software, 29: _quotations, 31: _major, 32: _minor,
}  # fmt: skip
OF_SRQR: dict[int, Answer] = {
    1: _titled, 2: _agreed_on("samenvatting", "samenvatting"), 3: _definition, 4: _asked_for, 7: _attribute("vorm", "mode"), 8: _recruited,
    10: _sessions, 11: _guide, 12: _participants, 13: _processed, 14: _proceeded, 15: _double, 16: _themes, 17: _quotations, 19: _hanging,
}  # fmt: skip
OF_QUESTIONS: dict[int, Answer] = {
    1: _bias, 2: _agreed_on("reflectie", "reflectie"), 3: _contrary, 4: _open_answers, 5: _proceeded, 6: _checked, 7: _recruited, 8: _bound,
    9: _hanging, 10: _released, TESTS: _tests, 12: _available,
}  # fmt: skip
