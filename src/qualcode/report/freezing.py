"""Freezing: one checksummed file with everything a report is made of, from which the same report can be built later."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from qualcode.errors import BadFile
from qualcode.labels import listed
from qualcode.model import KINDS, Change, HasSnapshot, Snapshot, Stamp, as_snapshot
from qualcode.report.sections import FOLDER
from qualcode.writing import whole_or_not

_DATE = (1980, 1, 1, 0, 0, 0)
_STATE, _EVENTS, _MANIFEST = "studie.json", "logboek.json", "manifest.json"
_VERSION = 1


@dataclass(frozen=True)
class Frozen:
    """A frozen study: its ``snapshot``, the researcher's ``texts`` by file name, ``withdrawn`` (how often passages were covered afterwards)."""

    snapshot: Snapshot
    texts: Mapping[str, str]
    withdrawn: int

    def lay_out(self, folder: Path) -> Path:
        """Write the researcher's texts into a folder, as a build wants them; return the folder."""
        target = folder / FOLDER
        target.mkdir(parents=True, exist_ok=True)
        for name, text in self.texts.items():
            (target / name).write_text(text, encoding="utf-8", newline="")
        return folder


def freeze(study: HasSnapshot, target: Path, *, texts: Path | None = None) -> Path:
    """Write the whole study as it is now, and the texts of its report, into one file.

    Parameters
    ----------
    study
        A project or a snapshot.
    target
        The file, ``….zip``.
    texts
        The folder of the report (with ``teksten`` in it); without it only the study.

    Returns
    -------
    Path
        The file. The same study and texts give the same bytes; later codings do not touch it. It holds the words of the
        transcripts: keep it where the study is kept.
    """
    snapshot = as_snapshot(study)
    parts: dict[str, bytes] = {
        _STATE: _json({"version": _VERSION, "stamp": asdict(snapshot.stamp), "tables": {kind: _rows(snapshot, kind) for kind in KINDS}}),
        _EVENTS: _json([_event(row) for row in snapshot.events.to_dict("records")]),
    }
    parts |= {f"woorden/{digest}.txt": text.encode() for digest, text in snapshot.texts.items()}
    folder = texts / FOLDER if texts is not None else None
    if folder is not None and folder.is_dir():
        parts |= {f"{FOLDER}/{path.name}": path.read_bytes() for path in sorted(folder.glob("*.md"))}
    return whole_or_not(target, partial(_write, parts, withdrawn=0))


def thaw(path: Path) -> Frozen:
    """Return a frozen study; what was changed in the file since it was written is found.

    Raises
    ------
    BadFile
        When the file is no frozen study, or a part does not have the checksum that the file itself names.
    """
    parts, manifest = _read(path)
    state = json.loads(parts[_STATE])
    if state["version"] > _VERSION:
        raise BadFile("report.frozen_newer", file=path.name)
    tables = {
        kind: {row["guid"]: {**{f.name: None for f in declared.fields}, **row, "exists": True} for row in state["tables"].get(kind, [])}
        for kind, declared in KINDS.items()
    }
    words = {Path(name).stem: part.decode() for name, part in parts.items() if name.startswith("woorden/")}
    events = _events(json.loads(parts[_EVENTS]))
    snapshot = Snapshot.of(tables, words, Stamp(**state["stamp"]), lambda: events)
    own = {Path(name).name: part.decode("utf-8-sig") for name, part in parts.items() if name.startswith(f"{FOLDER}/")}
    return Frozen(snapshot, own, int(manifest.get("withdrawn", 0)))


def cover(path: Path, spans: Mapping[str, Collection[tuple[int, int]]]) -> Path:
    """Cover withdrawn passages in a frozen study, which from then on says so.

    Parameters
    ----------
    path
        The frozen file.
    spans
        By SHA-256 of a text as the frozen file names it: the passages (start, end) in code points. They become blocks of equal length.
    """
    parts, manifest = _read(path)
    for digest, held in spans.items():
        name = f"woorden/{digest}.txt"
        if name in parts:
            text = parts[name].decode()
            for start, end in held:
                text = text[:start] + "█" * (end - start) + text[end:]
            parts[name] = text.encode()
    return whole_or_not(path, partial(_write, parts, withdrawn=int(manifest.get("withdrawn", 0)) + 1))


def _json(value: Any) -> bytes:
    # keys keep their order: attributes are printed in the order of the register they came from
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _rows(snapshot: Snapshot, kind: str) -> list[dict[str, Any]]:
    """Return a table as rows of plain values, in its order: order of birth decides ties."""
    table = snapshot.tables[kind].astype(object)
    return [{str(name): _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, list | dict | tuple):
        return value
    if value is None or pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _event(row: Mapping[Any, Any]) -> dict[str, Any]:
    changes = [{"kind": c.kind, "guid": c.guid, "after": c.after, "before": c.before} for c in row["changes"]]
    return {**{str(name): row[name] for name in ("guid", "at", "lamport", "coder", "kind", "about")}, "changes": changes}


def _events(held: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [{**row, "changes": tuple(Change(c["kind"], c["guid"], c["after"], c["before"]) for c in row["changes"])} for row in held]
    return pd.DataFrame(rows, columns=["guid", "at", "lamport", "coder", "kind", "about", "changes"])


def _write(parts: Mapping[str, bytes], path: Path, *, withdrawn: int) -> None:
    sums = {name: hashlib.sha256(part).hexdigest() for name, part in sorted(parts.items())}
    manifest = _json({"sha256": sums, "withdrawn": withdrawn})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in [(_MANIFEST, manifest), *sorted(parts.items())]:
            archive.writestr(zipfile.ZipInfo(name, _DATE), part, zipfile.ZIP_DEFLATED)


def _read(path: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        manifest = json.loads(parts.pop(_MANIFEST))
        wrong = sorted(name for name, digest in manifest["sha256"].items() if hashlib.sha256(parts.get(name, b"")).hexdigest() != digest)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BadFile("report.not_frozen", file=path.name) from error
    if wrong or set(parts) != set(manifest["sha256"]):
        raise BadFile("report.frozen_changed", file=path.name, parts=listed(wrong or sorted(set(parts) - set(manifest["sha256"]))))
    return parts, manifest
