"""What is uploaded to PrairieLearn, Autolab and GitHub, run as they would run it."""

import base64
import json
import os
import shutil
import subprocess
import tarfile
import unittest

from common.coursework.errors import CourseworkError
from tests.coursework.platform_case import SPOILED, PlatformCase


class PrairieLearnTest(PlatformCase):
    """tests/ and serverFilesCourse/ are copied into /grade; results/ isn't there yet."""

    def setUp(self):
        super().setUp()
        self.top = self.pack("prairielearn")
        self.question = self.top / "questions" / "adder"
        self.info = json.loads((self.question / "info.json").read_text())
        self.grade = self.folder / "grade"
        shutil.copytree(self.question / "tests", self.grade / "tests")
        shutil.copytree(self.top / "serverFilesCourse", self.grade / "serverFilesCourse")

    def graded(self):
        command = self.info["externalGradingOptions"]["entrypoint"].split()
        done = self.run_at({"/grade": self.grade}, command, "/")
        results = self.grade / "results" / "results.json"
        self.assertTrue(results.exists(), done.stderr)
        text = results.read_text()
        self.assertLess(len(text), 1_000_000)
        return json.loads(text)

    def test_the_score_is_a_share(self):
        self.submit(self.grade / "student")
        results = self.graded()
        self.assertEqual(
            (results["gradable"], results["score"]), (True, 1.0), json.dumps(results, indent=1)
        )
        self.assertEqual([test["name"] for test in results["tests"]][2:], ["Hidden test 1"])
        self.submit(self.grade / "student", "starter")
        self.assertEqual(self.graded()["score"], 0)

    def test_a_grader_that_breaks_costs_no_attempt(self):
        self.submit(self.grade / "student")
        path = self.grade / "serverFilesCourse" / "two_cakes" / "common" / "coursework" / "grade.py"
        for text in ("raise RuntimeError('a bug')\n", "def :\n"):
            path.write_text(text)
            self.assertFalse(self.graded()["gradable"])

    def test_what_does_not_compile_costs_no_attempt(self):
        self.submit(self.grade / "student", "no C++ at all\n")
        results = self.graded()
        self.assertFalse(results["gradable"])
        self.assertIn("does not compile", "".join(results["format_errors"]))

    def test_the_question_asks_for_the_labs_files_and_hides_the_tests(self):
        options = self.info["externalGradingOptions"]
        self.assertLessEqual(options["timeout"], 600)
        self.assertFalse(options["enableNetworking"])
        self.assertEqual((self.info["gradingMethod"], self.info["type"]), ("External", "v3"))
        page = (self.question / "question.html").read_text()
        self.assertIn('file-names="adder.cpp"', page)
        self.assertNotIn("@", page)
        files = sorted(path.name for path in (self.question / "clientFilesQuestion").iterdir())
        self.assertEqual(
            files, ["README.html", "adder-handout.tar"]
        )  # what students can load, and no more


class AutolabTest(PlatformCase):
    """The hand-in under its base name, Makefile and autograde.tar in an empty folder; then make."""

    at_the_root = False

    def setUp(self):
        super().setUp()
        self.top = self.pack("autolab")
        self.place = self.folder / "autolab"
        self.place.mkdir()
        shutil.copy(self.top / "autograde-Makefile", self.place / "Makefile")
        shutil.copy(self.top / "autograde.tar", self.place)

    def make(self):
        """Run make as Autolab does: a make above us, which may well be running these tests, must not steer it."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        return subprocess.run(["make"], cwd=self.place, env=clean, capture_output=True, text=True, timeout=280)

    def graded(self):
        done = self.make()
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def test_the_last_line_has_the_scores(self):
        self.submit(self.place)
        self.assertEqual(
            self.graded(), {"scores": {"works": 50, "robust": 50}, "scoreboard": [100]}
        )
        self.submit(self.place, "starter")
        self.assertEqual(self.graded(), {"scores": {"works": 0, "robust": 0}, "scoreboard": [0]})

    def test_a_grader_that_breaks_sets_no_score(self):
        self.submit(self.place)
        shutil.unpack_archive(self.place / "autograde.tar", self.place / "again")
        for what in ("it raises", "it can't even start", "the lab can't be read"):
            file, text = SPOILED[what]
            path = self.place / "again" / "two_cakes" / file
            good = path.read_text()
            path.write_text(text)
            with tarfile.open(self.place / "autograde.tar", "w") as tar:
                tar.add(self.place / "again" / "two_cakes", "two_cakes")
            with self.subTest(what=what):
                self.assertEqual(self.graded(), {"scores": {}})
            path.write_text(good)

    def test_nothing_that_is_printed_names_a_hidden_test(self):
        path = self.lab.folder / "cases.py"
        path.write_text(path.read_text().replace('probe.run("bytes"', 'probe.nothing("bytes"'))
        self.pack("autolab")
        shutil.copy(self.top / "autograde.tar", self.place)
        self.submit(self.place)
        done = self.make()
        self.assertEqual(json.loads(done.stdout.splitlines()[-1])["scoreboard"], [50])
        for words in ("An interrupted read", "interrupted", "bytes", "Traceback"):
            self.assertNotIn(words, done.stdout + done.stderr)

    def test_without_a_hand_in_no_score_is_set(self):
        self.assertEqual(self.graded(), {"scores": {}})

    def test_beside_it_lies_the_handout(self):
        names = sorted(path.name for path in self.top.iterdir())
        self.assertEqual(
            names, ["adder-handout", "adder-handout.tar", "autograde-Makefile", "autograde.tar"]
        )


class GitHubTest(PlatformCase):
    """The workflow's steps, in order; the two actions are imitated, by their published source."""

    at_the_root = False

    def setUp(self):
        super().setUp()
        try:
            import yaml
        except ImportError:
            self.skipTest("no PyYAML to read a workflow with")
        self.top = self.pack("github")
        workflow = yaml.safe_load(
            (self.top / ".github" / "workflows" / "classroom.yml").read_text()
        )
        self.assertEqual(
            (workflow["name"], list(workflow["jobs"])),
            ("Autograding Tests", ["run-autograding-tests"]),
        )
        self.steps = workflow["jobs"]["run-autograding-tests"]["steps"]

    def run_workflow(self):
        """Return the reporter's (points, of), or None if it was not reached."""
        results = {}
        for step in self.steps:
            if step.get("name") == "Grade":
                if subprocess.run(
                    ["bash", "-e", "-c", step["run"]], cwd=self.top, capture_output=True
                ).returncode:
                    return None
            elif "command-grader" in step.get("uses", ""):
                results[step["id"]] = self._command_grader(step["with"])
            elif "grading-reporter" in step.get("uses", ""):
                return self._reporter(step, results)
        self.fail("no reporter in the workflow")

    def _command_grader(self, given):
        self.assertEqual(
            set(given), {"test-name", "setup-command", "command", "timeout", "max-score"}
        )
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        done = subprocess.run(
            given["command"], shell=True, cwd=self.top, env=environment, capture_output=True
        )
        most = int(given["max-score"])
        status, score = ("fail", 0) if done.returncode else ("pass", most)
        test = {"name": given["test-name"], "status": status, "score": score}
        return base64.b64encode(
            json.dumps(
                {"version": 1, "status": status, "max_score": most, "tests": [test]}
            ).encode()
        ).decode()

    def _reporter(self, step, results):
        environment = {name: results[value.split(".")[1]] for name, value in step["env"].items()}
        runners = [
            json.loads(base64.b64decode(environment[f"{name.upper()}_RESULTS"]))
            for name in step["with"]["runners"].split(",")
        ]
        return sum(test["score"] for one in runners for test in one["tests"]), sum(
            one["max_score"] for one in runners
        )

    def test_the_public_tests_are_points(self):
        self.assertEqual(self.run_workflow(), (0, 50))
        self.submit(self.top)
        self.assertEqual(self.run_workflow(), (50, 50))

    def test_a_grader_that_breaks_reports_no_points(self):
        (self.top / "grader" / "coursework" / "judge.py").write_text("raise SystemExit('gone')\n")
        self.assertIsNone(self.run_workflow())

    def test_no_hidden_test_and_no_solution_is_in_the_repository(self):
        text = "".join(path.read_text() for path in self.top.rglob("*") if path.is_file())
        for secret in ("An interrupted read is read again", "the_sum"):
            self.assertNotIn(secret, text)

    def test_points_that_are_no_whole_numbers_are_refused(self):
        path = self.lab.folder / "cases.py"
        path.write_text(path.read_text().replace('"works", 40', '"works", 39.5'))
        with self.assertRaisesRegex(CourseworkError, "whole points"):
            self.pack("github")


class RefusedTest(PlatformCase):
    at_the_root = False

    def test_what_is_no_platform(self):
        with self.assertRaisesRegex(CourseworkError, "gradescope, prairielearn, autolab, github"):
            self.pack("gradelib")


if __name__ == "__main__":
    unittest.main()
