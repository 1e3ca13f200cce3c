"""From a run to its pictures: what the experiment's chart.py declares, or a default."""

import importlib.util
from pathlib import Path

from common.charts import dots, lanes, lines, shares
from common.charts.declare import Dots, Lanes, Lines, Shares, fastest, median, speedup
from common.charts.errors import ResultsError
from common.charts.folders import EXPERIMENTS
from common.charts.foot import foot_lines
from common.charts.quantities import time_text, times_text
from common.charts.sheet import NARROW, WIDE, Words, as_png, as_svg, settings
from common.charts.whole_file import write_whole

_KINDS = {Dots: (dots.draw_dots, dots.describe), Lines: (lines.draw_lines, lines.describe),
          Shares: (shares.draw_shares, shares.describe), Lanes: (lanes.draw_lanes, lanes.describe)}
_MOST_PANELS = 9  # of a default chart; more go on a second sheet


def declared(run, experiments=EXPERIMENTS):
    """Return the list of charts of a Run: what experiments/<section>/<experiment>/chart.py says,
    or the default without one; [] for a run without numbers. ResultsError if chart.py breaks."""
    if run.table.empty:
        return []
    path = Path(experiments) / run.section / run.experiment / "chart.py"
    if not path.exists():
        return default_charts(run)
    try:
        spec = importlib.util.spec_from_file_location(f"chart_of_{run.experiment}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return [chart for chart in module.charts(run) if _has_numbers(run, chart)]
    except Exception as error:  # anything at all may be wrong in somebody's chart.py
        raise ResultsError(path, "charts", f"breaks on the results in {run.folder}: "
                           f"{type(error).__name__}: {error}",
                           "mend it, or remove it for the default chart") from error


def _has_numbers(run, chart):
    if isinstance(chart, Shares):
        return bool(shares.rows_of(run, chart))
    if isinstance(chart, Lanes):
        return bool(lanes.panels_of(run, chart))
    parts = dots.panels_of if isinstance(chart, Dots) else lines.panels_of
    return bool(parts(run, chart)[1])


def default_charts(run):
    """Return Dots with a panel per set of parameters, at most nine panels a chart."""
    cases = list(dict.fromkeys(series.case for series in run.series.values()))
    titles = {case: case.replace("/", ", ").replace(":", " ") or "all" for case in cases}
    sheets = [cases[i:i + _MOST_PANELS] for i in range(0, len(cases), _MOST_PANELS)]
    return [Dots(_default_title(run, sheet[-1]), "case",
                 panel_titles={case: titles[case] for case in sheet}, only_titled=True)
            for sheet in sheets]


def _default_title(run, case):
    best = fastest(run, case=case)
    title = f"{run.experiment}: {best} takes {time_text(median(run, model=best, case=case))}"
    gain = speedup(run, best, case=case)
    if gain is not None and best != run.baseline:
        title += f", {times_text(gain, 2)} faster than {run.baseline}"
    where = case.replace("/", ", ").replace(":", " ")
    return f"{title} ({where})" if where else title


def describe(run, chart):
    """Return a chart in words, for those who can't see it: the title and every median."""
    return _KINDS[type(chart)][1](run, chart)


def figure_of(run, chart, narrow=False, bare=False):
    """Return the matplotlib Figure of a declared chart.

    narrow: for a phone; bare: without title, warnings and foot, for a page that has its own.
    """
    words = Words(chart.title, tuple(run.warnings), tuple(foot_lines(run, chart)))
    words = Words("") if bare else words
    return _KINDS[type(chart)][0](run, chart, words, NARROW if narrow else WIDE)


def svg_of(run, chart, narrow=False, bare=False):
    """Return a chart as SVG bytes; the same run gives the same bytes."""
    with settings(f"{run.experiment} {chart.title}"):
        return as_svg(figure_of(run, chart, narrow, bare), describe(run, chart))


def png_of(run, chart):
    """Return a chart as PNG bytes; the same run gives the same bytes."""
    with settings(run.experiment):
        return as_png(figure_of(run, chart))


def write_charts(run, folder):
    """Write <experiment>.svg and .png, and -2, -3 ... for further charts, into `folder`.

    Returns the paths. A chart of an earlier drawing that no longer exists is removed.
    ResultsError if the folder can't be written, or if the experiment's chart.py breaks.
    """
    folder = Path(folder)
    paths = []
    for number, chart in enumerate(declared(run), start=1):
        stem = run.experiment if number == 1 else f"{run.experiment}-{number}"
        for suffix, data in _both(run, chart):
            write_whole(folder / (stem + suffix), data)
            paths.append(folder / (stem + suffix))
    _remove_others(run, folder, paths)
    return paths


def _both(run, chart):
    """Return the SVG and the PNG, with their suffixes, of one figure: laying it out takes time."""
    with settings(f"{run.experiment} {chart.title}"):
        figure = figure_of(run, chart)
        return (".svg", as_svg(figure, describe(run, chart))), (".png", as_png(figure))


def _remove_others(run, folder, paths):
    for old in (*folder.glob(f"{run.experiment}.*"), *folder.glob(f"{run.experiment}-[0-9]*")):
        if old.suffix in (".svg", ".png") and old not in paths:
            old.unlink(missing_ok=True)
