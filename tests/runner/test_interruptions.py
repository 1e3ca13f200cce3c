"""Ctrl-C, SIGTERM, kill -9, a second runner, a full disk: nothing is lost and nothing is left."""

import os
import pty
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from fake_repository import REPOSITORY, RUNNER, FakeRepository, is_alive, wait_until

HERE_TOO = ("--machine", "here")


class InterruptionTest(unittest.TestCase):
    def setUp(self):
        self.repository = FakeRepository("alpha")
        self.addCleanup(self.repository.remove)
        self.behave = self.repository.behave

    def interrupt(self, number, *arguments):
        """Start a run whose last behaviour hangs, send the signal; return (code, stderr)."""
        with self.repository.start(*HERE_TOO, "1.2", "--trials", 8, *arguments) as process:
            pid = self.repository.pids("alpha")[0]
            process.send_signal(number)
            error = process.communicate(timeout=20)[1]
        self.assertFalse(is_alive(pid))
        self.assertNotIn("Traceback", error)
        return process.returncode, error

    def test_ctrl_c_keeps_the_finished_trials_and_drops_the_one_in_flight(self):
        self.behave("alpha", "good", "good", "hangs")
        code, error = self.interrupt(signal.SIGINT)
        self.assertEqual(code, 130)
        run = self.repository.run_json("alpha")
        self.assertEqual((run["complete"], run["reason"]), (False, "interrupted by SIGINT"))
        self.assertEqual(len(run["trials"]), 2)
        names = ["run.json", "trial_00.json", "trial_01.json"]
        wanted = [*(f"1_2_io_cpu/alpha/{name}" for name in names), "machine.json"]
        self.assertEqual(self.repository.files(), wanted)
        self.assertIn("alpha: 2 of 8 trials recorded in", error)

    def test_sigterm_is_143_and_sighup_129(self):
        for number, code in ((signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            self.behave("alpha", "hangs")
            self.assertEqual(self.interrupt(number)[0], code)
            self.assertEqual(self.repository.files(), [])
            Path(f"{self.repository.program('alpha')}.pids").unlink()

    def test_an_earlier_complete_run_stays_and_the_new_trials_are_kept_beside_it(self):
        self.repository.run("1.2", "--trials", 3)
        earlier = self.repository.run_json("alpha")
        self.behave("alpha", "good", "hangs")
        _, error = self.interrupt(signal.SIGINT)
        self.assertEqual(self.repository.run_json("alpha"), earlier)
        aside = self.repository.run_json("alpha.interrupted")
        self.assertEqual((len(aside["trials"]), aside["complete"]), (1, False))
        self.assertIn("alpha.interrupted; the earlier run stays in", error)
        self.assertFalse(self.repository.folder("alpha.running").exists())

    def test_one_that_ignores_sigterm_is_killed(self):
        self.behave("alpha", "ignores_sigterm")
        self.assertEqual(self.interrupt(signal.SIGTERM)[0], 143)

    def test_what_a_killed_runner_leaves_is_settled_by_the_next_one(self):
        self.behave("alpha", "good", "good", "hangs")
        with self.repository.start(*HERE_TOO, "1.2") as process:
            pid = self.repository.pids("alpha")[0]
            process.kill()
        wait_until(lambda: not is_alive(pid))  # it dies with the runner
        self.assertTrue(self.repository.folder("alpha.running").exists())
        self.repository.add_experiment("1_2_io_cpu", "beta")
        code, _, error = self.repository.run("1.2", "--only", "beta", "--trials", 1)
        self.assertEqual(code, 0)
        self.assertIn("a killed run's finished trials are now in", error)
        run = self.repository.run_json("alpha")
        self.assertEqual((len(run["trials"]), run["reason"]), (2, "the runner was killed"))
        left = [name for name in self.repository.files() if ".part" in name or ".running" in name]
        self.assertEqual(left, [])

    def test_a_second_runner_refuses_with_the_firsts_pid(self):
        self.behave("alpha", "hangs")
        with self.repository.start(*HERE_TOO, "1.2") as first:
            self.repository.pids("alpha")
            code, _, error = self.repository.run("1.2")
            first.send_signal(signal.SIGINT)
            first.communicate(timeout=20)
        self.assertEqual(code, 2)
        self.assertIn(f"another runner (pid {first.pid}) records to", error)
        self.assertEqual(len(error.splitlines()), 1)

    def test_on_a_terminal_one_line_is_updated(self):
        terminal, its_end = pty.openpty()
        self.behave("alpha", "good")
        with self.repository.start(*HERE_TOO, "1.2", "--trials", 2, stderr=its_end) as process:
            os.close(its_end)
            process.communicate(timeout=20)
        shown = os.read(terminal, 65536).decode()
        os.close(terminal)
        self.assertIn("\r1.2: trial 2/2  alpha  0:00 elapsed, about 0:00 left", shown)
        self.assertNotIn("\n", shown)


class NoRoomTest(unittest.TestCase):
    def setUp(self):
        self.repository = FakeRepository("alpha")
        self.addCleanup(self.repository.remove)

    def refuse(self, *arguments):
        code, _, error = self.repository.run("1.2", "--trials", 2, *arguments)
        self.assertEqual((code, len(error.splitlines())), (2, 1), error)
        self.assertIn("choose another folder", error)
        return error

    def test_a_file_in_place_of_the_results_folder(self):
        (self.repository.root / "results").touch()
        self.assertIn("Not a directory", self.refuse())

    def test_a_folder_that_nobody_may_write_to(self):
        self.refuse("--results", "/proc/here")

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("unshare"), "needs root for a mount")
    def test_a_full_disk_costs_the_trial_in_flight_and_no_other(self):
        self.repository.behave("alpha", "good", "fills_the_disk")
        results = self.repository.results
        results.mkdir(parents=True)
        script = """mount -t tmpfs -o size=96k none results/here || exit 77
            "$@"; code=$?; mkdir saved && cp -r results/here/. saved; exit $code"""
        command = ["unshare", "-m", "sh", "-c", script, "sh", *RUNNER, *HERE_TOO, "1.2"]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        done = subprocess.run(command, cwd=self.repository.root, env=environment, text=True,
                              capture_output=True, timeout=60)  # fmt: skip
        if "mount" in done.stderr or "unshare" in done.stderr:
            self.skipTest(done.stderr)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("No space left on device; make room there", done.stderr.splitlines()[-1])
        self.assertNotIn("Traceback", done.stderr)
        saved = self.repository.root / "saved"
        files = sorted(str(p.relative_to(saved)) for p in saved.rglob("*") if p.is_file())
        names = ["run.json", "trial_00.json"]
        self.assertEqual(files, [*(f"1_2_io_cpu/alpha/{n}" for n in names), "machine.json"])


if __name__ == "__main__":
    unittest.main()
