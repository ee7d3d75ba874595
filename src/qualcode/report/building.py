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
from qualcode.report import measuring, quotes
from qualcode.report.checks import Problem, problems
from qualcode.report.core import sheet
from qualcode.report.document import Assembled, assemble, running
from qualcode.report.facts import PROFILES, Facts, Profile, facts
from qualcode.report.markdown import joined
from qualcode.report.masking import leaks
from qualcode.report.method import colophon
from qualcode.report.render import FORMATS, Source, render
from qualcode.report.risks import risks
from qualcode.report.sections import FOLDER, read_texts, scaffold, sections, strangers
from qualcode.report.states import standings
from qualcode.writing import whole_or_not

GENERATED = "gegenereerd"
# what the warnings say already, or what belongs to a definitive report alone
_SAID = ("empty", "draft", "not_coded", "search", "unlabelled", "unquoted")
# a study without any event has no moment of its own; files still need a date that is the same every time
_BEGINNING = "1980-01-01T00:00:00.000Z"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build gave: the files, what a person should look at before sending them anywhere, and the references of the quotes in them."""

    paths: tuple[Path, ...]
    warnings: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    quotes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return one line: which files, how many warnings."""
        return say("report.built", files=listed([path.name for path in self.paths]), n=len(self.warnings))


def build(
    study: HasSnapshot,
    out: str | Path,
    *,
    profile: Profile = "onderzoeker",
    formats: Sequence[str] = ("docx", "html", "pdf"),
    definitive: bool = False,
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
    definitive
        Build only when nothing is open: every section written, agreed on and not stale, a search for counter-voices noted
        for every subtheme, no words that do not fit their figures; for ``openbaar`` nobody who stands out.
    progress
        Called with the step, its number and how many there are.

    Returns
    -------
    Built
        ``paths`` of the reports, ``rapport-<profile>.<format>``, ``warnings``, ``problems`` (what would stop a definitive report too), and
        ``quotes`` (references, in order).

    Raises
    ------
    BadFile
        When a text uses a placeholder that nothing answers to; file and line are named and nothing is written.
    Refused
        When the profile or a format is unknown, or a report is open in another program; when ``definitive`` and something is open: each
        place is named; when a report for outsiders would hold words that were masked for them. Nothing is written then.
    """
    _known(profile, formats)
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
    made = assemble(counted, texts, definitive=definitive)
    found = risks(counted, made.quotes)
    open_ = problems(counted, texts, standings(counted, texts), found, made.markdown)
    _refuse(open_, definitive=definitive)
    _prepare(counted, out, made)
    source = Source(made.markdown, made.title, snapshot.stamp.at or _BEGINNING)
    paths = render(source, out, f"rapport-{profile}", formats, progress=lambda _, number, __: tell(2 + number))
    said = [*_warnings(counted, made, out), *(str(one) for one in open_ if one.rule not in _SAID)]
    printed = dict.fromkeys(quote.ref for _, held in made.quotes for quote in held)
    return Built(tuple(paths), tuple(said), tuple(open_), tuple(printed))


def _known(profile: str, formats: Sequence[str]) -> None:
    """Refuse a reader or a format that there is not."""
    if profile not in PROFILES:
        raise Refused("report.no_profile", profile=profile, known=listed(PROFILES))
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise Refused("report.no_format", format=listed(unknown), known=listed(FORMATS))


def _refuse(open_: Sequence[Problem], *, definitive: bool) -> None:
    """Refuse words that were masked, and a definitive report in which something is open."""
    masked = [str(problem) for problem in open_ if problem.rule == "masked"]
    if masked:
        raise Refused("report.masked_words", problems="\n".join(masked))
    stops = [str(problem) for problem in open_ if problem.stops]
    if definitive and stops:
        raise Refused("report.not_final", problems="\n".join(stops))


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


def build_sheet(study: HasSnapshot, out: Path, *, profile: Profile, formats: Sequence[str]) -> Built:
    """Write the kernblad, ``kernblad-<profile>.<format>``."""
    snapshot = as_snapshot(study)
    counted = facts(snapshot, profile)
    title = f"{_name(counted)}: {say('report.title_kernblad').lower()}"
    return _small(counted, out, sheet(counted), Small(f"kernblad-{profile}", title, formats))


def build_period(study: HasSnapshot, out: Path, period: str, *, since: str | None, profile: Profile, formats: Sequence[str]) -> Built:
    """Write the score card of a period, ``voortgang-<period>-<profile>.<format>``."""
    counted = facts(as_snapshot(study), profile)
    there = sorted(dict.fromkeys(counted.base.snapshot.tables["score"]["period"].dropna()))
    if period not in there:
        raise Refused("measures.no_period", period=period, there=listed(there) or say("words.nothing"))
    earlier = [one for one in there if one < period]
    before = since if since is not None else earlier[-1] if earlier else None
    text = joined(colophon(counted, short=True), measuring.period(counted, period, before)) + "\n"
    return _small(counted, out, text, Small(f"voortgang-{period}-{profile}", _name(counted), formats))


@dataclass(frozen=True, slots=True)
class Small:
    """A report beside the report: the name of its file, its title, its formats."""

    stem: str
    title: str
    formats: Sequence[str]


def _small(counted: Facts, out: Path, text: str, how: Small) -> Built:
    _known(counted.profile, how.formats)
    masked = [say("report.problem_masked_elsewhere", ground=ground) for _, ground in leaks(counted, text)] if not counted.internal else []
    if masked:
        raise Refused("report.masked_words", problems="\n".join(dict.fromkeys(masked)))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise Refused("report.no_folder", folder=out.name) from error
    text = f"{running(counted)}\n\n{text}"
    paths = render(Source(text, how.title, counted.base.snapshot.stamp.at or _BEGINNING), out, how.stem, how.formats)
    return Built(tuple(paths), ())


def _name(counted: Facts) -> str:
    name = counted.base.snapshot.project.get("name")
    return name if isinstance(name, str) and name else say("report.no_title")
