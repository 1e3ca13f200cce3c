"""notify_when_done: how long after a task's end its starter knows."""

from common.charts.declare import Dots, median
from common.charts.quantities import time_text

TASK = {"computation": "The task runs in a thread; for sigchld and waitpid, in a child process"}
NAMES = {"callback": "a callback on the task's thread", "future": "a future",
         "coroutine": "a coroutine on a loop", "waitpid": "a child's death"}


def charts(run):
    """One picture: the median notice of each way."""
    return [Dots(title(run), panels="task", panel_titles=TASK, value="notice_s",
                 axis="from the end of the task to the notice")]


def title(run):
    """What the notice takes, by the ways that differ most."""
    said = [f"{name} {time_text(notice, 2)}" for way, name in NAMES.items()
            if (notice := median(run, "notice_s", model=way))]
    return f"From the end to the notice: {', '.join(said)}"
