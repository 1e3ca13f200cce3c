"""fib_40_41: what two threads and two processes gain, under a lock and without one."""

from common.charts.declare import Dots, speedup
from common.charts.quantities import gain_text

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
            said.append(f"{name} {gain_text(gain)}")
    split = speedup(run, "tbb", language="cpp")
    text = f"Two unequal jobs on two threads: {', '.join(said)}"
    return text + (f"; oneTBB, which splits them, {gain_text(split)}" if split else "")
