"""Drafts: what was typed comes back as it was, and a kill leaves the old or the new, never half."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smrt_tui.core.draft import Draft
from smrt_tui.core.service import MODES
from smrt_tui.store.drafts import draft_path, forget_draft, read_draft, write_draft

DRAFT = Draft(
    "stream",
    "e",
    (("ContentType", "application/json"),),
    (("X-A", "1"), ("X-A", "2")),
    '{"a": "{{b}}"}',
    None,
    (("b", [1, {"c": None}]), ("d", "x")),
    (("SessionId", "s"),),
    ((1, "X-Off", "v"),),
)

ANY_TEXT = st.text(st.characters(), max_size=30)  # lone surrogates too: a paste can hold them


def test_a_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    write_draft(tmp_path, "local/chat", DRAFT)
    write_draft(tmp_path, "local-chat", replace(DRAFT, body="other", body_file="f"))
    assert read_draft(tmp_path, "local/chat") == DRAFT
    assert read_draft(tmp_path, "local-chat") == replace(DRAFT, body="other", body_file="f")
    assert read_draft(tmp_path, "local") is None


@given(st.sampled_from(MODES), ANY_TEXT, ANY_TEXT, st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=3))
def test_any_draft_comes_back(
    tmp_path_factory: pytest.TempPathFactory, mode: str, name: str, body: str, pairs: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    draft = Draft(MODES[MODES.index(mode)], body, tuple(pairs), tuple(pairs), body, None, tuple(pairs))
    write_draft(folder, name, draft)
    assert read_draft(folder, name) == draft


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    os.umask(previous := os.umask(0))
    write_draft(tmp_path, "p", DRAFT)
    path = draft_path(tmp_path, "p")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.umask(previous) == previous


def test_a_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir(mode=0o755)
    write_draft(tmp_path, "p", DRAFT)
    assert stat.S_IMODE((tmp_path / "drafts").stat().st_mode) == 0o700


def test_a_failed_write_leaves_the_old_draft_and_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_draft(tmp_path, "p", DRAFT)

    def fail(self: Path, target: Path) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="no space left"):
        write_draft(tmp_path, "p", replace(DRAFT, body="new"))
    assert read_draft(tmp_path, "p") == DRAFT
    assert len(list((tmp_path / "drafts").iterdir())) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff",
        b'{"mode": "later"}',
        b"null",
        b"[" * 100_000,
        b'{"mode":"sync","endpoint":5,"members":[],"headers":[],"body":"","body_file":null,"variables":[]}',
        b'{"mode":"sync","endpoint":"","members":[["a"]],"headers":[],"body":"","body_file":null,"variables":[]}',
    ],
)
def test_a_file_that_is_no_draft_is_none(tmp_path: Path, content: bytes) -> None:
    path = draft_path(tmp_path, "p")
    path.parent.mkdir()
    path.write_bytes(content)
    assert read_draft(tmp_path, "p") is None


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..", ".", "", "a" * 400, "ä/" * 90, "a\0b", "A", "con"]
)
def test_any_id_stays_inside_the_folder(tmp_path: Path, name: str) -> None:
    write_draft(tmp_path, name, DRAFT)
    assert read_draft(tmp_path, name) == DRAFT
    assert draft_path(tmp_path, name).resolve().parent == (tmp_path / "drafts").resolve()


def test_a_forgotten_draft_is_gone(tmp_path: Path) -> None:
    write_draft(tmp_path, "p", DRAFT)
    forget_draft(tmp_path, "p")
    forget_draft(tmp_path, "p")
    assert read_draft(tmp_path, "p") is None


def test_looking_makes_no_folder(tmp_path: Path) -> None:
    assert read_draft(tmp_path, "p") is None
    assert list(tmp_path.iterdir()) == []
