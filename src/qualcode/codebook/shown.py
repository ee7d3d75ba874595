"""A codebook on screen: one line, and a small tree for a notebook."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from qualcode.labels import say

if TYPE_CHECKING:
    from qualcode.codebook.book import Codebook
    from qualcode.codebook.parts import Code


def as_line(book: Codebook) -> str:
    """Return name, version, fingerprint and how many of each level there are."""
    levels = Counter(book.level(code.key) for code in book.codes if not code.retired)
    counts = {"themes": levels["theme"], "subthemes": levels["subtheme"], "codes": levels["code"]}
    retired = sum(code.retired for code in book.codes)
    head = {"name": book.name or "-", "version": book.version or "-", "fingerprint": book.fingerprint}
    line = say("codebook.line", lang=None, **head, **counts)
    return line + (say("codebook.line_retired", n=retired) if retired else "")


def as_html(book: Codebook) -> str:
    """Return a folded tree; every text is escaped."""
    return f"<div><p>{escape(as_line(book))}</p>{_branch(book, None)}</div>"


def _branch(book: Codebook, key: str | None) -> str:
    codes = book.children(key)
    return f"<ul style='list-style:none;padding-left:1.2em;margin:0'>{''.join(_item(book, code) for code in codes)}</ul>" if codes else ""


def _item(book: Codebook, code: Code) -> str:
    swatch = f"<span style='color:{escape(code.colour, quote=True)}'>&#9632;</span> " if code.colour else ""
    gone = f" <em>{escape(say('codebook.retired'))}</em>" if code.retired else ""
    name = f"{swatch}<b>{escape(code.id)}</b> {escape(code.name)}{gone}"
    below = _branch(book, code.key)
    if below:
        return f"<li><details><summary title='{escape(code.definition, quote=True)}'>{name}</summary>{below}</details></li>"
    return f"<li title='{escape(code.definition, quote=True)}'>{name}</li>"
