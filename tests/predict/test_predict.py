"""Predict, then measure: questions before the run, answers never lost, a score that is a rule."""

import json
import math
import os
import pty
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "charts"))
sys.path.insert(0, str(ROOT))

from recorded_results import CONTEXT, row  # noqa: E402

from common.charts.claims_file import read_claims  # noqa: E402
from common.charts.errors import ResultsError  # noqa: E402
from common.charts.topics import section_files  # noqa: E402
from common.predict.answers import BadAnswer, number_of, read_answers  # noqa: E402
from common.predict.questions import read_questions  # noqa: E402
from common.predict.score import Score  # noqa: E402

SECTION = "1_1_asynchronous"
QUESTIONS = read_questions(section_files("predict.toml")[SECTION])
ANSWERS = "frozen_in_place = 6\ncomputing_on_the_loop: 3x\ntold_by_a_future = '20 us'\n" \
          "told_by_a_childs_end = \"1 ms\" # a guess\n"
# What each experiment measures in the miniature: the series, and a column with its value.
MEASURED = {
    "frozen_spinner": {
        "blocking/operation:request": ("max_gap_s", 0.06),
        "threads/operation:request": ("max_gap_s", 0.01),
        "coroutines/operation:computation": ("max_gap_s", 0.06),
        "event_loop_pool/operation:computation": ("max_gap_s", 0.01),
    },
    "notify_when_done": {
        "future/task:computation": ("notice_s", 2e-5),
        "waitpid/task:computation": ("notice_s", 1e-4),
    },
}  # fmt: skip
PROGRAM = """#!{python} -SE
import json, sys, time
whole = json.loads({whole!r})
time.sleep({sleep})
open(next(word for word in sys.argv if word.startswith("--benchmark_out=")).partition("=")[2],
     "w").write(json.dumps(whole))
"""


class Miniature(unittest.TestCase):
    """A checkout whose section 1.1 measures at once what MEASURED says."""

    sleep = 0

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="predict ")
        self.addCleanup(holder.cleanup)
        self.root = Path(holder.name)
        for experiment, series in MEASURED.items():
            folder = self.root / "experiments" / SECTION / experiment
            folder.mkdir(parents=True)
            (folder / "main.cpp").touch()
            rows = [row(f"{experiment}/{name}", 0.1, **{column: value})
                    for name, (column, value) in series.items()]
            context = {**CONTEXT, "experiment": experiment, "section": SECTION}
            program = self.root / "build" / "release" / "bin" / experiment
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text(PROGRAM.format(python=sys.executable, sleep=self.sleep, whole=
                                              json.dumps({"context": context, "benchmarks": rows})))
            program.chmod(0o755)
        self.record = self.root / "results" / "m" / "predictions" / f"{SECTION}.json"
        self.answers = self.root / "my answers.toml"
        self.answers.write_text(ANSWERS)

    def start(self, *arguments, **options):
        command = [sys.executable, "-m", "common.predict", "1.1", "--machine", "m", *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=self.root, text=True, **{**pipes, **options},
                                env={**os.environ, "PYTHONPATH": str(ROOT)})

    def predict(self, *arguments, stdin=""):
        with self.start(*arguments) as process:
            out, error = process.communicate(stdin, timeout=120)
        return process.returncode, out, error

    def kept(self):
        return json.loads(self.record.read_text())


class FromAFile(Miniature):
    def test_it_runs_compares_scores_and_writes_a_record(self):
        code, out, error = self.predict("--answers", str(self.answers), "--trials", "6")
        self.assertEqual(code, 0, error)
        self.assertRegex(out, r"frozen_in_place +6\.00x +– +6\.00x +1\.00x +10\.0")
        self.assertRegex(out, r"computing_on_the_loop +3\.00x +– +6\.00x +2\.00x +5\.0")
        self.assertRegex(out, r"told_by_a_childs_end +1\.00 ms +– +100 µs +10\.00x +0\.0")
        self.assertIn("25.0 of 40 points", out)
        self.assertIn("5 at twice or half", out)
        kept = self.kept()
        self.assertEqual(kept["answers"]["told_by_a_future"], "20 us")
        self.assertEqual([each["points"] for each in kept["scores"]], [10.0, 5.0, 10.0, 0.0])
        self.assertEqual(kept["scores"][3]["measured"], 1e-4)
        self.assertIn(CONTEXT["cpu_model"], kept["machine"])
        handed_in = self.record.with_suffix(".txt").read_text()
        self.assertIn(handed_in.strip(), out)
        for question in QUESTIONS:
            self.assertIn(question.asks, " ".join(handed_in.split()))

    def test_a_measured_record_is_never_written_over(self):
        for _ in range(2):
            self.predict("--answers", str(self.answers), "--trials", "1")
        names = {path.name for path in self.record.parent.iterdir()}
        self.assertEqual(names, {f"{SECTION}{part}" for part in
                                 (".json", ".txt", "-1.json", "-1.txt")})

    def test_bad_answers_are_one_line_and_nothing_is_run(self):
        for text, words in (
            (ANSWERS.replace("= 6", "= six"), ("line 1", "frozen_in_place", "'six'", "1.5x")),
            (ANSWERS.replace("'20 us'", "20"), ("line 3", "with its unit")),
            (ANSWERS.replace("= 6", "= 0"), ("above 0",)),
            (ANSWERS.replace("= 6", "= nan"), ("'nan'",)),
            (ANSWERS + "more = 1", ("line 5", "answers no question", "told_by_a_future")),
            (ANSWERS + "told_by_a_future = 1 s", ("twice",)),
            (ANSWERS.replace("frozen_in_place = 6\n", ""), ("frozen_in_place", "not answered")),
            ("6\n3x\n20 us\n", ("told_by_a_childs_end", "not answered")),
            ("6\n3x\n20 us\n1 ms\n7\n", ("line 5", "answers no question")),
        ):
            self.answers.write_text(text)
            code, out, error = self.predict("--answers", str(self.answers))
            self.assertEqual((code, out, error.count("\n")), (2, "", 1), error)
            for word in (str(self.answers), *words):
                self.assertIn(word, error)
        self.assertFalse((self.root / "results").exists())

    def test_other_bad_input_is_one_line(self):
        for arguments, word in ((["--answers", "nowhere"], "nowhere"), (["--trials", "x"], "'x'"),
                                (["--what"], "--what"), (["--answers"], "--answers")):
            code, out, error = self.predict(*arguments)
            self.assertEqual((code, out, error.count("\n")), (2, "", 1), error)
            self.assertIn(word, error)
        done = subprocess.run([sys.executable, "-m", "common.predict", "9.9"], cwd=ROOT,
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1))
        self.assertIn("1.5 (gil)", done.stderr)

    def test_the_answers_alone_in_their_order_will_do(self):
        self.answers.write_text("# mine\n6\n\n3x\n20 us\n1ms\n")
        self.assertEqual(read_answers(self.answers, QUESTIONS)["told_by_a_future"], "20 us")


class FromAPipeOrATerminal(Miniature):
    def test_answers_come_from_a_pipe_too_and_are_kept_one_by_one(self):
        code, _, error = self.predict(stdin="6\n3\n")
        self.assertEqual((code, error.count("\n")), (2, 1), error)
        self.assertIn("told_by_a_future", error)
        self.assertEqual(len(self.kept()["answers"]), 2)
        code, out, _ = self.predict("--trials", "1", stdin="20 us\n100 us\n")
        self.assertEqual(code, 0)
        self.assertIn("2 of 4 are answered already", out)
        self.assertIn("of 40 points", out)
        code, out, _ = self.predict("--trials", "1", stdin="")
        self.assertIn("1 of 4.", out)  # what was measured is asked anew

    def test_a_terminal_is_asked_again_and_ctrl_c_keeps_what_was_said(self):
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        process = self.start(stdin=theirs)
        os.close(theirs)
        os.write(ours, b"much\n6x\n")
        wait_for(lambda: self.record.exists())
        wait_for(lambda: "frozen_in_place" in self.kept()["answers"])
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, error)
        self.assertIn("'much' is not a factor", out)
        self.assertIn("1 answer kept", error)
        self.assertNotIn("Traceback", error)
        self.assertEqual(self.kept()["answers"], {"frozen_in_place": "6x"})


class Interrupted(Miniature):
    sleep = 3

    def test_a_signal_during_the_run_keeps_the_answers(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("--answers", str(self.answers))
            wait_for(lambda: list((self.root / "results").glob(f"*/{SECTION}/*.running")))
            process.send_signal(number)
            _, error = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 128 + number, error)
            self.assertIn("4 answers kept", error)
            self.assertNotIn("Traceback", error)
            self.assertEqual(len(self.kept()["answers"]), 4)


class Questions(unittest.TestCase):
    def test_every_section_with_claims_has_three_to_five(self):
        files = section_files("predict.toml")
        self.assertEqual(files.keys(), section_files("claims.toml").keys())
        for section, path in files.items():
            self.assertLessEqual(3, len(read_questions(path)), section)
            self.assertTrue(read_claims(path.with_name("claims.toml")))

    def test_their_series_are_of_the_section_itself(self):
        for path in section_files("predict.toml").values():
            for question in read_questions(path):
                program = path.parent / question.measure.series.experiment / "main.cpp"
                self.assertTrue(program.exists(), question.name)

    def test_each_mistake_names_its_field(self):
        good = section_files("predict.toml")[SECTION].read_text()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "predict.toml"
            for old, new, field in (
                ("asks = ", "asked = ", "question[0].asked"),
                ('name = "frozen_in_place"', "", "question[0].name"),
                ('value = "max_gap_s"', "bound = 1", "question[0].bound, bound_is"),
                ('why = "Done', 'bound_is = "x"\nwhy = "Done', "question[0].bound, bound_is"),
                ("frozen_spinner/blocking/operation:request", "frozen_spinner",
                 "question[0].series"),
                (good[good.index("[[", 80):], "", "3 to 5"),
            ):
                self.assertIn(old, good)
                path.write_text(good.replace(old, new, 1))
                with self.assertRaises(ResultsError) as caught:
                    read_questions(path)
                self.assertIn(field, str(caught.exception))


class Rule(unittest.TestCase):
    def question(self, unit):
        names = {"times": "frozen_in_place", "seconds": "told_by_a_future"}
        if unit == "share":
            return next(each for each in read_questions(section_files("predict.toml")["1_2_io_cpu"])
                        if each.name == "cpu_share_of_a_request")
        return next(each for each in QUESTIONS if each.name == names[unit])

    def score(self, prediction, effect, unit="times"):
        return Score(self.question(unit), prediction, effect, "", math.nan, "")

    def test_within_the_interval_is_not_off(self):
        for prediction in (1.0, 1.5, 2.0):
            self.assertEqual(self.score(prediction, (1.4, 1.0, 2.0)).points, 10)

    def test_twice_and_half_are_equally_far(self):
        for prediction in (4.0, 0.5):
            score = self.score(prediction, (1.4, 1.0, 2.0))
            self.assertEqual((score.off, score.points), (2.0, 5.0))
        self.assertEqual(self.score(9.0, (1.4, 1.0, 2.0)).points, 0)

    def test_without_an_interval_it_is_the_estimate(self):
        self.assertEqual(self.score(3.0, (1.5, 0.0, math.inf)).off, 2.0)
        self.assertEqual(self.score(3.0, (1.5, math.nan, math.nan)).off, 2.0)

    def test_shares_are_compared_by_their_odds(self):
        score = self.score(0.9, (0.99, 0.99, 0.99), "share")
        self.assertAlmostEqual(score.off, 11.0)
        self.assertTrue(math.isfinite(self.score(1.0, (0.5, 0.5, 0.5), "share").off))

    def test_what_was_not_measured_has_no_points(self):
        score = Score(self.question("times"), 2.0, None, "skipped", math.nan, "")
        self.assertTrue(math.isnan(score.off))
        self.assertIsNone(score.as_json()["points"])
        self.assertEqual(score.cells()[3:], ["not measured", "–", "–"])

    def test_numbers_with_their_units(self):
        for unit, text, number in (
            ("times", "1.5", 1.5), ("times", " 1.5 x ", 1.5), ("times", ".5x", 0.5),
            ("times", "1e3", 1000), ("seconds", "20 ms", 0.02), ("seconds", "3us", 3e-6),
            ("seconds", "1.5 s", 1.5), ("seconds", "80 ns", 8e-8), ("share", "30 %", 0.3),
            ("share", "30", 0.3), ("share", "0.1%", 0.001),
        ):  # fmt: skip
            self.assertAlmostEqual(number_of(text, self.question(unit)), number, places=12)
        for unit, text in (("times", ""), ("times", "-1"), ("times", "1 ms"), ("times", "inf"),
                           ("seconds", "20"), ("seconds", "20 km"), ("share", "101 %"),
                           ("times", "1,5"), ("times", "0")):
            with self.subTest(text=text), self.assertRaises(BadAnswer):
                number_of(text, self.question(unit))


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited in vain")
        time.sleep(0.02)


if __name__ == "__main__":
    unittest.main()
