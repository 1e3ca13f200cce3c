"""Find the runs below a folder: an experiment's, a section's, a machine's or all results."""

from pathlib import Path

from common.charts.errors import ResultsError
from common.charts.results import load_run
from common.charts.run_file import read_run_file

EXPERIMENTS = Path(__file__).resolve().parents[2] / "experiments"
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
    return _loaded(run_folders(path))


def newest_runs(path):
    """Return the Runs at or below `path` that one machine recorded: the one whose last trial is the
    newest, where there are several; sorted as above. ResultsError."""
    machines = {}
    for folder in run_folders(path):
        machines.setdefault(machine_folder(folder), []).append(folder)
    return _loaded(max(machines.values(), key=lambda folders: max(map(last_start, folders))))


def last_start(folder):
    """Return when the last trial of a run began, as text that sorts; "" if nobody wrote it down."""
    starts = [trial.get("started") for trial in read_run_file(folder / "run.json")["trials"]]
    return max((start for start in starts if isinstance(start, str)), default="")


def _loaded(folders):
    runs = [load_run(folder) for folder in folders]
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
