"""Payload texts in files: written whole and for their owner only, read as they were, removed when unused."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smrt_tui.core.draft import Draft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.kept_text import KeptText
from smrt_tui.store.drafts import forget_draft, read_draft, write_draft
from smrt_tui.store.history import History
from smrt_tui.store.payloads import FRESH_S, PayloadStore
from tests.store.test_history import an_invocation

TEXT = '{"prompt": "{{prompt}} {{env:HOME}} {{prompt}}"}'


def make_old(store: PayloadStore, kept: KeptText) -> None:
    then = store.path(kept).stat().st_mtime - FRESH_S - 1
    os.utime(store.path(kept), (then, then))


def test_a_text_is_kept_under_its_content_for_its_owner_only(tmp_path: Path) -> None:
    store = PayloadStore(tmp_path)
    kept = store.keep(TEXT)
    assert kept == KeptText("799d3dcc3500ef7a998a47110e9fe1f4", len(TEXT), (("prompt", None), ("env", "HOME")))
    assert store.read(kept) == TEXT.encode()
    assert stat.S_IMODE(store.path(kept).stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path(kept).parent.stat().st_mode) == 0o700
    assert store.keep(TEXT) == kept
    assert [path.name for path in (tmp_path / "payloads").iterdir()] == [f"{kept.digest}.txt"]


@given(st.text(st.characters(), max_size=50))  # lone surrogates too: a paste can hold them
def test_any_text_comes_back_byte_for_byte(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    store = PayloadStore(tmp_path_factory.getbasetemp() / "any-payload")
    assert store.read(store.keep(text)) == text.encode("utf-8", "surrogatepass")


def test_a_file_that_is_gone_or_was_changed_is_told_and_mended_by_the_same_text(tmp_path: Path) -> None:
    store = PayloadStore(tmp_path)
    kept = store.keep("a text")
    store.path(kept).write_bytes(b"a TEXT")
    with pytest.raises(SmrtError, match=r"was changed: 6 bytes instead of the 6 that were put there"):
        store.read(kept)
    assert store.read_as_it_is(kept) == b"a TEXT"
    store.keep("a text")
    assert store.read(kept) == b"a text"
    store.path(kept).unlink()
    for read in (store.read, store.read_as_it_is):
        with pytest.raises(SmrtError, match="is gone"):
            read(kept)


def test_what_nothing_refers_to_goes_and_the_rest_stays(tmp_path: Path) -> None:
    store = PayloadStore(tmp_path)
    in_draft, in_history, unused = (store.keep(text) for text in ("in a draft", "in the history", "in nothing"))
    write_draft(tmp_path, "p", Draft("sync", "e", body_kept=in_draft))
    History(tmp_path).add(an_invocation(draft=Draft("sync", "e", body_kept=in_history)))
    fresh = store.keep("fresh")
    for kept in (in_draft, in_history, unused):
        make_old(store, kept)
    assert store.remove_unused() == 1
    assert [store.path(kept).exists() for kept in (in_draft, in_history, unused, fresh)] == [True, True, False, True]
    forget_draft(tmp_path, "p")
    assert store.remove_unused() == 1
    assert not store.path(in_draft).exists()


def test_keeping_a_text_again_makes_it_fresh(tmp_path: Path) -> None:
    store = PayloadStore(tmp_path)
    kept = store.keep("again")
    make_old(store, kept)
    store.keep("again")
    assert store.remove_unused() == 0


def test_a_file_that_another_app_refreshes_meanwhile_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = PayloadStore(tmp_path)
    kept = store.keep("of two apps")
    make_old(store, kept)
    taken = Path.replace

    def refreshed_first(self: Path, target: Path) -> Path:
        if self == store.path(kept):
            os.utime(self)
        return taken(self, target)

    monkeypatch.setattr(Path, "replace", refreshed_first)
    assert store.remove_unused() == 0
    assert store.read(kept) == b"of two apps"


def test_a_draft_that_cannot_be_read_as_one_still_holds_its_text(tmp_path: Path) -> None:
    store = PayloadStore(tmp_path)
    kept = store.keep("of a later version")
    make_old(store, kept)
    write_draft(tmp_path, "p", Draft("sync", "e", body_kept=kept))
    [path] = (tmp_path / "drafts").iterdir()
    path.write_text(path.read_text().replace('"mode"', '"mood"'))
    assert read_draft(tmp_path, "p") is None
    assert store.remove_unused() == 0


def test_looking_for_unused_files_makes_no_folder(tmp_path: Path) -> None:
    assert PayloadStore(tmp_path).remove_unused() == 0
    assert list(tmp_path.iterdir()) == []


def test_a_draft_with_a_kept_text_comes_back_as_it_was(tmp_path: Path) -> None:
    draft = Draft("sync", "e", body_kept=PayloadStore(tmp_path).keep(TEXT), body_file="over it")
    write_draft(tmp_path, "p", draft)
    assert read_draft(tmp_path, "p") == draft
    [path] = (tmp_path / "drafts").iterdir()
    path.write_text(path.read_text().replace(draft.body_kept.digest if draft.body_kept else "", "../../etc/passwd"))
    assert read_draft(tmp_path, "p") is None
    assert replace(draft, body_kept=None) != draft
