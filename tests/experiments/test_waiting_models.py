"""waiting_models: every way to serve gives back what it is sent, however oddly, and ends without a trace."""

import ctypes
import os
import re
import resource
import signal
import socket
import struct
import subprocess
import threading
import time
import unittest
from contextlib import contextmanager
from pathlib import Path

from tests.experiments.experiment_case import BIN, ROOT, ExperimentCase, children_of, is_alive

ONE_AT_A_TIME = ("blocking",)
RAW = ("blocking", "nonblocking", "threads", "thread_pool", "processes", "select", "poll", "epoll", "epoll_edge",
       "io_uring")
MODELS = (*RAW, "event_loop", "coroutines", "coroutines_io_uring")
if "tsan" in str(BIN):  # it keeps a signal back while its thread is in select() or accept4(): no end, no reaping
    MODELS = tuple(model for model in MODELS if model not in ("select", "processes"))
SKIPPED = 77
PATIENCE_S = 20
BIG = bytes(range(256)) * 8192  # 2 MiB: more than all socket buffers of a connection
SANITIZED = any(flavour in str(BIN) for flavour in ("asan", "tsan"))
PR_SET_CHILD_SUBREAPER = 36


class Server:
    """One model, serving alone."""

    def __init__(self, model, **how):
        # Threads that have finished, but were not detached yet when the signal came, are no leak.
        options = os.environ.get("TSAN_OPTIONS", "") + ":report_thread_leaks=0"
        self.process = subprocess.Popen([str(BIN / "waiting_models"), "--serve", model], stderr=subprocess.PIPE,
                                        text=True, cwd=ROOT, env={**os.environ, "TSAN_OPTIONS": options}, **how)
        self.line = self.process.stderr.readline()
        found = re.search(r"127\.0\.0\.1:(\d+)", self.line)
        self.port = int(found[1]) if found else None

    def connect(self):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client

    def end(self):
        self.process.terminate()
        try:
            code = self.process.wait(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        rest = self.process.stderr.read()
        self.process.stderr.close()
        return code, rest

    def folder(self):
        return Path(f"/proc/{self.process.pid}")

    def descriptors(self):
        return len(list((self.folder() / "fd").iterdir()))

    def threads(self):
        return len(list((self.folder() / "task").iterdir()))

    def memory_bytes(self):
        return int(re.search(r"VmRSS:\s+(\d+) kB", (self.folder() / "status").read_text())[1]) * 1024


def receive(client, count):
    """Exactly `count` bytes, or fewer where the stream ends."""
    pieces = []
    while count > 0 and (piece := client.recv(min(count, 1 << 16))):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def eventually(condition):
    """Whether it comes true; only a hang takes long."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False


class ServeCase(ExperimentCase):
    experiment = "waiting_models"

    @contextmanager
    def serving(self, model, **how):
        with self.subTest(model=model):
            server = Server(model, **how)
            try:
                yield server
            finally:
                if server.process.poll() is None:
                    code, rest = server.end()
                    self.assertEqual((code, rest), (0, ""), model)
                elif server.process.returncode == SKIPPED:
                    server.process.stderr.close()
                    self.skipTest(f"{model} is skipped on this machine")
                else:
                    self.fail(f"{model} ended with {server.process.returncode}: {server.process.stderr.read()}")


class AwkwardInput(ServeCase):
    models = MODELS
    one_at_a_time = ONE_AT_A_TIME

    def test_one_byte_at_a_time(self):
        for model in self.models:
            with self.serving(model) as server, server.connect() as client:
                for value in b"one byte after the other":
                    client.sendall(bytes([value]))
                    self.assertEqual(client.recv(10), bytes([value]))

    def test_one_message_in_pieces_of_one_byte(self):
        for model in self.models:
            with self.serving(model) as server, server.connect() as client:
                text = bytes(range(200))
                for value in text:
                    client.sendall(bytes([value]))
                self.assertEqual(receive(client, len(text)), text)

    def test_more_than_any_buffer_holds(self):
        for model in self.models:
            with self.serving(model) as server, server.connect() as client:
                sender = threading.Thread(target=client.sendall, args=(BIG,))
                sender.start()
                self.assertEqual(receive(client, len(BIG)), BIG)
                sender.join()

    def test_a_client_that_ends_its_sending_still_gets_everything(self):
        for model in self.models:
            with self.serving(model) as server:
                for text in (b"", b"the last words", BIG[:200_000]):
                    with server.connect() as client:
                        client.sendall(text)
                        client.shutdown(socket.SHUT_WR)
                        self.assertEqual(receive(client, len(text) + 1), text)

    def test_a_client_that_breaks_off_is_no_ones_trouble(self):
        for model in self.models:
            with self.serving(model) as server:
                first = server.connect()
                first.sendall(b"still here")
                self.assertEqual(receive(first, 10), b"still here")
                for text in (b"", b"x", BIG[:100_000]):
                    other = server.connect()
                    other.sendall(text)
                    reset(other)
                if model in self.one_at_a_time:
                    first.close()
                    first = server.connect()
                first.sendall(b"and now")
                self.assertEqual(receive(first, 7), b"and now")
                first.close()

    def test_a_client_that_never_reads_costs_little_and_holds_nobody_up(self):
        for model in self.models:
            with self.serving(model) as server, server.connect() as deaf:
                deaf.sendall(b"x")
                self.assertTrue(eventually(lambda: server.descriptors() > 0))
                before = server.memory_bytes()
                deaf.settimeout(0.05)
                with self.assertRaises(TimeoutError):  # all buffers between us are full
                    while True:
                        deaf.sendall(BIG)
                if not SANITIZED:
                    self.assertLess(server.memory_bytes() - before, 4 << 20)
                if model not in self.one_at_a_time:
                    with server.connect() as client:
                        client.sendall(b"hello")
                        self.assertEqual(receive(client, 5), b"hello")

    def test_clients_talk_in_any_order(self):
        for model in set(self.models) - set(self.one_at_a_time):
            with self.serving(model) as server:
                clients = [server.connect() for _ in range(20)]
                for number, client in reversed(list(enumerate(clients))):
                    client.sendall(b"I am %03d" % number)
                for number, client in enumerate(clients):
                    self.assertEqual(receive(client, 8), b"I am %03d" % number)
                    client.close()


class NothingLeft(ServeCase):
    def test_many_that_came_and_went_leave_nothing(self):
        count = 40 if SANITIZED else 300
        for model in MODELS:
            with self.serving(model) as server:
                self.come_and_go(server, 20)
                self.assertTrue(eventually(lambda: not children_of(server.process.pid)))
                usual = server.descriptors(), server.threads()
                before = server.memory_bytes()
                self.come_and_go(server, count)
                self.assertTrue(eventually(lambda: not children_of(server.process.pid)), model)
                self.assertTrue(eventually(lambda: server.descriptors() <= usual[0] and server.threads() <= usual[1]),
                                model)
                if not SANITIZED:
                    self.assertLess(server.memory_bytes() - before, 2 << 20)

    def come_and_go(self, server, count):
        for number in range(count):
            client = server.connect()
            client.sendall(b"hello")
            self.assertEqual(receive(client, 5), b"hello")
            if number % 3 == 2:
                client.sendall(BIG[:100_000])  # so that a send is under way when it breaks off
            (client.close if number % 3 == 1 else lambda: reset(client))()

    def test_it_ends_on_a_signal_with_clients_in_every_state(self):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.addCleanup(ctypes.CDLL(None).prctl, PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        for model in MODELS:
            for sent in (signal.SIGTERM, signal.SIGINT):
                with self.subTest(model=model, signal=sent):
                    server = Server(model)
                    clients = [server.connect() for _ in range(4)]
                    clients[0].sendall(b"hello")
                    self.assertEqual(receive(clients[0], 5), b"hello")
                    clients[1].shutdown(socket.SHUT_WR)
                    clients[2].sendall(BIG[:100_000])
                    server.process.send_signal(sent)
                    self.addCleanup(server.process.kill)
                    self.assertEqual(server.process.wait(timeout=PATIENCE_S), 0)
                    server.process.stderr.close()
                    self.assertTrue(eventually(self.nobody_is_left), model)
                    self.assertTrue(eventually(lambda: self.is_refused(server)), model)
                    for client in clients:
                        client.close()

    def is_refused(self, server):
        """The kernel takes an io_uring apart after its process has ended: a moment later."""
        try:
            server.connect().close()
        except OSError:
            return True
        return False

    def nobody_is_left(self):
        """Orphans become children of this process, who reaps them."""
        for orphan in children_of(os.getpid()):
            if not is_alive(orphan):
                os.waitpid(orphan, 0)
        return not children_of(os.getpid())


class FewDescriptors(ServeCase):
    @unittest.skipIf("asan" in str(BIN), "UBSan looks at memory through a pipe of its own, which it can't have then")
    def test_without_descriptors_the_others_are_served_and_room_is_used_again(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (30, 30))

        for model in set(MODELS) - set(ONE_AT_A_TIME):
            with self.serving(model, preexec_fn=few) as server:
                first = server.connect()
                crowd = [server.connect() for _ in range(60)]
                first.sendall(b"hello")
                self.assertEqual(receive(first, 5), b"hello")
                used_s = self.cpu_seconds(server)
                time.sleep(0.2)
                if model != "nonblocking":
                    self.assertLess(self.cpu_seconds(server) - used_s, 0.15, f"{model} spins")
                for client in crowd:
                    client.close()
                self.assertTrue(eventually(lambda: self.is_served(server)), model)
                first.close()

    def is_served(self, server):
        try:
            with server.connect() as client:
                client.settimeout(1)
                client.sendall(b"x")
                return client.recv(1) == b"x"
        except OSError:
            return False

    def cpu_seconds(self, server):
        fields = (server.folder() / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Outside(ServeCase):
    def test_an_outside_client_is_served(self):
        for model in MODELS:
            with self.serving(model) as server:
                self.assertIn(f"{model} listens on 127.0.0.1:{server.port}", server.line)
                done = subprocess.run(["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{server.port}; echo hello >&3; "
                                       "read -r line <&3; echo $line"], capture_output=True, text=True, timeout=60)
                self.assertEqual(done.stdout, "hello\n")

    def test_bad_input_is_one_line(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            for flags, words in (
                (("--serve", "fibers"), ("fibers", "epoll")),
                (("--serve", "epoll", "--port", port), ("--port", port, "in use")),
                (("--serve", "epoll", "--port", "70000"), ("--port", "70000")),
                (("--clients", "0"), ("--clients",)),
                (("--clients", "4,4"), ("--clients", "twice")),
                (("--clients", "many"), ("--clients", "many")),
                (("--payload-bytes", "0"), ("--payload-bytes",)),
                (("--model", "fibers"), ("fibers",)),
            ):
                with self.subTest(flags=flags):
                    self.assert_refused(self.run_experiment(*flags), *words)


class Measured(ServeCase):
    def test_every_model_does_the_same_work(self):
        outcome = self.run_experiment("--smoke")
        self.assertEqual((outcome.exit_code, outcome.err), (0, ""))
        self.assertEqual(outcome.models(), {*MODELS, "select", "processes"})
        for row in outcome.rows():
            if "error_occurred" in row:
                self.assertIn("skipped", row["error_message"])
                continue
            self.assertEqual(row["units"], 1000, row["name"])
            self.assertGreater(row["server_cpu_s_per_message"], 0)
            self.assertGreaterEqual(row["p99_ms"], row["p50_ms"])
            self.assertGreater(row["peak_memory_bytes"], 1 << 20)

    def test_threads_and_processes_are_counted(self):
        outcome = self.run_experiment("--smoke", "--clients", "3", "--model", "threads,thread_pool,processes,epoll")
        staff = {row["name"].split("/")[1]: (row["peak_threads"], row["peak_processes"]) for row in outcome.rows()}
        self.assertEqual(staff, {"threads": (4, 1), "thread_pool": (33, 1), "processes": (1, 4), "epoll": (1, 1)})

    def test_what_can_not_be_reached_is_skipped_with_the_reason(self):
        outcome = self.run_experiment("--smoke", "--clients", "50000", "--model", "select,blocking,epoll")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        reasons = {row["name"].split("/")[1]: row["error_message"] for row in outcome.rows()}
        self.assertRegex(reasons["select"], "^skipped: .*FD_SETSIZE")
        self.assertRegex(reasons["blocking"], "^skipped: .*backlog")
        if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 50_000:
            self.assertRegex(reasons["epoll"], "^skipped: .*RLIMIT_NOFILE")

    @unittest.skipIf("select" not in MODELS, "see MODELS")
    def test_select_stops_before_its_set_is_full(self):
        with self.serving("select") as server:
            resource.setrlimit(resource.RLIMIT_NOFILE, (3000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
            clients = [server.connect() for _ in range(1100)]
            clients[0].sendall(b"hello")
            self.assertEqual(receive(clients[0], 5), b"hello")
            try:
                self.assertEqual(clients[-1].recv(1), b"")
            except ConnectionResetError:
                pass
            for client in clients:
                client.close()


if __name__ == "__main__":
    unittest.main()
