"""How Dutch spells the forms of verbs and small nouns: the words that a form may come from, most likely first."""

from __future__ import annotations

from collections.abc import Iterator

# infinitive, then its past forms and participle; who has ge- or another prefix before it follows the same way
_STRONG = """
bakken gebakken|barsten gebarsten|bederven bedierf bedierven bedorven|bedriegen bedroog bedrogen|beginnen begon begonnen begonnen|
begrijpen begreep begrepen|belijden beleed beleden|bergen borg borgen geborgen|bevelen beval bevalen bevolen|bezwijken bezweek bezweken|
bidden bad baden gebeden|bieden bood boden geboden|bijten beet beten gebeten|binden bond bonden gebonden|blazen blies bliezen geblazen|
blijken bleek bleken gebleken|blijven bleef bleven gebleven|blinken blonk blonken geblonken|breken brak braken gebroken|
brengen bracht brachten gebracht|buigen boog bogen gebogen|denken dacht dachten gedacht|doen deed deden gedaan doet|dragen droeg droegen gedragen|
drijven dreef dreven gedreven|dringen drong drongen gedrongen|drinken dronk dronken gedronken|druipen droop dropen gedropen|
duiken dook doken gedoken|dwingen dwong dwongen gedwongen|eten at aten gegeten|fluiten floot floten gefloten|gaan ging gingen gegaan gaat ga|
gelden gold golden gegolden|genezen genas genazen genezen|genieten genoot genoten|geven gaf gaven gegeven|gieten goot goten gegoten|
glijden gleed gleden gegleden|graven groef groeven gegraven|grijpen greep grepen gegrepen|hangen hing hingen gehangen|hebben had hadden gehad heeft|
heffen hief hieven geheven|helpen hielp hielpen geholpen|heten geheten|hijsen hees hesen gehesen|houden hield hielden gehouden hou|
houwen hieuw gehouwen|jagen joeg joegen gejaagd|kiezen koos kozen gekozen|kijken keek keken gekeken|klimmen klom klommen geklommen|
klinken klonk klonken geklonken|knijpen kneep knepen geknepen|komen kwam kwamen gekomen komt kom|kopen kocht kochten gekocht|krijgen kreeg kregen gekregen|
krimpen kromp krompen gekrompen|kruipen kroop kropen gekropen|lachen gelachen|laden geladen|laten liet lieten gelaten|lezen las lazen gelezen|
liegen loog logen gelogen|liggen lag lagen gelegen ligt lig|lijden leed leden geleden|lijken leek leken geleken|lopen liep liepen gelopen|
meten mat maten gemeten|mijden meed meden gemeden|moeten moest moesten gemoeten|nemen nam namen genomen|overlijden overleed overleden|
plegen placht|prijzen prees prezen geprezen|raden ried geraden|rijden reed reden gereden|rijzen rees rezen gerezen|roepen riep riepen geroepen|
ruiken rook roken geroken|scheiden gescheiden|schelden schold scholden gescholden|schenken schonk schonken geschonken|
scheppen schiep schiepen geschapen|scheren schoor schoren geschoren|schieten schoot schoten geschoten|schijnen scheen schenen geschenen|
schrijven schreef schreven geschreven|schrikken schrok schrokken geschrokken|schuiven schoof schoven geschoven|slaan sloeg sloegen geslagen slaat sla|
slapen sliep sliepen geslapen|slijten sleet sleten gesleten|sluiten sloot sloten gesloten|smelten smolt smolten gesmolten|smijten smeet smeten gesmeten|
snijden sneed sneden gesneden|spijten speet gespeten|splijten spleet spleten gespleten|spreken sprak spraken gesproken|springen sprong sprongen gesprongen|
spuiten spoot spoten gespoten|staan stond stonden gestaan staat sta|steken stak staken gestoken|stelen stal stalen gestolen|
sterven stierf stierven gestorven|stijgen steeg stegen gestegen|stinken stonk stonken gestonken|stoten stootte gestoten|strijden streed streden gestreden|
strijken streek streken gestreken|stuiven stoof stoven gestoven|treden trad traden getreden|treffen trof troffen getroffen|trekken trok trokken getrokken|
vallen viel vielen gevallen|vangen ving vingen gevangen|varen voer voeren gevaren|vechten vocht vochten gevochten|verbieden verbood verboden|
verdwijnen verdween verdwenen|vergeten vergat vergaten vergeten|verliezen verloor verloren|vertrekken vertrok vertrokken|verzinnen verzon verzonnen|
vinden vond vonden gevonden|vliegen vloog vlogen gevlogen|vouwen gevouwen|vragen vroeg vroegen gevraagd|vreten vrat vraten gevreten|
vriezen vroor gevroren|waaien woei|wassen gewassen|wegen woog wogen gewogen|werpen wierp wierpen geworpen|werven wierf wierven geworven|
weten wist wisten geweten|wijken week weken geweken|wijten weet weten geweten|wijzen wees wezen gewezen|winden wond wonden gewonden|
winnen won wonnen gewonnen|worden werd werden geworden|wrijven wreef wreven gewreven|wringen wrong gewrongen|zeggen zei zeiden gezegd zegt zeg|
zenden zond zonden gezonden|zien zag zagen gezien ziet zie|zijn was waren geweest|zingen zong zongen gezongen|zinken zonk zonken gezonken|
zitten zat zaten gezeten zit|zoeken zocht zochten gezocht|zuigen zoog zogen gezogen|zuipen zoop zopen gezopen|zullen zou zouden|
zweren zwoer zwoeren gezworen|zwemmen zwom zwommen gezwommen|zwijgen zweeg zwegen gezwegen
"""
STRONG: dict[str, str] = {}
for _each in reversed(_STRONG.replace("\n", "").split("|")):
    _infinitive, *_forms = _each.split()
    STRONG |= dict.fromkeys(_forms, _infinitive)

PARTICLES = tuple(
    "achteruit vooruit achterna tegemoet achter binnen buiten kwijt klaar langs onder rond samen schoon stil tegen terug thuis voort vast over open "
    "plaats deel aan bij door goed heen los mee neer toe uit vol voor vrij weg af in na om op".split()
)
_PREFIXES = ("be", "ver", "ont", "her", "mis", "over", "onder", "weer")
_VOWELS = frozenset("aeiou")
_SMALL = (("kje", "g"), ("etje", ""), ("pje", ""), ("tje", ""), ("je", ""))
_VOICED = {"f": "v", "s": "z"}
_LEAST = 2


def of_strong(form: str) -> str | None:
    """Return the infinitive of a strong verb's form, with the prefix or particle before it: onthield onthouden, opgestaan opstaan.

    Examples
    --------
    >>> of_strong("bestaat"), of_strong("opgeschreven"), of_strong("gemeld")
    ('bestaan', 'opschrijven', None)
    """
    if form in STRONG:
        return STRONG[form]
    return next(
        (front + STRONG[rest] for front in (*_PREFIXES, *PARTICLES) if (rest := form.removeprefix(front)) != form and rest in STRONG), None
    )


def infinitives(form: str) -> Iterator[str]:
    """Give the infinitives that a form of a verb may belong to, the likeliest first; most of them do not exist.

    Examples
    --------
    >>> "luisteren" in set(infinitives("luistert")), next(infinitives("snap"))
    (True, 'snappen')
    """
    for ending in ("", "t", "d", "te", "de", "ten", "den"):
        body = form.removesuffix(ending)
        if ending and body == form:
            continue
        if ending in {"t", "d", ""} and body.startswith("ge"):
            yield from _of_stem(body[2:])
        yield from _of_stem(body)
    for particle in PARTICLES:
        rest = form.removeprefix(particle)
        if rest != form and len(rest) > _LEAST:
            yield from (particle + one for one in infinitives(rest))


def _of_stem(stem: str) -> Iterator[str]:
    """Give the infinitives of a stem: loop lopen, stel stellen, luister luisteren, leef leven."""
    if len(stem) < _LEAST or stem[-1] in _VOWELS:
        return
    before, last = stem[:-1], stem[-1]
    long = len(before) > 1 and before[-1] == before[-2] and before[-1] in "aeou"
    short = before[-1] in _VOWELS and not (len(before) > 1 and before[-2] in _VOWELS)
    if long:
        yield from (before[:-1] + letter + "en" for letter in (_VOICED.get(last, last), last))
    elif short:
        yield stem + last + "en"
    else:
        yield before + _VOICED.get(last, last) + "en"
    yield stem + "en"


def bases(small: str) -> Iterator[str]:
    """Give the nouns that a diminutive may come from, the likeliest first.

    Examples
    --------
    >>> [next(one for one in bases(small) if one in {"zin", "blad", "grap", "koning"}) for small in ("zinnetjes", "blaadje", "grapje", "koninkje")]
    ['zin', 'blad', 'grap', 'koning']
    """
    word = small.removesuffix("s")
    cut = [word.removesuffix(ending) + instead for ending, instead in _SMALL if word.endswith(ending)]
    found = [base for base in reversed(cut) if len(base) > _LEAST]
    yield from found
    for base in found:
        if base[-1] == base[-2]:
            yield base[:-1]
        elif base[-2] == base[-3] and base[-2] in _VOWELS:
            yield base[:-2] + base[-1]
