"""What this machine lacks: packages, a compiler that is new enough, Python's modules."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from common.setup.finding import Finding

HERE = Path(__file__).parent
OLDEST_COMPILER = {"g++": 12, "clang": 16}
OLDEST_CMAKE = (3, 22)


def run(*command):
    """Return what `command` prints, or None where it is missing or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def lacks_of(root="/", run=run, compiler="c++"):
    """Return the Findings about what must be installed."""
    installed = _installed(Path(root))
    return [
        _packages(installed),
        _compiler(run, compiler),
        _cmake(run),
        _python(run),
    ]


def _installed(root):
    """Return the names of dpkg's installed packages; None on a system without dpkg."""
    try:
        status = (root / "var/lib/dpkg/status").read_text(errors="replace")
    except OSError:
        return None
    found = re.findall(r"^Package: (\S+)\nStatus: \S+ \S+ installed$", status, re.MULTILINE)
    return set(found)


def needs():
    """Return packages.txt as a list of lists: each need, with its alternatives."""
    lines = (HERE / "packages.txt").read_text().splitlines()
    lines = [line.partition(",")[0] for line in lines if line and not line.startswith("#")]
    return [[name.strip() for name in line.split("|")] for line in lines]


def _packages(installed):
    if installed is None:
        return Finding(
            "doubt", "packages", "this is no Debian-like system: can't be checked",
            "install by hand what common/setup/packages.txt names; make ... SKIP_SETUP=1",
        )  # fmt: skip
    missing = [" | ".join(need) for need in needs() if not installed.intersection(need)]
    if missing:
        return Finding("lacks", "packages", ", ".join(missing), "make setup")
    return Finding("ok", "packages", f"all {len(needs())} are installed")


def _compiler(run, compiler):
    text = run(compiler, "--version")
    if text is None:
        return Finding("lacks", "compiler", f"{compiler} is missing", "make setup")
    kind = "clang" if "clang" in text else "g++"
    version = run(compiler, "-dumpversion") or "0"
    if int(version.split(".")[0]) < OLDEST_COMPILER[kind]:
        return Finding(
            "lacks", "compiler", f"{kind} {version} is too old for C++20",
            "install g++-12 and point CXX at it: CXX=g++-12 make clean build",
        )  # fmt: skip
    return Finding("ok", "compiler", f"{kind} {version}")


def _cmake(run):
    found = re.search(r"version (\d+)\.(\d+)(\.\d+)?", run("cmake", "--version") or "")
    wanted = "{}.{}".format(*OLDEST_CMAKE)
    if not found:
        return Finding("lacks", "cmake", "is missing", "make setup")
    if (int(found.group(1)), int(found.group(2))) < OLDEST_CMAKE:
        return Finding(
            "lacks", "cmake", f"{found.group()} is too old", f"install CMake {wanted} or newer"
        )
    return Finding("ok", "cmake", found.group())


def _python(run):
    path = run(str(HERE / "find_python.sh"))
    if path is None:
        return Finding(
            "lacks", "Python modules", "no python3 has numpy, scipy, pandas and matplotlib",
            "make setup, or PYTHON=/path/to/python3 make ...",
        )  # fmt: skip
    return Finding("ok", "Python modules", f"{path} has them all")
