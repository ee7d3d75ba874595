"""How far each section is: empty, a draft, agreed on, or to be looked at again because a figure or quote in it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from qualcode.labels import say
from qualcode.report.facts import Facts
from qualcode.report.sections import OPTIONAL, Section, Text, sections

EMPTY, DRAFT, AGREED, STALE = "leeg", "concept", "akkoord", "te herzien"
STATE_COLUMNS = ("section", "title", "file", "state", "why", "changed", "quotes", "words", "by", "at", "note")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a section is.

    ``state`` is ``leeg``, ``concept``, ``akkoord`` or ``te herzien``; ``changed`` holds for each placeholder whose value is another than when the
    section was agreed on: its reference, the value then, the value now; ``rewritten`` whether the words changed since.
    """

    section: Section
    state: str
    changed: tuple[tuple[str, str, str], ...] = ()
    rewritten: bool = False
    agreed: Mapping[str, Any] | None = None

    @property
    def why(self) -> str:
        """Why it is not agreed on, as a sentence; empty where it is."""
        if self.state == EMPTY:
            return say("report.why_empty_optional" if self.section.stem in OPTIONAL else "report.why_empty")
        if self.state == STALE:
            return "; ".join(say("report.why_changed", ref=ref, was=was, now=now) for ref, was, now in self.changed)
        if self.state == DRAFT:
            return say("report.why_rewritten" if self.rewritten else "report.why_draft")
        return ""


def standings(facts: Facts, texts: Mapping[str, Text]) -> list[Standing]:
    """Return how far each section of the report is, in the order of the report.

    Parameters
    ----------
    facts
        The study as the report sees it.
    texts
        The researcher's texts by section, from :func:`qualcode.report.sections.read_texts`.
    """
    table = facts.base.snapshot.tables["section"]
    agreed = {row["stem"]: row for row in table.to_dict("records") if row["state"] == AGREED}
    return [_standing(section, texts.get(section.stem), agreed.get(section.stem)) for section in sections(facts)]


def _standing(section: Section, text: Text | None, agreed: Mapping[Any, Any] | None) -> Standing:
    if text is None or not text.markdown:
        return Standing(section, EMPTY)
    if agreed is None:
        return Standing(section, DRAFT)
    if agreed["text"] != text.fingerprint:
        return Standing(section, DRAFT, rewritten=True, agreed=agreed)
    then = agreed["values"] or {}
    changed = tuple((ref, str(then[ref]), value) for ref, value in text.values.items() if ref in then and then[ref] != value)
    return Standing(section, STALE if changed else AGREED, changed, agreed=agreed)


def table(facts: Facts, held: list[Standing], texts: Mapping[str, Text]) -> pd.DataFrame:
    """Return the sections as a frame: one row a section, in the order of the report.

    Returns
    -------
    pandas.DataFrame
        ``section`` (name of the file without its ending), ``title``, ``file``, ``state``, ``why`` (a sentence; empty where agreed on), ``changed`` (list of reference, value then,
        value now), ``quotes`` (list of references), ``words``, ``by`` (who agreed), ``at``, ``note``.
    """
    coders = facts.base.snapshot.tables["coder"].set_index("guid")["name"].to_dict()
    rows = []
    for one in held:
        text, agreed = texts.get(one.section.stem), one.agreed or {}
        quotes = [quote.ref for quote in text.quotes] if text else []
        words = len(text.markdown.split()) if text else 0
        by = (coders.get(agreed.get("coder")), agreed.get("at"), agreed.get("note"))
        title = (
            one.section.title
            if not one.section.chapter or one.section.chapter == one.section.title
            else f"{one.section.chapter}: {one.section.title}"
        )
        rows.append((one.section.stem, title, one.section.file, one.state, one.why, list(one.changed), quotes, words, *by))
    return pd.DataFrame(rows, columns=list(STATE_COLUMNS))
