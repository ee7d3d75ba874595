"""The sample study: invented talk of invented people, to learn and to test with.

Synthetische data, geen echte personen of gesprekken.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID, uuid5

import pandas as pd

from qualcode.project import Project

FAST = ("FG1", "FG4", "IV1")
"""The sessions of the fast subset."""

CODER = "consensus"
CODERS = ("anouk", "bart")
"""The two coders who coded FG2, FG5 and IV3 apart, in two rounds."""
NAME = "Voorbeeldstudie racisme op de werkvloer"
NOTICE = "Synthetische data, geen echte personen of gesprekken."
_NAMESPACE = UUID("5d2f7a0e-3c54-5c8e-9b0a-6f1d1d6f2b11")
_BEGIN = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
_REGISTERS = (
    ("topic", "onderwerpen.csv"),
    ("interaction", "interacties.csv"),
    ("prompt", "vragen.csv"),
    ("search", "gezocht.csv"),
    ("question", "onderzoeksvragen.csv"),
    ("decision", "codings/besluiten.csv"),
    ("recruitment", "werving.csv"),
    ("figure", "enquete.csv"),
    ("complaint", "klachten.csv"),
    ("comparison", "vergelijkingen.csv"),
    ("measure", "maatregelen/maatregelen.csv"),
    ("promise", "maatregelen/toezeggingen.csv"),
    ("link", "maatregelen/koppelingen.csv"),
    ("track", "maatregelen/raam-bz.csv"),
    ("goal", "maatregelen/doelbeeld.csv"),
    ("scale", "maatregelen/scorelabels.csv"),
    ("score", "maatregelen/scores.csv"),
    ("quote", "citaten.csv"),
)

Progress = Callable[[str, int, int], None]


def _shipped(name: str, checkout: str) -> Path:
    here = Path(__file__).parent
    inside = here / "_shipped" / name
    return inside if inside.is_dir() else here.parents[1] / checkout


def sample_folder() -> Path:
    """Return the folder with the sample's transcripts, codings and registers."""
    return _shipped("sample", "data/sample")


def codebook_folder() -> Path:
    """Return the folder with the codebooks that come with qualcode."""
    return _shipped("codebooks", "codebooks")


def notebook_folder() -> Path:
    """Return the folder with the notebooks that come with qualcode."""
    return _shipped("notebooks", "notebooks")


def fixed_clock() -> Callable[[], str]:
    """Return a clock that starts in June 2025 and ticks a second at every look: the same study twice."""
    ticks: Iterator[int] = count()
    return lambda: (_BEGIN + timedelta(seconds=next(ticks))).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def fixed_guids() -> Callable[[], str]:
    """Return a source of guids that gives the same ones in the same order."""
    numbers: Iterator[int] = count()
    return lambda: str(uuid5(_NAMESPACE, str(next(numbers))))


def _rows_of(table: pd.DataFrame, sessions: Sequence[str] | None) -> pd.DataFrame:
    if "studie" in table:
        # one comparison has no source on purpose: it shows what is refused
        table = table[table["bron"] != ""]
    return table[table["document"].isin(sessions)] if sessions is not None and "document" in table else table


def make_sample(
    address: str | Path,
    *,
    source: Path | None = None,
    sessions: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Project:
    """Make the sample study: transcripts, participants, codebook, gold coding and registers, always the same.

    Parameters
    ----------
    address
        Where the study file is to come.
    source
        Folder of the sample; the one that comes with qualcode when left out.
    sessions
        Only these sessions, as :data:`FAST`; all when left out.
    progress
        Called with what is being done, its number and how many steps there are.
    """
    folder = source or sample_folder()
    steps = ["codeboek", "transcripten", "coderingen", *(kind for kind, _ in _REGISTERS)]

    def tell(step: str) -> None:
        if progress:
            progress(step, steps.index(step) + 1, len(steps))

    tell("codeboek")
    study = Project.create(
        address,
        coder=CODER,
        name=NAME,
        codebook=codebook_folder() / "racisme-op-de-werkvloer.yaml",
        clock=fixed_clock(),
        guids=fixed_guids(),
    )
    study.describe(notice=NOTICE)
    tell("transcripten")
    from qualcode.importers import documents, read_codings, table

    listed = documents(folder / "documents.csv")
    files = [folder / file for file, name in zip(listed["file"], listed["name"], strict=True) if sessions is None or name in sessions]
    study.import_documents(files, documents=folder / "documents.csv", participants=folder / "participants.csv")
    tell("coderingen")
    study.import_codings(_rows_of(read_codings(folder / "codings" / "consensus.csv"), sessions))
    if sessions is None:
        # the rounds that led to the consensus; what coders may not do (a subtheme as code, a moderator's turn) stays out
        for coder in CODERS:
            for layer in ("ronde-1", "ronde-2"):
                study.import_codings(folder / "codings" / f"{coder}-{layer}.csv", partial=True)
    for kind, file in _REGISTERS:
        tell(kind)
        study.record(kind, _rows_of(table(folder / file), sessions))
    return study


def demo(sessions: Sequence[str] | None = FAST) -> Project:
    """Return the sample study in a folder of its own that the system cleans up: to try things without consequences.

    Parameters
    ----------
    sessions
        Which sessions; the fast subset (two groups and an interview) when left out, ``None`` for all thirteen.
    """
    folder = Path(tempfile.mkdtemp(prefix="qualcode-"))
    return make_sample(folder / "voorbeeld.qualcode", sessions=sessions)


def lay_out(folder: Path) -> Path:
    """Put sample, codebooks, notebooks and the researcher's texts in a folder; what stands there stays. Return the study's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in (("data/sample", sample_folder()), ("codebooks", codebook_folder()), ("notebooks", notebook_folder())):
        target = folder / name
        for file in sorted(source.rglob("*")):
            placed = target / file.relative_to(source)
            if file.is_file() and not placed.exists() and "__pycache__" not in file.parts and ".ipynb_checkpoints" not in file.parts:
                placed.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, placed)
    return folder / "voorbeeld.qualcode"
