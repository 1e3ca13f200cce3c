"""Lines for people: whether somebody still reads them must not matter to the measurement."""

import os
import sys


def say(text, stream=None, end="\n"):
    """Write `text` to `stream` (standard output) at once; if its reader is gone, be quiet."""
    stream = stream or sys.stdout
    try:
        stream.write(text + end)
        stream.flush()
    except OSError:  # `| head` has seen enough, or the terminal was closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def complain(text):
    """Write `text` to standard error."""
    say(text, sys.stderr)
