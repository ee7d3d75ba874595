"""Rendering: one Markdown source becomes Word, LibreOffice, web page and PDF; the same bytes for the same words.

Pandoc and Typst come as Python packages; neither asks the network for anything.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path

from qualcode.errors import BadFile, DiskFull, Missing, Refused
from qualcode.labels import language
from qualcode.report.looks import reference_document
from qualcode.report.open_document import dress
from qualcode.writing import whole_or_not

FORMATS = ("docx", "odt", "html", "pdf", "md")
_LOCALES = {"nl": "nl-NL", "en": "en-GB"}
# what the source marks with a class, for Typst; Word and LibreOffice have a style of that name, the page its CSS.
# words of the study cannot hold a class, their braces are escaped
_LOOKS = {
    "ref": 'typst:text:size="7.5pt" typst:text:fill="rgb(93,104,114)"',
    "melding": 'typst:fill="rgb(253,243,216)" typst:inset="8pt" typst:width="100%"',
    "kern": 'typst:fill="rgb(234,240,244)" typst:inset="9pt" typst:width="100%"',
    "werk": 'typst:text:fill="rgb(93,104,114)" typst:text:size="9.5pt"',
    "klein": 'typst:text:size="8.5pt" typst:text:fill="rgb(93,104,114)"',
}
_STYLES = {"ref": "Verwijzing", "melding": "Melding", "kern": "Kern", "werk": "Werk", "klein": "Klein"}
_REFERENCE = re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\{\.ref\}")
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


def _dressed(markdown: str, to: str) -> str:
    """Return the source with what a format needs to know about its classes, and references in brackets."""
    markdown = _REFERENCE.sub(r"[\\[\1\\]]{.ref}", markdown)
    for name, looks in _LOOKS.items():
        more = {"typst": f" {looks}", "html5": ""}.get(to, f' custom-style="{_STYLES[name]}"')
        markdown = markdown.replace(f"{{.{name}}}", f"{{.{name}{more}}}")
    return markdown


def _pandoc() -> str:
    try:
        import pypandoc
    except ImportError as error:
        raise Missing("report.no_pandoc") from error
    return str(pypandoc.get_pandoc_path())


def _environment(source: Source) -> dict[str, str]:
    moment = datetime.fromisoformat(source.moment)
    return {**os.environ, "SOURCE_DATE_EPOCH": str(int(moment.timestamp()))}


def _convert(source: Source, to: str, target: Path, *options: str) -> None:
    """Have pandoc write ``target``."""
    command = [
        _pandoc(),
        f"--from={_READER}",
        f"--to={to}",
        "--standalone",
        f"--metadata=title:{source.title}",
        f"--metadata=lang:{_LOCALES[language()]}",
        f"--variable=language:{language()}",
    ]
    done = subprocess.run(
        [*command, *options, f"--output={target}"],
        input=_dressed(source.markdown, to),
        env=_environment(source),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        if "no space" in done.stderr.lower() or "disk full" in done.stderr.lower():
            raise DiskFull("errors.disk_full", file=target.name)
        raise BadFile("report.not_rendered", file=target.name, code=done.returncode)


def _docx(source: Source, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _convert(source, "docx", target, f"--reference-doc={reference_document(_pandoc(), Path(folder))}")


def _odt(source: Source, target: Path) -> None:
    _convert(source, "odt", target)
    dress(target)


def _html(source: Source, target: Path) -> None:
    with as_file(files("qualcode.report") / "static") as static:
        _convert(source, "html5", target, f"--css={static / 'rapport.css'}", "--embed-resources", "--section-divs")


def _pdf(source: Source, target: Path) -> None:
    try:
        import typst
    except ImportError as error:
        raise Missing("report.no_typst") from error
    with tempfile.TemporaryDirectory() as folder, as_file(files("qualcode.report") / "static") as static:
        written = Path(folder) / "rapport.typ"
        _convert(source, "typst", written, f"--template={static / 'rapport.typ'}", "--wrap=none")
        typst.compile(str(written), output=str(target), format="pdf", ignore_system_fonts=True)


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
