"""What the first frame costs: only Textual and what the chrome needs is imported before it."""

from __future__ import annotations

import json
import subprocess
import sys

from smrt_tui.core.service import MODES
from smrt_tui.ui.screen import MODES_SHOWN

HEAVY = {"yaml", "httpx", "botocore", "jmespath"}
LATER = {
    "smrt_tui.core.events",
    "smrt_tui.core.decode",
    "smrt_tui.core.service",
    "smrt_tui.ui.session",
    "smrt_tui.ui.panes",
    "smrt_tui.ui.dialogs",
    "smrt_tui.ui.widgets.members_form",
}


def test_opening_the_app_imports_nothing_that_the_first_frame_does_not_need() -> None:
    code = "import sys, json, smrt_tui.ui.app; sys.stderr.write(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert set(json.loads(done.stderr)) & (HEAVY | LATER) == set()


def test_the_mode_switch_offers_every_mode() -> None:
    assert MODES_SHOWN == MODES
