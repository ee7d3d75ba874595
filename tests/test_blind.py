"""Working blind: whatever a coder opens, nothing of what others judged is in it; lifting it is an event."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.cli import main
from qualcode.errors import NotFound, Refused, StudyExists
from qualcode.model import as_snapshot
from qualcode.project.blind import notice

TEXT = "M1: hoe gaat het?\n\nR1: goed hoor\n\nR2: kan beter\n\nR1: nou ja\n\nR2: echt waar\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a study in which bram coded, noted and registered, and anna works blind; carla leads."""
    (tmp_path / "FG1.txt").write_text(TEXT, encoding="utf-8")
    address = tmp_path / "s.qualcode"
    with qc.Project.create(address, coder="carla") as made:
        made.import_documents(tmp_path / "FG1.txt", kind="focusgroep")
        made.codebook.add("E", "Ervaringen", codable=False)
        made.codebook.add("E01", "Belediging", parent="E")
        made.codebook.add("E02", "Grap", parent="E")
        made.memo("codeboekmemo", code="E01")
    with qc.Project.open(address, coder="bram") as bram:
        bram.code("FG1", "E01", turn=2, memo="bramsmemo")
        bram.uncode(bram.code("FG1", "E02", turn=3))
        bram.memo("losse notitie", document="FG1", turn=4)
        bram.record("interaction", document="FG1", turn=5, interaction="I1")
    with qc.Project.open(address, coder="carla") as lead:
        lead.blind("anna")
    return address


@pytest.fixture
def anna(path: Path) -> Iterator[qc.Project]:
    with qc.Project.open(path, coder="anna") as opened:
        yield opened


@pytest.fixture
def carla(path: Path) -> Iterator[qc.Project]:
    with qc.Project.open(path, coder="carla") as opened:
        yield opened


def test_a_blind_coder_sees_only_their_own_work_in_every_table(anna: qc.Project, carla: qc.Project) -> None:
    anna.code("FG1", "E02", turn=2)
    assert list(anna.codings()["coder"]) == ["anna"]
    now = as_snapshot(anna)
    assert list(now.memos["text"]) == ["codeboekmemo"]
    assert len(now.interactions) == 0
    assert len(now.documents) == 1
    carla.refresh()
    assert set(carla.codings()["coder"]) == {"anna", "bram"}
    assert len(carla.snapshot("anna").codings) == 1
    assert len(anna.snapshot("carla").codings) == 2  # one filter, whoever asks
    assert "1 coderingen" in repr(anna)


def test_history_and_the_event_table_tell_nothing_of_others(anna: qc.Project, carla: qc.Project) -> None:
    bram = set(carla.codings(coder="bram")["coding"])
    told = anna.history()
    assert not (told["coder"] == "bram").any() or set(told.loc[told["coder"] == "bram", "kind"]) <= {"coder"}
    events = anna.snapshot().events
    guids = {guid for changes in events["changes"] for change in changes for guid in change.guid}
    assert not bram & guids
    assert (carla.history()["kind"] == "uncode").any()
    assert not (told["kind"] == "uncode").any()
    assert (told["kind"] == "blind").any()


def test_exports_of_a_blind_coder_hold_nothing_of_others(anna: qc.Project, tmp_path: Path) -> None:
    anna.code("FG1", "E02", turn=2)
    table = anna.export(tmp_path / "uit.csv").read_text(encoding="utf-8")
    assert "bram" not in table.replace("anna", "")
    book = anna.export(tmp_path / "uit.xlsx")
    with zipfile.ZipFile(book) as held:
        words = b"".join(held.read(name) for name in held.namelist())
    assert b"bramsmemo" not in words
    assert b"losse notitie" not in words
    assert b"codeboekmemo" in words


def test_what_others_do_meanwhile_does_not_reach_a_blind_coder(anna: qc.Project, path: Path) -> None:
    since = anna.stamp.events
    with qc.Project.open(path, coder="bram") as bram:
        bram.code("FG1", "E01", turn=4)
        bram.codebook.edit("E02", definition="nieuw")
    anna.refresh()
    touched = anna.touched(since)
    assert touched is not None
    assert not touched.get("coding")
    assert touched["code"]
    assert anna.codings().empty
    mine = anna.code("FG1", "E02", turn=2)
    assert list(anna.touched(since)["coding"]) == [mine.guid]  # type: ignore[index]


def test_a_blind_coder_cannot_touch_what_they_cannot_see(anna: qc.Project, carla: qc.Project) -> None:
    other = carla.codings(coder="bram")["coding"].iloc[0]
    for act in (anna.uncode, lambda guid: anna.recode(guid, code="E02")):
        with pytest.raises(NotFound):
            act(other)
    table = carla.codings()[["coding", "document", "start", "end", "code"]]
    with pytest.raises(Refused):
        anna.import_codings(table)  # the same guids again would overwrite another's work
    assert anna.undo() is None
    carla.refresh()
    assert len(carla.codings(coder="bram")) == 1


def test_agreement_with_somebody_one_may_not_see_is_not_to_be_had(anna: qc.Project) -> None:
    anna.code("FG1", "E02", turn=2)
    with pytest.raises(Refused):
        qc.agreement(anna, ["anna", "bram"])


def test_removing_a_document_takes_the_hidden_codings_along(anna: qc.Project, carla: qc.Project) -> None:
    anna.remove_document("FG1")
    assert [f.check for f in carla.doctor() if not f.sound] == []
    anna.undo()
    carla.refresh()
    assert len(carla.codings(coder="bram")) == 1


def test_lifting_it_is_an_event_by_who_may_see_all(anna: qc.Project, carla: qc.Project) -> None:
    assert carla.blinded == ("anna",)
    assert "eerlijke mensen" in notice(anna)
    assert notice(carla) == ""
    with pytest.raises(Refused, match="anna"):
        anna.unblind()
    with pytest.raises(NotFound, match="anna"):
        carla.unblind("bram")
    carla.unblind("anna")
    anna.refresh()
    assert set(anna.codings()["coder"]) == {"bram"}
    assert carla.history()["kind"].iloc[-1] == "unblind"
    assert carla.undo() is not None
    anna.refresh()
    assert anna.codings().empty
    with pytest.raises(Refused):
        carla.blind()


# a copy of one's own -----------------------------------------------------------------------------------------


def test_a_copy_of_ones_own_holds_nothing_of_others_and_comes_back_whole(carla: qc.Project, tmp_path: Path) -> None:
    target = tmp_path / "anna.qualcode"
    assert carla.assign("anna", "FG1", copy=target) == 1
    for word in (b"bramsmemo", b"losse notitie"):
        assert word not in target.read_bytes()
        assert word not in (tmp_path / "anna.qualcode-wal").read_bytes() if (tmp_path / "anna.qualcode-wal").exists() else True
    with qc.Project.open(target, coder="anna") as own:
        assert own.codings().empty
        assert all(f.sound for f in own.doctor())
        own.code("FG1", "E02", turn=2)
        assert own.codebook.find("E01").name == "Belediging"
    assert carla.merge(target).written
    assert set(carla.codings()["coder"]) == {"anna", "bram"}
    assert all(f.sound for f in carla.doctor())
    with qc.Project.open(target, coder="anna") as own:  # and the other way round: unblinded at last
        own.merge(carla._store.address)
        assert set(own.snapshot("carla").codings["coder"]) == set(carla.snapshot().codings["coder"])
        assert all(f.sound for f in own.doctor())


def test_a_copy_of_an_import_of_two_coders_holds_ones_own_half(carla: qc.Project, tmp_path: Path) -> None:
    rows = carla.codings()[["document", "start", "end", "code"]]
    both = [rows.assign(coder=name, layer="ronde-2") for name in ("anna", "bram")]
    import pandas as pd

    carla.import_codings(pd.concat(both))
    target = tmp_path / "anna.qualcode"
    carla.assign("anna", copy=target)
    with qc.Project.open(target, coder="anna") as own:
        assert list(own.codings()["layer"]) == ["ronde-2"]
        own.merge(carla._store.address)
        own.refresh()
        assert len(own._whole().codings) == 3
        assert all(f.sound for f in own.doctor())
    carla.merge(target)
    assert len(carla.codings()) == 3


def test_a_bad_assignment_changes_nothing(carla: qc.Project, anna: qc.Project, tmp_path: Path) -> None:
    before = len(carla.history())
    (tmp_path / "vol.qualcode").write_bytes(b"x")
    with pytest.raises(NotFound, match="FG9"):
        carla.assign("dirk", "FG1", "FG9", copy=tmp_path / "nieuw.qualcode")
    with pytest.raises(StudyExists):
        carla.assign("dirk", "FG1", copy=tmp_path / "vol.qualcode")
    with pytest.raises(Refused):
        carla.assign("dirk")
    with pytest.raises(Refused, match="anna"):
        anna.assign("dirk", "FG1")
    assert len(carla.history()) == before
    assert not (tmp_path / "nieuw.qualcode").exists()
    assert (tmp_path / "vol.qualcode").read_bytes() == b"x"


def test_assigning_twice_is_assigning_once_and_spread_reads_it(carla: qc.Project) -> None:
    assert carla.assign("bram", "FG1") == 1
    assert carla.assign("bram", "FG1") == 0
    assert len(carla.snapshot().assignments) == 1


def test_the_command_makes_the_copy(carla: qc.Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "anna.qualcode"
    address = carla._store.address
    assert main(["assign", address, "anna", "FG1", "--copy", str(target), "--coder", "carla"]) == 0
    assert "anna.qualcode" in capsys.readouterr().out
    assert target.exists()
    assert main(["assign", address, "anna", "FG7", "--coder", "carla"]) == 1
    assert "FG7" in capsys.readouterr().err
