"""What claims.toml and predict.toml ask for is what the programs measure, quick and full."""

import subprocess
import unittest

from tests.experiments.experiment_case import BIN

try:
    from common.charts.claims_file import read_claims
    from common.charts.sample import fits
    from common.charts.series import parse_series
    from common.charts.topics import section_files
    from common.predict.questions import read_questions
except ModuleNotFoundError as error:  # this python3 has no pandas
    raise unittest.SkipTest(str(error)) from None


def measures():
    """Return (file, Measure) for every claim and every question."""
    found = [(path, evidence.measure) for path in section_files("claims.toml").values()
             for claim in read_claims(path) for evidence in claim.evidence]
    return found + [(path, question.measure) for path in section_files("predict.toml").values()
                    for question in read_questions(path)]


def series_of(experiment, mode):
    """Return the Series that a program registers; it measures nothing."""
    program = BIN / experiment
    done = subprocess.run([program, mode, "--benchmark_list_tests"], capture_output=True, text=True,
                          timeout=60, check=True)
    return [parse_series(name, program) for name in done.stdout.split()]


class Sentences(unittest.TestCase):
    def test_every_series_is_one_that_its_program_registers(self):
        for mode in ("--quick", "--full"):
            known = {}
            for path, measure in measures():
                experiment = measure.series.experiment
                with self.subTest(file=str(path), mode=mode, series=measure.series.name):
                    if not (BIN / experiment).exists():
                        self.skipTest(f"{experiment} is not built")
                    if experiment not in known:
                        known[experiment] = series_of(experiment, mode)
                    for pattern in measure.patterns:
                        self.assertTrue(any(fits(each, pattern) for each in known[experiment]),
                                        f"{pattern.name} is no series of {experiment} {mode}")


if __name__ == "__main__":
    unittest.main()
