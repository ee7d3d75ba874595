"""Which topics are told of in the same sessions; no more than that, and never a cause."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    sessions, codes = own.index, others["code_guid"].unique()
    names = sessions.to_numpy()

    def by_code(name: str) -> NDArray[np.bool_]:
        """Return one row a session, one column a code."""
        held = others.pivot_table(index="document", columns="code_guid", values=name, aggfunc="max", sort=False)
        return np.asarray(held.reindex(index=sessions, columns=codes, fill_value=0).to_numpy() > 0)

    also, raised = by_code("voices"), by_code("raised")
    spoken, asked = (own["voices"] > 0).to_numpy(bool), own["raised"].to_numpy(bool)
    in_group = (own["kind"] == GROUP).to_numpy(bool)
    called = others.drop_duplicates("code_guid")
    mine = tuple(own[["code", "name"]].iloc[0]) if len(own) else ("", "")
    rows = []
    for place, (code_id, name) in enumerate(zip(called["code"], called["name"], strict=True)):
        there, group = also[:, place], in_group & raised[:, place] & asked
        lists = [names[group & mask].tolist() for mask in (spoken & there, spoken & ~there, ~spoken & there, ~spoken & ~there)]
        talked = names[~in_group & spoken & there].tolist()
        rows.append((*mine, code_id, name, int(group.sum()), *lists, talked, f"spreiding:{code_id}"))
    return pd.DataFrame(rows, columns=list(COLUMNS))
