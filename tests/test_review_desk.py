"""The review desk in a real browser: a queue by keyboard, a talk with the coder, a summary agreed, a chapter signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from desk.harness import Bridge, chromium
from qualcode.errors import NotFound
from qualcode.widgets.desk import Desk

TURNS = ["hoe gaat het?", "goed hoor 😀 echt wel", "ze groetten mij nooit bij de printer", "nou ja het ging wel", "echt waar gebeurd toen"]
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
          - {id: E10, name: Genegeerd, definition: "Wel aanwezig, maar niet gezien of gegroet."}
          - {id: E11, name: Buitengesloten, definition: "Er niet bij mogen zijn."}
      - id: EB
        name: Minder tastbaar
        codable: false
        codes:
          - {id: G01, name: Overvallen}
confusable:
  - {first: E10, second: E11, rule: Erbij maar niet gezien is E10; er niet bij is E11.}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studie")
    words = "\n\n".join(f"{'M1' if n == 0 else f'R{n}'}: {t}" for n, t in enumerate(TURNS))
    (folder / "FG1.txt").write_text(words + "\n", encoding="utf-8")
    (folder / "boek.yaml").write_text(BOOK, encoding="utf-8")
    with qc.Project.create(folder / "s.qualcode", coder="anna", codebook=folder / "boek.yaml") as study:
        study.import_documents(folder / "FG1.txt", kind="focusgroep")
    return folder / "s.qualcode"


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "s.qualcode"
    copy.write_bytes(made.read_bytes())
    return copy


@pytest.fixture
def anna(path: Path) -> Iterator[qc.Project]:
    with qc.Project.open(path, coder="anna") as opened:
        opened.code("FG1", "G01", turn=2)
        opened.code("FG1", "E10", turn=3, memo="of E11?")
        opened.code("FG1", "E10", turn=5)
        yield opened


@pytest.fixture
def opened(browser: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Desk], Bridge]]:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    bridges: list[Bridge] = []

    def open_(desk: Desk) -> Bridge:
        bridges.append(Bridge(browser, desk))
        bridges[-1].settled()
        return bridges[-1]

    yield open_
    for bridge in bridges:
        bridge.close()


def items(bridge: Bridge) -> list[str]:
    return [text.replace("\n", " ") for text in bridge.page.locator(".qc-item").all_inner_texts()]


def test_the_queue_is_worked_off_by_keyboard(anna: qc.Project, opened: Callable[[Desk], Bridge]) -> None:
    bridge = opened(qc.ReviewDesk(anna, reviewer="carla"))
    bridge.picture("70-queue")
    assert items(bridge) == ["FG1 2 G01", "FG1 3 E10 vraag in memo", "FG1 5 E10"]
    assert bridge.page.locator(".qc-matter mark").inner_text() == TURNS[1]
    bridge.page.locator(".qc-list").focus()
    bridge.press("a")
    bridge.settled()
    bridge.press("w")  # a change wants a reason
    assert "reden" in bridge.page.locator(".qc-status").inner_text()
    bridge.write("ze was er wel bij")
    bridge.page.locator("[data-field=instead]").select_option(label="Ervaringen › Openlijk › Buitengesloten")
    bridge.page.locator(".qc-list").focus()
    bridge.press("w")
    bridge.settled()
    bridge.press("r")
    bridge.write("te kort om te weten")
    bridge.press("Escape", "x")
    bridge.settled()
    anna.refresh()
    frame = anna.threads()
    assert list(frame["verdict"]) == ["accept", "change", "reject"]
    assert set(frame["reviewer"]) == {"carla"}
    assert list(frame["code"].fillna("")) == ["", "E11", ""]
    assert [text.split("✓")[1].strip() for text in items(bridge)] == ["akkoord", "wijzigen", "afwijzen"]
    bridge.press("Control+z")
    bridge.settled()
    anna.refresh()
    assert len(anna.threads()) == 2
    assert anna.coder == "anna"


def test_the_queue_can_be_doubt_or_a_sample_with_its_seed(anna: qc.Project, opened: Callable[[Desk], Bridge]) -> None:
    bridge = opened(qc.ReviewDesk(anna, reviewer="carla", order="doubt"))
    assert items(bridge) == ["FG1 3 E10 vraag in memo"]
    bridge.page.locator("[data-field=order]").select_option("sample")
    bridge.settled()
    bridge.page.locator("[data-field=sample]").fill("1")
    bridge.page.locator("[data-field=seed]").fill("3")
    bridge.page.locator("[data-field=seed]").blur()
    bridge.settled()
    drawn = anna.queue(order="sample", sample=1, seed=3)
    assert len(items(bridge)) == 1
    assert str(drawn["turn"].iloc[0]) in items(bridge)[0]
    with pytest.raises(NotFound):
        qc.ReviewDesk(anna, reviewer="carla", document="FG9")


def test_the_coder_answers_and_takes_over_what_was_asked(anna: qc.Project, opened: Callable[[Desk], Bridge], path: Path) -> None:
    coding = str(anna.codings(code="E10")["coding"].iloc[0])
    with qc.Project.open(path, coder="carla") as carla:
        carla.review(coding, "change", "ze mocht er niet bij", code="E11")
    anna.refresh()
    bridge = opened(qc.ReviewDesk(anna))
    assert "(1)" in bridge.page.locator("[data-tab=threads]").inner_text()
    bridge.press("Tab")
    bridge.page.locator(".qc-list").focus()
    bridge.press("2")
    bridge.settled()
    bridge.picture("71-threads")
    assert "u bent aan zet" in items(bridge)[0]
    bridge.press("r")
    bridge.write("eens, ik lees het opnieuw")
    bridge.press("Control+Enter")
    bridge.settled()
    assert anna.threads()["answers"].iloc[0][0]["text"] == "eens, ik lees het opnieuw"
    bridge.press("r")
    bridge.write("overgenomen")
    bridge.page.get_by_label("zet ook E11 op deze woorden").check()
    bridge.page.locator("[data-act=settle]").click()
    bridge.settled()
    assert not anna.threads()["open"].any()
    assert anna.codings(code="E11")["coding"].iloc[0] == coding


def test_a_summary_is_written_and_agreed_by_somebody_else(anna: qc.Project, opened: Callable[[Desk], Bridge]) -> None:
    writer = opened(qc.ReviewDesk(anna))
    writer.page.locator("[data-tab=matrix]").click()
    writer.settled()
    writer.page.locator("[data-cell='FG1/EA']").click()
    writer.settled()
    assert "2" in writer.page.locator(".qc-matter h3").inner_text()
    writer.page.locator("[data-field=summary]").fill("woord " * 41)
    writer.page.locator("[data-act=keep]").click()
    writer.settled()
    assert writer.page.locator(".qc-banner").is_visible()
    writer.page.locator("[data-field=summary]").fill("Niet gegroet worden komt bij twee deelnemers voor.")
    writer.page.locator("[data-act=keep]").click()
    writer.settled()
    writer.picture("72-matrix")
    reviewer = opened(qc.ReviewDesk(anna, reviewer="carla"))
    reviewer.page.locator("[data-tab=matrix]").click()
    reviewer.settled()
    assert "concept" in reviewer.page.locator("[data-cell='FG1/EA']").inner_text()
    reviewer.page.locator("[data-state=akkoord]").click()
    reviewer.settled()
    anna.refresh()
    assert list(anna.snapshot().cells["state"]) == ["akkoord"]
    reviewer.page.locator("[data-cell='FG1/EA']").focus()
    reviewer.press("ArrowRight")
    reviewer.settled()
    assert "EB" in reviewer.page.locator(".qc-matter h2").inner_text()


def test_from_two_blind_coders_to_consensus_to_a_signed_chapter(path: Path, opened: Callable[[Desk], Bridge]) -> None:
    lead = qc.Project.open(path, coder="carla")
    lead.blind("anna", "bram")
    desks: dict[str, qc.Project] = {name: qc.Project.open(path, coder=name) for name in ("anna", "bram")}
    for name, where in (("anna", (2, 3)), ("bram", (2, 5))):
        bridge = opened(qc.CodingDesk(desks[name], document="FG1"))
        for turn in where:
            bridge.drag(turn, TURNS[turn - 1].split()[-1])
            bridge.write("over" if turn == 2 else "gene" if name == "anna" else "buit")
            bridge.press("Enter")
            bridge.settled()
            bridge.press("Escape")
        bridge.picture(f"80-blind-{name}")
        assert set(desks[name].codings()["coder"]) == {name}
    # somebody who is not blind compares, and lifts it
    lead.refresh()
    assert set(lead.codings()["coder"]) == {"anna", "bram"}
    lead.unblind()
    table = opened(qc.ConsensusDesk(lead, ["anna", "bram"]))
    table.picture("81-side-by-side")
    table.page.locator(".qc-list").focus()
    table.press("a")
    table.settled()
    table.press("r")
    table.write("niet gegroet, wel aanwezig")
    table.press("Escape", "b")
    table.settled()
    table.picture("82-consensus")
    assert sorted(lead.codings(layer="consensus")["code"]) == ["E10", "E11", "G01"]
    # the supervisor looks, asks, is answered, and signs the chapter
    boss = opened(qc.ReviewDesk(lead, reviewer="els"))
    boss.page.locator(".qc-list").focus()
    boss.press("a")
    boss.settled()
    boss.press("v")
    boss.write("is dit buitensluiten of negeren?")
    boss.press("Escape", "v")
    boss.settled()
    boss.press("4")
    boss.settled()
    for _ in range(1):
        boss.press("ArrowDown")
    boss.settled()
    boss.picture("83-open-points")
    assert "Open punten: 1" in boss.page.locator(".qc-matter").inner_text()
    boss.press("t")
    assert "open punten" in boss.page.locator(".qc-status").inner_text()
    boss.press("Escape", "2")
    boss.settled()
    boss.press("r")
    boss.write("besproken: blijft zo")
    boss.page.locator("[data-act=settle]").click()
    boss.settled()
    boss.press("4")
    boss.settled()
    boss.press("t")
    boss.settled()
    boss.picture("84-signed")
    lead.refresh()
    row = lead.signatures().iloc[0]
    assert (row["what"], row["coder"], row["standing"], row["open"]) == ("E Ervaringen", "els", True, [])
    for study in (lead, *desks.values()):
        study.close()
