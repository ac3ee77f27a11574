"""Finding profile files: what is left out, what is followed, and what is noticed when something was done to one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smrt_tui.core.problem import Problem
from smrt_tui.store import folders
from smrt_tui.store.folders import fingerprint, profile_files


def found(folder: Path, problems: list[Problem] | None = None) -> list[str]:
    """The files, relative to the folder."""
    files = profile_files(folder, [] if problems is None else problems)
    return [os.path.relpath(file.path, folder) for file in files]


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("endpoint: e\n")
    return folder


def test_a_folders_own_files_come_first_in_the_order_of_their_names(tmp_path: Path) -> None:
    fill(tmp_path, "b.yaml", "a.yml", "a/z.yaml", "c/d/e.yaml", "no.json", ".hidden.yaml", ".git/x.yaml", "yaml")
    assert found(tmp_path) == ["a.yml", "b.yaml", "a/z.yaml", "c/d/e.yaml"]


def test_a_folder_named_like_a_file_is_a_folder(tmp_path: Path) -> None:
    assert found(fill(tmp_path, "x.yaml/a.yaml")) == ["x.yaml/a.yaml"]


def test_too_many_files_are_told_and_the_first_ones_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_FILES", 2)
    problems: list[Problem] = []
    assert found(fill(tmp_path, "a.yaml", "b.yaml", "c.yaml"), problems) == ["a.yaml", "b.yaml"]
    assert [str(p) for p in problems] == [f"{tmp_path}:1:1: more than 2 profile files; the rest is left out"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_entered_is_told_and_the_others_read(tmp_path: Path) -> None:
    fill(tmp_path, "a.yaml", "shut/b.yaml", "z/c.yaml")
    (tmp_path / "shut").chmod(0)
    problems: list[Problem] = []
    assert found(tmp_path, problems) == ["a.yaml", "z/c.yaml"]
    assert [p.file for p in problems] == [str(tmp_path / "shut")]
    (tmp_path / "shut").chmod(0o700)


def test_a_fingerprint_differs_once_anything_was_done(tmp_path: Path) -> None:
    fill(tmp_path, "a.yaml", "b.yaml")
    marks = [fingerprint([tmp_path])]
    assert fingerprint([tmp_path]) == marks[0]
    fill(tmp_path, "c.yaml")
    marks.append(fingerprint([tmp_path]))
    (tmp_path / "c.yaml").unlink()
    (tmp_path / "a.yaml").write_text("endpoint: other\n")
    marks.append(fingerprint([tmp_path]))
    (tmp_path / "new").write_text("endpoint: third\n")  # as vim and helix save: a new file moved over the old one
    (tmp_path / "new").replace(tmp_path / "a.yaml")
    marks.append(fingerprint([tmp_path]))
    assert len(set(marks)) == 4


def test_a_file_whose_time_was_set_back_differs(tmp_path: Path) -> None:
    """As `cp -p` and unpacked archives leave them."""
    path = fill(tmp_path, "a.yaml") / "a.yaml"
    before, times = fingerprint([tmp_path]), path.stat()
    path.write_text("endpoint: f\n")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert fingerprint([tmp_path]) != before


def test_a_fingerprint_of_nothing_is_empty(tmp_path: Path) -> None:
    assert fingerprint([tmp_path / "nowhere"]) == frozenset()
