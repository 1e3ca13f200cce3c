"""Section 1.3 in a container: with one core's worth of CPU time it leaves out what needs two, says why, and ends well."""

import os
import subprocess
import unittest

from tests.experiments.experiment_case import BIN, ROOT, ExperimentCase

NEEDS_TWO = {
    "two_cakes": ("parallel",),
    "preemptive_cooperative": ("threads_futex", "threads_pipe", "processes_futex", "processes_pipe"),
    "granularity": (),
    "million_tasks": (),
}
# A /sys/fs/cgroup of its own, which says what a container with so much CPU time would see.
IN_CONTAINER = ('mount -t tmpfs none /sys/fs/cgroup && echo "{quota} 100000" > /sys/fs/cgroup/cpu.max && '
                'exec "$0" "$@"')


def can_try():
    """Whether this user may have a /sys/fs/cgroup of its own."""
    command = ["unshare", "-m", "sh", "-c", IN_CONTAINER.format(quota=100_000), "true"]
    return subprocess.run(command, capture_output=True).returncode == 0


@unittest.skipUnless(os.geteuid() == 0 and can_try(), "only root may mount a /sys/fs/cgroup to test with")
class Quota(ExperimentCase):
    def run_with(self, quota, *flags):
        return subprocess.run(["unshare", "-m", "sh", "-c", IN_CONTAINER.format(quota=quota),
                               str(BIN / self.experiment), *flags],
                              capture_output=True, text=True, cwd=ROOT, timeout=60)

    def test_one_cores_worth_leaves_out_what_needs_two(self):
        for self.experiment, models in NEEDS_TWO.items():
            with self.subTest(experiment=self.experiment):
                done = self.run_with(100_000, "--smoke", "--benchmark_min_time=0")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                for model in models:
                    self.assertRegex(done.stdout, rf"{model} +skipped: .*may use 1\b")

    def test_granularity_says_that_it_has_one(self):
        self.experiment = "granularity"
        done = self.run_with(150_000, "--updates", "20000", "--benchmark_filter=cores:2", "--benchmark_min_time=0")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("skipped: 2 cores are needed, and this process may use 1", done.stdout)


if __name__ == "__main__":
    unittest.main()
