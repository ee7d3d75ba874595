"""Topics that were kept in a study: what is written of a search, and the topics as they stand now, after what people decided."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from qualcode.discovery import Topics
from qualcode.discovery.embedding import Embedder, Tell
from qualcode.discovery.stability import stability
from qualcode.discovery.words import SHOWN
from qualcode.errors import NotFound, Refused
from qualcode.labels import say
from qualcode.model import Change, HasSnapshot, Snapshot, rows_of
from qualcode.project.discovery import discover_topics

if TYPE_CHECKING:
    from qualcode.project.study import Project

STANDING_COLUMNS = ("id", "label", "words", "size", "voices", "guid", "state", "code", "reason", "coder", "stability", "merged")


def spans_of(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Return passages as a proposal holds them."""
    return {"document": frame["document_guid"].tolist(), "start": frame["start"].tolist(), "end": frame["end"].tolist()}


def mark_of(found: Topics) -> str:
    """Return by what a search is known again: how it was done, and which passage went where."""
    held = spans_of(found.passages) if found.passages is not None else {}
    return hashlib.sha256(repr((found.model, found.engine, found.seed, held, found.assignments.tolist())).encode()).hexdigest()


def kept_as(snapshot: Snapshot, mark: str) -> list[str] | None:
    """Return the guids of the topics of a search that was kept before, as they were found; ``None`` when it was not."""
    sets = snapshot.tables["topicset"]
    for guid, settings in zip(sets["guid"], sets["settings"], strict=True):
        if settings.get("mark") == mark:
            held = snapshot.tables["proposal"]
            held = held[(held["topicset"] == guid) & (held["number"] < settings["topics"])].sort_values("number")
            # who works blind does not see the topics of somebody else
            if len(held) == settings["topics"]:
                return [str(one) for one in held["guid"]]
    return None


def births(study: Project, found: Topics) -> tuple[list[str], tuple[Change, ...]]:
    """Return the guids of topics that are going to be kept, and the changes that keep them."""
    if found.passages is None:
        raise Refused("discovery.no_passages")
    guid, made = study._store.guids(), {"coder": study._coder_guid(), "at": study._store.clock()}
    documents = set(found.passages["document_guid"])
    now = study.snapshot().documents
    settings = {
        "topics": len(found.topics),
        "tried": {str(k): round(v, 4) for k, v in found.tried.items()},
        "mark": mark_of(found),
        "kinds": sorted(found.passages["kind"].unique()),
        # where the words are others by now, places in them mean nothing any more
        "texts": {str(name): text for name, text in zip(now["guid"], now["text"], strict=True) if name in documents},
    }
    whole = {"model": found.model, "engine": found.engine, "seed": found.seed, "settings": settings, "notes": list(found.notes)}
    guids = [study._store.guids() for _ in range(len(found.topics))]
    fields: dict[str, list[Any]] = {
        "name": found.topics["label"].tolist(),
        "number": found.topics["id"].tolist(),
        "words": found.topics["words"].tolist(),
        "score": stability(found).round(2).tolist(),
        "passages": [spans_of(found.passages[found.assignments == number]) for number in found.topics["id"]],
    }
    same = {"exists": True, "sort": "topic", "state": "pending", "topicset": guid, **made}
    born = Change("topicset", [guid], {name: [value] for name, value in {"exists": True, **whole, **made}.items()})
    topics = Change("proposal", guids, {**fields, **{name: [value] * len(guids) for name, value in same.items()}})
    return guids, ((born, topics) if guids else (born,))


def number_in(found: Topics, passages: dict[str, list[Any]] | None) -> int | None:
    """Return which topic of a search holds exactly these passages."""
    if found.passages is None or not passages or not passages["start"]:
        return None
    table = found.passages
    first = (table["document_guid"] == passages["document"][0]) & (table["start"] == passages["start"][0])
    numbers = found.assignments[first.to_numpy()]
    number = int(numbers[0]) if len(numbers) else -1
    return number if number >= 0 and spans_of(table[found.assignments == number]) == passages else None


def kept_topics(study: HasSnapshot, *, topicset: str | None = None, model: str | Embedder = "use", tell: Tell | None = None) -> Topics:
    """Return topics that were kept, as they stand now: renamed, merged, divided, rejected. Nothing is searched anew.

    Parameters
    ----------
    study
        A project or a snapshot.
    topicset
        Guid of a search that was kept; the last one when left out.
    model
        What turns passages into vectors: the model the topics were found with.
    tell
        As for :func:`qualcode.discover_topics`.

    Returns
    -------
    Topics
        As :func:`standing`.

    Raises
    ------
    NotFound
        When no topics were kept.
    Refused
        When they were found with another model.
    """
    row = kept_set(study.snapshot(), topicset)
    settings = row["settings"]
    # where passages lie does not depend on what grouped them: the quickest will do
    again = discover_topics(study, topics=2, seed=int(row["seed"]), engine="kmeans", model=model, kinds=tuple(settings["kinds"]), tell=tell)
    if again.model != row["model"]:
        raise Refused("topicdesk.other_model", kept=row["model"], given=again.model)
    return standing(study, replace(again, engine=row["engine"]), row["guid"])


def kept_set(snapshot: Snapshot, topicset: str | None = None) -> dict[str, Any]:
    """Return a search that was kept, the last one when none is named."""
    sets, held = snapshot.tables["topicset"], snapshot.tables["proposal"]["topicset"]
    rows = rows_of(sets[sets["guid"].isin(held)] if topicset is None else sets[sets["guid"] == topicset])
    if not rows:
        raise NotFound("topicdesk.nothing_kept")
    return max(rows, key=lambda row: str(row["at"]))


def standing(study: HasSnapshot, found: Topics, topicset: str) -> Topics:
    """Return kept topics as people's decisions left them.

    Parameters
    ----------
    study
        A project or a snapshot.
    found
        Where the passages lie: the search itself, or one over the same passages.
    topicset
        Guid of the search as it was kept.

    Returns
    -------
    Topics
        ``topics`` in the order in which they were found: ``id`` (from 0), ``label`` (the name a person gave, else its first words), ``words``, ``size``
        (passages), ``voices`` (people), ``guid``, ``state`` (pending, accepted, rejected), ``code`` (guid), ``reason`` and ``coder`` (guid; of the last
        decision), ``stability`` (as found; missing where a person merged or divided), ``merged`` (topics that went into it). Passages in documents of
        which the text has changed since are left out; a note says how many.
    """
    snapshot = study.snapshot()
    row = kept_set(snapshot, topicset)
    table = found.passages if found.passages is not None else pd.DataFrame({"document_guid": [], "start": [], "end": []})
    texts, now = row["settings"].get("texts", {}), dict(zip(snapshot.documents["guid"], snapshot.documents["text"], strict=True))
    place = {
        key: number
        for number, key in enumerate(zip(table["document_guid"], table["start"], table["end"], strict=True))
        if texts.get(key[0]) == now.get(key[0])
    }
    proposals = snapshot.tables["proposal"]
    held = {one["guid"]: one for one in rows_of(proposals[proposals["topicset"] == topicset].sort_values("number", kind="stable"))}
    rows_in = {guid: [place.get(key, -1) for key in _keys(one["passages"])] for guid, one in held.items()}
    gone = sum(rows.count(-1) for rows in rows_in.values())
    roots: dict[str, list[str]] = {}
    for guid in held:
        roots.setdefault(_root(held, guid), []).append(guid)
    shown: list[dict[str, Any]] = []
    assignments = np.full(len(table), -1, dtype=np.int64)
    for root, parts in roots.items():
        inside = [number for part in parts for number in rows_in[part] if number >= 0]
        if inside:
            assignments[inside] = len(shown)
            shown.append(_row(len(shown), held, root, sorted(parts, key=lambda one: one != root), inside, found.voices))
    notes = [*row["notes"], *([say("topicdesk.text_changed", n=gone)] if gone else [])]
    topics = pd.DataFrame(shown, columns=list(STANDING_COLUMNS))
    return replace(found, topics=topics, assignments=assignments, notes=tuple(notes))


def _row(number: int, held: dict[str, Any], root: str, parts: list[str], inside: list[int], voices: list[str] | None) -> dict[str, Any]:
    one, merged = held[root], len(parts) > 1
    words = list(
        dict.fromkeys(word for several in zip(*(_padded(held[part]["words"]) for part in parts), strict=True) for word in several if word)
    )
    measured = not merged and pd.notna(one["score"])
    said = {name: one[name] if isinstance(one[name], str) else None for name in ("state", "code", "reason", "coder")}
    people = len({voices[row] for row in inside}) if voices is not None else len(inside)
    whose = {"id": number, "label": one["name"], "words": words[:SHOWN], "size": len(inside), "voices": people, "guid": root}
    return {**whose, **said, "stability": float(one["score"]) if measured else None, "merged": len(parts) - 1}


def _padded(words: list[str] | None) -> list[str]:
    return [*(words or []), *[""] * SHOWN][:SHOWN]


def _keys(passages: dict[str, list[Any]] | None) -> list[tuple[str, int, int]]:
    held = passages or {"document": [], "start": [], "end": []}
    return list(zip(held["document"], held["start"], held["end"], strict=True))


def _root(held: dict[str, Any], guid: str) -> str:
    """Return the topic that goes on for one that was merged."""
    seen: set[str] = set()
    while isinstance(into := held[guid]["merged_into"], str) and into in held and into not in seen:
        seen.add(guid)
        guid = into
    return guid
