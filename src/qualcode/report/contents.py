"""The list of contents as each format has it: entries that are links, page numbers where the program that shows it counts pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from html import escape

from qualcode.labels import say
from qualcode.report.nodes import Heading, Node, raw
from qualcode.report.tree import CONTENTS, LaidOut

_DEPTH = 2
_NAME = 40
_FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
_ALL, _ON_PAGE = 'TOC \\o "1-2" \\h \\z \\u', "PAGEREF {} \\h"
_BEGIN, _SEPARATE, _END = (_FIELD.format(kind) for kind in ("begin", "separate", "end"))


def with_contents(laid: LaidOut, to: str) -> Node:
    """Return the tree with the list of chapters replaced by that of the format; a format that makes its own keeps the place of it."""
    makers: dict[str, Callable[[Sequence[Heading]], Node]] = {"docx": _word, "odt": _office, "html5": _page}
    if to not in makers:
        return laid.tree
    shown = [one for one in laid.headings if one.level <= _DEPTH]
    made = makers[to](shown)
    blocks = [made if block["t"] == "Div" and block["c"][0][0] == CONTENTS else block for block in laid.tree["blocks"]]
    return {**laid.tree, "blocks": blocks}


def _word(headings: Sequence[Heading]) -> Node:
    """A field that Word fills anew; until then it holds the entries as links."""
    entries = []
    for place, one in enumerate(headings):
        bookmark = escape(_bookmark(one.place))
        number = f"<w:r><w:t>{one.number}</w:t></w:r><w:r><w:tab/></w:r>" if one.number else ""
        page = f"<w:r><w:tab/></w:r>{_BEGIN}{_instruction(_ON_PAGE.format(bookmark))}{_SEPARATE}{_END}"
        link = f'<w:hyperlink w:anchor="{bookmark}" w:history="1">{number}{_run(one.words)}{page}</w:hyperlink>'
        begin = f"{_BEGIN}{_instruction(_ALL)}{_SEPARATE}" if place == 0 else ""
        entries.append(f'<w:p><w:pPr><w:pStyle w:val="TOC{one.level}"/></w:pPr>{begin}{link}</w:p>')
    hint = f'<w:p><w:pPr><w:pStyle w:val="Klein"/></w:pPr>{_run(say("looks.contents_update"))}{_END if headings else ""}</w:p>'
    kind = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr>'
    return raw("openxml", f"<w:sdt>{kind}<w:sdtContent>{''.join(entries)}{hint}</w:sdtContent></w:sdt>")


def _bookmark(place: str) -> str:
    """Return what pandoc calls a place in Word, where a name has forty signs at most."""
    return place if len(place) <= _NAME else "X" + hashlib.sha1(place.encode(), usedforsecurity=False).hexdigest()[1:]


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _instruction(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve"> {escape(text, quote=False)} </w:instrText></w:r>'


def _office(headings: Sequence[Heading]) -> Node:
    """An index that LibreOffice fills anew; its page numbers are counted when the file is opened."""
    template = (
        '<text:table-of-content-entry-template text:outline-level="{0}" text:style-name="Contents_20_{0}"><text:index-entry-link-start/>'
        "<text:index-entry-chapter/><text:index-entry-span> </text:index-entry-span><text:index-entry-text/><text:index-entry-tab-stop "
        'style:type="right" style:leader-char="."/><text:index-entry-page-number/><text:index-entry-link-end/>'
        "</text:table-of-content-entry-template>"
    )
    source = "".join(template.format(level) for level in range(1, _DEPTH + 1))
    entries = "".join(
        f'<text:p text:style-name="Contents_20_{one.level}"><text:a xlink:type="simple" xlink:href="#{escape(one.place)}">'
        f"{escape(f'{one.number} {one.words}'.strip())}</text:a><text:tab/>"
        f'<text:bookmark-ref text:reference-format="page" text:ref-name="{escape(one.place)}"/></text:p>'
        for one in headings
    )
    name = escape(say("report.contents"))
    return raw(
        "opendocument",
        f'<text:table-of-content text:name="{name}"><text:table-of-content-source text:outline-level="{_DEPTH}">{source}'
        f"</text:table-of-content-source><text:index-body>{entries}</text:index-body></text:table-of-content>",
    )


def _page(headings: Sequence[Heading]) -> Node:
    """A landmark with links, the sections of a chapter below it."""
    lines: list[str] = []
    before = 0
    for one in headings:
        lines.append("<ul>" * (one.level - before) if one.level > before else "</li>" + "</ul></li>" * (before - one.level))
        lines.append(f'<li><a href="#{escape(one.place)}">{escape(f"{one.number} {one.words}".strip())}</a>')
        before = one.level
    lines.append("</li></ul>" * before)
    return raw("html", f'<nav id="{CONTENTS}" aria-label="{escape(say("report.contents"))}">{"".join(lines)}</nav>')
