"""Are the mutants what they should be: each in its place in the marked source, each bound to a case, and enough of them?"""

import unittest
from collections import Counter

from common.coursework.errors import CourseworkError
from common.coursework.lab import find_lab, labs_of
from common.coursework.lab_cases import cases_of
from tests.coursework.mutants import FOLDER, HOUSE, Mutant, Outcome, good, mutants_of, mutated, table_of

LEAST = 40
LEAST_OF_A_LAB = 5


def all_mutants():
    return [each for path in sorted(FOLDER.glob("*.toml")) for each in mutants_of(path)]


class MutantsFile(unittest.TestCase):
    def test_there_are_enough(self):
        self.assertGreaterEqual(len(all_mutants()), LEAST)

    def test_each_lab_of_code_has_some(self):
        count = Counter(each.lab for each in all_mutants())
        for name, folder in labs_of(HOUSE).items():
            if find_lab(str(folder), HOUSE).kind == "code":
                self.assertGreaterEqual(count[name], LEAST_OF_A_LAB, name)

    def test_each_has_a_lab_and_a_name_of_its_own(self):
        names = Counter((each.lab, each.name) for each in all_mutants())
        self.assertEqual([name for name, count in names.items() if count > 1], [])
        self.assertEqual({each.lab for each in all_mutants()} - set(labs_of(HOUSE)), set())

    def test_each_changes_the_solution_in_one_place(self):
        for each in all_mutants():
            with self.subTest(each.lab, name=each.name):
                lab = find_lab(each.lab, HOUSE)
                self.assertIn(each.file, lab.yours)
                self.assertEqual(lab.text(each.file).count(each.old), 1, each.old)
                self.assertNotEqual(each.old, each.new)
                mutated(lab, each)

    def test_each_names_the_case_that_catches_it_or_a_reason(self):
        for each in all_mutants():
            with self.subTest(each.lab, name=each.name):
                cases = {case.name for case in cases_of(find_lab(each.lab, HOUSE), hidden=True)}
                self.assertTrue(each.says)
                if each.caught_by or not each.reason:
                    self.assertIn(each.caught_by, cases)


class Driver(unittest.TestCase):
    MUTANT = Mutant("lab", "name", "it does wrong", "a.cpp", "old", "new", "a_case")

    def test_a_change_that_isnt_there_once_is_refused(self):
        mutant = next(iter(all_mutants()))
        lab = find_lab(mutant.lab, HOUSE)
        with self.assertRaisesRegex(CourseworkError, "0 times"):
            mutated(lab, Mutant(mutant.lab, "x", "x", mutant.file, "this is nowhere", "y", "z"))

    def test_one_that_got_through_without_a_reason_is_a_failure(self):
        caught = [Outcome(self.MUTANT, ("a_case",), "failed")] * 99
        excused = Mutant("lab", "name", "it does wrong", "a.cpp", "old", "new", reason="nobody can see it")
        self.assertTrue(good(caught))
        self.assertFalse(good([*caught, Outcome(self.MUTANT, ())]))
        self.assertTrue(good([*caught, Outcome(excused, ())]))
        self.assertFalse(good([*caught, Outcome(excused, (), problem="does not compile")]))

    def test_too_many_that_got_through_are_a_failure_whatever_the_reasons(self):
        excused = Mutant("lab", "name", "it does wrong", "a.cpp", "old", "new", reason="nobody can see it")
        self.assertFalse(good([Outcome(self.MUTANT, ("a_case",), "failed")] * 18 + [Outcome(excused, ())]))

    def test_the_table_says_who_caught_what(self):
        table = table_of([Outcome(self.MUTANT, ("other", "a_case"), "failed"), Outcome(self.MUTANT, ("other",), "time"),
                          Outcome(self.MUTANT, ())])
        self.assertRegex(table, r"name +a_case \(failed\) +yes")
        self.assertRegex(table, r"name +other \(time\) +no: a_case")
        self.assertIn("got through: lab: name: it does wrong\n  reason: none is stated", table)
        self.assertIn("caught: 2 of 3 (66.7 %)", table)


if __name__ == "__main__":
    unittest.main()
