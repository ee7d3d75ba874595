"""Talk between participants: a few turns in which a group makes meaning together, and where such talk is to be found."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from qualcode.analysis.counting import Counted, span_of
from qualcode.analysis.frames import turns
from qualcode.analysis.names import PARTICIPANT, ordered_documents, session_labels
from qualcode.errors import NotFound
from qualcode.model import HasSnapshot, as_snapshot

TALK = "gesprek"
FEWEST, MOST = 2, 6
# agreeing, adding one's own, contradicting, nuancing, recognising: people who react to each other
REACTIONS = ("I1", "I2", "I3", "I4", "I5")
_NAME = re.compile(r"(?P<document>.+)-(?P<first>\d{1,9})\.\.(?P<last>\d{1,9})")


def talk(study: HasSnapshot, ref: str) -> pd.DataFrame:
    """Return the turns of an excerpt of talk, such as ``FG9-0097..0100``: two to six turns in which participants answer each other.

    Parameters
    ----------
    study
        A project or a snapshot.
    ref
        The document, the number of the first turn and that of the last; the document by its name, or as a public report calls it.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`turns`, ``text`` on one line, with ``document_guid``.

    Raises
    ------
    NotFound
        When there are no such turns, when they are fewer than two or more than six, or when one participant alone speaks in them.

    Examples
    --------
    >>> import qualcode as qc
    >>> list(talk(qc.demo(), "FG1-0021..0023")["turn"])
    [21, 22, 23]
    """
    snapshot = as_snapshot(study)
    found = _NAME.fullmatch(ref.strip())
    named = {label: guid for guid, label in session_labels(snapshot).items()} | dict(snapshot.document_names)
    if found is None or found["document"] not in named:
        raise NotFound("analysis.no_talk", ref=ref)
    first, last = int(found["first"]), int(found["last"])
    if not FEWEST <= last - first + 1 <= MOST:
        raise NotFound("analysis.talk_length", ref=ref, fewest=FEWEST, most=MOST)
    guid = named[found["document"]]
    frame = turns(snapshot, guid)
    frame = frame[frame["turn"].between(first, last)].reset_index(drop=True)
    if len(frame) != last - first + 1:
        raise NotFound("analysis.no_talk", ref=ref)
    said = frame[frame["role"] == PARTICIPANT]
    if said["participant"].fillna(said["speaker"]).nunique() < FEWEST:
        raise NotFound("analysis.talk_alone", ref=ref)
    text = frame["text"].str.split().str.join(" ")
    return frame.assign(text=text, document_guid=guid)


def exchanges(base: Counted, guid: str) -> list[str]:
    """Return where participants react to each other about a code or what is below it, as references of :func:`talk`; one a session, the first."""
    snapshot = base.snapshot
    documents = ordered_documents(snapshot)
    table = snapshot.tables["interaction"]
    table = table[table["code"].isin(base.book.descendants(guid)) & table["interaction"].isin(REACTIONS)]
    found: dict[str, str] = {}
    for row in table[table["document"].isin(documents.index)].sort_values("start", kind="stable").to_dict("records"):
        about = span_of(row["about"])
        if about is None or row["document"] in found:
            continue
        spoken = snapshot.turns_of(row["document"])
        first, last = (int(np.searchsorted(spoken["start"], at, side="right")) for at in (about[0], row["start"]))
        if first < 1 or not FEWEST <= last - first + 1 <= MOST:
            continue
        ends = spoken.iloc[[first - 1, last - 1]]
        if (ends["role"] == PARTICIPANT).all() and ends["participant"].fillna(ends["label"]).nunique() == FEWEST:
            found[row["document"]] = f"{documents.loc[row['document'], 'name']}-{first:04d}..{last:04d}"
    return [found[document] for document in documents.index if document in found]
