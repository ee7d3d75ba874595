"""The desk in a real JupyterLab, started as `qualcode lab` starts it: keys, reload, kernel restart, a second writer, what is saved."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

import qualcode as qc
from desk.harness import chromium
from qualcode.sample import make_sample
from qualcode.widgets.lab import Lab, prepared

pytestmark = pytest.mark.slow
CELLS = [
    'import qualcode as qc\nstudie = qc.Project.open("studie.qualcode", coder="anna")',
    "from qualcode.widgets.coding import CodingDesk\nCodingDesk(studie, document='FG1')",
]
READY = """async () => {
    const late = new Promise((_, fail) => setTimeout(() => fail(new Error("the kernel is not ready")), 30000));
    const ready = async () => {
        while (!window.jupyterapp?.shell.currentWidget?.sessionContext) await new Promise(requestAnimationFrame);
        const session = window.jupyterapp.shell.currentWidget.sessionContext;
        await session.ready;
        await session.session.kernel.info;
    };
    await Promise.race([ready(), late]);
}"""


def answers(lab: Lab) -> bool:
    token = lab.environment["JUPYTER_TOKEN"]
    request = urllib.request.Request(
        lab.address.partition("/doc")[0].partition("/lab")[0] + "/api/status", headers={"Authorization": f"token {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "voorbeeld.qualcode"
    make_sample(path).close()
    return path


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, Path]]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "DATA", "RUNTIME"):
            patch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path_factory.mktemp(name.lower())))
        for name in ("SETTINGS", "WORKSPACES"):
            patch.setenv(f"JUPYTERLAB_{name}_DIR", str(tmp_path_factory.mktemp(name.lower())))
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        folder = tmp_path_factory.mktemp("studies")
        started = prepared(folder, tmp_path_factory.mktemp("lab"), notebook=folder / "begin.ipynb", browser=False)
    command = [*started.command, "--expose-app-in-browser"]
    process = subprocess.Popen(
        command, env=started.environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        limit = time.monotonic() + 60
        while not answers(started):
            assert process.poll() is None, "JupyterLab stopped"
            assert time.monotonic() < limit, "JupyterLab did not start"
        yield started, folder
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


class Session:
    """A notebook with a desk in JupyterLab."""

    def __init__(self, browser: Any, lab: Lab, folder: Path) -> None:
        self.folder = folder
        self.notebook = folder / "coderen.ipynb"
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS], metadata=kernel), self.notebook)
        self.outside: list[str] = []
        self.context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="nl-NL")
        self.page = self.context.new_page()
        self.page.on("request", self._watch)
        base, _, _ = lab.address.partition("/doc/")
        self.url = f"{base}/doc/tree/{folder.name}/coderen.ipynb?token={lab.environment['JUPYTER_TOKEN']}"

    def _watch(self, request: Any) -> None:
        if request.url.startswith(("http", "ws")) and "//127.0.0.1:" not in request.url:
            self.outside.append(request.url)

    def open(self) -> None:
        self.page.goto(self.url)
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        self.page.evaluate(READY)

    def run(self) -> None:
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        self.page.wait_for_selector(".qc-desk[data-ready='1']", state="attached", timeout=60000)
        self.page.locator(".qc-desk").scroll_into_view_if_needed()

    def save(self) -> None:
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")

    def code(self, turns: int, letters: str) -> None:
        """Go down that many turns with the keyboard and code the whole turn."""
        self.page.locator(".qc-text").focus()
        for key in ["Escape", "Escape", *["ArrowDown"] * turns, "Control+a"]:
            self.page.keyboard.press(key)
        self.page.keyboard.type(letters)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("document.querySelector('.qc-desk').dataset.waiting === '0'")

    def cells(self) -> int:
        return int(self.page.locator(".jp-Notebook .jp-Cell").count())

    def codes(self) -> list[str]:
        with qc.Project.open(self.folder / "studie.qualcode", coder="toezicht") as study:
            frame = study.codings()
            return list(frame[frame["coder"] == "anna"].sort_values("at")["code"])

    def picture(self, name: str) -> None:
        folder = os.environ.get("QUALCODE_PICTURES")
        if folder:
            self.page.screenshot(path=f"{folder}/{name}.png")


@pytest.fixture(scope="module")
def session(browser: Any, lab: tuple[Lab, Path], sample: Path) -> Iterator[Session]:
    """Give one notebook for all tests here: a kernel of its own for each would take minutes."""
    started, root = lab
    folder = root / "studie"
    folder.mkdir()
    shutil.copyfile(sample, folder / "studie.qualcode")
    found = Session(browser, started, folder)
    found.open()
    found.run()
    yield found
    found.context.close()
    assert found.outside == []


def test_keys_in_the_desk_code_and_leave_the_notebook_alone(session: Session) -> None:
    before, coded = session.cells(), session.codes()
    session.code(3, "e07")
    for key in "abxyzdd":
        session.page.keyboard.press(key)
    session.page.keyboard.press("Escape")
    session.picture("11-lab")
    assert session.codes() == [*coded, "E07"]
    assert session.cells() == before


def test_nothing_of_the_transcript_is_in_the_saved_notebook(session: Session) -> None:
    session.code(3, "e07")
    words = session.page.locator(".qc-turn .qc-words").nth(3).inner_text()
    session.save()
    saved = session.notebook.read_text(encoding="utf-8")
    assert "CodingDesk" in saved
    assert words[:30] not in json.loads(json.dumps(saved))
    assert all(len(word) < 7 or word not in saved for word in words.split())


def test_a_reloaded_page_shows_the_desk_with_all_codings(session: Session) -> None:
    session.code(3, "e07")
    before = session.codes()
    session.save()
    session.open()
    session.page.wait_for_selector(".qc-desk[data-ready='1']", state="attached", timeout=60000)
    assert session.page.locator(".qc-chip[data-chip]").count() >= 1
    session.code(4, "e09")
    assert session.codes() == [*before, "E09"]


def test_what_another_kernel_codes_appears_within_a_second(session: Session) -> None:
    with qc.Project.open(session.folder / "studie.qualcode", coder="bram") as other:
        made = other.code("FG1", "E09", turn=4)
    begun = time.monotonic()
    session.page.wait_for_selector(f"[data-chip='{made.guid}']", state="attached", timeout=5000)
    assert time.monotonic() - begun < 3  # a second, and the patience that two busy cores ask for


def test_after_a_kernel_restart_a_banner_says_so_and_running_again_goes_on(session: Session) -> None:
    session.code(3, "e07")
    before = session.codes()
    session.page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }")
    session.page.evaluate(READY)
    session.page.locator(".qc-text").focus()
    for key in ("ArrowDown", "Control+a", "1"):
        session.page.keyboard.press(key)
    session.page.wait_for_selector(".qc-desk[data-lost='1']", timeout=20000)
    session.picture("12-restart")
    assert session.codes() == before
    session.page.evaluate("() => document.querySelector('.qc-desk').removeAttribute('data-ready')")
    session.run()
    session.code(4, "e09")
    assert session.codes() == [*before, "E09"]
