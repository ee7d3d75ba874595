"""Which codings count, and why the others do not.

Spread is counted where somebody speaks from own or witnessed experience, or supports a suggestion. What contests,
nuances, retells, imagines, answers a leading question, or lies outside scope or period is kept, shown and not counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd

from qualcode.analysis.frames import coded, joined, voices
from qualcode.analysis.names import PARTICIPANT, ordered_documents
from qualcode.codebook import Codebook
from qualcode.labels import say
from qualcode.model import HasSnapshot, Snapshot, as_snapshot

CONSENSUS = "consensus"

OUT_OF_SCOPE = "buiten scope"
BEFORE_PERIOD = "vóór de periode"
REVISED = "later bijgesteld"
CONTESTS = "weerspreekt"
NUANCES = "nuanceert"
IRONY = "ironie"
HEARSAY = "van horen zeggen"
HYPOTHETICAL = "hypothetisch"
LEADING = "na sturende vraag"
NO_PARTICIPANT = "niet van een deelnemer"
NO_CODE = "code bestaat niet meer"

# the first reason that holds is the one given
REASONS = (
    NO_CODE, NO_PARTICIPANT, OUT_OF_SCOPE, BEFORE_PERIOD, REVISED, CONTESTS, NUANCES, IRONY, HEARSAY, HYPOTHETICAL, LEADING,
)  # fmt: skip
# dimension and value that keep a coding from counting
_BY_VALUE = {
    OUT_OF_SCOPE: ("scope", "buiten"),
    BEFORE_PERIOD: ("periode", "vóór"),
    CONTESTS: ("stelling", "weerspreekt"),
    NUANCES: ("stelling", "nuanceert"),
    HEARSAY: ("ervaring", "van horen zeggen"),
    HYPOTHETICAL: ("ervaring", "hypothetisch"),
    LEADING: ("uitlokking", "sturende vraag"),
}
# a suggestion is somebody's wish, so it needs no experience behind it
_OF_EXPERIENCE = (HEARSAY, HYPOTHETICAL)
DECIDING = tuple(dict.fromkeys(name for name, _ in _BY_VALUE.values()))


@dataclass(frozen=True)
class Counted:
    """The study, the frame of :func:`counted` with its hidden columns, and whose words each row covers."""

    snapshot: Snapshot
    book: Codebook
    frame: pd.DataFrame
    said: pd.DataFrame


def once(base: Counted, name: str, make: Callable[[], Any]) -> Any:
    """Return what ``make`` gives, made once for what was counted: figures are asked for in many places of a report."""
    held: dict[str, Any] = base.__dict__.setdefault("_made", {})
    if name not in held:
        held[name] = make()
    return held[name]


def counted(study: HasSnapshot, *, also: Collection[str] = ()) -> pd.DataFrame:
    """Return the codings the figures rest on: of each document one layer of one coder, or the consensus.

    That is the layer ``consensus`` where it exists, else the latest layer of the coder the document was assigned to, else
    of its only coder, else of the coder with most codings there.

    Parameters
    ----------
    study
        A project or a snapshot.
    also
        Reasons of ``why_not`` to switch in, such as ``"vóór de periode"``.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`codings`, where a dimension that decides and was left empty holds the default of the codebook;
        then ``participant`` (names, or labels; several joined by ``|``), ``role``, ``turn`` (the first one covered),
        ``basis`` (``consensus``, or coder and layer), ``counts`` (bool), ``why_not`` (the first that holds of: code bestaat
        niet meer, niet van een deelnemer, buiten scope, vóór de periode, later bijgesteld, weerspreekt, nuanceert,
        ironie, van horen zeggen, hypothetisch, na sturende vraag; missing where it counts) and ``assumed`` (dimensions
        that took the default, joined by ``|``; missing where none did).

    Notes
    -----
    Irony counts against a coding only while nobody noted a stance. Own experience is not asked of suggestions: codes below
    a theme called "Suggesties". A statement its speaker took back (I9 with ``about``, followed by a coding with another
    stance) is ``later bijgesteld``. Words of moderators and note-takers never count; words without a speaker do, as one
    voice a document. Codings in notes, open answers and other documents are in the frame with their ``kind``; no figure
    about sessions uses them.
    """
    frame = of_study(study, also=also).frame
    return frame.drop(columns=["document_guid", "code_guid", "coder_guid"])


def of_study(study: HasSnapshot, *, also: Collection[str] = ()) -> Counted:
    """Return what :func:`counted` returns with all it was made from; counted once a snapshot, so never change it."""
    snapshot = as_snapshot(study)
    # a snapshot is frozen, and so is what was counted from it
    held: dict[tuple[str, ...], Counted] = snapshot.__dict__.setdefault("_counted", {})
    key = tuple(sorted(also))
    if key not in held:
        held[key] = _count(snapshot, also)
    return held[key]


def _count(snapshot: Snapshot, also: Collection[str]) -> Counted:
    book = Codebook.of(snapshot)
    frame = coded(snapshot, book)
    frame = _on_its_basis(frame, snapshot)
    frame = _with_defaults(frame, book)
    said = voices(snapshot, frame)
    counting = said[said["role"].isna() | (said["role"] == PARTICIPANT)]
    people = snapshot.tables["participant"].set_index("guid")["name"]
    named = counting.assign(who=counting["participant"].map(people).astype("str").fillna(counting["label"]))
    turn = frame.pop("turn")
    frame["participant"] = joined(named, "who", len(frame))
    frame["role"] = joined(said, "role", len(frame))
    frame["turn"] = turn
    frame["basis"] = frame.pop("basis")
    reasons = _reasons(frame, snapshot, book, counting)
    why = pd.Series(pd.NA, index=frame.index, dtype="str")
    for reason in (r for r in reversed(REASONS) if r not in also):
        why = why.mask(reasons[reason], reason)
    frame["counts"] = why.isna()
    frame["why_not"] = why
    frame["assumed"] = frame.pop("assumed")
    return Counted(snapshot, book, frame, counting)


def _on_its_basis(frame: pd.DataFrame, snapshot: Snapshot) -> pd.DataFrame:
    """Return the codings of the chosen coder and layer of each document, with ``basis``."""
    assigned = snapshot.tables["assignment"].groupby("document")["coder"].agg(set).to_dict()
    layer = frame["layer"].fillna("")
    by = [frame["document_guid"], frame["coder_guid"], layer]
    tally = frame.groupby(by, sort=True, dropna=False).agg(size=("coding", "size"), at=("at", "max"), name=("coder", "first")).reset_index()
    rows_of: dict[str, list[dict[str, Any]]] = {}
    for row in tally.to_dict("records"):
        rows_of.setdefault(row["document_guid"], []).append({str(name): value for name, value in row.items()})
    chosen = {guid: _chosen(rows, assigned.get(guid, set())) for guid, rows in rows_of.items()}
    coder, spoken, basis = (frame["document_guid"].map({guid: choice[i] for guid, choice in chosen.items()}) for i in range(3))
    speaks = (layer == spoken) & ((frame["coder_guid"] == coder) | (spoken == CONSENSUS))
    return frame.assign(basis=basis.astype("str"))[speaks].reset_index(drop=True)


def _chosen(rows: list[dict[str, Any]], assigned: set[str]) -> tuple[str, str, str]:
    """Return the coder (guid; none for the consensus), the layer and the words for what speaks for one document."""
    if any(row["layer"] == CONSENSUS for row in rows):
        return "", CONSENSUS, CONSENSUS
    among = [row for row in rows if row["coder_guid"] in assigned] or rows
    size: Counter[tuple[str, str]] = Counter()
    for row in among:
        size[str(row["name"]), row["coder_guid"]] += row["size"]
    # equal counts: the name that comes first, so that the choice does not hang on the order of the log
    name, coder = min(size, key=lambda who: (-size[who], who))
    own = [row for row in among if row["coder_guid"] == coder]
    latest = max(own, key=lambda row: (_round(row["layer"]), str(row["at"]), row["layer"]))["layer"]
    basis = ", ".join(part for part in (name, latest) if part)
    return coder, latest, basis if len(size) == 1 else say("analysis.most_codings", basis=basis, n=len(size))


def _round(layer: str) -> int:
    """Return the number of a layer such as ``ronde-2``; layers without a number come first."""
    number = re.search(r"(\d+)\s*$", layer)
    return int(number[1]) if number else -1


def _with_defaults(frame: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Fill the deciding dimensions that were left empty, and note which in ``assumed``."""
    frame = frame.copy()
    assumed = pd.Series("", index=frame.index, dtype="str")
    frame["_stance_missing"] = frame["stelling"].isna() if "stelling" in frame else True
    suggests = frame["code_guid"].isin(suggestions(book))
    for dimension in book.dimensions:
        if dimension.name not in DECIDING or dimension.default is None or dimension.name not in frame:
            continue
        empty = frame[dimension.name].isna()
        if dimension.name == "ervaring":
            empty &= ~suggests
        frame.loc[empty, dimension.name] = dimension.default
        assumed = assumed.mask(empty, assumed + "|" + dimension.name)
    frame["assumed"] = assumed.str.removeprefix("|").where(assumed != "")
    return frame


def suggestions(book: Codebook) -> frozenset[str]:
    """Return the codes (guids) that stand for what should happen: everything below a theme called suggestions."""
    called = {say("analysis.suggestion_theme", lang=lang).casefold() for lang in ("nl", "en")}
    roots = [code for code in book.children() if code.name.strip().casefold() in called]
    return frozenset().union(*(book.descendants(code.guid) for code in roots))


def _reasons(frame: pd.DataFrame, snapshot: Snapshot, book: Codebook, counting: pd.DataFrame) -> dict[str, pd.Series[bool]]:
    """Return per reason which rows it holds for."""
    suggests = frame["code_guid"].isin(suggestions(book))
    nothing = pd.Series(False, index=frame.index)
    reasons = {reason: frame[name] == value if name in frame else nothing for reason, (name, value) in _BY_VALUE.items()}
    reasons |= {reason: reasons[reason] & ~suggests for reason in _OF_EXPERIENCE}
    reasons[NO_CODE] = frame["code_guid"].isna()
    reasons[NO_PARTICIPANT] = pd.Series(~frame.index.isin(counting["row"]), index=frame.index)
    reasons[IRONY] = (frame["ironie"] == "ja") & frame.pop("_stance_missing") if "ironie" in frame else nothing
    reasons[REVISED] = _revised(frame, snapshot, book, counting)
    return {reason: held.fillna(False).astype("bool") for reason, held in reasons.items()}


def _revised(frame: pd.DataFrame, snapshot: Snapshot, book: Codebook, counting: pd.DataFrame) -> pd.Series[bool]:
    """Return which codings their own speaker took back later: I9, followed by a coding with another stance."""
    revised = pd.Series(False, index=frame.index)
    back = snapshot.tables["interaction"]
    back = back[(back["interaction"] == "I9") & back["document"].isin(ordered_documents(snapshot).index)].reset_index(drop=True)
    if not len(back) or "stelling" not in frame:
        return revised
    speaker = voices(snapshot, back.rename(columns={"document": "document_guid"})).groupby("row")["voice"].agg(set)
    known = {code.guid for code in book.codes}
    for place, row in enumerate(back.to_dict("records")):
        span = span_of(row["about"])
        if span is None or place not in speaker.index:
            continue
        own = counting.loc[counting["voice"].isin(speaker[place]), "row"]
        same = (frame["document_guid"] == row["document"]) & frame.index.isin(own)
        if row["code"] in known:
            same &= frame["code_guid"].isin(book.descendants(row["code"]))
        earlier = frame[same & (frame["start"] < span[1]) & (frame["end"] > span[0]) & (frame["start"] < row["start"])]
        later = frame[same & (frame["start"] >= span[1])]
        for index, code, stance in zip(earlier.index, earlier["code_guid"], earlier["stelling"], strict=True):
            revised.loc[index] = bool((later.loc[later["code_guid"] == code, "stelling"] != stance).any())
    return revised


def span_of(about: object) -> tuple[int, int] | None:
    """Return the span that an interaction is about, kept as a mapping or as a pair."""
    if isinstance(about, dict) and {"start", "end"} <= about.keys():
        return int(about["start"]), int(about["end"])
    if isinstance(about, (list, tuple)) and len(about) == 2:  # noqa: PLR2004
        return int(about[0]), int(about[1])
    return None
