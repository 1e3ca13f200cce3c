"""hello: a greeting from this process, from a thread and from a child."""

from common.charts.declare import Dots, median
from common.charts.quantities import time_text

WHO = {"blocking": "the program itself", "threads": "a new thread", "processes": "a new child"}


def charts(run):
    """One picture: how long it takes to meet each of them."""
    return [Dots(title(run), panels="experiment", axis="greeted, seen in /proc, gone",
                 panel_titles={"hello": "A greeting"})]


def title(run):
    """The time of each greeting."""
    said = [f"{time_text(seconds, 2)} from {name}" for model, name in WHO.items()
            if (seconds := median(run, model=model))]
    return f"A greeting takes {', '.join(said)}"
