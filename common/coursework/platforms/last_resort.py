"""Write the result of a grader that couldn't even start: broken.PLATFORM, made when this was packed.

On Gradescope the student's earlier result stands, if there is one. Nothing of the grader is used
here, and no new Python: this is for when those are what is missing.
"""

import json
import os
import sys

RESULTS = {"gradescope": "/autograder/results/results.json", "prairielearn": "/grade/results/results.json"}
METADATA = "/autograder/submission_metadata.json"


def earlier():
    """Return the results of the latest earlier submission, {} if there are none."""
    try:
        with open(METADATA) as file:
            submissions = json.load(file)["previous_submissions"]
        graded = [each for each in submissions if (each.get("results") or {}).get("tests")]
        return max(graded, key=lambda each: each["submission_time"])["results"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def main(platform):
    """Write the result to where the platform looks for it."""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "broken." + platform)) as file:
        text = file.read()
    if platform == "gradescope" and earlier():
        broken = json.loads(text)
        broken["output"] += "\nYour earlier score stands."
        text = json.dumps(dict(earlier(), output=broken["output"], extra_data=broken["extra_data"]))
    if platform not in RESULTS:
        sys.stdout.write(text)
        return
    if not os.path.isdir(os.path.dirname(RESULTS[platform])):
        os.makedirs(os.path.dirname(RESULTS[platform]))
    with open(RESULTS[platform], "w") as file:
        file.write(text)


if __name__ == "__main__":
    main(sys.argv[1])
