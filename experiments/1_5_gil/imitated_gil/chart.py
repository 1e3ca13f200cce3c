"""imitated_gil: CPython's lock and its imitation, one laid over the other."""

from common.charts.declare import Lines, median
from common.charts.quantities import gain_text, time_text

WORK = {"cpu": "Computing only", "io": "Waiting only", "mixed": "Both, in turns"}
PANELS = {("A request of 1 ms", "request_s"): "A request of 1 ms beside a thread that computes",
          ("Computing", "portion_s"): "0.1 ms of computing beside those requests"}
LOCKS = {"real_gil": "CPython", "imitated_gil": "the imitation"}


def charts(run):
    """The same jobs on more and more threads; then what the switch interval does."""
    pictures = []
    if run.values("workers"):
        pictures.append(Lines(gains(run), "workers", "work", panel_titles=WORK))
    if run.values("interval_ms"):
        pictures += [Lines(told(run, *what), "interval_ms", "beside", value=what[1],
                           panel_titles={"cpu": panel}) for what, panel in PANELS.items()]
    return pictures


def gains(run):
    """What the most threads gain over one, under each lock."""
    counts, said = run.values("workers"), []
    for lock, name in LOCKS.items():
        for work, does in (("cpu", "computing"), ("io", "waiting")):
            times = [median(run, model=lock, work=work, workers=count) for count in counts]
            said += [f"{does} in {name} {gain_text(times[0] / times[-1])}"] if all(times) else []
    return f"{counts[-1]:g} threads under one lock: {', '.join(said) or 'see below'}"


def told(run, what, column):
    """How long that takes at CPython's own switch interval, under each lock."""
    said = [f"{time_text(seconds, 2)} in {name}" for lock, name in LOCKS.items()
            if (seconds := median(run, column, model=lock, interval_ms=5))]
    return f"{what}, at a switch interval of 5 ms: {', '.join(said)}"
