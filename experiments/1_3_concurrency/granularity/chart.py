"""granularity: what is lost where nothing is guarded, and what the guards cost."""

from common.charts.declare import Dots, largest, median
from common.charts.quantities import count_text, time_text

JOBS = {"count": "counting up", "move": "moving a unit from one number to the other"}


def charts(run):
    """A picture for each job on each number of cores: the right ones, and apart the wrong ones."""
    places = [(job, cores) for job in JOBS for cores in run.values("cores")
              if not run.where(job=job, cores=cores).empty]
    return [Dots(title(run, job, cores), panels="promise", where={"job": job, "cores": cores},
                 panel_titles={"right": "Right", "nothing": wrong(run, job, cores)},
                 value="update_s", axis="one update") for job, cores in places]


def worst(run, job, cores):
    """(the largest share of updates that threads without a guard lost, the most wrong sums)."""
    return [largest(run, value, model="threads_bare", job=job, cores=cores) or 0
            for value in ("lost / (units * (1 + (job == 'move')))", "broken")]


def wrong(run, job, cores):
    """What became of the numbers without a good guard: a wrong one is never drawn as fast."""
    lost, broken = worst(run, job, cores)
    said = f"up to {100 * lost:.0f} % lost" + (f", {count_text(broken)} sums" if broken else "")
    return f"WRONG: bare, {said}" if lost or broken else "Right by luck, this time"


def title(run, job, cores):
    """What threads without a guard lose, and what an update costs where nothing is lost."""
    lost, _ = worst(run, job, cores)
    names = {"coroutines": "coroutines without", "threads_mutex": "a mutex",
             "threads_atomic": "an atomic"}
    said = [f"{name} {time_text(cost, 2)}" for model, name in names.items()
            if (cost := median(run, "update_s", model=model, job=job, cores=cores))]
    where = "One core" if cores == 1 else f"{cores:g} cores"
    return (f"{where}, {JOBS[job]}: bare threads lose up to {100 * lost:.0f} %\n"
            f"An update costs {', '.join(said)}")
