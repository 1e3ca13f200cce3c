"""Recorded results -> statistics -> verdicts -> SVG, PNG and report.html.

Read in this order: series, trial_file, run_file, results (what was recorded), statistics, verdicts
(what it means), declare, dots, shares, lines (how it is drawn), report (the page).
"""

import logging

# A new font cache, or a home that can't be written, is no news: stderr is for what went wrong here.
logging.getLogger("matplotlib").setLevel(logging.ERROR)
