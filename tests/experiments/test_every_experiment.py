"""What holds for each experiment of 1.2 alike: its manners on bad input, its order, its end by any signal."""

import ctypes
import os
import pty
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from subprocess import DEVNULL

from tests.experiments import fault_servers
from tests.experiments.experiment_case import (
    BIN, ROOT, ExperimentCase, children_of, files_left_behind_by, is_alive,
)  # fmt: skip

EXPERIMENTS = ("matrix", "where_time_goes", "listing_1_1")
TARGET_FLAGS = ("--smoke", "--deadline-ms", "200", "--benchmark_min_time=0")
PR_SET_CHILD_SUBREAPER = 36

# A "slow server" that answers every request at once, but with somebody else's token.
IMPOSTOR = """#!/usr/bin/python3
import os, socket, sys, threading
listener = socket.create_server(("127.0.0.1", 0))
ready = int(sys.argv[sys.argv.index("--ready-fd") + 1])
os.write(ready, b"%d\\n" % listener.getsockname()[1])
os.close(ready)
def answer(connection):
    with connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\njob-99999")
        connection.recv(1)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
"""


class EveryExperiment(ExperimentCase):
    """Orphans of what is run become children of this process, so that none can hide."""

    @classmethod
    def setUpClass(cls):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    @classmethod
    def tearDownClass(cls):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)

    def assert_nobody_left(self):
        for _ in range(2000):
            orphans = children_of(os.getpid())
            for orphan in orphans:
                if not is_alive(orphan):
                    os.waitpid(orphan, 0)
            if not orphans:
                return
            time.sleep(0.005)
        self.fail(f"{self.experiment} leaves processes behind: {orphans}")

    def copied(self, folder, slow_server=None):
        """The experiment's program in `folder`, beside another slow server or none."""
        if slow_server is not None:
            path = Path(folder, "slow_server")
            path.write_text(slow_server)
            path.chmod(0o755)
        return shutil.copy(BIN / self.experiment, folder)


class Manners(EveryExperiment):
    def test_bad_input_is_one_line_that_names_it(self):
        for self.experiment in EXPERIMENTS:
            with self.subTest(experiment=self.experiment):
                for flags, word in (
                    (("--frobnicate",), "--frobnicate"),
                    (("stray",), "stray"),
                    (("--model", "fibers"), "fibers"),
                    (("--benchmark_filter=xyz",), "xyz"),
                    (("--benchmark_filter=xyz", "--benchmark_format=json"), "xyz"),
                    (("--benchmark_filter=(",), "'('"),
                    (("--benchmark_format=xml",), "xml"),
                    (("--benchmark_repetitions=some",), "some"),
                    (("--smoke", "--full"), "--full"),
                    (("--order_seed=-1",), "order_seed"),
                    (("--wait-ms=soon",), "--wait-ms"),
                    (("--deadline-ms=-5",), "--deadline-ms"),
                    (("--target", "nowhere"), "nowhere"),
                    (("--target", "127.0.0.1:1"), "127.0.0.1:1"),
                ):
                    with self.subTest(experiment=self.experiment, flags=flags):
                        self.assert_refused(self.run_experiment(*flags), word)

    def test_a_record_that_can_not_be_written_is_one_line(self):
        for self.experiment in EXPERIMENTS:
            with self.subTest(experiment=self.experiment):
                for path in ("/no/such/folder/out.json", "/proc/out.json", str(ROOT)):
                    done = subprocess.run(self.command("--smoke", f"--benchmark_out={path}"), capture_output=True,
                                          text=True, cwd=ROOT, timeout=60)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                    self.assertIn(path, done.stderr)

    def test_a_full_disk_is_told(self):
        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

        with tempfile.TemporaryDirectory() as folder:
            self.experiment = "matrix"
            path = Path(folder, "out.json")
            done = subprocess.run(self.command("--smoke", "--benchmark_min_time=0", f"--benchmark_out={path}"),
                                  capture_output=True, text=True, cwd=ROOT, timeout=60, preexec_fn=small_files)
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(path), done.stderr)

    def test_help_shows_both_kinds_of_flags(self):
        for self.experiment in EXPERIMENTS:
            with self.subTest(experiment=self.experiment):
                outcome = self.run_experiment("--help")
                self.assertEqual((outcome.exit_code, outcome.err), (0, ""))
                for flag in ("--smoke", "--model", "--target", "--order_seed", "--benchmark_filter"):
                    self.assertIn(flag, outcome.out)

    def test_names_are_well_formed_and_appear_once(self):
        for self.experiment in EXPERIMENTS:
            with self.subTest(experiment=self.experiment):
                outcome = self.run_experiment("--smoke")
                self.assertEqual((outcome.exit_code, outcome.err), (0, ""))
                for row in outcome.rows():
                    self.assertRegex(row["name"], rf"^{self.experiment}/[a-z_]+(/[a-z_]+:\w+)+/manual_time$")
                    self.assertEqual(row["time_unit"], "ms")
                self.assertEqual(len(set(outcome.names())), len(outcome.names()))
                self.assert_nobody_left()

    def test_a_seed_and_reversed_change_the_order_and_nothing_else(self):
        for self.experiment in EXPERIMENTS:
            with self.subTest(experiment=self.experiment):
                def listed(*flags):
                    return self.run_experiment("--smoke", "--benchmark_list_tests=true", *flags).out.splitlines()

                written = listed()
                orders = {tuple(listed(f"--order_seed={seed}")) for seed in range(1, 6)}
                self.assertGreater(len(orders), 2)
                self.assertTrue(all(sorted(order) == sorted(written) for order in orders))
                self.assertEqual(listed("--reversed"), written[::-1])
                self.assertEqual(listed("--order_seed=3", "--reversed"), listed("--order_seed=3")[::-1])

    def test_the_same_number_of_jobs_twice_would_be_one_name_twice(self):
        self.experiment = "matrix"
        self.assert_refused(self.run_experiment("--jobs", "8,64,8"), "--jobs", "8")

    def test_progress_is_shown_on_a_terminal_alone(self):
        self.experiment = "matrix"
        ours, theirs = pty.openpty()
        process = subprocess.Popen(self.command("--smoke", "--benchmark_filter=cpu", "--benchmark_min_time=0"),
                                   stdout=subprocess.DEVNULL, stderr=theirs, cwd=ROOT)
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # how a terminal says that nobody writes any more
            pass
        os.close(ours)
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertIn(b"] matrix/blocking/work:cpu/jobs:3", shown)
        self.assertTrue(shown.endswith(b"\x1b[K"), "the line stays on the screen")


class BrokenServers(EveryExperiment):
    def test_a_broken_target_is_one_line_and_leaves_a_whole_record_and_nobody(self):
        for name in ("where_time_goes", "listing_1_1"):
            self.experiment = name
            for behave, word in ((fault_servers.answer_500, "500"), (fault_servers.reset, "reset"),
                                 (fault_servers.dribble, "timed out"), (fault_servers.close_early, "closed"),
                                 (fault_servers.garbage, "no HTTP"), (fault_servers.never, "timed out")):
                with self.subTest(experiment=name, fault=behave.__name__), fault_servers.serving(behave) as target:
                    outcome = self.run_experiment(*TARGET_FLAGS, "--target", target)
                    self.assertEqual(outcome.exit_code, 1)
                    self.assert_one_line(outcome, word)
                    problems = [row.get("error_message", "") for row in outcome.rows()]
                    self.assertTrue(any(word in problem for problem in problems), problems)
                    left = files_left_behind_by(*self.command(*TARGET_FLAGS, "--target", target), stderr=DEVNULL)
                    self.assertEqual(left, [])
            self.assert_nobody_left()

    def test_somebody_elses_answer_is_a_wrong_answer(self):
        for name in ("matrix", "where_time_goes"):
            self.experiment = name
            with self.subTest(experiment=name), tempfile.TemporaryDirectory() as folder:
                program = self.copied(folder, IMPOSTOR)
                done = subprocess.run([program, "--smoke", "--benchmark_filter=io|web"], capture_output=True, text=True,
                                      timeout=60, cwd=folder)
                self.assertEqual(done.returncode, 1)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertIn("the reply belongs to 'job-99999'", done.stderr)
                self.assertNotIn("faster", done.stdout)
            self.assert_nobody_left()

    def test_a_slow_server_that_can_not_start_is_one_line(self):
        for self.experiment in EXPERIMENTS:
            with self.subTest(experiment=self.experiment):
                for slow_server, word in ((None, "slow_server"), ("#!/bin/sh\nexit 3\n", "exit code 3")):
                    with tempfile.TemporaryDirectory() as folder:
                        program = self.copied(folder, slow_server)
                        done = subprocess.run([program, "--smoke"], capture_output=True, text=True, timeout=60,
                                              cwd=folder)
                    self.assertEqual(done.returncode, 1)
                    self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                    self.assertIn(word, done.stderr)
        self.assert_nobody_left()


@unittest.skipIf("asan" in str(BIN), "UBSan looks at memory through a pipe of its own, which it can't have then")
class FewDescriptors(EveryExperiment):
    def test_hardly_any_descriptors_are_an_error_by_name_for_every_model_that_needs_them(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))

        self.experiment = "matrix"
        outcome = self.run_experiment("--jobs", "64", "--wait-ms", "2", "--benchmark_filter=io",
                                      "--benchmark_min_time=0", preexec_fn=few)
        self.assertEqual(outcome.exit_code, 1)
        rows = {row["name"].split("/")[1]: row.get("error_message", "") for row in outcome.rows()}
        self.assertEqual(len(rows), 9)
        for model in ("processes", "event_loop", "coroutines", "event_loop_pool"):
            self.assertIn("RLIMIT_NOFILE is 20", rows[model], model)
        for model in ("threads", "thread_pool"):  # the first may have finished before the last begins
            self.assertRegex(rows[model], "^$|RLIMIT_NOFILE is 20", model)
        for model in ("blocking", "tbb", "process_pool"):
            self.assertEqual(rows[model], "", model)
        self.assert_nobody_left()

    def test_no_descriptors_at_all_end_in_one_line(self):
        def none():
            resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5))

        for self.experiment in EXPERIMENTS:
            with self.subTest(experiment=self.experiment):
                done = subprocess.run(self.command("--smoke"), capture_output=True, text=True, cwd=ROOT, timeout=60,
                                      preexec_fn=none)
                self.assertEqual(done.returncode, 1)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertIn("RLIMIT_NOFILE is 5", done.stderr)
        self.assert_nobody_left()


class Ends(EveryExperiment):
    """Whatever moment a signal comes at: nobody is left, and what is recorded is whole."""

    def test_an_interrupt_at_any_moment(self):
        for self.experiment in EXPERIMENTS:
            with self.subTest(experiment=self.experiment):
                for moment_ms in range(0, 120, 12):
                    process, path = self.start()
                    time.sleep(moment_ms / 1000)
                    process.send_signal(signal.SIGINT)
                    process.communicate(timeout=60)
                    # Before it is ready to catch it, it dies of it; after all is done, it is too late.
                    self.assertIn(process.returncode, (130, -signal.SIGINT, 0))
                    if process.returncode != -signal.SIGINT:
                        self.assertTrue(path.read_text().endswith("}\n"))
                    self.assert_nobody_left()

    def test_death_at_any_moment(self):
        for self.experiment in EXPERIMENTS:
            with self.subTest(experiment=self.experiment):
                for moment_ms in range(0, 100, 20):
                    for kill in (signal.SIGTERM, signal.SIGKILL):
                        process, _ = self.start()
                        time.sleep(moment_ms / 1000)
                        process.send_signal(kill)
                        process.communicate(timeout=60)
                        self.assert_nobody_left()

    def start(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name, "out.json")
        return subprocess.Popen(self.command("--smoke", f"--benchmark_out={path}"), stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, cwd=ROOT), path


if __name__ == "__main__":
    unittest.main()
