"""The exact statistics, against scipy and against what can be counted by hand."""

import math
import sys
import unittest
from pathlib import Path

import numpy as np
from scipy import stats

sys.path.insert(0, str(Path(__file__).parent))

import charts_case  # noqa: E402, F401  (finds the package)

from common.charts import statistics  # noqa: E402
from common.charts.verdicts import Comparison, judge, same_word  # noqa: E402


class ExactDistribution(unittest.TestCase):
    def test_three_against_three_by_hand(self):
        np.testing.assert_allclose(statistics.upper_tail(3, 3)[[9, 8, 7, 0]],
                                   [1 / 20, 2 / 20, 4 / 20, 1])

    def test_p_values_are_scipys(self):
        random = np.random.default_rng(3)
        for m, n in ((4, 4), (5, 9), (10, 10), (1, 7)):
            base, new = np.exp(random.normal(size=m)), np.exp(random.normal(0.3, size=n))
            slower, faster = statistics.beyond_margin_p(base, new, 0.02)
            for ours, shift, side in ((slower, -1, "greater"), (faster, 1, "less")):
                theirs = stats.mannwhitneyu(np.log(new) + shift * math.log(1.02), np.log(base),
                                            alternative=side, method="exact").pvalue
                self.assertAlmostEqual(ours, theirs, places=12)

    def test_the_interval_is_the_inverted_test(self):
        random = np.random.default_rng(4)
        base, new = np.exp(random.normal(0, 0.1, 9)), np.exp(random.normal(0.1, 0.1, 8))
        _, low, high = statistics.ratio_interval(base, new)
        for ratio, kept in ((low * 0.999, False), (low * 1.001, True), (high * 0.999, True),
                            (high * 1.001, False)):
            p = stats.mannwhitneyu(np.log(new / ratio), np.log(base), method="exact").pvalue
            self.assertEqual(p >= 0.05, kept, ratio)

    def test_the_interval_holds_the_truth_95_percent_of_the_time(self):
        random = np.random.default_rng(5)
        held = 0
        for _ in range(1000):
            base, new = np.exp(random.standard_t(2, (2, 8)) * 0.02)
            _, low, high = statistics.ratio_interval(base, new * 1.1)
            held += low <= 1.1 <= high
        self.assertGreaterEqual(held, 940)

    def test_the_interval_of_a_median(self):
        self.assertEqual(statistics.median_interval(range(1, 11)), (5.5, 2.0, 9.0))
        self.assertTrue(math.isnan(statistics.median_interval(range(5))[1]))

    def test_holm_by_hand(self):
        np.testing.assert_allclose(statistics.holm([0.01, 0.04, 0.03, 0.5]),
                                   [0.04, 0.09, 0.09, 0.5])
        self.assertEqual(len(statistics.holm([])), 0)


class Words(unittest.TestCase):
    def word(self, base, new, margin=0.02):
        return judge([Comparison("x", np.array(base), np.array(new))], margin)[0].word

    def test_the_four_words(self):
        base = 1 + 0.001 * np.arange(10)
        self.assertEqual(self.word(base, base * 1.1), "slower")
        self.assertEqual(self.word(base, base / 1.1), "faster")
        self.assertEqual(self.word(base, base * 1.001), "same within ±2 %")
        self.assertEqual(self.word(base, base * 1.02), "inconclusive")
        self.assertEqual(self.word(base, base * 1.02, 0.05), same_word(0.05))

    def test_trials_without_any_noise(self):
        self.assertEqual(self.word([1.0] * 10, [1.0] * 10), "same within ±2 %")
        self.assertEqual(self.word([1.0] * 10, [1.1] * 10), "slower")
        self.assertEqual(self.word([1.0] * 10, [1.02] * 10), "same within ±2 %")

    def test_too_few_trials_are_never_a_verdict(self):
        for m, n in ((1, 1), (2, 5), (3, 3), (3, 4), (1, 20)):
            for factor in (1.0, 1.5, 1000.0):
                self.assertEqual(self.word([1.0] * m, [factor] * n), "inconclusive", (m, n))

    def test_the_trials_needed_are_what_is_needed(self):
        for family in (1, 2, 10, 40, 96):
            needed = statistics.trials_needed(family)
            for trials, word in ((needed, "slower"), (needed - 1, "inconclusive")):
                one = Comparison("x", np.ones(trials), np.full(trials, 2.0))
                null = Comparison("x", np.ones(trials), np.ones(trials))
                self.assertEqual(judge([one] + [null] * (family - 1))[0].word, word)

    def test_a_verdict_never_contradicts_its_interval(self):
        random = np.random.default_rng(6)
        for noise in (0.005, 0.02, 0.1, 0.5):
            pairs = [Comparison("x", *np.exp(random.normal(0, noise, (2, 8)) + [[0], [shift]]))
                     for shift in random.normal(0, 0.1, 60)]
            for verdict in judge(pairs):
                if verdict.word == "slower":
                    self.assertGreater(verdict.low, 1.02)
                if verdict.word == "faster":
                    self.assertLess(verdict.high, 1 / 1.02)


if __name__ == "__main__":
    unittest.main()
