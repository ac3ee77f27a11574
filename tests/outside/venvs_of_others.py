"""Programs that cannot live beside this project's own dependencies: environments made by `make judges`."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "venvs"


def program(venv: str, name: str) -> Path:
    """Where a program of one of them is."""
    return FOLDER / venv / "bin" / name


def needs(venv: str, name: str) -> pytest.MarkDecorator:
    """Skip where it is not installed, and say how it would be."""
    reason = f"{name} is not in tests/outside/venvs/{venv}: run `make judges`"
    return pytest.mark.skipif(not program(venv, name).exists(), reason=reason)
