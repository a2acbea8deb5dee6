"""Run the command as ``python -m racecraft``."""

import sys

from racecraft.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
