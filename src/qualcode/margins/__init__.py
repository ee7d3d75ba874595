"""The coded text as a Word file with comments in its margin, and back: for who reviews without Jupyter. Knows Word, never the store."""

from qualcode.margins.reading import REMARK_COLUMNS, read
from qualcode.margins.writing import write

__all__ = ["REMARK_COLUMNS", "read", "write"]
