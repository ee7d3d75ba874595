"""The report as one Markdown source: generated parts and the researcher's own texts, in the order readers expect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qualcode.labels import say
from qualcode.report import (
    account,
    across,
    agreeing,
    answering,
    appendices,
    beside,
    findings,
    later,
    measuring,
    method,
    reflecting,
    taking_part,
)
from qualcode.report.facts import Chapter, Facts, chapters
from qualcode.report.markdown import boxed, heading, joined, plain
from qualcode.report.quotes import Quote
from qualcode.report.sections import FOLDER, OPTIONAL, Section, Text, chapter_sections, sections
from qualcode.report.tree import CONTENTS, NUMBERED, RUNNING


@dataclass(frozen=True, slots=True)
class Assembled:
    """A report before rendering.

    ``parts`` are the generated pieces by file name; ``quotes`` those used, by chapter; ``unwritten`` the sections without text.
    """

    title: str
    markdown: str
    parts: Mapping[str, str]
    quotes: tuple[tuple[str, tuple[Quote, ...]], ...]
    unwritten: tuple[Section, ...]


class _Draft:
    """A report in the making: numbers its chapters and sections, and keeps the generated parts by file name."""

    def __init__(self, facts: Facts, texts: Mapping[str, Text]) -> None:
        self.facts, self.texts = facts, texts
        self.sections = {section.stem: section for section in sections(facts)}
        self.numbered, self.section, self.all = 0, 0, 0
        self.contents: list[str] = []
        self.parts: dict[str, str] = {}
        self.blocks: list[str] = []

    def chapter(self, title: str, *, numbered: bool = True) -> None:
        """Begin a chapter."""
        self.numbered, self.section, self.all = self.numbered + numbered, 0, self.all + 1
        full, place = (f"{self.numbered} {title}" if numbered else title), f"k-{self.all}"
        self.contents.append(f"- [{plain(full)}](#{place})")
        self.blocks.append(heading(1, full, place=f"{place} .{NUMBERED}" if numbered else place))

    def head(self, title: str, *, place: str = "") -> None:
        """Begin a section of this chapter."""
        self.section += 1
        place = place or f"p-{self.numbered}-{self.section}"
        self.blocks.append(heading(2, f"{self.numbered}.{self.section} {title}", place=f"{place} .{NUMBERED}"))

    def generated(self, name: str, text: str) -> None:
        """Add what the tool wrote."""
        if text.strip():
            self.parts[f"{name}.md"] = text.strip() + "\n"
            self.blocks.append(text)

    def written(self, section: Section, *, box: str = "") -> None:
        """Add what the researcher wrote, or where it is still to be written."""
        text = self.text_of(section)
        if text:
            self.blocks.append(boxed(box, text) if box else text)
        elif self.facts.internal and section.stem not in OPTIONAL:
            self.blocks.append(boxed("werk", say("report.to_write", file=f"{FOLDER}/{section.file}")))

    def text_of(self, section: Section) -> str:
        """Return what the researcher wrote in a section."""
        return self.texts[section.stem].markdown if section.stem in self.texts else ""


def assemble(facts: Facts, texts: Mapping[str, Text], *, definitive: bool = False) -> Assembled:
    """Return the report for these facts and texts."""
    draft = _Draft(facts, texts)
    draft.generated("colofon", method.colophon(facts, definitive=definitive))
    _front(draft)
    for chapter in chapters(facts.book):
        _findings(draft, chapter)
    _own_chapter(draft, "dwars", across.across(facts))
    _measures(draft)
    _own_chapter(draft, "metingen", later.later(facts))
    _own_chapter(draft, "naast", beside.other_material(facts))
    draft.chapter(draft.sections["conclusie"].title)
    draft.written(draft.sections["conclusie"])
    draft.chapter(draft.sections["reflectie"].title)
    draft.written(draft.sections["reflectie"])
    draft.generated("reflectie-feiten", reflecting.reflection_facts(facts))
    _annexes(draft)
    contents = joined(f"**{say('report.contents')}**", f"::: {{#{CONTENTS}}}\n" + "\n".join(draft.contents) + "\n:::")
    return Assembled(
        title=_title(facts),
        markdown=joined(running(facts, definitive=definitive), draft.blocks[0], contents, *draft.blocks[1:]) + "\n",
        parts=draft.parts,
        quotes=_quotes(texts),
        unwritten=tuple(one for one in draft.sections.values() if one.stem not in OPTIONAL and not draft.text_of(one)),
    )


def running(facts: Facts, *, definitive: bool = False) -> str:
    """Return what stands above every page: which study, which state of it, for whom; a page that gets loose still says so."""
    standing = say("report.definitive" if definitive else "report.draft")
    said = (_title(facts), say("looks.state", stamp=str(facts.base.snapshot.stamp)), say(f"report.profile_{facts.profile}"), standing)
    return boxed(RUNNING, " · ".join(plain(part) for part in said))


def _measures(draft: _Draft) -> None:
    """Add the chapter from suggestions to measures, where the study has measures."""
    if "maatregelen" not in draft.sections:
        return
    draft.chapter(draft.sections["maatregelen"].title)
    draft.written(draft.sections["maatregelen"])
    for name, make in (("matrix", measuring.matrix), ("maatregelen", measuring.unasked), ("verloop", measuring.history)):
        draft.generated(f"maatregelen-{name}", make(draft.facts))
    draft.generated("maatregelen-raam", measuring.framed(draft.facts))
    draft.generated("maatregelen-doelen", measuring.goals(draft.facts))


def _own_chapter(draft: _Draft, name: str, text: str) -> None:
    """Add a chapter that the tool writes, where there is anything to say."""
    if text:
        draft.chapter(say(f"report.title_{name}"))
        draft.generated(name, text)


def _annexes(draft: _Draft) -> None:
    """Add the account, annexes A to K."""
    facts = draft.facts
    makers: dict[str, Callable[[], str]] = {
        "codeboek": lambda: appendices.codebook(facts),
        "b": lambda: account.procedure(facts),
        "c": lambda: agreeing.agreed(facts),
        "d": lambda: account.saturated(facts),
        "e": lambda: account.framework(facts),
        "f": lambda: findings.counter_register(facts),
        "g": lambda: joined(answering.coreq(facts), answering.srqr(facts)),
        "h": lambda: account.disclosure(facts),
        "i": lambda: answering.asked(facts),
        "j": lambda: account.annexes(titles.values()),
        "herkomst": lambda: appendices.origins(facts),
    }
    titles = {name: say(f"report.title_bijlage_{name}") for name in makers}
    for name, make in makers.items():
        draft.chapter(titles[name], numbered=False)
        draft.generated(f"bijlage-{name}", make())


def _front(draft: _Draft) -> None:
    """Add what stands before the findings."""
    facts = draft.facts
    for stem, numbered in (("samenvatting", False), ("aanleiding", True)):
        draft.chapter(draft.sections[stem].title, numbered=numbered)
        draft.written(draft.sections[stem])
    draft.chapter(say("report.title_vragen"))
    draft.generated("vragen", method.questions(facts))
    draft.chapter(say("report.title_methode"))
    draft.head(say("report.title_opzet"), place="h-sessies")
    draft.generated("opzet", method.design(facts))
    draft.head(say("report.title_werving"))
    draft.written(draft.sections["werving"])
    draft.generated("werving", taking_part.recruited(facts))
    draft.head(say("report.title_deelnemers"))
    draft.generated("deelnemers", taking_part.participants(facts))
    draft.head(say("report.title_verslaglegging"))
    draft.written(draft.sections["verslaglegging"])
    draft.generated("verslaglegging", taking_part.replaced(facts))
    draft.head(say("report.title_werkwijze"))
    draft.written(draft.sections["methode"])
    draft.head(say("report.title_codering"), place="h-aannames")
    draft.generated("codering", method.coding(facts))
    draft.head(say("report.title_leeswijzer"))
    draft.generated("leeswijzer", method.reading_guide(facts))


def _findings(draft: _Draft, chapter: Chapter) -> None:
    """Add a chapter of findings."""
    facts, own = draft.facts, chapter_sections(draft.facts, chapter)
    name = own["kern"].stem.removesuffix("-kern")
    draft.chapter(chapter.title)
    draft.written(own["kern"], box="kern")
    draft.head(say("report.title_spreiding"))
    draft.generated(f"{name}-spreiding", findings.spread_table(facts, chapter))
    for code in chapter.sections:
        section = own[code.guid]
        draft.head(code.name)
        draft.written(section)
        if not (section.stem in draft.texts and draft.texts[section.stem].quotes):
            draft.generated(f"{section.stem}-kandidaten", findings.candidates_of(facts, code))
    for part, title, text in (
        ("nuance", "tegengeluid", findings.counter_of(facts, chapter)),
        ("verschillen", "status", findings.differences(facts, chapter)),
    ):
        draft.head(own[part].title)
        draft.generated(f"{name}-{title}", text)
        draft.written(own[part])
    draft.head(say("report.title_niet_aan_de_orde"))
    draft.generated(f"{name}-niet-aan-de-orde", findings.not_raised(facts, chapter))


def _title(facts: Facts) -> str:
    name = facts.base.snapshot.project.get("name")
    return plain(name).replace("\\", "") if isinstance(name, str) and name else say("report.no_title")


def _quotes(texts: Mapping[str, Text]) -> tuple[tuple[str, tuple[Quote, ...]], ...]:
    """Return the quotes used, by the title of their chapter."""
    by_chapter: dict[str, list[Quote]] = {}
    for text in texts.values():
        by_chapter.setdefault(text.section.chapter or text.section.title, []).extend(text.quotes)
    return tuple((title, tuple(quotes)) for title, quotes in by_chapter.items() if quotes)
