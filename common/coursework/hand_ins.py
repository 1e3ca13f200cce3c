"""What a class has handed in: each folder, .tar and .zip in a folder is one submission.

A folder that holds one archive and nothing else, as Moodle hands them over, is that archive.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import CourseworkError
from .formats.shown import one_line

ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip")


@dataclass(frozen=True)
class HandIn:
    """One student's: what to call it, where it is, and the file that its record goes to."""

    name: str
    path: Path
    result: Path


def find_hand_ins(folder, results):
    """Return the submissions in `folder`, by name, and the names of what is none.

    `results`: the folder of their records. Raises CourseworkError if there are no submissions.
    """
    try:
        entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        why = f"{folder}: {error.strerror}; SUBMISSIONS is a folder with a submission each"
        raise CourseworkError(why) from None
    found = [path for path in entries if path.is_dir() or path.name.lower().endswith(ARCHIVES)]
    if not found:
        why = f"{folder}: no submission in it (a folder, .tar or .zip for each student)"
        raise CourseworkError(why)
    bare = [_without_suffix(path) for path in found]
    names = [path.name if bare.count(name) > 1 else name for path, name in zip(found, bare)]
    hand_ins = [
        HandIn(_readable(name), _only_archive_in(path), results / _file_for(name))
        for path, name in zip(found, names)
    ]
    return hand_ins, [_readable(path.name) for path in entries if path not in found]


def _only_archive_in(path):
    try:
        inside = list(path.iterdir())
    except OSError:  # an archive itself, or a folder that can't be read
        return path
    if len(inside) != 1 or inside[0].is_symlink() or not inside[0].is_file():
        return path
    return inside[0] if inside[0].name.lower().endswith(ARCHIVES) else path


def _without_suffix(path):
    suffixes = [end for end in ARCHIVES if path.name.lower().endswith(end)]
    if path.is_dir() or not suffixes:
        return path.name
    return path.name[: -max(map(len, suffixes))] or path.name


def _readable(name):
    return one_line(os.fsencode(name).decode("utf-8", "replace"))


def _file_for(name):
    if re.fullmatch(r"\w[\w.@+-]{0,99}", name):
        return f"{name}.json"
    plain = re.sub(r"[^\w.@+-]", "_", os.fsencode(name).decode("ascii", "replace"))[:80]
    return f"{plain}-{hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}.json"
