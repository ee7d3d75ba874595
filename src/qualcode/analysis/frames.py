"""The tidy frames everything else stands on: one row a coding, one row a turn, one row a participant."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode import spans
from qualcode.analysis.names import PARTICIPANT, coder_named, document_named, handles, layer_named, ordered_documents, speaker_rows
from qualcode.codebook import Codebook
from qualcode.model import HasSnapshot, Snapshot, as_snapshot

CODING_COLUMNS = (
    "coding", "document", "kind", "start", "end", "text", "speaker",
    "code", "code_path", "coder", "layer", "at", "memo",
)  # fmt: skip
TURN_COLUMNS = ("document", "turn", "speaker", "participant", "role", "time", "start", "end", "words", "text")
PARTICIPATION_COLUMNS = ("document", "kind", "participant", "speaker", "role", "turns", "words", "share", "coded")

BETWEEN = "|"


def codings(
    study: HasSnapshot,
    *,
    code: str | None = None,
    children: bool = False,
    document: str | None = None,
    coder: str | None = None,
    layer: str | None = None,
    speaker: str | None = None,
) -> pd.DataFrame:
    """Return the codings as a tidy frame, in the order of the documents and of the words in them.

    Parameters
    ----------
    study
        A project or a snapshot.
    code
        Only codings with this code: an id, a guid, a name or a path.
    children
        With ``code``: also codings with a code below it.
    document, coder, layer
        Only codings in this document, by this coder, in this layer (``ronde-1``, ``consensus``).
    speaker
        Only codings on words of this speaker: a label in the file, or a participant's name.

    Returns
    -------
    pandas.DataFrame
        ``coding`` (guid), ``document`` (name), ``kind`` (of the document), ``start`` and ``end`` (code points, half-open),
        ``text`` (verbatim), ``speaker`` (label; several joined by ``|``), ``code`` (id, or the path of a code without an
        id of its own), ``code_path``, ``coder`` (name), ``layer``, ``at``, ``memo``; then one column a dimension of the
        codebook in its order, then dimensions it does not declare; several values are joined by ``|``. A code that
        was merged into another appears as the one it went into. What stands in no document is left out.

    Raises
    ------
    NotFound
        When the study has no such code, document, coder, layer or speaker.
    Ambiguous
        When more than one has that name.
    """
    snapshot, book = as_snapshot(study), Codebook.of(study)
    frame = coded(snapshot, book)
    if code is not None:
        wanted = book.resolve(book.find(code).guid)
        frame = frame[frame["code_guid"].isin(book.descendants(wanted) if children else {wanted})]
    if document is not None:
        frame = frame[frame["document_guid"] == document_named(snapshot, document)]
    if coder is not None:
        frame = frame[frame["coder_guid"] == coder_named(snapshot, coder)]
    if layer is not None:
        frame = frame[frame["layer"] == layer_named(snapshot, layer)]
    if speaker is not None:
        said = voices(snapshot, frame)
        rows = said.loc[said["speaker"].isin(speaker_rows(snapshot, speaker)), "row"]
        frame = frame[frame.index.isin(rows)]
    return frame.drop(columns=["document_guid", "code_guid", "coder_guid", "turn"]).reset_index(drop=True)


def coded(snapshot: Snapshot, book: Codebook) -> pd.DataFrame:
    """Return the frame of :func:`codings` with ``document_guid, code_guid, coder_guid, turn`` (the first one covered)."""
    documents = ordered_documents(snapshot)
    table = snapshot.tables["coding"].rename(columns={"guid": "coding"})
    table = table[table["document"].isin(documents.index)].reset_index(drop=True)
    here = {code.guid for code in book.codes}
    code_guid = table["code"].map({guid: book.resolve(guid) for guid in table["code"].unique() if guid in here})
    place = {code.guid: position for position, code in enumerate(book.codes)}
    rank = documents["rank"].reindex(table["document"]).to_numpy()
    order = np.lexsort(
        (table["coding"], table["at"].fillna(""), code_guid.map(place).fillna(len(place)), table["end"], table["start"], rank)
    )
    table, code_guid = table.iloc[order].reset_index(drop=True), code_guid.iloc[order].reset_index(drop=True)

    start, end = table["start"].to_numpy(np.int64), table["end"].to_numpy(np.int64)
    texts = {guid: snapshot.texts[text] for guid, text in documents["text"].items()}
    coder = snapshot.tables["coder"].set_index("guid")["name"]
    frame = pd.DataFrame(
        {
            "coding": table["coding"],
            "document": table["document"].map(documents["name"]),
            "kind": table["document"].map(documents["kind"]),
            "start": start,
            "end": end,
            "text": pd.Series([texts[d][a:b] for d, a, b in zip(table["document"], start, end, strict=True)], dtype="str"),
            "speaker": "",
            "code": code_guid.map(handles(book)).astype("str"),
            "code_path": code_guid.map({guid: book.path(guid) for guid in code_guid.dropna().unique()}).astype("str"),
            "coder": table["coder"].map(coder).astype("str"),
            "layer": table["layer"],
            "at": table["at"],
            "memo": table["memo"],
        }
    )
    frame = frame.assign(**_dimensions(table["dimensions"], book, taken=set(frame.columns)))
    frame = frame.assign(document_guid=table["document"], code_guid=code_guid.astype("str"), coder_guid=table["coder"])
    said = voices(snapshot, frame)
    frame["speaker"] = joined(said, "label", len(frame))
    frame["turn"] = said.drop_duplicates("row").set_index("row")["turn"].reindex(frame.index).astype("Int64")
    return frame


def _dimensions(held: pd.Series[Any], book: Codebook, *, taken: set[str]) -> dict[str, pd.Series[Any]]:
    """Return one column a dimension: those of the codebook in its order, then the others."""
    filled: dict[str, dict[int, str | None]] = {d.name: {} for d in book.dimensions}
    others: dict[str, dict[int, str | None]] = {}
    for row, values in enumerate(held):
        for name, value in (values or {}).items():
            column = filled[name] if name in filled else others.setdefault(name, {})
            column[row] = value if type(value) is str else _shown(value)
    columns: dict[str, pd.Series[Any]] = {}
    for name, by_row in {**filled, **dict(sorted(others.items()))}.items():
        cells = np.full(len(held), None, dtype=object)
        cells[list(by_row)] = list(by_row.values())
        columns[name] = pd.Series(cells, dtype="str")
    # a dimension that is called like a column of the frame keeps its values under a longer name
    return {f"dimension.{name}" if name in taken else name: column for name, column in columns.items()}


def _shown(value: Any) -> str | None:
    """Return a value of a dimension as one text; several joined by ``|``."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return BETWEEN.join(str(v) for v in value) or None
    if isinstance(value, float):
        return None if value != value else str(int(value) if value.is_integer() else value)  # noqa: PLR0124
    return str(value)


def joined(said: pd.DataFrame, column: str, rows: int) -> pd.Series[str]:
    """Return per row the different values of a column of :func:`voices`, joined by ``|`` in order of speaking."""
    known = said[said[column].notna()].drop_duplicates(["row", column])
    values: list[str | None] = [None] * rows
    for row, value in zip(known["row"], known[column], strict=True):
        values[row] = value if values[row] is None else f"{values[row]}{BETWEEN}{value}"
    return pd.Series(values, dtype="str")


def voices(snapshot: Snapshot, frame: pd.DataFrame) -> pd.DataFrame:
    """Return whose words each row covers: one row a (row of ``frame``, turn).

    Parameters
    ----------
    frame
        Rows with ``document_guid, start, end``.

    Returns
    -------
    pandas.DataFrame
        ``row`` (label of the row in ``frame``), ``turn`` (number in its document), ``label``, ``role``, ``speaker`` and
        ``participant`` (guids), ``voice``: who spoke, the participant where known, else the speaker; words without
        a speaker are one voice a document.
    """
    turns = snapshot.turns
    base = _bases(snapshot)
    shift = turns["document"].map(base).to_numpy(np.int64)
    placed = spans.spans(turns["start"].to_numpy(np.int64) + shift, turns["end"].to_numpy(np.int64) + shift)
    by_place = np.argsort(placed[:, 0], kind="stable")
    own = frame["document_guid"].map(base).to_numpy(np.int64)
    asked: NDArray[np.int64] = np.column_stack([frame["start"].to_numpy(np.int64) + own, frame["end"].to_numpy(np.int64) + own])
    pairs = spans.touching(asked, placed[by_place]) if len(turns) and len(frame) else np.empty((0, 2), dtype=np.int64)
    hit = turns.iloc[by_place[pairs[:, 1]]] if len(pairs) else turns.iloc[:0]
    said = hit[["document", "turn", "label", "role", "speaker", "participant"]].reset_index(drop=True)
    said.insert(0, "row", frame.index.to_numpy()[pairs[:, 0]])
    said["voice"] = said["participant"].fillna(said["speaker"]).fillna(said["document"] + ":" + said["label"].fillna(""))
    return said.drop(columns="document")


def _bases(snapshot: Snapshot) -> dict[str, int]:
    """Return where each document would begin if all stood in one long text."""
    documents = snapshot.tables["document"]
    size = np.array([len(snapshot.texts[text]) + 1 for text in documents["text"]], dtype=np.int64)
    return dict(zip(documents["guid"], (np.cumsum(size) - size).tolist(), strict=True)) if len(documents) else {}


def turns(study: HasSnapshot, document: str | None = None) -> pd.DataFrame:
    """Return every turn of the study or of one document, in order.

    Parameters
    ----------
    study
        A project or a snapshot.
    document
        Name or guid of one document.

    Returns
    -------
    pandas.DataFrame
        ``document`` (name), ``turn`` (from 1), ``speaker`` (label as in the file), ``participant`` (name; missing when
        unknown), ``role``, ``time``, ``start`` and ``end`` (code points), ``words`` (separated by white space) and
        ``text``, both without the page marks inside a turn.

    Raises
    ------
    NotFound
        When the study has no such document.
    """
    snapshot = as_snapshot(study)
    documents = ordered_documents(snapshot)
    frame = _spoken(snapshot, snapshot.turns if document is None else snapshot.turns_of(document_named(snapshot, document)))
    people = snapshot.tables["participant"].set_index("guid")["name"]
    frame = frame.iloc[np.argsort(documents["rank"].reindex(frame["document"]).to_numpy(), kind="stable")]
    frame = frame.drop(columns="speaker").rename(columns={"label": "speaker"}).reset_index(drop=True)
    names = {"document": frame["document"].map(documents["name"]), "participant": frame["participant"].map(people).astype("str")}
    return frame.assign(**names)[list(TURN_COLUMNS)]


def _spoken(snapshot: Snapshot, table: pd.DataFrame) -> pd.DataFrame:
    """Return turns with their ``text`` and ``words``."""
    gaps = gaps_of(snapshot)
    texts = {guid: snapshot.text(guid) for guid in table["document"].unique()}
    place = zip(table["document"], table["turn"], table["start"], table["end"], strict=True)
    said = [without(texts[d], a, b, gaps.get((d, t), [])) for d, t, a, b in place]
    words = pd.Series([len(text.split()) for text in said], dtype="int64", index=table.index)
    return table.assign(words=words, text=pd.Series(said, dtype="str", index=table.index))


def gaps_of(snapshot: Snapshot) -> dict[tuple[str, int], list[tuple[int, int]]]:
    """Return the page marks inside turns, by document and turn number."""
    held: dict[tuple[str, int], list[tuple[int, int]]] = {}
    documents = snapshot.tables["document"]
    for guid, arrays in zip(documents["guid"], documents["turns"], strict=True):
        for turn, start, end in (arrays or {}).get("gaps") or ():
            held.setdefault((guid, turn + 1), []).append((start, end))
    return held


def without(text: str, start: int, end: int, gaps: list[tuple[int, int]]) -> str:
    """Return ``text[start:end]`` without the gaps in it."""
    if not gaps:
        return text[start:end]
    pieces, at = [], start
    for left, right in sorted(gaps):
        if right > at and left < end:
            pieces.append(text[at : max(at, left)].rstrip())
            at = right
    pieces.append(text[at:end].lstrip())
    return " ".join(piece for piece in pieces if piece)


def one_line(text: str, start: int, end: int, gaps: list[tuple[int, int]]) -> str:
    """Return words on one line: without page marks, white space folded."""
    return re.sub(r"\s+", " ", without(text, start, end, gaps)).strip()


def participation(study: HasSnapshot) -> pd.DataFrame:
    """Return how much each participant spoke, and how many codings there are on their words.

    Words show who had the floor, never what weighs most: silence is no consent.

    Returns
    -------
    pandas.DataFrame
        One row a (document, participant), those who never spoke included: ``document``, ``kind``, ``participant`` (name, or
        the label), ``speaker`` (labels), ``role``, ``turns``, ``words``, ``share`` (of the words of all participants
        in that document, 0 to 1; missing when nobody spoke), ``coded`` (codings, of any coder and layer, on their words).
    """
    snapshot = as_snapshot(study)
    documents = ordered_documents(snapshot)
    spoken = _spoken(snapshot, snapshot.turns).groupby("speaker")["words"].agg(["size", "sum"])
    on = voices(snapshot, coded(snapshot, Codebook.of(study))).drop_duplicates(["row", "speaker"]).groupby("speaker").size()
    people = snapshot.tables["participant"].set_index("guid")["name"]
    table = snapshot.tables["speaker"]
    table = table[(table["role"] == PARTICIPANT) & table["document"].isin(documents.index)].reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "rank": table["document"].map(documents["rank"]),
            "voice": table["participant"].fillna(table["guid"]),
            "document": table["document"].map(documents["name"]),
            "kind": table["document"].map(documents["kind"]),
            "participant": table["participant"].map(people).astype("str").fillna(table["label"]),
            "speaker": table["label"],
            "role": table["role"],
            "turns": table["guid"].map(spoken["size"]).fillna(0).astype("int64"),
            "words": table["guid"].map(spoken["sum"]).fillna(0).astype("int64"),
            "coded": table["guid"].map(on).fillna(0).astype("int64"),
        }
    )
    how = dict.fromkeys(("document", "kind", "participant", "role"), "first") | {"speaker": BETWEEN.join}
    once = rows.groupby(["rank", "voice"], sort=False).agg(how | dict.fromkeys(("turns", "words", "coded"), "sum")).reset_index()
    once = once.sort_values("rank", kind="stable", ignore_index=True)
    total = once.groupby("rank")["words"].transform("sum")
    once["share"] = once["words"] / total.where(total > 0)
    return once[list(PARTICIPATION_COLUMNS)]
