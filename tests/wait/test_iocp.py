"""The completion contract on Windows' IOCP: built by mingw and run by wine, where both are installed."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPILER = shutil.which("x86_64-w64-mingw32-g++-posix")
WINE = shutil.which("wine64") or shutil.which("/usr/lib/wine/wine64")
SOURCES = ("tests/wait/iocp_echo.cpp", "common/wait/iocp_completion.cpp", "common/wait/iocp_operations.cpp",
           "common/wait/make_completion.cpp", "common/wait/uring_completion.cpp", "common/base/errors.cpp")


@unittest.skipUnless(COMPILER, "no g++-mingw-w64-x86-64-posix")
@unittest.skipUnless(WINE, "no wine64")
class Iocp(unittest.TestCase):
    def test_twenty_clients_get_their_bytes_back(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree("/usr/include/fmt", f"{folder}/include/fmt")  # and nothing else of Linux
            program = f"{folder}/iocp_echo.exe"
            subprocess.run([COMPILER, "-std=c++20", "-O1", "-Wall", "-Werror", "-static", "-DFMT_HEADER_ONLY",
                            "-Icommon", "-isystem", f"{folder}/include", *SOURCES, "-o", program,
                            "-lws2_32", "-lmswsock"], cwd=ROOT, check=True)
            quiet = {"WINEPREFIX": f"{folder}/wine", "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree=;mshtml="}
            done = subprocess.run([WINE, program], capture_output=True, text=True, timeout=200, cwd=folder,
                                  env={**os.environ, **quiet})
            subprocess.run([shutil.which("wineserver") or "/usr/lib/wine/wineserver", "-w"], env={**os.environ, **quiet},
                           timeout=60, check=False)
        self.assertEqual((done.stdout.strip(), done.returncode), ("good", 0), done.stderr)


if __name__ == "__main__":
    unittest.main()
