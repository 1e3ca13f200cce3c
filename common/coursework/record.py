"""What grading one submission of a class left: a file, written beside its name and renamed."""

import hashlib
import json
import os
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from .result import CaseResult, Grade

_READ_BYTES = 64 * 2**20  # of a submission, for its digest


@dataclass(frozen=True)
class Record:
    """A grade, and of what. `trouble`: what broke the latest attempt, if `grade` is older."""

    digest: str  # of the submission and the lab that `grade` is for
    grade: Grade
    trouble: str = ""
    trace: str = ""  # where the grader broke, for whoever mends it

    @property
    def is_final(self):
        """Whether nothing broke: a grade of the same submission need not be made again."""
        return not self.trouble and not self.grade.problem.startswith("internal error")


def broken(lab, title, name, why):
    """Return the Grade of a submission that the grader broke on: valid, and no score of its own."""
    return Grade(
        lab=lab,
        title=title,
        submission=name,
        score=0,
        max_score=0,
        cases=(),
        seconds=0,
        sandbox="",
        problem=f"internal error: {why}",
    )


def read_record(path):
    """Return the Record in the file `path`; None if there is none, or none that can be read."""
    try:
        fields = json.loads(Path(path).read_text(encoding="utf-8"))
        grade = fields.pop("grade")
        cases = tuple(CaseResult(**case) for case in grade.pop("cases"))
        return Record(grade=Grade(cases=cases, **grade), **fields)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def settle(path, record):
    """Write `record` to `path`. If the grader broke and an earlier score is there, that stands."""
    earlier = read_record(path)
    if not record.is_final and earlier and not earlier.grade.problem.startswith("internal error"):
        why = record.trouble or record.grade.problem
        record = Record(earlier.digest, earlier.grade, trouble=why, trace=record.trace)
    write_whole(path, json.dumps(asdict(record), indent=1) + "\n")


def write_whole(path, text):
    """Write `text` to a file beside `path`, then rename it: a reader sees all of it or none."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def digest_of(*places):
    """Return a digest of all that is in the files and folders `places`, names and contents.

    Links are not followed. Of what is beyond 64 MiB only the size and the time count, and of what
    can't be read only that it can't.
    """
    digest = hashlib.sha256()
    left = _READ_BYTES
    for place in places:
        for path in _files(Path(place)):
            content = _content(path, left)
            left -= len(content)
            digest.update(os.fsencode(path.relative_to(place)) + b"\0" + content + b"\0")
    return digest.hexdigest()


def _content(path, most):
    """Return what stands for the file `path` in a digest: all of it, up to `most` bytes."""
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            return os.fsencode(os.readlink(path))
        if stat.S_ISREG(status.st_mode) and status.st_size <= most:
            return path.read_bytes()
        return f"{status.st_size} {status.st_mtime_ns}".encode()
    except OSError as error:
        return str(error.strerror).encode()


def _files(place):
    if place.is_symlink() or not place.is_dir():
        return [place]
    found = []
    for folder, folders, files in os.walk(place):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        found += [Path(folder, name) for name in sorted(files) + links]
    return found
