"""fib_40_41: what two threads and two processes gain, under a lock and without one."""

from common.charts.declare import Dots, speedup
from common.charts.quantities import times_text

WHO = {"cpython": "CPython", "cpp": "C++", "cpp_locked": "C++ under one lock",
       "free_threaded": "CPython without its lock"}


def charts(run):
    """One picture: a panel for each who computes."""
    return [Dots(title(run), panels="language", panel_titles=WHO)]


def title(run):
    """What two threads gain, for each who computes."""
    said = []
    for language, name in WHO.items():
        gain = speedup(run, "threads", language=language)
        if gain:
            said.append(f"{name} {times_text(gain, 3)}")
    split = speedup(run, "tbb", language="cpp")
    text = f"Two unequal jobs on two threads, against one: {', '.join(said)}"
    return text + (f"; oneTBB splits them: {times_text(split, 3)}" if split else "")
