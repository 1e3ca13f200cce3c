"""Servers that share the cores in slices: who runs when, and what becomes of those that fail."""

import os
import random
import re
import signal
import sys
import unittest
from pathlib import Path

from tests.experiments.experiment_case import BIN
from tests.peers.servers import Failed, Missing
from tests.peers.slices import take_turns, talking

ECHO = [str(BIN / "waiting_models"), "--serve", "epoll"]


def clients(**others):
    """A command of few clients for a short time; keywords are other flags."""
    flags = {"clients": 3, "warm_up_ms": 10, "duration_ms": 50, **others}
    return lambda port, pid: [str(BIN / "echo_client"), f"--target=127.0.0.1:{port}", f"--server-pid={pid}",
                              "--stop-when-warm", *(f"--{name.replace('_', '-')}={flags[name]}" for name in flags)]


def state(pid):
    """R runs, S sleeps, T is stopped, ..."""
    return re.search(r"\) (\S)", Path(f"/proc/{pid}/stat").read_text())[1]


class Fake:
    """A talk of so many slices, which writes down what it is told."""

    def __init__(self, name, slices, told):
        self.name, self.left, self.told = name, slices, told

    @property
    def ended(self):
        return self.left == 0

    def go_on(self):
        self.told.append((self.name, "goes on"))

    def stop(self):
        self.told.append((self.name, "stops"))
        self.left -= 1


class Turns(unittest.TestCase):
    def test_one_at_a_time_each_once_a_turn_until_it_has_ended(self):
        told, left = [], []
        take_turns([Fake("a", 3, told), Fake("b", 3, told), Fake("c", 1, told)], random.Random(1), 0, left.append)
        self.assertEqual([what for _, what in told], ["goes on", "stops"] * 7)
        names = [name for name, _ in told[::2]]
        self.assertEqual([name for name, _ in told[1::2]], names)
        self.assertEqual([sorted(turn) for turn in (names[:3], names[3:5], names[5:])],
                         [["a", "b", "c"], ["a", "b"], ["a", "b"]])
        self.assertEqual(left, [3, 2, 2])

    def test_the_order_of_the_turns_changes(self):
        told = []
        take_turns([Fake(name, 10, told) for name in "abcd"], random.Random(1), 0)
        names = [name for name, _ in told[::2]]
        self.assertGreater(len({tuple(names[at:at + 4]) for at in range(0, 40, 4)}), 5)


class Talks(unittest.TestCase):
    def test_a_talk_is_stopped_server_and_clients_except_in_its_slices(self):
        with talking(ECHO, clients(duration_ms=10000), (None, None)) as talk:
            both = (talk.server, talk.clients.pid)
            for _ in range(3):
                self.assertEqual([state(pid) for pid in both], ["T", "T"])
                talk.go_on()
                self.assertNotIn("T", [state(pid) for pid in both])
                talk.stop()

    def test_what_is_typed_on_the_terminal_reaches_neither(self):
        with talking(ECHO, clients(), (None, None)) as talk:
            for pid in (talk.server, talk.clients.pid):
                self.assertEqual(os.getpgid(pid), pid)

    def test_all_are_measured_for_as_long_as_was_asked(self):
        with talking(ECHO, clients(), (None, None)) as one, talking(ECHO, clients(), (None, None)) as other:
            take_turns([one, other], random.Random(1), 0.01)
            for talk in (one, other):
                figures = talk.figures()
                self.assertGreater(figures["messages"], 0)
                self.assertGreater(figures["server_cpu_s"], 0)
                self.assertGreaterEqual(figures["seconds"], 0.05)

    def test_clients_that_fail_are_an_error_and_those_that_can_not_run_a_reason(self):
        mute = [sys.executable, "-c", "import socket, sys, time; s = socket.create_server(('127.0.0.1', 0)); "
                "print('listens on 127.0.0.1:%d' % s.getsockname()[1], file=sys.stderr, flush=True); time.sleep(60)"]
        for server, flags, error in ((mute, {"patience_ms": 50, "warm_up_ms": 500}, Failed),
                                     (ECHO, {"clients": 999999}, Missing)):
            with self.subTest(error=error), talking(server, clients(**flags), (None, None)) as talk:
                take_turns([talk], random.Random(1), 0.01)
                self.assertRaises(error, talk.figures)

    def test_a_server_that_ends_between_its_slices_is_an_error_of_its_clients(self):
        with talking(ECHO, clients(duration_ms=10000), (None, None)) as talk:
            os.kill(talk.server, signal.SIGKILL)
            take_turns([talk], random.Random(1), 0.01)
            self.assertRaises(Failed, talk.figures)


if __name__ == "__main__":
    unittest.main()
