"""How far coders agree, per code a dot with its interval; and which code the one gave where the other gave another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from qualcode.errors import Refused
from qualcode.labels import listed, say
from qualcode.model import HasSnapshot, rows_of

if TYPE_CHECKING:
    from plotly.graph_objects import Figure, Scatter

_INK = ("#154273", "#b34700", "#4c7a34", "#6b3a75")
_SIGNS = ("circle", "diamond", "square", "triangle-up")
_ROW = 22
_APART = 0.36
_COEFFICIENT = "alpha_nominal"


def agreement(
    study: HasSnapshot,
    coders: Sequence[str],
    *,
    layers: Sequence[str] = ("ronde-1",),
    coefficient: str = _COEFFICIENT,
    **how: Any,
) -> Figure:
    """Draw per code how far coders agree, with its interval; rounds side by side.

    Parameters
    ----------
    study
        A project or a snapshot.
    coders
        Two coders or more; of more than two all together.
    layers
        The rounds, each with its own sign and colour.
    coefficient
        Which of :func:`qualcode.agreement`.
    how
        ``unit``, ``level``, ``documents`` and ``seed``, as for :func:`qualcode.agreement`.

    Returns
    -------
    plotly.graph_objects.Figure
        A dot a code and round, the lowest on top; codes without a value stand below with the reason under the mouse. Unit, number of
        units and seed stand under the figure. A point carries the id of its code as ``customdata``.

    Raises
    ------
    NotFound, Ambiguous, Refused
        As :func:`qualcode.agreement`; or for a coefficient that is not there.
    """
    from plotly.graph_objects import Figure

    from qualcode.analysis.agreement import agreement as reckoned

    frames = {layer: reckoned(study, coders, layer=layer, **how) for layer in layers}
    tables = {layer: _of_codes(frame, coefficient) for layer, frame in frames.items()}
    order = _lowest_first(list(tables.values()))
    # what has no value stands apart, left of all values: nowhere on the scale
    left = min([0.0, *(low for table in tables.values() for low in table["ci_low"].dropna())]) - 0.15
    at = {code: place for place, code in enumerate(order)}
    figure = Figure()
    for place, (layer, table) in enumerate(tables.items()):
        # rounds stand beside each other within the row of their code, so that none hides another
        beside = (place - (len(tables) - 1) / 2) * _APART
        rows = table.set_index("code").assign(row=table["code"].map(at).to_numpy() + beside).sort_values("row")
        figure.add_traces([_dots(rows[rows["value"].notna()], layer, place), _without(rows[rows["value"].isna()], layer, place, left)])
    some = next(iter(frames.values())).iloc[0]
    under = say(
        "agreement.chart_under", unit=say(f"agreement.unit_{some['unit']}"), units=some["units"], uncoded=some["uncoded"], seed=some["seed"]
    )
    names = [f"{code} {name}" for code, name in _names(tables.values(), order)]
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, range=[len(names) - 0.4, -0.6], automargin=True)
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    figure.update_xaxes(tickvals=[left, *ticks], ticktext=[say("agreement.chart_none"), *(f"{one:.1f}" for one in ticks)])
    figure.update_xaxes(range=[left - 0.12, 1.05], title=f"{say(f'agreement.name_{coefficient}')}<br><sub>{under}</sub>", zeroline=True)
    return _dressed(figure, say("agreement.chart_title", coders=listed(list(coders))), rows=len(order))


def _dots(shown: pd.DataFrame, layer: str, place: int) -> Scatter:
    """Return the codes that have a value: a dot with its interval each."""
    from plotly.graph_objects import Scatter

    spread = {"symmetric": False, "array": shown["ci_high"] - shown["value"], "arrayminus": shown["value"] - shown["ci_low"]}
    return Scatter(
        x=shown["value"], y=shown["row"], name=layer, mode="markers", customdata=list(shown.index), error_x={**spread, "thickness": 1.2},
        marker={"color": _INK[place % 4], "symbol": _SIGNS[place % 4], "size": 8},
        hovertext=[_hover(row) for row in rows_of(shown)], hoverinfo="text",
    )  # fmt: skip


def _without(table: pd.DataFrame, layer: str, place: int, left: float) -> Scatter:
    """Return the codes that have no value, apart from the scale, with the reason."""
    from plotly.graph_objects import Scatter

    return Scatter(
        x=np.full(len(table), left), y=table["row"], name=f"{layer}: {say('agreement.chart_none')}", mode="markers", hoverinfo="text",
        marker={"color": _INK[place % 4], "symbol": "x-thin-open", "size": 7}, customdata=list(table.index),
        hovertext=[str(reason) for reason in table["reason"]],
    )  # fmt: skip


def _of_codes(frame: pd.DataFrame, coefficient: str) -> pd.DataFrame:
    rows: pd.DataFrame = frame[(frame["coefficient"] == coefficient) & frame["document"].isna() & frame["code"].notna()]
    if rows.empty:
        there = sorted(frame.loc[frame["code"].notna(), "coefficient"].unique())
        raise Refused("agreement.no_coefficient", coefficient=coefficient, known=", ".join(there))
    # the last group is that of all coders together
    return rows.loc[rows["coders"] == str(rows["coders"].iloc[-1])]


def _lowest_first(tables: list[pd.DataFrame]) -> list[str]:
    joined = pd.concat(tables).groupby("code", sort=False)["value"].first()
    return list(joined.sort_values(kind="stable", na_position="last").index)


def _names(tables: Any, order: list[str]) -> list[tuple[str, str]]:
    called = pd.concat(list(tables)).drop_duplicates("code").set_index("code")["name"]
    return [(code, called[code]) for code in order]


def _hover(row: dict[str, Any]) -> str:
    between = say("agreement.between", low=f"{row['ci_low']:.2f}", high=f"{row['ci_high']:.2f}") if row["ci_low"] == row["ci_low"] else ""
    said = f"<br>{row['reason']}" if isinstance(row["reason"], str) else ""
    return f"{row['value']:.2f} {between}<br>{say('agreement.head_used')}: {row['used']}{said}"


def disagreements(study: HasSnapshot, coders: Sequence[str], *, layer: str = "ronde-1", **how: Any) -> Figure:
    """Draw which code the one gave where the other gave another: a map of the codes that are taken for each other.

    Parameters
    ----------
    study
        A project or a snapshot.
    coders
        Two coders.
    layer
        The round.
    how
        ``documents``, as for :meth:`qualcode.Project.differences`.

    Returns
    -------
    plotly.graph_objects.Figure
        Rows are codes of the first coder, columns of the second; a cell says how often. The last row and column stand for nothing at
        all. A cell carries the two ids as ``customdata``; one with a decision rule has it under the mouse.
    """
    from plotly.graph_objects import Figure, Heatmap

    table = swapped(study, coders, layer=layer, **how)
    none = say("agreement.chart_nothing")
    codes = sorted({*table["code_a"], *table["code_b"]} - {""})
    places = {code: place for place, code in enumerate([*codes, ""])}
    size = len(places)
    times, pairs, rules = np.full((size, size), np.nan), np.full((size, size, 2), "", dtype=object), np.full((size, size), "", dtype=object)
    for row in rows_of(table):
        at = places[row["code_a"]], places[row["code_b"]]
        times[at], pairs[at], rules[at] = (
            row["times"],
            [row["code_a"], row["code_b"]],
            f"<br>{row['rule']}" if isinstance(row["rule"], str) else "",
        )
    names = [*codes, none]
    figure = Figure(
        Heatmap(
            z=times, x=names, y=names, customdata=np.dstack([pairs, rules]), colorscale=[[0, "#e8eef6"], [1, "#154273"]], xgap=1, ygap=1,
            texttemplate="%{z}", hovertemplate=f"{coders[0]}: %{{y}} · {coders[1]}: %{{x}}<br>%{{z}}×%{{customdata[2]}}<extra></extra>", showscale=False,
        )
    )  # fmt: skip
    figure.update_yaxes(title=coders[0], autorange="reversed", dtick=1)
    figure.update_xaxes(title=coders[1], dtick=1, side="top", tickangle=-90)
    return _dressed(figure, say("agreement.map_title", layer=layer), rows=size).update_layout(
        title={"y": 0.98, "yanchor": "top"}, margin={"t": 120}
    )


def swapped(study: HasSnapshot, coders: Sequence[str], *, layer: str = "ronde-1", **how: Any) -> pd.DataFrame:
    """Return how often which code stands where the other coder has another or none.

    Returns
    -------
    pandas.DataFrame
        ``code_a``, ``code_b`` (``""``: nothing), ``times`` (differences between fragments), ``rule``; most often first.
    """
    from qualcode.analysis.agreement import pairs

    frame = pairs(study, coders, layer=layer, **how)
    frame = frame[frame["kind"].isin(["andere code", "één codeur"])].fillna({"code_a": "", "code_b": ""})
    table: pd.DataFrame = (
        frame.groupby(["code_a", "code_b"], sort=False).agg(times=("difference", "size"), rule=("rule", "first")).reset_index()
    )
    return table.sort_values("times", ascending=False, kind="stable", ignore_index=True)


def _dressed(figure: Figure, title: str, *, rows: int) -> Figure:
    return figure.update_layout(
        title={"text": title, "font": {"size": 15}}, template="plotly_white", height=170 + _ROW * max(rows, 6), margin={"l": 10, "r": 20, "t": 70, "b": 60},
        font={"family": "system-ui, sans-serif"}, legend={"orientation": "h", "y": 1.02, "x": 1, "xanchor": "right", "yanchor": "bottom"},
    )  # fmt: skip
