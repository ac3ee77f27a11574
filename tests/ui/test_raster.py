"""The beat in which Textual paints: taken over where it is imported after being set, and never against a person."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from smrt_tui.ui.raster import PAINTS_PER_S

CODE = """
import os
from smrt_tui.ui.raster import set_raster
set_raster(os.environ)
from textual.constants import MAX_FPS
print(MAX_FPS)
"""


@pytest.mark.parametrize(("asked", "told"), [({}, PAINTS_PER_S), ({"TEXTUAL_FPS": "30"}, 30)])
def test_textual_paints_as_often_as_it_is_told(asked: dict[str, str], told: int) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "TEXTUAL_FPS"} | asked
    done = subprocess.run([sys.executable, "-c", CODE], env=environ, capture_output=True, text=True, check=True)
    assert int(done.stdout) == told
