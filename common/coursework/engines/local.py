"""Grade on this machine, several submissions at once, by GNU parallel."""

import ctypes
import os
import shlex
import shutil
import signal
import subprocess

from ..errors import CourseworkError

_PR_SET_PDEATHSIG = 1


class Local:
    """One run of GNU parallel, `jobs` submissions at the same time, `timeout_s` for each."""

    def __init__(self, jobs, timeout_s):
        self._timeout_s = timeout_s
        # A submission may use two cores: more at once would disturb each other's speed tests.
        self._jobs = jobs or max(1, len(os.sched_getaffinity(0)) // 2)
        self._process = None
        self.how = f"{self._jobs} at a time, by GNU parallel"

    @staticmethod
    def check():
        """Raise CourseworkError if GNU parallel is not here."""
        program = shutil.which("parallel")
        said = (
            subprocess.run([program, "--version"], capture_output=True, text=True)
            if program
            else None
        )
        if not said or "GNU parallel" not in said.stdout:
            raise CourseworkError(
                "GNU parallel is not here (moreutils' parallel is another program):"
                " apt-get install parallel"
            )

    def start(self, tasks, folder):
        """Begin `tasks`, argument lists, in a session of its own: Ctrl-C is the caller's.

        `folder`: for what it needs on disk.
        """
        command = ["parallel", "--plain", "--will-cite", "--null", f"--jobs={self._jobs}"]
        command += ["--halt=never", f"--timeout={self._timeout_s}", "--termseq=TERM,5000,KILL,100"]
        here = {"PARALLEL_HOME": str(folder), "PARALLEL_SHELL": "/bin/sh"}
        with (folder / "parallel.log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=os.environ | here,
                start_new_session=True,
                preexec_fn=_end_with_the_caller,
            )
        self._process.stdin.write(b"\0".join(os.fsencode(shlex.join(task)) for task in tasks))
        self._process.stdin.close()

    def is_running(self):
        """Whether some of it is still under way; doesn't block."""
        return self._process.poll() is None

    def stop(self):
        """End it all now, and wait for that."""
        for number in (
            signal.SIGTERM,
            signal.SIGTERM,
            signal.SIGKILL,
        ):  # the second means: don't wait for jobs
            if self._process.poll() is None:
                self._process.send_signal(number)
                try:
                    self._process.wait(0.2 if number == signal.SIGTERM else None)
                except subprocess.TimeoutExpired:
                    continue


def _end_with_the_caller():
    """Where the caller is killed: begin nothing new, as SIGTERM asks of GNU parallel."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
