"""What a student handed in: the files of the lab, out of a folder."""

from pathlib import Path


class BadSubmission(Exception):
    """The submission can't be taken; str() says why, in one line."""


def open_submission(path: Path, yours: tuple[str, ...]) -> dict[str, bytes]:
    """The contents of the files `yours` in the folder `path`. Raises BadSubmission."""
    try:
        return {name: (path / name).read_bytes() for name in yours}
    except OSError as error:
        raise BadSubmission(f"{error.filename}: {error.strerror}") from None
