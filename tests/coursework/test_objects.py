"""The instructor's objects are compiled once, and each grading has names of its own in them."""

import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

from common.coursework.build import Builder, solution_sources
from common.coursework.lab import read_lab
from common.coursework.objects import STAND_IN, Objects, digest_of
from common.coursework.probe import fresh_key
from common.coursework.sandbox import Sandbox

LAB = read_lab(Path(__file__).parent / "tiny")


class CountingObjects(Objects):
    """Notes how many objects it had to have compiled."""

    compiled = 0

    def get(self, digest, compile_it):
        def compile_and_count():
            self.compiled += 1
            return compile_it()

        return super().get(digest, compile_and_count)


class ObjectsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.objects = CountingObjects(self.folder / "objects")

    def built(self, key, lab=LAB):
        place = self.folder / key
        place.mkdir()
        self.folder.chmod(0o755)
        place.chmod(0o755)
        builder = Builder(solution_sources(lab), place, key, Sandbox.find(), self.objects)
        builder.prepare()
        return builder.build("asan").read_bytes()  # which keeps its names

    def test_the_second_grading_compiles_nothing_of_the_instructors_and_has_its_own_names(self):
        keys = fresh_key(), fresh_key()
        programs = [self.built(key) for key in keys]
        self.assertEqual(self.objects.compiled, 4 + sum(name.endswith(".cpp") for name in LAB.needs))
        for key, other, program in zip(keys, reversed(keys), programs, strict=True):
            self.assertIn(f"probe_{key}".encode(), program)
            self.assertNotIn(other.encode(), program)
            self.assertNotIn(STAND_IN.encode(), program)

    def test_what_differs_is_compiled_again(self):
        self.built(fresh_key())
        before = self.objects.compiled
        self.built(fresh_key(), lab=replace(LAB, wrapped=()))
        self.assertEqual(self.objects.compiled, before + 4)  # the command says what is wrapped

    def test_where_a_header_is_the_students_nothing_is_kept(self):
        lab = replace(LAB, yours=("adder.cpp", "adder.hpp"), given=())
        builder = Builder(solution_sources(lab), self.folder, fresh_key(), Sandbox.find(), self.objects)
        self.folder.chmod(0o755)
        builder.prepare()
        program = builder.build("asan").read_bytes()
        self.assertEqual(self.objects.compiled, 0)
        self.assertNotIn(STAND_IN.encode(), program)

    def test_a_folder_that_cannot_be_written_to_only_costs_time(self):
        (self.folder / "objects").write_text("no folder")
        for _ in range(2):
            self.assertEqual(self.objects.get("digest", lambda: b"object"), b"object")
        self.assertEqual(self.objects.compiled, 2)

    def test_what_is_kept_is_whole(self):
        self.assertEqual(self.objects.get("digest", lambda: b"object"), b"object")
        self.assertEqual(self.objects.get("digest", lambda: b"another"), b"object")
        self.assertEqual([path.name for path in (self.folder / "objects").iterdir()], ["digest.o"])

    def test_the_digest_sees_every_file_its_name_and_the_command(self):
        place = self.folder / "sources"
        place.mkdir()
        digests = []
        for name, content in (("a.hpp", "1"), ("a.hpp", "2"), ("b.hpp", "2")):
            for path in place.iterdir():
                path.unlink()
            (place / name).write_text(content)
            digests += [digest_of(["g++"], [place]), digest_of(["g++", "-O2"], [place])]
        self.assertEqual(len(set(digests)), 6)


if __name__ == "__main__":
    unittest.main()
