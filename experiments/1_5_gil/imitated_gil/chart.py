"""imitated_gil: CPython's lock and its imitation, one laid over the other."""

from common.charts.declare import Lines, median
from common.charts.quantities import time_text, times_text

WORK = {"cpu": "Computing only", "io": "Waiting only", "mixed": "Both, in turns"}
PANELS = {"request_s": "A request of 1 ms beside a thread that computes",
          "portion_s": "0.1 ms of computing beside those requests"}
LOCKS = {"real_gil": "CPython", "imitated_gil": "the imitation"}


def charts(run):
    """The same jobs on more and more threads; then what the switch interval does."""
    pictures = []
    if run.values("workers"):
        pictures.append(Lines(gains(run), "workers", "work", panel_titles=WORK))
    if run.values("interval_ms"):
        titles = (convoy(run), "What is left for the one who computes")
        pictures += [Lines(title, "interval_ms", "beside", value=value, panel_titles={"cpu": panel})
                     for title, (value, panel) in zip(titles, PANELS.items())]
    return pictures


def gains(run):
    """What the most threads gain over one, under each lock."""
    counts, said = run.values("workers"), []
    for lock, name in LOCKS.items():
        for work, does in (("cpu", "computing"), ("io", "waiting")):
            times = [median(run, model=lock, work=work, workers=count) for count in counts]
            if all(times):
                said.append(f"{does} {times_text(times[0] / times[-1], 2)} in {name}")
    return f"{counts[-1]:g} threads under one lock gain: {', '.join(said) or 'see below'}"


def convoy(run):
    """How long a request waits beside a thread that computes, at CPython's own interval."""
    said = [f"{time_text(wait, 2)} in {name}" for lock, name in LOCKS.items()
            if (wait := median(run, "request_s", model=lock, interval_ms=5))]
    return f"A request of 1 ms, at a switch interval of 5 ms: {', '.join(said)}"
