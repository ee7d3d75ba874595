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


def options(of: argparse.ArgumentParser, path: str = "") -> list[tuple[str, str]]:
    """Return every option of every command, without those all share."""
    found = []
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            found += [pair for key, made in action.choices.items() for pair in options(made, f"{path}{key} ")]
        elif path:
            found += [(path.strip(), name) for name in action.option_strings if name not in {"-h", "--help", "--lang", "--coder"}]
    return found


def test_every_option_is_documented_with_its_command() -> None:
    lines = [line for line in (ROOT / "docs" / "commandoregel.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    missing = [
        f"{command} {option}"
        for command, option in options(parser())
        if not any(f"qualcode {command.partition(' ')[0]} " in line and option in line for line in lines)
    ]
    assert missing == []


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
