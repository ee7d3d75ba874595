"""What a story gives away without a name: the only one, a small team, an office, family at work, an illness, a project."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qualcode.privacy.hits import Hit, apart

_MY = r"(?:mijn|m'n|m’n|onze)"
_KIN = (
    "man|vrouw|partner|vriend|vriendin|zus|zusje|broer|broertje|dochter|zoon|zoontje|dochtertje|vader|moeder|neef|nicht|zwager|schoonzus|"
    "schoonvader|schoonmoeder|oom|tante|ex"
)
_NAMED = r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}"
_ILL = (
    r"\w{0,14}kanker|hartinfarct|herseninfarct|hersenbloeding|beroerte|epilepsie|hiv|miskraam|abortus|chemo\w{0,8}|bestraling(?:en)?|transplantatie|diabetes|"
    r"reuma|parkinson|psychose|bipolaire stoornis|autisme|adhd|leukemie|tumor|dialyse|amputatie|zelfmoordpoging|eetstoornis|anorexia|postnatale depressie|"
    r"multiple sclerose|borderline|ptss|sikkelcel\w{0,8}|hernia"
)
_OFFICE = (
    "voorzitter|vicevoorzitter|secretaris|penningmeester|bestuurslid|directeur|adjunct-directeur|rector|griffier|korpschef|burgemeester|wethouder|raadslid|gemeenteraadslid|"
    "statenlid|kamerlid|ouderling|imam|predikant|dominee|pastoor|rabbijn|pandit|ombudsman|inspecteur-generaal|hoofdinspecteur|hoofdredacteur|ambassadeur|consul|aalmoezenier"
)
_WHOSE = r"(?:vrouw\w{0,6}|man\w{0,6}|zwarte|gekleurde|witte|bruine|donkere|biculturele|bi-culturele|niet-witte|moslim\w{0,3}|joodse|homo\w{0,8}|lesbische|trans\w{0,8}|non-binaire|dove|blinde|slechtziende|met een|van kleur|allochto\w{0,4}|buitenlandse|hindoe\w{0,8}|islamitische|christelijke)"
_PEOPLES = r"(?:[A-Z][\w-]{2,20}(?:se|ische|ijnse|aanse|ese)|[A-Z][\w-]{2,14}(?:aan|aar|er|ees|ier|kaan))"

_PATTERNS: tuple[tuple[re.Pattern[str], str, float, str], ...] = (
    (
        re.compile(
            r"\b(?:de|als|het|een van de) enige(?:n)?\b(?! (?:keer|reden|manier|oplossing|vraag|optie|wat|dat|kans|ding|verschil|mogelijkheid|weg|troost|voorwaarde|uitzondering|echte|probleem|moment|plek|plaats|juiste|nadeel|voordeel|fout|dag|vorm|antwoord|houvast|raad|advies|zorg|opmerking|punt|woord|taal|werkelijke|garantie))"
            r"(?: (?!die\b|dat\b|wat\b|en\b|maar\b|want\b|dus\b)[\w'’-]{1,30}){0,6}"
        ),
        "unique",
        0.7,
        "only",
    ),
    (re.compile(rf"\benige {_WHOSE}(?: [\w'’-]{{1,30}}){{0,5}}"), "unique", 0.72, "only"),
    (
        re.compile(
            rf"\b(?:de|als|het|onze|hun) (?:aller)?(?:eerste|jongste|oudste|laatste) (?:{_WHOSE}|{_PEOPLES})(?: [\w'’-]{{1,30}}){{0,3}}"
        ),
        "unique",
        0.65,
        "first",
    ),
    (
        re.compile(r"\bmet z(?:['’`]|ij)?n (?:drieën|vieren|vijven|zessen|zevenen|achten|negenen|tienen|elven|twaalven)\b", re.IGNORECASE),
        "team",
        0.6,
        "team",
    ),
    (
        re.compile(rf"\b(?:{_OFFICE}) (?:van|bij|in|voor) (?!tevoren\b)(?:(?:de|het|een|onze|mijn|'t) )?[\w'’-]{{2,30}}"),
        "function",
        0.7,
        "office",
    ),
    (
        re.compile(rf"\b[Ii]k (?:ben|was|werd) (?:hier |toen |nu |daar |al |jaren |zelf |ooit )*(?:de )?(?:{_OFFICE})\b"),
        "function",
        0.7,
        "office",
    ),
    (
        re.compile(
            r"\b(?:vertrouwenspersoon|teamleider|afdelingshoofd|locatiemanager|coördinator|ambtssecretaris) (?:\w{1,12} )?sinds (?:19|20)\d\d\b"
        ),
        "function",
        0.75,
        "since",
    ),
    (
        re.compile(
            r"\b(?:\d+|[a-zë]{3,20}) jaar (?:lang )?(?:voorzitter|lid|secretaris|penningmeester|bestuurder) van (?:de|het) [\w-]{2,20}"
        ),
        "function",
        0.75,
        "office",
    ),
    (
        re.compile(r"\b[Ii]k (?:ben|was) (?:die|dat) (?!ene\b|dus\b|niet\b|wel\b|altijd\b)[\w-]{3,30} (?:van|uit|met|die) [\w'’-]{2,30}"),
        "known_for",
        0.65,
        "known_for",
    ),
    (
        re.compile(
            rf"\b{_MY} (?:{_KIN}) (?:werkt|werkte|zit|zat|staat|stond) (?:(?:hier|ook|nu|nog|zelf|toen|al) )*(?:bij|op|in) (?:(?:de|het|'t|ons|deze|een) )?[\w-]{{2,30}}",
            re.IGNORECASE,
        ),
        "family",
        0.6,
        "family",
    ),
    (re.compile(rf"\b{_MY} (?:{_KIN})[ ,]+(?:(?:die|zit|in|en|van) )*groep [1-8]\b(?: van (?:de|het) {_NAMED})?"), "family", 0.6, "family"),
    (re.compile(rf"\b(?:zit in|in) groep [1-8] van (?:de|het) {_NAMED}"), "family", 0.6, "family"),
    (
        re.compile(rf"\b(?:na |met |door |van |sinds )?{_MY} (?:eigen )?(?:{_ILL})\b(?: in (?:19|20)\d\d)?", re.IGNORECASE),
        "health",
        0.75,
        "health",
    ),
    (re.compile(rf"\b[Ii]k (?:heb|had|kreeg) (?:\w{{1,12}} )?(?:{_ILL})\b(?: in (?:19|20)\d\d)?"), "health", 0.75, "health"),
    (
        re.compile(
            r"\b(?:verlof|vrij|vakantie) (?:voor|om|vanwege|tijdens) (?:de |het )?(?:hadj|haj|bedevaart|umrah|oemra)\b(?: in (?:19|20)\d\d)?",
            re.IGNORECASE,
        ),
        "event",
        0.7,
        "event",
    ),
    (
        re.compile(
            r"\b\w{0,14}lichting (?:van )?(?:(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december) )?(?:19|20)\d\d\b"
        ),
        "event",
        0.87,
        "cohort",
    ),
    (
        re.compile(
            rf"\b(?:[Pp]roject|[Pp]rogramma|[Oo]peratie|[Dd]ossier|[Ww]erkgroep|[Cc]ommissie|[Tt]askforce|[Zz]aak)[ -](?:[Vv]an (?:[Dd]er |[Dd]en |[Dd]e )?)?{_NAMED}(?: {_NAMED})?"
        ),
        "event",
        0.88,
        "project",
    ),
    (
        re.compile(
            rf"\b{_MY} (?:interview|foto|stuk|ingezonden brief|column)\b[^.?!,\n]{{0,20}}\b(?:krant|tv|televisie|radio|tijdschrift|blad)\b(?: van [\w ]{{3,14}})?",
            re.IGNORECASE,
        ),
        "event",
        0.8,
        "media",
    ),
    (
        re.compile(
            r"\b(?:ik|wij|we) (?:heb |hebben )?(?:zat|stond|ben|was|kwam|gestaan|geweest)? ?(?:ooit |toen |zelf |een keer )*(?:in de krant|op tv|op televisie|op de radio) (?:gestaan|geweest|gekomen|gezeten)\b",
            re.IGNORECASE,
        ),
        "event",
        0.65,
        "media",
    ),
    (re.compile(r"\b[Kk]amer \d{1,3}(?:[.-]\d{1,3})?[a-z]?\b"), "room", 0.8, "room"),
    (re.compile(rf"\b(?:in|naar|bij|uit|van|op) [DH](?:e|et) {_NAMED}"), "room", 0.5, "building"),
)


def stories(text: str) -> list[Hit]:
    """Return phrases that narrow down who is meant.

    Examples
    --------
    >>> [hit.label for hit in stories("ik ben de enige vrouw hier, we zitten met z'n vieren in kamer 4.17")]
    ['unique', 'team', 'room']
    """
    return apart(_found(text))


def _found(text: str) -> Iterator[Hit]:
    for pattern, label, confidence, why in _PATTERNS:
        for match in pattern.finditer(text):
            yield Hit(*match.span(), label, confidence, why)
