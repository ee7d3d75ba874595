"""Where figures come from that rest on a register: measures, recruitment, complaints, figures from elsewhere, attributes of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from qualcode.analysis.counting import Counted, once
from qualcode.analysis.names import near, ordered_documents, people
from qualcode.analysis.spreading import SESSION_KINDS
from qualcode.errors import NotFound

# what a reference names, and the registers whose rows it leads to with the field that holds the name
KINDS_OF: Mapping[str, tuple[tuple[str, str], ...]] = {
    "maatregel": (("measure", "id"), ("promise", "measure"), ("link", "measure"), ("score", "measure")),
    "cijfer": (("figure", "label"),),
    "vergelijking": (("comparison", "id"),),
    "doel": (("goal", "id"),),
    "kenmerk": (),
}
WHOLE: Mapping[str, tuple[str, ...]] = {"werving": ("recruitment",), "klachten": ("complaint",), "verzadiging": ()}


def rows_of(base: Counted, kind: str, name: str, ref: str) -> pd.DataFrame:
    """Return the entries behind a reference, as rows of a trace.

    Raises
    ------
    NotFound
        When nothing has this reference.
    """
    if kind == "kenmerk":
        return _with_attribute(base, name, ref)
    if kind == "verzadiging":
        return _sessions(base)
    tables = base.snapshot.tables
    if kind in WHOLE:
        found = [tables[one].assign(_kind=one) for one in WHOLE[kind]]
    else:
        (first, field), *others = KINDS_OF[kind]
        own = tables[first][tables[first][field] == name]
        if not len(own):
            raise NotFound("analysis.no_reference", ref=ref, there=near(ref, references(base), most=3))
        found = [own.assign(_kind=first), *(tables[one][tables[one][by].isin(own["guid"])].assign(_kind=one) for one, by in others)]
    rows = pd.concat([held[["guid", "_kind"]] for held in found], ignore_index=True)
    made: Mapping[str, tuple[str, str]] = once(base, "entered", lambda: _entered(base))
    return pd.DataFrame(
        {
            "coding": rows["guid"],
            "why_not": rows["_kind"],
            "coder": pd.Series([made.get(guid, ("", ""))[0] for guid in rows["guid"]], dtype="str"),
            "at": pd.Series([made.get(guid, ("", ""))[1] for guid in rows["guid"]], dtype="str"),
            "counts": False,
        }
    )


def _entered(base: Counted) -> dict[str, tuple[str, str]]:
    """Return who last touched each entry of a register, and when."""
    coders = base.snapshot.tables["coder"].set_index("guid")["name"].to_dict()
    wanted = {one for held in KINDS_OF.values() for one, _ in held} | {one for held in WHOLE.values() for one in held}
    found: dict[str, tuple[str, str]] = {}
    for row in base.snapshot.events.to_dict("records"):
        for change in row["changes"]:
            if change.kind in wanted:
                found |= dict.fromkeys(change.guid, (str(coders.get(row["coder"], "")), str(row["at"])))
    return found


def _with_attribute(base: Counted, name: str, ref: str) -> pd.DataFrame:
    table = base.snapshot.tables["participant"].set_index("guid")
    held = {guid for guid, row in table["attributes"].items() if name in (row or {})}
    if not held:
        raise NotFound("analysis.no_reference", ref=ref, there=near(ref, references(base), most=3))
    documents = ordered_documents(base.snapshot)
    there = people(base.snapshot)
    there = there[there["person"].isin(held) & there["document"].isin(documents.index[documents["kind"].isin(SESSION_KINDS)])]
    return pd.DataFrame(
        {"document_guid": there["document"], "document": there["document"].map(documents["name"]).astype("str"), "speaker": there["label"]}
    )


def _sessions(base: Counted) -> pd.DataFrame:
    documents = ordered_documents(base.snapshot)
    sessions = documents[documents["kind"].isin(SESSION_KINDS)]
    return sessions.reset_index(names="document_guid").rename(columns={"name": "document"})[["document_guid", "document"]]


def references(base: Counted) -> list[str]:
    """Return the references that lead to a register."""
    tables = base.snapshot.tables
    named = [f"{kind}:{value}" for kind, held in KINDS_OF.items() for one, field in held[:1] for value in tables[one][field].dropna()]
    attributes: dict[str, Any] = {}
    for row in tables["participant"]["attributes"]:
        attributes |= row or {}
    whole = [kind for kind, held in WHOLE.items() if not held or any(len(tables[one]) for one in held)]
    return [*named, *(f"kenmerk:{name}" for name in attributes), *whole]
