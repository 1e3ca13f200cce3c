"""What the page is made of: the library, specifications, words of the programs, and escapes."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import test_lanes  # noqa: E402
from charts_case import ROOT, ChartsCase  # noqa: E402
from recorded_results import noisy_trials, write_machine, write_matrix, write_run  # noqa: E402

from common.charts import page_library, palette  # noqa: E402
from common.charts.chart_figure import as_script  # noqa: E402
from common.charts.chart_marks import marks_of, number_table  # noqa: E402
from common.charts.declare import Lines  # noqa: E402
from common.charts.drawing import declared  # noqa: E402
from common.charts.looks import colour_name, shape_of  # noqa: E402
from common.charts.page_colours import colours, lightened  # noqa: E402
from common.charts.program_words import program_words  # noqa: E402
from common.charts.results import load_run  # noqa: E402
from common.charts.vega import interactive  # noqa: E402

INSTALL = ROOT / "common" / "charts" / "page" / "install.sh"


class Library(ChartsCase):
    def install(self, **environment):
        return subprocess.run(["sh", INSTALL, self.folder / "page"], capture_output=True, text=True,
                              env={"PATH": os.environ["PATH"], **environment}, timeout=150)

    def test_what_is_installed_goes_into_the_page_and_can_not_end_its_element(self):
        for name in page_library._SCRIPTS:
            path = self.folder / "node_modules" / name
            path.parent.mkdir(parents=True)
            path.write_text('x = "</script><!--";\n//# sourceMappingURL=a.js.map\n')
        script, why_not = page_library.library(self.folder)
        self.assertEqual(why_not, "")
        for word in ("</script", "<!--", "sourceMappingURL"):
            self.assertNotIn(word, script)
        self.assertEqual(script.count(r'x = "<\/script><\!--"'), 3)
        page = self.folder / "report.html"
        self.run_verb("report", write_machine(self.folder / "m"), "--out", page,
                      "--library", self.folder)
        self.assertIn('class="chart"', page.read_text())
        self.assertIn("default-src 'none'", page.read_text())

    def test_without_npm_the_reason_is_said_on_the_page(self):
        tools = self.folder / "bin"
        tools.mkdir()
        for name in ("sh", "dirname", "mkdir", "rm"):
            (tools / name).symlink_to(f"/bin/{name}")
        done = self.install(PATH=str(tools))
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertEqual(done.stderr, "page: npm is not installed (apt-get install npm); "
                         "the report will have still pictures\n")
        self.assertIn("npm is not installed", page_library.library(self.folder / "page")[1])

    def test_an_npm_that_fails_is_one_line_and_no_error(self):
        npm = self.folder / "bin" / "npm"
        npm.parent.mkdir()
        npm.write_text("#!/bin/sh\necho npm error no network >&2\nexit 1\n")
        npm.chmod(0o755)
        done = self.install(PATH=f"{npm.parent}:{os.environ['PATH']}")
        self.assertEqual((done.returncode, len(done.stderr.splitlines())), (0, 1))
        self.assertIn("no network", page_library.library(self.folder / "page")[1])

    def test_the_lock_file_pins_every_package_and_names_no_registry(self):
        text = (ROOT / "common" / "charts" / "page" / "package-lock.json").read_text()
        packages = json.loads(text)["packages"]
        self.assertGreater(len(packages), 3)
        for name, package in packages.items():
            self.assertTrue(not name or package["integrity"].startswith("sha512-"), name)
        self.assertNotRegex(text, r"https?:")


class Specifications(ChartsCase):
    def charts(self, folder):
        run = load_run(folder)
        return [(run, chart, interactive(run, chart)) for chart in declared(run)]

    def test_every_number_of_the_picture_is_in_the_specification_and_in_the_table(self):
        for name in ("matrix", "where_time_goes", "listing_1_1"):
            machine = write_machine(self.folder)
            for run, chart, data in self.charts(machine / "1_2_io_cpu" / name):
                marks = marks_of(run, chart)
                values = [row for panel in data["panels"] for row in
                          panel["spec"]["data"]["values"]]
                self.assertEqual(len(values), len(marks))
                _, header, rows, _ = number_table(run, chart)
                self.assertEqual([len(header)] * len(marks), [len(row) for row in rows])
                for mark, value, row in zip(marks, values, rows):
                    self.assertEqual(value["tip"]["median"], mark.said)
                    self.assertIn(mark.said, row)
                self.assertTrue(json.dumps(data, allow_nan=False))

    def test_a_wrong_answer_is_said_and_has_no_number(self):
        rows = {f"echo/{model}/n:{n}": 0.1 for model in ("threads", "plain") for n in (1, 2)}
        fields = {name: {"lost": 5.0 if "plain" in name else 0.0} for name in rows}
        run = load_run(write_run(self.folder, noisy_trials(rows, fields=fields),
                                 {"experiment": "echo"}))
        chart = Lines("x", "n", "experiment", wrong="lost")
        said = {(mark.model, mark.said == "WRONG", mark.interval == "–")
                for mark in marks_of(run, chart)}
        self.assertEqual(said, {("threads", False, False), ("plain", True, True)})

    def test_bytes_are_written_as_bytes_and_have_no_bound_in_seconds(self):
        truth = {f"echo/{model}/n:{n}": 0.1 for model in ("threads", "tbb") for n in (1, 2)}
        fields = {name: {"size": 2e6, "bound_s": 0.1} for name in truth}
        run = load_run(write_run(self.folder, noisy_trials(truth, fields=fields),
                                 {"experiment": "echo"}))
        chart = Lines("x", "n", "experiment", value="size", unit="B")
        self.assertEqual({mark.said for mark in marks_of(run, chart)}, {"2.00 MB"})
        data = interactive(run, chart)
        self.assertFalse(data["bound"])
        self.assertIn("MB", data["panels"][0]["spec"]["encoding"]["y"]["axis"]["labelExpr"])

    def test_within_less_than_a_decade_a_log_scale_has_ticks_too(self):
        folder = write_run(self.folder, noisy_trials({"echo/tbb/n:1": 0.0301}), {
            "experiment": "echo"})
        for _, _, data in self.charts(folder):
            self.assertGreater(len(data["panels"][0]["scales"]["log"]["ticks"]), 1)

    def test_a_timeline_has_a_table_of_its_lanes(self):
        case = test_lanes.Case("run_with")
        case.folder = self.folder
        _, header, rows, _ = number_table(case.run_with(), test_lanes.CHART)
        self.assertEqual(header, ["panel", "lane", "running", "ready", "waiting", "ends after",
                                  "slices"])
        self.assertEqual(rows[0], ["Serial, 20.0 ms", "cake 1", "8.00 ms", "1.00 ms", "4.00 ms",
                                   "13.0 ms", "3"])

    def test_a_bound_is_named(self):
        first = self.charts(write_matrix(self.folder))[0][2]
        self.assertIn("longest wait 20.0 ms", first["panels"][1]["bounds"])

    def test_decades_start_out_logarithmic_and_both_scales_hold_the_medians(self):
        for _, _, data in self.charts(write_matrix(self.folder)):
            self.assertTrue(data["log"])
            for panel in data["panels"]:
                for scale in panel["scales"].values():
                    low, high = scale["domain"]
                    self.assertTrue(scale["ticks"])
                    for row in panel["spec"]["data"]["values"]:
                        self.assertTrue(low <= row["median"] <= high)

    def test_text_can_not_end_its_script(self):
        evil = {"a": "</script><!--\u2028&", "b": [1.5, None]}
        html = as_script(evil)
        inner = html.removeprefix('<script type="application/json">').removesuffix("</script>")
        self.assertNotRegex(inner, "[<>&\u2028]")
        self.assertEqual(json.loads(inner), evil)


class Looks(unittest.TestCase):
    def test_each_marker_is_a_path_within_the_unit_square(self):
        shapes = [shape_of(marker) for _, marker in
                  palette.styles_of([*palette.MODELS, *"abcdefghij"]).values()]
        self.assertEqual(len(set(shapes)), len(shapes))
        for shape in shapes:
            self.assertRegex(shape, r"^(circle|(M[-\d.e,L]+Z)+)$")

    def test_every_colour_of_the_palette_is_there_for_light_and_dark(self):
        sheet = colours()
        for colour in palette.all_colours():
            self.assertEqual(sheet.count(f"{colour_name(colour)}:"), 2)
            self.assertGreaterEqual(sum(int(lightened(colour)[i:i + 2], 16) for i in (1, 3, 5)),
                                    255)


class ProgramWords(ChartsCase):
    def test_the_labelled_header_of_every_experiment_is_read(self):
        for main in (ROOT / "experiments").glob("*/*/main.cpp"):
            words = program_words(main.parents[1].name, main.parent.name)
            for label in ("Question", "Expect", "Does not show"):
                self.assertGreater(len(words.get(label, "")), 10, f"{main}: {label}")

    def test_lines_are_joined_and_a_missing_program_says_nothing(self):
        program = self.folder / "1_9_x" / "y" / "main.cpp"
        program.parent.mkdir(parents=True)
        program.write_text("// Question       what\n//                is it?\n// Expect   io: so.\n"
                           "#include <x>\n// Fixed  not this\n")
        self.assertEqual(program_words("1_9_x", "y", self.folder),
                         {"Question": "What is it?", "Expect": "io: so."})
        self.assertEqual(program_words("1_9_x", "z", self.folder), {})


if __name__ == "__main__":
    unittest.main()
