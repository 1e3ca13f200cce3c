"""separate_memory, run small: who sees what, and how many pages were copied for it."""

import resource
import unittest

from tests.experiments.experiment_case import BIN
from tests.experiments.limits_case import SANITIZED, LimitsCase, needs_limits

TSAN = "tsan" in str(BIN)
PAGES = 1024


class SeparateMemory(LimitsCase):
    experiment = "separate_memory"

    @classmethod
    def setUpClass(cls):
        cls.smoke = cls().run_experiment("--smoke")
        cls.of = {tuple(name.split("/")[1:3]): row
                  for name, row in zip(cls.smoke.names(), cls.smoke.rows())}

    def test_all_touch_all_pages(self):
        self.assertEqual(self.smoke.exit_code, 0, self.smoke.err)
        self.assertEqual(len(self.of), 6)
        for name, row in self.of.items():
            self.assertNotIn("error_occurred", row, name)
            self.assertEqual(row["units"], PAGES, name)

    def test_the_parent_sees_what_a_thread_wrote_and_what_was_shared_on_purpose(self):
        seen = {who: self.of[who, "does:writes"]["seen_pages"]
                for who in ("threads", "processes", "shared_memory")}
        self.assertEqual(seen, {"threads": PAGES, "processes": 0, "shared_memory": PAGES})

    def test_a_child_faults_once_for_each_page_that_it_writes_to_and_for_none_that_it_reads(self):
        self.assertGreaterEqual(self.of["processes", "does:writes"]["page_faults"], PAGES)
        self.assertLess(self.of["processes", "does:reads"]["page_faults"], PAGES / 8)

    @unittest.skipIf(TSAN, "not known under ThreadSanitizer")
    def test_only_what_a_child_writes_to_its_own_memory_is_copied(self):
        for name, row in self.of.items():
            expected = PAGES if name == ("processes", "does:writes") else 0
            self.assertLess(abs(row["copied_pages"] - expected), PAGES / 8, name)

    def test_one_core_is_enough(self):
        self.assert_ends_well(self.run_on_one_core())

    def test_help_and_bad_input(self):
        self.assertIn("--pages", self.run_experiment("--help").out)
        self.assert_refused(self.run_experiment("--pages", "some"), "--pages")

    @unittest.skipIf(SANITIZED, "the sanitizers take more address space than a limit may allow")
    def test_memory_that_can_not_be_had_is_skipped(self):
        def little():
            resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))

        outcome = self.run_experiment("--pages", "1000000", preexec_fn=little)
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        for row in outcome.rows():
            self.assertRegex(row["error_message"], "^skipped: mmap of 1000000 pages")

    @needs_limits
    def test_too_few_processes_are_skipped_with_the_limit(self):
        done = self.run_with_processes(2, 61_405)  # the program and its meter
        self.assert_ends_well(done)
        self.assertEqual(done.stdout.count("RLIMIT_NPROC"), 6, done.stdout)


if __name__ == "__main__":
    unittest.main()
