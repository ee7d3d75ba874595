"""``python -m qualcode`` is the command ``qualcode``."""

import sys

from qualcode.cli import main

if __name__ == "__main__":
    sys.exit(main())
