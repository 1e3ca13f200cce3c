"""echo_client, the program: what it prints, and what it does with bad input and with bad servers."""

import os
import re
import signal
import subprocess
import time
import unittest

from tests.experiments import fault_servers
from tests.experiments.experiment_case import BIN


def run(*flags):
    return subprocess.run([str(BIN / "echo_client"), *flags], capture_output=True, text=True, timeout=60)


def wrong_echo(connection):
    connection.sendall(bytes(len(connection.recv(64))))
    connection.recv(1)  # until the client gives up


class EchoClient(unittest.TestCase):
    def test_it_prints_one_line_of_figures(self):
        with subprocess.Popen([str(BIN / "waiting_models"), "--serve", "epoll"], stderr=subprocess.PIPE,
                              text=True) as server:
            target = re.search(r"127\.0\.0\.1:\d+", server.stderr.readline())[0]
            done = run("--target", target, "--clients", "3", "--messages-each", "700", "--server-pid", str(server.pid))
            server.terminate()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        figures = dict(word.split("=") for word in done.stdout.split())
        self.assertEqual(figures["messages"], "2100")
        self.assertGreater(float(figures["server_cpu_s"]), 0)
        self.assertEqual(done.stdout.count("\n"), 1)

    def test_while_it_is_stopped_its_clock_stands(self):
        with subprocess.Popen([str(BIN / "waiting_models"), "--serve", "epoll"], stderr=subprocess.PIPE,
                              text=True) as server:
            target = re.search(r"127\.0\.0\.1:\d+", server.stderr.readline())[0]
            begin = time.monotonic()
            client = subprocess.Popen([str(BIN / "echo_client"), "--target", target, "--clients", "3", "--duration-ms",
                                       "500", "--patience-ms", "300", "--stop-when-warm"],
                                      stdout=subprocess.PIPE, text=True)
            stopped_s = 0
            for _ in range(2):  # by itself when it is warm, and then by us
                os.waitid(os.P_PID, client.pid, os.WSTOPPED)
                since = time.monotonic()
                time.sleep(0.4)  # more than its patience
                stopped_s += time.monotonic() - since
                client.send_signal(signal.SIGCONT)
                client.send_signal(signal.SIGTSTP)
            os.waitid(os.P_PID, client.pid, os.WSTOPPED)
            client.send_signal(signal.SIGCONT)
            out = client.communicate(timeout=60)[0]
            all_s = time.monotonic() - begin
            server.terminate()
        figures = dict(word.split("=") for word in out.split())
        self.assertEqual(client.returncode, 0)
        self.assertGreater(int(figures["messages"]), 0)
        self.assertLess(float(figures["seconds"]) + stopped_s, all_s)

    def test_bad_input_is_one_line_that_names_it(self):
        good = ("--target", "127.0.0.1:1")
        for flags, word in (((), "--target"), (("--target", "nowhere"), "nowhere"), ((*good, "--clients", "0"), "--clients"),
                            ((*good, "--payload-bytes", "none"), "--payload-bytes"), ((*good, "--fast"), "--fast"),
                            ((*good, "--core", "-2"), "--core")):  # fmt: skip
            with self.subTest(flags=flags):
                done = run(*flags)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertIn(word, done.stderr)

    def test_a_server_that_is_not_there_or_no_echo_is_one_line(self):
        done = run("--target", "127.0.0.1:1")
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
        self.assertIn("Connection refused", done.stderr)
        for behave, word in ((wrong_echo, "the echo is wrong"), (fault_servers.never, "timed out")):
            with self.subTest(fault=behave.__name__), fault_servers.serving(behave) as target:
                done = run("--target", target, "--patience-ms", "300", "--messages-each", "5")
                self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr)
                self.assertIn(word, done.stderr)

    def test_too_many_clients_are_skipped(self):
        done = run("--target", "127.0.0.1:1", "--clients", "999999")
        self.assertEqual(done.returncode, 77)
        self.assertIn("RLIMIT_NOFILE", done.stderr)

    def test_help(self):
        done = run("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("--messages-each", done.stdout)


if __name__ == "__main__":
    unittest.main()
