"""The python3 with the packages is found, though another one comes first on PATH."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "common" / "setup" / "find_python.sh"
# What find_python asks a candidate is `-c "<the test>"`; this one answers as it is told.
FAKE = """#!/bin/sh
if [ "$1" = -c ]; then case $2 in *pandas*) exit %d ;; *) exit %d ;; esac; fi
echo "$0" "$@"
"""


class FindPythonTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="two_cakes_")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.debians = self.root / "usr/bin/python3"
        self.script = self.root / "find_python.sh"  # with Debian's own where we can fake it
        self.script.write_text(SCRIPT.read_text().replace("/usr/bin", "$ROOT/usr/bin"))
        self.script.chmod(0o755)

    def python(self, folder, has_packages, new_enough=True):
        path = self.root / folder / "python3"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FAKE % (not has_packages, not new_enough))
        path.chmod(0o755)
        return str(path)

    def find(self, *arguments, path=(), **environment):
        folders = [str(self.root / folder) for folder in path]
        environment = {"PATH": os.pathsep.join(folders), "ROOT": str(self.root), **environment}
        done = subprocess.run(["/bin/sh", str(self.script), *arguments], env=environment,
                              capture_output=True, text=True, timeout=30)  # fmt: skip
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    def test_debians_own_beats_one_without_the_packages_that_is_first_on_path(self):
        self.python("py env", has_packages=False)
        debians = self.python("usr/bin", has_packages=True)
        self.assertEqual(self.find(path=["py env", "usr/bin"]), (0, debians, ""))

    def test_one_further_down_on_path_is_found(self):
        self.python("usr/bin", has_packages=False)
        self.python("py env", has_packages=False)
        venv = self.python("venv", has_packages=True)
        self.assertEqual(self.find(path=["nothing", "py env", "usr/bin", "venv"]), (0, venv, ""))

    def test_the_users_own_choice_comes_first(self):
        self.python("usr/bin", has_packages=True)
        own = self.python("own", has_packages=True)
        self.assertEqual(self.find(PYTHON=own), (0, own, ""))

    def test_a_choice_that_lacks_the_packages_is_passed_over_and_named(self):
        debians = self.python("usr/bin", has_packages=True)
        own = self.python("own", has_packages=False)
        code, out, error = self.find(PYTHON=own)
        self.assertEqual((code, out), (0, debians))
        self.assertIn(f"PYTHON={own} is no python3 (3.11 or newer) with numpy", error)

    def test_without_any_the_remedy_is_named(self):
        self.python("py env", has_packages=False)
        code, out, error = self.find(path=["py env"])
        self.assertEqual((code, out, len(error.splitlines())), (2, "", 1))
        self.assertIn("make setup", error)

    def test_with_arguments_it_becomes_that_python(self):
        debians = self.python("usr/bin", has_packages=True)
        self.assertEqual(self.find("-m", "a b", "$c"), (0, f"{debians} -m a b $c", ""))

    def test_any_needs_no_packages_but_a_version(self):
        self.python("old", has_packages=False, new_enough=False)
        pyenv = self.python("py env", has_packages=False)
        self.assertEqual(self.find("--any", path=["old", "py env"]), (0, pyenv, ""))

    def test_the_one_that_is_found_here_has_the_packages(self):
        done = subprocess.run([str(SCRIPT)], capture_output=True, text=True, timeout=60)
        if done.returncode == 2:
            self.skipTest(done.stderr)
        code = "import numpy, scipy, pandas, matplotlib"
        subprocess.run([done.stdout.strip(), "-c", code], check=True, timeout=120)


if __name__ == "__main__":
    unittest.main()
