"""From suggestions to measures: links and their gaps, promises and how they moved, frames and goals.

Coverage is a judgement of people, with author, date and reason; nothing here proposes one.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from qualcode.analysis import contested
from qualcode.analysis.counting import of_study
from qualcode.analysis.names import near
from qualcode.errors import NotFound
from qualcode.model import COVERAGES, HasSnapshot, Snapshot, as_snapshot

NOT_LINKED = "niet gekoppeld"
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


def gaps(snapshot: Snapshot) -> tuple[list[str], list[str]]:
    """Return the suggestions without a measure, and the measures without a suggestion (ids)."""
    asked, made = coverage(snapshot), measures(snapshot)
    return list(asked.loc[asked["measures"].map(len) == 0, "suggestion"]), list(made.loc[made["suggestions"].map(len) == 0, "measure"])
