"""What a study holds to learn codes from: coded spans, what the codebook says, and passages of sessions that were read and not coded."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.codebook import Codebook
from qualcode.discovery.coverage import code_texts, overlaps, standing
from qualcode.model import HasSnapshot, as_snapshot

# no code at all: what a passage of a coded session that nobody coded is an example of
NOTHING = ""
# a session counts as read when so many of its passages are coded
_READ = 0.15
# all uncoded passages together weigh this much of the coded ones
_NOTHING_WEIGHT = 0.5
_DEFINITION_WEIGHT = 0.7


@dataclass(frozen=True)
class Examples:
    """What there is to learn from: texts with codes (guids; none at all is the code ``""``), their session and weight, and their vectors."""

    texts: list[str]
    codes: list[list[str]]
    session: list[str]
    weight: NDArray[np.float64]
    coding: list[str] = field(repr=False)


def examples(study: HasSnapshot, passages: pd.DataFrame) -> Examples:
    """Return the examples a study holds: each coded span with its codes, what the codebook says of each code, uncoded passages of read sessions.

    Parameters
    ----------
    study
        A project or a snapshot.
    passages
        From :func:`qualcode.discovery.passages`; nothing outside them, so no moderator's words, is an example.
    """
    snapshot, book = as_snapshot(study), Codebook.of(study)
    said = code_texts(book)
    table = snapshot.tables["coding"]
    frame = standing(snapshot)
    guids = table["guid"].to_numpy()[
        (table["document"].isin(snapshot.tables["document"]["guid"]) & table["code"].isin({code.guid for code in book.codes})).to_numpy()
    ]
    pairs = overlaps(passages, frame)
    frame = frame.assign(coding=guids, spoken=frame.index.isin(pairs["coding"]))
    frame = frame[frame["spoken"] & frame["code"].isin(said)]
    spans = frame.groupby(["document_guid", "start", "end"], sort=False).agg(
        codes=("code", lambda c: list(dict.fromkeys(c))), coding=("coding", "first")
    )
    texts = [" ".join(snapshot.text(str(d))[int(a) : int(b)].split()) for d, a, b in spans.index]
    touched = np.zeros(len(passages), dtype=bool)
    touched[pairs["passage"].to_numpy()] = True
    read = pd.Series(touched).groupby(passages["document_guid"].to_numpy()).mean()
    loose = np.flatnonzero(~touched & passages["document_guid"].isin(read.index[read >= _READ]).to_numpy())
    # every so many-th: as many as there are coded spans teach as much, in less time
    loose = loose[:: max(1, len(loose) // max(1, len(texts)))]
    own = min(1.0, _NOTHING_WEIGHT * len(texts) / max(1, len(loose)))
    return Examples(
        [*texts, *passages["text"].iloc[loose], *said.values()],
        [*spans["codes"], *([NOTHING] for _ in loose), *([guid] for guid in said)],
        [*(str(d) for d, _, _ in spans.index), *passages["document_guid"].iloc[loose], *("" for _ in said)],
        np.r_[np.ones(len(texts)), np.full(len(loose), own), np.full(len(said), _DEFINITION_WEIGHT)],
        [*spans["coding"], *("" for _ in loose), *("" for _ in said)],
    )
