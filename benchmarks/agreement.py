"""How long agreement takes over 40 codes and 20 documents of 50,000 words, coded by two.

Run it with ``uv run benchmarks/agreement.py``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from qualcode.analysis.agreement import agreement

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from studies import Build

PAIR = ("anna", "bram")


def study() -> Any:
    """Return a study of a million words, made the same every time."""
    source = np.random.default_rng(1)
    tree = {(f"T{t}", "Thema"): {(f"T{t}S", "Sub"): {f"C{t}{c}": f"Code {c}" for c in range(10)} for _ in "x"} for t in range(4)}
    build = Build(tree=tree)
    for coder in PAIR:
        build.coder(coder)
    codes = [guid for guid, row in build.state["code"].items() if row["codable"]]
    for number in range(1, 21):
        build.document(f"FG{number}", [("M1" if at % 5 == 0 else f"R{at % 5}", "woord " * 70) for at in range(715)])
        turns = list(build.turns[f"FG{number}"].values())
        for at in source.integers(0, len(turns), size=500):
            code = codes[min(int(source.exponential(10)), 39)]
            for coder in PAIR:
                own = code if source.random() < 0.8 else codes[source.integers(40)]
                build.code(f"FG{number}", turns[at], own[5:], coder=coder, layer="ronde-1")
    return build.snapshot()


def main() -> None:
    """Print the median of five."""
    made = study()
    agreement(made, PAIR)
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        agreement(made, PAIR)
        taken.append(time.perf_counter() - begun)
    print(f"{median(taken):.2f} s (aim: under 1 s; {len(made.turns)} turns, seed 1)")


if __name__ == "__main__":
    main()
