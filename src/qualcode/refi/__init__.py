"""Exchange with other programs: REFI-QDA projects and codebooks both ways, and moving in from programs without it.

Reads and writes files; never the store. What a file holds comes out as entities of a study, and every journey with a count of what
came along and what did not.
"""

from qualcode.refi.books import book_bytes, book_of, tags_bytes
from qualcode.refi.exchange import COUNTED, Found
from qualcode.refi.opening import BOOKS, found, is_exchange, read_book
from qualcode.refi.reporting import Report, report_of, report_of_written
from qualcode.refi.writing import Written, project_bytes

__all__ = [
    "BOOKS",
    "COUNTED",
    "Found",
    "Report",
    "Written",
    "book_bytes",
    "book_of",
    "found",
    "is_exchange",
    "project_bytes",
    "read_book",
    "report_of",
    "report_of_written",
    "tags_bytes",
]
