"""How the Word file looks: pandoc's own reference document with our styles; made by code, so that no binary needs keeping."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from qualcode.labels import say

INK, QUIET, ACCENT, SHADE = "1F2933", "6B7680", "1B4F72", "EAF0F4"
SERIF, SANS = "Cambria", "Calibri"
# name of the style: font, size in points, bold, colour, space before and after in points
_STYLES: dict[str, tuple[str, float, bool, str, float, float]] = {
    "Title": (SANS, 24, True, ACCENT, 0, 6),
    "Heading 1": (SANS, 17, True, ACCENT, 22, 8),
    "Heading 2": (SANS, 13, True, ACCENT, 16, 4),
    "Heading 3": (SANS, 11, True, INK, 12, 3),
    "Body Text": (SERIF, 11, False, INK, 4, 5),
    "First Paragraph": (SERIF, 11, False, INK, 4, 5),
    "Compact": (SERIF, 11, False, INK, 1, 1),
    "Block Text": (SERIF, 11, False, INK, 4, 8),
    "Table Caption": (SANS, 9.5, True, INK, 8, 3),
}
# blocks with a meaning of their own: size in points, colour, shade behind the words
_BOXES: dict[str, tuple[float, str, str]] = {
    "Melding": (11, INK, "FDF3D8"),
    "Kern": (11, INK, SHADE),
    "Werk": (9.5, QUIET, ""),
    "Klein": (8.5, QUIET, ""),
}


# the list of contents: indent in centimetres, bold, space before in points
_CONTENTS: dict[str, tuple[float, bool, float]] = {"toc 1": (0, True, 5), "toc 2": (0.6, False, 0)}
_TEXT_WIDTH = 16.2


def reference_document(pandoc: str, folder: Path, *, running: str = "", chapters: bool = True) -> Path:
    """Write the reference document into ``folder`` and return its path.

    Parameters
    ----------
    pandoc
        The program.
    folder
        Where it comes.
    running
        What stands above every page but the first.
    chapters
        Whether each chapter begins a page; a text of a few pages has smaller headings and no such thing.
    """
    from docx import Document
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    target = folder / "reference.docx"
    default = subprocess.run([pandoc, "--print-default-data-file", "reference.docx"], capture_output=True, check=True)
    target.write_bytes(default.stdout)
    document = Document(str(target))
    for name, (font, size, bold, colour, before, after) in _STYLES.items():
        style: Any = document.styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = RGBColor.from_string(colour)
        _font(style.element, font)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    _levels(document, chapters=chapters)
    block: Any = document.styles["Block Text"]
    block.paragraph_format.left_indent, block.paragraph_format.right_indent = Cm(0.8), Cm(0.8)
    _rule_left(block.element)
    _table_style(document.styles["Table"].element)
    for name, (size, colour, shade) in _BOXES.items():
        box: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        box.base_style = document.styles["Body Text"]
        box.font.size, box.font.color.rgb = Pt(size), RGBColor.from_string(colour)
        if shade:
            box.element.get_or_add_pPr().append(_parsed(f'<w:shd NS w:val="clear" w:color="auto" w:fill="{shade}"/>'))
    quiet: Any = document.styles.add_style("Verwijzing", WD_STYLE_TYPE.CHARACTER)
    quiet.font.size, quiet.font.color.rgb = Pt(7.5), RGBColor.from_string(QUIET)
    for section in document.sections:
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.4)
        section.top_margin = section.bottom_margin = Cm(2.4)
        section.different_first_page_header_footer = bool(running)
        section.header_distance = section.footer_distance = Cm(1.2)
        for foot in (section.footer, section.first_page_footer):
            _page_number(foot.paragraphs[0])
        _above(section.header.paragraphs[0], running)
    document.save(str(target))
    _timeless(target)
    return target


def _timeless(path: Path) -> None:
    """Give every part the same date: pandoc copies parts, dates included, and the same report must be the same bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _font(element: Any, font: str) -> None:
    from docx.oxml.ns import qn

    fonts = element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), font)


def _parsed(xml: str) -> Any:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    return parse_xml(xml.replace("NS", nsdecls("w"), 1))


def _rule_left(element: Any) -> None:
    properties = element.get_or_add_pPr()
    properties.append(_parsed(f'<w:pBdr NS><w:left w:val="single" w:sz="18" w:space="10" w:color="{ACCENT}"/></w:pBdr>'))


def _table_style(element: Any) -> None:
    """Thin rules between rows, a shaded bold head, room in the cells."""
    from docx.oxml.ns import qn

    for old in element.findall(qn("w:tblPr")) + element.findall(qn("w:tblStylePr")):
        element.remove(old)
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{QUIET}"'
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80))
    )
    element.append(
        _parsed(
            f"<w:tblPr NS><w:tblBorders><w:top {line}/><w:bottom {line}/><w:insideH {line}/></w:tblBorders>"
            f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        )
    )
    element.append(_parsed("<w:trPr NS><w:cantSplit/></w:trPr>"))
    element.append(
        _parsed(
            '<w:tblStylePr NS w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tblPr/>'
            f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/></w:tcPr></w:tblStylePr>'
        )
    )


def _levels(document: Any, *, chapters: bool) -> None:
    """Set what belongs to headings, contents and tables: where pages begin, what stays together."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
    from docx.shared import Cm, Pt, RGBColor

    for name, size in (("Normal", 11), ("Footnote Text", 9)):
        plain = document.styles[name]
        plain.font.size, plain.font.color.rgb = Pt(size), RGBColor.from_string(INK)
        _font(plain.element, SERIF)
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    document.styles["Heading 1"].paragraph_format.page_break_before = chapters
    if not chapters:
        small = document.styles["Heading 1"]
        small.font.size, small.paragraph_format.space_before, small.paragraph_format.space_after = Pt(13), Pt(10), Pt(3)
    document.styles["Table Caption"].paragraph_format.keep_with_next = True
    document.styles["Compact"].paragraph_format.widow_control = True
    table = document.styles.add_style("Tabeltekst", WD_STYLE_TYPE.PARAGRAPH)
    table.base_style, table.font.size, table.font.color.rgb = document.styles["Body Text"], Pt(9), RGBColor.from_string(INK)
    table.paragraph_format.space_before = table.paragraph_format.space_after = Pt(1)
    for name, (indent, bold, before) in _CONTENTS.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        style.base_style, style.font.size, style.font.bold = document.styles["Normal"], Pt(10), bold
        _font(style.element, SANS)
        style.paragraph_format.left_indent, style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Cm(indent),
            Pt(before),
            Pt(1),
        )
        style.paragraph_format.tab_stops.add_tab_stop(Cm(indent + 0.9))
        style.paragraph_format.tab_stops.add_tab_stop(Cm(_TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)


def _quiet(paragraph: Any, *, right: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT


def _above(paragraph: Any, running: str) -> None:
    """Write what stands above a page: small, quiet, with a rule below."""
    if not running:
        return
    _quiet(paragraph, right=False)
    _small(paragraph.add_run(running))
    line = f'<w:pBdr NS><w:bottom w:val="single" w:sz="4" w:space="4" w:color="{QUIET}"/></w:pBdr>'
    paragraph._p.get_or_add_pPr().append(_parsed(line))


def _page_number(paragraph: Any) -> None:
    _quiet(paragraph, right=True)
    for piece in re.split(r"(\{pages?\})", say("looks.page_of", page="{page}", pages="{pages}")):
        if not piece.startswith("{"):
            _small(paragraph.add_run(piece))
            continue
        field = f"<w:instrText NS>{'PAGE' if piece == '{page}' else 'NUMPAGES'}</w:instrText>"
        begin, between, end = (f'<w:fldChar NS w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end"))
        for part in (begin, field, between, "<w:t NS>1</w:t>", end):
            run = paragraph.add_run()
            _small(run)
            run._r.append(_parsed(part))


def _small(run: Any) -> None:
    from docx.shared import Pt, RGBColor

    run.font.size, run.font.name, run.font.color.rgb = Pt(8), SANS, RGBColor.from_string(QUIET)
