"""Pieces of HTML. Every text that comes from data goes through escape()."""

from html import escape

from common.charts.errors import one_line


def text(value):
    """Return recorded text as it may stand in HTML, in elements and in quoted attributes."""
    return escape(one_line(value), quote=True)


SIGNS = {"holds": "✓", "fails": "✗", "inconclusive": "?", "cannot be judged here": "–",
         "faster": "▲", "slower": "▼"}


def folded(summary, html):
    """Return HTML behind a line that opens it; printing opens it too."""
    return f"<details><summary>{text(summary)}</summary>\n{html}</details>"


def table(caption, header, rows, words=(0,)):
    """Return a table that scrolls sideways where the page is narrow.

    rows: lists of plain texts, which are escaped here. words: the numbers of the columns that hold
    words and stand flush left; the others hold quantities.
    """
    kinds = ["w" if i in words else "q" for i in range(len(header))]
    head = "".join(f'<th scope="col" class="{kind}">{text(cell)}</th>'
                   for kind, cell in zip(kinds, header))
    body = "\n".join("<tr>" + _row(cells, kinds) + "</tr>" for cells in rows)
    title = f"<caption>{text(caption)}</caption>" if caption else ""
    return (f'<div class="scroll" tabindex="0"><table>{title}<thead><tr>{head}</tr></thead>\n'
            f"<tbody>{body}</tbody></table></div>")


def _row(cells, kinds):
    first, *rest = (text(cell) for cell in cells)
    others = "".join(f'<td class="{kind}{_verdict_class(cell)}">{_sign(cell)}{cell}</td>'
                     for cell, kind in zip(rest, kinds[1:]))
    return f'<th scope="row">{first}</th>{others}'


def _verdict_class(cell):
    return f" {cell.replace(' ', '-')}" if cell in SIGNS else ""


def _sign(cell):
    """A verdict is a word, a colour and a sign: it reads without the colour."""
    return f'<span class="sign" aria-hidden="true">{SIGNS[cell]}</span> ' if cell in SIGNS else ""


def paragraphs(lines, kind):
    """Return each of the plain texts as a paragraph of a class; nothing for none."""
    return "\n".join(f'<p class="{kind}">{text(line)}</p>' for line in lines)
