"""The interactive chart: Vega-Lite specifications from the declaration that the SVG is drawn from.

Each panel is a view of its own, so that a page can lay them out as wide as it is. Colours are CSS
variables: light and dark are the page's affair. `shown`, a parameter of every view, holds the
models that the legend lets through.
"""

import math

from matplotlib.ticker import MaxNLocator

from common.charts.chart_marks import marks_of
from common.charts.declare import Lines, Shares
from common.charts.dots import FAR
from common.charts.looks import css_colour, shape_of
from common.charts.palette import dashes_of, styles_of
from common.charts.series import model_rank
from common.charts.shares import FILLS
from common.charts.time_scale import DECADES_MATTER, TimeScale

_ROW, _LINES = 28, 250  # pixels: a row's height, a panel of lines
_TIME = ("datum.value >= 1 ? format(datum.value, '~g') + ' s' : datum.value >= 1e-3 ? "
         "format(datum.value * 1e3, '~g') + ' ms' : datum.value >= 1e-6 ? format(datum.value * "
         "1e6, '~g') + ' µs' : datum.value == 0 ? '0' : format(datum.value * 1e9, '~g') + ' ns'")
_BYTES = ("datum.value >= 1e9 ? format(datum.value / 1e9, '~g') + ' GB' : datum.value >= 1e6 ? "
          "format(datum.value / 1e6, '~g') + ' MB' : datum.value >= 1e3 ? "
          "format(datum.value / 1e3, '~g') + ' kB' : format(datum.value, '~g') + ' B'")
_LABELS = {"s": _TIME, "B": _BYTES}
_TIP = {"expr": "datum.tip"}
_OPTIONAL = {"bounds": lambda row: row["bound_s"], "wrong": lambda row: row["wrong"],
             "intervals": lambda row: row["low"] and not row["wrong"],
             "trials": lambda row: not row["wrong"]}
_SHOWN = {"filter": "indexof(shown, datum.model) >= 0"}


def interactive(run, chart):
    """Return a chart as plain data for page.js: keys (the legend), panels of specifications, the
    channel that the measured quantity is on, and whether its scale starts out logarithmic."""
    marks = marks_of(run, chart)
    if isinstance(chart, Shares):
        return _shares(marks, chart)
    styles = styles_of(sorted({mark.model for mark in marks}, key=model_rank))
    dashes = dashes_of(styles)
    keys = [{"name": name, "colour": css_colour(colour), "shape": shape_of(marker),
             "dash": list(dashes[name]) or [1, 0]} for name, (colour, marker) in styles.items()]
    panels = {}
    for mark in marks:
        panels.setdefault(mark.panel, []).append(mark)
    make, channel = (_line_panel, "y") if isinstance(chart, Lines) else (_dot_panel, "x")
    together = isinstance(chart, Lines)  # lines are compared across panels
    return {"keys": keys, "channel": channel, "log": _decades(marks, chart),
            "bound": any(math.isfinite(mark.bound_s) for mark in marks),
            "panels": [{"title": title, "bounds": _bounds(group), "spec": make(group, chart, keys),
                        "scales": _scales(marks if together else group, channel)}
                       for title, group in panels.items()]}


def _bounds(marks):
    """Return the panel's bounds as a line of text: each name once, with its time if it has one."""
    found = {}
    for mark in marks:
        if math.isfinite(mark.bound_s):
            found.setdefault(mark.bound or "bound", set()).add(mark.bound_text)
    return ", ".join(texts.pop() if len(texts) == 1 else name for name, texts in found.items())


def _scales(marks, channel):
    """Return the domain and the ticks of either scale. On the linear one, a trial far beyond all
    the rest is cut off, as it is in the picture."""
    told = [value for mark in marks for value in
            (mark.median, mark.bound_s, *sorted(mark.trials)[:-1]) if value > 0]
    values = [*told, *(value for mark in marks for value in mark.trials if value > 0)]
    near = [value for value in values if value <= FAR * max(told)]
    room = 0.1 if channel == "y" else 0.16
    low, high = min(values), max(values)
    spread = (high / low) ** 0.06 * 1.02
    found = {"linear": TimeScale(0.0, max(near) * 1.04, False),
             "log": TimeScale(low / spread, high * spread, True)}
    return {name: {"domain": [scale.low, scale.high], "ticks": _ticks(scale, room)}
            for name, scale in found.items()}


def _ticks(scale, room):
    """Return at least two ticks: within less than a decade 1, 2, 5 may not be among the times."""
    ticks = scale.ticks(room)
    if len(ticks) < 2:
        between = MaxNLocator(4).tick_values(scale.low, scale.high)
        ticks = [tick for tick in between if scale.low <= tick <= scale.high]
    return [float(tick) for tick in ticks]


def _decades(marks, chart):
    values = [value for mark in marks for value in (*mark.trials, mark.bound_s) if value > 0]
    return isinstance(chart, Lines) or bool(max(values) / min(values) >= DECADES_MATTER)


def _rows(marks, keys):
    styles = {key["name"]: key for key in keys}
    return [{"model": mark.model, "x": mark.x, "median": float(mark.median),
             "low": _known(mark.low), "high": _known(mark.high),
             "trials": [float(each) for each in mark.trials],
             "bound": mark.bound, "bound_s": _known(mark.bound_s), "tip": tip_of(mark),
             "text": mark.said, "wrong": mark.wrong, **styles[mark.model]} for mark in marks]


def _known(value):
    return float(value) if math.isfinite(value) else None


def tip_of(mark):
    """Return what hovering tells, heading -> text; `title` is the tooltip's own heading."""
    place = "" if mark.x is None else f" at {mark.x:g}"
    bound = {} if mark.bound_s != mark.bound_s else {"bound": mark.bound_text}
    return {"title": mark.model + place, "median": mark.said,
            "95 % interval": mark.interval, "trials": str(len(mark.trials)), **bound, **mark.costs}


def _spec(data, height, encoding, layers, keys):
    return {"width": "container", "height": height, "data": {"values": data},
            "params": [{"name": "shown", "value": [key["name"] for key in keys]}],
            "transform": [_SHOWN], "encoding": encoding,
            "layer": [layer for layer in layers if _needed(layer, data)]}


def _needed(layer, data):
    """A layer without a single mark would make Vega complain of an axis without an extent."""
    return layer.get("name") not in _OPTIONAL or any(map(_OPTIONAL[layer["name"]], data))


def _axis(title, unit):
    return {"title": title, "labelExpr": _LABELS[unit], "labelOverlap": "greedy"}


def _dot_panel(marks, chart, keys):
    names = [key["name"] for key in keys if key["name"] in {mark.model for mark in marks}]
    colour = {"field": "colour", "type": "nominal", "scale": None}
    measured = {"type": "quantitative", "title": chart.axis}
    encoding = {"x": {**measured, "field": "median", "axis": _axis(chart.axis, "s"),
                      "scale": {}},
                "y": {"field": "model", "type": "nominal", "sort": names,
                      "axis": {"title": None, "labelLimit": 130, "grid": False}}}
    layers = [
        {"mark": {"type": "bar", "opacity": 0.22, "height": {"band": 0.7}, "tooltip": _TIP},
         "name": "bars", "encoding": {"color": colour}},
        {"name": "bounds", "transform": [{"filter": "isValid(datum.bound_s)"}],
         "mark": {"type": "tick", "color": "var(--bound)", "thickness": 2.5, "tooltip": _TIP},
         "encoding": {"x": {**measured, "field": "bound_s"}}},
        _trials("x", colour, measured),
        _interval("x", measured),
        _median("x", measured),
        {"mark": {"type": "text", "align": "left", "dx": 8, "color": "var(--ink)",
                  "fontSize": 11.5},
         "encoding": {"text": {"field": "text"}, "x": {"value": "width"}}},
    ]
    spec = _spec(_rows(marks, keys), _ROW * len(names), encoding, layers, keys)
    return {**spec, "padding": {"left": 2, "top": 4, "right": 4, "bottom": 2}}


def _line_panel(marks, chart, keys):
    places = sorted({mark.x for mark in marks})
    data = _rows(marks, keys)
    scale = {"type": "log" if places[0] > 0 else "linear", "nice": False, "padding": 24}
    measured = {"type": "quantitative", "title": chart.axis}
    encoding = {"x": {"field": "x", "type": "quantitative", "scale": scale,
                      "axis": {"title": chart.x, "values": places, "format": "~g",
                               "labelOverlap": "greedy"}},
                "y": {**measured, "field": "median", "axis": _axis(chart.axis, chart.unit),
                      "scale": {}}}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    bound = {"name": "bounds", "transform": [{"filter": "isValid(datum.bound_s)"}], "encoding": {
        "y": {**measured, "field": "bound_s"}, "detail": {"field": "model"}}}
    layers = [
        {**bound, "mark": {"type": "line", "color": "var(--bound)", "strokeDash": [5, 3],
                           "strokeWidth": 1}},
        {"transform": [{"filter": "!datum.wrong"}], "mark": {"type": "line", "strokeWidth": 1.5},
         "encoding": {"color": colour, "detail": {"field": "model"}, "strokeDash": {
             "field": "dash", "type": "nominal", "scale": None}}},
        _trials("y", colour, measured),
        _interval("y", measured),
        _median("y", measured),
        {"name": "wrong", "transform": [{"filter": "datum.wrong"}],
         "mark": {"type": "text", "color": "var(--bound)", "fontWeight": "bold", "dy": -12},
         "encoding": {"text": {"value": "✗ WRONG"}}},
    ]
    return _spec(data, _LINES, encoding, layers, keys)


def _trials(channel, colour, measured):
    return {"name": "trials", "transform": [{"filter": "!datum.wrong"}, {"flatten": ["trials"]}],
            "mark": {"type": "point", "shape": "circle", "filled": True, "size": 12,
                     "opacity": 0.6, "clip": True, "tooltip": _TIP,
                     **({"yOffset": 8} if channel == "x" else {})},
            "encoding": {channel: {**measured, "field": "trials"}, "color": colour}}


def _interval(channel, measured):
    return {"name": "intervals", "transform": [{"filter": "isValid(datum.low) && !datum.wrong"}],
            "mark": {"type": "rule", "color": "var(--ink)", "strokeWidth": 2, "clip": True,
                     "tooltip": _TIP},
            "encoding": {channel: {**measured, "field": "low"}, f"{channel}2": {"field": "high"}}}


def _median(channel, measured):
    return {"name": "medians",
            "mark": {"type": "point", "size": 90, "stroke": "var(--ink)", "strokeWidth": 0.8,
                     "opacity": 1, "tooltip": _TIP},
            "encoding": {channel: {**measured, "field": "median"},
                         "fill": {"field": "colour", "type": "nominal", "scale": None},
                         "shape": {"field": "shape", "type": "nominal", "scale": None}}}


def _shares(marks, chart):
    keys = [{"name": part, "colour": css_colour(fill), "shape": shape_of("s")}
            for part, (fill, _) in zip(chart.parts, FILLS)]
    fills = {key["name"]: key["colour"] for key in keys}
    order = {key["name"]: i for i, key in enumerate(keys)}
    data = [{"row": mark.panel, "model": mark.model, "share": mark.median, "tip": tip_of(mark),
             "colour": fills[mark.model], "place": order[mark.model]} for mark in marks]
    rows = list(dict.fromkeys(mark.panel for mark in marks))
    encoding = {
        "y": {"field": "row", "type": "nominal", "sort": rows,
              "axis": {"title": None, "labelLimit": 170, "grid": False}},
        "x": {"field": "share", "type": "quantitative", "stack": "zero",
              "scale": {"domain": [0, 1]},
              "axis": {"title": chart.axis, "format": ".0%", "tickCount": 5}}}
    bar = {"name": "medians",
           "mark": {"type": "bar", "height": {"band": 0.7}, "tooltip": _TIP, "strokeWidth": 0.5,
                    "stroke": "var(--soft)"},
           "encoding": {"color": {"field": "colour", "type": "nominal", "scale": None},
                        "order": {"field": "place", "type": "quantitative"}}}
    spec = _spec(data, 1.4 * _ROW * len(rows), encoding, [bar], keys)
    return {"keys": keys, "channel": None, "log": False, "bound": False,
            "panels": [{"title": "", "bounds": "", "spec": spec}]}
