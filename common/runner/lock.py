"""One runner per results folder: two at once would disturb each other's timings and files."""

import errno
import fcntl
import os
from contextlib import contextmanager
from pathlib import Path

from common.runner.errors import RunnerError


@contextmanager
def only_runner(results):
    """Hold the folder for this process; raise, naming the holder's pid, if another one holds it.

    The kernel drops the lock with its process, however that ends.
    """
    path = Path(results) / ".runner.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _lock(path, results)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _lock(path, results):
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(path, descriptor):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
                return descriptor
        except OSError as error:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                path.unlink()  # the lock is ours, but its file can't be written
                error.filename = str(path)
                raise
            os.close(descriptor)
            raise RunnerError(
                f"another runner (pid {holder or 'unknown'}) records to {results}; "
                "wait for it, or choose another folder: --results DIR"
            ) from None
        os.close(descriptor)


def _is_still(path, descriptor):
    """Return whether the locked file is the one of that name: its holder may have removed it."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
