"""The page with everything: machines, charts, verdicts, costs, gaps. One file, no network."""

from dataclasses import dataclass
from pathlib import Path

from common.charts.baseline import family_note, judge_run
from common.charts.chart_figure import figure
from common.charts.costs import cost_tables
from common.charts.drawing import declared
from common.charts.errors import ResultsError
from common.charts.folders import load_runs, machine_folder
from common.charts.json_file import RECORD_AGAIN, read_json
from common.charts.page_claims import evidence_part, judged_sections, verdict_table
from common.charts.page_colours import colours
from common.charts.page_library import INSTALLED, library
from common.charts.page_parts import folded, paragraphs, table, text
from common.charts.program_words import program_words
from common.charts.section_words import command_of, section_words
from common.charts.svg_text import shared_glyphs
from common.charts.verdict_table import LEFT, aside_lines, by_case, rows_of

_STYLE = Path(__file__).with_name("report.css")
_MACHINE_FIELDS = ("cpu_model", "cores", "virtualization", "governor", "kernel", "memory_bytes",
                   "open_files_limit", "processes_limit", "cpu_quota", "compiler",
                   "compiler_flags", "build_type")
_MOST_BYTES = 2_900_000
_HOW_TO_READ = (
    "Each small point is one trial, a process started anew; the marker is the median of the "
    "trials and the dark line the 95 % interval of that median. Red is the analytic bound: what "
    "arithmetic alone allows, with the cores as fast as when the trial began. A speed-up above 1 "
    "is faster than the baseline. A verdict needs the whole interval to be beyond the margin, "
    "after correction for the number of comparisons; “inconclusive” means that these trials can't"
    " tell."
)
_HOW_TO_USE = (
    "In a chart: point at a mark for its value, interval, trials and costs; click a name to take "
    "it out or put it back; choose a linear or a logarithmic scale. The numbers are under each."
)
_NO_SCRIPT = ("Scripts are off here, so that the charts can't be drawn. Their numbers are in the "
              "tables, and make charts draws them as pictures.")
_FETCH_NOTHING = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
    "style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'\">")


@dataclass(frozen=True)
class Page:
    """What all parts of a page share: the margin of its verdicts, whether its charts are live
    or else drawn once more for phones, and the letters of the pictures (id -> outline)."""

    margin: float
    live: bool
    narrow: bool
    glyphs: dict


def report_page(folders, margin, installed=INSTALLED):
    """Return the page as text, for all runs below the folders; raises ResultsError.

    installed: where the library for interactive charts is; without it the charts are pictures.
    """
    machines = {}
    for folder in folders:
        for run in load_runs(folder):
            machines.setdefault(machine_folder(run.folder), []).append(run)
    script, why_not = library(installed)
    html = _page(machines, Page(margin, bool(script), True, {}), script, why_not)
    if not script and len(html.encode()) > _MOST_BYTES:  # then one picture has to do for all widths
        html = _page(machines, Page(margin, False, False, {}), script, why_not)
    return html


def _page(machines, page, script, why_not):
    parts = [_machine(folder, runs, page, f"m{i}") for i, (folder, runs) in
             enumerate(sorted(machines.items()))]
    return "\n".join([
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">', _FETCH_NOTHING,
        f"<title>Two Cakes: results</title>\n<style>\n{colours()}\n{_STYLE.read_text()}</style>",
        f"</head>\n<body>\n{shared_glyphs(page.glyphs)}\n<main>\n<h1>Two Cakes: results</h1>",
        f"<p>{text(_HOW_TO_READ)}</p>",
        f"<p>{text(_HOW_TO_USE)}</p>\n<noscript><p>{text(_NO_SCRIPT)}</p></noscript>" if script else
        paragraphs([f"The charts on this page are still pictures: {why_not}."], "note"),
        *parts, "</main>", f"<script>\n{script}\n</script>" if script else "",
        "</body>\n</html>\n",
    ])


def _machine(folder, runs, page, prefix):
    """Return the part of one machine: what it is, what makes it doubtful, its sections."""
    facts = [[label, value] for label, value in _machine_facts(folder, runs).items() if value]
    sections = list(dict.fromkeys(run.section for run in runs))
    judged = judged_sections(runs)
    links = "".join(f'<li><a href="#{prefix}-{section}">{text(section_words(section)[0])}</a></li>'
                    for section in sections)
    parts = [f"<section>\n<h2>Machine: {text(folder.name)}</h2>", _doubts(runs),
             folded("What the machine is", table("", ["", ""], facts, words=(0, 1))),
             verdict_table(judged),
             f'<nav aria-label="Sections of {text(folder.name)}"><ul>{links}</ul></nav>']
    for section in sections:
        heading, question = section_words(section)
        parts.append(f'<h3 id="{prefix}-{section}">{text(heading)}</h3>')
        parts.append(paragraphs([question] if question else [], "question"))
        parts.append(evidence_part(judged.get(section)))
        parts += [_experiment(run, page, f"{prefix}-{run.section}-{run.experiment}")
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
    items = "\n".join(f"<li>{text(doubt)} ({text(_named(names, runs))})</li>"
                      for doubt, names in doubts.items())
    return ('<div class="doubts"><p>What makes these timings doubtful (<code>make doctor</code> '
            f"says how to mend it):</p>\n<ul>{items}</ul></div>")


def _named(names, runs):
    return "all" if len(names) == len(runs) > 1 else ", ".join(names)


def _experiment(run, page, prefix):
    """Return the part of one run: its words, charts, timeline, verdicts, costs, gaps, command."""
    title = run.context.get("title", "")
    parts = [f"<article>\n<h4><code>{text(run.experiment)}</code> {text(title)}</h4>", _words(run),
             paragraphs(run.warnings, "warning")]
    parts += [figure(run, chart, f"{prefix}-{i}-", page)
              for i, chart in enumerate(declared(run))]
    if run.table.empty:
        parts.append(paragraphs(["No series has numbers, so there is nothing to draw."], "note"))
    parts += [_verdicts(run, page.margin)]
    parts += [folded(each[0], table("", *each[1:])) for each in cost_tables(run)]
    parts += [paragraphs(aside_lines(run), "aside")]
    one = " ".join(run.description["command"])
    parts.append(f'<p class="note">Record it again: <code>{text(command_of(run))}</code>. '
                 f"One trial alone: <code>{text(one)}</code></p>\n</article>")
    return "\n".join(part for part in parts if part)


def _words(run):
    """Return the experiment's question, expectation and limits, from the header of its program."""
    words = program_words(run.section, run.experiment)
    rows = [(label, words[key]) for label, key in
            (("Question", "Question"), ("Expected", "Expect"), ("Not shown", "Does not show"))
            if key in words]
    items = "".join(f"<dt>{text(label)}</dt><dd>{text(said)}</dd>" for label, said in rows)
    return f'<dl class="words">{items}</dl>' if items else ""


def _verdicts(run, margin):
    judged = judge_run(run, margin)
    parts = []
    for title, group in by_case(judged).items() if judged else ():
        header, rows = rows_of(group, title)
        parts.append(table(title or "Median times", header, rows, LEFT))
    if judged:
        parts.append(paragraphs([family_note(run, judged, margin)], "note"))
    return "\n".join(parts)
