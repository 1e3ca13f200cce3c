"""The matrix of section 1.2: which model gains what from which kind of work."""

from common.charts.declare import Dots, Lines, fastest, median, speedup
from common.charts.quantities import gain_text, time_text, times_text

WORK = {"cpu": "Computing only", "io": "Waiting only", "mixed": "Both, in turns"}


def charts(run):
    """One picture of the most jobs, and one of what happens as the jobs grow."""
    counts = run.values("jobs")
    most = counts[-1]
    pictures = [Dots(title(run, most), panels="work", where={"jobs": most}, panel_titles=WORK)]
    if len(counts) > 1:
        pictures.append(Lines(growth(run, counts), x="jobs", panels="work", panel_titles=WORK))
    return pictures


def title(run, jobs):
    """What waiting and computing gained, a line each."""
    one_by_one, loop = (median(run, model=model, work="io", jobs=jobs)
                        for model in ("blocking", "event_loop"))
    said = [f"One thread waits for {jobs} servers in {time_text(loop, 2)}; one at a time takes "
            f"{time_text(one_by_one, 2)}."] if loop and one_by_one else []
    gain, alone = (speedup(run, model, work="cpu", jobs=jobs)
                   for model in (fastest(run, work="cpu", jobs=jobs), "event_loop"))
    said += [f"Computing {gain_text(gain)} on {run.context['cores']} cores; a loop alone "
             f"{gain_text(alone)}."] if gain and alone else []
    return "\n".join(said) or f"{jobs} jobs"


def growth(run, counts):
    """By how much the waiting grows when the jobs do."""
    ends = [[median(run, model=model, work="io", jobs=jobs) for jobs in (counts[0], counts[-1])]
            for model in ("blocking", "event_loop")]
    said = f"{counts[-1] / counts[0]:g} times the jobs"
    if all(map(all, ends)):
        blocking, loop = (times_text(many / few, 2) for few, many in ends)
        said += f": waiting takes blocking {blocking} as long, and event_loop {loop}"
    return said
