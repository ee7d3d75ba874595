"""The Project: one study, as a notebook, a widget or the command line talks to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Self

from qualcode.codebook import Codebook
from qualcode.errors import NotFound
from qualcode.labels import say
from qualcode.model import Change, Snapshot, State
from qualcode.project import coding, documents, exchange, records
from qualcode.project import history as past
from qualcode.project.codebooks import StudyCodebook
from qualcode.store import Clock, Committed, Draft, Guids, Store, new_guid, now

_TRANSIENT = frozenset({"coding", "memo", "interaction", "prompt", "topic", "search", "status"})


class Project:
    """A study: documents, codebook, codings, and the log of all that was done.

    Open one with :meth:`create` or :meth:`open`. Every verb that changes something is one event in the log,
    signed by :attr:`coder`, and can be undone.

    Examples
    --------
    >>> import qualcode as qc
    >>> study = qc.demo()
    >>> study
    <Project 'Voorbeeldstudie racisme op de werkvloer': 3 documenten, 79 codes, 146 coderingen; codeur: consensus>
    """

    def __init__(self, store: Store, coder: str | None = None) -> None:
        self._store = store
        self.lock = RLock()  # held while a verb writes: desks listen in threads of their own while a cell codes
        self._base = store.snapshot()
        self._pending: State = {}  # codings and the like that are written but not yet folded into the tables
        self._texts: dict[str, str] = {}
        self._stamp = self._base.stamp
        self._group: str | None = None
        self._book: tuple[tuple[Any, ...], Codebook] | None = None
        self._wanted = coder or os.environ.get("QUALCODE_CODER") or self._creator()

    # opening and closing -----------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        address: str | Path,
        *,
        coder: str,
        codebook: str | Path | None = None,
        name: str | None = None,
        clock: Clock = now,
        guids: Guids = new_guid,
    ) -> Project:
        """Make a new study.

        Parameters
        ----------
        address
            Path of the file to make (``studie.qualcode``), or ``postgresql://…`` of an empty database.
        coder
            Who makes it; later verbs are signed with this name unless :meth:`open` names another.
        codebook
            A codebook to start from: YAML, CSV or XLSX. Without one the codebook is empty.
        name
            What the study is called; the file's name when left out.
        clock, guids
            Where moments and guids come from; fixed ones make a study that is the same twice.

        Raises
        ------
        StudyExists
            When something stands at the address already.
        BadCodebook
            When the codebook has mistakes; then nothing is made.
        """
        from qualcode.codebook import read

        book = read(Path(codebook)) if codebook is not None else None
        store = Store.create(address, clock=clock, guids=guids)
        called = name or (Path(str(address)).stem if "://" not in str(address) else say("project.unnamed"))
        me = guids()
        born = (
            Change("coder", [me], {"exists": [True], "name": [coder], "role": ["codeur"]}),
            Change("project", [guids()], {"exists": [True], "name": [called], "language": ["nl"], "settings": [{"creator": me}]}),
        )
        store.commit(Draft("create", me, born))
        project = cls(store, coder)
        if book is not None:
            project.codebook.take(book)
        return project

    @classmethod
    def open(cls, address: str | Path, *, coder: str | None = None, clock: Clock = now, guids: Guids = new_guid) -> Project:
        """Open a study that is there.

        Parameters
        ----------
        address
            Path of the file, or ``postgresql://…``.
        coder
            Who works in it now; ``QUALCODE_CODER`` or else the study's creator when left out.

        Raises
        ------
        StudyNotFound
            When there is no study at the address: opening never makes one.
        """
        return cls(Store.open(address, clock=clock, guids=guids), coder)

    def close(self) -> None:
        """Let go of the study's file."""
        self._store.close()

    def __enter__(self) -> Self:
        """Use the study in a ``with`` block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let go of the study's file."""
        self.close()

    def __repr__(self) -> str:
        """Tell which study this is and what it holds."""
        now = self.snapshot()
        return say(
            "project.repr",
            name=self.name,
            documents=len(now.documents),
            codes=len(now.codes),
            codings=len(now.codings),
            coder=self.coder,
        )

    # state ------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What the study is called."""
        return str(self._base.project.get("name", ""))

    @property
    def coder(self) -> str:
        """Who signs what is done through this object."""
        return self._wanted

    def snapshot(self) -> Snapshot:
        """Return the whole study as it is now, frozen."""
        with self.lock:
            if self._pending:
                self._base = self._base.patched(self._pending, self._texts, self._stamp)
                self._pending, self._texts = {}, {}
            return self._base

    def refresh(self) -> None:
        """Take in what others wrote to the same study since."""
        with self.lock:
            rows, texts, stamp = self._store.since(self._stamp.events)
            if stamp.events != self._stamp.events:
                self._take(rows, texts, stamp)

    @property
    def codebook(self) -> StudyCodebook:
        """The codebook: to look things up, and to change it."""
        return StudyCodebook(self)

    @contextmanager
    def gesture(self) -> Iterator[None]:
        """Make everything done inside one gesture: one undo takes it all back."""
        outer = self._group
        self._group = outer or self._store.guids()
        try:
            yield
        finally:
            self._group = outer

    # verbs, each in the module of its subject ----------------------------------------------------------

    import_documents = documents.import_documents
    join_participants = documents.join_participants
    remove_document = documents.remove_document
    set_role = documents.set_role
    code = coding.code
    uncode = coding.uncode
    recode = coding.recode
    memo = coding.memo
    codings = coding.codings
    import_codings = exchange.import_codings
    export = exchange.export
    report = exchange.report
    merge = exchange.merge
    record = records.record
    describe = records.describe
    history = past.history
    undo = past.undo
    redo = past.redo
    doctor = past.doctor

    # what the verbs stand on --------------------------------------------------------------------------

    def _creator(self) -> str:
        creator = (self._base.project.get("settings") or {}).get("creator")
        names = dict(zip(self._base.coders["guid"], self._base.coders["name"], strict=True))
        return str(names.get(creator, say("project.unknown_coder")))

    def _current(self) -> Snapshot:
        """Return a snapshot in which documents, people and codes are as now; codings may be waiting to be folded in."""
        return self.snapshot() if self._pending.keys() - _TRANSIENT else self._base

    def _codebook(self) -> Codebook:
        now = self._current()
        key = (now.tables["code"], now.tables["codebook"], now.tables["project"])
        if self._book is None or any(a is not b for a, b in zip(self._book[0], key, strict=True)):
            self._book = (key, Codebook.of(now))
        return self._book[1]

    def _take(self, rows: State, texts: dict[str, str], stamp: Any) -> None:
        for kind, entities in rows.items():
            self._pending.setdefault(kind, {}).update(entities)
        self._texts |= texts
        self._stamp = stamp

    def _reload(self) -> None:
        """Read the whole study again."""
        with self.lock:
            self._base = self._store.snapshot()
            self._pending, self._texts, self._stamp = {}, {}, self._base.stamp

    def _coder_guid(self, name: str | None = None) -> str:
        """Return the guid of a coder, who enters the study with the first thing they do."""
        wanted = name or self._wanted
        known = self._current().coder_names
        if wanted in known:
            return known[wanted]
        guid = self._store.guids()
        self._write(Draft("coder", guid, (Change("coder", [guid], {"exists": [True], "name": [wanted], "role": ["codeur"]}),)))
        return guid

    def _commit(self, kind: str, *changes: Change, about: dict[str, Any] | None = None, texts: dict[str, str] | None = None) -> Committed:
        circumstances = dict(about or {})
        if self._group:
            circumstances["group"] = self._group
        return self._write(Draft(kind, self._coder_guid(), changes, circumstances, texts or {}))

    def _write(self, draft: Draft, *, expect: int | None = None) -> Committed:
        with self.lock:
            done = self._store.commit(draft, expect=expect)
            if done.stamp.events > self._stamp.events + (done.event is not None):
                self.refresh()
            elif done.event is not None:
                self._take(done.rows, dict(draft.texts), done.stamp)
            return done

    def _document(self, name: str) -> str:
        """Return the guid of the document of that name."""
        named = self._current().document_names
        if name in named:
            return named[name]
        raise NotFound("project.no_document", name=name, known=", ".join(named) or say("words.nothing"))
