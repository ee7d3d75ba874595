"""The verbs of the report: sections agreed on, quotes chosen, a kernblad, a period on the score card, freezing, releasing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.errors import NotFound, Refused
from qualcode.labels import listed
from qualcode.model import QUOTE_SORTS, RELEASE_LEVELS, Change

if TYPE_CHECKING:
    from qualcode.project.study import Project
    from qualcode.report import Built
    from qualcode.report.facts import Profile
    from qualcode.report.release import Released

_LEAST_K = 5


def sections(study: Project, out: str | Path, *, profile: Profile = "onderzoeker") -> pd.DataFrame:
    """Return how far each section of the report is: leeg, concept, akkoord or te herzien, and why.

    Parameters
    ----------
    out
        The folder of the report, with the researcher's texts in ``teksten``.
    profile
        Who the report is for; figures in the texts are filled in for them.

    Returns
    -------
    DataFrame
        ``section, title, file, state, why, changed`` (list of reference, value then, value now), ``quotes`` (references), ``words, by, at, note``.
    """
    from qualcode.report.facts import facts
    from qualcode.report.sections import FOLDER, read_texts
    from qualcode.report.states import standings, table

    counted = facts(study, profile)
    texts = read_texts(counted, Path(out) / FOLDER)
    return table(counted, standings(counted, texts), texts)


def agree(study: Project, out: str | Path, section: str | Sequence[str] | None = None, *, note: str = "") -> pd.DataFrame:
    """Say that sections are right as they stand: their words, and the values of their figures and quotes now.

    When a value changes later the words stay, and the section turns "te herzien" until somebody agrees again or rewrites it.

    Parameters
    ----------
    out
        The folder of the report.
    section
        Name of a section (``EB``, ``reflectie``), or several; every section with words when left out.
    note
        Why, when a changed figure is confirmed.

    Returns
    -------
    DataFrame
        The sections as they are now, see :meth:`sections`.

    Raises
    ------
    NotFound
        When there is no such section.
    Refused
        When a section has no words yet.
    """
    from qualcode.report.facts import facts
    from qualcode.report.sections import FOLDER, read_texts
    from qualcode.report.sections import sections as every

    counted = facts(study, "onderzoeker")
    texts = read_texts(counted, Path(out) / FOLDER)
    known = [one.stem for one in every(counted)]
    written = [stem for stem in known if stem in texts and texts[stem].markdown]
    wanted = written if section is None else [section] if isinstance(section, str) else list(section)
    for stem in wanted:
        if stem not in known:
            raise NotFound("report.no_section", section=stem, known=listed(known, most=60))
        if stem not in written:
            raise Refused("report.empty_section", section=stem, file=f"{FOLDER}/{stem}.md")
    table = study.snapshot().tables["section"]
    there = dict(zip(table["stem"], table["guid"], strict=True))
    size, now, me = len(wanted), study._store.clock(), study._coder_guid()
    if wanted:
        after: dict[str, list[Any]] = {
            "exists": [True] * size,
            "stem": wanted,
            "state": ["akkoord"] * size,
            "text": [texts[stem].fingerprint for stem in wanted],
            "values": [dict(texts[stem].values) for stem in wanted],
            "note": [note or None] * size,
            "coder": [me] * size,
            "at": [now] * size,
        }
        study._commit(
            "section", Change("section", [there.get(stem) or study._store.guids() for stem in wanted], after), about={"of": listed(wanted)}
        )
    return sections(study, out)


def choose_quote(
    study: Project, ref: str, *, sort: str | None = None, edited: str | None = None, reason: str | None = None, decision: str | None = None
) -> None:
    """Note a passage as a quote: what it is an example of, how it reads when fillers go, what was decided about printing it.

    Parameters
    ----------
    ref
        The passage, as ``FG4-0112``.
    sort
        ``typisch``, ``bijzonder`` or ``tegengeluid``.
    edited
        The words as they are printed: fillers may go, omissions are […], replacements stand in [ ]. All else stays as it was said.
    reason
        Why it was edited.
    decision
        Why a story about somebody else may be printed.

    Raises
    ------
    NotFound
        When there is no such passage.
    Refused
        When the edited words are not those of the passage, or the sort is unknown.
    """
    from qualcode.analysis.counting import of_study
    from qualcode.analysis.names import near
    from qualcode.analysis.origins import of_base
    from qualcode.report.quotes import readable

    held = of_base(of_study(study)).set_index("ref")
    if ref not in held.index:
        raise NotFound("report.no_quote", ref=near(ref, held.index, most=3))
    row: dict[Any, Any] = held.loc[ref].to_dict()
    if sort is not None and sort not in QUOTE_SORTS:
        raise Refused("report.no_sort", sort=sort, known=listed(QUOTE_SORTS))
    if edited is not None and not readable(edited, row["text"]):
        raise Refused("report.quote_differs", ref=ref)
    place = {"document": row["document_guid"], "start": int(row["start"]), "end": int(row["end"])}
    table = study.snapshot().tables["quote"]
    same = table[(table["document"] == place["document"]) & (table["start"] == place["start"]) & (table["end"] == place["end"])]
    given = {"sort": sort, "edited": edited, "reason": reason, "decision": decision}
    fields = {name: [value] for name, value in given.items() if value is not None}
    stamp = {"coder": [study._coder_guid()], "at": [study._store.clock()]}
    if len(same):
        study._commit("amend", Change("quote", [same["guid"].iloc[-1]], fields | stamp), about={"of": "quote"})
        return
    version = int(study.snapshot().document_row(str(place["document"]))["version"])
    born: dict[str, list[Any]] = {
        "exists": [True],
        "version": [version],
        "code": [row["code_guids"][0]],
        **{name: [value] for name, value in place.items()},
    }
    study._commit("record", Change("quote", [study._store.guids()], born | fields | stamp), about={"of": "quote"})


def smallest_count(study: Project, k: int) -> None:
    """Set the smallest count of people that reports print: 5, or more.

    Parameters
    ----------
    k
        The smallest count; never under 5.
    """
    if k < _LEAST_K:
        raise Refused("report.k_too_small", k=k, least=_LEAST_K)
    guid = str(study._current().project["guid"])
    study._commit("describe", Change("project", [guid], {"settings.k": [k]}))


def kernblad(study: Project, out: str | Path, *, profile: Profile = "onderzoeker", formats: Sequence[str] = ("docx", "pdf")) -> Built:
    """Write what was found on at most two pages, every sentence with its figure; see :func:`qualcode.report.core.core` for the sentences."""
    from qualcode.report.building import build_sheet

    return build_sheet(study, Path(out), profile=profile, formats=formats)


def period_report(
    study: Project,
    out: str | Path,
    period: str,
    *,
    since: str | None = None,
    profile: Profile = "onderzoeker",
    formats: Sequence[str] = ("docx", "pdf"),
) -> Built:
    """Write the score card of a period, and what changed since another.

    Parameters
    ----------
    out
        The folder.
    period
        The period, as ``2026-H1``.
    since
        The period it is set beside; the one before it when left out, none where it is the first.
    profile, formats
        As for :meth:`report`.
    """
    from qualcode.report.building import build_period

    return build_period(study, Path(out), period, since=since, profile=profile, formats=formats)


def freeze(study: Project, target: str | Path, *, out: str | Path | None = None) -> Path:
    """Write the study as it is now, and the texts of its report, into one checksummed file; see :mod:`qualcode.report.freezing`.

    Parameters
    ----------
    target
        The file, ``….zip``.
    out
        The folder of the report.
    """
    from qualcode.report.freezing import freeze as write

    return write(study, Path(target), texts=Path(out) if out is not None else None)


def release(study: Project, out: str | Path, level: str, *, decision: str = "", report: str | Path | None = None) -> Released:
    """Make a bundle for others at one of four levels, with a readme, the codebook, tidy data and a manifest; and note that it was made.

    Parameters
    ----------
    out
        The folder to make; empty or not there yet.
    level
        ``L0`` texts as they are · ``L1`` texts with their codings · ``L2`` codings without text · ``L3`` figures alone.
    decision
        Who decided that this may go, and why: required for L0 and L1, which hold what people said.
    report
        The folder of a report whose definitive public version goes along.

    Raises
    ------
    Refused
        When the level is unknown, a decision is missing, the folder holds something, or (L2, L3) the scan finds what may identify somebody.
    """
    from qualcode.report.release import bundle

    if level not in RELEASE_LEVELS:
        raise Refused("report.no_level", level=level, known=listed(RELEASE_LEVELS))
    made = bundle(study, Path(out), level, decision=decision, report=Path(report) if report is not None else None)
    fields: dict[str, Any] = {
        "level": level,
        "profile": "openbaar" if level == "L3" else "onderzoeker",
        "date": study._store.clock()[:10],
        "decision": decision or None,
        "stamp": str(study.snapshot().stamp),
        "files": made.manifest.to_dict("records"),
        "tables": made.tables if level in {"L2", "L3"} else None,
        "quotes": list(made.quotes) or None,
        "coder": study._coder_guid(),
        "at": study._store.clock(),
    }
    study._commit(
        "release",
        Change("release", [study._store.guids()], {"exists": [True], **{name: [value] for name, value in fields.items()}}),
        about={"of": level},
    )
    return made
