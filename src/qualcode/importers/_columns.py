"""Which column of a table holds the speaker, the words and the time. Knows headers, not files."""

from __future__ import annotations

from dataclasses import dataclass

from qualcode.importers._lines import is_stamp
from qualcode.importers._shapes import shape_of

_SPEAKER = frozenset(
    "spreker speaker label deelnemer participant respondent naam name wie who persoon rol role spreekster hablante sprecher".split()
)
_TEXT = frozenset(
    "tekst text uitspraak uitspraken utterance beurt spreekbeurt inhoud content woorden words transcript transcriptie bericht "
    "message antwoord "
    "antwoorden answer answers response open_antwoord zin sentence body quote fragment opmerking texto".split()
)
_TIME = frozenset("tijd time tijdstip tijdcode timecode timestamp start begin start_time starttijd begintijd van hora zeit".split())
_LONG = 12
_MOST = 60


@dataclass(frozen=True, slots=True)
class Columns:
    """Where speaker, words and time stand, from 0, and the first row of turns."""

    text: int
    speaker: int | None
    time: int | None
    first: int


def _key(cell: str) -> str:
    return "_".join(cell.strip().strip("\ufeff").lower().replace("-", " ").split())


def columns_of(rows: list[tuple[str, ...]] | list[list[str]]) -> Columns | None:
    """Return where the turns stand in a table; by its header, else by what its cells look like.

    Examples
    --------
    >>> columns_of([["tijd", "spreker", "tekst"], ["00:01", "M1", "Welkom."]])
    Columns(text=2, speaker=1, time=0, first=1)
    >>> columns_of([["Datum", "3 maart"], ["Plaats", "Utrecht"]]) is None
    True
    """
    for at, row in enumerate(rows[:5]):
        keys = [_key(cell) for cell in row]
        text = next((i for i, key in enumerate(keys) if key in _TEXT), None)
        if text is not None:
            speaker = next((i for i, key in enumerate(keys) if key in _SPEAKER and i != text), None)
            time = next((i for i, key in enumerate(keys) if key in _TIME and i != text), None)
            return Columns(text, speaker, time, at + 1)
    return _by_content(rows)


def _by_content(rows: list[tuple[str, ...]] | list[list[str]]) -> Columns | None:
    """Two or three columns without a header: labels, words, perhaps times."""
    filled = [row for row in rows if any(cell.strip() for cell in row)][:_MOST]
    width = max((len(row) for row in filled), default=0)
    if not 2 <= width <= 3 or len(filled) < 2:  # noqa: PLR2004
        return None
    cells = [[row[i].strip() for row in filled if i < len(row) and row[i].strip()] for i in range(width)]
    time = next((i for i, column in enumerate(cells) if column and all(is_stamp(cell) for cell in column)), None)
    rest = [i for i in range(width) if i != time and cells[i]]
    if len(rest) != 2:  # noqa: PLR2004
        return None
    text = max(rest, key=lambda i: sum(map(len, cells[i])))
    speaker = rest[0] if rest[1] == text else rest[1]
    labels = [shape_of(cell.rstrip(":").strip()) for cell in cells[speaker]]
    keys = {shape.key for shape in labels if shape}
    if None in labels or not all(len(cell) <= _LONG * 4 for cell in cells[speaker]) or len(keys) * 2 > len(labels) + 1:
        return None
    return Columns(text, speaker, time, 0)
