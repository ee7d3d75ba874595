"""The last hand on a Word file that pandoc wrote: numbers of headings, rows that stay whole, pages on their side, hyphens, one date."""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from qualcode.report.tree import LaidOut

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DEPTH = 3
_NUMBERING = "4242"
_TABLE_WORDS = "Tabeltekst"
# what must stand after autoHyphenation in the settings
_AFTER = ("consecutiveHyphenLimit", "hyphenationZone", "defaultTabStop", "characterSpacingControl", "compat", "rsids", "themeFontLang", "clrSchemeMapping", "decimalSymbol", "listSeparator", "footnotePr", "endnotePr")  # fmt: skip


def finish(path: Path, laid: LaidOut) -> None:
    """Finish the file in place."""
    from lxml import etree

    changes: dict[str, Callable[[Any], None]] = {
        "word/document.xml": partial(_document, laid=laid),
        "word/styles.xml": _styles,
        "word/numbering.xml": _numbering,
        "word/settings.xml": _settings,
    }
    with zipfile.ZipFile(path) as archive:
        parts = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for info, content in parts:
            new = content
            if info.filename in changes:
                root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
                changes[info.filename](root)
                new = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            archive.writestr(zipfile.ZipInfo(info.filename, info.date_time), new, zipfile.ZIP_DEFLATED)


def _w(name: str) -> str:
    return f"{{{_W}}}{name}"


def _made(name: str, **values: str) -> Any:
    from lxml import etree

    return etree.Element(_w(name), {_w(key): value for key, value in values.items()})


def _document(root: Any, *, laid: LaidOut) -> None:
    headings = [one for one in root.iter(_w("p")) if _style(one).startswith("Heading")]
    for paragraph, heading in zip(headings, laid.headings, strict=True):
        if not heading.number:
            _unnumbered(paragraph)
    for row in root.iter(_w("tr")):
        _whole(row)
        for style in row.iter(_w("pStyle")):
            if style.get(_w("val")) in {"Compact", "BodyText", "FirstParagraph"}:
                style.set(_w("val"), _TABLE_WORDS)
    for table in root.iter(_w("tbl")):
        _room_after(table)
    _sections(root)


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{_w('pPr')}/{_w('pStyle')}")
    return "" if style is None else str(style.get(_w("val")))


def _unnumbered(paragraph: Any) -> None:
    none = _made("numPr")
    none.append(_made("ilvl", val="0"))
    none.append(_made("numId", val="0"))
    paragraph.find(f"{_w('pPr')}/{_w('pStyle')}").addnext(none)


def _whole(row: Any) -> None:
    """A row never stands on two pages."""
    properties = row.find(_w("trPr"))
    if properties is None:
        properties = _made("trPr")
        row.insert(0, properties)
    properties.insert(0, _made("cantSplit"))


def _room_after(table: Any) -> None:
    """Text after a table does not stick to it."""
    properties = table.getnext().find(_w("pPr")) if table.getnext() is not None else None
    if (
        properties is not None
        and [one.tag for one in properties] == [_w("pStyle")]
        and not properties[0].get(_w("val")).startswith("Heading")
    ):
        properties.append(_made("spacing", before="180"))


def _sections(root: Any) -> None:
    """Pages on their side have the size, the heads and the feet of the others; the words before them end a section too."""
    last = root.find(_w("body")).find(_w("sectPr"))
    for mark in [one for one in root.iter(_w("sectPr")) if one.get(_w("rsidR")) in {"00000001", "00000002"}]:
        section = copy.deepcopy(last)
        if mark.get(_w("rsidR")) == "00000002":
            size = section.find(_w("pgSz"))
            wide, high = size.get(_w("h")), size.get(_w("w"))
            for name, value in (("w", wide), ("h", high), ("orient", "landscape")):
                size.set(_w(name), value)
        # only the first page of all goes without a head
        for first in section.findall(_w("titlePg")) if _later(mark) else []:
            section.remove(first)
        mark.getparent().replace(mark, section)
    for first in last.findall(_w("titlePg")) if root.find(f".//{_w('pPr')}/{_w('sectPr')}") is not None else []:
        last.remove(first)


def _later(mark: Any) -> bool:
    """Return whether a section ends before this one."""
    paragraph = mark.getparent().getparent()
    return any(before.find(f".//{_w('sectPr')}") is not None for before in paragraph.itersiblings(preceding=True))


def _styles(root: Any) -> None:
    """Number the headings, in the styles: a heading that somebody adds in Word is numbered too."""
    for style in root.iter(_w("style")):
        name = style.get(_w("styleId"))
        if name in {f"Heading{level}" for level in range(1, _DEPTH + 1)}:
            numbers = _made("numPr")
            if name[-1] != "1":
                numbers.append(_made("ilvl", val=str(int(name[-1]) - 1)))
            numbers.append(_made("numId", val=_NUMBERING))
            properties = style.find(_w("pPr"))
            before = [
                one for one in properties if one.tag in {_w(tag) for tag in ("keepNext", "keepLines", "pageBreakBefore", "widowControl")}
            ]
            properties.insert(len(before), numbers)


def _numbering(root: Any) -> None:
    """Add the numbers of headings: 1, 1.1; deeper ones have none."""
    kind = _made("abstractNum", abstractNumId=_NUMBERING)
    kind.append(_made("multiLevelType", val="multilevel"))
    for level in range(_DEPTH):
        deep = level == _DEPTH - 1
        made = _made("lvl", ilvl=str(level))
        for name, value in (
            ("start", "1"),
            ("numFmt", "none" if deep else "decimal"),
            ("pStyle", f"Heading{level + 1}"),
            ("suff", "nothing" if deep else "space"),
            ("lvlText", "" if deep else ".".join(f"%{one + 1}" for one in range(level + 1))),
            ("lvlJc", "left"),
        ):
            made.append(_made(name, val=value))
        kind.append(made)
    first = root.find(_w("num"))
    if first is None:
        root.append(kind)
    else:
        first.addprevious(kind)
    number = _made("num", numId=_NUMBERING)
    number.append(_made("abstractNumId", val=_NUMBERING))
    root.append(number)


def _settings(root: Any) -> None:
    """Break words at the end of a line, by the rules of the language."""
    if root.find(_w("autoHyphenation")) is None:
        later = next((one for one in root if one.tag in {_w(name) for name in _AFTER}), None)
        if later is None:
            root.append(_made("autoHyphenation"))
        else:
            later.addprevious(_made("autoHyphenation"))
