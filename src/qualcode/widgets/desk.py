"""What all desks share: messages in, patches out, one lock a study, and an eye on what others write."""

from __future__ import annotations

import threading
import weakref
from abc import ABCMeta, abstractmethod
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, ClassVar

import anywidget
import traitlets

from qualcode.errors import QualcodeError
from qualcode.labels import Language, language, say, set_language
from qualcode.project import Project
from qualcode.widgets.page import words

LOOK_EVERY = 0.3
"""Seconds between two looks at what others wrote."""

_REMEMBERED = 200


class _Abstract(ABCMeta, type(anywidget.AnyWidget)):  # type: ignore[misc]
    """A widget that is not whole until its verbs are there."""


class Desk(anywidget.AnyWidget, metaclass=_Abstract):
    """A view of a study in the page. The database is the only truth: nothing of a transcript is kept in the widget's state.

    A desk of its own names the rooms of the catalogue whose words its page shows (keys that start with ``page_``), says what each
    message does (:meth:`verbs`), and sends everything (:meth:`show`) or what changed (:meth:`patch`).

    Parameters
    ----------
    study
        The project to work in.
    """

    rooms: ClassVar[tuple[str, ...]] = ("desk",)

    _t = traitlets.Dict().tag(sync=True)
    lang = traitlets.Unicode().tag(sync=True)
    height = traitlets.Unicode("640px").tag(sync=True)
    theme = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)

    _watching: threading.Event | None = None

    def __init__(self, study: Project, **traits: Any) -> None:
        spoken: Language = language()
        super().__init__(_t=words(spoken, *self.rooms), lang=spoken, **traits)
        self.study = study
        self._spoken = spoken
        self._rev = 0
        self._told = -1
        self._thinking = threading.Lock()
        self._answers: dict[str, dict[str, Any]] = {}
        self.on_msg(self._arrived)

    @abstractmethod
    def verbs(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
        """Return what each message of the page does; a verb may return what the answer carries beside the patch.

        ``undo`` and ``redo`` every desk has already.
        """

    @abstractmethod
    def show(self, to: str | None) -> None:
        """Send everything the page shows, to one page or to all."""

    def look(self) -> None:
        """Take in what others wrote to the study, and show it."""
        with self.study.lock:
            self.study.refresh()
            if self.study.stamp.events != self._told:
                self.patch()
                self._told = self.study.stamp.events

    @abstractmethod
    def patch(self, **answer: Any) -> None:
        """Send what changed since the page was last told."""

    def close(self) -> None:
        """Stop looking and let go of the page."""
        if self._watching is not None:
            self._watching.set()
        super().close()

    def next_rev(self) -> int:
        """Return the number of the next patch: a page that misses one asks for everything again."""
        self._rev += 1
        return self._rev

    def _arrived(self, _widget: object, message: dict[str, Any], _buffers: object) -> None:
        copy_context().run(self._handle, message)

    def _handle(self, message: dict[str, Any]) -> None:
        set_language(self._spoken)
        req, client = message.get("req"), message.get("client")
        with self.study.lock:
            try:
                if message["kind"] == "hello":
                    self.study.refresh()
                    self.show(client)
                    self._watch()
                    return
                # a code may have been retired, a document taken out: judge by the study as it is now
                self.study.refresh()
                done = f"{client}/{req}"
                if done not in self._answers:
                    verbs = {"undo": self._undo, "redo": self._redo} | self.verbs()
                    self._answers[done] = verbs[message["kind"]](message) or {}
                    if len(self._answers) > _REMEMBERED:
                        del self._answers[next(iter(self._answers))]
                self.patch(req=req, client=client, **self._answers[done])
                self._told = self.study.stamp.events
            except QualcodeError as error:
                self.send({"kind": "error", "req": req, "to": client, "text": str(error)})
                self._glance()
            except Exception as error:
                self.send({"kind": "error", "req": req, "to": client, "text": say("desk.unexpected", name=type(error).__name__)})
                raise

    def _undo(self, _message: dict[str, Any]) -> dict[str, Any]:
        return told(self.study.undo(), "desk.nothing_to_undo")

    def _redo(self, _message: dict[str, Any]) -> dict[str, Any]:
        return told(self.study.redo(), "desk.nothing_to_redo")

    def later(self, message: dict[str, Any], name: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Answer what takes seconds when it is ready: the desk goes on meanwhile, and one such question waits for the other.

        Parameters
        ----------
        message
            What the page asked.
        name
            Under which name the answer comes, in a patch; with it ``asked``, the number of the question, or ``trouble``, a sentence.
        work
            What is done, on a thread of its own and without the lock of the study.
        """
        client, asked = message.get("client"), message.get("req")

        def think() -> None:
            set_language(self._spoken)
            try:
                with self._thinking:
                    answer = work()
            except QualcodeError as error:
                answer = {"trouble": str(error)}
            except Exception as error:
                self._answer(client, name, {"trouble": say("desk.unexpected", name=type(error).__name__), "asked": asked})
                raise
            self._answer(client, name, {**answer, "asked": asked})

        threading.Thread(target=copy_context().run, args=(think,), name="qualcode-desk-later", daemon=True).start()
        return {}

    def _answer(self, client: object, name: str, answer: dict[str, Any]) -> None:
        with self.study.lock:
            self.patch(client=client, **{name: answer})

    def _watch(self) -> None:
        """Look every so often, on a thread that ends with the desk."""
        if self._watching is not None:
            return
        self._watching = threading.Event()
        me, stop, spoken = weakref.ref(self), self._watching, self._spoken

        def watch() -> None:
            set_language(spoken)
            while not stop.wait(LOOK_EVERY):
                desk = me()
                if desk is None or not desk._glance():
                    return
                del desk

        threading.Thread(target=watch, name="qualcode-desk", daemon=True).start()

    def _glance(self) -> bool:
        try:
            self.look()
        except QualcodeError as error:
            self.send({"kind": "error", "req": None, "to": None, "text": str(error)})
            self._watching = None
            return False
        return True


def told(done: object | None, otherwise: str) -> dict[str, Any]:
    """Return what an undo or redo did as a sentence for the page."""
    return {"said": str(done) if done is not None else say(otherwise)}
