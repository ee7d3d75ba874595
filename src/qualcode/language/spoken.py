"""What marks spoken Dutch: fillers, reduced forms, broken-off words, remarks of who transcribed, and words too common to say much."""

from __future__ import annotations

import re

HESITATIONS = frozenset(
    "uh uhm uhh uhhm eh ehm ehh euh euhm eeh eehm ehhh uhhh hm hmm hmmm mm mmm mmh mhm mhmm uhu uhuh ahum pff pfff pffff".split()
)
"""Sounds that carry no meaning: the rest of a sentence is read as if they were not there."""

FILLERS = HESITATIONS | frozenset(
    "ja jaja jawel jep yep nee neen nou nouja nah tja tjonge jeetje jee goh gut ach och ah aha oh ooh o oei poeh hè he hé hee hej hoor joh "
    "jongens ok oké oke okay okee okido prima sorry kijk nietwaar snapje weetje zegmaar ofzo enzo ofzoiets pfoe hallo hoi".split()
)
"""Hesitations and back-channel: words that keep a talk going."""

_FUNCTION = (
    "de het een 't 'n der des den dit dat deze die degene diegene datgene zulk zulke zo'n zo’n welk welke "
    "ik 'k jij je u hij ie zij ze wij we jullie hen hun hem 'm haar d'r mij me jou ons onze uw mijn m'n jouw zijn z'n zich zichzelf mezelf "
    "jezelf onszelf elkaar elkaars men wie wat waar wanneer hoe waarom waardoor waarmee waarvoor waarin waarop waaraan waarvan waarbij "
    "waarna waaruit waarover iets niets iemand niemand alles ieder iedereen iedere elk elke sommige sommigen enige enkele enkel beide "
    "veel vele weinig meer minder meeste minste genoeg beetje paar "
    "en of maar want dus noch doch omdat doordat zodat opdat als dan toen terwijl nadat voordat totdat sinds sindsdien hoewel ofschoon "
    "tenzij mits indien zodra zolang zoals alsof evenals zowel "
    "in op aan van voor door met bij naar uit om over onder tegen tot na tussen zonder binnen buiten boven beneden langs achter naast "
    "tijdens volgens vanaf vanuit wegens ondanks behalve tegenover rond rondom via per te ten ter toe af mee "
    "er daar hier ginds daarin daarop daarvan daarvoor daarmee daardoor daarom daarna daarbij daaraan daarover daaruit daarnaast daarentegen "
    "hierin hierop hiervan hiervoor hiermee hierdoor hierom hierna hierbij hieraan hierover ervan ervoor ermee erdoor erop erin eraan erbij "
    "eruit erover erom ernaar erna ertoe daartoe hiertoe "
    "ben bent is was waren geweest wees wezen zij heb hebt heeft hebben had hadden gehad word wordt worden werd werden geworden "
    "zal zult zullen zou zouden kan kun kunt kunnen kon konden gekund mag mogen mocht mochten moet moeten moest moesten gemoeten wil wilt "
    "willen wou wouden wilde wilden gewild doe doet doen deed deden gedaan ga gaat gaan ging gingen gegaan kom komt komen kwam kwamen gekomen "
    "laat laten liet lieten gelaten blijf blijft blijven bleef bleven gebleven hoef hoeft hoeven "
    "niet geen wel nog al ook toch nu al reeds weer dan toen ooit nooit altijd vaak soms steeds straks zo zoveel zeer erg heel te even zelfs "
    "alleen slechts ongeveer bijna ander andere anderen anders zelf eigen "
    "een één twee drie eerste tweede"
)
_SPEECH = (
    "gewoon eigenlijk best echt heel hele helemaal zeg zegt zeggen zei zeiden gezegd maar zoiets iets ding dingen effe even eventjes eens nog "
    "misschien natuurlijk inderdaad precies klopt denk dacht vind vond weet snap bedoel bedoelt hoezo "
    "toch gewoonweg sowieso overigens trouwens bijvoorbeeld eerlijk eerlijkheid gezegd hartstikke ontzettend beetje soort stuk allemaal "
    "gelijk keer goed nou ja nee da dat's da's nie wa ff ofzo enzo enzovoort etcetera uiteindelijk ergens zeker steeds gauw volgens "
    "kijk kijken kijkt zie ziet gaan staat zit maken maakt maak gemaakt krijg krijgt kreeg gekregen"
)
STOP_WORDS = frozenset(f"{_FUNCTION} {_SPEECH}".replace("’", "'").split()) | FILLERS
"""Words (lower case, straight apostrophes) that say little about what a talk is about; fillers are among them."""

REDUCED = {
    "één": "één", "m'n": "mijn", "mn": "mijn", "z'n": "zijn", "zn": "zijn", "d'r": "haar", "'r": "haar", "'t": "het", "'k": "ik", "'n": "een",
    "'m": "hem", "ie": "hij", "-ie": "hij", "da's": "dat", "da": "dat", "dà": "dat", "wa": "wat", "nie": "niet", "nie'": "niet",
    "effe": "even", "effen": "even", "effetjes": "even", "eventjes": "even", "ff": "even", "'ns": "eens", "zo'n": "zo'n",
    "me'n": "mijn", "'tis": "zijn", "'tzelfde": "hetzelfde", "t'is": "zijn", "allemaal": "allemaal", "as": "als", "dattie": "dat",
    "attie": "als", "wattie": "wat", "hattie": "hebben", "hebbie": "hebben", "hebbik": "hebben", "ken'k": "kunnen", "kweet": "weten",
    "tuurlijk": "natuurlijk", "'tuurlijk": "natuurlijk", "tuurlek": "natuurlijk", "amper": "amper", "mekaar": "elkaar", "malkaar": "elkaar",
}  # fmt: skip
"""Reduced forms (straight apostrophes) and the word each stands for."""

# what a transcriber notes between brackets; other words in brackets ("[leidinggevende]" for a name) were said, in a way
_NOTED = (
    r"lach|glimla|grinnik|giechel|gniffel|zucht|stilte|\bstil\b|pauz|hoest|kuch|snik|huil|emotioneel|geëmotioneerd|applaus|klap|fluister|"
    r"onverstaanb|onhoorb|onduidelijk|instemm|door elkaar|rumoer|geroezemoes|knik|schudt|geluid|telefoon gaat|deur|haalt adem|ademt|"
    r"\bhm+\b|\bmm+\b|crosstalk|inaudible|unintelligible|laugh|pause|sigh|silence|\d{1,2}:\d\d"
)
REMARK = re.compile(
    rf"\[(?=[^\[\]]{{1,80}}\])[^\[\]]*?(?:{_NOTED})[^\[\]]*\]|\((?:{_NOTED})[^()]{{0,40}}\)|\[[\s.…?x-]{{1,20}}\]|\([\s.…?-]{{1,20}}\)",
    re.IGNORECASE,
)
"""A remark of who transcribed: at most 80 code points in square brackets with a word that such remarks have, at most 40 in round ones that
begin with it, or nothing but dots."""


def remarks(text: str) -> list[tuple[int, int]]:
    """Return the spans of a transcriber's remarks in a text, brackets included.

    Parameters
    ----------
    text
        The words of a turn.

    Returns
    -------
    list of (start, end)
        Code points, half-open, in the order of the text.

    Examples
    --------
    >>> remarks("Dat was [lacht] bij [leidinggevende] (onverstaanbaar).")
    [(8, 15), (37, 53)]
    """
    return [found.span() for found in REMARK.finditer(text)]
