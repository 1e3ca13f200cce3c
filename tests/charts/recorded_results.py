"""Makes results folders for the tests: Google Benchmark's JSON with numbers from a known truth.

Nothing from here is ever shown as a measurement.
"""

import json
from pathlib import Path

import numpy as np

CONTEXT = {
    "experiment": "matrix", "section": "1_2_io_cpu", "title": "Every model on every kind of work",
    "baseline": "blocking", "build_type": "release", "compiler": "GNU 12.2.0",
    "compiler_flags": "-O2", "kernel": "Linux 6.1.0 x86_64", "cpu_model": "AMD EPYC", "cores": "2",
    "virtualization": "virtual machine", "governor": "not visible", "commit": "0123456789abcdef",
    "memory_bytes": "8000000000", "open_files_limit": "20000", "processes_limit": "30000",
    "cpu_quota": "none", "load_at_start": "0.10", "order_seed": "7", "doubts": "",
}  # fmt: skip
COSTS = {
    "user_s": 0.001, "system_s": 0.002, "voluntary_switches": 12.0, "involuntary_switches": 1.0,
    "peak_memory_bytes": 5e6, "peak_threads": 4.0, "peak_processes": 1.0,
}  # fmt: skip


def row(name, seconds, unit="ms", **fields):
    """Return one row of `benchmarks`: a series that took `seconds`, counters in fields."""
    scale = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}[unit]
    return {
        "name": f"{name}/manual_time", "run_name": f"{name}/manual_time", "run_type": "iteration",
        "family_index": 0, "per_family_instance_index": 0, "repetitions": 1,
        "repetition_index": 0, "threads": 1, "iterations": 5, "real_time": seconds * scale,
        "cpu_time": 0.1, "time_unit": unit, "units": 64.0, **COSTS, **fields,
    }  # fmt: skip


def error_row(name, message):
    """Return a row as Google Benchmark 1.7 writes one for a series that ended in an error."""
    failed = row(name, 0, error_occurred=True, error_message=message, iterations=0)
    del failed["units"]
    return failed


def write_run(folder, trials, context=None, **run):
    """Write a run whose trials are lists of rows; returns the folder.

    context and run override single fields of the trials' context and of run.json.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    context = {**CONTEXT, **(context or {})}
    entries = []
    for i, rows in enumerate(trials):
        name = f"trial_{i:02d}.json"
        whole = {"context": {"date": "2026-11-21T11:00:00+00:00", "num_cpus": 2, "caches": [],
                             "library_build_type": "release", **context}, "benchmarks": rows}
        (folder / name).write_text(json.dumps(whole, indent=2))
        entries.append({"file": name, "order_seed": i + 1, "reversed": False, "position": i,
                        "started": "2026-11-21T11:00:00Z", "seconds": 1.2, "exit_code": 0})
    experiment = context["experiment"]
    description = {
        "schema": 1, "section": context["section"], "experiment": experiment,
        "command": [f"build/release/bin/{experiment}", "--quick"], "mode": "quick", "seed": 1234,
        "trials_planned": len(trials), "trials": entries, "complete": True, "reason": "",
        "commit": context["commit"], **run,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(description, indent=2))
    return folder


def noisy_trials(truth, trials=8, noise=0.01, seed=1, fields=None):
    """Return lists of rows: series -> seconds of `truth`, with log-normal noise between trials."""
    random = np.random.default_rng(seed)
    fields = fields or {}
    return [
        [row(name, seconds * float(np.exp(random.normal(0, noise))), **fields.get(name, {}))
         for name, seconds in truth.items()]
        for _ in range(trials)
    ]


def matrix_truth(jobs=(8, 64)):
    """Return (series -> seconds, series -> fields) like those of the matrix on two cores."""
    truth, fields = {}, {}
    for n in jobs:
        for model, (waits, cores) in MODELS.items():
            rounds = -(-n // min(waits, n))
            wait, work = 0.02 * rounds, 0.012 * n / cores
            names = {"io": (wait, "sum of waits" if waits == 1 else "longest wait" if rounds == 1
                            else "waits / workers"),
                     "cpu": (work, "work / cores" if cores == 2 else "all work on one core"),
                     "mixed": (max(0.02 + work, wait + 0.012 * rounds), "ideal overlap")}
            for work_kind, (bound, label) in names.items():
                name = f"matrix/{model}/work:{work_kind}/jobs:{n}"
                truth[name] = bound * 1.07 + 0.0004
                fields[name] = {"bound_s": bound, "label": label, "units": float(n),
                                "p50_ms": 5.0, "p99_9_ms": 9.0}
    return truth, fields


MODELS = {
    "blocking": (1, 1), "threads": (1000, 2), "thread_pool": (32, 2), "tbb": (2, 2),
    "processes": (1000, 2), "process_pool": (2, 2), "event_loop": (1000, 1),
    "coroutines": (1000, 1), "event_loop_pool": (1000, 2),
}  # fmt: skip


def write_matrix(folder, trials=8, jobs=(8, 64), noise=0.01, seed=1, extra=(), slower=None, **run):
    """Write a run like matrix's; extra rows go into every trial; slower: series -> factor."""
    truth, fields = matrix_truth(jobs)
    for name, factor in (slower or {}).items():
        truth[name] *= factor
    rows = noisy_trials(truth, trials, noise, seed, fields)
    return write_run(folder, [[*trial, *extra] for trial in rows], **run)


def write_machine(folder, **settings):
    """Write a machine folder with the three experiments of section 1.2; returns it."""
    folder = Path(folder)
    write_matrix(folder / "1_2_io_cpu" / "matrix", **settings)
    for experiment, parameter, parts in (
        ("where_time_goes", "task", {"pi": (0.99, 0.05), "dictionary": (0.97, 0.02),
                                     "web_request": (0.004, 0.02), "file_read": (0.3, 0.01)}),
        ("listing_1_1", "phase", {"request": (0.01, 0.02), "format_headers": (0.99, 1e-5),
                                  "write_file": (0.6, 1e-4)}),
    ):  # fmt: skip
        truth, fields = {}, {}
        for value, (share, seconds) in parts.items():
            name = f"{experiment}/blocking/{parameter}:{value}"
            truth[name] = seconds
            fields[name] = {"cpu_s": seconds * share, "computing_s": seconds * share,
                            "waiting_s": seconds * (1 - share), "units": 1.0}
        write_run(folder / "1_2_io_cpu" / experiment, noisy_trials(truth, fields=fields),
                  {"experiment": experiment, "baseline": "", "title": f"About {experiment}"})
    (folder / "machine.json").write_text(json.dumps({"CPU": "AMD EPYC", "cores": "2"}))
    return folder


def edit_json(path, change):
    """Read the JSON at `path`, let `change` alter it in place, and write it back."""
    path = Path(path)
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))
