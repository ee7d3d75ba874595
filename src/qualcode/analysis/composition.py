"""Who took part: one attribute at a time, with small counts kept from print; and recruitment, planned against realised."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from qualcode.analysis.names import ordered_documents, people
from qualcode.analysis.spreading import SESSION_KINDS
from qualcode.analysis.suppression import K, suppressed
from qualcode.labels import say
from qualcode.model import HasSnapshot, Snapshot, as_snapshot

BETWEEN = "|"
# what people call themselves: listed, never counted
LISTED = ("achtergrond", "background", "herkomst", "geloof", "religie")
COMPOSITION_COLUMNS = ("attribute", "value", "n", "state", "shown")
RECRUITMENT_COLUMNS = ("step", "organisation", "reason", "n", "state", "shown", "guid")
PLANNED_COLUMNS = ("organisation", "planned", "attended", "state", "shown")
PLAN, DONE = ("plan", "deelname")


def attributes_of(snapshot: Snapshot) -> pd.DataFrame:
    """Return the participants in sessions with their attributes: index participant (guid), ``name``, one column an attribute."""
    documents = ordered_documents(snapshot)
    sessions = documents.index[documents["kind"].isin(SESSION_KINDS)]
    there = people(snapshot)
    table = snapshot.tables["participant"].set_index("guid")
    table = table[table.index.isin(there.loc[there["document"].isin(sessions), "person"])]
    held = pd.DataFrame([row or {} for row in table["attributes"]], index=table.index)
    return held.astype("str").assign(name=table["name"]) if len(held.columns) else held.assign(name=table["name"])


def composition(study: HasSnapshot, *, k: int = K, earlier: Mapping[str, Mapping[str, int]] | None = None) -> pd.DataFrame:
    """Return how many participants have each value of each attribute, one attribute at a time, fit for print.

    Parameters
    ----------
    study
        A project or a snapshot.
    k
        The smallest count that is printed.
    earlier
        By attribute and value, the counts that an earlier version printed.

    Returns
    -------
    pandas.DataFrame
        ``attribute``, ``value``, ``n`` (participants in focus groups and interviews; never printed as such), ``state`` and ``shown`` as in
        :func:`suppressed`. An attribute that people describe in their own words (achtergrond) may have several values a
        person, joined by ``|``: these are listed, ``state`` is ``listed`` and ``shown`` empty; nobody is counted twice
        because nobody is counted. There are no tables of two attributes at once.
    """
    table = attributes_of(as_snapshot(study))
    parts: list[pd.DataFrame] = []
    for name in table.columns.drop("name"):
        values = table[name].dropna()
        values = values[values != ""]
        if name.casefold() in LISTED or values.str.contains(BETWEEN, regex=False).any():
            each = sorted({part.strip() for value in values for part in value.split(BETWEEN) if part.strip()}, key=str.casefold)
            rows = pd.DataFrame({"value": each, "n": 0, "state": "listed", "shown": ""})
        else:
            counts = values.value_counts(sort=False).rename(index=str)
            counts = pd.concat([counts, _unknown(len(table) - int(counts.sum()))]).sort_index()
            rows = suppressed(counts, k=k, earlier=(earlier or {}).get(name)).reset_index(names="value")
        parts.append(rows.assign(attribute=name))
    if not parts:
        return pd.DataFrame(columns=list(COMPOSITION_COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(COMPOSITION_COLUMNS)]


def _same(snapshot: Snapshot, names: Collection[str], earlier: Mapping[str, Mapping[str, int]]) -> Mapping[str, int] | None:
    """Return what was printed before of the attribute that has these values."""
    table = attributes_of(snapshot)
    return next((earlier[name] for name in table.columns if name in earlier and set(names) <= set(table[name])), None)


def _unknown(number: int) -> pd.Series[int]:
    return pd.Series({say("analysis.unknown"): number} if number else {}, dtype="int64")


def recruitment(study: HasSnapshot, *, k: int = K) -> pd.DataFrame:
    """Return the recruitment log, step by step, with small numbers kept from print.

    Returns
    -------
    pandas.DataFrame
        ``step``, ``organisation``, ``reason``, ``n`` (people; missing when not noted), ``state``, ``shown``, ``guid``. Rows about an
        organisation are suppressed together, because they add up to what readers know; a step's own total is printed from
        k upward.
    """
    table = as_snapshot(study).tables["recruitment"]
    frame = table.rename(columns={"number": "n"}).reset_index(drop=True)
    frame["state"], frame["shown"] = "printed", frame["n"].astype("str").fillna(say("analysis.not_noted"))
    for _, rows in frame[frame["n"].notna()].groupby(
        frame["step"] + "/" + (frame["organisation"].fillna("") != "").astype("str"), sort=False
    ):
        fit = suppressed(pd.Series(rows["n"].astype("int64").to_numpy(), index=rows.index), k=k)
        frame.loc[rows.index, "state"], frame.loc[rows.index, "shown"] = fit["state"], fit["shown"]
    return frame[list(RECRUITMENT_COLUMNS)]


def planned(study: HasSnapshot, *, k: int = K, earlier: Mapping[str, Mapping[str, int]] | None = None) -> pd.DataFrame:
    """Return how many participants were planned per organisation, and how many attended.

    Parameters
    ----------
    study
        A project or a snapshot.
    k
        The smallest count that is printed.
    earlier
        As for :func:`composition`. Where an attribute of the participants has these same organisations, what an earlier version printed of it
        holds here too: else this table would tell what that one keeps back.

    Returns
    -------
    pandas.DataFrame
        ``organisation``, ``planned``, ``attended`` (missing when not noted), ``state`` and ``shown`` (the number that attended as it may be
        printed), in the order of the log.
    """
    table = as_snapshot(study).tables["recruitment"]
    table = table[table["organisation"].fillna("") != ""]
    step = table["step"].str.casefold()
    by = {
        word: table[step.str.startswith(word)].drop_duplicates("organisation").set_index("organisation")["number"] for word in (PLAN, DONE)
    }
    names = list(dict.fromkeys([*by[PLAN].index, *by[DONE].index]))
    frame = pd.DataFrame(
        {"planned": by[PLAN].reindex(names), "attended": by[DONE].reindex(names)}, index=pd.Index(names, name="organisation")
    )
    there = frame["attended"].dropna().astype("int64")
    fit = suppressed(there, k=k, earlier=_same(as_snapshot(study), names, earlier or {}))
    frame["state"] = fit["state"].reindex(names)
    frame["shown"] = fit["shown"].reindex(names).astype("str").fillna(say("analysis.not_noted"))
    return frame.reset_index()[list(PLANNED_COLUMNS)]
