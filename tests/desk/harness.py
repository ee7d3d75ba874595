"""The bridge: the real Python widget and the real page in real Chromium, without Jupyter between them."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from qualcode.widgets.desk import Desk

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
HOME = "http://localhost/"


@contextmanager
def chromium() -> Iterator[Any]:
    """Give a browser, or skip where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Bridge:
    """A desk in a page. ``said`` keeps what Python sent, ``troubles`` every error of the page and every request that would leave it."""

    def __init__(self, browser: Any, desk: Desk, *, size: tuple[int, int] = (1380, 820), before: str = "") -> None:
        self.desk = desk
        self.out: deque[tuple[dict[str, Any], list[bytes]]] = deque()
        self.said: list[dict[str, Any]] = []
        self.heard: list[dict[str, Any]] = []
        self.troubles: list[str] = []
        self.silent = False
        desk.send = self._send  # type: ignore[method-assign]
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="nl-NL")
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda message: self.troubles.append(message.text) if message.type == "error" else None)
        if before:
            self.page.add_init_script(before)
        self.page.route("**/*", self._serve)
        self.page.expose_binding("toPython", lambda _source, message: self._hear(json.loads(message)))
        self.page.expose_binding("traits", lambda _source: {name: getattr(desk, name) for name in ("_t", "lang", "height", "theme")})
        self.open()

    def open(self) -> None:
        """Load the page, or load it again."""
        self.page.goto(HOME)
        self.page.wait_for_selector("[data-ready='1']")

    def _serve(self, route: Any) -> None:
        url = route.request.url
        content = {
            HOME: ("text/html", (HERE / "bridge.html").read_text(encoding="utf-8")),
            f"{HOME}desk.js": ("text/javascript", str(self.desk._esm)),
            f"{HOME}desk.css": ("text/css", str(self.desk._css)),
        }
        if url in content:
            route.fulfill(content_type=f"{content[url][0]}; charset=utf-8", body=content[url][1])
        else:
            self.troubles.append(f"request to {url}")
            route.abort()

    def _send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        self.said.append(content)
        self.out.append((json.loads(json.dumps(content)), list(buffers or [])))

    def _drained(self) -> list[Any]:
        return [[content, [base64.b64encode(b).decode() for b in buffers]] for content, buffers in iter(self._next, None)]

    def _next(self) -> tuple[dict[str, Any], list[bytes]] | None:
        return self.out.popleft() if self.out else None

    def _hear(self, message: dict[str, Any]) -> list[Any]:
        self.heard.append(message)
        if not self.silent:
            self.desk._handle_custom_msg(message, [])
        return self._drained()

    def deliver(self) -> None:
        """Bring what Python sent by itself to the page."""
        self.page.evaluate("said => said.forEach(([one, buffers]) => window.hear(one, buffers))", self._drained())

    # gestures ----------------------------------------------------------------------------------------

    def settled(self) -> None:
        """Wait until every gesture is confirmed and painted."""
        self.page.wait_for_function("document.querySelector('.qc-desk').dataset.waiting === '0'")
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def points(self, turn: int, words: str) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return where on the screen words of a turn (from 1) begin and end."""
        found = self.page.evaluate(
            """async ([turn, words]) => {
                const row = document.querySelector(`.qc-turn[data-turn="${turn - 1}"]`);
                // turns around it are laid out when they come into view, and then may move it
                for (let n = 0; n < 2; n++) {
                    row.scrollIntoView({ block: "center" });
                    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
                }
                const node = row.querySelector(".qc-words").firstChild;
                const at = node.data.indexOf(words);
                if (at < 0) throw new Error("words are not in the turn");
                const box = (from, to) => { const r = document.createRange(); r.setStart(node, from); r.setEnd(node, to); return r.getBoundingClientRect(); };
                const [a, b] = [box(at, at + 1), box(at + words.length - 1, at + words.length)];
                return [[a.left + 0.5, (a.top + a.bottom) / 2], [b.right - 0.5, (b.top + b.bottom) / 2]];
            }""",
            [turn, words],
        )
        return tuple(found[0]), tuple(found[1])

    def drag(self, turn: int, words: str, to: tuple[int, str] | None = None) -> None:
        """Select words with the mouse; with ``to`` up to the end of words in a later turn."""
        begin, end = self.points(turn, words)
        if to is not None:
            begin, end = self.over_turns(turn, words, to)
        mouse = self.page.mouse
        mouse.move(*begin)
        mouse.down()
        mouse.move((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2)
        mouse.move(*end)
        mouse.up()
        self.page.wait_for_selector("[data-mode='select'],[data-mode='coding']")

    def over_turns(self, turn: int, words: str, to: tuple[int, str]) -> tuple[Any, Any]:
        """Return begin and end of a selection over turns without scrolling between the two."""
        begin = self.points(turn, words)[0]
        scroll = self.page.evaluate("document.querySelector('.qc-text').scrollTop")
        _, end = self.points(*to)
        moved = self.page.evaluate("document.querySelector('.qc-text').scrollTop") - scroll
        self.page.evaluate("top => document.querySelector('.qc-text').scrollTop = top", scroll)
        return begin, (end[0], end[1] + moved)

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type letters."""
        self.page.keyboard.type(text)

    def picture(self, name: str) -> None:
        """Keep a picture where ``QUALCODE_PICTURES`` says, if it says so."""
        folder = os.environ.get("QUALCODE_PICTURES")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))

    def close(self) -> None:
        """Close the page; nothing may have gone wrong in it."""
        self.page.evaluate("window.leave()")
        self.context.close()
        self.desk.close()
        assert self.troubles == []


Opener = Callable[..., Bridge]
