"""Where a study file lies: on a disk of this computer, or on a share or in a synced folder where SQLite must step back."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

_SHARES = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "afpfs",
        "webdav",
        "davfs",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.davfs2",
        "9p",
        "afs",
        "ncpfs",
        "fuse.glusterfs",
        "ceph",
    }
)
_SYNCED = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "my drive",
    "icloud drive",
    "com~apple~clouddocs",
    "nextcloud",
    "owncloud",
    "surfdrive",
    "research drive",
    "stackstorage",
    "sharepoint",
)


def synced_folder(path: Path) -> str | None:
    """Return the folder on the way to ``path`` that a sync program keeps, or ``None``.

    Examples
    --------
    >>> synced_folder(Path("/home/anna/OneDrive - Universiteit/studie.qualcode"))
    'OneDrive - Universiteit'
    """
    return next((part for part in path.parts if part.lower().startswith(_SYNCED)), None)


def mounted_share(path: Path, mounts: Iterable[tuple[str, str]]) -> str | None:
    """Return the kind of network share that holds ``path``, or ``None``; ``mounts`` are pairs of folder and file system.

    Examples
    --------
    >>> mounted_share(Path("/mnt/h/studie.qualcode"), [("/", "ext4"), ("/mnt/h", "cifs")])
    'cifs'
    """
    target = PurePosixPath(path.as_posix())
    holding = [(folder, system) for folder, system in mounts if target.is_relative_to(folder)]
    system = max(holding, key=lambda pair: len(pair[0]))[1] if holding else ""
    return system if system in _SHARES else None


def _mounts() -> list[tuple[str, str]]:
    table = Path("/proc/self/mounts")
    if not table.exists():
        return []
    rows = (line.split() for line in table.read_text(encoding="utf-8", errors="replace").splitlines())
    return [(row[1].encode().decode("unicode_escape"), row[2]) for row in rows if len(row) > 2]  # noqa: PLR2004


def _windows_share(path: Path) -> str | None:
    if sys.platform != "win32":
        return None
    import ctypes

    remote = 4
    return "SMB" if ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == remote else None


def shared_place(path: Path) -> str | None:
    """Return why ``path`` is not on a disk of this computer alone, or ``None``: a share's kind or a synced folder's name.

    ``QUALCODE_SHARED`` set to ``0`` says that the person knows better, ``1`` that the place is shared after all.
    """
    said = os.environ.get("QUALCODE_SHARED")
    if said in {"0", "1"}:
        return "QUALCODE_SHARED" if said == "1" else None
    where = path.resolve()
    return synced_folder(where) or mounted_share(where, _mounts()) or _windows_share(where)
