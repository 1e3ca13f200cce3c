"""Colours and markers of the palette in the languages of a web page: CSS and SVG."""

from matplotlib.markers import MarkerStyle


def colour_name(colour):
    """Return the CSS variable that stands for a colour of the palette."""
    return f"--c{colour.lstrip('#')}"


def css_colour(colour):
    """Return a colour of the palette as CSS writes it."""
    return f"var({colour_name(colour)})"


def shape_of(marker):
    """Return a matplotlib marker as the SVG path that Vega takes, within -1 and 1."""
    if marker == "o":
        return "circle"
    style = MarkerStyle(marker)
    points = style.get_path().transformed(style.get_transform()).to_polygons()
    reach = max(abs(value) for polygon in points for value in polygon.ravel())
    return "".join("M" + "L".join(f"{x / reach:.3g},{-y / reach:.3g}" for x, y in polygon) + "Z"
                   for polygon in points)
