"""The facade a notebook, a widget and the command line talk to."""

from qualcode.project.codebooks import StudyCodebook
from qualcode.project.coding import Coding
from qualcode.project.exchange import ImportedCodings
from qualcode.project.history import Undone
from qualcode.project.study import Project

__all__ = ["Coding", "ImportedCodings", "Project", "StudyCodebook", "Undone"]
