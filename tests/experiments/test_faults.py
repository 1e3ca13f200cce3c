"""What goes wrong in the world: targets that misbehave, limits that are too low, signals at any moment."""

import json
import os
import resource
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from tests.experiments import fault_servers
from tests.experiments.experiment_case import (
    BIN, ROOT, ExperimentCase, Outcome, children_of, is_alive,
)  # fmt: skip
from tests.experiments.limits_case import SANITIZED, LimitsCase, needs_limits


class BrokenTargets(ExperimentCase):
    """Each is an error of the series, told once, and the JSON stays whole."""

    experiment = "matrix"

    def assert_all_fail(self, behave, *words):
        with fault_servers.serving(behave) as target:
            outcome = self.run_experiment("--smoke", "--target", target, "--benchmark_filter=io",
                                          "--deadline-ms", "150")
        self.assertEqual(outcome.exit_code, 1, outcome.err)
        self.assert_one_line(outcome, "9 series failed", *words)
        for row in outcome.rows():
            self.assertTrue(row["error_occurred"], row["name"])
            self.assertIn("3 of 3 jobs failed", row["error_message"])

    def test_status_500(self):
        self.assert_all_fail(fault_servers.answer_500, "status 500")

    def test_reset(self):
        self.assert_all_fail(fault_servers.reset, "Connection reset")

    def test_dribble_past_the_deadline(self):
        self.assert_all_fail(fault_servers.dribble, "deadline")

    def test_closed_in_the_middle(self):
        self.assert_all_fail(fault_servers.close_early, "closed before the answer was whole")

    def test_no_http(self):
        self.assert_all_fail(fault_servers.garbage, "no HTTP")

    def test_no_answer_before_the_deadline(self):
        self.assert_all_fail(fault_servers.never, "failed")

    def test_other_ways_to_end_an_answer_are_right(self):
        for behave in (fault_servers.chunked, fault_servers.until_close):
            with self.subTest(behave=behave.__name__), fault_servers.serving(behave) as target:
                outcome = self.run_experiment("--smoke", "--target", target, "--benchmark_filter=io")
                self.assertEqual(outcome.exit_code, 0, outcome.err)


class Limits(ExperimentCase):
    experiment = "matrix"

    @unittest.skipIf("asan" in str(BIN), "UBSan looks at memory through a pipe of its own, which it can't have then")
    def test_too_few_descriptors(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))

        outcome = self.run_experiment("--jobs", "64", "--wait-ms", "20", "--benchmark_filter=io",
                                      "--model", "blocking,event_loop,coroutines,processes", preexec_fn=few)
        rows = {row["name"].split("/")[1]: row for row in outcome.rows()}
        self.assertNotIn("error_occurred", rows["blocking"])
        for model in ("event_loop", "coroutines", "processes"):
            self.assertIn("RLIMIT_NOFILE is 24", rows[model]["error_message"])
        self.assertEqual(outcome.exit_code, 1)
        self.assert_one_line(outcome, "RLIMIT_NOFILE")

    @unittest.skipIf(SANITIZED, "the sanitizers open files of their own")
    def test_not_even_descriptors_for_the_slow_server(self):
        for limit in (7, 8, 9):
            def fewer(limit=limit):
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

            with self.subTest(limit=limit):
                done = subprocess.run(self.command("--smoke"), capture_output=True, text=True, preexec_fn=fewer)
                self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr)
                self.assertRegex(done.stderr, "RLIMIT_NOFILE|descriptors|Too many open files")

    def test_a_newline_in_what_the_user_gave(self):
        self.assert_refused(self.run_experiment("--target", "no\nsuch place"), "no such place")

    @unittest.skipIf(os.geteuid() != 0, "needs root, to become a user with a limit")
    @unittest.skipIf(SANITIZED, "the sanitizers' own threads count against the limit")
    def test_too_few_threads_and_processes(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NPROC, (12, 12))
            os.setgid(65534)
            os.setuid(65534)

        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            for name in ("matrix", "slow_server"):
                Path(folder, name).write_bytes((BIN / name).read_bytes())
                os.chmod(Path(folder, name), 0o755)
            out = Path(folder, "out.json")
            command = [f"{folder}/matrix", "--jobs", "64", "--benchmark_filter=io", "--wait-ms", "20",
                       "--model", "threads,thread_pool,processes,event_loop", f"--benchmark_out={out}",
                       "--benchmark_out_format=json"]
            done = subprocess.run(command, capture_output=True, text=True, preexec_fn=few, timeout=60, cwd="/")
            rows = {row["name"].split("/")[1]: row for row in json.loads(out.read_text())["benchmarks"]}
        self.assertNotIn("error_occurred", rows["event_loop"])
        for model in ("threads", "thread_pool", "processes"):
            self.assertIn("RLIMIT_NPROC", rows[model]["error_message"])
        self.assertEqual(done.returncode, 1)


class NoThreadForTbb(LimitsCase):
    experiment = "matrix"
    programs_beside = ("slow_server",)

    @needs_limits
    def test_the_limit_is_named_where_its_own_message_names_none(self):
        # The program, its server and its meter: no worker more.
        done = self.run_with_processes(3, 61_408, "--model", "tbb", "--benchmark_filter=cpu")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn("RLIMIT_NPROC", done.stderr)


def sockets_of(pid):
    return {os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir()}


def tcp_sockets():
    """The TCP sockets of this machine, as /proc/PID/fd names them."""
    return {f"socket:[{line.split()[9]}]" for line in Path("/proc/net/tcp").read_text().splitlines()[1:]}


class Signals(ExperimentCase):
    experiment = "matrix"

    def start(self, *flags):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name) / "out.json"
        command = self.command(*flags, f"--benchmark_out={self.out}", "--benchmark_out_format=json")
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        self.addCleanup(process.kill)
        return process

    def wait_for_children(self, process, count):
        while len(children_of(process.pid)) < count:
            self.assertIsNone(process.poll(), "it ended too soon")
            time.sleep(0.005)
        return children_of(process.pid)

    def wait_until_it_asks(self, pid):
        """Until the child has a TCP connection: before that it has no job that could fail with it."""
        while not sockets_of(pid) & tcp_sockets():
            time.sleep(0.005)

    def finish(self, process):
        out, err = process.communicate(timeout=60)
        text = self.out.read_text()
        return Outcome(process.returncode, out, err, json.loads(text) if text else None)

    def assert_gone(self, pids):
        for _ in range(1000):
            if not any(map(is_alive, pids)):
                return
            time.sleep(0.005)
        self.fail("a child lives on")

    def test_one_interrupt_finishes_the_series_and_writes_what_is_done(self):
        process = self.start("--jobs", "20", "--wait-ms", "50", "--model", "blocking,threads",
                             "--benchmark_filter=io")
        children = self.wait_for_children(process, 1)
        self.assertTrue(process.stdout.readline())  # the heading: blocking has been measured
        process.send_signal(signal.SIGINT)
        outcome = self.finish(process)
        self.assertEqual(outcome.exit_code, 130)
        rows = {row["name"].split("/")[1]: row for row in outcome.rows()}
        self.assertEqual(rows["blocking"]["units"], 20)
        self.assert_gone(children)

    def test_a_second_interrupt_stops_at_once(self):
        process = self.start("--jobs", "1000", "--wait-ms", "3000", "--model", "blocking",
                             "--deadline-ms", "60000", "--benchmark_filter=io")
        children = self.wait_for_children(process, 1)
        time.sleep(0.3)  # into the series; what is asserted does not depend on it
        process.send_signal(signal.SIGINT)
        self.assertIn("finished first", process.stderr.readline() + process.stderr.readline())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)
        self.assert_gone(children)

    def test_kill_9_leaves_no_child(self):
        process = self.start("--jobs", "8", "--wait-ms", "20000", "--model", "processes",
                             "--deadline-ms", "60000", "--benchmark_filter=io")
        children = self.wait_for_children(process, 9)
        process.kill()
        process.communicate()
        self.assert_gone(children)

    def test_a_child_killed_by_9_is_an_error_of_its_series_alone(self):
        for model, count in (("processes", 9), ("process_pool", 4)):
            with self.subTest(model=model):
                process = self.start("--jobs", "8", "--wait-ms", "600", "--model", f"{model},event_loop",
                                     "--pool-processes", "3", "--benchmark_filter=io")
                children = self.wait_for_children(process, count)
                server = min(children)  # it was started first
                self.wait_until_it_asks(max(children))
                os.kill(max(children), signal.SIGKILL)
                outcome = self.finish(process)
                rows = {row["name"].split("/")[1]: row for row in outcome.rows()}
                self.assertIn("killed by SIGKILL", rows[model]["error_message"])
                self.assertIn("1 of 8 jobs failed", rows[model]["error_message"])
                self.assertNotIn("error_occurred", rows["event_loop"])
                self.assertEqual(outcome.exit_code, 1)
                self.assert_gone([server])

    def test_a_slow_server_that_dies_is_an_error_not_a_hang(self):
        process = self.start("--jobs", "8", "--wait-ms", "2000", "--model", "blocking,event_loop",
                             "--benchmark_filter=io")
        (server,) = self.wait_for_children(process, 1)
        time.sleep(0.2)
        os.kill(server, signal.SIGKILL)
        outcome = self.finish(process)
        self.assertEqual(outcome.exit_code, 1)
        self.assertIn("failed", outcome.err)


if __name__ == "__main__":
    unittest.main()
