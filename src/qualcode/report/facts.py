"""Everything a report is made from, counted once; and the tables it prints, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import pandas as pd

from qualcode.analysis import counter, origins, spreading, statuses
from qualcode.analysis.counting import Counted, of_study, suggestions
from qualcode.analysis.frames import gaps_of, one_line
from qualcode.analysis.names import handles, ordered_documents, people, says_little, session_labels
from qualcode.analysis.spreading import GROUP, INTERVIEW, LEVELS, SESSION_KINDS
from qualcode.analysis.suppression import K
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
        By guid, in order: ``name, kind, attributes, shown`` (the name in this report), ``label`` (focusgroep 4), ``participants, turns``.
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

    @cached_property
    def handles(self) -> Mapping[str, str]:
        """What each code is called in references, by guid."""
        return handles(self.book)

    @cached_property
    def rows(self) -> Mapping[str, Mapping[Any, Any]]:
        """The rows of spread, by code (guid)."""
        return {str(guid): row for guid, row in zip(self.spread.index, self.spread.to_dict("records"), strict=True)}

    @cached_property
    def refs(self) -> Mapping[str, Mapping[Any, Any]]:
        """The passages that can be quoted, by reference."""
        return {row["ref"]: row for row in self.segments.to_dict("records")}

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """The codings (guids) that a coder marked as sensitive."""
        frame = self.base.frame
        return frozenset(frame.loc[frame["gevoelig"] == "ja", "coding"]) if "gevoelig" in frame else frozenset()

    @cached_property
    def _names(self) -> Mapping[str, tuple[str, str]]:
        return {row["name"]: (row["shown"], row["label"]) for row in self.documents.to_dict("records")}

    @cached_property
    def _texts(self) -> Mapping[str, tuple[str, list[tuple[int, int]]]]:
        gaps: dict[str, list[tuple[int, int]]] = {}
        for (guid, _), held in gaps_of(self.base.snapshot).items():
            gaps.setdefault(guid, []).extend(held)
        return {guid: (self.base.snapshot.text(guid), gaps.get(guid, [])) for guid in self.documents.index}

    def words(self, row: Mapping[Any, Any]) -> str:
        """Return the words of a passage (``document_guid, start, end``) on one line, without page marks."""
        text, gaps = self._texts[row["document_guid"]]
        return one_line(text, int(row["start"]), int(row["end"]), gaps)

    def shown(self, name: str) -> str:
        """Return what the document of this name is called in this report."""
        return self._names.get(name, (name, name))[0]

    def label(self, name: str) -> str:
        """Return the document of this name by its number: focusgroep 4."""
        return self._names.get(name, (name, name))[1]

    def mark(self, ref: str) -> str:
        """Return a reference as it is printed; it links to the account of it where the report has one."""
        return mark(ref, shown=self.printed_ref(ref), link=self.internal)

    def printed_ref(self, ref: str) -> str:
        """Return a reference with the name its session has in this report."""
        if ref not in self.refs:
            return ref
        name = str(self.refs[ref]["document"])
        return ref if self.internal or says_little(name) else self.shown(name) + ref.removeprefix(name)

    @cached_property
    def figures(self) -> Mapping[str, Mapping[Any, Any]]:
        """Figures from elsewhere, by label."""
        return {row["label"]: row for row in self.base.snapshot.tables["figure"].to_dict("records")}

    @cached_property
    def k(self) -> int:
        """The smallest count of people that is printed: 5, or more where the study asks for it."""
        return max(K, int((self.base.snapshot.project.get("settings") or {}).get("k") or K))

    @cached_property
    def chosen(self) -> Mapping[tuple[str, int, int], Mapping[Any, Any]]:
        """What was decided about passages that were chosen as quotes, by document (guid), start and end; the last word stands."""
        rows = self.base.snapshot.tables["quote"].to_dict("records")
        return {(row["document"], int(row["start"]), int(row["end"])): row for row in rows}

    @cached_property
    def maskings(self) -> Mapping[str, list[tuple[int, int, str]]]:
        """What outsiders see as [gelakt: ground], by document (guid): start, end, ground."""
        held: dict[str, list[tuple[int, int, str]]] = {}
        for row in self.base.snapshot.tables["masking"].to_dict("records"):
            held.setdefault(row["document"], []).append((int(row["start"]), int(row["end"]), str(row["ground"])))
        return held

    @cached_property
    def published(self) -> Mapping[str, Mapping[str, int]]:
        """What bundles printed of the participants before, by attribute and value; the latest number that was printed of each."""
        held: dict[str, dict[str, int]] = {}
        for tables in self.base.snapshot.tables["release"]["tables"]:
            for name, counts in (tables or {}).items():
                # a value that a later version did not print was printed once all the same
                held.setdefault(name, {}).update(counts)
        return held

    @cached_property
    def quoted(self) -> tuple[str, ...]:
        """References of the passages that bundles quoted before, as far as they are still there."""
        held = self.base.snapshot.tables["release"]["quotes"]
        return tuple(ref for ref in dict.fromkeys(ref for refs in held for ref in refs or ()) if ref in self.refs)

    @cached_property
    def suggestions(self) -> frozenset[str]:
        """The codes (guids) that are suggestions."""
        return suggestions(self.book)


def facts(study: HasSnapshot, profile: Profile) -> Facts:
    """Count everything a report needs."""
    base = of_study(study)
    spreads, stands = [], []
    for level in LEVELS:
        spreads.append(spreading.figures(base, level))
        stands.append(statuses.of_base(base, level))
    documents, present = _documents(base, profile), people(base.snapshot)
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
        participants=int(present.loc[present["document"].isin(documents.index[documents["kind"].isin(SESSION_KINDS)]), "person"].nunique()),
    )


def _documents(base: Counted, profile: Profile) -> pd.DataFrame:
    documents = ordered_documents(base.snapshot)
    labels = session_labels(base.snapshot)
    present = people(base.snapshot).groupby("document")["person"].nunique()
    shown = documents["name"] if profile in INTERNAL else pd.Series(labels).reindex(documents.index)
    return documents[["name", "kind", "attributes"]].assign(
        shown=shown,
        label=pd.Series(labels).reindex(documents.index),
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
    book, there = facts.book, facts.rows
    found: list[tuple[str, bool]] = [(chapter.guid, True)] if chapter.guid else []
    found += [(code.guid, False) for code in chapter.loose if code.guid != chapter.guid]
    for section in chapter.sections:
        below = book.descendants(section.guid)
        found += [(code.guid, code.guid == section.guid or not code.codable) for code in book.codes if code.guid in below]
    return [(guid, heads) for guid, heads in found if guid in there]
