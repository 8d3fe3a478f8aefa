"""`python -m geodata` is the command `geodata`."""

import sys

from geodata.cli import main

sys.exit(main())
