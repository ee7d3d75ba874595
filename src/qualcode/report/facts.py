"""Everything a report is made from, counted once; and the tables it prints, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pandas as pd

from qualcode.analysis import counter, origins, spreading, statuses
from qualcode.analysis.counting import Counted, of_study, suggestions
from qualcode.analysis.frames import PARTICIPANT
from qualcode.analysis.names import handles, ordered_documents, says_little, session_labels
from qualcode.analysis.spreading import GROUP, INTERVIEW, LEVELS, SESSION_KINDS
from qualcode.codebook import Code, Codebook
from qualcode.labels import say
from qualcode.model import HasSnapshot
from qualcode.report.markdown import mark
from qualcode.report.wording import Session

Profile = Literal["onderzoeker", "supervisor", "opdrachtgever", "openbaar"]
PROFILES: tuple[Profile, ...] = get_args(Profile)
INTERNAL = ("onderzoeker", "supervisor")


@dataclass(frozen=True)
class Facts:
    """The study as a report sees it.

    Parameters
    ----------
    base
        The codings that count.
    profile
        Who the report is for.
    spread, status
        Spread and status of all levels, by code (guid), and by code and document (guids).
    counter, segments
        The register of counter-voices; the passages that can be quoted, by reference.
    documents
        By guid, in order: ``name, kind, attributes, shown`` (the name in this report), ``participants, turns``.
    session, participants
        How many groups and interviews, and how many people took part in them.
    """

    base: Counted
    profile: Profile
    spread: pd.DataFrame
    status: pd.DataFrame
    counter: pd.DataFrame
    segments: pd.DataFrame
    documents: pd.DataFrame
    session: Session
    participants: int

    @property
    def book(self) -> Codebook:
        """The codebook."""
        return self.base.book

    @property
    def internal(self) -> bool:
        """Whether the report stays among the researchers."""
        return self.profile in INTERNAL

    def handle(self, guid: str) -> str:
        """Return what a code is called in references."""
        return handles(self.book)[guid]

    def shown(self, name: str) -> str:
        """Return what the document of this name is called in this report."""
        return str(self.documents.set_index("name")["shown"].to_dict().get(name, name))

    def mark(self, ref: str) -> str:
        """Return a reference as it is printed; it links to the account of it where the report has one."""
        return mark(ref, shown=self.printed_ref(ref), link=self.internal)

    def printed_ref(self, ref: str) -> str:
        """Return a reference with the name its session has in this report."""
        if ref not in self.segments.index:
            return ref
        name = str(self.segments.loc[ref, "document"])
        return ref if self.internal or says_little(name) else self.shown(name) + ref.removeprefix(name)

    def suggests(self, guid: str) -> bool:
        """Return whether a code is a suggestion."""
        return guid in suggestions(self.book)


def facts(study: HasSnapshot, profile: Profile) -> Facts:
    """Count everything a report needs."""
    base = of_study(study)
    spreads, stands = [], []
    for level in LEVELS:
        spreads.append(spreading.of_cells(spreading.of_level(base, level), spreading.nodes_of(base, level)))
        stands.append(statuses.of_base(base, level))
    documents = _documents(base, profile)
    sessions = documents["kind"].value_counts()
    return Facts(
        base=base,
        profile=profile,
        spread=pd.concat(spreads).set_index("code_guid"),
        status=pd.concat(stands).set_index(["code_guid", "document_guid"]),
        counter=counter.of_base(base),
        segments=origins.of_base(base).set_index("ref", drop=False),
        documents=documents,
        session=Session(groups=int(sessions.get(GROUP, 0)), interviews=int(sessions.get(INTERVIEW, 0))),
        participants=int(documents.loc[documents["kind"].isin(SESSION_KINDS), "participants"].sum()),
    )


def _documents(base: Counted, profile: Profile) -> pd.DataFrame:
    documents = ordered_documents(base.snapshot)
    labels = session_labels(base.snapshot)
    speakers = base.snapshot.tables["speaker"]
    people = speakers[speakers["role"] == PARTICIPANT]
    present = people["participant"].fillna(people["guid"]).groupby(people["document"]).nunique()
    shown = documents["name"] if profile in INTERNAL else pd.Series(labels).reindex(documents.index)
    return documents[["name", "kind", "attributes"]].assign(
        shown=shown,
        participants=present.reindex(documents.index).fillna(0).astype("int64"),
        turns=base.snapshot.turns.groupby("document").size().reindex(documents.index).fillna(0).astype("int64"),
    )


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter of findings: a theme with its subthemes, and codes that stand directly below it."""

    guid: str | None
    title: str
    sections: tuple[Code, ...]
    loose: tuple[Code, ...]


def chapters(book: Codebook) -> Iterator[Chapter]:
    """Yield the chapters a codebook asks for: one a theme; codes without a theme share the last."""
    alone: list[Code] = []
    for root in book.children():
        below = [code for code in book.children(root.guid) if not code.merged_into]
        if not below:
            alone += [] if root.merged_into else [root]
            continue
        sections = tuple(code for code in below if book.subtheme_of(code.guid) == code.guid)
        loose = tuple(code for code in below if code not in sections)
        yield Chapter(root.guid, root.name, sections, (root, *loose) if root.codable else loose)
    codable = tuple(code for code in alone if code.codable)
    if codable:
        yield Chapter(None, say("report.other_codes"), (), codable)


def rows_of(facts: Facts, chapter: Chapter) -> list[tuple[str, bool]]:
    """Return the codes (guids) of a chapter that have figures, in order, and whether each heads the ones after it."""
    book, there = facts.book, facts.spread.index
    found: list[tuple[str, bool]] = [(chapter.guid, True)] if chapter.guid else []
    found += [(code.guid, False) for code in chapter.loose if code.guid != chapter.guid]
    for section in chapter.sections:
        below = book.descendants(section.guid)
        found += [(code.guid, code.guid == section.guid or not code.codable) for code in book.codes if code.guid in below]
    return [(guid, heads) for guid, heads in found if guid in there]


def used(facts: Facts, guids: list[str]) -> list[Mapping[Any, Any]]:
    """Return the rows of spread of these codes."""
    return [facts.spread.loc[guid].to_dict() for guid in guids if guid in facts.spread.index]
