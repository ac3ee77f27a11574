"""Profile files written by the app: a person's text as it is, a saved request as a file of its own."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from smrt_tui.core.draft import Draft, draft_of
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.profile import Profile
from smrt_tui.core.service import MODES, Mode
from smrt_tui.store.profiles import load_catalogue
from smrt_tui.store.writing import profile_text, save_request, write_profile_text

PROFILE = convert(
    {
        "title": "Old",
        "description": "What it is for",
        "endpoint": "old",
        "region": "us-east-1",
        "request": {"Accept": "text/csv"},
        "client": {"max_attempts": 3},
        "stream": {"preset": "tgi"},
        "async": {"poll": 5},
        "payloads": [{"name": "one", "body": "x"}, {"name": "two", "body": "y"}],
    },
    Profile,
)
DRAFT = Draft(
    "stream",
    "new",
    (("ContentType", "application/json"),),
    (("X-A", "1"), ("X-B", "007"), ("X-A", "yes")),
    '{\n  "prompt": "{{prompt}}"\n}\n',
    None,
    (("prompt", "hi"), ("n", 5)),
)


def test_a_saved_request_reads_as_a_person_would_write_it(tmp_path: Path) -> None:
    assert (
        profile_text("My request", PROFILE, DRAFT, tmp_path)
        == """\
title: My request
description: What it is for
endpoint: new
region: us-east-1
mode: stream
request:
  ContentType: application/json
headers:
  X-A:
  - '1'
  - 'yes'
  X-B: '007'
client:
  max_attempts: 3
stream:
  preset: tgi
async:
  poll: 5.0
variables:
  prompt: hi
  n: 5
payloads:
- name: My request
  body: |
    {
      "prompt": "{{prompt}}"
    }
"""
    )


def test_a_saved_request_is_loaded_as_the_same_draft(tmp_path: Path) -> None:
    path = save_request(tmp_path / "new", "My request", PROFILE, DRAFT, tmp_path)
    entry = load_catalogue([tmp_path]).entries[0]
    assert (entry.id, entry.path, entry.problems) == ("new/My-request", str(path), ())
    assert entry.profile is not None
    loaded = draft_of(entry.profile)
    assert (loaded.members, loaded.body, loaded.variables) == (DRAFT.members, DRAFT.body, DRAFT.variables)
    assert sorted(loaded.headers) == sorted(DRAFT.headers)


def test_a_body_file_is_found_from_the_new_place(tmp_path: Path) -> None:
    draft = Draft("sync", "e", body_file="images/cat.jpg")
    save_request(tmp_path / "saved", "cat", PROFILE, draft, tmp_path / "origin")
    profile = load_catalogue([tmp_path / "saved"]).entries[0].profile
    assert profile is not None
    assert profile.payloads[0].body_file == str(tmp_path / "origin" / "images" / "cat.jpg")


def test_a_saved_request_never_overwrites(tmp_path: Path) -> None:
    names = [save_request(tmp_path, "a b", PROFILE, DRAFT, tmp_path).name for _ in range(3)]
    assert names == ["a-b.yaml", "a-b-2.yaml", "a-b-3.yaml"]


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "", "...", "a/b", "x" * 300, "null", "é ü"])
def test_any_name_becomes_a_file_of_that_folder(tmp_path: Path, name: str) -> None:
    path = save_request(tmp_path / "f", name or "unnamed", PROFILE, DRAFT, tmp_path)
    assert path.parent == tmp_path / "f"
    assert load_catalogue([tmp_path / "f"]).entries[0].problems == ()


def test_what_yaml_cannot_hold_is_refused_and_not_bent(tmp_path: Path) -> None:
    with pytest.raises(SmrtError, match="cannot be saved"):
        save_request(tmp_path, "a", PROFILE, Draft("sync", "e", body="\ud800"), tmp_path)
    assert list(tmp_path.iterdir()) == []


@given(
    st.sampled_from(MODES),
    st.text(st.characters(codec="utf-8"), max_size=40),
    st.dictionaries(st.text("abc", min_size=1), st.none() | st.integers() | st.text(max_size=5), max_size=3),
)
def test_what_can_be_saved_is_saved_exactly(mode: Mode, body: str, variables: dict[str, int]) -> None:
    draft = Draft(mode, "e", (), (), body, None, tuple(variables.items()))
    profile_text("t", PROFILE, draft, Path())  # raises when reading it back gives anything else


TEXT = "# mine\nendpoint: e\n"


def test_edited_text_is_kept_to_the_byte_with_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("endpoint: old\n")
    path.chmod(0o640)
    assert write_profile_text(path, TEXT) == ()
    assert path.read_text() == TEXT
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_edited_text_with_problems_is_kept_and_told(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    assert [str(problem) for problem in write_profile_text(path, "endpoint: e\nmod: x\n")] == [
        f"{path}:2:1: mod: unknown key; did you mean `mode`?"
    ]
    assert path.read_text() == "endpoint: e\nmod: x\n"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("x")
    (tmp_path / "p.yaml").symlink_to("real")
    write_profile_text(tmp_path / "p.yaml", TEXT)
    assert (tmp_path / "p.yaml").is_symlink()
    assert (tmp_path / "real").read_text() == TEXT


def test_a_folder_that_takes_no_file_leaves_everything_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_profile_text(tmp_path / "nowhere" / "p.yaml", TEXT)
