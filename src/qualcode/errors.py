"""Every exception a user of qualcode can meet.

::

    QualcodeError
    +- NotFound (KeyError)            no document, code, coder, coding, speaker of that name
    +- Ambiguous (LookupError)        a name that belongs to more than one thing
    +- Refused (ValueError)           what the method or the study does not allow
    +- BadFile (ValueError)           a file that cannot be read as what it should be; file and place
    |  +- BadCodebook                 a codebook file with a mistake; file and line
    +- StudyNotFound (FileNotFoundError)
    +- StudyExists (FileExistsError)
    +- DamagedStudy (RuntimeError)    the study file is not what it was when it was written
    +- NewerStudy (RuntimeError)      written by a later version of qualcode
    +- ReadOnlyStudy (PermissionError)
    +- StudyBusy (TimeoutError)       another program holds the study
    +- DiskFull (OSError)             there is no room to write
    +- Missing (ImportError)          an optional part that is not installed, and how to get it

A message says what failed by name, what there is, and what to do. It never holds words of a transcript.
"""

from __future__ import annotations

from typing import Any

from qualcode.labels import say


class QualcodeError(Exception):
    """Base of all: a sentence of the catalogue and its facts.

    Parameters
    ----------
    key
        Name of the sentence, ``room.name``.
    facts
        What the sentence names: files, names, numbers. Never words of a transcript.
    """

    def __init__(self, key: str, /, **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        """Return the sentence in the language in use now."""
        return say(self.key, **self.facts)


class NotFound(QualcodeError, KeyError):
    """A name that nothing in the study has."""

    __str__ = QualcodeError.__str__


class Ambiguous(QualcodeError, LookupError):
    """A name that more than one thing has: the study waits for a person to choose."""


class Refused(QualcodeError, ValueError):
    """Something the method or the state of the study does not allow."""


class BadFile(QualcodeError, ValueError):
    """A file that cannot be read as what it should be."""


class BadCodebook(BadFile):
    """A codebook file with a mistake; the message names file and line."""


class StudyNotFound(QualcodeError, FileNotFoundError):
    """There is no study at this address."""

    __str__ = QualcodeError.__str__


class StudyExists(QualcodeError, FileExistsError):
    """There is something at this address already."""

    __str__ = QualcodeError.__str__


class DamagedStudy(QualcodeError, RuntimeError):
    """The study file is not what it was when it was written."""


class NewerStudy(QualcodeError, RuntimeError):
    """The study was written by a later version of qualcode."""


class ReadOnlyStudy(QualcodeError, PermissionError):
    """The study can be read but not changed."""

    __str__ = QualcodeError.__str__


class StudyBusy(QualcodeError, TimeoutError):
    """Another program holds the study for too long."""

    __str__ = QualcodeError.__str__


class DiskFull(QualcodeError, OSError):
    """There is no room to write; nothing was changed."""

    __str__ = QualcodeError.__str__


class Missing(QualcodeError, ImportError):
    """An optional part that is not installed; the message says how to get it."""

    __str__ = QualcodeError.__str__
