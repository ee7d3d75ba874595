"""From the text of a query to its tree, by recursive descent; a mistake is named with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qualcode.analysis.expressions import FIELDS, KEYED, OPERATORS, And, Is, Near, Node, Not, Or, Overlap, Said, is_place
from qualcode.errors import Refused
from qualcode.labels import listed

LONGEST = 2000
"""How many characters a query may have."""
DEEPEST = 40
"""How many parentheses and NIETs may stand inside each other."""
FARTHEST = 100
"""How many words may lie between two places that are near."""

Sort = Literal["open", "close", "operator", "condition", "end"]

_QUOTED = r'"(?:[^"\\]|\\.)*"|[“„](?:[^”\\]|\\.)*”'
_BARE = r'[^\s()"“”„\\]+'
_FIELD = re.compile(rf"(?P<field>[^\W\d_]+)(?:\.(?P<key>{_QUOTED}|[^\s()\"“”„\\:=.]+))?(?P<sign>[:=])")
_VALUE = re.compile(rf"{_QUOTED}|{_BARE}")
_NEAR = re.compile(r"(?:NABIJ|NEAR)(?:/(?P<words>[0-9]{1,9}))?$")
# visible characters, blanks and line ends; no others
_STRANGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPOKEN = {name.lower() for name in OPERATORS}


@dataclass(frozen=True, slots=True)
class _Token:
    sort: Sort
    at: int
    text: str = ""
    node: Said | Is | None = None
    words: int = 0


def checked(text: str) -> str:
    """Return the text of a query or search without blanks around it, or refuse what cannot be one.

    Raises
    ------
    Refused
        When it is empty, too long, or holds characters that cannot be seen.
    """
    stripped = text.strip()
    if not stripped:
        raise Refused("search.empty")
    if len(text) > LONGEST:
        raise Refused("search.too_long", length=len(text), most=LONGEST)
    strange = _STRANGE.search(text)
    if strange:
        raise Refused("search.strange", at=strange.start() + 1, character=f"U+{ord(strange[0]):04X}")
    return stripped


def parse(text: str) -> Node:
    """Return the tree of a query.

    Parameters
    ----------
    text
        Conditions joined by ``EN``, ``OF``, ``NIET`` (or ``AND``, ``OR``, ``NOT``), ``NABIJ/5`` (``NEAR/5``) and ``OVERLAP``, with
        parentheses. NIET binds before EN, EN before OF; NABIJ and OVERLAP before all.

    Raises
    ------
    Refused
        When it cannot be read; the message says at which character.

    Examples
    --------
    >>> print(parse('code:O05 and'))
    Traceback (most recent call last):
    ...
    qualcode.errors.Refused: Op teken 10 staat ‘and’ zonder verbinding ervoor. Schrijf EN, OF en NIET in hoofdletters.
    >>> print(parse('code:O05 AND (melden OR "er iets van zeggen") NOT rol:moderator'))
    Traceback (most recent call last):
    ...
    qualcode.errors.Refused: Voor NIET op teken 47 ontbreekt EN of OF.
    >>> print(parse('code:O05 AND (melden OR "er iets van zeggen") AND NOT rol:moderator'))
    code:O05 EN (melden OF "er iets van zeggen") EN NIET rol:moderator
    """
    checked(text)
    reader = _Reader(_tokens(text))
    node = reader.any_of(0)
    left = reader.next
    if left.sort == "close":
        raise Refused("search.not_open", at=left.at)
    return node


def _tokens(text: str) -> list[_Token]:
    """Cut a query into parentheses, operators and conditions."""
    found: list[_Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif text[at] in "()":
            found.append(_Token("open" if text[at] == "(" else "close", at + 1))
            at += 1
        else:
            token, at = _condition(text, at)
            found.append(token)
    return [*found, _Token("end", len(text.rstrip()) + 1)]


def _condition(text: str, at: int) -> tuple[_Token, int]:
    """Read one operator, or one condition with its field, and return where it ends."""
    named = _FIELD.match(text, at)
    if named and (named["sign"] == ":" or named["field"].lower() in FIELDS):
        return _named(text, at, named)
    value = _VALUE.match(text, at)
    if not value:
        raise Refused("search.open_quote" if text[at] in '"“„' else "search.stray", at=at + 1)
    bare = value[0]
    near = _NEAR.match(bare)
    if near:
        return _Token("operator", at + 1, "near", words=_distance(near["words"], at + 1)), value.end()
    if bare in OPERATORS:
        return _Token("operator", at + 1, OPERATORS[bare]), value.end()
    return _Token("condition", at + 1, bare, Said(_worded(_unquoted(bare), at + 1), at=at + 1)), value.end()


def _named(text: str, at: int, named: re.Match[str]) -> tuple[_Token, int]:
    meaning = FIELDS.get(named["field"].lower())
    if meaning is None:
        raise Refused("search.no_field", at=at + 1, field=named["field"], known=listed(list(FIELDS), most=len(FIELDS)))
    if named["sign"] == "=" and meaning != "code":
        raise Refused("search.no_equals", at=named.end(), field=named["field"])
    key = _unquoted(named["key"] or "")
    if (meaning in KEYED) != bool(key.strip()):
        raise Refused("search.needs_key" if meaning in KEYED else "search.no_key", at=at + 1, field=named["field"])
    value = _VALUE.match(text, named.end())
    held = _unquoted(value[0]) if value else ""
    if not value or not held.strip():
        unclosed = text[named.end() : named.end() + 1] in {'"', "“", "„"} and not value
        raise Refused("search.open_quote" if unclosed else "search.no_value", at=named.end() + 1, field=named["field"])
    node: Said | Is
    if meaning in {"word", "lemma"}:
        node = Said(_worded(held, named.end() + 1), lemma=meaning == "lemma", at=at + 1)
    else:
        node = Is(meaning, held, key, exact=named["sign"] == "=", at=at + 1)
    return _Token("condition", at + 1, named[0], node), value.end()


def _unquoted(value: str) -> str:
    if value[:1] in {'"', "“", "„"}:
        return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)
    return value


def _worded(words: str, at: int) -> str:
    if not any(character.isalnum() for character in words):
        raise Refused("search.no_words", at=at)
    return words


def _distance(words: str | None, at: int) -> int:
    if words is None:
        raise Refused("search.near_how_far", at=at)
    if int(words) > FARTHEST:
        raise Refused("search.near_too_far", at=at, most=FARTHEST)
    return int(words)


class _Reader:
    """Walks over the tokens once; each method reads what binds as tightly as its name says."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def next(self) -> _Token:
        return self._tokens[self._at]

    def _takes(self, operator: str) -> bool:
        if self.next.sort == "operator" and self.next.text == operator:
            self._at += 1
            return True
        return False

    def any_of(self, depth: int) -> Node:
        parts = [self.all_of(depth)]
        while self._takes("or"):
            parts.append(self.all_of(depth))
        self._no_gap()
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def _no_gap(self) -> None:
        """Refuse two conditions with nothing between them."""
        token = self.next
        if token.sort == "condition" and token.text in _SPOKEN:
            raise Refused("search.spoken_operator", at=token.at, word=token.text)
        if token.sort in {"condition", "open"}:
            raise Refused("search.gap", at=token.at)
        if token.sort == "operator":
            raise Refused("search.gap_not", at=token.at)

    def all_of(self, depth: int) -> Node:
        parts = [self.negated(depth)]
        while self._takes("and"):
            parts.append(self.negated(depth))
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def negated(self, depth: int) -> Node:
        at = self.next.at
        if depth > DEEPEST:
            raise Refused("search.too_deep", at=at, most=DEEPEST)
        return Not(self.negated(depth + 1)) if self._takes("not") else self.joined(depth)

    def joined(self, depth: int) -> Node:
        at = self.next.at
        node = self.single(depth)
        while self.next.sort == "operator" and self.next.text in {"near", "overlap"}:
            token = self.next
            self._at += 1
            self._points(node, at, token)
            at = self.next.at
            right = self.single(depth)
            self._points(right, at, token)
            node = Near(node, right, token.words) if token.text == "near" else Overlap(node, right)
        return node

    def _points(self, node: Node, at: int, token: _Token) -> None:
        if not is_place(node):
            raise Refused("search.no_place", at=at, operator="NABIJ" if token.text == "near" else "OVERLAP")

    def single(self, depth: int) -> Node:
        token = self.next
        self._at += token.sort != "end"
        if token.node is not None:
            return token.node
        if token.sort != "open":
            raise Refused("search.ends_early" if token.sort == "end" else "search.expected", at=token.at)
        node = self.any_of(depth + 1)
        if self.next.sort != "close":
            raise Refused("search.not_closed", at=token.at)
        self._at += 1
        return node
