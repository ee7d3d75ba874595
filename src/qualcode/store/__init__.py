"""The only SQL: the log, the texts, the projected state; SQLite by default, PostgreSQL for a team."""

from qualcode.store.clearing import BLOCK, Taken, Words, taken_by
from qualcode.store.doctor import Finding, examine
from qualcode.store.merging import Merged, Union, copy_for, joined, merge, union
from qualcode.store.migrating import backup
from qualcode.store.study import Clock, Committed, Draft, Guids, Moved, SharedFolderWarning, Store, new_guid, now
from qualcode.store.withdrawal import scrub, take_away

__all__ = [
    "BLOCK",
    "Clock",
    "Committed",
    "Draft",
    "Finding",
    "Guids",
    "Merged",
    "Moved",
    "SharedFolderWarning",
    "Store",
    "Taken",
    "Union",
    "Words",
    "backup",
    "copy_for",
    "examine",
    "joined",
    "merge",
    "new_guid",
    "now",
    "scrub",
    "take_away",
    "taken_by",
    "union",
]
