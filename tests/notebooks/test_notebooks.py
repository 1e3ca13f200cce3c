"""The notebooks: small, without output, and every cell of them runs in a clean kernel."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "charts"))
sys.path.insert(0, str(ROOT))

from browser import CHROMIUM, Browser  # noqa: E402

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PROGRAMS = ROOT / "build" / "release" / "bin"
MISSING = [name for name in ("nbconvert", "ipykernel") if not importlib.util.find_spec(name)]
HTML = ("--to", "html", "--execute", "--HTMLExporter.require_js_url=",
        "--HTMLExporter.mathjax_url=")


def code_of(path):
    """Return the sources of a notebook's code cells."""
    return ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]
            if cell["cell_type"] == "code"]


class AsCommitted(unittest.TestCase):
    def test_each_section_with_claims_and_your_own_machine_are_there(self):
        names = {path.stem for path in NOTEBOOKS}
        self.assertIn("your_own_machine", names)
        for section in ("1_1_asynchronous", "1_2_io_cpu", "1_3_concurrency",
                        "1_4_processes_threads", "1_5_gil", "1_6_nonblocking"):
            self.assertIn(section, names)
        sections = {path.name for path in (ROOT / "experiments").glob("1_*/")}
        self.assertLessEqual(names - {"your_own_machine"}, sections)

    def test_none_has_output(self):
        for path in NOTEBOOKS:
            for cell in json.loads(path.read_text())["cells"]:
                self.assertEqual(cell.get("outputs", []), [], f"{path}: clear its outputs")
                self.assertIsNone(cell.get("execution_count"), f"{path}: clear its outputs")

    def test_at_most_six_code_cells_and_no_plumbing(self):
        for path in NOTEBOOKS:
            cells = code_of(path)
            self.assertTrue(2 <= len(cells) <= 6, path)
            self.assertTrue(cells[0].startswith("from two_cakes import *\n"), path)
            self.assertEqual(len(re.findall(r"\bimport\b", "\n".join(cells))), 1, path)
            self.assertNotRegex("\n".join(cells), r"matplotlib|subprocess|json|open\(", path)

    def test_each_lets_the_reader_change_a_number_and_run_the_experiment(self):
        for path in NOTEBOOKS:
            varied = [cell for cell in code_of(path) if "measure(" in cell and
                      re.search(r"^[A-Z_, ]+ = \d", cell, re.MULTILINE)]
            self.assertTrue(varied, path)

    def test_each_is_in_the_list(self):
        words = (ROOT / "notebooks" / "README.md").read_text()
        for path in NOTEBOOKS:
            self.assertIn(f"({path.name})", words)


@unittest.skipIf(MISSING, f"not installed: {', '.join(MISSING)}; run: make setup")
class Executed(unittest.TestCase):
    def test_every_cell_runs_in_a_clean_kernel_and_the_page_needs_no_network(self):
        wanted = set(re.findall(r'measure\("(\w+)"', str([code_of(path) for path in NOTEBOOKS])))
        lacking = [name for name in sorted(wanted) if not (PROGRAMS / name).exists()]
        if lacking:
            self.skipTest(f"not built: {', '.join(lacking)}; run: make build")
        holder = tempfile.TemporaryDirectory(prefix="notebook ")
        self.addCleanup(holder.cleanup)
        folders = [Path(holder.name) / path.stem for path in NOTEBOOKS]
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(self.execute, NOTEBOOKS, folders))
        for path, folder, process in zip(NOTEBOOKS, folders, done):
            with self.subTest(path.name):
                self.assertEqual(process.returncode, 0, process.stderr[-2000:])
                self.check(path, folder)

    def execute(self, path, folder):
        folder.mkdir()
        environment = {**os.environ, "NOTEBOOK_TRIALS": "1", "NOTEBOOK_RESULTS": f"{folder}/r",
                       "PYDEVD_DISABLE_FILE_VALIDATION": "1", "JUPYTER_RUNTIME_DIR": f"{folder}/j",
                       "IPYTHONDIR": f"{folder}/i"}
        return subprocess.run(
            [sys.executable, "-m", "nbconvert", *HTML, "--output-dir", folder, path],
            env=environment, capture_output=True, text=True, timeout=240)

    def check(self, path, folder):
        page = folder / f"{path.stem}.html"
        html = page.read_text()
        self.assertNotRegex(html, r"""<(script|img|link|iframe)[^>]*(src|href)=["']?(https?:)?//""")
        self.assertIn("<svg", html)
        self.assertIn("trial 1/1 done", html)  # the progress is shown
        self.assertNotIn("Traceback", html)
        self.assertEqual(json.loads(path.read_text())["cells"][1].get("outputs"), [])
        if CHROMIUM:
            self.look_at(page, folder)

    def look_at(self, page, folder):
        browser = Browser(folder / "profile", 1100)
        try:
            browser.open(page)
            browser.screenshot(ROOT / "build" / "screenshots" / f"notebook-{page.stem}.png")
            self.assertEqual(browser.requests, [page.absolute().as_uri()])
            self.assertEqual(browser.errors, [])
        finally:
            browser.close()


class Plumbing(unittest.TestCase):
    """What the cells call, without Jupyter."""

    @classmethod
    def setUpClass(cls):
        from common.charts import notebook
        cls.notebook = notebook
        cls.run_ = notebook.load("matrix", notebook.REFERENCE)

    def test_what_a_cell_shows_is_html_there_and_words_here(self):
        for shown, word in ((self.notebook.picture(self.run_), "One thread waits"),
                            (self.notebook.numbers(self.run_), "longest wait"),
                            (self.notebook.verdicts(self.run_), "Holm over"),
                            (self.notebook.machine(self.run_), "2 cores"),
                            (self.notebook.claims(self.run_), "holds")):
            self.assertIn("<", shown._repr_html_())
            self.assertIn(word, repr(shown))

    def test_what_is_not_there_is_one_line(self):
        from common.charts.errors import ResultsError
        for call, words in ((lambda: self.notebook.load("matrx"), "no run of 'matrx'"),
                            (lambda: self.notebook.picture(self.run_, 7), "no chart 7"),
                            (lambda: self.notebook.measure("matrx"), "no experiment 'matrx'")):
            with self.assertRaises((ResultsError, self.notebook.NotRun)) as caught:
                call()
            self.assertIn(words, str(caught.exception))
            self.assertNotIn("\n", str(caught.exception))

    @unittest.skipUnless((PROGRAMS / "matrix").exists(), "matrix is not built; run: make build")
    def test_a_flag_that_the_experiment_refuses_is_said(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(self.notebook.NotRun) as caught:
                self.notebook.measure("matrix", trials=1, results=folder, jobs="many")
        self.assertIn("many", str(caught.exception))


class Containers(unittest.TestCase):
    def test_the_dev_container_and_binder_use_the_same_setup(self):
        container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
        self.assertIn("Dockerfile", container["build"]["dockerfile"])
        for file in (".devcontainer/Dockerfile", ".binder/Dockerfile"):
            words = (ROOT / file).read_text()
            self.assertIn("make setup", words, file)
            self.assertNotIn("pip install", words, file)


if __name__ == "__main__":
    unittest.main()
