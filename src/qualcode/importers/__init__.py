"""A file becomes a Document with Turns; registers and codings become tidy tables. Knows files, never the store."""

from qualcode.importers._codings import read_codings
from qualcode.importers._place import Placed, place
from qualcode.importers._read import SUFFIXES, read
from qualcode.importers._reading import Doubt, Reading, Turns, role_of, turn_table
from qualcode.importers._registers import documents, grids_of, participants, table
from qualcode.importers._zipped import opened, part, xml

__all__ = [
    "SUFFIXES",
    "Doubt",
    "Placed",
    "Reading",
    "Turns",
    "documents",
    "grids_of",
    "opened",
    "part",
    "participants",
    "place",
    "read",
    "read_codings",
    "role_of",
    "table",
    "turn_table",
    "xml",
]
