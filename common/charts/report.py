"""The page with everything: machines, charts, verdicts, costs, gaps. One file, no network."""

from pathlib import Path

from common.charts.baseline import family_note, judge_run
from common.charts.costs import cost_tables
from common.charts.drawing import declared, describe, svg_of
from common.charts.errors import ResultsError
from common.charts.folders import load_runs, machine_folder
from common.charts.foot import foot_lines
from common.charts.json_file import RECORD_AGAIN, read_json
from common.charts.page_parts import paragraphs, table, text
from common.charts.section_words import command_of, section_words
from common.charts.svg_text import inline
from common.charts.verdict_table import LEFT, aside_lines, by_case, rows_of

_STYLE = Path(__file__).with_name("report.css")
_MACHINE_FIELDS = ("cpu_model", "cores", "virtualization", "governor", "kernel", "memory_bytes",
                   "open_files_limit", "processes_limit", "cpu_quota", "compiler",
                   "compiler_flags", "build_type")
_HOW_TO_READ = (
    "Each small point is one trial, a process started anew; the marker is the median of the trials "
    "and the dark line the 95 % interval of that median. Red is the analytic bound: what "
    "arithmetic alone allows. A speed-up above 1 is faster than the baseline. A verdict needs the "
    "whole interval to be beyond the margin, after correction for the number of comparisons; "
    "“inconclusive” means that these trials can't tell."
)


def report_page(folders, margin):
    """Return the page as text, for all runs below the folders; raises ResultsError."""
    machines = {}
    for folder in folders:
        for run in load_runs(folder):
            machines.setdefault(machine_folder(run.folder), []).append(run)
    parts = [_machine(folder, runs, margin, f"m{i}") for i, (folder, runs) in
             enumerate(sorted(machines.items()))]
    return "\n".join([
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>Two Cakes: results</title>\n<style>\n{_STYLE.read_text()}</style>\n</head>",
        "<body>\n<main>\n<h1>Two Cakes: results</h1>",
        f"<p>{text(_HOW_TO_READ)}</p>",
        *parts,
        "</main>\n</body>\n</html>\n",
    ])


def _machine(folder, runs, margin, prefix):
    """Return the part of one machine: what it is, what makes it doubtful, its sections."""
    facts = [[label, value] for label, value in _machine_facts(folder, runs).items() if value]
    parts = [f"<section>\n<h2>Machine: {text(folder.name)}</h2>", _doubts(runs),
             table("What the machine is", ["", ""], facts, words=(0, 1))]
    for section in dict.fromkeys(run.section for run in runs):
        heading, question = section_words(section)
        parts.append(f"<h3>{text(heading)}</h3>")
        parts.append(paragraphs([question] if question else [], "question"))
        parts += [_experiment(run, margin, f"{prefix}-{run.section}-{run.experiment}")
                  for run in runs if run.section == section]
    return "\n".join([*parts, "</section>"])


def _machine_facts(folder, runs):
    """Return label -> text: machine.json, or what the first run says where there is none."""
    path = folder / "machine.json"
    if not path.exists():
        return {key: runs[0].context.get(key, "") for key in _MACHINE_FIELDS}
    facts = read_json(path)
    if not isinstance(facts, dict) or not all(isinstance(each, str) for each in facts.values()):
        raise ResultsError(path, "", "is not a flat object of texts", RECORD_AGAIN)
    return {label: value for label, value in facts.items() if label != "doubts"}


def _doubts(runs):
    doubts = {}
    for run in runs:
        for doubt in run.doubts:
            doubts.setdefault(doubt, []).append(run.experiment)
    if not doubts:
        return ""
    items = "\n".join(f"<li>{text(doubt)} ({text(', '.join(names))})</li>"
                      for doubt, names in doubts.items())
    return ('<div class="doubts"><p>What makes these timings doubtful (<code>make doctor</code> '
            f"says how to mend it):</p>\n<ul>{items}</ul></div>")


def _experiment(run, margin, prefix):
    """Return the part of one run: charts, verdicts, costs, gaps and how to repeat it."""
    title = run.context.get("title", "")
    parts = [f"<article>\n<h4><code>{text(run.experiment)}</code> {text(title)}</h4>",
             paragraphs(run.warnings, "warning")]
    parts += [_figure(run, chart, f"{prefix}-{i}-") for i, chart in enumerate(declared(run))]
    if run.table.empty:
        parts.append(paragraphs(["No series has numbers, so there is nothing to draw."], "note"))
    parts += [_verdicts(run, margin)]
    parts += [table(*each) for each in cost_tables(run)]
    parts += [paragraphs(aside_lines(run), "aside")]
    one = " ".join(run.description["command"])
    parts.append(f'<p class="note">Record it again: <code>{text(command_of(run))}</code>. '
                 f"One trial alone: <code>{text(one)}</code></p>\n</article>")
    return "\n".join(part for part in parts if part)


def _verdicts(run, margin):
    judged = judge_run(run, margin)
    parts = []
    for title, group in by_case(judged).items() if judged else ():
        header, rows = rows_of(group, title)
        parts.append(table(title or "Median times", header, rows, LEFT))
    if judged:
        parts.append(paragraphs([family_note(run, judged, margin)], "note"))
    return "\n".join(parts)


def _figure(run, chart, prefix):
    """Return a chart with its words as text of the page, once for wide and once for phones."""
    alt = text(describe(run, chart))
    title = "<br>".join(text(line) for line in chart.title.splitlines())
    pictures = [
        f'<div class="card {kind}" role="img" aria-label="{alt}">\n'
        f'{inline(svg_of(run, chart, narrow=kind == "narrow", bare=True), prefix + kind + "-")}'
        "</div>"
        for kind in ("wide", "narrow")
    ]
    return "\n".join([f"<figure>\n<p class=\"title\">{title}</p>", *pictures, "<figcaption>",
                      paragraphs(foot_lines(run, chart), "small"), "</figcaption>\n</figure>"])
