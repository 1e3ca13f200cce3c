"""The slow server as a program: flags, start, stop, crowds."""

import os
import re
import resource
import selectors
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from slow_server_case import (
    PATIENCE_S, PROGRAM, SlowServer, SlowServerCase, eventually, read_bodies, request_for,
)


def run(*flags, **options):
    return subprocess.run(
        [PROGRAM, *flags], capture_output=True, text=True, timeout=PATIENCE_S, **options
    )


def is_gone(process_id):
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


class StartTest(SlowServerCase):
    def test_the_ready_descriptor_gets_the_port_and_is_closed(self):
        # The end of the file was seen, or ready_text would not be there.
        self.assertEqual(self.server.ready_text, f"{self.server.port}\n")

    def test_without_it_one_line_names_the_address(self):
        for host, shown in (("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")):
            process = subprocess.Popen(
                [PROGRAM, "--port", "0", "--host", host], stdout=subprocess.PIPE, text=True
            )
            line = process.stdout.readline()
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=PATIENCE_S)
            url = rf"http://{re.escape(shown)}:\d+/"
            self.assertRegex(line, rf"\Aslow_server: listening on {url} \(Ctrl-C stops\)\n\Z")
            self.assertEqual((rest, process.returncode), ("", 0))

    def test_ipv6(self):
        server = SlowServer(host="::1")
        self.assertEqual(server.get("/?delay_ms=1&token=six")[:2], (200, b"six"))
        self.assertEqual(server.stop(), 0)

    def test_a_port_in_use_is_named_with_the_remedy(self):
        result = run("--port", str(self.server.port))
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assert_one_line(result.stderr, f"127.0.0.1:{self.server.port}", "--port")

    def test_bad_flags_and_values_are_named_in_one_line(self):
        bad = [
            (["--bogus"], "--bogus"),
            (["surplus"], "surplus"),
            (["--port"], "--port"),
            (["--port", "x"], "--port"),
            (["--port", "-1"], "--port"),
            (["--port", "65536"], "--port"),
            (["--host", "nowhere"], "--host"),
            (["--host", "192.0.2.1", "--port", "0"], "192.0.2.1"),
            (["--delay-ms", "-1"], "--delay-ms"),
            (["--delay-ms", "nan"], "--delay-ms"),
            (["--delay-ms", "3600001"], "--delay-ms"),
            (["--delay", "gauss:1:2"], "--delay"),
            (["--delay", "uniform:30:10"], "--delay"),
            (["--delay", "uniform:1:2", "--delay-ms", "20"], "--delay"),
            (["--seed", "x"], "--seed"),
            (["--ready-fd", "-1"], "--ready-fd"),
            (["--ready-fd", "99", "--port", "0"], "--ready-fd"),
            (["--die-with-parent=x"], "--die-with-parent"),
        ]
        for flags, named in bad:
            with self.subTest(flags=flags):
                result = run(*flags)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assert_one_line(result.stderr, named)

    def test_help_shows_every_flag(self):
        result = run("--help")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        for flag in ("--port", "--host", "--delay-ms", "--delay", "--seed", "--ready-fd",
                     "--die-with-parent"):
            self.assertIn(flag, result.stdout)

    def assert_one_line(self, text, *parts):
        self.assertRegex(text, r"\Aslow_server: [^\n]+\n\Z")
        for part in parts:
            self.assertIn(part, text)


class StopTest(unittest.TestCase):
    def test_sigterm_and_sigint_end_it_cleanly_whoever_waits(self):
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            server = SlowServer()
            clients = [server.connect() for _ in range(20)]
            for i, client in enumerate(clients):
                fault = ("", "&fault=never", "&fault=dribble", "&bytes=16000000")[i % 4]
                delay_ms = 3600000 if i < 10 else 0
                client.sendall(request_for(f"/?delay_ms={delay_ms}{fault}"))
            self.assertEqual(server.get("/?delay_ms=1")[0], 200)
            self.assertEqual(server.stop(signal_number), 0)
            for client in clients:
                client.close()

    def test_it_dies_with_its_parent(self):
        shell = subprocess.Popen(
            ["sh", "-c", '"$0" --port 0 --die-with-parent & echo $!; wait', PROGRAM],
            stdout=subprocess.PIPE, text=True,
        )
        lines = [shell.stdout.readline(), shell.stdout.readline()]
        server = int(next(line for line in lines if line.strip().isdigit()))
        self.assertTrue(any("listening" in line for line in lines))
        self.assertFalse(is_gone(server))
        shell.kill()
        shell.communicate(timeout=PATIENCE_S)
        self.assertTrue(eventually(lambda: is_gone(server)))

    def test_it_does_not_start_for_a_parent_that_has_gone(self):
        gone = subprocess.Popen(["true"])
        gone.wait()
        result = run("--port", "0", f"--die-with-parent={gone.pid}")
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_it_starts_for_the_parent_it_has(self):
        server = SlowServer(f"--die-with-parent={os.getpid()}")
        self.assertEqual(server.stop(), 0)


class CrowdTest(SlowServerCase):
    COUNT = 2_000

    def test_thousands_wait_at_once_on_one_thread(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = self.COUNT + 100
        if hard != resource.RLIM_INFINITY and hard < wanted:
            self.skipTest(f"ulimit -Hn is {hard}: too few for {self.COUNT} connections")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        clients = [self.server.connect() for _ in range(self.COUNT)]
        # They wait at once if the last has asked before the first is answered. A busy machine
        # may need a longer delay for that.
        attempts = (self.crowd(clients, delay_ms) for delay_ms in (500, 2000, 8000))
        while_waiting = next(filter(None, attempts), None)
        for client in clients:
            client.close()
        if "libtsan" not in self.server.maps():  # which may have a thread of its own
            self.assertEqual(self.server.own_threads, 1)
        self.assertEqual(while_waiting, self.server.own_threads)

    def crowd(self, clients, delay_ms):
        """Returns how many threads there were while all waited; 0 if they did not all wait."""
        with selectors.DefaultSelector() as selector:
            for i, client in enumerate(clients):
                selector.register(client, selectors.EVENT_READ)
            start = time.monotonic()
            for i, client in enumerate(clients):
                client.sendall(request_for(f"/?delay_ms={delay_ms}&token=c{i}"))
            threads = self.server.threads()
            answered_already = selector.select(0)
        bodies = [read_bodies(client, 1)[0] for client in clients]
        self.assertGreaterEqual(time.monotonic() - start, delay_ms / 1000)
        self.assertEqual(bodies, [f"c{i}".encode() for i in range(len(clients))])
        return 0 if answered_already else threads


class DelayFlagsTest(unittest.TestCase):
    def test_delay_ms_is_the_delay_of_requests_that_name_none(self):
        server = SlowServer("--delay-ms", "30")
        self.assertGreaterEqual(server.get("/")[2], 0.030)
        self.assertGreaterEqual(server.get("/?delay_ms=0")[2], 0)
        self.assertEqual(server.stop(), 0)

    def test_a_seed_gives_the_same_delays_every_time(self):
        # seed 262, because its first delays are far enough apart to show their order.
        expected_ms = [297.546, 236.490, 388.129, 96.398, 162.588]
        order = sorted(range(len(expected_ms)), key=expected_ms.__getitem__)
        for _ in range(2):
            server = SlowServer("--delay", "uniform:0:400", "--seed", "262")
            self.assertEqual(self.order_of_answers(server, expected_ms), order)
            self.assertEqual(server.stop(), 0)

    def order_of_answers(self, server, expected_ms):
        clients = [server.connect() for _ in expected_ms]
        starts = []
        for client in clients:
            starts.append(time.monotonic())
            client.sendall(request_for("/"))
            server.get("/?delay_ms=0")  # once this is answered, the other was read
        order = []
        with selectors.DefaultSelector() as selector:
            for i, client in enumerate(clients):
                selector.register(client, selectors.EVENT_READ, i)
            while len(order) < len(clients):
                for key, _ in selector.select(PATIENCE_S):
                    i = key.data
                    self.assertGreaterEqual(time.monotonic() - starts[i], expected_ms[i] / 1000)
                    order.append(i)
                    selector.unregister(key.fileobj)
        for client in clients:
            client.close()
        return order


if __name__ == "__main__":
    unittest.main()
