"""How each kind of chart is drawn: builders that turn figures into one ECharts option, drawn alike by browser, page, print, PDF and Word."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mofu.documents.chart import LIGHT, Chart, Datum, Node, Palette, Series, plain

_RING_HEIGHT = 180
_SHORT = 4
"""Characters of the longest label that stays in one line below its bars."""
_NARROW = 50
"""Pixels across of a label below bars that is longer than that: four characters in a line."""
_FEW = 7
"""Columns of a table of cells that leave room for heads of eight characters in a line."""
_NAME_WIDTH = 240
"""Pixels across of the longest name of a network's node; longer ones are broken."""


def columns(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    stacked: bool = False,
    floor: Decimal | None = None,
    palette: Palette = LIGHT,
) -> Chart:
    """Upright bars and lines over ``labels``; ``floor`` draws the level that each label has to reach."""
    drawn = [_bars(one, stacked=stacked, labelled=len(labels) <= 14 and not stacked) for one in series]
    if floor is not None and drawn:
        drawn[0]["markLine"] = _level(floor, palette)
    widest = max((len(label) for label in labels), default=0)
    fit = {"width": _NARROW, "overflow": "break"} if widest > _SHORT else {"hideOverlap": True}
    axis = {
        "type": "category",
        "data": list(labels),
        "axisLabel": {**_ink(palette), "interval": 0, **fit},
    }
    option = _base(palette, drawn) | {"xAxis": axis, "yAxis": _values(palette)}
    return Chart(title, option, least=60 + len(labels) * max(24, 11 * widest))


def ranking(
    title: str, rows: Sequence[tuple[str, Datum]], *, unit: str = "", palette: Palette = LIGHT
) -> Chart:
    """Lying bars, the first row on top."""
    labels, data = [name for name, _ in rows][::-1], [datum for _, datum in rows][::-1]
    bars = _bars(Series(unit, data), stacked=False, labelled=True)
    bars["label"] |= {"position": "right", **_ink(palette)}
    option = _base(palette, [bars], legend=False)
    side = {"type": "category", "data": labels, "axisTick": {"show": False}, "axisLabel": _ink(palette)}
    option |= {"yAxis": side, "xAxis": _values(palette)}
    option["grid"] = {"left": 8, "right": 56, "top": 8, "bottom": 8, "containLabel": True}
    return Chart(title, option, height=max(120, 34 * len(rows) + 40))


def shares(title: str, rows: Sequence[Datum], *, palette: Palette = LIGHT) -> Chart:
    """A ring of parts of a whole, each with its figure and share."""
    ring = {
        "type": "pie",
        "radius": ["42%", "68%"],
        "center": ["50%", "52%"],
        "data": [row.as_item() for row in rows if row.value],
        "label": {"formatter": "{b} {c}", "color": palette.ink, "fontSize": 13},
        "itemStyle": {"borderColor": palette.ground, "borderWidth": 2},
    }
    return Chart(title, _base(palette, [ring], legend=False, trigger="item"))


def rings(title: str, rows: Sequence[tuple[str, Datum]], *, palette: Palette = LIGHT) -> Chart:
    """One ring a row, filled by its whole per cent (0 to 100)."""
    across = min(len(rows), 6) or 1
    lines = -(-len(rows) // across)
    drawn = [
        _ring(name, datum, (place % across + 0.5) / across, (place // across + 0.42) / lines, palette)
        for place, (name, datum) in enumerate(rows)
    ]
    option = _base(palette, drawn, legend=False, trigger="item")
    option["title"] = [_caption(one["name"], one["center"], lines, palette) for one in drawn]
    return Chart(title, option, height=_RING_HEIGHT * lines, least=120 * across)


def heat(
    title: str,
    columns_: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Datum]]],
    *,
    palette: Palette = LIGHT,
) -> Chart:
    """A table of coloured cells; the colour of a cell is its datum's own."""
    cells = [
        {
            **datum.as_item(),
            "value": [x, len(rows) - 1 - y, plain(datum.value)],
            "label": {"color": _on(datum.colour)},
        }
        for y, (_, data) in enumerate(rows)
        for x, datum in enumerate(data)
        if datum.value is not None
    ]
    table = {
        "type": "heatmap",
        "data": cells,
        "label": {"show": True, "fontSize": 12},
        "itemStyle": {"borderColor": palette.ground, "borderWidth": 2},
    }
    across = 72 if len(columns_) > _FEW else 108  # pixels a column needs
    top = {"type": "category", "data": list(columns_), "position": "top", "axisTick": {"show": False},
           "axisLabel": {**_ink(palette), "interval": 0, "width": across - 16, "overflow": "break", "lineHeight": 14}, "axisLine": {"show": False}}  # fmt: skip
    side = {"type": "category", "data": [name for name, _ in rows][::-1], "axisTick": {"show": False},
            "axisLabel": _ink(palette), "axisLine": {"show": False}}  # fmt: skip
    option = _base(palette, [table], legend=False, trigger="item") | {"xAxis": top, "yAxis": side}
    option["grid"] = {"left": 8, "right": 8, "top": 8, "bottom": 8, "containLabel": True}
    # Cells bring their own colours; the map that a heatmap insists on stays out of sight.
    option["visualMap"] = {"show": False, "min": 0, "max": 1, "seriesIndex": [], "dimension": 2}
    return Chart(title, option, height=30 * len(rows) + 76, least=110 + across * len(columns_))


def network(title: str, root: Node, *, palette: Palette = LIGHT) -> Chart:
    """A tree from left to right: who hangs on whom; lines go behind the names."""
    room = min(14 * len(root.name), _NAME_WIDTH)
    tree = {
        "type": "tree",
        "data": [root.as_item()],
        "left": room + 24,
        "right": 170,
        "top": 8,
        "bottom": 8,
        "symbolSize": 11,
        "initialTreeDepth": -1,
        "expandAndCollapse": False,
        "itemStyle": {"color": palette.series[0], "borderWidth": 0},
        "lineStyle": {"color": palette.series[7], "width": 1},
        "label": {
            "position": "left",
            "align": "right",
            "color": palette.ink,
            "fontSize": 13,
            "backgroundColor": palette.ground,
            "padding": [2, 4],
            "width": _NAME_WIDTH,
            "overflow": "break",
        },
        "leaves": {"label": {"position": "right", "align": "left"}},
    }
    option = _base(palette, [tree], legend=False, trigger="item")
    return Chart(title, option, height=max(140, 28 * root.leaves + 40), least=560)


def _base(
    palette: Palette, series: list[dict[str, Any]], *, legend: bool = True, trigger: str = "axis"
) -> dict[str, Any]:
    """What all options share. Tool tips are drawn, not built of HTML, which the content policy would forbid."""
    return {
        "color": list(palette.series),
        "textStyle": {"color": palette.ink},
        "aria": {"enabled": True},
        "tooltip": {"trigger": trigger, "renderMode": "richText", "confine": True},
        "legend": {"show": legend and len(series) > 1, "bottom": 0, "textStyle": {"color": palette.ink}},
        "grid": {"left": 8, "right": 24, "top": 32, "bottom": 36 if legend and len(series) > 1 else 8,
                 "containLabel": True},
        "series": series,
    }  # fmt: skip


def _bars(series: Series, *, stacked: bool, labelled: bool) -> dict[str, Any]:
    kind = "line" if series.line else "bar"
    drawn: dict[str, Any] = {
        "type": kind,
        "name": series.name,
        "data": [datum.as_item() for datum in series.data],
    }
    if series.colour:
        drawn["itemStyle"] = {"color": series.colour}
    if series.line:
        style: dict[str, Any] = {"width": 2, "type": "dashed" if series.dashed else "solid"}
        drawn |= {"lineStyle": style, "symbol": "none" if series.dashed else "circle", "symbolSize": 7}
    else:
        drawn |= {"barMaxWidth": 30, "label": {"show": labelled, "position": "top"}}
        if stacked:
            drawn["stack"] = "all"
    return drawn


def _level(floor: Decimal, palette: Palette) -> dict[str, Any]:
    return {
        "silent": True,
        "symbol": "none",
        "data": [{"yAxis": plain(floor), "name": "目标"}],
        "lineStyle": {"color": palette.series[3], "type": "dashed"},
        "label": {"formatter": "目标 {c}", "color": palette.series[3], "position": "insideEndTop"},
    }


def _values(palette: Palette) -> dict[str, Any]:
    grid = {"lineStyle": {"color": palette.faint}}
    return {"type": "value", "minInterval": 1, "splitLine": grid, "axisLabel": _ink(palette)}


def _ink(palette: Palette) -> dict[str, Any]:
    """Text in the palette's ink, without the border that the library draws around text on coloured ground."""
    return {"color": palette.ink, "textBorderWidth": 0}


def _ring(name: str, datum: Datum, x: float, y: float, palette: Palette) -> dict[str, Any]:
    filled = datum.as_item() | {
        "name": name,
        "label": {
            "show": True,
            "position": "center",
            "formatter": "{c}%",
            "fontSize": 20,
            "color": palette.ink,
        },
    }
    rest = {"value": 100 - min(100, int(datum.value or 0)), "itemStyle": {"color": palette.faint},
            "label": {"show": False}, "tooltip": {"show": False}, "emphasis": {"disabled": True}}  # fmt: skip
    return {
        "type": "pie",
        "name": name,
        "radius": [40, 52],
        "center": [f"{x:.1%}", f"{y:.1%}"],
        "data": [filled, rest],
        "label": {"show": False},
        "labelLine": {"show": False},
    }


def _caption(name: str, centre: list[str], lines: int, palette: Palette) -> dict[str, Any]:
    """Return the name that stands below a ring."""
    below = float(centre[1].rstrip("%")) + 58 / _RING_HEIGHT / lines * 100
    style = {
        "fontSize": 12,
        "fontWeight": "normal",
        "color": palette.ink,
        "width": 108,
        "overflow": "break",
        "lineHeight": 15,
    }
    return {
        "text": name,
        "left": centre[0],
        "top": f"{below:.1f}%",
        "textAlign": "center",
        "textStyle": style,
    }


def _on(colour: str) -> str:
    """Return black or white, whichever reads on ``colour`` (``#rrggbb``)."""
    if len(colour) != 7:
        return "#1f2733"
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#1f2733" if red * 299 + green * 587 + blue * 114 > 140_000 else "#ffffff"
