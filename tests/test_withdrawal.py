"""Withdrawn words are gone: from every byte of the study's folder, and they do not come back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode import Project
from qualcode.errors import NotFound, Refused
from qualcode.model import Change
from qualcode.project.reporting import freeze
from qualcode.store import backup
from qualcode.store.caching import StudyCache
from qualcode.store.searching import Kept, keep

SECRET = "mijn zeldzame zweefvliegclub verloor toen de gouden distel"
TALK = f"""M1: Hoe ging dat?

P1: Nou, {SECRET}, en dat wist iedereen.

P2: Dat was heel anders bij ons.

P1: Precies, zo ging het toen ook."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "werk"
    made.mkdir()
    return made


@pytest.fixture
def study(tmp_path: Path, folder: Path) -> Iterator[Project]:
    (tmp_path / "FG1.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "people.csv").write_text(
        "document,label,participant,role,hobby\nFG1,P1,FG1-P1,deelnemer,distelkweker\nFG1,P2,FG1-P2,deelnemer,\n", encoding="utf-8"
    )
    made = Project.create(folder / "s.qualcode", coder="anna")
    made.import_documents(tmp_path / "FG1.txt", participants=tmp_path / "people.csv")
    made.codebook.add("A", "Thema")
    made.codebook.add("A1", "toen de gouden distel", parent="A")
    yield made
    made.close()


def in_folder(folder: Path, *words: str) -> list[str]:
    """Return which words stand in which file, as they are or inside another letter case or the escapes of JSON."""
    held = {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return [f"{name}: {word}" for name, data in held.items() for word in words if word.encode() in data or word.encode("utf-16-le") in data]


def text_of(study: Project) -> str:
    now = study.snapshot()
    return now.text(now.document_names["FG1"])


def test_withdrawn_words_are_in_no_byte_of_the_folder(study: Project, folder: Path) -> None:
    code = study.codebook.codes[-1]
    study.code("FG1", code.id, text=SECRET, memo="die distel weer")
    study.code("FG1", code.id, text="Precies, zo ging het")
    study.memo(f"Let op: {SECRET}!", document="FG1")
    study.memo("zweefvliegers herkent iedereen", document="FG1", text=SECRET)
    address = study.snapshot().document_row(study.snapshot().document_names["FG1"])["text"]
    with study._store.writing() as connection:
        keep(connection, [Kept("k", address, "words", SECRET.encode())])
    StudyCache(study._store).put("model", {"sha": SECRET.encode()})
    backup(study._store, "voor-proef")
    freeze(study, folder / "bevroren.zip")
    shutil.unpack_archive(folder / "bevroren.zip", folder / "voor")
    assert in_folder(folder, "zeldzame zweefvliegclub")
    shutil.rmtree(folder / "voor")

    assert study.withdraw("FG1", text=SECRET) == 1

    assert "[ingetrokken]" in text_of(study)
    assert "zeldzame" not in text_of(study)
    assert len(study.codings()) == 1
    assert list(study.snapshot().memos["text"]) == ["Let op: " + "█" * len(SECRET) + "!"]
    assert "█" in study.codebook.codes[-1].name
    assert all(finding.sound for finding in study.doctor() if finding.check != "projection")
    shutil.unpack_archive(folder / "bevroren.zip", folder / "uitgepakt")
    assert in_folder(folder, "zeldzame", "zweefvlieg", "gouden distel", "die distel weer") == []
    study.close()
    assert in_folder(folder, "zeldzame", "zweefvlieg", "gouden distel", "die distel weer") == []


def test_the_fact_stays_in_the_log_and_undo_passes_it_over(study: Project) -> None:
    study.withdraw("FG1", text=SECRET)
    last = study.history().iloc[-1]
    assert (last["kind"], last["coder"]) == ("withdraw", "anna")
    study.undo()
    assert "zeldzame" not in text_of(study)
    assert "withdraw" in set(study.history()["kind"])


def test_other_codings_keep_their_words(study: Project) -> None:
    code = study.codebook.codes[-1]
    study.code("FG1", code.id, text="Dat was heel anders bij ons.")
    study.code("FG1", code.id, text="en dat wist iedereen")
    study.withdraw("FG1", text=SECRET)
    assert sorted(study.codings()["text"]) == ["Dat was heel anders bij ons.", "en dat wist iedereen"]


def test_a_participant_withdraws_whole(study: Project, folder: Path) -> None:
    study.code("FG1", study.codebook.codes[-1].id, text="Precies, zo ging het toen ook.")
    assert study.withdraw(participant="FG1-P1") == 2
    assert study.codings().empty
    assert set(study.snapshot().participants["name"]) == {"FG1-P2"}
    study.close()
    assert in_folder(folder, "zeldzame", "distelkweker", "FG1-P1", "Precies, zo ging") == []


def test_an_old_copy_does_not_bring_it_back(study: Project, folder: Path, tmp_path: Path) -> None:
    shutil.copy(backup(study._store, "kopie"), tmp_path / "kopie.qualcode")
    with Project.open(tmp_path / "kopie.qualcode", coder="bram") as other:
        other.memo(f"mooi: {SECRET}", document="FG1")
        other.code("FG1", other.codebook.codes[-1].id, text="Dat was heel anders bij ons.")
    study.withdraw("FG1", text=SECRET)
    study.merge(tmp_path / "kopie.qualcode")
    assert "zeldzame" not in "".join(study.snapshot().memos["text"])
    assert all(finding.sound for finding in study.doctor() if finding.check not in {"projection", "references"})
    study.close()
    assert in_folder(folder, "zeldzame", "zweefvlieg") == []


def test_a_withdrawal_in_another_copy_reaches_this_one(study: Project, folder: Path, tmp_path: Path) -> None:
    shutil.copy(backup(study._store, "kopie"), tmp_path / "kopie.qualcode")
    study.memo(f"mooi: {SECRET}", document="FG1")
    with Project.open(tmp_path / "kopie.qualcode", coder="bram") as other:
        other.withdraw("FG1", text=SECRET)
    study.merge(tmp_path / "kopie.qualcode")
    assert "[ingetrokken]" in text_of(study)
    study.close()
    assert in_folder(folder, "zeldzame", "zweefvlieg") == []


def test_words_that_went_through_an_earlier_version_go_from_that_too(study: Project, folder: Path, tmp_path: Path) -> None:
    study.decide("FG1", TALK.index("distel"), TALK.index("distel") + 6, replacement="[bloem]")
    study.pseudonymise(tmp_path / "s.key", "een lange wachtzin")
    study.withdraw("FG1", text="mijn zeldzame zweefvliegclub verloor toen de gouden [bloem]")
    study.close()
    assert in_folder(folder, "zeldzame", "zweefvlieg") == []


def test_a_wrong_wish_changes_nothing(study: Project) -> None:
    before = study.stamp
    with pytest.raises(Refused, match="wat ingetrokken wordt"):
        study.withdraw()
    with pytest.raises(NotFound, match="FG1-P9"):
        study.withdraw(participant="FG1-P9")
    with pytest.raises(NotFound):
        study.withdraw("FG1", text="dit staat er niet")
    assert study.stamp == before


def test_words_of_a_topic_that_nobody_says_any_more_are_gone(study: Project, folder: Path) -> None:
    row = {"sort": "topic", "state": "pending", "name": "zweefvliegclub, heel, toen", "words": ["zweefvliegclub", "heel", "gouden", "toen"]}
    study._commit(
        "topics", Change("proposal", ["t1", "t2"], {"exists": [True, True], **{key: [value, value] for key, value in row.items()}})
    )
    study.proposals.rename("t2", "Verlies en heel veel trots")
    study.withdraw("FG1", text=SECRET)
    assert in_folder(folder, "zweefvliegclub", "gouden") == []
    frame = study.snapshot().tables["proposal"].set_index("guid")
    assert list(frame["words"]) == [["heel", "toen"]] * 2  # others say these
    assert list(frame["name"]) == ["heel, toen", "Verlies en heel veel trots"]  # a name that a person gave stays
