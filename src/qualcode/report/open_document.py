"""How the LibreOffice file looks: pandoc's own, with our styles put in afterwards, since it takes none for tables."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from qualcode.report.looks import ACCENT, INK, QUIET, SERIF, SHADE

_SANS = "Liberation Sans, Arial, sans-serif"
_FO = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
# style: properties of the paragraph and of its words
_PARAGRAPHS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "Title": ({"text-align": "start"}, {"font-size": "24pt", "color": f"#{ACCENT}", "font-family": _SANS}),
    "Heading_20_1": ({"margin-top": "0.8cm"}, {"font-size": "17pt", "color": f"#{ACCENT}", "font-family": _SANS}),
    "Heading_20_2": ({"margin-top": "0.6cm"}, {"font-size": "13pt", "font-style": "normal", "color": f"#{ACCENT}", "font-family": _SANS}),
    "Heading_20_3": ({}, {"font-size": "11pt", "color": f"#{INK}", "font-family": _SANS}),
    "Text_20_body": ({}, {"font-size": "11pt", "color": f"#{INK}", "font-family": SERIF}),
    "Quotations": ({"border-left": f"2pt solid #{ACCENT}", "padding-left": "0.3cm"}, {"font-size": "11pt", "font-family": SERIF}),
    "Table_20_Contents": ({}, {"font-size": "9pt", "font-family": SERIF}),
    "Table_20_Heading": ({}, {"font-size": "9pt", "font-family": _SANS}),
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
_PAGE = {
    "page-width": "21cm",
    "page-height": "29.7cm",
    **{f"margin-{side}": "2.4cm" for side in ("top", "bottom", "left", "right")},
}


def dress(path: Path) -> None:
    """Give an .odt that pandoc wrote our styles, and every part in it the same date."""
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        parts = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for info, content in parts:
            new = content
            if info.filename in {"styles.xml", "content.xml"}:
                root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
                (_styles if info.filename == "styles.xml" else _cells)(root)
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


def _styles(root: Any) -> None:
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
    for page in root.iter(f"{{{_STYLE}}}page-layout-properties"):
        for name, value in _PAGE.items():
            page.set(f"{{{_FO}}}{name}", value)


def _cells(root: Any) -> None:
    for style in root.iter(f"{{{_STYLE}}}style"):
        values = _CELLS.get(style.get(f"{{{_STYLE}}}name"))
        if values:
            _properties(style, "table-cell", values)
