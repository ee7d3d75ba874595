"""Measure the coding desk in a real browser: painting, a gesture to its confirmed paint, scrolling; at two sizes.

``uv run benchmarks/desk.py`` prints one line a size. Chromium draws without a graphics card here, so a person's computer is faster.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "desk"))

from harness import Bridge, chromium
from speed import BOOK, SEED, talk

from qualcode import Project
from qualcode.widgets.coding import CodingDesk

SIZES = ((15_000, 1_000), (100_000, 5_000))
PAINT = """() => new Promise(done => {
    window.leave();
    document.querySelector('#host').replaceChildren();
    const begun = performance.now();
    window.leave = window.desk.render({ model: window.model, el: document.querySelector('#host') });
    const look = () => document.querySelector('.qc-desk').dataset.ready === '1' ? done(performance.now() - begun) : requestAnimationFrame(look);
    look();
})"""
GESTURE = """() => new Promise(done => {
    const desk = document.querySelector('.qc-desk'), text = document.querySelector('.qc-text');
    const press = (key, more = {}) => text.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
    text.focus();
    press('ArrowDown'); press('ArrowDown');
    const begun = performance.now();
    press('1');
    const look = () => desk.dataset.waiting === '0' ? requestAnimationFrame(() => done(performance.now() - begun)) : requestAnimationFrame(look);
    requestAnimationFrame(look);
})"""
SCROLL = """() => new Promise(done => {
    const text = document.querySelector('.qc-text'), times = [];
    let last = performance.now();
    text.scrollTop = 0;
    const step = (now) => {
        times.push(now - last); last = now; text.scrollTop += 300;
        times.length < 120 ? requestAnimationFrame(step) : done(times.slice(2));
    };
    requestAnimationFrame(step);
})"""


def study(folder: Path, words: int, codings: int) -> Project:
    """Return a made study with that many codings on the turns of participants."""
    made = Project.create(folder / f"maat-{words}.qualcode", coder="anna", codebook=BOOK)
    made.import_documents(talk(words, folder), name="FG1", kind="focusgroep")
    now = made.snapshot()
    turns = now.turns_of(now.document_names["FG1"])
    spoken = turns[turns["role"] == "deelnemer"]
    codes = [code.id for code in made.codebook.codes if code.codable]
    chance = random.Random(SEED)
    for _ in range(codings):
        turn = spoken.iloc[chance.randrange(len(spoken))]
        start = chance.randrange(int(turn["start"]), max(int(turn["start"]) + 1, int(turn["end"]) - 60))
        made.code("FG1", chance.choice(codes), span=(start, min(int(turn["end"]), start + chance.randint(20, 300))))
    return made


def late(times: list[float]) -> float:
    """Return the time that 95 of 100 stay under."""
    return sorted(times)[int(len(times) * 0.95)]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        for words, codings in SIZES:
            with study(Path(place), words, codings) as made:
                bridge = Bridge(browser, CodingDesk(made, "FG1"))
                bridge.page.evaluate("async () => { window.desk = (await import('/desk.js')).default; }")
                paint = [bridge.page.evaluate(PAINT) for _ in range(5)]
                gestures = [bridge.page.evaluate(GESTURE) for _ in range(40)]
                frames = bridge.page.evaluate(SCROLL)
                bridge.close()
                print(
                    f"{words} words, {codings} codings: paint {statistics.median(paint):.0f} ms, "
                    f"gesture {statistics.median(gestures):.0f} ms (p95 {late(gestures):.0f}), frame {statistics.median(frames):.0f} ms (p95 {late(frames):.0f})"
                )


if __name__ == "__main__":
    main()
