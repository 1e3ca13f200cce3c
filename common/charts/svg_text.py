"""Changes to an SVG's text: smaller, and with ids of its own for a page with several charts."""

import re

_TAG = re.compile(r"<[^>]+>")
# More than two decimals of a point is finer than any screen; a glyph's scale is no coordinate.
_LONG_NUMBER = re.compile(r"(?<!scale\()(?<![\d.])-?\d+\.\d{4,}")

_UPRIGHT = re.compile(r"M([-\d.]+) ([-\d.]+)L\1 ([-\d.]+)")


def compact(svg):
    """Return the SVG (bytes) without comments and indentation, coordinates to 1/100 point."""
    text = re.sub(r"<!--.*?-->\n?", "", svg.decode(), flags=re.DOTALL)
    text = re.sub(r"\n\s+", "\n", text)
    text = _TAG.sub(lambda tag: _LONG_NUMBER.sub(_rounded, tag.group()), text)
    text = re.sub(r'(id="|href="#)DejaVuSans(-Bold)?-', r"\1g\2", text)  # hundreds of letters
    return re.sub(r' d="([^"]*)"', _short_path, text).encode()


def _rounded(match):
    return f"{float(match.group()):.2f}".rstrip("0").rstrip(".")


def _short_path(match):
    path = re.sub(r"\s*([A-Za-z])\s*", r"\1", match.group(1))
    return f' d="{_UPRIGHT.sub(_vertical, path)}"'


def _vertical(match):
    return f"M{match[1]} {match[2]}V{match[3]}"


_GLYPH = re.compile(r'<path id="(g(?:-Bold)?[0-9a-f]+)" ?([^>]*)/>')


def shared_glyphs(glyphs):
    """Return the SVG, itself invisible, that holds the letters that inline() took out."""
    paths = "".join(f'<path id="{name}" {outline}/>' for name, outline in sorted(glyphs.items()))
    return ('<svg width="0" height="0" class="letters" aria-hidden="true">'
            f"<defs>{paths}</defs></svg>")


def inline(svg, prefix, glyphs):
    """Return the SVG (bytes) as text to stand inside a page: no prolog, fluid width, hidden from
    screen readers (the figure around it has the words), every id with `prefix`. The outlines of its
    letters go to `glyphs` (id -> outline), so that a page holds each once."""
    text = svg.decode()
    found = dict(_GLYPH.findall(text))
    glyphs.update(found)
    text = _GLYPH.sub("", text)
    text = text[text.index("<svg"):]
    text = re.sub(r"<title>.*?</title>", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]*)"', rf'id="{prefix}\1"', text)
    text = re.sub(r'href="#([^"]*)"', lambda match: match[0] if match[1] in found else
                  f'href="#{prefix}{match[1]}"', text)
    text = re.sub(r"url\(#([^)]*)\)", rf"url(#{prefix}\1)", text)
    root, rest = text.split(">", 1)
    root = re.sub(r' (width|height)="[^"]*"', "", root)
    return f'{root} aria-hidden="true" focusable="false">{rest}'
