"""A Grade in the words of each platform: one file each, one function each, Grade to exact text.

    gradelib        for people, in the manner of MIT's gradelib
    json            the Grade itself
    gradescope      /autograder/results/results.json
    prairielearn    /grade/results/results.json
    autolab         standard output, whose last line is the autoresult
    github          the `result` of a GitHub Classroom grading step
"""

from .autolab import autolab
from .github_classroom import github_classroom
from .gradelib import gradelib
from .gradescope import gradescope
from .json_format import json_format
from .prairielearn import prairielearn
from .shown import is_internal

FORMATS = {
    "gradelib": gradelib,
    "json": json_format,
    "gradescope": gradescope,
    "prairielearn": prairielearn,
    "autolab": autolab,
    "github": github_classroom,
}


def exit_code(name, grade):
    """What the command ends with: 3 if the grader broke; for people 1 below full marks; else 0."""
    if is_internal(grade):
        return 3
    return int(name == "gradelib" and bool(grade.problem or grade.score < grade.max_score))
