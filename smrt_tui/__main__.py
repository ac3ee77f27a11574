"""`python -m smrt_tui`: the same as the `smrt-tui` command."""

from __future__ import annotations

import sys

from smrt_tui.main import main

if __name__ == "__main__":
    sys.exit(main())
