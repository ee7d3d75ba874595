"""Quotes: what may be quoted, how it is printed, and whether the choice is fair."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from qualcode.analysis.spreading import SESSION_KINDS
from qualcode.labels import say
from qualcode.report.facts import Facts
from qualcode.report.markdown import plain
from qualcode.report.masking import with_masks
from qualcode.report.paging import page_of

MOST_OF_ONE_PERSON = 2
MOST_OF_ONE_SESSION = 0.25
# with fewer sessions than this, nobody can stay below a quarter from one
ENOUGH_SESSIONS = 4
FEWEST_WORDS, MIDDLE, MOST_WORDS = 8, 30, 70
_BRACKETS = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as it is printed."""

    ref: str
    text: str
    document: str
    kind: str
    participant: str
    sensitive: bool
    place: tuple[str, int, int] = ("", 0, 0)
    codes: tuple[str, ...] = ()
    sort: str = ""
    edited: str = ""
    decision: str = ""


def quote(facts: Facts, ref: str) -> Quote:
    """Return the passage with this reference, word for word, on one line and without page marks."""
    row = facts.refs[ref]
    words = facts.words(row)
    who = row["participant"] if isinstance(row["participant"], str) else row["speaker"]
    sensitive = not facts.sensitive.isdisjoint(row["codings"])
    place = (str(row["document_guid"]), int(row["start"]), int(row["end"]))
    chosen = facts.chosen.get(place, {})
    sort, edited, decision = (chosen.get(name) if isinstance(chosen.get(name), str) else "" for name in ("sort", "edited", "decision"))
    return Quote(
        ref,
        words,
        str(row["document"]),
        str(row["kind"]),
        who if isinstance(who, str) else "",
        sensitive,
        place,
        tuple(row["code_guids"]),
        sort or "",
        edited or "",
        decision or "",
    )


def agrees(edited: str, source: str) -> bool:
    """Return whether an edited quote says what the source says: omissions as ``[…]``, replacements in ``[ ]``.

    Examples
    --------
    >>> agrees("Toen zei [collega] tegen mij […] dat is jammer", "Toen zei Annelies tegen mij, uhm, ja, dat is jammer.")
    True
    >>> agrees("Toen zei ze dat", "Toen zei Annelies dat")
    False
    """
    held = " ".join(source.split())
    at = 0
    for piece in (" ".join(part.split()) for part in _BRACKETS.split(edited)):
        found = held.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return bool(_BRACKETS.sub("", edited).strip())


# words of spoken language that may be left out where a person says so, without […]
_FILLERS = frozenset("uhm uh eh ehm hm hè he ja nou nja toch zeg maar weet je wel ofzo gewoon zo van joh hoor dus enzo".split())


def readable(edited: str, source: str) -> bool:
    """Return whether an edited quote only leaves out fillers, besides what :func:`agrees` allows; such an edit is logged.

    Examples
    --------
    >>> readable("Ik zeg iets: niks.", "Uhm, ik zeg eh iets: niks.")
    True
    >>> readable("Ik zeg niks.", "Uhm, ik zeg eh iets: niks.")
    False
    """
    if agrees(edited, source):
        return True
    said = re.findall(r"[\w'’-]+", source.casefold())
    at = 0
    for piece in _BRACKETS.split(edited):
        # a bracket may stand for any words; inside a piece only fillers may be missing
        wanted = re.findall(r"[\w'’-]+", piece.casefold())
        starts = [i for i in range(at, len(said) + 1) if _follows(wanted, said, i) is not None]
        if not starts:
            return False
        if at == 0 and piece is not None and edited.startswith(piece) and any(word not in _FILLERS for word in said[: starts[0]]):
            return False
        at = _follows(wanted, said, starts[0]) or starts[0]
    tail = not edited.rstrip().endswith("]")
    return bool(_BRACKETS.sub("", edited).strip()) and not (tail and any(word not in _FILLERS for word in said[at:]))


def _follows(wanted: Sequence[str], said: Sequence[str], at: int) -> int | None:
    """Return where in what was said the wanted words end, when from ``at`` only fillers lie between them."""
    if not wanted:
        return at
    if at >= len(said) or said[at] != wanted[0]:
        return None
    for word in wanted:
        while at < len(said) and said[at] != word and said[at] in _FILLERS:
            at += 1
        if at >= len(said) or said[at] != word:
            return None
        at += 1
    return at


def printed(facts: Facts, chosen: Quote, *, edited: str | None = None) -> str:
    """Return the quote as Markdown with who it is from.

    For opdrachtgever and openbaar that is the session alone, "(focusgroep 4)": a stable name would let colleagues add
    up what one person said. For onderzoeker and supervisor the participant's code stands beside it.
    """
    words = with_masks(facts, *chosen.place, edited or chosen.edited or chosen.text)
    who = attribution(facts, chosen)
    return f"“{plain(words)}” ({plain(who)}) {facts.mark(chosen.ref)}"


def attribution(facts: Facts, chosen: Quote) -> str:
    """Return whom or what a quote is from."""
    label = facts.label(chosen.document)
    if chosen.kind == "document":
        page = page_of(facts.base.snapshot.text(chosen.place[0]), chosen.place[1])
        return say("report.on_page", document=label, page=page) if page else label
    return f"{label}, {chosen.participant}" if facts.internal and chosen.participant else label


def candidates(facts: Facts, guid: str, *, most: int = 4) -> list[Quote]:
    """Return passages to choose from for a code and what is below it: one a session, neither scraps nor speeches."""
    below = facts.book.descendants(guid)
    nearest: dict[str, tuple[int, str]] = {}
    for ref, row in facts.refs.items():
        words = len(row["text"].split())
        told = row["counts"] and row["kind"] in SESSION_KINDS and not below.isdisjoint(row["code_guids"])
        if told and FEWEST_WORDS <= words <= MOST_WORDS:
            # of each session the passage nearest the middle: long enough to tell something, short enough to be read
            choice = (abs(words - MIDDLE), ref)
            nearest[row["document_guid"]] = min(nearest.get(row["document_guid"], choice), choice, key=lambda c: c[0])
    in_order = [nearest[document][1] for document in facts.documents.index if document in nearest]
    return [quote(facts, ref) for ref in in_order[:most]]


def warnings(facts: Facts, by_chapter: Sequence[tuple[str, Collection[Quote]]]) -> list[str]:
    """Return what is unfair or risky about the quotes chosen: pairs of a chapter's title and its quotes."""
    said: list[str] = []
    everyone = Counter(q.participant for _, quotes in by_chapter for q in quotes if q.participant)
    for person, number in everyone.items():
        if number > MOST_OF_ONE_PERSON:
            said.append(say("report.warn_person", participant=person, n=number, most=MOST_OF_ONE_PERSON))
    sessions = facts.session.groups + facts.session.interviews
    for title, quotes in by_chapter:
        here = Counter(q.document for q in quotes)
        for document, number in here.items():
            if sessions >= ENOUGH_SESSIONS and len(quotes) >= ENOUGH_SESSIONS and number > MOST_OF_ONE_SESSION * len(quotes):
                said.append(say("report.warn_session", chapter=title, document=document, n=number, of=len(quotes)))
    if not facts.internal:
        sensitive = list(dict.fromkeys(q.ref for _, quotes in by_chapter for q in quotes if q.sensitive))
        said += [say("report.warn_sensitive", ref=ref) for ref in sensitive]
    return said
