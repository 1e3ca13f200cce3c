"""Balanced random order: reproducible, mirrored in pairs, different between pairs."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from common.runner.order import plan_trials

NAMES = ["listing_1_1", "matrix", "where_time_goes"]


class OrderTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_plan(self):
        self.assertEqual(plan_trials(7, "s", NAMES, 9), plan_trials(7, "s", NAMES, 9))
        self.assertNotEqual(plan_trials(7, "s", NAMES, 9), plan_trials(8, "s", NAMES, 9))

    def test_this_seed_gives_this_plan_in_every_version_of_python(self):
        starts = plan_trials(7, "1_2_io_cpu", NAMES, 1)[0]
        self.assertEqual(
            [(start.name, start.order_seed) for start in starts],
            [("where_time_goes", 1060492948), ("matrix", 1183563394), ("listing_1_1", 235613906)],
        )

    def test_the_second_of_a_pair_is_the_reverse_of_the_first(self):
        plan = plan_trials(7, "s", NAMES, 8)
        for first, second in zip(plan[::2], plan[1::2]):
            self.assertEqual([s.name for s in first], [s.name for s in reversed(second)])
            for start in first:
                mirrored = next(s for s in second if s.name == start.name)
                self.assertEqual(start.order_seed, mirrored.order_seed)
                self.assertEqual((start.reversed, mirrored.reversed), (False, True))
                self.assertEqual(start.position + mirrored.position, len(NAMES) - 1)

    def test_every_trial_starts_every_executable_once(self):
        for starts in plan_trials(3, "s", NAMES, 5):
            self.assertEqual(sorted(start.name for start in starts), NAMES)
            self.assertEqual([start.position for start in starts], [0, 1, 2])

    def test_pairs_differ_and_every_order_comes_up(self):
        plan = plan_trials(1, "s", NAMES, 200)
        self.assertEqual(len({tuple(start.name for start in starts) for starts in plan}), 6)
        seeds = {start.order_seed for starts in plan for start in starts}
        self.assertEqual(len(seeds), 100 * len(NAMES))

    def test_a_seed_of_the_series_is_never_0_which_would_mean_the_written_order(self):
        seeds = [s.order_seed for starts in plan_trials(5, "s", NAMES, 500) for s in starts]
        self.assertTrue(all(0 < seed < 2**31 for seed in seeds))

    def test_the_series_of_one_do_not_depend_on_who_else_runs(self):
        alone = plan_trials(7, "s", ["matrix"], 4)
        together = plan_trials(7, "s", NAMES, 4)
        for starts, among in zip(alone, together):
            same = next(start for start in among if start.name == "matrix")
            self.assertEqual(starts[0].order_seed, same.order_seed)


if __name__ == "__main__":
    unittest.main()
