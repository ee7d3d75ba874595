"""Opening JupyterLab in a study's folder: on this computer only, behind a token, one notebook at a time, no news."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from qualcode.errors import Missing
from qualcode.labels import language
from qualcode.widgets.templates import EXTENSIONS

_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Lab:
    """How a JupyterLab is started: command, environment and the address to open."""

    command: tuple[str, ...]
    environment: dict[str, str]
    address: str


def free_port() -> int:
    """Return a port of this computer that nobody uses."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _overrides(folder: Path) -> None:
    settings = {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/docmanager-extension:plugin": {"autosave": True},
    }
    if language() == "nl":
        settings["@jupyterlab/translation-extension:plugin"] = {"locale": "nl_NL"}
    (folder / "overrides.json").write_text(json.dumps(settings), encoding="utf-8")


def prepared(folder: Path, settings: Path, *, notebook: Path | None = None, browser: bool = True) -> Lab:
    """Return how to start JupyterLab in ``folder``.

    Parameters
    ----------
    folder
        What JupyterLab shows and can reach.
    settings
        A folder of our own for its settings.
    notebook
        The notebook to open, in single-document mode.
    browser
        Open the browser by itself.
    """
    if find_spec("jupyterlab") is None:
        raise Missing("cli.no_jupyterlab")
    _overrides(settings)
    port, token = free_port(), secrets.token_hex(24)
    page = f"doc/tree/{notebook.relative_to(folder).as_posix()}" if notebook else "lab"
    command = (
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.ip={_HOST}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.open_browser={browser}",
        "--ServerApp.kernel_websocket_connection_class=qualcode.widgets.prompt.PromptConnection",
        f"--LabApp.default_url=/{page}",
        f"--LabApp.app_settings_dir={settings}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        f"--LabApp.extra_labextensions_path={EXTENSIONS}",
        "--log-level=ERROR",
        *(("--allow-root",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
    )
    # in the environment, because everybody on a computer can read the command lines of others
    return Lab(command, {**os.environ, "JUPYTER_TOKEN": token}, f"http://{_HOST}:{port}/{page}?token={token}")


def open_lab(folder: Path, *, notebook: Path | None = None, browser: bool = True, tell: Callable[[str], None]) -> int:
    """Run JupyterLab until it is stopped; return its exit code.

    Parameters
    ----------
    tell
        Called with the address.
    """
    with tempfile.TemporaryDirectory(prefix="qualcode-lab-") as settings:
        lab = prepared(folder.resolve(), Path(settings), notebook=notebook.resolve() if notebook else None, browser=browser)
        tell(lab.address)
        try:
            return subprocess.run(lab.command, env=lab.environment, check=False).returncode
        except KeyboardInterrupt:
            return 0
