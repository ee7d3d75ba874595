"""What is left of each finding when one session, or one participant, is left out; and who carries a code alone."""

from __future__ import annotations

import pandas as pd

from qualcode.analysis import spreading, statuses
from qualcode.analysis.counting import Counted, of_study, once
from qualcode.analysis.names import handles, ordered_documents
from qualcode.analysis.spreading import GROUP, LEVELS
from qualcode.analysis.terms import term, which_term
from qualcode.model import HasSnapshot

LEAVING_COLUMNS = (
    "code", "name", "level", "unit", "without", "groups", "groups_n", "interviews", "term", "groups_without", "groups_n_without",
    "interviews_without", "term_without", "changes",
)  # fmt: skip
CARRIED_COLUMNS = ("code", "name", "level", "participant", "document", "fragments", "of", "share", "dominates", "voices", "groups", "ref")
SESSION, PERSON = "session", "participant"
# more than half of the fragments of a code from one person (pitfall C3)
MOST_OF_A_CODE = 0.5


def leaving_out(study: HasSnapshot) -> pd.DataFrame:
    """Return each finding again without each session, and without each participant, that it rests on.

    Returns
    -------
    pandas.DataFrame
        One row a (code, what is left out), for codes, subthemes and themes that somebody speaks of: ``code``, ``name``, ``level``,
        ``unit`` (``session`` or ``participant``), ``without`` (its name), ``groups``, ``groups_n``, ``interviews`` and ``term`` as they are,
        ``groups_without``, ``groups_n_without``, ``interviews_without`` and ``term_without``, ``changes`` (whether the words for it change;
        a figure may change without that). Leaving a session out lowers both k and n; leaving a participant out lowers k
        only where nobody else in the session speaks of it. Sessions of all rounds stand together; a round apart is
        ``leaving_out(rounds.only(study, "ronde 2"))``.
    """
    return of_base(of_study(study)).drop(columns=["code_guid"])


def of_base(base: Counted) -> pd.DataFrame:
    """Return :func:`leaving_out` with ``code_guid``; made once for what was counted."""
    frame: pd.DataFrame = once(base, "leaving_out", lambda: _left_out(base))
    return frame.copy()


def _left_out(base: Counted) -> pd.DataFrame:
    documents = ordered_documents(base.snapshot)
    voices = statuses._own_voices(base)
    voices = voices[voices["document_guid"].isin(documents.index[documents["kind"].isin(spreading.SESSION_KINDS)])]
    voices = voices.assign(group=voices["document_guid"].map(documents["kind"]) == GROUP)
    rows = pd.concat([_sessions(voices), _people(voices)], ignore_index=True)
    figures = _figures(base)
    frame = rows.merge(figures, on="code_guid")
    frame["without"] = frame["left"].map(_names(base)).astype("str").fillna(frame["left"])
    frame["groups_without"] = frame["groups"] - frame["less_groups"]
    frame["interviews_without"] = frame["interviews"] - frame["less_interviews"]
    frame["groups_n_without"] = frame["groups_n"] - frame["less_n"]
    pairs = zip(frame["groups_without"], frame["groups_n_without"], strict=True)
    frame["term_without"] = pd.Series([term(int(k), int(n)) for k, n in pairs], index=frame.index, dtype="str")
    frame["changes"] = _differ(frame)
    place = {code.guid: at for at, code in enumerate(base.book.codes)}
    frame["_place"] = frame["code_guid"].map(place)
    frame = frame.sort_values(["_place", "unit", "without"], kind="stable", ignore_index=True)
    return frame[["code_guid", *LEAVING_COLUMNS]]


def _differ(frame: pd.DataFrame) -> pd.Series[bool]:
    """Return whether the words change: another term, or, where numbers are the words, another k."""
    held = zip(frame["groups"], frame["groups_n"], frame["groups_without"], frame["groups_n_without"], strict=True)
    changes = []
    for k, n, k_left, n_left in held:
        before, after = which_term(int(k), int(n)), which_term(int(k_left), int(n_left))
        changes.append(before != after or (before == "number" and k != k_left))
    return pd.Series(changes, index=frame.index, dtype="bool") | (frame["interviews"].gt(0) & frame["interviews_without"].eq(0))


def _sessions(voices: pd.DataFrame) -> pd.DataFrame:
    rows = voices[["code_guid", "document_guid", "group"]].drop_duplicates()
    less = rows["group"].astype("int64")
    return pd.DataFrame(
        {
            "code_guid": rows["code_guid"],
            "left": rows["document_guid"],
            "unit": SESSION,
            "less_groups": less,
            "less_interviews": 1 - less,
            "less_n": less,
        }
    )


def _people(voices: pd.DataFrame) -> pd.DataFrame:
    alone = voices.groupby(["code_guid", "document_guid"])["voice"].transform("size") == 1
    rows = voices.assign(less_groups=(alone & voices["group"]).astype("int64"), less_interviews=(alone & ~voices["group"]).astype("int64"))
    rows = rows.groupby(["code_guid", "voice"], as_index=False)[["less_groups", "less_interviews"]].sum()
    return rows.rename(columns={"voice": "left"}).assign(unit=PERSON, less_n=0)


def _figures(base: Counted) -> pd.DataFrame:
    spreads = [spreading.figures(base, level) for level in LEVELS]
    return pd.concat(spreads)[["code_guid", "code", "name", "level", "groups", "groups_n", "interviews", "term"]]


def _names(base: Counted) -> dict[str, str]:
    tables = base.snapshot.tables
    documents = ordered_documents(base.snapshot)
    speakers = tables["speaker"]
    labels = speakers["document"].map(documents["name"]).astype("str") + " " + speakers["label"]
    named = dict(zip(speakers["guid"], labels, strict=True))
    return named | documents["name"].to_dict() | dict(zip(tables["participant"]["guid"], tables["participant"]["name"], strict=True))


def carried(study: HasSnapshot) -> pd.DataFrame:
    """Return who speaks most of each code, and whether that one person makes most of its fragments.

    Returns
    -------
    pandas.DataFrame
        One row a code that counts anywhere: ``code``, ``name``, ``level``, ``participant`` (who has most fragments), ``document``,
        ``fragments`` (of that person; a working number), ``of`` (all fragments that count), ``share`` (0 to 1), ``dominates``
        (more than half, of at least four fragments), ``voices`` (participants in all sessions), ``groups``, ``ref``.
    """
    return carried_in(of_study(study)).drop(columns="code_guid")


def carried_in(base: Counted) -> pd.DataFrame:
    """Return :func:`carried` with ``code_guid``."""
    frame = base.frame[base.frame["counts"] & base.frame["kind"].isin(spreading.SESSION_KINDS)]
    rows = frame[["code_guid", "document_guid"]].reset_index(names="row").merge(base.said[["row", "voice"]], on="row")
    each = rows.groupby(["code_guid", "voice", "document_guid"], sort=False)["row"].nunique().reset_index(name="fragments")
    by = each.groupby("code_guid")
    top = each.loc[by["fragments"].idxmax()].set_index("code_guid")
    top["of"], top["voices"] = frame.groupby("code_guid").size(), by["voice"].nunique()
    top["share"] = top["fragments"] / top["of"]
    top["dominates"] = (top["share"] > MOST_OF_A_CODE) & (top["of"] >= 4) & (top["voices"] > 1)  # noqa: PLR2004
    figures = _figures(base).set_index("code_guid")
    top = top.join(figures[["code", "name", "level", "groups"]])
    names = _names(base)
    top["participant"] = top["voice"].map(names).astype("str").fillna(top["voice"])
    top["document"] = top["document_guid"].map(names).astype("str")
    top["ref"] = "spreiding:" + top["code"]
    order = [guid for guid in handles(base.book) if guid in top.index]
    return top.loc[order].reset_index()[["code_guid", *CARRIED_COLUMNS]]
