"""The memory of this process (Linux)."""

from __future__ import annotations

import resource
from pathlib import Path


def resident_bytes() -> int:
    """What is in memory of it now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
