"""What a query says, as a tree: conditions joined by EN, OF, NIET, NABIJ and OVERLAP; and the tree back as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field as given

PLAIN = re.compile(r'[^\s()"“”„\\]+')
"""A value that needs no quotation marks."""

OPERATORS = {
    "EN": "and", "AND": "and",
    "OF": "or", "OR": "or",
    "NIET": "not", "NOT": "not",
    "OVERLAP": "overlap",
    "NABIJ": "near", "NEAR": "near",
}  # fmt: skip

FIELDS = {
    "code": "code",
    "woord": "word", "word": "word",
    "lemma": "lemma",
    "spreker": "speaker", "speaker": "speaker", "deelnemer": "speaker", "participant": "speaker",
    "rol": "role", "role": "role",
    "document": "document", "sessie": "document", "session": "document",
    "soort": "kind", "kind": "kind",
    "kenmerk": "attribute", "attribute": "attribute",
    "codeur": "coder", "coder": "coder",
    "ronde": "layer", "layer": "layer",
    "dimensie": "dimension", "dimension": "dimension",
}  # fmt: skip
"""What may stand before the colon, Dutch and English, and what it means."""

SHOWN = {meaning: name for name, meaning in reversed(FIELDS.items())}
KEYED = frozenset({"attribute", "dimension"})
"""Fields that take a name of their own: ``kenmerk.leeftijd:``."""

FILTERS = frozenset({"coder", "layer", "dimension"})
"""Fields that say which codings are meant: beside a code they hold for that code."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words that were said, one after the other; ``lemma`` takes every form of each word.

    ``at`` is where this stands in the text of the query, from 1; it does not count when trees are compared.
    """

    words: str
    lemma: bool = False
    at: int = given(default=0, compare=False)

    def __str__(self) -> str:
        """Return it as it is typed."""
        bare = PLAIN.fullmatch(self.words) and self.words not in OPERATORS and ":" not in self.words and "=" not in self.words
        plain = bare and not self.words.startswith(("NEAR/", "NABIJ/"))
        words = self.words if plain or (self.lemma and PLAIN.fullmatch(self.words)) else quoted(self.words)
        return f"lemma:{words}" if self.lemma else words


@dataclass(frozen=True, slots=True)
class Is:
    """A condition ``field:value``, or ``field.key:value``; ``exact`` leaves out the codes below a code."""

    field: str
    value: str
    key: str = ""
    exact: bool = False
    at: int = given(default=0, compare=False)

    def __str__(self) -> str:
        """Return it as it is typed."""
        key = f".{_plain(self.key)}" if self.field in KEYED else ""
        return f"{SHOWN[self.field]}{key}{'=' if self.exact else ':'}{_plain(self.value)}"


@dataclass(frozen=True, slots=True)
class Near:
    """Two places in one turn with at most ``words`` words between them."""

    left: Node
    right: Node
    words: int

    def __str__(self) -> str:
        """Return it as it is typed."""
        return f"{_inside(self.left, self)} NABIJ/{self.words} {_inside(self.right, self)}"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two places that share words."""

    left: Node
    right: Node

    def __str__(self) -> str:
        """Return it as it is typed."""
        return f"{_inside(self.left, self)} OVERLAP {_inside(self.right, self)}"


@dataclass(frozen=True, slots=True)
class Not:
    """What a condition does not hold for."""

    part: Node

    def __str__(self) -> str:
        """Return it as it is typed."""
        return f"NIET {_inside(self.part, self)}"


@dataclass(frozen=True, slots=True)
class And:
    """All of several, two or more."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        """Return it as it is typed."""
        return " EN ".join(_inside(part, self) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of several, two or more."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        """Return it as it is typed."""
        return " OF ".join(_inside(part, self) for part in self.parts)


Node = Said | Is | Near | Overlap | Not | And | Or

# the more a kind of node holds on to what stands beside it, the higher
_BINDS: dict[type[Node], int] = {Or: 1, And: 2, Not: 3, Near: 4, Overlap: 4, Said: 5, Is: 5}


def _inside(part: Node, holder: Node) -> str:
    """Return a part as it stands inside another, in parentheses where it would be read otherwise."""
    loose = _BINDS[type(part)] < _BINDS[type(holder)] or (type(part) is type(holder) and not isinstance(part, Not))
    joined = isinstance(holder, Near | Overlap) and isinstance(part, Near | Overlap)
    return f"({part})" if loose or joined else str(part)


def quoted(value: str) -> str:
    r"""Return a value between quotation marks, so that anything may stand in it.

    Examples
    --------
    >>> print(quoted('zei "nee"'))
    "zei \"nee\""
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _plain(value: str) -> str:
    return value if PLAIN.fullmatch(value) and not {":", "=", "."} & set(value) else quoted(value)


def parts_of(node: Node) -> tuple[Node, ...]:
    """Return what stands directly in a node."""
    match node:
        case And() | Or():
            return node.parts
        case Not():
            return (node.part,)
        case Near() | Overlap():
            return (node.left, node.right)
        case _:
            return ()


def is_place(node: Node) -> bool:
    """Tell whether a node points at words, so that NABIJ and OVERLAP can join it: words, codes, and what is made of them."""
    match node:
        case Said() | Near() | Overlap():
            return True
        case Is():
            return node.field == "code"
        case Or():
            return all(is_place(part) for part in node.parts)
        case _:
            return False


def needs_words(node: Node) -> bool:
    """Tell whether a query asks what was said, or how many words lie between places."""
    return isinstance(node, Said | Near) or any(needs_words(part) for part in parts_of(node))


def needs_lemmas(node: Node) -> bool:
    """Tell whether a query asks for the forms of a word."""
    return (isinstance(node, Said) and node.lemma) or any(needs_lemmas(part) for part in parts_of(node))
