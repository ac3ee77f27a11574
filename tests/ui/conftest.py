"""Every pilot waits until its app is quiet, and not until the machine is."""

from __future__ import annotations

import pytest

from tests.ui.quiet import until_quiet


@pytest.fixture(autouse=True)
def _pilots_wait_for_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("textual.app", "textual.pilot"):
        monkeypatch.setattr(f"{module}.wait_for_idle", until_quiet)
