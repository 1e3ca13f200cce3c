"""readiness_backends: a wait's cost against the number of idle descriptors."""

from common.charts.declare import Dots, Lines, median
from common.charts.quantities import time_text, times_text

COUNT, VALUE, AXIS = "descriptors", "wait_s", "time for one wait"


def charts(run):
    """One picture: a line for each backend."""
    counts = run.values(COUNT)
    if len(counts) < 2:
        return [Dots("One ready among N", panels=COUNT, value=VALUE, axis=AXIS)]
    return [Lines(title(run, counts), x=COUNT, panels="experiment", value=VALUE, axis=AXIS,
                  panel_titles={"readiness_backends": "One ready among so many"})]


def title(run, counts):
    """By how much each grows from the fewest descriptors to the most that it was measured with."""
    said = []
    for model in ("select", "poll", "epoll"):
        costs = {count: cost for count in counts if (cost := median(run, VALUE, model=model, descriptors=count))}
        if len(costs) > 1:
            few, many = min(costs), max(costs)
            said.append(f"{model}: {time_text(costs[few], 2)} among {few:g}, {time_text(costs[many], 2)} "
                        f"among {many:g} ({times_text(costs[many] / costs[few], 2)})")
    return "\n".join(said) or "One ready among N idle descriptors"
