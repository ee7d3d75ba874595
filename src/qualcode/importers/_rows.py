"""Turns that stand in rows already: tables, cues, segments. The text is their words, one turn a line."""

from __future__ import annotations

from collections.abc import Iterable

from qualcode.importers._reading import Turns
from qualcode.importers._text import tidy

Row = tuple[str | None, str | None, str]


def spoken(rows: Iterable[Row], *, together: bool = False) -> tuple[str, Turns]:
    r"""Return text and turns of rows of label, time and words.

    A row without words is no turn; a row without a label continues the turn before it, if that has one.

    Parameters
    ----------
    rows
        Label, time stamp, words.
    together
        Whether rows of one speaker in a row are one turn, as in subtitles.

    Examples
    --------
    >>> text, turns = spoken([("M1", "00:01", "Welkom."), (None, None, "Ga zitten."), ("P1", None, "Dank.")])
    >>> text
    'Welkom.\nGa zitten.\nDank.'
    >>> turns.start, turns.end, turns.label
    ([0, 19], [18, 24], ['M1', 'P1'])
    """
    label: list[str | None] = []
    time: list[str | None] = []
    words: list[list[str]] = []
    for who, when, written in rows:
        said = tidy(written).strip()
        if not said:
            continue
        continues = bool(words) and label[-1] is not None and (who is None or (together and who == label[-1]))
        if continues:
            words[-1].append(said)
        else:
            label.append(who)
            time.append(when)
            words.append([said])
    joined = [(" " if together else "\n").join(parts) for parts in words]
    start: list[int] = []
    at = 0
    for said in joined:
        start.append(at)
        at += len(said) + 1
    return "\n".join(joined), Turns(start, [s + len(said) for s, said in zip(start, joined, strict=True)], label, time, [])
