"""``python -m evenhand.cli``: the same as ``evenhand``."""

import sys

from evenhand.cli.main import main

sys.exit(main())
