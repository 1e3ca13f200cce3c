"""The corpus of cheats: each is graded as a student's submission, and must be credited nothing.

    python3 -m tests.coursework.cheats [NAME...] [--jobs N]

Prints a table; exit code 1 if one is credited a point, or leaves a process, a file or a changed
result behind. A cheat is a file of cheats/, whose head names the attack and what holds it, or is
made below, where a source file can't hold it.
"""

import argparse
import hashlib
import io
import os
import re
import socket
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from common.coursework.build import solution_sources
from common.coursework.grade import grade
from common.coursework.lab import read_lab
from common.coursework.launch import adopt_orphans
from common.coursework.processes import below
from common.coursework.result import Grade

FOLDER = Path(__file__).parent / "cheats"
LAB = read_lab(Path(__file__).parent / "tiny")
LIMITS = {"wall_s": 3, "cpu_s": 2, "memory_mib": 256, "processes": 32, "output_kib": 64, "disk_mib": 8}


@dataclass(frozen=True)
class Cheat:
    """`make(folder, world)` returns the submission, made in `folder`."""

    name: str
    attack: str
    guard: str
    make: Callable[[Path, "World"], Path]
    may: tuple[str, ...] = ()
    ends: str = ""  # what its problem begins with, where that is not a matter of course


class World:
    """What a cheat could reach for: a result, the lab, a port that listens here, processes of ours."""

    def __init__(self, folder: Path) -> None:
        self.canary = folder / "results.json"
        self.canary.write_text('{"score": 0}\n')
        self.canary.chmod(0o666)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self.port = self._listener.getsockname()[1]
        self._lab = self._digest()
        self._processes = set(below(os.getpid()))
        self._temporary = self._leftovers()

    def harm(self) -> list[str]:
        """Return what has changed since, in words."""
        harm = []
        if self.canary.read_text() != '{"score": 0}\n':
            harm.append("a result was overwritten")
        if self._digest() != self._lab:
            harm.append("the lab was changed")
        if left := set(below(os.getpid())) - self._processes:
            harm.append(f"{len(left)} processes are left")
        if left_files := self._leftovers() - self._temporary:
            harm.append(f"files are left: {', '.join(sorted(left_files))}")
        try:
            self._listener.accept()
            harm.append("somebody connected out")
        except BlockingIOError:
            pass
        return harm

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    @staticmethod
    def _digest() -> str:
        files = sorted(path for path in LAB.folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
        return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()

    @staticmethod
    def _leftovers() -> set[str]:
        """Folders of runs and gradings: all are made where `tempfile` says, which is ours alone here."""
        return {path.name for path in Path(tempfile.gettempdir()).iterdir()}


def from_file(path: Path) -> Cheat:
    """Return the cheat that a file of the corpus holds."""
    text = path.read_text(encoding="utf-8")
    head = dict(re.findall(r"^// (Attack|Guard|May|Ends)\s+(.*)$", text, re.MULTILINE))

    def make(folder: Path, world: World) -> Path:
        filled = text.replace("@LAB@", str(LAB.folder)).replace("@CANARY@", str(world.canary)).replace("@PORT@", str(world.port))
        (folder / "adder.cpp").write_text(filled, encoding="utf-8")
        return folder

    return Cheat(path.stem, head["Attack"], head["Guard"], make, tuple(head.get("May", "").split()), head.get("Ends", ""))


WRONG = '#include "adder.hpp"\nlong add(long, long) { return 0; }\nint read_byte(int) { return -1; }\n'


def replaced_build_files(folder: Path, world: World) -> Path:
    """Every file that a careless grader would take from the submission."""
    solution = solution_sources(LAB).files["adder.cpp"].decode()
    header = "#pragma once\ninline long add(long left, long right) { return left + right; }\nint read_byte(int fd);\n"
    for name, text in {
        "adder.cpp": WRONG, "adder.hpp": header, "CMakeLists.txt": "message(FATAL_ERROR pwned)\n", "Makefile": "all:\n\techo PASSED\n",
        "cases.py": "CASES = []\n", "probes.cpp": "int main() { return 0; }\n", "lab.toml": 'title = "Mine"\nmay = ["exit"]\n',
        "probe.cpp": "int main() { return 0; }\n", "adder.o": "", "coursework/judge.py": "print('passed')\n", "tiny/solution.cpp": solution,
        "sitecustomize.py": f"open({str(world.canary)!r}, 'w').write('pwned')\n", "g++": "#!/bin/sh\necho pwned\n",
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


def symlink_to_the_solution(folder: Path, _: World) -> Path:
    (folder / "adder.cpp").symlink_to(LAB.folder / "adder.cpp")
    return folder


def hard_link_to_the_solution(folder: Path, _: World) -> Path:
    (folder / "solution").write_bytes(solution_sources(LAB).files["adder.cpp"])
    os.link(folder / "solution", folder / "adder.cpp")
    return folder


def folder_link(folder: Path, _: World) -> Path:
    (folder / "mine").symlink_to(LAB.folder, target_is_directory=True)
    return folder


def _tar(folder: Path, *entries: tarfile.TarInfo | tuple[str, bytes]) -> Path:
    with tarfile.open(folder / "mine.tar", "w") as archive:
        for entry in entries:
            info = entry if isinstance(entry, tarfile.TarInfo) else tarfile.TarInfo(entry[0])
            content = b"" if isinstance(entry, tarfile.TarInfo) else entry[1]
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return folder / "mine.tar"


def archive_that_leads_out(folder: Path, world: World) -> Path:
    away = os.path.relpath(world.canary, folder)
    return _tar(folder, (away, b"pwned"), ("adder.cpp", WRONG.encode()))


def archive_with_an_absolute_path(folder: Path, world: World) -> Path:
    return _tar(folder, (str(world.canary), b"pwned"), ("adder.cpp", WRONG.encode()))


def archive_with_a_link(folder: Path, _: World) -> Path:
    link = tarfile.TarInfo("adder.cpp")
    link.type, link.linkname = tarfile.SYMTYPE, str(LAB.folder / "adder.cpp")
    return _tar(folder, link)


def archive_through_a_link(folder: Path, world: World) -> Path:
    link = tarfile.TarInfo("out")
    link.type, link.linkname = tarfile.SYMTYPE, str(world.canary.parent)
    return _tar(folder, link, ("out/results.json", b"pwned"), ("adder.cpp", WRONG.encode()))


MADE = [
    Cheat("replaced_build_files", "brings its own header, tests, CMake and Make files", "only the lab's files are taken", replaced_build_files),
    Cheat("symlink_to_the_solution", "hands in a symbolic link to the solution", "links are refused", symlink_to_the_solution),
    Cheat("hard_link_to_the_solution", "hands in a hard link to the solution", "links are refused", hard_link_to_the_solution),
    Cheat("folder_link", "hands in a link to the lab's own folder", "links are not followed", folder_link),
    Cheat("archive_that_leads_out", "an archive with .. in a name", "archives are never unpacked", archive_that_leads_out),
    Cheat("archive_with_an_absolute_path", "an archive with an absolute path", "archives are never unpacked", archive_with_an_absolute_path),
    Cheat("archive_with_a_link", "an archive with a link to the solution", "links are refused", archive_with_a_link),
    Cheat("archive_through_a_link", "an archive that writes through its own link", "links are refused", archive_through_a_link),
]  # fmt: skip


def corpus() -> list[Cheat]:
    """Return all cheats, by name."""
    return sorted([*map(from_file, FOLDER.glob("*.cpp")), *MADE], key=lambda cheat: cheat.name)


def graded(cheat: Cheat, world: World) -> Grade:
    """Return the grade of one cheat, with the hidden tests."""
    lab = replace(LAB, limits=LIMITS, may=cheat.may)
    with tempfile.TemporaryDirectory(prefix="cheat_") as folder:
        return grade(lab, cheat.make(Path(folder), world), hidden=True)


def what_held(result: Grade) -> str:
    """Return in a few words how it ended."""
    if result.problem:
        return result.problem.splitlines()[0]
    return ", ".join(dict.fromkeys(case.verdict for case in result.cases))


def is_held(cheat: Cheat, result: Grade) -> bool:
    """Return whether it got no point, by a decision of the grader's: neither because that broke down
    nor because of a slip in the cheat, which then would try nothing."""
    slipped = result.problem.startswith("does not compile") and cheat.ends != "does not compile"
    return result.score == 0 and not slipped and not result.problem.startswith("internal error")


@contextmanager
def own_temporary_folder(folder: Path) -> Iterator[None]:
    """Have all temporary files made below `folder`, where what is left can be told."""
    folder.chmod(0o711)
    before, below_it = tempfile.tempdir, folder / "temporary"
    below_it.mkdir()
    below_it.chmod(0o711)
    tempfile.tempdir = str(below_it)
    try:
        yield
    finally:
        tempfile.tempdir = before


def main() -> int:
    """Grade the corpus and print a line for each; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.coursework.cheats", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="some of the cheats; all if none is given")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once (2)")
    options = parser.parse_args()
    chosen = [cheat for cheat in corpus() if not options.names or cheat.name in options.names]
    if unknown := set(options.names) - {cheat.name for cheat in chosen}:
        parser.error(f"no cheat is called {', '.join(sorted(unknown))}")
    adopt_orphans()  # whoever is left behind becomes ours
    bad = 0
    with tempfile.TemporaryDirectory(prefix="cheats_") as folder, own_temporary_folder(Path(folder)):
        world = World(Path(folder))
        with ThreadPoolExecutor(options.jobs) as pool:
            for cheat, result in zip(chosen, pool.map(lambda each: graded(each, world), chosen), strict=True):
                held = is_held(cheat, result)
                bad += not held
                print(f"{'held' if held else 'GOT THROUGH':<12}{result.score:>4g}  {cheat.name:<30}  {what_held(result)[:110]}", flush=True)
        harm = world.harm()
        world.close()
    for line in harm:
        print(f"HARM        {line}")
    print(f"{len(chosen)} cheats, {len(chosen) - bad} credited 0" + ("" if harm else ", nothing left behind"))
    return 1 if bad or harm else 0


if __name__ == "__main__":
    sys.exit(main())
