"""What the tests of the charts share: a folder of their own, and a way to run a verb."""

import contextlib
import io
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from common.charts import cli  # noqa: E402


class ChartsCase(unittest.TestCase):
    """A test with a temporary folder, self.folder."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="charts-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def run_verb(self, *arguments):
        """Run a verb in this process; returns (exit code, stdout, stderr)."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = cli.main([str(argument) for argument in arguments])
            except SystemExit as stop:  # argparse's way to end
                code = stop.code
        return code, out.getvalue(), err.getvalue()

    def assert_refused(self, arguments, *words):
        """The verb must exit with 2, print one line on stderr that has the words, and nothing
        else; returns the line."""
        code, out, err = self.run_verb(*arguments)
        self.assertEqual((code, out), (2, ""), err)
        self.assertEqual(err.count("\n"), 1, err)
        for word in words:
            self.assertIn(word, err)
        return err


def start_verb(*arguments, **options):
    """Start a verb in a process of its own; returns the Popen, with pipes unless options differ."""
    command = [sys.executable, "-B", "-m", "common.charts", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, text=True, **{**pipes, **options})
