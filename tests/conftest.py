"""What holds for the whole suite."""

from __future__ import annotations

import gc


def pytest_collection_finish() -> None:
    """What is imported by now stays to the end: the collector need not look through it again in every test."""
    gc.collect()
    gc.freeze()
