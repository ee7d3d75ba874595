"""The coded text in Word and back: what a supervisor writes in the margin becomes a review on the right words."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import etree

import qualcode as qc
from qualcode.errors import BadFile, NotFound, Refused
from qualcode.margins import REMARK_COLUMNS, read
from qualcode.model import Change
from qualcode.store import Draft

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
NS = {"w": W, "w14": W14, "w15": W15}
TURNS = ["hoe gaat het?", "goed hoor 😀 écht wel", "kan beter dan dit hier", "nou ja het ging wel", "echt waar gebeurd toen"]
BOOK = """
name: proef
version: "1"
language: nl
codes:
  - id: E
    name: Ervaringen
    codable: false
    codes:
      - {id: E10, name: Genegeerd, definition: Niet gezien worden.}
      - {id: E11, name: Buitengesloten}
dimensions:
  - {name: ironie, type: choice, values: [ja, nee], default: nee}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studie")
    words = "\n\n".join(f"{'M1' if n == 0 else f'R{n}'}: {t}" for n, t in enumerate(TURNS))
    (folder / "FG1.txt").write_text(words + "\n", encoding="utf-8")
    (folder / "boek.yaml").write_text(BOOK, encoding="utf-8")
    with qc.Project.create(folder / "s.qualcode", coder="anna", codebook=folder / "boek.yaml") as study:
        study.import_documents(folder / "FG1.txt", kind="focusgroep")
        study.code("FG1", "E10", turn=2, memo="of is dit E11?", ironie="ja")
        study.code("FG1", "E11", text="😀 écht")
        start, end = (study.snapshot().text(study.snapshot().document_names["FG1"]).index(w) for w in ("beter dan", "ging wel"))
        study.code("FG1", "E11", span=(start, end))  # over two turns
    return folder / "s.qualcode"


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Iterator[qc.Project]:
    copy = tmp_path / "s.qualcode"
    copy.write_bytes(made.read_bytes())
    with qc.Project.open(copy, coder="anna") as opened:
        yield opened


class Word:
    """A Word file taken apart and changed as Word does it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.body = etree.fromstring(self.parts["word/document.xml"])
        self.comments = etree.fromstring(self.parts["word/comments.xml"])
        self.extended = etree.Element(f"{{{W15}}}commentsEx", nsmap={"w15": W15})
        for number, comment in enumerate(self.comments.findall("w:comment", NS)):
            self._known(comment, f"1000000{number:X}", "")

    def _known(self, comment: Any, place: str, parent: str) -> Any:
        comment.findall("w:p", NS)[-1].set(f"{{{W14}}}paraId", place)
        entry = etree.SubElement(self.extended, f"{{{W15}}}commentEx")
        entry.set(f"{{{W15}}}paraId", place)
        entry.set(f"{{{W15}}}done", "0")
        if parent:
            entry.set(f"{{{W15}}}paraIdParent", parent)
        return entry

    def place(self, start: str) -> str:
        """Return the id of the comment that begins with these words."""
        for comment in self.comments.findall("w:comment", NS):
            if "".join(comment.itertext("{*}t")).strip().startswith(start):
                return str(comment.findall("w:p", NS)[-1].get(f"{{{W14}}}paraId"))
        raise AssertionError(start)

    def add(self, text: str, *, parent: str = "", author: str = "Carla de Wit", done: bool = False) -> str:
        number = len(self.comments)
        comment = etree.SubElement(self.comments, f"{{{W}}}comment")
        for name, value in (("id", str(number)), ("author", author), ("date", f"2026-02-03T10:0{number % 10}:00Z")):
            comment.set(f"{{{W}}}{name}", value)
        for line in text.split("\n"):
            paragraph = etree.SubElement(comment, f"{{{W}}}p")
            run = etree.SubElement(paragraph, f"{{{W}}}r")
            etree.SubElement(run, f"{{{W}}}t").text = line
        entry = self._known(comment, f"2000000{number:X}", parent)
        if done:
            root = next((e for e in self.extended if e.get(f"{{{W15}}}paraId") == parent), entry)
            root.set(f"{{{W15}}}done", "1")
        return str(number)

    def run_with(self, words: str) -> Any:
        return next(run for run in self.body.iter(f"{{{W}}}r") if words in "".join(run.itertext("{*}t")))

    def mark(self, id: str, words: str) -> None:
        """Lay a comment on words: the run is split around them."""
        run = self.run_with(words)
        text = "".join(run.itertext("{*}t"))
        at = text.index(words)
        parent, place = run.getparent(), run.getparent().index(run)
        parent.remove(run)
        pieces = [("r", text[:at]), ("commentRangeStart", ""), ("r", words), ("commentRangeEnd", ""), ("r", text[at + len(words) :])]
        for tag, held in reversed(pieces):
            one = etree.Element(f"{{{W}}}{tag}")
            if tag == "r":
                piece = etree.SubElement(one, f"{{{W}}}t")
                piece.text = held
            else:
                one.set(f"{{{W}}}id", id)
            parent.insert(place, one)

    def track(self, words: str, inserted: str) -> None:
        """Replace words with changes tracked."""
        run = self.run_with(words)
        text = "".join(run.itertext("{*}t"))
        at = text.index(words)
        parent, place = run.getparent(), run.getparent().index(run)
        parent.remove(run)
        for tag, inner, held in reversed(
            [("", "t", text[:at]), ("del", "delText", words), ("ins", "t", inserted), ("", "t", text[at + len(words) :])]
        ):
            made = etree.Element(f"{{{W}}}r")
            etree.SubElement(made, f"{{{W}}}{inner}").text = held
            if tag:
                outer = etree.Element(f"{{{W}}}{tag}")
                outer.append(made)
                made = outer
            parent.insert(place, made)

    def save(self, *, threads: bool = True) -> Path:
        self.parts["word/document.xml"] = etree.tostring(self.body)
        self.parts["word/comments.xml"] = etree.tostring(self.comments)
        if threads:
            self.parts["word/commentsExtended.xml"] = etree.tostring(self.extended)
        target = self.path.with_name("terug.docx")
        with zipfile.ZipFile(target, "w") as archive:
            for name, held in self.parts.items():
                archive.writestr(name, held)
        return target


@pytest.fixture
def word(study: qc.Project, tmp_path: Path) -> Word:
    return Word(study.write_margins("FG1", tmp_path / "FG1.docx"))


def guid(study: qc.Project, code: str, place: int = 0) -> str:
    return str(study.codings(code=code)["coding"].iloc[place])


# out -----------------------------------------------------------------------------------------------------


def test_every_coding_is_a_comment_with_its_code_memo_and_coder(study: qc.Project, tmp_path: Path) -> None:
    path = study.write_margins("FG1", tmp_path / "FG1.docx")
    document = Document(str(path))
    comments = list(document.comments)
    assert len(comments) == 3
    first = next(one for one in comments if "E10" in one.text)
    assert first.author == "anna"
    assert first.text.startswith("E10 Genegeerd\nironie: ja\nMemo: of is dit E11?")
    marks = [mark.get(f"{{{W}}}name") for mark in document.element.body.iter(f"{{{W}}}bookmarkStart")]
    assert max(map(len, marks)) <= 40  # Word cuts off the rest
    words = [p.text for p in document.paragraphs]
    assert "R1: goed hoor 😀 écht wel" in words
    assert any("Niet gezien worden." in line for line in words)


def test_writing_twice_gives_the_same_content(study: qc.Project, tmp_path: Path) -> None:
    held = []
    for name in ("a.docx", "b.docx"):
        with zipfile.ZipFile(study.write_margins("FG1", tmp_path / name)) as archive:
            held.append({part: archive.read(part) for part in archive.namelist()})
    assert held[0] == held[1]


def test_a_file_that_comes_back_untouched_says_nothing(study: qc.Project, word: Word) -> None:
    assert read(study, word.path).empty
    assert read(study, word.save()).empty
    done = study.take_margins(word.save())
    assert (done.taken, done.again) == (0, 0)


def test_an_unknown_document_or_folder_makes_no_file(study: qc.Project, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        study.write_margins("FG9", tmp_path / "x.docx")
    with pytest.raises(Refused):
        study.write_margins("FG1", tmp_path / "weg" / "x.docx")
    assert not list(tmp_path.glob("*.docx"))


# and back ------------------------------------------------------------------------------------------------


def test_a_reply_becomes_a_verdict_on_the_coding_it_answers(study: qc.Project, word: Word) -> None:
    word.add("Akkoord, mooi voorbeeld", parent=word.place("E10"))
    frame = read(study, word.save())
    assert tuple(frame.columns) == REMARK_COLUMNS
    row = frame.iloc[0]
    assert (row["coding"], row["verdict"], row["text"], row["author"]) == (guid(study, "E10"), "accept", "mooi voorbeeld", "Carla de Wit")
    text = study.snapshot().text(study.snapshot().document_names["FG1"])
    assert text[row["start"] : row["end"]] == TURNS[1]


@pytest.mark.parametrize(
    ("said", "verdict", "code", "text"),
    [
        ("wijzigen E11: ze was er niet bij", "change", "E11", "ze was er niet bij"),
        ("Wijzigen: te ruim", "change", None, "te ruim"),
        ("Afwijzen. Geen ervaring van de deelnemer", "reject", None, "Geen ervaring van de deelnemer"),
        ("reject: no", "reject", None, "no"),
        ("waarom niet E11?", "remark", None, "waarom niet E11?"),
        ("akkoordverklaring mist", "remark", None, "akkoordverklaring mist"),
    ],
)
def test_the_first_word_of_a_reply_may_be_a_verdict(
    study: qc.Project, word: Word, said: str, verdict: str, code: str | None, text: str
) -> None:
    word.add(said, parent=word.place("E10"))
    row = read(study, word.save()).iloc[0]
    assert (row["verdict"], row["text"]) == (verdict, text)
    assert (row["code"] if code else None) == code


def test_a_remark_of_their_own_keeps_its_place_to_the_code_point(study: qc.Project, word: Word) -> None:
    word.mark(word.add("wat is hier gebeurd?"), "waar gebeurd")
    word.mark(word.add("lach?"), " wel")  # after an emoji, in a turn cut by codings
    frame = read(study, word.save())
    text = study.snapshot().text(study.snapshot().document_names["FG1"])
    assert [text[a:b] for a, b in zip(frame["start"], frame["end"], strict=True)] == ["waar gebeurd", " wel"]
    assert frame["start"].iloc[1] == text.index("écht wel") + 4
    assert frame["coding"].isna().all()


def test_a_remark_stays_on_its_words_when_others_were_changed_with_tracking(study: qc.Project, word: Word) -> None:
    word.track("echt waar", "helemaal en volledig waar, zei zij,")
    word.mark(word.add("toen?"), "gebeurd toen")
    row = read(study, word.save()).iloc[0]
    text = study.snapshot().text(study.snapshot().document_names["FG1"])
    assert text[row["start"] : row["end"]] == "gebeurd toen"


def test_words_added_to_our_own_comment_are_a_remark(study: qc.Project, word: Word) -> None:
    comment = next(c for c in word.comments.findall("w:comment", NS) if "E10" in "".join(c.itertext("{*}t")))
    run = etree.SubElement(comment.findall("w:p", NS)[0], f"{{{W}}}r")
    etree.SubElement(run, f"{{{W}}}t").text = " (nee hoor)"
    row = read(study, word.save()).iloc[0]
    assert row["coding"] == guid(study, "E10")
    assert "nee hoor" in row["text"]


def test_replies_become_reviews_once_and_reach_the_coder(study: qc.Project, word: Word) -> None:
    word.add("wijzigen E11: ze was er niet bij", parent=word.place("E10"))
    word.add("al besproken", parent=word.place("E11"), done=True)
    word.mark(word.add("mist hier een code?"), "waar gebeurd")
    path = word.save()
    done = study.take_margins(path)
    assert (done.taken, done.again) == (3, 0)
    frame = study.threads().set_index("text")
    assert frame.loc["ze was er niet bij", ["verdict", "code", "reviewer", "owner"]].tolist() == ["change", "E11", "Carla de Wit", "anna"]
    assert not frame.loc["al besproken", "open"]
    assert frame.loc["mist hier een code?", "on"] == "document"
    assert list(study.inbox()["text"]) == ["ze was er niet bij"]
    again = study.take_margins(path)
    assert (again.taken, again.again) == (0, 3)
    assert len(study.threads()) == 3
    study.undo()


def test_a_reply_to_a_coding_that_is_gone_becomes_a_remark_on_the_document(study: qc.Project, word: Word) -> None:
    word.add("akkoord", parent=word.place("E10"))
    word.add("afwijzen: weg ermee", parent=word.place("E10"))
    study.uncode(guid(study, "E10"))
    study.take_margins(word.save())
    assert set(study.threads()["on"]) == {"document"}


def test_without_threads_a_comment_on_the_same_words_is_a_remark(study: qc.Project, word: Word) -> None:
    word.add("zonder draad")
    frame = read(study, word.save(threads=False))
    assert frame["coding"].isna().all()
    assert list(frame["text"]) == ["zonder draad"]


@pytest.mark.parametrize("what", ["geen docx", "geen merktekens", "andere studie", "andere versie", "kapot"])
def test_a_file_that_is_not_ours_is_refused_in_one_sentence(study: qc.Project, word: Word, tmp_path: Path, what: str) -> None:
    word.add("akkoord", parent=word.place("E10"))
    path = word.save()
    if what == "geen docx":
        path.write_text("gewone tekst", encoding="utf-8")
    elif what == "geen merktekens":
        Document().save(str(path))
    elif what == "andere studie":
        for mark in list(word.body.iter(f"{{{W}}}bookmarkStart")):
            mark.set(f"{{{W}}}name", mark.get(f"{{{W}}}name").replace("qcd", "qcd0")[:36] + "v1")
        word.save()
    elif what == "andere versie":
        document = study.snapshot().document_names["FG1"]
        study._write(Draft("edit", study._coder_guid(), (Change("document", [document], {"version": [2]}),)))
    else:
        path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(BadFile) as raised:
        study.take_margins(path)
    assert "\n" not in str(raised.value)
    assert study.threads().empty


def test_the_whole_sample_session_goes_out_and_stays_on_its_words(tmp_path: Path) -> None:
    study = qc.demo()
    word = Word(study.write_margins("FG1", tmp_path / "FG1.docx"))
    assert len(word.comments) == len(study.codings(document="FG1"))
    for number, place in enumerate([e.get(f"{{{W15}}}paraId") for e in list(word.extended)]):
        word.add(f"antwoord {number}", parent=str(place))
    frame = read(study, word.save())
    codings = study.codings(document="FG1").set_index("coding")
    assert len(frame) == len(codings)
    for row in frame.itertuples():
        text = codings.loc[row.coding]
        assert (row.start, row.end) == (text["start"], text["end"])
    study.close()
