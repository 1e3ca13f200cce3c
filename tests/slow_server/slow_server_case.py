"""A running slow_server for tests, and raw connections to it."""

import http.client
import os
import resource
import signal
import socket
import subprocess
import time
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = REPOSITORY / os.environ.get("TWO_CAKES_BIN", "build/release/bin") / "slow_server"
PATIENCE_S = 30  # for what must happen, however busy the machine is


class SlowServer:
    """A slow_server process on a free port, from start() to stop()."""

    def __init__(self, *flags, host="127.0.0.1", open_files=None):
        def set_limits():
            if open_files is not None:
                resource.setrlimit(resource.RLIMIT_NOFILE, open_files)

        reader, writer = os.pipe()
        self.host = host
        self.process = subprocess.Popen(
            [PROGRAM, "--host", host, "--port", "0", "--ready-fd", str(writer), *flags],
            pass_fds=[writer],
            preexec_fn=set_limits,
        )
        os.close(writer)
        with open(reader) as ready:
            self.ready_text = ready.read()
        self.port = int(self.ready_text)
        self.own_files, self.own_threads = self.open_files(), self.threads()

    def stop(self, signal_number=signal.SIGTERM):
        """Asks the server to stop and returns its exit code."""
        self.process.send_signal(signal_number)
        return self.process.wait(PATIENCE_S)

    def kill(self):
        """For a test that failed before it stopped the server."""
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def connect(self):
        return socket.create_connection((self.host, self.port), timeout=PATIENCE_S)

    def ask(self, request):
        """Sends the bytes of one or more requests and returns all bytes until the server closes."""
        with self.connect() as client:
            client.sendall(request)
            return read_to_end(client)

    def get(self, target, method="GET", body=None, headers={}):
        """One request on a connection of its own; returns (status, body, seconds)."""
        client = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_S)
        try:
            client.connect()
            start = time.monotonic()
            client.request(method, target, body, headers)
            answer = client.getresponse()
            return answer.status, answer.read(), time.monotonic() - start
        finally:
            client.close()

    def connections(self):
        """How many connections the server holds open."""
        return self.open_files() - self.own_files

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def maps(self):
        """The libraries of the process, among other things."""
        return Path(f"/proc/{self.process.pid}/maps").read_text()

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))


def request_for(target, method="GET", *headers):
    lines = [f"{method} {target} HTTP/1.1", "Host: test", *headers, "", ""]
    return "\r\n".join(lines).encode()


def read_to_end(client):
    pieces = []
    while piece := client.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def read_bodies(client, count):
    """The bodies of the next `count` answers on a connection that stays open."""
    stream = client.makefile("rb")
    bodies = []
    for _ in range(count):
        assert stream.readline().startswith(b"HTTP/1.1 "), "no status line"
        length = 0
        while (line := stream.readline()) != b"\r\n":
            assert line, "the server closed in the middle of the head"
            name, value = line.split(b":", 1)
            if name.lower() == b"content-length":
                length = int(value)
        bodies.append(stream.read(length))
    return bodies


def eventually(condition):
    """True as soon as `condition()` is; False if it does not come true in time."""
    give_up = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.005)
    return True


class SlowServerCase(unittest.TestCase):
    """Test cases that share one server; after each, it must still be well."""

    flags = ()

    @classmethod
    def setUpClass(cls):
        if not PROGRAM.exists():
            raise unittest.SkipTest(f"{PROGRAM} is not built")
        cls.server = SlowServer(*cls.flags)

    @classmethod
    def tearDownClass(cls):
        exit_code = cls.server.stop()
        assert exit_code == 0, f"slow_server ended with {exit_code}"  # a sanitizer's report, too

    def tearDown(self):
        self.assertEqual(self.server.get("/?delay_ms=0&token=well")[:2], (200, b"well"))
