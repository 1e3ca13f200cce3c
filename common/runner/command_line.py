"""The runner's command line.

    python3 -m common.runner 1.2                      one topic, quickly
    python3 -m common.runner --full io_cpu --only matrix -- --benchmark_filter=io
    python3 -m common.runner all                      every topic

Everything behind `--` goes to the executables. Results: DIR/<section>/<experiment>/*.json
Exit codes: 0 good; 1 a series or an executable failed; 2 bad input; 124 out of time; 128 + signal.
"""

import argparse
import re
import signal
import time
from pathlib import Path

from common.runner.errors import BAD_INPUT, GOOD, RunnerError, cannot_write
from common.runner.lock import only_runner
from common.runner.machine import commit, machine_slug
from common.runner.process import adopt_orphans
from common.runner.recording import recover
from common.runner.say import complain, say
from common.runner.sections import (
    check_only, choose_experiments, choose_sections, executable_of, find_sections,
)  # fmt: skip
from common.runner.summary import exit_code, print_places, print_problems
from common.runner.trials import Settings, make_contender, run_trials

TRIALS = {"quick": 8, "full": 20, "aa": 10}  # aa: as many a side as the claim about it says
TIMEOUT_SECONDS = {"quick": 300.0, "full": 3600.0}
# Flags that would change what a recorded run is; the reason why they can't be passed on.
OURS = {
    "--quick": "quick is the default", "--full": "give --full (make: FULL=1) itself",
    "--smoke": "a smoke run measures nothing", "--order_seed": "give --seed (make: SEED=n) itself",
    "--reversed": "trials take turns at it",
    "--benchmark_out": "give --results (make: RESULTS=dir)",
    "--benchmark_out_format": "results are JSON",
    "--benchmark_list_tests": "run the program itself",
    "--help": "run the program itself", "-h": "run the program itself",
}  # fmt: skip


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise RunnerError(f"{message}; --help lists all flags")


def main(arguments, watch):
    """Do what the command line says; return the exit code."""
    try:
        code = _main(arguments, watch)
    except RunnerError as error:
        complain(f"runner: {error}")
        code = error.exit_code
    return 128 + watch.received if watch.received else code


def _main(arguments, watch):
    options = _parse(arguments)
    if options.print_results_dir:
        say(str(_results_of(options)))
        return GOOD
    sections = choose_sections(options.sections, find_sections())
    check_only(options.only, sections)
    results = _results_of(options)
    folders = [results / side for side in ("a", "b")] if options.aa else [results]
    jobs = _jobs(sections, folders, options)
    contenders = [contender for _, group, _ in jobs for contender in group]
    adopt_orphans()
    try:
        with only_runner(results):
            for folder in folders:
                _recover(folder)
            for section, group, settings in jobs:
                if not watch.received:
                    run_trials(section, group, settings, watch)
                    print_places(group)
    except OSError as error:
        raise cannot_write(error) from None
    except RunnerError:
        print_problems(contenders)
        raise
    return _conclude(contenders, options, results, watch)


def _parse(arguments):
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = _Parser(prog="python3 -m common.runner", allow_abbrev=False, description=__doc__,
                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    add = parser.add_argument
    add("sections", nargs="*", metavar="SECTION", help="1.2, io_cpu or 1_2_io_cpu; or all")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--quick", dest="mode", action="store_const", const="quick", default="quick",
                      help="the small sweep, 8 trials (default)")  # fmt: skip
    mode.add_argument("--full", dest="mode", action="store_const", const="full",
                      help="the whole sweep, 20 trials")  # fmt: skip
    add("--trials", type=_positive, metavar="N", help="this many trials")
    add("--seed", type=_natural, metavar="N", help="the orders' seed (default: the clock's)")
    add("--only", action="append", default=[], metavar="EXPERIMENT", help="can be repeated")
    add("--results", metavar="DIR", help="record to DIR (default: results/<kind of machine>)")
    add("--machine", type=_name, metavar="NAME", help="record to results/NAME")
    add("--timeout", type=_seconds, metavar="SECONDS", help="for one start (300, full: 3600)")
    add("--build-dir", default="build/release", metavar="DIR", help="default: %(default)s")
    add("--aa", action="store_true", help="everything against itself, to DIR/a and DIR/b")
    add("--present", action="store_true", help="then draw the charts and print the verdicts")
    add("--arguments", default="", metavar="TEXT", help="flags for the executables, in one text")
    add("--print-results-dir", action="store_true", help="only say where results would go")
    options = parser.parse_args(arguments[:split])
    options.extra_flags = (*_words(options.arguments), *arguments[split + 1 :])
    for flag in options.extra_flags:
        if flag.split("=")[0] in OURS:
            raise RunnerError(f"{flag} can't be passed on: {OURS[flag.split('=')[0]]}")
    if not options.sections and not options.print_results_dir:
        raise RunnerError("which section? e.g. 1.2, io_cpu or all; --help lists all flags")
    return options


def _positive(text):
    return _checked(text, re.fullmatch("[1-9][0-9]{0,5}", text), "a number from 1 on", int)


def _natural(text):
    return _checked(text, re.fullmatch("[0-9]{1,18}", text), "a number from 0 on", int)


def _seconds(text):
    valid = re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) and float(text) > 0
    return _checked(text, valid, "a number of seconds above 0", float)


def _name(text):
    return _checked(text, re.fullmatch(r"\w[\w.-]*", text), "a name of letters, digits . _ -", str)


def _checked(text, valid, wanted, convert):
    if not valid:
        raise argparse.ArgumentTypeError(f"'{text}' is not {wanted}")
    return convert(text)


def _words(text):
    if not text:
        return []
    import shlex  # only where it is needed: a start should cost little

    try:
        return shlex.split(text)
    except ValueError as error:
        raise RunnerError(f"--arguments (make: ARGS) {text!r}: {error}") from None


def _results_of(options):
    if options.results:
        return Path(options.results)
    if options.aa:
        return Path("build/aa")
    return Path("results") / (options.machine or machine_slug())


def _jobs(sections, folders, options):
    """Return (section, contenders, settings) for each section; raise if a program is missing."""
    settings = Settings(
        mode=options.mode,
        trials=options.trials or TRIALS["aa" if options.aa else options.mode],
        seed=time.time_ns() // 1000 % 2**31 if options.seed is None else options.seed,
        timeout_seconds=options.timeout or TIMEOUT_SECONDS[options.mode],
        extra_flags=options.extra_flags,
        commit=commit(),
    )
    jobs = []
    for section in sections:
        names = choose_experiments(section, options.only)
        contenders = [
            make_contender(section, name, executable_of(name, options.build_dir), folder, settings,
                           side=folder.name if options.aa else "")
            for name in names
            for folder in folders
        ]  # fmt: skip
        jobs.append((section, contenders, settings))
    return jobs


def _recover(folder):
    for settled in recover(folder):
        complain(f"runner: a killed run's finished trials are now in {settled}")


def _conclude(contenders, options, results, watch):
    """Present what was recorded, then say what went wrong: the last lines are what matters."""
    code = exit_code(contenders)
    presented = GOOD
    recorded = [
        (c.recording.run["section"], c.experiment)
        for c in contenders
        if c.folder and not c.kept_aside
    ]
    if options.present and recorded and not watch.received and code != BAD_INPUT:
        from common.runner.present import present

        report = results / "report.html" if options.results else results.parent / "report.html"
        presented = present(results, recorded, report, watch)
        if presented == GOOD:
            say(f"\nLook at {report}, or at the charts in {results}/")
    print_problems(contenders)
    if watch.received:
        complain(f"runner: interrupted by {signal.Signals(watch.received).name}")
    return code or presented
