"""A test that CMake doesn't know is never run: each file under tests/ is named in one of its lists."""

import re
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def unregistered(tests: Path) -> list[str]:
    """The test files below `tests` that no CMake list there names, by stem or by file name."""
    files = [*tests.rglob("CMakeLists.txt"), *tests.rglob("*.cmake")]
    words = set(re.findall(r"[\w.]+", " ".join(file.read_text() for file in files)))
    known = words | {Path(word).stem for word in words}
    found = [*tests.rglob("test_*.py"), *tests.rglob("test_*.cpp")]
    return sorted(str(file.relative_to(tests)) for file in found
                  if not {file.stem, file.stem.removeprefix("test_")} & known)


class RegisteredTest(unittest.TestCase):
    def test_every_test_is_run(self):
        self.assertEqual(unregistered(TESTS), [])


if __name__ == "__main__":
    unittest.main()
