"""One colour and one marker per model, everywhere.

The colours are Paul Tol's "muted" scheme, which people with any of the common colour-blindnesses
can tell apart, with a dark grey for the baseline. Threads are blue, processes red, loops green.
Markers differ too, so that a black-and-white print still tells the models apart.
"""

from common.charts.series import MODELS

INK, SOFT_INK, RULE, PAPER = "#222222", "#5a5a5a", "#d5d5d5", "#ffffff"
BOUND = "#b3261e"  # the analytic bound: the one red line
COMPUTING, WAITING = "#332288", "#dfe3ea"
WARNING = "#b3261e"

_STYLES = {
    "blocking": ("#555555", "s"),
    "threads": ("#332288", "o"),
    "thread_pool": ("#5b8fd6", "P"),
    "tbb": ("#88ccee", "X"),
    "processes": ("#882255", "^"),
    "process_pool": ("#cc6677", "v"),
    "event_loop": ("#117733", "D"),
    "coroutines": ("#44aa99", "*"),
    "io_uring": ("#999933", "h"),
    "event_loop_pool": ("#ddcc77", "p"),
}
assert tuple(_STYLES) == MODELS
_STRANGERS = (("#aa4499", "<"), ("#bbbbbb", ">"), ("#661100", "d"), ("#6699cc", "8"))


def style_of(model, strangers=()):
    """Return (colour, marker) of a model; one outside the vocabulary gets a spare style by its
    place in `strangers`."""
    if model in _STYLES:
        return _STYLES[model]
    place = list(strangers).index(model) if model in strangers else 0
    return _STRANGERS[place % len(_STRANGERS)]


def styles_of(models):
    """Return model -> (colour, marker) for the models of one chart."""
    strangers = [model for model in models if model not in _STYLES]
    return {model: style_of(model, strangers) for model in models}
