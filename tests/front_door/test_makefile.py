"""The front door: every verb is listed and documented, and passes on what the user gave."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
MAKEFILE = (REPOSITORY / "Makefile").read_text()
VERBS = re.search(r"^VERBS := ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)[1].replace("\\", "").split()
STUB = """#!/bin/sh
echo "${0##*/}" "$@" >> "$CALLS"
for argument; do printf "[%s]" "$argument"; done
if [ "$1" = --preset ]; then mkdir -p "build/$2"; fi  # as cmake does
exit ${CODE:-0}
"""


class MakefileTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="two cakes ")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "a checkout"
        for path in ("experiments/1_2_io_cpu/matrix", "experiments/1_10_two_words/x", "bin",
                     "common/setup", "common/charts/page"):  # fmt: skip
            (self.root / path).mkdir(parents=True)
        shutil.copy(REPOSITORY / "Makefile", self.root)
        (self.root / "CMakePresets.json").touch()
        for name in ("common/setup/setup.sh", "common/setup/find_python.sh", "bin/cmake",
                     "bin/ctest", "common/charts/page/install.sh", "common/setup/notebook.sh"):  # fmt: skip
            stub = self.root / name
            stub.write_text(STUB)
            stub.chmod(0o755)

    def make(self, *arguments, **environment):
        """Run make in the miniature checkout; return (exit code, stdout, stderr)."""
        # A make above us, which may well be running these tests, must not steer this one.
        kept = {key: os.environ[key] for key in ("HOME", "LANG") if key in os.environ}
        path = f"{self.root}/bin{os.pathsep}{os.environ['PATH']}"
        self.calls_file = self.root / "calls"
        environment = {**kept, "PATH": path, "CALLS": str(self.calls_file), **environment}
        done = subprocess.run(["make", *arguments], cwd=self.root, env=environment, timeout=60,
                              capture_output=True, text=True)  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def calls_after(self, *arguments):
        self.assertEqual(self.make(*arguments)[0], 0)
        return self.calls()

    def calls(self):
        return self.calls_file.read_text().splitlines()

    def test_the_list_of_verbs_is_the_targets_of_the_makefile(self):
        targets = re.findall(r"^([a-z][a-z-]*):(?!=)", MAKEFILE, re.MULTILINE)
        self.assertEqual(sorted(targets), sorted(VERBS))

    def test_help_lists_every_verb_with_one_line_and_every_topic(self):
        code, out, error = self.make("help")
        self.assertEqual((code, error), (0, ""))
        lines = dict(re.findall(r"^  (\S+|\S+ or \S+)  +(\S.*)$", out, re.MULTILINE))
        self.assertEqual(sorted(lines), sorted([*VERBS, "1.2 or io_cpu", "1.10 or two_words"]))
        self.assertEqual(len(out.splitlines()), len(lines))

    def test_plain_make_is_help(self):
        self.assertEqual(self.make(), self.make("help"))

    def test_every_verb_is_valid(self):
        for verb in [*VERBS, "1.2", "io_cpu", "1_2_io_cpu", "two_words"]:
            code, _, error = self.make("-n", verb, "BASE=a", "NEW=b", "TOPIC=1.2", "LAB=a", "SUBMISSION=b",
                                       "SUBMISSIONS=c", "FORMAT=json")
            self.assertEqual((code, error), (0, ""), verb)

    def test_an_unknown_word_is_one_line_with_all_verbs_and_topics(self):
        (self.root / "tests").mkdir()
        for word in ("1.9", "tests", "experiments"):
            code, out, error = self.make(word)
            self.assertEqual((code, out, len(error.splitlines())), (2, "", 1))
            for known in (f"'{word}'", *VERBS, "1.2", "io_cpu", "1.10", "two_words"):
                self.assertIn(known, error)

    def test_a_topic_is_set_up_built_and_run_in_this_order(self):
        code, _, error = self.make("-j8", "1.2")
        self.assertEqual((code, error), (0, ""))
        self.assertEqual(self.calls(), [
            "setup.sh", "cmake --preset release", "install.sh",
            "cmake --build --preset release --target 1_2_io_cpu",
            "find_python.sh -m common.runner --present --quick --arguments= 1.2",
        ])  # fmt: skip

    def test_it_is_configured_only_when_needed(self):
        self.make("build")
        self.calls_file.unlink()
        self.make("build")
        self.assertEqual(self.calls(), ["setup.sh", "cmake --build --preset release --target all"])
        (self.root / "CMakePresets.json").touch()
        os.utime(self.root / "build/release/.configured", (0, 0))
        self.make("build")
        self.assertIn("cmake --preset release", self.calls())

    def test_what_the_user_gave_reaches_the_runner_unharmed(self):
        flags = """--benchmark_filter=a/(b|c).*; --x='$HOME "d e"'"""
        variables = ["FULL=1", "TRIALS=3", "SEED=9", "ONLY=matrix", "RESULTS=a b", "MACHINE=m"]
        _, out, _ = self.make("io_cpu", *variables, "ARGS=" + flags.replace("$", "$$"))
        given = ["--results", "a b", "--machine", "m", "--full", "--trials", "3", "--seed", "9",
                 "--only", "matrix", f"--arguments={flags}", "io_cpu"]  # fmt: skip
        self.assertIn("".join(f"[{word}]" for word in given), out)

    def test_full_0_is_quick(self):
        self.assertIn("[--quick]", self.make("report", "FULL=0")[1])

    def test_report_runs_everything(self):
        _, out, _ = self.make("report")
        self.assertIn("[-m][common.runner][--present][--quick][--arguments=][all]", out)

    def test_an_error_stops_and_is_2(self):
        code, _, error = self.make("report", CODE="3")
        self.assertEqual(code, 2)
        self.assertEqual(self.calls(), ["setup.sh"])
        self.assertIn("Error 3", error)

    def test_claims_pass_on_topic_and_place_and_build_nothing(self):
        _, out, _ = self.make("claims", "TOPIC=1.2", "STRICT=1", "RESULTS=a b")
        self.assertIn("[-m][common.charts][claims][a b][--topic][1.2][--strict]", out)
        _, out, _ = self.make("claims")
        self.assertTrue(out.endswith("[-m][common.charts][claims]"), out)
        self.assertEqual(len(self.calls()), 2)

    def test_predict_passes_on_and_needs_a_section(self):
        _, out, _ = self.make("predict", "TOPIC=1.2", "ANSWERS=a b", "TRIALS=6")
        self.assertIn("[-m][common.predict][1.2][--answers][a b][--quick][--trials][6]", out)
        self.assertIn("cmake --build --preset release --target 1_2_io_cpu", self.calls())
        for arguments in ([], ["TOPIC=7.7"]):
            code, out, error = self.make("predict", *arguments)
            self.assertEqual((code, out, len(error.splitlines())), (2, "", 1))
            self.assertIn("TOPIC=1.5", error)

    def test_compare_passes_on_and_needs_both_folders(self):
        _, out, _ = self.make("compare", "BASE=a b", "NEW=c", "FORCE=1", "FAIL_ON_REGRESSION=1")
        self.assertIn("[compare][a b][c][--charts][build/compare][--force][--fail-on-regression]", out)
        for arguments in ([], ["BASE=a"], ["NEW=b"]):
            code, out, error = self.make("compare", *arguments)
            self.assertEqual((code, out, len(error.splitlines())), (2, "", 1))
            self.assertIn("BASE=dir NEW=dir", error)

    def test_notebook_opens_or_exports(self):
        self.assertEqual(self.calls_after("notebook")[-1].split(), ["notebook.sh"])
        self.assertEqual(self.calls_after("notebook", "HTML=1")[-1], "notebook.sh --html")

    def test_the_sanitizers_build_and_test_their_own_flavour(self):
        self.make("test-tsan")
        calls = " ".join(self.calls())
        self.assertIn("cmake --build --preset tsan --target all tests ctest", calls)
        self.assertIn("--test-dir build/tsan", calls)

    def test_peers_are_built_and_compared_as_asked(self):
        _, out, error = self.make("peers", "QUICK=1", "TRIALS=3", "ONLY=echo,libuv", "ARGS=--clients 10")
        self.assertEqual(error, "")
        self.assertIn("cmake --build --preset release --target all peers", self.calls())
        self.assertIn("[-m][tests.peers][--quick][--trials][3][--only][echo,libuv][--clients][10]", out)
        self.assertIn("[tests/peers/packages.txt]", self.make("setup-peers")[1])

    def test_clean_leaves_recorded_results_alone(self):
        recorded = ["results/here/1_2_io_cpu/matrix/run.json", "results/report.html",
                    "results/here/charts/matrix.svg"]  # fmt: skip
        for name in [*recorded, "build/release/bin/matrix"]:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).touch()
        self.assertEqual(self.make("clean")[0], 0)
        self.assertFalse((self.root / "build").exists())
        for name in recorded:
            self.assertTrue((self.root / name).exists())


if __name__ == "__main__":
    unittest.main()
