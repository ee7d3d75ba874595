"""What was told of an event one after another: the codes of each event in the order of the talk."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from qualcode.analysis.counting import of_study
from qualcode.analysis.names import handles
from qualcode.analysis.spreading import SESSION_KINDS
from qualcode.model import HasSnapshot

SEQUENCE_COLUMNS = ("document", "event", "codes", "turns", "participants")


def sequences(study: HasSnapshot, *codes: str) -> pd.DataFrame:
    """Return the events that were told of, with their codes in the order of the talk.

    Parameters
    ----------
    study
        A project or a snapshot.
    codes
        Only events in which these codes come one after another, whatever comes between: ids, names or paths.

    Returns
    -------
    pandas.DataFrame
        One row an event (``voorval``) of a focus group or interview, in the order of the talk: ``document``, ``event`` (its number there), ``codes``
        (list of ids; a code that comes several times in a row once), ``turns`` (list), ``participants`` (list: who tell of it, the first to speak
        first). The order of telling, which need not be that of what happened.

    Examples
    --------
    >>> import qualcode as qc
    >>> sequences(qc.demo(), "E07", "O01", "O06")[["document", "event", "codes"]].to_dict("records")
    [{'document': 'FG1', 'event': '1', 'codes': ['E07', 'O01', 'O06', 'S01']}]
    """
    base = of_study(study)
    wanted, named = [base.book.resolve(base.book.find(code).guid) for code in codes], handles(base.book)
    frame = base.frame[base.frame["kind"].isin(SESSION_KINDS) & base.frame["code_guid"].notna()]
    frame = frame[frame["voorval"].notna()] if "voorval" in frame else frame.iloc[:0].assign(voorval="")
    rows = []
    for (_, event), held in frame.groupby(["document_guid", "voorval"], sort=False):
        told = held.sort_values(["start", "end"], kind="stable")
        order = [guid for guid, before in zip(told["code_guid"], [None, *told["code_guid"]], strict=False) if guid != before]
        if _comes(wanted, order):
            people = list(dict.fromkeys(told["participant"].dropna()))
            rows.append((told["document"].iloc[0], str(event), [named[guid] for guid in order], list(dict.fromkeys(told["turn"])), people))
    return pd.DataFrame(rows, columns=list(SEQUENCE_COLUMNS))


def _comes(wanted: Sequence[str], order: Sequence[str]) -> bool:
    """Return whether codes come one after another, whatever comes between."""
    rest = iter(order)
    return all(code in rest for code in wanted)
