"""The same class on a cluster: a real Slurm of one node, started here where its packages are."""

import tempfile
import time
import unittest
from unittest import mock

from common.coursework.engines.slurm import Slurm
from common.coursework.errors import CourseworkError
from tests.coursework.class_case import ClassCase
from tests.coursework.own_slurm import OwnSlurm, lacks
from tests.coursework.test_grade_all import EngineTests

MAX_ARRAY = 4  # so that a class of a few needs more than one array


@unittest.skipIf(lacks(), lacks())
class SlurmTest(EngineTests, ClassCase):
    engine = "slurm"

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.slurm = OwnSlurm(folder.name, MAX_ARRAY)
        cls.addClassCleanup(cls.slurm.stop)
        cls.slurm.start()
        cls.environment = cls.slurm.environment

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)

    def tearDown(self):
        self.assertEqual(self.slurm.ask("squeue", "--noheader"), "", "jobs are left")

    def test_a_class_larger_than_an_array(self):
        names = [f"student_{number}" for number in range(2 * MAX_ARRAY)]
        self.hand_in(**dict.fromkeys(names, "good"))
        code, error = self.grade_them(jobs=0)
        self.assertEqual(code, 0, error)
        self.assertEqual([row["score"] for row in self.table().values()], ["16"] * len(names))
        self.assertEqual(sorted(self.graded()), names)

    def test_a_controller_that_does_not_answer_is_refused_in_one_line(self):
        nowhere = self.folder / "slurm.conf"
        port = [
            line
            for line in (self.slurm.folder / "slurm.conf").read_text().splitlines()
            if "SlurmctldPort" in line
        ][0]
        nowhere.write_text(
            (self.slurm.folder / "slurm.conf").read_text().replace(port, "SlurmctldPort=1")
        )
        with mock.patch.dict("os.environ", {"SLURM_CONF": str(nowhere)}):
            with self.assertRaisesRegex(CourseworkError, "no Slurm controller answers"):
                Slurm.check()
        with mock.patch.dict("os.environ", self.environment):
            Slurm.check()


class WithoutSlurmTest(unittest.TestCase):
    def test_the_remedy_is_named(self):
        with mock.patch.dict("os.environ", {"PATH": "/nowhere"}):
            with self.assertRaisesRegex(CourseworkError, "apt-get install slurm-client"):
                Slurm.check()


del EngineTests  # unittest would run it alone, too

if __name__ == "__main__":
    unittest.main()
