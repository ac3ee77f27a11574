"""The whole app in a terminal of its own, from an empty config folder: what was made and typed survives a kill."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from smrt_tui.core.invocation import Invocation
from smrt_tui.store.history import History

ALT = b"\x1b"


def the_app(folder: Path, *options: str) -> Terminal:
    environ = {
        "HOME": str(folder),
        "SMRT_TUI_CONFIG": str(folder / "config"),
        "SMRT_TUI_STATE": str(folder / "state"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return Terminal([sys.executable, "-m", "smrt_tui", *options], environ=environ)


def wait_for(terminal: Terminal, marker: str) -> None:
    """Until the text is shown by what is drawn from now on, and nothing more is drawn: a dialog is drawn before it has
    the focus, and a key that comes between reaches what is below it."""
    terminal.seconds_until(marker, limit_s=60)
    drawn = -1
    while len(terminal.output) != drawn:
        drawn = len(terminal.output)
        for _ in range(5):
            terminal.read(0.05)
    terminal.output.clear()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_profile_a_request_and_a_draft_survive_a_kill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with the_app(tmp_path) as terminal:
        wait_for(terminal, "nothing to complain about")
        terminal.send(ALT + b"n")  # a new profile, from the first template
        wait_for(terminal, "A new profile from")
        terminal.send(b"\r")
        wait_for(terminal, "Its file opens next")
        terminal.send(b"\r")
        wait_for(terminal, "a sound profile")
        terminal.send(b"\x13")  # ctrl+s: as it is
        wait_for(terminal, "Saved")
        terminal.send(b"\x13")  # the request under a name
        wait_for(terminal, "Save the request")
        terminal.send(b"\r")
        wait_for(terminal, "Saved as")
        terminal.send(b"half a thought ")
        drafts = tmp_path / "state" / "drafts"
        wait_until_kept(terminal, drafts, "half a thought")
    made = sorted(path.relative_to(tmp_path).as_posix() for path in (tmp_path / "config").rglob("*.yaml"))
    assert made == ["config/profiles/mine/openai-chat-openai-chat.yaml", "config/profiles/mine/openai-chat.yaml"]
    with the_app(tmp_path) as again:
        wait_for(again, "half a thought")


def wait_until_kept(terminal: Terminal, folder: Path, text: str) -> None:
    """Until the draft is on disk: it is kept a second after the last key."""
    for _ in range(600):
        terminal.read(0.05)
        if any(text in path.read_text() for path in folder.glob("*.json")):
            return
    raise AssertionError("the draft was never kept")


ECHO = """\
endpoint: echo
request: {ContentType: text/plain, Accept: application/octet-stream}
payloads: [{name: nothing, body: ""}]
"""
LINES = "".join(f"{number},é{'x' * 80}\n" for number in range(2_400))
"""More than 200 KB."""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_large_paste_survives_a_kill_and_is_sent_byte_for_byte(tmp_path: Path) -> None:
    profiles = tmp_path / "config" / "profiles" / "local"
    profiles.mkdir(parents=True)
    (profiles / "bytes.yaml").write_text(ECHO)
    state = tmp_path / "state"
    with the_app(tmp_path, "--profile", "local/bytes") as terminal:
        wait_for(terminal, "Nothing has been sent yet")
        paste(terminal, LINES)
        wait_for(terminal, "sent byte for byte")
        wait_until_kept(terminal, state / "drafts", "body_kept")
    [kept] = (state / "payloads").iterdir()
    assert kept.read_bytes() == LINES.encode()
    with the_app(tmp_path, "--profile", "local/bytes") as again:
        wait_for(again, "sent byte for byte")
        again.send(b"\x1b[15~")  # f5
        call = wait_until_written_down(again, History(state))
    assert (call.verdict, call.request_bytes) == ("complete", len(LINES.encode()))
    assert call.request_body == call.response_body == LINES.encode()


def wait_until_written_down(terminal: Terminal, history: History) -> Invocation:
    """The first call, once it is in the history."""
    for _ in range(600):
        terminal.read(0.05)
        for row in history.latest():
            call = history.get(row.id)
            assert call is not None
            return call
    raise AssertionError("nothing was sent")


def paste(terminal: Terminal, text: str) -> None:
    """As a terminal pastes: between brackets, a carriage return for each line end."""
    keys = b"\x1b[200~" + text.replace("\n", "\r").encode() + b"\x1b[201~"
    for at in range(0, len(keys), 1024):
        terminal.send(keys[at : at + 1024])
        terminal.read(0)
