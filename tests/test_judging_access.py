"""The consensus and review desks for everybody: axe finds nothing, focusable things keep JupyterLab's keys away, nothing is kept in the state."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from desk.harness import Bridge, chromium
from qualcode.widgets.desk import Desk

TURNS = ["hoe gaat het?", "goed hoor echt wel", "ze groetten mij nooit", "geheim verhaal hier"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[qc.Project]:
    folder = tmp_path_factory.mktemp("studie")
    (folder / "FG1.txt").write_text(
        "\n\n".join(f"{'M1' if n == 0 else f'R{n}'}: {t}" for n, t in enumerate(TURNS)) + "\n", encoding="utf-8"
    )
    with qc.Project.create(folder / "s.qualcode", coder="anna") as made:
        made.import_documents(folder / "FG1.txt", kind="focusgroep")
        made.codebook.add("E", "Ervaringen", codable=False)
        made.codebook.add("E01", "Belediging", parent="E", definition="Een scheldwoord.")
        made.codebook.add("E02", "Grap", parent="E")
        first = made.code("FG1", "E01", turn=2, memo="toon?")
        made.code("FG1", "E01", turn=3)
        with qc.Project.open(folder / "s.qualcode", coder="bram") as bram:
            bram.code("FG1", "E02", turn=2)
            bram.code("FG1", "E01", turn=4)
            bram.review(first, "change", "grap?", code="E02")
        made.refresh()
        made.cell("FG1", "E", "kort verhaal")
        yield made


def desk_of(study: qc.Project, kind: str, theme: str) -> Desk:
    return qc.ConsensusDesk(study, ["anna", "bram"], theme=theme) if kind == "consensus" else qc.ReviewDesk(study, theme=theme)


def states(bridge: Bridge, kind: str) -> Iterator[str]:
    """Walk through what the desk can show."""
    yield kind
    for tab in ("threads", "matrix", "signing") if kind == "review" else ():
        bridge.page.locator(f"[data-tab={tab}]").click()
        bridge.settled()
        yield tab


@pytest.mark.parametrize("kind", ["consensus", "review"])
def test_everything_that_takes_the_focus_keeps_the_keys_of_jupyterlab_away(
    browser: Any, study: qc.Project, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    desk = desk_of(study, kind, "light")
    bridge = Bridge(browser, desk)
    bridge.settled()
    for name in states(bridge, kind):
        bare = bridge.page.evaluate(
            "() => [...document.querySelectorAll('.qc-desk :is(button,input,select,textarea,summary,dialog,[tabindex])')]"
            ".filter(one => one.dataset.lmSuppressShortcuts !== 'true').map(one => one.outerHTML.slice(0, 80))"
        )
        assert bare == [], name
    assert "geheim" not in json.dumps(desk.get_state(), default=str)
    bridge.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["consensus", "review"])
def test_axe_finds_nothing_in_any_view(browser: Any, study: qc.Project, kind: str, theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = os.environ.get("QUALCODE_AXE")
    if not path:
        pytest.skip("no axe-core: set QUALCODE_AXE to axe.min.js of the npm package axe-core")
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    bridge = Bridge(browser, desk_of(study, kind, theme))
    bridge.settled()
    bridge.page.evaluate(Path(path).read_text(encoding="utf-8"))
    found = []
    for name in states(bridge, kind):
        bridge.picture(f"90-{name}-{theme}")
        result = bridge.page.evaluate("() => axe.run('.qc-desk', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })")
        assert len(result["passes"]) > 8
        found += [f"{name} {one['id']}: {json.dumps([node['html'][:120] for node in one['nodes'][:3]])}" for one in result["violations"]]
    bridge.close()
    assert found == []
