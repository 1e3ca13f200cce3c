"""two_requests_python: listings 1.7 and 1.8, beside the same in C++."""

from common.charts.declare import Dots, speedup
from common.charts.quantities import gain_text

WHO = {"cpython": "CPython: listings 1.7 and 1.8", "cpp": "C++"}


def charts(run):
    """One picture: one after the other, and a thread each."""
    return [Dots(title(run), panels="language", panel_titles=WHO)]


def title(run):
    """What threads gain where they only wait."""
    gains = [speedup(run, "threads", language=language) for language in WHO]
    said = [f"in {name} it {gain_text(gain)}"
            for gain, name in zip(gains, ("CPython", "C++")) if gain]
    return f"A thread for each of two requests: {' and '.join(said) or 'not measured'}"
