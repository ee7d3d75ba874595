"""What a query points at: the words it asks for, in the turns it holds for, with what stands around them."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pandas as pd

from qualcode.analysis.asking import Sight, holds, places_of
from qualcode.analysis.expressions import And, Near, Node, Or, Overlap, Said
from qualcode.analysis.kwic import CONTEXT, lines_of
from qualcode.analysis.names import document_named
from qualcode.analysis.parsing import parse
from qualcode.analysis.places import SPOKEN, Places

_NONE = np.empty(0, np.int64)


def pointed(sight: Sight, text: str, *, document: str | None = None, context: int = CONTEXT) -> pd.DataFrame:
    """Return the words a query asks for in the turns it holds for; a turn without such words as a whole.

    Parameters
    ----------
    sight
        The study with its words.
    text
        The query; see :func:`qualcode.analysis.parsing.parse`.
    document
        Only this document (name).
    context
        Code points of the same turn on either side.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`qualcode.analysis.kwic.search`, a row a place, in the order of the documents and of the words in them.

    Raises
    ------
    Refused
        When the query cannot be read; the message says at which character.
    NotFound
        When the study has no such code, person, document or attribute.
    """
    tree = parse(text)
    turns = holds(sight, tree, "turn")
    if document is not None:
        turns = turns & (sight.snapshot.turns["document"] == document_named(sight.snapshot, document)).to_numpy(bool)
    ground = sight.ground
    asked = [places_of(sight, node, sight.living) for node in _words(tree)]
    found = reduce(Places.__or__, asked) if asked else Places(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE)
    # two parts of a query may point at the same words
    once = np.unique(np.stack([found.start, found.end]), axis=1, return_index=True)[1]
    found = found.only(once[turns[found.turn[once]]])
    bare = np.setdiff1d(np.flatnonzero(turns), found.turn)
    whole = Places(ground.turn_start[bare], ground.turn_end[bare], bare, np.full(len(bare), SPOKEN), _NONE, _NONE)
    return lines_of(sight, found | whole, context)


def _words(node: Node) -> list[Node]:
    """Return the parts of a query that point at words, those it rules out left aside."""
    match node:
        case Said() | Near() | Overlap():
            return [node]
        case And() | Or():
            return [found for part in node.parts for found in _words(part)]
        case _:
            return []
