"""str_cli: stop-and-wait pays the round trip for each line, the others once."""

from common.charts.declare import Dots, median
from common.charts.quantities import digits_text, time_text, times_text

BOOKS_ROUND_TRIP_US = 175_000
TRIP = "round_trip_us"


def charts(run):
    """One picture: a row per design, a panel per round trip."""
    trips = run.values(TRIP)
    titles = {trip: panel(run, trip) for trip in trips}
    return [Dots(title(run, trips[-1]), panels=TRIP, panel_titles=titles)]


def panel(run, trip):
    """How long the round trip is, and how far that is from the book's."""
    lines = run.values("lines")[-1]
    scaled = f" (the book's 175 ms, 1:{digits_text(BOOKS_ROUND_TRIP_US / trip, 3)})"
    return f"{lines:g} lines, round trip {time_text(trip / 1e6, 2)}{scaled if trip != BOOKS_ROUND_TRIP_US else ''}"


def title(run, trip):
    """What one line at a time costs beside the best of the others."""
    waiting = median(run, model="stop_and_wait", round_trip_us=trip)
    others = {model: median(run, model=model, round_trip_us=trip)
              for model in ("select", "nonblocking", "processes", "threads")}
    others = {model: seconds for model, seconds in others.items() if seconds}
    if not waiting or not others:
        return "Lines over a long round trip"
    best = min(others, key=others.get)
    return (f"One line at a time: {time_text(waiting, 2)}. {best}: {time_text(others[best], 2)}, "
            f"{times_text(waiting / others[best], 2)} as fast")
