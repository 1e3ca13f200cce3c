"""`python3 -m common.charts <verb>`: see cli.py for the verbs."""

import os
import signal
import sys


class Terminated(BaseException):
    """SIGTERM arrived: unwind, so that no half-written file stays behind."""


def _terminate(number, frame):
    raise Terminated


if __name__ == "__main__":
    # os._exit: what is still in standard output's buffer may wait for a reader that never comes.
    try:
        signal.signal(signal.SIGTERM, _terminate)
        from common.charts.cli import main

        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # also while numpy and its friends are being imported
        os._exit(130)
    except Terminated:
        os._exit(143)
