"""Likely codes for words a person has in hand: what the study taught a machine so far, or that it cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from qualcode.analysis.names import PARTICIPANT, handles
from qualcode.codebook import Codebook
from qualcode.discovery.suggesting import suggested
from qualcode.labels import say
from qualcode.project.coding import segment
from qualcode.project.discovery import suggester, vectors_of

if TYPE_CHECKING:
    from qualcode.discovery.embedding import Embedder, Vectors
    from qualcode.discovery.suggesting import Suggester
    from qualcode.project.study import Project

    Taught = tuple[Suggester, pd.DataFrame, Vectors]

LIKELY_COLUMNS = ["code", "name", "chance", "measured", "code_guid"]


def likely_codes(
    study: Project, document: str, span: tuple[int, int], *, taught: Taught | None = None, model: str | Embedder = "use"
) -> pd.DataFrame:
    """Return the codes that are likely for words, the likeliest first; nothing in the study changes, and none at all is an answer too.

    Parameters
    ----------
    study
        The project.
    document
        Name of the document.
    span
        The words, in code points; what moderators and note-takers say in them is left out.
    taught
        What :func:`qualcode.project.discovery.suggester` learned; it is learned anew when left out, which takes seconds.
    model
        What turns words into vectors; the one it was learned with.

    Returns
    -------
    pandas.DataFrame
        ``code`` (id), ``name``, ``chance`` (0 to 1), ``measured`` (a sentence: how often such a suggestion was right in sessions not learned
        from), ``code_guid``. Codes that stand on these very words, or were rejected for them, are left out. ``attrs["notes"]`` holds
        sentences a reader must know.

    Raises
    ------
    Refused
        When only moderators or note-takers speak there, or the study has no code to learn.
    """
    place = segment(study, document, span=span)
    now, book = study.snapshot(), Codebook.of(study)
    found = (taught or suggester(study, model=model))[0]
    turns = now.turns_of(place.document)
    spoken = turns[(turns["role"].isna() | (turns["role"] == PARTICIPANT)) & (turns["start"] < place.end) & (turns["end"] > place.start)]
    text = now.text(place.document)
    pieces = [text[max(a, place.start) : min(b, place.end)] for a, b in zip(spoken["start"], spoken["end"], strict=True)]
    words = [" ".join(" ".join(pieces or [text[place.start : place.end]]).split())]
    codes = found.learned.codes
    table = found.learned.chances(words, vectors_of(study, words, model).vectors)
    gone = {book.resolve(code) for code in _decided(study, place.document, place.start, place.end)}
    order = np.argsort(-table[0], kind="stable")
    rows = [column for column in order if suggested(table, codes)[0, column] and codes[column] not in gone]
    guids = [codes[column] for column in rows]
    counts = found.measured.reindex(guids).fillna(0).astype("int64")
    called = handles(book)
    sentences = [
        say("discovery.right_of", right=right, asked=asked) if asked else say("discovery.unmeasured")
        for right, asked in zip(counts["right"], counts["asked"], strict=True)
    ]
    frame = pd.DataFrame(
        {
            "code": [called[guid] for guid in guids],
            "name": [book.get(guid).name for guid in guids],
            "chance": table[0, rows].round(3),
            "measured": sentences,
            "code_guid": guids,
        },
        columns=LIKELY_COLUMNS,
    )
    frame.attrs["notes"] = [say("discovery.ranked_with", model=found.model, seed=found.seed), *found.notes]
    return frame


def _decided(study: Project, document: str, start: int, end: int) -> list[str]:
    """Return the codes that stand on these very words, or were rejected for them."""
    now = study.snapshot()
    proposals = now.tables["proposal"]
    tables = (now.codings, proposals[(proposals["sort"] == "coding") & (proposals["state"] == "rejected")])
    return [
        code for one in tables for code in one.loc[(one["document"] == document) & (one["start"] == start) & (one["end"] == end), "code"]
    ]
