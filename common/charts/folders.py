"""Find the runs below a folder: an experiment's, a section's, a machine's or all results."""

from pathlib import Path

from common.charts.errors import ResultsError
from common.charts.results import load_run

_WHAT_TO_GIVE = ("give a recorded results folder: an experiment's (with run.json), a section's or "
                 "a machine's; `make report` records one")


def run_folders(path):
    """Return the folders with a run.json at or below `path`, sorted; ResultsError if none.

    Folders with a dot in their name are left out: matrix.running, matrix.interrupted and their like
    are the runner's, and not finished runs. Given as `path` itself, such a folder counts.
    """
    path = Path(path)
    if path.suffix.lower() == ".csv":
        raise ResultsError(path, "", "a CSV has neither the trials nor the machine, so nothing "
                           "can be judged from it", _WHAT_TO_GIVE)
    if not path.exists():
        raise ResultsError(path, "", "no such folder", _WHAT_TO_GIVE)
    if not path.is_dir():
        raise ResultsError(path, "", "is not a folder", _WHAT_TO_GIVE)
    if (path / "run.json").exists():
        return [path]
    found = [file.parent for depth in ("*", "*/*", "*/*/*")
             for file in path.glob(f"{depth}/run.json")]
    found = sorted(folder for folder in found if "." not in folder.name)
    if not found:
        raise ResultsError(path, "", "no run.json in it", _WHAT_TO_GIVE)
    return found


def load_runs(path):
    """Return the Runs at or below `path`, sorted by section and experiment; ResultsError."""
    runs = [load_run(folder) for folder in run_folders(path)]
    places = {}
    for run in runs:
        place = (machine_folder(run.folder), run.section, run.experiment)
        if place in places:
            raise ResultsError(run.folder, "experiment", f"is the same run as in {places[place]}",
                               "move one of the two elsewhere")
        places[place] = run.folder
    return sorted(runs, key=lambda run: (run.section, run.experiment))


def machine_folder(folder):
    """Return the machine's folder of an experiment's folder: two floors up."""
    return Path(folder).absolute().parent.parent


def charts_folder(results, run):
    """Return where the charts of a Run go: `results`/charts, or, if `results` holds several
    machines, charts in the machine's folder."""
    results = Path(results)
    above = len(run.folder.relative_to(results).parts)
    return (run.folder.parents[1] if above == 3 else results) / "charts"
