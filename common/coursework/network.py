"""Sockets of a sandbox's own loopback, made by a helper that enters it and hands them out.

The helper is this file run as a program: a process of one thread, as setns(2) demands, that enters
the network namespace, connects, and passes the sockets by SCM_RIGHTS (unix(7)).
"""

import array
import ctypes
import fcntl
import json
import os
import resource
import select
import socket
import subprocess
import sys
import time

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_NS_GET_USERNS = 0xB701  # ioctl_ns(2): the user namespace that owns another namespace
_BATCH = 200  # of descriptors in one message: the kernel takes 253
_RETRY_S = 0.05


def connect_inside(pid: int, port: int, count: int, wall_s: float) -> list[socket.socket]:
    """Return `count` sockets connected to `port` of the loopback of `pid`'s network namespace.

    Blocks up to `wall_s`. Raises ConnectionError, in words, if not all of them were taken up.
    """
    _allow_descriptors(count)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-I", "-S", __file__]
    arguments = [str(value) for value in (pid, port, count, wall_s, theirs.fileno())]
    with ours, subprocess.Popen(command + arguments, pass_fds=[theirs.fileno()]) as helper:
        theirs.close()
        ours.settimeout(wall_s + 5)
        try:
            return _received(ours, count)
        finally:
            helper.kill()


def connect_here(port: int, count: int, wall_s: float) -> list[socket.socket]:
    """The same on this machine's own loopback, for a program that runs without a sandbox."""
    _allow_descriptors(count)
    made: list[socket.socket] = []
    deadline = time.monotonic() + wall_s
    try:
        for _ in range(count):
            made.append(_connected(port, deadline))
    except OSError as error:
        for one in made:
            one.close()
        raise ConnectionError(_words(port, len(made), count, error)) from None
    return made


def _received(channel: socket.socket, count: int) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    problem = ""
    while len(sockets) < count and not problem:
        try:
            text, descriptors, _, _ = socket.recv_fds(channel, 4096, _BATCH)
        except OSError as error:
            text, descriptors = b"", []
            problem = f"no connection could be made: {error}"
        sockets.extend(socket.socket(fileno=descriptor) for descriptor in descriptors)
        if text:
            problem = json.loads(text)
            if not problem:
                channel.send(b"go on")
        elif not problem:
            problem = "the helper that makes connections ended"
    if problem:
        for one in sockets:
            one.close()
        raise ConnectionError(problem)
    return sockets


def _connected(port: int, deadline: float) -> socket.socket:
    """Return one connection. A full backlog drops the first packet, which TCP would send again
    only after a second: so give up that try soon and make another."""
    while True:
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        one.setblocking(False)
        code = one.connect_ex(("127.0.0.1", port))
        left = deadline - time.monotonic()
        writable = select.poll()
        writable.register(one, select.POLLOUT)
        if code and not writable.poll(max(1, 1000 * min(_RETRY_S, left))):
            one.close()
            if left <= 0:
                raise TimeoutError("it didn't take the connection up in time")
            continue
        if error := one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            one.close()
            raise OSError(error, os.strerror(error))
        one.setblocking(True)
        return one


def _words(port: int, made: int, count: int, error: OSError) -> str:
    which = "the connection" if count == 1 else f"connection {made + 1} of {count}"
    return f"{which} to port {port} failed: {error.strerror or error}"


def _allow_descriptors(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 512
    if soft != resource.RLIM_INFINITY and soft < wanted:
        wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def _enter(pid: int) -> None:
    """Go into the network namespace of `pid`; who isn't root goes in by the user namespace that
    owns it, which is ours because we made it."""
    setns = ctypes.CDLL(None, use_errno=True).setns
    network = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    if setns(network, _CLONE_NEWNET) == 0:
        return
    owner = fcntl.ioctl(network, _NS_GET_USERNS)
    if setns(owner, _CLONE_NEWUSER) or setns(network, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _help(pid: int, port: int, count: int, wall_s: float, channel: socket.socket) -> None:
    deadline = time.monotonic() + wall_s
    made = 0
    try:
        _enter(pid)
        while made < count:
            batch = []
            for _ in range(min(_BATCH, count - made)):
                batch.append(_connected(port, deadline))
                made += 1
            ends = array.array("i", [one.fileno() for one in batch])
            channel.sendmsg([b'""'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, ends)])
            channel.recv(64)  # they have arrived: ours may be closed
            for one in batch:
                one.close()
    except OSError as error:
        channel.send(json.dumps(_words(port, made, count, error)).encode())


if __name__ == "__main__":
    _pid, _port, _count, _wall_s, _channel = sys.argv[1:]
    _help(int(_pid), int(_port), int(_count), float(_wall_s), socket.socket(fileno=int(_channel)))
