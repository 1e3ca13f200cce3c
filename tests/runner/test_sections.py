"""Which sections and experiments there are, and how they are named on the command line."""

import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from common.runner.errors import RunnerError
from common.runner.machine import describe_machine, machine_slug
from common.runner.sections import choose_sections, find_sections


class SectionsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for path in ("1_10_more/x", "1_2_io_cpu/matrix", "1_2_io_cpu/listing_1_1", "lab/y"):
            (self.root / path).mkdir(parents=True)
            (self.root / path / "main.cpp").touch()
        (self.root / "1_2_io_cpu/notes").mkdir()
        (self.root / "1_3_empty").mkdir()

    def test_sections_are_sorted_as_numbers_and_experiments_by_name(self):
        sections = find_sections(self.root)
        self.assertEqual([section.number for section in sections], ["1.2", "1.3", "1.10"])
        self.assertEqual(sections[0].experiments, ("listing_1_1", "matrix"))

    def test_number_name_and_folder_mean_the_same(self):
        sections = find_sections(self.root)
        for word in ("1.2", "io_cpu", "1_2_io_cpu"):
            self.assertEqual(choose_sections([word], sections), sections[:1])
        self.assertEqual(choose_sections(["io_cpu", "1.2"], sections), sections[:1])

    def test_all_leaves_out_what_has_no_experiment_yet(self):
        chosen = choose_sections(["all"], find_sections(self.root))
        self.assertEqual([section.name for section in chosen], ["io_cpu", "more"])

    def test_an_unknown_section_lists_the_known_ones(self):
        with self.assertRaises(RunnerError) as caught:
            choose_sections(["1.9"], find_sections(self.root))
        self.assertIn("'1.9'; there are: 1.2 (io_cpu), 1.3 (empty)", str(caught.exception))


class MachineTest(unittest.TestCase):
    def slug(self, model):
        with tempfile.NamedTemporaryFile("w", suffix="cpuinfo") as file:
            file.write(f"processor\t: 0\nmodel name\t: {model}\nflags\t: fpu\n")
            file.flush()
            return machine_slug(file.name)

    def test_the_slug_names_the_kind_of_machine_and_not_the_host(self):
        system, cores = os.uname(), os.cpu_count()
        kind = f"{system.sysname.lower()}-{system.machine.lower()}"
        for model, name in {
            "AMD EPYC": "amd-epyc",
            "AMD EPYC 7B13 64-Core Processor": "amd-epyc-7b13",
            "Intel(R) Xeon(R) CPU @ 2.20GHz": "intel-xeon",
            "Intel(R) Core(TM) i7-8550U CPU @ 1.80GHz": "intel-core-i7-8550u",
            "AMD Ryzen 7 PRO 4750U with Radeon Graphics": "amd-ryzen-7-pro-4750u",
        }.items():
            self.assertEqual(self.slug(model), f"{kind}-{name}-{cores}-cores")

    def test_a_machine_without_cpuinfo_has_a_slug_too(self):
        self.assertIn(f"-{os.cpu_count()}-cores", machine_slug("/nonexistent"))

    def test_the_description_is_the_machine_and_the_compiler_and_nothing_of_the_run(self):
        context = {"cpu_model": "X", "cores": "2", "load_at_start": "0.4", "date": "today"}
        self.assertEqual(describe_machine(context), {"cpu_model": "X", "cores": "2"})


if __name__ == "__main__":
    unittest.main()
