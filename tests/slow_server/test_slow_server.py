"""The slow server as an HTTP server: framing, delays, answers."""

import http.client
import socket
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from slow_server_case import SlowServerCase, read_bodies, read_to_end, request_for

MIB = 1024 * 1024


class ConnectionTest(SlowServerCase):
    def test_a_connection_is_kept_alive(self):
        client = http.client.HTTPConnection("127.0.0.1", self.server.port)
        used = set()
        for i in range(3):
            client.request("GET", f"/?delay_ms=0&token=job-{i}")
            used.add(client.sock.getsockname())
            self.assertEqual(client.getresponse().read(), f"job-{i}".encode())
        client.close()
        self.assertEqual(len(used), 1)

    def test_pipelined_requests_are_answered_in_order(self):
        with self.server.connect() as client:
            start = time.monotonic()
            client.sendall(
                request_for("/?delay_ms=60&token=slow")
                + request_for("/?delay_ms=20&token=medium")
                + request_for("/?delay_ms=0&token=fast")
            )
            self.assertEqual(read_bodies(client, 3), [b"slow", b"medium", b"fast"])
            self.assertGreaterEqual(time.monotonic() - start, 0.060)

    def test_hundreds_of_pipelined_requests_lose_nothing(self):
        tokens = [f"t{i}" for i in range(500)]
        for delay_ms in (0, 3):
            requests = [request_for(f"/?delay_ms={delay_ms}&token={token}") for token in tokens]
            with self.server.connect() as client:
                client.sendall(b"".join(requests))
                self.assertEqual(read_bodies(client, 500), [token.encode() for token in tokens])

    def test_a_request_may_come_byte_by_byte(self):
        with self.server.connect() as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            request = request_for("/?delay_ms=0&token=patience", "POST", "Content-Length: 3")
            for byte in request + b"abc":
                client.sendall(bytes([byte]))
            self.assertEqual(read_bodies(client, 1), [b"patience"])

    def test_line_breaks_between_requests_are_skipped(self):
        request = request_for("/?delay_ms=0&token=a")
        with self.server.connect() as client:
            client.sendall(request + b"\r\n" + request + b"\r\n\r\n" + request)
            self.assertEqual(read_bodies(client, 3), [b"a"] * 3)

    def test_connection_close_is_obeyed_and_what_follows_is_not_answered(self):
        answers = self.server.ask(
            request_for("/?delay_ms=0&token=last", "GET", "Connection: close")
            + request_for("/?delay_ms=0&token=never")
        )
        self.assertTrue(answers.endswith(b"Connection: close\r\n\r\nlast"), answers)

    def test_http_1_0_closes_unless_asked_to_stay(self):
        answer = self.server.ask(b"GET /?delay_ms=0&token=old HTTP/1.0\r\n\r\n")
        self.assertTrue(answer.endswith(b"Connection: close\r\n\r\nold"), answer)
        stay = b"GET /?delay_ms=0&token=old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
        with self.server.connect() as client:
            client.sendall(stay + stay)
            self.assertEqual(read_bodies(client, 2), [b"old"] * 2)

    def test_a_client_that_has_nothing_more_to_ask_still_gets_its_answer(self):
        with self.server.connect() as client:
            client.sendall(request_for("/?delay_ms=30&token=half-closed"))
            client.shutdown(socket.SHUT_WR)
            self.assertTrue(read_to_end(client).endswith(b"half-closed"))


class RequestBodyTest(SlowServerCase):
    def ask_twice(self, body, *headers):
        """The body must be read to its end, or the second request would not be understood."""
        with self.server.connect() as client:
            client.sendall(request_for("/?delay_ms=0&token=first", "POST", *headers) + body)
            client.sendall(request_for("/?delay_ms=0&token=second"))
            self.assertEqual(read_bodies(client, 2), [b"first", b"second"])

    def test_content_length(self):
        for size in (0, 1, 1000, 5 * MIB, 16 * MIB):
            with self.subTest(size=size):
                self.ask_twice(b"x" * size, f"Content-Length: {size}")

    def test_chunked(self):
        chunked = "Transfer-Encoding: chunked"
        self.ask_twice(b"0\r\n\r\n", chunked)
        self.ask_twice(b"5\r\nhello\r\nA;name=value\r\n0123456789\r\n0\r\n\r\n", chunked)
        self.ask_twice(b"3\r\nabc\r\n0\r\nTrailer: yes\r\n\r\n", chunked)
        self.ask_twice((b"10000\r\n" + b"x" * 65536 + b"\r\n") * 20 + b"0\r\n\r\n", chunked)

    def test_the_delay_begins_when_the_body_is_whole(self):
        with self.server.connect() as client:
            request = request_for("/?delay_ms=30&token=a", "POST", "Content-Length: 4")
            client.sendall(request + b"ab")
            time.sleep(0.030)
            rest_sent = time.monotonic()
            client.sendall(b"cd")
            self.assertEqual(read_bodies(client, 1), [b"a"])
            self.assertGreaterEqual(time.monotonic() - rest_sent, 0.030)

    def test_a_client_that_waits_for_100_continue_is_told_to(self):
        headers = ["Content-Length: 4", "Expect: 100-continue"]
        with self.server.connect() as client:
            client.sendall(request_for("/?delay_ms=0&token=a", "POST", *headers))
            self.assertEqual(client.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            client.sendall(b"body")
            self.assertEqual(read_bodies(client, 1), [b"a"])

    def test_a_body_above_the_limit_is_refused_cleanly(self):
        # "Cleanly": the client can send all it has, and still finds the answer.
        size = 17 * MIB
        length = request_for("/", "POST", f"Content-Length: {size}")
        chunked = request_for("/", "POST", "Transfer-Encoding: chunked")
        chunks = (b"100000\r\n" + b"x" * MIB + b"\r\n") * 17 + b"0\r\n\r\n"
        for name, request in {"length": length + b"x" * size, "chunked": chunked + chunks}.items():
            with self.subTest(name), self.server.connect() as client:
                client.sendall(request)
                client.shutdown(socket.SHUT_WR)
                answer = read_to_end(client)
                self.assertTrue(answer.startswith(b"HTTP/1.1 413 Payload Too Large\r\n"), answer)
                self.assertIn(b"\r\nConnection: close\r\n", answer)


class RefusalTest(SlowServerCase):
    def test_what_is_no_http_gets_400_and_the_connection_ends(self):
        bad = [
            b"nonsense\r\n\r\n",
            b"GET\r\n\r\n",
            b"GET / HTTP/2.0\r\n\r\n",
            b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 200_000,
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32),  # the start of TLS
            b"\x00" * 100,
        ]
        for request in bad:
            with self.subTest(request=request[:60]):
                answer = self.server.ask(request)
                self.assertTrue(answer.startswith(b"HTTP/1.1 400 Bad Request\r\n"), answer)
                self.assertIn(b"\r\nConnection: close\r\n", answer)

    def test_a_request_that_ends_in_its_middle_gets_400(self):
        for part in (b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc"):
            with self.subTest(part=part), self.server.connect() as client:
                client.sendall(part)
                client.shutdown(socket.SHUT_WR)
                self.assertTrue(read_to_end(client).startswith(b"HTTP/1.1 400 "))

    def test_a_header_without_end_gets_431(self):
        answer = self.server.ask(b"GET / HTTP/1.1\r\n" + b"Name: value\r\n" * 10_000)
        self.assertTrue(answer.startswith(b"HTTP/1.1 431 "), answer)

    def test_requests_before_a_bad_one_are_answered_first(self):
        answers = self.server.ask(request_for("/?delay_ms=20&token=good") + b"nonsense\r\n\r\n")
        self.assertLess(answers.index(b"good"), answers.index(b"HTTP/1.1 400 "))

    def test_a_bad_parameter_gets_400_with_the_reason_and_the_connection_goes_on(self):
        with self.server.connect() as client:
            for query in ("delay_ms=-1", "delay_ms=nan", "delay_ms=soon", "delay_ms=3600001",
                          "token=%20", "bytes=16777217", "status=1", "fault=x", "delay=20"):
                client.sendall(request_for("/?" + query))
                reason = read_bodies(client, 1)[0].decode()
                self.assertIn(query.split("=")[0], reason)
            client.sendall(request_for("/?delay_ms=0&token=on"))
            self.assertEqual(read_bodies(client, 1), [b"on"])
        self.assertEqual(self.server.get("/?delay_ms=-1")[0], 400)
        self.assertIn(b"negative", self.server.get("/?delay_ms=-1")[1])


class AnswerTest(SlowServerCase):
    def test_a_delay_is_never_early(self):
        for delay_ms in (0, 0.25, 1, 7.5, 20, 60):
            for _ in range(5):
                status, body, seconds = self.server.get(f"/?delay_ms={delay_ms}&token=late")
                self.assertEqual((status, body), (200, b"late"))
                self.assertGreaterEqual(seconds, delay_ms / 1000)

    def test_without_a_token_the_text_is_fixed(self):
        self.assertEqual(self.server.get("/?delay_ms=0")[1], b"two cakes\n")
        self.assertEqual(self.server.get("/any/path?delay_ms=0")[1], b"two cakes\n")

    def test_bytes(self):
        for count in (0, 1, 4, 1000, 65536, 16 * MIB):
            body = self.server.get(f"/?delay_ms=0&token=abc&bytes={count}")[1]
            self.assertEqual(body, (b"abc" * (count // 3 + 1))[:count])

    def test_status(self):
        for status in (200, 204, 304, 404, 500, 599):
            answer = self.server.get(f"/?delay_ms=0&status={status}")
            self.assertEqual(answer[0], status)
            self.assertEqual(answer[1], b"" if status in (204, 304) else b"two cakes\n")

    def test_chunked(self):
        for count in (0, 1, 10, 300_000):
            answer = self.server.get(f"/?delay_ms=0&chunked=1&token=abc&bytes={count}")
            self.assertEqual(answer[1], (b"abc" * (count // 3 + 1))[:count])
        close = "Connection: close"
        raw = self.server.ask(request_for("/?delay_ms=0&chunked=1&token=abc", "GET", close))
        self.assertTrue(raw.endswith(b"\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"), raw)
        self.assertNotIn(b"Content-Length", raw)

    def test_head_has_the_length_and_no_body(self):
        with self.server.connect() as client:
            client.sendall(request_for("/?delay_ms=0&bytes=1000", "HEAD", "Connection: close"))
            answer = read_to_end(client)
        self.assertIn(b"\r\nContent-Length: 1000\r\n", answer)
        self.assertTrue(answer.endswith(b"\r\n\r\n"), answer)

    def test_other_methods_are_answered_alike(self):
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"):
            answer = self.server.get("/?delay_ms=0&token=a", method, b"body")
            self.assertEqual(answer[:2], (200, b"a"))


if __name__ == "__main__":
    unittest.main()
