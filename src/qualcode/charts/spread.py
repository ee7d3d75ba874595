"""In how many focus groups something was told: a square a group, never a percentage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.analysis import spread as counted
from qualcode.codebook import Level
from qualcode.labels import say
from qualcode.model import HasSnapshot

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_TOLD, _NOT = "#154273", "#d5dbe1"
_ROW = 24


def spread(study: HasSnapshot, *, level: Level = "subtheme", theme: str | None = None) -> Figure:
    """Draw in how many focus groups each code was told of, of those where it came up.

    Parameters
    ----------
    study
        A project or a snapshot.
    level
        ``code``, ``subtheme`` or ``theme``.
    theme
        Only codes of which the id begins with this.

    Returns
    -------
    plotly.graph_objects.Figure
        A bar of k of n groups a code, in codebook order, with the words for it beside; interviews are named under the mouse and never
        added. A point carries the reference of its figure as ``customdata``.
    """
    from plotly.graph_objects import Bar, Figure

    frame = counted(study, level=level)
    if theme is not None:
        frame = frame[frame["code"].str.startswith(theme)]
    frame = frame.iloc[::-1]
    names = frame["code"] + " " + frame["name"]
    rest = frame["groups_n"] - frame["groups"]
    figures = [say("report.of", k=k, n=n) for k, n in zip(frame["groups"], frame["groups_n"], strict=True)]
    words = [f"{figure}: {term}" for figure, term in zip(figures, frame["term"], strict=True)]
    beside = [f"{word}; {say('words.interview')}: {n}" for word, n in zip(words, frame["interviews"], strict=True)]
    told = Bar(
        x=frame["groups"],
        y=names,
        orientation="h",
        marker_color=_TOLD,
        text=words,
        textposition="inside",
        hovertext=beside,
        hoverinfo="text",
        customdata=frame["ref"],
    )
    silent = Bar(x=rest, y=names, orientation="h", marker_color=_NOT, hoverinfo="skip")
    chart = Figure([told, silent])
    most = int(frame["groups_n"].max()) if len(frame) else 1
    chart.update_layout(
        barmode="stack",
        showlegend=False,
        plot_bgcolor="white",
        height=90 + _ROW * max(len(frame), 1),
        margin={"l": 10, "r": 10, "t": 40, "b": 40},
        bargap=0.25,
    )
    chart.update_layout(title=say("report.chart_spread"), xaxis={"title": say("report.chart_groups"), "dtick": 1, "range": [0, most]})
    chart.update_yaxes(automargin=True)
    return chart
