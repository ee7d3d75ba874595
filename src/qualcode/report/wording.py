"""Sentences about spread: every word bound to a figure, both sides where people disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qualcode.analysis.terms import in_words, term, which_term
from qualcode.labels import say

__all__ = ["Session", "broader", "in_words", "spread_sentence", "term", "term_phrase", "which_term"]

Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class Session:
    """How many focus groups and interviews the study has; what a figure is compared with."""

    groups: int
    interviews: int


def term_phrase(row: Row, study: Session) -> str:
    """Return the words for a row of :func:`qualcode.analysis.spread` without its figure.

    Examples
    --------
    >>> from qualcode.labels import set_language
    >>> set_language("nl")
    >>> term_phrase({"groups": 7, "groups_n": 9, "interviews": 2}, Session(9, 4))
    'in de meeste focusgroepen'
    >>> set_language(None)
    """
    if not study.groups:
        return _interviews(row["interviews"])
    return say(f"report.in_{_which(row)}", k=in_words(row["groups"]), n=in_words(row["groups_n"]))


def _which(row: Row) -> str:
    return "only" if row["groups"] == row["groups_n"] == 1 else which_term(row["groups"], row["groups_n"])


def _interviews(number: int) -> str:
    return say(
        "report.in_one_interview" if number == 1 else "report.in_interviews" if number else "report.in_no_interview", n=in_words(number)
    )


def spread_sentence(row: Row, study: Session, *, suggestion: bool = False) -> str:
    """Return the part of a sentence that says how widely something was told.

    Parameters
    ----------
    row
        A row of :func:`qualcode.analysis.spread`.
    study
        How many groups and interviews there are.
    suggestion
        Whether it is a suggestion: then people support or reject it, they do not experience it.

    Returns
    -------
    str
        Such as "in de meeste focusgroepen (7 van de 9) en in twee interviews"; then, after a semicolon, groups with hearsay
        only, after a leading question only, that did not recognise it, contested or nuanced it. Of a suggestion that
        somebody rejects, support and rejection stand in one sentence. Interviews are never added to groups.

    Examples
    --------
    >>> from qualcode.labels import set_language
    >>> set_language("nl")
    >>> empty = {name: [] for name in ("hearsay", "leading", "nuanced", "contested", "not_recognised")}
    >>> spread_sentence({"groups": 7, "groups_n": 9, "interviews": 2, **empty}, Session(9, 4))
    'in de meeste focusgroepen (7 van de 9) en in twee interviews'
    >>> spread_sentence({"groups": 3, "groups_n": 9, "interviews": 0, **empty, "hearsay": ["FG5", "FG6"]}, Session(9, 4))
    'in een deel van de focusgroepen (3 van de 9); in nog twee groepen alleen van horen zeggen'
    >>> set_language(None)
    """
    if not study.groups:
        return _interviews(row["interviews"])
    if suggestion and (row["contested"] or row["nuanced"]) and row["groups_n"]:
        return _both_sides(row)
    return "; ".join([_main(row, study, suggestion=suggestion), *_apart(row)])


def _main(row: Row, study: Session, *, suggestion: bool) -> str:
    """Return groups, where they were asked, the figure, and interviews."""
    k, n, interviews = row["groups"], row["groups_n"], row["interviews"]
    which = _which(row)
    said = term_phrase(row, study)
    if 0 < n < study.groups and which != "none":
        said += say("report.where_suggestions" if suggestion else "report.where_raised")
    if which not in {"number", "only", "not_raised"}:
        said += say("report.figure", k=k, n=n)
    if interviews:
        return said + say("report.and_also" if k else "report.but_also", what=_interviews(interviews))
    # silence in the interviews is worth a word only where the groups were silent too
    return said + (say("report.nor_interviews") if study.interviews and n and not k else "")


def _both_sides(row: Row) -> str:
    """Return support, rejection and nuance in one sentence, each with its number."""
    k, n = in_words(row["groups"]), in_words(row["groups_n"])
    said = [say("report.supported" if row["groups"] else "report.supported_none", k=k, n=n)]
    if row["contested"]:
        said.append(say("report.rejected", k=in_words(len(row["contested"]))))
    if row["nuanced"]:
        said.append(say("report.nuanced", k=in_words(len(row["nuanced"]))))
    if row["interviews"]:
        return ", ".join(said) + say("report.supported_interviews", what=_interviews(row["interviews"]))
    return ", ".join(said)


def _apart(row: Row) -> list[str]:
    """Return what is told apart from the figure."""
    more = "_more" if row["groups"] else ""
    denied = [name for name in row["contested"] if name not in row["not_recognised"]]
    kinds = (
        ("hearsay" + more, row["hearsay"]),
        ("leading" + more, row["leading"]),
        ("not_recognised", row["not_recognised"]),
        ("contested_too", denied),
        ("nuanced_too", row["nuanced"]),
    )
    return [say(f"report.apart_{name}", groups=_groups(len(held))) for name, held in kinds if held]


def _groups(number: int) -> str:
    return say("report.one_group" if number == 1 else "report.groups", n=in_words(number))


def broader(one: Row, other: Row) -> str:
    """Return how widely two things were told, set beside each other: by groups of the same number, never by fragments.

    Parameters
    ----------
    one, other
        Rows of :func:`qualcode.analysis.spread`.

    Returns
    -------
    str
        "breder verteld dan" only where both came up in the same number of groups and two or more groups differ; a difference of one
        group is "ongeveer even breed"; with different n the two cannot be compared.

    Examples
    --------
    >>> from qualcode.labels import set_language
    >>> set_language("nl")
    >>> broader({"name": "Minder tastbaar", "groups": 9, "groups_n": 9}, {"name": "Openlijk en expliciet", "groups": 6, "groups_n": 9})
    '‘Minder tastbaar’ is in meer focusgroepen verteld (9 van de 9) dan ‘Openlijk en expliciet’ (6 van de 9)'
    >>> set_language(None)
    """
    facts = {
        "one": one["name"],
        "k": one["groups"],
        "n": one["groups_n"],
        "other": other["name"],
        "k2": other["groups"],
        "n2": other["groups_n"],
    }
    if one["groups_n"] != other["groups_n"]:
        return say("report.broader_not", **facts)
    gap = one["groups"] - other["groups"]
    if abs(gap) <= 1:
        return say("report.broader_even", **facts)
    return say("report.broader_more" if gap > 0 else "report.broader_less", **facts)
