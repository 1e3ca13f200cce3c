"""Write files so that a reader sees a whole file or none."""

import os
import tempfile
from pathlib import Path

from common.charts.errors import ResultsError


def write_whole(path, data):
    """Write `data` (bytes) to a temporary file beside `path`, then rename it.

    Makes the folder. ResultsError if the disk is full or the folder can't be written; then nothing
    is left behind and an older file stays as it was.
    """
    path = Path(path)
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise ResultsError(path, "", f"can't be written ({error.strerror})",
                               "free some space or choose a folder you may write to") from None
        raise


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
