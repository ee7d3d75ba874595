"""The desk in Voilà, for who should see no notebook at all: behind a token, with a kernel of its own, in the same study."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
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
from desk.lab import CELLS
from qualcode.widgets.lab import free_port

pytestmark = pytest.mark.slow
pytest.importorskip("voila", reason="Voilà is not installed")


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (urllib.error.URLError, OSError):
        return 0


@pytest.fixture
def served(tmp_path: Path, sample_file: Path) -> Iterator[tuple[str, str]]:
    """Give the address of a served notebook, and its token."""
    shutil.copyfile(sample_file, tmp_path / "studie.qualcode")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "coderen.ipynb")
    port, token = free_port(), secrets.token_hex(16)
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [
        sys.executable, "-m", "voila", "coderen.ipynb", "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1",
        f"--token={token}", "--template=lab",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, **own, "IPYTHONDIR": str(tmp_path / "ipython")}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}/"
    try:
        limit = time.monotonic() + 90
        while not status(base):
            assert process.poll() is None, "Voilà stopped"
            assert time.monotonic() < limit, "Voilà did not start"
            time.sleep(0.1)
        yield base, token
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def test_a_turn_is_coded_in_voila_behind_its_token(served: tuple[str, str], tmp_path: Path) -> None:
    base, token = served
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1300, "height": 900}, locale="nl-NL")
        # the template of Voilà asks a font of a network: nothing that is asked elsewhere gets out, and nothing needs it
        context.route(lambda url: "//127.0.0.1:" not in url and not url.startswith(("data:", "blob:")), lambda route: route.abort())
        page: Any = context.new_page()
        page.goto(base)
        assert page.locator(".qc-desk").count() == 0
        page.goto(f"{base}?token={token}")
        page.wait_for_selector(".qc-desk[data-ready='1']", timeout=90000)
        page.locator(".qc-text").focus()
        for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Control+a"):
            page.keyboard.press(key)
        page.keyboard.type("e07")
        page.keyboard.press("Enter")
        page.wait_for_selector(".qc-chip[data-chip]:not(.qc-pending)", state="attached")
        page.wait_for_function("document.querySelector('.qc-desk').dataset.waiting === '0'")
        context.close()
    with qc.Project.open(tmp_path / "studie.qualcode", coder="toezicht") as study:
        assert study.codings(coder="anna")["code"].tolist() == ["E07"]
