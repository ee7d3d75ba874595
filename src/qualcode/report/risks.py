"""What is unfair or unsafe about the quotes chosen: one-sided, one event twice, a single case, somebody who can be recognised."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from qualcode.analysis.attention import singled
from qualcode.analysis.composition import attributes_of
from qualcode.analysis.counter import FOUND
from qualcode.analysis.spreading import GROUP, SESSION_KINDS
from qualcode.labels import listed, say
from qualcode.privacy import find
from qualcode.privacy.disclosure import PUBLISHED_COLUMNS, singled_out, told
from qualcode.report.facts import Facts
from qualcode.report.masking import with_masks
from qualcode.report.quotes import Quote
from qualcode.report.quotes import quote as as_printed

ByChapter = Sequence[tuple[str, Collection[Quote]]]
_THIRD = ("van horen zeggen", "gezien")
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Risk:
    """Something about the quotes chosen: ``rule``, whether it ``blocks`` a public report, the quotes it is about, and a sentence."""

    rule: str
    blocks: bool
    refs: tuple[str, ...]
    sentence: str


def risks(facts: Facts, by_chapter: ByChapter) -> list[Risk]:
    """Return what a person should weigh about the quotes of a report before it goes anywhere.

    Parameters
    ----------
    facts
        The study as the report sees it; its profile decides what a reader can tie together.
    by_chapter
        Pairs of a chapter's title and its quotes.

    Returns
    -------
    list of Risk
        ``counter`` (a chapter with counter-voices quotes none), ``emotional`` (only sensitive quotes), ``unquoted`` (sessions without a quote), ``unlabelled`` (not marked
        typisch, bijzonder or tegengeluid), ``single`` (a code that one voice carries), and those that block a public report: ``event`` (one event twice), ``third``
        (a story about somebody else, without a recorded decision), ``only``, ``mosaic``, ``combination`` (somebody stands out).
    """
    quotes = [quote for _, held in by_chapter for quote in held]
    return [
        *_one_sided(facts, by_chapter),
        *_unquoted(facts, quotes),
        *_unlabelled(facts, quotes),
        *_single(facts, quotes),
        *_events(facts, quotes),
        *_third(facts, quotes),
        *_stands_out(facts, quotes),
        *_identifiers(facts, quotes),
    ]


def _one_sided(facts: Facts, by_chapter: ByChapter) -> Iterator[Risk]:
    """Yield chapters that leave counter-voices out, or quote emotion alone."""
    register = facts.counter[facts.counter["outcome"] == FOUND]
    against = {guid for held in register["coding"] for guid in [held]}
    sections = {facts.book.get(facts.book.find(name).guid).name: name for name in dict.fromkeys(register["theme"])}
    for title, held in by_chapter:
        theme = sections.get(title)
        there = theme is not None and bool((register["theme"] == theme).any())
        contrary = [q for q in held if q.sort == "tegengeluid" or not against.isdisjoint(facts.refs[q.ref]["codings"])]
        if there and held and not contrary:
            yield Risk("counter", False, tuple(q.ref for q in held), say("report.risk_counter", chapter=title))
        if len(held) >= _ENOUGH and all(q.sensitive for q in held):
            yield Risk("emotional", False, tuple(q.ref for q in held), say("report.risk_emotional", chapter=title))


def _unquoted(facts: Facts, quotes: Sequence[Quote]) -> Iterator[Risk]:
    sessions = facts.documents[facts.documents["kind"].isin(SESSION_KINDS)]
    missing = [facts.shown(name) for name in sessions["name"] if name not in {q.document for q in quotes}]
    if quotes and missing:
        yield Risk("unquoted", False, (), say("report.risk_unquoted", sessions=listed(missing, most=20)))


def _unlabelled(facts: Facts, quotes: Sequence[Quote]) -> Iterator[Risk]:
    bare = tuple(dict.fromkeys(q.ref for q in quotes if not q.sort))
    if bare and facts.internal:
        yield Risk("unlabelled", False, bare, say("report.risk_unlabelled", refs=listed(list(bare))))


def _single(facts: Facts, quotes: Sequence[Quote]) -> Iterator[Risk]:
    alone = {facts.book.find(code).guid: name for code, name in singled(facts.base.snapshot)[["code", "name"]].itertuples(index=False)}
    for quote in quotes:
        names = [alone[guid] for guid in quote.codes if guid in alone]
        if names:
            yield Risk("single", False, (quote.ref,), say("report.risk_single", ref=quote.ref, codes=listed(names)))


def _events(facts: Facts, quotes: Sequence[Quote]) -> Iterator[Risk]:
    """Yield events that are quoted more than once."""
    frame = facts.base.frame
    if "voorval" not in frame:
        return
    number = frame[frame["voorval"].notna()].set_index("coding")["voorval"].to_dict()
    seen: dict[tuple[str, str], list[str]] = {}
    for quote in quotes:
        for event in dict.fromkeys(number[guid] for guid in facts.refs[quote.ref]["codings"] if guid in number):
            seen.setdefault((quote.document, str(event)), []).append(quote.ref)
    for (document, event), refs in seen.items():
        if len(set(refs)) > 1:
            yield Risk(
                "event",
                True,
                tuple(dict.fromkeys(refs)),
                say("report.risk_event", event=event, session=facts.shown(document), refs=listed(list(dict.fromkeys(refs)))),
            )


def _third(facts: Facts, quotes: Sequence[Quote]) -> Iterator[Risk]:
    """Yield stories about others that nobody decided about."""
    frame = facts.base.frame.set_index("coding")
    for quote in quotes:
        own = frame.loc[[guid for guid in facts.refs[quote.ref]["codings"] if guid in frame.index]]
        told_of = ("ervaring" in own and own["ervaring"].isin(_THIRD).any()) or ("doelwit" in own and (own["doelwit"] == "collega").any())
        if told_of and not quote.decision:
            yield Risk("third", True, (quote.ref,), say("report.risk_third", ref=quote.ref))


def _stands_out(facts: Facts, quotes: Sequence[Quote]) -> Iterator[Risk]:
    """Yield who could be singled out by the quotes together, and by those that went out before."""
    if not quotes:
        return
    here = {q.ref for q in quotes}
    before = [as_printed(facts, ref) for ref in facts.quoted if ref not in here]
    people = attributes_of(facts.base.snapshot).rename(columns={"name": "participant"})
    sessions = (
        facts.base.snapshot.tables["speaker"]
        .dropna(subset=["participant"])
        .drop_duplicates("participant")
        .set_index("participant")["document"]
    )
    people = people.assign(sessie=sessions.reindex(people.index).map(facts.documents["label"]).astype("str"))
    for row in singled_out(_published(facts, quotes), people, k=facts.k, earlier=_published(facts, before)).to_dict("records"):
        refs = tuple(source.removeprefix("citaat:") for source in row["sources"])
        # who stands out by what went out before alone cannot be helped any more here
        if not here.isdisjoint(refs):
            yield Risk(str(row["rule"]), True, refs, f"{row['why']} {row['advice']}")


def _published(facts: Facts, quotes: Sequence[Quote]) -> pd.DataFrame:
    """Return what quotes tell readers of who speaks: outsiders see sessions, so an interview is one voice and a quote from a group stands alone."""
    rows = [
        {
            "voice": q.participant if facts.internal else (q.ref if q.kind == GROUP else facts.label(q.document)),
            "participant": q.participant,
            "source": f"citaat:{q.ref}",
            "text": q.edited or q.text,
        }
        for q in quotes
    ]
    groups = [
        (r["voice"], r["participant"], r["source"], "sessie", facts.label(q.document))
        for r, q in zip(rows, quotes, strict=True)
        if q.kind == GROUP
    ]
    own = told(pd.DataFrame(rows, columns=["voice", "participant", "source", "text"]))
    return pd.concat([own, pd.DataFrame(groups, columns=PUBLISHED_COLUMNS)], ignore_index=True)


def _identifiers(facts: Facts, quotes: Sequence[Quote]) -> Iterator[Risk]:
    """Yield the quotes in which, as outsiders would read them, something still may identify a person; never the words."""
    if facts.internal:
        return
    people = list(facts.base.snapshot.tables["participant"]["name"])
    for quote in quotes:
        hits = find(with_masks(facts, *quote.place, quote.edited or quote.text), people=people)
        direct = hits[hits["kind"] != "indirect"]
        if len(hits):
            rule = "identifier" if len(direct) else "narrowing"
            kinds = listed(list(dict.fromkeys(hits["label"])))
            yield Risk(rule, bool(len(direct)), (quote.ref,), say(f"report.risk_{rule}", ref=quote.ref, kinds=kinds))
