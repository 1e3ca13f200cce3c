"""Programs that run once and print `name=number` words: the fan-out's clients and the measurements of tasks."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.peers.servers import HERE, Failed, Missing, needed, python


@dataclass(frozen=True)
class Program:
    """One of the programs of a part. source: of a Python or Go program; built ones have none."""

    name: str
    ours: bool = False
    package: str = ""
    source: str = ""

    def command(self, binaries: Path, part: str) -> list[str]:
        """How to start it. Raises Missing or Failed."""
        if self.source.endswith(".py"):
            return [python(), str(HERE / part / self.source)]
        if self.source.endswith(".go"):
            return [str(build_go(HERE / part / self.source, binaries / f"peer_{part}_{self.name}"))]
        return [str(needed(binaries / f"peer_{part}_{self.name}", self.package))]


def build_go(source: Path, program: Path) -> Path:
    """Build a Go program, where there is a Go and it was not built since."""
    if not shutil.which("go"):
        raise Missing("needs Go, which is not installed")
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        done = subprocess.run(["go", "build", "-o", str(program), str(source)], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"go build {source.name}: {done.stderr.strip()}")
    return program
