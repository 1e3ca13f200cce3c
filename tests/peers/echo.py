"""The echo: the same message, the same clients, every server in turn."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.peers.figures import Figure, cell, median, paired
from tests.peers.rounds import Rounds, outcome_of
from tests.peers.servers import FLOOR, SERVERS, Failed, Missing, needed, python
from tests.peers.slices import take_turns, talking

PAYLOAD_BYTES = 1024
AT_LEAST = {"event_loop": 0.98, "coroutines": 0.96, "coroutines_io_uring": 1.00}
CPU_AT_MOST, CPU_CLIENTS = 1.02, 100
P99_AT_MOST, P99_CLIENTS = 1.2, 5000
SPIN_AT_LEAST = 3.0
SPIN_US = 100
SPINNING, BOTH_SPINNING = "event_loop_spinning", "event_loop_and_client_spinning"


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    clients: tuple
    warm_up_ms: int
    duration_ms: int


def quantities(seen: dict[str, float]) -> dict[str, float]:
    """Of what the clients saw; nothing where the cores were somebody else's all the time."""
    if not seen["messages"]:
        return {}
    return {"messages_per_s": seen["messages"] / seen["seconds"], "p50_ms": seen["p50_ms"], "p99_ms": seen["p99_ms"],
            "cpu_us": 1e6 * seen["server_cpu_s"] / seen["messages"]}


class Echo:
    """The comparison of echo servers; `only` narrows it to some of them (the floor always takes part)."""

    def __init__(self, binaries: Path, cores: tuple, plan: Plan, rounds: Rounds, only: set):
        self.binaries, self.plan, self.rounds = binaries, plan, rounds
        self.cores = cores
        self.servers = [server for server in SERVERS if not only or server.name in only or server.name == FLOOR]

    def run(self, rounds: int) -> None:
        groups = {clients: [(server.name, clients) for server in self.servers] for clients in self.plan.clients}
        if any(server.name == "event_loop" for server in self.servers):
            alone = groups.setdefault(1, [])
            alone += [(name, 1) for name in ("event_loop", SPINNING, BOTH_SPINNING) if (name, 1) not in alone]
        self.rounds.run_together(list(groups.values()), rounds, self.measure)

    def measure(self, cases: list) -> dict:
        """The quantities of each case, or why there are none: all in slices of the same seconds."""
        found, talks = {}, {}
        with ExitStack() as stack:
            for case in cases:
                self.rounds.say(f"{case[0]} gets {case[1]:,} clients")
                try:
                    talks[case] = stack.enter_context(self.talk(*case))
                except (Missing, Failed) as problem:
                    found[case] = problem
            take_turns(talks.values(), self.rounds.random,
                       say=lambda left: self.rounds.say(f"{left} servers with {cases[0][1]:,} clients take turns"))
            for case, talk in talks.items():
                found[case] = outcome_of(lambda talk=talk: quantities(talk.figures()))
        return found

    def command(self, name: str) -> list[str]:
        if name in (SPINNING, BOTH_SPINNING):
            return [str(needed(self.binaries / "waiting_models")), "--serve", "event_loop", f"--spin-us={SPIN_US}"]
        server = next(server for server in SERVERS if server.name == name)
        return server.command(self.binaries, python())

    def talk(self, name: str, clients: int):
        """That server with so many clients; a context that gives a Talk."""
        flags = {"clients": clients, "payload-bytes": PAYLOAD_BYTES, "warm-up-ms": self.plan.warm_up_ms,
                 "duration-ms": self.plan.duration_ms, "spin-us": SPIN_US if name == BOTH_SPINNING else 0}
        if self.cores[1] is not None:
            flags["core"] = self.cores[1]

        def client(port: int, pid: int) -> list[str]:
            target = {"target": f"127.0.0.1:{port}", "server-pid": pid}
            return [str(needed(self.binaries / "echo_client")), "--stop-when-warm",
                    *(f"--{flag}={value}" for flag, value in {**flags, **target}.items())]

        return talking(self.command(name), client, self.cores)

    def ratio(self, name: str, clients: int, quantity: str, to: str = FLOOR) -> tuple:
        """`name` over `to`, in each round."""
        return paired(self.rounds.quantity((name, clients), quantity), self.rounds.quantity((to, clients), quantity))

    def table(self) -> list[str]:
        """Every server at every number of clients: throughput, its CPU and its tail, each over the floor's."""
        counts = self.plan.clients
        heads = (("messages/s", "messages_per_s"), ("CPU", "cpu_us"), ("p99", "p99_ms"))
        lines = [f"{'echo, over the floor':<21}" + "   ".join(f"{head:>{9 * len(counts)}}" for head, _ in heads),
                 f"{'clients':<21}" + "   ".join("".join(f"{count:>9,}" for count in counts) for _ in heads)]
        for server in self.servers:
            cells = ["".join(f"{cell(median(self.ratio(server.name, count, quantity))):>9}" for count in counts)
                     for _, quantity in heads]
            if any(self.rounds.values[(server.name, count)] for count in counts):
                lines.append(f"{server.name:<21}" + "   ".join(cells))
        floor = ["".join(f"{cell(median(tuple(self.rounds.quantity((FLOOR, count), quantity).values()))):>9}"
                         for count in counts) for _, quantity in heads]
        return [*lines, f"{'(floor: 1/s, us, ms)':<21}" + "   ".join(floor)]

    def figures(self) -> list[Figure]:
        found = []
        for name, bound in AT_LEAST.items():
            if name not in {server.name for server in self.servers}:
                continue
            for count in self.plan.clients:
                found.append(Figure(f"{name}, {count:,} clients, over the floor",
                                    self.ratio(name, count, "messages_per_s"), at_least=bound))
            found += [Figure(f"{name}, {count:,} clients, over {best}",
                             self.ratio(name, count, "messages_per_s", best), at_least=1.0)
                      for count in self.plan.clients if (best := self.best_library(name, count))]
            if CPU_CLIENTS in self.plan.clients:
                found.append(Figure(f"{name}, {CPU_CLIENTS} clients: CPU of a message over the floor's",
                                    self.ratio(name, CPU_CLIENTS, "cpu_us"), at_most=CPU_AT_MOST))
            if P99_CLIENTS in self.plan.clients:
                found.append(Figure(f"{name}, {P99_CLIENTS:,} clients: p99 over the floor's",
                                    self.ratio(name, P99_CLIENTS, "p99_ms"), at_most=P99_AT_MOST))
        alone = self.rounds.quantity(("event_loop", 1), "p50_ms")
        for name, who, bound in ((BOTH_SPINNING, "both spin", SPIN_AT_LEAST), (SPINNING, "the server spins", None)):
            found.append(Figure(f"event_loop, 1 client: round trip over that where {who}",
                                paired(alone, self.rounds.quantity((name, 1), "p50_ms")), at_least=bound))
        return [figure for figure in found if figure.ratios]

    def best_library(self, name: str, clients: int) -> str:
        """The fastest library of the same kind here; empty where there was none."""
        kind = next(server.kind for server in SERVERS if server.name == name)
        rivals = [server.name for server in self.servers if not server.ours and server.kind == kind and
                  self.rounds.values[(server.name, clients)]]
        return max(rivals, key=lambda rival: median(self.ratio(rival, clients, "messages_per_s")), default="")

