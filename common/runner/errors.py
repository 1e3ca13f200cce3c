"""The runner's exit codes, and its one kind of error."""

GOOD = 0
CHECK_FAILED = 1
BAD_INPUT = 2
SKIPPED = 77
OUT_OF_TIME = 124


class RunnerError(Exception):
    """str() is one line that names the thing and the remedy; `exit_code` is what main returns."""

    def __init__(self, message, exit_code=BAD_INPUT):
        super().__init__(message)
        self.exit_code = exit_code


def cannot_write(error):
    """Return the RunnerError for an OSError that came up while recording."""
    place = error.filename2 or error.filename or "the results folder"
    return RunnerError(
        f"cannot record to {place}: {error.strerror}; "
        "make room there, or choose another folder: --results DIR (make: RESULTS=DIR)"
    )


def printable(text):
    """Return `text` as one line that can't steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()
