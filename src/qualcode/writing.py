"""Writing a file whole or not at all: an earlier file of that name stands until the new one is complete."""

from __future__ import annotations

from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path

from qualcode.errors import DiskFull, Refused


def whole_or_not(target: Path, write: Callable[[Path], object]) -> Path:
    """Have ``write`` make a file beside the target, and put it in place when it is whole.

    Raises
    ------
    Refused
        When the folder is not there, or the file is open in another program.
    DiskFull
        When there is no room.
    """
    if not target.parent.is_dir():
        raise Refused("errors.no_folder", folder=str(target.parent))
    beside = target.with_name(f".{target.stem}.deel{target.suffix}")
    try:
        write(beside)
        beside.replace(target)
    except PermissionError as error:
        raise Refused("errors.file_in_use", file=target.name) from error
    except OSError as error:
        if error.errno == ENOSPC:
            raise DiskFull("errors.disk_full", file=target.name) from error
        raise
    finally:
        beside.unlink(missing_ok=True)
    return target
