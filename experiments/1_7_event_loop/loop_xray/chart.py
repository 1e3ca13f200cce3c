"""loop_xray: three requests on one thread, who runs and who waits; what taking notes costs."""

from common.charts.declare import Dots, Lanes, median
from common.charts.quantities import time_text, times_text

WAYS = {"blocking": "One after the other: {end}", "coroutines": "A task each, on a loop: {end}"}
OBSERVER = {"none": "Nobody looks", "counting": "An observer counts the steps"}


def charts(run):
    """The lanes of the requests, one after the other and on the loop; a step's price, observed."""
    many = max(run.values("requests"), default=3)
    lanes = {f"loop_xray/{model}/requests:{many:g}/trace:on": text for model, text in WAYS.items()}
    return [Lanes(gain(run), panels=lanes),
            Dots(price(run), panels="observer", panel_titles=OBSERVER, value="step_s",
                 axis="one step of a coroutine")]


def gain(run):
    """How many times sooner the loop is done."""
    one, loop = (median(run, "seconds", model=model, trace="on") for model in WAYS)
    if not (one and loop):
        return "Three requests on one thread"
    return f"The waits lie on top of each other, the computing doesn't: {times_text(one / loop, 2)} sooner"


def price(run):
    """What a step costs while nobody looks, and while somebody does."""
    none, seen = (median(run, "step_s", observer=each) for each in OBSERVER)
    if not (none and seen):
        return "What taking notes costs"
    return f"A step takes {time_text(none, 2)} while nobody looks, {time_text(seen, 2)} under an observer"
