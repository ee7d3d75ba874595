"""What participants of a later round notice of measures: by session, as spread is, never by fragment."""

from __future__ import annotations

import pandas as pd

from qualcode.analysis.names import ordered_documents
from qualcode.analysis.spreading import GROUP
from qualcode.model import HasSnapshot, as_snapshot

EFFECT_COLUMNS = ("measure", "name", "effect", "groups", "interviews", "sessions")


def effects(study: HasSnapshot) -> pd.DataFrame:
    """Return in which sessions participants noticed something of a measure, noticed nothing, or both.

    Parameters
    ----------
    study
        A project or a snapshot.

    Returns
    -------
    pandas.DataFrame
        ``measure`` (id), ``name``, ``effect`` (such as ``merkbaar``, ``niet merkbaar``, ``gemengd``), ``groups``, ``interviews`` (different sessions), ``sessions``
        (list), in the order of the measures. What participants notice is no proof that a measure did it.
    """
    snapshot = as_snapshot(study)
    documents = ordered_documents(snapshot)
    held = snapshot.tables["effect"].merge(
        snapshot.tables["measure"][["guid", "id", "name"]].rename(columns={"guid": "measure", "id": "short"}), on="measure"
    )
    held = held[held["document"].isin(documents.index)].assign(place=lambda rows: rows["document"].map(list(documents.index).index))
    rows = []
    order = {short: at for at, short in enumerate(snapshot.tables["measure"]["id"])}
    for (short, name, effect), part in held.groupby(["short", "name", "effect"], sort=False):
        there = list(dict.fromkeys(part.sort_values("place")["document"]))
        groups = sum(documents.loc[guid, "kind"] == GROUP for guid in there)
        rows.append((short, name, effect, groups, len(there) - groups, [documents.loc[guid, "name"] for guid in there]))
    rows.sort(key=lambda row: order[row[0]])
    return pd.DataFrame(rows, columns=list(EFFECT_COLUMNS))
