"""The extension of JupyterLab: the tile, the notebooks that open without their code, and nothing run that is not ours to the letter."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from desk.harness import chromium
from desk.lab import READY, Running
from qualcode.sample import notebook_folder
from qualcode.widgets.templates import EXTENSIONS, fingerprint, shown, templates

KEPT = EXTENSIONS / "qualcode" / "static" / "notebooks.json"


def test_the_extension_knows_the_notebooks_as_they_are() -> None:
    assert KEPT.read_text(encoding="utf-8") == shown(notebook_folder()), "python -m qualcode.widgets.templates"


def test_one_letter_makes_another_notebook(tmp_path: Path) -> None:
    source = notebook_folder() / "03-coderen.ipynb"
    (known,) = (one for one in json.loads(KEPT.read_text(encoding="utf-8"))["notebooks"].items() if one[1]["name"] == source.name)
    notebook = nbformat.read(source, as_version=4)
    nbformat.write(notebook, tmp_path / "a.ipynb")
    assert list(templates(tmp_path)["notebooks"]) == [known[0]]
    notebook.cells[-1].source += " "
    nbformat.write(notebook, tmp_path / "a.ipynb")
    assert known[0] not in templates(tmp_path)["notebooks"]
    assert fingerprint([("code", "é\n\u2028\U0001f600")]) != fingerprint([("markdown", "é\n\u2028\U0001f600")])


@pytest.fixture(scope="module")
def page(lab: Running, sample_file: Path) -> Iterator[Any]:
    (lab.root / "notebooks").mkdir()
    shutil.copyfile(sample_file, lab.root / "voorbeeld.qualcode")
    for name in ("00-start.ipynb", "03-coderen.ipynb"):
        shutil.copyfile(notebook_folder() / name, lab.root / "notebooks" / name)
    changed = nbformat.read(notebook_folder() / "03-coderen.ipynb", as_version=4)
    changed.cells[-1].source += "\nprint('van iemand anders')"
    nbformat.write(changed, lab.root / "notebooks" / "veranderd.ipynb")
    outside: list[str] = []
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="nl-NL")
        opened = context.new_page()
        opened.on("request", lambda one: outside.append(one.url) if one.url.startswith("http") and "//127.0.0.1:" not in one.url else None)
        yield opened
        context.close()
    assert outside == []


def inputs(page: Any) -> list[bool]:
    """Return for each code cell whether its code can be seen."""
    return list(
        page.evaluate("() => [...document.querySelectorAll('.jp-CodeCell > .jp-Cell-inputWrapper')].map(one => one.offsetParent !== null)")
    )


@pytest.mark.slow
def test_our_own_notebook_opens_with_the_desk_and_without_its_code(lab: Running, page: Any) -> None:
    page.goto(lab.url(lab.root / "notebooks" / "03-coderen.ipynb"))
    page.wait_for_selector(".qc-desk[data-ready='1']", state="attached", timeout=120000)
    assert page.locator("[data-qualcode='own']").count() == 1
    assert inputs(page)[:3] == [False, False, True]
    counts = page.evaluate(
        "() => [...window.jupyterapp.shell.currentWidget.model.cells].filter(c => c.type === 'code').map(c => c.executionCount)"
    )
    assert counts == [1, 2, *[None] * (len(counts) - 2)]


@pytest.mark.slow
def test_a_notebook_that_was_changed_shows_its_code_and_runs_nothing(lab: Running, page: Any) -> None:
    page.goto(lab.url(lab.root / "notebooks" / "veranderd.ipynb"))
    page.wait_for_selector("[data-qualcode='other']", state="attached", timeout=120000)
    page.evaluate(READY)
    assert all(inputs(page))
    counts = page.evaluate("() => [...window.jupyterapp.shell.currentWidget.model.cells].map(c => c.executionCount ?? null)")
    assert set(counts) == {None}
    assert page.locator(".qc-desk").count() == 0


@pytest.mark.slow
def test_a_tile_opens_the_start_notebook(lab: Running, page: Any) -> None:
    base = lab.url(lab.root / "notebooks" / "00-start.ipynb").replace("/doc/tree/notebooks/00-start.ipynb", "/lab") + "&reset"
    page.goto(base)
    page.wait_for_selector(".jp-LauncherCard", timeout=120000)
    page.locator(".jp-LauncherCard", has_text="qualcode").first.click()
    page.wait_for_selector("[data-qualcode='own']", state="attached", timeout=120000)
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget?.context?.path === 'notebooks/00-start.ipynb'", timeout=60000)
    page.evaluate(READY)
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path") == "notebooks/00-start.ipynb"
    assert page.locator("[data-qualcode='own']").count() == 1
    assert page.locator(".jp-NotebookPanel:visible").count() == 1
