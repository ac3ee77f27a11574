"""Profile files made, renamed and removed: where they go, and that none is ever written over."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.errors import SmrtError
from smrt_tui.store.files import (
    create_profile,
    delete_profile,
    is_writable,
    new_files_folder,
    profile_stem,
    rename_profile,
)
from smrt_tui.store.locations import starter_profiles
from tests.cli.stage import a_stage

TEXT = "endpoint: e  # mine\n"


def test_new_files_go_beside_the_work_when_it_has_a_profiles_folder(tmp_path: Path) -> None:
    environment = a_stage(tmp_path).environment
    assert new_files_folder(environment) == environment.config_folder / "profiles"
    (environment.working_folder / "profiles").mkdir()
    assert new_files_folder(environment) == environment.working_folder / "profiles"
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    assert new_files_folder(environment, chosen) == chosen


def test_the_starters_are_never_written_to(tmp_path: Path) -> None:
    starters = starter_profiles()[0]
    assert not is_writable(starters)
    assert not is_writable(starters / "local" / "chat.yaml")
    environment = a_stage(tmp_path).environment
    assert new_files_folder(environment, starters) == environment.config_folder / "profiles"


def test_a_file_is_made_with_its_folders_and_never_over_another(tmp_path: Path) -> None:
    made = create_profile(tmp_path / "new", "aws/my chat", TEXT)
    assert (made, made.read_text()) == (tmp_path / "new" / "aws" / "my-chat.yaml", TEXT)
    with pytest.raises(SmrtError, match="there already"):
        create_profile(tmp_path / "new", "aws/my chat", "other")
    assert made.read_text() == TEXT


def test_a_name_is_taken_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(TEXT)
    with pytest.raises(SmrtError, match="there already"):
        create_profile(tmp_path, "a", TEXT)


def test_a_renamed_file_keeps_its_text_and_spares_others(tmp_path: Path) -> None:
    made = create_profile(tmp_path, "a", TEXT)
    create_profile(tmp_path, "b", "other")
    with pytest.raises(SmrtError, match="there already"):
        rename_profile(made, tmp_path, "b")
    moved = rename_profile(made, tmp_path, "group/c")
    assert (moved.relative_to(tmp_path).as_posix(), moved.read_text(), made.exists()) == ("group/c.yaml", TEXT, False)


def test_a_removed_file_is_gone(tmp_path: Path) -> None:
    made = create_profile(tmp_path, "a", TEXT)
    delete_profile(made)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a", "a"), (" my  chat ", "my-chat"), ("x/y.yaml", "x/y"), ("../../etc/passwd", "etc/passwd"), ("/a//b/", "a/b")],
)
def test_a_name_becomes_a_path_below_the_folder(name: str, stem: str) -> None:
    assert profile_stem(name) == stem


@given(st.text(max_size=120))
def test_no_name_leads_out_of_the_folder_or_into_hiding(name: str) -> None:
    try:
        stem = profile_stem(name)
    except SmrtError:
        return
    parts = stem.split("/")
    assert all(part and not part.startswith(".") for part in parts)
    assert not Path(stem).is_absolute()
