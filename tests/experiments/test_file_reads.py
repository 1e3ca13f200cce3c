"""file_reads, run small: epoll's refusal is shown, everybody else reads what was written, nothing is left behind."""

import os
import tempfile
import unittest
from pathlib import Path

from tests.experiments.experiment_case import BIN, ExperimentCase

READING = {"blocking", "poll", "thread_pool", "io_uring"}


class FileReads(ExperimentCase):
    experiment = "file_reads"

    def test_epoll_refuses_and_the_others_read_every_block(self):
        outcome = self.run_experiment("--smoke", "--benchmark_min_time=0")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual(outcome.models(), READING | {"epoll"})
        for row in outcome.rows():
            model = row["name"].split("/")[1]
            message = row.get("error_message", "")
            if model == "epoll" and "skipped: cold" not in message:
                self.assertRegex(message, r"^skipped: epoll_ctl descriptor \d+: Operation not permitted \(EPERM\)")
            elif message:
                self.assertRegex(message, r"^skipped: (cold|io_uring): ")
            else:
                self.assertEqual(row["units"], 40, model)
                self.assertGreater(row["block_s"], 0, model)

    @unittest.skipUnless(os.path.ismount("/dev/shm") and os.access("/dev/shm", os.W_OK), "no tmpfs")
    def test_where_nothing_gets_cold_it_is_skipped_with_the_reason(self):
        outcome = self.run_experiment("--smoke", "--folder", "/dev/shm")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        for row in outcome.rows():
            if "cache:cold" in row["name"]:
                self.assertRegex(row["error_message"], r"^skipped: cold: .*tmpfs.*--folder than /dev/shm")

    def test_no_file_is_left_behind(self):
        with tempfile.TemporaryDirectory(dir=BIN) as folder:
            outcome = self.run_experiment("--smoke", "--folder", folder)
            self.assertEqual(outcome.exit_code, 0, outcome.err)
            self.assertEqual(list(Path(folder).iterdir()), [])

    def test_bad_input(self):
        with tempfile.TemporaryDirectory() as folder:
            gone = f"{folder}/gone"
            self.assert_refused(self.run_experiment("--folder", gone), "--folder", gone)
        self.assert_refused(self.run_experiment("--blocks", "none"), "--blocks")
        self.assert_refused(self.run_experiment("--pool-threads", "0"), "--pool-threads")


if __name__ == "__main__":
    unittest.main()
