"""ELAN annotations become turns: who speaks is the tier, when is its time slot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import BadFile
from qualcode.importers._reading import Doubt, Turns
from qualcode.importers._rows import spoken
from qualcode.importers._zipped import xml
from qualcode.labels import listed

if TYPE_CHECKING:
    from lxml.etree import _Element


_LONGEST = 12
"""Digits of a moment; more is damage."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: its name, who speaks, whether it hangs below another, and its annotations as guid, milliseconds, words."""

    name: str
    speaker: str
    below: str
    said: list[tuple[str, int, str]]


def _slots(root: _Element) -> dict[str, int]:
    """Return the moment of each time slot; one without a moment stands where the slot before it stands."""
    slots: dict[str, int] = {}
    at = 0
    for slot in root.iterfind("TIME_ORDER/TIME_SLOT"):
        value = slot.get("TIME_VALUE") or ""
        at = int(value) if value.isdecimal() and len(value) <= _LONGEST else at
        slots[slot.get("TIME_SLOT_ID") or ""] = at
    return slots


def _tiers(root: _Element) -> list[Tier]:
    slots = _slots(root)
    moments: dict[str, int] = {}
    tiers: list[Tier] = []
    waiting = list(root.iterfind("TIER"))
    # a tier below another takes its moments from there, wherever in the file that one stands
    for _ in range(len(waiting)):
        known = {tier.name for tier in tiers}
        ready = [tier for tier in waiting if (tier.get("PARENT_REF") or "") in known | {""}] or waiting
        for tier in ready:
            said = [_said(one, slots, moments) for one in tier.iterfind("ANNOTATION/*")]
            moments |= {guid: at for guid, at, _ in said}
            name = tier.get("TIER_ID") or ""
            tiers.append(Tier(name, (tier.get("PARTICIPANT") or "").strip() or name, tier.get("PARENT_REF") or "", said))
        waiting = [tier for tier in waiting if tier not in ready]
        if not waiting:
            break
    order = {tier.get("TIER_ID") or "": i for i, tier in enumerate(root.iterfind("TIER"))}
    return sorted(tiers, key=lambda tier: order[tier.name])


def _said(one: _Element, slots: dict[str, int], moments: dict[str, int]) -> tuple[str, int, str]:
    at = slots.get(one.get("TIME_SLOT_REF1") or "", moments.get(one.get("ANNOTATION_REF") or "", 0))
    return one.get("ANNOTATION_ID") or "", at, (one.findtext("ANNOTATION_VALUE") or "").strip()


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _rows(tiers: list[Tier]) -> Iterator[tuple[str | None, str | None, str]]:
    said = [(at, number, i, tier.speaker, words) for number, tier in enumerate(tiers) for i, (_, at, words) in enumerate(tier.said)]
    return ((speaker, _clock(at), words) for at, _, _, speaker, words in sorted(said))


def read_eaf(data: bytes, file: str, tiers: Sequence[str] | None = None) -> tuple[str, Turns, list[Doubt]]:
    """Return text and turns of an ELAN file.

    Parameters
    ----------
    data
        The bytes of the file.
    file
        Its name, for messages.
    tiers
        The tiers to read, by name. When left out: those with words that do not hang below another; translations and glosses do.

    Raises
    ------
    BadFile
        When it is no ELAN file, or has no tier of that name, or no tier with words.
    """
    root = xml(data, "eaf", file=file)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise BadFile("importers.no_part", file=file, part="ANNOTATION_DOCUMENT")
    found = _tiers(root)
    known = [tier.name for tier in found]
    wrong = [name for name in tiers or () if name not in known]
    if wrong:
        raise BadFile("importers.no_tier", file=file, tiers=listed(wrong), known=listed(known, most=len(known) or 1))
    filled = [tier for tier in found if any(words for _, _, words in tier.said)]
    chosen = [tier for tier in filled if (tier.name in tiers if tiers is not None else not tier.below)]
    left = [tier.name for tier in filled if tier not in chosen]
    text, turns = spoken(_rows(chosen), together=True)
    doubts = [Doubt("importers.tiers_left", {"read": listed([t.name for t in chosen]) or "–", "left": listed(left, most=len(left))})]
    return text, turns, doubts if left else []
