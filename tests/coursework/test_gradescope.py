"""The zip for Gradescope, run as it would: good, bad and missing submissions, broken graders."""

import json
import os
import shutil
import unittest
import zipfile
from pathlib import Path

from tests.coursework import test_formats
from tests.coursework.platform_case import SPOILED, PlatformCase


class GradescopeTest(PlatformCase):
    """The zip is unpacked to /autograder/source, run_autograder copied to /autograder and run."""

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
        previous = [
            {
                "submission_time": f"2026-11-{10 + number}T10:00:00.000000-07:00",
                "score": results["score"],
                "results": results,
            }
            for number, results in enumerate(earlier)
        ]
        metadata = {
            "id": 1,
            "created_at": "2026-11-20T10:00:00.000000-07:00",
            "users": [],
            "previous_submissions": previous,
        }
        (self.place / "submission_metadata.json").write_text(json.dumps(metadata))

    def graded(self, path=None):
        done = self.run_at(
            {"/autograder": self.place}, ["/autograder/run_autograder"], "/autograder", path
        )
        self.assertTrue(self.results.exists(), done.stderr)
        return test_formats.GradescopeTest().read(self.results.read_text())

    def test_the_solution_has_all_points_and_the_starter_none(self):
        self.upload()
        self.submit(self.place / "submission")
        results = self.graded()
        self.assertEqual(results["score"], 100, json.dumps(results, indent=1))
        self.assertEqual(
            [test["visibility"] for test in results["tests"]],
            ["visible", "visible", "after_published"],
        )
        self.results.unlink()
        self.submit(self.place / "submission", "starter")
        results = self.graded()
        self.assertEqual(
            (results["score"], {test["status"] for test in results["tests"]}), (0, {"failed"})
        )

    def test_a_grader_that_breaks_leaves_a_valid_result_and_the_earlier_score(self):
        self.upload()
        self.submit(self.place / "submission")
        earlier = json.loads(
            test_formats.gradescope(test_formats.a_grade(test_formats.case_result()))
        )
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
        grades = [
            test_formats.a_grade(test_formats.case_result(points=points)) for points in (8.0, 2.0)
        ]
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
        for name, program in {
            "g++": "echo 'g++ (Ubuntu 11.4.0-1ubuntu1) 11.4.0'",
            "python3": "echo Python 3.10.12",
        }.items():
            (tools / name).write_text(f"#!/bin/sh\n{program}\n")
            (tools / name).chmod(0o755)
        for name in ("sh", "grep", "head", "sort", "printf"):
            (tools / name).symlink_to(shutil.which(name))
        done = self.run_at({"/autograder": self.place}, setup, "/", path=str(tools))
        self.assertEqual(
            done.stdout, "to install: g++ python3 bubblewrap util-linux\n", done.stderr
        )

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


if __name__ == "__main__":
    unittest.main()
