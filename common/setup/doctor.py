"""`make doctor`: what this machine lacks and what makes its timings doubtful, with the remedies.

    python3 -m common.setup.doctor

Stands on Python's own library alone, so that it works before anything is installed or built.
Reads, and never changes, the machine.
Exit code 0 when nothing needed is lacking (doubts allowed), 1 otherwise.
"""

from __future__ import annotations

import os
import sys
import time

from common.setup.doubts import doubts_about, doubts_about_results
from common.setup.lacks import lacks_of
from common.setup.readings import take_readings

WATCHED_SECONDS = 0.5


def watch():
    """Let the machine go on for a moment; return the root folder of the second look at it."""
    time.sleep(WATCHED_SECONDS)
    return "/"


def main():
    """Print every Finding; return the exit code."""
    readings = take_readings("/", later=watch, own_pid=os.getpid())
    findings = lacks_of(compiler=os.environ.get("CXX", "c++"))
    findings += doubts_about(readings) + doubts_about_results("results")
    for finding in findings:
        print(finding)
    words = [finding.word for finding in findings]
    print(f"\n{words.count('lacks')} lacking, {words.count('doubt')} doubtful")
    return 1 if "lacks" in words else 0


if __name__ == "__main__":
    sys.exit(main())
