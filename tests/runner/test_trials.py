"""What a run records, and what becomes of executables that don't end well."""

import json
import os
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from fake_repository import FakeRepository, is_alive


class TrialsTest(unittest.TestCase):
    def setUp(self):
        self.repository = FakeRepository("alpha", "beta")
        self.addCleanup(self.repository.remove)
        self.behave, self.run_ = self.repository.behave, self.repository.run

    def test_a_run_records_every_trial_whole_and_nothing_else(self):
        code, out, error = self.run_("1.2", "--trials", 3, "--seed", 5)
        self.assertEqual((code, len(error.splitlines())), (0, 3))
        names = ["run.json", "trial_00.json", "trial_01.json", "trial_02.json"]
        wanted = [f"1_2_io_cpu/{who}/{name}" for who in ("alpha", "beta") for name in names]
        self.assertEqual(self.repository.files(), [*wanted, "machine.json"])
        self.assertIn("results/here/1_2_io_cpu/alpha", out)

    def test_run_json_says_how_it_was_run(self):
        self.run_("io_cpu", "--trials", 2, "--seed", 5, "--", "--target", "h:80")
        run = self.repository.run_json("alpha")
        trials = run.pop("trials")
        self.assertEqual(run, {
            "schema": 1, "section": "1_2_io_cpu", "experiment": "alpha", "mode": "quick", "seed": 5,
            "command": ["build/release/bin/alpha", "--quick", "--target", "h:80"],
            "trials_planned": 2, "complete": True, "reason": "", "commit": "unknown",
        })  # fmt: skip
        self.assertEqual([trial["file"] for trial in trials], ["trial_00.json", "trial_01.json"])
        self.assertEqual([trial["reversed"] for trial in trials], [False, True])
        self.assertEqual({trial["position"] for trial in trials}, {0, 1})
        self.assertRegex(trials[0]["started"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(trials[0]["exit_code"], 0)
        self.assertGreater(trials[0]["seconds"], 0)

    def test_machine_json_is_what_the_trials_say_of_machine_and_compiler(self):
        self.run_("1.2", "--trials", 1)
        machine = json.loads((self.repository.results / "machine.json").read_text())
        self.assertEqual(machine, {"cpu_model": "A Processor", "cores": "2", "compiler": "GNU 12",
                                   "build_type": "release"})  # fmt: skip

    def test_the_executable_gets_the_flags_of_the_contract_and_the_users_last(self):
        self.run_("1.2", "--full", "--trials", 2, "--", "--benchmark_filter=a.*b c")
        first, second = self.repository.calls("alpha")
        seed = self.repository.run_json("alpha")["trials"][0]["order_seed"]
        self.assertEqual(first, [
            "--full", f"--order_seed={seed}",
            "--benchmark_out=results/here/1_2_io_cpu/alpha.running/trial_00.json.part",
            "--benchmark_out_format=json", "--benchmark_context=commit=unknown",
            "--benchmark_filter=a.*b", "c",
        ])  # fmt: skip
        self.assertEqual(second[1:3], [f"--order_seed={seed}", "--reversed"])

    def test_flags_in_one_text_are_split_as_a_shell_does(self):
        text = "--target h:80 --benchmark_filter='a|b c'"
        self.assertEqual(self.run_("1.2", "--trials", 1, f"--arguments={text}")[0], 0)
        command = self.repository.run_json("alpha")["command"]
        self.assertEqual(command[2:], ["--target", "h:80", "--benchmark_filter=a|b c"])

    def test_the_same_seed_repeats_a_run_and_the_clocks_seed_is_recorded(self):
        self.run_("1.2", "--trials", 4)
        seed = self.repository.run_json("alpha")["seed"]
        calls = [self.repository.calls(name) for name in ("alpha", "beta")]
        self.repository.forget_calls()
        self.run_("1.2", "--trials", 4, "--seed", seed)
        self.assertEqual([self.repository.calls(name) for name in ("alpha", "beta")], calls)

    def test_quick_has_8_trials_and_full_20(self):
        for flag, trials in (("--quick", 8), ("--full", 20)):
            self.repository.forget_calls()
            self.run_("1.2", flag, "--only", "alpha")
            self.assertEqual(len(self.repository.calls("alpha")), trials)
        self.assertEqual(self.repository.calls("beta"), [])

    def test_a_run_against_itself_records_both_sides(self):
        code, _, _ = self.run_("all", "--aa", "--trials", 2)
        self.assertEqual(code, 0)
        self.assertEqual(len(self.repository.calls("alpha")), 4)
        for side in ("a", "b"):
            folder = self.repository.root / "build" / "aa" / side
            self.assertTrue((folder / "machine.json").exists())
            run = json.loads((folder / "1_2_io_cpu" / "beta" / "run.json").read_text())
            self.assertEqual((run["complete"], len(run["trials"])), (True, 2))

    def test_a_crash_is_named_and_the_others_go_on(self):
        self.behave("alpha", "good", "crashes")
        code, _, error = self.run_("1.2", "--trials", 4)
        self.assertEqual(code, 1)
        self.assertIn("alpha: trial 2 was killed by SIGSEGV: about to fall\n", error)
        run = self.repository.run_json("alpha")
        self.assertEqual((len(run["trials"]), run["complete"]), (1, False))
        self.assertIn("SIGSEGV", run["reason"])
        self.assertTrue(self.repository.run_json("beta")["complete"])
        self.assertEqual(len(self.repository.calls("alpha")), 2)

    def test_out_of_time_is_124_and_nothing_is_left_running(self):
        self.behave("alpha", "hangs")
        code, _, error = self.run_("1.2", "--trials", 2, "--timeout", "0.3")
        self.assertEqual(code, 124)
        self.assertIn("alpha: trial 1 was not done after 0.3 s; --timeout allows more", error)
        self.assertFalse(is_alive(self.repository.pids("alpha")[0]))
        self.assertFalse(self.repository.folder("alpha").exists())
        self.assertTrue(self.repository.run_json("beta")["complete"])

    def test_json_that_is_broken_foreign_or_missing_is_one_line(self):
        for behaviour, words in {
            "writes_broken_json": "trial 1 wrote broken JSON",
            "writes_foreign_json": "trial 1 wrote broken JSON",
            "writes_no_json": "trial 1 wrote no JSON: boom",
        }.items():
            self.behave("alpha", behaviour)
            code, _, error = self.run_("1.2", "--trials", 1)
            self.assertEqual(code, 1)
            self.assertIn(f"alpha: {words}\n", error)
            self.assertNotIn("Traceback", error)
            self.assertFalse(self.repository.folder("alpha").exists())

    def test_failed_series_are_named_and_their_trial_is_kept(self):
        self.behave("alpha", "failed", "good", "failed")
        code, _, error = self.run_("1.2", "--trials", 3)
        self.assertEqual(code, 1)
        self.assertEqual(error.count("alpha: a/c failed: wrong answer 41\n"), 1)
        run = self.repository.run_json("alpha")
        self.assertEqual([trial["exit_code"] for trial in run["trials"]], [1, 0, 1])
        self.assertTrue(run["complete"])

    def test_all_skipped_is_fine(self):
        self.behave("alpha", "skipped")
        self.behave("beta", "skipped_as_a_whole")
        code, _, error = self.run_("1.2", "--trials", 2)
        self.assertEqual(code, 0)
        self.assertIn("alpha: a/b, a/c skipped: no liburing\n", error)
        self.assertIn("beta: skipped: this kernel is too old\n", error)
        self.assertTrue(self.repository.run_json("alpha")["complete"])
        self.assertFalse(self.repository.folder("beta").exists())

    def test_a_filter_that_matches_nothing_is_the_executables_own_line_and_2(self):
        self.behave("alpha", "matches_nothing")
        code, _, error = self.run_("1.2", "--trials", 2)
        self.assertEqual(code, 2)
        self.assertIn("alpha: no series of x matches the filter 'y'\n", error)

    def test_what_an_executable_leaves_running_is_killed(self):
        self.behave("alpha", "leaves_children")
        code, _, _ = self.run_("1.2", "--only", "alpha", "--trials", 1)
        self.assertEqual(code, 0)
        for pid in self.repository.pids("alpha", 2):
            self.assertFalse(is_alive(pid))

    def test_an_executable_that_talks_a_lot_is_not_held_up(self):
        self.behave("alpha", "talks_a_lot")
        self.assertEqual(self.run_("1.2", "--trials", 1)[0], 0)

    def test_a_reader_who_leaves_does_not_end_the_run(self):
        reader, writer = os.pipe()
        os.close(reader)
        arguments = ("--machine", "here", "1.2", "--trials", 2)
        with self.repository.start(*arguments, stdout=writer, stderr=writer) as process:
            os.close(writer)
        self.assertEqual(process.returncode, 0)
        self.assertTrue(self.repository.run_json("beta")["complete"])

    def test_without_a_terminal_there_is_at_most_a_line_per_trial(self):
        _, _, error = self.run_("1.2", "--trials", 5)
        self.assertEqual(len(error.splitlines()), 5)
        self.assertNotIn("\r", error)


if __name__ == "__main__":
    unittest.main()
