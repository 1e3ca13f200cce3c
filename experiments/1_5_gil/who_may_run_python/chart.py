"""who_may_run_python: threads or processes, for Python and for C++, in one picture."""

from common.charts.declare import Dots, speedup
from common.charts.quantities import times_text

CASES = {f"work:{work}/language:{language}": f"{does} in {name}"
         for language, name in (("cpython", "CPython"), ("cpp", "C++"))
         for work, does in (("cpu", "Computing"), ("io", "Waiting"))}


def charts(run):
    """A panel for each kind of work in each language."""
    return [Dots(title(run), panels="case", panel_titles=CASES)]


def title(run):
    """What threads and processes gain over one job after the other, in each case."""
    said = []
    for case, name in CASES.items():
        gains = [speedup(run, model, case=case) for model in ("threads", "processes")]
        if all(gains):
            threads, processes = (times_text(gain, 2) for gain in gains)
            said.append(f"{name.lower().replace('cpython', 'CPython').replace('c++', 'C++')} "
                        f"{threads} and {processes}")
    return f"Threads and processes gain: {', '.join(said)}" if said else "Threads or processes?"
