"""Words around a name that say what it is: titles, roles, verbs of people, prepositions of places and of employers."""

from __future__ import annotations

import re

TITLE = (
    r"(?:mevrouw|mevr\.?|mw\.?|meneer|mijnheer|dhr\.?|de heer|heer|dokter|dr\.?|drs\.?|mr\.?|ir\.?|ing\.?|prof\.?|professor|meester|juf|juffrouw|pastoor|dominee|imam|zuster|"
    r"tante|oom|oma|opa|tía|tío|abla|abi|teyze|amca|khalti|ammo|minister|staatssecretaris|wethouder|burgemeester|majoor|kapitein|rechter|agent|directeur|"
    r"bedrijfsarts|huisarts|psycholoog|maatschappelijk werker|vertrouwenspersoon)"
)
ROLES = (
    r"(?:collega|collega's|oud-collega|ex-collega|baas|bazin|chef|leidinggevende|manager|teamleider|teamleidster|afdelingshoofd|ploegbaas|voorman|directeur|directrice|"
    r"coördinator|stagebegeleider|begeleider|mentor|docent|docente|leraar|lerares|vriend|vriendin|buurman|buurvrouw|man|vrouw|partner|zoon|zoontje|dochter|dochtertje|"
    r"zus|zusje|broer|broertje|neef|neefje|nicht|nichtje|moeder|vader|ex|kind|baby|kleinzoon|kleindochter|schoonzus|zwager|schoonmoeder|schoonvader|peettante|"
    r"bedrijfsarts|huisarts|dokter|arts|verpleegkundige|maatschappelijk werker|maatschappelijk werkster|consulent|klantmanager|wijkagent|agent|advocaat|"
    r"vertrouwenspersoon|secretaresse|receptionist|conciërge|beveiliger|stagiair|stagiaire|trainee|notulist|voorzitter|secretaris|penningmeester|hr-adviseur|personeelsadviseur|"
    r"projectleider|planner|chauffeur|kok|trainer|coach|cliënt|klant|patiënt|bewoner|bewoonster|deelnemer|gespreksleider)"
)
VERBS = (
    r"(?:zei|zegt|zeg|vroeg|vraagt|vindt|vond|denkt|dacht|heeft|had|is|was|werd|wordt|kwam|komt|ging|gaat|werkt|werkte|belt|belde|mailt|mailde|stuurde|riep|roept|lachte|"
    r"lacht|wil|wilde|wist|weet|woont|woonde|deed|doet|hielp|helpt|moest|mocht|kon|kan|zou|zal|zat|zit|stond|staat|bleef|blijft|kreeg|krijgt|begon|begint|noemde|noemt|gaf|"
    r"geeft|liep|loopt|schreef|vertelde|vertelt|legde|bedoelt|hoorde|zag|ziet|snapt|keek|kijkt|nam|neemt|liet|laat|heet|heette|reageerde|antwoordde|knikte|draaide|reed|leek|"
    r"vertrok|overleed|stopte|viel|haalde|bracht|pakte|regelde|zorgde|studeert|studeerde)"
)
BEFORE_TITLE = re.compile(rf"(?<![\w'’-]){TITLE}[ \xa0]$", re.IGNORECASE)
BEFORE_ROLE = re.compile(rf"(?<![\w'’-])({ROLES})(?:,| heet| heette| genaamd| is| was)?[ \xa0]$", re.IGNORECASE)
BEFORE_CALLED = re.compile(
    r"(?:\bheet(?:te|ten)?|\b(?:mijn|zijn|haar|de|z'n|d'r|m'n) (?:naam|voornaam|achternaam|roepnaam|bijnaam) (?:is|was|luidt)|\bgenaamd|\bnoem(?:t|de|den|en)? (?:me|mij|hem|haar|ze|hun|iedereen hem|iedereen haar)"
    r"|\bgenoemd|\b(?:dit|dat) (?:is|was)|\bik ben|\bspreekt u met|\bmet wie|\bgroeten?(?: van| aan)?,?|\bbeste|\blieve|\bhoi|\bhallo|\bhé|\bdag|\bhey|\b(?:samen|gesproken|gepraat|overleg|ruzie|bevriend|getrouwd|contact|een afspraak|gebeld|gemaild|werk|werkte|zat|zit) met|\bnaam(?:elijk)?)[ \xa0]$",
    re.IGNORECASE,
)
BEFORE_PLACE = re.compile(
    r"(?<![\w'’-])(?:in|uit|naar|te|richting|vanuit|rond|rondom|vlakbij|nabij|tussen|buurt van|omgeving van|gemeente|stad|dorp|wijk|kantoor|vestiging|locatie|filiaal|regio|post|post in|depot|depot in|station|kantine|nachtploeg|ploeg|standplaats|afdeling|team|district|haven van|provincie)[ \xa0]$",
    re.IGNORECASE,
)
# names of places that stand for who governs there when they find, want or decide something
SEATS = frozenset({"den haag", "brussel"})
_GOVERNS = (
    r"(?:vindt|vond|wil|wilde|zegt|zei|denkt|dacht|bepaalt|bepaalde|besluit|besloot|beslist|eist|verwacht|bezuinigt|belooft|beloofde|luistert|snapt|weet|moet|kan|gaat|komt|doet|"
    r"heeft|had|regelt|regeert|praat|roept|rekent|kijkt|stuurt)"
)
GOVERNING = re.compile(rf"[ \xa0]{_GOVERNS}\b", re.IGNORECASE)
# an article that belongs to a surname: of "de Vries" and "De Haan" the rest is a village too, but no village has it
BEFORE_SURNAME = re.compile(r"(?<![\w'’-])(?:van[ \xa0])?(?:de|den|der|ten|ter)[ \xa0]$", re.IGNORECASE)
BEFORE_EMPLOYER = re.compile(
    r"(?<![\w'’-])(?:bij|voor|van|namens|door|op)(?:[ \xa0](?:de|het|'t|onze|ons|een))?[ \xa0]$",
    re.IGNORECASE,
)
WORK = re.compile(
    r"\b(?:werk|werkt|werkte|werken|gewerkt|stage|baan|bijbaan|bijbaantje|solliciteer\w*|gesolliciteerd|ontslagen|aangenomen|dienst|contract|collega'?s?|leerling|student|studeer\w*|gestudeerd|opleiding|"
    r"uitzendkracht|chauffeur|monteur|kassa|vakkenvuller|begonnen|bankrekening|verzekerd|opgenomen|behandeling|aangesloten|lid|huur|klant|schoonmaak\w*|les|college|school|vergadering|klacht|brief|loopt?|zit|zat|belde|gebeld)\b",
    re.IGNORECASE,
)
BEFORE_VERB = re.compile(rf"(?<![\w'’-])(?:{VERBS}|tegen|met|aan|collega|naast)[ \xa0]$", re.IGNORECASE)
AFTER_PERSON = re.compile(rf"(?:,? (?:die|dat) |,? {VERBS}\b|'s\b)", re.IGNORECASE)
AFTER_ROLE = re.compile(
    rf"[ ,(]+(?:(?:die|was|is|onze|mijn|de|een|toen|destijds|nu|zijn|haar|werd|dus|ook) ){{0,5}}({ROLES})\b", re.IGNORECASE
)
ORGANISATION_HEAD = re.compile(
    r"\b(?:[Gg]emeente|[Pp]rovincie|[Mm]inisterie|[Ss]tichting|[Vv]ereniging|[Uu]niversiteit|[Hh]ogeschool|ROC|GGD|GGZ|UMC|MBO|HBO|VMBO|[Pp]olitie|[Ii]nspectie|[Rr]ijksdienst|[Dd]ienst|[Ww]aterschap|[Hh]oogheemraadschap|"
    r"[Rr]echtbank|[Gg]erechtshof|[Ss]amenwerkingsverband|[Vv]eiligheidsregio|[Zz]orggroep|[Bb]asisschool|OBS|CBS|[Cc]amping|[Hh]otel|[Cc]afé|[Rr]estaurant|[Bb]akkerij|[Ss]lagerij|[Gg]arage|[Ff]irma|[Vv]oetbalclub|VV|SV|FC|RKVV|"
    r"[Mm]oskee|[Kk]erk|[Ss]ynagoge|[Tt]empel|[Bb]uurthuis|[Zz]wembad|[Vv]erpleeghuis|[Vv]erzorgingshuis|[Hh]uisartsenpraktijk|[Kk]inderopvang|[Bb]ibliotheek)\b"
)
ORGANISATION_TAIL = re.compile(
    r"(?:\b(?:College|Lyceum|Universiteit|University|Ziekenhuis|Gasthuis|Kliniek|Bank|Groep|Group|Scholen|School|Academie|Academy|Centrum|Center|Instituut|Museum|Theater|Holding|Advies|Consultancy|Logistics|Logistiek|"
    r"Transport|Bouw|Catering|Pluimvee|Techniek|Installaties|Schoonmaak|Zorg|Thuiszorg|Uitzendbureau|Uitzendgroep|Detachering|Makelaars|Notarissen|Advocaten|Accountants|Verzekeringen|Wonen|Energie|Foods|Food|Services|Solutions|Nederland|"
    r"Foundation|Stichting|Dienst|Sociale Dienst|Raad|B\.?V\.?|N\.?V\.?|VOF|MC|UMC|Boys|United|Supermarkt|Drogist|Bakkerij|Kwekerij|Metaal|Staal|Papier|Chemie|Pharma|Media|Festival|Fonds|Beheer|Vastgoed|Post|Koeriers|Taxi|Tours|Reizen|Airport|Airlines)$"
    r"|(?:college|lyceum|ziekenhuis|gasthuis|umc|bank|zorg|bouw|groep|school|werk|net|kliniek|fonds|dienst)$)"
)

_LOOK = 40


def governs(text: str, start: int, end: int) -> bool:
    """Tell whether a place is who governs there: `Den Haag vindt dat`, and not `ik woon in Den Haag`.

    Examples
    --------
    >>> governs("Den Haag vindt dat", 0, 8), governs("ik kwam in Den Haag te wonen", 11, 19)
    (True, False)
    """
    here = BEFORE_PLACE.search(text, max(0, start - _LOOK), start)
    return text[start:end].lower().replace("\xa0", " ") in SEATS and here is None and GOVERNING.match(text, end) is not None


def surname_begins(text: str, start: int) -> int | None:
    """Return where the article begins that makes a place a surname (`mevrouw de Vries` does not live in Vries); ``None`` when there is none.

    Examples
    --------
    >>> surname_begins("mevrouw de Vries", 11), surname_begins("in de Haan", 6), surname_begins("naar Vries", 5)
    (8, None, None)
    """
    before = BEFORE_SURNAME.search(text, max(0, start - _LOOK), start)
    if before is None or BEFORE_PLACE.search(text, max(0, before.start() - _LOOK), before.start()):
        return None
    return before.start()


def role_near(text: str, start: int, end: int) -> str:
    """Return the role that words around a name give its bearer (``teamleider``, ``collega``), or nothing.

    Examples
    --------
    >>> role_near("mijn teamleider, Ronnie, zei", 17, 23)
    'teamleider'
    """
    before = BEFORE_ROLE.search(text, max(0, start - _LOOK), start)
    if before:
        return before.group(1).lower()
    title = BEFORE_TITLE.search(text, max(0, start - _LOOK), start)
    if title and (named := re.fullmatch(ROLES, title.group().strip(), re.IGNORECASE)):
        return named.group().lower()
    after = AFTER_ROLE.match(text, end)
    return after.group(1).lower() if after else ""
