"""Where the time goes: how much of each task's wall time the CPU was at work."""

from common.charts.declare import Shares, median
from common.charts.shares import share_text

TASKS = {"pi": "Digits of pi", "dictionary": "Walk over a dictionary",
         "web_request": "Web request", "file_read": "Reading a file"}


def charts(run):
    """One picture: a row per task, computing against waiting."""
    return [Shares(title(run), rows="task", row_titles=TASKS,
                   parts={"computing": "cpu_s", "waiting": "seconds - cpu_s"})]


def title(run):
    """The task that computes most, and the one that waits most."""
    shares = {task: min(1.0, median(run, "cpu_s / seconds", task=task))
              for task in run.values("task")}
    most, least = max(shares, key=shares.get), min(shares, key=shares.get)
    said = f"{TASKS.get(most, most)}: {share_text(shares[most])} computing."
    if most != least:
        said += f" {TASKS.get(least, least)}: {share_text(1 - shares[least])} waiting."
    return said
