"""What is still open before anybody signs, who signed what, and whether it still stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from qualcode.analysis.agreement import AGREED, key_of, pairs
from qualcode.analysis.counting import counted
from qualcode.analysis.names import document_named, ordered_documents
from qualcode.analysis.reviewing import threads
from qualcode.codebook import Codebook
from qualcode.errors import Refused
from qualcode.labels import say
from qualcode.model import HasSnapshot, Snapshot, as_snapshot, rows_of

OPEN_COLUMNS = ("sort", "document", "code", "who", "target", "sentence")


def open_points(study: HasSnapshot, *, document: str | None = None, chapter: str | None = None) -> pd.DataFrame:
    """Return what is not settled in a document or a chapter.

    Parameters
    ----------
    study
        A project or a snapshot.
    document
        Name of a document.
    chapter
        A theme: id, name or path.

    Returns
    -------
    pandas.DataFrame
        ``sort`` (``draad``: a thread without a decision; ``verschil``: two coders differ and nothing was chosen; ``cel``: a summary of the
        matrix that nobody agreed to), ``document``, ``code`` (id), ``who``, ``target`` (guid, or key of the difference), ``sentence``.

    Raises
    ------
    NotFound, Ambiguous, Refused
        When there is no such document or theme, or neither or both are given.
    """
    snapshot, book = as_snapshot(study), Codebook.of(study)
    guids, codes = scope(snapshot, book, document, chapter)
    names = {guid: name for name, guid in snapshot.document_names.items()}
    rows = [*_open_threads(study, snapshot, guids, codes), *_open_cells(snapshot, book, names, guids, codes)]
    rows += _open_differences(study, snapshot, book, guids, codes)
    frame = pd.DataFrame(rows, columns=["sort", "document", "code", "who", "target"])
    sentences = [say(f"review.open_{_SORTS[row['sort']]}", **row) for row in rows_of(frame.fillna(""))]
    return frame.assign(sentence=pd.Series(sentences, dtype="str", index=frame.index))[list(OPEN_COLUMNS)]


_SORTS = {"draad": "thread", "verschil": "difference", "cel": "cell"}


def scope(snapshot: Snapshot, book: Codebook, document: str | None, chapter: str | None) -> tuple[set[str], set[str]]:
    """Return the documents and codes (guids) that a signature is about."""
    if (document is None) == (chapter is None):
        raise Refused("review.document_or_chapter")
    everything = {one.guid for one in book.codes}
    if document is not None:
        return {document_named(snapshot, document)}, everything
    theme = book.find(str(chapter))
    if theme.parent:
        raise Refused("review.no_chapter", code=str(theme))
    return set(ordered_documents(snapshot).index), {theme.guid, *book.descendants(theme.guid)}


def _open_threads(study: HasSnapshot, snapshot: Snapshot, guids: set[str], codes: set[str]) -> Iterator[dict[str, Any]]:
    frame = threads(study)
    about = {
        g: (d, c) for kind in ("coding", "cell") for g, d, c in snapshot.tables[kind][["guid", "document", "code"]].itertuples(index=False)
    }
    for row in rows_of(frame[frame["open"]]):
        document, code = about.get(row["target"], (snapshot.document_names.get(row["document"] or ""), None))
        if document in guids and (code is None or code in codes):
            what = row["what"].split(",")[0] if code else ""
            yield {"sort": "draad", "document": row["document"], "code": what, "who": row["reviewer"], "target": row["review"]}


def _open_cells(snapshot: Snapshot, book: Codebook, names: dict[str, str], guids: set[str], codes: set[str]) -> Iterator[dict[str, Any]]:
    coders = snapshot.tables["coder"].set_index("guid")["name"]
    for row in rows_of(snapshot.tables["cell"]):
        if row["document"] in guids and row["code"] in codes and row["state"] != "akkoord":
            who = coders.get(row["coder"], "")
            yield {"sort": "cel", "document": names[row["document"]], "code": book.get(row["code"]).id, "who": who, "target": row["guid"]}


def _open_differences(study: HasSnapshot, snapshot: Snapshot, book: Codebook, guids: set[str], codes: set[str]) -> list[dict[str, Any]]:
    """Return differences between coders that wait for a choice: where choosing began, or where there is no consensus yet."""
    table, choices = snapshot.tables["coding"], snapshot.tables["choice"]
    coders = snapshot.tables["coder"].set_index("guid")["name"]
    names = {guid: name for name, guid in snapshot.document_names.items()}
    chosen = {key_of(a, b) for a, b in zip(choices["codings_a"], choices["codings_b"], strict=True)}
    agreed = set(table.loc[table["layer"] == "consensus", "document"]) - set(choices["document"])
    ids = {one.id for one in book.codes if one.guid in codes}
    found: list[dict[str, Any]] = []
    for document in sorted(guids - agreed, key=lambda guid: names.get(guid, "")):
        rows = table[(table["document"] == document) & (table["layer"] != "consensus")]
        both = rows.groupby("layer")["coder"].unique()
        rounds = [(layer, list(held)) for layer, held in both.items() if len(held) == 2]  # noqa: PLR2004 - a pair decides
        if rounds:
            layer, held = max(rounds, key=lambda one: str(one[0]))
            frame = pairs(study, [coders[guid] for guid in held], layer=str(layer), documents=[names[document]])
            frame = frame[(frame["kind"] != AGREED) & ~frame["difference"].isin(chosen)]
            for row in rows_of(frame):
                own = [code for code in (row["code_a"], row["code_b"]) if isinstance(code, str)]
                if ids & set(own):
                    who = f"{row['coder_a']}, {row['coder_b']}"
                    found.append(
                        {"sort": "verschil", "document": names[document], "code": "/".join(own), "who": who, "target": row["difference"]}
                    )
    return found


def seen_of(study: HasSnapshot, *, document: str | None = None, chapter: str | None = None) -> str:
    """Return the fingerprint of what is read when a document or chapter is signed: its codings that count, and its matrix cells."""
    snapshot, book = as_snapshot(study), Codebook.of(study)
    guids, codes = scope(snapshot, book, document, chapter)
    table = snapshot.tables["coding"]
    table = table[table["guid"].isin(counted(study)["coding"]) & table["document"].isin(guids) & table["code"].isin(codes)]
    cells = snapshot.tables["cell"]
    cells = cells[cells["document"].isin(guids) & cells["code"].isin(codes)]
    held = [sorted(map(list, table[["guid", "code", "start", "end"]].astype("str").itertuples(index=False)))]
    held += [sorted(map(list, cells[["guid", "text"]].astype("str").itertuples(index=False)))]
    return hashlib.sha256(json.dumps(held, ensure_ascii=False).encode()).hexdigest()[:16]


SIGNATURE_COLUMNS = ("on", "what", "coder", "at", "standing", "open", "reason", "signature")


def signatures(study: HasSnapshot) -> pd.DataFrame:
    """Return who agreed with which document or chapter, and whether what they agreed with still stands.

    Parameters
    ----------
    study
        A project or a snapshot.

    Returns
    -------
    pandas.DataFrame
        ``on`` (``document`` or ``chapter``), ``what`` (its name), ``coder``, ``at``, ``standing`` (nothing changed since), ``open`` (list of
        sentences: what was open then), ``reason`` (why it was signed all the same), ``signature`` (guid).
    """
    snapshot, book = as_snapshot(study), Codebook.of(study)
    coders = snapshot.tables["coder"].set_index("guid")["name"]
    documents = {guid: name for name, guid in snapshot.document_names.items()}
    known = {one.guid: one for one in book.codes}
    rows = []
    for row in rows_of(snapshot.tables["signature"]):
        chapter = row["on"] == "chapter"
        what = known.get(row["target"]) if chapter else documents.get(row["target"])
        if what is not None:
            now = seen_of(study, chapter=row["target"]) if chapter else seen_of(study, document=row["target"])
            rows.append(
                {
                    **{name: row[name] for name in ("on", "at", "reason")},
                    "what": str(what),
                    "coder": coders.get(row["coder"], ""),
                    "standing": now == row["seen"],
                    "open": row["open"] or [],
                    "signature": row["guid"],
                }
            )
    return pd.DataFrame(rows, columns=list(SIGNATURE_COLUMNS)).astype({"standing": bool})
