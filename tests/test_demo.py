"""The main job, end to end, as the README starts it: no network, twice the same, every figure back to its words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qualcode.analysis.counting import of_study
from qualcode.analysis.origins import trace_in
from qualcode.project import Project
from qualcode.sample import sample_folder

FORMATS = ("docx", "odt", "html", "pdf", "md")
CUT = shutil.which("unshare") is not None and not subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode
REFERENCE = re.compile(r"\[\[([^\]]+)\]\{\.ref\}\]")


def run_demo(folder: Path, *, around: tuple[str, ...] = ()) -> Path:
    done = subprocess.run(
        [*around, sys.executable, "-m", "qualcode", "demo", str(folder), "--run"],
        capture_output=True,
        text=True,
        env={**os.environ, "QUALCODE_CODER": ""},
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_demo(tmp_path_factory.mktemp("een") / "demo")


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo a second time, elsewhere, and without a network where this system lets us cut it."""
    return run_demo(tmp_path_factory.mktemp("twee") / "elders", around=("unshare", "-n") if CUT else ())


def report_of(folder: Path) -> dict[str, Path]:
    return {path.suffix[1:]: path for path in (folder / "rapport").iterdir() if path.suffix[1:] in FORMATS}


@pytest.mark.slow
def test_the_whole_job_runs_without_jupyter(demo: Path) -> None:
    assert set(report_of(demo)) == set(FORMATS)
    assert (demo / "voorbeeld.qualcode").exists()


@pytest.mark.slow
def test_the_same_demo_twice_is_the_same_bytes(demo: Path, again: Path) -> None:
    second = report_of(again)
    assert {kind: path.read_bytes() == second[kind].read_bytes() for kind, path in report_of(demo).items()} == dict.fromkeys(FORMATS, True)


@pytest.mark.slow
def test_the_whole_job_needs_no_network(again: Path) -> None:
    if not CUT:
        pytest.skip("this system does not let us cut the network: unshare -n")
    assert set(report_of(again)) == set(FORMATS)


@pytest.mark.slow
def test_every_figure_and_quote_of_the_report_goes_back_to_the_text(demo: Path) -> None:
    references = set(REFERENCE.findall(report_of(demo)["md"].read_text(encoding="utf-8")))
    assert len(references) > 60
    with Project.open(demo / "voorbeeld.qualcode") as study:
        now, base = study.snapshot(), of_study(study)
        for reference in sorted(references):
            rows = trace_in(base, reference)
            # a figure from a register (complaints, a survey) goes back to who entered it and when; all else to words
            entered = rows[rows["coding"].notna() & rows["document"].isna()]
            assert entered["coder"].notna().all(), reference
            assert entered["at"].notna().all(), reference
            for row in rows[rows["coding"].notna() & rows["document"].notna()].itertuples():
                text = now.text(now.document_names[str(row.document)])
                assert text[int(row.start) : int(row.end)] == row.text, reference
                assert row.coder, reference
                assert re.match(r"\d{4}-\d\d-\d\dT", str(row.at)), reference
                assert row.codebook, reference


@pytest.mark.slow
def test_quotes_in_the_report_stand_word_for_word_in_the_transcripts(demo: Path) -> None:
    markdown = report_of(demo)["md"].read_text(encoding="utf-8")
    quotes = re.findall(r"^> “(.+?)” \(.*?\) \[\[([^\]]+)\]", markdown, re.MULTILINE)
    assert len(quotes) > 5
    with Project.open(demo / "voorbeeld.qualcode") as study:
        base = of_study(study)
        for words, reference in quotes:
            said = " ".join(" ".join(trace_in(base, reference)["text"]).split())
            for part in re.split(r"\[…\]|\[[^\]]*\]", words.replace("\\", "")):
                assert " ".join(part.split()) in said, reference


def test_the_sample_says_that_it_is_invented() -> None:
    for path in sample_folder().rglob("*"):
        if path.suffix == ".docx":
            from docx import Document

            document = Document(str(path))
            assert any("Synthetische data" in p.text for p in (*document.paragraphs, *document.sections[0].header.paragraphs)), path.name
