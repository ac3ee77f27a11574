"""The person's own editor: what it leaves is taken, what it refuses changes nothing."""

from __future__ import annotations

import sys

import pytest

from smrt_tui.ui.external import edit_text, editor_command

WRITES_MORE = "import sys, pathlib; p = pathlib.Path(sys.argv[1]); p.write_text(p.read_text() + p.suffix)"


@pytest.mark.parametrize(
    ("environ", "command"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "vi"}, ["code", "--wait"]),
        ({"EDITOR": "vi"}, ["vi"]),
        ({}, []),
    ],
)
def test_visual_wins_over_editor(environ: dict[str, str], command: list[str]) -> None:
    assert editor_command(environ) == command


def test_what_the_editor_saved_is_the_text() -> None:
    assert edit_text("héllo", [sys.executable, "-c", WRITES_MORE], ".json") == "héllo.json"


def test_an_editor_that_fails_changes_nothing() -> None:
    with pytest.raises(ValueError, match="ended with 3; nothing was changed"):
        edit_text("x", [sys.executable, "-c", "raise SystemExit(3)"], ".txt")


def test_an_editor_that_is_not_there_is_an_os_error() -> None:
    with pytest.raises(OSError, match="no-such-editor"):
        edit_text("x", ["/no-such-editor"], ".txt")
