"""The sections' READMEs quote the recorded reference run: each figure is what that run has."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from charts_case import ROOT  # noqa: E402

from common.charts import statistics  # noqa: E402
from common.charts.declare import median  # noqa: E402
from common.charts.quantities import digits_text  # noqa: E402
from common.charts.results import load_run  # noqa: E402


class Section:
    """A section's README, and what was recorded for it."""

    def __init__(self, name):
        self.name = name
        self.text = (ROOT / "experiments" / name / "README.md").read_text()

    def recorded(self, experiment):
        return load_run(ROOT / "results" / "reference-2-cores" / self.name / experiment)

    def cells(self, first):
        """The cells of the one table row that begins with this one."""
        row, = [line for line in self.text.splitlines() if line.startswith(f"| {first} |")]
        return [cell.strip() for cell in row.strip("|").split("|")]


def short(value, digits):
    """So many significant digits, and the thousands set off: 0.36, 180, 2,200."""
    if value < 1000:
        return digits_text(value, digits)
    return f"{float(f'{value:.{digits - 1}e}'):,.0f}"


def microseconds(seconds):
    return f"{short(seconds * 1e6, 2)} µs"


class QuotedFigures(unittest.TestCase):
    def test_so_many_trials_as_they_say(self):
        for name, experiment in (("1_3_concurrency", "preemptive_cooperative"),
                                 ("1_4_processes_threads", "ipc"),
                                 ("1_6_nonblocking", "readiness_backends")):
            section = Section(name)
            trials = section.recorded(experiment).table["trial"].nunique()
            self.assertIn(f"{trials} trials", section.text)

    def test_the_cost_of_a_switch(self):
        section = Section("1_3_concurrency")
        run = section.recorded("preemptive_cooperative")

        def switch(model, cores):
            return microseconds(median(run, "switch_s", model=model, cores=cores))

        self.assertEqual(section.cells("thread switch, both on one core (eliben, threadoverhead)")[3],
                         f"{switch('threads_pipe', 'one')}, {switch('threads_futex', 'one')}")
        two = section.cells("thread switch, wherever the kernel wants")[3]
        self.assertEqual(two.split(":")[0], switch("threads_pipe", "two"))
        self.assertEqual(section.cells("asyncio's own switch (on such a machine)")[3],
                         switch("coroutines", "one"))

        sides = [run.where(model=model, cores="one")["switch_s"].to_numpy()
                 for model in ("coroutines", "threads_futex")]
        ratio, low, high = (round(value) for value in statistics.ratio_interval(*sides))
        self.assertIn(f"takes {ratio} times as long as a coroutine's switch [{low}, {high}]",
                      section.text)

    def test_messages_per_second(self):
        section = Section("1_4_processes_threads")
        run = section.recorded("ipc")

        def rate(model):
            return median(run, "messages_per_s", model=model, way="one_way", message_bytes=100)

        for name, model in (("TCP", "tcp"), ("Unix socket", "unix_socket"), ("pipe", "pipe"),
                            ("shared memory", "shared_memory")):
            times = "1" if model == "tcp" else short(rate(model) / rate("tcp"), 2)
            _, _, measured, _, of_tcp = section.cells(name)
            self.assertEqual((measured, of_tcp), (short(rate(model), 3), times), name)

    def test_the_cost_of_a_wait(self):
        section = Section("1_6_nonblocking")
        run = section.recorded("readiness_backends")

        def wait(model, count):
            seconds = median(run, "wait_s", model=model, descriptors=count)
            return "skipped" if seconds is None else microseconds(seconds)

        for first, count in (("10", 10), ("100", 100), ("1,000", 1000),
                             ("10,000 (here 9,900)", 9900)):
            _, _, poll, _, select, _, epoll, bare = section.cells(first)
            self.assertEqual((poll, select, epoll, bare),
                             tuple(wait(model, count) for model in
                                   ("poll", "select", "epoll", "bare_epoll_wait")), first)


if __name__ == "__main__":
    unittest.main()
