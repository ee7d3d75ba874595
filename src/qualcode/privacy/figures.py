"""Numbers and addresses that name or narrow down a person: found by their form, and by their check digits where they have them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qualcode.privacy.hits import Hit, apart

_UNITS = (
    "nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien"
)
_TENS = "twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig"
_JOINED = rf"(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:en|ën)(?:{_TENS})"
_SAID = rf"(?:{_JOINED}|{_UNITS}|{_TENS})"
_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_SHORT = "jan|feb|febr|mrt|apr|jun|jul|aug|sept|sep|okt|nov|dec"
_STREET = (
    "straat|laan|weg|plein|kade|gracht|singel|dijk|steeg|dreef|plantsoen|straatje|pad|hof|park|baan|markt|wal|erf|oever|boulevard|allee|"
    "lei|kamp|veld|burg|haven|donk|ring|akker|berg|zijde|wijk|stede|burcht|passage"
)
_NOT_LETTERS = "en|of|is|in|op|de|af|om|te|we|ik|je|ze|er|al|zo|nu|ja|me|uh|eh|na|at|ha|he|hè|bij|pk|km|cm|kg"

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_SAID_EMAIL = re.compile(
    r"\b(?!(?:naar|op|is|mail|via|adres|het)\b)\w{1,30}(?: (?:punt|streepje|underscore|laag streepje) \w{1,30}| (?:van|de|der|den|\w{1,30}(?= apenstaartje))){0,5} (?:apenstaartje|apestaartje|at) [\w-]{1,30}(?: (?:punt|streepje) \w{1,30}){1,3}",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')]+|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.(?:nl|com|org|net|eu|be|example|info)\b(?:/[^\s<>\"')]*)?|\bwww punt \w+ punt \w+",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.])@[A-Za-z_][\w.]{2,}")
_PHONE = re.compile(
    r"(?<![\w.,-])(?:\+\d{2}[\s.-]?(?:\(0\)[\s.-]?)?|00\d{2}[\s.-]?|\(?0)(?:[\s().-]{0,2}\d){8,10}(?!\d)|(?<![\w.])\+\d{1,3}(?:[\s().-]?\d){7,12}(?!\d)"
)
_SAID_DIGITS = re.compile(rf"\bnul(?:[\s,-]+(?:nul|{_SAID}|dubbel|\d+)){{4,}}\b|\b{_SAID}(?:[\s,-]+{_SAID}){{7,}}\b", re.IGNORECASE)
_BSN = re.compile(r"(?<![\w.-])\d(?:[ .]?\d){7,8}(?![\w-]|[.,]\d)")
_BSN_CUE = re.compile(r"\b(?:bsn|burgerservice\s?nummer|sofi-?nummer|b\.?s\.?n\.?)\b\D{0,30}$", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .]?[A-Z0-9]{4}){2,7}(?:[ .]?[A-Z0-9]{1,4})?\b", re.IGNORECASE)
_IBAN_CUE = re.compile(r"\b(?:iban|rekening\w*|gironummer)\b[^.?!\n]{0,30}$", re.IGNORECASE)
_ACCOUNT = re.compile(r"(?<![\w.])\d(?:[. ]?\d){6,9}(?![\w.])")
_POSTCODE = re.compile(rf"(?<![\w.,-])[1-9]\d{{3}}(?: ?(?!S[ADS]\b)[A-Z]{{2}}| ?(?!(?:{_NOT_LETTERS})\b)[a-z]{{2}})\b(?![-'’])")
_CAP = r"(?:[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİŁŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŹŻŽ'’])"
_ADDRESS = re.compile(
    rf"\b(?:{_CAP}[\w.'’-]{{0,30}}[ ]){{0,3}}{_CAP}[\w.'’-]{{0,40}}?(?:(?:{_STREET})|(?:[ ](?:van|de|der|den|het|ten|ter|'t)){{1,3}}[ ]{_CAP}[\w'’-]{{1,30}})"
    r"[ ]\d{1,4}(?:[ -]?(?:[a-zA-Z]|hs|bis|[IVX]+|\d{1,3}))?\b"
)
_SMALL_ADDRESS = re.compile(
    rf"(?<![\w'’-])[\w'’-]{{2,40}}?(?:{_STREET})\b[ ](?:nummer[ ])?(?:\d{{1,4}}(?:[ -]?[a-z]\b)?|(?!(?:een|één)\b){_SAID})\b(?! (?:keer|jaar|uur|mensen|minuten|procent|dagen|weken))",
    re.IGNORECASE,
)
_STREET_ONLY = re.compile(
    rf"(?<=[a-z,] )(?:{_CAP}[\w'’.-]{{0,30}}[ ])?{_CAP}[\w'’-]{{1,40}}?(?:straat|laan|weg|plein|kade|gracht|singel|dijk|steeg|dreef|plantsoen|straatje)\b"
)
_PLATE = re.compile(
    r"\b(?:[A-Z]{2}-\d{2}-\d{2}|\d{2}-\d{2}-[A-Z]{2}|\d{2}-[A-Z]{2}-\d{2}|[A-Z]{2}-\d{2}-[A-Z]{2}|[A-Z]{2}-[A-Z]{2}-\d{2}|\d{2}-[A-Z]{2}-[A-Z]{2}"
    r"|\d{2}-[A-Z]{3}-\d|\d-[A-Z]{3}-\d{2}|[A-Z]{2}-\d{3}-[A-Z]|[A-Z]-\d{3}-[A-Z]{2}|[A-Z]{3}-\d{2}-[A-Z]|[A-Z]-\d{2}-[A-Z]{3}|\d-[A-Z]{2}-\d{3}|\d{3}-[A-Z]{2}-\d)\b",
    re.IGNORECASE,
)
_SAID_PLATE = re.compile(
    r"\bkenteken\w{0,6}(?: (?:is|was|van|nummer|begint|met)){0,2}:? ((?=[\w -]{0,9}\d)[A-Z\d]{1,3}[ -]?[A-Z\d]{1,3}[ -]?[A-Z\d]{1,3})\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"(?<![\w.])(?:de )?(?:[0-3]?\d(?:e|de|ste)?|(?:{_SAID})(?:de|ste|e)?|eerste|tweede|derde) (?:{_MONTHS})(?:,? (?:19|20)\d\d| '?\d\d(?!\d| uur))?\b"
    rf"|(?<![\w.])[0-3]?\d (?:{_SHORT})\b\.?(?: (?:19|20)\d\d)?"
    r"|(?<![\w.,/-])(?:[0-3]?\d)[-/.](?:0?[1-9]|1[0-2])[-/.](?:(?:19|20)\d\d|\d\d)(?![\w-])"
    r"|(?<![\w.,/-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-[0-3]\d(?![\w-])"
    rf"|\b(?:{_MONTHS}) (?:19|20)\d\d\b",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\bgeboren (?:in|op|ben ik in) ((?:19|20)\d\d|'?\d\d)\b|\b(?:bouwjaar|geboortejaar|jaargang)(?: is)? ((?:19|20)\d\d|'?\d\d)\b",
    re.IGNORECASE,
)
_YEARS = rf"(?:\d{{1,3}}|{_SAID})"
_AGE = re.compile(
    rf"\b(?:ik|hij|ze|zij|die|je|dochter|zoon|moeder|vader|man|vrouw|jongen|meisje) (?:ben|is|was|werd|word|wordt) (?:nu |net |pas |al |ook |toen |bijna |inmiddels |zelf |dus |ondertussen )*({_YEARS}(?: jaar)?)"
    rf"(?=\s*(?:oud\b|[.,;!?)]|$|en (?:ik|hij|ze|zij|heb|woon|kom|werk)\b))"
    rf"|\b((?!een\b|één\b){_YEARS}[ -]?(?:jarige|jarig))\b|\b({_YEARS} jaar oud)\b|\bleeftijd (?:is |van )?({_YEARS})\b|\b(?:een|die) (?:man|vrouw|jongen|meisje|meid|kerel) van ({_YEARS}(?: jaar)?)\b"
    rf"|\bik (?:ben|word|was) (?:nu |net |pas |al |toen |bijna |inmiddels )*((?:[1-9]\d|{_JOINED}|{_TENS}|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien)(?: jaar)?)"
    r"(?! (?:procent|uur|keer|kilo|dagen|weken|maanden|minuten|euro|kilometer|jaar geleden|collega|mensen|van|%|meter|jaar (?:bij|in|hier|lang))|%|\w)"
    rf"|\b(?:ben|word|is|was) (?:nu |net |pas |al |toen |bijna |inmiddels )*({_YEARS} jaar)(?= (?:oud|en)\b|[.,;!?]|$)",
    re.IGNORECASE,
)
_MADE_NUMBER = re.compile(
    r"\b(?:personeels|dossier|zaak|klant|patiënt|patient|lid|student|studenten|meld|meldings|relatie|polis|order|kenmerk|volg|registratie|paspoort|id|big|kvk|vreemdelingen|v|cliënt)-?(?:nummer|nr)\.?"
    # the mark of a state of a study (41-0b5532e7) is no case
    r"(?: (?:is|was|van mij is))?:? ?(?!\d+-(?=[\da-f]*[a-f])[\da-f]{8}\b)([A-Za-z]{0,4}[-/. ]?\d[\dA-Za-z./-]*\d|\d)"
    r"|\b(?:zaak|dossier|kenmerk) (?!\d+-(?=[\da-f]*[a-f])[\da-f]{8}\b)((?:[A-Z]{1,4}[-/. ]?)?\d{2,}(?:[-/.]\d+)+|[A-Z]{1,4}-?\d{3,})"
    r"|\b((?:klacht|melding|zaak|dossier|sollicitatie)\w*(?: (?:was|is|had|heeft))? (?:nummer|nr\.?) ?\d+(?: van (?:dat|dit) jaar)?)",
    re.IGNORECASE,
)
_IP = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_ELEVEN = 11
_LONG_ENOUGH = 8


def eleven_proof(digits: str) -> bool:
    """Tell whether eight or nine digits can be a citizen service number (BSN).

    Weights 9 to 2 and -1 over nine digits; the sum must be divisible by eleven (Besluit burgerservicenummer).

    Examples
    --------
    >>> eleven_proof("111222333"), eleven_proof("123456789")
    (True, False)
    """
    padded = digits.zfill(9)
    total = sum(int(d) * w for d, w in zip(padded, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return total % _ELEVEN == 0 and int(padded) > 0


def iban_proof(account: str) -> bool:
    """Tell whether an account number passes the check of ISO 13616 (remainder 1 by 97).

    Examples
    --------
    >>> iban_proof("NL91 ABNA 0417 1643 00"), iban_proof("NL91 ABNA 0417 1643 01")
    (True, False)
    """
    bare = "".join(c for c in account.upper() if c.isalnum())
    turned = bare[4:] + bare[:4]
    return turned.isalnum() and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _groups(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of the first group that took part in each match, the whole match without groups."""
    for match in pattern.finditer(text):
        held = next((n for n in range(1, (match.re.groups or 0) + 1) if match.group(n) is not None), 0)
        yield match.span(held)


def _plain(text: str) -> Iterator[Hit]:
    for pattern, label, confidence, why in (
        (_EMAIL, "email", 0.99, "form"),
        (_SAID_EMAIL, "email", 0.9, "spoken"),
        (_URL, "url", 0.9, "form"),
        (_HANDLE, "handle", 0.8, "form"),
        (_PHONE, "phone", 0.95, "form"),
        (_SAID_DIGITS, "phone", 0.8, "spoken"),
        (_POSTCODE, "postcode", 0.9, "form"),
        (_ADDRESS, "address", 0.96, "street"),
        (_SMALL_ADDRESS, "address", 0.9, "street"),
        (_STREET_ONLY, "address", 0.75, "street"),
        (_PLATE, "plate", 0.93, "form"),
        (_SAID_PLATE, "plate", 0.85, "form"),
        (_DATE, "date", 0.85, "date"),
        (_BORN, "age", 0.85, "age"),
        (_AGE, "age", 0.8, "age"),
        (_MADE_NUMBER, "number", 0.9, "number"),
        (_IP, "number", 0.8, "form"),
    ):
        for start, end in _groups(pattern, text):
            yield Hit(start, end, label, confidence, why)


def _checked(text: str) -> Iterator[Hit]:
    """Yield what has check digits: sure when they fit, likely when only the words around them say so."""
    for match in _BSN.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        cued = _BSN_CUE.search(text, max(0, match.start() - 45), match.start()) is not None
        proof = eleven_proof(digits)
        spaced = digits != match.group()
        if cued or (proof and (not spaced or len(digits) > _LONG_ENOUGH)):
            yield Hit(*match.span(), "bsn", 0.99 if cued and proof else 0.9 if cued else 0.85, "bsn" if proof else "cue")
    for match in _IBAN.finditer(text):
        if iban_proof(match.group()):
            yield Hit(*match.span(), "iban", 0.99, "iban")
        elif match.group()[:2].upper() == "NL" and any(c.isdigit() for c in match.group()[4:]):
            yield Hit(*match.span(), "iban", 0.8, "cue")
    for match in _ACCOUNT.finditer(text):
        if _IBAN_CUE.search(text, max(0, match.start() - 50), match.start()):
            yield Hit(*match.span(), "iban", 0.8, "cue")


def figures(text: str) -> list[Hit]:
    """Return numbers, addresses, dates and ages in a text.

    Examples
    --------
    >>> [hit.label for hit in figures("bel 06-12345678, ik ben 23 jaar, Kastanjelaan 14, 12 maart 2019")]
    ['phone', 'age', 'address', 'date']
    """
    found = [*_plain(text), *_checked(text)]
    return apart(hit for hit in found if text[hit.start : hit.end].strip())
