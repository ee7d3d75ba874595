"""What a person does to the codebook of a study: each edit is a pure function that returns the changes it makes.

A code is given as a :class:`Code`, or by id, guid, path or name as :meth:`Codebook.find` understands them. An edit that changes nothing returns
no changes. Ids never change and are never used again, retired ones included; codings always keep the code they have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from qualcode.codebook.book import Codebook
from qualcode.codebook.checks import COLOUR
from qualcode.codebook.names import folded
from qualcode.codebook.parts import Code
from qualcode.codebook.stored import CODE_FIELDS, row_of
from qualcode.errors import Refused
from qualcode.labels import listed
from qualcode.model import Change

EDITABLE = ("name", "definition", "include", "exclude", "examples", "source", "colour", "codable", "requires")


def adding(book: Codebook, guid: Callable[[], str], *, id: str, name: str, parent: Code | str | None, **fields: Any) -> tuple[Change, ...]:
    """Return the changes that add a code, last below its parent.

    Parameters
    ----------
    book
        The codebook of the study.
    guid
        Gives the guid of the new code.
    id
        An id that no code of the study ever had.
    name, parent
        What the code is called and the code above it; ``None`` for the top.
    fields
        Any of ``definition, include, exclude, examples, source, colour, codable, requires``.

    Raises
    ------
    Refused
        When the id was used before, a field does not exist, or the parent is retired.
    """
    above = _above(book, parent)
    known = _fields(book, {"name": name, **fields})
    code = Code(guid(), _new_id(book, id), **_typed(known), parent=above, position=_last(book, above))
    return (_born([code]),)


def editing(book: Codebook, code: Code | str, **fields: Any) -> tuple[Change, ...]:
    """Return the changes that give a code other texts; renaming is editing ``name``.

    Parameters
    ----------
    book
        The codebook of the study.
    code
        The code to edit.
    fields
        Any of ``name, definition, include, exclude, examples, source, colour, codable, requires``; and ``id`` for a code
        of another program that has none yet.

    Raises
    ------
    Refused
        When a field does not exist, a name is empty, a colour is not ``#RRGGBB``, or the id of a code would change.
    """
    edited = _found(book, code)
    if "id" in fields:
        wanted = str(fields.pop("id")).strip()
        if edited.id and wanted != edited.id:
            raise Refused("codebook.id_fixed", id=edited.id, name=edited.name)
        given = {} if wanted == edited.id else {"id": _new_id(book, wanted)}
    else:
        given = {}
    return _set(edited, {**given, **_fields(book, fields)})


def moving(book: Codebook, code: Code | str, parent: Code | str | None, position: float | None = None) -> tuple[Change, ...]:
    """Return the changes that put a code, with all below it, somewhere else in the tree.

    Parameters
    ----------
    book
        The codebook of the study.
    code, parent
        The code to move and the code it comes under; ``None`` for the top.
    position
        Its place among the codes there, as a number between the positions of its neighbours; last when left out.

    Raises
    ------
    Refused
        When the code would come below itself, or the parent is retired.
    """
    moved = _found(book, code)
    above = _above(book, parent)
    if above is not None and above in book.descendants(moved.key):
        raise Refused("codebook.circle", code=moved, parent=book.get(above))
    if position is None:
        stays_last = above == moved.parent and book.children(above)[-1] == moved
        position = moved.position if stays_last else _last(book, above)
    return _set(moved, {"parent": above, "position": float(position)})


def merging(book: Codebook, code: Code | str, into: Code | str) -> tuple[Change, ...]:
    """Return the changes that let one code go on in another.

    The code is retired and remembers where it went; its codings keep it, and count for ``into`` from now on. Codes below it
    move below ``into``.

    Raises
    ------
    Refused
        When both are the same code, one was merged already, ``into`` is retired or stands below the code, or text can be
        coded with one of them only.
    """
    gone, kept = _found(book, code), _found(book, into)
    if gone.merged_into is not None:
        raise Refused("codebook.merged_already", code=gone, into=book.get(book.resolve(gone.key)))
    if kept.retired:
        raise Refused("codebook.is_retired", code=kept)
    if kept.key in book.descendants(gone.key):
        raise Refused("codebook.merge_circle", code=gone, into=kept)
    if gone.codable != kept.codable:
        raise Refused("codebook.merge_levels", code=gone, into=kept)
    below = book.children(gone.key)
    first = _last(book, kept.key)
    moves: dict[str, list[Any]] = {"parent": [kept.key] * len(below), "position": [first + step for step in range(len(below))]}
    moved = (Change("code", [child.guid for child in below], moves),) if below else ()
    return (*moved, *_set(gone, {"merged_into": kept.key, "retired": True}))


def splitting(
    book: Codebook, code: Code | str, parts: Sequence[Mapping[str, Any]], guid: Callable[[], str], *, retire: bool = False
) -> tuple[Change, ...]:
    """Return the changes that add codes beside a code whose codings are to be divided over them.

    No coding changes: those of the old code form the queue that a person recodes.

    Parameters
    ----------
    book
        The codebook of the study.
    code
        The code to split.
    parts
        The new codes, each with ``id``, ``name`` and any other field of :func:`adding`; what a part does not say about
        colour, codable and required dimensions it has from the old code.
    guid
        Gives the guids of the new codes.
    retire
        Whether the old code goes out of use at once.

    Raises
    ------
    Refused
        When there are fewer than two parts while the old code goes, no parts at all, or a part could not be added.
    """
    old = _found(book, code)
    if len(parts) < (2 if retire else 1):
        raise Refused("codebook.split_in_few", code=old)
    above = old.parent if old.parent in {c.key for c in book.codes} else None
    siblings = [c.position for c in book.children(above) if c.position > old.position]
    room = (min(siblings, default=old.position + len(parts) + 1) - old.position) / (len(parts) + 1)
    born: list[Code] = []
    for step, part in enumerate(parts, start=1):
        inherited = {"colour": old.colour, "codable": old.codable, "requires": old.requires}
        known = _fields(book, {**inherited, "name": part.get("name", ""), **{k: v for k, v in part.items() if k != "id"}})
        wanted = _new_id(replace(book, codes=(*book.codes, *born)), str(part.get("id", "")))
        born.append(Code(guid(), wanted, **_typed(known), parent=above, position=old.position + step * room))
    return (_born(born), *(_set(old, {"retired": True}) if retire else ()))


def retiring(book: Codebook, code: Code | str) -> tuple[Change, ...]:
    """Return the changes that take a code out of use; it keeps its codings and its id.

    Raises
    ------
    Refused
        When codes below it are still in use.
    """
    gone = _found(book, code)
    living = [str(child) for child in book.children(gone.key) if not child.retired]
    if living:
        raise Refused("codebook.has_living", code=gone, codes=listed(living))
    return _set(gone, {"retired": True})


def restoring(book: Codebook, code: Code | str) -> tuple[Change, ...]:
    """Return the changes that bring a retired or merged code back into use.

    Raises
    ------
    Refused
        When a code above it is retired.
    """
    back = _found(book, code)
    for key in book.ancestors(back.key):
        if book.get(key).retired:
            raise Refused("codebook.parent_retired", code=back, parent=book.get(key))
    return _set(back, {"retired": False, "merged_into": None})


def _found(book: Codebook, code: Code | str) -> Code:
    return book.get(code.key) if isinstance(code, Code) else book.find(code)


def _above(book: Codebook, parent: Code | str | None) -> str | None:
    if parent is None:
        return None
    above = _found(book, parent)
    if above.retired:
        raise Refused("codebook.is_retired", code=above)
    return above.key


def _last(book: Codebook, parent: str | None) -> float:
    return max((code.position for code in book.children(parent)), default=0.0) + 1.0


def _new_id(book: Codebook, wanted: str) -> str:
    wanted = wanted.strip()
    if not wanted:
        raise Refused("codebook.id_needed")
    for code in book.codes:
        if folded(wanted) in {folded(code.id), folded(code.guid)}:
            raise Refused("codebook.id_used", id=code.id or code.guid, name=code.name)
    return wanted


def _fields(book: Codebook, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as they are stored, or refuse what cannot be."""
    known: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in EDITABLE:
            near = get_close_matches(name, EDITABLE, n=1)
            raise Refused("codebook.no_field", name=name, fields=listed(near or list(EDITABLE), most=len(EDITABLE)))
        if name == "codable":
            known[name] = bool(value)
        elif name in {"examples", "requires"}:
            items = [value] if isinstance(value, str) else list(value or ())
            known[name] = [book.dimension(item).name for item in items] if name == "requires" else [item for item in items if item.strip()]
        else:
            known[name] = value or ""
    if "name" in known and not known["name"].strip():
        raise Refused("codebook.name_needed")
    if known.get("colour") and not COLOUR.fullmatch(known["colour"]):
        raise Refused("codebook.colour_shape", colour=known["colour"])
    return known


def _typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def _born(codes: Sequence[Code]) -> Change:
    rows = [row_of(code) for code in codes]
    fields = {name: [row[name] for row in rows] for name in CODE_FIELDS}
    return Change("code", [code.guid for code in codes], {"exists": [True] * len(codes), **fields})


def _set(code: Code, fields: Mapping[str, Any]) -> tuple[Change, ...]:
    held = row_of(code)
    changed = {name: [value] for name, value in fields.items() if value != held[name]}
    return (Change("code", [code.guid], changed),) if changed else ()
