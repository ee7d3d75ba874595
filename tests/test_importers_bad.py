"""A file that cannot be read gives one sentence that names it; nothing else ever comes out."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import BadFile, QualcodeError, Refused
from qualcode.importers import SUFFIXES, documents, participants, read, read_codings
from transcripts import opendocument, word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def _bytes(name: str, data: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return write


def _damaged(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / name
        if name.endswith(".docx"):
            word(path, "R1: ja " * 400)
        else:
            opendocument(path, "<text:p>R1: ja</text:p>")
        path.write_bytes(change(path.read_bytes()))
        return path

    return write


def _without(part: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = word(folder / "a.docx", "R1: ja")
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist() if name != part}
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
            archive.comment = b"word/document.xml"
        return path

    return write


def _archive(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.docx", "w") as archive:
        archive.writestr("foto.txt", "R1: ja")
    return folder / "a.docx"


def _folder(folder: Path) -> Path:
    (folder / "map.docx").mkdir()
    return folder / "map.docx"


CASES: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "empty": ("empty", _bytes("a.txt", b"")),
    "blank": ("empty", _bytes("a.txt", b"\xef\xbb\xbf \r\n\n")),
    "only a header": ("no_words", _bytes("a.txt", b"# Kop\n\n- 1 -\n")),
    "cut short": ("damaged_zip", _damaged("a.docx", lambda data: data[: len(data) // 2])),
    "cut very short": ("damaged_zip", _damaged("a.docx", lambda data: data[:600])),
    "an archive as word": ("other_content", _archive),
    "zeros inside": ("damaged", _damaged("a.docx", lambda data: _scribbled(data, b"word/document.xml"))),
    "cut short odt": ("damaged_zip", _damaged("a.odt", lambda data: data[:-40])),
    "word with a password": ("locked", _bytes("a.docx", OLE)),
    "excel with a password": ("locked", _bytes("a.xlsx", OLE)),
    "odt with a password": ("locked", lambda folder: opendocument(folder / "a.odt", "", manifest="<encryption-data/>")),
    "old word": ("old_office", _bytes("a.txt", OLE)),
    "unknown suffix": ("suffix", _bytes("a.doc", OLE)),
    "no suffix": ("suffix", _bytes("a", b"R1: ja")),
    "pdf as text": ("other_content", _bytes("a.txt", b"%PDF-1.4\nR1: ja")),
    "rich text as word": ("other_content", _bytes("a.docx", b"{\\rtf1 R1: ja}")),
    "text as word": ("other_content", _bytes("a.docx", b"R1: ja")),
    "text as rich text": ("other_content", _bytes("a.rtf", b"R1: ja")),
    "word as text": ("other_content", lambda folder: word(folder / "x.docx", "R1: ja").rename(folder / "a.txt")),
    "word as odt": ("other_content", lambda folder: word(folder / "x.docx", "R1: ja").rename(folder / "a.odt")),
    "no body": ("no_part", _without("word/document.xml")),
    "broken xml": ("broken_xml", lambda folder: opendocument(folder / "a.odt", "<text:p>R1: ja")),
    "binary": ("binary", _bytes("a.txt", b"R1: ja\x00\x01\x02 nee")),
    "undecodable": ("undecodable", _bytes("a.txt", b"R1: ja \x81\x8d nee")),
    "half utf-16": ("undecodable", _bytes("a.txt", b"\xff\xfeR\x001")),
    "not there": ("no_file", lambda folder: folder / "a.docx"),
    "a folder": ("folder", _folder),
    "no cues": ("no_cues", _bytes("a.vtt", b"WEBVTT\n\nR1: ja\n")),
    "open quotation mark": ("broken_csv", _bytes("a.csv", b'spreker,tekst\nR1,"ja\nR2,nee\n')),
    "no column of words": ("no_text_column", _bytes("a.csv", b"a,b,c,d\n1,2,3,4\n")),
    "a table of nothing": ("empty", _bytes("a.csv", b";;\n\x0b\n")),
    "no json": ("broken_json", _bytes("a.json", b"{\n")),
    "other json": ("no_segments", _bytes("a.json", b'{"a": 1}')),
    "rich text cut off": ("cut_off", _bytes("a.rtf", b"{\\rtf1\\ansi R1: ja\\par R2")),
}


def _scribbled(data: bytes, part: bytes) -> bytes:
    at = data.index(part) + len(part) + 20
    return data[:at] + b"\0" * 60 + data[at + 60 :]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_bad_input_gives_one_sentence_with_the_name_of_the_file(
    tmp_path: Path, case: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUALCODE_LANG", lang)
    key, write = CASES[case]
    path = write(tmp_path)
    with pytest.raises(BadFile) as caught:
        read(path)
    assert caught.value.key == f"importers.{key}"
    assert path.name in str(caught.value)
    assert "{" not in str(caught.value)
    assert "ja" not in str(caught.value).split()


def test_a_workbook_that_is_damaged_is_a_bad_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(BadFile, match="leeg"):
        read(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(BadFile):
        read(path)
    path.write_bytes(_scribbled(data, b"xl/workbook.xml"))
    with pytest.raises(BadFile):
        read(path)


def test_an_unknown_kind_is_refused_with_the_kinds_there_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("R1: ja\n")
    with pytest.raises(Refused, match="focusgroep"):
        read(tmp_path / "a.txt", kind="gesprek")


def _error(reader: Callable[[Path], object], path: Path) -> QualcodeError | None:
    try:
        reader(path)
    except QualcodeError as error:
        return error
    return None


@given(st.binary(max_size=400), st.sampled_from(SUFFIXES))
def test_any_bytes_give_a_reading_or_a_sentence(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    error = _error(read, path)
    assert error is None or path.name in str(error)


@given(
    st.text(st.sampled_from("R1:M <>v/\n\t;,\"'|{}[]().-→>é…\x0c0#*=\\"), max_size=200),
    st.sampled_from(SUFFIXES),
    st.sampled_from(["", "WEBVTT\n\n00:01 --> 00:02\n", "{\\rtf1 "]),
)
def test_any_text_gives_a_reading_or_a_sentence(tmp_path: Path, text: str, suffix: str, before: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(before + text, encoding="utf-8")
    for reader in (read, participants, documents, read_codings):
        error = _error(reader, path)
        assert error is None or path.name in str(error)


def _workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["spreker", "tekst"])
    book.active.append(["R1", "ja"])
    book.save(path)
    return path


_ORIGINALS: dict[str, Callable[[Path], Path]] = {
    "docx": lambda folder: word(folder / "a.docx", "M1: Welkom.", "R1: Ja."),
    "odt": lambda folder: opendocument(folder / "a.odt", "<text:p>M1: Welkom.</text:p><text:p>R1: Ja.</text:p>"),
    "xlsx": lambda folder: _workbook(folder / "a.xlsx"),
}


@pytest.fixture(params=_ORIGINALS)
def original(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, bytes]:
    path = _ORIGINALS[request.param](tmp_path)
    return path, path.read_bytes()


@given(place=st.integers(0, 100_000), value=st.integers(0, 255))
def test_one_byte_changed_gives_a_reading_or_a_sentence(original: tuple[Path, bytes], place: int, value: int) -> None:
    path, data = original[0], bytearray(original[1])
    data[place % len(data)] = value
    path.write_bytes(bytes(data))
    error = _error(read, path)
    assert error is None or path.name in str(error)
