"""Markdown by code: words from the study can never become markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SIGNS = re.compile(r"[\\`*_{}\[\]#|<>~^$@&!]")
_START = re.compile(r"^(\s*)([-+=:%](?=\s)|\d+(?=[.)](?:\s|$))|\(?[A-Za-z](?=[.)]\s))")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def plain(text: object) -> str:
    r"""Return a text on one line in which nothing is markup.

    Examples
    --------
    >>> print(plain("*grap*  [lacht]"))
    \*grap\* \[lacht\]
    """
    line = re.sub(r"\s+", " ", _CONTROL.sub("", str(text))).strip()
    line = _SIGNS.sub(r"\\\g<0>", line)
    return _START.sub(lambda m: f"{m[1]}{m[2]}\\" if m[2][-1:].isalnum() else f"{m[1]}\\{m[2]}", line)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], *, caption: str = "") -> str:
    """Return a table of Markdown cells; ``widths`` are parts of the width of the page."""
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, *rows)]
    # pandoc takes the relative widths from the dashes once a line is longer than its column width
    dashes = "|" + "|".join(":" + "-" * (2 + round(150 * width / sum(widths))) for width in widths) + "|"
    body = "\n".join([lines[0], dashes, *lines[1:]])
    return f"{body}\n\n: {caption}" if caption else body


def anchor(ref: str) -> str:
    """Return the place in the document where a reference is accounted for: one for all figures of a code.

    Examples
    --------
    >>> anchor("spreiding:E07"), anchor("status:E07"), anchor("FG4-0112a")
    ('h-E07', 'h-E07', 'h-FG4-0112a')
    """
    name = ref.partition(":")[2] or ref
    return "h-" + "".join(sign if sign.isascii() and (sign.isalnum() or sign == "-") else f"_{ord(sign):x}_" for sign in name)


def mark(ref: str, *, shown: str | None = None, link: bool) -> str:
    """Return a reference as it stands in the text, small and quiet."""
    quiet = f"[{plain(shown or ref)}]{{.ref}}"
    return f"[{quiet}](#{anchor(ref)})" if link else quiet


def heading(level: int, title: str, *, place: str = "") -> str:
    """Return a heading."""
    return f"{'#' * level} {plain(title)}" + (f" {{#{place}}}" if place else "")


def joined(*parts: str) -> str:
    """Return the parts that are not empty, a blank line between them."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def boxed(name: str, text: str) -> str:
    """Return a block that the looks of each format give a meaning: ``melding``, ``kern``, ``werk``, ``klein``."""
    return f"::: {{.{name}}}\n{text}\n:::" if text.strip() else ""


def shortened(text: str, words: int) -> str:
    """Return the first words of a text, with […] where it goes on."""
    held = text.split()
    return text if len(held) <= words else " ".join(held[:words]) + " […]"
