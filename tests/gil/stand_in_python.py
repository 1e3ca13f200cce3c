#!/usr/bin/python3
"""Stands in for a free-threaded Python in the tests: it says that it has no lock, and it can die.

It is called as FreeThreadedPython calls one: -I -c SOURCE SOCKET CHAPTER.
"""

import sys

source, socket, chapter = sys.argv[3:]
sys._is_gil_enabled = lambda: False
more = "\n\nstr = str\n\n\ndef die():\n    import os\n    os._exit(3)\n"
sys.argv = ["-c", socket, chapter + more]
exec(compile(source, "answer_calls.py", "exec"), {"__name__": "__main__"})
