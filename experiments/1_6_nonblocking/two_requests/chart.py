"""two_requests: 2d, d, d, d."""

from common.charts.declare import Dots, Lines, median
from common.charts.quantities import digits_text

WAYS = {"blocking": "one after the other", "threads": "two threads", "poll": "poll", "epoll": "epoll"}


def charts(run):
    """One picture: a panel for each delay, or a line over many of them."""
    delays = run.values("delay_ms")
    if len(delays) > 3:
        return [Lines(title(run, delays[-1]), x="delay_ms", panels="experiment")]
    return [Dots(title(run, delays[-1]), panels="delay_ms",
                 panel_titles={delay: f"The server waits {delay:g} ms" for delay in delays})]


def title(run, delay):
    """Each way's time in units of the delay."""
    said = [f"{name} {digits_text(seconds * 1000 / delay, 3)}" for model, name in WAYS.items()
            if (seconds := median(run, model=model, delay_ms=delay))]
    return "Two requests, in units of the server's delay:\n" + ", ".join(said)
