"""The coded text as one web page: what was said, and beside it which codes stand there, by whom."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from qualcode import spans
from qualcode.analysis import codings, turns
from qualcode.analysis.frames import gaps_of
from qualcode.analysis.names import handles
from qualcode.codebook import Code, Codebook
from qualcode.labels import language, say
from qualcode.model import HasSnapshot, Snapshot, as_snapshot
from qualcode.writing import whole_or_not

Span = tuple[int, int]


def to_page(study: HasSnapshot, target: Path) -> Path:
    """Write the coded text of every document as one web page that needs nothing else.

    Parameters
    ----------
    study
        A project or a snapshot.
    target
        The file to write.
    """
    return whole_or_not(target, lambda path: path.write_text(page(study), encoding="utf-8", newline="\n"))


def page(study: HasSnapshot) -> str:
    """Return the coded text as HTML: a section a document, a row a turn, marked words and their codings beside them."""
    snapshot = as_snapshot(study)
    name = escape(str(snapshot.project.get("name") or ""))
    style = (files(__package__) / "static" / "tekst.css").read_text(encoding="utf-8")
    spoken, marked = turns(study), codings(study)
    book = Codebook.of(study)
    codes = {handle: book.get(code) for code, handle in handles(book).items()}
    documents = [
        _document(snapshot, str(name), turn_rows, marked[marked["document"] == name], codes)
        for name, turn_rows in spoken.groupby("document", sort=False)
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{name}</title><style>\n{style}</style>'
    body = f"<h1>{name}</h1>\n<p>{escape(say('exports.page_about'))}</p>\n{''.join(documents)}"
    return f'<!doctype html>\n<html lang="{language()}">\n<head>{head}</head>\n<body>\n{body}</body>\n</html>\n'


def _document(snapshot: Snapshot, name: str, spoken: pd.DataFrame, marked: pd.DataFrame, codes: dict[str, Code]) -> str:
    guid = snapshot.document_names[name]
    text, gaps = snapshot.text(guid), {turn: cut for (document, turn), cut in gaps_of(snapshot).items() if document == guid}
    on_turns = spans.touching(spans.spans(marked["start"], marked["end"]), spans.spans(spoken["start"], spoken["end"]))
    here: dict[int, list[dict[str, Any]]] = {}
    made = marked.to_dict("records")
    for coding, turn in on_turns.tolist():
        here.setdefault(turn, []).append(made[coding])
    rows = []
    for place, turn in enumerate(spoken.to_dict("records")):
        standing = here.get(place, [])
        words = _words(
            text, (turn["start"], turn["end"]), gaps=gaps.get(turn["turn"], []), marks=[(c["start"], c["end"]) for c in standing]
        )
        when = f" <time>{escape(turn['time'])}</time>" if isinstance(turn["time"], str) else ""
        who = escape(turn["speaker"]) if isinstance(turn["speaker"], str) else "–"
        rows.append(
            f'<div class="turn {escape(str(turn["role"]))}" id="{escape(name)}-{turn["turn"]}">'
            f'<p class="who"><span>{turn["turn"]}</span> {who}{when}</p><p class="said">{words}</p>'
            f"<ul>{''.join(_coding(coding, codes) for coding in standing)}</ul></div>\n"
        )
    return f"<section>\n<h2>{escape(name)}</h2>\n{''.join(rows)}</section>\n"


def _coding(row: dict[str, Any], codes: dict[str, Code]) -> str:
    code = codes[row["code"]]
    note = f"<br><em>{escape(row['memo'])}</em>" if isinstance(row["memo"], str) and row["memo"] else ""
    colour = f' style="border-color:{escape(code.colour)}"' if code.colour else ""
    by = escape(f"{row['coder']}, {row['layer']}")
    return f"<li{colour}><b>{escape(row['code'])}</b> {escape(code.name)} <small>{by}</small>{note}</li>"


def _words(text: str, turn: Span, *, gaps: list[Span], marks: list[Span]) -> str:
    """Return the words of a turn, the coded ones marked: the darker, the more codings stand on them."""
    edges = sorted({turn[0], turn[1], *(edge for span in [*marks, *gaps] for edge in span if turn[0] < edge < turn[1])})
    return "".join(_piece(text, piece, gaps=gaps, marks=marks) for piece in pairwise(edges))


def _piece(text: str, piece: Span, *, gaps: list[Span], marks: list[Span]) -> str:
    start, end = piece
    if any(left <= start and end <= right for left, right in gaps):
        return " "
    words = escape(text[start:end])
    deep = min(3, sum(left <= start and end <= right for left, right in marks))
    return f'<mark class="d{deep}">{words}</mark>' if deep else words
