"""The comparison with other libraries, driven tiny: its table, its words and its exit codes; never its speeds."""

import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest.mock import Mock

from tests.experiments.experiment_case import BIN, ROOT
from tests.peers import fan_out, quiet, tasks
from tests.peers.figures import OPEN, REACHED, SHORT, Figure, paired
from tests.peers.quiet import Patience
from tests.peers.rounds import Progress, Rounds
from tests.peers.servers import FLOOR, SERVERS, Failed, Missing

TINY = ("--quick", "--trials", "1", "--clients", "10", "--patience-s", "0")


def run(*flags, binaries=BIN, **how):
    return subprocess.run([sys.executable, "-B", "-m", "tests.peers", "--bin", str(binaries), *flags], cwd=ROOT,
                          capture_output=True, text=True, timeout=240, **how)


class Tiny(unittest.TestCase):
    def setUp(self):
        if not (BIN / f"peer_echo_{FLOOR}").exists():
            self.skipTest("the peers are not built: cmake --build build/release --target peers")

    def test_every_server_that_is_there_is_in_the_table_and_the_rest_has_a_reason(self):
        done = run(*TINY, "--only", "echo")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for server in SERVERS:
            shown = re.search(rf"^{server.name} +\d", done.stdout, re.MULTILINE)
            skipped = re.search(rf"^skipped: {server.name} \S", done.stdout, re.MULTILINE)
            self.assertTrue(bool(shown) != bool(skipped), f"{server.name}:\n{done.stdout}")
        self.assertRegex(done.stdout, rf"(?m)^{FLOOR} +1\.000")

    def test_only_narrows_it_and_the_floor_stays(self):
        done = run(*TINY, "--only", "echo,libuv")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        names = set(re.findall(r"^(?:skipped: )?(\w+) +\S", done.stdout, re.MULTILINE)) & {s.name for s in SERVERS}
        self.assertEqual(names, {FLOOR, "libuv"})

    def test_the_fan_out_and_the_tasks_have_a_table_each(self):
        done = run(*TINY, "--only", "fan_out,tasks")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for name in ("raw_epoll", "asyncio"):
            self.assertRegex(done.stdout, rf"(?m)^{name} +\d")
        for part in (fan_out, tasks):
            for program in part.PROGRAMS:
                self.assertRegex(done.stdout, rf"(?m)^({program.name} +\S|skipped: {program.name} )")

    def test_an_interrupt_shows_what_is_finished_and_leaves_nobody(self):
        process = subprocess.Popen([sys.executable, "-B", "-m", "tests.peers", "--bin", str(BIN), "--clients", "10",
                                    "--patience-s", "0", "--only", "echo,io_uring"], cwd=ROOT, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        time.sleep(2.5)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, error)
        self.assertIn("runs", out)
        self.assertNotIn("Traceback", error)
        self.assertFalse(subprocess.run(["pgrep", "-s", str(process.pid)], capture_output=True, text=True).stdout)


class Manners(unittest.TestCase):
    def test_bad_input_is_refused_by_name(self):
        for flags, word in ((("--only", "libfoo"), "libfoo"), (("--trials", "0"), "--trials"),
                            (("--clients", "ten"), "ten"), (("--clients", "0"), "--clients"), (("stray",), "stray")):
            with self.subTest(flags=flags):
                done = run(*flags)
                self.assertEqual(done.returncode, 2)
                self.assertIn(word, done.stderr)
                self.assertNotIn("Traceback", done.stderr)

    def test_without_the_floor_there_is_nothing_to_compare_with(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run(*TINY, "--only", "echo,libuv", binaries=folder)
        self.assertEqual(done.returncode, 77, done.stderr)
        self.assertIn(f"peer_echo_{FLOOR} is not built", done.stderr)

    def test_a_server_that_fails_is_an_error_by_name_and_the_others_go_on(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in (f"peer_echo_{FLOOR}", "peer_echo_libuv"):
                path = Path(folder, name)
                path.write_text("#!/bin/sh\necho no socket for you >&2\nexit 1\n")
                path.chmod(0o755)
            done = run(*TINY, "--only", "echo,libuv", binaries=folder)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("FAILED: libuv 10: ", done.stdout)
        self.assertIn("no socket for you", done.stdout)


class Figures(unittest.TestCase):
    def test_the_median_decides_and_only_a_whole_interval_falls_short(self):
        def verdict(*ratios, **bound):
            return Figure("x", ratios, **bound).verdict()

        self.assertEqual(verdict(*[0.99] * 9, at_least=0.98), REACHED)
        self.assertEqual(verdict(*[0.97] * 9, at_least=0.98), SHORT)
        self.assertEqual(verdict(0.9, 0.9, 0.9, 0.97, 0.97, 1, 1, 1, 0.97, at_least=0.98), OPEN)
        self.assertEqual(verdict(0.5, 0.5, at_least=0.98), OPEN)
        self.assertEqual(verdict(*[1.1] * 9, at_most=1.2), REACHED)
        self.assertEqual(verdict(*[1.3] * 9, at_most=1.2), SHORT)
        self.assertEqual(verdict(1.0), "")

    def test_ratios_are_made_within_a_round(self):
        self.assertEqual(paired({0: 1.0, 1: 6.0, 2: 5.0}, {0: 2.0, 1: 3.0, 3: 1.0}), (0.5, 2.0))

    def test_what_is_compared_is_measured_one_right_after_the_other_in_ever_new_orders(self):
        groups = [[(name, clients) for name in "abcd"] for clients in (1, 10, 100)]
        seen = []
        rounds = Rounds(Mock(), Progress(), seed=1)
        rounds.run(groups, 10, lambda case: seen.append(case) or {})
        self.assertEqual(rounds.measured, 120)
        in_rounds = [seen[at:at + 12] for at in range(0, 120, 12)]
        for order in in_rounds:
            together = [order[at:at + 4] for at in range(0, 12, 4)]
            self.assertCountEqual([sorted(group) for group in together], groups)
        self.assertGreater(len({tuple(order) for order in in_rounds}), 5)

    def test_a_group_can_be_measured_together_and_what_fails_is_left_out_of_the_next_round(self):
        groups, seen = [[(name, 1) for name in "abc"], [(name, 10) for name in "ac"]], []

        def measure(cases):
            seen.append(sorted(cases))
            wrong = {("a", 1): Failed("no echo"), ("b", 1): Missing("not installed")}
            return {case: wrong.get(case, {"n": 1.0}) for case in cases}

        rounds = Rounds(Mock(), Progress(), seed=1)
        rounds.run_together(groups, 2, measure)
        self.assertCountEqual(seen[:2], groups)
        self.assertEqual((rounds.failed, rounds.missing), ({("a", 1): "no echo"}, {"b": "not installed"}))
        self.assertCountEqual(seen[2:], [[("c", 1)], [("a", 10), ("c", 10)]])
        self.assertEqual(rounds.quantity(("c", 10), "n"), {0: 1.0, 1: 1.0})
        self.assertEqual(rounds.measured, 6)

    def test_patience_ends(self):
        usual, quiet.is_quiet = quiet.is_quiet, lambda cores: False
        try:
            patience = Patience([0], 0.05)
            self.assertFalse(patience.wait())
            self.assertEqual(patience.left_s, 0)
            self.assertFalse(patience.wait())
            quiet.is_quiet = lambda cores: True
            self.assertTrue(patience.wait())
        finally:
            quiet.is_quiet = usual


if __name__ == "__main__":
    unittest.main()
