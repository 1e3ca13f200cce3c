"""readiness_backends, run small: who is told what, FD_SETSIZE shown and not crashed into, limits named."""

import resource
import unittest

from tests.experiments.experiment_case import BIN, ExperimentCase

SCANNING = {"select", "poll"}
EVERYWHERE = {"bare_epoll_wait", "select", "poll", "epoll", "epoll_edge"}
OPTIONAL = {"kqueue", "io_uring"}


class ReadinessBackends(ExperimentCase):
    experiment = "readiness_backends"

    def skipped(self, outcome):
        return {row["name"].split("/")[1]: row["error_message"] for row in outcome.rows()
                if row.get("error_occurred")}

    def test_every_wait_brings_the_ready_one_and_all_do_equal_work(self):
        outcome = self.run_experiment("--smoke")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual(outcome.models(), EVERYWHERE | OPTIONAL)
        for count in (10, 100):
            rows = [row for row in outcome.rows() if f"descriptors:{count}/" in row["name"]
                    and not row.get("error_occurred")]
            self.assertGreaterEqual(len(rows), len(EVERYWHERE))
            self.assertEqual({row["units"] for row in rows}, {1000})
            self.assertTrue(all(row["wait_s"] > 0 for row in rows))

    def test_a_backend_that_is_not_here_is_skipped_with_the_reason(self):
        skipped = self.skipped(self.run_experiment("--smoke"))
        self.assertLessEqual(set(skipped), OPTIONAL)
        for model, reason in skipped.items():
            self.assertRegex(reason, rf"^skipped: {model}: ")

    def test_select_ends_at_fd_setsize_and_the_others_go_on(self):
        outcome = self.run_experiment("--descriptors", "1100", "--benchmark_min_time=0")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        skipped = self.skipped(outcome)
        self.assertRegex(skipped["select"], r"^skipped: select descriptor 1024: .*FD_SETSIZE \(1024\)")
        self.assertFalse(set(skipped) & (EVERYWHERE - {"select"}))

    def test_what_the_limit_forbids_is_said(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))

        outcome = self.run_experiment("--descriptors", "100,500", "--benchmark_min_time=0", preexec_fn=few)
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        for row in outcome.rows():
            if "descriptors:500/" in row["name"]:
                self.assertRegex(row["error_message"], r"^skipped: 500 descriptors .*RLIMIT_NOFILE, 256.*ulimit -n")
            elif row["name"].split("/")[1] in EVERYWHERE:
                self.assertNotIn("error_occurred", row, row["name"])

    def test_bad_input(self):
        self.assertTrue((BIN / self.experiment).exists())
        for text in ("many", "0", "10,,20", "10,-1", "2000000", "1.5"):
            with self.subTest(text=text):
                self.assert_refused(self.run_experiment("--descriptors", text), "--descriptors")


if __name__ == "__main__":
    unittest.main()
