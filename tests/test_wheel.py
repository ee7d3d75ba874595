"""What people install: every file that the desks, the lab and the Dutch pipeline need is in the wheel."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
PACKAGE = HOUSE / "src" / "qualcode"


@pytest.mark.slow
def test_the_wheel_holds_all_that_stands_in_the_package_and_the_extension_where_jupyterlab_looks(tmp_path: Path) -> None:
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("no uv to build with")
    built = subprocess.run([uv, "build", "--wheel", "--out-dir", tmp_path, HOUSE], capture_output=True, text=True, check=False)
    if built.returncode and "Failed to fetch" in built.stderr:
        pytest.skip("no network and no hatchling at hand to build with")
    assert built.returncode == 0, built.stderr[-2000:]
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        held = {name: opened.read(name) for name in opened.namelist()}
    tracked = subprocess.run(["git", "-C", HOUSE, "ls-files", "src/qualcode"], capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    wanted = {name.removeprefix("src/") for name in tracked if name and (HOUSE / name).exists() and "/labextension" not in name}
    assert wanted - held.keys() == set()
    for name in ("static/coding.mjs", "static/desk.css"):
        assert held[f"qualcode/widgets/{name}"] == (PACKAGE / "widgets" / name).read_bytes()
    assert any(name.startswith("qualcode/language/") and len(body) > 1_000_000 for name, body in held.items())
    shared = {name.partition(".data/data/")[2] for name in held}
    assert {"share/jupyter/labextensions/qualcode/package.json", "share/jupyter/labextensions/qualcode/static/notebooks.json"} <= shared
