"""The interval of a ratio, and what is said of one that stays undecided."""

import random
import unittest
from unittest import mock

from common.coursework import speed_ratio
from common.coursework.declare import Case, Speed
from common.coursework.speed_ratio import interval, judge_speed


def case(at_least):
    return Case("posts", "Posts", "fast", 10, "", ("release",), None, speed=Speed("posts", (), at_least, 9))


def judged(ratios, at_least):
    """The verdict on pairs that come out as `ratios`, one after the other."""
    left = iter(ratios)
    with mock.patch.object(speed_ratio, "_pair", lambda *_: next(left)):
        return judge_speed(case(at_least), None, None)


class Interval(unittest.TestCase):
    def test_nine_pairs_are_bounded_by_the_second_from_each_end(self):
        ratio = interval([9.0, 1, 2, 3, 4, 5, 6, 7, 8])
        self.assertEqual((ratio.median, ratio.low, ratio.high, ratio.pairs), (5, 2, 8, 9))

    def test_five_pairs_are_too_few_to_leave_any_out(self):
        self.assertEqual((interval([3.0, 1, 2, 5, 4]).low, interval([3.0, 1, 2, 5, 4]).high), (1, 5))

    def test_the_interval_holds_the_true_median_as_often_as_it_says(self):
        chance = random.Random(5)
        held = 0
        for _ in range(2000):
            ratio = interval([chance.lognormvariate(0, 0.2) for _ in range(9)])
            held += ratio.low <= 1 <= ratio.high
        self.assertGreater(held / 2000, 0.94)


class Verdict(unittest.TestCase):
    def test_fast_enough_slow_and_undecided(self):
        self.assertEqual(judged([0.9, 0.95, 1.0] * 9, 0.5)[0], "passed")
        self.assertEqual(judged([0.2, 0.25, 0.3] * 9, 0.5)[0], "failed")
        verdict, words = judged([0.3, 0.5, 0.8] * 9, 0.5)
        self.assertEqual(verdict, "inconclusive")
        self.assertIn("the points are yours", words)

    def test_an_undecided_one_is_measured_again_before_it_is_given_up(self):
        self.assertEqual(judged([0.4, 0.6, 0.8] * 3 + [0.9] * 18, 0.5)[0], "passed")


if __name__ == "__main__":
    unittest.main()
