"""The matrix, run small: its answers, its record, and Google Benchmark's own flags."""

import re
import resource
import subprocess
import unittest

from tests.experiments.experiment_case import BIN, ROOT, ExperimentCase

MODELS = {"blocking", "threads", "thread_pool", "tbb", "processes", "process_pool", "event_loop",
          "coroutines", "event_loop_pool"}
COSTS = ("user_s", "system_s", "voluntary_switches", "involuntary_switches", "peak_memory_bytes",
         "peak_threads", "peak_processes", "p50_ms", "p90_ms", "p99_ms", "p99_9_ms", "max_ms")
CONTEXT = ("experiment", "section", "title", "baseline", "build_type", "compiler", "compiler_flags",
           "kernel", "cpu_model", "cores", "virtualization", "governor", "memory_bytes",
           "open_files_limit", "processes_limit", "cpu_quota", "load_at_start", "order_seed", "doubts")


class Matrix(ExperimentCase):
    experiment = "matrix"

    @classmethod
    def setUpClass(cls):
        cls.smoke = cls().run_experiment("--smoke")

    def test_every_model_answers_every_kind_of_work(self):
        self.assertEqual(self.smoke.exit_code, 0, self.smoke.err)
        expected = {f"matrix/{model}/work:{work}/jobs:3" for model in MODELS for work in ("io", "cpu", "mixed")}
        self.assertEqual(set(self.smoke.names()), expected)
        for row in self.smoke.rows():
            self.assertNotIn("error_occurred", row)
            self.assertEqual(row["units"], 3, row["name"])

    def test_connections_made_beforehand_serve_every_model_and_every_round(self):
        outcome = self.run_experiment("--smoke", "--connected", "--benchmark_repetitions=2", "--benchmark_filter=io|mixed")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        rows = [row for row in outcome.rows() if row["run_type"] == "iteration"]
        self.assertEqual(len(rows), 2 * 2 * len(MODELS))
        for row in rows:
            self.assertNotIn("error_occurred", row)
            self.assertEqual(row["units"], 3, row["name"])

    @unittest.skipIf("asan" in str(BIN), "UBSan looks at memory through a pipe of its own, which it can't have then")
    def test_connections_that_cannot_all_be_made_are_an_error_that_names_the_limit(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

        outcome = self.run_experiment("--connected", "--jobs=200", "--wait-ms=1", "--benchmark_filter=event_loop/work:io",
                                      preexec_fn=few)
        self.assertEqual(len(outcome.rows()), 1)
        self.assertIn("RLIMIT_NOFILE", outcome.rows()[0]["error_message"])

    def test_all_costs_are_recorded(self):
        for row in self.smoke.rows():
            for cost in COSTS:
                self.assertGreaterEqual(row[cost], 0, f"{row['name']} {cost}")
            self.assertGreater(row["bound_s"], 0)
            self.assertTrue(row["label"])

    def test_threads_and_children_are_counted(self):
        rows = {row["name"].split("/")[1]: row for row in self.smoke.rows() if "work:io" in row["name"]}
        self.assertEqual(rows["blocking"]["peak_processes"], 1)
        self.assertEqual(rows["processes"]["peak_processes"], 4)
        self.assertGreaterEqual(rows["thread_pool"]["peak_threads"], 30)
        self.assertEqual(rows["event_loop"]["peak_threads"], rows["blocking"]["peak_threads"])

    def test_the_cost_of_children_is_counted(self):
        # Computing in children costs the parent nothing, but it must not look free.
        outcome = self.run_experiment("--model", "processes", "--jobs", "4", "--fib", "30",
                                      "--benchmark_filter=cpu", "--benchmark_min_time=0")
        row = outcome.rows()[0]
        self.assertGreater(row["user_s"] + row["system_s"], row["cpu_time"] / 1e3)

    def test_the_machine_is_described(self):
        context = self.smoke.json["context"]
        for field in CONTEXT:
            self.assertIsInstance(context[field], str, field)
        self.assertEqual(context["experiment"], "matrix")
        self.assertEqual(context["baseline"], "blocking")
        self.assertIn("bin/matrix", context["executable"])

    def test_the_same_seed_gives_the_same_order_and_reversed_the_opposite(self):
        flags = ("--smoke", "--benchmark_filter=cpu", "--benchmark_min_time=0")
        written = self.run_experiment(*flags).names()
        seeded = self.run_experiment(*flags, "--order_seed=7").names()
        self.assertNotEqual(seeded, written)
        self.assertEqual(sorted(seeded), sorted(written))
        self.assertEqual(self.run_experiment(*flags, "--order_seed=7").names(), seeded)
        self.assertEqual(self.run_experiment(*flags, "--order_seed=7", "--reversed").names(), seeded[::-1])

    def test_lines_for_people_compare_with_the_baseline(self):
        outcome = self.run_experiment("--jobs", "8", "--wait-ms", "5", "--model", "blocking,threads",
                                      "--benchmark_filter=io")
        self.assertRegex(outcome.out, r"blocking +[\d.]+ m?s +the baseline")
        self.assertRegex(outcome.out, r"threads +[\d.]+ m?s +[\d.]+x (faster|slower) than blocking")
        self.assertEqual(outcome.err, "")

    def test_ipv6_and_names_are_targets_too(self):
        with subprocess.Popen([BIN / "slow_server", "--host", "::1", "--port", "0"], text=True,
                              stdout=subprocess.PIPE) as server:
            try:
                port = re.search(r":(\d+)/", server.stdout.readline()).group(1)
                outcome = self.run_experiment("--smoke", "--benchmark_filter=io", "--target", f"[::1]:{port}")
            finally:
                server.terminate()
        self.assertEqual(outcome.exit_code, 0, outcome.err)

    def test_one_core_is_enough(self):
        command = ["taskset", "-c", "0", *self.command("--smoke", "--benchmark_min_time=0")]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)


class GoogleBenchmarkFlags(ExperimentCase):
    experiment = "matrix"

    def test_filter(self):
        outcome = self.run_experiment("--smoke", "--benchmark_filter=tbb.*cpu")
        self.assertEqual(outcome.names(), ["matrix/tbb/work:cpu/jobs:3"])

    def test_list_tests(self):
        outcome = self.run_experiment("--smoke", "--benchmark_list_tests=true")
        self.assertEqual(outcome.exit_code, 0)
        self.assertEqual(len(outcome.out.splitlines()), 27)

    def test_repetitions(self):
        outcome = self.run_experiment("--smoke", "--benchmark_filter=blocking/work:cpu",
                                      "--benchmark_repetitions=3")
        iterations = [row for row in outcome.rows() if row["run_type"] == "iteration"]
        self.assertEqual([row["repetition_index"] for row in iterations], [0, 1, 2])

    def test_format_json_on_stdout(self):
        outcome = self.run_experiment("--smoke", "--benchmark_filter=cpu", "--benchmark_format=json")
        self.assertIn('"benchmarks": [', outcome.out)

    def test_context(self):
        outcome = self.run_experiment("--smoke", "--benchmark_filter=blocking/work:cpu",
                                      "--benchmark_context=commit=abc")
        self.assertEqual(outcome.json["context"]["commit"], "abc")


class BadInput(ExperimentCase):
    experiment = "matrix"

    def test_unknown_flag(self):
        self.assert_refused(self.run_experiment("--frobnicate"), "--frobnicate", "--help")

    def test_unknown_model(self):
        self.assert_refused(self.run_experiment("--model", "fibers"), "fibers", "event_loop")

    def test_filter_that_matches_nothing(self):
        self.assert_refused(self.run_experiment("--benchmark_filter=xyz"), "xyz", "--benchmark_list_tests")

    def test_bad_numbers(self):
        for flags in (("--jobs", "many"), ("--jobs", "0"), ("--fib", "-3"), ("--fib", "90"),
                      ("--pool-threads", "x"), ("--quick", "--full")):
            with self.subTest(flags=flags):
                self.assert_refused(self.run_experiment(*flags), flags[0])

    def test_bad_targets(self):
        for target in ("127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999", "::1:80", ":80"):
            with self.subTest(target=target):
                self.assert_refused(self.run_experiment("--target", target), target, "host:port")

    def test_a_target_that_refuses(self):
        self.assert_refused(self.run_experiment("--target", "127.0.0.1:1"), "127.0.0.1:1",
                            "Connection refused", "leave --target away")

    def test_help(self):
        outcome = self.run_experiment("--help")
        self.assertEqual(outcome.exit_code, 0)
        for flag in ("--model", "--target", "--jobs", "--full", "--benchmark_filter"):
            self.assertIn(flag, outcome.out)


if __name__ == "__main__":
    unittest.main()
