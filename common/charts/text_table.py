"""Aligned tables for a terminal."""


def aligned(header, rows, left=(0, -1)):
    """Return the lines of a table: the columns in `left` flush left, the others right.

    header: texts; rows: lists of texts of the same length. A rule stands under the header.
    """
    flush_left = {i % len(header) for i in left}
    widths = [max(map(len, column)) for column in zip(header, *rows)]

    def line(cells):
        padded = [
            cell.ljust(width) if i in flush_left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(cells, widths))
        ]
        return "  ".join(padded).rstrip()

    return [line(header), "  ".join("-" * width for width in widths), *map(line, rows)]
