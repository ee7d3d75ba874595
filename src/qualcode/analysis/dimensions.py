"""Dimensions and attributes over sessions: which sessions hold each value, where two values meet, and the route of an event."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qualcode.analysis.composition import attributes_of
from qualcode.analysis.counting import Counted, of_study
from qualcode.analysis.frames import BETWEEN
from qualcode.analysis.names import document_named, near
from qualcode.analysis.spreading import GROUP, INTERVIEW, SESSION_KINDS
from qualcode.analysis.suppression import K
from qualcode.errors import NotFound
from qualcode.labels import say
from qualcode.model import HasSnapshot

VALUE_COLUMNS = ("value", "groups", "interviews", "sessions", "voices", "codings")
OVERLAP_COLUMNS = ("value", "also", "codings", "sessions")
ROUTE_COLUMNS = ("step", "state", "document", "turn", "start", "end", "text", "participant", "code", "event", "coding")
BY_COLUMNS = ("value", "participants", "code", "name", "groups", "interviews", "sessions", "voices", "state")
STEP_COLUMNS = ("value", "participants", "step", "sessions", "of", "voices", "state")
TOLD, OPEN = "verteld", "open"
SHOWN, FEW = "shown", "few"


def _of_code(base: Counted, code: str | None) -> pd.DataFrame:
    frame = base.frame[base.frame["kind"].isin(SESSION_KINDS)]
    if code is None:
        return frame
    return frame[frame["code_guid"].isin(base.book.descendants(base.book.resolve(base.book.find(code).guid)))]


def by_dimension(study: HasSnapshot, dimension: str, *, code: str | None = None, counting: bool = True) -> pd.DataFrame:
    """Return in which sessions each value of a dimension occurs.

    Parameters
    ----------
    study
        A project or a snapshot.
    dimension
        A dimension of the codebook, such as ``duur``, ``vorm``, ``actor``, ``grond``.
    code
        Only codings with this code or one below it.
    counting
        Only codings that count; else all.

    Returns
    -------
    pandas.DataFrame
        In the codebook's order of values: ``value``, ``groups``, ``interviews``, ``sessions`` (list), ``voices`` (participants), ``codings``
        (a working number). A coding with several values is in the row of each, so rows do not add up; the row
        ``totaal`` counts every coding once.
    """
    base = of_study(study)
    base.book.dimension(dimension)
    frame = _of_code(base, code)
    frame = frame[frame["counts"]] if counting else frame
    held = frame[dimension].str.split(BETWEEN, regex=False).explode().dropna() if dimension in frame else pd.Series(dtype="str")
    known = [*base.book.dimension(dimension).values, *sorted(set(held) - set(base.book.dimension(dimension).values))]
    said = base.said.drop_duplicates(["row", "voice"])
    rows = []
    for value, index in [*((v, held.index[held == v]) for v in known), (say("analysis.total"), held.index.unique())]:
        part = frame.loc[index.unique()]
        kinds = part.drop_duplicates("document")["kind"]
        voices = said.loc[said["row"].isin(part.index), "voice"].nunique()
        sessions = list(dict.fromkeys(part["document"]))
        rows.append((value, int((kinds == GROUP).sum()), int((kinds == INTERVIEW).sum()), sessions, voices, len(part)))
    return pd.DataFrame(rows, columns=list(VALUE_COLUMNS))


def overlap(study: HasSnapshot, dimension: str = "grond") -> pd.DataFrame:
    """Return how often two values of a dimension are told of in one fragment, such as grounds that meet.

    Returns
    -------
    pandas.DataFrame
        ``value``, ``also`` (the same value: with no other beside it), ``codings`` (a working number), ``sessions`` (list); each pair once.
        The row ``totaal`` counts every fragment once, however many values it has.
    """
    base = of_study(study)
    frame = _of_code(base, None)
    frame = frame[frame["counts"] & frame[dimension].notna()] if dimension in frame else frame.iloc[:0].assign(**{dimension: ""})
    values = frame[dimension].str.split(BETWEEN, regex=False)
    declared = list(base.book.dimension(dimension).values)
    seen = [*declared, *sorted({v for held in values for v in held} - set(declared))]
    rows = []
    for at, value in enumerate(seen):
        for also in seen[at:]:
            wanted = {value, also}
            hit = frame[[set(held) == wanted if value == also else wanted <= set(held) for held in values]]
            if len(hit):
                rows.append((value, also, len(hit), list(dict.fromkeys(hit["document"]))))
    rows.append((say("analysis.total"), "", len(frame), list(dict.fromkeys(frame["document"]))))
    return pd.DataFrame(rows, columns=list(OVERLAP_COLUMNS))


def route(study: HasSnapshot, document: str, *, event: str | None = None, dimension: str = "fase") -> pd.DataFrame:
    """Return the steps of what happened after an event, in the order of the codebook; steps nobody told of stand open.

    Parameters
    ----------
    study
        A project or a snapshot.
    document
        The session.
    event
        Number of the event in that session (``voorval``); all events when left out.
    dimension
        The dimension that orders the steps.

    Returns
    -------
    pandas.DataFrame
        ``step``, ``state`` (``verteld`` or ``open``), ``document``, ``turn``, ``start``, ``end``, ``text``, ``participant``, ``code``, ``event``, ``coding``
        (missing where open). Open says that nobody told of it, never that it did not happen.
    """
    base = of_study(study)
    guid = document_named(base.snapshot, document)
    frame = base.frame[base.frame["document_guid"] == guid]
    if event is not None:
        frame = frame[frame["voorval"].astype("str") == str(event)] if "voorval" in frame else frame.iloc[:0]
    steps = list(base.book.dimension(dimension).values)
    parts = []
    for step in steps:
        rows = frame[frame[dimension] == step] if dimension in frame else frame.iloc[:0]
        rows = rows.rename(columns={"voorval": "event"}).assign(step=step, state=TOLD)
        parts.append(
            rows if len(rows) else pd.DataFrame({"step": [step], "state": [OPEN], "document": [base.snapshot.document_row(guid)["name"]]})
        )
    return (
        pd.concat(parts, ignore_index=True).reindex(columns=list(ROUTE_COLUMNS)).astype({"turn": "Int64", "start": "Int64", "end": "Int64"})
    )


def by_attribute(study: HasSnapshot, attribute: str, *, level: str = "theme", k: int = K) -> pd.DataFrame:
    """Return what participants with each value of an attribute tell of; never for fewer people than may be printed.

    Parameters
    ----------
    study
        A project or a snapshot.
    attribute
        An attribute of the participants, such as ``rol``.
    level
        ``code``, ``subtheme`` or ``theme``.
    k
        The smallest group of people that is shown.

    Returns
    -------
    pandas.DataFrame
        ``value``, ``participants`` (missing below k), ``code``, ``name``, ``groups``, ``interviews``, ``sessions`` (list), ``voices``, ``state`` (``shown``, or ``few``:
        then the figures are missing).

    Raises
    ------
    NotFound
        When no participant has such an attribute.
    """
    base = of_study(study)
    people = _having(base, attribute)
    frame = _of_code(base, None)
    frame = frame[frame["counts"]]
    rises = {
        code.guid: [up for up in (*base.book.ancestors(code.guid), code.guid) if base.book.level(up) == level] for code in base.book.codes
    }
    rows = frame[["document", "kind", "code_guid"]].reset_index(names="row").merge(base.said[["row", "participant"]], on="row")
    rows["node"] = rows["code_guid"].map(rises)
    rows = rows.explode("node").dropna(subset=["node"])
    rows["value"] = rows["participant"].map(people[attribute])
    found = []
    for value, size in people[attribute].value_counts(sort=False).sort_index().items():
        for code in (c for c in base.book.codes if base.book.level(c.guid) == level):
            part = rows[(rows["value"] == value) & (rows["node"] == code.guid)].drop_duplicates(["document", "participant"])
            held = part.drop_duplicates("document")
            figures = (
                int((held["kind"] == GROUP).sum()),
                int((held["kind"] == INTERVIEW).sum()),
                list(held["document"]),
                part["participant"].nunique(),
            )
            shown = (
                (size, code.id, code.name, *figures, SHOWN) if size >= k else (np.nan, code.id, code.name, np.nan, np.nan, [], np.nan, FEW)
            )
            found.append((value, *shown))
    return pd.DataFrame(found, columns=list(BY_COLUMNS))


def steps_by(study: HasSnapshot, attribute: str, *, dimension: str = "fase", k: int = K) -> pd.DataFrame:
    """Return which steps after events participants with each value of an attribute tell of; never for fewer people than may be printed.

    Parameters
    ----------
    study
        A project or a snapshot.
    attribute
        An attribute of the participants, such as ``rol`` or ``standplaats``.
    dimension
        The dimension that orders the steps.
    k
        The smallest group of people that is shown.

    Returns
    -------
    pandas.DataFrame
        ``value``, ``participants`` (missing below k), ``step`` (in the order of the codebook), ``sessions`` (list), ``of`` (sessions in which people with
        this value tell of any step), ``voices``, ``state`` (``shown``, or ``few``: then the figures are missing).

    Raises
    ------
    NotFound
        When no participant has such an attribute, or the codebook no such dimension.
    """
    base = of_study(study)
    people, steps = _having(base, attribute), list(base.book.dimension(dimension).values)
    frame = _of_code(base, None)
    frame = frame[frame["counts"] & frame[dimension].isin(steps)] if dimension in frame else frame.iloc[:0].assign(**{dimension: ""})
    rows = frame[["document", dimension]].reset_index(names="row").merge(base.said[["row", "participant"]], on="row")
    rows["value"] = rows["participant"].map(people[attribute])
    found: list[tuple[object, ...]] = []
    for value, size in people[attribute].value_counts(sort=False).sort_index().items():
        own = rows[rows["value"] == value]
        for step in steps:
            told = own[own[dimension] == step]
            figures = (list(dict.fromkeys(told["document"])), own["document"].nunique(), told["participant"].nunique(), SHOWN)
            found.append((value, size, step, *figures) if size >= k else (value, np.nan, step, [], np.nan, np.nan, FEW))
    return pd.DataFrame(found, columns=list(STEP_COLUMNS))


def _having(base: Counted, attribute: str) -> pd.DataFrame:
    """Return the participants, of whom some have this attribute."""
    people = attributes_of(base.snapshot)
    if attribute not in people:
        raise NotFound("analysis.no_attribute", attribute=attribute, there=near(attribute, [c for c in people.columns if c != "name"]))
    return people
