"""The words of an open study: at hand, else kept in its index, else cut from its texts and kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from qualcode.analysis.asking import Sight
from qualcode.analysis.finding import Parts
from qualcode.analysis.parsing import parse
from qualcode.analysis.places import bases, turn_lines
from qualcode.analysis.queries import needs_lemmas, needs_words
from qualcode.analysis.words import WRITTEN, Part, Tokens, Words, cut, part_of
from qualcode.errors import ReadOnlyStudy, StudyBusy
from qualcode.model import Snapshot
from qualcode.store.searching import Kept, drop, keep, kept

if TYPE_CHECKING:
    from qualcode.project.study import Project

Progress = Callable[[str, int, int], None]

# the studies that are open, as they were last looked at, by layer of their words
HELD: WeakKeyDictionary[Project, dict[str, Sight]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Layer:
    """A way to see the words of the texts: as written, or with lemmas by a model; or not at all."""

    name: str
    model: str = ""
    tokens: Tokens | None = None


def lemmas() -> Layer:
    """Return the words with their lemmas, by the Dutch pipeline in use."""
    from qualcode import language

    return Layer("lemmas", language.pipeline_name(), language.words)


def parts() -> Parts:
    """Return what takes a compound apart."""
    from qualcode import language

    return language.parts


WRITTEN_LAYER = Layer("written", tokens=cut)


def sight_for(study: Project, text: str, progress: Progress | None) -> Sight:
    """Return the study with what a query needs of its words: nothing, the words as written, or their lemmas."""
    tree = parse(text)
    if not needs_words(tree):
        return sight(study, Layer("none"), progress)
    return sight(study, lemmas() if needs_lemmas(tree) else WRITTEN_LAYER, progress)


def sight(study: Project, layer: Layer, progress: Progress | None) -> Sight:
    """Return the study with its words: those at hand, else those kept in the study, else cut from the texts and kept."""
    with study.lock:
        snapshot, held = study.snapshot(), HELD.setdefault(study, {})
        known = held.get(layer.name)
        if known is not None and known.snapshot is snapshot and known.words.model == layer.model:
            return known
        same = known is not None and known.snapshot.tables["document"] is snapshot.tables["document"]
        words = known.words if same and known is not None and known.words.model == layer.model else _words(study, snapshot, layer, progress)
        held[layer.name] = Sight(snapshot, study._codebook(), words)
        return held[layer.name]


def _words(study: Project, snapshot: Snapshot, layer: Layer, progress: Progress | None) -> Words:
    if layer.tokens is None:
        return Words.of([], turn_lines(snapshot))
    wanted = {guid: _key(text, turns, layer.model or WRITTEN) for guid, text, turns in _documents(snapshot)}
    with study._store.reading() as connection:
        there = kept(connection, layer.name)
    found = {guid: Part.unpacked(there[key]) for guid, key in wanted.items() if key in there}
    missing = [one for one in _documents(snapshot) if one[0] not in found]
    stale = there.keys() - set(wanted.values())
    writable = not stale or _written(study, partial(drop, keys=stale))
    for number, (guid, text, turns) in enumerate(missing, 1):
        if progress:
            progress(str(snapshot.document_row(guid)["name"]), number, len(missing))
        gaps = [(start, end) for _, start, end in turns.get("gaps") or ()]
        found[guid] = part_of(text, list(zip(turns["start"], turns["end"], strict=True)), gaps, layer.tokens)
        made = Kept(wanted[guid], str(snapshot.document_row(guid)["text"]), layer.name, found[guid].packed())
        writable = writable and _written(study, partial(keep, made=[made]))
    base = bases(snapshot)
    return Words.of([(part, base[guid]) for guid, part in found.items()], turn_lines(snapshot), model=layer.model)


def _written(study: Project, work: Callable[[Any], None]) -> bool:
    """Write to the index; a study that cannot be written now is searched all the same."""
    try:
        with study._store.writing() as connection:
            work(connection)
    except (ReadOnlyStudy, StudyBusy):
        return False
    return True


def _documents(snapshot: Snapshot) -> Iterator[tuple[str, str, dict[str, Any]]]:
    table = snapshot.tables["document"]
    for guid, address, turns in zip(table["guid"], table["text"], table["turns"], strict=True):
        yield guid, snapshot.texts[address], turns


def _key(text: str, turns: dict[str, Any], made_by: str) -> str:
    """Return what the words of a document follow from: its text, where its turns are, and what cuts it up."""
    places = json.dumps([turns["start"], turns["end"], turns.get("gaps") or []], separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    digest.update(f"\n{places}\n{made_by}".encode())
    return digest.hexdigest()
