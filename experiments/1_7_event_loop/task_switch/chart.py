"""task_switch: what it costs to make a task, and to switch to the next, over how many there are."""

from common.charts.declare import Lines, median
from common.charts.quantities import time_text

PANELS = {"switch": "One switch to the next", "create": "One task, from making it to its end"}


def charts(run):
    """A line for each kind of task, over how many there are."""
    return [Lines(title(run), x="tasks", panels="what", panel_titles=PANELS, value="each_s",
                  axis="each")]


def title(run):
    """A switch of each kind, where there are so few that all of them can be had."""
    few = min(run.values("tasks"), default=0)
    said = []
    for model, name in (("coroutines", "coroutine"), ("threads", "thread"),
                        ("processes", "process")):
        one = median(run, "each_s", model=model, what="switch", tasks=few)
        said += [f"{name} {time_text(one, 2)}"] if one else []
    return f"To the next {', '.join(said)}" if said else "What a task costs"
