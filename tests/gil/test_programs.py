"""The experiments of section 1.5, run as a user runs them: answers, counters, series."""

import unittest

from tests.experiments import fault_servers
from tests.experiments.experiment_case import BIN, ExperimentCase

HAS_PYTHON = (BIN / "test_python").exists()
WITHOUT_PYTHON = "this build has no CPython"


def parameters(row):
    """{"work": "cpu", "workers": "2"} of a row's name."""
    return dict(part.split(":") for part in row["name"].split("/")[2:] if ":" in part)


def problem(row):
    """Why a row has no numbers; empty where it has some."""
    return row.get("error_message", "") if row.get("error_occurred") else ""


class GilCase(ExperimentCase):
    """An experiment of the section, run small."""

    def run_good(self, *flags, **how):
        """Runs it; every series must have numbers, or be skipped for want of a Python."""
        outcome = self.run_experiment("--smoke", *flags, **how)
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        skippable = ["free-threaded Python"] + ([] if HAS_PYTHON else [WITHOUT_PYTHON])
        for row in outcome.rows():
            if problem(row):
                self.assertTrue(problem(row).startswith("skipped: "), row)
                self.assertTrue(any(each in problem(row) for each in skippable), row)
            else:
                self.assertGreater(row["units"], 0, row["name"])
        return outcome

    def models_by(self, outcome, parameter):
        """{value of the parameter: its models}."""
        found = {}
        for row in outcome.rows():
            found.setdefault(parameters(row)[parameter], set()).add(row["name"].split("/")[1])
        return found


class Fib4041(GilCase):
    experiment = "fib_40_41"

    def test_each_way_computes_both_numbers(self):
        outcome = self.run_good()
        self.assertEqual(self.models_by(outcome, "language"), {
            "cpython": {"blocking", "threads", "processes"},
            "free_threaded": {"blocking", "threads"},
            "cpp": {"blocking", "threads", "tbb", "processes"},
            "cpp_locked": {"blocking", "threads", "processes"}})
        for row in outcome.rows():
            if not problem(row):
                self.assertEqual(row["units"], 2, row["name"])

    def test_the_bound_of_two_jobs_is_phi_whatever_the_machine(self):
        rows = {row["name"].split("/")[1]: row
                for row in self.run_good("--benchmark_filter=language:cpp/").rows()}
        self.assertAlmostEqual(rows["blocking"]["bound_s"] / rows["threads"]["bound_s"], 1.618, 3)
        self.assertEqual(rows["threads"]["label"], "the longer job")
        self.assertEqual(rows["tbb"]["label"], "work / cores")

    def test_the_number_can_be_the_readers_own(self):
        outcome = self.run_good("--n", "15", "--benchmark_filter=blocking")
        self.assertEqual({parameters(row)["n"] for row in outcome.rows()}, {"15"})

    def test_a_number_out_of_range_is_refused(self):
        self.assert_refused(self.run_experiment("--n", "2"), "--n", "3 to 60")


class ImitatedGil(GilCase):
    experiment = "imitated_gil"

    def test_both_locks_do_the_same_jobs(self):
        outcome = self.run_good()
        both = {"real_gil", "imitated_gil"}
        jobs = [row for row in outcome.rows() if "work" in parameters(row)]
        convoys = [row for row in outcome.rows() if "beside" in parameters(row)]
        self.assertEqual(len(jobs) + len(convoys), len(outcome.rows()))
        self.assertEqual({parameters(row)["work"] for row in jobs}, {"cpu", "io", "mixed"})
        for rows in (jobs, convoys):
            self.assertEqual({row["name"].split("/")[1] for row in rows}, both)

    def test_a_convoy_tells_the_latency_and_what_it_costs(self):
        for row in self.run_good("--benchmark_filter=beside").rows():
            if not problem(row):
                self.assertGreaterEqual(row["request_s"], 0.001, row["name"])  # 1 ms is its own
                self.assertGreater(row["portion_s"], 0, row["name"])

    def test_the_switch_interval_is_a_knob_from_100_us_to_100_ms(self):
        for interval in ("100", "100000"):
            self.run_good("--switch-interval-us", interval, "--benchmark_filter=cpu")
        for interval in ("99", "100001"):
            outcome = self.run_experiment("--smoke", "--switch-interval-us", interval)
            self.assert_refused(outcome, "--switch-interval-us", interval)


class TwoRequestsPython(GilCase):
    experiment = "two_requests_python"

    def test_both_pages_come_in_each_way(self):
        outcome = self.run_good()
        self.assertEqual(self.models_by(outcome, "language"),
                         {"cpython": {"blocking", "threads"}, "cpp": {"blocking", "threads"}})

    def test_a_target_where_nobody_listens_is_refused(self):
        outcome = self.run_experiment("--smoke", "--target", "127.0.0.1:1")
        self.assert_refused(outcome, "127.0.0.1:1")

    def test_a_target_that_misbehaves_fails_every_request_in_one_line_and_never_hangs(self):
        for behave in (fault_servers.answer_500, fault_servers.reset, fault_servers.close_early,
                       fault_servers.garbage, fault_servers.never, fault_servers.dribble):
            with self.subTest(behave.__name__), fault_servers.serving(behave) as target:
                outcome = self.run_experiment("--smoke", "--target", target, "--deadline-ms", "300")
                self.assertEqual(outcome.exit_code, 1)
                self.assert_one_line(outcome, "two_requests_python")
                for row in outcome.rows():
                    self.assertTrue(problem(row), row["name"])


class WhoMayRunPython(GilCase):
    experiment = "who_may_run_python"

    def test_every_case_is_there(self):
        outcome = self.run_good()
        cases = {(parameters(row)["work"], parameters(row)["language"], row["name"].split("/")[1])
                 for row in outcome.rows()}
        self.assertEqual(cases, {(work, language, model) for work in ("cpu", "io")
                                 for language in ("cpython", "cpp")
                                 for model in ("blocking", "threads", "processes")})


class ReferenceCount(GilCase):
    experiment = "reference_count"

    def test_whoever_promises_a_right_count_has_lost_nothing(self):
        outcome = self.run_good("--pairs", "400000")
        self.assertEqual(self.models_by(outcome, "promise"), {
            "right": {"one_mutex", "atomic", "shared_ptr", "biased", "deferred"},
            "nothing": {"plain"}})
        for row in outcome.rows():
            self.assertGreater(row["pair_s"], 0, row["name"])
            if parameters(row)["promise"] == "right":
                self.assertEqual(row["lost"], 0, row["name"])
            else:  # how many it loses is luck; that it is counted is not
                self.assertGreaterEqual(row["lost"], 0)
                self.assertEqual(row["lost"], int(row["lost"]))


if __name__ == "__main__":
    unittest.main()
