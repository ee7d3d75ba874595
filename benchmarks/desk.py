"""Measure the coding desk in a real browser, with and without JupyterLab around it: painting, a gesture to its confirmed paint, scrolling.

``uv run benchmarks/desk.py`` prints a table; ``--write`` also writes it into docs/snelheid.md. Chromium draws without a graphics card
here, so a person's computer is faster.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "desk"))

from harness import Bridge, chromium
from lab import Running, Session, running
from speed import BOOK, SEED, talk

from qualcode import Project
from qualcode.model import Change
from qualcode.store import Draft
from qualcode.widgets.coding import CodingDesk

SIZES = ((15_000, 1_000, 500), (100_000, 5_000, 1_500))
GESTURES = 40
HEAD = "## De codeertafel"
PAINT = """() => new Promise(done => {
    window.leave();
    document.querySelector('#host').replaceChildren();
    const begun = performance.now();
    window.leave = window.desk.render({ model: window.model, el: document.querySelector('#host') });
    const look = () => document.querySelector('.qc-desk').dataset.ready === '1' ? done(performance.now() - begun) : requestAnimationFrame(look);
    look();
})"""
# from running the cell that makes the desk, its kernel and imports at hand, to the desk with its tints
RUN = """() => new Promise(done => {
    document.querySelector('.qc-desk')?.removeAttribute('data-ready');
    const begun = performance.now();
    window.jupyterapp.commands.execute('notebook:run-cell');
    const look = () => document.querySelector('.qc-desk')?.dataset.ready === '1' ? done(performance.now() - begun) : requestAnimationFrame(look);
    look();
})"""
# confirmed and painted: nothing waits, nothing is drawn as waiting, and the frame that drew so is laid out and painted
GESTURE = r"""() => new Promise(done => {
    const desk = document.querySelector('.qc-desk'), text = document.querySelector('.qc-text'), after = new MessageChannel();
    const press = (key, more = {}) => text.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
    text.focus();
    press('ArrowDown');
    // on words of a participant: those of a moderator are refused, which is quicker
    do press('ArrowDown'); while (/\(M\d/.test(desk.querySelector('.qc-purpose').textContent));
    setTimeout(() => requestAnimationFrame(() => setTimeout(() => {
        const begun = performance.now();
        // the text counts its drawings; what is posted within the frame that shows one is heard when that frame is painted
        const watch = new MutationObserver((changes) => {
            if (desk.dataset.waiting !== '0' || desk.querySelector('.qc-pending') || !changes.some(({ target }) => target === text)) return;
            watch.disconnect();
            after.port1.onmessage = () => done(performance.now() - begun);
            requestAnimationFrame(() => after.port2.postMessage(0));
        });
        watch.observe(text, { attributes: true, attributeFilter: ['data-drawn'] });
        press('1');
    }, 20)), 100);
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
CELLS = (
    'import qualcode as qc\nstudie = qc.Project.open("studie.qualcode", coder="anna")\ntafel = qc.CodingDesk',
    "tafel(studie, document='FG1')",
)


def study(folder: Path, words: int, codings: int) -> Project:
    """Return a made study with that many codings on the turns of participants."""
    made = Project.create(folder / f"maat-{words}.qualcode", coder="anna", codebook=BOOK)
    made.import_documents(talk(words, folder), name="FG1", kind="focusgroep")
    now, chance = made.snapshot(), random.Random(SEED)
    document, me = now.document_names["FG1"], now.coder_names["anna"]
    turns = now.turns_of(document)
    spoken = turns.loc[turns["role"] == "deelnemer", ["start", "end"]].to_numpy().tolist()
    codes = [code.key for code in made.codebook.codes if code.codable]
    rows = []
    for _ in range(codings):
        first, last = spoken[chance.randrange(len(spoken))]
        start = chance.randrange(first, max(first + 1, last - 60))
        rows.append((start, min(last, start + chance.randint(20, 300)), chance.choice(codes)))
    columns: dict[str, list[Any]] = {
        "start": [a for a, _, _ in rows],
        "end": [b for _, b, _ in rows],
        "code": [code for _, _, code in rows],
    }
    same = {"exists": True, "document": document, "version": 1, "coder": me, "at": made._store.clock(), "layer": "ronde-1"}
    columns |= {name: [value] * codings for name, value in same.items()} | {"dimensions": [{} for _ in rows]}
    made._write(Draft("import-codings", me, (Change("coding", [made._store.guids() for _ in rows], columns),)))
    return made


def late(times: list[float]) -> float:
    """Return the time that 95 of 100 stay under."""
    return sorted(times)[int(len(times) * 0.95)]


def bridged(browser: Any, made: Project) -> tuple[list[float], list[float], list[float]]:
    """Return times of painting, gestures and frames of the desk on a bare page."""
    bridge = Bridge(browser, CodingDesk(made, "FG1"))
    bridge.page.evaluate("async () => { window.desk = (await import('/desk.js')).default; }")
    paint = [bridge.page.evaluate(PAINT) for _ in range(5)]
    gestures = [bridge.page.evaluate(GESTURE) for _ in range(GESTURES)]
    frames = bridge.page.evaluate(SCROLL)
    bridge.close()
    return paint, gestures, frames


def in_lab(browser: Any, lab: Running, made: Path, words: int) -> tuple[list[float], list[float], list[float]]:
    """Return times of painting, gestures and frames of the desk in JupyterLab."""
    folder = lab.root / str(words)
    folder.mkdir()
    shutil.copyfile(made, folder / "studie.qualcode")
    session = Session(browser, lab, folder, CELLS)
    session.open()
    session.run()
    paint = [session.page.evaluate(RUN) for _ in range(4)]
    gestures = [session.page.evaluate(GESTURE) for _ in range(GESTURES)]
    frames = session.page.evaluate(SCROLL)
    session.context.close()
    return paint, gestures, frames


def measured(lab: bool) -> Iterator[tuple[str, ...]]:
    """Yield one row of the table a size and place."""
    with tempfile.TemporaryDirectory() as place, chromium() as browser, served(Path(place), lab) as server:
        for words, codings, aim in SIZES:
            with study(Path(place), words, codings) as made:
                parts = [("kale pagina", bridged(browser, made))]
                address = Path(made._store.address)
            if server is not None:
                parts.append(("JupyterLab", in_lab(browser, server, address, words)))
            for where, (paint, gestures, frames) in parts:
                size = f"{words:,} woorden, {codings:,} coderingen, {where}".replace(",", ".").replace(". ", ", ")
                shown = (statistics.median(paint), statistics.median(gestures), late(gestures), statistics.median(frames), late(frames))
                yield (size, f"{aim}", *(f"{value:.0f}" for value in shown))


@contextmanager
def served(place: Path, lab: bool) -> Iterator[Running | None]:
    """Run a JupyterLab when one is wanted."""
    if not lab:
        yield None
        return
    (place / "jupyter").mkdir()
    with running(place / "jupyter") as server:
        yield server


def favoured() -> str:
    """Return what to say when the system gave this measurement more of the processor than other work."""
    group = Path("/proc/self/autogroup")
    nice = int(group.read_text(encoding="ascii").split()[-1]) if group.exists() else 0
    return f"; gemeten met voorrang boven ander werk (nice {nice})" if nice < 0 else ""


def page(rows: list[tuple[str, ...]]) -> str:
    """Return the rows as the part of the page on speed."""
    head = ("maat", "streven tekenen", "tekenen", "gebaar, mediaan", "gebaar, p95", "beeld, mediaan", "beeld, p95")
    lines = [head, ("---", *["---:"] * (len(head) - 1)), *rows]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg()) + favoured()
    return (
        f"{HEAD}\n\nGemeten in Chromium zonder grafische kaart met `benchmarks/desk.py` (zaad {SEED}), in milliseconden; belasting van de computer {load}.\n"
        "*Tekenen*: van het uitvoeren van de cel tot de tekst met kleuren. *Gebaar*: van toets tot het beeld met de bevestigde codering getekend is "
        "(streven: 50, p95 100). *Beeld*: één stap bij het rollen (streven: p95 onder 50).\n\n" + table + "\n"
    )


def main() -> None:
    """Measure, print, and write the page when asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help="write docs/snelheid.md")
    options.add_argument("--bare", action="store_true", help="without JupyterLab")
    chosen = options.parse_args()
    text = page(list(measured(not chosen.bare)))
    if chosen.write:
        path = Path(__file__).parents[1] / "docs" / "snelheid.md"
        path.write_text(path.read_text(encoding="utf-8").partition(HEAD)[0].rstrip() + "\n\n" + text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
