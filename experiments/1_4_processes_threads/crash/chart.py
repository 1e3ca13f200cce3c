"""crash: who goes along when one part of a program ends badly, and how soon it is known."""

from common.charts.declare import Dots, median

TROUBLES = {"segfault": "Writes where it may not", "killed": "Is killed from outside",
            "runs_away": "Runs away, and is killed", "leaks": "Runs out of memory",
            "uses_up_cpu": "Uses up its CPU time"}


def charts(run):
    """One picture: a panel per trouble."""
    return [Dots(title(run), panels="trouble", panel_titles=TROUBLES, value="notice_s",
                 axis="reaped after")]


def title(run):
    """In how many of the troubles the bystander still answers."""
    troubles = run.values("trouble")
    lives = {model: [median(run, "bystanders", model=model, trouble=trouble)
                     for trouble in troubles] for model in run.models}
    said = [f"{sum(each == 1 for each in known)} of {len(known)} troubles among {model}"
            for model, found in lives.items()
            if (known := [each for each in found if each is not None])]
    return f"A bystander outlives {', '.join(said)}"
