"""Reading a researcher's text with method in mind: words that do not fit their figure, and claims a study like this cannot make.

Only the researcher's own words are read: placeholders, quotes and quoted paragraphs are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qualcode.analysis.terms import which_term
from qualcode.labels import say

Figure = tuple[int, int]

_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_NOT_OWN = re.compile(r"<!--.*?(?:-->|\Z)|^>.*$|[“\"][^”\"\n]*[”\"]", re.DOTALL | re.MULTILINE)
_SENTENCE = re.compile(r"[^.!?\n]+(?:\n(?!\s*\n)[^.!?\n]+)*[.!?]?|\n")
_NUMBER = r"(?:\d+|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien)"
_IN = r"(?:focus)?groep(?:en)?|sessies?|interviews?|gesprekken"

# words about groups, and the term each stands for
_QUANTIFIERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b{words}\s+(?:van\s+de\s+)?(?:focus)?groepen\b", re.IGNORECASE), term)
    for words, term in (
        (r"(?<!vrijwel )(?<!bijna )(?<!nagenoeg )alle", "all"),
        (r"(?:vrijwel|bijna|nagenoeg) alle", "nearly_all"),
        (r"(?:de )?(?:meeste|meerderheid van de)", "most"),
        (r"(?:ongeveer )?de helft", "half"),
        (r"(?:een deel|enkele|sommige)", "some"),
    )
)
_RULES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (rule, severity, re.compile(pattern, re.IGNORECASE))
    for rule, severity, pattern in (
        (
            "significance",
            "stop",
            r"\bp\s?[<=>]\s?0?[.,]\d+|\bp-waarden?\b|\bsignifican\w+|\bchi-?kwadraat\w*|\bt-toets\w*|\bbetrouwbaarheidsinterval\w*|\bp-values?\b",
        ),
        ("percentage", "stop", r"\b\d+(?:[.,]\d+)?\s?(?:%|procent\b|percent\b)|\bgemiddeld \d"),
        (
            "fraction",
            "stop",
            rf"\b(?:een|twee|drie) (?:derde|kwart|vijfde)\b|\b(?:de helft|een kwart|{_NUMBER} op de {_NUMBER}) (?:van )?(?:de |alle )?(?:rijks)?(?:ambtenaren|medewerkers|deelnemers)",
        ),
        ("typed_number", "stop", rf"\b{_NUMBER} (?:van de|of the) {_NUMBER}\b|\b(?:in )?{_NUMBER} (?:{_IN}|focus groups?)\b"),
        ("everyone", "warn", r"\b(?:de meeste|alle|vrijwel alle|bijna alle|veel) deelnemers\b|\b(?:most|all) participants\b"),
        (
            "general",
            "warn",
            r"\brijksambtenaren\b|\b(?:alle|de meeste|veel) (?:ambtenaren|medewerkers)\b|\bbij de rijksoverheid (?:is|zijn|wordt|worden)\b|\bcivil servants\b",
        ),
        (
            "causal",
            "warn",
            r"\b(?:leidt|leiden|leidde|leidden) (?:\w+ ){0,2}tot\b|\bveroorzaa?k\w*|\bheeft (?:\w+ )?tot gevolg\b|\bis het gevolg van\b|\bzorgt ervoor dat\b|\bcauses?\b|\bleads? to\b",
        ),
        ("proof", "warn", r"\bblijk(?:t|en)\b|\bbewijst\b|\baangetoond\b|\bproves?\b"),
        ("anonymous", "warn", r"\banoniem\b|\bgeanonimiseerd\w*|\banonymous\b|\banonymised\b"),
    )
)
_OFTEN = re.compile(r"\b(?:vaak|soms|regelmatig|meestal|often|sometimes)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\{\{\s*(?:spreiding|term)\s*:\s*([^{}|]+?)\s*\}\}")
_TYPED = re.compile(r"\((\d+) van de (\d+)\)")
_NTH = ("eerste|1e|first", "tweede|2e|second", "derde|3e|third", "vierde|4e|fourth")


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in a text that wants a second look.

    ``rule`` names what is wrong, ``severity`` is ``stop`` (a definitive report is not built) or ``warn``, ``start`` and ``end`` are code points in the text,
    ``line`` counts from 1, ``words`` are the researcher's own.
    """

    rule: str
    severity: str
    line: int
    start: int
    end: int
    words: str

    def __str__(self) -> str:
        """Return what is wrong and what to write instead."""
        return say(f"report.lint_{self.rule}", words=self.words)


def lint(text: str, figures: Mapping[str, Figure], *, rounds: Mapping[str, Mapping[str, Figure]] | None = None) -> list[Finding]:
    """Return what in a text does not fit what a study like this can say.

    Parameters
    ----------
    text
        The researcher's Markdown, with its placeholders.
    figures
        Per code, as placeholders name it: the focus groups that count and those where it came up (k, n).
    rounds
        The same per round, in a study of several: a word is then held against the round that is named with it, else against each of them.

    Returns
    -------
    list of Finding
        In order of place. ``quantifier``: a word such as "de meeste" in a sentence whose one figure has another term (``quantifier_round``: in
        the round it speaks of). ``often``: vaak, soms
        beside a spread. ``typed_number``, ``percentage``, ``fraction``: numbers that do not come from the study. ``everyone``, ``general``, ``causal``, ``proof``,
        ``anonymous``, ``significance``: claims.

    Examples
    --------
    >>> [f.rule for f in lint("In de meeste focusgroepen ({{term:E01}}) is dit verteld.", {"E01": (3, 9)})]
    ['quantifier']
    >>> lint("In de meeste focusgroepen ({{term:O01}}) is dit verteld.", {"O01": (7, 9)})
    []
    """
    own = _blanked(text)
    found = [
        Finding(rule, severity, _line(text, m.start()), m.start(), m.end(), m[0])
        for rule, severity, pattern in _RULES
        for m in pattern.finditer(own)
    ]
    for start, sentence in _sentences(text, own):
        found += _of_sentence(text, own, start, sentence, rounds or {"": figures})
    return sorted(set(found), key=lambda f: (f.start, f.rule))


def _blanked(text: str) -> str:
    """Return the text with everything that is not the researcher's own prose as blanks, places kept."""
    return _PLACEHOLDER.sub(_blank, _NOT_OWN.sub(_blank, text))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _sentences(text: str, own: str) -> Iterator[tuple[int, str]]:
    """Yield each sentence with its place; a dot inside a placeholder ends nothing."""
    for match in _SENTENCE.finditer(own):
        yield match.start(), text[match.start() : match.end()]


def _of_sentence(text: str, own: str, start: int, sentence: str, figures: Mapping[str, Mapping[str, Figure]]) -> Iterator[Finding]:
    here = own[start : start + len(sentence)]
    held = {name: figure for name, each in figures.items() if (figure := _one_figure(sentence, each)) is not None}
    spots = sorted((match.start(), match.end(), term) for pattern, term in _QUANTIFIERS for match in pattern.finditer(here))
    meant = _meant(here, [(first, last) for first, last, _ in spots], list(figures))
    for (first, last, term), names in zip(spots, meant, strict=True):
        if any(0 <= held[name][0] <= held[name][1] and which_term(*held[name]) != term for name in names if name in held):
            at, rule = start + first, "quantifier" if len(figures) == 1 else "quantifier_round"
            yield Finding(rule, "stop", _line(text, at), at, start + last, here[first:last])
    if _FIGURE.search(sentence):
        for match in _OFTEN.finditer(here):
            at = start + match.start()
            yield Finding("often", "warn", _line(text, at), at, at + len(match[0]), match[0])


def _one_figure(sentence: str, figures: Mapping[str, Figure]) -> Figure | None:
    """Return the figure a sentence is about; nothing where it has none, or more than one."""
    named = {figures[name] for name in _FIGURE.findall(sentence) if name in figures}
    named |= {(int(k), int(n)) for k, n in _TYPED.findall(sentence)}
    return named.pop() if len(named) == 1 else None


def _meant(here: str, spots: Sequence[tuple[int, int]], names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield for each quantifier of a sentence which rounds it speaks of: those named with it, or all of them where none is.

    Where a sentence has several quantifiers, a round goes with the one before it, unless that has a round of its own already.
    """
    patterns = [_round(name, nth) for nth, name in enumerate(names)] if len(names) > 1 else []
    named = sorted((match.start(), match.end(), name) for name, of in zip(names, patterns, strict=False) for match in of.finditer(here))
    left = 0
    for place, (start, end) in enumerate(spots, 1):
        last = place == len(spots)
        before = [one for one in named if left <= one[0] < start]
        after = [one for one in named if end <= one[0] and (last or one[0] < spots[place][0])]
        own = before + after if last else before or after[:1]
        left = max(end, *(one[1] for one in own)) if own else end
        yield [name for _, _, name in own] or names


def _round(name: str, nth: int) -> re.Pattern[str]:
    """Return how a text names a round: by its name, or as the second."""
    counted = rf"|(?:{_NTH[nth]})\s+(?:ronde|meting|round)" if nth < len(_NTH) else ""
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<!\w)(?:{words}{counted})(?!\w)", re.IGNORECASE)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
