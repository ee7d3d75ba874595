"""The verbs of documents: bring in transcripts, tell who the speakers are, take a document out."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.errors import BadFile, NotFound, Refused
from qualcode.labels import listed, say
from qualcode.model import DOCUMENT_KINDS, ROLES, Change
from qualcode.refi.opening import is_exchange
from qualcode.writing import whole_or_not

if TYPE_CHECKING:
    from qualcode.importers import Reading
    from qualcode.project.study import Project

Progress = Callable[[str, int, int], None]
IMPORT_COLUMNS = ["document", "kind", "source", "characters", "turns", "speakers", "warnings"]


def files_of(sources: str | Path | Iterable[str | Path]) -> list[Path]:
    """Return the files that paths and patterns name, in order, each once."""
    given = [sources] if isinstance(sources, str | Path) else list(sources)
    found: list[Path] = []
    for one in given:
        matches = sorted(glob.glob(str(one))) if glob.has_magic(str(one)) and not Path(one).exists() else [str(one)]
        if not matches:
            raise NotFound("project.no_files", pattern=str(one))
        found += [Path(match) for match in matches]
    return list(dict.fromkeys(found))


def _listed_documents(path: str | Path | None) -> dict[str, dict[str, Any]]:
    if path is None:
        return {}
    from qualcode.importers import documents

    table = documents(Path(path))
    return {str(row["file"]): {str(name): value for name, value in row.items()} for row in table.to_dict("records")}


def own_name(wanted: str, taken: set[str]) -> str:
    """Return a name that no other document has: the one wanted, with a number where it is taken."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted} ({number})"
    return name


def _readings(
    study: Project,
    files: Sequence[Path],
    register: dict[str, dict[str, Any]],
    *,
    name: str | None,
    kind: str | None,
    tiers: Sequence[str] | None,
    progress: Progress | None,
) -> list[tuple[Reading, str, dict[str, Any], list[dict[str, Any]]]]:
    """Read every file before anything is written: one bad file leaves the study as it was."""
    from qualcode.importers import read
    from qualcode.store.log import sha

    current = study._current()
    taken = set(current.document_names)
    same = dict(zip(current.documents["text"], current.documents["name"], strict=True))
    found = []
    for number, file in enumerate(files, 1):
        if progress:
            progress(file.name, number, len(files))
        row = register.get(file.name, {})
        wanted_kind = kind or row.get("kind") or None
        if wanted_kind and wanted_kind not in DOCUMENT_KINDS:
            raise Refused("project.no_kind", kind=wanted_kind, known=listed(DOCUMENT_KINDS))
        reading = read(file, name=name or row.get("name") or None, kind=wanted_kind, tiers=tiers)
        doubts = [{"key": doubt.key, "facts": doubt.facts} for doubt in reading.doubts]
        called = own_name(reading.name, taken)
        if called != reading.name:
            doubts.append({"key": "project.doubt_name", "facts": {"name": reading.name, "called": called}})
        address = sha(reading.text)
        if address in same:
            doubts.append({"key": "project.doubt_content", "facts": {"other": same[address]}})
        taken.add(called)
        same[address] = called
        attributes = {key: value for key, value in row.items() if key not in {"file", "name", "kind"} and value not in {"", None}}
        found.append((reading, called, attributes, doubts))
    return found


def _lay_open(readings: list[Reading], folder: Path) -> None:
    """Write the turns of every file as a table that can be corrected and brought in instead."""
    folder.mkdir(parents=True, exist_ok=True)
    for reading in readings:
        target = folder / f"{reading.source}.csv"
        if target.exists():
            raise Refused("project.turns_there", file=target.name, folder=str(folder))
        whole_or_not(target, partial(reading.table().to_csv, index=False, lineterminator="\n"))


def import_documents(
    study: Project,
    sources: str | Path | Iterable[str | Path],
    *,
    name: str | None = None,
    kind: str | None = None,
    documents: str | Path | None = None,
    participants: str | Path | None = None,
    tiers: Sequence[str] | None = None,
    turns: str | Path | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Bring in transcripts and other texts; speakers become turns. Import never asks: doubts are warnings.

    Parameters
    ----------
    sources
        A path, a pattern (``data/*.docx``) or several of them. A project of another program comes by itself; see :meth:`import_project`.
    name, kind
        What the document is called and is (``focusgroep``, ``interview``, ``notitie``, ``open_antwoorden``, ``document``);
        the file's name and a guess from the speakers when left out.
    documents
        A CSV with columns ``file, name, kind`` and attributes.
    participants
        A CSV with columns ``document, label, participant, role`` and attributes: who is behind which label.
    tiers
        Of ELAN files: the tiers to read; those that hang below no other when left out.
    turns
        A folder: each file's turns are written there as a CSV (``speaker, time, text``), to look at, to correct and to bring in instead.
    dry_run
        Read and show everything, write nothing.
    progress
        Called with the file's name, its number and how many there are.

    Returns
    -------
    DataFrame
        One row a document: document, kind, source, characters, turns, speakers (list of label, role, turns), warnings (list of
        sentences).

    Raises
    ------
    BadFile
        When a file is damaged, empty, encrypted or not what it should be; then nothing of any file is brought in.
    """
    files = files_of(sources)
    if any(is_exchange(file) for file in files):
        from qualcode.project.refi import import_alone

        return import_alone(study, files, kind=kind, dry_run=dry_run, others=[name, documents, participants, tiers, turns]).documents
    if name is not None and len(files) > 1:
        raise Refused("project.one_name", n=len(files))
    readings = _readings(study, files, _listed_documents(documents), name=name, kind=kind, tiers=tiers, progress=progress)
    if turns is not None:
        _lay_open([reading for reading, *_ in readings], Path(turns))
    rows = [_row(reading, called, doubts) for reading, called, _, doubts in readings]
    if not dry_run:
        with study.gesture():
            first = len(study._current().documents)
            for place, (reading, called, attributes, doubts) in enumerate(readings, first + 1):
                _keep(study, reading, called, attributes, doubts, place)
            if participants is not None:
                report = join_participants(study, participants)
                for sentence, document in zip(report["sentence"], report["document"], strict=True):
                    for row in rows:
                        if row["document"] == document:
                            row["warnings"].append(sentence)
    return pd.DataFrame(rows, columns=IMPORT_COLUMNS)


def _row(reading: Reading, called: str, doubts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "document": called,
        "kind": reading.kind,
        "source": reading.source,
        "characters": len(reading.text),
        "turns": len(reading.turns.start),
        "speakers": reading.speakers[["label", "role", "turns"]].to_dict("records"),
        "warnings": [say(doubt["key"], **doubt["facts"]) for doubt in doubts],
    }


def _keep(study: Project, reading: Reading, called: str, attributes: dict[str, Any], doubts: list[dict[str, Any]], place: int) -> None:
    from qualcode.store.log import sha

    guid = study._store.guids()
    address = sha(reading.text)
    document = Change(
        "document",
        [guid],
        {
            "exists": [True],
            "name": [called],
            "kind": [reading.kind],
            "source": [reading.source],
            "format": [reading.format],
            "text": [address],
            "version": [1],
            "position": [place],
            "turns": [reading.turns.as_json()],
            "attributes": [attributes],
            "warnings": [doubts],
        },
    )
    labels, roles = list(reading.speakers["label"]), list(reading.speakers["role"])
    changes = [document]
    if labels:
        size = len(labels)
        after: dict[str, list[Any]] = {"exists": [True] * size, "document": [guid] * size, "label": labels, "role": roles}
        changes.append(Change("speaker", [study._store.guids() for _ in labels], after))
    study._commit("import", *changes, about={"document": called, "source": reading.source}, texts={address: reading.text})


def join_participants(study: Project, path: str | Path) -> pd.DataFrame:
    """Join a register of participants to the speakers of the documents.

    Parameters
    ----------
    path
        CSV or XLSX with columns ``document, label, participant, role`` and any attributes. Rows with the same participant are one
        person, also over documents.

    Returns
    -------
    DataFrame
        What wants a person's eye: document, label, participant, problem (``unknown_speaker``: speaks but is not in the file;
        ``silent``: in the file but never speaks; ``duplicate``: a label twice in one document; ``unknown_document``), sentence.
    """
    from qualcode.importers import participants

    path = Path(path)
    table = participants(path)
    current = study.snapshot()
    speakers = current.speakers.assign(name=current.speakers["document"].map({g: n for n, g in current.document_names.items()}))
    twice = table.duplicated(["document", "label"], keep="first")
    joined = table[~twice].merge(
        speakers[["guid", "name", "label"]], how="outer", left_on=["document", "label"], right_on=["name", "label"], indicator=True
    )
    problems = [_problem("duplicate", row.document, row.label, row.participant, path) for row in table[twice].itertuples()]
    unknown = ~joined["document"].isin(current.document_names) & (joined["_merge"] == "left_only")
    known_documents = set(table["document"])
    for row in joined[unknown].drop_duplicates("document").itertuples():
        problems.append(_problem("unknown_document", row.document, "", "", path))
    for row in joined[(joined["_merge"] == "left_only") & ~unknown].itertuples():
        problems.append(_problem("silent", row.document, row.label, row.participant, path))
    for row in joined[(joined["_merge"] == "right_only") & joined["name"].isin(known_documents)].itertuples():
        problems.append(_problem("unknown_speaker", row.name, row.label, "", path))
    _keep_participants(study, table, joined[joined["_merge"] == "both"], path)
    return pd.DataFrame(problems, columns=["document", "label", "participant", "problem", "sentence"])


def _problem(kind: str, document: Any, label: Any, participant: Any, path: Path) -> dict[str, Any]:
    sentence = say(f"project.{kind}", document=document, label=label, participant=participant, file=path.name)
    return {"document": document, "label": label, "participant": participant, "problem": kind, "sentence": sentence}


def _keep_participants(study: Project, table: pd.DataFrame, joined: pd.DataFrame, path: Path) -> None:
    current = study.snapshot()
    known = dict(zip(current.participants["name"], current.participants["guid"], strict=True))
    attributes = [column for column in table.columns if column not in {"document", "label", "participant", "role"}]
    people = table[table["role"].isin(["deelnemer", ""]) & (table["participant"] != "")].drop_duplicates("participant")
    guids = [known.get(name) or study._store.guids() for name in people["participant"]]
    held = [{key: row[key] for key in attributes if row[key] != ""} for row in people.to_dict("records")]
    changes = []
    if guids:
        changes.append(
            Change("participant", guids, {"exists": [True] * len(guids), "name": list(people["participant"]), "attributes": held})
        )
    by_name = dict(zip(people["participant"], guids, strict=True))
    if len(joined):
        wrong = sorted({role for role in joined["role"] if role and role not in ROLES})
        if wrong:
            raise BadFile("project.no_role_in_file", file=path.name, role=listed(wrong), known=listed(ROLES))
        after = {
            "role": [role or "deelnemer" for role in joined["role"]],
            "participant": [by_name.get(name) for name in joined["participant"]],
        }
        changes.append(Change("speaker", list(joined["guid"]), after))
    study._commit("participants", *changes, about={"source": path.name})


def set_role(study: Project, document: str, label: str, role: str) -> None:
    """Say what a speaker is: ``deelnemer``, ``moderator``, ``notulist`` or ``overig``; only participants are coded and counted.

    Parameters
    ----------
    document
        Name of the document.
    label
        The label in the file, as ``R1``.
    role
        One of the four roles.
    """
    if role not in ROLES:
        raise Refused("project.no_role", role=role, known=listed(ROLES))
    speakers = study._current().speakers
    found = speakers[(speakers["document"] == study._document(document)) & (speakers["label"] == label)]
    if found.empty:
        there = list(speakers.loc[speakers["document"] == study._document(document), "label"])
        raise NotFound("project.no_speaker", document=document, label=label, known=listed(there, most=20))
    study._commit("role", Change("speaker", list(found["guid"]), {"role": [role] * len(found)}))


def remove_document(study: Project, document: str) -> None:
    """Take a document out of the study, with its speakers and the codings on it; :meth:`undo` brings all of it back.

    Parameters
    ----------
    document
        Name of the document.
    """
    guid = study._document(document)
    current = study._whole()
    changes = [Change("document", [guid], {"exists": [False]})]
    for kind, table in current.tables.items():
        if kind != "document" and "document" in table:
            hit = list(table.loc[table["document"] == guid, "guid"])
            if hit:
                changes.append(Change(kind, hit, {"exists": [False] * len(hit)}))
    study._commit("remove", *changes, about={"document": document})
