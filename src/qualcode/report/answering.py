"""What readers ask of a study's method, answered from its data and its log alone: COREQ, SRQR, and the questions of a parliament.

An answer the study cannot give, and the researcher did not give either, is "niet vastgelegd".
"""

from __future__ import annotations

from qualcode.labels import say
from qualcode.report.account import not_recorded
from qualcode.report.facts import Facts
from qualcode.report.known import OF_COREQ, OF_QUESTIONS, OF_SRQR, TESTS, title_of
from qualcode.report.markdown import joined, plain, table

COREQ, SRQR, QUESTIONS = "COREQ", "SRQR", "vragen"
_COREQ_ITEMS, _SRQR_ITEMS, _QUESTIONS = 32, 21, 12
# in which part of the report an item is answered
_PLACES: dict[str, dict[int, str]] = {
    COREQ: {
        1: "opzet", 10: "werving", 11: "werving", 12: "deelnemers", 13: "werving", 14: "opzet", 15: "opzet", 16: "deelnemers",
        17: "niet_aan_de_orde", 18: "metingen", 19: "opzet", 20: "naast", 21: "opzet", 22: "bijlage_d", 24: "codering", 25: "bijlage_codeboek",
        26: "bijlage_codeboek", 27: "colofon", 29: "leeswijzer", 31: "spreiding", 32: "nuance",
    },
    SRQR: {
        1: "colofon", 2: "samenvatting", 3: "vragen", 4: "vragen", 7: "opzet", 8: "werving", 10: "opzet", 11: "niet_aan_de_orde", 12: "deelnemers",
        13: "verslaglegging", 14: "bijlage_b", 15: "bijlage_c", 16: "bijlage_codeboek", 17: "leeswijzer", 19: "reflectie",
    },
}  # fmt: skip


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
        answer = OF_QUESTIONS.get(number)
        said = given.get(str(number), "") or (answer(facts) if answer and (known or number == TESTS) else "")
        rows.append((str(number), say(f"report.question_{number}"), said or not_recorded()))
    return joined(
        say("report.about_questions"), table([say(f"report.head_{name}") for name in ("number", "question", "answer")], rows, (1, 8, 11))
    )


def items(facts: Facts, template: str) -> dict[str, str]:
    """Return the answer to each item of a template, by number; "niet vastgelegd" where there is none.

    What the researcher answered goes first, then what the study knows, then the decision in the log that names the item (about: ``COREQ 23``).
    """
    number, answers = {COREQ: (_COREQ_ITEMS, OF_COREQ), SRQR: (_SRQR_ITEMS, OF_SRQR)}[template]
    given, decided = _given(facts, template), _decided(facts, template)
    known = {str(n): answers[n](facts) if n in answers else "" for n in range(1, number + 1)}
    return {n: given.get(n, "") or said or decided.get(n, "") or not_recorded() for n, said in known.items()}


def _template(facts: Facts, template: str, number: int) -> str:
    held, given, decided = items(facts, template), _given(facts, template), _decided(facts, template)
    rows = []
    for n, answer in held.items():
        part = "" if answer == not_recorded() or n in given else _PLACES[template].get(int(n), "bijlage_b" if n in decided else "")
        rows.append((n, say(f"report.{template.lower()}_{n}"), answer, plain(title_of(part)) if part else "–"))
    open_ = sum(answer == not_recorded() for answer in held.values())
    heads = [say(f"report.head_{name}") for name in ("number", "item", "answer", "in_report")]
    return joined(say("report.about_template", template=template, open=open_, n=number), table(heads, rows, (1, 6, 10, 5)))


def _given(facts: Facts, template: str) -> dict[str, str]:
    """Return what the researcher answered, by item; the last word stands."""
    frame = facts.base.snapshot.tables["answer"]
    rows = frame[frame["template"].fillna("").str.casefold() == template.casefold()]
    return {str(item): plain(answer) for item, answer in zip(rows["item"], rows["answer"], strict=True)}


def _decided(facts: Facts, template: str) -> dict[str, str]:
    """Return the decisions that name an item of a template, by item; the last word stands."""
    frame = facts.base.snapshot.tables["decision"]
    item = frame["about"].fillna("").str.extract(rf"^\s*{template}\s+(\d+)\s*$", expand=False)
    there = frame[item.notna() & frame["decision"].notna()]
    return {str(number): plain(words) for number, words in zip(item[there.index], there["decision"], strict=True)}
