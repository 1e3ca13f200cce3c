"""million_tasks: what a task costs that does nothing, and whether many take longer than one."""

from common.charts.declare import Lines, median
from common.charts.quantities import bytes_text, time_text

ASLEEP = {"million_tasks": "Each asleep once"}


def charts(run):
    """One picture of the memory of a task, one of the time."""
    return [Lines(memory(run), x="tasks", panels="experiment", value="task_bytes", unit="B",
                  panel_titles=ASLEEP, axis="memory of a task"),
            Lines(time(run), x="tasks", panels="experiment", value="slept_s",
                  panel_titles=ASLEEP, axis="until the last has woken")]


def most_of(run, model):
    """The most tasks of a model that have numbers; 0 without any."""
    return max(run.where(model=model)["tasks"], default=0)


def memory(run):
    """What one of the most tasks of each kind takes."""
    costs = {model: median(run, "task_bytes", model=model, tasks=most_of(run, model))
             for model in ("coroutines", "threads", "processes")}
    said = [f"{bytes_text(cost)} in {model}" for model, cost in costs.items() if cost]
    return f"A sleeping task takes {', '.join(said)}"


def time(run):
    """How long the most coroutines sleep, and the most threads."""
    said = []
    for model in ("coroutines", "threads"):
        most = most_of(run, model)
        if slept := median(run, "slept_s", model=model, tasks=most):
            said.append(f"{most:,.0f} {model} {time_text(slept)}")
    sleep = median(run, "bound_s")
    return f"A sleep of {time_text(sleep, 2)} takes {', '.join(said)}"
