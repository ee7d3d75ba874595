"""The codebook of a study: everything a codebook answers, and the verbs that change it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode.codebook import (
    Code,
    Codebook,
    ConfusablePair,
    adding,
    at_version,
    diff,
    editing,
    heading,
    importing,
    merging,
    moving,
    read,
    restoring,
    retiring,
    splitting,
    versions,
    write,
)
from qualcode.errors import Refused
from qualcode.model import Change

if TYPE_CHECKING:
    import pandas as pd

    from qualcode.project.study import Project


def read_book(path: str | Path) -> Codebook:
    """Read a codebook file: YAML, CSV or XLSX, or a .qdc of any program."""
    from qualcode.refi import BOOKS
    from qualcode.refi import read_book as read_standard

    return read_standard(Path(path)) if Path(path).suffix.lower() in BOOKS else read(Path(path))


class StudyCodebook:
    """The codebook as it stands in the study.

    Look things up as in :class:`qualcode.Codebook` (``find``, ``path``, ``table`` …). The verbs below are events in the log: they
    keep the codings, and :meth:`Project.undo` takes them back.
    """

    def __init__(self, study: Project) -> None:
        self._study = study

    def __repr__(self) -> str:
        """Tell what the codebook holds."""
        return repr(self.book)

    def _repr_html_(self) -> str:
        return self.book._repr_html_()

    def __getattr__(self, name: str) -> Any:
        """Ask the codebook itself."""
        return getattr(self.book, name)

    @property
    def book(self) -> Codebook:
        """The codebook as it stands, frozen."""
        return self._study._codebook()

    def _do(self, verb: str, changes: tuple[Change, ...], what: str = "") -> None:
        self._study._commit(f"codebook-{verb}", *changes, about={"code": what} if what else None)

    def take(self, source: Codebook | str | Path) -> pd.DataFrame:
        """Bring in a codebook: new codes are added, known ones (same guid, else same id) take the new words.

        Nothing is deleted: what the new codebook lacks stays.

        Parameters
        ----------
        source
            A codebook, or a file: YAML, CSV, XLSX, or a .qdc of any program.

        Returns
        -------
        DataFrame
            What changed, as :func:`qualcode.codebook.diff`.
        """
        before = self.book
        new = source if isinstance(source, Codebook) else read_book(source)
        self._study._commit("codebook-import", *importing(before, new, self._study._store.guids), about={"version": new.version})
        return diff(before, self.book)

    def save(self, path: str | Path) -> Path:
        """Write the codebook to a file (YAML, CSV or XLSX, or .qdc for other programs) without loss; return its path."""
        from qualcode.project.refi import export_exchange
        from qualcode.refi import BOOKS

        if Path(path).suffix.lower() in BOOKS:
            return export_exchange(self._study, Path(path)).path
        write(self.book, Path(path))
        return Path(path)

    def add(self, id: str, name: str, *, parent: str | None = None, **fields: Any) -> Code:
        """Add a code, subtheme (``codable=False``) or theme (no parent).

        Parameters
        ----------
        id
            Never used before, not by a retired code either.
        name
            What it is called.
        parent
            Id, path or guid of what it stands under.
        fields
            definition, include, exclude, examples, source, colour, codable, requires.
        """
        above = self.book.find(parent).guid if parent else None
        self._do("add", adding(self.book, self._study._store.guids, id=id, name=name, parent=above, **fields), id)
        return self.book.find(id)

    def edit(self, code: str, **fields: Any) -> Code:
        """Change words of a code: name, definition, include, exclude, examples, source, colour, codable, requires.

        Raises
        ------
        Refused
            When a code with codings of its own would become a heading (``codable=False``): those would stand nowhere.
        """
        found = self.book.find(code)
        own = 0 if fields.get("codable", True) else int((self._study.snapshot().codings["code"] == found.guid).sum())
        if own:
            raise Refused("codebook.has_codings", code=str(found), n=own)
        self._do("edit", editing(self.book, found, **fields), found.id)
        return self.book.get(found.guid)

    def rename(self, code: str, name: str) -> Code:
        """Give a code another name; its id and codings stay."""
        return self.edit(code, name=name)

    def move(self, code: str, parent: str | None, *, position: float | None = None) -> Code:
        """Put a code under another parent; refused when that would make a circle."""
        found = self.book.find(code)
        above = self.book.find(parent) if parent else None
        self._do("move", moving(self.book, found, above, position), found.id)
        return self.book.get(found.guid)

    def merge(self, code: str, into: str) -> Code:
        """Merge a code into another: its codings keep it and count for the other from now on."""
        found, target = self.book.find(code), self.book.find(into)
        self._do("merge", merging(self.book, found, target), f"{found.id} → {target.id}")
        return self.book.get(target.guid)

    def split(self, code: str, parts: list[dict[str, Any]], *, retire: bool = False) -> list[Code]:
        """Split a code into new ones beside it; its codings wait to be coded again.

        Parameters
        ----------
        code
            The code to split.
        parts
            The new codes: each a mapping with ``id``, ``name`` and any other field.
        retire
            Retire the old code, so that nobody uses it any more.
        """
        found = self.book.find(code)
        self._do("split", splitting(self.book, found, parts, self._study._store.guids, retire=retire), found.id)
        return [self.book.find(part["id"]) for part in parts]

    def retire(self, code: str) -> Code:
        """Retire a code: its codings stay, new ones are refused."""
        found = self.book.find(code)
        self._do("retire", retiring(self.book, found), found.id)
        return self.book.get(found.guid)

    def restore(self, code: str) -> Code:
        """Take a retired or merged code back into use."""
        found = self.book.find(code)
        self._do("restore", restoring(self.book, found), found.id)
        return self.book.get(found.guid)

    def distinguish(self, first: str, second: str, rule: str) -> None:
        """Write the rule that decides between two codes that are easily taken for each other; an empty rule takes the pair away.

        Parameters
        ----------
        first, second
            The two codes.
        rule
            Which to choose when. Coders see it beside either code.

        Raises
        ------
        Refused
            When both are the same code.
        """
        book = self.book if self.book.guid else replace(self.book, guid=self._study._store.guids())
        one, other = book.find(first), book.find(second)
        if one.key == other.key:
            raise Refused("codebook.check_pair_with_itself", code=one)
        pairs = {frozenset((pair.first, pair.second)): pair for pair in book.confusable}
        both = frozenset((one.key, other.key))
        if rule.strip():
            pairs[both] = replace(pairs.get(both, ConfusablePair(one.key, other.key)), rule=rule.strip())
        else:
            pairs.pop(both, None)
        born = {} if self.book.guid else {"exists": [True]}
        changes = heading(book, confusable=list(pairs.values()))
        self._do("edit", tuple(replace(change, after={**born, **change.after}) for change in changes), f"{one.id}, {other.id}")

    def name_version(self, version: str) -> None:
        """Give the codebook as it stands now a version name, as ``0.2``."""
        heads = self._study.snapshot().codebooks
        guid = str(heads["guid"].iloc[0]) if len(heads) else self._study._store.guids()
        self._study._commit(
            "codebook-version", Change("codebook", [guid], {"exists": [True], "version": [version]}), about={"version": version}
        )

    def versions(self) -> pd.DataFrame:
        """Return every version of the codebook in the log; see :func:`qualcode.codebook.versions`."""
        return versions(self._study.snapshot())

    def compare(self, before: str, after: str | None = None) -> pd.DataFrame:
        """Return what changed between two versions (name or fingerprint); ``after`` is the present one when left out."""
        now = self._study.snapshot()
        return diff(at_version(now, before), at_version(now, after) if after else self.book)
