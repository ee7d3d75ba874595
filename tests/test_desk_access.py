"""The desks for everybody: axe finds nothing in them, and all that the mouse can do the keyboard reaches."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from desk.harness import Bridge, chromium
from qualcode.widgets.codebooks import CodebookDesk
from qualcode.widgets.coding import CodingDesk
from qualcode.widgets.desk import Desk


@pytest.fixture(scope="module")
def axe() -> str:
    """Return the script of axe-core, which is no part of the repository."""
    path = os.environ.get("QUALCODE_AXE")
    if not path:
        pytest.skip("no axe-core: set QUALCODE_AXE to axe.min.js of the npm package axe-core")
    return Path(path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def study(tmp_path: Path) -> Iterator[qc.Project]:
    (tmp_path / "FG1.txt").write_text(
        "M1: hoe gaat het?\n\nR1: goed hoor\n\nR2: kan beter\n\nR1: nou ja\n\nR2: echt waar\n", encoding="utf-8"
    )
    with qc.Project.create(tmp_path / "s.qualcode", coder="anna") as made:
        made.import_documents(tmp_path / "FG1.txt", kind="focusgroep")
        made.codebook.add("E", "Ervaringen", codable=False)
        made.codebook.add("E01", "Belediging", parent="E", definition="Een scheldwoord of kleinering.")
        made.codebook.add("E02", "Grap", parent="E")
        made.code("FG1", "E01", turn=2, memo="toon")
        made.memo("let op", document="FG1", turn=3)
        yield made


def found_by_axe(bridge: Bridge) -> list[str]:
    result = bridge.page.evaluate("() => axe.run('.qc-desk', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })")
    assert len(result["passes"]) > 8
    return [f"{one['id']}: {json.dumps([node['html'][:120] for node in one['nodes'][:3]])}" for one in result["violations"]]


def states(bridge: Bridge, kind: type[Desk]) -> Iterator[str]:
    """Bring a desk into each of its states, one after another."""
    yield "open"
    text, dialog = bridge.page.locator(".qc-text"), bridge.page.locator("dialog[open]")
    if kind is CodingDesk:
        bridge.page.locator(".qc-chip[data-chip]").first.click()
        yield "coding in hand"
        for key, name in (("?", "help"), ("w", "definition"), ("j", "memo here")):
            text.focus()
            bridge.press("Escape", "Escape", key)
            yield name
            bridge.press("Escape")
        text.focus()
        bridge.press("e")
        dialog.wait_for()
        yield "memo"
        bridge.press("Escape")
        text.focus()
        bridge.press("q")
        bridge.page.wait_for_selector(".qc-queue:not([hidden])")
        yield "queue"
        bridge.page.locator("[data-filter=coder]").select_option("anna")
        yield "filtered"
        text.focus()
        bridge.press("Escape", "Escape", "M")
        dialog.wait_for()
        yield "memos on the document"
        bridge.press("Escape")
        text.focus()
        bridge.press("/")
        bridge.desk.later = lambda message, name, work: {name: {**work(), "asked": message["req"]}}
        bridge.write("goed OF beter OF rol:deelnemer")
        bridge.press("Enter")
        bridge.settled()
        bridge.press("ArrowDown")
        yield "search"
        bridge.press("Escape")
        code = bridge.desk.study.codebook.find("E01")
        row = {"code": code.id, "chance": 0.6, "measured": "1 van 2 juist", "code_guid": code.guid}
        bridge.desk._guesses.of = lambda _document, span: {"start": span[0], "end": span[1], "codes": [row], "notes": ["Nagemeten."]}
        bridge.drag(3, "kan beter")
        bridge.press(".")
        bridge.settled()
        yield "likely codes"
        return
    bridge.page.locator(".qc-row", has_text="Grap").click()
    for name in (
        "Verplaatsen",
        "Samenvoegen",
        "Splitsen",
        "Buiten gebruik stellen",
        "Code toevoegen",
        "Versie vastleggen",
        "Versies vergelijken",
        "Makkelijk te verwarren met…",
    ):
        bridge.page.get_by_role("button", name=name, exact=True).first.click()
        bridge.settled()
        yield name
        bridge.press("Escape")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", [CodingDesk, CodebookDesk])
def test_axe_finds_nothing_in_any_state_of_a_desk(
    browser: Any, study: qc.Project, axe: str, kind: type[Desk], theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    study.codebook.name_version("0.1")
    study.codebook.edit("E02", definition="Een grap die pijn doet.")
    if kind is CodingDesk:
        study.code("FG1", "E02", turn=4)
        study.codebook.retire("E02")
    bridge = Bridge(browser, kind(study, theme=theme))
    bridge.page.evaluate(axe)
    found = [f"{state}: {one}" for state in states(bridge, kind) for one in found_by_axe(bridge)]
    bridge.close()
    assert found == []


@pytest.mark.parametrize("kind", [CodingDesk, CodebookDesk])
def test_everything_that_takes_the_focus_keeps_the_keys_of_jupyterlab_away(
    browser: Any, study: qc.Project, kind: type[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    bridge = Bridge(browser, kind(study))
    bare = bridge.page.evaluate(
        "() => [...document.querySelectorAll('.qc-desk :is(button,input,select,textarea,summary,dialog,[tabindex])')]"
        ".filter(one => one.dataset.lmSuppressShortcuts !== 'true').map(one => one.outerHTML.slice(0, 80))"
    )
    bridge.close()
    assert bare == []


def test_every_gesture_of_the_desk_has_a_key(browser: Any, study: qc.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "_watch", lambda _: None)
    bridge = Bridge(browser, CodingDesk(study))
    bridge.page.locator(".qc-text").focus()
    bridge.press("n")
    assert "E01" in bridge.page.locator(".qc-detail h3").first.inner_text()
    bridge.press("Escape", "u")
    assert bridge.page.locator(".qc-here h3").inner_text().endswith("0")
    bridge.press("j")
    assert "let op" in bridge.page.locator(".qc-here").inner_text()
    bridge.press("p")
    assert "E01" in bridge.page.locator(".qc-detail h3").first.inner_text()
    bridge.close()
