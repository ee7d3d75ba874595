"""From what people type to what the study holds: documents, coders, layers, speakers, codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

import pandas as pd

from qualcode.codebook import Codebook
from qualcode.errors import Ambiguous, NotFound
from qualcode.labels import listed, say
from qualcode.model import Snapshot

PARTICIPANT = "deelnemer"
_NUMBERED = re.compile(r"[^\W\d_]{1,12}[ _-]?(\d{1,3})")


def ordered_documents(snapshot: Snapshot) -> pd.DataFrame:
    """Return the documents in their order, by guid: ``name, kind, text, attributes, rank``."""
    table = snapshot.tables["document"].set_index("guid")
    table = table.sort_values("position", kind="stable", na_position="last")
    return table.assign(rank=range(len(table)))


def people(snapshot: Snapshot) -> pd.DataFrame:
    """Return who took part in each document, silent people too: ``document``, ``label``, ``person`` (participant, else speaker).

    Where a document's participants are known, a label that belongs to none of them, such as ``R?``, is nobody extra.
    """
    table = snapshot.tables["speaker"]
    table = table[(table["role"] == PARTICIPANT) & table["document"].isin(snapshot.tables["document"]["guid"])]
    known = table["participant"].notna()
    table = table[known | ~table["document"].isin(table.loc[known, "document"])]
    return table.assign(person=table["participant"].fillna(table["guid"]))[["document", "label", "person"]].reset_index(drop=True)


def session_labels(snapshot: Snapshot) -> dict[str, str]:
    """Return by guid what each document is called where its own name may say too much: "focusgroep 4", "interview 1".

    The number is the one in the names, when every focus group (or interview) is named by letters and a number of its own;
    else its place in the order. Other documents keep their name.
    """
    documents = ordered_documents(snapshot)
    labels = dict(zip(documents.index, documents["name"], strict=True))
    for kind, word in (("focusgroep", "words.focusgroup"), ("interview", "words.interview")):
        rows = documents[documents["kind"] == kind]
        numbers = [match[1].lstrip("0") for match in map(_NUMBERED.fullmatch, rows["name"]) if match]
        own = len(set(numbers)) == len(rows)
        labels |= {guid: f"{say(word)} {numbers[place] if own else place + 1}" for place, guid in enumerate(rows.index)}
    return labels


def says_little(name: str) -> bool:
    """Return whether a document's name is no more than letters and a number, such as FG4."""
    return _NUMBERED.fullmatch(name) is not None


def handles(book: Codebook) -> dict[str, str]:
    """Return what each code is called in tables and references, by guid.

    That is its id; the path where a code has no id, or shares it; the guid where paths are shared as well.
    """
    ids = pd.Series({code.guid: code.id for code in book.codes}, dtype="str")
    paths = pd.Series({code.guid: book.path(code.guid) for code in book.codes}, dtype="str")
    alone = (ids != "") & ~ids.str.casefold().duplicated(keep=False)
    own_path = ~paths.str.casefold().duplicated(keep=False)
    guids = pd.Series(ids.index, index=ids.index, dtype="str")
    return dict(ids.where(alone, paths.where(own_path, guids)))


def near(name: str, there: Iterable[str], *, most: int = 8) -> str:
    """Return the names most like the one typed, or the first few there are, as running text."""
    names = list(dict.fromkeys(str(n) for n in there))
    folded = {n.casefold(): n for n in names}
    close = [folded[n] for n in get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)]
    return listed(close or names, most=most) or say("words.nothing")


def document_named(snapshot: Snapshot, name: str) -> str:
    """Return the guid of the document with this name or guid."""
    table = snapshot.tables["document"]
    if (table["guid"] == name).any():
        return name
    exact = table.loc[table["name"] == name, "guid"]
    found = exact if len(exact) else table.loc[table["name"].str.casefold() == name.casefold(), "guid"]
    if len(found) > 1:
        raise Ambiguous("analysis.two_documents", name=name, guids=listed(list(found)))
    if not len(found):
        raise NotFound("analysis.no_document", name=name, there=near(name, table["name"]))
    return str(found.iloc[0])


def coder_named(snapshot: Snapshot, name: str) -> str:
    """Return the guid of the coder with this name or guid."""
    table = snapshot.tables["coder"]
    found = table.loc[(table["guid"] == name) | (table["name"] == name), "guid"]
    if len(found) > 1:
        raise Ambiguous("analysis.two_coders", name=name, guids=listed(list(found)))
    if not len(found):
        raise NotFound("analysis.no_coder", name=name, there=near(name, table["name"]))
    return str(found.iloc[0])


def layer_named(snapshot: Snapshot, name: str) -> str:
    """Return the layer of this name, if anything was coded in it."""
    layers = snapshot.tables["coding"]["layer"].dropna().unique()
    if name not in layers:
        raise NotFound("analysis.no_layer", name=name, there=near(name, sorted(layers)))
    return name


def speaker_rows(snapshot: Snapshot, name: str) -> set[str]:
    """Return the guids of the speakers with this label, or who are this participant."""
    table, people = snapshot.tables["speaker"], snapshot.tables["participant"]
    known = people.loc[(people["name"] == name) | (people["guid"] == name), "guid"]
    found = table.loc[(table["label"] == name) | table["participant"].isin(known) | (table["guid"] == name), "guid"]
    if not len(found):
        raise NotFound("analysis.no_speaker", name=name, there=near(name, [*people["name"], *table["label"]]))
    return set(found)
