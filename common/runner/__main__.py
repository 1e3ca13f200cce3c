"""`python3 -m common.runner SECTION...`: see command_line.py for the flags."""

import sys

from common.runner.signals import SignalWatch

if __name__ == "__main__":
    watch = SignalWatch()  # before the other imports: a signal at any moment ends in good order
    from common.runner.command_line import main

    sys.exit(main(sys.argv[1:], watch))
