"""What is uploaded to each platform, run as the platform runs it, on good, bad and missing submissions."""

import base64
import json
import os
import shutil
import subprocess
import tarfile
import unittest
import zipfile
from pathlib import Path

from common.coursework.errors import CourseworkError
from tests.coursework.platform_case import SPOILED, PlatformCase
from tests.coursework import test_formats


class GradescopeTest(PlatformCase):
    """The zip is unpacked to /autograder/source, run_autograder copied to /autograder and run there."""

    def setUp(self):
        super().setUp()
        self.place = self.folder / "autograder"
        self.results = self.place / "results" / "results.json"

    def upload(self, **options):
        with zipfile.ZipFile(self.pack("gradescope", **options)) as archive:
            for entry in archive.infolist():
                path = Path(archive.extract(entry, self.place / "source"))
                path.chmod(entry.external_attr >> 16 & 0o777)
        shutil.copy(self.place / "source" / "run_autograder", self.place)
        self.results.parent.mkdir()

    def keep(self, *earlier):
        """Say in the submission's metadata what came of the student's earlier submissions."""
        previous = [{"submission_time": f"2026-11-{10 + number}T10:00:00.000000-07:00", "score": results["score"], "results": results}
                    for number, results in enumerate(earlier)]
        metadata = {"id": 1, "created_at": "2026-11-20T10:00:00.000000-07:00", "users": [], "previous_submissions": previous}
        (self.place / "submission_metadata.json").write_text(json.dumps(metadata))

    def graded(self, path=None):
        done = self.run_at({"/autograder": self.place}, ["/autograder/run_autograder"], "/autograder", path)
        self.assertTrue(self.results.exists(), done.stderr)
        return test_formats.GradescopeTest().read(self.results.read_text())

    def test_the_solution_has_all_points_and_the_starter_none(self):
        self.upload()
        self.submit(self.place / "submission")
        results = self.graded()
        self.assertEqual(results["score"], 100, json.dumps(results, indent=1))
        self.assertEqual([test["visibility"] for test in results["tests"]], ["visible"] * 2 + ["after_published"] * 2)
        self.results.unlink()
        self.submit(self.place / "submission", "starter")
        results = self.graded()
        self.assertEqual((results["score"], {test["status"] for test in results["tests"]}), (0, {"failed"}))

    def test_a_grader_that_breaks_leaves_a_valid_result_and_the_earlier_score(self):
        self.upload()
        self.submit(self.place / "submission")
        earlier = json.loads(test_formats.gradescope(test_formats.a_grade(test_formats.case_result())))
        for what, (file, text) in SPOILED.items():
            path = self.place / "source" / "two_cakes" / file
            good = path.read_text()
            path.write_text(text)
            for kept, score in (([], 0), ([earlier], 8)):
                with self.subTest(what=what, kept=len(kept)):
                    self.keep(*kept)
                    self.results.unlink(missing_ok=True)
                    results = self.graded()
                    self.assertEqual(results["score"], score)
                    self.assertIn("internal error", results["output"])
            path.write_text(good)

    def test_the_latest_graded_one_stands_not_one_on_which_the_grader_broke(self):
        self.upload()
        grades = [test_formats.a_grade(test_formats.case_result(points=points)) for points in (8.0, 2.0)]
        broken = test_formats.gradescope(test_formats.BROKEN)
        self.keep(*(json.loads(text) for text in (*map(test_formats.gradescope, grades), broken)))
        self.assertEqual(self.graded()["score"], 2)  # there is no submission: the platform's fault

    def test_a_submission_without_the_file_is_refused_with_a_valid_result(self):
        self.upload()
        (self.place / "submission").mkdir()
        results = self.graded()
        self.assertEqual(results["score"], 0)
        self.assertIn("refused", results["output"])
        self.assertIn("adder.cpp", results["output"])

    def test_without_any_python_there_is_a_valid_result(self):
        self.upload()
        tools = self.folder / "tools"
        tools.mkdir()
        for name in ("sh", "cat", "dirname", "mkdir", "chmod", "timeout"):
            (tools / name).symlink_to(shutil.which(name))
        self.assertIn("internal error", self.graded(path=str(tools))["output"])

    def test_the_tests_are_nobodys_business(self):
        self.upload()
        self.submit(self.place / "submission")
        self.graded()
        self.assertEqual((self.place / "source" / "two_cakes" / "lab").stat().st_mode & 0o077, 0)

    def test_setup_says_what_it_would_install(self):
        self.upload()
        setup = ["sh", "/autograder/source/setup.sh", "--dry-run"]
        done = self.run_at({"/autograder": self.place}, setup, "/")
        self.assertEqual((done.returncode, done.stdout), (0, "to install: nothing\n"), done.stderr)
        tools = self.folder / "tools"
        tools.mkdir()
        for name, program in {"g++": "echo 'g++ (Ubuntu 11.4.0-1ubuntu1) 11.4.0'", "python3": "echo Python 3.10.12"}.items():
            (tools / name).write_text(f"#!/bin/sh\n{program}\n")
            (tools / name).chmod(0o755)
        for name in ("sh", "grep", "head", "sort", "printf"):
            (tools / name).symlink_to(shutil.which(name))
        done = self.run_at({"/autograder": self.place}, setup, "/", path=str(tools))
        self.assertEqual(done.stdout, "to install: g++ python3 bubblewrap util-linux\n", done.stderr)

    def test_the_same_lab_makes_the_same_zip(self):
        first = self.pack("gradescope").read_bytes()
        self.assertEqual(self.pack("gradescope").read_bytes(), first)

    def test_asked_for_it_is_graded_without_a_sandbox_and_says_so(self):
        self.upload(unsandboxed=True)
        self.submit(self.place / "submission")
        tools = self.folder / "tools"
        tools.mkdir()
        for name in os.listdir("/usr/bin"):
            if name not in ("bwrap", "python3"):
                (tools / name).symlink_to(f"/usr/bin/{name}")
        (tools / "python3").symlink_to(shutil.which("python3"))
        results = self.graded(path=str(tools))
        self.assertEqual(results["score"], 100, json.dumps(results, indent=1))
        self.assertIn("UNSANDBOXED", results["output"])


class PrairieLearnTest(PlatformCase):
    """tests/ and serverFilesCourse/ are copied into /grade; the entry point runs; results/ isn't there yet."""

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
        self.assertEqual((results["gradable"], results["score"]), (True, 1.0), json.dumps(results, indent=1))
        self.assertEqual([test["name"] for test in results["tests"]][2:], ["Hidden test 1", "Hidden test 2"])
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
        self.assertEqual(files, ["README.html", "adder-handout.tar"])  # what students can load, and no more


class AutolabTest(PlatformCase):
    """The hand-in under its base name, Makefile and autograde.tar in an empty folder; then make."""

    def setUp(self):
        super().setUp()
        self.top = self.pack("autolab")
        self.place = self.folder / "autolab"
        self.place.mkdir()
        shutil.copy(self.top / "autograde-Makefile", self.place / "Makefile")
        shutil.copy(self.top / "autograde.tar", self.place)

    def graded(self):
        done = subprocess.run(["make"], cwd=self.place, capture_output=True, text=True, timeout=280)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def test_the_last_line_has_the_scores(self):
        self.submit(self.place)
        self.assertEqual(self.graded(), {"scores": {"works": 50, "robust": 40, "fast": 10}, "scoreboard": [100]})
        self.submit(self.place, "starter")
        self.assertEqual(self.graded(), {"scores": {"works": 0, "robust": 0, "fast": 0}, "scoreboard": [0]})

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

    def test_without_a_hand_in_no_score_is_set(self):
        self.assertEqual(self.graded(), {"scores": {}})

    def test_beside_it_lies_the_handout(self):
        names = sorted(path.name for path in self.top.iterdir())
        self.assertEqual(names, ["adder-handout", "adder-handout.tar", "autograde-Makefile", "autograde.tar"])


class GitHubTest(PlatformCase):
    """The workflow's steps, run as Actions would: the actions themselves are imitated, by their published source."""

    def setUp(self):
        super().setUp()
        try:
            import yaml
        except ImportError:
            self.skipTest("no PyYAML to read a workflow with")
        self.top = self.pack("github")
        workflow = yaml.safe_load((self.top / ".github" / "workflows" / "classroom.yml").read_text())
        self.assertEqual((workflow["name"], list(workflow["jobs"])), ("Autograding Tests", ["run-autograding-tests"]))
        self.steps = workflow["jobs"]["run-autograding-tests"]["steps"]

    def run_workflow(self):
        """Return the reporter's (points, of), or None if it was not reached."""
        results = {}
        for step in self.steps:
            if step.get("name") == "Grade":
                if subprocess.run(["bash", "-e", "-c", step["run"]], cwd=self.top, capture_output=True).returncode:
                    return None
            elif "command-grader" in step.get("uses", ""):
                results[step["id"]] = self._command_grader(step["with"])
            elif "grading-reporter" in step.get("uses", ""):
                return self._reporter(step, results)
        self.fail("no reporter in the workflow")

    def _command_grader(self, given):
        self.assertEqual(set(given), {"test-name", "setup-command", "command", "timeout", "max-score"})
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        done = subprocess.run(given["command"], shell=True, cwd=self.top, env=environment, capture_output=True)
        most = int(given["max-score"])
        status, score = ("fail", 0) if done.returncode else ("pass", most)
        test = {"name": given["test-name"], "status": status, "score": score}
        return base64.b64encode(json.dumps({"version": 1, "status": status, "max_score": most, "tests": [test]}).encode()).decode()

    def _reporter(self, step, results):
        environment = {name: results[value.split(".")[1]] for name, value in step["env"].items()}
        runners = [json.loads(base64.b64decode(environment[f"{name.upper()}_RESULTS"])) for name in step["with"]["runners"].split(",")]
        return sum(test["score"] for one in runners for test in one["tests"]), sum(one["max_score"] for one in runners)

    def test_the_public_tests_are_points(self):
        self.assertEqual(self.run_workflow(), (0, 50))
        self.submit(self.top)
        self.assertEqual(self.run_workflow(), (50, 50))

    def test_a_grader_that_breaks_reports_no_points(self):
        (self.top / "grader" / "coursework" / "judge.py").write_text("raise SystemExit('gone')\n")
        self.assertIsNone(self.run_workflow())

    def test_no_hidden_test_and_no_solution_is_in_the_repository(self):
        text = "".join(path.read_text() for path in self.top.rglob("*") if path.is_file())
        for secret in ("An interrupted read is read again", "the_sum", "many_sums"):
            self.assertNotIn(secret, text)

    def test_points_that_are_no_whole_numbers_are_refused(self):
        path = self.lab.folder / "cases.py"
        path.write_text(path.read_text().replace('"works", 40', '"works", 39.5'))
        with self.assertRaisesRegex(CourseworkError, "whole points"):
            self.pack("github")


class RefusedTest(PlatformCase):
    def test_what_is_no_platform(self):
        with self.assertRaisesRegex(CourseworkError, "gradescope, prairielearn, autolab, github"):
            self.pack("gradelib")


if __name__ == "__main__":
    unittest.main()
