"""A submission's record, and the table of all: CSV and page."""

import html.parser
import unittest

from common.coursework.class_page import as_html
from common.coursework.class_table import as_csv
from common.coursework.record import Record, broken, read_record, settle
from tests.coursework.class_case import ClassCase
from tests.coursework.stand_in import a_grade, case_result


class RecordTest(ClassCase):
    def test_a_record_that_cannot_be_written_leaves_the_old_one(self):
        path = self.folder / "alice.json"
        settle(path, Record("1", a_grade(case_result())))
        settle(path, Record("2", broken("lab", "Lab", "alice", "no reason")))
        self.assertEqual((read_record(path).grade.score, read_record(path).digest), (8.0, "1"))
        self.assertEqual([one.name for one in self.folder.glob("*alice*")], ["alice.json"])

    def test_a_second_internal_error_replaces_the_first(self):
        path = self.folder / "alice.json"
        for why in ("first", "second"):
            settle(path, Record("1", broken("lab", "Lab", "alice", why)))
        self.assertEqual(read_record(path).grade.problem, "internal error: second")


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.outside = [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.outside += [
            value
            for name, value in attributes
            if name in ("src", "href") and not value.startswith("#")
        ]

    def handle_data(self, data):
        self.words += data


class TableTest(unittest.TestCase):
    def setUp(self):
        failed = case_result(
            "wake_up",
            points=0.0,
            verdict="failed",
            output="<script>alert(1)</script>\x1b[31m",
            hidden=True,
        )
        slow = case_result(
            "fast", points=8.0, verdict="inconclusive", output="ratio 0.48 to 0.53: in your favour"
        )
        self.records = {
            "alice": Record("1", a_grade(case_result(), failed, slow)),
            "<b>bob</b>": Record(
                "2", a_grade(case_result(points=0.0, verdict="crash", output="SIGSEGV"))
            ),
            "carol": None,
            "dave": Record(
                "3", broken("lab", "Lab", "dave", "the disk is full"), trace="Traceback ..."
            ),
            "erin": Record(
                "4",
                a_grade(case_result(), sandbox="UNSANDBOXED"),
                trouble="internal error: no room",
            ),
        }

    def test_the_page_is_self_contained_and_nothing_of_a_student_is_markup(self):
        page = Page(as_html("A lab", self.records))
        self.assertEqual(
            (page.outside, {"script", "b", "link", "img"} & (set(page.tags) - {"b"})), ([], set())
        )
        self.assertIn("<script>alert(1)</script>", page.words)
        self.assertNotIn("\x1b", page.words)
        for words in (
            "SIGSEGV",
            "not graded",
            "the disk is full",
            "in your favour",
            "earlier score",
            "UNSANDBOXED",
            "hidden",
        ):
            self.assertIn(words, page.words)

    def test_a_broken_grading_is_no_zero_in_the_table(self):
        rows = {line.split(",")[0]: line.split(",") for line in as_csv(self.records).splitlines()}
        self.assertEqual(
            (rows["dave"][1], rows["carol"][3], rows["erin"][1]), ("", "not graded", "8")
        )
        self.assertIn("3 of 5 submissions graded", as_html("A lab", self.records))


if __name__ == "__main__":
    unittest.main()
