"""The accountability: the codebook with what became of each code, and where every figure and quote comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qualcode.analysis.spreading import SESSION_KINDS
from qualcode.codebook import Code
from qualcode.codebook.versions import versions
from qualcode.labels import say
from qualcode.report.by_round import round_figure, rounds_in, together
from qualcode.report.facts import Chapter, Facts, chapters, rows_of
from qualcode.report.markdown import anchor, heading, joined, mark, plain, shortened, table

_WORDS_SHOWN = 40


def codebook(facts: Facts) -> str:
    """Return the codebook as it was used: every code with its definition and its spread, unused ones too; its versions."""
    book = facts.book
    parts = [
        say("report.codebook_is", name=plain(book.name or "–"), version=plain(book.version or "–"), mark=book.fingerprint),
        together(facts),
    ]
    for chapter in chapters(book):
        rows = [_code_row(facts, book.get(guid)) for guid, _ in rows_of(facts, chapter)]
        kinds = [name for name, there in (("groups", facts.session.groups), ("interviews", facts.session.interviews)) if there]
        # of a study of several rounds each round has its own column, and nothing adds them up
        figures = [plain(one.name) for one in rounds_in(facts)] or [say(f"report.head_{kind}") for kind in kinds]
        numbers = [*figures, *([say("report.head_working_number")] if facts.internal else [])]
        heads = [say("report.head_code"), say("report.head_definition"), *numbers]
        if rows:
            parts += [heading(2, chapter.title), table(heads, rows, (4, 12, *(3 if rounds_in(facts) else 2 for _ in numbers)))]
    made = versions(facts.base.snapshot)
    if len(made) and facts.internal:
        lines = [
            [plain(v["label"] or "–"), str(v["fingerprint"]), plain(v["at"][:10]), plain(v["changes"])] for v in made.to_dict("records")
        ]
        heads = [say(f"report.head_{name}") for name in ("version", "mark", "date", "changes")]
        parts += [heading(2, say("report.title_versions")), table(heads, lines, (2, 2, 2, 9))]
    return joined(*parts)


def _code_row(facts: Facts, code: Code) -> list[str]:
    row = facts.rows[code.guid]
    name = plain(f"{code.id} {code.name}".strip())
    said = [plain(code.definition)]
    said += [f"*{say('report.include')}* {plain(code.include)}." if code.include else ""]
    said += [f"*{say('report.exclude')}* {plain(code.exclude)}." if code.exclude else ""]
    # an example may be what somebody said
    said += [f"*{say('report.example')}* {plain('; '.join(code.examples))}" if code.examples and facts.internal else ""]
    said += [say("report.code_retired") if code.retired else "" if row["working_number"] or not code.codable else say("report.code_unused")]
    apart = [one.rows.get(code.guid) for one in rounds_in(facts)]
    figures = [round_figure(own["groups"], own["groups_n"], own["interviews"]) if own else "–" for own in apart] or [
        say("report.of", k=row[kind], n=row[f"{kind}_n"]) if row[f"{kind}_n"] else "–"
        for kind, there in (("groups", facts.session.groups), ("interviews", facts.session.interviews))
        if there
    ]
    working = [str(row["working_number"])] if facts.internal else []
    return [name if code.codable else f"**{name}**", " ".join(part for part in said if part), *figures, *working]


def origins(facts: Facts) -> str:
    """Return per code the fragments its figure rests on, for researchers and supervisors; for others who keeps that account."""
    if not facts.internal:
        return say("report.origins_elsewhere")
    parts = [say("report.origins")]
    named: set[str] = set()
    fragments = _fragments(facts)
    for chapter in chapters(facts.book):
        parts += [_of_chapter(facts, chapter, fragments, named)]
    return joined(*parts)


def _of_chapter(facts: Facts, chapter: Chapter, fragments: Mapping[str, list[dict[str, Any]]], named: set[str]) -> str:
    parts = [heading(2, chapter.title, place=anchor(facts.handles[chapter.guid]) if chapter.guid else "")]
    heads = [say(f"report.head_{name}") for name in ("fragment", "said", "by", "when", "counts")]
    for guid, _ in rows_of(facts, chapter):
        code = facts.book.get(guid)
        if guid != chapter.guid:
            parts.append(heading(3, f"{code.id} {code.name}".strip(), place=anchor(facts.handles[guid])))
        below = [facts.handles[one.guid] for one in facts.book.children(guid) if one.guid in facts.rows]
        if below:
            parts.append(say("report.rests_on", codes=", ".join(mark(f"spreiding:{handle}", shown=handle, link=True) for handle in below)))
        if guid in fragments:
            parts.append(table(heads, [_fragment(facts, row, named) for row in fragments[guid]], (4, 11, 4, 3, 3)))
        elif code.codable and not below:
            parts.append(say("report.no_fragments"))
    return joined(*parts)


def _fragments(facts: Facts) -> Mapping[str, list[dict[str, Any]]]:
    """Return the codings in sessions by code (guid), each with its reference and the codebook it was made under."""
    ref_of = {guid: ref for ref, row in facts.refs.items() for guid in row["codings"]}
    table_of = facts.base.snapshot.tables["coding"]
    made_under = dict(zip(table_of["guid"], table_of["codebook"], strict=True))
    frame = facts.base.frame[facts.base.frame["kind"].isin(SESSION_KINDS)]
    found: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        guid = row["coding"]
        found.setdefault(row["code_guid"], []).append(
            {**{str(name): value for name, value in row.items()}, "ref": ref_of.get(guid, ""), "codebook": made_under.get(guid)}
        )
    return found


def _fragment(facts: Facts, row: dict[str, Any], named: set[str]) -> list[str]:
    ref = row["ref"]
    # only the first time a fragment is listed can its place be linked to
    place = "" if not ref or ref in named else f"{{#{anchor(ref)}}}"
    named.add(ref)
    words = facts.words(row)
    who = row["participant"] if isinstance(row["participant"], str) else row["speaker"]
    return [
        f"[{plain(ref)}]{place}" if place else plain(ref),
        f"{plain(who) + ': ' if isinstance(who, str) else ''}{plain(shortened(words, _WORDS_SHOWN))}",
        plain(", ".join(part for part in dict.fromkeys((row["coder"], row["layer"])) if isinstance(part, str))),
        plain(" ".join(part for part in (str(row["at"])[:10], row["codebook"]) if isinstance(part, str) and part)),
        say("report.yes") if row["counts"] else say(f"report.why_{str(row['why_not']).replace(' ', '_').replace('ó', 'o')}"),
    ]
