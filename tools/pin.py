"""Write the version of every package into ``[tool.uv] constraint-dependencies`` of pyproject.toml.

Run it to take newer versions (``uv run tools/pin.py``), then run the tests. Pins live in pyproject.toml because a lock file would
name the address of a package registry.
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINS = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)


def resolved() -> list[str]:
    """Return ``name==version`` of everything that uv resolves; a package with a version per platform stays free."""
    subprocess.run(["uv", "lock", "--upgrade", "--quiet"], cwd=ROOT, check=True)
    versions: dict[str, set[str]] = defaultdict(set)
    for package in tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]:
        if "registry" in package["source"]:
            versions[package["name"]].add(package["version"])
    return sorted(f"{name}=={next(iter(found))}" for name, found in versions.items() if len(found) == 1)


def main() -> None:
    """Resolve without the present pins and write the new ones."""
    project = ROOT / "pyproject.toml"
    before = project.read_text(encoding="utf-8")
    project.write_text(PINS.sub("", before), encoding="utf-8")
    try:
        pins = "constraint-dependencies = [\n" + "".join(f'    "{pin}",\n' for pin in resolved()) + "]\n"
    except subprocess.CalledProcessError:
        project.write_text(before, encoding="utf-8")
        raise
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("[tool.uv]\n", f"[tool.uv]\n{pins}", 1), encoding="utf-8")


if __name__ == "__main__":
    main()
