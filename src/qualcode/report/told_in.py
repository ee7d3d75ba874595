"""Differences between groups, code by code: in which groups something was told and in which not, with the size of each group; never a test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from qualcode.analysis import spreading
from qualcode.analysis.spreading import GROUP
from qualcode.labels import listed, say
from qualcode.report.facts import Chapter, Facts, rows_of
from qualcode.report.markdown import joined, plain, table

# from here on it is more than one person's story
_SEVERAL = 2


def told_in(facts: Facts, chapter: Chapter) -> str:
    """Return in which groups each code of a chapter was told, where that differs between groups; empty where it never does.

    Researchers read how many participants of each group spoke of it. Outsiders read the groups in which more than one did; of groups with
    one voice they read how many there are, and of no code in which groups nobody spoke.
    """
    cells = spreading.of_level(facts.base, "code")
    cells = cells[(cells["kind"] == GROUP) & cells["raised"]]
    rows = []
    for guid, _ in rows_of(facts, chapter):
        held = cells[cells["code_guid"] == guid]
        spoken = held[held["voices"] > 0]
        if not 0 < len(spoken) < len(held):
            continue
        row = facts.rows[guid]
        name = plain(f"{row['code']} {row['name']}")
        rows.append([name, *(_inside if facts.internal else _outside)(facts, held, spoken), facts.mark(str(row["ref"]))])
    if not rows:
        return ""
    about = say("report.about_told_in" if facts.internal else "report.about_told_in_outside")
    heads = ("head_told_in", "head_not_told_in") if facts.internal else ("head_told_by_more", "head_one_voice")
    caption = say("report.caption_told_in", chapter=plain(chapter.title))
    return joined(
        about, table([say("report.head_code"), *(say(f"report.{one}") for one in heads), ""], rows, (5, 9, 5, 4), caption=caption)
    )


def _inside(facts: Facts, held: pd.DataFrame, spoken: pd.DataFrame) -> list[str]:
    silent = [facts.shown(name) for name in held.loc[held["voices"] == 0, "document"]]
    told = [_group(facts, row, "report.group_voices") for row in spoken.to_dict("records")]
    return ["; ".join(told), plain(listed(silent, most=20))]


def _outside(facts: Facts, _: pd.DataFrame, spoken: pd.DataFrame) -> list[str]:
    several = spoken[spoken["voices"] >= _SEVERAL]
    told = [_group(facts, row, "report.group_size") for row in several.to_dict("records")]
    return ["; ".join(told) or "–", str(len(spoken) - len(several))]


def _group(facts: Facts, row: Mapping[Any, Any], key: str) -> str:
    """Return a group with what kind of group it is and its size; a group that is too small is not described to outsiders."""
    document = facts.documents.loc[row["document_guid"]]
    n = int(document["participants"])
    stratum = (document["attributes"] or {}).get("stratum") or ""
    if not facts.internal and n < facts.k:
        return plain(document["shown"])
    return plain(say(key, session=document["shown"], stratum=f"{stratum}; " if stratum else "", k=int(row["voices"]), n=n))
