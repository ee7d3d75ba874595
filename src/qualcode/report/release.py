"""Releasing: a bundle for others at one of four levels, with a readme, the codebook, tidy data and a manifest with checksums."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from qualcode.analysis import contested, measures
from qualcode.analysis.composition import composition
from qualcode.analysis.counting import REASONS
from qualcode.analysis.names import session_labels
from qualcode.analysis.spreading import LEVELS, SESSION_KINDS, SPREAD_COLUMNS, figures
from qualcode.codebook import Codebook
from qualcode.codebook.files import write as write_codebook
from qualcode.errors import Refused
from qualcode.labels import listed, say
from qualcode.model import HasSnapshot, as_snapshot
from qualcode.privacy import find
from qualcode.report.building import build
from qualcode.report.facts import Facts, facts
from qualcode.report.masking import leaks
from qualcode.report.method import date_in_words
from qualcode.writing import whole_or_not

TEXT_LEVELS = ("L0", "L1")
MANIFEST_COLUMNS = ("file", "description", "sha256", "bytes")
# what would tie a coding to a person or an event
_TELLING = (
    "coding",
    "document",
    "start",
    "end",
    "text",
    "speaker",
    "coder",
    "at",
    "memo",
    "participant",
    "role",
    "turn",
    "basis",
    "voorval",
    "assumed",
)
_BLOCKS = ("direct", "combination")
# columns with words of the tool itself
_OWN = ("term", "ref", "level", "coverage", "shown", "disputed", "why_not")


@dataclass(frozen=True, slots=True)
class Released:
    """What was made: the ``folder``, its ``manifest`` (file, description, sha256, bytes), the ``tables`` of people that were published by attribute and value."""

    folder: Path
    manifest: pd.DataFrame
    tables: dict[str, dict[str, int]]


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
    if level in TEXT_LEVELS and not decision.strip():
        raise Refused("report.release_needs_decision", level=level)
    if out.exists() and any(out.iterdir()):
        raise Refused("report.release_not_empty", folder=out.name)
    snapshot = as_snapshot(study)
    counted = facts(snapshot, "openbaar")
    parts = list(_parts(counted, level))
    if level not in TEXT_LEVELS:
        _scanned(counted, parts, level)
    elif level == "L1":
        _covered(counted, parts)
    out.mkdir(parents=True, exist_ok=True)
    made: list[tuple[str, str]] = []
    if report is not None and level == "L3":
        built = build(snapshot, report, profile="openbaar", formats=("docx", "pdf", "html"), definitive=True)
        for path in built.paths:
            whole_or_not(out / path.name, partial(_copy, path))
            made.append((path.name, say("report.file_report", ending=path.suffix[1:])))
    for name, description, content in parts:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        whole_or_not(out / name, partial(_write, content=content))
        made.append((name, description))
    book = _without_examples(counted.book) if level not in TEXT_LEVELS else counted.book
    write_codebook(book, out / "codeboek.yaml")
    made.append(("codeboek.yaml", say("report.file_codebook")))
    whole_or_not(out / "LEESMIJ.md", partial(_write, content=_readme(counted, level, decision, made).encode()))
    made.append(("LEESMIJ.md", say("report.file_readme")))
    manifest = _manifest(out, made)
    whole_or_not(out / "manifest.csv", partial(_write, content=manifest.to_csv(index=False, lineterminator="\n").encode()))
    return Released(out, manifest, _published(counted))


def _parts(counted: Facts, level: str) -> Iterator[tuple[str, str, bytes]]:
    """Yield the data files of a level: name, what is in it, bytes."""
    if level in TEXT_LEVELS:
        yield from _texts(counted, covered=level == "L1")
        yield "coderingen.csv", say("report.file_codings"), _csv(_codings(counted, covered=level == "L1"))
        return
    if level == "L2":
        yield "coderingen.csv", say("report.file_codings_bare"), _csv(_bare(counted))
    yield "spreiding.csv", say("report.file_spread"), _csv(_spread(counted))
    people = composition(counted.base.snapshot, k=counted.k, earlier=counted.published)
    yield "deelnemers.csv", say("report.file_participants", k=counted.k), _csv(people[["attribute", "value", "shown"]])
    said = contested.of_base(counted.base)
    labels = {counted.documents.loc[guid, "name"]: label for guid, label in session_labels(counted.base.snapshot).items()}
    lists = {
        name: said[name].map(lambda held: "|".join(labels.get(one, one) for one in held))
        for name in ("supported", "contested", "nuanced", "interviews")
    }
    yield "suggesties.csv", say("report.file_suggestions"), _csv(said.drop(columns="code_guid").assign(**lists))
    if len(counted.base.snapshot.tables["measure"]):
        asked = measures.coverage(counted.base.snapshot)
        joined = {name: asked[name].map(_joined) for name in ("measures", "remarks", "contested", "nuanced")}
        yield (
            "maatregelen.csv",
            say("report.file_measures"),
            _csv(asked.assign(**joined)[["suggestion", "name", "coverage", "measures", "remarks"]]),
        )


def _joined(held: Any) -> str:
    return "|".join(held) if isinstance(held, list) else ""


def _text(counted: Facts, guid: str, *, covered: bool) -> str:
    """Return the text of a document; masked passages are blocks of equal length where they are covered, so that positions hold."""
    text = counted.base.snapshot.text(guid)
    for start, end, _ in counted.maskings.get(guid, ()) if covered else ():
        text = text[:start] + "█" * (end - start) + text[end:]
    return text


def _texts(counted: Facts, *, covered: bool) -> Iterator[tuple[str, str, bytes]]:
    for guid, name in counted.documents["name"].items():
        yield f"teksten/{name}.txt", say("report.file_text"), _text(counted, str(guid), covered=covered).encode()


def _codings(counted: Facts, *, covered: bool) -> pd.DataFrame:
    """Return the codings with their words, covered as the texts are; notes of coders may repeat what was masked and stay behind then."""
    frame = counted.base.frame.drop(columns=["code_guid", "coder_guid"])
    if covered:
        words = {guid: _text(counted, guid, covered=True) for guid in frame["document_guid"].unique()}
        spans = zip(frame["document_guid"], frame["start"], frame["end"], strict=True)
        frame = frame.assign(text=[words[guid][int(start) : int(end)] for guid, start, end in spans], memo="")
    return frame.drop(columns="document_guid")


def _bare(counted: Facts) -> pd.DataFrame:
    """Return one row a coding with nothing of what was said, by whom or where; in an order that tells nothing."""
    frame = counted.base.frame
    frame = frame[frame["kind"].isin(SESSION_KINDS)]
    labels = pd.Series(session_labels(counted.base.snapshot))
    frame = frame.assign(session=frame["document_guid"].map(labels).astype("str"))
    keep = [
        name for name in frame.columns if name not in _TELLING and not name.endswith("_guid") and name not in {"layer", "session", "kind"}
    ]
    return frame[["session", "kind", *keep]].sort_values(["session", *keep], ignore_index=True, key=lambda column: column.astype("str"))


def _spread(counted: Facts) -> pd.DataFrame:
    frame = pd.concat([figures(counted.base, level) for level in LEVELS], ignore_index=True)[list(SPREAD_COLUMNS)].drop(
        columns="working_number"
    )
    for name in frame.columns:
        if frame[name].map(lambda held: isinstance(held, list)).any():
            frame[name] = frame[name].map(lambda held: "|".join(counted.label(one) for one in held))
    return frame


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


def _published(counted: Facts) -> dict[str, dict[str, int]]:
    frame = composition(counted.base.snapshot, k=counted.k, earlier=counted.published)
    frame = frame[frame["state"] == "printed"]
    return {
        str(name): dict(zip(rows["value"], (int(n) for n in rows["n"]), strict=True))
        for name, rows in frame.groupby("attribute", sort=False)
    }


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
        ),
        say("report.readme_decision", decision=decision) if decision else "",
        say("report.never_anonymous") if level in TEXT_LEVELS else say("report.suppression_rule", k=counted.k),
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


def _csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False, lineterminator="\n").encode()


def _write(path: Path, *, content: bytes) -> None:
    path.write_bytes(content)


def _copy(source: Path, path: Path) -> None:
    path.write_bytes(source.read_bytes())
