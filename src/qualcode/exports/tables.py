"""Every table that leaves the study: tidy, with names in place of guids, the same for every kind of file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from qualcode.analysis import codings, turns
from qualcode.analysis.frames import BETWEEN, coded
from qualcode.analysis.names import handles
from qualcode.codebook import Codebook
from qualcode.errors import NotFound
from qualcode.labels import listed
from qualcode.model import KINDS, HasSnapshot, Kind, as_snapshot

EXCERPT_COLUMNS = ("document", "kind", "turn", "speaker", "start", "end", "text", "codes", "coders", "layers", "codings")

# what stands in a table of its own, or is the study itself
_OWN = frozenset({"project", "coder", "codebook", "code", "document", "speaker", "participant", "coding", "memo"})


def excerpts(study: HasSnapshot) -> pd.DataFrame:
    """Return the coded fragments: one row a stretch of words, however many codes, coders and layers stand on it.

    Returns
    -------
    pandas.DataFrame
        ``document``, ``kind``, ``turn`` (the first one covered, from 1), ``speaker``, ``start`` and ``end`` (code points), ``text``
        (verbatim), ``codes``, ``coders`` and ``layers`` (different ones, joined by ``|``), ``codings`` (how many).
    """
    frame = coded(as_snapshot(study), Codebook.of(study))
    where = ["document", "kind", "turn", "speaker", "start", "end", "text"]
    place = frame.groupby(where, sort=False, dropna=False).ngroup()
    rows = frame[where].assign(codings=place.groupby(place).transform("size"))[~place.duplicated()]
    joined = {f"{name}s": _different(frame[name], place) for name in ("code", "coder", "layer")}
    return rows.assign(**joined)[list(EXCERPT_COLUMNS)].reset_index(drop=True)


def _different(values: pd.Series[Any], place: pd.Series[int]) -> list[str]:
    """Return the different values at each place, joined, by the number of the place."""
    once = pd.DataFrame({"place": place, "value": values}).drop_duplicates()
    held: dict[int, list[str]] = {number: [] for number in range(int(place.max()) + 1 if len(place) else 0)}
    for number, value in once.dropna().itertuples(index=False, name=None):
        held[number].append(value)
    return [BETWEEN.join(values) for values in held.values()]


def documents(study: HasSnapshot) -> pd.DataFrame:
    """Return one row a document: ``document, kind, source, format, version, turns``, then a column an attribute."""
    held = as_snapshot(study).documents
    frame = held[["name", "kind", "source", "format", "version"]].rename(columns={"name": "document"})
    frame = frame.assign(turns=[len(arrays["start"]) for arrays in held["turns"]])
    return _with_attributes(frame, held["attributes"])


def participants(study: HasSnapshot) -> pd.DataFrame:
    """Return one row a speaker: ``participant, document, label, role``, then a column an attribute; silent participants too."""
    snapshot = as_snapshot(study)
    people = snapshot.participants
    speakers = snapshot.tables["speaker"][["participant", "document", "label", "role"]].rename(columns={"participant": "guid"})
    frame = people[["guid", "name", "attributes"]].merge(speakers, on="guid", how="outer")
    names = {guid: name for name, guid in snapshot.document_names.items()}
    frame = frame.assign(document=frame["document"].map(names)).rename(columns={"name": "participant"})
    frame = frame.sort_values(["document", "label", "participant"], kind="stable", na_position="last", ignore_index=True)
    return _with_attributes(frame[["participant", "document", "label", "role"]], frame["attributes"])


def _with_attributes(frame: pd.DataFrame, attributes: pd.Series[Any]) -> pd.DataFrame:
    rows = [row if isinstance(row, dict) else {} for row in attributes]
    flat = pd.DataFrame(rows, index=frame.index, dtype=object)
    taken = set(frame.columns)
    return frame.join(flat.rename(columns={name: f"attributes.{name}" for name in flat if name in taken}))


def register(study: HasSnapshot, kind: str) -> pd.DataFrame:
    """Return all of one kind, by its declaration: fields as columns, what refers to something by its name.

    Parameters
    ----------
    study
        A project or a snapshot.
    kind
        A kind of :data:`qualcode.model.KINDS`.
    """
    snapshot = as_snapshot(study)
    held = snapshot.tables[kind]
    columns = {field.name: _named(held[field.name], field.refers_to, study) for field in KINDS[kind].fields}
    return pd.DataFrame(columns, index=held.index).reset_index(drop=True)


def _named(values: pd.Series[Any], kind: str | None, study: HasSnapshot) -> pd.Series[Any]:
    if kind is None:
        return values
    if kind == "code":
        return values.map(handles(Codebook.of(study)))
    held = as_snapshot(study).tables[kind]
    column = next((name for name in ("name", "id") if name in held), None)
    return values if column is None else values.map(dict(zip(held["guid"], held[column], strict=True)))


def memos(study: HasSnapshot) -> pd.DataFrame:
    """Return the notes: ``on`` (a kind), ``target`` (its name), ``document, start, end``, ``text``, ``coder``, ``at``."""
    frame = register(study, "memo")
    target = frame["target"]
    for kind in frame["on"].dropna().unique():
        if kind in {"code", "document", "participant", "project"}:
            target = target.where(frame["on"] != kind, _named(frame["target"], kind, study))
    return frame.assign(target=target)[["on", "target", "document", "start", "end", "text", "coder", "at"]]


def _codebook(study: HasSnapshot) -> pd.DataFrame:
    return Codebook.of(study).table()


TABLES: dict[str, Callable[[HasSnapshot], pd.DataFrame]] = {
    "codings": codings,
    "excerpts": excerpts,
    "codebook": _codebook,
    "documents": documents,
    "turns": turns,
    "participants": participants,
    "memos": memos,
}


def registers() -> dict[str, Kind]:
    """Return the kinds that leave as a register: one table each, by their declarations."""
    return {name: kind for name, kind in KINDS.items() if name not in _OWN}


def table(study: HasSnapshot, name: str) -> pd.DataFrame:
    """Return one table that leaves the study.

    Parameters
    ----------
    study
        A project or a snapshot.
    name
        ``codings``, ``excerpts``, ``codebook``, ``documents``, ``turns``, ``participants``, ``memos``, or a register (``topic``,
        ``interaction`` …).

    Raises
    ------
    NotFound
        When there is no such table.

    Examples
    --------
    >>> import qualcode as qc
    >>> table(qc.demo(), "excerpts")[["document", "turn", "codes"]].head(2)
      document  turn codes
    0      FG1    22   E07
    1      FG1    25   E07
    """
    if name in TABLES:
        return TABLES[name](study)
    if name in registers():
        return register(study, name)
    known = [*TABLES, *registers()]
    raise NotFound("exports.no_table", name=name, known=listed(known, most=len(known)))


def tables(study: HasSnapshot) -> dict[str, pd.DataFrame]:
    """Return every table: the seven of :data:`TABLES`, then each register that holds anything."""
    held = as_snapshot(study)
    return {name: make(study) for name, make in TABLES.items()} | {
        name: register(study, name) for name in registers() if len(held.tables[name])
    }
