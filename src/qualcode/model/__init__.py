"""The nouns, the events and what each does to the state, and the Snapshot that all analysis reads."""

from qualcode.model.events import Change, Event, Ignored, Left, Row, State, advance, inverse, replay, value_of
from qualcode.model.kinds import DOCUMENT_KINDS, INTERACTIONS, KINDS, PROMPTS, ROLES, STATUSES, Field, Kind
from qualcode.model.snapshot import HasSnapshot, Snapshot, Stamp, as_snapshot, table_of

__all__ = [
    "DOCUMENT_KINDS",
    "INTERACTIONS",
    "KINDS",
    "PROMPTS",
    "ROLES",
    "STATUSES",
    "Change",
    "Event",
    "Field",
    "HasSnapshot",
    "Ignored",
    "Kind",
    "Left",
    "Row",
    "Snapshot",
    "Stamp",
    "State",
    "advance",
    "as_snapshot",
    "inverse",
    "replay",
    "table_of",
    "value_of",
]
