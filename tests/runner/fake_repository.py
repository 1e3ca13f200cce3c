"""A checkout in miniature: sections, experiments, and fake executables for the runner to run."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
RUNNER = [sys.executable, "-m", "common.runner"]
SECTION = "1_2_io_cpu"


class FakeRepository:
    """A temporary folder with one section of the given experiments; remove() it in the end."""

    def __init__(self, *experiments, section=SECTION):
        self.root = Path(tempfile.mkdtemp(prefix="two cakes "))
        self.results = self.root / "results" / "here"
        for name in experiments:
            self.add_experiment(section, name)

    def remove(self):
        shutil.rmtree(self.root)

    def add_experiment(self, section, name):
        source = self.root / "experiments" / section / name
        source.mkdir(parents=True)
        (source / "main.cpp").touch()
        program = self.program(name)
        program.parent.mkdir(parents=True, exist_ok=True)
        code = (HERE / "fake_experiment.py").read_text()
        program.write_text(f"#!{sys.executable} -SE\n{code}")
        program.chmod(0o755)

    def program(self, name):
        return self.root / "build" / "release" / "bin" / name

    def behave(self, name, *behaviours):
        """Let `name` do this in its first trial, that in its second...; the last one lasts."""
        Path(f"{self.program(name)}.behaviour").write_text("\n".join(behaviours))

    def calls(self, name):
        """Return the command lines `name` was started with, as lists."""
        path = Path(f"{self.program(name)}.calls")
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    def forget_calls(self):
        for path in self.program("x").parent.glob("*.calls"):
            path.unlink()

    def pids(self, name, count=1):
        """Wait until the fakes have noted `count` pids; return them."""
        path = Path(f"{self.program(name)}.pids")
        return wait_until(lambda: path.exists() and len(path.read_text().split()) >= count and
                          [int(pid) for pid in path.read_text().split()])  # fmt: skip

    def start(self, *arguments, **options):
        """Start the runner; return its Popen."""
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        defaults = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        command = [*RUNNER, *map(str, arguments)]
        return subprocess.Popen(command, cwd=self.root, env=environment, **{**defaults, **options})

    def run(self, *arguments):
        """Run `runner --machine here ...` to its end; return (exit code, stdout, stderr)."""
        with self.start("--machine", "here", *arguments) as process:
            out, error = process.communicate(timeout=60)
        return process.returncode, out, error

    def folder(self, name):
        return self.results / SECTION / name

    def run_json(self, name):
        return json.loads((self.folder(name) / "run.json").read_text())

    def files(self):
        """Return the names of all files below results/here, sorted."""
        return sorted(
            str(path.relative_to(self.results))
            for path in self.results.rglob("*")
            if path.is_file()
        )


def wait_until(condition, seconds=20):
    """Return condition() as soon as it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError("this never came true")


def is_alive(pid):
    """Return whether `pid` runs: a zombie does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
