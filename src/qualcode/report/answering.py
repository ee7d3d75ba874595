"""What readers ask of a study's method, answered from its data and its log alone: COREQ, SRQR, and the questions of a parliament.

An answer the study cannot give, and the researcher did not give either, is "niet vastgelegd".
"""

from __future__ import annotations

from collections.abc import Callable

from qualcode.analysis import leaving_out
from qualcode.analysis.counter import FOUND
from qualcode.analysis.inquiry import questions
from qualcode.analysis.reviewing import threads
from qualcode.analysis.spreading import SESSION_KINDS
from qualcode.labels import listed, say
from qualcode.report.account import CONSENSUS, log_of, not_recorded
from qualcode.report.facts import Facts
from qualcode.report.markdown import joined, plain, table
from qualcode.report.wording import in_words

Answer = Callable[[Facts], str]
COREQ, SRQR, QUESTIONS = "COREQ", "SRQR", "vragen"
_COREQ_ITEMS, _SRQR_ITEMS, _QUESTIONS = 32, 21, 12


def coreq(facts: Facts) -> str:
    """Return the 32 items of COREQ (Tong, Sainsbury and Craig 2007): what the study knows, what the researcher answered, else "niet vastgelegd"."""
    return _template(facts, COREQ, _COREQ_ITEMS)


def srqr(facts: Facts) -> str:
    """Return the 21 items of SRQR (O'Brien et al. 2014) in the same way."""
    return _template(facts, SRQR, _SRQR_ITEMS)


def asked(facts: Facts) -> str:
    """Return the questions a parliament asks about method, answered from the log of the study alone."""
    known = len(facts.base.snapshot.events) > 0
    given = _given(facts, QUESTIONS)
    rows = []
    for number in range(1, _QUESTIONS + 1):
        answer = _OF_QUESTIONS.get(number)
        said = given.get(str(number), "") or (answer(facts) if answer and (known or number == _TESTS) else "")
        rows.append((str(number), say(f"report.question_{number}"), said or not_recorded()))
    return joined(
        say("report.about_questions"), table([say(f"report.head_{name}") for name in ("number", "question", "answer")], rows, (1, 8, 11))
    )


def items(facts: Facts, template: str) -> dict[str, str]:
    """Return the answer to each item of a template, by number; "niet vastgelegd" where there is none."""
    number, answers = {COREQ: (_COREQ_ITEMS, _OF_COREQ), SRQR: (_SRQR_ITEMS, _OF_SRQR)}[template]
    given = _given(facts, template)
    return {str(n): given.get(str(n), "") or (answers[n](facts) if n in answers else "") or not_recorded() for n in range(1, number + 1)}


def _template(facts: Facts, template: str, number: int) -> str:
    held = items(facts, template)
    rows = [(str(n), say(f"report.{template.lower()}_{n}"), held[str(n)]) for n in range(1, number + 1)]
    open_ = sum(answer == not_recorded() for answer in held.values())
    heads = [say(f"report.head_{name}") for name in ("number", "item", "answer")]
    return joined(say("report.about_template", template=template, open=open_, n=number), table(heads, rows, (1, 7, 12)))


def _given(facts: Facts, template: str) -> dict[str, str]:
    """Return what the researcher answered, by item; the last word stands."""
    frame = facts.base.snapshot.tables["answer"]
    rows = frame[frame["template"].fillna("").str.casefold() == template.casefold()]
    return {str(item): plain(answer) for item, answer in zip(rows["item"], rows["answer"], strict=True)}


# what the study knows ---------------------------------------------------------------------------------


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


def _software(_facts: Facts) -> str:
    from qualcode import __version__

    return f"qualcode {__version__}"


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


_TESTS = 11


def _tests(_facts: Facts) -> str:
    return say("report.answer_tests")


def _bias(facts: Facts) -> str:
    prompts = facts.base.snapshot.tables["prompt"]
    leading = int((prompts["type"] == "sturend").sum())
    return say("report.answer_bias", n=leading, prompts=len(prompts)) if len(prompts) else ""


def _reflected(facts: Facts) -> str:
    table_of = facts.base.snapshot.tables["section"]
    return say("report.answer_place", place=say("report.title_reflectie")) if (table_of["stem"] == "reflectie").any() else ""


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
    frame = leaving_out.of_base(facts.base)
    hanging = frame.loc[frame["changes"] & (frame["level"] == "code"), "code"].nunique()
    return say("report.answer_hanging", n=hanging) if len(frame) else ""


def _released(facts: Facts) -> str:
    levels = [level for level in facts.base.snapshot.tables["release"]["level"] if isinstance(level, str)]
    return say("report.answer_released", levels=plain(listed(sorted(set(levels))))) if levels else ""


def _available(facts: Facts) -> str:
    return say("report.answer_account") if len(facts.base.snapshot.events) else ""


def _sessions(facts: Facts) -> str:
    return say("report.answer_sessions", groups=facts.session.groups, interviews=facts.session.interviews) if len(facts.documents) else ""


_OF_COREQ: dict[int, Answer] = {
    1: _moderators, 10: _recruited, 11: _recruited, 12: _participants, 13: _dropped, 14: _attribute("vorm", "mode"), 15: _others,
    16: _participants, 17: _guide, 18: _repeated, 19: lambda _: "", 21: _minutes, 22: _saturated, 24: _coders, 25: _tree, 26: _themes,
    27: _software, 29: _quotations, 31: _major, 32: _minor,
}  # fmt: skip
_OF_SRQR: dict[int, Answer] = {
    1: _major, 3: _definition, 4: _asked_for, 7: _attribute("vorm", "mode"), 8: _recruited, 10: _guide, 11: _sessions, 12: _participants,
    14: _proceeded, 15: _double, 16: _themes, 17: _quotations, 19: _hanging, 21: lambda _: "",
}  # fmt: skip
_OF_QUESTIONS: dict[int, Answer] = {
    1: _bias, 2: _reflected, 3: _contrary, 4: _open_answers, 5: _proceeded, 6: _checked, 7: _recruited, 8: _bound, 9: _hanging,
    10: _released, _TESTS: _tests, 12: _available,
}  # fmt: skip
