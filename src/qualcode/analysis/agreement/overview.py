"""The frame of :func:`agreement` as people read it: one row a code."""

from __future__ import annotations

import pandas as pd

OVERVIEW = ("percent_agreement", "positive_agreement", "cohen_kappa", "alpha_nominal")
OVERVIEW_COLUMNS = (
    "level", "code", "name", "coders", "units", "used", *OVERVIEW, "alpha_low", "alpha_high", "reason",
)  # fmt: skip


def overview(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row a code and group of coders, over all documents.

    Parameters
    ----------
    frame
        What :func:`agreement` returned.

    Returns
    -------
    pandas.DataFrame
        ``level``, ``code``, ``name``, ``coders``, ``units``, ``used``; ``percent_agreement``, ``positive_agreement``,
        ``cohen_kappa``, ``alpha_nominal``; ``alpha_low`` and ``alpha_high`` (its interval); ``reason`` (of alpha; missing when
        there is nothing to say). The rows for all codes together are not in it.
    """
    rows = frame[frame["document"].isna() & frame["code"].notna()]
    keys = ["level", "code", "name", "coders", "units", "used"]
    wide = rows.drop_duplicates(["code", "coders"])[keys].set_index(["code", "coders"])
    by_name = {name: part.set_index(["code", "coders"]) for name, part in rows.groupby("coefficient", sort=False)}
    for name in OVERVIEW:
        wide[name] = by_name[name]["value"] if name in by_name else float("nan")
    if "alpha_nominal" in by_name:
        alpha = by_name["alpha_nominal"]
        wide = wide.assign(alpha_low=alpha["ci_low"], alpha_high=alpha["ci_high"], reason=alpha["reason"])
    return wide.reset_index().reindex(columns=list(OVERVIEW_COLUMNS))
