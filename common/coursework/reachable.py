"""Hands files to a user who may not come to where they are: by a copy in a folder that he may enter."""

import os
import shutil
import stat
import tempfile
from pathlib import Path


class Staging:
    """Files and folders for `user`, for one run; with None, for ourselves: nothing has to be done."""

    def __init__(self, user: int | None) -> None:
        self._user = user
        self._folder: Path | None = None
        self._copies = 0

    def readable(self, path: str) -> str:
        """Return `path`, or that of a copy if the user can't read it."""
        source = Path(os.path.abspath(path))
        if self._user is None or self._can_read(source):
            return str(source)
        self._copies += 1
        copy = Path(self.folder()) / f"{self._copies}"
        if source.is_dir():
            shutil.copytree(source, copy)
            for below in [copy, *copy.rglob("*")]:
                _open_up(below)
        else:
            shutil.copy(source, copy)
            _open_up(copy)
        return str(copy)

    def writable(self, path: str) -> str:
        """Give the folder `path` to the user, with the right to come to it, and return it."""
        folder = Path(os.path.abspath(path))
        if self._user is not None:
            os.chown(folder, self._user, self._user)
            self._open_way(folder)
        return str(folder)

    def folder(self) -> str:
        """Return a private folder of this run, the user's own."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="two_cakes_run_"))
            if self._user is not None:
                os.chown(self._folder, self._user, self._user)
        return str(self._folder)

    def clean(self) -> None:
        """Remove what was made here."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _can_read(self, path: Path) -> bool:
        if not all(self._allows(parent, stat.S_IXUSR) for parent in path.parents):
            return False
        if not path.is_dir():
            return self._allows(path, stat.S_IRUSR)
        wanted = stat.S_IRUSR | stat.S_IXUSR
        return self._allows(path, wanted) and all(
            self._allows(below, wanted if below.is_dir() else stat.S_IRUSR) for below in path.rglob("*")
        )

    def _allows(self, path: Path, wanted: int) -> bool:
        """Return whether the mode of `path` gives the user the rights `wanted` (as an owner's)."""
        found = os.stat(path)
        mode = found.st_mode
        if found.st_uid != self._user:
            wanted >>= 3 if found.st_gid == self._user else 6
        return mode & wanted == wanted

    def _open_way(self, folder: Path) -> None:
        """Let the user's group pass through our own temporary folders, and see nothing there."""
        for parent in folder.parents:
            if self._allows(parent, stat.S_IXUSR):
                continue
            os.chown(parent, -1, self._user or -1)
            os.chmod(parent, stat.S_IMODE(os.stat(parent).st_mode) | stat.S_IXGRP)


def _open_up(path: Path) -> None:
    mode = stat.S_IMODE(path.lstat().st_mode)
    if not path.is_symlink():
        os.chmod(path, mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
