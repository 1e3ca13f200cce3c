"""The servers that we are compared with are right, too: what is fast because it is wrong would be no comparison."""

import re
import subprocess
import unittest
from contextlib import contextmanager

from tests.experiments import test_waiting_models as ours
from tests.experiments.experiment_case import BIN
from tests.peers.servers import FLOOR, SERVERS, Missing, python


def command_of(name):
    """What starts that server. Raises Missing where it isn't built or installed."""
    return next(server for server in SERVERS if server.name == name).command(BIN, python())


def is_here(name):
    try:
        return bool(command_of(name))
    except Missing:
        return False


class PeerServer(ours.Server):
    """A peer in the place of one of our own models."""

    def __init__(self, name):
        self.process = subprocess.Popen(command_of(name), stderr=subprocess.PIPE, text=True)
        self.line = self.process.stderr.readline()
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", self.line)[1])


class Peers(ours.AwkwardInput):
    """The same tests for those that are here; the floor is left out, which promises less."""

    models = [server.name for server in SERVERS
              if not server.ours and server.name != FLOOR and is_here(server.name)]
    one_at_a_time = ()

    def setUp(self):
        if not self.models:
            self.skipTest("no peer is built: make setup-peers peers")

    @contextmanager
    def serving(self, model, **how):
        with self.subTest(model=model):
            server = PeerServer(model)
            try:
                yield server
                self.assertIsNone(server.process.poll(), f"{model} has ended")
            finally:
                server.process.kill()
                server.process.wait()
                server.process.stderr.close()


def load_tests(loader, tests, pattern):
    """Peers alone: what they inherit from was imported, and has its own file."""
    return loader.loadTestsFromTestCase(Peers)


if __name__ == "__main__":
    unittest.main()
