"""What a program under test can reach, what each limit says, and that nothing is left of it."""

import os
import socket
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from common.coursework.processes import below
from common.coursework.sandbox import Limits, NoSandbox, Sandbox

SHELL = "/bin/sh"
PYTHON = "/usr/bin/python3"


def sandbox():
    try:
        return Sandbox.find()
    except NoSandbox as why:
        raise unittest.SkipTest(str(why)) from None


class SandboxTest(unittest.TestCase):
    def setUp(self):
        self.sandbox = sandbox()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name)
        self.before = set(below(os.getpid()))

    def tearDown(self):
        self.assertEqual(set(below(os.getpid())) - self.before, set(), "a process is left")

    def sh(self, script, **options):
        return self.sandbox.start([SHELL, "-c", script], **options).wait()

    def python(self, script, **options):
        return self.sandbox.start([PYTHON, "-I", "-c", script], **options).wait()


class WhatItReaches(SandboxTest):
    def test_an_ordinary_end(self):
        ending = self.sh("echo out; echo err >&2; exit 3")
        self.assertEqual((ending.verdict, ending.exit_code, ending.signal, ending.words), ("ended", 3, "", ""))
        self.assertEqual(sorted(ending.output.split()), ["err", "out"])

    def test_no_file_of_this_machine_but_the_system(self):
        ending = self.sh("ls /; ls /home /root /work /var /etc/passwd " + str(self.top))
        self.assertEqual(ending.output.count("No such file or directory"), 6)
        self.assertLessEqual(set(ending.output.split("ls:")[0].split()),
                             {"bin", "dev", "etc", "lib", "lib32", "lib64", "proc", "sbin", "tmp", "usr"})

    def test_nothing_can_be_written_but_tmp(self):
        ending = self.sh("for place in / /usr /dev /etc /usr/bin /proc; do touch $place/x 2>/dev/null && echo wrote $place; done;"
                         "touch /tmp/x && echo fine")
        self.assertEqual(ending.output, "fine\n")

    def test_it_is_nobody_without_a_right(self):
        ending = self.sh("id -u; grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status")
        self.assertEqual(ending.output.split(), ["65534", "CapEff:", "0" * 16, "CapBnd:", "0" * 16, "NoNewPrivs:", "1"])

    def test_processes_of_its_own(self):
        ending = self.sh("ls /proc | grep -c '^[0-9]'; kill -9 -1; echo still here")
        self.assertLessEqual(int(ending.output.split()[0]), 6)

    def test_what_its_parent_was_told_stays_unseen(self):
        (self.top / "secret_place").write_text("x")
        with mock.patch.dict(os.environ, {"TOKEN": "very_secret"}):
            ending = self.sh("cat /proc/*/environ /proc/*/cmdline; env", read=[(str(self.top / "secret_place"), "/given")])
        self.assertNotIn("very_secret", ending.output)
        self.assertNotIn("secret_place", ending.output)

    def test_no_descriptor_of_ours(self):
        reader, writer = os.pipe()
        os.set_inheritable(writer, True)
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        ending = self.sh("ls /proc/self/fd")
        self.assertEqual(ending.output.split(), ["0", "1", "2", "3"])  # 3: what ls reads from

    def test_a_network_of_its_own(self):
        with socket.create_server(("127.0.0.1", 0)) as ours:
            port = ours.getsockname()[1]
            ending = self.python(f"import socket\ntry: socket.create_connection(('127.0.0.1', {port}), 1)\n"
                                 "except OSError as error: print(error)\n"
                                 "try: socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError as error: print(error)")
        self.assertIn("refused", ending.output)
        self.assertIn("unreachable", ending.output)

    def test_no_other_kind_of_socket_no_memory_off_the_books_no_namespaces(self):
        ending = self.python(
            "import ctypes, os, socket\n"
            "libc = ctypes.CDLL(None, use_errno=True)\n"
            "for family in (socket.AF_NETLINK, socket.AF_VSOCK, socket.AF_PACKET):\n"
            "  try: socket.socket(family, socket.SOCK_DGRAM); print('socket')\n"
            "  except OSError: pass\n"
            "try: os.memfd_create('x'); print('memfd')\n"
            "except OSError: pass\n"
            "if libc.unshare(0x10000000) == 0: print('unshare')\n"
            "if libc.ptrace(0, 0, 0, 0) == 0: print('ptrace')\n"
            "if libc.shmget(0, 4096, 0o1600) >= 0: print('shmget')\n")  # fmt: skip
        self.assertEqual((ending.verdict, ending.output), ("ended", ""))

    def test_what_it_is_given_it_reads_even_out_of_a_private_folder(self):
        private = self.top / "private"
        private.mkdir(mode=0o700)
        (private / "given").write_text("hello")
        (private / "given").chmod(0o600)
        ending = self.sh("cat /given; echo x > /given", read=[(str(private / "given"), "/given")])
        self.assertTrue(ending.output.startswith("hello"))
        self.assertEqual((private / "given").read_text(), "hello")

    def test_a_folder_to_build_in(self):
        (self.top / "out").mkdir()
        self.assertEqual(self.sh("pwd; echo built > made", write=str(self.top / "out")).output, "/build\n")
        self.assertEqual((self.top / "out" / "made").read_text(), "built\n")

    def test_the_channel_is_descriptor_3(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            running = self.sandbox.start([SHELL, "-c", "read line <&3; echo \"got $line\" >&3"], channel=theirs)
            ours.sendall(b"word\n")
            self.assertEqual(ours.recv(100), b"got word\n")
            self.assertEqual(running.wait().verdict, "ended")

    def test_connections_into_its_network(self):
        ours, theirs = socket.socketpair()
        server = ("import socket\nchannel = socket.socket(fileno=3)\nlistener = socket.create_server(('127.0.0.1', 0), backlog=64)\n"
                  "channel.sendall(b'%d' % listener.getsockname()[1])\n"
                  "taken = [listener.accept()[0] for _ in range(301)]\n"
                  "for i, one in enumerate(taken): one.sendall(b'%d' % i)\nchannel.recv(1)\n")
        with ours, theirs:
            running = self.sandbox.start([PYTHON, "-I", "-c", server], channel=theirs, limits=Limits(descriptors=400))
            port = int(ours.recv(100))
            sockets = [*running.connect(port), *running.connect(port, 300)]
            self.assertEqual([int(one.recv(100)) for one in sockets], list(range(301)))
            with self.assertRaisesRegex(ConnectionError, "refused"):
                running.connect(1)
            for one in sockets:
                one.close()
            ours.sendall(b"x")
            self.assertEqual(running.wait().verdict, "ended")

    def test_what_is_seen_from_outside(self):
        running = self.sandbox.start(["/usr/bin/sleep", "60"])
        self.assertEqual(os.path.basename(os.readlink(f"/proc/{running.pid}/exe")), "sleep")
        self.assertEqual(running.processes(), [running.pid])
        self.assertEqual(running.stop().verdict, "ended")
        with self.assertRaises(ProcessLookupError):
            self.fail(f"a pid after the end: {running.pid}")


class Limited(SandboxTest):
    def assert_verdict(self, ending, verdict, words):
        self.assertEqual(ending.verdict, verdict, ending)
        self.assertIn(words, ending.words)

    def test_wall_time(self):
        self.assert_verdict(self.sh("sleep 60", limits=Limits(wall_s=0.5)), "time", "it waits for what never comes")

    def test_cpu_time_of_children_counts(self):
        script = "for i in 1 2; do (while :; do :; done) & done; wait"
        self.assert_verdict(self.sh(script, limits=Limits(cpu_s=0.5, wall_s=60)), "cpu", "more than 0.5 s of CPU time")

    def test_memory(self):
        script = "import time; x = bytearray(300 << 20); time.sleep(60)"
        self.assert_verdict(self.python(script, limits=Limits(memory_mib=200)), "memory", "200 are allowed")

    def test_memory_of_children_counts(self):
        script = "import os, time\nfor _ in range(3): os.fork()\nx = bytearray(40 << 20); time.sleep(60)"
        self.assert_verdict(self.python(script, limits=Limits(memory_mib=200)), "memory", "200 are allowed")

    def test_a_fork_bomb(self):
        # Who can't fork stays: a shell's bomb goes out by itself, sometimes before it is looked at.
        script = "import os, time\nwhile True:\n  try: os.fork()\n  except OSError: time.sleep(60)"
        self.assert_verdict(self.python(script), "processes", "64 are allowed")

    def test_threads_count(self):
        script = "import threading, time\nfor _ in range(40): threading.Thread(target=time.sleep, args=(60,)).start()"
        self.assert_verdict(self.python(script, limits=Limits(processes=20)), "processes", "20 are allowed")

    def test_output(self):
        ending = self.sh("yes", limits=Limits(output_kib=64))
        self.assert_verdict(ending, "output", "more than 64 KiB")
        self.assertEqual(len(ending.output), 64 << 10)

    def test_disk(self):
        script = "for i in 1 2 3 4 5 6 7 8; do head -c 1000000 /dev/zero > /tmp/$i; done; sleep 60"
        self.assert_verdict(self.sh(script, limits=Limits(disk_mib=4)), "disk", "4 MiB")

    def test_one_large_file(self):
        script = "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_DFL)\nopen('/tmp/x', 'wb').write(bytes(8 << 20))"
        self.assert_verdict(self.python(script, limits=Limits(disk_mib=4)), "disk", "larger")

    def test_a_million_empty_files(self):
        script = "import os\nos.chdir('/tmp')\nfor i in range(10**6): os.close(os.open(str(i), os.O_CREAT))"
        self.assert_verdict(self.python(script, limits=Limits(wall_s=60, cpu_s=60)), "disk", "files")

    def test_descriptors(self):
        script = "import os, time\ntry:\n  while True: os.dup(0)\nexcept OSError: time.sleep(0.5); raise"
        self.assert_verdict(self.python(script, limits=Limits(descriptors=50)), "descriptors", "all 50 descriptors")

    def test_signals_by_their_names(self):
        for name in ("SEGV", "ABRT", "FPE", "PIPE", "KILL"):
            ending = self.sh(f"kill -{name} $$")
            self.assert_verdict(ending, "crash", f"SIG{name}: ")
            self.assertEqual((ending.signal, ending.exit_code), (f"SIG{name}", None))

    def test_a_daemon_does_not_outlive_it(self):
        ours, theirs = socket.socketpair()
        script = "(setsid sh -c 'setsid sleep 61 & sleep 61' &) ; (trap '' TERM HUP; sleep 61 &) ; exit 0"
        with ours:
            with theirs:
                running = self.sandbox.start([SHELL, "-c", script], channel=theirs)
            self.assertEqual(running.wait().verdict, "ended")
            self.assertEqual(ours.recv(10), b"", "somebody still holds the channel")


class Found(unittest.TestCase):
    def test_without_bubblewrap_it_refuses_with_the_remedy(self):
        with mock.patch("shutil.which", lambda name: None):
            with self.assertRaisesRegex(NoSandbox, "^no sandbox: bwrap is missing; apt-get install bubblewrap, .*UNSANDBOXED$"):
                Sandbox.find()
            self.assertEqual(Sandbox.find(allow_unsandboxed=True).label, "UNSANDBOXED")

    def test_where_namespaces_are_forbidden_it_refuses_in_one_line(self):
        with tempfile.TemporaryDirectory() as folder:
            broken = Path(folder) / "bwrap"
            broken.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
            broken.chmod(0o755)
            os.chmod(folder, 0o755)
            with mock.patch.dict(os.environ, {"PATH": f"{folder}:{os.environ['PATH']}"}):
                with self.assertRaisesRegex(NoSandbox, "No permissions to create new namespace.*UNSANDBOXED") as caught:
                    Sandbox.find()
        self.assertEqual(len(str(caught.exception).splitlines()), 1)


class Unsandboxed(unittest.TestCase):
    """Without namespaces the limits hold all the same, and nothing is left either."""

    def test_limits(self):
        bare = Sandbox("UNSANDBOXED")
        for script, limits, verdict in (
            ("sleep 60", Limits(wall_s=0.5), "time"), ("while :; do :; done", Limits(cpu_s=0.5, wall_s=60), "cpu"),
            ("yes", Limits(), "output"), ("kill -SEGV $$", Limits(), "crash"), ("exit 3", Limits(), "ended"),
        ):  # fmt: skip
            with self.subTest(script=script):
                self.assertEqual(bare.start([SHELL, "-c", script], limits=limits).wait().verdict, verdict)

    def test_a_daemon_does_not_outlive_it(self):
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                running = Sandbox("UNSANDBOXED").start([SHELL, "-c", "(setsid sleep 61 &); exit 0"], channel=theirs)
            self.assertEqual(running.wait().exit_code, 0)
            self.assertEqual(ours.recv(10), b"")

    @unittest.skipIf(os.geteuid() != 0, "only root can become somebody else")
    def test_root_becomes_nobody(self):
        self.assertEqual(Sandbox("UNSANDBOXED").start([SHELL, "-c", "id -u"]).wait().output, "65534\n")


if __name__ == "__main__":
    unittest.main()
