"""A damaged exchange file ends in one clear sentence and an unchanged study, or comes in with what is missing named; never in between."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from exchanges import codes, database, empty_study, guid, packed, selection, source, xml
from qualcode import Project
from qualcode.errors import BadFile
from qualcode.model import Snapshot
from qualcode.refi import found

TALK = "R1: Toen zei niemand iets, echt niemand.\nR2: Dat ken ik.\n" * 40
USERS = f'<Users><User guid="{guid("anna")}" name="anna"/></Users>'
MARKS = "".join(selection(str(n), 4 + 56 * n, 25 + 56 * n, "stilte", creatingUser=guid("anna")) for n in range(30))
BODY = USERS + codes("stilte", "steun") + "<Sources>" + source("FG1", MARKS) + source("FG2") + "</Sources>"


def whole(tmp_path: Path) -> bytes:
    return packed(tmp_path / "heel.qdpx", xml(BODY), {"FG1": TALK, "FG2": "kort"}).read_bytes()


def truncated(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(4, len(data) - 1)]


def flipped(data: bytes, chance: random.Random) -> bytes:
    held = bytearray(data)
    for _ in range(chance.randint(1, 30)):
        held[chance.randrange(4, len(held))] ^= 1 << chance.randrange(8)
    return bytes(held)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = empty_study(tmp_path_factory.mktemp("studie"))
    made.codebook.add("A", "A")
    return made


def judged(study: Project, path: Path) -> str:
    """Import a file; tell how it ended, and hold the study to it."""
    before = study.stamp.events
    try:
        done = study.import_project(path)
    except BadFile as refusal:
        sentence = str(refusal)
        assert study.stamp.events == before
        assert path.name in sentence
        assert "niemand" not in sentence
        assert len(sentence.splitlines()) == 1
        return "refused"
    lost = sum(done.report.read[what] - done.report.kept[what] for what in ("sources", "codings", "codes"))
    assert lost == 0 or done.report.dropped
    assert all(finding.sound for finding in study.doctor())
    while study.stamp.events and study.history()["kind"].iloc[-1] == "import-project":
        study.undo()
    return "read"


@pytest.mark.parametrize("harm", [truncated, flipped])
@pytest.mark.parametrize("seed", range(16))
def test_a_damaged_archive_is_refused_in_a_sentence(
    study: Project, tmp_path: Path, harm: Callable[[bytes, random.Random], bytes], seed: int
) -> None:
    path = tmp_path / "stuk.qdpx"
    path.write_bytes(harm(whole(tmp_path), random.Random(seed)))
    outcome = judged(study, path)
    assert outcome == "refused" or harm is flipped


def swap(pattern: str, by: str, *, every: bool = False) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, by, text, count=0 if every else 1)


MISTAKES: dict[str, tuple[Callable[[str], str], str]] = {
    "cut in the middle": (lambda text: text[: len(text) // 2], "refused"),
    "two roots": (lambda text: text + "<Project/>", "refused"),
    "no project": (swap("<Project", "<Verslag", every=True), "refused"),
    "wrong end tag": (swap("</Sources>", "</Bronnen>"), "refused"),
    "a bare ampersand": (swap('name="FG1"', 'name="A & B"'), "refused"),
    "a character XML does not allow": (swap('name="FG1"', 'name="\x01"'), "refused"),
    "not XML at all": (lambda _: "gewone tekst, geen XML", "refused"),
    "nothing": (lambda _: "", "refused"),
    "an entity": (lambda text: text.replace("?>", '?><!DOCTYPE Project [<!ENTITY x "y">]>', 1), "refused"),
    "an outside entity": (lambda text: text.replace("?>", '?><!DOCTYPE Project SYSTEM "file:///etc/passwd">', 1), "refused"),
    "a missing source": (swap(guid("FG2") + r"\.txt", guid("weg") + ".txt"), "refused"),
    "a code that is not there": (swap(f'targetGUID="{guid("stilte")}"', f'targetGUID="{guid("weg")}"', every=True), "read"),
    "a guid that is none": (swap(f'targetGUID="{guid("stilte")}"', 'targetGUID="x"'), "read"),
    "a coder that is not there": (swap(f'creatingUser="{guid("anna")}"', f'creatingUser="{guid("weg")}"', every=True), "read"),
    "one guid for all codings": (swap(r'<Coding guid="[^"]+"', f'<Coding guid="{guid("een")}"', every=True), "read"),
    "one guid for all codes": (swap(r'<Code guid="[^"]+"', f'<Code guid="{guid("stilte")}"', every=True), "read"),
    "one guid for both sources": (swap(f'<TextSource guid="{guid("FG2")}"', f'<TextSource guid="{guid("FG1")}"'), "read"),
    "no guids": (swap(r' guid="[^"]+"', "", every=True), "read"),
    "positions out of range": (swap(r'endPosition="\d+"', 'endPosition="99999999"', every=True), "read"),
    "positions below zero": (swap(r'startPosition="\d+"', 'startPosition="-5"', every=True), "read"),
    "positions the wrong way round": (
        swap(r'startPosition="(\d+)" endPosition="(\d+)"', r'startPosition="\2" endPosition="\1"', every=True),
        "read",
    ),
    "positions that are no numbers": (swap(r'endPosition="\d+"', 'endPosition="eind"', every=True), "read"),
    "positions beyond any number": (swap(r'endPosition="\d+"', f'endPosition="{"9" * 400}"'), "read"),
    "no positions": (swap(r'startPosition="\d+" ', "", every=True), "read"),
    "codings without a code": (swap(r"<CodeRef [^>]+/>", "", every=True), "read"),
    "unknown elements": (swap("</Users>", "</Users><Iets><Anders/></Iets>"), "read"),
    "what qualcode wrote, spoiled": (lambda text: text + '<?qualcode {"format":1,"kind":"coding","guids":[3],"fields":7}?>', "read"),
    "what qualcode wrote, of wrong types": (
        lambda text: (
            text + f'<?qualcode {{"format":1,"kind":"document","guids":["{guid("FG1")}"],"born":null,"fields":{{"turns":{{"0":[1]}}}}}}?>'
        ),
        "read",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_project_is_refused_or_reported(study: Project, tmp_path: Path, mistake: str) -> None:
    spoil, outcome = MISTAKES[mistake]
    path = packed(tmp_path / "fout.qdpx", spoil(xml(BODY)), {"FG1": TALK, "FG2": "kort"})
    assert judged(study, path) == outcome


def test_a_text_that_cannot_be_decoded_is_refused(study: Project, tmp_path: Path) -> None:
    assert judged(study, packed(tmp_path / "a.qdpx", xml(BODY), {"FG1": b"\xff\xfe\x00", "FG2": "kort"})) == "refused"


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + b"\x00" * 18, b"geen zip", b"\xd0\xcf\x11\xe0" * 8])
def test_a_file_that_is_no_archive_is_refused(study: Project, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.qdpx").write_bytes(content)
    assert judged(study, tmp_path / "a.qdpx") == "refused"


def test_a_file_that_is_not_there_is_refused(study: Project, tmp_path: Path) -> None:
    assert judged(study, tmp_path / "weg.qdpx") == "refused"
    (tmp_path / "map.qdpx").mkdir()
    assert judged(study, tmp_path / "map.qdpx") == "refused"


def test_a_locked_archive_is_refused(study: Project, tmp_path: Path) -> None:
    path = packed(tmp_path / "slot.qdpx", xml(BODY), {"FG1": TALK, "FG2": "kort"})
    data = bytearray(path.read_bytes())
    for name, mark, offset in ((b"project.qde", b"PK\x03\x04", 6), (b"project.qde", b"PK\x01\x02", 8)):
        at = data.index(mark)
        assert name in data[at : at + 60]
        data[at + offset] |= 1
    path.write_bytes(bytes(data))
    assert judged(study, path) == "refused"


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_database_is_refused(tmp_path: Path, seed: int) -> None:
    from exchanges import QUALCODER

    data = bytearray(database(tmp_path / "heel.db", QUALCODER, {"source": [(1, "FG1", TALK)], "code_name": [(1, "stilte")]}).read_bytes())
    chance = random.Random(seed)
    for at in range(100, len(data), 97):
        data[at] = chance.randrange(256)
    (tmp_path / "stuk.qda").write_bytes(bytes(data))
    with pytest.raises(BadFile) as refusal:
        found(tmp_path / "stuk.qda", Snapshot.of({}, {}))
    assert "stuk.qda" in str(refusal.value)


def test_a_file_of_more_parts_than_any_project_is_refused(study: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qualcode.refi.containers._MOST_PARTS", 2)
    assert judged(study, packed(tmp_path / "veel.qdpx", xml(BODY), {"FG1": TALK, "FG2": "kort"})) == "refused"
