"""Guess the language of a text from its most common words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

UNKNOWN = "unknown"

_PROFILES = {
    "nl": "de het een en ik je dat die niet van is was ook maar dan er wat nou heb wel voor met op zijn te ze we aan bij als nog naar zo uit "
    "om hij dus toen gewoon heel moet kan wij jij mijn dit daar hebben worden werd door over geen meer eigenlijk ja nee",
    "en": "the and i you that it was is not of to in we they he she have had do did what but so for with on my this are be just like know "
    "yes no your about there when would them from because think",
    "de": "der die das und ich nicht ist war ein eine wir sie es auch aber dann da was mit auf zu den dem von für habe hat man wie noch "
    "sich im bei nach oder wenn mein ja nein doch schon immer",
    "fr": "le la les un une et je tu il elle nous vous ils que qui ne pas est était c'est dans pour avec sur mais on ce cette du des au mon "
    "oui non j'ai très plus même comme quand parce",
    "es": "el la los las un una y yo no que de en es era pero con por para me mi lo se muy más cuando como porque ya sí esto eso está nos",
    "it": "il lo la gli le un una e io non che di in è era ma con per mi mio si molto più quando come perché già sì questo sono anche della",
    "pt": "o a os as um uma e eu não que de em é era mas com por para me meu se muito mais quando como porque já sim isso isto está nós ele",
    "tr": "ve bir bu da de için ben sen o biz çok ne var yok ama gibi daha sonra kadar her şey evet hayır değil mi benim bana onu olarak",
    "pl": "i w nie na się to jest że z do jak ale był była mnie mi ja ty my co tak czy już tylko bardzo dla od po ten ta przez",
    "pap": "e ta di ku na no mi bo nan un pa por tabata a i ma ora esaki esei ami abo nos tin kaba sí nò tur hende hopi",
    "srn": "a mi yu wi den no na fu e ben o nanga taki dati disi sa leki ma te ala sma wan",
    "fy": "de it in en ik do dat net fan is wie ek mar dan der wat foar mei op syn te se wy oan by as noch nei út om hy dus doe hawwe jo",
    "ar": "في من على أن إلى هذا التي كان لا ما أنا هو هي نحن مع عن كل لم قد بعد يوم نعم",
    "ru": "и в не на я что он она мы с это как а то но по у за к из так да нет был была мне было",
    "so": "waa iyo in ka ku u oo ayaa ah soo la waxaan aan waxa wuxuu ma haa maya kale",
    "ti": "እቲ ናይ ኣብ እዩ ከም ግን ኣነ ንሕና",
    "id": "yang dan di ini itu saya tidak dengan untuk dari ke ada kami kita dia mereka sudah akan bisa karena juga",
}  # fmt: skip
_KNOWN = {code: frozenset(words.split()) for code, words in _PROFILES.items()}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FEWEST = 3
_SHARE = 0.12
_READ = 20_000


def guess(texts: Sequence[str]) -> pd.Series:
    """Return the language that each text seems to be in, by its share of very common words.

    Parameters
    ----------
    texts
        Whole documents give the surest answer; a turn of a few words mostly gives ``unknown``. The first 20,000 code points are read.

    Returns
    -------
    pandas.Series
        One code a text: ``nl``, ``en``, ``de``, ``fr``, ``es``, ``it``, ``pt``, ``tr``, ``pl``, ``pap``, ``srn``, ``fy``, ``ar``, ``ru``,
        ``so``, ``ti``, ``id``, or ``unknown`` where fewer than three common words stand, where they are less than 12 in 100, or where
        two languages claim them equally. No Dutch dialect is told apart.

    Examples
    --------
    >>> list(guess(["Dat heb ik toen ook gewoon gezegd tegen de baas.", "I told them that it was not my fault.", "Hallo!"]))
    ['nl', 'en', 'unknown']
    """
    return pd.Series([_language(text) for text in texts], dtype="str", name="language")


def _language(text: str) -> str:
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text[:_READ])]
    hits = {code: sum(word in known for word in words) for code, known in _KNOWN.items()}
    best, second = sorted(hits, key=lambda code: -hits[code])[:2]
    enough = hits[best] >= _FEWEST and hits[best] >= _SHARE * len(words)
    return best if enough and hits[best] > hits[second] else UNKNOWN
