"""The Project: one study, as a notebook, a widget or the command line talks to it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from qualcode.codebook import Codebook
from qualcode.errors import NotFound
from qualcode.labels import say
from qualcode.model import Change, Snapshot, Stamp, State
from qualcode.project import (
    assigning,
    coding,
    consensus,
    correcting,
    documents,
    exchange,
    margins,
    memos,
    merging,
    partitions,
    privacy,
    reading,
    records,
    refi,
    registers,
    reporting,
    reviewing,
    searching,
    withdrawing,
)
from qualcode.project import blind as blinding
from qualcode.project import history as past
from qualcode.project.codebooks import StudyCodebook, read_book
from qualcode.store import Clock, Committed, Draft, Guids, Store, new_guid, now

if TYPE_CHECKING:
    from qualcode.project.proposals import Proposals

_TRANSIENT = frozenset({"coding", "memo", "reading", "interaction", "prompt", "topic", "search", "status"})
# how many writes `touched` looks back on, and from how many entities on a write is too much to keep for that
_REMEMBERED, _MUCH = 500, 5000


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
        self._recent: deque[tuple[int, State]] = deque(maxlen=_REMEMBERED)  # events before a write, and what it touched
        self._seen: tuple[Snapshot, str, Snapshot] | None = None  # what the one at work may see of which whole
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
        book = read_book(codebook) if codebook is not None else None
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
    def open(
        cls, address: str | Path, *, coder: str | None = None, clock: Clock = now, guids: Guids = new_guid, upgrade: bool = False
    ) -> Project:
        """Open a study that is there.

        Parameters
        ----------
        address
            Path of the file, or ``postgresql://…``.
        coder
            Who works in it now; ``QUALCODE_CODER`` or else the study's creator when left out.
        clock, guids
            As in :meth:`create`.
        upgrade
            Bring a team database of an older qualcode up to date; make its backup first. A file is brought up to date by itself.

        Raises
        ------
        StudyNotFound
            When there is no study at the address: opening never makes one.
        """
        return cls(Store.open(address, clock=clock, guids=guids, upgrade=upgrade), coder)

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

    def snapshot(self, viewer: str | None = None) -> Snapshot:
        """Return the study as it is now, frozen: all of it, or what somebody who works blind may see.

        Parameters
        ----------
        viewer
            Name of the coder who looks; :attr:`coder` when left out.
        """
        with self.lock:
            whole = self._whole()
            name = viewer or self._wanted
            if self._seen is None or self._seen[0] is not whole or self._seen[1] != name:
                self._seen = (whole, name, blinding.seen(whole, name))
            return self._seen[2]

    def refresh(self) -> None:
        """Take in what others wrote to the same study since."""
        with self.lock:
            rows, texts, stamp = self._store.since(self._stamp.events)
            if stamp.events != self._stamp.events:
                self._take(rows, texts, stamp)

    @property
    def stamp(self) -> Stamp:
        """Which state of the study this is, up to the last write."""
        return self._stamp

    def touched(self, since: int) -> State | None:
        """Return what was touched after that many events, removed things too: ``{kind: {guid: fields}}``, as they now are.

        Parameters
        ----------
        since
            Number of events the asker knows of, from :attr:`stamp`. When that is too long ago the answer is ``None``: read the snapshot.
        """
        with self.lock:
            if since == self._stamp.events:
                return {}
            if not self._recent or self._recent[0][0] > since:
                return None
            found: State = {}
            for before, rows in self._recent:
                if before >= since:
                    for kind, entities in rows.items():
                        found.setdefault(kind, {}).update(entities)
            return blinding.seen_rows(self, found)

    @property
    def codebook(self) -> StudyCodebook:
        """The codebook: to look things up, and to change it."""
        return StudyCodebook(self)

    @property
    def proposals(self) -> Proposals:
        """What a machine proposed, and what people decided about it."""
        from qualcode.project.proposals import Proposals as Decisions

        return Decisions(self)

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
    import_project = refi.import_project
    correct = correcting.correct
    write_turns = correcting.write_turns
    join_participants = documents.join_participants
    remove_document = documents.remove_document
    set_role = documents.set_role
    code = coding.code
    uncode = coding.uncode
    recode = coding.recode
    invent = coding.invent
    segment = coding.segment
    memo = memos.memo
    edit_memo = memos.edit_memo
    remove_memo = memos.remove_memo
    read = reading.read
    progress = reading.progress
    codings = coding.codings
    import_codings = exchange.import_codings
    table = exchange.table
    export = exchange.export
    report = exchange.report
    merge = merging.merge
    assign = assigning.assign
    blind = blinding.blind
    unblind = blinding.unblind
    blinded = property(blinding.blinded)
    differences = consensus.differences
    choose = consensus.choose
    take_agreed = consensus.take_agreed
    queue = reviewing.queue
    threads = reviewing.threads
    inbox = reviewing.inbox
    review = reviewing.review
    answer = reviewing.answer
    settle = reviewing.settle
    cell = reviewing.cell
    open_points = reviewing.open_points
    sign = reviewing.sign
    unsign = reviewing.unsign
    signatures = reviewing.signatures
    write_margins = margins.write_margins
    take_margins = margins.take_margins
    record = records.record
    amend = registers.amend
    strike = registers.strike
    sections = reporting.sections
    agree = reporting.agree
    choose_quote = reporting.choose_quote
    smallest_count = reporting.smallest_count
    kernblad = reporting.kernblad
    period_report = reporting.period_report
    freeze = reporting.freeze
    release = reporting.release
    describe = records.describe
    prepare = partitions.prepare
    suggest_large = partitions.suggest_large
    search = searching.search
    find = searching.find
    query = searching.query
    holds = searching.holds
    word_forms = searching.word_forms
    save_query = searching.save_query
    remove_query = searching.remove_query
    queries = searching.queries
    scan = privacy.scan
    identifiers = privacy.identifiers
    decide = privacy.decide
    pseudonymise = withdrawing.pseudonymise
    originals = withdrawing.originals
    original_text = withdrawing.original_text
    withdraw = withdrawing.withdraw
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
        return self._whole() if self._pending.keys() - _TRANSIENT else self._base

    def _whole(self) -> Snapshot:
        """Return the study with all that anybody judged, whoever asks."""
        with self.lock:
            if self._pending:
                self._base = self._base.patched(self._pending, self._texts, self._stamp)
                self._pending, self._texts = {}, {}
            return self._base

    def _entity(self, kind: str, guid: str) -> dict[str, Any] | None:
        """Return one thing as it is now, folded into the tables or not; ``None`` when it does not exist or may not be seen."""
        row = self._pending.get(kind, {}).get(guid)
        if row is None:
            table = self._base.tables[kind]
            found = table[table["guid"] == guid]
            row = {"exists": not found.empty, **({} if found.empty else {str(name): value for name, value in found.iloc[0].items()})}
        seen = row["exists"] and guid in blinding.seen_rows(self, {kind: {guid: row}})[kind]
        return {"guid": guid, **row} if seen else None

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
        if sum(map(len, rows.values())) > _MUCH:
            self._recent.clear()
        else:
            self._recent.append((self._stamp.events, rows))
        self._stamp = stamp

    def _reload(self) -> None:
        """Read the whole study again."""
        with self.lock:
            self._base = self._store.snapshot()
            self._pending, self._texts, self._stamp = {}, {}, self._base.stamp
            self._recent.clear()

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
