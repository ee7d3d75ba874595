"""What stands beside the groups and is never added to them: survey figures, complaints, open answers, notes, other studies."""

from __future__ import annotations

import pandas as pd

from qualcode.analysis import spreading
from qualcode.analysis.counting import of_study
from qualcode.analysis.names import handles, ordered_documents
from qualcode.analysis.spreading import LEVELS
from qualcode.analysis.suppression import FEW, K, suppressed
from qualcode.labels import say
from qualcode.model import HasSnapshot, as_snapshot

JOINT_COLUMNS = (
    "label",
    "text",
    "value",
    "unit",
    "year",
    "source",
    "source_note",
    "code",
    "name",
    "groups",
    "groups_n",
    "interviews",
    "ref",
)
COMPLAINT_COLUMNS = ("category", "n", "state", "shown")
COMPARISON_COLUMNS = ("id", "subject", "study", "source", "design", "verdict", "note")
ANSWER_COLUMNS = ("code", "name", "answers", "of", "documents")
OPEN_ANSWERS = "open_antwoorden"
NOT_GIVEN = "not_given"


def joint(study: HasSnapshot) -> pd.DataFrame:
    """Return figures from elsewhere, each beside the topic of this study it is about.

    Returns
    -------
    pandas.DataFrame
        ``label`` (such as "enquête"), ``text``, ``value``, ``unit``, ``year``, ``source``, ``source_note``; ``code`` and ``name`` of the topic and its own ``groups``,
        ``groups_n``, ``interviews``, ``ref``. The two answer different questions: how many, and how it goes.
    """
    base = of_study(study)
    named, names = handles(base.book), {code.guid: code.name for code in base.book.codes}
    levels = [spreading.figures(base, level) for level in LEVELS]
    figures = pd.concat(levels).set_index("code_guid")[["groups", "groups_n", "interviews", "ref"]]
    table = base.snapshot.tables["figure"]
    frame = table.join(figures, on="code")
    frame = frame.assign(code=table["code"].map(named).astype("str"), name=table["code"].map(names).astype("str"))
    return frame[list(JOINT_COLUMNS)].reset_index(drop=True)


def complaints(study: HasSnapshot, *, k: int = K) -> pd.DataFrame:
    """Return the complaints by category, with small numbers kept from print.

    Parameters
    ----------
    study
        A project or a snapshot.
    k
        The smallest number above nought that is printed.

    Returns
    -------
    pandas.DataFrame
        ``category``, ``n`` (missing when not given), ``state`` (``printed``, ``few``, ``not_given``), ``shown``: the number, ``<5``, or "niet opgegeven", which
        is not nought. Last a row ``totaal``, printed only when no category is below k and none is missing: else it would give
        the small number away.
    """
    table = as_snapshot(study).tables["complaint"]
    number = pd.to_numeric(table["number"], errors="coerce").astype("Int64")
    given = number.dropna().astype("int64")
    fit = suppressed(given, k=k, total=False)
    frame = pd.DataFrame({"category": table["category"], "n": number})
    frame["state"] = fit["state"].reindex(table.index).astype("str").fillna(NOT_GIVEN)
    frame["shown"] = fit["shown"].reindex(table.index).astype("str").fillna(say("analysis.not_given"))
    if len(frame):
        whole = bool(number.notna().all() and not (frame["state"] == FEW).any())
        shown = str(int(given.sum())) if whole else say("analysis.guarded")
        last = {
            "category": [say("analysis.total")],
            "n": [int(given.sum())],
            "state": ["printed" if whole else "guarded"],
            "shown": [shown],
        }
        frame = pd.concat([frame, pd.DataFrame(last).astype({"n": "Int64"})], ignore_index=True)
    return frame[list(COMPLAINT_COLUMNS)]


def comparisons(study: HasSnapshot) -> pd.DataFrame:
    """Return what other studies say, entered by hand with their source: ``id, subject, study, source, design, verdict, note``."""
    return as_snapshot(study).tables["comparison"][list(COMPARISON_COLUMNS)].reset_index(drop=True)


def other_sources(study: HasSnapshot, *, kind: str = OPEN_ANSWERS) -> pd.DataFrame:
    """Return in how many open answers (or notes) each code occurs: a source of its own, beside the sessions.

    Parameters
    ----------
    study
        A project or a snapshot.
    kind
        Kind of the documents: ``open_antwoorden``, ``notitie`` or ``document``.

    Returns
    -------
    pandas.DataFrame
        In codebook order, codes that occur: ``code``, ``name``, ``answers`` (different turns with the code, whatever its stance; for notes: places),
        ``of`` (turns with words in these documents), ``documents``.
    """
    base = of_study(study)
    documents = ordered_documents(base.snapshot)
    wanted = documents.index[documents["kind"] == kind]
    frame = base.frame[base.frame["document_guid"].isin(wanted) & base.frame["code_guid"].notna()]
    turns = base.snapshot.turns
    turns = turns[turns["document"].isin(wanted) & (turns["end"] > turns["start"])]
    place = frame["turn"].astype("str").fillna(frame["start"].astype("str"))
    by = frame.assign(place=frame["document_guid"] + "/" + place).groupby("code_guid")
    counts, held = by["place"].nunique(), by["document_guid"].nunique()
    named, names = handles(base.book), {code.guid: code.name for code in base.book.codes}
    rows = [(named[guid], names[guid], int(counts[guid]), len(turns), int(held[guid])) for guid in named if guid in counts.index]
    return pd.DataFrame(rows, columns=list(ANSWER_COLUMNS))
