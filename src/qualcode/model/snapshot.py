"""A Snapshot: the whole study at one moment, frozen, as tidy tables. What thinks, thinks on this.

Every kind of :mod:`qualcode.model.kinds` has one table with the columns ``guid`` and its fields; only what exists
is in it. All positions are code points in the text of the document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.errors import QualcodeError
from qualcode.model.events import State
from qualcode.model.kinds import KINDS, SPANNED, FieldType

EVENT_COLUMNS = ["guid", "at", "lamport", "coder", "kind", "about", "changes"]
TURN_COLUMNS = ["document", "turn", "start", "end", "label", "time", "speaker", "role", "participant"]

_DTYPE: dict[FieldType, Any] = {"text": "str", "integer": "Int64", "real": "Float64", "boolean": "bool", "json": object}


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which state this is: the study, how many events it rests on, the last one's hash and moment."""

    study: str
    events: int
    hash: str
    at: str

    def __str__(self) -> str:
        """Return the stamp as it is printed in reports."""
        return f"{self.events}-{self.hash[:8]}"


def table_of(kind: str, rows: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return the tidy table of the entities that exist, in the order given."""
    declared = KINDS[kind].fields
    living = {guid: row for guid, row in rows.items() if row["exists"]}
    columns: dict[str, Any] = {"guid": pd.Series(list(living), dtype="str")}
    for f in declared:
        values = [row[f.name] for row in living.values()]
        if f.type == "boolean":
            values = [bool(v) for v in values]
        columns[f.name] = pd.Series(values, dtype=_DTYPE[f.type])
    return pd.DataFrame(columns)


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as mappings by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _no_events() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in EVENT_COLUMNS})


def _stale(table: pd.DataFrame, documents: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which rows stand on words of an earlier version of a text than the one in use."""
    now = documents.loc[documents["version"] > 1, ["guid", "version"]].set_index("guid")["version"]
    if now.empty:
        return np.zeros(len(table), dtype=bool)
    present = table["document"].map(now)
    return (table["start"].notna() & present.notna() & (table["version"] != present)).fillna(False).to_numpy(dtype=bool)


def _present(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables without what stands on words that the texts in use no longer hold: other words would stand there."""
    stale = {kind: _stale(tables[kind], tables["document"]) for kind in SPANNED}
    return {**tables, **{kind: tables[kind][~rows].reset_index(drop=True) for kind, rows in stale.items() if rows.any()}}


@dataclass(frozen=True)
class Snapshot:
    """All of a study at one moment: what stands on the texts in use.

    Parameters
    ----------
    tables
        One tidy table a kind.
    texts
        The texts of the documents by SHA-256.
    stamp
        Which state of which study this is.
    load_events
        Fetches the event table when somebody asks for it.
    """

    tables: Mapping[str, pd.DataFrame]
    texts: Mapping[str, str]
    stamp: Stamp = Stamp("", 0, "", "")
    load_events: Callable[[], pd.DataFrame] = field(default=_no_events, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        state: State,
        texts: Mapping[str, str],
        stamp: Stamp = Stamp("", 0, "", ""),
        load_events: Callable[[], pd.DataFrame] = _no_events,
    ) -> Snapshot:
        """Return the snapshot of a state."""
        return cls(_present({kind: table_of(kind, state.get(kind, {})) for kind in KINDS}), texts, stamp, load_events)

    def snapshot(self) -> Snapshot:
        """Return itself, so that analysis takes a snapshot or a project alike."""
        return self

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return the table of a kind by its plural: ``snapshot.codings``, ``snapshot.codes``."""
        kind = (
            name[:-3] + "y"
            if name.endswith("ies")
            else name.removesuffix("es")
            if name in {"statuses", "searches"}
            else name.removesuffix("s")
        )
        tables: Mapping[str, pd.DataFrame] = self.__dict__.get("tables", {})
        if kind not in tables:
            raise AttributeError(name)
        return tables[kind]

    @cached_property
    def events(self) -> pd.DataFrame:
        """The log, in the order that decides the state: guid, at, lamport, coder, kind, about, changes."""
        return self.load_events()

    @cached_property
    def project(self) -> dict[str, Any]:
        """The one row that describes the study, as a mapping."""
        table = self.tables["project"]
        return rows_of(table)[0] if len(table) else {}

    @cached_property
    def turns(self) -> pd.DataFrame:
        """Every turn of every document.

        Columns: ``document`` (guid), ``turn`` (from 1, in order), ``start`` and ``end`` (code points, the words without
        the label), ``label`` as in the file, ``time`` as in the file, ``speaker`` (guid), ``role`` (deelnemer,
        moderator, notulist; missing without a speaker), ``participant`` (guid; missing when unknown).
        """
        parts: list[dict[str, Any]] = []
        for guid, turns in zip(self.tables["document"]["guid"], self.tables["document"]["turns"], strict=True):
            size = len(turns["start"])
            parts.append(
                {
                    "document": np.repeat(guid, size),
                    "turn": np.arange(1, size + 1),
                    "start": np.asarray(turns["start"], dtype=np.int64),
                    "end": np.asarray(turns["end"], dtype=np.int64),
                    "label": turns["label"],
                    "time": turns.get("time") or [None] * size,
                }
            )
        columns: dict[str, Any] = {
            name: np.concatenate([np.asarray(p[name], dtype=object) for p in parts]) if parts else [] for name in TURN_COLUMNS[:6]
        }
        turns_table = pd.DataFrame(columns).astype(
            {"document": "str", "turn": "int64", "start": "int64", "end": "int64", "label": "str", "time": "str"}
        )
        speakers = self.tables["speaker"].rename(columns={"guid": "speaker"})[["document", "label", "speaker", "role", "participant"]]
        speakers = speakers.drop_duplicates(["document", "label"])
        return turns_table.merge(speakers, how="left", on=["document", "label"])[TURN_COLUMNS]

    @cached_property
    def document_names(self) -> dict[str, str]:
        """The guid of every document, by its name."""
        return dict(zip(self.tables["document"]["name"], self.tables["document"]["guid"], strict=True))

    @cached_property
    def coder_names(self) -> dict[str, str]:
        """The guid of every coder, by name; the first when copies brought in two of one name."""
        table = self.tables["coder"]
        return dict(zip(reversed(list(table["name"])), reversed(list(table["guid"])), strict=True))

    @cached_property
    def _document_rows(self) -> dict[str, dict[str, Any]]:
        return {row["guid"]: row for row in rows_of(self.tables["document"])}

    def document_row(self, document: str) -> dict[str, Any]:
        """Return one document (guid) as a mapping of its fields."""
        return self._document_rows[document]

    @cached_property
    def _roles(self) -> dict[str, dict[str, str]]:
        roles: dict[str, dict[str, str]] = {}
        table = self.tables["speaker"]
        for document, label, role in zip(table["document"], table["label"], table["role"], strict=True):
            roles.setdefault(document, {})[label] = role
        return roles

    def role_of_label(self, document: str) -> dict[str, str]:
        """Return the role of each speaker of a document (guid), by label."""
        return self._roles.get(document, {})

    def text(self, document: str) -> str:
        """Return the whole text of a document (guid)."""
        return self.texts[self._document_rows[document]["text"]]

    def turns_of(self, document: str) -> pd.DataFrame:
        """Return the turns of one document (guid), in order."""
        first, last = self._turn_range[document]
        return self.turns.iloc[first:last]

    @cached_property
    def _turn_range(self) -> dict[str, tuple[int, int]]:
        ranges: dict[str, tuple[int, int]] = {}
        at = 0
        for guid, turns in zip(self.tables["document"]["guid"], self.tables["document"]["turns"], strict=True):
            ranges[guid] = (at, at + len(turns["start"]))
            at += len(turns["start"])
        return ranges

    def patched(self, rows: State, texts: Mapping[str, str], stamp: Stamp) -> Snapshot:
        """Return the snapshot with these entities as they now are; untouched tables are shared, not rebuilt."""
        tables = dict(self.tables)
        for kind, changed in rows.items():
            table = tables[kind]
            known = table["guid"].isin(changed.keys())
            fresh = table_of(kind, changed)
            if kind in SPANNED and "document" not in rows:
                fresh = fresh[~_stale(fresh, tables["document"])]
            if known.any():
                # an entity keeps its place: order of birth is order of the table
                place = pd.Series(range(len(table)), index=table["guid"])
                fresh["_place"] = fresh["guid"].map(place).fillna(len(table))
                kept = table[~known].assign(_place=place.to_numpy()[~known.to_numpy()])
                joined = pd.concat([kept, fresh], ignore_index=True).sort_values("_place", kind="stable", ignore_index=True)
                tables[kind] = joined.drop(columns="_place").astype(dict(table.dtypes))
            elif len(fresh):
                tables[kind] = pd.concat([table, fresh], ignore_index=True) if len(table) else fresh
        tables = _present(tables) if "document" in rows else tables
        after = Snapshot(tables, {**self.texts, **texts} if texts else self.texts, stamp, self.load_events)
        if not rows.keys() & {"document", "speaker", "participant", "coder"}:
            for name in ("turns", "_turn_range", "document_names", "coder_names", "_document_rows", "_roles"):
                if name in self.__dict__:
                    after.__dict__[name] = self.__dict__[name]
        return after


@runtime_checkable
class HasSnapshot(Protocol):
    """Anything that can show the study as it is now: a Project, a Snapshot."""

    def snapshot(self) -> Snapshot:
        """Return the study as it is now."""
        ...


def as_snapshot(study: HasSnapshot) -> Snapshot:
    """Return the snapshot of a project or of a snapshot itself."""
    if isinstance(study, HasSnapshot):
        return study.snapshot()
    raise TypeError(str(QualcodeError("errors.no_snapshot", what=type(study).__name__)))
