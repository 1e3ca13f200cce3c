"""After a run: draws its charts, prints its verdicts, writes report.html (all by common.charts)."""

import subprocess
import sys

CHARTS = [sys.executable, "-m", "common.charts"]


def present(results, recorded, report, watch):
    """Show what was `recorded`, a list of (section folder, experiment), below `results`.

    Returns the first exit code that is not 0, else 0. Blocks; stops when `watch` gets a signal.
    """
    sections = sorted({section for section, _ in recorded})
    if len(sections) == 1:
        commands = [["charts", results, "--only", experiment] for _, experiment in recorded]
    else:
        commands = [["charts", results]]
    commands += [["verdicts", results / section] for section in sections]
    commands += [["report", results, "--out", report]]
    for command in commands:
        exit_code = _run(CHARTS + [str(word) for word in command], watch)
        if exit_code != 0:
            return exit_code
    return 0


def _run(command, watch):
    sys.stdout.flush()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    while child.poll() is None:
        if watch.received:
            child.send_signal(watch.received)
            child.wait()
            return 128 + watch.received
        watch.wait(60)
    return child.returncode
