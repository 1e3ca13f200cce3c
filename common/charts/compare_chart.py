"""Draw a comparison: before and after of each series, and the change with its interval."""

import math
from pathlib import Path

from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from common.charts import statistics, verdicts
from common.charts.errors import one_line
from common.charts.foot import machine_text
from common.charts.marks import draw_interval
from common.charts.palette import INK, PAPER, RULE, SOFT_INK, styles_of
from common.charts.quantities import change_text, interval_text, many_text, time_text
from common.charts.sheet import WIDE, Grid, Words, as_png, as_svg, new_sheet, settings
from common.charts.text_measure import shortened, width_inches
from common.charts.time_scale import scale_for
from common.charts.verdict_table import case_text
from common.charts.whole_file import write_whole

_ROW, _LABEL_POINTS, _MOST_ROWS = 0.27, 8.5, 30
_STEPS = (1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10, 30, 100, 1000)
_WORDS = {verdicts.SLOWER: ("▼ slower", "#a3201a"), verdicts.FASTER: ("▲ faster", "#12602c")}


def write_compare_charts(compared, margin, folder):
    """Write <experiment>.svg and .png (-2 and so on for more than 30 series) for each experiment
    of a Compared into `folder`; returns the paths. ResultsError if it can't be written."""
    paths = []
    for experiment, pairs in by_experiment(compared).items():
        for i in range(0, len(pairs), _MOST_ROWS):
            stem = experiment if i == 0 else f"{experiment}-{i // _MOST_ROWS + 1}"
            part = pairs[i:i + _MOST_ROWS]
            with settings(f"compare {stem}"):
                figure = compare_figure(compared, experiment, part, margin)
                svg, png = as_svg(figure, describe(experiment, part)), as_png(figure)
            for suffix, data in ((".svg", svg), (".png", png)):
                paths.append(Path(folder) / (stem + suffix))
                write_whole(paths[-1], data)
    return paths


def by_experiment(compared):
    """Return experiment -> list of (Series, Comparison, Verdict), in the order of the base."""
    found = {}
    for (comparison, verdict), series in zip(compared.pairs, _series(compared)):
        found.setdefault(series.experiment, []).append((series, comparison, verdict))
    return found


def _series(compared):
    known = {name: series for run in compared.base for name, series in run.series.items()}
    return [known[comparison.name] for comparison, _ in compared.pairs]


def title_of(experiment, rows):
    """Return what is to be seen: how many series changed, and the largest change among them."""
    counts = {word: sum(verdict.word == word for *_, verdict in rows) for word in _WORDS}
    text = (f"{experiment}: of {len(rows)} series, {counts[verdicts.SLOWER]} slower and "
            f"{counts[verdicts.FASTER]} faster than before")
    changed = [(series, verdict) for series, _, verdict in rows if verdict.word in _WORDS]
    if changed:
        series, verdict = max(changed, key=lambda each: abs(math.log(each[1].ratio)))
        text += f";\nmost of all {_name(series)}: {change_text(verdict.ratio)}"
    return "\n".join(map(one_line, text.split("\n")))


def describe(experiment, rows):
    """Return the chart in words: every before and after, and the change with its interval."""
    facts = [f"{_name(series)}: {time_text(_median(comparison.base)[0])} before, "
             f"{time_text(_median(comparison.new)[0])} after, {change_text(verdict.ratio)} "
             f"{interval_text(verdict.low, verdict.high, change_text)}, {verdict.word}."
             for series, comparison, verdict in rows]
    return one_line(" ".join([title_of(experiment, rows), *facts]))


def _name(series):
    return f"{series.model} {case_text(series.case)}".removesuffix(" all")


def _median(values):
    return statistics.median_interval(values)


def compare_figure(compared, experiment, rows, margin):
    """Return a Figure: times before and after at the left, the change at the right."""
    names = [shortened(one_line(_name(series)), _LABEL_POINTS, 0.36 * WIDE)
             for series, _, _ in rows]
    left = max(width_inches(name, _LABEL_POINTS) for name in names) + 0.14
    grid = Grid(2, 2, len(rows) * _ROW, left, above=0.42, below=0.5, right=1.5, gap=0.3)
    words = Words(title_of(experiment, rows), tuple(_warnings(compared)),
                  tuple(_foot(compared, experiment, rows, margin)))
    figure, (times, changes) = new_sheet(WIDE, words, grid)
    panel = grid.panel_width(WIDE)
    for axes, heading in ((times, "Before (hollow) and after (filled)"), (changes, "Change")):
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.grid(axis="x")
        axes.set_title(heading, loc="left", size=9.5, weight="bold")
    times.set_yticks(range(len(rows)), names, size=_LABEL_POINTS)
    changes.set_yticks(range(len(rows)), [])
    styles = styles_of(list(dict.fromkeys(series.model for series, _, _ in rows)))
    _draw_times(times, rows, styles, panel)
    _draw_changes(changes, rows, styles, margin, panel)
    return figure


def _draw_times(axes, rows, styles, panel):
    scale = scale_for([time for _, each, _ in rows for time in (*each.base, *each.new)])
    scale.put_on(axes.xaxis, 0.56 / panel, "time")
    axes.set_xlim(scale.low, scale.high)
    for i, (series, comparison, _) in enumerate(rows):
        colour, marker = styles[series.model]
        for values, y, fill in ((comparison.base, i - 0.16, PAPER), (comparison.new, i + 0.16,
                                                                    colour)):
            median, low, high = _median(values)
            draw_interval(axes, [low, high], [y, y], 1.2)
            axes.plot([median], [y], marker=marker, color=fill, markersize=5, zorder=4,
                      markeredgecolor=colour if fill == PAPER else INK, markeredgewidth=0.8)


def _draw_changes(axes, rows, styles, margin, panel):
    ends = [abs(math.log(end)) for *_, each in rows for end in (each.low, each.ratio, each.high)
            if 0 < end < math.inf]
    reach = math.exp(max([math.log1p(margin) * 2, *ends]) * 1.1)
    axes.set_xscale("log")
    axes.set_xlim(1 / reach, reach)
    axes.axvspan(1 / (1 + margin), 1 + margin, color=RULE, alpha=0.6, linewidth=0, zorder=0.5)
    axes.axvline(1, color=SOFT_INK, linewidth=0.8, zorder=1)
    step = max((step for step in _STEPS if step <= math.sqrt(reach)), default=1 + margin)
    axes.xaxis.set_major_locator(FixedLocator([1 / step, 1, step]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda ratio, _: change_text(ratio)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel(f"after / before (log scale); grey: ±{margin * 100:g} %")
    for i, (series, _, verdict) in enumerate(rows):
        colour, marker = styles[series.model]
        low, high = max(verdict.low, 1 / reach), min(verdict.high, reach)
        draw_interval(axes, [low, high], [i, i], 1.6)
        axes.plot([verdict.ratio], [i], marker=marker, color=colour, markersize=6, zorder=4,
                  markeredgecolor=INK, markeredgewidth=0.6)
        word, ink = _WORDS.get(verdict.word, (verdict.word, SOFT_INK))
        text = f"{change_text(verdict.ratio)} {word}".replace(" within", "")
        axes.text(1 + 0.08 / panel, i, text, size=8, va="center", color=ink,
                  transform=axes.get_yaxis_transform(),
                  weight="bold" if verdict.word in _WORDS else "normal")


def _warnings(compared):
    forced = [f"FORCED: {text}" for text in compared.differences]
    warnings = {f"{side}: {text}" for side, runs in (("before", compared.base),
                                                     ("after", compared.new))
                for run in runs for text in run.warnings}
    return [one_line(text) for text in [*forced, *sorted(warnings)]]


def _foot(compared, experiment, rows, margin):
    sides = []
    for side, runs in (("Before", compared.base), ("After", compared.new)):
        run = next(run for run in runs if run.experiment == experiment)
        sides.append(one_line(f"{side}: {many_text(run.trials, 'trial')}, each a fresh process · "
                              f"{machine_text(run)}"))
    return [f"Marker: median (left) and estimated ratio (right); dark line: 95 % interval. Holm "
            f"over {len(compared.pairs)} comparisons, margin ±{margin * 100:g} %.", *sides]
