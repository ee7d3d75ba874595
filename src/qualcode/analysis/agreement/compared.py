"""Whose codings are compared: coders, layer, level and the documents they share; and which units each of them coded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode import spans
from qualcode.analysis.agreement.ratings import Ints
from qualcode.analysis.agreement.units import Talk, Unit, Units, talk, units_of
from qualcode.analysis.names import coder_named, document_named, handles, layer_named, ordered_documents
from qualcode.analysis.spreading import LEVELS
from qualcode.codebook import Codebook, Level
from qualcode.errors import Refused
from qualcode.labels import listed, say
from qualcode.model import HasSnapshot, Snapshot, as_snapshot
from qualcode.spans import Spans


@dataclass(frozen=True)
class Compared:
    """What is compared.

    Parameters
    ----------
    snapshot, book
        The study and its codebook.
    coders
        Names of the coders.
    layer, level
        The round, and the level codes are taken at.
    nodes
        The codes, subthemes or themes used, in codebook order: ``guid, code, name``.
    names
        Names of the documents.
    said
        The words of participants in them.
    worked
        Whether each coder coded each document (documents x coders).
    table
        The codings: the columns of the coding table with ``place`` (of the document), ``by`` (place of the coder), ``node`` (place of
        the code).
    """

    snapshot: Snapshot
    book: Codebook
    coders: tuple[str, ...]
    layer: str
    level: Level
    nodes: pd.DataFrame
    names: tuple[str, ...]
    said: Talk
    worked: NDArray[np.bool_]
    table: pd.DataFrame

    @cached_property
    def marked(self) -> Spans:
        """The spans of the codings on the line of all documents."""
        shift = self.said.base[self.table["place"].to_numpy(np.int64)]
        return spans.spans(self.table["start"].to_numpy(np.int64) + shift, self.table["end"].to_numpy(np.int64) + shift)

    def groups(self) -> list[tuple[int, ...]]:
        """Return the pairs of coders, then all together when there are more than two, that share a document."""
        everyone = range(len(self.coders))
        groups = [*combinations(everyone, 2), *([tuple(everyone)] if len(self.coders) > 2 else [])]  # noqa: PLR2004
        return [group for group in groups if self.shared(group).any()]

    def shared(self, group: Sequence[int]) -> NDArray[np.bool_]:
        """Return which documents all of a group coded."""
        return np.asarray(self.worked[:, list(group)].all(axis=1), dtype=bool)


@dataclass(frozen=True)
class Marks:
    """Which units were coded with what: by unit and node the coders, bit ``i`` for coder ``i``."""

    units: Units
    unit: Ints
    node: Ints
    mask: Ints
    touched: NDArray[np.int64]


def compared(study: HasSnapshot, coders: Sequence[str], *, layer: str, level: Level, documents: Collection[str] | None = None) -> Compared:
    """Return what is compared.

    Parameters
    ----------
    study
        A project or a snapshot.
    coders
        Names or guids of at least two coders.
    layer
        The round.
    level
        ``code``, ``subtheme`` or ``theme``.
    documents
        Only these, also where a coder marked nothing; when left out those in which at least two of the coders marked something.

    Raises
    ------
    NotFound, Ambiguous
        For a coder, layer or document that is not there, or not the only one.
    Refused
        For fewer than two coders, another level, no shared document, no words of participants.
    """
    snapshot, book = as_snapshot(study), Codebook.of(study)
    guids = list(dict.fromkeys(coder_named(snapshot, name) for name in coders))
    if len(guids) < 2:  # noqa: PLR2004
        raise Refused("agreement.two_coders", given=listed(list(coders)) or say("words.nothing"))
    if level not in LEVELS:
        raise Refused("analysis.no_level", level=level)
    called = snapshot.tables["coder"].set_index("guid")["name"]
    names = tuple(called[guid] for guid in guids)
    table = snapshot.tables["coding"]
    table = table[(table["layer"] == layer_named(snapshot, layer)) & table["coder"].isin(guids)]
    there = ordered_documents(snapshot)
    table = table[table["document"].isin(there.index)]
    pairs = table[["document", "coder"]].drop_duplicates()
    if documents is None:
        often = pairs["document"].value_counts()
        chosen = [guid for guid in there.index if often.get(guid, 0) > 1]
        if not chosen:
            raise Refused("agreement.nothing_shared", coders=listed(names), layer=layer, there=_done(pairs, there["name"], guids, names))
    else:
        wanted = {document_named(snapshot, name) for name in documents}
        chosen = [guid for guid in there.index if guid in wanted]
    said = talk(snapshot, chosen)
    if not len(said.turns):
        raise Refused("agreement.no_turns", documents=listed([there.loc[guid, "name"] for guid in chosen]) or say("words.nothing"))
    nodes, of_code = _nodes(book, level, table["code"])
    table = table[table["document"].isin(chosen) & table["code"].isin(of_code)]
    place, by = {guid: at for at, guid in enumerate(chosen)}, {guid: at for at, guid in enumerate(guids)}
    worked = np.full((len(chosen), len(guids)), documents is not None)
    done = pairs[pairs["document"].isin(chosen)]
    worked[done["document"].map(place).to_numpy(np.int64), done["coder"].map(by).to_numpy(np.int64)] = True
    table = table.assign(
        place=table["document"].map(place).astype("int64"), by=table["coder"].map(by).astype("int64"), node=table["code"].map(of_code)
    ).reset_index(drop=True)
    return Compared(snapshot, book, names, layer, level, nodes, tuple(there.loc[guid, "name"] for guid in chosen), said, worked, table)


def _done(pairs: pd.DataFrame, called: pd.Series[str], guids: Sequence[str], names: Sequence[str]) -> str:
    """Return in words which documents each coder coded."""
    parts = []
    for guid, name in zip(guids, names, strict=True):
        there = [str(called[document]) for document in pairs.loc[pairs["coder"] == guid, "document"]]
        parts.append(say("agreement.coded_by", documents=listed(there), coder=name) if there else say("agreement.nothing_by", coder=name))
    return "; ".join(parts)


def _nodes(book: Codebook, level: Level, used: pd.Series[str]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the codes at the level that were used, and the place of the one each code counts for; lost codes count for none."""
    known = {code.guid for code in book.codes}
    risen = {guid: _at(book, level, book.resolve(guid)) for guid in used.unique() if guid in known}
    order = {code.guid: place for place, code in enumerate(book.codes)}
    guids = sorted(set(risen.values()), key=lambda guid: order[guid])
    named, place = handles(book), {guid: at for at, guid in enumerate(guids)}
    rows = {"guid": guids, "code": [named[guid] for guid in guids], "name": [book.get(guid).name for guid in guids]}
    return pd.DataFrame(rows, dtype="str"), {guid: place[node] for guid, node in risen.items()}


def _at(book: Codebook, level: Level, guid: str) -> str:
    """Return what a code counts for at a level; a code right below a theme has that theme for subtheme."""
    if level == "code":
        return guid
    return (level == "subtheme" and book.subtheme_of(guid)) or book.theme_of(guid)


def marks(what: Compared, unit: Unit) -> Marks:
    """Return which units were coded with what; a coding counts for every unit it shares a code point with."""
    units = units_of(what.snapshot, what.said, unit, what.marked)
    pairs = spans.touching(what.marked, units.places)
    node = what.table["node"].to_numpy(np.int64)[pairs[:, 0]]
    by = what.table["by"].to_numpy(np.int64)[pairs[:, 0]]
    width, coders = max(len(what.nodes), 1), len(what.coders)
    once = np.unique((pairs[:, 1] * width + node) * coders + by)
    key, coder = once // coders, once % coders
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.empty(0, dtype=np.int64)
    mask = np.add.reduceat(np.left_shift(1, coder), first) if len(first) else np.empty(0, dtype=np.int64)
    return Marks(units, key[first] // width, key[first] % width, mask, pairs)
