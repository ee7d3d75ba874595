"""Counter-voices: who nuances or contests what others told, and where was searched for them."""

from __future__ import annotations

import pandas as pd

from qualcode.analysis.counting import CONTESTS, NUANCES, REVISED, Counted, of_study, once, suggestions
from qualcode.analysis.names import handles
from qualcode.analysis.spreading import SESSION_KINDS
from qualcode.codebook import Codebook
from qualcode.labels import say
from qualcode.model import HasSnapshot, Snapshot

COUNTER_COLUMNS = (
    "theme", "subtheme", "code", "name", "stance", "document", "kind", "turn", "start", "end", "text", "speaker",
    "participant", "coder", "layer", "at", "memo", "coding", "searched", "outcome",
)  # fmt: skip
WORKS = "werkt wel"
FOUND, NOT_FOUND, NOT_SEARCHED = "aangetroffen", "niet aangetroffen", "niet gezocht"


def counter_voices(study: HasSnapshot) -> pd.DataFrame:
    """Return the register of counter-voices: the voices themselves, and per subtheme where was searched.

    Returns
    -------
    pandas.DataFrame
        In codebook order, one row a counter-voice in a focus group or interview, and one row for each subtheme without any:
        ``theme``, ``subtheme`` (ids; the theme's own where a code has no subtheme), ``code`` and ``name``, ``stance``
        (``nuanceert``, ``weerspreekt``, ``later bijgesteld``, or ``werkt wel`` for what went well where others tell what
        went wrong; missing in a row without a voice), ``document``, ``kind``, ``turn``, ``start``, ``end``, ``text``,
        ``speaker``, ``participant``, ``coder``, ``layer``, ``at``, ``memo``, ``coding``; ``searched`` (a sentence from the
        search log; missing when nobody noted a search) and ``outcome`` (``aangetroffen``, ``niet aangetroffen`` where was
        searched in vain, ``niet gezocht``).
    """
    return of_base(of_study(study)).drop(columns=["code_guid", "document_guid"])


def of_base(base: Counted) -> pd.DataFrame:
    """Return :func:`counter_voices` with ``code_guid`` and ``document_guid``."""
    frame: pd.DataFrame = once(base, "counter_voices", lambda: _made(base))
    return frame.copy()


def _made(base: Counted) -> pd.DataFrame:
    book, named = base.book, handles(base.book)
    frame = base.frame[base.frame["kind"].isin(SESSION_KINDS) & base.frame["code_guid"].notna()]
    stance = frame["why_not"].where(frame["why_not"].isin([CONTESTS, NUANCES, REVISED]))
    if "werkt" in frame:
        works = (frame["werkt"] == "wel") & frame["counts"] & ~frame["code_guid"].isin(suggestions(book))
        stance = stance.mask(works.fillna(False).astype("bool"), WORKS)
    voices = frame.assign(stance=stance)[stance.notna()]
    section = {code.guid: section_of(book, code.guid) for code in book.codes}
    voices = voices.assign(
        section=voices["code_guid"].map(section).astype("str"),
        name=voices["code_guid"].map({code.guid: code.name for code in book.codes}).astype("str"),
        outcome=FOUND,
    )
    found = set(voices["section"])
    written = dict.fromkeys(section[code.guid] for code in book.codes if code.codable and not code.retired)
    sections = [guid for guid in written if guid not in found]
    empty = pd.DataFrame({"section": sections}, dtype="str")
    searched = _searched(base.snapshot, book, section, found)
    empty["outcome"] = empty["section"].isin(searched).map({True: NOT_FOUND, False: NOT_SEARCHED}).astype("str")
    rows = pd.concat([voices, empty], ignore_index=True) if len(empty) else voices.reset_index(drop=True)
    rows["searched"] = rows["section"].map(searched).astype("str")
    rows["subtheme"] = rows["section"].map(named).astype("str")
    rows["theme"] = rows["section"].map({guid: named[book.theme_of(guid)] for guid in rows["section"]}).astype("str")
    place = {code.guid: at for at, code in enumerate(book.codes)}
    rows["_place"] = rows["section"].map(place)
    rows = rows.sort_values("_place", kind="stable", ignore_index=True)
    rows = rows.reindex(columns=[*COUNTER_COLUMNS, "code_guid", "document_guid"])
    return rows.astype({"turn": "Int64", "start": "Int64", "end": "Int64"})


def section_of(book: Codebook, guid: str) -> str:
    """Return where in a report a code is written about: its subtheme, else its theme (guid)."""
    return book.subtheme_of(guid) or book.theme_of(guid)


def _searched(snapshot: Snapshot, book: Codebook, section: dict[str, str], found: set[str]) -> dict[str, str]:
    """Return per section the sentence that says where was searched; a search in a theme covers all below it."""
    table = snapshot.tables["search"]
    table = table[table["code"].isin(section.keys())].sort_values("at", kind="stable")
    said: dict[str, list[str]] = {}
    for code, where, noted in zip(table["code"], table["where"].fillna(""), table["found"].fillna(""), strict=True):
        for guid in dict.fromkeys(section[below] for below in _in_order(book, book.resolve(code))):
            outcome = FOUND if guid in found else NOT_FOUND
            if noted and noted != outcome:
                sentence = say("analysis.searched_noted", where=where, found=noted)
            else:
                sentence = say("analysis.searched_found" if guid in found else "analysis.searched_none", where=where)
            said.setdefault(guid, []).append(sentence)
    return {guid: "; ".join(dict.fromkeys(sentences)) for guid, sentences in said.items()}


def _in_order(book: Codebook, guid: str) -> list[str]:
    below = book.descendants(guid)
    return [code.guid for code in book.codes if code.guid in below]
