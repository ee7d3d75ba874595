"""The kernblad: what was found on at most two pages, every sentence with its figure and the fragments behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from qualcode.analysis import contested, measures
from qualcode.labels import listed, say
from qualcode.report.by_round import spread_words
from qualcode.report.facts import Facts, chapters
from qualcode.report.markdown import boxed, heading, joined, plain, table
from qualcode.report.method import colophon

CORE_COLUMNS = ("chapter", "topic", "sentence", "groups", "groups_n", "interviews", "ref", "fragments")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the kernblad: the chapter and topic it is about, its words, and the reference of its figure."""

    chapter: str
    topic: str
    guid: str
    words: str
    ref: str


def sentences(facts: Facts) -> Iterator[Sentence]:
    """Yield the sentences: one a subtheme, in codebook order; then the suggestions that people do not agree on."""
    for chapter in chapters(facts.book):
        held = chapter.sections or chapter.loose
        for code in held:
            if code.guid in facts.rows:
                row = facts.rows[code.guid]
                said = spread_words(facts, code.guid)
                yield Sentence(
                    chapter.title, code.name, code.guid, say("report.core_sentence", topic=code.name, spread=said), str(row["ref"])
                )
    disputed = contested.of_base(facts.base)
    for row in disputed[disputed["disputed"]].to_dict("records"):
        said = spread_words(facts, str(row["code_guid"]), suggestion=True)
        yield Sentence(
            say("report.core_disputed"),
            row["name"],
            row["code_guid"],
            say("report.core_sentence", topic=row["name"], spread=said),
            str(row["ref"]),
        )


def core(facts: Facts) -> pd.DataFrame:
    """Return the sentences of the kernblad with what each rests on.

    Returns
    -------
    pandas.DataFrame
        ``chapter``, ``topic``, ``sentence``, ``groups``, ``groups_n``, ``interviews``, ``ref`` (for :func:`qualcode.trace`), ``fragments`` (how many that shows; a working
        number). Groups and interviews are those of all rounds; the sentence tells each round apart.
    """
    frame, codes = facts.base.frame, facts.book
    rows = []
    for one in sentences(facts):
        row = facts.rows[one.guid]
        below = codes.descendants(one.guid)
        number = int((frame["code_guid"].isin(below) & frame["document_guid"].isin(facts.documents.index)).sum())
        rows.append((one.chapter, one.topic, one.words, row["groups"], row["groups_n"], row["interviews"], one.ref, number))
    return pd.DataFrame(rows, columns=list(CORE_COLUMNS))


def sheet(facts: Facts, *, definitive: bool = False) -> str:
    """Return the kernblad as Markdown."""
    parts = [colophon(facts, definitive=definitive, short=True)]
    before = ""
    lines: list[str] = []
    for one in sentences(facts):
        if one.chapter != before:
            parts += ["\n".join(lines)] if lines else []
            parts.append(heading(2, one.chapter))
            lines, before = [], one.chapter
        lines.append(f"- {plain(one.words)} {facts.mark(one.ref) if not facts.internal else f'[{plain(one.ref)}]{{.ref}}'}")
    parts += ["\n".join(lines)] if lines else []
    if len(facts.base.snapshot.tables["measure"]):
        unanswered, unasked = measures.gaps(facts.base.snapshot)
        rows = [
            (say("report.core_unanswered"), plain(listed(unanswered, most=12)) or "–"),
            (say("report.core_unasked"), plain(listed(unasked, most=12)) or "–"),
        ]
        parts += [heading(2, say("report.title_maatregelen")), table((say("report.head_what"), ""), rows, (5, 8))]
    return joined(*parts, boxed("klein", say("report.core_limits"))) + "\n"
