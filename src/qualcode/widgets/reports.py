"""The report desk: which sections are empty, a draft, agreed on or stale, and why; and the quotes there are to choose from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from qualcode.analysis.talking import TALK
from qualcode.errors import QualcodeError
from qualcode.labels import say
from qualcode.model import QUOTE_SORTS
from qualcode.project import Project
from qualcode.report.facts import Facts, facts
from qualcode.report.quotes import candidates
from qualcode.report.sections import FOLDER, Section, read_texts
from qualcode.report.sections import sections as every
from qualcode.report.states import AGREED, EMPTY, STALE, standings, table
from qualcode.report.talk import offers
from qualcode.widgets.desk import Desk
from qualcode.widgets.page import script, style

SCRIPTS = ("parts.mjs", "wire.mjs", "frame.mjs", "reports.mjs")
# what of a section the page shows
_SHOWN = ("section", "title", "file", "state", "why", "changed", "quotes", "words", "by", "at")
_CANDIDATES = 8


class ReportDesk(Desk):
    """See how far the report is, agree on sections, and choose quotes; the words themselves stay in the researcher's own files.

    Parameters
    ----------
    study
        The project.
    out
        The folder of the report, with the texts in ``teksten``.
    height
        Height on the page, as CSS; ``640px`` when left out.
    """

    rooms: ClassVar[tuple[str, ...]] = ("desk", "report")
    # what a section opens with: why it is as it is, or the quotes there are
    _opens: ClassVar[str] = "why"
    _esm = script(*SCRIPTS)
    _css = style("desk.css", "reports.css")

    def __init__(self, study: Project, out: str | Path, **traits: Any) -> None:
        super().__init__(study, **traits)
        self._out = Path(out)

    def verbs(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
        """Return what each message of the page does."""
        return {"agree": self._agree, "quotes": self._quotes, "choose": self._choose, "again": lambda _: {"said": say("report.desk_again")}}

    def show(self, to: str | None) -> None:
        """Send the sections as they are."""
        folder = f"{self._out.name}/{FOLDER}"
        content = {"name": self.study.name, "folder": folder, "sorts": list(QUOTE_SORTS), "opens": self._opens, **self._sections()}
        self.send({"kind": "page", "to": to, "rev": self._rev}, [json.dumps(content, ensure_ascii=False).encode()])

    def patch(self, **answer: Any) -> None:
        """Send the sections again when anything happened; then the answer."""
        # looking at candidates changes nothing
        if "candidates" not in answer:
            self.show(None)
        if answer:
            self.send({"kind": "patch", "rev": self.next_rev(), **answer})

    def _sections(self) -> dict[str, Any]:
        counted = facts(self.study, "onderzoeker")
        try:
            texts = read_texts(counted, self._out / FOLDER)
        except QualcodeError as error:
            # a text with a mistake: say so, and show what there is without it
            return {"sections": [], "trouble": str(error), "counts": {}}
        held = table(counted, standings(counted, texts), texts)
        about = {one.stem for one in every(counted) if one.guid is not None or self._opens != "quotes"}
        held = held[held["section"].isin(about)]
        rows = [{name: row[name] for name in _SHOWN} for row in held.astype(object).where(held.notna(), None).to_dict("records")]
        counts = {state: int((held["state"] == state).sum()) for state in (EMPTY, "concept", STALE, AGREED)}
        return {"sections": rows, "trouble": "", "counts": counts}

    def _agree(self, message: dict[str, Any]) -> dict[str, Any]:
        self.study.agree(self._out, message["section"], note=str(message.get("note") or ""))
        return {"said": say("report.desk_agreed", section=message["section"])}

    def _quotes(self, message: dict[str, Any]) -> dict[str, Any]:
        counted = facts(self.study, "onderzoeker")
        section = next((one for one in every(counted) if one.stem == message["section"]), None)
        return {"candidates": candidate_rows(counted, section), "talks": talk_rows(counted, section), "section": message["section"]}

    def _choose(self, message: dict[str, Any]) -> dict[str, Any]:
        given = {
            name: str(message[name]).strip() for name in ("sort", "edited", "reason", "decision") if str(message.get(name) or "").strip()
        }
        self.study.choose_quote(message["ref"], **given)
        return {"said": say("report.desk_chosen", ref=message["ref"])}


class QuoteDesk(ReportDesk):
    """Choose quotes: for each section about a code the passages there are, spread over sessions, to mark, make readable and decide about.

    Parameters
    ----------
    study
        The project.
    out
        The folder of the report, with the texts in ``teksten``.
    height
        Height on the page, as CSS; ``640px`` when left out.
    """

    _opens: ClassVar[str] = "quotes"


def candidate_rows(counted: Facts, section: Section | None) -> list[dict[str, Any]]:
    """Return passages to choose from for a section: one a session, with what was decided about each.

    Each: ``ref, text, session, participant, sort, edited, decision, sensitive, placeholder``.
    """
    if section is None or section.guid is None:
        return []
    return [
        {
            "ref": quote.ref,
            "text": quote.text,
            "session": counted.label(quote.document),
            "participant": quote.participant,
            "sort": quote.sort,
            "edited": quote.edited,
            "decision": quote.decision,
            "sensitive": quote.sensitive,
            "placeholder": f"{{{{citaat:{quote.ref}}}}}",
        }
        for quote in candidates(counted, section.guid, most=_CANDIDATES)
    ]


def talk_rows(counted: Facts, section: Section | None) -> list[dict[str, Any]]:
    """Return excerpts of talk to choose from for a section: one a session, in which participants answer each other about its codes.

    Each: ``ref, turns`` (who and what, in order), ``session, placeholder``.
    """
    if section is None or section.guid is None:
        return []
    return [
        {
            "ref": ref,
            "turns": list(zip(frame["participant"].fillna(frame["speaker"]), frame["text"], strict=True)),
            "session": counted.label(str(frame["document"].iloc[0])),
            "placeholder": f"{{{{{TALK}:{ref}}}}}",
        }
        for ref, frame in offers(counted, section.guid, most=_CANDIDATES)
    ]
