"""What a withdrawal or pseudonymisation takes away, gathered over documents and versions, and then carried out at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode.errors import BadFile
from qualcode.model import SPANNED, Change, Event, Snapshot
from qualcode.privacy.revising import Edit, Revision
from qualcode.project.versions import carried_changes, earlier_versions, new_version, standing_on
from qualcode.store import Draft, Words, take_away
from qualcode.store.clearing import Taken, cleared, masked

if TYPE_CHECKING:
    from qualcode.privacy.key_file import Originals
    from qualcode.project.study import Project
    from qualcode.store import Store


@dataclass
class Removal:
    """Spans to mask in each text, what stands instead, entities that go, and the changes that make the new versions."""

    masks: dict[str, list[list[int]]] = field(default_factory=dict)
    instead: dict[str, list[str]] = field(default_factory=dict)
    gone: set[tuple[str, str]] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict, repr=False)
    documents: list[str] = field(default_factory=list)
    edits: dict[str, list[list[int]]] = field(default_factory=dict)
    frozen: list[Path] = field(default_factory=list)

    def add(self, study: Project, now: Snapshot, guid: str, edits: list[Edit], *, names: bool) -> None:
        """Take words out of all versions of one document; ``names`` leaves a replacement in the log too, else blocks."""
        row = now.document_row(guid)
        revision, change = new_version(now, guid, edits)
        for version, back in earlier_versions(study, guid, str(row["text"])):
            spans = [back(start, end) for start, end, _ in edits]
            self.masks.setdefault(version, []).extend([list(span) for span in spans])
            self.instead.setdefault(version, []).extend([words if names else "" for _, _, words in edits])
        if not names:
            self._inside(now, guid, revision)
        self.changes += [change, *carried_changes(now, guid, revision, self.gone)]
        self.texts[change.after["text"][0]] = revision.text
        self.documents.append(guid)
        self.edits[guid] = [[start, end, len(words)] for start, end, words in edits]

    def _inside(self, now: Snapshot, guid: str, revision: Revision) -> None:
        """Note what stands on withdrawn words alone: it goes with them."""
        for kind in SPANNED:
            here = standing_on(now, guid, kind)
            lost = list(here.loc[revision.covers(here["start"].astype("int64"), here["end"].astype("int64")), "guid"])
            if lost:
                self.changes.append(Change(kind, lost, {"exists": [False] * len(lost)}))
                self.gone |= {(kind, one) for one in lost}
                self._about(now, lost)

    def _about(self, now: Snapshot, lost: list[str]) -> None:
        """Note the notes and verdicts on what goes."""
        for kind in ("memo", "review"):
            table = now.tables[kind]
            on = [one for one in table.loc[table["target"].isin(lost), "guid"] if (kind, one) not in self.gone]
            if on:
                self.changes.append(Change(kind, on, {"exists": [False] * len(on)}))
                self.gone |= {(kind, one) for one in on}

    def originals(self, store: Store) -> Originals:
        """Return the words under the masks, for the key."""
        from qualcode.store.clearing import BLOCK
        from qualcode.store.log import texts

        with store.reading() as connection:
            held = texts(connection, self.masks)
        return {
            address: [
                (start, end, held[address][start:end], instead)
                for (start, end), instead in zip(spans, self.instead[address], strict=True)
                if BLOCK not in held[address][start:end]
            ]
            for address, spans in self.masks.items()
            if address in held
        }


def take(study: Project, kind: str, removal: Removal) -> None:
    """Write and carry out a removal: the study, its backups, its frozen states; then read the study again."""
    about: dict[str, Any] = {
        "masks": removal.masks,
        "edits": removal.edits,
        "gone": sorted([kind, guid] for kind, guid in removal.gone),
        "documents": removal.documents,
    }
    if any(any(words) for words in removal.instead.values()):
        about["instead"] = removal.instead
    with study.lock:
        draft = Draft(kind, study._coder_guid(), tuple(removal.changes), about, removal.texts)
        try:
            _, words = take_away(study._store, draft)
        finally:
            study._reload()
    taken = Taken(
        {address: [(s, e) for s, e in spans] for address, spans in removal.masks.items()}, removal.instead, frozenset(removal.gone)
    )
    for path in removal.frozen:
        cover_frozen(path, taken, words)


def frozen_beside(study: Project) -> list[Path]:
    """Return the frozen states of this study in its own folder."""
    from qualcode.report.freezing import thaw

    if "://" in study._store.address:
        return []
    found = []
    for path in sorted(Path(study._store.address).parent.glob("*.zip")):
        try:
            held = thaw(path)
        except BadFile:
            continue  # some other archive
        if held.snapshot.stamp.study == study._store.study:
            found.append(path)
    return found


def cover_frozen(path: Path, taken: Taken, words: Words) -> None:
    """Take the words out of a frozen state: its texts, tables, log and the researcher's own texts; it says so from then on."""
    from qualcode.report import freezing

    parts, manifest = freezing._read(path)
    texts = {
        name: masked(part.decode(), taken.masks.get(Path(name).stem, [])) for name, part in parts.items() if name.startswith("woorden/")
    }
    words = words.beside(texts.values())
    for name, part in list(parts.items()):
        if name in texts:
            parts[name] = texts[name].encode()
        elif name == freezing._EVENTS:
            parts[name] = freezing._json([_frozen_event(event, taken, words) for event in json.loads(part)])
        elif name == freezing._STATE:
            state = json.loads(part)
            state["tables"] = {kind: [_frozen_row(kind, row, taken, words) for row in rows] for kind, rows in state["tables"].items()}
            parts[name] = freezing._json(state)
        else:
            parts[name] = words.without(part.decode("utf-8-sig")).encode()
    from functools import partial

    from qualcode.writing import whole_or_not

    whole_or_not(path, partial(freezing._write, parts, withdrawn=int(manifest.get("withdrawn", 0)) + 1))


def _frozen_event(event: Mapping[str, Any], taken: Taken, words: Words) -> dict[str, Any]:
    changes = tuple(Change(c["kind"], c["guid"], c["after"], c["before"]) for c in event["changes"])
    left = cleared(
        Event(event["guid"], event["at"], event["lamport"], event["coder"], event["kind"], changes, event["about"]), taken, words
    )
    held = [{"kind": c.kind, "guid": c.guid, "after": c.after, "before": c.before} for c in left.changes]
    return {**event, "about": left.about, "changes": held}


def _frozen_row(kind: str, row: Mapping[str, Any], taken: Taken, words: Words) -> dict[str, Any]:
    guid = str(row["guid"])
    names = [name for name in row if name not in {"guid", "exists"}]
    change = Change(kind, [guid], {name: [row[name]] for name in names})
    event = cleared(Event("", "", 0, "", "", (change,)), taken, words)
    return {**row, **{name: values[0] for name, values in event.changes[0].after.items()}}
