"""A damaged transcript ends in one clear sentence and an unchanged study, or comes in as far as it can be read; never in between."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from exchanges import empty_study
from qualcode import Project
from qualcode.errors import QualcodeError

WORDS = ["Toen", "zei", "niemand", "iets", "en", "dat", "vond", "ik", "gek"]
SAID = [f"{WORDS[n % 9]} {WORDS[(n + 4) % 9]} {n}." for n in range(40)]


def word(path: Path) -> None:
    document = Document()
    for n, words in enumerate(SAID):
        document.add_paragraph(f"R{n % 4}: {words}")
    document.save(str(path))


def cues(path: Path) -> None:
    held = [f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n<v R{n % 4}>{words}" for n, words in enumerate(SAID)]
    path.write_text("WEBVTT\n\n" + "\n\n".join(held) + "\n", encoding="utf-8")


def segments(path: Path) -> None:
    held = [{"start": n, "end": n + 1, "speaker": f"R{n % 4}", "text": words} for n, words in enumerate(SAID)]
    path.write_text(json.dumps({"segments": held}), encoding="utf-8")


def truncated(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(1, len(data) - 1)]


def flipped(data: bytes, chance: random.Random) -> bytes:
    held = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
    return bytes(held)


def twice(data: bytes, chance: random.Random) -> bytes:
    """Return the file with a piece of it repeated elsewhere."""
    start, place = chance.randrange(len(data)), chance.randrange(len(data))
    return data[:place] + data[start : start + chance.randrange(2, 200)] + data[place:]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return empty_study(tmp_path_factory.mktemp("studie"))


@pytest.mark.parametrize(("suffix", "write"), [(".docx", word), (".vtt", cues), (".json", segments)], ids=[".docx", ".vtt", ".json"])
@pytest.mark.parametrize("harm", [truncated, flipped, twice])
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_transcript_is_read_or_refused_whole(
    study: Project, tmp_path: Path, suffix: str, write: Callable[[Path], None], harm: Callable[[bytes, random.Random], bytes], seed: int
) -> None:
    write(tmp_path / f"heel{suffix}")
    path = tmp_path / f"stuk{suffix}"
    path.write_bytes(harm((tmp_path / f"heel{suffix}").read_bytes(), random.Random(f"{suffix}{harm.__name__}{seed}")))
    before = study.stamp.events
    try:
        study.import_documents(path, kind="focusgroep")
    except QualcodeError as refusal:
        sentence = str(refusal)
        assert study.stamp.events == before
        assert path.name in sentence
        assert not any(words in sentence for words in SAID)
        return
    assert len(study.snapshot().turns)
    assert all(finding.sound for finding in study.doctor())
    study.undo()
    assert study.snapshot().documents.empty
