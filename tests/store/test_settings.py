"""The keymap of the config folder: read when it is there, its mistakes told with file and line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from smrt_tui.store.settings import Keys, read_keymap, read_theme, write_theme


def test_no_file_is_no_keymap(tmp_path: Path) -> None:
    assert read_keymap(tmp_path / "nowhere") == Keys()


def test_keys_come_as_text_or_as_a_list_with_their_places(tmp_path: Path) -> None:
    path = tmp_path / "keymap.yaml"
    path.write_text("# mine\nsend: f5, ctrl+y\nhelp:\n  - f1\n  - 5\n")
    assert read_keymap(tmp_path) == Keys(
        {"send": "f5, ctrl+y", "help": "f1,5"}, {"send": f"{path}:2", "help": f"{path}:3"}
    )


def test_a_config_file_may_hold_it(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("keymap:\n  send: f5\n")
    assert read_keymap(tmp_path) == Keys({"send": "f5"}, {"send": f"{path}:2"})
    path.write_text("other: 1\n")
    assert read_keymap(tmp_path) == Keys()


@pytest.mark.parametrize(
    ("text", "line"),
    [("send: [", 2), ("- send", 1), ("a: f5\nsend: {a: b}", 2), ("send: true", 1), ("send:", 1), ("x: \x1b", 1)],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "keymap.yaml"
    path.write_text(text)
    keys = read_keymap(tmp_path)
    assert len(keys.complaints) == 1
    assert keys.complaints[0].startswith(f"{path}:{line}: ")


def test_a_folder_or_a_huge_file_of_that_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "keymap.yaml").mkdir()
    assert "cannot be read" in read_keymap(tmp_path).complaints[0]
    (tmp_path / "keymap.yaml").rmdir()
    (tmp_path / "keymap.yaml").write_bytes(b"#" * 100_000)
    assert "larger than" in read_keymap(tmp_path).complaints[0]


def test_nothing_heavy_is_imported_when_there_is_no_file(tmp_path: Path) -> None:
    code = (
        "import sys, json, pathlib\n"
        "from smrt_tui.store.settings import read_keymap, read_theme\n"
        "read_keymap(pathlib.Path(sys.argv[1])), read_theme(pathlib.Path(sys.argv[1]))\n"
        "sys.stdout.write(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert set(json.loads(done.stdout)) & {"yaml", "botocore", "tempfile"} == set()


def test_a_theme_comes_back(tmp_path: Path) -> None:
    assert read_theme(tmp_path) is None
    write_theme(tmp_path, "nord")
    assert read_theme(tmp_path) == "nord"
    (tmp_path / "theme").write_bytes(b"\xff")
    assert read_theme(tmp_path) is None
