"""Grade on a cluster: one job array of Slurm, an srun for each submission.

The folders (the project, the submissions, the results) must be visible on the nodes.
"""

import os
import re
import shlex
import shutil
import subprocess
import time

from ..errors import CourseworkError

_POLL_S = 1.0
_SCRIPT = """#!/bin/sh
# $1: the number of this array's first task; the folder's task_N.sh is task N.
# srun does not take over the job's processors by itself.
exec srun --ntasks=1 --cpus-per-task="$SLURM_CPUS_PER_TASK" --kill-on-bad-exit=0 \\
  /bin/sh {folder}/task_$(($1 + SLURM_ARRAY_TASK_ID)).sh
"""


class Slurm:
    """Job arrays of Slurm, `jobs` tasks at a time (None: as Slurm likes), `timeout_s` for each."""

    def __init__(self, jobs, timeout_s):
        self._jobs, self._timeout_s = jobs, timeout_s
        self._arrays, self._asked, self._last = [], 0.0, True
        self.how = "by a job array of Slurm (squeue --name=coursework shows it)"

    @staticmethod
    def check():
        """Raise CourseworkError if there is no Slurm to talk to."""
        if not all(map(shutil.which, ("sbatch", "srun", "squeue", "scancel", "scontrol"))):
            raise CourseworkError(
                "Slurm's commands are not here: apt-get install slurm-client,"
                " or leave ENGINE=slurm out"
            )
        _slurm("scontrol", "ping", why="no Slurm controller answers")

    def start(self, tasks, folder):
        """Submit `tasks`, argument lists. `folder`: for scripts and what they print."""
        folder = folder.resolve()
        for number, task in enumerate(tasks):
            (folder / f"task_{number}.sh").write_bytes(
                b"exec " + os.fsencode(shlex.join(task)) + b"\n"
            )
        script = folder / "array.sh"
        script.write_text(_SCRIPT.format(folder=shlex.quote(str(folder))))
        most = _largest_array()
        for first in range(0, len(tasks), most):
            self._arrays.append(self._submit(script, first, min(most, len(tasks) - first)))

    def _submit(self, script, first, number):
        at_once = f"%{self._jobs}" if self._jobs else ""
        # Two processors for each: that is what the labs' speed tests are made for.
        cores = min(2, _cores_of_a_node())
        said = _slurm(
            "sbatch",
            "--parsable",
            f"--array=0-{number - 1}{at_once}",
            "--job-name=coursework",
            f"--cpus-per-task={cores}",
            f"--time={max(1, -(-self._timeout_s // 60))}",
            f"--output={script.parent}/%A_%a.log",
            str(script),
            str(first),
            why="Slurm takes no job array",
        )
        return said.strip().split(";")[0]

    def is_running(self):
        """Whether some of it is still queued or under way; asks Slurm at most once a second."""
        if time.monotonic() - self._asked >= _POLL_S:
            self._asked = time.monotonic()
            asked = subprocess.run(
                ["squeue", "--noheader", "--format=%T", f"--jobs={','.join(self._arrays)}"],
                capture_output=True,
                text=True,
            )
            # A controller that doesn't answer now may do so later. A job it forgot has ended.
            self._last = (
                bool(asked.stdout.strip())
                if asked.returncode == 0
                else "Invalid job id" not in asked.stderr
            )
        return self._last

    def stop(self):
        """Cancel it all, and wait until nothing is under way."""
        if self._arrays:
            subprocess.run(["scancel", *self._arrays], stderr=subprocess.DEVNULL)
        give_up = time.monotonic() + 30
        while self.is_running() and time.monotonic() < give_up:
            time.sleep(0.2)


def _slurm(*command, why):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise CourseworkError(
            f"{why}: {command[0]}: {said[-1] if said else f'exit code {done.returncode}'}"
        )
    return done.stdout


def _largest_array():
    said = re.search(
        r"MaxArraySize\s*=\s*(\d+)",
        _slurm("scontrol", "show", "config", why="no Slurm controller answers"),
    )
    return max(1, int(said[1]) - 1) if said else 1000


def _cores_of_a_node():
    said = subprocess.run(
        ["sinfo", "--noheader", "--format=%c"], capture_output=True, text=True
    ).stdout
    return max([1, *map(int, re.findall(r"\d+", said))])
