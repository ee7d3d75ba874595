"""Pseudonyms: one person one replacement, the originals in the key alone, everything else carried over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qualcode import Project
from qualcode.errors import BadFile, NotFound, Refused
from qualcode.privacy.key_file import Key, read_key, write_key

PHRASE = "een lange wachtzin"
TALK = """M1: Hoe ging dat?

P1: Toen zei Zouhra Bouyakoub tegen mij dat het niet kon. Ik werkte bij de balie.

P2: Dat zei mijn teamleider Zouhra ook, in Zwolle.

P1: Precies, zo ging het."""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Project]:
    (tmp_path / "werk").mkdir()
    (tmp_path / "FG1.txt").write_text(TALK, encoding="utf-8")
    made = Project.create(tmp_path / "werk" / "s.qualcode", coder="anna")
    made.import_documents(tmp_path / "FG1.txt")
    yield made
    made.close()


def accept(study: Project) -> None:
    for row in study.identifiers().to_dict("records"):
        study.decide(row["document"], row["start"], row["end"], replacement=row["replacement"])


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_the_same_person_gets_the_same_replacement(study: Project) -> None:
    found = study.identifiers()
    names = found[found["label"] == "person"]
    assert list(names["text"]) == ["Zouhra Bouyakoub", "Zouhra"]
    assert list(names["replacement"].unique()) == ["[teamleider]"]


def test_replaced_words_are_in_the_key_alone_and_notes_lose_them_too(study: Project, tmp_path: Path) -> None:
    study.memo("Zouhra komt vaker terug", document="FG1", text="Toen zei Zouhra Bouyakoub")
    accept(study)
    done = study.pseudonymise(tmp_path / "sleutel.key", PHRASE)
    assert done.replaced == 3
    now = study.snapshot()
    text = now.text(now.document_names["FG1"])
    assert "Toen zei [teamleider] tegen mij" in text
    assert list(now.memos["text"]) == ["[teamleider] komt vaker terug"]
    assert text[now.memos["start"].iloc[0] : now.memos["end"].iloc[0]] == "Toen zei [teamleider]"
    study.close()
    for word in (b"Zouhra", b"Bouyakoub", b"Zwolle"):
        assert word not in bytes_of(tmp_path / "werk")
        assert word not in (tmp_path / "sleutel.key").read_bytes()


def test_turns_and_speakers_stay_where_they_were(study: Project, tmp_path: Path) -> None:
    accept(study)
    before = study.snapshot().turns
    study.pseudonymise(tmp_path / "sleutel.key", PHRASE)
    now = study.snapshot()
    text = now.text(now.document_names["FG1"])
    assert list(now.turns["label"]) == list(before["label"])
    assert [text[s:e] for s, e in zip(now.turns["start"], now.turns["end"], strict=True)][-1] == "Precies, zo ging het."
    assert all(finding.sound for finding in study.doctor())


def test_only_the_key_turns_it_back(study: Project, tmp_path: Path) -> None:
    accept(study)
    whole = study.snapshot().text(study.snapshot().document_names["FG1"])
    key = study.pseudonymise(tmp_path / "sleutel.key", PHRASE).key
    assert study.original_text("FG1", key, PHRASE) == whole
    assert set(study.originals(key, PHRASE)["original"]) == {"Zouhra Bouyakoub", "Zouhra", "Zwolle"}
    assert study.undo() is None or "Zouhra" not in study.snapshot().text(study.snapshot().document_names["FG1"])
    with pytest.raises(Refused, match="wachtzin past niet"):
        study.originals(key, "een andere wachtzin")


def test_a_later_session_keeps_the_replacement_of_the_key(study: Project, tmp_path: Path) -> None:
    accept(study)
    key = study.pseudonymise(tmp_path / "sleutel.key", PHRASE).key
    (tmp_path / "FG2.txt").write_text("P1: Ik sprak Zouhra Bouyakoub vorige week.\n\nP2: O ja?", encoding="utf-8")
    study.import_documents(tmp_path / "FG2.txt")
    found = study.identifiers("FG2", key=key, passphrase=PHRASE)
    assert list(found.loc[found["label"] == "person", "replacement"]) == ["[teamleider]"]


def test_a_decision_can_be_changed_and_undone_until_it_is_carried_out(study: Project) -> None:
    row = study.identifiers().iloc[0]
    first = study.decide("FG1", row["start"], row["end"], replacement="[collega]")
    assert study.decide("FG1", row["start"], row["end"], decision="reject") == first
    assert study.identifiers().iloc[0]["decision"] == "reject"
    study.undo()
    assert study.identifiers().iloc[0][["decision", "replacement"]].tolist() == ["accept", "[collega]"]


def test_nothing_changes_where_something_is_wrong(study: Project, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="nog geen voorstel"):
        study.pseudonymise(tmp_path / "sleutel.key", PHRASE)
    accept(study)
    before = study.stamp
    with pytest.raises(Refused, match="te kort"):
        study.pseudonymise(tmp_path / "sleutel.key", "kort")
    with pytest.raises(Refused, match="in de studie zelf"):
        study.pseudonymise(tmp_path / "werk" / "s.qualcode", PHRASE)
    study.decide("FG1", 0, 40, replacement="[alles]")
    with pytest.raises(Refused, match="delen woorden"):
        study.pseudonymise(tmp_path / "sleutel.key", PHRASE)
    assert study.stamp.events == before.events + 1
    assert not (tmp_path / "sleutel.key").exists()


def test_a_key_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    path = write_key(tmp_path / "a.key", Key("studie-1", {"sha": [(0, 4, "Noor", "[kind]")]}), PHRASE)
    assert read_key(path, PHRASE, study="studie-1").known() == {"Noor": "[kind]"}
    assert b"Noor" not in path.read_bytes()
    with pytest.raises(Refused, match="andere studie"):
        read_key(path, PHRASE, study="studie-2")
    with pytest.raises(Refused, match="wachtzin past niet"):
        read_key(path, PHRASE + "!", study="studie-1")
    with pytest.raises(NotFound, match="geen sleutelbestand"):
        read_key(tmp_path / "b.key", PHRASE)
    held = json.loads(path.read_text(encoding="utf-8"))
    held["body"] = held["body"][:-8] + "AAAAAAA="
    path.write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(BadFile, match="beschadigd"):
        read_key(path, PHRASE, study="studie-1")
    path.write_text("geen sleutel", encoding="utf-8")
    with pytest.raises(BadFile, match="beschadigd"):
        read_key(path, PHRASE)
