"""What can go wrong around the interpreter: each is told, and the rest of the run goes on."""

import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from tests.experiments.experiment_case import BIN, ROOT, ExperimentCase, children_of, is_alive
from tests.gil.test_programs import HAS_PYTHON, WITHOUT_PYTHON, parameters, problem


class WithoutHeaders(ExperimentCase):
    """fib_40_41 as a machine without python3-dev builds it."""

    experiment = "fib_40_41_without_python"

    def test_the_series_of_cpython_are_skipped_with_the_remedy_and_the_rest_runs(self):
        outcome = self.run_experiment("--smoke")
        self.assertEqual((outcome.exit_code, outcome.err), (0, ""))
        for row in outcome.rows():
            language = parameters(row)["language"]
            if language == "cpython":
                self.assertTrue(problem(row).startswith("skipped: " + WITHOUT_PYTHON), row)
                self.assertIn("python3-dev", problem(row))
            elif language != "free_threaded":
                self.assertEqual(problem(row), "", row["name"])

    def test_a_script_changes_nothing_there(self):
        outcome = self.run_experiment("--smoke", "--script", str(Path(__file__)))
        self.assertEqual(outcome.exit_code, 0, outcome.err)


@unittest.skipUnless(HAS_PYTHON, WITHOUT_PYTHON)
class AnotherPythonFirst(unittest.TestCase):
    """A python3 on PATH, and what its user has set, are not the business of ours."""

    def test_the_standard_library_is_that_of_the_build(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("python3", "python", "python3.11"):
                program = Path(folder) / name
                program.write_text("#!/bin/sh\nexit 3\n")
                program.chmod(0o755)
            (Path(folder) / "threading.py").write_text("raise ImportError('not this one')\n")
            there = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONHOME": folder,
                     "PYTHONPATH": folder, "PYTHONSTARTUP": f"{folder}/threading.py"}
            done = subprocess.run([BIN / "test_python"], cwd=ROOT, env=there, capture_output=True,
                                  text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout)


@unittest.skipUnless(HAS_PYTHON, WITHOUT_PYTHON)
class Scripts(ExperimentCase):
    """--script: the reader's own functions instead of the chapter's."""

    experiment = "fib_40_41"

    def run_script(self, text, *flags):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "mine.py"
            path.write_text(text)
            return self.run_experiment("--smoke", "--script", str(path), *flags)

    def problems(self, outcome):
        """{model: problem} of the interpreter's series; the others must have numbers."""
        for row in outcome.rows():
            if parameters(row)["language"].startswith("cpp"):
                self.assertEqual(problem(row), "", row["name"])
        return {row["name"].split("/")[1]: problem(row) for row in outcome.rows()
                if parameters(row)["language"] == "cpython"}

    def test_one_that_is_right_is_measured(self):
        outcome = self.run_script("import functools\nfib = functools.lru_cache(fib)\n")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual(set(self.problems(outcome).values()), {""})

    def test_one_that_raises_shows_its_traceback_and_the_run_goes_on(self):
        outcome = self.run_script("def broken():\n    raise ValueError('on purpose')\nbroken()\n")
        self.assertEqual(outcome.exit_code, 1)
        self.assertIn("Traceback", outcome.err)
        self.assertIn("in broken", outcome.err)
        for text in self.problems(outcome).values():
            self.assertIn("mine.py raised ValueError: on purpose", text)

    def test_one_whose_function_raises_fails_each_way_in_one_line(self):
        outcome = self.run_script("def fib(n):\n    return [][n]\n")
        self.assertEqual(outcome.exit_code, 1)
        self.assertIn("IndexError", outcome.err)
        self.assertEqual(set(self.problems(outcome).values()),
                         {"IndexError: list index out of range"})

    def test_one_that_is_wrong_is_an_error_and_no_bar(self):
        outcome = self.run_script("def fib(n):\n    return n\n")
        self.assertEqual(outcome.exit_code, 1)
        self.assertEqual(set(self.problems(outcome).values()), {"fib(12) is 89, not 12"})

    def test_one_whose_child_dies_fails_that_way_alone(self):
        outcome = self.run_script(
            "import os\nhome = os.getpid()\nchapters_fib = fib\n"
            "def fib(n):\n"
            "    if os.getpid() != home:\n"
            "        os.kill(os.getpid(), 9)\n"
            "    return chapters_fib(n)\n")
        self.assertEqual(outcome.exit_code, 1)
        self.assertEqual(self.problems(outcome), {
            "blocking": "", "threads": "",
            "processes": "fib: its process was lost: killed by SIGKILL"})

    def test_one_that_is_not_there_is_refused(self):
        self.assert_refused(self.run_experiment("--smoke", "--script", "nowhere.py"), "nowhere.py")


@unittest.skipUnless(HAS_PYTHON, WITHOUT_PYTHON)
class Interrupted(unittest.TestCase):
    """Ctrl-C while threads wait for the lock: what runs is finished, and nobody is left behind."""

    def interrupt(self, experiment, *flags, **how):
        done = subprocess.Popen([BIN / experiment, *flags], cwd=ROOT, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, **how)
        time.sleep(0.3)  # by then it is among its series; if not, it ends before the first
        children = children_of(done.pid)
        done.send_signal(signal.SIGINT)
        out, err = done.communicate(timeout=60)
        self.assertFalse([child for child in children if is_alive(child)])
        return done.returncode, out, err

    def test_threads_that_wait_for_the_real_lock_and_the_imitated_one(self):
        for work in ("work:cpu", "beside:cpu"):
            code, _, err = self.interrupt("imitated_gil", "--full", f"--benchmark_filter={work}")
            self.assertEqual(code, 130, err)
            self.assertIn("Interrupted", err)

    def test_python_in_children(self):
        code, _, err = self.interrupt("fib_40_41", "--full",
                                      "--benchmark_filter=processes/language:cpython")
        self.assertEqual(code, 130, err)


@unittest.skipUnless(HAS_PYTHON, WITHOUT_PYTHON)
class FreeThreaded(ExperimentCase):
    experiment = "fib_40_41"

    def test_one_that_is_found_is_measured(self):
        # A stand-in: an ordinary Python that says it has no lock.
        there = {**os.environ, "FREE_THREADED_PYTHON": "tests/gil/stand_in_python.py"}
        outcome = self.run_experiment("--smoke", "--benchmark_filter=free_threaded", env=there)
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual([row["units"] for row in outcome.rows()], [2, 2])

    def test_one_that_has_the_lock_is_skipped_with_its_name(self):
        there = {**os.environ, "FREE_THREADED_PYTHON": "/usr/bin/python3"}
        outcome = self.run_experiment("--smoke", "--benchmark_filter=free_threaded", env=there)
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        for row in outcome.rows():
            self.assertTrue(problem(row).startswith("skipped: /usr/bin/python3 has the lock"), row)


if __name__ == "__main__":
    unittest.main()
