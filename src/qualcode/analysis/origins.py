"""From every figure and quote of a report back to the words it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from qualcode.analysis import counter, registers
from qualcode.analysis.counting import Counted, of_study, once
from qualcode.analysis.names import handles, near, ordered_documents, people, session_labels
from qualcode.analysis.spreading import GROUP, INTERVIEW, SESSION_KINDS
from qualcode.analysis.talking import TALK, talk
from qualcode.errors import Ambiguous, NotFound, QualcodeError
from qualcode.labels import listed
from qualcode.model import HasSnapshot

TRACE_COLUMNS = (
    "ref", "document", "turn", "start", "end", "text", "speaker", "code", "coder", "layer", "at", "codebook", "coding", "counts", "why_not",
)  # fmt: skip
SEGMENT_COLUMNS = ("ref", "document", "kind", "turn", "start", "end", "text", "speaker", "participant", "codes", "counts", "codings")
SESSIONS, PEOPLE, ASSUMED = "sessies", "deelnemers", "aannames"
OF_CODE = ("spreiding", "tegengeluid", "status")
QUOTE = "citaat"


def segments(study: HasSnapshot) -> pd.DataFrame:
    """Return every passage that can be quoted: the different coded segments, with the reference of each.

    Returns
    -------
    pandas.DataFrame
        In order of documents and words: ``ref`` (``FG4-0112``: document and turn; with a letter, ``FG4-0112a``, where
        several segments are coded in one turn), ``document``, ``kind``, ``turn`` (the first one covered), ``start``, ``end``,
        ``text``, ``speaker``, ``participant``, ``codes`` (list of ids), ``counts`` (whether it counts for any of them),
        ``codings`` (list of guids). Only the codings that :func:`counted` chose.
    """
    return of_base(of_study(study))[list(SEGMENT_COLUMNS)]


def of_base(base: Counted) -> pd.DataFrame:
    """Return :func:`segments` with ``document_guid`` and ``code_guids``."""
    frame: pd.DataFrame = once(base, "segments", lambda: _made(base))
    return frame.copy()


def _made(base: Counted) -> pd.DataFrame:
    frame = base.frame[base.frame["turn"].notna() & base.frame["code_guid"].notna()]
    by = ["document_guid", "turn", "start", "end"]
    number = frame.groupby(by, sort=False).ngroup()
    once = frame[number.groupby(number).cumcount() == 0].reset_index(drop=True)
    lists: dict[str, list[list[str]]] = {"codes": [], "code_guids": [], "codings": []}
    for place, *values in zip(number, frame["code"], frame["code_guid"], frame["coding"], strict=True):
        for held, value in zip(lists.values(), values, strict=True):
            if place == len(held):
                held.append([])
            if value not in held[place]:
                held[place].append(value)
    counts = frame["counts"].groupby(number).any().reset_index(drop=True)
    once = once.assign(counts=counts.astype("bool"), **{name: pd.Series(held, dtype=object) for name, held in lists.items()})
    turn = once.groupby(["document_guid", "turn"], sort=False)["start"]
    letters = [_letters(int(at)) if size > 1 else "" for at, size in zip(turn.cumcount(), turn.transform("size"), strict=True)]
    named = zip(once["document"], once["turn"], letters, strict=True)
    return once.assign(ref=pd.Series([f"{document}-{int(at):04d}{letter}" for document, at, letter in named], dtype="str"))


def _letters(place: int) -> str:
    """Return a, b, … z, aa, ab …"""
    letters = chr(ord("a") + place % 26)
    return letters if place < 26 else _letters(place // 26 - 1) + letters  # noqa: PLR2004


def trace(study: HasSnapshot, ref: str) -> pd.DataFrame:
    """Return what a figure or quote of a report rests on.

    Parameters
    ----------
    study
        A project or a snapshot.
    ref
        As printed: ``spreiding:E07`` or ``E07`` (a code, subtheme or theme), ``status:EB``, ``tegengeluid:O``, ``citaat:FG4-0112`` or
        ``FG4-0112``, ``gesprek:FG9-0097..0100``, ``sessies``, ``deelnemers``, ``aannames``; or of a register: ``maatregel:MM1``, ``cijfer:enquête``, ``kenmerk:leeftijd``, ``werving``,
        ``klachten``, ``verzadiging``.

    Returns
    -------
    pandas.DataFrame
        ``ref``, ``document``, ``turn``, ``start``, ``end``, ``text``, ``speaker``, ``code``, ``coder``, ``layer``, ``at``, ``codebook``
        (the version the coding was made under), ``coding`` (guid), ``counts`` and ``why_not``. One row a coding; for
        ``status`` also the interactions (``why_not`` names them), for ``sessies`` one row a document, for
        ``deelnemers`` one row a participant in a document, for ``gesprek`` one row a turn; ``aannames`` are codings of which a dimension was left empty. For a register
        one row an entry: ``coding`` is its guid, ``coder`` and ``at`` who entered it when, ``why_not`` what it is.

    Raises
    ------
    NotFound
        When nothing has this reference; the message holds the nearest.
    Ambiguous
        When a turn holds several segments and the letter is missing.
    """
    return trace_in(of_study(study), ref)


def trace_in(base: Counted, ref: str) -> pd.DataFrame:
    """Return :func:`trace` from what was counted before."""
    kind, colon, name = ref.strip().partition(":")
    fixed: dict[str, Callable[[Counted], pd.DataFrame]] = {SESSIONS: _sessions, PEOPLE: _people, ASSUMED: _assumed}
    if not colon and kind in fixed:
        rows = fixed[kind](base)
    elif kind in registers.KINDS_OF or (not colon and kind in registers.WHOLE):
        rows = registers.rows_of(base, kind, name, ref)
    elif colon and kind == TALK:
        rows = talk(base.snapshot, name)
    elif colon and kind in OF_CODE:
        rows = _of_code(base, kind, name, ref)
    elif not colon and ref.strip() in handles(base.book).values():
        rows = _of_code(base, OF_CODE[0], ref.strip(), ref)  # tables print the code alone
    else:
        rows = _quoted(base, name if colon and kind == QUOTE else ref, ref)
    return _finished(base, rows, ref.strip())


def references(base: Counted) -> list[str]:
    """Return every reference there is."""
    named = handles(base.book)
    of_codes = [f"{kind}:{handle}" for kind in OF_CODE for handle in named.values()]
    return [*of_codes, *of_base(base)["ref"], SESSIONS, PEOPLE, ASSUMED, *registers.references(base)]


def _of_code(base: Counted, kind: str, name: str, ref: str) -> pd.DataFrame:
    try:
        code = base.book.find(name)
    except Ambiguous:
        raise
    except QualcodeError:
        raise NotFound("analysis.no_reference", ref=ref, there=near(ref, references(base), most=3)) from None
    below = base.book.descendants(base.book.resolve(code.guid))
    if kind == "tegengeluid":
        rows = counter.of_base(base)
        return base.frame[base.frame["coding"].isin(rows.loc[rows["code_guid"].isin(below), "coding"])]
    rows = base.frame[base.frame["code_guid"].isin(below) & base.frame["kind"].isin(SESSION_KINDS)]
    if kind == "status":
        rows = pd.concat([rows, _interactions(base, below)], ignore_index=True)
    return rows


def _quoted(base: Counted, name: str, ref: str) -> pd.DataFrame:
    found = of_base(base)
    hit = found[(found["ref"] == name) | (_aliases(base, found) == name)]
    if not len(hit):
        lettered = found.loc[found["ref"].str.fullmatch(re.escape(name) + "[a-z]+"), "ref"]
        if len(lettered):
            raise Ambiguous("analysis.reference_of_several", ref=name, there=listed(list(lettered)))
        raise NotFound("analysis.no_reference", ref=ref, there=near(ref, references(base), most=3))
    return base.frame[base.frame["coding"].isin([guid for guids in hit["codings"] for guid in guids])]


def _aliases(base: Counted, found: pd.DataFrame) -> pd.Series[str]:
    """Return the references as a public report prints them, where a document's name may say too much."""
    labels = session_labels(base.snapshot)
    place = zip(found["ref"], found["document"], found["document_guid"], strict=True)
    return pd.Series([labels[guid] + ref.removeprefix(document) for ref, document, guid in place], index=found.index, dtype="str")


def _sessions(base: Counted) -> pd.DataFrame:
    documents = ordered_documents(base.snapshot)
    return documents.reset_index(names="document_guid").rename(columns={"name": "document"})[["document_guid", "document"]]


def _people(base: Counted) -> pd.DataFrame:
    documents = ordered_documents(base.snapshot)
    documents = documents[documents["kind"].isin([GROUP, INTERVIEW])]
    table = people(base.snapshot)
    table = table[table["document"].isin(documents.index)]
    rank = documents["rank"].reindex(table["document"]).to_numpy()
    table = table.iloc[np.argsort(rank, kind="stable")]
    names = table["document"].map(documents["name"]).astype("str")
    return pd.DataFrame({"document_guid": table["document"], "document": names, "speaker": table["label"]})


def _assumed(base: Counted) -> pd.DataFrame:
    return base.frame[base.frame["assumed"].notna()]


def _interactions(base: Counted, below: frozenset[str]) -> pd.DataFrame:
    """Return the interactions about these codes as rows of a trace."""
    documents = ordered_documents(base.snapshot)
    table = base.snapshot.tables["interaction"]
    table = table[table["code"].isin(below) & table["document"].isin(documents.index)]
    coder = base.snapshot.tables["coder"].set_index("guid")["name"]
    named = handles(base.book)
    place = zip(table["document"], table["start"], table["end"], strict=True)
    return pd.DataFrame(
        {
            "document_guid": table["document"],
            "document": table["document"].map(documents["name"]).astype("str"),
            "start": table["start"],
            "end": table["end"],
            "text": pd.Series([base.snapshot.text(d)[a:b] for d, a, b in place], index=table.index, dtype="str"),
            "code": table["code"].map(named).astype("str"),
            "coder": table["coder"].map(coder).astype("str"),
            "layer": table["layer"],
            "at": table["at"],
            "coding": table["guid"],
            "counts": False,
            "why_not": table["interaction"],
        }
    )


def _finished(base: Counted, rows: pd.DataFrame, ref: str) -> pd.DataFrame:
    versions = base.snapshot.tables["coding"].set_index("guid")["codebook"]
    rows = rows.assign(ref=ref).reset_index(drop=True)
    if "coding" in rows:
        rows["codebook"] = rows["coding"].map(versions).astype("str")
    rows = rows.reindex(columns=list(TRACE_COLUMNS))
    return rows.astype({"turn": "Int64", "start": "Int64", "end": "Int64", "counts": "boolean"})
