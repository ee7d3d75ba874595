"""Building a report: everything is counted, read and checked before a single file is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qualcode.analysis.names import says_little
from qualcode.analysis.spreading import SESSION_KINDS, not_coded
from qualcode.errors import Refused
from qualcode.labels import listed, say
from qualcode.model import HasSnapshot, as_snapshot
from qualcode.report import quotes
from qualcode.report.document import Assembled, assemble
from qualcode.report.facts import PROFILES, Facts, Profile, facts
from qualcode.report.render import FORMATS, Source, render
from qualcode.report.sections import FOLDER, read_texts, scaffold, sections, strangers
from qualcode.writing import whole_or_not

GENERATED = "gegenereerd"
# a study without any event has no moment of its own; files still need a date that is the same every time
_BEGINNING = "1980-01-01T00:00:00.000Z"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build gave: the files, and what a person should look at before sending them anywhere."""

    paths: tuple[Path, ...]
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        """Return one line: which files, how many warnings."""
        return say("report.built", files=listed([path.name for path in self.paths]), n=len(self.warnings))


def build(
    study: HasSnapshot,
    out: str | Path,
    *,
    profile: Profile = "onderzoeker",
    formats: Sequence[str] = ("docx", "html", "pdf"),
    progress: Progress | None = None,
) -> Built:
    """Build the thematic report of a study.

    Figures, tables and quotes come from the study; the words come from the researcher's own files in ``out/teksten``, one a
    section. A file that is not there yet is made once, with hints; a file that is there is never changed. The same state
    of the study and the same texts give the same bytes.

    Parameters
    ----------
    study
        A project or a snapshot.
    out
        The folder for the report; made when it is not there.
    profile
        ``onderzoeker`` or ``supervisor``: with participants' codes and an annex that leads every figure and quote back to
        fragments. ``opdrachtgever`` or ``openbaar``: sessions by number, and no words beyond the quotes chosen.
    formats
        Some of ``docx``, ``odt``, ``html``, ``pdf``, ``md``.
    progress
        Called with the step, its number and how many there are.

    Returns
    -------
    Built
        ``paths`` of the reports, ``rapport-<profile>.<format>``, and ``warnings``.

    Raises
    ------
    BadFile
        When a text uses a placeholder that nothing answers to; file and line are named and nothing is written.
    Refused
        When the profile or a format is unknown, or a report is open in another program.
    """
    if profile not in PROFILES:
        raise Refused("report.no_profile", profile=profile, known=listed(PROFILES))
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise Refused("report.no_format", format=listed(unknown), known=listed(FORMATS))
    out = Path(out)
    steps = [say("report.step_counting"), say("report.step_texts"), *formats]

    def tell(number: int) -> None:
        if progress:
            progress(steps[number - 1], number, len(steps))

    tell(1)
    snapshot = as_snapshot(study)
    counted = facts(snapshot, profile)
    tell(2)
    texts = read_texts(counted, out / FOLDER)
    made = assemble(counted, texts)
    _prepare(counted, out, made)
    source = Source(made.markdown, made.title, snapshot.stamp.at or _BEGINNING)
    paths = render(source, out, f"rapport-{profile}", formats, progress=lambda _, number, __: tell(2 + number))
    return Built(tuple(paths), tuple(_warnings(counted, made, out)))


def _prepare(counted: Facts, out: Path, made: Assembled) -> None:
    """Make the folders, the texts that are not there yet, and the generated parts anew."""
    texts, generated = out / FOLDER, out / GENERATED
    try:
        texts.mkdir(parents=True, exist_ok=True)
        generated.mkdir(exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise Refused("report.no_folder", folder=out.name) from error
    for section in sections(counted):
        path = texts / section.file
        if not path.exists():
            hint = scaffold(counted, section)
            whole_or_not(path, partial(_write, text=hint))
    for old in generated.glob("*.md"):
        # a part of another profile may hold words this one must not
        if old.name not in made.parts:
            old.unlink()
    for name, text in made.parts.items():
        whole_or_not(generated / name, partial(_write, text=text))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _warnings(counted: Facts, made: Assembled, out: Path) -> list[str]:
    """Return what a person should look at."""
    said: list[str] = []
    missing = not_coded(counted.base)
    if missing:
        said.append(say("report.not_coded", sessions=listed(missing)))
    if made.unwritten:
        said.append(say("report.warn_unwritten", n=len(made.unwritten), files=listed([section.file for section in made.unwritten])))
    extra = strangers(counted, out / FOLDER)
    if extra:
        said.append(say("report.warn_strangers", folder=FOLDER, files=listed(extra)))
    said += quotes.warnings(counted, made.quotes)
    if not counted.internal:
        named = counted.documents[counted.documents["kind"].isin(SESSION_KINDS)]["name"]
        telling = [name for name in named if not says_little(name)]
        if telling:
            said.append(say("report.warn_names", names=listed(telling)))
    return said
