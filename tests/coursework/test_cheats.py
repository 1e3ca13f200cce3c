"""A handful of the cheats, one of each kind; `python3 -m tests.coursework.cheats` grades them all."""

import tempfile
import unittest
from pathlib import Path

from common.coursework.launch import adopt_orphans
from common.coursework.sandbox import NoSandbox, Sandbox
from tests.coursework.cheats import World, corpus, graded, is_held, own_temporary_folder

HANDFUL = ("archive_through_a_link", "defines_send", "exit_in_constructor", "replaced_build_files", "reverse_shell")


class CheatsTest(unittest.TestCase):
    def test_a_handful_of_cheats_is_credited_nothing_and_leaves_nothing(self):
        try:
            Sandbox.find()
        except NoSandbox as why:
            self.skipTest(str(why))
        adopt_orphans()
        chosen = [cheat for cheat in corpus() if cheat.name in HANDFUL]
        self.assertEqual(len(chosen), len(HANDFUL))
        with tempfile.TemporaryDirectory() as folder, own_temporary_folder(Path(folder)):
            world = World(Path(folder))
            self.addCleanup(world.close)
            for cheat in chosen:
                with self.subTest(cheat=cheat.name):
                    result = graded(cheat, world)
                    self.assertTrue(is_held(cheat, result), result)
            self.assertEqual(world.harm(), [])

    def test_there_are_enough_and_each_says_what_it_tries_and_what_holds_it(self):
        self.assertGreaterEqual(len(corpus()), 60)
        for cheat in corpus():
            with self.subTest(cheat=cheat.name):
                self.assertTrue(cheat.attack and cheat.guard)


if __name__ == "__main__":
    unittest.main()
