"""What the standard has no words for: written beside it by qualcode, and taken in again by qualcode alone.

The rest is found, not listed: it is the difference between the study and what reading the written XML gives. So whatever a study
holds, kinds of entity that come later too, survives a journey; and what another program changed in the XML stays changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from qualcode.model import KINDS, Row, State
from qualcode.model.kinds import FieldType

FORMAT = 1
_MOST = 2000  # entities in one instruction, so that none grows beyond what programs read
_TYPES: dict[FieldType, tuple[type, ...]] = {"text": (str,), "integer": (int,), "real": (int, float), "boolean": (bool, int)}
# the texts themselves stand in files of their own
_ELSEWHERE = frozenset({("document", "text")})


def remainder(state: State, seen: State) -> Iterator[dict[str, Any]]:
    """Yield what reading the XML alone would lack or have otherwise, in portions of one kind.

    Parameters
    ----------
    state
        The study.
    seen
        What reading the XML gives.
    """
    for kind in KINDS:
        before, after = seen.get(kind, {}), state.get(kind, {})
        names = [f.name for f in KINDS[kind].fields if (kind, f.name) not in _ELSEWHERE]
        differs = {guid: _difference(names, row, before.get(guid) or {}) for guid, row in after.items()}
        held = {guid: fields for guid, fields in differs.items() if fields or guid not in before}
        gone = [guid for guid in before if guid not in after]
        guids = list(held)
        if gone:
            yield {"format": FORMAT, "kind": kind, "gone": gone}
        for at in range(0, len(guids), _MOST):
            portion = guids[at : at + _MOST]
            changed = dict.fromkeys(name for guid in portion for name in held[guid])
            born = [guid for guid in portion if guid not in before]
            # as columns: a field that an entity does not set is left out by its number
            fields = {name: {str(i): held[guid][name] for i, guid in enumerate(portion) if name in held[guid]} for name in changed}
            yield {"format": FORMAT, "kind": kind, "guids": portion, "born": born, "fields": fields}


def _difference(names: list[str], row: Row, seen: Row) -> Row:
    pairs = ((name, row.get(name), seen.get(name)) for name in names)
    return {name: held for name, held, before in pairs if held is not before and (held != before or type(held) is not type(before))}


def completed(seen: State, portions: Iterable[dict[str, Any]]) -> State:
    """Return the entities with what :func:`remainder` wrote beside them; what cannot be is passed over.

    Parameters
    ----------
    seen
        What the XML says. Of an entity that it no longer holds nothing comes back.
    portions
        What qualcode wrote beside it.
    """
    fresh: dict[str, list[str]] = {}
    state: State = {kind: {guid: dict(row) for guid, row in rows.items()} for kind, rows in seen.items()}
    for portion in portions:
        kind, guids = portion.get("kind"), portion.get("guids", [])
        if portion.get("format") != FORMAT or kind not in KINDS or not _are_texts(guids):
            continue
        rows = state.setdefault(str(kind), {})
        for guid in portion.get("gone", []) if _are_texts(portion.get("gone")) else []:
            rows.pop(guid, None)
        born = [guid for guid in (portion.get("born") or []) if isinstance(guid, str) and guid not in rows]
        for guid in born:
            rows[guid] = {}
        _set(rows, str(kind), guids, portion.get("fields"))
        fresh.setdefault(str(kind), []).extend(born)
    for kind, guids in fresh.items():
        for guid in guids:
            if not _refers(state, kind, guid):
                del state[kind][guid]
    return state


def _refers(state: State, kind: str, guid: str) -> bool:
    """Tell whether what an entity refers to is there; another program may have taken it out."""
    row = state[kind][guid]
    fields = [(f.name, f.refers_to) for f in KINDS[kind].fields if f.refers_to]
    return all(row.get(name) is None or row[name] in state.get(target, {}) for name, target in fields)


def _are_texts(held: Any) -> bool:
    return isinstance(held, list) and all(isinstance(one, str) for one in held)


def _set(rows: dict[str, Row], kind: str, guids: list[str], fields: Any) -> None:
    declared = {f.name: f for f in KINDS[kind].fields}
    for name, values in fields.items() if isinstance(fields, dict) else ():
        if name not in declared or not isinstance(values, dict):
            continue
        kinds = _TYPES.get(declared[name].type)
        for number, value in values.items():
            if number.isdecimal() and int(number) < len(guids) and (kinds is None or value is None or isinstance(value, kinds)):
                row = rows.get(guids[int(number)])
                if row is not None:
                    row[name] = value


def names_in(portions: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the guids that the standard does not allow, by the one that was written in their place."""
    names: dict[str, str] = {}
    for portion in portions:
        held = portion.get("names")
        if portion.get("format") == FORMAT and isinstance(held, dict):
            names |= {key: name for key, name in held.items() if isinstance(name, str)}
    return names


def renamed(state: State, names: dict[str, str]) -> State:
    """Return entities under other guids, everything that refers to them included."""
    if not names:
        return state
    changed: State = {}
    for kind, rows in state.items():
        references = [f.name for f in KINDS[kind].fields if f.refers_to] + (["target"] if kind == "memo" else [])
        changed[kind] = {}
        for guid, row in rows.items():
            changed[kind][names.get(guid, guid)] = {
                **row,
                **{name: names.get(row[name], row[name]) for name in references if row.get(name)},
            }
    return changed
