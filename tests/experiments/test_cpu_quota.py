"""The experiments of 1.4 in a container with a quota of CPU time: they end well, and the record says so."""

import json
import os
import subprocess
import tempfile
import unittest
from contextlib import contextmanager
from pathlib import Path

from tests.experiments.experiment_case import BIN, ROOT

EXPERIMENTS = ("hello", "birth_cost", "crash", "ipc", "separate_memory")
PERIOD_US = 100_000
QUOTA_US = 50_000
GROUPS = Path("/sys/fs/cgroup")


@contextmanager
def cpu_group():
    """A control group of our own with half a core, and the file that a process joins it by; removed at the end."""
    version_1 = (GROUPS / "cpu").is_dir()
    group = (GROUPS / "cpu" if version_1 else GROUPS) / f"two_cakes_test_{os.getpid()}"
    try:
        group.mkdir()
    except OSError as error:
        raise unittest.SkipTest(f"no control group can be made: {error}") from error
    try:
        if version_1:
            (group / "cpu.cfs_period_us").write_text(f"{PERIOD_US}")
            (group / "cpu.cfs_quota_us").write_text(f"{QUOTA_US}")
        else:
            (group / "cpu.max").write_text(f"{QUOTA_US} {PERIOD_US}")
        yield group / "cgroup.procs"
    except OSError as error:
        raise unittest.SkipTest(f"no quota can be set: {error}") from error
    finally:
        group.rmdir()


class CpuQuota(unittest.TestCase):
    def test_half_a_core_is_enough(self):
        for name in EXPERIMENTS:
            with self.subTest(name), cpu_group() as members, tempfile.TemporaryDirectory() as folder:
                out = Path(folder, "out.json")
                done = subprocess.run([BIN / name, "--smoke", f"--benchmark_out={out}"], capture_output=True, text=True,
                                      cwd=ROOT, timeout=100,
                                      preexec_fn=lambda: members.write_text(str(os.getpid())))
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertTrue(all("units" in row or row["error_message"].startswith("skipped: ")
                                    for row in json.loads(out.read_text())["benchmarks"]))


if __name__ == "__main__":
    unittest.main()
