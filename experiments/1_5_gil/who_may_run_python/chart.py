"""who_may_run_python: threads or processes, for Python and for C++, in one picture."""

from common.charts.declare import Dots, speedup
from common.charts.quantities import gain_text

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
            one, other = map(gain_text, gains)
            said.append(f"{name}: a thread {one}, a process {other}")
    return "\n".join(said) or "Threads or processes?"
