"""Topics in pictures: a map of the passages, in which sessions people speak of them, and which lie near each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from qualcode.discovery.living import flat, sessions
from qualcode.discovery.stability import tree
from qualcode.discovery.topics import Topics
from qualcode.errors import Refused
from qualcode.labels import say

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Theme = Literal["light", "dark"]
Unit = Literal["people", "passages"]

_ROW, _MAP = 24, 620
_SIGNS = {"uncovered": "diamond", "mixed": "square", "covered": "circle", "rejected": "x-thin-open", "": "circle"}
_SHORT = 34


@dataclass(frozen=True)
class _Look:
    """Colours of one theme; signs and words say the same, so that nothing hangs on a colour alone."""

    paper: str
    ink: str
    soft: str
    low: str
    high: str
    most: str
    states: dict[str, str]


_LOOKS = {
    "light": _Look(
        "#ffffff", "#1c1c1c", "#595959", "#e8eef6", "#154273", "#8db0de",
        {"uncovered": "#b34700", "mixed": "#6b3a75", "covered": "#154273", "rejected": "#808891", "": "#154273"},
    ),
    "dark": _Look(
        "#17191c", "#f0f0f0", "#b5b8bd", "#26303c", "#8fc0ff", "#2f62a3",
        {"uncovered": "#ffb27a", "mixed": "#d6a8e4", "covered": "#8fc0ff", "rejected": "#8b929b", "": "#8fc0ff"},
    ),
}  # fmt: skip


def topic_map(found: Topics, *, states: Sequence[str] | None = None, theme: Theme = "light") -> Figure:
    """Draw the passages on a flat map: what lies together is about the same.

    Parameters
    ----------
    found
        Topics.
    states
        Of each topic ``uncovered``, ``mixed``, ``covered`` or ``rejected``: it decides colour and sign. Without it all look alike.
    theme
        ``light`` or ``dark``.

    Returns
    -------
    plotly.graph_objects.Figure
        A point a passage with topic, document and turn under the mouse, never words; the name of each topic stands in the middle of its points.
        A point carries topic (id), document, start and end as ``customdata``. Distances between far points mean nothing.
    """
    from plotly.graph_objects import Figure, Scatter

    look, table = _look(theme), _passages(found)
    figure = Figure()
    if table.empty:
        return _dressed(figure, say("topicdesk.chart_none"), look, height=220)
    of_topic = list(states) if states is not None else [""] * len(found.topics)
    names = [_short(label) for label in found.topics["label"]]
    table = table.assign(state=[of_topic[number] for number in table["topic"]])
    for state, rows in table.groupby("state", sort=True):
        figure.add_trace(
            Scatter(
                x=rows["x"], y=rows["y"], mode="markers", name=say("topicdesk.state_" + str(state)) if state else "", showlegend=bool(state),
                marker={"color": look.states[str(state)], "symbol": _SIGNS[str(state)], "size": 6, "opacity": 0.75},
                customdata=rows[["topic", "document", "start", "end"]].to_numpy(dtype=object).tolist(),
                hovertext=[f"{names[n]}<br>{d}, {say('discovery.head_turn')} {t}" for n, d, t in zip(rows["topic"], rows["document"], rows["turn"], strict=True)],
                hoverinfo="text",
            )
        )  # fmt: skip
    middle = table.groupby("topic")[["x", "y"]].median()
    for number, (x, y) in zip(middle.index, middle.to_numpy(), strict=True):
        words = {
            "text": ", ".join(names[int(number)].split(", ")[:2]),
            "font": {"size": 11, "color": look.ink},
            "bgcolor": look.paper,
            "borderpad": 1,
            "opacity": 0.85,
        }
        figure.add_annotation(x=x, y=y, showarrow=False, **words)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return _dressed(figure, say("topicdesk.chart_map"), look, height=_MAP, under=say("topicdesk.chart_map_under"))


def _passages(found: Topics) -> pd.DataFrame:
    inside = found.assignments >= 0
    if found.passages is None or not inside.any():
        return pd.DataFrame()
    places = flat(found)[inside]
    table = found.passages.loc[inside, ["document", "turn", "start", "end"]].reset_index(drop=True)
    return table.assign(topic=found.assignments[inside], x=places[:, 0], y=places[:, 1])


def topic_sessions(found: Topics, *, unit: Unit = "people", theme: Theme = "light") -> Figure:
    """Draw in which sessions topics live.

    Parameters
    ----------
    found
        Topics.
    unit
        What colour and figure count: ``people`` who speak of it, or ``passages``. The other one stands under the mouse; the title names the unit.
    theme
        ``light`` or ``dark``.

    Returns
    -------
    plotly.graph_objects.Figure
        A row a topic, in how many sessions it lives beside its name, a column a session. A cell carries topic (id) and document as ``customdata``.

    Raises
    ------
    Refused
        For another unit.
    """
    from plotly.graph_objects import Figure, Heatmap

    if unit not in {"people", "passages"}:
        raise Refused("topicdesk.no_unit", unit=unit)
    look, table = _look(theme), sessions(found)
    figure = Figure()
    if table.empty or found.passages is None:
        return _dressed(figure, say("topicdesk.chart_none"), look, height=220)
    documents = list(found.passages["document"].unique())
    counts = {name: table.pivot_table(index="topic", columns="document", values=name, fill_value=0) for name in ("people", "passages")}
    counts = {name: held.reindex(index=range(len(found.topics)), columns=documents, fill_value=0) for name, held in counts.items()}
    people, spoken = counts["people"].to_numpy(int), counts["passages"].to_numpy(int)
    shown = np.where(counts[unit].to_numpy() > 0, counts[unit].to_numpy(float), np.nan)
    names = [f"{_short(label)} ({int((row > 0).sum())})" for label, row in zip(found.topics["label"], people, strict=True)]
    # two topics may have one name: the place of a row is its number
    hover = [
        [
            say("topicdesk.chart_cell", name=names[i], document=d, people=people[i, j], passages=spoken[i, j])
            for j, d in enumerate(documents)
        ]
        for i in range(len(names))
    ]
    figure.add_trace(
        Heatmap(
            z=shown, x=documents, y=list(range(len(names))), customdata=[[[i, d] for d in documents] for i in range(len(names))], xgap=2, ygap=2,
            colorscale=[[0, look.low], [1, look.most]], texttemplate="%{z}", textfont={"color": look.ink}, hovertext=hover, hoverinfo="text", showscale=False, hoverongaps=False,
        )
    )  # fmt: skip
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, autorange="reversed", automargin=True, zeroline=False)
    figure.update_xaxes(side="top", dtick=1, automargin=True)
    title = say(f"topicdesk.chart_sessions_{unit}")
    return _dressed(figure, title, look, height=150 + _ROW * len(names), under=say("topicdesk.chart_sessions_under"))


def topic_tree(found: Topics, *, theme: Theme = "light") -> Figure:
    """Draw which topics lie near each other, as a tree: the further to the right two branches join, the less alike they are.

    Parameters
    ----------
    found
        Topics.
    theme
        ``light`` or ``dark``.

    Returns
    -------
    plotly.graph_objects.Figure
        A leaf a topic; leaves and joints carry the topics (ids) below them as ``customdata``.

    Notes
    -----
    Joined by the average of 1 - cosine between the middles of topics: :func:`qualcode.discovery.stability.tree`.
    """
    from plotly.graph_objects import Figure, Scatter

    look, joints = _look(theme), tree(found)
    figure, amount = Figure(), len(found.topics)
    if not len(joints):
        return _dressed(figure, say("topicdesk.chart_none"), look, height=220)
    below: dict[int, list[int]] = {number: [number] for number in range(amount)}
    at: dict[int, tuple[float, float]] = {}
    for number, (left, right, _) in enumerate(_joints(joints)):
        below[amount + number] = [*below[left], *below[right]]
    order = below[amount + len(joints) - 1]
    at |= {number: (0.0, float(place)) for place, number in enumerate(order)}
    x: list[float | None] = []
    y: list[float | None] = []
    for number, (left, right, far) in enumerate(_joints(joints)):
        (x1, y1), (x2, y2) = at[left], at[right]
        at[amount + number] = (far, (y1 + y2) / 2)
        x += [x1, far, far, x2, None]
        y += [y1, y1, y2, y2, None]
    figure.add_trace(Scatter(x=x, y=y, mode="lines", line={"color": look.soft, "width": 1.5}, hoverinfo="skip", showlegend=False))
    names = [_short(label) for label in found.topics["label"]]
    knots = [*order, *range(amount, amount + len(joints))]
    figure.add_trace(
        Scatter(
            x=[at[one][0] for one in knots], y=[at[one][1] for one in knots], mode="markers", customdata=[[below[one]] for one in knots],
            marker={"color": look.high, "size": [9 if one < amount else 11 for one in knots], "symbol": ["circle" if one < amount else "diamond" for one in knots]},
            hovertext=["<br>".join(names[n] for n in below[one]) for one in knots], hoverinfo="text", showlegend=False, cliponaxis=False,
        )
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(amount)), ticktext=[names[n] for n in order], autorange="reversed", automargin=True, zeroline=False
    )
    figure.update_xaxes(title=say("topicdesk.chart_distance"), rangemode="tozero", zeroline=False)
    return _dressed(figure, say("topicdesk.chart_tree"), look, height=150 + _ROW * amount, under=say("topicdesk.chart_tree_under"))


def _joints(table: pd.DataFrame) -> list[tuple[int, int, float]]:
    return [(int(left), int(right), float(far)) for left, right, far in zip(table["left"], table["right"], table["distance"], strict=True)]


def _look(theme: str) -> _Look:
    if theme not in _LOOKS:
        raise Refused("topicdesk.no_theme", theme=theme)
    return _LOOKS[theme]


def _short(label: str) -> str:
    return label if len(label) <= _SHORT else f"{label[: _SHORT - 1]}…"


def _dressed(figure: Figure, title: str, look: _Look, *, height: int, under: str = "") -> Figure:
    text = f"{title}<br><sub>{under}</sub>" if under else title
    grid: dict[str, Any] = {"gridcolor": look.low, "linecolor": look.soft, "tickfont": {"color": look.ink}}
    figure.update_xaxes(**grid)
    figure.update_yaxes(**grid)
    return figure.update_layout(
        title={"text": text, "font": {"size": 15, "color": look.ink}, "x": 0.01, "xanchor": "left", "y": 0.98, "yanchor": "top"}, height=height,
        template="plotly_white", paper_bgcolor=look.paper, plot_bgcolor=look.paper, margin={"l": 10, "r": 20, "t": 90, "b": 40},
        font={"family": "system-ui, sans-serif", "color": look.ink}, legend={"orientation": "h", "y": -0.02, "x": 0, "yanchor": "top"}, autosize=True,
    )  # fmt: skip
