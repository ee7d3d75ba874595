"""The verbs of consensus: where two coders differ, what is chosen there, and what both agree on; beside the rounds, never over them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.errors import Refused
from qualcode.labels import listed
from qualcode.model import TAKES, Change, rows_of
from qualcode.project.coding import checked, chosen_code, segment

if TYPE_CHECKING:
    from qualcode.project.study import Project

CONSENSUS = "consensus"


def differences(
    study: Project,
    coders: Sequence[str],
    *,
    layer: str = "ronde-1",
    documents: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return where two coders differ, with what was chosen there.

    Parameters
    ----------
    coders
        Two coders.
    layer
        The round that is compared.
    documents
        Only these (names); when left out those in which both coders coded.

    Returns
    -------
    DataFrame
        The rows of :func:`qualcode.analysis.agreement.pairs` on which they do not agree, with ``take`` (a, b, both, neither, new;
        missing while open), ``decided_by``, ``reason``, ``memo``, ``stale`` (a coding was changed after the choice).

    Raises
    ------
    NotFound, Ambiguous, Refused
        For a coder, round or document that is not there, other than two coders, or nothing that both coded.
    """
    from qualcode.analysis.agreement import AGREED, pairs

    frame = pairs(study, coders, layer=layer, documents=documents)
    return with_choices(study, frame[frame["kind"] != AGREED].reset_index(drop=True))


def with_choices(study: Project, frame: pd.DataFrame) -> pd.DataFrame:
    """Return differences with what was chosen, as it is now: ``take``, ``decided_by``, ``reason``, ``memo``, ``stale``."""
    now = study.snapshot()
    choices = _choices(study)
    names = dict(zip(now.coders["guid"], now.coders["name"], strict=True))
    moments = dict(zip(now.codings["guid"], now.codings["at"].fillna(""), strict=True))
    found = [choices.get(key) for key in frame["difference"]]
    stale = [
        one is not None and any(moments.get(guid, "") > one["at"] for guid in [*a, *b])
        for one, a, b in zip(found, frame["codings_a"], frame["codings_b"], strict=True)
    ]
    said = {name: pd.Series([one[name] if one else None for one in found], dtype="str") for name in ("take", "reason", "memo")}
    who = pd.Series([names.get(one["coder"]) if one else None for one in found], dtype="str")
    return frame.assign(take=said["take"], decided_by=who, reason=said["reason"], memo=said["memo"], stale=stale)


def _choices(study: Project) -> dict[str, dict[str, Any]]:
    """Return the choices by the key of their difference."""
    from qualcode.analysis.agreement import key_of

    rows = rows_of(study.snapshot().choices)
    return {key_of(row["codings_a"], row["codings_b"]): row for row in rows}


def choose(
    study: Project,
    difference: Mapping[str, Any] | pd.Series[Any],
    take: str,
    *,
    code: str | None = None,
    span: tuple[int, int] | None = None,
    reason: str = "",
    memo: str = "",
    **dimensions: Any,
) -> str:
    """Choose what stands in the consensus layer where two coders differ; a choice made before is replaced.

    With the first choice in a document, what both coders agree on there goes into the consensus layer too. The rounds themselves are
    never touched.

    Parameters
    ----------
    difference
        A row of :meth:`Project.differences`.
    take
        ``a``, ``b``, ``both``, ``neither``, or ``new``: another range, another code or both.
    code, span
        With ``new``: the code (id, name, path or guid) and the positions in code points; what is left out stays as coder A, or else B,
        had it.
    reason
        Why. Needed for ``neither`` and ``new``; where a pair of easily confused codes is settled it is their rule when left out.
    memo
        A remark with the codings made.
    dimensions
        Dimensions of the codings made, as ``stelling="nuanceert"``; those of the side taken when left out.

    Returns
    -------
    str
        Guid of the choice.

    Raises
    ------
    Refused
        For another word than these, without a reason where one is needed, or when a coding it speaks of is gone.
    """
    if take not in TAKES:
        raise Refused("consensus.bad_take", take=take, known=listed(TAKES))
    if take in {"neither", "new"} and not reason.strip():
        raise Refused("consensus.no_reason")
    if take == "new" and code is None and span is None:
        raise Refused("consensus.nothing_new")
    sides = [_rows(study, difference[f"codings_{side}"]) for side in ("a", "b")]
    values = checked(study, dimensions)
    own = {"a": sides[0], "b": sides[1], "both": [*sides[0], *sides[1]], "neither": [], "new": [(sides[0] or sides[1])[0]]}[take]
    made = [_copied(row, values) for row in own]
    if take == "new":
        made = [_other(study, made[0], str(difference["document"]), code, span)]
    rule = difference.get("rule")
    why = reason.strip() or (rule if isinstance(rule, str) and take in {"a", "b"} else "")
    facts = {"coders": [str(difference["coder_a"]), str(difference["coder_b"])], "take": take, "reason": why, "memo": memo.strip()}
    return _choose(study, difference, sides, facts, made)


def _rows(study: Project, guids: Iterable[str]) -> list[dict[str, Any]]:
    """Return codings by guid, in the order of the words."""
    table = study.snapshot().codings
    found = table[table["guid"].isin(list(guids))].sort_values(["start", "end", "guid"])
    if len(found) != len(list(guids)):
        raise Refused("consensus.moved")
    return rows_of(found)


def _copied(row: Mapping[str, Any], values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what a coding of the consensus layer takes over from one of a round."""
    held = {name: row[name] for name in ("document", "code", "codebook")} | {name: int(row[name]) for name in ("version", "start", "end")}
    return held | {"dimensions": {**(row["dimensions"] or {}), **(values or {})}}


def _other(study: Project, made: dict[str, Any], document: str, code: str | None, span: tuple[int, int] | None) -> dict[str, Any]:
    if code is not None:
        made = made | {"code": chosen_code(study, code), "codebook": study._codebook().fingerprint}
    if span is not None:
        place = segment(study, document, span=span)
        made = made | {"start": place.start, "end": place.end, "version": place.version}
    return made


def _choose(
    study: Project,
    difference: Mapping[str, Any] | pd.Series[Any],
    sides: list[list[dict[str, Any]]],
    facts: dict[str, Any],
    made: list[dict[str, Any]],
) -> str:
    """Write a choice and the codings it makes, as one gesture."""
    from qualcode.analysis.agreement import key_of

    rows = [*sides[0], *sides[1]]
    codings = [[row["guid"] for row in side] for side in sides]
    before = _choices(study).get(key_of(*codings))
    document, layer = rows[0]["document"], rows[0]["layer"]
    there = _standing(study, document)
    changes = []
    if before and (gone := [guid for guid in before["made"] or [] if guid in set(there.values())]):
        changes.append(Change("coding", gone, {"exists": [False] * len(gone)}))
        there = {place: guid for place, guid in there.items() if guid not in gone}
    first = _first(study, document, facts["coders"], layer)
    agreed = _agreed(study, facts["coders"], layer, [str(difference["document"])]) if first else []
    made = [row for row in _once(made) if _place(row) not in there]
    agreed = [row for row in _once(agreed) if _place(row) not in there | dict.fromkeys(map(_place, made), "")]
    coding = _new(study, [*made, *agreed], memos=[facts["memo"] or None] * len(made) + [None] * len(agreed))
    guid = before["guid"] if before else study._store.guids()
    after: dict[str, list[Any]] = {
        "exists": [True],
        "document": [document],
        "version": [int(rows[0]["version"])],
        "start": [int(difference["start"])],
        "end": [int(difference["end"])],
        "layer": [layer],
        "codings_a": [codings[0]],
        "codings_b": [codings[1]],
        "made": [coding.guid[: len(made)] if coding else []],
        "coder": [study._coder_guid()],
        "at": [study._store.clock()],
        **{name: [value] for name, value in facts.items()},
    }
    changes += [coding] if coding else []
    study._commit("choose", *changes, Change("choice", [guid], after), about={"document": str(difference["document"])})
    return str(guid)


def _first(study: Project, document: str, coders: list[str], layer: str) -> bool:
    """Return whether nothing was chosen yet between these coders in this document."""
    rows = study.snapshot().choices
    rows = rows[(rows["document"] == document) & (rows["layer"] == layer)]
    return not any(sorted(held) == sorted(coders) for held in rows["coders"])


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (int(row["version"]), int(row["start"]), int(row["end"]), row["code"])


def _once(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows without those that stand on the same words with the same code as one before."""
    return list({(row["document"], *_place(row)): row for row in reversed(list(rows))}.values())[::-1]


def _standing(study: Project, document: str) -> dict[tuple[Any, ...], str]:
    """Return what stands in the consensus layer of a document, by place and code."""
    table = study.snapshot().codings
    table = table[(table["document"] == document) & (table["layer"] == CONSENSUS)]
    return {_place(row): str(row["guid"]) for row in rows_of(table)}


def _agreed(study: Project, coders: Sequence[str], layer: str, documents: Collection[str] | None) -> list[dict[str, Any]]:
    """Return what two coders agree on, as codings of the consensus layer; where they cut it differently, as coder A did."""
    from qualcode.analysis.agreement import AGREED, pairs

    frame = pairs(study, coders, layer=layer, documents=documents)
    guids = [guid for held in frame.loc[frame["kind"] == AGREED, "codings_a"] for guid in held]
    return [_copied(row) for row in _rows(study, guids)]


def _new(study: Project, rows: Sequence[dict[str, Any]], *, memos: Sequence[str | None]) -> Change | None:
    if not rows:
        return None
    size, now = len(rows), study._store.clock()
    after: dict[str, list[Any]] = {"exists": [True] * size, "coder": [study._coder_guid()] * size, "at": [now] * size}
    after |= {name: [row[name] for row in rows] for name in rows[0]} | {"layer": [CONSENSUS] * size, "memo": list(memos)}
    return Change("coding", [study._store.guids() for _ in rows], after)


def take_agreed(study: Project, coders: Sequence[str], *, layer: str = "ronde-1", documents: Collection[str] | None = None) -> int:
    """Put what two coders agree on into the consensus layer; what stands there already stays.

    Parameters
    ----------
    coders, layer, documents
        As for :meth:`Project.differences`.

    Returns
    -------
    int
        How many codings were made.
    """
    rows = _once(_agreed(study, coders, layer, documents))
    there = {guid: _standing(study, guid) for guid in {row["document"] for row in rows}}
    rows = [row for row in rows if _place(row) not in there[row["document"]]]
    if rows:
        coding = _new(study, rows, memos=[None] * len(rows))
        assert coding is not None
        study._commit("agree", coding, about={"document": listed(list(documents)) if documents else ""})
    return len(rows)
