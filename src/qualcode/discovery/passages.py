"""What a study's participants said, in passages of sensible length; never a moderator's words, never across two turns."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from qualcode.analysis.frames import gaps_of, one_line
from qualcode.analysis.names import PARTICIPANT, ordered_documents
from qualcode.model import HasSnapshot, as_snapshot

PASSAGE_COLUMNS = ("document", "document_guid", "kind", "turn", "start", "end", "speaker", "voice", "words", "text")

SESSIONS = ("focusgroep", "interview")
# words: a passage of more is cut at sentence ends, into pieces of about half as many
LONGEST = 120
_PIECE = 60
_FEWEST = 4
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+")


def passages(study: HasSnapshot, *, kinds: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Return the passages in which participants speak.

    Parameters
    ----------
    study
        A project or a snapshot.
    kinds
        Kinds of document; when left out the focus groups and interviews, or all documents in a study without any: notes and
        open answers are another kind of source and are not mixed with talk.

    Returns
    -------
    pandas.DataFrame
        In the order of the documents: ``document`` (name), ``document_guid``, ``kind``, ``turn`` (from 1), ``start`` and ``end`` (code points,
        half-open), ``speaker`` (label), ``voice`` (participant, else speaker), ``words`` (separated by white space), ``text`` (on one line).
        A turn of more than 120 words is cut at sentence ends; turns under four words and turns of moderators, note-takers and
        voices nobody could name are left out. In documents without speakers every turn counts.
    """
    snapshot = as_snapshot(study)
    documents = ordered_documents(snapshot)
    here = set(kinds or SESSIONS)
    if kinds is None and not documents["kind"].isin(here).any():
        here = set(documents["kind"])
    turns = snapshot.turns
    turns = turns[turns["document"].isin(documents.index[documents["kind"].isin(here)])]
    spoken = snapshot.tables["speaker"]["document"].unique()
    turns = turns[(turns["role"] == PARTICIPANT) | (turns["role"].isna() & ~turns["document"].isin(spoken))]
    turns = turns.iloc[documents["rank"].reindex(turns["document"]).to_numpy().argsort(kind="stable")]
    gaps = gaps_of(snapshot)
    texts = {guid: snapshot.text(guid) for guid in turns["document"].unique()}
    rows = [
        (document, turn, start, end, label, person if isinstance(person, str) else f"{document}:{label}", text)
        for document, turn, first, last, label, person in zip(
            *(turns[name] for name in ("document", "turn", "start", "end", "label", "participant")), strict=True
        )
        for start, end in _pieces(texts[document], first, last)
        if len((text := one_line(texts[document], start, end, gaps.get((document, turn), []))).split()) >= _FEWEST
    ]
    frame = pd.DataFrame(rows, columns=["document_guid", "turn", "start", "end", "speaker", "voice", "text"])
    frame["document"] = frame["document_guid"].map(documents["name"]).astype("str")
    frame["kind"] = frame["document_guid"].map(documents["kind"]).astype("str")
    frame["words"] = pd.Series([len(text.split()) for text in frame["text"]], dtype="int64", index=frame.index)
    return frame[list(PASSAGE_COLUMNS)]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of a turn's pieces."""
    said = text[start:end]
    if len(said.split()) <= LONGEST:
        yield start, end
        return
    begin = 0
    for gap in _SENTENCE.finditer(said):
        # a last piece of a few words stays with the one before it
        if len(said[begin : gap.start()].split()) >= _PIECE and len(said[gap.end() :].split()) >= _PIECE // 2:
            yield start + begin, start + gap.start()
            begin = gap.end()
    yield start + begin, end
