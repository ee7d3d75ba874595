"""Suggestions: in which groups each is supported, contested and nuanced; both sides beside each other, no ranking."""

from __future__ import annotations

import pandas as pd

from qualcode.analysis import counter, spreading
from qualcode.analysis.counting import CONTESTS, NUANCES, Counted, of_study, suggestions
from qualcode.analysis.spreading import GROUP
from qualcode.model import HasSnapshot

CONTESTED_COLUMNS = (
    "code", "name", "supported", "groups", "groups_n", "contested", "nuanced", "interviews", "interviews_supported", "voices",
    "voices_against", "disputed", "ref",
)  # fmt: skip


def contested(study: HasSnapshot) -> pd.DataFrame:
    """Return the register of suggestions.

    Returns
    -------
    pandas.DataFrame
        In codebook order, one row a suggestion (a code below a theme called Suggesties), unused ones too: ``code``, ``name``,
        ``supported`` (list of focus groups where somebody supports it), ``groups`` and ``groups_n`` (how many, of the groups where
        suggestions came up), ``contested`` and ``nuanced`` (lists of focus groups), ``interviews`` (list, all sides), ``interviews_supported``
        (number), ``voices`` (participants in groups who support it) and ``voices_against`` (participants in sessions who contest
        or nuance it), ``disputed`` (whether anybody does), ``ref``. The number of groups says nothing about importance.
    """
    return of_base(of_study(study)).drop(columns="code_guid")


def of_base(base: Counted) -> pd.DataFrame:
    """Return :func:`contested` with ``code_guid``."""
    frame = spreading.figures(base, "code")
    frame = frame[frame["code_guid"].isin(suggestions(base.book))].reset_index(drop=True)
    register = counter.of_base(base)
    against = register[register["stance"].isin([CONTESTS, NUANCES])]
    people = against.assign(who=against["participant"].fillna(against["speaker"])).groupby("code_guid")["who"].nunique()
    kinds = base.snapshot.tables["document"].set_index("name")["kind"].to_dict()
    heard = {guid: list(dict.fromkeys(rows["document"])) for guid, rows in against[against["kind"] != GROUP].groupby("code_guid")}
    supported = [[name for name in names if kinds.get(name) == GROUP] for names in frame["sessions"]]
    interviews = [
        list(dict.fromkeys([*(n for n in names if kinds.get(n) != GROUP), *heard.get(guid, [])]))
        for names, guid in zip(frame["sessions"], frame["code_guid"], strict=True)
    ]
    frame = frame.assign(
        supported=pd.Series(supported, index=frame.index, dtype=object),
        interviews_supported=frame["interviews"],
        interviews=pd.Series(interviews, index=frame.index, dtype=object),
        voices_against=frame["code_guid"].map(people).fillna(0).astype("int64"),
    )
    frame["disputed"] = frame["voices_against"] > 0
    return frame[["code_guid", *CONTESTED_COLUMNS]]
