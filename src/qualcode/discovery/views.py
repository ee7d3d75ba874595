"""Topics as tables to look at: the tree in which they join, and where they are spoken of. Counts sessions and people, never fragments alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from qualcode.analysis.names import ordered_documents
from qualcode.discovery.living import sessions
from qualcode.discovery.stability import tree
from qualcode.discovery.topics import Topics
from qualcode.discovery.words import SHOWN, topic_words
from qualcode.labels import say
from qualcode.model import HasSnapshot, as_snapshot

TREE_COLUMNS = ("node", "parent", "left", "right", "distance", "topics", "size", "words", "label")
SESSION_COLUMNS = ("document", "kind", "topic", "label", "passages", "words", "voices", "share")
_IN_LABEL = 3


def topic_tree(found: Topics, *, shown: int = SHOWN) -> pd.DataFrame:
    """Return the tree in which topics join, the nearest first: the topics themselves, then every joint with its own words.

    Parameters
    ----------
    found
        Topics.
    shown
        How many words a joint gets.

    Returns
    -------
    pandas.DataFrame
        One row a node: first the topics (``node`` is the topic's ``id``), then the joints in order of distance; the last one is the root.
        ``parent`` (a node, -1 for the root), ``left`` and ``right`` (the nodes a joint joins, -1 for a topic), ``distance`` (1 - cosine of the
        middles, averaged over pairs; 0 for a topic), ``topics`` (ids of the topics below, a list), ``size`` (texts below), ``words`` (a list),
        ``label`` (its first three words). Empty without topics.
    """
    joints = tree(found)
    amount = len(found.topics)
    rows = [
        {"node": int(row["id"]), "left": -1, "right": -1, "distance": 0.0, "topics": [int(row["id"])], "size": int(row["size"])}
        | {"words": list(row["words"])[:shown], "label": row["label"]}
        for row in found.topics.to_dict("records")
    ]
    for place, (left, right, distance) in enumerate(zip(joints["left"], joints["right"], joints["distance"], strict=True)):
        below = sorted(rows[left]["topics"] + rows[right]["topics"])
        # what a joint is about shows against the topics outside it; the root has none outside
        together = np.where(np.isin(found.assignments, below), below[0], found.assignments)
        told = topic_words(found.words, together, voices=found.voices, shown=shown)[below[0]]
        rows.append(
            {"node": amount + place, "left": int(left), "right": int(right), "distance": float(distance), "topics": below}
            | {"size": rows[left]["size"] + rows[right]["size"], "words": told}
            | {"label": ", ".join(told[:_IN_LABEL]) or say("discovery.no_words")}
        )
    parent = {child: row["node"] for row in rows[amount:] for child in (row["left"], row["right"])}
    return pd.DataFrame([{**row, "parent": parent.get(row["node"], -1)} for row in rows], columns=list(TREE_COLUMNS))


def topics_by_session(study: HasSnapshot, found: Topics) -> pd.DataFrame:
    """Return in which session which topic is spoken of, and by how many people.

    Parameters
    ----------
    study
        A project or a snapshot: gives the sessions their order and their present names.
    found
        Topics with ``passages``.

    Returns
    -------
    pandas.DataFrame
        One row for each session and topic, also where a session does not speak of it: ``document`` (name), ``kind``, ``topic`` (id), ``label``,
        ``passages``, ``words`` (in them), ``voices`` (different people), ``share`` (of the words of that session that lie in any topic, 0 to 1; 0 in a
        session without any). Sessions in the order of the study, topics in order of size. Sessions without passages are left out.
    """
    if found.passages is None or found.topics.empty:
        return pd.DataFrame({name: [] for name in SESSION_COLUMNS})
    documents = ordered_documents(as_snapshot(study))
    there = set(found.passages["document_guid"])
    every = pd.MultiIndex.from_product(
        [[guid for guid in documents.index if guid in there], found.topics["id"]], names=["document_guid", "topic"]
    )
    lives = sessions(found).rename(columns={"people": "voices"}).set_index(every.names)
    counted = lives[["passages", "words", "voices"]].reindex(every, fill_value=0)
    whole = counted.groupby(level="document_guid")["words"].transform("sum")
    frame = counted.assign(share=(counted["words"] / whole.where(whole > 0, 1))).reset_index()
    labels = found.topics.set_index("id")["label"]
    return frame.assign(
        document=frame["document_guid"].map(documents["name"]),
        kind=frame["document_guid"].map(documents["kind"]),
        label=frame["topic"].map(labels),
    )[list(SESSION_COLUMNS)]
