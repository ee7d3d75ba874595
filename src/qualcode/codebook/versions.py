"""The versions of a codebook: the log of the study, read again up to each change of the codebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from qualcode.codebook.book import Codebook
from qualcode.codebook.comparing import diff, sentence
from qualcode.codebook.stored import from_rows
from qualcode.errors import NotFound
from qualcode.labels import listed, say
from qualcode.model import KINDS, Event, HasSnapshot, State, advance, as_snapshot

COLUMNS = ["fingerprint", "label", "at", "coder", "event", "changes"]
_IN_CODEBOOK = frozenset(kind.name for kind in KINDS.values() if kind.in_codebook)
# the working definition stands with the project; it is no part of the fingerprint, but a version shows the one of its time
_READ = _IN_CODEBOOK | {"project"}


def versions(study: HasSnapshot) -> pd.DataFrame:
    """Return every version the codebook of a study has had, oldest first.

    Parameters
    ----------
    study
        A project or a snapshot.

    Returns
    -------
    DataFrame
        One row each time the content or its name changed: ``fingerprint``; ``label``, the name this content was given,
        empty for what came after it without a name of its own; ``at`` and ``coder`` of the ``event`` (guid) that made it;
        ``changes``, a sentence. A version that comes back, after an undo, has its old fingerprint and label again.
    """
    rows = []
    before, named = Codebook(), dict[str, str]()
    for event, book in _books(study):
        _name(named, before, book, event["kind"])
        if (book.fingerprint, book.version) != (before.fingerprint, before.version):
            changes = sentence(diff(before, book))
            label = book.version if named.get(book.version) == book.fingerprint else ""
            rows.append((book.fingerprint, label, event["at"], event["coder"], event["guid"], changes))
            before = book
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def at_version(study: HasSnapshot, version: str) -> Codebook:
    """Return the codebook of a study as it was in one of its versions.

    Parameters
    ----------
    study
        A project or a snapshot.
    version
        A fingerprint of :func:`versions`, or a label: then the codebook as it was when it got that name.

    Raises
    ------
    NotFound
        When the codebook never had this version; the message names those it had.
    """
    seen: dict[str, Codebook] = {}
    before, named = Codebook(), dict[str, str]()
    for event, book in _books(study):
        _name(named, before, book, event["kind"])
        seen[book.fingerprint] = before = book
    found = seen.get(version) or seen.get(named.get(version, ""))
    if found is None:
        labels = {fingerprint: label for label, fingerprint in named.items()}
        names = [f"{key} ({labels[key]})" if key in labels else key for key in seen]
        raise NotFound("codebook.no_version", version=version, there_are=listed(names[::-1]) or say("words.nothing"))
    return found


def _name(named: dict[str, str], before: Codebook, book: Codebook, verb: str) -> None:
    """Note which content a name was given to; an undo that brings back an older name gives none."""
    if book.version and book.version != before.version and verb != "undo":
        named[book.version] = book.fingerprint


def _books(study: HasSnapshot) -> Iterator[tuple[dict[str, Any], Codebook]]:
    """Yield each event that touched the codebook, with the codebook it left."""
    state: State = {}
    for row in as_snapshot(study).events.to_dict("records"):
        changes = tuple(change for change in row["changes"] if change.kind in _READ)
        if not changes:
            continue
        advance(state, Event(row["guid"], row["at"], row["lamport"], row["coder"], row["kind"], changes))
        if any(change.kind in _IN_CODEBOOK for change in changes):
            yield {str(name): value for name, value in row.items()}, _book(state)


def _book(state: State) -> Codebook:
    rows = {kind: [{**row, "guid": guid} for guid, row in state.get(kind, {}).items() if row["exists"]] for kind in _READ}
    return from_rows(Codebook, rows["code"], rows["codebook"], rows["project"])
