"""The small print under a chart: how it was made, and what is missing from it and why."""

from common.charts.declare import Lanes
from common.charts.errors import one_line
from common.charts.quantities import many_text


def foot_lines(run, chart=None):
    """Return the paragraphs under a chart of the Run: points and interval, machine, gaps."""
    if isinstance(chart, Lanes):
        return [f"Real time stamps of the shortest trial of {run.trials}. Ready: it could have "
                "gone on, had it had a core. Dashed: the analytic bound.",
                one_line(machine_text(run)), *gap_lines(run)]
    interval = ("dark line: 95 % interval of the median" if run.trials >= 6 else
                "too few trials for a 95 % interval (6 are needed)")
    return [
        f"{many_text(run.trials, 'trial')}, each a fresh process. "
        f"Point: one trial; marker: median; {interval}.",
        one_line(machine_text(run)),
        *gap_lines(run),
    ]


def machine_text(run):
    """Return one line: machine, build, commit and mode; no date, so that bytes stay the same."""
    context = run.context
    parts = [f"{context['cpu_model']}, {context['cores']} cores",
             context["virtualization"], context["compiler"], context["build_type"],
             f"commit {run.description['commit'][:12] or '?'}", f"{run.description['mode']} run"]
    return " · ".join(part for part in parts if part and part != "none")


def gap_lines(run):
    """Return one line per reason for which series were skipped or failed."""
    total = {}
    for mark, _ in run.set_aside:
        total.setdefault((mark.kind, mark.reason), []).append(mark.series)
    lines = []
    for (kind, reason), series in total.items():
        names = [_names(model, series) for model in dict.fromkeys(each.model for each in series)]
        lines.append(one_line(f"{kind.capitalize()}: {', '.join(names)}: {reason}"))
    return lines


def _names(model, series):
    cases = [each.case for each in series if each.model == model]
    if len(cases) > 3:
        return f"{model} ({len(cases)} series)"
    return f"{model} ({'; '.join(cases)})" if any(cases) else model
