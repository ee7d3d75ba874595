"""What tells a written text (a report, a table, a register) from speech: headings, cells, sources; capitals and dates there name nobody."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from qualcode.privacy.hits import Hit

_CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
# a piece starts with a line, a cell or a mark of Markdown; a number, a code's id or the letter of an annex may stand before its first word
_OPENING = re.compile(
    r"(?:^|(?<=\t)|(?<=\| ))[ ]*(?:[#>*_\[-]+[ ]?)*(?P<lead>(?:\d+(?:\.\d+)*\.?|[A-Z]{1,3}\d{0,3}:?|(?:Bijlage|Annex|Appendix) [A-Z]\.)[ \t]+(?:[*_]+)?)?(?=[^\W\d_])",
    re.MULTILINE,
)
_CITED = re.compile(
    rf"(?:(?<=\()|^|(?<=\t)|(?<=\| ))(?:{_CAPITAL}[\w'’-]+(?:, | en | & |, en )?){{1,4}}(?: et al\.)?,? (?:19|20)\d\d\b|{_CAPITAL}[\w'’-]+(?: en {_CAPITAL}[\w'’-]+| et al\.)? \((?:19|20)\d\d\)",
    re.MULTILINE,
)
_SOURCE = re.compile(
    r"\b(?:Kamerbrief|Kamerstuk(?:ken)?|Handelingen|Staatscourant|Staatsblad)\b(?: (?:[IVX]+\b|[‘'\"]?[A-Z][\w-]+))*|\b(?:Algemene|Binnenlandse|Buitenlandse|Economische) Zaken\b|\b[Mm]inisterie van (?:[a-z]+ )?[A-Z][\w-]+(?:(?:,| en)? [A-Z][\w-]+)*"
)
_METHOD = re.compile(r"\b(?:van|volgens|naar) (?:Jaccard|Krippendorff|Cohen|Halpern)\b|\bCohens kappa\b|\bKrippendorffs alfa\b")
# references of this tool, and cells that say yes or no to a machine
_MACHINE = re.compile(
    r"\b(?:spreiding|status|tegengeluid|kenmerk|citaat|maatregel):[\w-]+|\bgesprek:(?:[\w-]|\.\.| (?=\d))+|(?:^|(?<=\t))(?:True|False)(?=\t|$)",
    re.MULTILINE,
)
_SESSION = re.compile(r"\b(?:[Ff]ocusgroep|[Ii]nterview) \d+\b")
_SOMEBODY = re.compile(
    r"\b(?:ik|mij|me|mijn|m'n|wij|we|ons|onze|hij|hem|zij|ze|haar|zijn (?:collega|baas|team|chef)|deelnemer|collega|leidinggevende|teamleider)\b"
)
_DAY = re.compile(r"\b\d{1,2}(?:e|de|ste)? [a-z]|\d{1,2}[-/.]\d{1,2}[-/.]\d|\d{4}-\d\d-\d\d")
_STRUCTURE = re.compile(r"^(?:#{1,6} |\|.*\||[^\t\n]*\t[^\n]*\t)", re.MULTILINE)
_QUOTED = re.compile(r"[“\"]([^“”\"\n]{3,2000})[”\"]")
_ROWS = 2
_TIMES = 2


def openings(text: str) -> frozenset[int]:
    r"""Return where the first word of each heading, cell and line stands: a capital there says nothing.

    Examples
    --------
    >>> sorted(openings("## 4.1 Spreiding\nE07 Onderschatting\t8 van 9"))
    [7, 21, 38]
    """
    return frozenset(match.end() for match in _OPENING.finditer(text))


def labels_of(text: str) -> list[tuple[int, int]]:
    """Return the spans that are no words of anybody: ids before a heading or in a cell, sources, literature, names of a measure."""
    leads = [match.span("lead") for match in _OPENING.finditer(text) if match["lead"]]
    return sorted([*leads, *(match.span() for pattern in (_CITED, _SOURCE, _METHOD, _MACHINE) for match in pattern.finditer(text))])


def is_written(text: str, turns: Iterable[tuple[int, int, str | None]]) -> bool:
    """Tell whether a text is a report or a register rather than talk: it has rows or headings, and most of it is said by nobody.

    Parameters
    ----------
    text
        The whole text.
    turns
        The turns that were read in it: start, end (code points), who speaks.
    """
    named = [(end - start, label) for start, end, label in turns if label]
    again = len(named) >= _TIMES * len({label for _, label in named}) and len(named) > _TIMES
    talk = again and sum(length for length, _ in named) * 2 > len(text)
    return not talk and len(_STRUCTURE.findall(text)) >= _ROWS


def quoted(text: str) -> list[tuple[int, int]]:
    r"""Return the spans between double quotation marks: in a written text, what people said.

    Examples
    --------
    >>> quoted("Iemand zei: “Ik was het.” (focusgroep 1)")
    [(13, 24)]
    """
    return [match.span(1) for match in _QUOTED.finditer(text)]


def without_paperwork(hits: Iterable[Hit], text: str) -> list[Hit]:
    r"""Leave out dates that belong to a paper rather than to somebody; a day beside a session or a person stays.

    Examples
    --------
    >>> text = "Kamerbrief van 25 oktober 2024\nop 25 oktober 2024 sprak ik haar"
    >>> [hit.start for hit in without_paperwork([Hit(15, 30, "date", 0.9, "date"), Hit(34, 49, "date", 0.9, "date")], text)]
    [34]
    """
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return [hit for hit in hits if hit.label != "date" or _of_somebody(hit, text, starts)]


def _of_somebody(hit: Hit, text: str, starts: list[int]) -> bool:
    """Tell whether a date stands in a line about somebody; of a row about a session the month is meant to be known, the day is not."""
    begin = starts[bisect_right(starts, hit.start) - 1]
    end = text.find("\n", hit.start)
    line = text[begin : end if end >= 0 else len(text)]
    if "\t" in line or line.startswith("|"):
        return _SESSION.search(line) is not None and _DAY.search(text, hit.start, hit.end) is not None
    return _SOMEBODY.search(line) is not None or _SESSION.search(line) is not None
