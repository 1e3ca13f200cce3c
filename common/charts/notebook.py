"""What the notebooks are written with: load a recorded run, look at it, change it, run it again.

    run = load("fib_40_41")             the newest recorded run of an experiment
    picture(run)                        its chart; picture(run, 2) its second one
    numbers(run)                        every number of the chart, as a table
    verdicts(run)                       each model against the baseline
    claims(run)                         the sentences of its section, judged on what is recorded
    again = measure("fib_40_41", n=25)  run it here and now, with flags of its own; returns a run
    machine(run)                        what it was recorded on, and what makes it doubtful

`median`, `speedup` and `fastest` take a run and the parameters of a series: median(run,
model="threads", jobs=32) is in seconds. Bad input raises one line, a ResultsError or a NotRun.

A notebook says `from two_cakes import *` (notebooks/two_cakes.py), which works from its own folder.
"""

import os
import subprocess
import sys
from html import escape
from pathlib import Path

from common.charts.baseline import family_note, judge_run
from common.charts.chart_marks import number_table
from common.charts.declare import fastest, median, speedup
from common.charts.drawing import EXPERIMENTS, declared, describe, svg_of
from common.charts.errors import ResultsError, one_line
from common.charts.folders import last_start, load_runs
from common.charts.foot import machine_text
from common.charts.page_claims import judged_sections, verdict_table
from common.charts.page_parts import paragraphs, table
from common.charts.quantities import time_text, times_text
from common.charts.results import load_run
from common.charts.verdict_table import LEFT, by_case, rows_of

__all__ = ["REFERENCE", "NotRun", "claims", "fastest", "load", "machine", "measure", "median",
           "numbers", "picture", "speedup", "time_text", "times_text", "verdicts"]

ROOT = EXPERIMENTS.parent
RESULTS = ROOT / "results"
REFERENCE = RESULTS / "reference-2-cores"  # recorded with the project
# What notebooks record: never mixed with RESULTS.
MEASURED = Path(os.environ.get("NOTEBOOK_RESULTS", ROOT / "build" / "notebook"))
TRIALS = 6  # the fewest that have a 95 % interval


class NotRun(Exception):
    """An experiment could not be run: one line with the reason."""

    def _render_traceback_(self):
        """Jupyter shows this instead of a traceback."""
        return [f"NotRun: {self}"]


_STYLE = ("<style>.scroll .w, .scroll caption { text-align: left !important; white-space: normal }"
          "</style>")  # Jupyter's own puts every cell of a table flush right


class Shown:
    """What a cell shows: HTML in a notebook, words everywhere else."""

    def __init__(self, html, words):
        self._html, self._words = _STYLE + html, words

    def _repr_html_(self):
        return self._html

    def __repr__(self):
        return self._words


def load(experiment, results=RESULTS):
    """Return the newest Run of an experiment below `results`; ResultsError if there is none."""
    folders = [path.parent for path in
               Path(results).rglob(f"{experiment}/run.json")]
    if not folders:
        known = sorted({path.parent.name for path in Path(results).rglob("run.json")})
        raise ResultsError(results, "", f"no run of '{experiment}' is recorded",
                           f"there are: {', '.join(known) or 'none'}; make report records all")
    return load_run(max(folders, key=last_start))


def picture(run, number=1):
    """Return the chart of a Run, the first or another one."""
    charts = declared(run)
    if not 1 <= number <= len(charts):
        raise ResultsError(run.folder, "", f"there is no chart {number}",
                           f"{run.experiment} has {len(charts)}")
    chart = charts[number - 1]
    svg = svg_of(run, chart).decode()
    words = describe(run, chart)
    return Shown(f'<div role="img" aria-label="{escape(words)}" style="max-width:60rem">'
                 f"{svg[svg.index('<svg'):]}</div>", words)


def numbers(run, number=1):
    """Return every number of a chart, as a table."""
    caption, header, rows, words = number_table(run, declared(run)[number - 1])
    return _table(caption, header, rows, words)


def verdicts(run, margin=0.02):
    """Return each model against the baseline: speed-up, interval, verdict."""
    judged = judge_run(run, margin)
    parts = [_table(title or "Median times", *rows_of(group, title), LEFT)
             for title, group in (by_case(judged) if judged else {}).items()]
    note = family_note(run, judged, margin)
    return Shown("".join(part._repr_html_() for part in parts) + paragraphs([note], "note"),
                 "\n\n".join([*map(repr, parts), note]))


def claims(run):
    """Return the sentences of the run's section, judged on all that its machine recorded."""
    judged = judged_sections(load_runs(run.folder.parents[1]), [run.section])
    words = [f"{each.word}: {each.claim.says}" for claims in judged.values()
             if not isinstance(claims, str) for each in claims]
    return Shown(verdict_table(judged), "\n".join(words) or "no sentence is judged here")


def machine(run):
    """Return what a Run was recorded on, and what makes its timings doubtful."""
    lines = [machine_text(run), *run.warnings, *run.doubts]
    return Shown(paragraphs(lines, "note"), "\n".join(map(one_line, lines)))


def measure(experiment, trials=None, results=MEASURED, **flags):
    """Run an experiment in fresh processes, show its progress, and return the Run.

    flags: the experiment's own, jobs="4,64" for --jobs=4,64; build/release/bin/NAME --help lists
    them. trials: 6 if not given (or NOTEBOOK_TRIALS in the environment). Blocks; NotRun, with the
    reason, if it fails. An interrupt (the square button) ends the experiment, too.
    """
    homes = list(EXPERIMENTS.glob(f"*/{experiment}/main.cpp"))
    if not homes:
        known = sorted(path.parent.name for path in EXPERIMENTS.glob("*/*/main.cpp"))
        raise NotRun(f"there is no experiment '{experiment}'; there are: {', '.join(known)}")
    section = homes[0].parents[1].name
    trials = trials or int(os.environ.get("NOTEBOOK_TRIALS", TRIALS))
    given = [f"--{name.replace('_', '-')}={value}" for name, value in flags.items()]
    command = [sys.executable, "-m", "common.runner", section, "--only", experiment, "--trials",
               str(trials), "--results", str(results), "--", *given]
    last = _progress(command)
    if last is not None:
        raise NotRun(last)
    return load_run(Path(results) / section / experiment)


def _progress(command):
    """Run a command and print its lines as they come; return its last one if it failed."""
    lines = []
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
    try:
        for line in child.stdout:
            lines.append(one_line(line))
            print(lines[-1], flush=True)
    except KeyboardInterrupt:
        child.terminate()
        raise
    finally:
        child.stdout.close()
        code = child.wait()
    return None if code == 0 else (lines or [f"it ended with {code}"])[-1]


def _table(caption, header, rows, words):
    lines = ["  ".join(map(one_line, cells)) for cells in (header, *rows)]
    return Shown(table(caption, header, rows, words), "\n".join([caption, *lines]))
