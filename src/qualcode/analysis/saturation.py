"""Saturation: how many new codes each next session brought, by the method of Guest, Namey and Chen (2020)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.analysis.counting import Counted, of_study
from qualcode.analysis.names import ordered_documents
from qualcode.analysis.spreading import SESSION_KINDS
from qualcode.errors import Refused
from qualcode.model import HasSnapshot

BASE, RUN, THRESHOLD, ORDERS, SEED = 4, 2, 0.05, 1000, 7
RUN_COLUMNS = ("run", "from", "until", "last", "new", "base", "ratio", "below")
INDUCTIVE = "inductief"


@dataclass(frozen=True, slots=True)
class Saturation:
    """How new codes dried up.

    Parameters
    ----------
    sessions
        One row a session in order of holding: ``session``, ``codes`` (different codes used there), ``new`` (first seen there), ``new_inductive``
        (those of them that were made along the way), ``total``.
    runs
        One row a run: ``run`` (from 1), ``from`` and ``until`` (sessions), ``last`` (number of its last session), ``new``, ``base``, ``ratio``
        (new over base), ``below`` (whether it is under the threshold).
    reached
        Number of the session at which the first run under the threshold ends; missing when none is.
    after
        Codes first seen after that session.
    band
        ``low``, ``median``, ``high`` of the session over random orders (5, 50 and 95 of 100), ``never`` (orders in which it is not reached).
    settings
        ``base``, ``run``, ``threshold``, ``overlapping``, ``orders``, ``seed``, ``theme``.
    """

    sessions: pd.DataFrame
    runs: pd.DataFrame
    reached: int | None
    after: int
    band: dict[str, float]
    settings: dict[str, Any]


def saturation(
    study: HasSnapshot,
    *,
    base: int = BASE,
    run: int = RUN,
    threshold: float = THRESHOLD,
    overlapping: bool = False,
    theme: str | None = None,
    orders: int = ORDERS,
    seed: int = SEED,
) -> Saturation:
    """Return how many sessions it took before new sessions hardly brought new codes.

    Parameters
    ----------
    study
        A project or a snapshot.
    base
        Sessions in the base set.
    run
        Sessions in a run.
    threshold
        New codes of a run over codes of the base set, below which a run brings little (0 to 1).
    overlapping
        Whether each run begins one session after the one before it; else where that one ended. It matters: say which.
    theme
        Only codes below this theme or subtheme.
    orders, seed
        How many random orders the band is drawn from, and from which seed.

    Returns
    -------
    Saturation
        Codes *used*, in sessions in their order: the codebook existed beforehand, so this tells when known codes had all
        been heard, not when all was understood.

    Raises
    ------
    Refused
        When there are no more sessions than the base set and one run.

    References
    ----------
    Guest, G., Namey, E. and Chen, M. (2020). A simple method to assess and report thematic saturation in qualitative
    research. PLOS ONE 15(5): e0232076.
    """
    counted = of_study(study)
    settings = {
        "base": base,
        "run": run,
        "threshold": threshold,
        "overlapping": overlapping,
        "orders": orders,
        "seed": seed,
        "theme": theme,
    }
    return of_base(counted, settings)


def of_base(counted: Counted, settings: dict[str, Any]) -> Saturation:
    """Return :func:`saturation` from what was counted before; ``settings`` as in :class:`Saturation`."""
    names, present, inductive = _presence(counted, settings["theme"])
    base, run = settings["base"], settings["run"]
    if len(names) < base + run or base < 1 or run < 1:
        raise Refused("analysis.too_few_sessions", n=len(names), need=base + run)
    first = _first(present)
    new = np.bincount(first[first < len(names)], minlength=len(names))
    fresh = np.bincount(first[inductive & (first < len(names))], minlength=len(names))
    sessions = pd.DataFrame({"session": names, "codes": present.sum(axis=0), "new": new, "new_inductive": fresh, "total": np.cumsum(new)})
    step = 1 if settings["overlapping"] else run
    starts = np.arange(base, len(names) - run + 1, step)
    held = new[:base].sum()
    found = np.array([new[at : at + run].sum() for at in starts])
    ratio = found / held if held else np.full(len(starts), np.nan)
    runs = pd.DataFrame(
        {
            "run": np.arange(1, len(starts) + 1),
            "from": [names[at] for at in starts],
            "until": [names[at + run - 1] for at in starts],
            "last": starts + run,
            "new": found,
            "base": held,
            "ratio": ratio,
            "below": ratio < settings["threshold"],
        }
    )
    under = runs[runs["below"]]
    reached = int(under["last"].iloc[0]) if len(under) else None
    after = int(new[reached:].sum()) if reached is not None else 0
    return Saturation(sessions, runs[list(RUN_COLUMNS)], reached, after, _band(present, settings, starts), settings)


def _presence(counted: Counted, theme: str | None) -> tuple[list[str], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the sessions in order, which codes (rows) were used in which session (columns), and which codes came along the way."""
    documents = ordered_documents(counted.snapshot)
    sessions = documents[documents["kind"].isin(SESSION_KINDS)]
    frame = counted.frame[counted.frame["document_guid"].isin(sessions.index) & counted.frame["code_guid"].notna()]
    if theme is not None:
        frame = frame[frame["code_guid"].isin(counted.book.descendants(counted.book.find(theme).guid))]
    there = set(frame["code_guid"])
    used = [code for code in counted.book.codes if code.guid in there]
    table = pd.crosstab(frame["code_guid"], frame["document_guid"])
    table = table.reindex(index=[code.guid for code in used], columns=sessions.index, fill_value=0)
    inductive = np.array([INDUCTIVE in code.source.casefold() for code in used], dtype=bool)
    return list(sessions["name"]), table.to_numpy() > 0, inductive


def _first(present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return in which session each code is first seen."""
    return np.asarray(np.where(present.any(axis=-1), present.argmax(axis=-1), present.shape[-1]), dtype=np.int64)


def _band(present: NDArray[np.bool_], settings: dict[str, Any], starts: NDArray[np.int64]) -> dict[str, float]:
    """Return where the session lies over random orders of the same sessions."""
    count = present.shape[1]
    drawn = np.random.default_rng(settings["seed"]).permuted(np.tile(np.arange(count), (settings["orders"], 1)), axis=1)
    first = _first(present[:, drawn].transpose(1, 0, 2))
    new = (first[:, :, None] == np.arange(count)).sum(axis=1)
    held = new[:, : settings["base"]].sum(axis=1)
    found = np.stack([new[:, at : at + settings["run"]].sum(axis=1) for at in starts], axis=1)
    below = found < settings["threshold"] * held[:, None]
    reached = np.where(below.any(axis=1), starts[below.argmax(axis=1)] + settings["run"], count + 1)
    there = reached <= count
    if not there.any():
        return {"low": np.nan, "median": np.nan, "high": np.nan, "never": float(len(reached))}
    # an order in which it is never reached lies beyond the last session, and is not left out
    low, median, high = np.quantile(reached, [0.05, 0.5, 0.95], method="inverted_cdf")
    return {"low": float(low), "median": float(median), "high": float(high), "never": float((~there).sum())}
