"""The library that draws the page's charts: Vega-Lite, from npm, put into the page whole."""

from pathlib import Path

PAGE = Path(__file__).with_name("page")
INSTALLED = Path(__file__).resolve().parents[2] / "build" / "page"
_SCRIPTS = ("vega/build/vega.min.js", "vega-lite/build/vega-lite.min.js",
            "vega-embed/build/vega-embed.min.js")
_REMEDY = "`make report` installs it where there are npm and a network"


def library(installed=INSTALLED):
    """Return (script, ""), the text to put into a page, or ("", one line on why there is none).

    installed: the folder that common/charts/page/install.sh filled.
    """
    installed = Path(installed)
    try:
        scripts = [(installed / "node_modules" / name).read_text(encoding="utf-8")
                   for name in _SCRIPTS]
    except OSError:
        return "", f"{_why_not(installed)}; {_REMEDY}"
    return "\n".join(map(_inlined, [*scripts, (PAGE / "page.js").read_text()])), ""


def _why_not(installed):
    try:
        return " ".join((installed / "why_not").read_text().split()) or "it is not installed"
    except OSError:
        return "it is not installed"


def _inlined(script):
    """Return a script as it may stand in a page: it can't end its element, or name another file."""
    lines = (line for line in script.splitlines() if not line.startswith("//# sourceMappingURL"))
    return "\n".join(lines).replace("</script", r"<\/script").replace("<!--", r"<\!--")
