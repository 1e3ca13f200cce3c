"""birth_cost: what the birth of a helper costs, against the memory of its parent."""

from common.charts.declare import Dots, Lines, median
from common.charts.quantities import times_text

SIZE = "parent_mib"


def charts(run):
    """One picture: a line per way to be born, over the parent's size."""
    sizes = run.values(SIZE)
    if len(sizes) < 2:
        return [Dots("A helper is born, asked, answers, and is gone", panels=SIZE,
                     panel_titles={size: f"A parent of {size} MiB" for size in sizes})]
    return [Lines(title(run, sizes), x=SIZE, panels="experiment",
                  panel_titles={"birth_cost": "Born, asked, answered, gone"})]


def title(run, sizes):
    """By how much each grows from the smallest parent to the largest."""
    ends = {model: [median(run, model=model, parent_mib=size) for size in (sizes[0], sizes[-1])]
            for model in ("fork", "vfork_exec", "posix_spawn", "threads")}
    said = [f"{model} {times_text(large / small, 2)}"
            for model, (small, large) in ends.items() if small and large]
    return (f"In a parent {sizes[-1] / sizes[0]:g} times as large, a birth takes so many times as "
            f"long:\n{', '.join(said)}")
