"""The page in a headless Chromium: it draws, fetches nothing, complains of nothing, and obeys."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from browser import CHROMIUM, Browser  # noqa: E402
from charts_case import ROOT, ChartsCase  # noqa: E402
from recorded_results import error_row, noisy_trials, write_machine, write_run  # noqa: E402

from common.charts.page_library import library  # noqa: E402

SHOTS = ROOT / "build" / "screenshots"
DRAWN = "document.documentElement.dataset.drawn"
EVIL = "</script><script>alert(1)</script><img src=http://127.0.0.1:9/x>"


def missing():
    """Return why the page can't be looked at here, or ""."""
    if not CHROMIUM:
        return "no chromium on PATH: apt-get install chromium"
    script, why_not = library()
    return "" if script else f"no library for interactive charts: {why_not}"


class Seen(ChartsCase):
    def setUp(self):
        super().setUp()
        if not CHROMIUM:
            self.skipTest(missing())
        profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        self.addCleanup(profile.cleanup)
        self.profile = profile.name

    def machine(self):
        machine = write_machine(self.folder / "m", jobs=(8, 64), trials=6)
        write_run(machine / "1_2_io_cpu" / "echo", [
            [*rows, error_row("echo/<script>/a:1", EVIL)] for rows in noisy_trials(
                {"echo/blocking/a:<!--<script><b>": 0.1, "echo/\"'<i>/a:1": 0.2}, 6)],
            {"experiment": "echo", "title": EVIL, "cpu_model": EVIL, "doubts": EVIL})
        return machine

    def page(self, *options):
        out = self.folder / "report.html"
        code, _, err = self.run_verb("report", self.machine(), "--out", out, *options)
        self.assertEqual((code, err), (0, ""))
        self.assertLess(out.stat().st_size, 3_000_000)
        return out

    def browser(self, width, **options):
        browser = Browser(Path(self.profile) / str(width), width, **options)
        self.addCleanup(browser.close)
        return browser

    def assert_quiet(self, browser, page):
        self.assertEqual(browser.errors, [])
        self.assertEqual(browser.requests, [page.absolute().as_uri()])
        self.assertEqual(browser.run("document.querySelectorAll('img, b, i, main script:not("
                                     "[type=\"application/json\"])').length"), 0)
        self.assertLessEqual(browser.run("document.documentElement.scrollWidth"),
                             browser.run("innerWidth"))


@unittest.skipIf(missing(), missing())
class Interactive(Seen):
    def look_at(self, width, dark=False):
        page, browser = self.page(), self.browser(width, dark=dark)
        browser.open(page, DRAWN)
        browser.screenshot(SHOTS / f"report-{width}{'-dark' if dark else ''}.png")
        self.assert_quiet(browser, page)
        return page, browser

    def test_every_chart_has_its_marks_on_a_desk(self):
        self.every_chart_has_marks(*self.look_at(1440))

    def test_every_chart_has_its_marks_on_a_phone_in_the_dark(self):
        self.every_chart_has_marks(*self.look_at(390, dark=True))

    def every_chart_has_marks(self, page, browser):
        charts = browser.run(
            "[...document.querySelectorAll('figure.chart')].map(f => [f.id, JSON.parse(f."
            "querySelector('script').textContent).panels.flatMap(p => p.spec.data.values).length, "
            "f.querySelectorAll('.role-mark.medians path, [class*=medians] path[d]').length, "
            "f.querySelector('.panels').getAttribute('aria-label').length, "
            "f.querySelectorAll('details td').length])")
        self.assertEqual(len(charts), 5)
        for name, rows, marks, words, cells in charts:
            self.assertGreaterEqual(marks, rows, name)  # each median is drawn
            self.assertGreater(rows, 0, name)
            self.assertGreater(words, 20, name)
            self.assertGreaterEqual(cells, rows, name)  # and is in the table

    def test_hovering_tells_value_interval_trials_and_costs(self):
        _, browser = self.look_at(1440)
        browser.point_at("document.querySelector('[id$=matrix-0-figure] [class*=medians] path[d]')")
        browser.until("document.querySelector('#vg-tooltip-element.visible')")
        said = browser.run("document.querySelector('#vg-tooltip-element').innerText")
        for word in ("blocking", "median", "95 % interval", "trials", "CPU, user", "peak memory"):
            self.assertIn(word, said)
        browser.screenshot(SHOTS / "hover.png", whole=False)
        self.assertEqual(browser.errors, [])

    def test_the_legend_filters_by_mouse_and_by_keyboard(self):
        _, browser = self.look_at(390)
        figure = "document.querySelector('[id$=matrix-0-figure]')"
        count = f"{figure}.querySelectorAll('[class*=medians] path[d]').length"
        before = browser.run(count)
        key = f"{figure}.querySelector('[data-model=threads]')"
        browser.run(f"{key}.click()")
        browser.until(f"{count} === {before} - 3")  # one in each of three panels
        self.assertEqual(browser.run(f"{key}.getAttribute('aria-pressed')"), "false")
        browser.run(f"{key}.focus()")
        browser.press("Enter")
        browser.until(f"{count} === {before}")
        # All of them off: a chart of nothing shows everything again.
        browser.run(f"{figure}.querySelectorAll('.key').forEach(each => each.click())")
        browser.until(f"{count} === {before}")
        self.assertEqual(browser.errors, [])

    def test_linear_and_log(self):
        _, browser = self.look_at(1440)
        figure = "document.querySelector('[id$=matrix-0-figure]')"
        bars = f"{figure}.querySelectorAll('[class*=bars] path[d]').length"
        self.assertEqual(browser.run(f"{figure}.dataset.scale"), "log")
        self.assertEqual(browser.run(bars), 0)
        browser.run(f"{figure}.querySelector('[data-scale=linear]').click()")
        browser.until(f"{figure}.dataset.scale === 'linear' && {bars} > 0")
        browser.screenshot(SHOTS / "linear.png")
        self.assertEqual(browser.errors, [])

    def test_on_paper_the_numbers_are_there(self):
        _, browser = self.look_at(1440)
        browser.run("window.dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(browser.run("document.querySelectorAll('details:not([open])').length"), 0)
        self.assertTrue(browser.call("Page.printToPDF")["data"])
        browser.run("window.dispatchEvent(new Event('afterprint'))")
        self.assertEqual(browser.run("document.querySelectorAll('details[open]').length"), 0)


class Still(Seen):
    def test_without_the_library_there_are_pictures_and_a_line_that_says_so(self):
        page = self.page("--library", self.folder / "nothing")
        for width, kind in ((1440, "wide"), (390, "narrow")):
            browser = self.browser(width)
            browser.open(page)
            browser.screenshot(SHOTS / f"still-{width}.png")
            self.assert_quiet(browser, page)
            self.assertEqual(browser.run(
                f"[...document.querySelectorAll('.card.{kind} svg')].filter(s => "
                "s.getBoundingClientRect().height > 50).length"), 5)
            self.assertIn("still pictures: it is not installed",
                          browser.run("document.body.innerText"))


if __name__ == "__main__":
    unittest.main()
