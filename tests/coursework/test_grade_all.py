"""A class: in parallel, resumed, interrupted, with bad submissions and a grader that breaks."""

import os
import shutil
import signal
import unittest
from pathlib import Path

from common.coursework.engines.local import Local
from common.coursework.errors import CourseworkError
from common.coursework.hand_ins import find_hand_ins
from common.coursework.record import digest_of
from tests.coursework.class_case import ClassCase


class EngineTests:
    """What every engine must do; test_slurm.py runs the same."""

    def test_a_class_is_graded_into_a_table(self):
        self.hand_in(alice="good", bob="fails", carol="does not compile")
        code, error = self.grade_them()
        self.assertEqual(code, 0, error)
        table = self.table()
        self.assertEqual(
            [(name, row["score"], row["max_score"]) for name, row in table.items()],
            [("alice", "16", "16"), ("bob", "8", "16"), ("carol", "0", "8")],
        )
        self.assertEqual(
            (table["bob"]["wake_up.points"], table["bob"]["wake_up.verdict"]), ("0", "failed")
        )
        self.assertIn("does not compile", table["carol"]["state"])
        self.assertIn("[3/3]", error)
        self.assert_nothing_is_left()

    def test_one_bad_submission_never_stops_the_rest(self):
        self.hand_in(alice="good", bob="breaks", carol="killed", dave="good")
        code, error = self.grade_them()
        self.assertEqual(code, 1)
        self.assertEqual([row["score"] for row in self.table().values()], ["16", "", "", "16"])
        self.assertEqual(
            self.record("bob")["grade"]["problem"],
            "internal error: ValueError: the grader has a bug",
        )
        self.assertIn("ValueError", self.record("bob")["trace"])
        self.assertIn("ended without a result", self.record("carol")["grade"]["problem"])
        self.assertIn("the grader broke on bob, carol", error)
        self.assert_nothing_is_left()

    def test_what_is_finished_is_not_graded_again(self):
        self.hand_in(alice="good", bob="breaks")
        self.grade_them()
        self.hand_in(carol="good")
        self.change("bob", "good")
        code, error = self.grade_them()
        self.assertEqual(code, 0)
        self.assertIn("1 of 3 are graded already", error)
        self.assertEqual(sorted(self.graded()), ["alice", "bob", "bob", "carol"])

    def test_an_interrupted_class_keeps_what_is_finished_and_goes_on_from_there(self):
        self.hand_in(alice="good", bob="hangs", carol="good")
        process = self.start(jobs=1)
        self.wait_for("alice")
        while "bob" not in self.graded():
            pass
        code, error = self.interrupt(process)
        self.assertEqual(code, 130)
        self.assertIn("interrupted by SIGINT", error)
        self.assertEqual(
            [row["state"] for row in self.table().values()], ["graded", "not graded", "not graded"]
        )
        self.assert_nothing_is_left()
        self.change("bob", "good")
        self.assertEqual(self.grade_them()[0], 0)
        self.assertEqual(self.graded().count("alice"), 1)


class GradeAllTest(EngineTests, ClassCase):
    def test_a_new_hand_in_is_graded_again_and_so_is_all_when_the_lab_changes(self):
        self.hand_in(alice="good", bob="good")
        self.grade_them()
        self.change("alice", "fails")
        self.grade_them()
        self.assertEqual(
            (self.record("alice")["grade"]["score"], self.graded().count("bob")), (8.0, 1)
        )
        (self.folder / "stand_in" / "cases.py").write_text(
            "# BEGIN HIDDEN TESTS\n# END HIDDEN TESTS\n# changed\n"
        )
        self.grade_them()
        self.assertEqual(self.graded().count("bob"), 2)

    def test_an_internal_error_never_overwrites_an_earlier_score(self):
        for trouble in ("breaks", "killed"):
            with self.subTest(trouble=trouble):
                self.hand_in(**{trouble: "good"})
                self.grade_them()
                self.change(trouble, trouble)
                code, error = self.grade_them()
                self.assertEqual(code, 1)
                self.assertEqual(self.table()[trouble]["score"], "16")
                self.assertIn("earlier score; ", self.table()[trouble]["state"])
                self.change(trouble, "fails")
                self.grade_them()
                self.assertEqual(self.table()[trouble]["score"], "8")

    def test_what_the_grader_says_as_it_breaks_is_kept(self):
        self.hand_in(alice="breaks inside")
        self.assertEqual(self.grade_them()[0], 1)
        self.assertIn("where it broke", self.record("alice")["trace"])

    def test_one_that_hangs_is_ended_and_has_a_result(self):
        self.hand_in(alice="hangs", bob="good")
        code, _ = self.grade_them(timeout=2)
        self.assertEqual((code, self.table()["bob"]["score"]), (1, "16"))
        self.assertIn("out of time", self.table()["alice"]["state"])
        self.assert_nothing_is_left()

    def test_a_killed_run_is_resumed(self):
        self.hand_in(alice="good", bob="hangs")
        with self.start(jobs=1) as process:
            self.wait_for("alice")
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate(timeout=60)
        self.assertEqual(process.returncode, 143)
        self.change("bob", "good")
        self.assertEqual(self.grade_them()[0], 0)
        self.assertEqual(self.graded().count("alice"), 1)

    def test_what_a_killed_run_left_is_cleared(self):
        self.hand_in(alice="good", bob="hangs")
        with self.start(jobs=1) as process:
            self.wait_for("alice")
            process.kill()
        self.assertNotEqual(list(self.out.glob(".engine-*")), [])
        (self.out / "results" / ".alice.part").touch()
        self.change("bob", "good")
        self.assertEqual(self.grade_them()[0], 0)
        self.assertEqual(self.graded().count("alice"), 1)
        self.assertEqual(list(self.out.glob("**/.*")), [])

    def test_two_at_once_into_one_folder_are_refused(self):
        self.hand_in(alice="good", bob="hangs")
        process = self.start(jobs=1)
        self.wait_for("alice")
        with self.start() as second:
            error = second.communicate(timeout=60)[1]
        self.assertIn("another grade-all is at work there", error)
        self.interrupt(process)

    def test_names_of_all_kinds(self):
        names = ["Ana María", "-rf", "a'b\"c $(touch x)", "new\nline", "=1+1", "x" * 250, "..."]
        for name in names:
            self.hand_in(**{name: "good"})
        code, error = self.grade_them()
        self.assertEqual(code, 0, error)
        self.assertEqual({row["score"] for row in self.table().values()}, {"16"})
        self.assertEqual(len(self.table()), len(names) - 1)  # "..." is hidden, as ".git" is
        self.assertIn("'=1+1", self.table())
        self.assertFalse((self.folder / "x").exists())

    def test_half_a_record_is_no_record(self):
        self.hand_in(alice="good")
        (self.out / "results").mkdir(parents=True)
        (self.out / "results" / "alice.json").write_text('{"digest": "')
        self.assertEqual(self.grade_them()[0], 0)
        self.assertEqual(self.table()["alice"]["score"], "16")


class HandInsTest(ClassCase):
    def test_folders_and_archives_are_submissions_and_nothing_else(self):
        self.hand_in(alice="good")
        for name in ("alice.zip", "bob.tar.gz", "notes.txt", ".DS_Store"):
            (self.folder / "class" / name).touch()
        found, others = find_hand_ins(self.folder / "class", self.out)
        self.assertEqual([one.name for one in found], ["alice", "alice.zip", "bob"])
        self.assertEqual(others, ["notes.txt"])

    def test_a_folder_with_one_archive_is_that_archive(self):
        place = self.folder / "class" / "Ana Mar_123_assignsubmission_file_"
        place.mkdir(parents=True)
        (place / "lab.zip").touch()
        found, _ = find_hand_ins(self.folder / "class", self.out)
        self.assertEqual((found[0].name, found[0].path), (place.name, place / "lab.zip"))
        (place / "readme.txt").touch()
        self.assertEqual(find_hand_ins(self.folder / "class", self.out)[0][0].path, place)

    def test_a_folder_without_submissions_is_refused(self):
        (self.folder / "class").mkdir()
        for folder in (self.folder / "class", self.folder / "nowhere"):
            with self.assertRaisesRegex(CourseworkError, str(folder)):
                find_hand_ins(folder, self.out)

    def test_the_digest_sees_names_and_contents_and_follows_no_link(self):
        self.hand_in(alice="good", bob="good")
        alice, bob = self.folder / "class" / "alice", self.folder / "class" / "bob"
        self.assertEqual(digest_of(alice), digest_of(bob))
        os.symlink("/proc/kmsg", alice / "link")
        os.mkfifo(alice / "pipe")
        linked = digest_of(alice)
        self.assertNotEqual(linked, digest_of(bob))
        (alice / "link").rename(alice / "other")
        self.assertNotEqual(digest_of(alice), linked)

    def test_without_gnu_parallel_the_remedy_is_named(self):
        path = os.environ["PATH"]
        self.addCleanup(os.environ.__setitem__, "PATH", path)
        os.environ["PATH"] = str(self.folder)
        with self.assertRaisesRegex(CourseworkError, "apt-get install parallel"):
            Local.check()
        impostor = self.folder / "parallel"
        impostor.write_text("#!/bin/sh\necho parallel from moreutils\n")
        impostor.chmod(0o755)
        with self.assertRaisesRegex(CourseworkError, "moreutils"):
            Local.check()


if __name__ == "__main__":
    unittest.main()
