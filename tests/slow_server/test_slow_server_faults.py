"""The slow server's faults on request, and the faults of its clients."""

import http.client
import os
import socket
import struct
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from slow_server_case import (
    SlowServer, SlowServerCase, eventually, read_bodies, read_to_end, request_for,
)


def leave_with_reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


class FaultTest(SlowServerCase):
    def test_reset(self):
        with self.server.connect() as client:
            start = time.monotonic()
            client.sendall(request_for("/?delay_ms=20&fault=reset"))
            with self.assertRaises(ConnectionResetError):
                client.recv(1)
            self.assertGreaterEqual(time.monotonic() - start, 0.020)

    def test_never(self):
        with self.server.connect() as client:
            client.sendall(request_for("/?delay_ms=0&fault=never") + request_for("/?delay_ms=0"))
            client.settimeout(0.2)
            with self.assertRaises(TimeoutError):
                client.recv(1)

    def test_never_is_over_when_the_client_leaves(self):
        clients = [self.server.connect() for _ in range(20)]
        for client in clients:
            client.sendall(request_for("/?delay_ms=0&fault=never"))
        self.assertTrue(eventually(lambda: self.server.connections() == 20))
        for client in clients:
            client.close()
        self.assertTrue(eventually(lambda: self.server.connections() == 0))

    def test_dribble(self):
        with self.server.connect() as client:
            start = time.monotonic()
            client.sendall(
                request_for("/?delay_ms=5&fault=dribble&token=drops", "GET", "Connection: close")
            )
            answer = read_to_end(client)
            self.assertTrue(answer.endswith(b"\r\n\r\ndrops"), answer)
            # One byte at once, then another after each gap of 1 ms.
            self.assertGreaterEqual(time.monotonic() - start, 0.005 + (len(answer) - 1) * 0.001)

    def test_dribble_goes_with_keep_alive_and_chunks(self):
        with self.server.connect() as client:
            client.sendall(request_for("/?delay_ms=0&fault=dribble&token=a"))
            client.sendall(request_for("/?delay_ms=0&token=b"))
            self.assertEqual(read_bodies(client, 2), [b"a", b"b"])
        answer = self.server.get("/?delay_ms=0&fault=dribble&chunked=1&token=abcdef")
        self.assertEqual(answer[1], b"abcdef")

    def test_close(self):
        for query in ("token=abcdef", "bytes=1000000", "chunked=1&token=abcdef"):
            with self.subTest(query), self.assertRaises(http.client.IncompleteRead):
                self.server.get("/?delay_ms=0&fault=close&" + query)
        raw = self.server.ask(request_for("/?delay_ms=0&fault=close&token=abcdef"))
        self.assertTrue(raw.endswith(b"Content-Length: 6\r\n\r\nabc"), raw)

    def test_close_without_a_body_ends_in_the_head(self):
        raw = self.server.ask(request_for("/?delay_ms=0&fault=close", "HEAD"))
        self.assertTrue(raw.startswith(b"HTTP/1.1 200 OK\r\n"), raw)
        self.assertNotIn(b"\r\n\r\n", raw)


class ClientThatLeavesTest(SlowServerCase):
    def test_a_reset_frees_what_waits_at_once(self):
        clients = [self.server.connect() for _ in range(50)]
        for client in clients:
            client.sendall(request_for("/?delay_ms=3600000"))
        self.assertTrue(eventually(lambda: self.server.connections() == 50))
        for client in clients:
            leave_with_reset(client)
        self.assertTrue(eventually(lambda: self.server.connections() == 0))

    def test_a_close_frees_what_waits_when_the_delay_ends_at_the_latest(self):
        clients = [self.server.connect() for _ in range(50)]
        for client in clients:
            client.sendall(request_for("/?delay_ms=50&bytes=100000"))
            client.close()
        self.assertTrue(eventually(lambda: self.server.connections() == 0))

    def test_leaving_at_any_moment_of_a_big_answer_harms_nobody(self):
        for i in range(30):
            client = self.server.connect()
            client.sendall(request_for("/?delay_ms=0&bytes=16000000"))
            client.recv(1 + i * 10_000)
            leave_with_reset(client) if i % 2 else client.close()
        self.assertTrue(eventually(lambda: self.server.connections() == 0))

    def test_a_client_that_does_not_read_holds_up_nobody(self):
        with self.server.connect() as lazy:
            lazy.sendall(request_for("/?delay_ms=0&bytes=16000000&token=lazy"))
            for _ in range(20):
                self.assertEqual(self.server.get("/?delay_ms=1&token=brisk")[1], b"brisk")
            self.assertEqual(len(read_bodies(lazy, 1)[0]), 16_000_000)


class DescriptorLimitTest(unittest.TestCase):
    def test_the_limit_is_raised_as_far_as_allowed(self):
        server = SlowServer(open_files=(40, 60))
        self.addCleanup(server.kill)
        limits = Path(f"/proc/{server.process.pid}/limits").read_text()
        self.assertEqual(server.stop(), 0)
        line = next(line for line in limits.splitlines() if line.startswith("Max open files"))
        self.assertEqual(line.split()[3:5], ["60", "60"])

    def test_without_descriptors_it_goes_on_serving_and_does_not_spin(self):
        server = SlowServer(open_files=(40, 40))
        self.addCleanup(server.kill)
        if "libubsan" in server.maps():
            self.skipTest("UBSan's own checks need a free descriptor (a pipe), or report nonsense")
        clients = [server.connect() for _ in range(80)]  # half of them wait in the backlog
        self.assertTrue(eventually(lambda: server.open_files() == 40))
        clients[0].sendall(request_for("/?delay_ms=0&token=served"))
        self.assertEqual(read_bodies(clients[0], 1), [b"served"])

        used = cpu_seconds(server.process.pid)
        time.sleep(0.3)
        self.assertLess(cpu_seconds(server.process.pid) - used, 0.1)  # spinning would take it all

        for client in clients[:60]:
            client.close()
        clients[79].sendall(request_for("/?delay_ms=0&token=late"))
        self.assertEqual(read_bodies(clients[79], 1), [b"late"])
        for client in clients[60:]:
            client.close()
        self.assertEqual(server.stop(), 0)


def cpu_seconds(process_id):
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # user and system


if __name__ == "__main__":
    unittest.main()
