"""What stands between a draft and a definitive report: every place, named at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.analysis.counter import NOT_SEARCHED
from qualcode.analysis.inquiry import questions
from qualcode.analysis.spreading import not_coded
from qualcode.labels import listed, say
from qualcode.privacy import find
from qualcode.report.by_round import rounds_in
from qualcode.report.facts import Facts
from qualcode.report.lint import Figure, lint
from qualcode.report.markdown import plain
from qualcode.report.masking import leaks, with_masks
from qualcode.report.risks import Risk
from qualcode.report.sections import FOLDER, OPTIONAL, Text
from qualcode.report.states import AGREED, EMPTY, STALE, Standing

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that wants a person: where (a file and line, or a part of the study), a sentence, and whether it stops a definitive report."""

    rule: str
    where: str
    sentence: str
    stops: bool

    def __str__(self) -> str:
        """Return place and sentence."""
        return f"{self.where}: {self.sentence}" if self.where else self.sentence


def figures_of(facts: Facts) -> dict[str, Figure]:
    """Return k and n by every name a placeholder may use for a code."""
    return {facts.handles[guid]: (int(row["groups"]), int(row["groups_n"])) for guid, row in facts.rows.items()}


def figures_by_round(facts: Facts) -> dict[str, dict[str, Figure]]:
    """Return :func:`figures_of` for each round apart; nothing in a study of one round."""
    return {
        one.name: {facts.handles[guid]: (int(row["groups"]), int(row["groups_n"])) for guid, row in one.rows.items()}
        for one in rounds_in(facts)
    }


def problems(facts: Facts, texts: Mapping[str, Text], held: Sequence[Standing], found: Sequence[Risk], markdown: str) -> list[Problem]:
    """Return everything a person should look at, what stops a definitive report first.

    Parameters
    ----------
    facts
        The study as the report sees it.
    texts
        The researcher's texts by section.
    held
        How far each section is.
    found
        The risks of the quotes.
    markdown
        The whole report, for masked words that came through.
    """
    all_of_it = [
        *_sections(held),
        *_searches(facts),
        *_language(facts, texts),
        *_coverage(facts),
        *_masked(facts, texts, markdown),
        *_identifying(facts, texts, markdown),
        *(Problem(risk.rule, "", risk.sentence, stops=risk.blocks and facts.profile == "openbaar") for risk in found),
    ]
    return sorted(all_of_it, key=lambda problem: not problem.stops)


def _sections(held: Sequence[Standing]) -> Iterator[Problem]:
    for one in held:
        where = f"{FOLDER}/{one.section.file}"
        if one.state == EMPTY and one.section.stem not in OPTIONAL:
            yield Problem("empty", where, one.why, stops=True)
        elif one.state == STALE:
            yield Problem("stale", where, one.why, stops=True)
        elif one.state not in {EMPTY, AGREED}:
            yield Problem("draft", where, one.why, stops=True)


def _searches(facts: Facts) -> Iterator[Problem]:
    """Yield the subthemes in which nobody noted a search for counter-voices."""
    register = facts.counter
    searched = set(register.loc[register["searched"].notna(), "subtheme"])
    missing = [name for name in dict.fromkeys(register["subtheme"]) if name not in searched]
    never = [name for name in missing if (register.loc[register["subtheme"] == name, "outcome"] == NOT_SEARCHED).all() or name in missing]
    if never:
        yield Problem("search", say("report.place_counter"), say("report.problem_search", codes=listed(never, most=30)), stops=True)


def _language(facts: Facts, texts: Mapping[str, Text]) -> Iterator[Problem]:
    figures, apart = figures_of(facts), figures_by_round(facts)
    for text in texts.values():
        for finding in lint(text.raw, figures, rounds=apart):
            yield Problem(
                finding.rule,
                f"{FOLDER}/{text.section.file}, {say('report.line', line=finding.line)}",
                str(finding),
                stops=finding.severity == "stop",
            )


def _coverage(facts: Facts) -> Iterator[Problem]:
    """Yield open research questions and sessions that nobody coded."""
    table = questions(facts.base.snapshot)
    for text in table.loc[table["open"], "text"]:
        yield Problem("question", say("report.place_questions"), say("report.problem_question", question=text), stops=True)
    missing = not_coded(facts.base)
    if missing:
        yield Problem("not_coded", say("report.place_sessions"), say("report.not_coded", sessions=listed(missing)), stops=True)


def _masked(facts: Facts, texts: Mapping[str, Text], markdown: str) -> Iterator[Problem]:
    """Yield where masked words stand in what outsiders would read; never the words."""
    if facts.internal:
        return
    named = False
    for text in texts.values():
        for at, ground in leaks(facts, text.markdown):
            named = True
            line = text.markdown.count("\n", 0, at) + 1
            yield Problem("masked", f"{FOLDER}/{text.section.file}", say("report.problem_masked", ground=ground, line=line), stops=True)
    if not named:
        for _, ground in leaks(facts, markdown):
            yield Problem("masked", "", say("report.problem_masked_elsewhere", ground=plain(ground)), stops=True)


def _identifying(facts: Facts, texts: Mapping[str, Text], markdown: str) -> Iterator[Problem]:
    """Yield where a public report, as a whole, still holds what may identify somebody; never the words. Quotes are judged apart."""
    if facts.profile != "openbaar":
        return
    said = [with_masks(facts, *quote.place, quote.edited or quote.text) for text in texts.values() for quote in text.quotes]
    known = {word for words in said for word in find(words)["text"]}
    for text in texts.values():
        found = find(text.markdown, written=True)
        yield from _found(found[~found["text"].isin(known)], f"{FOLDER}/{text.section.file}", text.markdown)
        known |= set(found["text"])
    rest = find(markdown, written=True)
    yield from _found(rest[~rest["text"].isin(known)], say("report.place_generated"), "")


def _found(hits: pd.DataFrame, where: str, text: str) -> Iterator[Problem]:
    for row in hits.to_dict("records"):
        line = text.count("\n", 0, int(row["start"])) + 1
        place = f"{where}, {say('report.line', line=line)}" if text else where
        kind = say(f"privacy.label_{row['label']}")
        stops = row["kind"] != "indirect"
        yield Problem("identifier" if stops else "narrowing", place, say("report.problem_identifier", kind=kind), stops=stops)
