"""How wide a text will be, in inches, and where to break it; the same on every machine."""

import functools

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

FONT = "DejaVu Sans"
_PATHS = TextToPath()


@functools.lru_cache(maxsize=4096)
def width_inches(text, points, weight="normal"):
    """Return the width of one line of text at a font size in points."""
    font = FontProperties(family=FONT, size=points, weight=weight)
    width, _, _ = _PATHS.get_text_width_height_descent(text, font, ismath=False)
    return width / 72


def wrapped(text, points, inches, weight="normal"):
    """Return `text` as a list of lines, none wider than `inches`; a long word is cut."""
    lines = [""]
    for word in text.split():
        word = shortened(word, points, inches, weight)
        longer = f"{lines[-1]} {word}".strip()
        if width_inches(longer, points, weight) <= inches:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shortened(text, points, inches, weight="normal"):
    """Return `text`, cut with an ellipsis if it is wider than `inches`."""
    if width_inches(text, points, weight) <= inches:
        return text
    while len(text) > 1 and width_inches(text + "…", points, weight) > inches:
        text = text[:-1]
    return text + "…"
