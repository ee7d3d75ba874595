"""From suggestions to measures: links and their gaps, promises and how they moved, frames, goals, and the score card.

Coverage and scores are judgements of people, with author, date and reason; nothing here proposes one.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from qualcode.analysis import contested
from qualcode.analysis.counting import of_study
from qualcode.analysis.names import near
from qualcode.errors import NotFound
from qualcode.model import COVERAGES, HasSnapshot, Snapshot, as_snapshot

NOT_LINKED, NOT_FILLED, NO_DATA, FINAL = "niet gekoppeld", "niet ingevuld", "geen gegevens", "definitief"
OUTSIDE_FRAME = "niet in dit kader"
SHIFTED = "verschoven"
LINK_COLUMNS = ("suggestion", "name", "measure", "measure_name", "coverage", "reason", "author", "date", "guid")
COVERAGE_COLUMNS = (
    "suggestion",
    "name",
    "coverage",
    "measures",
    "remarks",
    "groups",
    "groups_n",
    "contested",
    "nuanced",
    "in_codebook",
    "ref",
)
MEASURE_COLUMNS = (
    "measure", "domain", "name", "owner", "source", "goal", "indicator", "measurable", "suggestions", "promised", "shifted", "guid",
)  # fmt: skip
PROMISE_COLUMNS = ("measure", "name", "number", "promised", "date", "source", "said_on", "note", "later", "shifted", "guid")
FRAME_COLUMNS = ("frame", "track", "title", "measures", "suggestions", "codes")
GOAL_COLUMNS = ("goal", "text", "measures", "suggestions", "lacks", "source")
SCORE_COLUMNS = (
    "department", "period", "measure", "name", "status", "score", "label", "grounds", "assessor", "owner", "own", "second",
    "second_assessor", "difference", "previous", "reason", "date",
)  # fmt: skip
CHANGE_COLUMNS = ("department", "measure", "name", "before", "after", "change", "reason")


def links(study: HasSnapshot) -> pd.DataFrame:
    """Return which measure answers which suggestion, how far, and who says so; the last word on a pair stands.

    Returns
    -------
    pandas.DataFrame
        ``suggestion`` (id), ``name``, ``measure`` (id; missing where a person said that none answers it), ``measure_name``, ``coverage`` (volledig,
        deels, raakt aan, geen), ``reason``, ``author``, ``date``, ``guid``.
    """
    snapshot = as_snapshot(study)
    table, known = snapshot.tables["link"], snapshot.tables["measure"].set_index("guid")
    codes = snapshot.tables["code"].set_index("guid")
    here = table["code"].isin(codes.index)
    # the code is the truth where there is one: ids may be renamed
    suggestion = table["suggestion"].mask(here, table["code"].map(codes["id"]))
    frame = table.assign(
        suggestion=suggestion,
        name=table["code"].map(codes["name"]).astype("str"),
        measure=table["measure"].map(known["id"]).astype("str"),
        measure_name=table["measure"].map(known["name"]).astype("str"),
    )
    return frame.drop_duplicates(["suggestion", "measure"], keep="last")[list(LINK_COLUMNS)].reset_index(drop=True)


def coverage(study: HasSnapshot) -> pd.DataFrame:
    """Return every suggestion with the measures that answer it; those without stand there, empty.

    Returns
    -------
    pandas.DataFrame
        Suggestions of the codebook in its order, then those that only the links name: ``suggestion``, ``name`` (missing without a code),
        ``coverage`` (the furthest of its links; ``geen`` where a person found none, ``niet gekoppeld`` where nobody looked), ``measures`` (list),
        ``remarks`` (list: measure, coverage and reason, for what is not volledig), ``groups`` and ``groups_n`` that support it, ``contested`` and
        ``nuanced`` (lists of groups), ``in_codebook``, ``ref``.
    """
    snapshot = as_snapshot(study)
    held = links(snapshot)
    said = contested.of_base(of_study(snapshot)).set_index("code")
    rows: list[dict[str, Any]] = []
    for suggestion in dict.fromkeys([*said.index, *held["suggestion"]]):
        own = held[held["suggestion"] == suggestion]
        found = [word for word in COVERAGES if (own["coverage"] == word).any()]
        answered = own[own["measure"].notna()]
        known = suggestion in said.index
        partly = own[own["coverage"] != COVERAGES[0]]
        remarks = [
            f"{m}: {c} ({r})" if isinstance(m, str) else str(r)
            for m, c, r in zip(partly["measure"], partly["coverage"], partly["reason"], strict=True)
        ]
        row: dict[str, Any] = {
            "suggestion": suggestion,
            "coverage": found[0] if found else NOT_LINKED,
            "measures": list(answered["measure"]),
            "remarks": remarks,
            "in_codebook": known,
        }
        if known:
            row |= {name: said.loc[suggestion, name] for name in ("name", "groups", "groups_n", "contested", "nuanced", "ref")}
        rows.append(row)
    frame = pd.DataFrame(rows, columns=list(COVERAGE_COLUMNS))
    return frame.astype({"groups": "Int64", "groups_n": "Int64", "in_codebook": "bool"})


def measures(study: HasSnapshot) -> pd.DataFrame:
    """Return every measure with the suggestions it answers; those nobody asked for stand there too.

    Returns
    -------
    pandas.DataFrame
        ``measure`` (id), ``domain``, ``name``, ``owner``, ``source``, ``goal``, ``indicator`` and ``measurable`` (missing where nobody gave one), ``suggestions``
        (list; empty: nobody in this study asked for it), ``promised`` (the last promise), ``shifted`` (whether one was moved), ``guid``.
    """
    snapshot = as_snapshot(study)
    table, held, made = snapshot.tables["measure"], links(snapshot), promises(snapshot)
    asked = held[held["measure"].notna()].groupby("measure")["suggestion"].agg(list).to_dict()
    last = made.drop_duplicates("measure", keep="last").set_index("measure")["promised"]
    frame = table.rename(columns={"id": "measure"})
    frame["suggestions"] = pd.Series([asked.get(id_, []) for id_ in frame["measure"]], index=frame.index, dtype=object)
    frame["promised"] = frame["measure"].map(last).astype("str")
    frame["shifted"] = frame["measure"].isin(made.loc[made["shifted"], "measure"])
    return frame[list(MEASURE_COLUMNS)].reset_index(drop=True)


def without_indicator(study: HasSnapshot) -> list[str]:
    """Return the measures (ids) for which nobody gave an indicator."""
    table = as_snapshot(study).tables["measure"]
    return list(table.loc[table["indicator"].fillna("") == "", "id"])


def promises(study: HasSnapshot) -> pd.DataFrame:
    """Return the history of each promise: what was promised, where it is said, and whether it moved.

    Returns
    -------
    pandas.DataFrame
        By measure, in order: ``measure`` (id), ``name``, ``number``, ``promised`` (in the source's words), ``date`` (to sort by), ``source``, ``said_on``,
        ``note``, ``later`` (whether the date lies after the one before it), ``shifted`` (later, and the note of a person begins with
        "verschoven": a later date for another part is no shift), ``guid``.
    """
    snapshot = as_snapshot(study)
    known = snapshot.tables["measure"].set_index("guid")
    table = snapshot.tables["promise"]
    table = table[table["measure"].isin(known.index)]
    place = table["measure"].map({guid: at for at, guid in enumerate(known.index)})
    frame = table.assign(_place=place).sort_values(["_place", "number"], kind="stable")
    by = frame.groupby("measure", sort=False)
    before = by["date"].transform(lambda dates: dates.ffill().shift())
    frame["later"] = (frame["date"] > before).fillna(False).astype("bool")
    frame["shifted"] = frame["later"] & frame["note"].fillna("").str.casefold().str.startswith(SHIFTED)
    frame = frame.assign(name=frame["measure"].map(known["name"]).astype("str"), measure=frame["measure"].map(known["id"]).astype("str"))
    return frame[list(PROMISE_COLUMNS)].reset_index(drop=True)


def framed(study: HasSnapshot, frame: str) -> pd.DataFrame:
    """Return the same measures and links in another frame, such as the tracks of another organisation.

    Parameters
    ----------
    study
        A project or a snapshot.
    frame
        Name of the frame.

    Returns
    -------
    pandas.DataFrame
        In the frame's order: ``frame``, ``track``, ``title``, ``measures`` (list), ``suggestions`` (list: what those measures answer), ``codes`` (list: codes
        that the frame itself names). Measures in no track are in a last row ``niet in dit kader``.

    Raises
    ------
    NotFound
        When there is no frame of that name.
    """
    snapshot = as_snapshot(study)
    table = snapshot.tables["track"]
    if not (table["frame"] == frame).any():
        raise NotFound("measures.no_frame", frame=frame, there=near(frame, table["frame"]))
    own = table[table["frame"] == frame]
    measure, code = snapshot.tables["measure"].set_index("guid")["id"], snapshot.tables["code"].set_index("guid")["id"]
    own = own.assign(measure=own["measure"].map(measure).astype("str"), code=own["code"].map(code).astype("str"))
    placed = set(own.loc[own["track"] != OUTSIDE_FRAME, "measure"].dropna())
    tracks = [name for name in dict.fromkeys(own["track"]) if name != OUTSIDE_FRAME]
    held = links(snapshot)
    rows = []
    for track in [*tracks, OUTSIDE_FRAME]:
        part = own[own["track"] == track]
        inside = list(dict.fromkeys(part["measure"].dropna())) if track != OUTSIDE_FRAME else [id_ for id_ in measure if id_ not in placed]
        asked = list(dict.fromkeys(held.loc[held["measure"].isin(inside), "suggestion"]))
        title = next((t for t in part["title"] if isinstance(t, str)), "")
        if inside or track != OUTSIDE_FRAME:
            rows.append((frame, track, title, inside, asked, list(dict.fromkeys(part["code"].dropna()))))
    return pd.DataFrame(rows, columns=list(FRAME_COLUMNS))


def frames(study: HasSnapshot) -> list[str]:
    """Return the names of the frames there are."""
    return list(dict.fromkeys(as_snapshot(study).tables["track"]["frame"].dropna()))


def goals(study: HasSnapshot) -> pd.DataFrame:
    """Return the goals with the measures and suggestions linked to them, and which goals lack one.

    Returns
    -------
    pandas.DataFrame
        ``goal`` (id), ``text``, ``measures``, ``suggestions`` (lists), ``lacks`` (list: ``maatregel``, ``suggestie``), ``source``.
    """
    table = as_snapshot(study).tables["goal"]
    frame = table.rename(columns={"id": "goal"})
    for name in ("measures", "suggestions"):
        frame[name] = pd.Series([list(held or []) for held in table[name]], index=frame.index, dtype=object)
    pairs = zip(frame["measures"], frame["suggestions"], strict=True)
    lacks = [[word for word, held in (("maatregel", m), ("suggestie", s)) if not held] for m, s in pairs]
    return frame.assign(lacks=pd.Series(lacks, index=frame.index, dtype=object))[list(GOAL_COLUMNS)]


def scorecard(study: HasSnapshot, *, department: str | None = None, period: str | None = None) -> pd.DataFrame:
    """Return the score of each measure in each department and period; empty is "niet ingevuld", never nought.

    Parameters
    ----------
    study
        A project or a snapshot.
    department, period
        Only this one.

    Returns
    -------
    pandas.DataFrame
        Every measure for every department and period that has scores at all: ``department``, ``period``, ``measure``, ``name``, ``status`` (``definitief``,
        ``concept``, ``geen gegevens``: asked, but nobody keeps count; ``niet ingevuld``), ``score`` (of the own ordinal scale; missing without
        one), ``label``, ``grounds``, ``assessor``, ``owner``, ``own`` (assessor and owner are the same), ``second`` and ``second_assessor`` (another
        assessor's score), ``difference`` (whether the two differ), ``previous`` and ``reason`` (of a changed score), ``date``.
    """
    snapshot = as_snapshot(study)
    table, known = snapshot.tables["score"], snapshot.tables["measure"]
    words = snapshot.tables["scale"]
    label = words[words["sort"] == "score"].set_index("score")["label"].to_dict()
    table = table[table["measure"].isin(known["guid"])]
    last = table.drop_duplicates(["department", "period", "measure", "assessor"], keep="last")
    by = {key: rows.to_dict("records") for key, rows in last.groupby(["department", "period", "measure"], sort=False)}
    pairs = table[["department", "period"]].drop_duplicates().sort_values(["department", "period"]).itertuples(index=False)
    rows = []
    for own_department, own_period in pairs:
        if department not in (None, own_department) or period not in (None, own_period):
            continue
        for guid, id_, name in zip(known["guid"], known["id"], known["name"], strict=True):
            held = by.get((own_department, own_period, guid), [])
            rows.append(_scored(held, label) | {"department": own_department, "period": own_period, "measure": id_, "name": name})
    return pd.DataFrame(rows, columns=list(SCORE_COLUMNS)).astype({"own": "bool", "difference": "bool"})


def _scored(held: list[dict[Any, Any]], label: dict[Any, Any]) -> dict[str, Any]:
    """Return the cell of one measure: the first assessor's score, and a second beside it."""
    if not held:
        return {"status": NOT_FILLED, "own": False, "difference": False}
    first, second = held[0], held[1] if len(held) > 1 else None
    found = {name: first[name] for name in ("status", "score", "grounds", "assessor", "owner", "previous", "reason", "date")}
    score = first["score"] if isinstance(first["score"], str) else None
    other = second["score"] if second and isinstance(second["score"], str) else None
    same = isinstance(first["assessor"], str) and first["assessor"].strip().casefold() == str(first["owner"]).strip().casefold()
    return found | {
        "label": label.get(score, "") if score else None,
        "own": same,
        "second": other,
        "second_assessor": second["assessor"] if second else None,
        "difference": other is not None and score is not None and other != score,
    }


def score_changes(study: HasSnapshot, before: str, after: str) -> pd.DataFrame:
    """Return what changed on the score card between two periods; the same scores twice give no rows.

    Parameters
    ----------
    study
        A project or a snapshot.
    before, after
        The periods.

    Returns
    -------
    pandas.DataFrame
        ``department``, ``measure``, ``name``, ``before`` and ``after`` (the score, or the status where there is none), ``change`` (``hoger``, ``lager``,
        ``ingevuld``, ``weggevallen``, ``andere status``), ``reason`` (of the change, where noted). The scale is ordinal: there is no difference in points.

    Raises
    ------
    NotFound
        When a period has no scores.
    """
    snapshot = as_snapshot(study)
    there = list(dict.fromkeys(snapshot.tables["score"]["period"].dropna()))
    for period in (before, after):
        if period not in there:
            raise NotFound("measures.no_period", period=period, there=near(period, there))
    keys = ["department", "measure"]
    old = scorecard(snapshot, period=before).set_index(keys)
    new = scorecard(snapshot, period=after).set_index(keys)
    rows = []
    for key in dict.fromkeys([*old.index, *new.index]):
        was, now = (table.loc[key] if key in table.index else None for table in (old, new))
        shown = [_shown(row) for row in (was, now)]
        if shown[0] == shown[1]:
            continue
        row = now if now is not None else was
        assert row is not None
        rows.append((*key, row["name"], *shown, _change(was, now), row["reason"] if isinstance(row["reason"], str) else ""))
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS))


def _shown(row: pd.Series[Any] | None) -> str:
    if row is None:
        return NOT_FILLED
    return str(row["score"]) if isinstance(row["score"], str) else str(row["status"])


def _change(was: pd.Series[Any] | None, now: pd.Series[Any] | None) -> str:
    old, new = _shown(was), _shown(now)
    if old.isdigit() and new.isdigit():
        return "hoger" if int(new) > int(old) else "lager"
    if new.isdigit():
        return "ingevuld"
    return "weggevallen" if old.isdigit() else "andere status"


def completeness(study: HasSnapshot) -> pd.DataFrame:
    """Return per department and period how many measures are filled in, in which states: ``department``, ``period``, ``measures`` and one column a state."""
    table = scorecard(study)
    states = (FINAL, "concept", NO_DATA, NOT_FILLED)
    keys = [table["department"], table["period"]]
    counts = {state: (table["status"] == state).groupby(keys, sort=False).sum().astype("int64") for state in states}
    frame = pd.DataFrame({"measures": table.groupby(keys, sort=False).size(), **counts})
    return frame.reset_index()


def gaps(snapshot: Snapshot) -> tuple[list[str], list[str]]:
    """Return the suggestions without a measure, and the measures without a suggestion (ids)."""
    asked, made = coverage(snapshot), measures(snapshot)
    return list(asked.loc[asked["measures"].map(len) == 0, "suggestion"]), list(made.loc[made["suggestions"].map(len) == 0, "measure"])
