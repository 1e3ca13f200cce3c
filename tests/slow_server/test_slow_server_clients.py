"""Other people's clients against the slow server: curl and wrk."""

import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from slow_server_case import PATIENCE_S, SlowServerCase


class OtherClientsTest(SlowServerCase):
    def url(self, query):
        return f"http://127.0.0.1:{self.server.port}/?{query}"

    def run_client(self, *command, **options):
        if shutil.which(command[0]) is None:
            self.skipTest(f"{command[0]} is not installed")
        result = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.decode()

    def test_curl(self):
        url = self.url("delay_ms=5&token=curl")
        big = b"x" * 2_000_000  # curl asks before it sends this: Expect: 100-continue
        curl = ["curl", "--silent", "--show-error", "--fail"]
        self.assertEqual(self.run_client(*curl, url), "curl")
        self.assertEqual(self.run_client(*curl, url, url, url), "curl" * 3)
        self.assertEqual(self.run_client(*curl, "--http1.0", url), "curl")
        self.assertEqual(self.run_client(*curl, self.url("chunked=1&token=pieces")), "pieces")
        self.assertEqual(self.run_client(*curl, "--data-binary", "@-", url, input=big), "curl")
        chunked = ["--header", "Transfer-Encoding: chunked", "--data-binary", "@-"]
        self.assertEqual(self.run_client(*curl, *chunked, url, input=big), "curl")
        self.assertIn("Content-Length: 4\r\n", self.run_client(*curl, "--head", url))
        status = [*curl[:3], "--output", "/dev/null", "--write-out", "%{http_code}"]
        self.assertEqual(self.run_client(*status, self.url("status=500")), "500")
        too_big = b"x" * (17 * 1024 * 1024)
        self.assertEqual(
            self.run_client(*status, "--data-binary", "@-", url, input=too_big), "413"
        )

    def test_wrk(self):
        report = self.run_client("wrk", "-t1", "-c50", "-d1s", self.url("delay_ms=5&token=wrk"))
        self.assertNotIn("Socket errors", report)
        self.assertNotIn("Non-2xx", report)
        self.assertGreater(int(re.search(r"(\d+) requests in", report)[1]), 50)


if __name__ == "__main__":
    unittest.main()
