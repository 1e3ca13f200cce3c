"""The chapter's sentences: each must fail without its effect, hold with it, and be open between."""

import itertools
import sys
import unittest
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from charts_case import ROOT, ChartsCase  # noqa: E402
from recorded_results import CONTEXT, edit_json, error_row, row, write_run  # noqa: E402

from common.charts import statistics  # noqa: E402
from common.charts.claims import judge  # noqa: E402
from common.charts.claims_file import Claim, read_claims  # noqa: E402
from common.charts.measure import RATIO, WRONG  # noqa: E402
from common.charts.results import load_run  # noqa: E402
from common.charts.topics import section_files  # noqa: E402

CLAIM = """
[[claim]]
name = "lock"
says = "Threads gain nothing."

[[claim.evidence]]
series = "fib_40_41/blocking/n:largest"
against = "fib_40_41/threads/n:largest"
at_most = 1.25
without = 1.6
because = "of the lock"
needs_cores = 2
"""
SECOND = """
[[claim.evidence]]
series = "fib_40_41/threads/n:largest"
value = "lost"
at_most = 1
without = 10
because = "nothing is lost"
"""


def rows_with(evidence, target, random, noise=0.03):
    """Return one trial's rows in which the Evidence's measure comes out as `target`, but for noise
    on every number."""
    measure = evidence.measure

    def shaken(number):
        return float(number * np.exp(random.normal(0, noise)))

    rows = []
    for pattern, factor in zip(measure.patterns, (target, 1.0)):
        name = "/".join([pattern.experiment, pattern.model, *(
            f"{key}:{ {'smallest': 1, 'largest': 8}.get(value, value)}"
            for key, value in pattern.parameters)])
        fields = {"seconds": 0.01, "units": 64.0, "bound_s": 0.01, "label": "a bound"}
        if measure.kind == WRONG:
            fields[measure.wrong_if] = float(target)
        else:
            whole = factor * (0.02 if measure.kind == RATIO else fields.get(measure.over, 1.0))
            fields |= dict.fromkeys(measure.columns, 0.0)
            fields[measure.columns[0]] = shaken(whole)
        rows.append(row(name, fields.pop("seconds"), **fields))
    return rows


def inside(bound, measure):
    """Return a number well within the bound."""
    if measure.kind == WRONG:
        return 1.0 if bound.holds(1.0) else 0.0
    if np.isfinite(bound.low) and np.isfinite(bound.high):
        return (bound.low * bound.high) ** 0.5
    return bound.low * 1.5 if np.isfinite(bound.low) else bound.high / 1.5


class EveryClaim(ChartsCase):
    """All claims.toml that there are."""

    def all_evidence(self):
        return [(path, evidence) for path in section_files("claims.toml").values()
                for claim in read_claims(path) for evidence in claim.evidence]

    def check(self, expected, target_of):
        for path, evidence in self.all_evidence():
            with self.subTest(file=str(path), series=evidence.measure.series.name,
                              bound=evidence.bound):
                self.assertEqual(self.word(path, evidence, target_of(evidence)), expected)

    def word(self, path, evidence, target):
        random = np.random.default_rng(7)
        experiment = evidence.measure.series.experiment
        folder = write_run(self.folder / "run", [rows_with(evidence, target, random)
                                                 for _ in range(8)],
                           {"experiment": experiment, "cores": str(evidence.needs_cores)})
        claim = Claim(path.parent.name, "one", "One.", (evidence,))
        judged, = judge([claim], {experiment: load_run(folder)}, path)
        return judged.word

    def test_it_fails_without_its_effect(self):
        self.check("fails", lambda evidence: evidence.without)

    def test_it_holds_with_its_effect(self):
        self.check("holds", lambda evidence: inside(evidence.bound, evidence.measure))

    def test_two_series_drawn_equal_never_pass_for_an_effect(self):
        for path, evidence in self.all_evidence():
            if evidence.measure.kind == RATIO and not evidence.bound.holds(1):
                self.assertEqual(self.word(path, evidence, 1.0), "fails", evidence)

    def test_every_section_has_some_and_every_series_is_of_an_experiment(self):
        files = section_files("claims.toml")
        self.assertGreaterEqual(len(files), 4)
        for _, evidence in self.all_evidence():
            experiment = evidence.measure.series.experiment
            self.assertTrue(list((ROOT / "experiments").glob(f"*/{experiment}/main.cpp")))


class Judging(ChartsCase):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "experiments" / "1_5_gil" / "claims.toml"
        program = self.file.parent / "fib_40_41" / "main.cpp"
        program.parent.mkdir(parents=True)
        program.touch()

    def judged(self, trials=8, ratio=1.0, noise=0.01, text=CLAIM, extra=(), context=None, lost=0.0,
               sizes=(8,), **run):
        self.file.write_text(text)
        random = np.random.default_rng(3)
        shaken = [[row(f"fib_40_41/{model}/n:{n}",
                       seconds * float(np.exp(random.normal(0, noise))), lost=lost)
                   for n in sizes for model, seconds in (("blocking", 0.01 * ratio),
                                                         ("threads", 0.01))]
                  + list(extra) for _ in range(trials)]
        folder = write_run(self.folder / "run", shaken,
                           {"experiment": "fib_40_41", "section": "1_5_gil", **(context or {})},
                           **run)
        judged, = judge(read_claims(self.file), {"fib_40_41": load_run(folder)}, self.file)
        return judged

    def test_the_four_words(self):
        self.assertEqual(self.judged().word, "holds")
        self.assertEqual(self.judged(ratio=1.6).word, "fails")
        across = self.judged(ratio=1.25, noise=0.05)
        self.assertEqual((across.word, "across the bound" in across.reason), ("inconclusive", True))
        one_core = self.judged(context={"cores": "1"})
        self.assertEqual((one_core.word, one_core.reason),
                         ("cannot be judged here", "1 core, and it takes 2"))

    def test_too_few_trials_are_never_a_verdict(self):
        for trials in (1, 2, 3):
            judged = self.judged(trials=trials)
            self.assertEqual(judged.word, "inconclusive")
            self.assertIn(f"too few trials: {trials}", judged.reason)

    def test_what_is_not_recorded_says_what_to_run(self):
        self.file.write_text(CLAIM)
        judged, = judge(read_claims(self.file), {}, self.file)
        self.assertEqual((judged.word, judged.reason),
                         ("cannot be judged here", "not recorded: run `make 1.5`"))
        judged = self.judged(trials=0, complete=False, reason="SIGINT")
        self.assertIn("make 1.5", judged.reason)

    def test_a_skipped_or_failed_series_gives_its_reason(self):
        text = CLAIM.replace("threads", "tbb")
        extra = [error_row("fib_40_41/tbb/n:8", "skipped: no oneTBB here")]
        judged = self.judged(text=text, extra=extra)
        self.assertEqual((judged.word, judged.reason),
                         ("cannot be judged here", "series skipped: no oneTBB here"))
        extra = [error_row("fib_40_41/tbb/n:8", "wrong answer")]
        self.assertEqual(self.judged(text=text, extra=extra).reason, "series failed: wrong answer")

    def test_one_piece_that_fails_is_enough_and_all_must_hold(self):
        both = CLAIM + SECOND
        self.assertEqual(self.judged(text=both).word, "holds")
        self.assertEqual(self.judged(text=both, lost=5.0).word, "fails")
        self.assertEqual(self.judged(text=both, lost=5.0, context={"cores": "1"}).word, "fails")
        self.assertEqual(self.judged(text=both, context={"cores": "1"}).word,
                         "cannot be judged here")

    def test_many_pieces_are_corrected_together(self):
        # One sign test of 8 trials has p = 1/256, so that 12 at once are still below 5 %, 13 not.
        for pieces, word in ((12, "holds"), (13, "inconclusive")):
            text = CLAIM[:CLAIM.index("[[claim.evidence]]")] + SECOND * pieces
            self.assertEqual(self.judged(text=text).word, word, pieces)

    def test_the_largest_is_the_largest_that_both_have(self):
        extra = [error_row("fib_40_41/threads/n:9", "skipped: no room"),
                 row("fib_40_41/blocking/n:9", 5.0, lost=0.0)]
        judged = self.judged(sizes=(2, 8), extra=extra)
        self.assertEqual([each.name for each in judged.evidence[0].sample.series],
                         ["fib_40_41/blocking/n:8", "fib_40_41/threads/n:8"])

    def test_growth_needs_two_sizes(self):
        growth = CLAIM.replace("threads/n:largest", "blocking/n:smallest")
        self.assertEqual(self.judged(text=growth, sizes=(2, 8)).word, "holds")
        judged = self.judged(text=growth)
        self.assertIn("only one size was recorded, n:8", judged.reason)

    def test_a_series_that_ended_as_wrong_is_counted(self):
        text = """
            [[claim]]
            name = "wrong"
            says = "It goes wrong."
            [[claim.evidence]]
            series = "fib_40_41/plain/n:largest"
            wrong_if = ""
            at_least = 0.5
            because = "nothing guards it"
            """
        failed = [error_row("fib_40_41/plain/n:8", "wrong answer")]
        self.assertEqual(self.judged(text=text, extra=failed).word, "holds")
        good = [row("fib_40_41/plain/n:8", 0.01)]
        self.assertEqual(self.judged(text=text, extra=good).word, "fails")

    def test_a_narrowed_run_is_no_bad_input_but_a_whole_one_without_the_series_is(self):
        text = CLAIM.replace("fib_40_41/threads", "fib_40_41/threds")
        narrowed = self.judged(text=text, command=["fib_40_41", "--quick", "--benchmark_filter=x"])
        self.assertIn("recorded with --benchmark_filter=x", narrowed.reason)
        with self.assertRaisesRegex(Exception, r"claim\[0\].evidence\[0\].against: 'fib_40_41/thre"):
            self.judged(text=text)
        sizes = self.judged(text=CLAIM.replace("n:largest", "n:99"))
        self.assertIn("not among the sizes of a quick run", sizes.reason)


class Printed(ChartsCase):
    def record(self, ratio):
        truth = {"threads": 0.01, "blocking": 0.01 * ratio, "processes": 0.0065 * ratio}
        trials = [[row(f"fib_40_41/{model}/language:cpython/n:27", seconds * (1 + trial / 1000))
                   for model, seconds in truth.items()] for trial in range(8)]
        trials = [[*rows, *(error_row(f"fib_40_41/{model}/language:{language}/n:27",
                                      "skipped: none")
                            for model, language in itertools.product(
                                ("blocking", "threads"), ("cpp", "cpp_locked", "free_threaded")))]
                  for rows in trials]
        return write_run(self.folder / "m" / "1_5_gil" / "fib_40_41", trials, {
            "experiment": "fib_40_41", "section": "1_5_gil"}).parents[1]

    def test_every_sentence_is_there_with_word_effect_bound_and_series(self):
        code, out, _ = self.run_verb("claims", self.record(1.0), "--topic", "1.5")
        self.assertEqual(code, 0)
        words = " ".join(out.split())
        for claim in read_claims(section_files("claims.toml")["1_5_gil"]):
            self.assertIn(claim.says, words)
        self.assertRegex(words, r"✓ holds: 1\.00x \[\S+, \S+\], and must be at most 1\.25x: one")
        self.assertIn("seconds of fib_40_41/blocking/language:cpython/n:27 / fib_40_41/threads/"
                      "language:cpython/n:27 (8 trials)", words)
        self.assertIn("not recorded: run `make 1.5`", words)
        self.assertIn("series skipped: none", words)
        self.assertLessEqual(max(map(len, out.splitlines()[1:-1])), 100)

    def test_what_makes_the_results_doubtful_is_said_first(self):
        machine = self.record(1.0)
        run = machine / "1_5_gil" / "fib_40_41" / "run.json"
        edit_json(run, lambda whole: whole.update(complete=False, reason="SIGINT",
                                                  trials_planned=20))
        for trial in run.parent.glob("trial_*.json"):
            edit_json(trial, lambda whole: whole["context"].update(doubts="load 9.9 at the start"))
        _, out, _ = self.run_verb("claims", machine, "--topic", "gil")
        self.assertIn("!! INCOMPLETE: 8 of 20 trials (SIGINT) (fib_40_41)\n", out)
        self.assertIn("?? load 9.9 at the start (fib_40_41)\n", out)
        self.assertNotIn("load 9.9", self.run_verb("claims", machine, "--topic", "1.1")[1])

    def test_a_failing_claim_is_a_finding_unless_strict(self):
        machine = self.record(1.6)
        code, out, _ = self.run_verb("claims", machine, "--topic", "gil")
        self.assertIn("✗ fails: Under the GIL", out)
        self.assertEqual(code, 0)
        self.assertEqual(self.run_verb("claims", machine, "--topic", "gil", "--strict")[0], 1)
        self.assertEqual(self.run_verb("claims", self.record(1.0), "--strict")[0], 0)

    def test_all_topics_and_the_newest_machine(self):
        old = self.record(1.6)
        new = self.folder / "new"
        old.rename(new)
        old = self.record(1.0)
        for folder, year in ((new, 2027), (old, 2025)):
            path = folder / "1_5_gil" / "fib_40_41" / "run.json"
            path.write_text(path.read_text().replace("2026-", f"{year}-"))
        _, out, _ = self.run_verb("claims", self.folder)
        self.assertTrue(out.startswith("new: " + CONTEXT["cpu_model"]), out[:80])
        self.assertIn("✗ fails: Under the GIL", out)
        for number in ("1.1 ", "1.2 ", "1.4 ", "1.5 "):
            self.assertIn(f"\n{number}", out)

    def test_bad_input_is_one_line(self):
        self.assert_refused(["claims", self.folder / "nowhere"], "no such folder")
        self.assert_refused(["claims", self.record(1.0), "--topic", "9.9"], "'9.9'", "1.5 (gil)")


class BadFiles(ChartsCase):
    def refused(self, text, *words):
        path = self.folder / "claims.toml"
        path.write_text(text)
        with self.assertRaises(Exception) as caught:
            read_claims(path)
        line = str(caught.exception)
        self.assertEqual(type(caught.exception).__name__, "ResultsError", line)
        self.assertEqual(len(line.splitlines()), 1)
        for word in (str(path), *words):
            self.assertIn(word, line)

    def test_each_mistake_names_its_field(self):
        place = "claim[0].evidence[0]."
        for old, new, field in (
            ("at_most = 1.25", 'at_most = "1.25"', place + "at_most"),
            ("at_most = 1.25", "at_most = nan", place + "at_most"),
            ("at_most = 1.25", "at_most = -1", place + "at_most"),
            ("at_most = 1.25", "", place + "at_least, at_most"),
            ("at_most = 1.25", "at_most = 1.25\nat_least = 2", place + "at_least"),
            ("at_most = 1.25", "at_mots = 1.25", place + "at_mots"),
            ("without = 1.6", "without = 1.2", place + "without"),
            ("without = 1.6", "", place + "without"),
            ('because = "of the lock"', "", place + "because"),
            ('because = "of the lock"', 'because = ""', place + "because"),
            ("needs_cores = 2", "needs_cores = 0", place + "needs_cores"),
            ("needs_cores = 2", "needs_cores = true", place + "needs_cores"),
            ("fib_40_41/blocking/n:largest", "fib_40_41", place + "series"),
            ("fib_40_41/blocking/n:largest", "fib_40_41/threads/n:largest", place + "against"),
            ("fib_40_41/threads", "matrix/threads", place + "against"),
            ("needs_cores = 2", 'value = "a-b"', place + "value"),
            ("needs_cores = 2", 'over = "1"', place + "over"),
            ("needs_cores = 2", 'wrong_if = "lost"', place + "against"),
            ('says = "Threads gain nothing."', "", "claim[0].says"),
            ('name = "lock"', 'name = "a lock"', "claim[0].name"),
            ('name = "lock"', "name = 7", "claim[0].name"),
            ('name = "lock"', 'name = "lock"\ncolour = "red"', "claim[0].colour"),
        ):
            with self.subTest(field=field, new=new):
                self.assertIn(old, CLAIM)
                self.refused(CLAIM.replace(old, new), field)

    def test_what_is_no_such_file(self):
        self.refused("claim = 7", "claim")
        self.refused("", "claim")
        self.refused("[[claim]\n", "not TOML")
        self.refused("[[claim]]\nname='a'\nsays='A.'\n", "claim[0].evidence")
        self.refused(CLAIM + CLAIM, "claim[1].name", "twice")
        with self.assertRaisesRegex(Exception, "no such file"):
            read_claims(self.folder / "none.toml")

    def test_a_column_that_nobody_measures(self):
        path = self.folder / "claims.toml"
        path.write_text(CLAIM.replace("needs_cores", 'value = "secnods"\nneeds_cores'))
        program = self.folder / "1_5_gil" / "fib_40_41" / "main.cpp"
        program.parent.mkdir(parents=True)
        program.touch()
        trials = [[row(f"fib_40_41/{model}/n:1", 0.1) for model in ("blocking", "threads")]]
        run = load_run(write_run(self.folder / "run", trials, {"experiment": "fib_40_41"}))
        with self.assertRaisesRegex(Exception, "'secnods' is no number that fib_40_41 measures"):
            judge(read_claims(path), {"fib_40_41": run}, program.parents[1] / "claims.toml")


class Statistics(unittest.TestCase):
    def test_shares_agree_with_scipy(self):
        from scipy.stats import binomtest

        for count, n in ((0, 8), (1, 8), (4, 9), (8, 8)):
            expected = binomtest(count, n).proportion_ci()
            np.testing.assert_allclose(statistics.share_interval(count, n)[1:], expected, atol=1e-9)

    def test_the_words_are_false_in_at_most_one_of_twenty(self):
        # The truth lies a hair beyond the bound: `holds` would be false.
        random, false = np.random.default_rng(1), 0
        for _ in range(400):
            base, new = np.exp(random.normal(0, 0.1, (2, 8)))
            _, low, high = statistics.ratio_interval(base, new * 1.3)
            p, _ = statistics.ratio_p(base, new * 1.3, 1.3001)
            false += p < 0.05 and low > 1.3001
        self.assertLessEqual(false, 20)

    def test_a_tie_with_the_edge_counts_for_both_sides_unless_strict(self):
        self.assertEqual(statistics.median_p([1.0] * 8, 1.0), (1 / 256, 1 / 256))
        self.assertEqual(statistics.median_p([1.0] * 8, 1.0, strict=True), (1.0, 1.0))
        above, below = statistics.ratio_p([1.0] * 4, [2.0] * 4, 2.0)
        self.assertEqual((above, below), (1 / 70, 1 / 70))
        self.assertEqual(statistics.ratio_p([1.0] * 4, [2.0] * 4, 2.0, strict=True), (1.0, 1.0))


if __name__ == "__main__":
    unittest.main()
