"""The generated part of a chapter of findings: spread, counter-voices, differences, what was not raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qualcode.analysis.counter import FOUND
from qualcode.analysis.spreading import GROUP
from qualcode.codebook import Code
from qualcode.labels import listed, say
from qualcode.report.by_round import round_figure, rounds_in
from qualcode.report.facts import Chapter, Facts, chapters, rows_of
from qualcode.report.markdown import boxed, heading, joined, plain, table
from qualcode.report.quotes import candidates, printed
from qualcode.report.talk import offers
from qualcode.report.told_in import told_in
from qualcode.report.wording import in_words

Row = Mapping[Any, Any]
# with more groups than this a bar says less than its figure
_LONGEST_BAR = 15


def spread_table(facts: Facts, chapter: Chapter) -> str:
    """Return the spread of everything in a chapter: how many groups of how many, interviews apart, both sides."""
    if not facts.session.groups and not facts.session.interviews:
        return say("report.no_spread")
    if rounds_in(facts):
        return _by_round(facts, chapter)
    rows = []
    for guid, leads in rows_of(facts, chapter):
        row = facts.rows[guid]
        name = plain(f"{row['code']} {row['name']}" if facts.book.get(guid).id else row["name"])
        rows.append(
            [
                f"**{name}**" if leads else name,
                *_bars(facts, row),
                *_figures(facts, row),
                plain(row["term"]),
                _apart(facts, guid, facts.rows),
                facts.mark(row["ref"]),
            ]
        )
    heads_of = [name for name, there in (("groups", facts.session.groups), ("interviews", facts.session.interviews)) if there]
    bars = ("bar",) if facts.session.groups else ()
    heads = [say(f"report.head_{name}") for name in ("code", *bars, *heads_of, "term", "apart")]
    widths = (9, *(4 for _ in bars), *(3 for _ in heads_of), 5, 6, 5)
    return joined(
        table([*heads, ""], rows, widths, caption=say("report.caption_spread", chapter=plain(chapter.title))), say("report.about_spread")
    )


def _by_round(facts: Facts, chapter: Chapter) -> str:
    """Return the spread of a chapter in a study of several rounds: a column a round, and no figure that adds them up."""
    held = rounds_in(facts)
    rows = []
    for guid, leads in rows_of(facts, chapter):
        row = facts.rows[guid]
        name = plain(f"{row['code']} {row['name']}" if facts.book.get(guid).id else row["name"])
        told = [(one, one.rows.get(guid)) for one in held]
        figures = [round_figure(own["groups"], own["groups_n"], own["interviews"]) if own else "–" for _, own in told]
        aside = [(one.name, _apart(facts, guid, one.rows)) for one, own in told if own]
        apart = "; ".join(say("report.apart_in_round", round=plain(name_), what=what) for name_, what in aside if what)
        rows.append([f"**{name}**" if leads else name, *figures, apart, facts.mark(row["ref"])])
    heads = [say("report.head_code"), *(plain(one.name) for one in held), say("report.head_apart"), ""]
    caption = say("report.caption_spread", chapter=plain(chapter.title))
    note = boxed("melding", say("report.rounds_apart", rounds=plain(listed([one.name for one in held]))))
    return joined(note, table(heads, rows, (8, *(6 for _ in held), 6, 4), caption=caption), say("report.about_spread"))


def _bars(facts: Facts, row: Row) -> list[str]:
    """Return a bar of k of n groups: a sign a group, so that nobody reads a percentage in it; the figure stands beside it."""
    if not facts.session.groups:
        return []
    k, n = int(row["groups"]), int(row["groups_n"])
    return ["■" * k + "□" * (n - k)] if n <= _LONGEST_BAR else [""]


def _figures(facts: Facts, row: Row) -> list[str]:
    """Return k of n for the groups and for the interviews, each where the study has any."""
    figures = []
    for kind, there in (("groups", facts.session.groups), ("interviews", facts.session.interviews)):
        if there:
            figures.append(say("report.of", k=row[kind], n=row[f"{kind}_n"]) if row[f"{kind}_n"] else "–")
    return figures


def _apart(facts: Facts, guid: str, rows: Mapping[str, Row]) -> str:
    """Return what is told apart from the figures, in few words."""
    row = rows[guid]
    # a suggestion is rejected, not unrecognised
    unknown = [] if guid in facts.suggestions else row["not_recognised"]
    kinds = (
        ("hearsay", row["hearsay"]),
        ("leading", row["leading"]),
        ("not_recognised", unknown),
        ("contested", [name for name in row["contested"] if name not in unknown]),
        ("nuanced", row["nuanced"]),
        ("outside", row["outside"]),
        ("not_raised", _silent(facts, guid, rows)),
    )
    return "; ".join(say(f"report.cell_{name}", n=len(held)) for name, held in kinds if held)


def candidates_of(facts: Facts, code: Code) -> str:
    """Return passages to choose quotes from; working material that no one outside sees."""
    found = candidates(facts, code.guid) if facts.internal else []
    talks = [ref for ref, _ in offers(facts, code.guid)] if facts.internal else []
    parts = [say("report.candidates"), *(f"> {printed(facts, quote)}" for quote in found)] if found else []
    parts += [say("report.candidates_talk", refs=plain(listed(talks, most=4)))] if talks else []
    return boxed("werk", joined(*parts)) if parts else ""


def counter_of(facts: Facts, chapter: Chapter) -> str:
    """Return the counter-voices of a chapter by subtheme, or that and where was searched for them."""
    below = _all_of(facts, chapter)
    register = facts.counter[facts.counter["subtheme"].isin([facts.handles[guid] for guid in below])]
    lines = []
    for subtheme, rows in register.groupby("subtheme", sort=False):
        found = rows[rows["outcome"] == FOUND]
        name = plain(facts.book.get(_guid(facts, str(subtheme))).name)
        searched = next((text for text in rows["searched"] if isinstance(text, str)), "")
        said = "; ".join(_voices(facts, part) for _, part in found.groupby(["code_guid", "stance"], sort=False))
        told = ". ".join(part for part in (said, plain(_capital(searched))) if part) or say("report.not_searched")
        lines.append(f"- **{name}**: {told} {facts.mark(f'tegengeluid:{subtheme}')}")
    return "\n\n".join(lines) or say("report.no_counter")


def counter_register(facts: Facts) -> str:
    """Return the register of counter-voices over all chapters: who says otherwise, about what, and where was searched."""
    parts = []
    for chapter in chapters(facts.book):
        told = counter_of(facts, chapter)
        parts += [heading(2, chapter.title), told]
    return joined(say("report.about_register"), *parts)


def _voices(facts: Facts, rows: pd.DataFrame) -> str:
    """Return one kind of counter-voice to one code: what, in which sessions, by how many."""
    first = rows.iloc[0]
    sessions = [facts.shown(name) for name in dict.fromkeys(rows["document"])]
    people = rows["participant"].fillna(rows["speaker"]).nunique()
    return say(
        "report.counter_voice",
        code=plain(first["name"]),
        stance=say(f"report.stance_{str(first['stance']).replace(' ', '_')}"),
        sessions=plain(listed(sessions, most=20)),
        people=say("report.by_one" if people == 1 else "report.by_people", n=in_words(people)),
    )


def differences(facts: Facts, chapter: Chapter) -> str:
    """Return the status of each subtheme in each focus group, with what group it was; and where a researcher overruled the rule."""
    documents = facts.documents[facts.documents["kind"] == GROUP]
    columns = [code for code in (chapter.sections or chapter.loose) if code.guid in facts.rows]
    if not len(documents) or not columns:
        return say("report.no_groups_to_compare")
    rows, reasons = [], []
    stratum = any("stratum" in (held or {}) for held in documents["attributes"])
    for guid, document in zip(documents.index, documents.to_dict("records"), strict=True):
        cells = [plain(document["shown"])]
        if stratum:
            cells.append(plain((document["attributes"] or {}).get("stratum", "")) or "–")
        cells.append(str(document["participants"]))
        for code in columns:
            cell = facts.status.loc[(code.guid, guid)]
            overruled = isinstance(cell["reason"], str)
            cells.append((_status_word(cell["status"])) + (" \\*" if overruled else ""))
            if overruled:
                reasons.append(
                    say(
                        "report.overruled",
                        session=plain(document["shown"]),
                        code=plain(code.name),
                        rule=_status_word(cell["computed"]),
                        reason=plain(cell["reason"]),
                    )
                )
        rows.append(cells)
    heads = [
        say("report.head_session"),
        *([say("report.head_stratum")] if stratum else []),
        say("report.head_people"),
        *(plain(code.name) for code in columns),
    ]
    ref = f"status:{facts.handles[chapter.guid]}" if chapter.guid else ""
    return joined(
        table(heads, rows, (3, *([5] if stratum else []), 3, *(4 for _ in columns))),
        f"{say('report.about_status')} {facts.mark(ref) if ref else ''}".strip(),
        "\n\n".join(f"- \\* {reason}" for reason in reasons),
        told_in(facts, chapter),
    )


def _status_word(status: object) -> str:
    return say(f"report.status_{status.replace(' ', '_')}") if isinstance(status, str) else "–"


def not_raised(facts: Facts, chapter: Chapter) -> str:
    """Return in which sessions something was not raised, known from hearsay only, or told only after a leading question."""
    lines: list[str] = []
    for guid, _ in rows_of(facts, chapter):
        row = facts.rows[guid]
        alone = facts.book.level(guid) == "code"
        for name, held in (
            ("not_raised", _silent(facts, guid, facts.rows)),
            ("hearsay", row["hearsay"] if alone else []),
            ("leading", row["leading"] if alone else []),
        ):
            if held:
                sessions = plain(listed([facts.shown(one) for one in held], most=20))
                lines.append(f"- **{plain(row['name'])}**: {say(f'report.line_{name}', sessions=sessions)} {facts.mark(row['ref'])}")
    return "\n\n".join(lines) or say("report.all_raised")


def _silent(facts: Facts, guid: str, rows: Mapping[str, Row]) -> list[str]:
    """Return where a topic was not raised; what holds for the whole theme is said once, at the theme."""
    here: list[str] = rows[guid]["not_raised"]
    above = [rows[up]["not_raised"] for up in facts.book.ancestors(guid) if up in rows]
    return [] if above and above[-1] == here else here


def _all_of(facts: Facts, chapter: Chapter) -> Sequence[str]:
    if chapter.guid:
        below = facts.book.descendants(chapter.guid)
        return [code.guid for code in facts.book.codes if code.guid in below]
    return [code.guid for code in chapter.loose]


def _guid(facts: Facts, handle: str) -> str:
    return facts.book.find(handle).guid


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
