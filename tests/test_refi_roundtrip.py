"""qualcode, out and in again, is the same study: for every study that can be made up."""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import qualcode as qc
from exchanges import empty_study
from qualcode.model import KINDS, Snapshot, Stamp, State
from qualcode.model.events import blank
from qualcode.refi import found, project_bytes
from qualcode.refi.schema import breaches
from qualcode.refi.writing import plain

NAMES = st.sampled_from(["Anders", "anders", "Zorg & <meer>", "😀", "a > b", " spatie", "é", "x" * 300, "dubbel\nregel"])
WORDS = st.lists(st.sampled_from([*"aeo .,", "\n", "é", "😀", "👩‍👩‍👧", "ij", "\x0c", "Ja hoor. ", "R1: "]), min_size=1, max_size=40).map(
    "".join
)
MOMENTS = st.sampled_from(["2025-06-03T10:15:00.000Z", "2025-06-03T10:16:00.123Z", "gisteren", None])
VALUES = st.one_of(
    st.integers(-9, 9), st.sampled_from(["ja", "35-44", "2024-01-02", "", "waar?"]), st.booleans(), st.floats(-1e6, 1e6), st.none()
)
LAYERS = st.sampled_from(["ronde-1", "ronde-2", "consensus", "mijn laag"])
DIMENSIONS = st.dictionaries(
    st.sampled_from(["stelling", "grond", "naam met spatie"]),
    st.one_of(st.sampled_from(["ja", "nee"]), st.integers(0, 3), st.just(["a", "b"])),
    max_size=2,
)


def made(kind: str, /, **fields: Any) -> dict[str, Any]:
    return {**blank(kind), **fields, "exists": True}


@st.composite
def studies(draw: st.DrawFn) -> Snapshot:
    """Make up a study: nested codes of equal names, several coders and rounds, overlapping codings, memos on everything."""
    odd = draw(st.booleans())  # also guids that the standard does not allow

    def key(name: str) -> str:
        return name if odd and draw(st.booleans()) else str(uuid5(NAMESPACE_URL, name))

    state: State = {kind: {} for kind in KINDS}
    texts: dict[str, str] = {}
    state["project"][key("project")] = made("project", name="proef", definition=draw(st.sampled_from(["", "wat het is"])), settings={})
    coders = [key(f"coder {n}") for n in range(draw(st.integers(1, 3)))]
    for n, guid in enumerate(coders):
        state["coder"][guid] = made("coder", name=["anna", "bram", "anna"][n], role="codeur")
    codes: list[str] = []
    for n in range(draw(st.integers(1, 6))):
        parent = draw(st.sampled_from([None, *codes]))
        codes.append(key(f"code {n}"))
        fields = {
            "id": f"C{n}",
            "name": draw(NAMES),
            "parent": parent,
            "codable": draw(st.booleans()),
            "position": float(n),
            "retired": draw(st.booleans()),
        }
        fields |= {
            "definition": draw(NAMES),
            "include": draw(NAMES),
            "colour": draw(st.sampled_from(["", "#00AA88"])),
            "examples": ["x"],
            "requires": [],
        }
        state["code"][codes[-1]] = made("code", **fields)
    people = [key(f"person {n}") for n in range(draw(st.integers(0, 3)))]
    for n, guid in enumerate(people):
        held = draw(st.dictionaries(st.sampled_from(["leeftijd", "functie", "soort"]), VALUES, max_size=3))
        state["participant"][guid] = made("participant", name=f"P{n}", attributes=held)
    for n in range(draw(st.integers(1, 3))):
        _document(draw, state, texts, key(f"document {n}"), n, people, key)
    _marks(draw, state, texts, coders, codes, key)
    return Snapshot.of(state, texts, Stamp("study", 3, "abc", "2025-06-03T10:15:00.000Z"))


def _document(draw: Any, state: State, texts: dict[str, str], guid: str, n: int, people: list[str], key: Any) -> None:
    text = unicodedata.normalize("NFC", draw(WORDS)) if n == 0 else draw(st.sampled_from(["", "R1: ja\nR2: nee", "kort"]))
    digest = hashlib.sha256(text.encode()).hexdigest()
    texts[digest] = text
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    spans = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]
    labels = [draw(st.sampled_from(["R1", "M1", None])) for _ in spans]
    turns = {"start": [a for a, _ in spans], "end": [b for _, b in spans], "label": labels, "time": [None] * len(spans), "gaps": []}
    attributes = draw(st.dictionaries(st.sampled_from(["datum", "plaats"]), VALUES, max_size=2))
    kind = draw(st.sampled_from(["focusgroep", "interview", "document"]))
    fields = {"name": draw(st.sampled_from(["FG1", "een naam", "FG1"])), "kind": kind, "source": "a.docx", "format": "docx", "text": digest}
    state["document"][guid] = made(
        "document", **fields, version=draw(st.integers(1, 2)), position=n, turns=turns, attributes=attributes, warnings=[]
    )
    for label in dict.fromkeys(label for label in labels if label):
        person = draw(st.sampled_from([None, *people])) if label == "R1" else None
        role = "deelnemer" if label == "R1" else "moderator"
        state["speaker"][key(f"{guid}/{label}")] = made("speaker", document=guid, label=label, role=role, participant=person)


def _marks(draw: Any, state: State, texts: dict[str, str], coders: list[str], codes: list[str], key: Any) -> None:
    lengths = {guid: len(texts[row["text"]]) for guid, row in state["document"].items()}
    places = [guid for guid, length in lengths.items() if length]
    for n in range(draw(st.integers(0, 8)) if places else 0):
        document = draw(st.sampled_from(places))
        start = draw(st.integers(0, lengths[document] - 1))
        end = draw(st.integers(start + 1, lengths[document]))
        where = {"document": document, "version": 1, "start": start, "end": end}
        by = {"coder": draw(st.sampled_from(coders)), "at": draw(MOMENTS)}
        if n % 3 == 2:
            state["memo"][key(f"memo {n}")] = made("memo", on="document", target=document, **where, text=draw(WORDS), **by)
        else:
            more = {
                "code": draw(st.sampled_from(codes)),
                "layer": draw(LAYERS),
                "dimensions": draw(DIMENSIONS),
                "memo": draw(st.none() | WORDS),
            }
            state["coding"][key(f"coding {n}")] = made("coding", **where, **by, **more, codebook="f")
    about = [(kind, guid) for kind in ("project", "code", "document", "coding", "participant") for guid in state[kind]]
    for n in range(draw(st.integers(0, 4))):
        kind, target = draw(st.sampled_from(about))
        text = draw(WORDS)
        state["memo"][key(f"note {n}")] = made(
            "memo", on=kind, target=target, text=text, coder=draw(st.sampled_from(coders)), at=draw(MOMENTS)
        )
    if places:
        state["interaction"][key("I")] = made(
            "interaction", document=places[0], start=0, end=1, interaction="I1", coder=coders[0], about=[0, 1]
        )


def told(state: State) -> dict[str, dict[str, dict[str, Any]]]:
    """Return entities with every field that is declared, apart from the address of a text."""
    names = {kind: [f.name for f in KINDS[kind].fields if (kind, f.name) != ("document", "text")] for kind in state}
    return {
        kind: {guid: {name: row.get(name) for name in names[kind]} for guid, row in rows.items()} for kind, rows in state.items() if rows
    }


@settings(max_examples=40)
@given(snapshot=studies(), nvivo=st.booleans())
def test_a_study_goes_out_and_comes_back_the_same(snapshot: Snapshot, nvivo: bool, tmp_path: Path) -> None:
    written = project_bytes(snapshot, "1", nvivo=nvivo)
    (tmp_path / "a.qdpx").write_bytes(written.data)
    back = found(tmp_path / "a.qdpx", snapshot)
    assert told(back.state) == told(plain(snapshot))
    assert back.texts == {row["guid"]: snapshot.text(row["guid"]) for row in snapshot.documents.to_dict("records")}
    assert back.breaches == []
    assert project_bytes(snapshot, "1", nvivo=nvivo).data == written.data


@settings(max_examples=12)
@given(snapshot=studies())
def test_what_the_standard_knows_comes_back_without_our_own_words(snapshot: Snapshot, tmp_path: Path) -> None:
    written = project_bytes(snapshot, "1")
    (tmp_path / "a.qdpx").write_bytes(written.data)
    package = zipfile.ZipFile(tmp_path / "a.qdpx")
    bare = etree.tostring(etree.fromstring(package.read("project.qde")))  # the root alone, as another program would save it
    with zipfile.ZipFile(tmp_path / "b.qdpx", "w") as archive:
        archive.writestr("project.qde", bare)
        for name in package.namelist()[1:]:
            archive.writestr(name, package.read(name))
    back, there = found(tmp_path / "b.qdpx", snapshot).state, plain(snapshot)
    spans = sorted((r["start"], r["end"], r["layer"]) for r in there["coding"].values())
    assert sorted((r["start"], r["end"], r["layer"]) for r in back["coding"].values()) == spans
    assert len(back["code"]) == len(there["code"])
    assert sorted(r["name"] for r in back["coder"].values() if r["name"] != "onbekend") == sorted(
        r["name"] for r in there["coder"].values()
    )


@pytest.mark.slow
def test_the_sample_study_goes_out_and_comes_back_the_same(tmp_path: Path) -> None:
    study = qc.demo(None)
    study.export(tmp_path / "a.qdpx")
    other = empty_study(tmp_path)
    done = other.import_project(tmp_path / "a.qdpx")
    assert done.report.read == done.report.kept
    mine, theirs = plain(study.snapshot()), plain(other.snapshot())
    for kind in mine.keys() - {"project"}:
        assert {guid: row for guid, row in theirs[kind].items() if row.get("name") != "importeur"} == mine[kind], kind
    for name in ("definition", "definition_source", "notice"):
        assert other.snapshot().project[name] == study.snapshot().project[name]
    assert other.codebook.book.fingerprint == study.codebook.book.fingerprint
    assert qc.spread(other).drop(columns="coder", errors="ignore").equals(qc.spread(study).drop(columns="coder", errors="ignore"))
    assert all(finding.sound for finding in other.doctor())
    xml = zipfile.ZipFile(tmp_path / "a.qdpx").read("project.qde")
    assert breaches(etree.fromstring(xml, etree.XMLParser(huge_tree=True))) == []


def test_what_another_program_took_out_stays_out(tmp_path: Path) -> None:
    study = qc.demo()
    study.export(tmp_path / "a.qdpx")
    package = zipfile.ZipFile(tmp_path / "a.qdpx")
    tree = etree.fromstring(package.read("project.qde"), etree.XMLParser(huge_tree=True)).getroottree()
    source = tree.find(".//{*}TextSource")
    gone = source.get("guid")
    source.getparent().remove(source)
    with zipfile.ZipFile(tmp_path / "b.qdpx", "w") as archive:
        archive.writestr("project.qde", etree.tostring(tree))
        for name in package.namelist()[1:]:
            archive.writestr(name, package.read(name))
    other = empty_study(tmp_path)
    other.import_project(tmp_path / "b.qdpx")
    for name, table in other.snapshot().tables.items():
        assert name == "memo" or "document" not in table or gone not in set(table["document"]), name
    assert all(finding.sound for finding in other.doctor())
