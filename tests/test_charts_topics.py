"""Pictures of topics: what they count, that they are the same twice, and that no words of the talk are in them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

import qualcode as qc
from discovery.spoken import WordEmbedder, sentences
from qualcode.discovery import Talk, Topics, embed, find_topics
from qualcode.discovery.living import flat, sessions
from qualcode.discovery.words import surface
from qualcode.errors import Refused

SESSIONS = ("FG1", "FG2", "IV1")


def spoken(amount: int = 15, *, topics: int = 4) -> Topics:
    """Return topics of three sessions with three people each."""
    texts, _ = sentences(amount)
    table = pd.DataFrame(
        {
            "document": [SESSIONS[n % 3] for n in range(len(texts))],
            "document_guid": [f"guid {n % 3}" for n in range(len(texts))],
            "kind": ["interview" if n % 3 == 2 else "focusgroep" for n in range(len(texts))],
            "turn": range(1, len(texts) + 1),
            "start": [n * 100 for n in range(len(texts))],
            "end": [n * 100 + 50 for n in range(len(texts))],
            "speaker": [f"R{n % 9}" for n in range(len(texts))],
            "voice": [f"P{n % 9}" for n in range(len(texts))],
            "text": texts,
            "words": [len(text.split()) for text in texts],
        }
    )
    talk = Talk(table["voice"].tolist(), table["document_guid"].tolist(), table["turn"].tolist())
    made = find_topics(texts, embed(texts, WordEmbedder()), amount=topics, engine="kmeans", talk=talk, tokens=surface)
    return Topics(**{**made.__dict__, "passages": table})


@pytest.fixture(scope="module")
def found() -> Topics:
    return spoken()


def test_the_map_is_the_same_twice_and_holds_every_passage_of_a_topic_once(found: Topics):
    figure = qc.charts.topic_map(found)
    assert json.loads(figure.to_json()) == json.loads(qc.charts.topic_map(found).to_json())
    dots = [tuple(row) for trace in figure.data for row in trace.customdata]
    assert found.passages is not None
    rows = np.flatnonzero(found.assignments >= 0)
    assert sorted(dots) == sorted((int(found.assignments[n]), *found.passages.loc[n, ["document", "start", "end"]].tolist()) for n in rows)


def test_passages_of_one_topic_lie_together_on_the_map(found: Topics):
    places = flat(found)
    inside = np.linalg.norm(places[:, None] - places[None, :], axis=2)
    same = found.assignments[:, None] == found.assignments[None, :]
    others = ~np.eye(len(places), dtype=bool)
    assert inside[same & others].mean() < 0.8 * inside[~same].mean()


def test_the_sessions_count_people_and_passages_and_the_title_says_which(found: Topics):
    table = sessions(found).set_index(["topic", "document"])
    assert table["passages"].sum() == (found.assignments >= 0).sum()
    for unit, word in (("people", "mensen"), ("passages", "passages")):
        figure = qc.charts.topic_sessions(found, unit=unit)
        assert word in figure.layout.title.text
        cells = figure.data[0]
        for number, row in enumerate(cells.z):
            for document, shown in zip(cells.x, row, strict=True):
                counted = table[unit].get((number, document), 0)
                assert (0 if np.isnan(shown) else shown) == counted
        assert [list(one) for one in cells.customdata[1]] == [[1, name] for name in SESSIONS]


def test_people_of_a_session_are_counted_once_however_often_they_speak(found: Topics):
    table = sessions(found)
    assert (table["people"] <= 3).all()
    assert (table["people"] <= table["passages"]).all()
    assert table["passages"].max() > 3


def test_the_tree_joins_all_topics_and_every_knot_names_those_below(found: Topics):
    figure = qc.charts.topic_tree(found)
    below = [set(one) for (one,) in figure.data[1].customdata]
    amount = len(found.topics)
    assert sum(len(one) == 1 for one in below) == amount
    assert len(below) == 2 * amount - 1
    assert below[-1] == set(range(amount))
    # a line of a joint: from the left branch along the distance to the right one
    distances = [x for x in figure.data[0].x if x]
    assert max(distances) <= 2


def test_two_topics_of_one_name_keep_rows_of_their_own(found: Topics):
    renamed = Topics(**{**found.__dict__, "topics": found.topics.assign(label="hetzelfde")})
    assert len(qc.charts.topic_sessions(renamed).data[0].z) == len(found.topics)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_words_of_the_talk_are_in_a_picture_and_ink_is_readable_on_paper(found: Topics, theme: Any):
    figures = [
        qc.charts.topic_map(found, states=["covered", "mixed", "uncovered", "rejected"], theme=theme),
        qc.charts.topic_sessions(found, theme=theme),
        qc.charts.topic_tree(found, theme=theme),
    ]
    for figure in figures:
        kept = figure.to_json()
        assert not any(text in kept for text in found.texts)
        paper, ink = (_light(figure.layout[name]) for name in ("paper_bgcolor", "plot_bgcolor")), _light(figure.layout.font.color)
        assert all((max(one, ink) + 0.05) / (min(one, ink) + 0.05) > 7 for one in paper)
    dots = [(_light(trace.marker.color), _light(figures[0].layout.paper_bgcolor)) for trace in figures[0].data]
    assert all((max(pair) + 0.05) / (min(pair) + 0.05) > 3 for pair in dots)
    assert len({trace.marker.symbol for trace in figures[0].data}) == 4


def test_of_no_topics_there_is_a_picture_that_says_so():
    texts = ["een", "twee"]
    none = find_topics(texts, embed(texts, WordEmbedder()), engine="kmeans", tokens=surface)
    for draw in (qc.charts.topic_map, qc.charts.topic_sessions, qc.charts.topic_tree):
        assert "geen thema" in draw(none).layout.title.text
    with pytest.raises(Refused, match="light"):
        qc.charts.topic_map(none, theme="roze")  # type: ignore[arg-type]
    with pytest.raises(Refused, match="people"):
        qc.charts.topic_sessions(none, unit="woorden")  # type: ignore[arg-type]


def _light(colour: str) -> float:
    """Return the relative luminance of #RRGGBB (WCAG 2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
