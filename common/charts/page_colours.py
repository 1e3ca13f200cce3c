"""The palette as CSS variables: as it is on light paper, lighter where the page is dark."""

from colorsys import hls_to_rgb, rgb_to_hls

from common.charts import palette
from common.charts.looks import colour_name
from common.charts.shares import FILLS

_DARK_ENOUGH = 0.62  # lightness from which a colour can be seen on a dark page


def colours():
    """Return a style sheet that defines every colour of the charts, for light, dark and print."""
    names = dict.fromkeys([*palette.all_colours(), *(fill for fill, _ in FILLS)])
    light = "".join(f"{colour_name(colour)}:{colour};" for colour in names)
    dark = "".join(f"{colour_name(colour)}:{lightened(colour)};" for colour in names)
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def lightened(colour):
    """Return a #rrggbb with the same hue, light enough for a dark page."""
    red, green, blue = (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, depth = rgb_to_hls(red, green, blue)
    if light < _DARK_ENOUGH:  # dark ones keep their order: the darker before, the darker after
        light = 0.52 + 0.2 * light / _DARK_ENOUGH
    return "#" + "".join(f"{round(255 * each):02x}" for each in hls_to_rgb(hue, light, depth))
