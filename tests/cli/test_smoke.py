"""The real command in a real process: streams, codes, and what it loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROFILE = """\
endpoint: e
region: us-east-1
endpoint_url: http://127.0.0.1:9
credentials: {anonymous: true}
request: {ContentType: application/json}
payloads: [{name: one, body: "{}"}]
"""


def run(folder: Path, *argv: str) -> subprocess.CompletedProcess[bytes]:
    folders = {
        "SMRT_TUI_CONFIG": str(folder / "config"),
        "SMRT_TUI_STATE": str(folder / "state"),
        "HOME": str(folder),
    }
    return subprocess.run(
        [sys.executable, "-m", "smrt_tui", *argv],
        cwd=folder,
        env={**folders, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_a_refused_connection_is_code_6_with_an_empty_stdout(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "p.yaml").write_text(PROFILE)
    done = run(tmp_path, "invoke", "p")
    assert (done.returncode, done.stdout) == (6, b"")
    assert b"connect-refused" in done.stderr
    assert b"Traceback" not in done.stderr


def test_wrong_usage_is_code_2_and_tells_where_help_is(tmp_path: Path) -> None:
    done = run(tmp_path, "invoke", "--nonsense")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"see `smrt-tui invoke --help`" in done.stderr


def test_the_app_says_that_it_needs_a_terminal_instead_of_drawing_into_a_pipe(tmp_path: Path) -> None:
    done = run(tmp_path, "--profile", "local/chat")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.splitlines() == [
        b"smrt-tui: the app needs a terminal: stdin or stderr is none",
        b"  `smrt-tui invoke PROFILE` sends a request without one",
    ]


def test_looking_makes_no_folder(tmp_path: Path) -> None:
    assert run(tmp_path, "profiles").returncode == 0
    assert list(tmp_path.iterdir()) == []
