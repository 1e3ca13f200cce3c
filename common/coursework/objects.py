"""The instructor's objects, compiled once for all submissions: of what a program is linked from, only the student's files
differ between two gradings, and the namespace of the tests, which student code mustn't know."""

import functools
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

# Stands for a grading's own namespace in what is kept. As long as that one, so that it can be put in its place in an
# object: a mangled name says the length of each of its parts.
STAND_IN = "probe_" + "0" * 16
_HOUSE = Path(__file__).resolve().parents[__package__.count(".") + 1]


class Objects:
    """A folder of objects, named by the digest of all that they were made from. Any number of processes may use it."""

    def __init__(self, folder: Path = _HOUSE / "build" / "coursework"):
        self._folder = folder

    def get(self, digest: str, compile_it: Callable[[], bytes]) -> bytes:
        """The object kept for `digest`; where there is none, what `compile_it` returns, which is kept if it can be."""
        path = self._folder / f"{digest}.o"
        try:
            return path.read_bytes()
        except OSError:
            content = compile_it()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(content)
            os.replace(file.name, path)
        except OSError:
            pass  # a full disk, or a house that can't be written to: it is only slower
        return content


def digest_of(command: Iterable[str], folders: Iterable[Path]) -> str:
    """Names what `command` makes of the files in `folders`, with this compiler."""
    digest = hashlib.sha256(repr([_compiler_version(), *command]).encode())
    for folder in folders:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            content = path.read_bytes()
            digest.update(f"\0{path.relative_to(folder)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


@functools.cache
def _compiler_version() -> str:
    return subprocess.run(["g++", "-dumpfullversion", "-dumpmachine"], check=True, capture_output=True, text=True).stdout
