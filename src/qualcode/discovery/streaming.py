"""A corpus that does not fit in memory: read a part at a time, and put down in parts that processes can work on side by side."""

from __future__ import annotations

import codecs
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from errno import ENOSPC
from itertools import chain, islice
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qualcode.discovery.embedding import Tell
from qualcode.discovery.tables import JSON_LINES, csv_rows, json_objects
from qualcode.errors import BadFile, DiskFull, Refused
from qualcode.importers._grid import delimiter
from qualcode.labels import listed

if TYPE_CHECKING:
    import pandas as pd

# texts a part: a process holds one at a time
PART = 5_000
# bytes of disk a text takes while it is worked on
_ROOM = 2_500
_SUFFIXES = (".csv", ".tsv", ".txt", *JSON_LINES, ".parquet")
_LOOK = 1 << 16
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class Parts:
    """A corpus in parts: where they stand and how many texts each holds."""

    folder: Path
    sizes: list[int]

    @property
    def texts(self) -> int:
        """How many texts there are."""
        return sum(self.sizes)

    def rows(self, chosen: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Yield for each part that has any of the chosen rows (in order, counted over the whole corpus) its number and their places in it."""
        begin = np.cumsum([0, *self.sizes])
        part = np.searchsorted(begin, chosen, side="right") - 1
        for number in np.unique(part):
            yield int(number), chosen[part == number] - begin[number]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was worked out over a corpus, and where it stands: ``rows/part-*.parquet``, a file a table, ``about.json``."""

    folder: Path
    texts: int
    model: str
    seed: int
    workers: int
    seconds: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def rows(self) -> pd.DataFrame:
        """Return all rows as one frame: only for a corpus that fits in memory."""
        import pandas as pd

        return pd.read_parquet(self.folder / "rows")

    def write(self, folder: Path) -> None:
        """Put the tables down, and what they rest on, in a folder that becomes the answer's own."""
        import pandas as pd

        about: dict[str, Any] = {}
        for name in (one.name for one in fields(self) if one.name != "folder"):
            value = getattr(self, name)
            if isinstance(value, pd.DataFrame):
                value.to_parquet(folder / f"{name}.parquet", index=False)
                value = len(value)
            about[name] = value
        (folder / "about.json").write_text(json.dumps(about, ensure_ascii=False, indent=2), encoding="utf-8")


def texts_of(folder: Path, part: int) -> list[str]:
    """Return the texts of a part."""
    import pyarrow.parquet as pq

    read: list[str] = pq.read_table(folder / f"texts-{part:06}.parquet")["text"].to_pylist()
    return read


@contextmanager
def workshop(out: Path) -> Iterator[Path]:
    """Give a folder for what is only needed meanwhile, with a folder ``out/rows`` in it: at the end ``out`` becomes the answer, whole or not at all.

    Raises
    ------
    Refused
        When there is something at ``out`` already, or no folder for it.
    DiskFull
        When the disk is full.
    """
    if out.exists():
        raise Refused("discovery.out_exists", out=out.name)
    if not out.absolute().parent.is_dir():
        raise Refused("errors.no_folder", folder=str(out.absolute().parent))
    folder = Path(mkdtemp(prefix=f".{out.name}-", dir=out.absolute().parent))
    try:
        (folder / "out" / "rows").mkdir(parents=True)
        yield folder
        (folder / "out").rename(out)
    except OSError as error:
        if error.errno == ENOSPC:
            raise DiskFull("errors.disk_full", file=out.name) from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def room_for(parts: Parts) -> None:
    """Refuse at once what the disk has no room for, before hours of work."""
    need, free = parts.texts * _ROOM, shutil.disk_usage(parts.folder).free
    if free < need:
        raise DiskFull("discovery.no_room", need=round(need / 1e9, 1), free=round(free / 1e9, 1), texts=parts.texts)


def in_parts(source: Path, folder: Path, *, column: str = "text", size: int | None = None, tell: Tell | None = None) -> Parts:
    """Put the texts of a file down in parts, in order, empty and equal ones too. Only one part is in memory at a time.

    Parameters
    ----------
    source
        A CSV, JSONL or Parquet file.
    folder
        Where the parts go: ``texts-000000.parquet`` and on.
    column
        The column with the texts.
    size
        Texts a part; 5,000 when left out.
    tell
        Called with how many bytes are read, and how many there are.

    Raises
    ------
    BadFile
        When the file cannot be read, lacks the column or has no rows.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = _texts(source, column.lower(), tell)
    sizes: list[int] = []
    while part := list(islice(texts, size or PART)):
        pq.write_table(pa.table({"text": part}), folder / f"texts-{len(sizes):06}.parquet", compression="zstd")
        sizes.append(len(part))
    if not sizes:
        raise BadFile("discovery.no_rows", file=source.name)
    return Parts(folder, sizes)


def _texts(source: Path, column: str, tell: Tell | None) -> Iterator[str]:
    """Yield the texts of a file."""
    if source.is_dir() or not source.exists():
        raise BadFile(f"importers.{'folder' if source.is_dir() else 'no_file'}", file=source.name, folder=source.absolute().parent)
    suffix = source.suffix.lower()
    if suffix not in _SUFFIXES:
        raise BadFile("importers.suffix", file=source.name, suffix=suffix or "–", known=listed(_SUFFIXES, most=len(_SUFFIXES)))
    if suffix == ".parquet":
        yield from _of_parquet(source, column, tell)
        return
    with source.open(encoding=_encoding(source), newline="") as lines:
        heard = _telling(lines, source.stat().st_size, tell)
        try:
            yield from _of_lines(heard, source.name, column) if suffix in JSON_LINES else _of_csv(heard, source.name, column)
        except UnicodeDecodeError as damage:
            raise BadFile("importers.undecodable", file=source.name, place=damage.start) from None


def _encoding(source: Path) -> str:
    """Return how a file is written: UTF-8 or UTF-16 with a mark, UTF-8, else the old Dutch default."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open("rb") as file:
        start = file.read(_LOOK)
        marked = next((name for mark, name in _MARKS.items() if start.startswith(mark)), None)
        if marked:
            return marked
        piece = start
        try:
            while piece:
                decoder.decode(piece)
                piece = file.read(_LOOK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _telling(lines: Any, whole: int, tell: Tell | None) -> Iterator[str]:
    """Yield lines, and tell now and then how far it is."""
    read = 0
    for number, line in enumerate(lines):
        read += len(line)
        if tell and number % PART == 0:
            tell(min(read, whole), whole)
        yield line


def _of_csv(lines: Iterator[str], file: str, column: str) -> Iterator[str]:
    start = list(islice(lines, 20))
    rows = csv_rows(chain(start, lines), file, delimiter("".join(start)))
    header = next(rows)
    if column not in header:
        raise BadFile("discovery.no_column", file=file, lacking=column, there=listed(header))
    place = header.index(column)
    for row in rows:
        yield row[place] if place < len(row) else ""


def _of_lines(lines: Iterator[str], file: str, column: str) -> Iterator[str]:
    there: set[str] = set()
    for row in json_objects(lines, file):
        there |= row.keys()
        yield row.get(column, "")
    if there and column not in there:
        raise BadFile("discovery.no_column", file=file, lacking=column, there=listed(sorted(there)))


def _of_parquet(source: Path, column: str, tell: Tell | None) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(source) as file:
            there = {name.lower(): name for name in file.schema_arrow.names}
            if column not in there:
                raise BadFile("discovery.no_column", file=source.name, lacking=column, there=listed(list(there)))
            done, whole = 0, file.metadata.num_rows
            for batch in file.iter_batches(batch_size=PART, columns=[there[column]]):
                done += len(batch)
                if tell:
                    tell(done, whole)
                yield from ("" if value is None else str(value) for value in batch.column(0).to_pylist())
    except (pa.ArrowInvalid, OSError) as error:
        raise BadFile("discovery.bad_parquet", file=source.name) from error
