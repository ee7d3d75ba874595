"""The status of a topic in a group: did they share it, did one say it, were they divided."""

from __future__ import annotations

import pandas as pd

from qualcode.analysis.counting import Counted, of_study
from qualcode.analysis.frames import voices
from qualcode.analysis.names import PARTICIPANT, ordered_documents, people
from qualcode.analysis.spreading import of_level
from qualcode.codebook import Level
from qualcode.model import HasSnapshot

SHARED, SEVERAL, SINGLE, DIVIDED, NOT_RECOGNISED, NOT_RAISED = (
    "gedeeld", "meerdere stemmen", "enkele stem", "verdeeld", "niet herkend", "niet aan de orde",
)  # fmt: skip
ENDORSES, CONTESTS = ("I1", "I5"), ("I3",)
STATUS_COLUMNS = (
    "code", "name", "level", "document", "kind", "status", "voices", "endorsed", "contested", "participants", "computed", "reason",
)  # fmt: skip


def status(study: HasSnapshot, level: Level = "subtheme") -> pd.DataFrame:
    """Return the status of each code in each focus group and interview.

    Parameters
    ----------
    study
        A project or a snapshot.
    level
        ``code``, ``subtheme`` or ``theme``.

    Returns
    -------
    pandas.DataFrame
        One row a (code, session), in codebook and document order: ``code`` (id), ``name``, ``level``, ``document``, ``kind``,
        ``status``, ``voices`` (participants who speak of it), ``endorsed`` (participants who only agree: I1, I5),
        ``contested`` (participants who contest it in what they say or by I3), ``participants`` (in the session), ``computed``
        (the status by the rule), ``reason`` (why the researcher overruled it; missing when nobody did).

    Notes
    -----
    The rule, first match: not raised and nobody speaks or contests: *niet aan de orde*. Voices and contest: *verdeeld*. Contest
    only: *niet herkend*. At least half of the participants, and at least two, speak of it or explicitly endorse it: *gedeeld*.
    Two voices: *meerdere stemmen*. One: *enkele stem*. Raised, but nobody speaks of it from experience: missing.
    Agreement is endorsement here and never a voice; silence, nods and laughter are neither.
    """
    return of_base(of_study(study), level)[list(STATUS_COLUMNS)]


def of_base(base: Counted, level: Level) -> pd.DataFrame:
    """Return :func:`status` with ``code_guid`` and ``document_guid``."""
    cell = of_level(base, level).set_index(["code_guid", "document_guid"])
    own = _own_voices(base)
    endorsing = _reacting(base, ENDORSES)
    contesting = pd.concat([_reacting(base, CONTESTS), _own_voices(base, contesting=True)]).drop_duplicates()
    only = endorsing.merge(own, how="left", indicator=True)
    only = only[only["_merge"] == "left_only"].drop(columns="_merge")
    cell["endorsed"] = only.groupby(["code_guid", "document_guid"]).size().reindex(cell.index).fillna(0).astype("int64")
    cell["contested"] = contesting.groupby(["code_guid", "document_guid"]).size().reindex(cell.index).fillna(0).astype("int64")
    cell = cell.reset_index()
    cell["participants"] = cell["document_guid"].map(_present(base)).fillna(0).astype("int64")
    cell["computed"] = _computed(cell)
    overruled = _overruled(base)
    keys = pd.MultiIndex.from_frame(cell[["code_guid", "document_guid"]])
    cell["status"] = overruled["status"].reindex(keys).astype("str").reset_index(drop=True).fillna(cell["computed"])
    cell["reason"] = overruled["reason"].reindex(keys).astype("str").reset_index(drop=True)
    return cell


def _computed(cell: pd.DataFrame) -> pd.Series[str]:
    """Return the status by the rule."""
    computed = pd.Series(pd.NA, index=cell.index, dtype="str")
    speaks, contests = cell["voices"] > 0, cell["contested"] > 0
    with_them = cell["voices"] + cell["endorsed"]
    # the last that holds wins
    computed = computed.mask(~cell["raised"], NOT_RAISED)
    computed = computed.mask(speaks, SINGLE).mask(cell["voices"] > 1, SEVERAL)
    computed = computed.mask(speaks & (with_them > 1) & (2 * with_them >= cell["participants"]), SHARED)
    return computed.mask(contests, NOT_RECOGNISED).mask(contests & speaks, DIVIDED)


def _risen(base: Counted, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows once for each code at or above theirs, as different ``code_guid, document_guid, voice``."""
    used = rows["code_guid"].dropna().unique()
    above = [(guid, up) for guid in used for up in (*base.book.ancestors(guid), guid)]
    rises = pd.DataFrame(above, columns=["code_guid", "node"], dtype="str")
    risen = rows.merge(rises, on="code_guid").drop(columns="code_guid").rename(columns={"node": "code_guid"})
    return risen[["code_guid", "document_guid", "voice"]].drop_duplicates()


def _own_voices(base: Counted, *, contesting: bool = False) -> pd.DataFrame:
    """Return who speaks of each code in each document, or who contests it."""
    frame = base.frame
    which = frame["why_not"] == "weerspreekt" if contesting else frame["counts"]
    rows = frame.loc[which.fillna(False).astype("bool"), ["code_guid", "document_guid"]]
    return _risen(base, rows.reset_index(names="row").merge(base.said[["row", "voice"]], on="row"))


def _reacting(base: Counted, which: tuple[str, ...]) -> pd.DataFrame:
    """Return which participants react to each code in each document with one of these interactions."""
    table = base.snapshot.tables["interaction"]
    known = {code.guid: base.book.resolve(code.guid) for code in base.book.codes}
    there = ordered_documents(base.snapshot).index
    table = table[table["interaction"].isin(which) & table["code"].isin(known.keys()) & table["document"].isin(there)]
    table = table.rename(columns={"document": "document_guid"}).reset_index(drop=True)
    said = voices(base.snapshot, table)
    said = said[said["role"] == PARTICIPANT]
    rows = table[["code", "document_guid"]].assign(code_guid=table["code"].map(known).astype("str"))
    return _risen(base, rows.reset_index(names="row").merge(said[["row", "voice"]], on="row"))


def _present(base: Counted) -> pd.Series[int]:
    """Return how many participants each document has, silent ones included."""
    return people(base.snapshot).groupby("document")["person"].nunique()


def _overruled(base: Counted) -> pd.DataFrame:
    """Return the statuses that a person set, by code and document; the last one stands."""
    table = base.snapshot.tables["status"]
    known = {code.guid: base.book.resolve(code.guid) for code in base.book.codes}
    table = table[table["code"].isin(known.keys())]
    table = table.assign(code=table["code"].map(known)).sort_values("at", kind="stable")
    return table.drop_duplicates(["code", "document"], keep="last").set_index(["code", "document"])[["status", "reason"]]
