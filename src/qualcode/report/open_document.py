"""How the LibreOffice file looks: pandoc's own, with our styles put in afterwards, since it takes none for tables."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qualcode.labels import language, say
from qualcode.report.looks import ACCENT, INK, QUIET, SHADE
from qualcode.report.tree import LaidOut

# what every LibreOffice brings
_SANS, SERIF = "Liberation Sans", "Liberation Serif"
_FO = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
_SVG = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
_DEPTH = 2
# the style of a paragraph that pandoc puts a figure in
_FIGURE = "Figure"
# style: properties of the paragraph and of its words
_PARAGRAPHS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "Title": ({"text-align": "start"}, {"font-size": "24pt", "color": f"#{ACCENT}", "font-family": _SANS}),
    "Heading_20_1": ({"margin-top": "0.8cm", "margin-bottom": "0.3cm"}, {"font-size": "17pt", "color": f"#{ACCENT}", "font-family": _SANS}),
    "Heading_20_2": ({"margin-top": "0.6cm"}, {"font-size": "13pt", "font-style": "normal", "color": f"#{ACCENT}", "font-family": _SANS}),
    "Heading_20_3": ({}, {"font-size": "11pt", "color": f"#{INK}", "font-family": _SANS}),
    "Text_20_body": ({}, {"font-size": "11pt", "color": f"#{INK}", "font-family": SERIF}),
    "Quotations": ({"border-left": f"2pt solid #{ACCENT}", "padding-left": "0.3cm"}, {"font-size": "11pt", "font-family": SERIF}),
    "Header": (
        {"border-bottom": f"0.5pt solid #{QUIET}", "padding-bottom": "0.1cm"},
        {"font-size": "8pt", "color": f"#{QUIET}", "font-family": _SANS},
    ),
    "Footer": ({"text-align": "end"}, {"font-size": "8pt", "color": f"#{QUIET}", "font-family": _SANS}),
    "Contents_20_1": ({"margin-top": "0.18cm", "margin-bottom": "0cm"}, {"font-size": "10pt", "font-weight": "bold", "font-family": _SANS}),
    "Contents_20_2": ({"margin-left": "0.6cm", "margin-top": "0cm", "margin-bottom": "0cm"}, {"font-size": "10pt", "font-family": _SANS}),
    "TableCaption": (
        {"margin-top": "0.3cm", "margin-bottom": "0.1cm", "keep-with-next": "always"},
        {"font-size": "9.5pt", "font-weight": "bold", "font-style": "normal", "color": f"#{INK}", "font-family": _SANS},
    ),
    "Table_20_Contents": ({}, {"font-size": "8.5pt", "font-family": SERIF}),
    "Table_20_Heading": (
        {"text-align": "start"},
        {"font-size": "9pt", "font-weight": "bold", "font-style": "normal", "font-family": _SANS},
    ),
    "Melding": ({"background-color": "#FDF3D8", "padding": "0.2cm"}, {"font-size": "11pt"}),
    "Kern": ({"background-color": f"#{SHADE}", "padding": "0.2cm"}, {"font-size": "11pt"}),
    "Werk": ({}, {"font-size": "9.5pt", "color": f"#{QUIET}"}),
    "Klein": ({}, {"font-size": "8.5pt", "color": f"#{QUIET}"}),
}
_CELLS = {
    "TableHeaderRowCell": {
        "border": "none",
        "border-bottom": f"0.5pt solid #{QUIET}",
        "background-color": f"#{SHADE}",
        "padding": "0.08cm",
    },
    "TableRowCell": {"border": "none", "border-bottom": f"0.5pt solid #{QUIET}", "padding": "0.08cm"},
}
_MARGINS = {f"margin-{side}": "2.4cm" if side in {"left", "right"} else "1.2cm" for side in ("top", "bottom", "left", "right")}
_PAGES = {"Standard": ("Mpm1", "21cm", "29.7cm", "portrait"), "Liggend": ("Mpm2", "29.7cm", "21cm", "landscape")}


def dress(path: Path, laid: LaidOut, told: Sequence[str]) -> None:
    """Give an .odt that pandoc wrote our styles, numbers of headings and pages on their side; and every part in it the same date.

    ``told`` says what each figure shows, in order.
    """
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        parts = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for info, content in parts:
            new = content
            if info.filename in {"styles.xml", "content.xml"}:
                root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
                if info.filename == "styles.xml":
                    _styles(root, chapters=laid.chapters)
                    _numbers(root)
                    _pages(root, laid.running)
                else:
                    _content(root, laid, told)
                new = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
            # the first part says what the file is, and stays as it was: uncompressed
            kind = zipfile.ZIP_STORED if info.filename == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(info.filename), new, kind)


def _properties(style: Any, kind: str, values: dict[str, str]) -> None:
    """Set properties of a style."""
    from lxml import etree

    if not values:
        return
    held = style.find(f"{{{_STYLE}}}{kind}-properties")
    if held is None:
        held = etree.SubElement(style, f"{{{_STYLE}}}{kind}-properties")
    for name, value in values.items():
        held.set(f"{{{_FO}}}{name}", value)
    if "font-family" in values:
        # a font named by reference would win from the family
        held.attrib.pop(f"{{{_STYLE}}}font-name", None)


def _styles(root: Any, *, chapters: bool) -> None:
    from lxml import etree

    held = root.find(f"{{{_OFFICE}}}styles")
    named = {style.get(f"{{{_STYLE}}}name"): style for style in held.iterfind(f"{{{_STYLE}}}style")}

    def style(name: str, family: str, parent: str) -> Any:
        if name not in named:
            named[name] = etree.SubElement(held, f"{{{_STYLE}}}style")
            values = {"name": name, "family": family, **({"parent-style-name": parent} if parent else {})}
            for key, value in values.items():
                named[name].set(f"{{{_STYLE}}}{key}", value)
        return named[name]

    for name, (paragraph, words) in _PARAGRAPHS.items():
        made = style(name, "paragraph", "Text_20_body")
        _properties(made, "paragraph", paragraph)
        _properties(made, "text", words)
    _properties(style("Verwijzing", "text", ""), "text", {"font-size": "7.5pt", "color": f"#{QUIET}"})
    _properties(style("Verbinding", "text", ""), "text", {"color": f"#{ACCENT}"})
    body = named["Text_20_body"].find(f"{{{_STYLE}}}text-properties")
    locale = "NL" if language() == "nl" else "GB"
    for name, value in (("hyphenate", "true"), ("language", language()), ("country", locale)):
        body.set(f"{{{_FO}}}{name}", value)
    for name, (_, _, _, orientation) in _PAGES.items():
        # an empty line that begins another kind of page takes next to no room
        turn = style("Liggend" if orientation == "landscape" else "Staand", "paragraph", "")
        turn.set(f"{{{_STYLE}}}master-page-name", name)
        _properties(turn, "paragraph", {"margin-top": "0cm", "margin-bottom": "0cm", "line-height": "0.05cm"})
        _properties(turn, "text", {"font-size": "1pt"})
    for level in range(1, _DEPTH + 1):
        held = named[f"Contents_20_{level}"].find(f"{{{_STYLE}}}paragraph-properties")
        stops = etree.SubElement(held, f"{{{_STYLE}}}tab-stops")
        where = f"{16.2 - 0.6 * (level - 1)}cm"
        etree.SubElement(stops, f"{{{_STYLE}}}tab-stop", {f"{{{_STYLE}}}position": where, f"{{{_STYLE}}}type": "right", f"{{{_STYLE}}}leader-style": "dotted", f"{{{_STYLE}}}leader-text": "."})  # fmt: skip
    if chapters:
        _properties(named["Heading_20_1"], "paragraph", {"break-before": "page"})
    else:
        _properties(named["Heading_20_1"], "paragraph", {"margin-top": "0.3cm", "margin-bottom": "0.1cm"})
        _properties(named["Heading_20_1"], "text", {"font-size": "13pt"})


def _numbers(root: Any) -> None:
    """Have chapters and sections counted: 1, 1.1."""
    for level in root.iter(f"{{{_TEXT}}}outline-level-style"):
        deep = int(level.get(f"{{{_TEXT}}}level"))
        if deep <= _DEPTH:
            level.set(f"{{{_STYLE}}}num-format", "1")
            level.set(f"{{{_STYLE}}}num-suffix", " ")
            if deep > 1:
                level.set(f"{{{_TEXT}}}display-levels", str(deep))


def _pages(root: Any, running: str) -> None:
    """Make an upright page and one on its side, both with what stands above and below it."""
    from copy import deepcopy

    from lxml import etree

    automatic, masters = root.find(f"{{{_OFFICE}}}automatic-styles"), root.find(f"{{{_OFFICE}}}master-styles")
    first = next(automatic.iter(f"{{{_STYLE}}}page-layout"))
    for master in list(masters):
        masters.remove(master)
    for name, (layout, wide, high, orientation) in _PAGES.items():
        page = first if layout == first.get(f"{{{_STYLE}}}name") else deepcopy(first)
        page.set(f"{{{_STYLE}}}name", layout)
        if page is not first:
            automatic.append(page)
        held = page.find(f"{{{_STYLE}}}page-layout-properties")
        held.set(f"{{{_STYLE}}}print-orientation", orientation)
        for key, value in ({"page-width": wide, "page-height": high} | _MARGINS).items():
            held.set(f"{{{_FO}}}{key}", value)
        for part, side in (("header", "bottom"), ("footer", "top")):
            room = page.find(f"{{{_STYLE}}}{part}-style")
            for old in list(room):
                room.remove(old)
            etree.SubElement(
                room, f"{{{_STYLE}}}header-footer-properties", {f"{{{_FO}}}min-height": "0.9cm", f"{{{_FO}}}margin-{side}": "0.4cm"}
            )
        made = etree.SubElement(masters, f"{{{_STYLE}}}master-page", {f"{{{_STYLE}}}name": name, f"{{{_STYLE}}}page-layout-name": layout})
        head = etree.SubElement(etree.SubElement(made, f"{{{_STYLE}}}header"), f"{{{_TEXT}}}p", {f"{{{_TEXT}}}style-name": "Header"})
        head.text = running
        foot = etree.SubElement(etree.SubElement(made, f"{{{_STYLE}}}footer"), f"{{{_TEXT}}}p", {f"{{{_TEXT}}}style-name": "Footer"})
        _page_number(foot)


def _page_number(foot: Any) -> None:
    """Write which page it is of how many."""
    from lxml import etree

    before, _, rest = say("looks.page_of", page="\0", pages="\1").partition("\0")
    between, _, after = rest.partition("\1")
    foot.text = before
    number = etree.SubElement(foot, f"{{{_TEXT}}}page-number", {f"{{{_TEXT}}}select-page": "current"})
    number.text, number.tail = "1", between
    count = etree.SubElement(foot, f"{{{_TEXT}}}page-count")
    count.text, count.tail = "1", after


def _content(root: Any, laid: LaidOut, told: Sequence[str]) -> None:
    """Set cells, rows that stay whole, headings without a number, and what a picture shows."""
    from lxml import etree

    automatic = root.find(f"{{{_OFFICE}}}automatic-styles")
    for style in automatic.iter(f"{{{_STYLE}}}style"):
        _properties(style, "table-cell", _CELLS.get(style.get(f"{{{_STYLE}}}name"), {}))
        if style.get(f"{{{_STYLE}}}family") == "table":
            style.find(f"{{{_STYLE}}}table-properties").set(f"{{{_TABLE}}}align", "left")
            _properties(style, "table", {"margin-bottom": "0.3cm"})
    row = etree.SubElement(automatic, f"{{{_STYLE}}}style", {f"{{{_STYLE}}}name": "Rij", f"{{{_STYLE}}}family": "table-row"})
    _properties(row, "table-row", {"keep-together": "always"})
    for one in root.iter(f"{{{_TABLE}}}table-row"):
        one.set(f"{{{_TABLE}}}style-name", "Rij")
    for link in root.iter(f"{{{_TEXT}}}a"):
        span = link.find(f"{{{_TEXT}}}span")
        quiet = span is not None and span.get(f"{{{_TEXT}}}style-name") == "Verwijzing"
        for name in ("style-name", "visited-style-name"):
            link.set(f"{{{_TEXT}}}{name}", "Verwijzing" if quiet else "Verbinding")
    for heading, held in zip(root.iter(f"{{{_TEXT}}}h"), laid.headings, strict=True):
        if not held.number:
            heading.set(f"{{{_TEXT}}}is-list-header", "true")
    # pandoc forgets what a picture shows; the pictures stand in the order they were drawn
    frames = list(root.iter(f"{{{_DRAW}}}frame"))
    figures = [frame for frame in frames if _FIGURE in str(frame.getparent().get(f"{{{_TEXT}}}style-name"))]
    for frame, (k, n) in zip([one for one in frames if one not in figures], laid.pictures, strict=True):
        etree.SubElement(frame, f"{{{_SVG}}}title").text = say("looks.bar", k=k, n=n)
    for frame, shown in zip(figures, told, strict=True):
        etree.SubElement(frame, f"{{{_SVG}}}title").text = shown
