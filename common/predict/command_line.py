"""The command line of `predict`.

    python3 -m common.predict 1.5                       asks, runs the section, compares
    python3 -m common.predict 1.5 --answers mine.toml   without a terminal
    python3 -m common.predict 1.5 --recorded            compares with what is recorded, runs nothing

All other flags go to the runner: --full, --trials N, --results DIR, ...
Exit codes: 0 good; 1 a series failed; 2 bad input; 124 out of time; 128 + signal.
"""

import argparse
import signal
import subprocess
import sys
from pathlib import Path

from common.charts.errors import ResultsError, one_line
from common.charts.folders import EXPERIMENTS
from common.charts.quantities import many_text
from common.charts.topics import sections_of, topic_of
from common.predict.answers import ask, read_answers
from common.predict.questions import read_questions
from common.predict.record import Record

FILE = "predict.toml"


class Interrupted(BaseException):
    """A signal arrived; its number is the argument."""


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise ResultsError("predict", "", message, "--help lists all flags")


def _interrupt(number, _frame):
    raise Interrupted(number)


def main(arguments):
    """Do what the command line says; return the exit code. Bad input is one line on stderr."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    record, code = None, 0
    try:
        options, flags = _parse(arguments)
        section, = sections_of([options.topic], FILE)
        path = EXPERIMENTS / section / FILE
        questions = read_questions(path)
        given = read_answers(options.answers, questions) if options.answers else None
        results = _results_folder(flags)
        record = Record(results, section)
        _predict(record, questions, given)
        code = 0 if options.recorded else _run(flags, section)
        if code <= 1:
            _compare(record, questions, results, path)
    except Interrupted as stop:
        code = 128 + stop.args[0]
    except ResultsError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(one_line(f"{error.filename or 'predict'}: {error.strerror}; free some space or check "
                       "the permissions"), file=sys.stderr)
        return 2
    if code > 1 and record and record.answers:
        print(f"\npredict: {many_text(len(record.answers), 'answer')} kept in {record.path}; the "
              "same command goes on from there", file=sys.stderr)
    return code


def _parse(arguments):
    parser = _Parser(prog="python3 -m common.predict", allow_abbrev=False, description=__doc__,
                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topic", help="1.5, gil or 1_5_gil")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="a line `name = answer` each")
    parser.add_argument("--recorded", action="store_true", help="run nothing")
    return parser.parse_known_args(arguments)


def _results_folder(flags):
    """Return where the runner would record with these flags; ResultsError if it doesn't know
    them."""
    done = subprocess.run([sys.executable, "-m", "common.runner", "--print-results-dir", *flags],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise ResultsError("predict", "", done.stderr.strip().removeprefix("runner: "),
                           "what predict doesn't know goes to the runner")
    return Path(done.stdout.strip())


def _predict(record, questions, given):
    """Get an answer to each question into the Record."""
    if given:
        record.keep_all(given)
        return
    record.go_on([question.name for question in questions])
    if record.answers:
        print(f"{len(record.answers)} of {len(questions)} are answered already "
              f"({record.path}: remove it to begin anew).")
    for number, question in enumerate(questions, start=1):
        if question.name not in record.answers:
            record.keep(question.name, ask(question, number, len(questions)))


def _run(flags, section):
    """Run the section; return the runner's exit code. A signal is passed on: the runner ends in
    good order, and keeps the trials that are done."""
    print(flush=True)
    child = subprocess.Popen([sys.executable, "-m", "common.runner", *flags, topic_of(section)])
    stopped = 0
    while True:
        try:
            code = child.wait()
            return stopped or (code if code >= 0 else 128 - code)
        except Interrupted as stop:
            stopped = 128 + stop.args[0]
            child.send_signal(stop.args[0])


def _compare(record, questions, results, path):
    from common.charts.folders import load_runs
    from common.charts.foot import machine_text
    from common.predict.score import score, score_lines

    runs = {run.experiment: run for run in load_runs(results / record.section)}
    scores = [score(question, record.answers[question.name], runs, path, f"question[{i}].")
              for i, question in enumerate(questions)]
    facts = {"machine": machine_text(next(iter(runs.values())))}
    heading = f"{facts['machine']} · predicted {record.asked}"
    lines = score_lines(scores, record.section, heading)
    record.finish([each.as_json() for each in scores], facts, lines)
    print("\n" + "\n".join(lines), flush=True)
    print(f"\nKept in {record.text_path} and {record.path.name}.", flush=True)
