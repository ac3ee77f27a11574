"""Where profiles are looked for. Looking makes nothing."""

from __future__ import annotations

from pathlib import Path

from smrt_tui.store.locations import profile_folders, starter_profiles
from tests.cli.stage import a_stage

REPOSITORY = Path(__file__).parents[2]


def test_the_order_is_chosen_project_own_starters(tmp_path: Path) -> None:
    working = tmp_path / "project" / "src" / "deep"
    working.mkdir(parents=True)
    (tmp_path / "project" / "profiles").mkdir()
    (working / "config" / "profiles").mkdir(parents=True)
    assert profile_folders(a_stage(working).environment, Path("mine")) == (
        working / "mine",
        tmp_path / "project" / "profiles",
        working / "config" / "profiles",
        REPOSITORY / "profiles",
    )


def test_the_nearest_project_folder_is_taken(tmp_path: Path) -> None:
    working = tmp_path / "a" / "b"
    for folder in (tmp_path, tmp_path / "a", working):
        (folder / "profiles").mkdir(parents=True)
    assert profile_folders(a_stage(working).environment)[0] == working / "profiles"


def test_an_absolute_choice_stays_as_it_is(tmp_path: Path) -> None:
    assert profile_folders(a_stage(tmp_path).environment, Path("/elsewhere"))[0] == Path("/elsewhere")


def test_a_file_named_profiles_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("")
    assert profile_folders(a_stage(tmp_path).environment) == starter_profiles()


def test_a_folder_is_read_once_however_it_was_found(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    folders = profile_folders(a_stage(tmp_path).environment, Path("profiles"))
    assert folders == (tmp_path / "profiles", *starter_profiles())


def test_looking_makes_no_folder(tmp_path: Path) -> None:
    profile_folders(a_stage(tmp_path).environment, Path("mine"))
    assert list(tmp_path.iterdir()) == []
