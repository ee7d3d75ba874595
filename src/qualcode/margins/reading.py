"""What somebody wrote in the margin of a Word file that we made: replies, verdicts and remarks of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.codebook import Codebook
from qualcode.errors import BadFile
from qualcode.importers import opened, part, xml
from qualcode.labels import say
from qualcode.margins.marks import OURS, marked_document, marked_turn, short, unsealed
from qualcode.model import HasSnapshot, as_snapshot

if TYPE_CHECKING:
    from zipfile import ZipFile

    from lxml.etree import _Element

REMARK_COLUMNS = ("document", "author", "at", "coding", "start", "end", "verdict", "code", "text", "done")

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}noBreakHyphen": "\u2011", f"{_W}softHyphen": "\u00ad"}
_VERDICTS = {
    "akkoord": "accept", "agreed": "accept", "wijzigen": "change", "change": "change", "afwijzen": "reject", "reject": "reject",
}  # fmt: skip
_VERDICT = re.compile(rf"\s*({'|'.join(_VERDICTS)})\b[\s:,.;–-]*", re.IGNORECASE)


@dataclass(slots=True)
class _Comment:
    """A comment as Word keeps it."""

    id: str
    author: str
    at: str
    text: str
    hidden: str
    place: str  # id of its last paragraph, by which threads are kept
    parent: str = ""
    done: bool = False
    span: list[int] = field(default_factory=list)


def read(study: HasSnapshot, path: str | Path) -> pd.DataFrame:
    """Return what was written in the margin of a file that :func:`write` made.

    Parameters
    ----------
    study
        The study it was made from: a project or a snapshot.
    path
        The .docx that came back.

    Returns
    -------
    pandas.DataFrame
        One row a remark, in the order of the file: ``document`` (name), ``author``, ``at`` (as Word wrote it), ``coding`` (guid of the
        coding it replies to; missing for a remark of their own, or when the coding is gone), ``start`` and ``end`` (code points, of the words it is on),
        ``verdict`` (accept, change, reject, remark), ``code`` (id of a code proposed after *wijzigen*), ``text``, ``done`` (the thread was
        closed in Word).

    Raises
    ------
    BadFile
        When it is no such file, is damaged, or belongs to another version of the text.

    Notes
    -----
    Words that were deleted with tracked changes still count for places, inserted ones do not, so that a remark stays on its words.
    """
    snapshot, book = as_snapshot(study), Codebook.of(study)
    path = Path(path)
    archive = opened(path.read_bytes(), path.name)
    body = _part(archive, "word/document.xml", path.name)
    guid, version = _document(body, list(snapshot.documents["guid"]), path.name)
    row = snapshot.document_row(guid)
    if int(row["version"]) != version:
        raise BadFile("margins.other_version", file=path.name, document=row["name"], version=version, now=int(row["version"]))
    names = set(archive.namelist())
    comments = _comments(_part(archive, "word/comments.xml", path.name)) if "word/comments.xml" in names else {}
    if "word/commentsExtended.xml" in names:
        _thread(comments, _part(archive, "word/commentsExtended.xml", path.name))
    _anchor(comments, body, len(snapshot.text(guid)))
    ids = {code.id.casefold(): code.id for code in book.codes if code.id}
    codings = {short(coding): coding for coding in snapshot.codings["guid"]}
    rows = [{"document": row["name"], **_remark(one, comments, ids, codings)} for one in comments.values() if _speaks(one)]
    text = ("document", "author", "at", "coding", "verdict", "code", "text")
    frame = pd.DataFrame(rows, columns=list(REMARK_COLUMNS))
    return frame.astype(dict.fromkeys(text, "str") | {"start": "Int64", "end": "Int64", "done": bool})


def _part(archive: ZipFile, name: str, file: str) -> _Element:
    return xml(part(archive, name, file=file), name, file=file)


def _document(body: _Element, guids: list[str], file: str) -> tuple[str, int]:
    """Return which version of which document a file shows."""
    known = {guid.replace("-", ""): guid for guid in guids}
    for mark in body.iter(f"{_W}bookmarkStart"):
        found = marked_document(mark.get(f"{_W}name") or "")
        if found and found[0] in known:
            return known[found[0]], found[1]
    raise BadFile("margins.no_marks", file=file)


def _comments(root: _Element) -> dict[str, _Comment]:
    """Return the comments by their id."""
    found: dict[str, _Comment] = {}
    for one in root.iter(f"{_W}comment"):
        shown: list[str] = []
        hidden: list[str] = []
        place = ""
        for paragraph in one.iter(f"{_W}p"):
            place = paragraph.get(f"{_W14}paraId") or place
            line: list[str] = []
            for run in paragraph.iter(f"{_W}r"):
                secret = run.find(f"{_W}rPr/{_W}vanish") is not None
                (hidden if secret else line).append(_words(run))
            shown.append("".join(line))
        # a program that knows no hidden words shows the seal: it is no remark
        text = "\n".join(shown)
        hidden += [found_there[0] for found_there in OURS.finditer(text)]
        text = OURS.sub("", text)
        id = one.get(f"{_W}id") or ""
        found[id] = _Comment(id, one.get(f"{_W}author") or "", one.get(f"{_W}date") or "", text.strip(), "".join(hidden), place)
    return found


def _words(run: _Element) -> str:
    parts = []
    for child in run:
        if child.tag in {f"{_W}t", f"{_W}delText"}:
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(_BREAKS[str(child.tag)])
    return "".join(parts)


def _thread(comments: dict[str, _Comment], root: _Element) -> None:
    """Note which comment answers which, and which threads were closed."""
    by_place = {one.place: one for one in comments.values() if one.place}
    for entry in root.iter(f"{_W15}commentEx"):
        one = by_place.get(entry.get(f"{_W15}paraId") or "")
        if one is not None:
            parent = by_place.get(entry.get(f"{_W15}paraIdParent") or "")
            one.parent = parent.id if parent else ""
            one.done = entry.get(f"{_W15}done") in {"1", "true", "on"}


def _anchor(comments: dict[str, _Comment], body: _Element, length: int) -> None:
    """Give each comment the place of the words it is on, in code points of the document."""
    open_: dict[str, int] = {}
    at, end = 0, 0
    for element in body.iter():
        if element.tag == f"{_W}bookmarkStart":
            place = marked_turn(element.get(f"{_W}name") or "")
            if place:
                at, end = place
        elif element.tag == f"{_W}r" and not _inserted(element):
            at = min(at + len(_words(element)), end)
        elif element.tag in {f"{_W}commentRangeStart", f"{_W}commentRangeEnd"}:
            id = element.get(f"{_W}id") or ""
            if element.tag.endswith("Start"):
                open_[id] = at
            elif id in open_ and id in comments:
                start = min(open_.pop(id), length)
                comments[id].span = [start, max(at, start)]


def _inserted(run: _Element) -> bool:
    return any(up.tag == f"{_W}ins" for up in run.iterancestors())


def _speaks(one: _Comment) -> bool:
    """Return whether a comment says something that we did not say."""
    ours = unsealed(one.hidden, one.text)
    return bool(one.text) and not (ours and ours[1])


def _root(one: _Comment, comments: dict[str, _Comment]) -> _Comment:
    seen: set[str] = set()
    while one.parent in comments and one.id not in seen:
        seen.add(one.id)
        one = comments[one.parent]
    return one


def _remark(one: _Comment, comments: dict[str, _Comment], ids: dict[str, str], codings: dict[str, str]) -> dict[str, Any]:
    """Return one remark as a row."""
    root = _root(one, comments)
    ours = unsealed(root.hidden, root.text)
    start, end = root.span or one.span or (None, None)
    own = root is one and ours is not None  # somebody wrote in our own comment
    found = _VERDICT.match(one.text) if ours and not own else None
    verdict = _VERDICTS[found[1].casefold()] if found else "remark"
    text, code = one.text[found.end() :] if found else one.text, None
    first = text.split(maxsplit=1)[0].rstrip(":,.;") if text.split() else ""
    if verdict == "change" and first.casefold() in ids:
        code, text = ids[first.casefold()], text.split(maxsplit=1)[1] if len(text.split(maxsplit=1)) > 1 else ""
    facts = {"author": one.author, "at": one.at, "coding": codings.get(ours[0]) if ours else None, "start": start, "end": end}
    text = say("margins.edited", text=text.strip()) if own else text.strip()
    return {**facts, "verdict": verdict, "code": code, "text": text, "done": root.done}
