"""A chart on the page: interactive if there is a library, else the SVG; its numbers as a table."""

import json

from common.charts.chart_marks import number_table
from common.charts.declare import Lanes, Shares
from common.charts.drawing import describe, svg_of
from common.charts.foot import foot_lines
from common.charts.page_parts import folded, paragraphs, table, text
from common.charts.svg_text import inline
from common.charts.vega import interactive


def figure(run, chart, prefix, page):
    """Return a declared chart as HTML.

    prefix: begins every id in it. page: report.Page; where it is live, a timeline is a picture all
    the same. A picture adds the letters that it needs to page.glyphs.
    """
    live = page.live and not isinstance(chart, Lanes)
    title = "<br>".join(text(line) for line in chart.title.splitlines())
    body = _live(run, chart) if live else _still(run, chart, prefix, page)
    kind = "chart" if live else "still"
    return "\n".join([
        f'<figure class="{kind}" id="{prefix}figure">\n<p class="title">{title}</p>', body,
        folded("The numbers of this chart", table(*number_table(run, chart))),
        "<figcaption>", paragraphs(foot_lines(run, chart), "small"), "</figcaption>\n</figure>"])


def as_script(data):
    """Return plain data as JSON that can stand in a <script>: no text in it can end the element."""
    letters = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        letters = letters.replace(letter, f"\\u{ord(letter):04x}")
    return f'<script type="application/json">{letters}</script>'


def _live(run, chart):
    data = interactive(run, chart)
    alt = text(describe(run, chart))
    plots = "\n".join(map(_panel, data["panels"]))
    kind = "panels shares" if isinstance(chart, Shares) else "panels"
    return "\n".join([
        f'<div class="tools" hidden>{_keys(data)}{_scales(data)}</div>',
        f'<div class="{kind}" role="img" aria-label="{alt}">\n{plots}\n</div>', as_script(data)])


def _panel(panel):
    bounds = f'<p class="bounds">{text(panel["bounds"])}</p>' if panel["bounds"] else ""
    return (f'<div class="panel"><p class="panel-title">{text(panel["title"])}</p>'
            f'{bounds}<div class="plot"></div></div>')


def _keys(data):
    buttons = "".join(
        f'<button type="button" class="key" aria-pressed="true" data-model="{text(key["name"])}">'
        f'{_swatch(key)}{text(key["name"])}</button>' for key in data["keys"])
    bound = '<span class="bound">analytic bound</span>' if data["bound"] else ""
    return f'<div class="keys" role="group" aria-label="Shown">{buttons}{bound}</div>'


def _swatch(key):
    mark = ('<circle r="0.9"/>' if key["shape"] == "circle" else f'<path d="{key["shape"]}"/>')
    return (f'<svg viewBox="-1.2 -1.2 2.4 2.4" aria-hidden="true" focusable="false" '
            f'style="fill:{key["colour"]}">{mark}</svg>')


def _scales(data):
    if not data["channel"]:
        return ""
    buttons = "".join(
        f'<button type="button" class="scale" data-scale="{name}" '
        f'aria-pressed="{str(data["log"] == (name == "log")).lower()}">{name}</button>'
        for name in ("linear", "log"))
    return f'<div class="scales" role="group" aria-label="Scale">{buttons}</div>'


def _still(run, chart, prefix, page):
    alt = text(describe(run, chart))
    return "\n".join(
        f'<div class="card {kind}" role="img" aria-label="{alt}">\n'
        f'{inline(svg_of(run, chart, kind == "narrow", True), prefix + kind + "-", page.glyphs)}'
        "</div>" for kind in (("wide", "narrow") if page.narrow else ("any",)))
