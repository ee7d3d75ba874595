"""What a researcher should look at before writing: dominance, silence, fragments that mislead, what was left out, and why."""

from __future__ import annotations

import pandas as pd

from qualcode.analysis import spreading
from qualcode.analysis.counting import LEADING, of_study
from qualcode.analysis.frames import participation
from qualcode.analysis.names import PARTICIPANT, handles, ordered_documents
from qualcode.analysis.spreading import GROUP, SESSION_KINDS
from qualcode.codebook import Level
from qualcode.model import HasSnapshot, as_snapshot

# pitfalls C3 and C5 of focus-group work: more than this part of the words of a group, or less
DOMINANT, QUIET = 0.35, 0.05
AFTER_LEADING = 2
FEWEST_VOICES = 2
SET_ASIDE_COLUMNS = ("why_not", "codings", "sessions", "participants")
FLOOR_COLUMNS = ("document", "participant", "turns", "words", "share", "coded", "flag")
RANKING_COLUMNS = ("code", "name", "fragments", "groups", "groups_n", "fragment_rank", "group_rank", "opposite", "ref")
LACKING_COLUMNS = ("coding", "document", "turn", "speaker", "code", "dimension")
DRIFT_COLUMNS = ("code", "name", "codings", "older", "versions")
LED_COLUMNS = ("document", "turn", "prompt_turn", "speaker", "participant", "coded_as_led")


def set_aside(study: HasSnapshot) -> pd.DataFrame:
    """Return how many codings in sessions do not count, by reason; they are kept and can be listed and switched in.

    Returns
    -------
    pandas.DataFrame
        ``why_not`` (see :func:`qualcode.analysis.counted`), ``codings`` (a working number), ``sessions`` and ``participants``, most
        codings first.
    """
    base = of_study(study)
    frame = base.frame[base.frame["kind"].isin(SESSION_KINDS) & base.frame["why_not"].notna()]
    said = frame[["why_not"]].reset_index(names="row").merge(base.said[["row", "voice"]], on="row", how="left")
    by = frame.groupby("why_not")
    table = pd.DataFrame(
        {"codings": by.size(), "sessions": by["document"].nunique(), "participants": said.groupby("why_not")["voice"].nunique()}
    )
    return table.sort_values("codings", ascending=False, kind="stable").reset_index()[list(SET_ASIDE_COLUMNS)]


def floor(study: HasSnapshot) -> pd.DataFrame:
    """Return who had much of the floor in a focus group, who hardly spoke, and who has no coded words.

    Returns
    -------
    pandas.DataFrame
        Participants of focus groups worth a look: ``document``, ``participant``, ``turns``, ``words``, ``share`` (of the words of all
        participants, 0 to 1), ``coded``, ``flag``: ``dominant`` (share above 0.35) or ``quiet`` (below 0.05, or nothing coded). Silence is
        no consent, and words are no weight.
    """
    table = participation(study)
    table = table[table["kind"] == GROUP]
    quiet = (table["share"].fillna(0) < QUIET) | (table["coded"] == 0)
    flag = pd.Series(pd.NA, index=table.index, dtype="str").mask(quiet, "quiet").mask(table["share"] > DOMINANT, "dominant")
    return table.assign(flag=flag)[flag.notna()].reset_index(drop=True)[list(FLOOR_COLUMNS)]


def rankings(study: HasSnapshot, *, level: Level = "subtheme") -> pd.DataFrame:
    """Return where counting fragments would tell another story than counting groups.

    Parameters
    ----------
    study
        A project or a snapshot.
    level
        ``code``, ``subtheme`` or ``theme``; compared within the theme above.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``name``, ``fragments`` (a working number), ``groups``, ``groups_n``, ``fragment_rank`` and ``group_rank`` (1 is most, within
        its theme), ``opposite`` (list of codes that have fewer fragments but more groups), ``ref``. Findings follow groups.
    """
    base = of_study(study)
    frame = spreading.figures(base, level)
    frame = frame.rename(columns={"working_number": "fragments"})
    theme = frame["code_guid"].map(base.book.theme_of) if level != "theme" else pd.Series("", index=frame.index)
    by = frame.groupby(theme, sort=False)
    frame["fragment_rank"] = by["fragments"].rank(method="min", ascending=False).astype("int64")
    frame["group_rank"] = by["groups"].rank(method="min", ascending=False).astype("int64")
    opposite = [
        list(frame.loc[(theme == own) & (frame["fragments"] < fragments) & (frame["groups"] > groups), "code"])
        for own, fragments, groups in zip(theme, frame["fragments"], frame["groups"], strict=True)
    ]
    return frame.assign(opposite=pd.Series(opposite, index=frame.index, dtype=object))[list(RANKING_COLUMNS)]


def lacking(study: HasSnapshot) -> pd.DataFrame:
    """Return the codings that lack a dimension their code asks for, such as the actor below "Reactie na aankaarten".

    Returns
    -------
    pandas.DataFrame
        ``coding`` (guid), ``document``, ``turn``, ``speaker``, ``code``, ``dimension``; of the codings that figures rest on.
    """
    base = of_study(study)
    parts = []
    for guid, rows in base.frame[base.frame["code_guid"].notna()].groupby("code_guid", sort=False):
        for name in base.book.requires(str(guid)):
            empty = rows[rows[name].isna()] if name in rows else rows
            parts.append(empty.assign(dimension=name))
    found = pd.concat(parts, ignore_index=True) if parts else base.frame.iloc[:0].assign(dimension="")
    return found.reindex(columns=list(LACKING_COLUMNS))


def singled(study: HasSnapshot) -> pd.DataFrame:
    """Return the codes that are one voice wherever they are told, or in all but one session: describe these as single cases.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``name``, ``groups``, ``interviews``, ``voices`` (in focus groups), ``sessions``, ``ref``; codes with at most one voice a group.
    """
    base = of_study(study)
    frame = spreading.figures(base, "code")
    few = (frame["voices"] <= frame["groups"]) & ((frame["groups"] + frame["interviews"]) > 0) & (frame["groups"] <= FEWEST_VOICES)
    return frame.loc[few, ["code", "name", "groups", "interviews", "voices", "sessions", "ref"]].reset_index(drop=True)


def drift(study: HasSnapshot) -> pd.DataFrame:
    """Return the codes whose codings were made under an older codebook than the present one.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``name``, ``codings`` (that figures rest on), ``older`` (made under another version), ``versions`` (list).
    """
    base = of_study(study)
    made = base.snapshot.tables["coding"].set_index("guid")["codebook"]
    frame = base.frame[base.frame["code_guid"].notna()]
    under = frame["coding"].map(made).astype("str").fillna("")
    older = (under != base.book.fingerprint) & (under != f"{base.book.version}/{base.book.fingerprint}")
    by = frame["code_guid"]
    named, names = handles(base.book), {code.guid: code.name for code in base.book.codes}
    rows = [
        (named[guid], names[guid], int((by == guid).sum()), int(older[by == guid].sum()), sorted(set(under[(by == guid) & older])))
        for guid in named
        if (by == guid).any() and older[by == guid].any()
    ]
    return pd.DataFrame(rows, columns=list(DRIFT_COLUMNS))


def led(study: HasSnapshot) -> pd.DataFrame:
    """Return the answers of participants within two turns after a leading question, and whether they were coded as such.

    Returns
    -------
    pandas.DataFrame
        ``document``, ``turn``, ``prompt_turn`` (the leading question), ``speaker``, ``participant``, ``coded_as_led`` (missing where nothing in the
        turn is coded).
    """
    snapshot = as_snapshot(study)
    base = of_study(snapshot)
    documents = ordered_documents(snapshot)
    asked = snapshot.tables["prompt"]
    asked = asked[(asked["type"] == "sturend") & asked["document"].isin(documents.index)]
    coded = base.frame.assign(led=base.frame["why_not"] == LEADING).groupby(["document_guid", "turn"])["led"].any()
    people = snapshot.tables["participant"].set_index("guid")["name"]
    rows = []
    for row in asked.sort_values("start", kind="stable").to_dict("records"):
        turns = snapshot.turns_of(row["document"]).reset_index(drop=True)
        at = int(turns["start"].searchsorted(row["start"], side="right"))
        after = turns.iloc[at:]
        after = after[after["role"] == PARTICIPANT].head(AFTER_LEADING)
        for turn, label, person in zip(after["turn"], after["label"], after["participant"], strict=True):
            held = coded.get((row["document"], turn))
            name = people.get(person, label) if isinstance(person, str) else label
            rows.append((documents.loc[row["document"], "name"], turn, at, label, name, held))
    frame = pd.DataFrame(rows, columns=list(LED_COLUMNS))
    return frame.drop_duplicates(["document", "turn"]).astype({"coded_as_led": "boolean"}).reset_index(drop=True)
