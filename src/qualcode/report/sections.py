"""The researcher's own texts: one Markdown file a section, read and filled in, never changed by the tool."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qualcode.analysis.talking import TALK
from qualcode.errors import Ambiguous, BadFile, NotFound
from qualcode.labels import say
from qualcode.report.by_round import broader_words, spread_words, term_words
from qualcode.report.facts import Chapter, Facts, chapters
from qualcode.report.markdown import anchor, plain
from qualcode.report.quotes import Quote, agrees, printed, quote
from qualcode.report.talk import excerpt
from qualcode.report.wording import in_words

FOLDER = "teksten"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{\{(?:\s*(\w+)\s*:\s*([^{}|\n]+?)\s*(?:\|([^{}]*))?\}\})?")
_IMAGE = re.compile(r"!\[[^\]]*\][(\[]")
_HEADING = re.compile(r"^(#{1,6})(?=\s)", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
_SHOWN = 8
# sections that are a chapter of their own; the others stand inside one
_TOP = ("samenvatting", "aanleiding", "maatregelen", "conclusie", "reflectie")
_BEFORE, _AFTER = ("samenvatting", "aanleiding", "werving", "verslaglegging", "methode"), ("maatregelen", "conclusie", "reflectie")
# the tool fills these when nobody writes them
OPTIONAL = ("werving", "verslaglegging", "maatregelen")


@dataclass(frozen=True, slots=True)
class Section:
    """A section the researcher writes: the file, what it is called in the report, the code it is about."""

    stem: str
    title: str
    hint: str
    guid: str | None = None
    chapter: str = ""

    @property
    def file(self) -> str:
        """Name of the file in the folder ``teksten``."""
        return f"{self.stem}.md"


@dataclass(frozen=True, slots=True)
class Text:
    """What a section says, filled in, and the quotes it uses.

    ``raw`` is the file as the researcher wrote it; ``values`` what each placeholder in it was filled with, by reference.
    """

    section: Section
    markdown: str
    quotes: tuple[Quote, ...]
    raw: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """What tells whether the words changed (SHA-256); white space at the ends does not count."""
        return hashlib.sha256(self.raw.strip().encode()).hexdigest()


def sections(facts: Facts) -> Iterator[Section]:
    """Yield the sections a report has for this codebook, in the order of the report."""
    for stem in _BEFORE:
        yield Section(stem, say(f"report.title_{stem}"), say(f"report.hint_{stem}"))
    for chapter in chapters(facts.book):
        yield from chapter_sections(facts, chapter).values()
    for stem in _AFTER:
        if stem != "maatregelen" or len(facts.base.snapshot.tables["measure"]):
            yield Section(stem, say(f"report.title_{stem}"), say(f"report.hint_{stem}"))


def chapter_sections(facts: Facts, chapter: Chapter) -> dict[str, Section]:
    """Return the sections of a chapter: ``kern``, one a subtheme by guid, ``nuance``, ``verschillen``."""
    name = _stem(facts.handles[chapter.guid]) if chapter.guid else "overige-codes"
    made = {"kern": Section(f"{name}-kern", chapter.title, say("report.hint_kern"), chapter.guid, chapter.title)}
    for code in chapter.sections:
        made[code.guid] = Section(_stem(facts.handles[code.guid]), code.name, say("report.hint_subtheme"), code.guid, chapter.title)
    for part in ("nuance", "verschillen"):
        made[part] = Section(f"{name}-{part}", say(f"report.title_{part}"), say(f"report.hint_{part}"), chapter.guid, chapter.title)
    return made


def _stem(handle: str) -> str:
    """Return a name that any file system takes; names with other signs get a few figures of their own."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,40}", handle):
        return handle
    plain = re.sub(r"[^A-Za-z0-9]+", "-", handle).strip("-")[-40:] or "code"
    return f"{plain}-{zlib.crc32(handle.encode()):08x}"


def scaffold(facts: Facts, section: Section) -> str:
    """Return what a new file holds: a comment with what belongs there and the placeholders it can use."""
    lines = [f"{section.title}", "", section.hint, "", say("report.scaffold_yours"), "", say("report.scaffold_fill")]
    lines += ["  {{n:focusgroepen}}  {{n:interviews}}  {{n:deelnemers}}"]
    if section.guid:
        below = [code for code in facts.book.codes if code.guid in facts.book.descendants(section.guid) and not code.retired]
        lines += [f"  {{{{spreiding:{facts.handles[code.guid]}}}}}  {code.name}" for code in below]
    lines += [say("report.scaffold_quote")]
    return "<!--\n" + "\n".join(lines).replace("--", "—") + "\n-->\n"


def read_texts(facts: Facts, folder: Path) -> dict[str, Text]:
    """Return the researcher's texts by section file, filled in.

    Raises
    ------
    BadFile
        When a file is not text, or holds placeholders that nothing in the study answers to: all of them with file and
        line, in one message.
    """
    texts: dict[str, Text] = {}
    problems: list[str] = []
    for section in sections(facts):
        path = folder / section.file
        if path.is_file():
            texts[section.stem], wrong = _filled(facts, section, _read(path))
            problems += wrong
    if problems:
        more = [say("report.and_more_problems", n=len(problems) - _SHOWN)] if len(problems) > _SHOWN else []
        raise BadFile("report.bad_placeholders", folder=FOLDER, problems="\n".join([*problems[:_SHOWN], *more]))
    return texts


def strangers(facts: Facts, folder: Path) -> list[str]:
    """Return the names of files that belong to no section, such as those of a code that was removed."""
    known = {section.file.casefold() for section in sections(facts)}
    return sorted(path.name for path in folder.glob("*.md") if path.name.casefold() not in known) if folder.is_dir() else []


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise BadFile("report.not_utf8", file=f"{FOLDER}/{path.name}") from error
    except OSError as error:
        raise BadFile("report.not_read", file=f"{FOLDER}/{path.name}") from error


def _filled(facts: Facts, section: Section, raw: str) -> tuple[Text, list[str]]:
    """Return a section with its placeholders filled, and what is wrong with it."""
    # a comment keeps its lines, so that the numbers of the lines after it stay right
    text = _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), raw)
    quotes: list[Quote] = []
    values: dict[str, str] = {}
    problems = [_problem(section, text, m.start(), say("report.no_images")) for m in _IMAGE.finditer(text)]

    def fill(match: re.Match[str]) -> str:
        kind, name, edited = match[1], match[2], match[3]
        try:
            if kind == "citaat":
                words = _quoted(facts, name, edited, quotes, alone=_alone(text, match))
                values[f"citaat:{name}"] = " ".join(quotes[-1].text.split())
            elif kind == TALK:
                chosen = excerpt(facts, name)
                values[f"{TALK}:{name}"], words = chosen.words, chosen.markdown
                quotes.extend(chosen.quotes)
            else:
                values[f"{kind}:{name}"], words = _figure(facts, kind, name)
        except (NotFound, Ambiguous) as error:
            problems.append(_problem(section, text, match.start(), f"{match[0]}: {error}"))
            return ""
        return words

    filled = _PLACEHOLDER.sub(fill, text)
    deeper = 1 if section.stem in _TOP else 2
    filled = _HEADING.sub(lambda m: "#" * min(6, len(m[1]) + deeper), filled)
    filled = _FOOTNOTE.sub(rf"[^{section.stem}-\1]", filled)
    return Text(section, filled.strip(), tuple(quotes), raw, values), problems


def _problem(section: Section, text: str, at: int, sentence: str) -> str:
    return say("report.at_line", file=f"{FOLDER}/{section.file}", line=text.count("\n", 0, at) + 1, problem=sentence)


def _alone(text: str, match: re.Match[str]) -> bool:
    """Return whether a placeholder is a paragraph of its own."""
    before, after = text[: match.start()], text[match.end() :]
    return (not before.strip() or re.search(r"\n[ \t]*\n[ \t]*\Z", before) is not None) and (
        not after.strip() or re.match(r"[ \t]*\n[ \t]*\n", after) is not None
    )


def _quoted(facts: Facts, name: str, edited: str | None, quotes: list[Quote], *, alone: bool) -> str:
    if name not in facts.refs:
        lettered = [ref for ref in facts.refs if re.fullmatch(re.escape(name) + "[a-z]+", ref)]
        if lettered:
            raise Ambiguous("analysis.reference_of_several", ref=name, there=", ".join(lettered))
        raise NotFound("report.no_quote", ref=name)
    chosen = quote(facts, name)
    if edited is not None and not agrees(edited, chosen.text):
        raise NotFound("report.quote_differs", ref=name)
    if not chosen.text.strip("█ "):
        raise NotFound("report.quote_withdrawn", ref=name)
    quotes.append(chosen)
    words = printed(facts, chosen, edited=edited)
    return f"> {words}" if alone else words


def _figure(facts: Facts, kind: str | None, name: str) -> tuple[str, str]:
    """Return the words a placeholder stands for, and how they are printed with their reference."""
    if kind in {"spreiding", "term"}:
        guid = _guid(facts, name)
        words = spread_words(facts, guid, suggestion=guid in facts.suggestions) if kind == "spreiding" else term_words(facts, guid)
        return words, f"{plain(words)} {facts.mark(facts.rows[guid]['ref'])}"
    if kind == "vergelijk":
        one, comma, other = name.partition(",")
        if comma:
            guids = _guid(facts, one.strip()), _guid(facts, other.strip())
            words = broader_words(facts, *guids)
            return words, " ".join([plain(words), *(facts.mark(facts.rows[guid]["ref"]) for guid in guids)])
    if kind == "cijfer" and name in facts.figures:
        row = facts.figures[name]
        parts = [str(row[part]) for part in ("value", "unit") if isinstance(row[part], str)]
        words = say("report.figure_elsewhere", value=plain(" ".join(parts)), label=plain(row["label"]), source=plain(row["source"]))
        return words, f"{words} {facts.mark(f'cijfer:{name}')}"
    numbers = {"focusgroepen": facts.session.groups, "interviews": facts.session.interviews, "deelnemers": facts.participants}
    if kind == "n" and name in numbers:
        words = in_words(numbers[name])
        return words, f"[{words}](#{anchor('deelnemers' if name == 'deelnemers' else 'sessies')})"
    raise NotFound("report.no_placeholder")


def _guid(facts: Facts, name: str) -> str:
    """Return the code (guid) of this name, of which there are figures."""
    guid = facts.book.resolve(facts.book.find(name).guid)
    if guid not in facts.rows:
        raise NotFound("report.no_figure", code=name)
    return guid
