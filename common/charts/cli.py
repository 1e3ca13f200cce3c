"""The verbs of `python3 -m common.charts`. Exit codes: 0 good, 1 a check failed, 2 bad input."""

import argparse
import os
import sys
from pathlib import Path

from common.charts.errors import ResultsError, one_line
from common.charts.page_library import INSTALLED

_RESULTS = "a recorded results folder: an experiment's (with run.json), a section's or a machine's"


def main(arguments):
    """Run one verb; returns the exit code. Bad input is one line on stderr."""
    options = _parser().parse_args(arguments)
    try:
        code = options.verb(options)
        sys.stdout.flush()
        return code
    except ResultsError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # `... | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        place = error.filename or "standard output"
        print(one_line(f"{place}: {error.strerror}; free some space or check the permissions"),
              file=sys.stderr)
        _drop_output()
        return 2


def _drop_output():
    """Forget what could not be printed, so that Python doesn't try, and fail, again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _parser():
    parser = argparse.ArgumentParser(prog="python3 -m common.charts",
                                     description="Judge and draw recorded results.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    verb = _add(verbs, "verdicts", _verdicts, "print each model against its baseline")
    verb.add_argument("results", type=Path, help=_RESULTS)
    verb.add_argument("experiment", nargs="?", help="only this experiment")

    verb = _add(verbs, "compare", _compare, "compare two recorded results")
    verb.add_argument("base", type=Path, help=_RESULTS)
    verb.add_argument("new", type=Path, help="another one")
    verb.add_argument("--force", action="store_true",
                      help="compare even different machines, compilers, builds or parameters")
    verb.add_argument("--charts", type=Path, metavar="DIR",
                      help="draw before and after, too: an SVG and a PNG per experiment into DIR")
    verb.add_argument("--fail-on-regression", action="store_true",
                      help="exit with 1 if anything is slower, or fails that worked")

    verb = _add(verbs, "aa", _aa, "judge a run of one program against itself (DIR/a, DIR/b)")
    verb.add_argument("results", type=Path, metavar="DIR", help="the folder that holds a and b")

    verb = _add(verbs, "charts", _charts, "draw all charts to RESULTS_DIR/charts as SVG and PNG")
    verb.add_argument("results", type=Path, nargs="?", default=Path("results"), help=_RESULTS)
    verb.add_argument("--only", metavar="EXPERIMENT", help="only this experiment")

    verb = _add(verbs, "claims", _claims, "judge the chapter's sentences on recorded results")
    verb.add_argument("results", type=Path, nargs="?", help=_RESULTS + " (default: the newest)")
    verb.add_argument("--topic", action="append", default=[], metavar="1.5",
                      help="only this section; can be repeated")
    verb.add_argument("--strict", action="store_true", help="exit with 1 if a claim fails")

    verb = _add(verbs, "report", _report, "write one page with everything")
    verb.add_argument("results", type=Path, nargs="*", default=[Path("results")], help=_RESULTS)
    verb.add_argument("--out", type=Path, default=Path("results/report.html"),
                      help="the page (default: %(default)s)")
    verb.add_argument("--library", type=Path, default=INSTALLED, metavar="DIR",
                      help="where page/install.sh put the library for interactive charts")
    return parser


def _add(verbs, name, function, text):
    verb = verbs.add_parser(name, help=text, description=text.capitalize() + ".")
    verb.set_defaults(verb=function)
    if name not in ("charts", "claims"):
        verb.add_argument("--margin", type=_margin, default=0.02, metavar="PERCENT",
                          help="differences up to this size count as the same (default: 2)")
    return verb


def _margin(text):
    try:
        percent = float(text)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 50:
        raise argparse.ArgumentTypeError(f"'{text}' is not a percentage from 0 to 50")
    return percent / 100


def _verdicts(options):
    from common.charts.verdict_table import verdict_lines

    for run in _chosen(options.results, options.experiment):
        print("\n".join(verdict_lines(run, options.margin)))
    return 0


def _compare(options):
    from common.charts.compare import compare, side_lines, summary, table_lines

    compared = compare(options.base, options.new, options.margin)
    if compared.differences and not options.force:
        raise ResultsError(options.new, "", f"can't be compared with {options.base}: "
                           + "; ".join(compared.differences),
                           "record both alike, or say --force to compare all the same")
    lines = [one_line(f"!! FORCED: {text}") for text in compared.differences]
    lines += side_lines("base", options.base, compared.base)
    lines += side_lines("new", options.new, compared.new)
    lines += ["", *table_lines(compared), ""]
    for title, names in (("only in base", compared.only_base), ("only in new", compared.only_new),
                         ("failed in new", compared.broken)):
        lines += [f"{title}: {one_line(name)}" for name in names]
    if options.charts:
        from common.charts.compare_chart import write_compare_charts

        paths = write_compare_charts(compared, options.margin, options.charts)
        lines += [one_line(f"drawn: {path}") for path in paths]
    print("\n".join([*lines, summary(compared, options.margin)]))
    return 1 if options.fail_on_regression and compared.regressions else 0


def _aa(options):
    from common.charts.aa import judge_aa

    lines, passed = judge_aa(options.results, options.margin)
    print("\n".join(lines))
    return 0 if passed else 1


def _charts(options):
    from common.charts.drawing import write_charts
    from common.charts.folders import charts_folder

    for run in _chosen(options.results, options.only):
        paths = write_charts(run, charts_folder(options.results, run))
        for path in paths:
            print(one_line(path))
        if not paths:
            print(one_line(f"{run.folder}: no series has numbers; nothing to draw"))
    return 0


def _claims(options):
    from common.charts.claim_table import claim_lines, machine_lines, summary_lines
    from common.charts.claims import FAILS, judged_claims
    from common.charts.folders import newest_runs
    from common.charts.topics import sections_of

    recorded = any(Path("results").glob("*/*/*/run.json"))
    results = options.results or (Path("results") if recorded else None)
    sections = sections_of(options.topic, "claims.toml") if options.topic else None
    runs = newest_runs(results) if results else []
    judged = judged_claims(runs, sections)
    lines = [machine_lines(runs, judged), *(claim_lines(*each) for each in judged.items()),
             summary_lines(judged)]
    print("\n".join(line for group in lines for line in group))
    failing = any(claim.word == FAILS for claims in judged.values() for claim in claims)
    return 1 if options.strict and failing else 0


def _report(options):
    from common.charts.report import report_page
    from common.charts.whole_file import write_whole

    write_whole(options.out, report_page(options.results, options.margin, options.library).encode())
    print(one_line(options.out))
    return 0


def _chosen(results, experiment):
    """Return the runs below a folder, all or those of one experiment; ResultsError if none."""
    from common.charts.folders import load_runs

    runs = load_runs(results)
    chosen = [run for run in runs if experiment in (None, run.experiment)]
    if not chosen:
        known = ", ".join(sorted({run.experiment for run in runs}))
        raise ResultsError(results, "", f"has no experiment '{experiment}'", f"it has {known}")
    return chosen
