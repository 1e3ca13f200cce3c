"""frozen_spinner: how long the application stood still while one slow operation went on."""

from common.charts.declare import Dots, median
from common.charts.quantities import time_text

OPERATIONS = {"request": "The operation waits (a request)",
              "computation": "The operation computes"}


def charts(run):
    """One picture: the longest gap between two ticks, a panel for each kind of operation."""
    return [Dots(title(run), panels="operation", panel_titles=OPERATIONS, value="max_gap_s",
                 axis="longest gap between two ticks")]


def title(run):
    """What the same operation does to the application in place, and as a task on its loop."""
    said = []
    for model, name in (("blocking", "done in place"), ("coroutines", "as a task on the loop")):
        gaps = [median(run, "max_gap_s", model=model, operation=kind) for kind in OPERATIONS]
        if all(gaps):
            said.append(f"{name}, {' and '.join(time_text(gap, 2) for gap in gaps)}")
    return ("A request and a computation stop the ticks for so long:\n" + "; ".join(said))
