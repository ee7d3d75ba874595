"""The codebook: an ordered tree of codes with dimensions, confusable pairs and rules; knows no files and no store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property

import pandas as pd

from qualcode.codebook import names
from qualcode.codebook.checks import clashing, problems
from qualcode.codebook.parts import Code, ConfusablePair, Dimension, Level
from qualcode.codebook.shown import as_html, as_line
from qualcode.codebook.stored import stored_book
from qualcode.codebook.tree import arranged, lineage
from qualcode.errors import NotFound
from qualcode.labels import listed, say
from qualcode.model import HasSnapshot

TABLE_COLUMNS = (
    "guid", "id", "name", "path", "level", "parent", "codable", "retired", "merged_into",
    "definition", "include", "exclude", "examples", "source", "colour",
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class Codebook:
    """An ordered tree of codes, and what coders agreed about using them.

    Wherever a method asks for a ``guid`` it takes the key of a code: its guid, or its id while it has no guid yet.

    Parameters
    ----------
    name, version, language, source
        What the codebook is called, which version this is, its language (``nl``, ``en``) and what it was built from.
    codes
        The codes; kept in tree order.
    dimensions, confusable, rules, guide
        What is noted with a coding, pairs with their decision rule, rules for coding, the topic guide.
    definition, definition_source
        The working definition of the study, word for word, and where it comes from. A study keeps it with the project,
        so it is not part of the fingerprint.
    guid, project
        Guids of the codebook and of the project in the study; empty outside a study.
    lacks
        Fields of a code that the file this was read from does not have; importing leaves these alone.
    """

    name: str = ""
    version: str = ""
    language: str = "nl"
    source: str = ""
    codes: tuple[Code, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    confusable: tuple[ConfusablePair, ...] = ()
    rules: tuple[str, ...] = ()
    guide: tuple[str, ...] = ()
    definition: str = ""
    definition_source: str = ""
    guid: str = ""
    project: str = field(default="", compare=False)
    lacks: frozenset[str] = field(default=frozenset(), compare=False)

    def __post_init__(self) -> None:
        """Bring the codes in tree order."""
        object.__setattr__(self, "codes", arranged(self.codes))

    @classmethod
    def of(cls, study: HasSnapshot) -> Codebook:
        """Return the codebook of a study as it is now, retired codes included."""
        return stored_book(cls, study)

    @cached_property
    def _by_key(self) -> Mapping[str, Code]:
        return {code.key: code for code in self.codes}

    @cached_property
    def _below(self) -> Mapping[str | None, tuple[Code, ...]]:
        below: dict[str | None, list[Code]] = {}
        for code in self.codes:
            below.setdefault(code.parent if code.parent in self._by_key else None, []).append(code)
        return {key: tuple(codes) for key, codes in below.items()}

    @cached_property
    def _index(self) -> names.Index:
        return names.index(self.codes, [self.path(code.key) for code in self.codes])

    def find(self, name: str) -> Code:
        """Return the code that people mean by a name; merging is not followed.

        Parameters
        ----------
        name
            A guid, an id, a path (``Ervaringen met racisme > Minder tastbaar > Onderschatting``, or its last steps) or a
            name; capitals, blanks and the shape of quotation marks do not count. Of several codes with one name or path
            the one still in use is meant.

        Raises
        ------
        NotFound
            When no code is called this; the message holds the nearest names.
        Ambiguous
            When several are; the message holds all of them.
        """
        return names.found(self._index, name, book=self.name)

    def get(self, guid: str) -> Code:
        """Return the code with this key.

        Raises
        ------
        NotFound
            When the codebook has no such code.
        """
        try:
            return self._by_key[guid]
        except KeyError:
            raise NotFound("codebook.no_guid", guid=guid, book=self.name) from None

    def resolve(self, guid: str) -> str:
        """Return the key of the code that now stands for this one: where merging led to, else itself."""
        seen = {guid}
        while (target := self.get(guid).merged_into) and target in self._by_key and target not in seen:
            seen.add(target)
            guid = target
        return guid

    def children(self, code: str | None = None) -> tuple[Code, ...]:
        """Return the codes directly below a code (key), or those at the top, in order."""
        return self._below.get(None if code is None else self.get(code).key, ())

    def descendants(self, guid: str) -> frozenset[str]:
        """Return the keys of a code and of everything below it."""
        reached: set[str] = set()
        waiting = [self.get(guid).key]
        while waiting:
            key = waiting.pop()
            if key not in reached:
                reached.add(key)
                waiting.extend(code.key for code in self._below.get(key, ()))
        return frozenset(reached)

    def ancestors(self, guid: str) -> tuple[str, ...]:
        """Return the keys of the codes above this one, the top of the tree first."""
        return lineage(self._by_key, self.get(guid).key)[:-1]

    def path(self, guid: str, sep: str = " > ") -> str:
        """Return the names from the top of the tree down to this code."""
        return sep.join(self._by_key[key].name for key in lineage(self._by_key, self.get(guid).key))

    def level(self, guid: str) -> Level:
        """Return ``code`` for what text may be coded with, else ``theme`` at the top of the tree and ``subtheme`` below."""
        if self.get(guid).codable:
            return "code"
        return "subtheme" if self.ancestors(guid) else "theme"

    def theme_of(self, guid: str) -> str:
        """Return the key of the theme a code counts for: the top of its branch."""
        return lineage(self._by_key, self.get(guid).key)[0]

    def subtheme_of(self, guid: str) -> str | None:
        """Return the key of the subtheme a code counts for: the second step of its path, unless that is a code with nothing below it."""
        second = lineage(self._by_key, self.get(guid).key)[1:2]
        if not second or (self._by_key[second[0]].codable and second[0] not in self._below):
            return None
        return second[0]

    def requires(self, guid: str) -> tuple[str, ...]:
        """Return the dimensions a coding with this code must have, those of the codes above it included."""
        steps = lineage(self._by_key, self.get(guid).key)
        return tuple(dict.fromkeys(name for key in steps for name in self._by_key[key].requires))

    def dimension(self, name: str) -> Dimension:
        """Return the dimension of this name.

        Raises
        ------
        NotFound
            When the codebook has no such dimension.
        """
        wanted = names.folded(name)
        for dimension in self.dimensions:
            if names.folded(dimension.name) == wanted:
                return dimension
        there_are = listed([d.name for d in self.dimensions], most=20) or say("words.nothing")
        raise NotFound("codebook.no_dimension", name=name, book=self.name, there_are=there_are)

    def clashes(self) -> pd.DataFrame:
        """Return the codes that share an id (columns ``id, guid, name, path``): a person chooses which keeps it."""
        return clashing(self)

    def check(self) -> pd.DataFrame:
        """Return what is wrong or missing, one row a problem: ``kind``, ``code`` (guid, or empty), ``sentence``."""
        return problems(self)

    @cached_property
    def fingerprint(self) -> str:
        """Eight hexadecimals that stand for the content, guids included, the version's label excluded."""
        codes = [{**asdict(code), "guid": code.key, "position": None} for code in self.codes]
        content = {
            **{name: getattr(self, name) for name in ("name", "language", "source", "rules", "guide")},
            "codes": codes,
            "dimensions": [asdict(d) for d in self.dimensions],
            "confusable": [asdict(p) for p in self.confusable],
        }
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:8]

    def table(self) -> pd.DataFrame:
        """Return one row a code in tree order.

        Columns: ``guid, id, name, path, level`` (theme, subtheme, code), ``parent`` and ``merged_into`` (guids),
        ``codable, retired, definition, include, exclude, examples`` (one a line), ``source, colour``.
        """
        rows = [
            {**asdict(code), "path": self.path(code.key), "level": self.level(code.key), "examples": "\n".join(code.examples)}
            for code in self.codes
        ]
        return pd.DataFrame(rows, columns=list(TABLE_COLUMNS)).astype({"codable": "bool", "retired": "bool"})

    def __repr__(self) -> str:
        """Return one line: name, version and how much is in it."""
        return as_line(self)

    def _repr_html_(self) -> str:
        return as_html(self)
