"""Elements of REFI-QDA XML, whatever version of the namespace they are in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"


def guid_of(written: str | None) -> str:
    """Return a guid as it is compared: without braces, in lower case.

    Examples
    --------
    >>> guid_of("{5215CC69-b628-4e02-afb9-9beeaee55808}")
    '5215cc69-b628-4e02-afb9-9beeaee55808'
    """
    return (written or "").strip().strip("{}").lower()


def tag(element: _Element) -> str:
    """Return the name of an element without its namespace; empty for comments and instructions."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


@cache
def _local(name: str) -> str:
    return name.rpartition("}")[2]


def namespace(element: _Element) -> str:
    """Return the namespace of an element."""
    return element.tag.rpartition("}")[0].strip("{") if isinstance(element.tag, str) else ""


def children(element: _Element | None, *names: str) -> Iterator[_Element]:
    """Yield the elements directly below one, of these names or all."""
    if element is not None:
        for child in element.iterchildren("{*}*"):
            if not names or _local(child.tag) in names:
                yield child


def child(element: _Element | None, name: str) -> _Element | None:
    """Return the first element of a name directly below one."""
    return next(children(element, name), None)


def words(element: _Element | None) -> str:
    """Return the text of an element; empty when there is no element or no text."""
    return "".join(element.itertext()) if element is not None else ""


def described(element: _Element) -> str:
    """Return the Description of an element."""
    return words(child(element, "Description")).strip()


def targets(element: _Element, name: str) -> list[str]:
    """Return the guids that the references of a name directly below an element point to."""
    return [guid_of(found.get("targetGUID")) for found in children(element, name)]


def counted(element: _Element, name: str) -> int:
    """Return how many elements of a name stand anywhere below one."""
    return sum(1 for found in element.iter() if tag(found) == name)
