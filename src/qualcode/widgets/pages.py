"""What the coding desk shows, as plain values made from a snapshot: pure functions that know neither Jupyter nor a page.

All positions are code points in the text of the document; the page alone turns them into the units of its browser.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qualcode.codebook import Code, Codebook
from qualcode.model import Snapshot, rows_of

Row = tuple[Any, ...]
CODING_FIELDS = ("start", "end", "code", "coder", "layer", "at", "memo", "dimensions")
MEMO_FIELDS = ("start", "end", "text", "coder", "at", "code")
_GOLDEN = 137.5


def hue(colour: str) -> float | None:
    """Return the hue of ``#RRGGBB`` in degrees of OKLCH, or ``None`` when there is no colour in it.

    The page gives every tint the same lightness and chroma, so that words stay readable under any code; only the hue is the code's own.
    After Björn Ottosson, "A perceptual color space for image processing" (2020).

    Examples
    --------
    >>> round(hue("#FF0000"))
    29
    >>> hue("#808080") is None
    True
    """
    if len(colour) != 7:  # noqa: PLR2004 - #RRGGBB
        return None
    rgb = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - the sRGB curve
    lms = np.cbrt(_TO_LMS @ linear)
    _, a, b = _TO_LAB @ lms
    return None if math.hypot(a, b) < 0.02 else math.degrees(math.atan2(b, a)) % 360  # noqa: PLR2004 - grey


_TO_LMS = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]]
)
_TO_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]]
)


def _code(book: Codebook, code: Code, place: Mapping[str, int], number: int) -> dict[str, Any]:
    own = hue(code.colour)
    return {
        "key": code.key,
        "id": code.id,
        "name": code.name,
        "path": book.path(code.key, " › "),
        "depth": len(book.ancestors(code.key)),
        "parent": place.get(code.parent or "", -1),
        "codable": code.codable,
        "retired": code.retired or bool(code.merged_into),
        "hue": round(own if own is not None else number * _GOLDEN % 360),
        "definition": code.definition,
        "include": code.include,
        "exclude": code.exclude,
        "examples": list(code.examples),
        "source": code.source,
        "colour": code.colour,
        "requires": list(book.requires(code.key)),
        "needs": list(code.requires),
    }


def codebook_page(book: Codebook) -> dict[str, Any]:
    """Return the codebook as the page shows it: codes in tree order, pairs and parents by their place in that order.

    Keys: ``codes``, ``pairs`` (``[place, place, rule]``), ``dimensions``, ``rules``, ``definition``, ``definition_source``, ``name``, ``version``.
    """
    place = {code.key: number for number, code in enumerate(book.codes)}
    return {
        "name": book.name,
        "version": book.version,
        "codes": [_code(book, code, place, number) for number, code in enumerate(book.codes)],
        "pairs": [[place[p.first], place[p.second], p.rule] for p in book.confusable if p.first in place and p.second in place],
        "dimensions": [
            {
                "name": d.name,
                "type": d.type,
                "values": list(d.values),
                "default": d.default,
                "multiple": d.multiple,
                "definition": d.definition,
            }
            for d in book.dimensions
        ],
        "rules": list(book.rules),
        "definition": book.definition,
        "definition_source": book.definition_source,
    }


def coding_rows(snapshot: Snapshot, document: str, book: Codebook) -> dict[str, Row]:
    """Return the codings on the present text of a document (guid), by guid, as rows of ``CODING_FIELDS``.

    ``code`` is the key of the code that stands for it now: where codes were merged, the one that went on.
    """
    table = snapshot.codings
    table = table[(table["document"] == document) & (table["version"] == snapshot.document_row(document)["version"])]
    now = {code: book.resolve(code) for code in table["code"].unique()}
    named = dict(zip(snapshot.coders["guid"], snapshot.coders["name"], strict=True))
    columns = [
        table["start"].astype("int64").tolist(),
        table["end"].astype("int64").tolist(),
        [now[code] for code in table["code"].tolist()],
        [named.get(coder, "") for coder in table["coder"].tolist()],
        *(_texts(table[name].tolist()) for name in ("layer", "at", "memo")),
        [held or {} for held in table["dimensions"].tolist()],
    ]
    return dict(zip(table["guid"].tolist(), zip(*columns, strict=True), strict=True))


def coding_row(row: Mapping[str, Any], code: str, coder: str) -> Row:
    """Return one coding, as the log speaks of it, as a row of ``CODING_FIELDS``; ``code`` and ``coder`` are what stands for them now."""
    return (
        int(row["start"]),
        int(row["end"]),
        code,
        coder,
        row["layer"] or "",
        row["at"] or "",
        row["memo"] or "",
        row["dimensions"] or {},
    )


def memo_row(row: Mapping[str, Any], coder: str, code: str) -> Row:
    """Return one memo, as the log speaks of it, as a row of ``MEMO_FIELDS``; ``code`` is the code it is on."""
    start, end = (None if row[name] is None else int(row[name]) for name in ("start", "end"))
    return (start, end, row["text"] or "", coder, row["at"] or "", code)


def waiting(snapshot: Snapshot, book: Codebook) -> set[str]:
    """Return the codings (guids) that wait to be coded again: their code is out of use and no other code goes on for it."""
    gone = {code.key for code in book.codes if code.retired and not code.merged_into}
    return set(snapshot.codings.loc[snapshot.codings["code"].isin(gone), "guid"]) if gone else set()


def queue_rows(snapshot: Snapshot, book: Codebook, code: str | None) -> list[list[str]]:
    """Return ``[guid, document]`` of codings to walk along, in order of documents and text.

    Parameters
    ----------
    snapshot, book
        The study and its codebook.
    code
        Key of a code: all codings that count for it. ``None``: all that wait to be coded again.
    """
    table = snapshot.codings
    if code is None:
        table = table[table["guid"].isin(waiting(snapshot, book))]
    else:
        table = table[table["code"].isin({one for one in table["code"].unique() if book.resolve(one) == code})]
    rank = {guid: number for number, guid in enumerate(snapshot.documents["guid"])}
    names = dict(zip(snapshot.documents["guid"], snapshot.documents["name"], strict=True))
    now = dict(zip(snapshot.documents["guid"], snapshot.documents["version"], strict=True))
    table = table[table["document"].isin(rank) & (table["version"] == table["document"].map(now))]
    table = table.assign(rank=table["document"].map(rank)).sort_values(["rank", "start", "end", "guid"], kind="stable")
    return [[guid, names[document]] for guid, document in zip(table["guid"], table["document"], strict=True)]


def _texts(values: Sequence[Any]) -> list[str]:
    return [value if isinstance(value, str) else "" for value in values]


def memo_rows(snapshot: Snapshot, document: str, book: Codebook) -> dict[str, Row]:
    """Return the memos on a document (guid), on its words and on codes, by guid, as rows of ``MEMO_FIELDS``.

    ``start`` and ``end`` are ``None`` for a memo that is not on words; ``code`` is the key of the code it is on, else empty.
    """
    table = snapshot.memos
    on_code = table["on"] == "code"
    table = table[
        ((table["target"] == document) & (table["on"] == "document")) | on_code | ((table["document"] == document) & table["start"].notna())
    ]
    named = dict(zip(snapshot.coders["guid"], snapshot.coders["name"], strict=True))
    known = {code.key for code in book.codes}
    rows = {}
    for row in rows_of(table[["guid", "on", "target", "start", "end", "text", "coder", "at"]].astype(object)):
        code = book.resolve(row["target"]) if row["on"] == "code" and row["target"] in known else ""
        if code or row["on"] != "code":
            places = (None if pd.isna(row[name]) else int(row[name]) for name in ("start", "end"))
            rows[row["guid"]] = (*places, *_texts([row["text"]]), named.get(row["coder"], ""), *_texts([row["at"]]), code)
    return rows


def changed(before: Mapping[str, Row], after: Mapping[str, Row]) -> tuple[dict[str, Row], list[str]]:
    """Return the rows that are new or different, and the guids that are gone.

    Examples
    --------
    >>> changed({"a": (1,), "b": (2,)}, {"b": (3,), "c": (4,)})
    ({'b': (3,), 'c': (4,)}, ['a'])
    """
    return {guid: row for guid, row in after.items() if before.get(guid) != row}, [guid for guid in before if guid not in after]


def marked(before: str, after: str) -> tuple[list[list[str]], list[list[str]]]:
    """Return two texts in pieces ``[words, mark]``: ``same``, and ``gone`` in the first or ``new`` in the second.

    Examples
    --------
    >>> marked("een scheldwoord", "een hard scheldwoord")
    ([['een scheldwoord', 'same']], [['een ', 'same'], ['hard ', 'new'], ['scheldwoord', 'same']])
    """
    old, new = (re.findall(r"\S+\s*", text) for text in (before, after))
    found: tuple[list[list[str]], list[list[str]]] = ([], [])
    for what, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        for side, words, mark in ((found[0], old[a:b], "gone"), (found[1], new[c:d], "new")):
            if words and what == "equal" and side and side[-1][1] == "same":
                side[-1][0] += "".join(words)
            elif words:
                side.append(["".join(words), "same" if what == "equal" else mark])
    return found


def turn_rows(snapshot: Snapshot, document: str) -> list[list[Any]]:
    """Return the turns of a document (guid): ``[number, start, label, time, role, words]``; a text without turns is one turn without a label."""
    text = snapshot.text(document)
    table = snapshot.turns_of(document)
    if not len(table):
        return [[0, 0, "", "", "", text]]
    labels, times, roles = (_texts(table[name].tolist()) for name in ("label", "time", "role"))
    places = zip(table["turn"].tolist(), table["start"].tolist(), table["end"].tolist(), labels, times, roles, strict=True)
    return [[turn, start, label, time, role, text[start:end]] for turn, start, end, label, time, role in places]


def document_rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return name, kind and number of codings of every document, in order."""
    table = snapshot.documents
    counts = snapshot.codings["document"].value_counts()
    return [
        {"name": name, "kind": kind, "codings": int(counts.get(guid, 0))}
        for guid, name, kind in zip(table["guid"], table["name"], table["kind"], strict=True)
    ]


def packed(codings: Mapping[str, Row], book: Codebook) -> tuple[list[list[Any]], bytes]:
    """Return codings for the journey: ``[guid, coder, layer, at, memo, dimensions]`` a row, and start, end and place of the code as Int32."""
    place = {code.key: number for number, code in enumerate(book.codes)}
    rows = [[guid, row[3], row[4], row[5], row[6], json.dumps(row[7], ensure_ascii=False)] for guid, row in codings.items()]
    numbers: NDArray[np.int32] = np.array([(row[0], row[1], place[row[2]]) for row in codings.values()], dtype="<i4").reshape(-1, 3)
    return rows, numbers.tobytes()
