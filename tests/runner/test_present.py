"""After a run: what common.charts is asked to do, and what its failure means."""

import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from common.runner import present

FAKE_CHARTS = """
import sys
open(sys.argv[1], "a").write(" ".join(sys.argv[2:]) + "\\n")
sys.exit(3 if sys.argv[2] == "verdicts" and "fails" in sys.argv[3] else 0)
"""
WATCH = SimpleNamespace(received=0, wait=lambda _: None)


class PresentTest(unittest.TestCase):
    def present(self, *recorded):
        """Return (exit code, the calls of common.charts)."""
        with tempfile.TemporaryDirectory() as folder:
            calls = Path(folder) / "calls"
            fake = [sys.executable, "-c", FAKE_CHARTS, str(calls)]
            with mock.patch.object(present, "CHARTS", fake):
                code = present.present(Path("r"), list(recorded), Path("r/report.html"), WATCH)
            return code, calls.read_text().splitlines()

    def test_one_topic_has_its_own_charts_drawn(self):
        code, calls = self.present(("1_2_io_cpu", "alpha"), ("1_2_io_cpu", "beta"))
        self.assertEqual(code, 0)
        self.assertEqual(calls, [
            "charts r --only alpha", "charts r --only beta", "verdicts r/1_2_io_cpu",
            "report r --out r/report.html",
        ])  # fmt: skip

    def test_several_topics_have_all_charts_drawn_at_once(self):
        _, calls = self.present(("1_2_io_cpu", "alpha"), ("1_3_more", "gamma"))
        self.assertEqual(calls, [
            "charts r", "verdicts r/1_2_io_cpu", "verdicts r/1_3_more",
            "report r --out r/report.html",
        ])  # fmt: skip

    def test_the_first_failure_is_the_end(self):
        code, calls = self.present(("1_2_fails", "alpha"))
        self.assertEqual((code, calls[-1]), (3, "verdicts r/1_2_fails"))


if __name__ == "__main__":
    unittest.main()
