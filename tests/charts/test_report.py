"""The page: everything is on it, nothing on it can harm, and it needs no network."""

import re
import sys
import unittest
import unittest.mock
from html import escape
from html.parser import HTMLParser
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from charts_case import ROOT, ChartsCase  # noqa: E402
from recorded_results import (  # noqa: E402
    error_row, noisy_trials, write_machine, write_matrix, write_run,
)  # fmt: skip

from common.charts.claims_file import read_claims  # noqa: E402
from common.charts.folders import load_runs  # noqa: E402
from common.charts.page_claims import judged_sections, verdict_table  # noqa: E402
from common.charts.section_words import section_words  # noqa: E402


class Page(HTMLParser):
    """Collects the tags, the ids, the references and the text of a page; checks the nesting."""

    VOID = {"meta", "br", "link", "img", "input", "hr"}

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.references, self.words, self.open = [], [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            if name in ("href", "xlink:href", "src"):
                self.references.append(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


class Report(ChartsCase):
    def page(self, *folders, library="none"):
        out = self.folder / "out" / "report.html"
        code, _, err = self.run_verb("report", *folders, "--out", out, "--library", library)
        self.assertEqual((code, err), (0, ""))
        return Page(out.read_text())

    def test_everything_is_on_the_page(self):
        extra = [error_row("matrix/io_uring/work:io/jobs:8", "skipped: no io_uring here")]
        page = self.page(write_machine(self.folder / "m1", jobs=(8, 64), extra=extra,
                                       context={"doubts": "one core; load 3.2 at the start"}))
        _, question = section_words("1_2_io_cpu")
        for words in ("Machine: m1", "AMD EPYC", "load 3.2 at the start", question,
                      "One thread waits for 64 servers", "work io, jobs 64", "longest wait",
                      "faster", "baseline", "Holm over 48 comparisons", "peak memory", "p99.9",
                      "skipped: matrix/io_uring/work:io/jobs:8 (in 8 trials): no io_uring here",
                      "make 1.2 TRIALS=8 SEED=1234", "build/release/bin/matrix --quick",
                      "8 trials, each a fresh process", "listing_1_1"):
            self.assertIn(words, page.text)
        self.assertEqual(page.tags.count("figure"), 4)
        # Each chart for wide and for narrow screens, and the letters of all of them.
        self.assertEqual(page.tags.count("svg"), 9)
        self.assertIn("The charts on this page are still pictures: it is not installed", page.text)
        self.assertEqual(page.text.count("The numbers of this chart"), 8)  # summary and caption

    def test_a_page_that_would_be_too_large_has_one_picture_for_all_widths(self):
        machine = write_machine(self.folder / "m")
        with unittest.mock.patch("common.charts.report._MOST_BYTES", 1000):
            page = self.page(machine)
        self.assertEqual(page.tags.count("svg"), 5)  # four charts and their letters

    def test_ids_are_unique_references_are_inside_and_nothing_is_fetched(self):
        write_machine(self.folder / "r" / "m1")
        write_machine(self.folder / "r" / "m2")
        page = self.page(self.folder / "r")
        self.assertEqual(len(page.ids), len(set(page.ids)))
        ids = set(page.ids)
        for reference in page.references:
            self.assertTrue(reference.startswith("#") and reference[1:] in ids, reference)
        text = (self.folder / "out" / "report.html").read_text()
        for target in re.findall(r"url\(([^)]*)\)", text):
            self.assertIn(target[1:], ids)
        self.assertNotRegex(text, r'(src|@import|link rel)\s*[="]')
        self.assertIn("prefers-color-scheme: dark", text)

    def test_text_from_data_can_not_become_markup(self):
        evil = '<script>alert("x")</script>'
        names = [f"echo/{evil[:8]}/work:io", "echo/blocking/work:io",
                 "echo/tbb/work:<img src=x onerror=y>"]
        folder = write_run(
            self.folder / "m" / "1_2_io_cpu" / "echo",
            [[*rows, error_row("echo/\"'><b>/work:io", evil)] for rows in
             noisy_trials({name: 0.1 for name in names})],
            {"experiment": "echo", "title": evil, "doubts": evil, "cpu_model": evil,
             "kernel": "</style>" + evil},
            reason=evil, complete=False, command=[evil, "--quick"])
        (folder.parents[1] / "machine.json").write_text('{"<i>": "</p><script>"}')
        page = self.page(folder.parents[1])
        for tag in ("script", "img", "b", "i"):
            self.assertNotIn(tag, page.tags)
        self.assertIn("<script>", page.text)
        self.run_verb("charts", folder.parents[1])
        for path in (folder.parents[1] / "charts").glob("*.svg"):
            self.assertNotIn("<script", path.read_text())

    def test_incomplete_debug_and_empty_runs_are_marked(self):
        machine = self.folder / "m"
        write_matrix(machine / "1_2_io_cpu" / "matrix", jobs=(8,), trials=2, complete=False,
                     reason="interrupted", trials_planned=8, context={"build_type": "asan"})
        write_run(machine / "1_2_io_cpu" / "echo", [], {"experiment": "echo"}, complete=False,
                  reason="interrupted", trials_planned=8)
        text = self.page(machine).text
        self.assertIn("INCOMPLETE: 2 of 8 trials (interrupted)", text)
        self.assertIn("INCOMPLETE: 0 of 8 trials (interrupted)", text)
        self.assertIn("ASAN BUILD", text)
        self.assertIn("Too few trials for `faster` or `slower`", text)
        self.assertIn("No series has numbers", text)

    def test_the_same_results_give_the_same_page(self):
        machine = write_machine(self.folder / "m")
        pages = []
        for _ in range(2):
            self.page(machine)
            pages.append((self.folder / "out" / "report.html").read_bytes())
        self.assertEqual(*pages)

    def test_without_results_it_is_one_line(self):
        (self.folder / "results").mkdir()
        self.assert_refused(["report", self.folder / "results"], "no run.json in it", "give")
        self.assert_refused(["report", self.folder / "none"], "no such folder")

    def test_a_machine_json_that_is_broken_is_refused(self):
        machine = write_machine(self.folder / "m")
        (machine / "machine.json").write_text('{"cpu": 3}')
        self.assert_refused(["report", machine], "machine.json", "flat object")


class Claims(ChartsCase):
    def test_every_sentence_stands_at_the_top_with_a_word_and_a_sign(self):
        page = self.folder / "report.html"
        reference = ROOT / "results" / "reference-2-cores" / "1_2_io_cpu"
        self.run_verb("report", reference, "--out", page, "--library", "none")
        top, rest = page.read_text().split('<h3 id="', 1)
        for claim in read_claims(ROOT / "experiments" / "1_2_io_cpu" / "claims.toml"):
            self.assertIn(escape(claim.says), top)
            self.assertIn(escape(claim.says), rest)  # with all it rests on
        self.assertRegex(top, '"w holds"><span class="sign" aria-hidden="true">✓</span> hol')
        self.assertIn("cores", rest)

    def test_sentences_that_can_not_be_judged_do_not_spoil_the_page(self):
        experiments = self.folder / "experiments"
        (experiments / "1_2_io_cpu").mkdir(parents=True)
        (experiments / "1_2_io_cpu" / "claims.toml").write_text("[[claim]]\nname = 3\n")
        runs = load_runs(write_machine(self.folder / "m"))
        html = verdict_table(judged_sections(runs, None, experiments), experiments)
        self.assertIn("claims.toml", html)
        self.assertNotIn("<table", html)


class SectionWords(ChartsCase):
    def test_the_first_paragraph_of_the_readme_as_plain_text(self):
        (self.folder / "1_9_x").mkdir()
        (self.folder / "1_9_x" / "README.md").write_text(
            "# 1.9 The `loop`\n\n![chart](x.svg)\n\n**Who** waits, and for [whom](y.md)\nso "
            "long in event_loop?\n\nMore.\n")
        self.assertEqual(section_words("1_9_x", self.folder),
                         ("1.9 The loop", "Who waits, and for whom so long in event_loop?"))
        self.assertEqual(section_words("1_5_gil", self.folder), ("1.5 gil", ""))

    def test_the_sections_of_this_project_have_a_question(self):
        for readme in (ROOT / "experiments").glob("*/README.md"):
            self.assertTrue(section_words(readme.parent.name)[1], readme)


if __name__ == "__main__":
    unittest.main()
