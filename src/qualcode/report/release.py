"""Releasing: a bundle for others at one of four levels, with a readme, the codebook, tidy data and a manifest with checksums."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from qualcode.analysis.counting import REASONS
from qualcode.codebook import Codebook
from qualcode.codebook.files import write as write_codebook
from qualcode.errors import Refused
from qualcode.labels import listed, say
from qualcode.language import program
from qualcode.model import HasSnapshot, as_snapshot
from qualcode.privacy import find
from qualcode.report import bundled
from qualcode.report.building import build
from qualcode.report.facts import Facts, facts
from qualcode.report.masking import leaks
from qualcode.report.method import date_in_words
from qualcode.writing import whole_or_not

MANIFEST_COLUMNS = ("file", "description", "sha256", "bytes")
_BLOCKS = ("direct", "combination")
# columns with words of the tool itself
_OWN = ("term", "ref", "level", "coverage", "shown", "disputed", "why_not")


@dataclass(frozen=True, slots=True)
class Released:
    """What was made: the ``folder``, its ``manifest`` (file, description, sha256, bytes), and what it published.

    That is the ``tables`` of people by attribute and value, and the references of the ``quotes`` in the report that went along.
    """

    folder: Path
    manifest: pd.DataFrame
    tables: dict[str, dict[str, int]]
    quotes: tuple[str, ...] = ()


def bundle(study: HasSnapshot, out: Path, level: str, *, decision: str = "", report: Path | None = None) -> Released:
    """Make a bundle of a study.

    Parameters
    ----------
    study
        A project or a snapshot.
    out
        The folder to make; empty or not there yet.
    level
        ``L0`` texts as they are · ``L1`` texts with masked passages covered, codings · ``L2`` one row a coding, without text, speaker or place · ``L3`` figures
        alone, small counts suppressed.
    decision
        Who decided that this may go, and why; required for L0 and L1.
    report
        The folder of a report: its definitive public version goes along with L3.

    Raises
    ------
    Refused
        When the decision is missing, the folder holds something, what goes at L1 still holds masked words somewhere, what goes at L2 or L3
        holds what may identify somebody, or the public report is not definitive. Nothing is left in the folder then.
    """
    if level in bundled.TEXT_LEVELS and not decision.strip():
        raise Refused("report.release_needs_decision", level=level)
    if out.exists() and any(out.iterdir()):
        raise Refused("report.release_not_empty", folder=out.name)
    snapshot = as_snapshot(study)
    counted = facts(snapshot, "openbaar")
    parts = list(bundled.parts(counted, level))
    if level not in bundled.TEXT_LEVELS:
        _scanned(counted, parts, level)
    elif level == "L1":
        _covered(counted, parts)
    out.mkdir(parents=True, exist_ok=True)
    made: list[tuple[str, str]] = []
    quoted: tuple[str, ...] = ()
    if report is not None and level == "L3":
        built = build(snapshot, report, profile="openbaar", formats=("docx", "pdf", "html"), definitive=True)
        quoted = built.quotes
        for path in built.paths:
            whole_or_not(out / path.name, partial(_copy, path))
            made.append((path.name, say("report.file_report", ending=path.suffix[1:])))
    for name, description, content in parts:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        whole_or_not(out / name, partial(_write, content=content))
        made.append((name, description))
    book = _without_examples(counted.book) if level not in bundled.TEXT_LEVELS else counted.book
    write_codebook(book, out / "codeboek.yaml")
    made.append(("codeboek.yaml", say("report.file_codebook")))
    whole_or_not(out / "LEESMIJ.md", partial(_write, content=_readme(counted, level, decision, made).encode()))
    made.append(("LEESMIJ.md", say("report.file_readme")))
    manifest = _manifest(out, made)
    whole_or_not(out / "manifest.csv", partial(_write, content=manifest.to_csv(index=False, lineterminator="\n").encode()))
    return Released(out, manifest, bundled.published(counted), quoted)


def _covered(counted: Facts, parts: Iterable[tuple[str, str, bytes]]) -> None:
    """Refuse covered texts in which words that were masked in one place stand uncovered in another; files are named, words never."""
    grounds = [(name, ground) for name, _, content in parts for _, ground in leaks(counted, content.decode())]
    if grounds:
        raise Refused("report.still_uncovered", files=listed(list(dict.fromkeys(name for name, _ in grounds)), most=20))


def _scanned(counted: Facts, parts: Iterable[tuple[str, str, bytes]], level: str) -> None:
    """Refuse data that may identify somebody; the message names files and kinds, never words."""
    known = _vocabulary(counted)
    found: list[str] = []
    for name, _, content in parts:
        cells = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
        values = {value.strip() for column in cells if column not in _OWN for cell in cells[column].unique() for value in cell.split("|")}
        free = sorted(value for value in values - known if any(sign.isalpha() for sign in value))
        hits = find("\n".join(free))
        hits = hits[hits["kind"].isin(_BLOCKS)]
        found += [f"{name}: {label} ({n})" for label, n in hits["label"].value_counts().items()]
    if found:
        raise Refused("report.release_identifies", level=level, found=listed(found, most=20))


def _vocabulary(counted: Facts) -> set[str]:
    """Return the words that researchers chose beforehand: names in the codebook and of measures, which are no participant's."""
    words = {word for code in counted.book.codes for word in (code.id, code.name, counted.book.path(code.guid))}
    words |= {value for dimension in counted.book.dimensions for value in dimension.values}
    measure = counted.base.snapshot.tables["measure"]
    return words | set(measure["id"]) | set(measure["name"]) | {"True", "False", *REASONS}


def _without_examples(book: Codebook) -> Codebook:
    """Return the codebook without examples: these may be things that participants said."""
    return replace(book, codes=tuple(replace(code, examples=()) for code in book.codes))


def _readme(counted: Facts, level: str, decision: str, made: list[tuple[str, str]]) -> str:
    snapshot = counted.base.snapshot
    notice = snapshot.project.get("notice")
    lines = [
        f"# {snapshot.project.get('name', '')}",
        str(notice) if isinstance(notice, str) else "",
        say(f"report.level_{level.lower()}"),
        say(
            "report.readme_state",
            date=date_in_words(snapshot.stamp.at),
            stamp=str(snapshot.stamp),
            book=f"{counted.book.version} ({counted.book.fingerprint})",
            program=program(),
        ),
        say("report.readme_decision", decision=decision) if decision else "",
        say("report.never_anonymous") if level in bundled.TEXT_LEVELS else say("report.suppression_rule", k=counted.k),
        f"## {say('report.readme_files')}",
        "\n".join(f"- `{name}`: {description}" for name, description in made),
    ]
    return "\n\n".join(line for line in lines if line) + "\n"


def _manifest(out: Path, made: list[tuple[str, str]]) -> pd.DataFrame:
    rows = []
    for name, description in sorted(made):
        content = (out / name).read_bytes()
        rows.append((name, description, hashlib.sha256(content).hexdigest(), len(content)))
    return pd.DataFrame(rows, columns=list(MANIFEST_COLUMNS))


def _write(path: Path, *, content: bytes) -> None:
    path.write_bytes(content)


def _copy(source: Path, path: Path) -> None:
    path.write_bytes(source.read_bytes())
