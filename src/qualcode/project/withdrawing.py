"""The verbs that take words away for good: put a replacement where a name stood, and withdraw what was said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from qualcode.errors import NotFound, Refused
from qualcode.labels import say
from qualcode.model import Change, Snapshot
from qualcode.privacy.key_file import Key, read_key, write_key
from qualcode.privacy.revising import Edit
from qualcode.project.locating import located
from qualcode.project.privacy import decided
from qualcode.project.removing import Removal, frozen_beside, take

if TYPE_CHECKING:
    from qualcode.project.study import Project


@dataclass(frozen=True)
class Pseudonymised:
    """What was replaced: how many findings in how many documents, and where the key is."""

    replaced: int
    documents: tuple[str, ...]
    key: Path

    def __str__(self) -> str:
        """Return it as a sentence."""
        return say("privacy.pseudonymised", n=self.replaced, documents=len(self.documents), key=self.key.name)


def pseudonymise(study: Project, key: str | Path, passphrase: str, *, document: str | None = None) -> Pseudonymised:
    """Replace everything that was accepted; the originals go into the key file alone. Cannot be undone: only the key turns it back.

    A new version of each text is made, codings and everything else that points into it are carried over, and older versions, notes and the
    log lose the replaced words.

    Parameters
    ----------
    key
        The key file: made when it is not there, else added to. Keep it apart from the study, and keep a copy.
    passphrase
        At least eight characters. Without it nobody opens the key.
    document
        Only this document; all of them when left out.

    Raises
    ------
    Refused
        When nothing was accepted, two accepted passages share words, the passphrase is wrong, or the key belongs to another study.
    """
    path = Path(key)
    if path.suffix == ".qualcode" or str(path) == study._store.address:
        raise Refused("privacy.key_in_study")
    now = study._whole()
    only = study._document(document) if document else None
    accepted = [r for r in decided(now).values() if r["decision"] == "accept" and only in (None, r["document"])]
    if not accepted:
        raise Refused("privacy.nothing_accepted")
    held = read_key(path, passphrase, study=study._store.study) if path.exists() else Key(study._store.study)
    edits: dict[str, list[Edit]] = {}
    for row in accepted:
        edits.setdefault(row["document"], []).append((int(row["start"]), int(row["end"]), str(row["replacement"])))
    removal = _replaced(study, now, edits)
    write_key(path, held.with_texts(removal.originals(study._store)), passphrase)
    take(study, "pseudonymise", removal)
    return Pseudonymised(len(accepted), tuple(now.document_row(guid)["name"] for guid in edits), path)


def _replaced(study: Project, now: Snapshot, edits: Mapping[str, list[Edit]]) -> Removal:
    removal = Removal()
    for guid, rows in edits.items():
        ordered = sorted(rows)
        if any(a[1] > b[0] for a, b in pairwise(ordered)):
            raise Refused("privacy.overlap", document=now.document_row(guid)["name"])
        removal.add(study, now, guid, ordered, names=True)
    return removal


def originals(study: Project, key: str | Path, passphrase: str) -> pd.DataFrame:
    """Return what stood under the replacements; only who holds the key and its passphrase can.

    Returns
    -------
    DataFrame
        document, start, end (code points in the version that was replaced), original, replacement. Nothing is written.
    """
    held = read_key(Path(key), passphrase, study=study._store.study)
    where = _documents_of(study)
    rows = [(where[address], *row) for address, spans in held.texts.items() if address in where for row in spans]
    return pd.DataFrame(rows, columns=["document", "start", "end", "original", "replacement"])


def original_text(study: Project, document: str, key: str | Path, passphrase: str) -> str:
    """Return the text of a document as it was before its last pseudonymisation, put together from the masked version and the key.

    Raises
    ------
    NotFound
        When the key holds nothing of this document.
    """
    held = read_key(Path(key), passphrase, study=study._store.study)
    mine = [address for address, name in _documents_of(study).items() if name == document and address in held.texts]
    if not mine:
        raise NotFound("privacy.not_in_key", document=document)
    from qualcode.store.log import texts

    with study._store.reading() as connection:
        text = texts(connection, [mine[-1]])[mine[-1]]
    for start, end, original, _ in held.texts[mine[-1]]:
        text = text[:start] + original + text[end:]
    return text


def _documents_of(study: Project) -> dict[str, str]:
    """Return the name of the document each text belongs or belonged to, by its address, in order of the log."""
    names = {guid: name for name, guid in study._whole().document_names.items()}
    found: dict[str, str] = {}
    for event in study._store.events():
        for change in event.changes:
            if change.kind == "document" and "text" in change.after:
                found |= {address: names[guid] for guid, address in zip(change.guid, change.after["text"], strict=True) if guid in names}
    return found


def withdraw(
    study: Project,
    document: str | None = None,
    *,
    participant: str | None = None,
    turn: int | None = None,
    text: str | None = None,
    span: tuple[int, int] | None = None,
    frozen: Iterable[str | Path] = (),
) -> int:
    """Take back what somebody said, for good: out of texts, earlier versions, codings, notes, the log, the search and our own backups.

    That something was withdrawn, when, by whom and where stays in the log; the words do not. It cannot be undone. Files that were exported
    before are yours to remove.

    Parameters
    ----------
    document
        Name of the document, with ``turn``, ``text`` or ``span``.
    participant
        Name of a participant who withdraws whole: all turns, attributes and notes about them.
    turn, text, span
        Which words, as for :meth:`code`.
    frozen
        Frozen states of this study elsewhere; those beside the study are found.

    Returns
    -------
    int
        How many passages were withdrawn.

    Raises
    ------
    Refused
        When neither a passage nor a participant is named.
    NotFound, Ambiguous
        When document, turn, words or participant are not there, or more than once.
    """
    now = study._whole()
    removal = Removal()
    if participant is not None:
        passages = dict(_of_participant(now, participant, removal))
    elif document is not None:
        place = located(now, study._document(document), turn=turn, text=text, span=span)
        passages = {place.document: [(place.start, place.end)]}
    else:
        raise Refused("privacy.withdraw_what")
    mark = say("privacy.withdrawn_mark", lang="nl")
    for guid, spans in passages.items():
        removal.add(study, now, guid, [(start, end, mark) for start, end in spans], names=False)
    removal.frozen = [*frozen_beside(study), *(Path(path) for path in frozen)]
    take(study, "withdraw", removal)
    return sum(map(len, passages.values()))


def _of_participant(now: Snapshot, participant: str, removal: Removal) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield the turns of a participant by document, and note what else is about them."""
    people = now.participants[now.participants["name"] == participant]
    if people.empty:
        raise NotFound("privacy.no_participant", participant=participant)
    guid = str(people["guid"].iloc[0])
    removal.gone |= {("participant", guid)} | {("memo", memo) for memo in now.memos.loc[now.memos["target"] == guid, "guid"]}
    removal.changes.append(Change("participant", [guid], {"exists": [False]}))
    speakers = list(now.speakers.loc[now.speakers["participant"] == guid, "guid"])
    if speakers:
        removal.changes.append(Change("speaker", speakers, {"participant": [None] * len(speakers)}))
    turns = now.turns[now.turns["participant"] == guid]
    for document, part in turns.groupby("document", sort=False):
        yield str(document), [(int(start), int(end)) for start, end in zip(part["start"], part["end"], strict=True)]
