"""preemptive_cooperative: what a switch costs, and how long one has the core."""

from common.charts.declare import Dots, Lanes, median
from common.charts.quantities import time_text, times_text

CORES = {"one": "Both on one core", "two": "A core each"}
WHO = {"threads": "Threads: the kernel decides", "coroutines": "Coroutines: they decide"}


def charts(run):
    """The price of a hand-over; how long a spinner keeps the core; who had it when."""
    fewest = min(run.values("spinners"), default=0)
    lanes = {f"preemptive_cooperative/{model}/spinners:{fewest}": text
             for model, text in WHO.items()}
    return [Dots(price(run), panels="cores", panel_titles=CORES, value="switch_s",
                 axis="one hand-over"),
            Lanes(turns(run, fewest), panels=lanes, until_s=0.06),
            Dots(turns(run, fewest), panels="spinners", value="slice_s",
                 axis="the core at a stretch",
                 panel_titles={n: f"{n:g} who compute on one core" for n in run.values("spinners")})]


def price(run):
    """How many switches between coroutines a hand-over between threads is worth."""
    thread, loop = (median(run, "switch_s", model=model, cores="one")
                    for model in ("threads_futex", "coroutines"))
    if not (thread and loop):
        return "What it costs to hand the turn over"
    return (f"A turn goes from thread to thread in {time_text(thread, 2)}, "
            f"from coroutine to coroutine in {time_text(loop, 2)}: {times_text(thread / loop, 2)}")


def turns(run, spinners):
    """How long one has the core before the kernel takes it away."""
    kept = median(run, "slice_s", model="threads", spinners=spinners)
    said = f" after {time_text(kept, 2)}" if kept else ""
    return f"The kernel takes the core away{said}; a coroutine keeps it until it says so"
