"""PrairieLearn: /grade/results/results.json (prairielearn.readthedocs.io, "External grading").

Its results are shown at once and to the student, so a hidden test shows its verdict only. All
tests carry points: one without them would switch them off for all. At most 1 MB in all.
"""

import json

from .shown import KIB, bounded, headline, is_internal, points, without_hidden_words

FILE_BYTES = 1000 * KIB


def prairielearn(grade):
    """Return the text of results.json.

    Where the submission can't be graded (the grader broke, or it doesn't compile) `gradable` is
    false: no points are awarded or lost, and the attempt is not counted.
    """
    gradable = not is_internal(grade) and not grade.problem.startswith("does not compile")
    cases = without_hidden_words(grade.cases)
    # A letter takes up to six bytes in JSON (\uXXXX); a third of the file is for all the rest.
    share = FILE_BYTES * 2 // 3 // 6 // max(1, len(cases))
    results = {
        "gradable": gradable,
        "score": min(1.0, max(0.0, grade.score / grade.max_score)) if grade.max_score > 0 else 0.0,
        "message": f"{points(grade.score)} of {points(grade.max_score)} points",
        "output": "\n".join(headline(grade)),
        "images": [],
        "tests": [_test(case, share) for case in cases],
    }
    if not gradable:
        results["format_errors"] = [bounded(line) for line in headline(grade)]
    return json.dumps(results, indent=1, allow_nan=False) + "\n"


def _test(case, share):
    return {
        "name": case.title,
        "description": f"{case.tier}: {case.name}",
        "points": points(case.points),
        "max_points": points(case.max_points),
        "message": case.verdict.replace("_", " "),
        "output": bounded(case.output, share),
        "images": [],
    }
