"""Code suggestions in a study: learned from its own codings as they grow, measured on sessions that were not learned from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.analysis.names import handles
from qualcode.codebook import Codebook
from qualcode.discovery.coverage import overlaps, standing
from qualcode.discovery.embedding import Vectors
from qualcode.discovery.examples import NOTHING, Examples, examples
from qualcode.discovery.learning import Compared, Learned, Mapped, Table, best_temperature, chances, folds, held_out, learn, mapped
from qualcode.labels import say
from qualcode.model import HasSnapshot, as_snapshot

__all__ = [
    "FLOOR",
    "NOTHING",
    "SUGGESTION_COLUMNS",
    "Examples",
    "Suggester",
    "examples",
    "learn_study",
    "suggestions_of",
]

SUGGESTION_COLUMNS = (
    "document", "turn", "start", "end", "speaker", "code", "name", "chance", "measured", "right", "asked", "like", "unlike", "document_guid", "code_guid",
)  # fmt: skip

# a code is suggested from this probability on
FLOOR = 0.25
_FIRST = 3
_FEWEST_SESSIONS = 2


@dataclass(frozen=True)
class Suggester:
    """What was learned from a study, and how well it did on sessions it had not seen.

    Parameters
    ----------
    learned
        The model.
    known
        The examples it learned from, with their vectors.
    held
        Probability of each code for each example when its session was held out, ``(examples, codes)``; ``None`` before two sessions are coded.
    measured
        By code (guid): ``right`` of ``asked`` suggestions on held-out sessions that a coding confirmed.
    notes
        What a reader must know. Sentences.
    """

    learned: Learned
    known: Examples
    vectors: Vectors
    held: Table | None
    measured: pd.DataFrame
    notes: tuple[str, ...]
    model: str
    seed: int


def learn_study(known: Examples, vectors: Vectors, compared: Compared, *, model: str, seed: int = 7) -> Suggester:
    """Learn from the examples of a study, and measure on held-out sessions.

    Parameters
    ----------
    known, vectors
        Examples and their vectors, in order.
    compared
        How texts are compared, learned from all passages of the study.
    model
        Name of the model that made the vectors.
    seed
        Of the folds.
    """
    mapping = mapped(known.texts, vectors, compared, seed=seed)
    learned = learn(mapping, known.codes, weight=known.weight)
    held = _held_out(mapping, learned.codes, known, seed)
    coded = sum(bool(guid) for guid in known.coding)
    if held is None:
        empty = pd.DataFrame({"right": [], "asked": []}, dtype="int64")
        note = say("discovery.not_measured", n=coded) if coded else say("discovery.definitions_only")
        return Suggester(learned, known, vectors, None, empty, (note,), model, seed)
    place = {code: i for i, code in enumerate(learned.codes)}
    truth = [[place[code] for code in line] if known.session[i] else [] for i, line in enumerate(known.codes)]
    temperature = best_temperature(held, truth)
    learned = replace(learned, temperature=temperature)
    table = chances(held, temperature)
    measured = _measured(table, truth, learned.codes)
    sessions = len({name for name in known.session if name})
    notes = (
        say("discovery.measured_on", sessions=sessions, n=coded, right=int(measured["right"].sum()), asked=int(measured["asked"].sum())),
    )
    return Suggester(learned, known, vectors, table, measured, notes, model, seed)


def _held_out(mapping: Mapped, codes: list[str], known: Examples, seed: int) -> Table | None:
    """Return scores of every example when its session was held out; what the codebook says is never held out."""
    coded = {name for name, guid in zip(known.session, known.coding, strict=True) if guid}
    if len(coded) < _FEWEST_SESSIONS:
        return None
    fold = np.where([bool(name) for name in known.session], folds(known.session, len(known.texts), seed=seed), -1)
    return held_out(mapping, known.codes, codes, fold, weight=known.weight)


def suggested(table: Table, codes: list[str]) -> NDArray[np.bool_]:
    """Return which codes would be suggested: among the first three, likely enough, and likelier than no code at all."""
    order = np.argsort(np.argsort(-table, axis=1, kind="stable"), axis=1, kind="stable")
    found = (order < _FIRST) & (table >= FLOOR)
    if NOTHING in codes:
        nothing = codes.index(NOTHING)
        found &= table > table[:, [nothing]]
        found[:, nothing] = False
    return np.asarray(found, dtype=bool)


def _measured(table: Table, truth: list[list[int]], codes: list[str]) -> pd.DataFrame:
    asked = suggested(table, codes)
    right = np.zeros_like(asked)
    judged = np.array([bool(line) for line in truth])
    for i, line in enumerate(truth):
        right[i, line] = True
    counts = {"right": (asked & right)[judged].sum(axis=0), "asked": asked[judged].sum(axis=0)}
    return pd.DataFrame(counts, index=pd.Index(codes, name="code")).astype("int64")


def suggestions_of(
    study: HasSnapshot, passages: pd.DataFrame, vectors: Vectors, suggester: Suggester, *, code: str | None = None
) -> pd.DataFrame:
    """Return code suggestions for passages that nobody coded, the likeliest first.

    Parameters
    ----------
    study
        A project or a snapshot.
    passages, vectors
        The passages of the study and their vectors.
    suggester
        From :func:`learn_study`.
    code
        Only this code: then for every uncoded passage, however unlikely, the likeliest first.

    Returns
    -------
    pandas.DataFrame
        ``document, turn, start, end, speaker``, ``code`` (id), ``name``, ``chance`` (0 to 1, calibrated on held-out sessions), ``measured`` (in words:
        how many of how many suggestions of this code were right there), ``right``, ``asked``, ``like`` (guid of the coding with this code most like
        it), ``unlike`` (guid of the most alike coding with other codes), ``document_guid``, ``code_guid``.
    """
    snapshot, book = as_snapshot(study), Codebook.of(study)
    called = handles(book)
    pairs = overlaps(passages, standing(snapshot))
    free = np.ones(len(passages), dtype=bool)
    free[pairs["passage"].to_numpy()] = False
    rows = np.flatnonzero(free)
    codes = suggester.learned.codes
    if not len(rows) or (code is not None and code not in codes):
        return pd.DataFrame({name: [] for name in SUGGESTION_COLUMNS})
    table = suggester.learned.chances(passages["text"].iloc[rows].tolist(), vectors[rows])
    if code is None:
        place, column = np.nonzero(suggested(table, codes))
    else:
        column = np.full(len(rows), codes.index(code))
        place = np.arange(len(rows))
    chance = table[place, column]
    order = np.lexsort((column, place, -chance))
    place, column, chance = place[order], column[order], chance[order]
    like, unlike = _grounds(suggester, vectors[rows[place]], [codes[c] for c in column])
    frame = passages.iloc[rows[place]][["document", "turn", "start", "end", "speaker", "document_guid"]].reset_index(drop=True)
    guids = [codes[c] for c in column]
    right, asked = (suggester.measured[name].reindex(guids).fillna(0).astype("int64").to_numpy() for name in ("right", "asked"))
    return frame.assign(
        code=[called[guid] for guid in guids],
        name=[book.get(guid).name for guid in guids],
        chance=chance.round(3),
        measured=[
            say("discovery.right_of", right=a, asked=b) if b else say("discovery.unmeasured") for a, b in zip(right, asked, strict=True)
        ],
        right=right,
        asked=asked,
        like=like,
        unlike=unlike,
        code_guid=guids,
    )[list(SUGGESTION_COLUMNS)]


def _grounds(suggester: Suggester, vectors: Vectors, codes: list[str]) -> tuple[list[str], list[str]]:
    """Return for each passage the coding most like it with the code, and the one most like it without."""
    coded = [i for i, guid in enumerate(suggester.known.coding) if guid]
    if not coded:
        return [""] * len(codes), [""] * len(codes)
    middle = suggester.learned.mapping.compared.middle
    alike = (vectors - middle) @ (suggester.vectors[coded] - middle).T
    guids = np.array([suggester.known.coding[i] for i in coded], dtype=object)
    has = {code: np.array([code in suggester.known.codes[i] for i in coded]) for code in set(codes)}
    like = [str(guids[np.argmax(np.where(has[code], alike[i], -np.inf))]) if has[code].any() else "" for i, code in enumerate(codes)]
    unlike = [str(guids[np.argmax(np.where(has[code], -np.inf, alike[i]))]) if not has[code].all() else "" for i, code in enumerate(codes)]
    return like, unlike
