"""`python3 -m common.predict TOPIC`: see command_line.py for the flags."""

import sys

from common.predict.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
