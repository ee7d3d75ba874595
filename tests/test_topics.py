"""Topics: of files and of studies, what they promise and what they refuse to say."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

import qualcode as qc
from discovery.spoken import WordEmbedder, sentences
from qualcode.cli import main
from qualcode.discovery import Talk, embed, engines, find_topics, guide_of, seeds, topic_tree
from qualcode.discovery.grouping import by_size, graph_of, modularity, without
from qualcode.discovery.sifting import weights
from qualcode.discovery.stability import merged, split, stability, tree
from qualcode.discovery.tables import answers
from qualcode.discovery.topics import renamed_words
from qualcode.discovery.words import surface
from qualcode.errors import BadFile, Missing, Refused
from qualcode.sample import FAST, make_sample

MODEL = WordEmbedder()


def found(texts: list[str], **more: object):
    return find_topics(texts, embed(texts, MODEL), **({"engine": "kmeans", "tokens": surface} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ["bertopic", "kmeans"])
def test_known_subjects_come_back_as_topics_with_their_own_words(engine: str):
    texts, about = sentences()
    made = found(texts, engine=engine, amount=4)
    assert adjusted_rand_score(about, made.assignments) > 0.95
    assert sum("fiets" in words or "pomp" in words for words in made.topics["words"]) == 1


def test_the_texts_themselves_choose_the_number_of_topics():
    texts, about = sentences(30)
    made = found(texts, engine="bertopic")
    assert 3 <= len(made.topics) <= 6
    assert adjusted_rand_score(about, made.assignments) > 0.7


def test_the_same_seed_gives_the_same_topics_and_says_which():
    texts, _ = sentences()
    first, second = found(texts, engine="bertopic", seed=3), found(texts, engine="bertopic", seed=3)
    assert first.as_json() == second.as_json()
    assert first.seed == 3
    assert "3" in repr(first)


def test_every_row_has_its_assignment_and_equal_rows_the_same():
    texts, _ = sentences()
    rows = ["", texts[0], "...", *texts, texts[0].upper(), "   "]
    made = found(rows)
    assert len(made.assignments) == len(rows)
    assert made.assignments[1] == made.assignments[3] == made.assignments[-2]
    assert [made.assignments[i] for i in (0, 2, -1)] == [-1, -1, -1]
    assert made.topics["size"].tolist() == sorted(made.topics["size"], reverse=True)
    assert made.topics["size"].sum() == (made.assignments >= 0).sum()


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["een", "twee", "drie"], "Uit minder dan 12"),
        (["altijd hetzelfde antwoord"] * 40, "Van de 40 teksten"),
        ([], "Er zijn 0 teksten"),
        ([""] * 50, "0 teksten"),
    ],
    ids=["three", "alike", "none", "empty"],
)
def test_of_too_little_no_topics_but_a_sentence(texts: list[str], said: str):
    made = found(texts)
    assert made.topics.empty
    assert made.assignments.tolist() == [-1] * len(texts)
    assert said in made.notes[0]


def test_another_language_is_said():
    texts = [
        f"I told them that {word} was not the thing that we had in the {word} of it"
        for line in sentences(10)[0]
        for word in line.split()[:1]
    ]
    made = find_topics(texts, embed(texts, MODEL), engine="kmeans", amount=3)
    assert any("niet Nederlands (en)" in note for note in made.notes)


def test_a_topic_of_one_person_is_dissolved():
    texts, _ = sentences(24)
    mine = [text for text in texts if "zwembad" in text or "duiken" in text or "chloor" in text]
    voices = ["P0" if text in mine else f"P{1 + i % 9}" for i, text in enumerate(texts)]
    talk = Talk(voices, [f"FG{i}" for i in range(len(texts))], list(range(len(texts))))
    made = found(texts, engine="bertopic", talk=talk)
    for number in made.topics["id"]:
        inside = [voices[i] for i in np.flatnonzero(made.assignments == number)]
        assert len(set(inside)) >= 3
        assert max(inside.count(voice) for voice in inside) <= 0.75 * len(inside)
    assert any("opgeheven" in note for note in made.notes)


@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=60))
def test_a_voice_weighs_at_most_twice_the_average_voice(voices: list[str]):
    held = weights(voices, len(voices))
    most = 2 * len(voices) / len(set(voices))
    for voice in set(voices):
        mine = held[[one == voice for one in voices]]
        assert mine.sum() <= most + 1e-9
        assert mine.sum() == pytest.approx(min(len(mine), most))


def test_back_channel_makes_no_topic_and_stays_outside():
    texts, _ = sentences()
    rows = [row for text in texts for row in (text, "Ja hè, nou ja, precies")]
    talk = Talk([f"P{i % 7}" for i in range(len(rows))], ["FG1"] * len(rows), list(range(len(rows))))
    made = found(rows, engine="bertopic", talk=talk)
    assert set(made.assignments[1::2].tolist()) == {-1}
    assert not {"ja", "nou", "precies"} & {word for words in made.topics["words"] for word in words}


def test_stability_is_high_for_clear_subjects_and_low_for_noise():
    texts, _ = sentences(25)
    clear = stability(found(texts, amount=4))
    rng = np.random.default_rng(0)
    words = [word for line in texts for word in line.split()]
    noise = stability(found([" ".join(rng.choice(words, 5)) for _ in range(100)], amount=12))
    assert clear.min() > 0.9
    assert noise.mean() < 0.7


def test_splitting_and_merging_a_topic_lose_no_text():
    texts, _ = sentences()
    made = found(texts, amount=4)
    parts = renamed_words(made, split(made, 0))
    assert parts.topics["size"].sum() == len(texts)
    assert len(parts.topics) == 5
    joined = renamed_words(made, merged(made, 0, 1))
    assert joined.topics.set_index("id").loc[0, "size"] == made.topics["size"][:2].sum()
    assert len(tree(made)) == 3


def test_a_missing_engine_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engines, "has", lambda package: package != "bertopic")
    with pytest.raises(Missing, match="pip install --no-deps bertopic"):
        found(sentences()[0], engine="bertopic")
    assert len(found(sentences()[0], engine="kmeans").topics)


@pytest.mark.slow
def test_hdbscan_finds_known_subjects_and_leaves_nothing_outside():
    texts, about = sentences(40)
    made = found(texts, engine="hdbscan")
    assert adjusted_rand_score(about, made.assignments) > 0.8
    assert made.outside == 0


def test_what_talk_of_one_person_can_tell_is_said():
    texts, _ = sentences()
    made = found(texts, amount=4, talk=Talk(["P1"] * len(texts), ["IV1"] * len(texts), list(range(len(texts)))))
    assert len(made.topics)
    assert any("mensen dat spreekt: 1" in note for note in made.notes)


def test_vectors_that_were_damaged_are_counted_in_what_a_reader_is_told():
    texts, _ = sentences()
    made = find_topics(texts, replace(embed(texts, MODEL), damaged=2), engine="kmeans", amount=4, tokens=surface)
    assert any(note.startswith("2 bewaarde vectoren waren beschadigd") for note in made.notes)


def test_a_guide_draws_together_what_resembles_the_same_codes():
    texts, about = sentences(24)
    told = {"blij": "fijn heerlijk prachtig geweldig mooi gezellig".split(), "boos": "rot vervelend ellendig lelijk naar akelig".split()}
    mood = [list(told)[i % 2] for i in range(len(texts))]
    said = [f"{text} {told[m][i // 2 % 6]}" for i, (text, m) in enumerate(zip(texts, mood, strict=True))]
    seeded = [" ".join(words[start : start + 3]) for words in told.values() for start in (0, 3)]
    guide = guide_of(seeded, [["blij"], ["blij"], ["boos"], ["boos"]], embed(seeded, MODEL))
    plain, led = found(said, amount=8), found(said, amount=8, guide=guide)
    assert normalized_mutual_info_score(mood, led.assignments) > normalized_mutual_info_score(mood, plain.assignments) + 0.15
    assert normalized_mutual_info_score(about, led.assignments) > 0.3
    assert any("Geleid door 4 teksten bij 2 codes" in note for note in led.notes)


def test_one_code_cannot_guide():
    with pytest.raises(Refused, match="minstens twee codes"):
        guide_of(["fijn", "heerlijk"], [["blij"], ["blij"]], embed(["fijn", "heerlijk"], MODEL))


def test_the_codes_of_a_codebook_seed_topics_with_their_definition_and_each_example():
    book = qc.demo(["IV1"]).codebook
    texts, codes = seeds(book)
    used = {code.guid for code in book.codes if code.codable and not code.retired}
    assert {line[0] for line in codes} == used
    assert len(texts) == len(codes) == sum(1 + len(code.examples or ()) for code in book.codes if code.guid in used)


@given(st.integers(1, 6))
def test_the_tree_of_topics_joins_them_all_and_loses_no_text(amount: int):
    texts, _ = sentences(6)
    made = found(texts, amount=max(2, amount))
    table = topic_tree(made).set_index("node")
    assert table["parent"].eq(-1).sum() == 1
    root = table[table["parent"] == -1].iloc[0]
    assert root["topics"] == made.topics["id"].tolist()
    assert root["size"] == len(texts)
    for node, row in table[table["left"] >= 0].iterrows():
        assert row["size"] == table.loc[[row["left"], row["right"]], "size"].sum()
        assert table.loc[[row["left"], row["right"]], "parent"].eq(node).all()
    assert topic_tree(found(["ja"])).empty


@pytest.mark.slow
def test_short_answers_group_better_by_meaning_than_by_words():
    table = answers(Path(__file__).parent / "discovery" / "bekende-onderwerpen.csv", needs=("text", "code"))
    texts, about = table["text"].tolist(), table["code"].tolist()
    ours = find_topics(texts, embed(texts), engine="kmeans" if not engines.has("bertopic") else "bertopic").assignments
    words = KMeans(12, n_init=5, random_state=7).fit_predict(TfidfVectorizer(min_df=2).fit_transform(texts))
    assert normalized_mutual_info_score(about, ours) > normalized_mutual_info_score(about, words)
    assert adjusted_rand_score(about, ours) > adjusted_rand_score(about, words)


@given(st.lists(st.integers(-1, 6), min_size=1, max_size=60))
def test_groups_are_numbered_by_size(numbers: list[int]):
    made = by_size(np.array(numbers, dtype=np.int64))
    amounts = np.bincount(made[made >= 0]).tolist()
    assert amounts == sorted(amounts, reverse=True)
    assert all(amounts)
    assert ((made == -1) == (np.array(numbers) == -1)).all()
    pairs = {(a, b) for a, b in zip(numbers, made.tolist(), strict=True)}
    assert len(pairs) == len(set(numbers))


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_modularity_is_between_minus_half_and_one_and_nought_for_one_group(seed: int):
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(30, 4)).astype(np.float32)
    graph = graph_of(places / np.linalg.norm(places, axis=1, keepdims=True), 5)
    assert -0.5 <= modularity(graph, rng.integers(0, 4, 30)) <= 1
    assert modularity(graph, np.zeros(30, dtype=np.int64)) == pytest.approx(0)


def test_when_every_group_is_dissolved_all_is_outside():
    assert without(np.eye(3, dtype=np.float32), np.array([0, 1, 1]), {0, 1}).tolist() == [-1, -1, -1]


# files and the command


def write(path: Path, rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text"])
        writer.writerows([row] for row in rows)
    return path


def test_a_file_keeps_its_empty_rows_in_order(tmp_path: Path):
    rows = ["eerste, met komma", "", "derde\nregel", ""]
    assert answers(write(tmp_path / "a.csv", rows))["text"].tolist() == rows
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join(json.dumps({"text": row}) for row in rows), encoding="utf-8")
    assert answers(lines)["text"].tolist() == rows


@pytest.mark.parametrize(
    ("content", "said"),
    [("antwoord\nja", "kolom text"), ("text\nja,nee\n", "Rij 2"), ("text\n", "geen rijen"), ('text\n"ja', "csv")],
    ids=["column", "long", "empty", "quote"],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: str, said: str):
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(BadFile, match=said):
        answers(tmp_path / "a.csv")


def test_the_command_prints_one_json_value_with_a_topic_for_every_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    texts, _ = sentences()
    path = write(tmp_path / "a.csv", ["", *texts, texts[0]])
    assert main(["topics", str(path), "--json", "--engine", "kmeans", "--topics", "4"]) == 0
    out, said = capsys.readouterr()
    made = json.loads(out)
    assert len(made["assignments"]) == len(texts) + 2
    assert made["assignments"][0] == -1
    assert made["assignments"][1] == made["assignments"][-1]
    assert [set(topic) for topic in made["topics"]] == [{"id", "label", "words", "size"}] * 4
    assert "toevalsgetal 7" in said
    assert "USE" in said


def test_three_rows_give_no_topics_and_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["topics", str(write(tmp_path / "a.csv", ["ja", "nee", "misschien"])), "--json", "--engine", "kmeans"]) == 0
    out, said = capsys.readouterr()
    assert json.loads(out) == {"topics": [], "assignments": [-1, -1, -1]}
    assert "lees ze" in said


# in a study


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    """The fast sample in a file, and topics found in it: copies of one study agree on everything."""
    path = tmp_path_factory.mktemp("topics") / "voorbeeld.qualcode"
    with make_sample(path, sessions=FAST) as study:
        return path, qc.discover_topics(study, engine="kmeans", topics=5, model=WordEmbedder())


@pytest.fixture
def study(made, tmp_path: Path):
    shutil.copyfile(made[0], tmp_path / "s.qualcode")
    with qc.Project.open(tmp_path / "s.qualcode") as study:
        yield study


@pytest.fixture
def topics(made):
    return made[1]


def test_topics_change_nothing_until_they_are_kept(study: qc.Project, topics):
    assert study.proposals.table().empty
    guids = study.proposals.keep(topics)
    table = study.proposals.table(sort="topic")
    assert table["state"].tolist() == ["pending"] * len(guids)
    assert table["size"].tolist() == topics.topics["size"].tolist()
    study.undo()
    assert study.proposals.table().empty


def test_the_codebook_guides_when_asked_and_it_is_said(study: qc.Project, topics, tmp_path: Path):
    how = {"engine": "kmeans", "topics": 5, "model": WordEmbedder()}
    led = qc.discover_topics(study, guided=True, **how)
    said, codes = seeds(study.codebook.book)
    amount = len({code for line in codes for code in line})
    assert any(note.startswith(f"Geleid door {len(said)} teksten bij {amount} codes") for note in led.notes)
    assert not any(note.startswith("Geleid") for note in topics.notes)
    assert led.assignments.tolist() != topics.assignments.tolist()
    assert len(qc.topic_table(study, led, model=WordEmbedder())) == len(led.topics)
    assert study.proposals.table().empty
    with qc.Project.create(tmp_path / "leeg.qualcode", coder="anna") as bare, pytest.raises(Refused, match="minstens twee codes"):
        qc.discover_topics(bare, guided=True, **how)


def test_the_command_lets_only_the_codebook_of_a_study_guide(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["topics", str(write(tmp_path / "a.csv", ["ja", "nee"])), "--guided"])
    assert "--guided" in capsys.readouterr().err


def test_too_little_memory_is_said_in_a_sentence(study: qc.Project, monkeypatch: pytest.MonkeyPatch):
    def short(*_: object, **__: object):
        raise MemoryError

    monkeypatch.setattr("qualcode.discovery.topics.space_of", short)
    with pytest.raises(Refused, match="te weinig geheugen"):
        qc.discover_topics(study, engine="kmeans", model=WordEmbedder())
    monkeypatch.setattr("qualcode.project.discovery.learn_study", short)
    with pytest.raises(Refused, match="te weinig geheugen"):
        qc.suggestions(study, model=WordEmbedder())


def test_no_words_of_the_talk_stand_in_the_event_of_kept_topics(study: qc.Project, topics):
    study.proposals.keep(topics)
    kept = json.dumps(study.snapshot().events["changes"].iloc[-1], default=str)
    assert topics.texts[0] not in kept


def test_a_decision_needs_a_reason_and_stands_in_the_log(study: qc.Project, topics):
    one, other, *_ = study.proposals.keep(topics)
    with pytest.raises(Refused, match="reden"):
        study.proposals.reject(one, reason=" ")
    study.proposals.reject(one, reason="gaat over de opname")
    study.proposals.rename(other, "Namen")
    table = study.proposals.table().set_index("guid")
    assert tuple(table.loc[one, ["state", "reason"]]) == ("rejected", "gaat over de opname")
    assert table.loc[other, "name"] == "Namen"
    study.undo()
    study.undo()
    assert study.proposals.table().set_index("guid").loc[one, "state"] == "pending"


def test_a_merged_topic_brings_its_passages(study: qc.Project, topics):
    one, other, *_ = study.proposals.keep(topics)
    together = len(study.proposals.passages(one)) + len(study.proposals.passages(other))
    study.proposals.merge(other, one, reason="hetzelfde")
    assert len(study.proposals.passages(one)) == together
    assert other not in set(study.proposals.table()["guid"])
    study.undo()
    assert len(study.proposals.passages(one)) < together


def test_a_split_topic_loses_no_passage(study: qc.Project, topics):
    one, *_ = study.proposals.keep(topics)
    before = len(study.proposals.passages(one))
    fresh = study.proposals.split(one, topics, reason="twee dingen")
    assert sum(len(study.proposals.passages(guid)) for guid in (one, *fresh)) == before
    with pytest.raises(Refused, match="andere zoektocht"):
        study.proposals.split(one, topics, reason="nog eens")


def test_a_proposed_code_is_made_and_codes_nothing_and_one_undo_takes_it_back(study: qc.Project, topics):
    one, *_ = study.proposals.keep(topics)
    codings, codes = len(study.snapshot().codings), len(study.codebook.codes)
    made = study.proposals.propose(one, "E17", "Naam verkeerd of verwisseld", parent="E", reason="in drie groepen, nergens te coderen")
    assert made.id == "E17"
    assert study.proposals.table().set_index("guid").loc[one, ["state", "code"]].tolist() == ["accepted", "E17"]
    assert len(study.snapshot().codings) == codings
    study.undo()
    assert len(study.codebook.codes) == codes
    assert study.proposals.table().set_index("guid").loc[one, "state"] == "pending"


def test_a_linked_topic_names_its_code(study: qc.Project, topics):
    one, *_ = study.proposals.keep(topics)
    study.proposals.link(one, "G13", reason="thuiswerken als rust")
    assert study.proposals.table().set_index("guid").loc[one, "code"] == "G13"


def test_topics_by_session_count_every_passage_once_and_people_not_more_than_speak(study: qc.Project, topics):
    table = qc.topics_by_session(study, topics)
    assert table.groupby("topic")["passages"].sum().tolist() == topics.topics["size"].tolist()
    assert table.groupby("document")["share"].sum().round(6).eq(1).all()
    assert table["document"].drop_duplicates().tolist() == [name for name in FAST if name in set(table["document"])]
    assert len(table) == table["document"].nunique() * len(topics.topics)
    assert (table["voices"] <= table["passages"]).all()
    assert (table.loc[table["kind"] == "interview", "voices"] <= 1).all()


def test_topics_stand_beside_the_codebook(study: qc.Project, topics):
    table = qc.topic_table(study, topics, model=WordEmbedder())
    assert table["state"].isin(["covered", "mixed", "uncovered"]).all()
    assert table["stability"].between(0, 1).all()
    assert ((table["groups"] + table["interviews"]) <= 3).all()
    assert set(", ".join(table["nearest"]).split(", ")) <= {code.id for code in study.codebook.codes}


@pytest.mark.slow
def test_planted_topics_surface_outside_the_codebook_and_none_is_of_fillers_or_one_person():
    study = qc.demo(None)
    made = qc.discover_topics(study)
    table = qc.topic_table(study, made).set_index("id")
    assert made.passages is not None
    key = answers(qc.sample_folder() / "sleutel.csv", needs=("id", "text"))
    surfaced = 0
    for planted in ("T1", "T2", "T3"):
        lines = key[key["id"] == planted]
        rows = [
            i
            for document, text in zip(lines["document"], lines["text"], strict=True)
            for i in np.flatnonzero(
                (made.passages["document"] == document) & made.passages["text"].str.contains(" ".join(text.split())[:25], regex=False)
            )
        ]
        topic, inside = max(((t, (made.assignments[rows] == t).sum()) for t in table.index), key=lambda pair: pair[1])
        surfaced += bool(inside >= 0.6 * len(rows) and inside >= 0.2 * table.loc[topic, "size"] and table.loc[topic, "state"] != "covered")
    assert surfaced >= 2
    assert (table["voices"] >= 3).all()
    assert made.outside / len(made.texts) < 0.1
    outside = made.passages.loc[made.assignments < 0, "words"].sum() / made.passages["words"].sum()
    assert outside < 0.02
