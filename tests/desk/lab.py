"""A real JupyterLab, started as `qualcode lab` starts it, and a notebook with a desk in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

import qualcode as qc
from qualcode.widgets.lab import Lab, prepared

CELLS = (
    'import qualcode as qc\nstudie = qc.Project.open("studie.qualcode", coder="anna")',
    "from qualcode.widgets.coding import CodingDesk\nCodingDesk(studie, document='FG1')",
)
READY = """async () => {
    const late = new Promise((_, fail) => setTimeout(() => fail(new Error("the kernel is not ready")), 60000));
    const ready = async () => {
        while (!window.jupyterapp?.shell.currentWidget?.sessionContext) await new Promise(requestAnimationFrame);
        const session = window.jupyterapp.shell.currentWidget.sessionContext;
        await session.ready;
        await session.session.kernel.info;
    };
    await Promise.race([ready(), late]);
}"""
ASK = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel, said = [];
    const future = kernel.requestExecute({ code, store_history: false });
    future.onIOPub = ({ content }) => content.text && said.push(content.text);
    await future.done;
    return said.join("");
}"""


@dataclass(frozen=True)
class Running:
    """A JupyterLab that runs: its address with the token, and the folder it shows."""

    lab: Lab
    root: Path

    def url(self, notebook: Path) -> str:
        """Return the address of a notebook in single-document mode."""
        base = self.lab.address.partition("/doc/")[0].partition("/lab")[0]
        return f"{base}/doc/tree/{notebook.relative_to(self.root).as_posix()}?token={self.lab.environment['JUPYTER_TOKEN']}"


def _answers(lab: Lab) -> bool:
    base = lab.address.partition("/doc")[0].partition("/lab")[0]
    request = urllib.request.Request(base + "/api/status", headers={"Authorization": f"token {lab.environment['JUPYTER_TOKEN']}"})
    try:
        with urllib.request.urlopen(request, timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def running(place: Path) -> Iterator[Running]:
    """Run a JupyterLab that knows nothing of this computer's own settings, in a folder of ``place``."""
    own = {f"JUPYTER_{name}_DIR": str(place / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {f"JUPYTERLAB_{name}_DIR": str(place / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    root, settings = place / "studies", place / "lab"
    for folder in (root, settings):
        folder.mkdir()
    started = prepared(root, settings, notebook=root / "begin.ipynb", browser=False)
    started = replace(started, environment={**started.environment, **own, "IPYTHONDIR": str(place / "ipython")})
    command = [*started.command, "--expose-app-in-browser"]
    process = subprocess.Popen(
        command, env=started.environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        limit = time.monotonic() + 90
        while not _answers(started):
            assert process.poll() is None, "JupyterLab stopped"
            assert time.monotonic() < limit, "JupyterLab did not start"
            time.sleep(0.1)
        yield Running(started, root)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


class Session:
    """A notebook with a desk in JupyterLab; ``outside`` keeps every request that would leave this computer."""

    def __init__(self, browser: Any, lab: Running, folder: Path, cells: Sequence[str] = CELLS, name: str = "coderen") -> None:
        self.folder = folder
        self.notebook = folder / f"{name}.ipynb"
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata=kernel), self.notebook)
        self.outside: list[str] = []
        self.context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="nl-NL")
        self.page = self.context.new_page()
        self.page.on("request", self._watch)
        self.url = lab.url(self.notebook)

    def _watch(self, request: Any) -> None:
        if request.url.startswith(("http", "ws")) and "//127.0.0.1:" not in request.url:
            self.outside.append(request.url)

    def open(self) -> None:
        """Open the notebook, or load its page again; wait for the kernel."""
        self.page.goto(self.url)
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        self.page.evaluate(READY)

    def run(self) -> None:
        """Run all cells and wait for the desk."""
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        self.page.wait_for_selector(".qc-desk[data-ready='1']", state="attached", timeout=120000)
        self.page.locator(".qc-desk").scroll_into_view_if_needed()

    def save(self) -> None:
        """Save the notebook."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")

    def python(self, code: str) -> str:
        """Run code in the kernel and return what it printed."""
        return str(self.page.evaluate(ASK, code))

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def settled(self) -> None:
        """Wait until every gesture is confirmed."""
        self.page.wait_for_function("document.querySelector('.qc-desk').dataset.waiting === '0'")

    def code(self, turns: int, letters: str) -> None:
        """Go down that many turns with the keyboard and code the whole turn."""
        self.page.locator(".qc-text").focus()
        self.press("Escape", "Escape", *["ArrowDown"] * turns, "Control+a")
        self.page.keyboard.type(letters)
        self.press("Enter")
        self.settled()

    def cells(self) -> int:
        """Return how many cells the notebook has."""
        return int(self.page.locator(".jp-Notebook .jp-Cell").count())

    def codes(self) -> list[str]:
        """Return the codes that anna put on text, in order, as another program reads them from the file."""
        with qc.Project.open(self.folder / "studie.qualcode", coder="toezicht") as study:
            frame = study.codings()
            return list(frame[frame["coder"] == "anna"].sort_values("at")["code"])

    def saved(self) -> dict[str, Any]:
        """Return the notebook as it was saved."""
        read: dict[str, Any] = json.loads(self.notebook.read_text(encoding="utf-8"))
        return read

    def picture(self, name: str) -> None:
        """Keep a picture where ``QUALCODE_PICTURES`` says, if it says so."""
        folder = os.environ.get("QUALCODE_PICTURES")
        if folder:
            self.page.screenshot(path=f"{folder}/{name}.png")
