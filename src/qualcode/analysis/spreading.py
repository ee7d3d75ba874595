"""Spread: in how many focus groups and interviews something was told, never how many fragments."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

import pandas as pd

from qualcode.analysis.counting import (
    BEFORE_PERIOD,
    CONTESTS,
    HEARSAY,
    HYPOTHETICAL,
    LEADING,
    NUANCES,
    OUT_OF_SCOPE,
    Counted,
    of_study,
    once,
)
from qualcode.analysis.names import handles, ordered_documents
from qualcode.analysis.raising import raised
from qualcode.analysis.terms import in_words, term
from qualcode.codebook import Level
from qualcode.errors import Refused
from qualcode.labels import say
from qualcode.model import HasSnapshot

GROUP, INTERVIEW = "focusgroep", "interview"
SESSION_KINDS = (GROUP, INTERVIEW)
LEVELS: tuple[Level, ...] = get_args(Level)

# a column of cells() and the reasons of why_not it counts voices for
_COUNTS = {
    "hearsay": (HEARSAY,),
    "hypothetical": (HYPOTHETICAL,),
    "leading": (LEADING,),
    "nuanced": (NUANCES,),
    "contested": (CONTESTS,),
    "outside": (OUT_OF_SCOPE, BEFORE_PERIOD),
}
CELL_COLUMNS = ("code", "name", "level", "document", "kind", "voices", *_COUNTS, "fragments", "raised")
SPREAD_COLUMNS = (
    "code", "name", "level", "groups", "groups_n", "interviews", "interviews_n", "term", "voices", "sessions", "hearsay",
    "leading", "nuanced", "contested", "outside", "not_recognised", "not_raised", "ref", "working_number",
)  # fmt: skip


def cells(study: HasSnapshot, *, level: Level = "code", also: Collection[str] = ()) -> pd.DataFrame:
    """Return how many people spoke of each code in each session.

    Parameters
    ----------
    study
        A project or a snapshot.
    level
        ``code``, ``subtheme`` or ``theme``; what lies below counts for it.
    also
        Reasons of ``why_not`` to switch in, see :func:`counted`.

    Returns
    -------
    pandas.DataFrame
        One row a (code, focus group or interview), in codebook and document order: ``code`` (id), ``name``, ``level``,
        ``document``, ``kind``, ``voices`` (participants who speak of it from experience or support it), ``hearsay``,
        ``hypothetical`` and ``leading`` (participants who do so only from hearsay, in imagination, after a leading
        question), ``nuanced`` and ``contested`` (participants), ``outside`` (participants, outside scope or period),
        ``fragments`` (codings, whatever they count for; a working number), ``raised`` (bool).
    """
    return of_level(of_study(study, also=also), level)[list(CELL_COLUMNS)]


def of_level(base: Counted, level: Level) -> pd.DataFrame:
    """Return :func:`cells` with ``code_guid`` and ``document_guid``; made once for each level of what was counted."""
    cells: pd.DataFrame = once(base, f"cells/{level}", lambda: _cells(base, level))
    return cells.copy()


def figures(base: Counted, level: Level) -> pd.DataFrame:
    """Return :func:`spread` with ``code_guid`` of one level; made once, so never change it."""
    frame: pd.DataFrame = once(base, f"spread/{level}", lambda: of_cells(of_level(base, level), nodes_of(base, level)))
    return frame.copy()


def _cells(base: Counted, level: Level) -> pd.DataFrame:
    book, frame = base.book, base.frame
    documents = ordered_documents(base.snapshot)
    sessions = documents[documents["kind"].isin(SESSION_KINDS)]
    nodes = nodes_of(base, level)
    index = pd.MultiIndex.from_product([nodes.index, sessions.index], names=["code_guid", "document_guid"])

    wanted, used = set(nodes.index), sorted(frame["code_guid"].dropna().unique())
    above = [(guid, up) for guid in used for up in (*book.ancestors(guid), guid) if up in wanted]
    rises = pd.DataFrame(above, columns=["code_guid", "node"], dtype="str")
    rows = frame[["document_guid", "code_guid", "why_not", "counts"]].reset_index(names="row").merge(rises, on="code_guid")
    fragments = rows.groupby(["node", "document_guid"])["row"].nunique()
    said = rows.merge(base.said[["row", "voice"]], on="row")
    people = {name: _people(said, said["why_not"].isin(reasons)) for name, reasons in _COUNTS.items()}
    own = _people(said, said["counts"])
    for name in ("hearsay", "hypothetical", "leading"):
        people[name] = people[name].difference(own)

    cell = pd.DataFrame(index=index)
    cell["voices"] = _sizes(own, index)
    for name, held in people.items():
        cell[name] = _sizes(held, index)
    cell["fragments"] = fragments.reindex(index).fillna(0).astype("int64").to_numpy()
    cell["raised"] = raised(base.snapshot, book, cell["fragments"] > 0)
    cell = cell.reset_index()
    return cell.assign(
        **{name: cell["code_guid"].map(nodes[name]).astype("str") for name in ("code", "name", "level")},
        document=cell["document_guid"].map(sessions["name"]).astype("str"),
        kind=cell["document_guid"].map(sessions["kind"]).astype("str"),
    )


def nodes_of(base: Counted, level: Level) -> pd.DataFrame:
    """Return the codes of one level by guid, in codebook order: ``code, name, level``; retired ones only if still used."""
    if level not in LEVELS:
        raise Refused("analysis.no_level", level=level)
    book, named = base.book, handles(base.book)
    used = set(base.frame["code_guid"].dropna())
    nodes = [c for c in book.codes if book.level(c.guid) == level and not (c.retired and used.isdisjoint(book.descendants(c.guid)))]
    rows = {"code": [named[c.guid] for c in nodes], "name": [c.name for c in nodes], "level": [level] * len(nodes)}
    return pd.DataFrame(rows, index=pd.Index([c.guid for c in nodes], dtype="str", name="code_guid"), dtype="str")


def _people(said: pd.DataFrame, which: pd.Series[bool]) -> pd.MultiIndex:
    """Return the different (code, document, voice) of the rows chosen."""
    return pd.MultiIndex.from_frame(said.loc[which, ["node", "document_guid", "voice"]].drop_duplicates())


def _sizes(people: pd.MultiIndex, index: pd.MultiIndex) -> pd.Series[int]:
    """Return how many voices each cell has."""
    size = people.droplevel("voice").value_counts() if len(people) else pd.Series(dtype="int64")
    counts = size.reindex(index) if len(size) else pd.Series(0, index=index)
    return counts.fillna(0).astype("int64")


def spread(study: HasSnapshot, *, level: Level = "code", also: Collection[str] = ()) -> pd.DataFrame:
    """Return in how many focus groups and interviews each code was told of.

    Parameters
    ----------
    study
        A project or a snapshot.
    level
        ``code``, ``subtheme`` or ``theme``. A session counts once, however many codes below it were told there.
    also
        Reasons of ``why_not`` to switch in, see :func:`counted`.

    Returns
    -------
    pandas.DataFrame
        In codebook order: ``code`` (id), ``name``, ``level``, ``groups`` (focus groups in which somebody speaks of it from own
        or witnessed experience, or supports it), ``groups_n`` (focus groups where it came up), ``interviews`` and
        ``interviews_n`` (the same, never added to the groups), ``term`` (the words for it, see :func:`term`), ``voices``
        (participants in those groups; never fragments), ``sessions`` (names of groups and interviews that count); lists
        of focus groups: ``hearsay`` (hearsay only), ``leading`` (own experience, but only after a leading question),
        ``nuanced``, ``contested``, ``outside`` (somebody outside scope or period), ``not_recognised`` (raised and only
        denied), ``not_raised``; ``ref`` (what :func:`trace` takes), ``working_number`` (fragments, no finding).

    Notes
    -----
    Only documents of the kinds focusgroep and interview count. When a topic came up is said in the register of topics:
    the row of the code decides, else of its subtheme, else of its theme, else it came up; a code or subtheme that was
    raised by name in some sessions was not raised in the others; and where somebody spoke of it, it came up. A
    session that nobody has coded yet counts as one where nothing was said: code all before you report.

    Examples
    --------
    >>> import qualcode as qc
    >>> study = qc.demo()
    >>> row = qc.spread(study).set_index("code").loc["E07"]
    >>> print(row["groups"], row["groups_n"], row["interviews"], row["term"])
    2 2 1 twee van de twee
    """
    base = of_study(study, also=also)
    return figures(base, level)[list(SPREAD_COLUMNS)]


def of_cells(cell: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    """Return :func:`spread` with ``code_guid`` from the cells of one level and its codes."""
    group, interview = cell["kind"] == GROUP, cell["kind"] == INTERVIEW
    own = cell["voices"] > 0
    leading = group & ~own & (cell["leading"] > 0)
    hearsay = group & ~own & ~leading & (cell["hearsay"] > 0)
    silent = (cell[["voices", "leading", "hearsay", "hypothetical", "nuanced"]] == 0).all(axis=1)
    lists = {
        "sessions": own,
        "hearsay": hearsay,
        "leading": leading,
        "nuanced": group & (cell["nuanced"] > 0),
        "contested": group & (cell["contested"] > 0),
        "outside": group & (cell["outside"] > 0),
        "not_recognised": group & silent & (cell["contested"] > 0),
        "not_raised": group & ~cell["raised"],
    }
    numbers = {
        "groups": group & own,
        "groups_n": group & cell["raised"],
        "interviews": interview & own,
        "interviews_n": interview & cell["raised"],
        "voices": cell["voices"].where(group, 0),
        "working_number": cell["fragments"],
    }
    by = cell["code_guid"]
    frame = nodes.copy()
    for name, values in numbers.items():
        frame[name] = values.astype("int64").groupby(by, sort=False).sum().reindex(frame.index).fillna(0).astype("int64")
    for name, which in lists.items():
        held = cell.loc[which].groupby("code_guid", sort=False)["document"].agg(list).to_dict()
        frame[name] = pd.Series([held.get(guid, []) for guid in frame.index], index=frame.index, dtype=object)
    frame["ref"] = "spreiding:" + frame["code"]
    sessions = bool(len(cell))
    counts = zip(frame["groups"], frame["groups_n"], frame["interviews"], frame["working_number"], strict=True)
    frame["term"] = pd.Series([_words(*c) if sessions else say("analysis.no_groups") for c in counts], index=frame.index, dtype="str")
    return frame.reset_index()


def _words(k: int, n: int, interviews: int, fragments: int) -> str:
    """Return the term of one row; where no group counts, say whether an interview does, or nothing at all."""
    if k == 0 and interviews:
        return say("analysis.interviews_only_one" if interviews == 1 else "analysis.interviews_only", n=in_words(interviews))
    if k == 0 and fragments == 0:
        return say("analysis.unused")
    return term(k, n)


def not_coded(base: Counted) -> list[str]:
    """Return the names of the focus groups and interviews without any coding."""
    documents = ordered_documents(base.snapshot)
    sessions = documents[documents["kind"].isin(SESSION_KINDS)]
    return list(sessions.loc[~sessions.index.isin(base.frame["document_guid"]), "name"])
