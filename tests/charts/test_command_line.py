"""How the verbs end: help, the terminal's table, interrupts, full and read-only places."""

import os
import resource
import select
import signal
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from charts_case import ROOT, ChartsCase, start_verb  # noqa: E402
from recorded_results import noisy_trials, write_machine, write_run  # noqa: E402

VERBS = ("verdicts", "compare", "aa", "charts", "report")


class Help(ChartsCase):
    def test_every_verb_explains_itself(self):
        for verb in ((), *((verb,) for verb in VERBS)):
            code, out, err = self.run_verb(*verb, "--help")
            self.assertEqual((code, err), (0, ""))
            self.assertIn("usage: python3 -m common.charts", out)
        for verb in VERBS:
            self.assertIn(verb, self.run_verb("--help")[1])

    def test_wrong_usage_exits_with_2(self):
        for arguments in ((), ("draw",), ("compare", "one"), ("charts", "--colour")):
            self.assertEqual(self.run_verb(*arguments)[0], 2)


class Verdicts(ChartsCase):
    def test_the_table_against_the_baseline(self):
        machine = write_machine(self.folder, jobs=(8, 64))
        code, out, _ = self.run_verb("verdicts", machine, "matrix")
        self.assertEqual(code, 0)
        after = out.split("matrix: work io, jobs 64\n")[1].splitlines()
        line = next(line for line in after if line.strip().startswith("event_loop "))
        self.assertRegex(line, r"ms +\[.*\] +6\d\.\dx +\[.*\] +faster +1\.\d\dx +longest wait$")
        self.assertIn("Holm over 48 comparisons", out)
        self.assertNotIn("listing_1_1", out)
        self.assertIn("listing_1_1", self.run_verb("verdicts", machine)[1])

    def test_a_model_that_did_other_work_is_not_compared(self):
        truth = {"matrix/blocking/work:io": 1.0, "matrix/tbb/work:io": 0.1}
        write_run(self.folder, noisy_trials(truth, fields={"matrix/tbb/work:io": {"units": 3.0}}))
        self.assertIn("unequal work: not compared", self.run_verb("verdicts", self.folder)[1])

    def test_recorded_text_can_not_steer_the_terminal(self):
        truth = {"matrix/blocking/work:io": 1.0, "matrix/\x1b[31mred/work:io": 0.1}
        write_run(self.folder, noisy_trials(truth), {"title": "a\x1b[2Jb", "doubts": "c\x07"})
        code, out, _ = self.run_verb("verdicts", self.folder)
        self.assertEqual(code, 0)
        self.assertNotRegex(out, r"[\x00-\x09\x0b-\x1f]")


class Interrupts(ChartsCase):
    def start_blocked(self):
        """Start a verb that has more to print than a pipe holds, and wait until it has begun."""
        names = [f"matrix/{'m' * 200}{i}/work:io" for i in range(400)]
        write_run(self.folder, noisy_trials({name: 0.1 for name in names}, trials=1))
        process = start_verb("verdicts", self.folder)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        ready, _, _ = select.select([process.stdout], [], [], 60)
        self.assertTrue(ready)
        return process

    def test_signals_end_it_without_a_traceback(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            process = self.start_blocked()
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=60), code)
            self.assertEqual(process.stderr.read(), "")

    def test_a_reader_that_has_seen_enough(self):
        process = self.start_blocked()
        os.read(process.stdout.fileno(), 10)
        process.stdout.close()
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertEqual(process.stderr.read(), "")


class BadPlaces(ChartsCase):
    def setUp(self):
        super().setUp()
        self.machine = write_machine(self.folder / "m", jobs=(8,))

    def assert_one_line(self, process, *words):
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 2, err)
        self.assertEqual(err.count("\n"), 1, err)
        for word in words:
            self.assertIn(word, err)

    def test_a_place_that_can_not_be_written(self):
        (self.folder / "file").write_text("")
        self.assert_refused(["report", self.machine, "--out", self.folder / "file" / "x.html"],
                            "x.html", "can't be written")
        self.assert_refused(["report", self.machine, "--out", "/proc/report.html"],
                            "/proc/report.html", "can't be written")
        (self.machine / "charts").write_text("in the way")
        self.assert_refused(["charts", self.machine], "charts/", "can't be written")

    def test_a_full_place_leaves_the_old_file_and_no_other(self):
        out = self.folder / "report.html"
        out.write_text("old")

        def allow_small_files_only():
            resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

        process = start_verb("report", self.machine, "--out", out,
                             preexec_fn=allow_small_files_only)
        self.assert_one_line(process, "report.html", "can't be written", "space")
        self.assertEqual(out.read_text(), "old")
        self.assertEqual({path.name for path in self.folder.iterdir()}, {"m", "report.html"})

    def test_a_full_standard_output(self):
        with open("/dev/full", "w") as full:
            process = start_verb("verdicts", self.machine, stdout=full)
            self.assert_one_line(process, "No space left", "standard output")

    def test_a_read_only_place(self):
        if os.geteuid() == 0:
            self.skipTest("root may write anywhere")
        os.chmod(self.machine, 0o555)
        self.addCleanup(os.chmod, self.machine, 0o755)
        self.assert_refused(["charts", self.machine], "can't be written")


class House(unittest.TestCase):
    def test_files_and_functions_stay_small(self):
        for path in (ROOT / "common" / "charts").glob("*.py"):
            lines = path.read_text().splitlines()
            self.assertLessEqual(len(lines), 250, path)
            for number, line in enumerate(lines, start=1):
                self.assertLessEqual(len(line), 100, f"{path}:{number}")


if __name__ == "__main__":
    unittest.main()
