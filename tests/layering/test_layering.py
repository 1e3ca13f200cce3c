"""The rules of the house, held against the real tree and against trees that break them."""

import tempfile
import unittest
from pathlib import Path

from tests.layering.layering import breaches, fixture_breaches, main_problems

ROOT = Path(__file__).resolve().parents[2]


class TheRealTree(unittest.TestCase):
    def test_rooms_use_only_lower_floors(self):
        self.assertEqual(breaches(ROOT / "common"), [])

    def test_the_slow_server_shares_no_code_with_what_is_measured(self):
        self.assertEqual(fixture_breaches(ROOT / "common"), [])

    def test_every_main_reads_as_a_table_of_contents(self):
        mains = sorted((ROOT / "experiments").glob("*/*/main.cpp"))
        self.assertTrue(mains)
        for main in mains:
            with self.subTest(main=str(main.relative_to(ROOT))):
                self.assertEqual(main_problems(main), [])

    def test_every_header_of_a_room_has_a_test(self):
        for room in ("base", "os", "work", "wait", "tasks", "harness"):
            tests = "\n".join(path.read_text() for path in (ROOT / "tests" / room).glob("*.cpp"))
            for header in sorted((ROOT / "common" / room).glob("*.hpp")):
                with self.subTest(header=f"{room}/{header.name}"):
                    self.assertTrue(f'#include "{room}/{header.name}"' in tests, "it has no test")

    def test_every_experiment_is_one_add_experiment_call(self):
        for folder in sorted(path.parent for path in (ROOT / "experiments").glob("*/*/main.cpp")):
            with self.subTest(folder=folder.name):
                cmake = (folder / "CMakeLists.txt").read_text()
                self.assertEqual(cmake.count(f"add_experiment({folder.name}\n"), 1)

    def test_every_chart_declares_its_axes_in_forty_lines(self):
        for chart in sorted((ROOT / "experiments").glob("*/*/chart.py")):
            with self.subTest(chart=str(chart.relative_to(ROOT))):
                self.assertLessEqual(chart.read_text().count("\n"), 40)


class BrokenTrees(unittest.TestCase):
    """What the rules are for: a breach must be found."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.common = Path(folder.name)

    def write(self, path, text):
        (self.common / path).parent.mkdir(parents=True, exist_ok=True)
        (self.common / path).write_text(text)
        return self.common / path

    def test_an_include_upstairs_is_found(self):
        self.write("os/socket.cpp", '#include "work/job.hpp"\n')
        self.assertEqual(breaches(self.common), ["os/socket.cpp includes work: os may not use it"])

    def test_an_include_next_door_is_found(self):
        self.write("work/job.cpp", '#include "harness/measure.hpp"\n')
        self.write("wait/epoll.cpp", '#include "work/job.hpp"\n')
        self.assertEqual(len(breaches(self.common)), 2)

    def test_an_include_is_found_however_it_is_written(self):
        for include in ('#include <work/job.hpp>', '  #  include "work/job.hpp"', '#include "../work/job.hpp"',
                        '#include "work/python/gil.hpp"'):
            with self.subTest(include=include):
                self.write("os/socket.cpp", f"// a comment\n{include}  // why\n")
                self.assertEqual(len(breaches(self.common)), 1)

    def test_a_room_may_include_itself_and_the_floors_below(self):
        self.write("tasks/event_loop.cpp", '#include "tasks/a.hpp"\n#include "wait/b.hpp"\n#include "os/c.hpp"\n'
                                           '#include "base/d.hpp"\n#include <sys/wait.h>\n')
        self.assertEqual(breaches(self.common), [])

    def test_the_bottom_floor_uses_nothing(self):
        for room in ("os", "work", "wait", "tasks", "harness"):
            self.write(f"base/{room}.hpp", f'#include "{room}/x.hpp"\n')
        self.assertEqual(len(breaches(self.common)), 5)

    def test_tasks_know_nothing_of_the_work(self):
        self.write("tasks/thread_pool.hpp", '#include "work/job.hpp"\n')
        self.assertEqual(len(breaches(self.common)), 1)

    def test_the_fixture_may_use_no_room(self):
        self.write("work/slow_server/server.cpp", '#include "base/errors.hpp"\n')
        self.assertEqual(fixture_breaches(self.common), ["server.cpp includes the room base"])

    def test_a_main_without_its_header_is_found(self):
        main = self.write("main.cpp", "#include <sys/socket.h>\nint main() {}\n")
        problems = " ".join(main_problems(main))
        self.assertIn("its header lacks Question, Fixed, Varied, Expect, Does not show", problems)
        self.assertIn("system calls", problems)

    def test_a_main_that_is_too_long_is_found(self):
        self.assertIn("100 lines", main_problems(self.write("main.cpp", "\n" * 100))[0])


if __name__ == "__main__":
    unittest.main()
