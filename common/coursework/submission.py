"""What a student handed in: the files of the lab, out of a folder, a tar or a zip.

An archive is read as a stream and never unpacked: what isn't one of the lab's files is looked at,
counted, and left.
"""

import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from .unpacked import MOST_UNPACKED, TooMuch, Unpacked

MOST_ENTRIES = 1_000
MOST_BYTES = MOST_UNPACKED  # of everything, unpacked
MOST_FILE_BYTES = 1 << 20  # of one of the lab's files
MOST_ARCHIVE_BYTES = 16 << 20
MOST_RATIO = 200  # of unpacked to packed
MOST_NAME = 240
_IGNORED = ("__MACOSX", ".git", ".DS_Store", "build", "__pycache__", ".vscode", ".idea", ".cache")


class BadSubmission(Exception):
    """The submission can't be taken; str() says why, in one line."""


@dataclass(frozen=True)
class _Entry:
    name: str
    open: Callable[[], IO[bytes]]


class Submission(dict[str, bytes]):
    """The contents of the lab's files by name; `ignored`: what else was handed in."""

    def __init__(self, files: dict[str, bytes], ignored: Sequence[str]) -> None:
        super().__init__(files)
        self.ignored = tuple(ignored)


def open_submission(path: Path | str, yours: Sequence[str]) -> Submission:
    """Return the contents of the files `yours`, wherever one single folder in `path` holds them.

    `path`: a folder, a tar of any compression, or a zip. Raises BadSubmission.
    """
    path = Path(path)
    try:
        if path.is_dir():
            entries = _in_folder(path)
        elif not path.is_file():
            raise BadSubmission(f"{path.name}: no such folder or archive")
        elif path.stat().st_size > MOST_ARCHIVE_BYTES:
            raise BadSubmission(f"{path.name}: larger than {MOST_ARCHIVE_BYTES >> 20} MiB")
        elif zipfile.is_zipfile(path):
            entries = _in_zip(path)
        else:
            entries = _in_tar(path)
        return _taken(path, entries, yours)
    except BadSubmission:
        raise
    except TooMuch:
        raise BadSubmission(f"{path.name}: more than {MOST_UNPACKED >> 20} MiB when unpacked") from None
    except OSError as error:
        raise BadSubmission(f"{_shown(error.filename or path.name)}: {error.strerror or error}") from None
    except (EOFError, ValueError, RuntimeError, NotImplementedError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise BadSubmission(f"{path.name}: it can't be read ({_one_line(error)})") from None
    except Exception as error:  # lzma.LZMAError, zlib.error: each decompressor has its own
        raise BadSubmission(f"{path.name}: it is damaged ({_one_line(error)})") from None


def _taken(path: Path, entries: Iterator[_Entry], yours: Sequence[str]) -> Submission:
    """Read the stream of entries once, keeping what could be the lab's files."""
    found: dict[str, bytes] = {}
    ignored: list[str] = []
    for entry in entries:
        name = entry.name
        is_ours = not _is_ignored(name) and any(name == own or name.endswith(f"/{own}") for own in yours)
        if not is_ours:
            ignored.append(name)
            continue
        if name in found:
            raise BadSubmission(f"{path.name}: {_shown(name)} is in it twice")
        with entry.open() as file:
            content = file.read(MOST_FILE_BYTES + 1)
        if len(content) > MOST_FILE_BYTES:
            raise BadSubmission(f"{path.name}: {_shown(name)} is larger than {MOST_FILE_BYTES >> 20} MiB")
        if b"\0" in content:
            raise BadSubmission(f"{path.name}: {_shown(name)} is no text (it holds a zero byte)")
        found[name] = content
    return _chosen(path, found, ignored, yours)


def _chosen(path: Path, found: dict[str, bytes], ignored: list[str], yours: Sequence[str]) -> Submission:
    """Return the files of the one folder that holds them all."""
    tops = {name.removesuffix(own) for name in found for own in yours if f"/{name}".endswith(f"/{own}")}
    complete = sorted((top for top in tops if all(top + own in found for own in yours)), key=lambda top: (top.count("/"), top))
    if not complete:
        present = max(tops, key=lambda top: sum(top + own in found for own in yours), default="")
        missing = ", ".join(own for own in yours if present + own not in found)
        raise BadSubmission(f"{path.name}: {missing} is missing")
    if len(complete) > 1:
        places = " and ".join(_shown(top or "the top") for top in complete[:2])
        raise BadSubmission(f"{path.name}: {yours[0]} is in it more than once, in {places}: hand in one")
    top = complete[0]
    chosen = {own: found[top + own] for own in yours}
    rest = [name for name in found if name not in {top + own for own in yours}]
    return Submission(chosen, sorted(ignored + rest))


def _in_folder(top: Path) -> Iterator[_Entry]:
    names = _Names(top.name)
    for folder, folders, files in os.walk(top, onerror=_raise):
        where = Path(folder).relative_to(top)
        folders[:] = sorted(name for name in folders if name not in _IGNORED)
        for name in sorted(files):
            full = Path(folder) / name
            yield _Entry(names.checked((where / name).as_posix()), lambda full=full: _opened(full))


def _raise(error: OSError) -> None:
    raise error


def _opened(path: Path) -> IO[bytes]:
    """Open a file that must be a plain one, and the only name of it: no way to somebody else's."""
    if path.is_symlink():
        raise BadSubmission(f"{_shown(path.name)} is a link; hand in the file itself")
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        os.close(descriptor)
        what = "a hard link; hand in a copy" if stat.S_ISREG(status.st_mode) else "no plain file"
        raise BadSubmission(f"{_shown(path.name)} is {what}")
    return os.fdopen(descriptor, "rb")


def _in_zip(path: Path) -> Iterator[_Entry]:
    names = _Names(path.name)
    with zipfile.ZipFile(path) as archive:
        listed = archive.infolist()
        names.check_count(len(listed))
        for entry in listed:
            inside = names.checked(entry.filename, entry.is_dir())
            if entry.is_dir():
                continue
            kind = stat.S_IFMT(entry.external_attr >> 16) or stat.S_IFREG
            names.check_kind(inside, stat.S_ISLNK(kind), stat.S_ISREG(kind))
            if entry.flag_bits & 1:
                raise BadSubmission(f"{path.name}: {_shown(inside)} is encrypted")
            names.add_bytes(entry.file_size, path.stat().st_size)
            yield _Entry(inside, lambda entry=entry: archive.open(entry))


def _in_tar(path: Path) -> Iterator[_Entry]:
    names = _Names(path.name)
    with path.open("rb") as packed, tarfile.open(fileobj=Unpacked(packed), mode="r|") as archive:
        for entry in archive:
            inside = names.checked(entry.name, entry.isdir())
            if entry.isdir():
                continue
            names.check_kind(inside, entry.islnk() or entry.issym(), entry.isreg() and not entry.sparse)
            names.add_bytes(entry.size, path.stat().st_size)
            yield _Entry(inside, lambda entry=entry: _file_of(archive, entry))


def _file_of(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(entry)
    assert file is not None
    return file


class _Names:
    """What has been seen of an archive, and whether that is still all right."""

    def __init__(self, archive: str) -> None:
        self._archive = archive
        self._seen: set[str] = set()
        self._count = self._bytes = 0

    def checked(self, name: str, is_folder: bool = False) -> str:
        """Return `name` in its plain form. Raises BadSubmission if it is no good name."""
        self._count += 1
        self.check_count(self._count)
        plain = PurePosixPath(name)
        if problem := _problem_of_name(name, plain):
            raise BadSubmission(f"{self._archive}: {_shown(name)}: {problem}")
        text = plain.as_posix()
        if text in self._seen and not is_folder:
            raise BadSubmission(f"{self._archive}: {_shown(text)} is in it twice")
        self._seen.add(text)
        return text

    def check_count(self, count: int) -> None:
        if count > MOST_ENTRIES:
            raise BadSubmission(f"{self._archive}: more than {MOST_ENTRIES} files; hand in only the lab's")

    def check_kind(self, name: str, is_link: bool, is_file: bool) -> None:
        if is_link:
            raise BadSubmission(f"{self._archive}: {_shown(name)} is a link; hand in the file itself")
        if not is_file:
            raise BadSubmission(f"{self._archive}: {_shown(name)} is no plain file")

    def add_bytes(self, size: int, packed: int) -> None:
        self._bytes += max(0, size)
        if self._bytes > MOST_BYTES:
            raise BadSubmission(f"{self._archive}: more than {MOST_BYTES >> 20} MiB when unpacked")
        if self._bytes > MOST_RATIO * packed and self._bytes > MOST_FILE_BYTES:
            raise BadSubmission(f"{self._archive}: it unpacks to more than {MOST_RATIO} times its size")


def _problem_of_name(name: str, plain: PurePosixPath) -> str:
    if plain.is_absolute() or name.startswith("\\") or (len(name) > 1 and name[1] == ":"):
        return "an absolute path"
    if ".." in plain.parts or ".." in name.split("\\"):
        return "a path that leads out of it (..)"
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        return "a name with control characters"
    if any(0xD800 <= ord(letter) <= 0xDFFF or letter == "\ufffd" for letter in name):
        return "a name that is no UTF-8"
    if len(name) > MOST_NAME:
        return "a name that is too long"
    return "" if name.strip("/. ") or name in (".", "./") else "an empty name"


def _is_ignored(name: str) -> bool:
    parts = name.split("/")
    return any(part in _IGNORED for part in parts) or parts[-1].startswith("._")


def _shown(name: str | bytes) -> str:
    """Return a name as one can print it."""
    text = os.fsdecode(name)
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
