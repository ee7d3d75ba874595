"""A process killed in the middle of any write loses at most that write."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qualcode.store import Store, examine

# forks a fresh writer for every line it is given, so that one start of Python serves many deaths
WRITERS = """
import os, sys
from qualcode.model import Change
from qualcode.store import Draft, Store
def write():
    store = Store.open(sys.argv[1])
    number = 0
    while True:
        number += 1
        size = 1 + number % 40
        guids = [store.guids() for _ in range(size)]
        after = {"exists": [True] * size, "layer": ["ronde-1"] * size, "memo": [str(number) * 50] * size}
        print(os.getpid(), store.commit(Draft("code", "anna", (Change("coding", guids, after),))).stamp.events, flush=True)
for _ in sys.stdin:
    writer = os.fork()
    if writer == 0:
        write()
    os.waitpid(writer, 0)
    print("dead", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_killed_writer_loses_at_most_the_write_at_hand_and_leaves_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "s.qualcode"
    Store.create(path).close()
    chance = random.Random(7)
    with subprocess.Popen([sys.executable, "-c", WRITERS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for _ in range(30):
            child.stdin.write("\n")
            child.stdin.flush()
            writer, confirmed = map(int, child.stdout.readline().split())
            deadline = time.monotonic() + chance.uniform(0.0, 0.15)
            while time.monotonic() < deadline:
                confirmed = int(child.stdout.readline().split()[1])
            os.kill(writer, signal.SIGKILL)
            while (line := child.stdout.readline()) and "dead" not in line:
                confirmed = int(line.split()[1])
            store = Store.open(path)
            assert confirmed <= len(list(store.events())) <= confirmed + 1
            assert all(finding.sound for finding in examine(store)), [str(f) for f in examine(store)]
            store.close()
