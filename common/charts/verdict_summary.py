"""The top of the page: what became of every experiment's comparisons, a row each."""

from common.charts.baseline import judge_run
from common.charts.page_parts import table
from common.charts.section_words import section_words
from common.charts.verdicts import FASTER, INCONCLUSIVE, SLOWER, same_word


def verdict_summary(runs, margin):
    """Return a table: how many models of each run came out faster, slower, the same, or neither."""
    words = (FASTER, SLOWER, same_word(margin), INCONCLUSIVE)
    rows = []
    for run in runs:
        verdicts = [each.word for each in judge_run(run, margin) if each.verdict]
        if verdicts:
            rows.append([section_words(run.section)[0], run.experiment, run.baseline,
                         *(str(verdicts.count(word)) for word in words)])
    header = ["section", "experiment", "against", *words]
    return table("Comparisons with each baseline", header, rows, words=(0, 1, 2)) if rows else ""
