"""The verbs of privacy: find what may identify a person, decide about it, replace it, and take words away for good."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.errors import Missing, Refused
from qualcode.labels import say
from qualcode.model import Change, Snapshot
from qualcode.privacy.hits import COLUMNS
from qualcode.privacy.key_file import read_key
from qualcode.privacy.pseudonyms import replacements
from qualcode.privacy.scanning import Entities, find
from qualcode.project.locating import located

if TYPE_CHECKING:
    from qualcode.project.study import Project

SCAN_COLUMNS = ["document", "file", *COLUMNS]
IDENTIFIER_COLUMNS = [*SCAN_COLUMNS, "replacement", "decision"]
DECISIONS = ("accept", "reject")
_CODE_LIKE = re.compile(
    r"[A-Za-z]{1,4}[.\s-]*\d{0,3}\.?|(?i:resp(?:ondent)?|deelnemer|spreker|speaker|moderator|interviewer|notulist|onbekend)[.\s]*\d{0,3}\.?\??"
)


def trained() -> Entities | None:
    """Return the trained name recogniser; ``None`` where this installation has none, so that the caller can say so."""
    from qualcode.language import entities

    try:
        entities(["Ja."])
    except Missing:
        return None
    return entities


def recognisers(*, model: bool = True, deduce: bool = False) -> Entities | None:
    """Return what finds names beside rules and lists: the trained pipeline where it is there, deduce when asked, both as one."""
    first = trained() if model else None
    if not deduce:
        return first
    from qualcode.privacy.deduced import deduced

    if first is None:
        return deduced
    return lambda texts: pd.concat([first(texts), deduced(texts)], ignore_index=True)


def looked_with(*, model: bool = True, deduce: bool = False) -> str:
    """Return what looks for names beside rules and lists, with versions; empty when nothing does."""
    from importlib.metadata import version

    from qualcode.language import pipeline_name

    own = [pipeline_name()] if model and trained() is not None else []
    return ", ".join([*own, f"deduce {version('deduce')}"] if deduce else own)


def scan(study: Project, document: str | None = None, *, trained_names: bool = True, deduce: bool = False) -> pd.DataFrame:
    """Find what may still identify a person. An empty table is no proof that nothing does.

    Parameters
    ----------
    document
        Name of a document; all of them when left out.
    trained_names
        Use the trained recogniser beside rules and lists, where the installation has it.
    deduce
        Use the program deduce too (extra ``deidentify``): made for medical records, it knows streets and institutions; it holds a gigabyte,
        and its first use takes minutes.

    Returns
    -------
    DataFrame
        One row a finding: document, file (as it was read in), start, end (code points in the document's text; missing for metadata), text,
        label, kind (direct, indirect, combination, metadata), confidence, why, advice (what to put instead). ``attrs["model"]`` says
        what looked for names beside rules and lists: the Dutch pipeline and its version; empty when nothing did. ``attrs["notes"]`` holds
        sentences a reader must know: which documents do not seem to be Dutch, so that less is found in them.

    Raises
    ------
    Missing
        When deduce is asked for and not installed.

    Examples
    --------
    >>> import qualcode as qc
    >>> found = qc.demo().scan("FG1", trained_names=False)
    >>> list(found.loc[found["label"] == "person", "text"])
    ['Annelies', 'Annelise', 'Henk-Jan Terpstra-Bos']
    """
    from qualcode.privacy.files import in_file_name, in_head, left_in_file

    now = study.snapshot()
    entities = recognisers(model=trained_names, deduce=deduce)
    people = _people(now)
    frames = []
    wanted = [study._document(document)] if document else list(now.documents["guid"])
    for guid in wanted:
        row, text, turns = now.document_row(guid), now.text(guid), now.turns_of(guid)
        spans = list(zip(turns["start"], turns["end"], strict=True))
        found = find(text, turns=spans, people=people, entities=entities)
        source = str(row["source"] or "")
        comments = sum(int(doubt["facts"].get("n", 0)) for doubt in row["warnings"] or () if doubt["key"] == "importers.comments")
        rows = [frame for frame in (found, in_file_name(source), left_in_file(source, comments), in_head(text)) if len(frame)]
        frames += [frame.assign(document=row["name"], file=row["source"]) for frame in rows]
    none = pd.DataFrame({name: pd.Series(dtype=object) for name in SCAN_COLUMNS})
    table = pd.concat(frames, ignore_index=True)[SCAN_COLUMNS] if frames else none
    table.attrs["model"] = looked_with(model=trained_names, deduce=deduce)
    table.attrs["notes"] = not_dutch({str(now.document_row(guid)["name"]): now.text(guid) for guid in wanted})
    return table


def not_dutch(texts: Mapping[str, str]) -> list[str]:
    """Return a sentence for every text, by name, that seems to be in another language: the scan finds less there."""
    from qualcode.language import guess

    spoken = zip(texts, guess(list(texts.values())), strict=True)
    return [say("privacy.other_language", document=name, code=code) for name, code in spoken if code not in {"nl", "unknown"}]


def _people(now: Snapshot) -> list[str]:
    """Return names of participants and labels of speakers that are names rather than codes."""
    held = [*now.participants["name"].dropna(), *now.speakers["label"].dropna()]
    return sorted({name for name in held if not _CODE_LIKE.fullmatch(name) and not re.search(r"\d", name)})


def identifiers(study: Project, document: str | None = None, *, key: str | Path | None = None, passphrase: str = "") -> pd.DataFrame:
    """Return what :meth:`scan` found, with what to put instead and what was decided; the same person gets the same replacement.

    Parameters
    ----------
    document
        Only findings in this document; replacements always follow from the whole study.
    key, passphrase
        The key of what was replaced before: those people keep their replacement.

    Returns
    -------
    DataFrame
        The columns of :meth:`scan`, ``replacement`` and ``decision`` (``accept``, ``reject`` or missing). Findings that have no place in
        a text (metadata) are not among them.
    """
    found = scan(study)
    notes = found.attrs["notes"]
    found = found[found["start"].notna()].reset_index(drop=True)
    known = read_key(Path(key), passphrase, study=study._store.study).known() if key is not None else None
    found["replacement"] = replacements(found, known)
    judged = decided(study.snapshot())
    names = study.snapshot().document_names
    keys = [(names[d], int(s), int(e)) for d, s, e in zip(found["document"], found["start"], found["end"], strict=True)]
    found["decision"] = pd.Series([judged[k]["decision"] if k in judged else None for k in keys], dtype=object)
    found["replacement"] = [
        judged[k]["replacement"] or own if k in judged else own for k, own in zip(keys, found["replacement"], strict=True)
    ]
    chosen = found[found["document"] == document].reset_index(drop=True) if document else found
    shown = chosen[IDENTIFIER_COLUMNS]
    shown.attrs["notes"] = notes
    return shown


def decided(now: Snapshot) -> dict[tuple[str, int, int], dict[str, Any]]:
    """Return the decisions on the present versions of the texts, by place; the last one counts."""
    versions = dict(zip(now.documents["guid"], now.documents["version"], strict=True))
    table = now.tables["identifier"].sort_values("at", kind="stable")
    rows = table.to_dict("records")
    return {
        (r["document"], int(r["start"]), int(r["end"])): {str(k): v for k, v in r.items()}
        for r in rows
        if r["version"] == versions.get(r["document"])
    }


def decide(study: Project, document: str, start: int, end: int, *, decision: str = "accept", replacement: str | None = None) -> str:
    """Accept, change or reject one proposal; nothing in the text changes until :meth:`pseudonymise`.

    Parameters
    ----------
    document
        Name of the document.
    start, end
        The words, in code points of its text. They need not be a finding: what the scan missed can be added so.
    decision
        ``accept`` or ``reject``.
    replacement
        What to put instead, as ``[collega]``; required to accept.

    Returns
    -------
    str
        Guid of the decision.
    """
    if decision not in DECISIONS:
        raise Refused("privacy.no_decision", decision=decision)
    if decision == "accept" and not (replacement or "").strip():
        raise Refused("privacy.no_replacement")
    place = located(study._current(), study._document(document), span=(start, end))
    table = study._current().tables["identifier"]
    same = table[
        (table["document"] == place.document)
        & (table["version"] == place.version)
        & (table["start"] == place.start)
        & (table["end"] == place.end)
    ]
    guid = str(same["guid"].iloc[0]) if len(same) else study._store.guids()
    after: dict[str, list[Any]] = {
        "decision": [decision],
        "replacement": [replacement],
        "coder": [study._coder_guid()],
        "at": [study._store.clock()],
    }
    if same.empty:
        after |= {"exists": [True], "document": [place.document], "version": [place.version], "start": [place.start], "end": [place.end]}
    study._commit("identifier", Change("identifier", [guid], after), about={"document": document})
    return guid
