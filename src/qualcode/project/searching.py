"""The verbs of search: words with what stands around them, queries over codes, people and words, and queries kept by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from qualcode.analysis import kwic, pointing, related
from qualcode.analysis import queries as asked
from qualcode.analysis.finding import Manner
from qualcode.analysis.kwic import CONTEXT, Where
from qualcode.analysis.parsing import parse
from qualcode.errors import Ambiguous, NotFound, Refused
from qualcode.labels import listed, say
from qualcode.model import Change
from qualcode.project import indexing
from qualcode.project.indexing import Progress

if TYPE_CHECKING:
    from qualcode.project.study import Project

QUERY_COLUMNS = ["name", "text", "unit", "coder", "at"]
_LONGEST_NAME = 100


def search(
    study: Project,
    text: str,
    *,
    lemma: bool = False,
    compounds: bool = False,
    context: int = CONTEXT,
    progress: Progress | None = None,
    **where: Unpack[Where],
) -> pd.DataFrame:
    """Look for words in what was said, with the words around them, who said it and what it is coded with.

    The first search of a study cuts its texts into words and keeps that in the study; later ones answer at once.

    Parameters
    ----------
    text
        Words that follow each other in one turn. ``*`` stands for any letters (``meld*``), ``|`` between alternatives
        (``melden|klagen``), ``NABIJ/5`` or ``NEAR/5`` between words with at most five others between them.
    lemma
        Every form of the words: melden finds meldt and gemeld. See :meth:`word_forms` for what else may be meant.
    compounds
        Also inside compounds: punt finds meldpunt.
    context
        How many code points of the same turn stand on either side.
    progress
        Called with the document, its number and how many there are, while the texts are cut into words.
    where
        ``document``, ``speaker`` (a label or a participant), ``role``, ``attributes`` (such as ``{"leeftijd": "35-44"}``), ``code`` (on
        the words found, with the codes below it), ``where`` (a query that the turn answers); all together.

    Returns
    -------
    pandas.DataFrame
        One row a place: document, kind, turn, speaker, participant, role, start, end (code points), left, hit, right, codes (ids on
        those words, by anyone, joined by ``|``). ``attrs["model"]`` names the pipeline that gave the lemmas.

    Examples
    --------
    >>> import qualcode as qc
    >>> study = qc.demo()
    >>> found = study.search("vertrouwenspersoon", role="deelnemer", context=12)
    >>> found[["document", "turn", "left", "hit", "right"]].to_numpy().tolist()
    [['FG4', 146, 'heb ik de ', 'vertrouwenspersoon', ' opgezocht,'], ['IV1', 52, 'de, uhm, de ', 'vertrouwenspersoon', ' kon, dat']]
    """
    sight = indexing.sight(study, indexing.lemmas() if lemma else indexing.WRITTEN_LAYER, progress)
    manner = Manner(lemma=lemma, parts=indexing.parts() if compounds else None)
    frame = kwic.search(sight, text, manner, context=context, **where)
    frame.attrs["model"] = sight.words.model
    return frame


def query(
    study: Project, text: str | None = None, *, saved: str | None = None, unit: str | None = None, progress: Progress | None = None
) -> pd.DataFrame:
    """Return the turns, fragments or documents that a query holds for.

    Parameters
    ----------
    text
        Conditions (``code:O05``, ``spreker:R1``, ``kenmerk.leeftijd:35-44``, ``rol:deelnemer``, ``document:FG1``, ``codeur:anna``,
        ``ronde:consensus``, ``lemma:melden``, plain words, ``"a phrase"``) joined by EN, OF, NIET, NABIJ/n and OVERLAP, with parentheses.
    saved
        Instead of a text: the name of a query that was kept.
    unit
        ``turn`` (unless the kept query says otherwise), ``fragment`` (a coding) or ``document``.
    progress
        Called while the texts are cut into words, the first time.

    Returns
    -------
    pandas.DataFrame
        See :func:`qualcode.analysis.queries.answers`.

    Examples
    --------
    >>> import qualcode as qc
    >>> study = qc.demo()
    >>> study.query("code:O EN NIET document:FG1")[["document", "turn", "speaker", "codes"]].head(2).to_numpy().tolist()
    [['FG4', 29, 'R2', 'E02|O03'], ['FG4', 41, 'R1', 'O01']]
    """
    text, per = _meant(study, text, saved, unit)
    return asked.answers(indexing.sight_for(study, text, progress), text, per)


def find(
    study: Project, text: str, *, document: str | None = None, context: int = CONTEXT, progress: Progress | None = None
) -> pd.DataFrame:
    """Return the places a query points at, with the words around them: what the coding desk lists.

    Parameters
    ----------
    text
        As for :meth:`query`: ``lemma:melden EN spreker:R1``, ``"a phrase"``, ``code:O05 EN NIET document:FG1``.
    document
        Only this document (name).
    context
        How many code points of the same turn stand on either side.
    progress
        Called while the texts are cut into words, the first time.

    Returns
    -------
    pandas.DataFrame
        The columns of :meth:`search`. Where the query asks for words, those words; else the whole turn that it holds for.

    Examples
    --------
    >>> import qualcode as qc
    >>> study = qc.demo()
    >>> study.find("lemma:melden EN rol:deelnemer", context=12)[["document", "turn", "hit"]].head(2).to_numpy().tolist()
    [['FG4', 112, 'gemeld'], ['FG4', 140, 'gemeld']]
    """
    return pointing.pointed(indexing.sight_for(study, text, progress), text, document=document, context=context)


def holds(study: Project, text: str, *, unit: str = "turn") -> pd.Series[bool]:
    """Return a query as truth values, to go on with in pandas.

    Parameters
    ----------
    text
        As for :meth:`query`.
    unit
        ``turn``: the rows of :func:`qualcode.turns`. ``fragment``: those of :meth:`codings`. ``document``: the documents in order.

    Examples
    --------
    >>> import qualcode as qc
    >>> study = qc.demo()
    >>> turns = qc.turns(study)
    >>> turns[study.holds("code:O05") & study.holds("document:FG4")]["turn"].tolist()
    [44, 87]
    """
    return asked.truth(indexing.sight_for(study, text, None), text, unit)


def word_forms(study: Project, word: str, *, progress: Progress | None = None) -> pd.DataFrame:
    """Return the forms of a word in this study, and words that look like it: choose which to search for.

    Returns
    -------
    pandas.DataFrame
        ``form`` (as written, lower case), ``lemma``, ``times``, ``how`` (a form of the word, or related: has its stem in it).
    """
    return related.word_forms(indexing.sight(study, indexing.lemmas(), progress).words, word)


def save_query(study: Project, name: str, text: str, *, unit: str = "turn") -> None:
    """Keep a query under a name; one of that name that was there is changed.

    Parameters
    ----------
    name
        What it is called.
    text, unit
        As for :meth:`query`.

    Raises
    ------
    Refused
        When the query cannot be read, or the name is empty or too long.
    """
    called = " ".join(name.split())
    if not called or len(called) > _LONGEST_NAME:
        raise Refused("search.bad_name", most=_LONGEST_NAME)
    parse(text)
    known = study._current().queries
    there = list(known.loc[known["name"] == called, "guid"])
    if len(there) > 1:
        raise Ambiguous("search.two_queries", name=called, n=len(there))
    after: dict[str, list[Any]] = {"text": [text.strip()], "unit": [asked.unit_named(unit)]}
    if not there:
        after = {"exists": [True], "name": [called], **after}
    made = {"coder": [study._coder_guid()], "at": [study._store.clock()]}
    study._commit("query", Change("query", there or [study._store.guids()], after | made))


def remove_query(study: Project, name: str) -> None:
    """Take a kept query away; :meth:`undo` brings it back.

    Raises
    ------
    NotFound
        When no query is called this.
    """
    guids = list(_called(study, name)["guid"])
    study._commit("query-remove", Change("query", guids, {"exists": [False] * len(guids)}))


def queries(study: Project) -> pd.DataFrame:
    """Return the queries that were kept: name, text, unit, coder, at."""
    now = study._current()
    names = dict(zip(now.coders["guid"], now.coders["name"], strict=True))
    return now.queries.assign(coder=now.queries["coder"].map(names).astype("str"))[QUERY_COLUMNS].reset_index(drop=True)


def _called(study: Project, name: str) -> pd.DataFrame:
    table = study._current().queries
    found = table[table["name"] == " ".join(name.split())]
    if found.empty:
        raise NotFound("search.no_query", name=name, known=listed(list(table["name"])) or say("words.nothing"))
    return found


def _meant(study: Project, text: str | None, saved: str | None, unit: str | None) -> tuple[str, str]:
    """Return the text and the unit of a query typed or kept."""
    if (text is None) == (saved is None):
        raise Refused("search.text_or_saved")
    if text is not None:
        return text, unit or "turn"
    found = _called(study, str(saved))
    if len(found) > 1:
        raise Ambiguous("search.two_queries", name=saved, n=len(found))
    return str(found["text"].iloc[0]), unit or str(found["unit"].iloc[0])
