"""Servers that share the cores in slices: while one serves its clients, all the others stand still with theirs.

A shared machine is another one a second later. In turns of a few hundredths of a second, each is measured on every one
of them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Collection
from contextlib import contextmanager

from tests.peers.servers import bound_to, numbers_of, serving

SLICE_S = 0.04  # the caches are cold for the first thousandths


def stands_still(child: int) -> None:
    """Returns when a child, which runs, has been stopped or has ended; then it is still to be reaped."""
    seen = os.waitid(os.P_PID, child, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    if seen.si_code == os.CLD_STOPPED:
        os.waitid(os.P_PID, child, os.WSTOPPED)  # seen, or it would be the next stop, too


class Talk:
    """A server and its clients, which leave out of their figures what they were stopped for."""

    def __init__(self, server: int, clients: subprocess.Popen):
        self.server, self.clients = server, clients

    @property
    def ended(self) -> bool:
        return self.clients.poll() is not None

    def go_on(self) -> None:
        os.kill(self.server, signal.SIGCONT)
        self.clients.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Returns when both stand still, or have ended. Only after go_on()."""
        self.clients.send_signal(signal.SIGTSTP)
        self.wait_for_stop()

    def wait_for_stop(self) -> None:
        """The same, where the clients stop by themselves."""
        if not self.ended:
            stands_still(self.clients.pid)
        os.kill(self.server, signal.SIGSTOP)
        stands_still(self.server)

    def figures(self) -> dict[str, float]:
        """What the clients saw, once they have ended. Raises Missing or Failed."""
        out, error = self.clients.communicate()
        return numbers_of(subprocess.CompletedProcess(self.clients.args, self.clients.returncode, out, error))


@contextmanager
def talking(server: list[str], clients: Callable[[int, int], list[str]], cores: tuple):
    """A talk until the end of the block, warm and stopped; `clients` makes their command of the server's port and
    process id. Raises Missing or Failed."""
    server_core, client_core = cores
    with serving(server, server_core) as (port, pid):
        process = subprocess.Popen(clients(port, pid), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   preexec_fn=bound_to(client_core))
        try:
            talk = Talk(pid, process)
            talk.wait_for_stop()
            yield talk
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()


def take_turns(talks: Collection[Talk], order: random.Random, slice_s: float = SLICE_S, say=lambda left: None) -> None:
    """One slice after the other, in ever new orders, until all have ended; `say` is told how many there still are."""
    left = list(talks)
    while left:
        say(len(left))
        order.shuffle(left)
        for talk in left:
            talk.go_on()
            time.sleep(slice_s)
            talk.stop()
        left = [talk for talk in left if not talk.ended]
