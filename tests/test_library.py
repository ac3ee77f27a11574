"""Profile files, drafts, the place and the history through the real workbench: they go to disk and come back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from smrt_tui.core.catalogue import ProfileEntry
from smrt_tui.core.draft import ResolvedDraft, draft_of
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.events import Ended
from smrt_tui.core.place import Place
from smrt_tui.core.recorder import Recorder
from smrt_tui.logbook import PRUNE_EVERY
from smrt_tui.workbench import Workbench
from tests.cli.stage import STARTED, a_stage, head, part

TEXT = """\
# mine
endpoint: e
payloads:
  - name: a
    body: x
  - name: b
    body_file: b.bin
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project's own profiles, one in it."""
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "one.yaml").write_text(TEXT)
    return tmp_path / "profiles"


@pytest.fixture
def workbench(home: Path) -> Workbench:
    return Workbench(a_stage(home.parent).environment)


async def entry_of(workbench: Workbench, profile_id: str) -> ProfileEntry:
    entry = (await workbench.load_catalogue()).find(profile_id)
    assert entry is not None
    return entry


async def test_a_profile_is_read_written_and_noticed(workbench: Workbench, home: Path) -> None:
    before = await workbench.library.fingerprint()
    entry = await entry_of(workbench, "one")
    assert await workbench.library.is_own(entry)
    assert await workbench.library.read(entry) == TEXT
    await workbench.library.write(entry, TEXT.replace("endpoint: e", "endpoint: other"))
    assert (home / "one.yaml").read_text().startswith("# mine\nendpoint: other\n")
    assert await workbench.library.fingerprint() != before


async def test_a_file_put_in_place_of_another_is_noticed(workbench: Workbench, home: Path) -> None:
    before = await workbench.library.fingerprint()
    (home / "new").write_text(TEXT)
    (home / "new").rename(home / "one.yaml")
    assert await workbench.library.fingerprint() != before


async def test_problems_come_with_their_places(workbench: Workbench) -> None:
    problems = await workbench.library.check("endpoint: e\nmod: sync\n")
    assert [(p.line, p.column, p.message) for p in problems] == [(2, 1, "unknown key; did you mean `mode`?")]
    assert await workbench.library.check(TEXT) == ()


async def test_a_starter_is_not_the_persons_own(workbench: Workbench, home: Path) -> None:
    starter = await entry_of(workbench, "local/chat")
    assert not await workbench.library.is_own(starter)
    assert await workbench.library.create(starter.id, TEXT) == str(home / "local" / "chat.yaml")
    assert (await entry_of(workbench, "local/chat")).path == str(home / "local" / "chat.yaml")


async def test_a_request_becomes_a_profile_that_asks_the_same(workbench: Workbench, home: Path) -> None:
    entry = await entry_of(workbench, "one")
    assert entry.profile is not None
    draft = replace(draft_of(entry.profile), mode="stream", body='{"n": "{{n}}"}', variables=(("n", 1),))
    path = await workbench.library.save_request("group/my one", entry.profile, draft, entry.folder)
    assert path == str(home / "group" / "my-one.yaml")
    saved = await entry_of(workbench, "group/my-one")
    assert saved.profile is not None
    assert (draft_of(saved.profile), saved.title) == (draft, "my one")
    again = await workbench.library.save_request("group/my one", entry.profile, draft, entry.folder)
    assert again == str(home / "group" / "my-one-2.yaml")


async def test_a_file_of_a_saved_request_is_found_from_its_new_place(workbench: Workbench, home: Path) -> None:
    (home / "b.bin").write_bytes(b"\x00\xff")
    entry = await entry_of(workbench, "one")
    assert entry.profile is not None
    draft = draft_of(entry.profile, entry.profile.payload("b"))
    await workbench.library.save_request("deep/er", entry.profile, draft, entry.folder)
    saved = await entry_of(workbench, "deep/er")
    assert saved.profile is not None
    resolved = await workbench.resolve(saved, draft_of(saved.profile))
    assert isinstance(resolved, ResolvedDraft)
    assert resolved.body == b"\x00\xff"


async def test_a_profile_is_renamed_and_deleted(workbench: Workbench, home: Path) -> None:
    path = await workbench.library.rename(await entry_of(workbench, "one"), "group/two")
    assert path == str(home / "group" / "two.yaml")
    await workbench.library.delete(await entry_of(workbench, "group/two"))
    assert (await workbench.load_catalogue()).find("group/two") is None
    assert not (home / "group" / "two.yaml").exists()


async def test_trouble_with_a_file_is_said_in_words(workbench: Workbench, home: Path) -> None:
    entry = await entry_of(workbench, "one")
    (home / "one.yaml").unlink()
    for work in (workbench.library.read(entry), workbench.library.delete(entry), workbench.library.rename(entry, "x")):
        with pytest.raises(SmrtError, match="No such file"):
            await work
    (home / "one.yaml").write_bytes(b"\xff")
    with pytest.raises(SmrtError, match="no UTF-8"):
        await workbench.library.read(entry)


async def test_a_draft_is_kept_for_each_payload_and_the_saved_text_is_none(workbench: Workbench) -> None:
    entry = await entry_of(workbench, "one")
    assert entry.profile is not None
    saved = draft_of(entry.profile)
    mine, other = replace(saved, body="mine"), replace(saved, body="other")
    await workbench.memory.keep_draft(entry, "a", mine)
    await workbench.memory.keep_draft(entry, "b", other)
    assert await workbench.memory.drafts(entry) == {"a": mine, "b": other}
    await workbench.memory.keep_draft(entry, "a", saved)
    assert await workbench.memory.drafts(entry) == {"b": other}


async def test_the_place_comes_back(workbench: Workbench) -> None:
    assert await workbench.memory.place() == Place()
    await workbench.memory.keep_place(Place().at("one", "b"))
    assert await workbench.memory.place() == Place().at("one", "b")


def a_recorder() -> Recorder:
    recorder = Recorder()
    recorder.add([STARTED, head(), part(0, b"answer"), Ended(2.0, "complete")])
    return recorder


async def test_a_call_is_written_down_with_the_time_it_began(workbench: Workbench) -> None:
    sent = ResolvedDraft("sync", "e", (), (), b"x")
    assert await workbench.logbook.rows(10) == ()
    entry = await entry_of(workbench, "one")
    assert entry.profile is not None
    await workbench.logbook.add(a_recorder(), sent, draft_of(entry.profile), "one")
    [row] = await workbench.logbook.rows(10)
    kept = await workbench.logbook.get(row.id)
    assert kept is not None
    assert (row.profile_id, row.verdict, kept.draft) == ("one", "complete", draft_of(entry.profile))
    lasted = workbench.now() - datetime.fromisoformat(row.started_at)
    assert lasted.total_seconds() >= 2.0
    assert await workbench.logbook.get(row.id + PRUNE_EVERY) is None


async def test_a_damaged_history_is_said_in_words(workbench: Workbench, home: Path) -> None:
    state = a_stage(home.parent).environment.state_folder
    (state / "history").mkdir(parents=True)
    (state / "history" / "history.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(SmrtError, match="the history cannot be used"):
        await workbench.logbook.rows(10)
