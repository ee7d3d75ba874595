"""Queues of passages that wait for a person: what is suggested, what to look at next, what looks miscoded, what nobody coded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from qualcode.codebook import Codebook
from qualcode.discovery import passages
from qualcode.discovery.coverage import near_duplicates, overlaps, standing
from qualcode.discovery.doubting import miscoded, read_next
from qualcode.discovery.embedding import Vectors
from qualcode.discovery.suggesting import Suggester
from qualcode.errors import Refused
from qualcode.labels import listed, say
from qualcode.model import DOCUMENT_KINDS, rows_of
from qualcode.project.discovery import suggested

if TYPE_CHECKING:
    from qualcode.project.study import Project

Learned = tuple[Suggester, pd.DataFrame, Vectors]

SOURCES = ("suggested", "topics", "next", "miscoded", "alike", "uncoded")
QUEUE_COLUMNS = (
    "key", "document", "turn", "start", "end", "speaker", "code", "chance", "measured", "like", "unlike", "why", "coding", "document_guid",
)  # fmt: skip
# so many at a time: a longer list is not read, and the suggestions are better after the first of them
MOST = 60
_EMPTY: dict[str, Any] = {"code": "", "chance": np.nan, "measured": "", "like": "", "unlike": "", "why": "", "coding": ""}


def queue(study: Project, source: str, learned: Learned | None = None, *, code: str | None = None) -> pd.DataFrame:
    """Return passages that wait for a decision.

    Parameters
    ----------
    study
        The project; only what its coder may see is looked at.
    source
        ``suggested`` (codes for passages nobody coded), ``topics`` (passages of topics that were given a code), ``next`` (what the suggestions
        would learn most from), ``miscoded`` (codings far from the others with their code), ``alike`` (nearly the same words, coded
        otherwise), ``uncoded`` (talk nobody coded, who was coded least first).
    learned
        From :func:`qualcode.project.discovery.suggester`; all but ``topics`` and ``uncoded`` need it.
    code
        Only this code: id, name, path or guid.

    Returns
    -------
    pandas.DataFrame
        At most 60 rows: ``key`` (names the row), ``document``, ``turn``, ``start``, ``end``, ``speaker``, ``code`` (guid; empty when no code is proposed),
        ``chance``, ``measured`` (in words), ``like`` and ``unlike`` (guids of codings), ``why`` (a sentence), ``coding`` (guid, where one is
        questioned), ``document_guid``. ``attrs["whole"]`` tells how many there are, ``attrs["notes"]`` what a reader must know.

    Raises
    ------
    Refused
        For another source.
    """
    if source not in SOURCES:
        raise Refused("topicdesk.no_source", source=source, known=listed(SOURCES))
    wanted = Codebook.of(study).find(code).guid if code else None
    if source == "topics":
        frame = _of_topics(study)
    elif source == "uncoded":
        frame = _uncoded(study)
    else:
        if learned is None:
            raise Refused("topicdesk.learn_first")
        of = {"suggested": _suggested, "next": _next, "miscoded": _miscoded, "alike": _alike}
        frame = of[source](study, learned, wanted)
    notes = frame.attrs.get("notes", [])
    if wanted is not None and source not in {"suggested", "uncoded"}:
        frame = frame[frame["code"] == wanted]
    frame = frame.assign(**{name: value for name, value in _EMPTY.items() if name not in frame.columns}).reset_index(drop=True)
    keys = [
        ":".join(map(str, row)) for row in zip(*(frame[name] for name in ("document_guid", "start", "end", "code", "coding")), strict=True)
    ]
    whole = frame.assign(key=keys)[list(QUEUE_COLUMNS)].drop_duplicates("key", ignore_index=True)
    shown = whole if source == "topics" else whole.head(MOST)
    shown.attrs |= {"whole": len(whole), "notes": notes}
    return shown


def decided(study: Project, frame: pd.DataFrame) -> dict[str, list[str]]:
    """Return what became of the rows of a queue: by key, what was decided (accepted, instead, rejected, coded) and with which code (guid)."""
    snapshot = study.snapshot()
    table = snapshot.tables["proposal"]
    table = table[table["sort"] == "coding"]
    said: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in rows_of(table):
        said[(one["document"], one["start"], one["end"], one["code"])] = one
        if one["state"] == "accepted":
            said[(one["document"], one["start"], one["end"])] = one
    present = dict(zip(snapshot.codings["guid"], snapshot.codings["code"], strict=True))
    codings = standing(snapshot)
    pairs = overlaps(frame, codings) if len(frame) else overlaps(frame.assign(document_guid=""), codings)
    on: dict[int, list[str]] = {}
    for place, coding in zip(pairs["passage"], pairs["coding"], strict=True):
        on.setdefault(int(place), []).append(str(codings["code"].iloc[coding]))
    found: dict[str, list[str]] = {}
    for place, row in enumerate(rows_of(frame)):
        where = (row["document_guid"], row["start"], row["end"])
        one = said.get((*where, row["code"]), {}) or ({} if row["coding"] else said.get(where, {}))
        if one:
            other = present.get(one["coding"]) if one["state"] == "rejected" and not row["coding"] else None
            found[row["key"]] = ["instead", other] if other else [one["state"], one["code"]]
        elif row["coding"] and row["coding"] not in present:
            found[row["key"]] = ["gone", row["code"]]
        elif not row["coding"] and place in on and (not row["code"] or row["code"] in on[place]):
            found[row["key"]] = ["coded", row["code"] or on[place][0]]
    return found


def _suggested(study: Project, learned: Learned, code: str | None) -> pd.DataFrame:
    frame = suggested(study, learned, code=code)
    made = frame.assign(code=frame["code_guid"])
    made.attrs = dict(frame.attrs)
    return made


def _of_topics(study: Project) -> pd.DataFrame:
    table = study.snapshot().tables["proposal"]
    table = table[(table["sort"] == "topic") & (table["state"] == "accepted") & table["code"].notna() & table["merged_into"].isna()]
    parts = [
        study.proposals.passages(row["guid"]).assign(code=row["code"], why=say("topicdesk.of_topic", name=row["name"]))
        for row in rows_of(table)
    ]
    held = (
        pd.concat([part.drop(columns="text") for part in parts])
        if parts
        else pd.DataFrame({"document": [], "start": [], "end": [], "code": [], "why": []})
    )
    here = passages(study, kinds=DOCUMENT_KINDS)[["document", "document_guid", "turn", "start", "end", "speaker"]]
    return held.merge(here, on=["document", "start", "end"], how="inner") if parts else here.head(0).assign(code="", why="")


def _next(study: Project, learned: Learned, _code: str | None) -> pd.DataFrame:
    found, table, vectors = learned
    pairs = overlaps(table, standing(study.snapshot()))
    free = ~np.isin(np.arange(len(table)), pairs["passage"].to_numpy())
    frame = read_next(found, table[free], vectors[free], amount=MOST)
    book = Codebook.of(study)
    why = [
        say("topicdesk.two_as_likely", first=str(book.get(one)), second=str(book.get(other)))
        for one, other in zip(frame["first"], frame["second"], strict=True)
    ]
    return _beside(frame.assign(code=frame["first"], why=why), table)


def _beside(frame: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return passages with their speaker and document."""
    return frame.merge(table[["document", "document_guid", "start", "end", "speaker"]], on=["document", "start", "end"], how="inner")


def _miscoded(study: Project, learned: Learned, _code: str | None) -> pd.DataFrame:
    frame = miscoded(study, learned[0])
    snapshot, book = study.snapshot(), Codebook.of(study)
    turns = snapshot.turns.merge(snapshot.documents[["guid", "name"]], left_on="document", right_on="guid")
    coders = dict(zip(snapshot.coders["guid"], snapshot.coders["name"], strict=True))
    by = {guid: coders.get(who, "") for guid, who in zip(snapshot.codings["guid"], snapshot.codings["coder"], strict=True)}
    by_document = dict(iter(turns.groupby("name")))
    rows = []
    for row in rows_of(frame):
        here = by_document[row["document"]]
        turn = here.iloc[max(int(np.searchsorted(here["start"].to_numpy(), row["start"], side="right")) - 1, 0)]
        why = say("topicdesk.far_from_others", coder=by[row["coding"]], code=row["code"], rank=row["rank"], other=row["likelier"])
        better = book.find(row["likelier"]).guid
        rows.append(
            {**row, "turn": int(turn["turn"]), "speaker": turn["label"], "document_guid": turn["document"], "code": better, "why": why}
        )
    columns = ["coding", "document", "turn", "start", "end", "speaker", "document_guid", "code", "why"]
    return pd.DataFrame(rows, columns=columns)


def _alike(study: Project, learned: Learned, _code: str | None) -> pd.DataFrame:
    """Return passages that say nearly what a coded one says, and lack its code."""
    _, table, vectors = learned
    codings = standing(study.snapshot())
    pairs = overlaps(table, codings)
    held, here = study.snapshot().codings, {code.guid for code in Codebook.of(study).codes}
    # in the order of `standing`, which leaves out what stands in no document or has no code
    guids = held.loc[held["document"].isin(study.snapshot().documents["guid"]) & held["code"].isin(here), "guid"].to_numpy()
    on: dict[int, dict[str, str]] = {}
    for passage, coding in zip(pairs["passage"], pairs["coding"], strict=True):
        on.setdefault(int(passage), {})[str(codings["code"].iloc[coding])] = str(guids[coding])
    rows = []
    for one in rows_of(near_duplicates(table["text"].tolist(), vectors)):
        for lacks, has in ((one["first"], one["second"]), (one["second"], one["first"])):
            place = table.iloc[lacks]
            where = {name: place[name] for name in ("document", "turn", "start", "end", "speaker", "document_guid")}
            lacking = {code: coding for code, coding in on.get(has, {}).items() if code not in on.get(lacks, {})}
            rows += [{**where, "code": code, "like": coding, "why": say("topicdesk.nearly_same")} for code, coding in lacking.items()]
    columns = ["document", "turn", "start", "end", "speaker", "document_guid", "code", "like", "why"]
    return pd.DataFrame(rows, columns=columns)


def _uncoded(study: Project) -> pd.DataFrame:
    """Return the passages that no coding touches; of speakers who were coded least first."""
    table = passages(study)
    pairs = overlaps(table, standing(study.snapshot()))
    free = ~np.isin(np.arange(len(table)), pairs["passage"].to_numpy())
    whole = table.assign(free=free).groupby(["document_guid", "speaker"])["free"]
    table = table.assign(share=whole.transform("mean"), left=whole.transform("sum"), all=whole.transform("size"))[free]
    why = [
        say("topicdesk.untouched", speaker=who, left=int(left), all=int(every))
        for who, left, every in zip(table["speaker"], table["left"], table["all"], strict=True)
    ]
    return table.assign(why=why).sort_values(["share", "left"], ascending=False, kind="stable", ignore_index=True)
