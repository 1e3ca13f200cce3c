"""What is on disk at every step of a run's life, also when the step is the last one."""

import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from common.runner.errors import RunnerError
from common.runner.recording import Recording, recover, write_whole


class RecordingTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.results = Path(folder.name)
        self.final = self.results / "1_2_io_cpu" / "matrix"

    def record(self, mark, trials=2, planned=2):
        recording = Recording(self.final, {"trials_planned": planned, "mark": mark})
        for trial in range(trials):
            recording.part_of(trial).write_text("{}")
            recording.keep(trial, {"position": 0})
        return recording

    def mark(self, name="matrix"):
        return json.loads((self.final.parent / name / "run.json").read_text())["mark"]

    def names(self):
        return sorted(path.name for path in self.final.parent.iterdir())

    def test_a_new_complete_run_replaces_the_earlier_one_with_all_its_files(self):
        self.record("old", trials=3, planned=3).finish()
        self.record("new").finish()
        self.assertEqual((self.names(), self.mark()), (["matrix"], "new"))
        self.assertFalse((self.final / "trial_02.json").exists())

    def test_the_timeline_of_the_shortest_trial_is_kept_and_no_other(self):
        recording = Recording(self.final, {"trials_planned": 4})
        for trial, seconds in enumerate((0.5, 3.0, 1.0, 2.0)):
            recording.part_of(trial).write_text("{}")
            if trial:
                Path(f"{recording.part_of(trial)}.trace.json").write_text(f"trial {trial}")
            recording.keep(trial, {"seconds": seconds})
        recording.finish()
        self.assertEqual((self.final / "matrix.trace.json").read_text(), "trial 2")
        self.assertEqual(len(list(self.final.iterdir())), 6)

    def test_a_start_that_is_dropped_leaves_no_timeline(self):
        recording = self.record("new", trials=1)
        recording.part_of(1).write_text("{")
        Path(f"{recording.part_of(1)}.trace.json").write_text("{")
        Path(f"{recording.part_of(1)}.trace.json.77.tmp").write_text("{")
        recording.stop("because")
        self.assertEqual(len(list(self.final.iterdir())), 2)

    def test_until_it_is_complete_the_earlier_one_is_untouched(self):
        self.record("old").finish()
        self.record("new", trials=1)
        self.assertEqual(self.mark(), "old")

    def test_an_incomplete_run_is_replaced_by_any_newer_one(self):
        self.record("old", trials=2, planned=5).stop("because")
        self.record("new", trials=1, planned=5).stop("because")
        self.assertEqual((self.names(), self.mark()), (["matrix"], "new"))

    def test_a_run_without_a_trial_leaves_nothing(self):
        recording = self.record("new", trials=0)
        recording.part_of(0).write_text("{")
        self.assertIsNone(recording.stop("because"))
        self.assertEqual(list(self.results.iterdir()), [])

    def test_only_the_last_interrupted_run_is_kept_aside(self):
        self.record("complete").finish()
        self.record("first", trials=1).stop("because")
        self.record("second", trials=1).stop("because")
        self.assertEqual(self.names(), ["matrix", "matrix.interrupted"])
        self.assertEqual((self.mark(), self.mark("matrix.interrupted")), ("complete", "second"))

    def test_a_swap_that_was_cut_in_two_is_ended(self):
        self.record("old").finish()
        self.record("new").run.update(complete=True)
        os.rename(self.final, self.final.with_suffix(".replaced"))
        recover(self.results)
        self.assertEqual((self.names(), self.mark()), (["matrix"], "new"))

    def test_a_complete_run_that_was_not_yet_swapped_in_is(self):
        self.record("old").finish()
        recording = self.record("new")
        recording.run.update(complete=True, reason="")
        write_whole(self.final.with_suffix(".running") / "run.json", json.dumps(recording.run))
        self.assertEqual(recover(self.results), [self.final])
        self.assertEqual((self.names(), self.mark()), (["matrix"], "new"))

    def test_a_replaced_run_that_was_not_yet_removed_is(self):
        self.record("old").finish()
        os.rename(self.final, self.final.with_suffix(".replaced"))
        self.record("new").finish()
        recover(self.results)
        self.assertEqual((self.names(), self.mark()), (["matrix"], "new"))

    def test_a_broken_run_json_is_one_line_and_nothing_is_removed(self):
        self.record("new", trials=1)
        broken = self.final.with_suffix(".running") / "run.json"
        broken.write_text("{")
        with self.assertRaises(RunnerError) as caught:
            recover(self.results)
        self.assertIn("matrix.running/run.json is broken", str(caught.exception))
        self.assertTrue((broken.parent / "trial_00.json").exists())

    def test_names_of_trials_sort_as_numbers(self):
        recording = Recording(self.final, {"trials_planned": 120})
        names = [recording.file_name(trial) for trial in (0, 9, 10, 99, 100)]
        self.assertEqual(names, sorted(names))
        self.assertEqual(names[0], "trial_000.json")

    def test_a_write_that_fails_leaves_the_old_file_and_no_other(self):
        path = self.results / "file"
        write_whole(path, "old")
        with self.assertRaises(UnicodeEncodeError):
            write_whole(path, "\udc80")
        self.assertEqual((path.read_text(), len(list(self.results.iterdir()))), ("old", 1))


if __name__ == "__main__":
    unittest.main()
