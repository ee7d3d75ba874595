"""A supervisor looks, says what they think, is answered, and signs; every word of it stays in the study."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from qualcode.analysis.reviewing import QUEUE_COLUMNS, THREAD_COLUMNS
from qualcode.errors import NotFound, Refused

TURNS = ["hoe gaat het?", "goed hoor, echt wel waar", "kan beter dan dit hier", "nou ja het ging wel", "echt waar gebeurd toen"]
BOOK = """
name: proef
version: "1"
language: nl
codes:
  - id: E
    name: Ervaringen
    codable: false
    codes:
      - id: EA
        name: Openlijk
        codable: false
        codes:
          - {id: E10, name: Genegeerd}
          - {id: E11, name: Buitengesloten}
  - id: O
    name: Opvolging
    codable: false
    codes:
      - {id: O01, name: Omstanders}
dimensions:
  - {name: ironie, type: choice, values: [ja, nee], default: nee}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studie")
    for name in ("FG1", "FG2"):
        words = "\n\n".join(f"{'M1' if n == 0 else f'R{n}'}: {t} {name}" for n, t in enumerate(TURNS))
        (folder / f"{name}.txt").write_text(words + "\n", encoding="utf-8")
    (folder / "boek.yaml").write_text(BOOK, encoding="utf-8")
    with qc.Project.create(folder / "s.qualcode", coder="anna", codebook=folder / "boek.yaml") as study:
        study.import_documents([folder / "FG1.txt", folder / "FG2.txt"], kind="focusgroep")
        study.code("FG1", "E10", turn=2, memo="of is dit E11?")
        study.code("FG1", "E11", turn=3, ironie="ja")
        study.code("FG1", "O01", text="nou ja")
        study.code("FG2", "E10", turn=4)
    return folder / "s.qualcode"


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "s.qualcode"
    copy.write_bytes(made.read_bytes())
    return copy


@pytest.fixture
def anna(path: Path) -> Iterator[qc.Project]:
    with qc.Project.open(path, coder="anna") as study:
        yield study


@pytest.fixture
def carla(path: Path) -> Iterator[qc.Project]:
    with qc.Project.open(path, coder="carla") as study:
        yield study


def guid(study: qc.Project, code: str, document: str = "FG1") -> str:
    return str(study.codings(code=code, document=document)["coding"].iloc[0])


# the queue -----------------------------------------------------------------------------------------------


def test_the_queue_is_what_waits_in_the_order_of_the_words(carla: qc.Project) -> None:
    frame = carla.queue()
    assert tuple(frame.columns) == QUEUE_COLUMNS
    assert list(zip(frame["document"], frame["code"], frame["turn"], strict=True)) == [
        ("FG1", "E10", 2), ("FG1", "E11", 3), ("FG1", "O01", 4), ("FG2", "E10", 4),
    ]  # fmt: skip
    carla.review(guid(carla, "E10"), "accept")
    assert len(carla.queue()) == 3
    assert list(carla.queue(reviewed=True)["verdict"].fillna("")) == ["accept", "", "", ""]


def test_the_queue_narrows_by_code_document_and_coder(carla: qc.Project) -> None:
    assert list(carla.queue(code="E")["code"]) == ["E10", "E11", "E10"]
    assert list(carla.queue(document="FG2")["code"]) == ["E10"]
    assert len(carla.queue(coder="anna")) == 4
    assert len(carla.queue(layer="ronde-1")) == 4
    for wrong in ({"code": "Z"}, {"document": "FG9"}, {"coder": "niemand"}, {"layer": "ronde-8"}):
        with pytest.raises(NotFound):
            carla.queue(**wrong)
    for bad in ({"order": "mooi"}, {"sample": 0}):
        with pytest.raises(Refused):
            carla.queue(**bad)


def test_doubt_comes_first_and_says_why(carla: qc.Project, anna: qc.Project) -> None:
    frame = carla.queue(order="doubt")
    assert dict(zip(frame["code"], frame["doubts"], strict=True)) == {"E10": "vraag in memo", "E11": "ironie", "O01": "kort"}
    anna.codebook.edit("E10", definition="nu anders")
    carla.refresh()
    again = carla.queue(order="doubt")
    assert again["doubts"].iloc[0] == "vraag in memo|ouder codeboek"
    assert (again["document"] == "FG2").any()


def test_a_sample_is_the_same_for_the_same_seed_and_says_it(carla: qc.Project) -> None:
    one, same = (carla.queue(order="sample", sample=2, seed=3) for _ in range(2))
    assert one.equals(same)
    assert set(one["seed"]) == {3}
    assert len(one) == 2
    draws = {tuple(carla.queue(order="sample", sample=2, seed=seed)["coding"]) for seed in range(12)}
    assert len(draws) > 1
    assert len(carla.queue(order="sample", sample=99)) == 4


# verdicts and threads ------------------------------------------------------------------------------------


def test_a_verdict_reaches_the_coder_and_the_answer_the_supervisor(carla: qc.Project, anna: qc.Project) -> None:
    given = carla.review(guid(carla, "E11"), "change", "ze was er niet bij", code="E10")
    anna.refresh()
    frame = anna.inbox()
    assert tuple(frame.columns) == THREAD_COLUMNS
    row = frame.iloc[0]
    assert (row["verdict"], row["code"], row["reviewer"], row["owner"], row["what"]) == ("change", "E10", "carla", "anna", "E11, FG1")
    assert carla.inbox().empty
    anna.answer(given, "toch wel: lees beurt 4")
    assert anna.inbox().empty
    carla.refresh()
    assert carla.inbox()["answers"].iloc[0][0]["text"] == "toch wel: lees beurt 4"
    carla.answer(given, "goed punt")
    anna.refresh()
    assert len(anna.inbox()) == 1
    anna.settle(given, "blijft E11")
    carla.refresh()
    assert carla.inbox().empty
    assert carla.threads()["decision"].iloc[0] == "blijft E11"


def test_settling_can_do_what_was_asked_and_one_undo_takes_both_back(carla: qc.Project, anna: qc.Project) -> None:
    coding = guid(carla, "E11")
    given = carla.review(coding, "change", code="E10")
    anna.refresh()
    anna.settle(given, "overgenomen", apply=True)
    assert list(anna.codings(document="FG1", code="E10")["coding"]).count(coding) == 1
    anna.undo()
    assert anna.codings(code="E11")["coding"].iloc[0] == coding
    assert anna.threads()["open"].all()
    gone = carla.review(guid(carla, "O01"), "reject", "geen omstander")
    anna.refresh()
    anna.settle(gone, "klopt", apply=True)
    assert anna.codings(code="O01").empty


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"verdict": "mooi"}, Refused),
        ({"verdict": "change"}, Refused),
        ({"verdict": "reject", "reason": "  "}, Refused),
        ({"verdict": "change", "code": "Z9"}, NotFound),
        ({"target": "geen-guid", "verdict": "accept"}, NotFound),
    ],
)
def test_a_verdict_that_cannot_be_changes_nothing(carla: qc.Project, how: dict[str, Any], error: type[Exception]) -> None:
    carla.memo("begin", code="E")
    before = len(carla.history())
    with pytest.raises(error):
        carla.review(**({"target": guid(carla, "E10")} | how))
    assert len(carla.history()) == before


def test_nobody_passes_a_verdict_on_their_own_work(anna: qc.Project) -> None:
    with pytest.raises(Refused):
        anna.review(guid(anna, "E10"), "accept")
    anna.review(guid(anna, "E10"), "remark", "vraag aan de groep")


def test_what_cannot_be_answered_or_settled_is_refused(carla: qc.Project) -> None:
    given = carla.review(guid(carla, "E10"), "remark", "hm")
    for act in (lambda: carla.answer(given, " "), lambda: carla.settle(given, ""), lambda: carla.settle(given, "x", apply=True)):
        with pytest.raises(Refused):
            act()
    for act in (lambda: carla.answer("weg", "x"), lambda: carla.settle("weg", "x")):
        with pytest.raises(NotFound):
            act()


def test_a_remark_can_be_about_a_document_or_a_code_too(carla: qc.Project) -> None:
    carla.review("FG2", "remark", "wie was de notulist?")
    carla.review(carla.codebook.find("E10").guid, "remark", "definitie scherper")
    assert list(carla.threads()["on"]) == ["document", "code"]
    assert list(carla.threads()["document"].fillna("")) == ["FG2", ""]


def test_a_blind_coder_reads_what_is_said_of_their_own_work_only(path: Path, carla: qc.Project) -> None:
    with qc.Project.open(path, coder="bram") as bram:
        own = bram.code("FG1", "E10", turn=5)
    carla.refresh()
    carla.blind("bram")
    carla.review(own, "change", "waarom?", code="E11")
    carla.review(guid(carla, "E11"), "reject", "geheim")
    with qc.Project.open(path, coder="bram") as bram:
        assert list(bram.threads()["text"]) == ["waarom?"]
        assert len(bram.inbox()) == 1


# the matrix ----------------------------------------------------------------------------------------------


def test_a_summary_is_written_seen_and_agreed_by_another(carla: qc.Project, anna: qc.Project) -> None:
    cell = anna.cell("FG1", "EA", "Niet gezien worden komt bij twee deelnemers voor.")
    with pytest.raises(Refused):
        anna.cell("FG1", "EA", state="akkoord")
    carla.refresh()
    assert carla.cell("FG1", "EA", state="gezien") == cell
    carla.review(cell, "change", "noem ook de groet")
    anna.refresh()
    assert anna.inbox()["what"].iloc[0] == "EA, FG1"
    anna.cell("FG1", "EA", "Niet gezien of gegroet worden komt bij twee deelnemers voor.")
    row = anna.snapshot().cells.iloc[0]
    assert (row["state"], len(anna.snapshot().cells)) == ("concept", 1)
    carla.refresh()
    carla.cell("FG1", "EA", state="akkoord")
    assert carla.snapshot().cells["state"].iloc[0] == "akkoord"


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"text": "woord " * 41}, Refused),
        ({"text": "kort", "state": "mooi"}, Refused),
        ({"text": "kort", "state": "akkoord"}, Refused),
        ({"state": "gezien"}, Refused),
        ({"document": "FG9", "text": "kort"}, NotFound),
        ({"code": "Z", "text": "kort"}, NotFound),
    ],
)
def test_a_cell_that_cannot_be_is_not_written(carla: qc.Project, how: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        carla.cell(**({"document": "FG1", "code": "EA"} | how))
    assert carla.snapshot().cells.empty


def test_forty_words_fit(carla: qc.Project) -> None:
    carla.cell("FG1", "EA", "woord " * 40)
    assert len(carla.snapshot().cells) == 1


# signing -------------------------------------------------------------------------------------------------


def test_open_points_stand_in_the_way_until_they_are_settled(carla: qc.Project, anna: qc.Project) -> None:
    given = carla.review(guid(carla, "E11"), "change", "anders", code="E10")
    anna.refresh()
    anna.cell("FG1", "EA", "kort")
    carla.refresh()
    points = carla.open_points("FG1")
    assert list(points["sort"]) == ["draad", "cel"]
    assert carla.open_points("FG2").empty
    assert list(carla.open_points(chapter="E")["sort"]) == ["draad", "cel"]
    assert carla.open_points(chapter="O").empty
    with pytest.raises(Refused, match="2"):
        carla.sign("FG1")
    carla.settle(given, "blijft")
    carla.cell("FG1", "EA", state="akkoord")
    carla.sign("FG1")
    row = carla.signatures().iloc[0]
    assert (row["on"], row["what"], row["coder"], row["standing"], row["open"]) == ("document", "FG1", "carla", True, [])


def test_two_coders_who_differ_are_an_open_point_until_something_is_chosen(path: Path, carla: qc.Project) -> None:
    with qc.Project.open(path, coder="bram") as bram:
        bram.code("FG1", "E11", turn=2)
        bram.code("FG1", "E11", turn=3, ironie="ja")
        bram.code("FG1", "O01", text="nou ja")
    carla.refresh()
    assert list(carla.open_points("FG1")["sort"]) == ["verschil"]
    assert carla.open_points(chapter="O").empty
    carla.choose(carla.differences(["anna", "bram"], documents=["FG1"]).iloc[0], "a", reason="besproken")
    assert carla.open_points("FG1").empty


def test_one_can_sign_with_a_reason_and_the_open_points_are_kept(carla: qc.Project) -> None:
    carla.review(guid(carla, "E11"), "change", "anders", code="E10")
    carla.sign(chapter="E", despite="volgt in de volgende versie")
    row = carla.signatures().iloc[0]
    assert (row["what"], row["reason"], len(row["open"])) == ("E Ervaringen", "volgt in de volgende versie", 1)


def test_a_signature_no_longer_stands_when_what_was_read_changes(carla: qc.Project, anna: qc.Project) -> None:
    carla.sign("FG1")
    carla.sign(chapter="O")
    assert carla.signatures()["standing"].all()
    anna.refresh()
    anna.recode(guid(anna, "E11"), code="E10")
    carla.refresh()
    standing = carla.signatures().set_index("what")["standing"]
    assert not standing["FG1"]
    assert standing["O Opvolging"]
    carla.sign("FG1")
    assert carla.signatures()["standing"].all()
    assert len(carla.signatures()) == 2


def test_a_signature_is_taken_back_by_who_gave_it(carla: qc.Project, anna: qc.Project) -> None:
    carla.sign("FG1")
    anna.refresh()
    with pytest.raises(NotFound):
        anna.unsign("FG1")
    carla.unsign("FG1")
    assert carla.signatures().empty
    carla.undo()
    assert len(carla.signatures()) == 1


@pytest.mark.parametrize("how", [{}, {"document": "FG1", "chapter": "E"}, {"chapter": "EA"}])
def test_a_signature_is_on_one_document_or_one_theme(carla: qc.Project, how: dict[str, str]) -> None:
    with pytest.raises(Refused):
        carla.sign(**how)


def test_reviews_and_signatures_merge_like_everything(carla: qc.Project, anna: qc.Project, path: Path) -> None:
    copy = path.parent / "kopie.qualcode"
    anna.assign("dirk", copy=path.parent / "leeg.qualcode")
    copy.write_bytes(path.read_bytes())
    wal = path.parent / "s.qualcode-wal"
    if wal.exists():
        (path.parent / "kopie.qualcode-wal").write_bytes(wal.read_bytes())
    with qc.Project.open(copy, coder="carla") as other:
        given = other.review(guid(other, "E11"), "change", "anders", code="E10")
        other.sign("FG2")
    anna.merge(copy)
    assert anna.inbox()["review"].iloc[0] == given
    assert len(anna.signatures()) == 1
