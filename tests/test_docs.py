"""The documents say what the program does."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from qualcode.cli.parser import parser

ROOT = Path(__file__).parents[1]


def commands(of: argparse.ArgumentParser, path: str = "") -> list[str]:
    subs = [action for action in of._actions if isinstance(action, argparse._SubParsersAction)]
    return [name for sub in subs for key, made in sub.choices.items() for name in (commands(made, f"{path}{key} ") or [f"{path}{key}"])]


@pytest.mark.parametrize("command", commands(parser()))
def test_every_command_is_documented(command: str) -> None:
    page = (ROOT / "docs" / "commandoregel.md").read_text(encoding="utf-8")
    group, _, verb = command.partition(" ")
    lines = [line for line in page.splitlines() if line.startswith("|") and f"{group} " in line]
    assert any(verb in line for line in lines), command


def test_the_readme_names_files_that_are_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)]+)\)", text)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_architecture_fits_on_a_page() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 70


def test_no_file_names_a_package_registry() -> None:
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "registry" + ".npm")
    text = [
        p
        for p in ROOT.rglob("*")
        if p.is_file()
        and not {".git", ".venv", "uv.lock", "__pycache__"} & set(p.parts)
        and p.suffix in {".toml", ".md", ".py", ".yaml", ".yml", ".json", ".cff", ""}
    ]
    assert [
        p.name for p in text if any(host in p.read_text(encoding="utf-8", errors="ignore") for host in hosts) and p.name != "uv.lock"
    ] == []
