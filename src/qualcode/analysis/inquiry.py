"""The research questions: which part of the codebook answers each, which stay open, and how their wording changed."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal

import pandas as pd

from qualcode.analysis.names import handles
from qualcode.codebook import Codebook
from qualcode.model import HasSnapshot, as_snapshot

QUESTION_COLUMNS = ("position", "text", "source", "versions", "codes", "open", "guid")
WORDING_COLUMNS = ("position", "version", "text", "source", "at", "coder", "guid")
Piece = tuple[Literal["same", "left", "added"], str]


def questions(study: HasSnapshot) -> pd.DataFrame:
    """Return the research questions and what answers them.

    Returns
    -------
    pandas.DataFrame
        One row a question, in order: ``position``, ``text`` and ``source`` (of its last version), ``versions`` (list), ``codes`` (list of ids of the themes and codes
        it is mapped to), ``open`` (whether nothing answers it), ``guid``.
    """
    snapshot, book = as_snapshot(study), Codebook.of(study)
    table = snapshot.tables["question"].sort_values("position", kind="stable")
    named = handles(book)
    rows = []
    # questions of one position are one question in other words; one without a position is alone
    keys = [str(p) if p == p and p is not pd.NA else guid for p, guid in zip(table["position"].astype(object), table["guid"], strict=True)]  # noqa: PLR0124
    for _, part in table.groupby(pd.Series(keys, index=table.index), sort=False):
        last = part.iloc[-1]
        codes = [guid for held in part["codes"] for guid in held or () if guid in named]
        known = [named[guid] for guid in dict.fromkeys(codes) if not book.get(guid).retired]
        versions = [v for v in part["version"] if isinstance(v, str) and v]
        rows.append((last["position"], last["text"], last["source"], versions, known, not known, last["guid"]))
    return pd.DataFrame(rows, columns=list(QUESTION_COLUMNS))


def unasked(study: HasSnapshot) -> list[str]:
    """Return the themes (ids) that no research question is mapped to."""
    book = Codebook.of(study)
    asked = {guid for held in as_snapshot(study).tables["question"]["codes"] for guid in held or ()}
    known = {code.guid for code in book.codes}
    reached = {book.theme_of(guid) for guid in asked & known}
    named = handles(book)
    return [named[code.guid] for code in book.children() if code.guid not in reached and not code.retired]


def wordings(study: HasSnapshot) -> pd.DataFrame:
    """Return every wording each question has had: versions that stand beside each other, and what the log replaced.

    Returns
    -------
    pandas.DataFrame
        ``position``, ``version``, ``text``, ``source``, ``at`` and ``coder`` of the event that gave it this wording, ``guid``; oldest first within a question.
    """
    snapshot = as_snapshot(study)
    rows: list[dict[str, object]] = []
    held: dict[str, dict[str, object]] = {}
    coders = snapshot.tables["coder"].set_index("guid")["name"].to_dict()
    for event in snapshot.events.to_dict("records"):
        for change in (c for c in event["changes"] if c.kind == "question"):
            for at, guid in enumerate(change.guid):
                row = held.setdefault(guid, {})
                row.update({name: values[at] for name, values in change.after.items()})
                if "text" in change.after:
                    rows.append({**row, "guid": guid, "at": event["at"], "coder": coders.get(event["coder"], "")})
    living = set(snapshot.tables["question"]["guid"])
    frame = pd.DataFrame(rows).reindex(columns=list(WORDING_COLUMNS))
    frame = frame[frame["guid"].isin(living)]
    if not len(frame):
        # a study without a log still has the wording it has
        frame = snapshot.tables["question"].reindex(columns=list(WORDING_COLUMNS))
    # the log keeps what was typed: a figure in a file is a text there
    frame = frame.assign(position=pd.to_numeric(frame["position"], errors="coerce").astype("Int64"))
    return frame.sort_values("position", kind="stable").reset_index(drop=True)


def differences(before: str, after: str) -> list[Piece]:
    """Return two wordings as pieces: words that stayed (``same``), went (``left``) and came (``added``), in reading order.

    Examples
    --------
    >>> differences("Is er opvolging gegeven?", "Is er goede opvolging?")
    [('same', 'Is er'), ('left', 'opvolging gegeven?'), ('added', 'goede opvolging?')]
    """
    old, new = before.split(), after.split()
    pieces: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(("same", " ".join(old[a:b])))
            continue
        pieces += [("left", " ".join(old[a:b]))] if b > a else []
        pieces += [("added", " ".join(new[c:d]))] if d > c else []
    return pieces
