"""Draw Lanes: who ran when, on which core, from the time stamps of one trial."""

import math
from dataclasses import replace

from matplotlib.patches import Rectangle

from common.charts.palette import BOUND, COMPUTING, INK, PAPER, SOFT_INK
from common.charts.quantities import time_text
from common.charts.sheet import MARGIN, Grid, new_sheet
from common.charts.text_measure import shortened, width_inches
from common.charts.time_scale import TimeScale
from common.charts.trace_file import READY, RUNNING, WAITING, read_trace, trace_path, trial_of_trace

_LANE, _LABEL_POINTS, _IN_POINTS, _KEY_POINTS, _KEY_LINE = 0.3, 9, 7, 8.5, 0.2
# One fill for each core, by its number's rank, with the ink that is readable on it.
_CORES = ((COMPUTING, PAPER), ("#ddcc77", INK), ("#44aa99", INK), ("#882255", PAPER),
          ("#88ccee", INK), ("#999933", INK))
_READY = "#cc6677"
_FINEST = 1 / 1500  # of the axis: what is nearer than that is drawn as one


def panels_of(run, chart):
    """Return {panel title: (lanes, bound in seconds or NaN)} for a Lanes declaration."""
    trace = read_trace(trace_path(run))
    if not trace:
        return {}
    rows = run.where(trial=trial_of_trace(run))
    panels = {}
    for name, title in chart.panels.items():
        if name in trace and name in run.series:
            bounds = rows[rows["series"] == name]["bound_s"].dropna()
            lanes = {lane: _until(chart.until_s, slices) for lane, slices in trace[name].items()}
            panels[title.replace("{end}", time_text(_end(lanes)))] = (
                lanes, float(bounds.iloc[0]) if len(bounds) else math.nan)
    return panels


def _until(end, slices):
    return [replace(each, end=min(each.end, end)) for each in slices if each.begin < end]


def _end(lanes):
    return max((each.end for slices in lanes.values() for each in slices), default=0.0)


def describe(run, chart):
    """Return the chart in words, for those who can't see it."""
    texts = [chart.title]
    for title, (lanes, _) in panels_of(run, chart).items():
        facts = []
        for lane, slices in lanes.items():
            spent = {state: sum(each.end - each.begin for each in slices if each.state == state)
                     for state in (RUNNING, READY, WAITING)}
            cores = sorted({each.core for each in slices if each.state == RUNNING})
            where = f" on {'core' if len(cores) == 1 else 'cores'} {_numbers(cores)}"
            facts.append(f"{lane} {time_text(spent[RUNNING], 2)} running{where}, "
                         f"{time_text(spent[READY], 2)} ready, "
                         f"{time_text(spent[WAITING], 2)} waiting")
        texts.append(f"{title}: {'; '.join(facts)}.")
    return " ".join(texts)


def _numbers(cores):
    return ", ".join("?" if core < 0 else str(core) for core in cores) or "none"


def draw_lanes(run, chart, words, width):
    """Return a Figure of `width` inches for a Lanes declaration."""
    panels = panels_of(run, chart)
    bounds = [bound for _, bound in panels.values() if bound == bound and bound <= chart.until_s]
    end = max([_end(lanes) for lanes, _ in panels.values()] + bounds)
    scale = TimeScale(0.0, end * 1.01, False)
    names = [lane for lanes, _ in panels.values() for lane in lanes]
    left = max(width_inches(name, _LABEL_POINTS) for name in names) + 0.12
    key = _key_lines(_entries(panels), width)
    most = max(len(lanes) for lanes, _ in panels.values())
    grid = Grid(len(panels), 1, most * _LANE, left, above=0.32, below=0.08, right=0.06,
                under=0.5 + len(key) * _KEY_LINE)
    figure, axes = new_sheet(width, words, grid)
    fills = _fills(panels)
    for each, (title, (lanes, bound)) in zip(axes, panels.items()):
        scale.put_on(each.xaxis, 0.56 / grid.panel_width(width), chart.axis)
        _draw_panel(each, lanes, fills, scale, grid.panel_width(width), most)
        if bound <= scale.high:
            each.axvline(bound, color=BOUND, linewidth=1, dashes=(4, 2.5), zorder=4)
        each.set_title(shortened(title, 9.5, width - left - 2 * MARGIN, "bold"),
                       loc="left", size=9.5, weight="bold")
        if each is not axes[-1]:
            each.tick_params(axis="x", labelbottom=False)
            each.set_xlabel("")
    _draw_key(figure, key)
    return figure


def _fills(panels):
    """Return core number -> (colour, ink)."""
    cores = sorted({each.core for lanes, _ in panels.values() for slices in lanes.values()
                    for each in slices if each.state == RUNNING})
    return {core: _CORES[i % len(_CORES)] for i, core in enumerate(cores)}


def _draw_panel(axes, lanes, fills, scale, panel_width, most):
    axes.set(xlim=(scale.low, scale.high), ylim=(most - 0.45, -0.55))
    axes.set_yticks(range(len(lanes)), list(lanes))
    axes.tick_params(axis="y", labelsize=_LABEL_POINTS)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    per_inch = (scale.high - scale.low) / panel_width
    for row, slices in enumerate(lanes.values()):
        for each in _coarser(slices, scale.high * _FINEST):
            _draw_slice(axes, row, each, fills, per_inch)


def _coarser(slices, finest):
    """Return the slices with those merged that no eye could tell apart."""
    merged = []
    for each in slices:
        last = merged[-1] if merged else None
        alike = last and (last.state, last.core, last.what) == (each.state, each.core, each.what)
        if alike and each.begin - last.end < finest:
            merged[-1] = replace(last, end=max(last.end, each.end))
        elif each.end - each.begin >= finest / 4:
            merged.append(each)
    return merged


def _draw_slice(axes, row, each, fills, per_inch):
    length = each.end - each.begin
    if each.state == WAITING:
        axes.plot([each.begin, each.end], [row, row], color=SOFT_INK, linewidth=1.2,
                  solid_capstyle="butt", zorder=2)
        return
    if each.state == READY:
        axes.add_patch(Rectangle((each.begin, row - 0.17), length, 0.34, facecolor=PAPER,
                                 edgecolor=_READY, hatch="//////", linewidth=0.5, zorder=2.5))
        return
    colour, ink = fills[each.core]
    axes.add_patch(Rectangle((each.begin, row - 0.38), length, 0.76, facecolor=colour,
                             edgecolor=PAPER, linewidth=0.5, zorder=3))
    label = each.what if each.what != RUNNING else f"core {_numbers([each.core])}"
    if width_inches(label, _IN_POINTS) + 0.06 < length / per_inch:
        axes.text((each.begin + each.end) / 2, row, label, size=_IN_POINTS, color=ink,
                  ha="center", va="center_baseline", zorder=5)


def _entries(panels):
    """Return what the key explains, as (text, state, fill) of what is there to be seen."""
    states = {each.state for lanes, _ in panels.values() for slices in lanes.values()
              for each in slices}
    entries = [(f"running on core {_numbers([core])}", RUNNING, fill[0])
               for core, fill in list(_fills(panels).items())[:len(_CORES)]]
    entries += [("ready: wants a core", READY, _READY)] if READY in states else []
    entries += [("waiting: needs none", WAITING, SOFT_INK)] if WAITING in states else []
    return entries


def _key_lines(entries, width):
    lines, x = [[]], MARGIN
    for entry in entries:
        room = width_inches(entry[0], _KEY_POINTS) + 0.55
        if lines[-1] and x + room > width - MARGIN:
            lines.append([])
            x = MARGIN
        lines[-1].append((*entry, x))
        x += room
    return lines


def _draw_key(figure, key):
    width, height = figure.get_size_inches()
    lowest = min(axes.get_position().y0 for axes in figure.axes) * height
    for i, line in enumerate(key):
        y = lowest - 0.58 - i * _KEY_LINE
        for text, state, colour, x in line:
            thick = {RUNNING: 0.13, READY: 0.07, WAITING: 0.02}[state]
            hatch = "//////" if state == READY else None
            figure.add_artist(Rectangle(
                (x / width, (y - thick / 2) / height), 0.26 / width, thick / height,
                facecolor=PAPER if hatch else colour, edgecolor=colour, hatch=hatch, linewidth=0.5))
            figure.text((x + 0.32) / width, y / height, text, size=_KEY_POINTS,
                        va="center_baseline")
