"""A project of another program as entities of a study, complete: what the XML says, what qualcode wrote beside it, and who speaks."""

from __future__ import annotations

from collections.abc import Mapping

from qualcode.refi.exchange import COUNTED, Exchange, Found
from qualcode.refi.remainder import completed, names_in, renamed
from qualcode.refi.settling import NOBODY, as_written
from qualcode.refi.speaking import with_turns


def found_in(exchange: Exchange) -> Found:
    """Place everything that has a place, and count what came of it."""
    state, texts, decision = as_written(exchange)
    names = names_in(exchange.extras)
    state, texts = completed(renamed(state, names), exchange.extras), {names.get(guid, guid): text for guid, text in texts.items()}
    warnings = with_turns(state, texts, {person.guid: person for person in exchange.people})
    kept = exchange.kept_as_is.copy()
    for what, kind in (
        ("sources", "document"),
        ("codes", "code"),
        ("codings", "coding"),
        ("coders", "coder"),
        ("participants", "participant"),
    ):
        kept[what] += len(state.get(kind, {}))
    if exchange.extras:
        # what qualcode described for other programs, it knows itself
        del exchange.read["descriptions"], kept["descriptions"]
    kept["coders"] -= NOBODY in state.get("coder", {}).keys() - exchange.users.keys()
    return Found(
        exchange.origin,
        state,
        texts,
        read=_counts(exchange.read),
        kept=_counts(kept),
        dropped=dict(exchange.dropped),
        doubts=exchange.doubts,
        warnings=warnings,
        decision=decision,
        breaches=exchange.breaches,
    )


def _counts(counted: Mapping[str, int]) -> dict[str, int]:
    return {**dict.fromkeys(COUNTED, 0), **{name: int(n) for name, n in counted.items()}}
