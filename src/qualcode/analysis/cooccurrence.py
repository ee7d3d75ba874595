"""Which topics are told of in the same sessions; no more than that, and never a cause."""

from __future__ import annotations

import pandas as pd

from qualcode.analysis import spreading
from qualcode.analysis.counting import of_study
from qualcode.analysis.spreading import GROUP
from qualcode.codebook import Level
from qualcode.model import HasSnapshot

COLUMNS = ("code", "name", "with", "with_name", "groups", "both", "only_code", "only_with", "neither", "interviews_both", "ref")


def cooccurrence(study: HasSnapshot, code: str, *, level: Level = "code") -> pd.DataFrame:
    """Return in which sessions a code is told of together with each other code.

    Parameters
    ----------
    study
        A project or a snapshot.
    code
        The code: an id, a guid, a name or a path.
    level
        What it is set beside: ``code``, ``subtheme`` or ``theme``.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``name``, ``with``, ``with_name``, ``groups`` (focus groups where both came up), lists of focus groups: ``both``, ``only_code``, ``only_with``,
        ``neither``; ``interviews_both`` (list), ``ref``. Sessions, not fragments; told of in one session does not mean that the one
        has to do with the other.
    """
    base = of_study(study)
    wanted = base.book.resolve(base.book.find(code).guid)
    own = spreading.of_level(base, base.book.level(wanted))
    own = own[own["code_guid"] == wanted].set_index("document")
    others = spreading.of_level(base, level)
    near = {wanted, *base.book.ancestors(wanted), *base.book.descendants(wanted)}
    others = others[~others["code_guid"].isin(near)]
    spoken = own["voices"] > 0
    rows = []
    for _, cells in others.groupby("code_guid", sort=False):
        held = cells.set_index("document")
        also = held["voices"] > 0
        group = (held["kind"] == GROUP) & held["raised"] & own["raised"]
        names = [list(held.index[group & mask]) for mask in (spoken & also, spoken & ~also, ~spoken & also, ~spoken & ~also)]
        talked = list(held.index[(held["kind"] != GROUP) & spoken & also])
        first = held.iloc[0]
        rows.append(
            (
                own["code"].iloc[0],
                own["name"].iloc[0],
                first["code"],
                first["name"],
                int(group.sum()),
                *names,
                talked,
                f"spreiding:{first['code']}",
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
