"""The same experiment against a real server: nginx, delayed by its echo module."""

import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from tests.experiments.experiment_case import ExperimentCase

ECHO_MODULE = Path("/usr/lib/nginx/modules/ngx_http_echo_module.so")
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")

CONFIGURATION = """
load_module {module};
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; {user}
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port};
    location / {{ echo_sleep 0.005; echo "slow enough"; }}
  }}
}}
"""


@unittest.skipUnless(NGINX and ECHO_MODULE.exists(), "nginx-light and libnginx-mod-http-echo are not installed")
class AgainstNginx(ExperimentCase):
    experiment = "matrix"

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        cls.target = f"127.0.0.1:{port}"
        path = Path(cls.folder.name) / "nginx.conf"
        user = "user root;" if Path("/proc/self").owner() == "root" else ""
        path.write_text(CONFIGURATION.format(module=ECHO_MODULE, folder=cls.folder.name, port=port, user=user))
        cls.nginx = subprocess.Popen([NGINX, "-c", str(path), "-p", cls.folder.name, "-e", f"{cls.folder.name}/error.log"])
        for _ in range(1000):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.01)
        raise RuntimeError("nginx does not listen")

    @classmethod
    def tearDownClass(cls):
        cls.nginx.terminate()
        cls.nginx.wait()
        cls.folder.cleanup()

    def test_every_model_of_the_matrix(self):
        outcome = self.run_experiment("--smoke", "--target", self.target)
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual(len(outcome.rows()), 27)

    def test_two_hundred_at_once(self):
        outcome = self.run_experiment("--jobs", "200", "--benchmark_filter=io", "--target", self.target,
                                      "--model", "event_loop,coroutines,threads")
        self.assertEqual(outcome.exit_code, 0, outcome.err)

    def test_the_other_experiments_take_a_target_too(self):
        for name in ("listing_1_1", "where_time_goes"):
            with self.subTest(experiment=name):
                self.experiment = name
                outcome = self.run_experiment("--smoke", "--target", self.target)
                self.assertEqual(outcome.exit_code, 0, outcome.err)


if __name__ == "__main__":
    unittest.main()
