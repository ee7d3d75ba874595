"""The second opinion of deduce: asked in a process of its own, missed with a sentence, never in place of our own rules."""

from __future__ import annotations

from pathlib import Path

import pytest

import qualcode as qc
from qualcode.errors import Missing
from qualcode.privacy.deduced import deduced

# as deduce 3 answers: annotations with places, tags in Dutch
STANDIN = """
from types import SimpleNamespace


class Deduce:
    def __init__(self):
        FAILURE

    def deidentify(self, text):
        found = [(word, tag) for word, tag in (("Zonnebloemhof", "zorginstelling"), ("Jansen", "persoon"), ("12-3-2020", "datum")) if word in text]
        return SimpleNamespace(
            annotations=[SimpleNamespace(start_char=text.index(w), end_char=text.index(w) + len(w), tag=tag) for w, tag in found]
        )
"""


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, failure: str = "pass") -> None:
    (folder / "deduce.py").write_text(STANDIN.replace("FAILURE", failure), encoding="utf-8")
    (folder / "deduce-3.0.3.dist-info").mkdir()
    (folder / "deduce-3.0.3.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: deduce\nVersion: 3.0.3\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))


def test_names_of_deduce_come_in_code_points_of_each_stretch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch)
    found = deduced(["Ja 😀 bij Zonnebloemhof.", "Niets.", "Jansen zei op 12-3-2020 niets."])
    assert found.to_dict("records") == [
        {"text": 0, "start": 9, "end": 22, "label": "ORG"},
        {"text": 2, "start": 0, "end": 6, "label": "PER"},
    ]


def test_a_scan_with_deduce_finds_what_the_scan_found_and_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch)
    (tmp_path / "FG1.txt").write_text(
        "P1: ik zat bij zonnebloemhof.\n\nP2: Wij zaten daar, bij Zonnebloemhof, met Annelies.", encoding="utf-8"
    )
    with qc.Project.create(tmp_path / "s.qualcode", coder="anna") as study:
        study.import_documents(tmp_path / "FG1.txt")
        plain = study.scan(trained_names=False)
        more = study.scan(trained_names=False, deduce=True)
    assert "Annelies" in set(plain["text"])
    assert set(plain["text"]) <= set(more["text"])
    assert "Zonnebloemhof" in set(more["text"])
    assert (plain.attrs["model"], more.attrs["model"]) == ("", "deduce 3.0.3")


def test_without_deduce_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qualcode.privacy.deduced.find_spec", lambda _: None)
    with pytest.raises(Missing, match=r"qualcode\[deidentify\]"):
        deduced(["Ja."])


def test_an_installation_that_cannot_be_written_is_named_without_words_of_the_talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, monkeypatch, failure="raise PermissionError('lookup')")
    with pytest.raises(Missing, match="PermissionError") as refusal:
        deduced(["Annelies zei niets."])
    assert "Annelies" not in str(refusal.value)
