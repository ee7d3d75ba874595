"""What a codebook is made of: codes, dimensions of a coding, pairs that are easily confused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from unicodedata import normalize

from qualcode.errors import Refused
from qualcode.labels import listed, say

Level = Literal["theme", "subtheme", "code"]
DimensionType = Literal["choice", "number", "text"]

BETWEEN_VALUES = "|"


@dataclass(frozen=True, slots=True)
class Code:
    """One code, subtheme or theme.

    Parameters
    ----------
    guid
        Its identity, given at birth; empty while the code has not entered a study.
    id
        The short name coders use (``E07``); never changes and is never used again. Empty for codes of other programs.
    name, definition, include, exclude, examples, source
        What the code is called, means, covers, does not cover, looks like, and where it comes from.
    colour
        ``#RRGGBB`` or empty.
    parent
        Key of the code above it; ``None`` at the top.
    codable
        Whether text may be coded with it. Themes and subthemes are not codable; their codes count for them.
    position
        Place among the codes with the same parent, smallest first.
    retired, merged_into
        No longer in use, and the key of the code that took its place.
    requires
        Dimensions that a coding with this code, or with one below it, must have.
    """

    guid: str
    id: str
    name: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()
    source: str = ""
    colour: str = ""
    parent: str | None = None
    codable: bool = True
    position: float = 0.0
    retired: bool = False
    merged_into: str | None = None
    requires: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What other codes refer to: the guid, or the id while there is no guid yet."""
        return self.guid or self.id

    def __str__(self) -> str:
        """Return id and name as people say them."""
        return f"{self.id} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something noted with a coding that is not a code: stance, actor, period.

    Parameters
    ----------
    name
        Name of the dimension and of its column in tables of codings.
    values
        The values there are; empty means any value.
    default
        What holds when nothing was noted.
    multiple
        Whether a coding can have several values, written as ``a|b``.
    definition
        What it says and when each value applies.
    type
        ``choice``, ``number`` or ``text``.
    """

    name: str
    values: tuple[str, ...] = ()
    default: str | None = None
    multiple: bool = False
    definition: str = ""
    type: DimensionType = "choice"

    def check(self, value: Any) -> Any:
        """Return a value as it is stored: one of the values there are, a number, a text, or a list of them.

        Parameters
        ----------
        value
            What was typed or chosen; ``a|b`` or a list where several values may stand.

        Returns
        -------
        Any
            ``str``, ``int``, ``float`` or a list of these; ``None`` for an empty value.

        Raises
        ------
        Refused
            When the dimension does not know the value; the message names the values there are.

        Examples
        --------
        >>> Dimension("grond", ("huidskleur", "herkomst", "geloof"), multiple=True).check("Geloof | herkomst")
        ['geloof', 'herkomst']
        """
        if not self.multiple:
            return self._one(value)
        parts: Iterable[Any] = (
            value.split(BETWEEN_VALUES) if isinstance(value, str) else value if isinstance(value, (list, tuple)) else (value,)
        )
        held = [one for one in (self._one(part) for part in parts) if one is not None]
        return list(dict.fromkeys(held)) or None

    def _one(self, value: Any) -> Any:
        if value is None or value != value:  # noqa: PLR0124  (a missing cell of a table is not equal to itself)
            return None
        text = str(value).strip()
        if not text:
            return None
        if self.type == "number":
            return self._number(text)
        if not self.values:
            return text
        known = {normalize("NFC", v).strip().casefold(): v for v in self.values}
        wanted = normalize("NFC", text).casefold()
        if wanted not in known:
            raise Refused("codebook.unknown_value", value=text, dimension=self.name, values=listed(self.values, most=20))
        return known[wanted]

    def _number(self, text: str) -> int | float:
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            raise Refused("codebook.not_a_number", value=text, dimension=self.name) from None
        if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124
            raise Refused("codebook.not_a_number", value=text, dimension=self.name)
        return int(number) if number.is_integer() else number


@dataclass(frozen=True, slots=True)
class ConfusablePair:
    """Two codes (keys) that are easily taken for each other, and the rule that decides."""

    first: str
    second: str
    rule: str = ""


def level_word(level: Level) -> str:
    """Return the word people use for a level."""
    return say(f"codebook.{level}")
