"""What leaves the study: tidy tables, and files made of them. Knows tables, never the store."""

from qualcode.exports.files import Progress, to_csv, to_parquet, to_workbook
from qualcode.exports.page import to_page
from qualcode.exports.tables import TABLES, excerpts, register, registers, table, tables

__all__ = ["TABLES", "Progress", "excerpts", "register", "registers", "table", "tables", "to_csv", "to_page", "to_parquet", "to_workbook"]
