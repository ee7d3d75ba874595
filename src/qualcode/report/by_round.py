"""The figures of each round of data collection beside each other: other people at another time, so never added up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from qualcode.analysis import leaving_out, rounds, spreading
from qualcode.analysis.counting import Counted, of_study, once
from qualcode.analysis.dated import within
from qualcode.analysis.names import ordered_documents
from qualcode.analysis.spreading import GROUP, INTERVIEW, LEVELS, SESSION_KINDS
from qualcode.labels import listed, say
from qualcode.report.facts import Facts
from qualcode.report.markdown import plain
from qualcode.report.wording import Session, broader, spread_sentence, term_phrase

Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class Round:
    """One round: its ``name``, how many groups and interviews it has, the ``rows`` of spread by code (guid), and what was counted.

    A code that was not there yet, or no longer, was not looked for: it has no row.
    """

    name: str
    session: Session
    rows: Mapping[str, Row]
    base: Counted


def rounds_in(facts: Facts) -> tuple[Round, ...]:
    """Return the rounds with sessions, in order; none where all sessions are of one round, and one figure says it all."""
    made: tuple[Round, ...] = once(facts.base, "rounds", lambda: _made(facts.base))
    return made


def in_each(facts: Facts) -> tuple[Round, ...]:
    """Return the rounds; of a study of one round the whole study, without a name."""
    return rounds_in(facts) or (Round("", facts.session, facts.rows, facts.base),)


def of_round(name: str, what: str) -> str:
    """Return a sentence with the round it holds for before it; the sentence alone in a study of one round."""
    return say("report.apart_in_round", round=plain(name), what=what) if name else what


def together(facts: Facts) -> str:
    """Return that figures without a round are of all rounds together, and of how many sessions; empty in a study of one round."""
    return _over_all(facts, "report.rounds_together")


def together_in_order(facts: Facts) -> str:
    """Return that the sessions of all rounds stand in one row, and how many there are; empty in a study of one round."""
    return _over_all(facts, "report.saturation_rounds")


def each_apart(facts: Facts) -> str:
    """Return that something was seen for each round apart; empty in a study of one round."""
    return _over_all(facts, "report.rounds_each")


def left_out(facts: Facts) -> pd.DataFrame:
    """Return :func:`qualcode.analysis.leaving_out` with ``round``: every finding held against the figure of its own round; empty in a study of one."""
    parts = [leaving_out.of_base(one.base).assign(round=one.name) for one in in_each(facts)]
    return pd.concat(parts, ignore_index=True)


def _over_all(facts: Facts, key: str) -> str:
    held = rounds_in(facts)
    if not held:
        return ""
    groups, interviews = (sum(getattr(one.session, kind) for one in held) for kind in ("groups", "interviews"))
    return say(key, rounds=plain(listed([one.name for one in held])), sessions=groups + interviews)


def _made(base: Counted) -> tuple[Round, ...]:
    documents = ordered_documents(base.snapshot)
    sessions = documents[documents["kind"].isin(SESSION_KINDS)]
    held = {name: [guid for guid in guids if guid in sessions.index] for name, guids in rounds.rounds_of(base.snapshot).items()}
    held = {name: guids for name, guids in held.items() if guids}
    if len(held) < 2:  # noqa: PLR2004
        return ()
    moved = rounds.moved(base.snapshot)
    made = []
    for place, (name, guids) in enumerate(held.items()):
        own = of_study(within(base.snapshot, guids))
        absent = (rounds.NO,) if place else (rounds.ONLY, rounds.TOGETHER)
        frame = pd.concat([spreading.figures(own, level) for level in LEVELS]).set_index("code_guid")
        frame = frame[[moved.get(code, ("", ""))[0] not in absent for code in frame["code"]]]
        kinds = sessions.loc[guids, "kind"]
        size = Session(groups=int((kinds == GROUP).sum()), interviews=int((kinds == INTERVIEW).sum()))
        rows = {str(guid): row for guid, row in zip(frame.index, frame.to_dict("records"), strict=True)}
        made.append(Round(name, size, rows, own))
    return tuple(made)


def spread_words(facts: Facts, guid: str, *, suggestion: bool = False) -> str:
    """Return how widely something was told (see :func:`spread_sentence`); in a study of several rounds for each of them."""
    return _each(facts, (guid,), lambda rows, session: spread_sentence(rows[0], session, suggestion=suggestion))


def term_words(facts: Facts, guid: str) -> str:
    """Return the words for how widely something was told, without the figure; in a study of several rounds for each of them."""
    return _each(facts, (guid,), lambda rows, session: term_phrase(rows[0], session))


def broader_words(facts: Facts, one: str, other: str) -> str:
    """Return which of two things was told more widely (see :func:`broader`); in a study of several rounds for each of them."""
    return _each(facts, (one, other), lambda rows, _: broader(*rows))


def support_words(facts: Facts, guid: str) -> str:
    """Return k of n groups; in a study of several rounds for each of them."""
    return _each(
        facts, (guid,), lambda rows, _: say("report.of", k=rows[0]["groups"], n=rows[0]["groups_n"]) if rows[0]["groups_n"] else "–"
    )


def round_figure(groups: Any, of: Any, interviews: Any) -> str:
    """Return the groups and interviews of one round in a cell; a dash where a topic was raised in no group."""
    if pd.isna(of) or not of:
        return "–"
    return say("report.round_figure", k=int(groups), n=int(of), interviews=int(interviews))


def _each(facts: Facts, guids: tuple[str, ...], tell: Callable[[list[Row], Session], str]) -> str:
    held = rounds_in(facts)
    if not held:
        return tell([facts.rows[guid] for guid in guids], facts.session)
    told = [(one, [one.rows[guid] for guid in guids]) for one in held if all(guid in one.rows for guid in guids)]
    return "; ".join(say("report.in_round", round=one.name, what=tell(rows, one.session)) for one, rows in told)
