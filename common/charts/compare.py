"""Two recorded results against each other: is the new one slower?"""

import math
from dataclasses import dataclass

from common.charts import statistics, verdicts
from common.charts.errors import ResultsError, one_line
from common.charts.folders import load_runs
from common.charts.quantities import change_text, interval_text, many_text, time_text
from common.charts.text_table import aligned
from common.charts.verdicts import Comparison, judge

_SAME_MACHINE = ("cpu_model", "cores", "virtualization", "cpu_quota", "governor", "kernel",
                 "compiler", "compiler_flags", "build_type", "baseline")
# Flags that say how a run is written down, ordered or narrowed, not what is measured.
_NOT_PARAMETERS = ("--benchmark_out", "--benchmark_context", "--benchmark_filter",
                   "--benchmark_color", "--benchmark_format", "--benchmark_counters_tabular",
                   "--order_seed", "--reversed", "--quick", "--full")
_STRIP, _LEAST_REACH, _MOST_REACH = 21, 1.1, 4.0


@dataclass(frozen=True)
class Compared:
    """The outcome.

    base, new: lists of Runs. differences: texts, why the two can't rightly be compared (empty if
    they can). pairs: (Comparison, Verdict). only_base, only_new: names of the series on one side
    only. broken: names of the series that worked in base and failed in new.
    """

    base: list
    new: list
    differences: list
    pairs: list
    only_base: list
    only_new: list
    broken: list

    @property
    def regressions(self):
        """How many series are worse than before: slower, or failed where they worked."""
        return len(self.broken) + self.count(verdicts.SLOWER)

    def count(self, word):
        """How many comparisons came out as `word`."""
        return sum(verdict.word == word for _, verdict in self.pairs)


def compare(base_path, new_path, margin):
    """Compare all runs below two folders; all series are one family. Raises ResultsError."""
    base, new = _by_place(base_path), _by_place(new_path)
    shared = [place for place in base if place in new]
    if not shared:
        raise ResultsError(new_path, "experiment", f"has no experiment in common with {base_path}",
                           "give two recordings of the same experiments")
    differences = [text for place in shared for text in _differences(base[place], new[place])]
    pairs = [pair for place in shared for pair in _comparisons(base[place], new[place])]
    base_names, new_names = _all_names(base), _all_names(new)
    failed = {mark.series.name for run in new.values() for mark, _ in run.set_aside
              if mark.kind == "failed"}
    return Compared(
        list(base.values()),
        list(new.values()),
        list(dict.fromkeys(differences)),
        list(zip(pairs, judge(pairs, margin))),
        [name for name in base_names if name not in new_names and name not in failed],
        [name for name in new_names if name not in base_names],
        [name for name in base_names if name in failed],
    )


def _by_place(path):
    runs = {}
    for run in load_runs(path):
        if (run.section, run.experiment) in runs:
            raise ResultsError(path, "", "holds several machines", "give one machine's folder")
        runs[run.section, run.experiment] = run
    return runs


def _all_names(runs):
    return [name for run in runs.values() for name in run.series]


def _differences(base, new):
    """Return texts for whatever makes two runs of one experiment incomparable."""
    texts = []
    for field in _SAME_MACHINE:
        old, now = base.context.get(field, ""), new.context.get(field, "")
        if base.trials and new.trials and old != now:
            texts.append(f"{field} is '{old}' in base and '{now}' in new")
    old, now = _parameters(base), _parameters(new)
    if old != now:
        texts.append(f"{base.experiment} ran with '{old}' in base and '{now}' in new")
    for name in base.series.keys() & new.series.keys():
        old, now = (run.where(series=name)["units"].iloc[0] for run in (base, new))
        if old != now:
            texts.append(f"{name} did {old:g} units of work in base and {now:g} in new")
    return texts


def _parameters(run):
    flags = [word for word in run.description["command"][1:]
             if not word.startswith(_NOT_PARAMETERS)]
    return " ".join([f"--{run.description['mode']}", *sorted(flags)])


def _comparisons(base, new):
    return [
        Comparison(name, base.where(series=name)["seconds"].to_numpy(),
                   new.where(series=name)["seconds"].to_numpy())
        for name in base.series if name in new.series
    ]


def table_lines(compared):
    """Return the aligned table: one line per series, in the order of the base."""
    reach = strip_reach(compared)
    header = ("series", "base", "new", "change", "95 % interval",
              f"{change_text(1 / reach)} to {change_text(reach)}", "p (Holm)", "verdict")
    rows = [
        [one_line(verdict.name),
         time_text(statistics.median_interval(comparison.base)[0]),
         time_text(statistics.median_interval(comparison.new)[0]),
         change_text(verdict.ratio), interval_text(verdict.low, verdict.high, change_text),
         strip(verdict, reach),
         f"{verdict.p:.3f}" if verdict.p >= 0.001 else "<0.001", verdict.word]
        for comparison, verdict in compared.pairs
    ]
    return aligned(header, rows) if rows else ["no series in common"]


def strip_reach(compared):
    """Return the largest change that the strips of a table show, as a ratio above 1."""
    ends = [max(end, 1 / end) for _, verdict in compared.pairs
            for end in (verdict.low, verdict.ratio, verdict.high) if 0 < end < math.inf]
    return min(max([_LEAST_REACH, *ends]), _MOST_REACH)


def strip(verdict, reach):
    """Return the change and its interval drawn in 21 letters; the bar in their middle is "no
    change", and an end that lies beyond the strip is an arrow."""
    def place(ratio):
        share = math.log(ratio) / math.log(reach) if 0 < ratio < math.inf else math.inf
        return max(-1, min(_STRIP, round((min(share, 9) + 1) / 2 * (_STRIP - 1))))

    letters = [" "] * _STRIP
    if verdict.low > 0 and verdict.high < math.inf:
        low, high = place(verdict.low), place(verdict.high)
        for i in range(max(low, 0), min(high, _STRIP - 1) + 1):
            letters[i] = "─"
        letters[0] = "‹" if low < 0 else letters[0]
        letters[-1] = "›" if high >= _STRIP else letters[-1]
    letters[_STRIP // 2] = "┼" if letters[_STRIP // 2] == "─" else "│"
    if 0 <= place(verdict.ratio) < _STRIP:
        letters[place(verdict.ratio)] = "●"
    return "".join(letters)


def summary(compared, margin):
    """Return the closing sentence with the counts, and what to do about too few trials."""
    total = len(compared.pairs)
    words = [verdicts.SLOWER, verdicts.FASTER, verdicts.same_word(margin), verdicts.INCONCLUSIVE]
    counts = ", ".join(f"{compared.count(word)} {word}" for word in words)
    text = f"{total} series compared: {counts}"
    if compared.broken:
        text += f", {len(compared.broken)} failed that worked before"
    text += f" (Holm over {total}, margin ±{margin * 100:g} %)."
    fewest = min((min(len(one.base), len(one.new)) for one, _ in compared.pairs), default=0)
    needed = statistics.trials_needed(total)
    if total and fewest < needed:
        text += (f" {many_text(fewest, 'trial')} a side can't show a difference among so many: "
                 f"record at least {needed}.")
    return text


def side_lines(side, path, runs):
    """Return lines that say what a side is: folder, commits, trials, and its runs' warnings."""
    commits = ", ".join(sorted({run.description["commit"][:12] or "?" for run in runs}))
    trials = "/".join(sorted({str(run.trials) for run in runs}, key=int))
    warnings = sorted({one_line(f"!! {side}: {text}") for run in runs for text in run.warnings})
    return [one_line(f"{side:<4} {path}: commit {commits}, {trials} trials"), *warnings]
