"""A text that nobody made for us goes the whole way: turns, codings, spread, report. On real debates, and on a made one like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.analysis import spread, trace
from qualcode.project import Project

MADE = """# Agendapunt 4: De fietsenstalling

De voorzitter: Aan de orde is het debat over de fietsenstalling. Het woord is aan mevrouw Van Dongen.

Mevrouw Van Dongen (Groen): Voorzitter. De stalling is te klein. Dat zeggen de mensen die er elke dag hun fiets kwijt moeten: het is vol om acht uur.

De heer Bakır (Midden): Ik herken dat niet, voorzitter. Ik sta daar ook.

Mevrouw Van Dongen (Groen): Op welke dag dan?

De voorzitter: De heer Bakır.

De heer Bakır (Midden): Op vrijdag, dat geef ik toe.

Wethouder Smit: Dank u wel. Wij gaan meten; daarna kom ik erop terug.
"""


@pytest.fixture
def made(tmp_path: Path) -> Path:
    (tmp_path / "debat-0.txt").write_text(MADE, encoding="utf-8")
    return tmp_path / "debat-0.txt"


def whole_way(folder: Path, files: list[Path], *, turns: list[int], speakers: list[int], kind: str) -> None:
    study = Project.create(folder / "debat.qualcode", coder="anna")
    frame = study.import_documents(files, kind=kind)
    assert list(frame["turns"]) == turns
    assert [len(found) for found in frame["speakers"]] == speakers
    assert all({"De voorzitter": "moderator"}.get(s["label"], s["role"]) == s["role"] for found in frame["speakers"] for s in found)
    study.codebook.add("T", "Thema", codable=False)
    study.codebook.add("T1", "Onderwerp", codable=False, parent="T")
    study.codebook.add("T01", "Toezegging", parent="T1", definition="Een bewindspersoon zegt iets toe.")
    spoken = study.snapshot().turns.query("role == 'deelnemer'")
    for name, guid in study.snapshot().document_names.items():
        study.code(name, "T01", turn=int(spoken[spoken["document"] == guid]["turn"].iloc[-1]))
    row = spread(study).set_index("code").loc["T01"]
    assert int(row["groups"]) == (len(files) if kind == "focusgroep" else 0)
    built = study.report(folder / "uit", formats=("md", "docx", "pdf"))
    assert all(path.stat().st_size > 1000 for path in built.paths)
    rows = trace(study, "spreiding:T01")
    assert len(rows) == (len(files) if kind == "focusgroep" else 0)
    for found in rows.itertuples():
        text = study.snapshot().text(study.snapshot().document_names[str(found.document)])
        assert text[int(found.start) : int(found.end)] == found.text
    assert all(finding.sound for finding in study.doctor())
    study.close()


@pytest.mark.parametrize("kind", ["focusgroep", "document"])
def test_a_made_debate_goes_the_whole_way(made: Path, tmp_path: Path, kind: str) -> None:
    whole_way(tmp_path, [made], turns=[7], speakers=[4], kind=kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["focusgroep", "document"])
def test_two_real_debates_go_the_whole_way(external: Path, tmp_path: Path, kind: str) -> None:
    files = [external / "real" / "debat-1.txt", external / "real" / "debat-2.txt"]
    whole_way(tmp_path, files, turns=[48, 95], speakers=[9, 9], kind=kind)
