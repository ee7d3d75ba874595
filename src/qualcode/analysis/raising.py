"""In which sessions a topic came up: what the figures are "of"."""

from __future__ import annotations

import pandas as pd

from qualcode.codebook import Codebook
from qualcode.model import Snapshot

YES = "ja"


def raised(snapshot: Snapshot, book: Codebook, spoken: pd.Series[bool]) -> pd.Series[bool]:
    """Return whether each topic came up in each document.

    Parameters
    ----------
    snapshot, book
        The study and its codebook.
    spoken
        Whether anything was coded below a code in a document; index ``(code guid, document guid)``.

    Returns
    -------
    pandas.Series
        The same index. It came up where somebody spoke of it, or where something below it was raised (``ja``). Else the
        register of topics decides, the most specific row first: the row of the code itself, then of its subtheme, then
        of its theme; no row at all means it was raised, since the topic guide was. One exception: a code or subtheme
        that was raised by name (``ja``) in some sessions of a kind was not raised in the others of that kind, whatever
        its theme says: it was an extra question, asked there only.
    """
    table = snapshot.tables["topic"]
    known = {code.guid for code in book.codes}
    table = table[table["topic"].isin(known) & table["raised"].notna()]
    topic = table["topic"].map({guid: book.resolve(guid) for guid in table["topic"].unique()})
    # two coders may both have filled in the register: one ja is enough
    rows: dict[tuple[str, str], bool] = {}
    for code, document, said in zip(topic, table["document"], table["raised"] == YES, strict=True):
        rows[code, document] = rows.get((code, document), False) or bool(said)
    kind = snapshot.tables["document"].set_index("guid")["kind"].to_dict()
    asked = {(code, kind[document]) for (code, document), yes in rows.items() if yes and document in kind}
    above = {code.guid: (*book.ancestors(code.guid), code.guid) for code in book.codes}
    below_yes = {(up, document) for (code, document), yes in rows.items() if yes for up in above[code][:-1]}

    def came_up(code: str, document: str) -> bool:
        if (code, document) in below_yes:
            return True
        for depth, step in reversed(list(enumerate(above[code]))):
            if (step, document) in rows:
                return rows[step, document]
            if depth > 0 and (step, kind[document]) in asked:
                return False
        return True

    pairs = zip(spoken.index.get_level_values(0), spoken.index.get_level_values(1), spoken, strict=True)
    held = [bool(said) or came_up(code, document) for code, document, said in pairs]
    return pd.Series(held, index=spoken.index, dtype="bool")
