"""One colour and one marker per model, everywhere.

The colours are Paul Tol's "muted" scheme, which people with any of the common colour-blindnesses
can tell apart, with near-black for the baseline. Threads are blue, processes red, loops green.
Markers differ too, so that a black-and-white print still tells the models apart. A model outside
the vocabulary gets a spare style: colour, marker and dashes, all three different from its fellows'.
"""

from common.charts.series import MODELS

INK, SOFT_INK, RULE, PAPER = "#222222", "#5a5a5a", "#d5d5d5", "#ffffff"
BOUND = "#b3261e"  # the analytic bound: the one red line
COMPUTING, WAITING = "#332288", "#dfe3ea"
WARNING = "#b3261e"

_STYLES = {
    "blocking": ("#222222", "s"),
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
_HOURGLASS = ((-0.8, -1.0), (0.8, -1.0), (-0.8, 1.0), (0.8, 1.0), (-0.8, -1.0))
_BOW_TIE = ((-1.0, -0.8), (1.0, 0.8), (1.0, -0.8), (-1.0, 0.8), (-1.0, -0.8))
_TALL = ((-0.45, -1.0), (0.45, -1.0), (0.45, 1.0), (-0.45, 1.0), (-0.45, -1.0))
_STRANGERS = (  # colour, marker, dashes (ink and gap, in line widths; none: solid)
    ("#0077aa", "<", ()),
    ("#661100", ">", (5, 2)),
    ("#bbcc33", "d", (1.2, 1.6)),
    ("#785ef0", "8", (7, 2, 1.2, 2)),
    ("#ffaabb", (4, 1, 0), (10, 3)),
    ("#9c755f", _HOURGLASS, (2.5, 1.5)),
    ("#c8a2ff", _BOW_TIE, (5, 1.5, 1.2, 1.5, 1.2, 1.5)),
    ("#6f4070", _TALL, (10, 2, 2, 2)),
    ("#73af48", (3, 1, 0), (1.2, 4)),
    ("#994f00", (6, 1, 0), (5, 5)),
)


def style_of(model, strangers=()):
    """Return (colour, marker) of a model; one outside the vocabulary gets a spare style by its
    place in `strangers`."""
    return _STYLES.get(model) or _spare(model, strangers)[:2]


def styles_of(models):
    """Return model -> (colour, marker) for the models of one chart."""
    return {model: style_of(model, _outside(models)) for model in models}


def dashes_of(models):
    """Return model -> the dashes of its line (empty: solid) for the models of one chart."""
    return {model: () if model in _STYLES else _spare(model, _outside(models))[2]
            for model in models}


def scale_of(marker):
    """Return by how much a marker must be enlarged to look as large as the others."""
    return 1.4 if marker == "*" or not isinstance(marker, str) else 1.0


def _spare(model, strangers):
    place = list(strangers).index(model) if model in strangers else 0
    return _STRANGERS[place % len(_STRANGERS)]


def _outside(models):
    return [model for model in models if model not in _STYLES]


def all_colours():
    """Return every colour that a model may have."""
    return list(dict.fromkeys(style[0] for style in (*_STYLES.values(), *_STRANGERS)))
