"""A project of Taguette: its SQLite database. Highlights are counted in UTF-8 bytes over the text of a document's HTML."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import numpy as np

from qualcode.codebook import Code
from qualcode.errors import BadFile
from qualcode.importers import Doubt
from qualcode.refi.databases import Tables, tables_of, text, whole
from qualcode.refi.exchange import Exchange, Marked, Selection, Source, derived, moment
from qualcode.refi.positions import Convention, Original

NEEDED = frozenset({"projects", "documents", "highlights", "highlight_tags", "tags"})
_BLOCKS = frozenset(
    "address article blockquote br dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section table td th tr ul".split()
)
_NOT_TEXT = frozenset({"script", "style", "title"})
_BLANK = " \t\n\r\f"
_PATH = "."


class _Text(HTMLParser):
    """Collects the text of HTML, and puts a newline of no width where a block ends without one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[str, bool]] = []
        self._muted = 0

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self._muted += tag in _NOT_TEXT
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._muted = max(0, self._muted - (tag in _NOT_TEXT))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        # white space before the body is no text of it
        data = data.replace("\r\n", "\n") if self.parts else data.replace("\r\n", "\n").lstrip(_BLANK)
        if data and not self._muted:
            self.parts.append((data, True))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS and self.parts and not self.parts[-1][0].endswith("\n"):
            self.parts.append(("\n", False))


def text_of(html: str) -> Original:
    r"""Return the text of a document as Taguette counts it, with line ends where blocks end.

    Examples
    --------
    >>> found = text_of("<p>één</p><p>twee</p>")
    >>> found.text, found.places([0, 5, 9], Convention("utf8"))[0].tolist()
    ('één\ntwee\n', [0, 3, 8])
    """
    parser = _Text()
    parser.feed(html)
    parser.close()
    raw = "".join(words for words, _ in parser.parts)
    bytes_each = np.diff(Original(raw).edges(Convention("utf8")))
    counts = (
        np.repeat([counted for _, counted in parser.parts], [len(words) for words, _ in parser.parts]) if raw else np.zeros(0, dtype=bool)
    )
    return Original(raw, widths=np.where(counts, bytes_each, 0))


def read_taguette(data: bytes, file: str) -> Exchange:
    """Read a project of Taguette.

    Raises
    ------
    BadFile
        When the database is damaged, or holds no project.
    """
    with tables_of(data, file) as tables:
        projects = tables.rows("projects", "id")
        if not projects:
            raise BadFile("refi.no_project", file=file)
        project = projects[0]
        found = Exchange("Taguette", text(project.get("name")), text(project.get("description")), counting=Convention("utf8"))
        if len(projects) > 1:
            found.doubts.append(Doubt("refi.first_project", {"n": len(projects), "name": found.name}))
        own = project["id"]
        key = derived("taguette", text(project.get("name")), text(project.get("created")))
        _tags([row for row in tables.rows("tags", "id") if row.get("project_id") == own], key, found)
        _documents(tables, own, key, found)
        return found


def _tags(rows: list[dict[str, object]], key: str, found: Exchange) -> None:
    """Read the tags; one named ``a.b`` stands below ``a`` where there is such a tag."""
    paths = {text(row.get("path")): derived(key, "tag", row["id"]) for row in rows}
    for place, row in enumerate(rows, 1):
        path = text(row.get("path"))
        above, _, last = path.rpartition(_PATH)
        parent = paths.get(above) if above else None
        parent_id = row.get("parent_id")
        if parent is None and parent_id is not None:
            parent = next((derived(key, "tag", other["id"]) for other in rows if other["id"] == parent_id), None)
        name = last if parent is not None and parent == paths.get(above) else path
        found.codes.append(
            Code(derived(key, "tag", row["id"]), "", name, definition=text(row.get("description")), parent=parent, position=float(place))
        )
    found.read["codes"] = len(found.codes)


def _documents(tables: Tables, own: object, key: str, found: Exchange) -> None:
    made = _makers(tables, own)
    tags: dict[object, list[object]] = {}
    for row in tables.rows("highlight_tags", "tag_id"):
        tags.setdefault(row.get("highlight_id"), []).append(row.get("tag_id"))
    highlights: dict[object, list[dict[str, object]]] = {}
    for row in tables.rows("highlights", "start_offset"):
        highlights.setdefault(row.get("document_id"), []).append(row)
    for row in tables.rows("documents", "id"):
        if row.get("project_id") != own:
            continue
        source = Source(derived(key, "document", row["id"]), text(row.get("name")), text_of(text(row.get("contents"))), "html")
        source.description = text(row.get("description"))
        for one in highlights.get(row["id"], []):
            by, at = made.get(one["id"], ("", None))
            user = derived(key, "user", by) if by else ""
            if by:
                found.users[user] = by
            guid = derived(key, "highlight", one["id"])
            selection = Selection(guid, whole(one.get("start_offset")), whole(one.get("end_offset")), user=user, at=at)
            selection.codings = [Marked(derived(guid, tag), derived(key, "tag", tag)) for tag in tags.get(one["id"], [])]
            found.read["codings"] += len(selection.codings)
            source.selections.append(selection)
        found.sources.append(source)
    found.read["sources"], found.read["coders"] = len(found.sources), len(found.users)


def _makers(tables: Tables, own: object) -> dict[object, tuple[str, str | None]]:
    """Return who made each highlight and when, from the list of what was done."""
    made: dict[object, tuple[str, str | None]] = {}
    for row in tables.rows("commands", "id"):
        try:
            payload = json.loads(text(row.get("payload")))
        except ValueError:
            continue
        if row.get("project_id") == own and isinstance(payload, dict) and payload.get("type") == "highlight_add":
            highlight = payload.get("highlight_id", payload.get("id"))
            if isinstance(highlight, int):
                made[highlight] = (text(row.get("user_login")), moment(text(row.get("date"))))
    return made
