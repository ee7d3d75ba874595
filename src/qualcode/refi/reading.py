"""A project of the standard, from XML and texts to what it holds; nothing is placed in a study here."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode.errors import BadFile
from qualcode.labels import say
from qualcode.refi.codes import extras_of, keep_as_is, keep_element, read_book, read_codes
from qualcode.refi.containers import Package, opened, original_of
from qualcode.refi.elements import child, children, counted, described, guid_of, namespace, tag, targets, words
from qualcode.refi.exchange import Exchange, Marked, Note, Person, Selection, Source, derived, moment
from qualcode.refi.positions import NVIVO, OURS, Original
from qualcode.refi.schema import breaches

if TYPE_CHECKING:
    from lxml.etree import _Element

_MEDIA = frozenset({"PictureSource", "AudioSource", "VideoSource", "PDFSource"})
_LARGEST = 2**53


def read_exchange(path: Path) -> Exchange:
    """Read a .qdpx, a bare .qde or a .qdc.

    Raises
    ------
    BadFile
        When it is none of these, damaged, or lacks a text that it says it holds.
    """
    root, package = opened(path)
    kind = (tag(root), namespace(root).lower().split(":")[:3])
    if kind[0] == "CodeBook" and kind[1][:1] in (["urn"], [""]):
        found = Exchange(root.get("origin") or "", path.stem, breaches=breaches(root, book=True))
        read_book(root, found)
        return found
    if kind[0] != "Project" or kind[1] not in (["urn", "qda-xml", "project"], [""]):
        raise BadFile("refi.other_xml", file=path.name, tag=kind[0])
    found = project_of(root, package, path.stem)
    found.breaches = breaches(root)
    return found


def project_of(root: _Element, package: Package, name: str) -> Exchange:
    """Read a project from its XML and its texts."""
    found = Exchange(root.get("origin") or "", (root.get("name") or name).strip(), described(root))
    found.extras = extras_of(root)
    _users(child(root, "Users"), found)
    read_codes(child(child(root, "CodeBook"), "Codes"), found)
    variables = _variables(child(root, "Variables"), found)
    _people(child(root, "Cases"), variables, found)
    for element in children(child(root, "Sources")):
        _source(element, package, variables, found)
    _notes(child(root, "Notes"), package, variables, found)
    _links(child(root, "Links"), found)
    for container in ("Sets", "Graphs"):
        keep_as_is(child(root, container), found)
    for guid in targets(root, "NoteRef"):
        found.notes_on.setdefault(guid, []).append(("project", ""))
    if found.origin.startswith("qualcode "):
        # how we count ourselves needs no finding out
        found.counting = NVIVO if any(source.original.bom for source in found.sources) else OURS
    return found


def _users(users: _Element | None, found: Exchange) -> None:
    for user in children(users, "User"):
        called = (user.get("name") or user.get("id") or "").strip()
        guid = guid_of(user.get("guid")) or derived("user", called)
        found.users[guid] = called or say("refi.unknown_user", guid=guid[:8])
    found.read["coders"] = len(found.users)


def _variables(variables: _Element | None, found: Exchange) -> dict[str, str]:
    """Return the name of each variable by guid; those that qualcode did not make itself are kept as they are."""
    names: dict[str, str] = {}
    for variable in children(variables, "Variable"):
        guid = guid_of(variable.get("guid"))
        names[guid] = (variable.get("name") or "").strip() or guid
        if guid != derived("variable", names[guid]):
            keep_element(variable, "Variables", guid, found)
    return names


def _values(element: _Element, variables: dict[str, str], found: Exchange) -> dict[str, Any]:
    """Return the values of variables below an element, typed as the file says."""
    held: dict[str, Any] = {}
    for value in children(element, "VariableValue"):
        reference = child(value, "VariableRef")
        name = variables.get(guid_of(reference.get("targetGUID")) if reference is not None else "")
        written = next((v for v in children(value) if tag(v).endswith("Value")), None)
        if name is None:
            found.drop("value")
        elif written is not None and words(written).strip():
            held[name] = _typed(tag(written), words(written).strip())
    return held


def _typed(kind: str, text: str) -> Any:
    try:
        if kind == "IntegerValue":
            return int(text)
        if kind == "FloatValue":
            number = float(text)
            whole = number.is_integer() and abs(number) < _LARGEST
            return int(number) if whole else number if number == number and abs(number) != float("inf") else text  # noqa: PLR0124
    except (ValueError, OverflowError):
        return text
    return text.lower() in {"true", "1"} if kind == "BooleanValue" else text


def _people(cases: _Element | None, variables: dict[str, str], found: Exchange) -> None:
    for case in children(cases, "Case"):
        guid = guid_of(case.get("guid")) or derived("case", case.get("name"), len(found.people))
        name = (case.get("name") or "").strip() or say("refi.unnamed_person", n=len(found.people) + 1)
        person = Person(guid, name, described(case), _values(case, variables, found))
        person.selections, person.sources = targets(case, "SelectionRef"), targets(case, "SourceRef")
        found.people.append(person)
        found.drop("case_code", len(targets(case, "CodeRef")))
    found.read["participants"] = len(found.people)


def _source(element: _Element, package: Package, variables: dict[str, str], found: Exchange) -> None:
    found.read["sources"] += 1
    found.read["codings"] += counted(element, "Coding")
    guid = guid_of(element.get("guid")) or derived("source", element.get("name"), found.read["sources"])
    if tag(element) == "TextSource":
        if not _text_source(element, guid, package, variables, found):
            _keep_source(element, guid, found)
            found.dropped["source_text"] += 1
        return
    text = child(element, "Representation") if tag(element) == "PDFSource" else None
    if text is not None and _text_source(
        text, guid_of(text.get("guid")) or derived(guid), package, variables, found, name=element.get("name")
    ):
        element = deepcopy(element)
        element.remove(next(children(element, "Representation")))
        keep_element(element, "Sources", guid, found)
        found.kept_as_is["codings"] += counted(element, "Coding")
    else:
        _keep_source(element, guid, found)
    if tag(element) in _MEDIA:
        found.dropped["media_file"] += 1


def _keep_source(element: _Element, guid: str, found: Exchange) -> None:
    keep_element(element, "Sources", guid, found)
    found.kept_as_is["sources"] += 1
    found.kept_as_is["codings"] += counted(element, "Coding")


def _content(element: _Element, package: Package) -> Original | None:
    """Return the text of a source or note; ``None`` when it is not in the file."""
    inline = child(element, "PlainTextContent")
    if inline is not None:
        text = words(inline)
        return Original(text.removeprefix("\ufeff"), bom=text.startswith("\ufeff"), inline=True)
    path = element.get("plainTextPath")
    data = package.find(path) if path else None
    original = original_of(data) if data is not None else None
    if data is not None and original is None:
        raise BadFile("refi.no_text", file=package.file, part=path)
    return original


def _text_source(
    element: _Element,
    guid: str,
    package: Package,
    variables: dict[str, str],
    found: Exchange,
    *,
    name: str | None = None,
    kind: str | None = None,
) -> bool:
    """Add a text with all that was marked in it; tell whether its text is there."""
    original = _content(element, package)
    if original is None:
        return False
    called = (name or element.get("name") or "").strip() or say("refi.unnamed_source", n=len(found.sources) + 1)
    source = Source(guid, called, original, kind=kind, description=described(element), user=guid_of(element.get("creatingUser")))
    source.at = moment(element.get("creationDateTime"))
    source.selections = [_selection(one) for one in children(element, "PlainTextSelection")]
    source.codings = [_marked(coding) for coding in children(element, "Coding")]
    source.notes, source.attributes = targets(element, "NoteRef"), _values(element, variables, found)
    found.sources.append(source)
    found.drop("rich_text", bool(element.get("richTextPath")))
    return True


def _selection(element: _Element) -> Selection:
    start, end = _number(element.get("startPosition")), _number(element.get("endPosition"))
    guid = guid_of(element.get("guid")) or derived("selection", start, end)
    selection = Selection(guid, start, end, element.get("name") or "", guid_of(element.get("creatingUser")))
    selection.at = moment(element.get("creationDateTime"))
    # one walk over what stands below: there are many selections
    for below in element:
        name = tag(below)
        if name == "Coding":
            selection.codings.append(_marked(below))
        elif name == "NoteRef":
            selection.notes.append(guid_of(below.get("targetGUID")))
        elif name == "Description" and not selection.description:
            selection.description = words(below).strip()
    return selection


def _number(written: str | None) -> int | None:
    try:
        number = int(written or "")
    except ValueError:
        return None
    return number if abs(number) < _LARGEST else None


def _marked(element: _Element) -> Marked:
    marked = Marked(guid_of(element.get("guid")), "", guid_of(element.get("creatingUser")), moment(element.get("creationDateTime")))
    for below in element:
        name = tag(below)
        if name == "CodeRef":
            marked.code = marked.code or guid_of(below.get("targetGUID"))
        elif name == "NoteRef":
            marked.notes.append(guid_of(below.get("targetGUID")))
    return marked


def _notes(notes: _Element | None, package: Package, variables: dict[str, str], found: Exchange) -> None:
    for element in children(notes, "Note"):
        guid = guid_of(element.get("guid")) or derived("note", len(found.notes))
        found.read["memos"] += 1
        if counted(element, "Coding"):
            # a note that was coded is a text like any other
            found.read["codings"] += counted(element, "Coding")
            if _text_source(element, guid, package, variables, found, kind="notitie"):
                continue
        original = _content(element, package)
        text = original.text.strip() if original is not None else described(element)
        if original is None and not text:
            keep_element(element, "Notes", guid, found)
            found.kept_as_is["memos"] += 1
            found.kept_as_is["codings"] += counted(element, "Coding")
            found.dropped["note_text"] += 1
            continue
        note = Note(guid, (element.get("name") or "").strip(), text, guid_of(element.get("creatingUser")))
        note.at = moment(element.get("creationDateTime"))
        for place in children(element, "PlainTextSelection"):
            start, end = _number(place.get("startPosition")), _number(place.get("endPosition"))
            if start is not None and end is not None:
                note.spans.append((start, end))
        found.notes[guid] = note


def _links(links: _Element | None, found: Exchange) -> None:
    """Attach notes that links attach; keep all other links as they are."""
    for link in children(links, "Link"):
        ends = [guid_of(link.get("originGUID")), guid_of(link.get("targetGUID"))]
        note = next((end for end in ends if end in found.notes), None)
        if note is not None and ends[0] != ends[1] and not all(end in found.notes for end in ends):
            found.notes_on.setdefault(note, []).append(("", ends[1] if ends[0] == note else ends[0]))
        else:
            keep_element(link, "Links", guid_of(link.get("guid")) or derived("link", *ends), found)
