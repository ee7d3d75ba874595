"""Reading a researcher's text with method in mind: words that do not fit their figure, and claims a study like this cannot make.

Only the researcher's own words are read: placeholders, quotes and quoted paragraphs are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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


def lint(text: str, figures: Mapping[str, Figure]) -> list[Finding]:
    """Return what in a text does not fit what a study like this can say.

    Parameters
    ----------
    text
        The researcher's Markdown, with its placeholders.
    figures
        Per code, as placeholders name it: the focus groups that count and those where it came up (k, n).

    Returns
    -------
    list of Finding
        In order of place. ``quantifier``: a word such as "de meeste" in a sentence whose one figure has another term. ``often``: vaak, soms
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
        found += _of_sentence(text, own, start, sentence, figures)
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


def _of_sentence(text: str, own: str, start: int, sentence: str, figures: Mapping[str, Figure]) -> Iterator[Finding]:
    named = [figures[name] for name in _FIGURE.findall(sentence) if name in figures]
    named += [(int(k), int(n)) for k, n in _TYPED.findall(sentence)]
    here = own[start : start + len(sentence)]
    if len(set(named)) == 1:
        k, n = named[0]
        for pattern, term in _QUANTIFIERS:
            for match in pattern.finditer(here):
                if 0 <= k <= n and which_term(k, n) != term:
                    at = start + match.start()
                    yield Finding("quantifier", "stop", _line(text, at), at, at + len(match[0]), match[0])
    if _FIGURE.search(sentence):
        for match in _OFTEN.finditer(here):
            at = start + match.start()
            yield Finding("often", "warn", _line(text, at), at, at + len(match[0]), match[0])


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
