"""reference_count: what a right count costs, and what a wrong one loses."""

from common.charts.declare import Lines, largest, median
from common.charts.quantities import count_text, time_text


def charts(run):
    """One picture: those that promise a right count, and the one that doesn't, apart from them."""
    panels = {"right": "The count is right", "nothing": verdict(run)}
    return [Lines(title(run), x="workers", panels="promise", panel_titles=panels, value="pair_s",
                  axis="one reference taken and dropped", wrong="lost")]


def verdict(run):
    """What the plain count has lost: a wrong count is never drawn as a fast one."""
    most = largest(run, "lost", model="plain") or 0
    return f"WRONG: it lost up to {count_text(most)} references" if most else "Right by luck, this time"


def title(run):
    """What a pair costs on the most threads, under the lock and without it."""
    most = max(run.values("workers"), default=0)
    names = {"one_mutex": "under a lock", "atomic": "with an atomic count",
             "biased": "biased to its owner", "deferred": "deferred"}
    said = [f"{time_text(cost, 2)} {name}" for model, name in names.items()
            if (cost := median(run, "pair_s", model=model, workers=most))]
    return f"A reference, on {most:g} threads: {', '.join(said)}"
