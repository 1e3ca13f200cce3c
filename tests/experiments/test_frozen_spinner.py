"""frozen_spinner, run small: its answers, who freezes and who doesn't, and what --watch shows."""

import os
import pty
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import unittest

from tests.experiments import fault_servers
from tests.experiments.experiment_case import BIN, ROOT, ExperimentCase, children_of, is_alive

MODELS = {"blocking", "threads", "processes", "coroutines", "event_loop_pool"}
FROZEN = {("blocking", "request"), ("blocking", "computation"), ("coroutines", "computation")}
# Long against a tick, so that a busy machine can't make a model that turns look frozen.
LONG = ("--smoke", "--operation-ms", "200", "--tick-ms", "10")


def place(row):
    """The (model, operation) of a row."""
    return tuple(re.match(r"frozen_spinner/(\w+)/operation:(\w+)", row["name"]).groups())


class FrozenSpinner(ExperimentCase):
    experiment = "frozen_spinner"

    @classmethod
    def setUpClass(cls):
        cls.long = cls().run_experiment(*LONG)

    def test_every_model_does_both_operations(self):
        self.assertEqual(self.long.exit_code, 0, self.long.err)
        expected = {(model, operation) for model in MODELS for operation in ("request", "computation")}
        self.assertEqual({place(row) for row in self.long.rows()}, expected)
        for row in self.long.rows():
            self.assertNotIn("error_occurred", row)
            self.assertEqual(row["units"], 1, row["name"])
            self.assertAlmostEqual(row["max_gap_ms"], row["max_gap_s"] * 1000, places=6)

    def test_in_place_no_tick_comes_and_elsewhere_ticks_do(self):
        for row in self.long.rows():
            with self.subTest(row=row["name"]):
                if place(row) in FROZEN:
                    self.assertEqual(row["ticks_meanwhile"], 0)
                    self.assertGreater(row["ticks_lost"], 0)
                else:
                    self.assertGreater(row["ticks_meanwhile"], 0)

    def test_a_request_freezes_in_place_for_all_its_length(self):
        # The server answers no sooner than asked, so this holds on any machine.
        rows = {place(row): row for row in self.long.rows()}
        self.assertGreaterEqual(rows["blocking", "request"]["max_gap_ms"], 200)

    def test_one_core_is_enough(self):
        command = ["taskset", "-c", "0", *self.command("--smoke")]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_target_that_breaks_fails_the_requests_alone(self):
        with fault_servers.serving(fault_servers.answer_500) as target:
            outcome = self.run_experiment("--smoke", "--target", target)
        self.assertEqual(outcome.exit_code, 1)
        self.assert_one_line(outcome, "5 series failed", "status 500")
        failed = {place(row)[1] for row in outcome.rows() if row.get("error_occurred")}
        self.assertEqual(failed, {"request"})

    def test_a_target_that_never_answers_ends_by_the_deadline(self):
        with fault_servers.serving(fault_servers.never) as target:
            outcome = self.run_experiment("--smoke", "--target", target, "--deadline-ms", "200",
                                          "--benchmark_filter=request")
        self.assertEqual(outcome.exit_code, 1)
        self.assert_one_line(outcome, "5 series failed")

    @unittest.skipIf(os.geteuid() != 0, "needs root, to become a user with a limit")
    @unittest.skipIf("asan" in str(BIN) or "tsan" in str(BIN), "the sanitizers' own threads count")
    def test_no_room_for_a_thread_or_a_child_skips_those_models_alone(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NPROC, (3, 3))  # itself, the server, the meter's thread
            os.setgid(65533)
            os.setuid(65533)

        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            for name in (self.experiment, "slow_server"):
                shutil.copy(BIN / name, folder)
            done = subprocess.run([f"{folder}/{self.experiment}", "--smoke"], cwd="/", text=True,
                                  capture_output=True, preexec_fn=few, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        skipped = [line.split()[0] for line in done.stdout.splitlines() if "skipped: " in line]
        self.assertEqual(skipped, ["threads", "processes", "event_loop_pool"] * 2)
        self.assertEqual(done.stdout.count("RLIMIT_NPROC"), 6)

    def test_bad_input(self):
        self.assert_refused(self.run_experiment("--operation-ms", "10000"), "--operation-ms", "--deadline-ms")
        self.assert_refused(self.run_experiment("--target", "127.0.0.1:1"), "leave --target away")
        self.assert_refused(self.run_experiment("--watch=fibers"), "fibers", "event_loop_pool")
        self.assert_refused(self.run_experiment("--watch"), "--watch", "no terminal")


class Watch(unittest.TestCase):
    """--watch, on a terminal of its own."""

    def start(self, *flags):
        terminal, screen = pty.openpty()
        self.addCleanup(os.close, terminal)
        process = subprocess.Popen([BIN / "frozen_spinner", *flags], stdout=screen, stderr=screen, cwd=ROOT)
        self.addCleanup(process.kill)
        os.close(screen)
        self.terminal = terminal
        return process

    def read(self, until=None):
        """What the terminal shows, to the end or until a text has come."""
        text = ""
        while until is None or until not in text:
            try:
                part = os.read(self.terminal, 4096)
            except OSError:  # EIO: the program has ended
                break
            if not part:
                break
            text += part.decode()
        return text

    def test_the_frozen_leave_a_hole_and_the_others_turn(self):
        process = self.start("--watch", "--operation-ms", "300", "--tick-ms", "2")
        text = self.read()
        self.assertEqual(process.wait(30), 0, text)
        lines = [line.split("\r")[-1] for line in text.replace("\r\n", "\n").split("\n")]
        for operation in ("request", "computation"):
            for model in MODELS:
                with self.subTest(model=model, operation=operation):
                    line = next(line for line in lines if line.split()[:2] == [operation, model])
                    hole = "________" in line
                    if (model, operation) in FROZEN:
                        self.assertTrue(hole, line)
                    else:
                        self.assertGreater(line.count("#"), 3, line)
        self.assertRegex(text, r"\d+ of \d+ ticks lost, the longest gap \d+ ms")

    def test_one_model_alone(self):
        process = self.start("--watch=threads", "--operation-ms", "50", "--tick-ms", "5")
        text = self.read()
        self.assertEqual(process.wait(30), 0)
        self.assertIn("threads", text)
        self.assertNotIn("processes", text)

    def test_ctrl_c_ends_it_after_the_model_that_runs(self):
        process = self.start("--watch", "--operation-ms", "200")
        self.read(until="blocking")
        children = children_of(process.pid)
        process.send_signal(signal.SIGINT)
        text = self.read()
        self.assertEqual(process.wait(30), 130)
        self.assertIn("ticks lost", text)
        self.assertNotIn("event_loop_pool", text)
        self.assertFalse(any(map(is_alive, children)))


if __name__ == "__main__":
    unittest.main()
