"""What every experiment of 1.4 must bear: one core, a quota of CPU time, and no more processes or threads."""

import os
import resource
import shutil
import subprocess
import tempfile
import unittest

from tests.experiments.experiment_case import BIN, ROOT, ExperimentCase

SANITIZED = any(flavour in str(BIN) for flavour in ("asan", "tsan"))
needs_limits = unittest.skipIf(
    os.geteuid() != 0 or SANITIZED,
    "needs root, to become a user whom the limit holds; the sanitizers' own threads count against it")


class LimitsCase(ExperimentCase):
    """A test of one experiment on machines with less than ours."""

    programs_beside = ()

    def run_on_one_core(self):
        """Its smoke run, bound to the first core that we may use."""
        core = min(os.sched_getaffinity(0))
        return subprocess.run(["taskset", "-c", str(core), *self.command("--smoke")], capture_output=True,
                              text=True, cwd=ROOT, timeout=60)

    def run_with_processes(self, most, user, *flags):
        """Its smoke run where `most` threads and processes may be, as `user`: root isn't held to the limit."""
        def few():
            resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
            os.setgid(user)
            os.setuid(user)

        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            for name in (self.experiment, *self.programs_beside):
                shutil.copy(BIN / name, folder)
            return subprocess.run([f"{folder}/{self.experiment}", "--smoke", *flags], capture_output=True,
                                  text=True, preexec_fn=few, timeout=60, cwd="/")

    def assert_ends_well(self, done):
        self.assertEqual((done.returncode, done.stderr), (0, ""))
