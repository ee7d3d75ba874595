"""Rendering: one Markdown source becomes Word, LibreOffice, web page and PDF; the same bytes for the same words.

Pandoc and Typst come as Python packages; neither asks the network for anything.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from importlib.resources import as_file, files
from pathlib import Path

from qualcode.errors import BadFile, DiskFull, Missing, Refused
from qualcode.labels import language, say
from qualcode.report import bars, figures
from qualcode.report.contents import with_contents
from qualcode.report.looks import reference_document
from qualcode.report.open_document import dress
from qualcode.report.tree import LaidOut, laid_out
from qualcode.report.word import finish
from qualcode.writing import whole_or_not

FORMATS = ("docx", "odt", "html", "pdf", "md")
# tables and figures counted by the program that shows the file, so that one put in later has its number
_EXTENSIONS = {"docx": "+native_numbering", "odt": "+native_numbering"}
_LOCALES = {"nl": "nl-NL", "en": "en-GB"}
# no markup but Markdown's own: nothing in a text can load a file, run a script or fetch an address
_READER = (
    "markdown-smart-raw_html-raw_tex-raw_attribute-native_divs-native_spans-latex_macros-tex_math_dollars-citations"
    "-yaml_metadata_block-pandoc_title_block-implicit_figures-example_lists"
)


@dataclass(frozen=True, slots=True)
class Source:
    """What is rendered: Markdown, its title, and the moment that the files carry as their date (ISO, UTC).

    In the Markdown ``[spreiding:E07]{.ref}`` is a reference, printed small and grey; ``>`` sets a quotation apart.
    """

    markdown: str
    title: str
    moment: str


def _pandoc() -> str:
    try:
        import pypandoc
    except ImportError as error:
        raise Missing("report.no_pandoc") from error
    return str(pypandoc.get_pandoc_path())


def _environment(source: Source) -> dict[str, str]:
    moment = datetime.fromisoformat(source.moment)
    return {**os.environ, "SOURCE_DATE_EPOCH": str(int(moment.timestamp()))}


def _run(command: Sequence[str], given: str, folder: Path, source: Source, name: str) -> str:
    """Run pandoc in ``folder`` and return what it says on its standard output."""
    done = subprocess.run(
        [_pandoc(), *command],
        input=given,
        env=_environment(source),
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        if "no space" in done.stderr.lower() or "disk full" in done.stderr.lower():
            raise DiskFull("errors.disk_full", file=name)
        raise BadFile("report.not_rendered", file=name, code=done.returncode)
    return done.stdout


@lru_cache(maxsize=1)
def _tree(source: Source) -> str:
    """Return the source as pandoc's tree: read once for all formats."""
    with tempfile.TemporaryDirectory() as folder:
        return _run([f"--from={_READER}", "--to=json"], source.markdown, Path(folder), source, source.title)


def _convert(source: Source, to: str, target: Path, folder: Path, options: Callable[[LaidOut], Sequence[str]]) -> tuple[LaidOut, list[str]]:
    """Have pandoc write ``target``; pictures stand in ``folder``, by a name that is the same every time. Return also what the figures show."""
    tree, curves = figures.placed(json.loads(_tree(source)), to)
    laid = laid_out(tree, to)
    ending: figures.Ending = "svg" if to == "typst" else "png"
    for number, curve in enumerate(curves if to != "html5" else (), 1):
        (folder / figures.name(number, ending)).write_bytes(figures.drawn(curve, ending))
    for k, n in sorted(set(laid.pictures)):
        (folder / bars.name(k, n, "png")).write_bytes(bars.png(k, n))
        (folder / bars.name(k, n, "svg")).write_text(bars.svg(k, n), encoding="utf-8")
    command = [
        "--from=json",
        f"--to={to}{_EXTENSIONS.get(to, '')}",
        "--standalone",
        f"--metadata=title:{source.title}",
        f"--metadata=lang:{_LOCALES[language()]}",
        f"--variable=language:{language()}",
        f"--variable=region:{_LOCALES[language()][-2:]}",
        *options(laid),
        f"--output={target.absolute()}",
    ]
    _run(command, json.dumps(with_contents(laid, to)), folder, source, target.name)
    return laid, [curve.alt for curve in curves]


def _docx(source: Source, target: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def options(laid: LaidOut) -> Sequence[str]:
            return [f"--reference-doc={reference_document(_pandoc(), folder, running=laid.running, chapters=laid.chapters)}"]

        laid, _ = _convert(source, "docx", target, folder, options)
        finish(target, laid)


def _odt(source: Source, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        laid, told = _convert(source, "odt", target, Path(folder), lambda _: ())
        dress(target, laid, told)


def _html(source: Source, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, as_file(files("qualcode.report") / "static") as static:
        page = [f"--template={static / 'rapport.html'}", f"--css={static / 'rapport.css'}", "--embed-resources", "--section-divs"]
        page += [f"--variable=skip:{say('looks.skip')}"]
        _convert(source, "html5", target, Path(folder), lambda _: page)


def _pdf(source: Source, target: Path) -> None:
    try:
        import typst
    except ImportError as error:
        raise Missing("report.no_typst") from error
    with tempfile.TemporaryDirectory() as name, as_file(files("qualcode.report") / "static") as static:
        folder = Path(name)
        written = folder / "rapport.typ"
        pages = say("looks.page_of", page="#here().page()", pages="#counter(page).final().first()")

        def options(laid: LaidOut) -> Sequence[str]:
            running = json.dumps(laid.running, ensure_ascii=False)
            chapters = ["--variable=chapters:true"] if laid.chapters else []
            return [
                f"--template={static / 'rapport.typ'}",
                "--wrap=none",
                f"--variable=running:{running}",
                f"--variable=pages:{pages}",
                *chapters,
            ]

        _convert(source, "typst", written, folder, options)
        # tagged, for who has it read aloud: PDF/UA-1
        typst.compile(str(written), output=str(target), format="pdf", ignore_system_fonts=True, pdf_standards=["ua-1"])


def _md(source: Source, target: Path) -> None:
    target.write_text(source.markdown, encoding="utf-8", newline="\n")


_WRITERS: dict[str, Callable[[Source, Path], None]] = {"docx": _docx, "odt": _odt, "html": _html, "pdf": _pdf, "md": _md}


def render(
    source: Source, folder: Path, stem: str, formats: Sequence[str], *, progress: Callable[[str, int, int], None] | None = None
) -> list[Path]:
    """Write the report in each format; a format that fails leaves the earlier file of that name as it was.

    Parameters
    ----------
    source
        The Markdown, its title and its moment.
    folder
        Where the files come; it exists.
    stem
        Their name without the ending.
    formats
        Some of ``docx``, ``odt``, ``html``, ``pdf``, ``md``.
    progress
        Called with the format, its number and how many there are.

    Returns
    -------
    list of Path
        The files, in the order asked.

    Raises
    ------
    Refused
        When a file of that name is open elsewhere and cannot be replaced, or a format is unknown.
    DiskFull
        When there is no room.
    """
    unknown = [name for name in formats if name not in _WRITERS]
    if unknown:
        raise Refused("report.no_format", format=", ".join(unknown), known=", ".join(FORMATS))
    made = []
    for number, name in enumerate(formats, 1):
        if progress:
            progress(name, number, len(formats))
        made.append(whole_or_not(folder / f"{stem}.{name}", partial(_WRITERS[name], source)))
    return made
