"""The consensus desk and the review desk in a real JupyterLab: their keys are theirs alone, and nothing of the talk is saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from desk.harness import chromium
from desk.lab import Running, Session

pytestmark = pytest.mark.slow

BOTH = ["anna", "bram"]
TURNS = ["hoe gaat het?", "ze groetten mij nooit bij de printer", "echt waar gebeurd toen"]
BOOK = """
name: proef
version: "1"
language: nl
codes:
  - id: E
    name: Ervaringen
    codable: false
    codes:
      - {id: E10, name: Genegeerd, definition: "Wel aanwezig, maar niet gezien of gegroet."}
      - {id: E11, name: Buitengesloten, definition: "Er niet bij mogen zijn."}
confusable:
  - {first: E10, second: E11, rule: Erbij maar niet gezien is E10; er niet bij is E11.}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


def coded_twice(folder: Path) -> Path:
    words = "\n\n".join(f"{'M1' if n == 0 else f'R{n}'}: {t}" for n, t in enumerate(TURNS))
    (folder / "FG1.txt").write_text(words + "\n", encoding="utf-8")
    (folder / "boek.yaml").write_text(BOOK, encoding="utf-8")
    with qc.Project.create(folder / "studie.qualcode", coder="anna", codebook=folder / "boek.yaml") as study:
        study.import_documents(folder / "FG1.txt", kind="focusgroep")
        study.code("FG1", "E10", turn=2)
        study.code("FG1", "E10", turn=3)
    with qc.Project.open(folder / "studie.qualcode", coder="bram") as study:
        study.code("FG1", "E11", turn=2)
    return folder / "studie.qualcode"


@pytest.mark.parametrize(
    ("desk", "keys"), [("ConsensusDesk(studie, ['anna', 'bram'])", "ba"), ("ReviewDesk(studie)", "aa")], ids=["consensus", "review"]
)
def test_a_desk_is_worked_by_keys_and_leaves_the_notebook_alone(
    browser: Any, lab: Running, request: pytest.FixtureRequest, desk: str, keys: str
) -> None:
    folder = lab.root / request.node.callspec.id
    folder.mkdir()
    path = coded_twice(folder)
    opened = 'import qualcode as qc\nstudie = qc.Project.open("studie.qualcode", coder="carla")'
    session = Session(browser, lab, folder, cells=(opened, f"qc.{desk}"), name="beoordelen")
    session.open()
    session.run()
    before = session.cells()
    session.page.locator(".qc-list").focus()
    for key in keys:
        session.press(key)
        session.settled()
    session.picture(f"62-lab-{request.node.callspec.id}")
    assert session.cells() == before
    with qc.Project.open(path, coder="toezicht") as study:
        if desk.startswith("Consensus"):
            assert list(study.differences(BOTH)["take"]) == ["b", "a"]
            assert sorted(study.codings(layer="consensus")["code"]) == ["E10", "E11"]
        else:
            assert list(study.threads()["verdict"]) == ["accept", "accept"]
            assert set(study.threads()["reviewer"]) == {"carla"}
    session.save()
    saved = json.dumps(session.saved(), ensure_ascii=False)
    session.context.close()
    assert session.outside == []
    assert desk.partition("(")[0] in saved
    assert not any(words in saved for words in TURNS)
