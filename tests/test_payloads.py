"""Payloads in files through the real workbench: sent byte for byte, judged, saved and remembered whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from smrt_tui.core.catalogue import ProfileEntry
from smrt_tui.core.draft import Draft, ResolvedDraft, draft_of
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.events import Ended
from smrt_tui.core.invocation import BODY_CAP, draft_again
from smrt_tui.core.kept_text import EDITABLE_BYTES
from smrt_tui.core.recorder import Recorder
from smrt_tui.payloads import JUDGED_BYTES
from smrt_tui.store.payloads import PayloadStore
from smrt_tui.store.profiles import MAX_BYTES
from smrt_tui.workbench import Workbench
from tests.cli.stage import STARTED, a_stage, head

PROFILE = """\
endpoint: e
request: {ContentType: application/json}
variables: {who: you}
payloads: [{name: a, body: x}]
"""
PLAIN = '{"a": "' + "é" * EDITABLE_BYTES + '"}'
TEMPLATE = '{"a": "{{who}}", "b": "' + "b" * EDITABLE_BYTES + '"}'


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "one.yaml").write_text(PROFILE)
    return Workbench(a_stage(tmp_path).environment)


async def opened(workbench: Workbench, profile_id: str = "one") -> tuple[ProfileEntry, Draft]:
    """A profile and its draft."""
    entry = (await workbench.load_catalogue()).find(profile_id)
    assert entry is not None
    assert entry.profile is not None, entry.problems
    return entry, draft_of(entry.profile)


async def with_text(workbench: Workbench, text: str) -> tuple[ProfileEntry, Draft]:
    """The profile and a draft whose payload is that text in a file."""
    entry, draft = await opened(workbench)
    return entry, replace(draft, body="", body_kept=await workbench.payloads.keep(text))


async def body_of(workbench: Workbench, entry: ProfileEntry, draft: Draft) -> bytes:
    resolved = await workbench.resolve(entry, draft)
    assert isinstance(resolved, ResolvedDraft), resolved
    return resolved.body


def path_of(workbench: Workbench, draft: Draft) -> Path:
    assert draft.body_kept is not None
    return workbench.payloads.store().path(draft.body_kept)


async def test_it_is_sent_byte_for_byte_with_its_placeholders_filled(workbench: Workbench) -> None:
    assert await body_of(workbench, *await with_text(workbench, PLAIN)) == PLAIN.encode()
    sent = await body_of(workbench, *await with_text(workbench, TEMPLATE))
    assert sent == TEMPLATE.replace("{{who}}", "you").encode()


async def test_it_is_described_with_its_place(workbench: Workbench) -> None:
    _, draft = await with_text(workbench, "a,b\n" * EDITABLE_BYTES)
    assert draft.body_kept is not None
    found = await workbench.payloads.look(draft.body_kept)
    assert (found.path, found.media_type, found.size, found.facts) == (
        str(path_of(workbench, draft)),
        "text/plain",
        4 * EDITABLE_BYTES,
        (f"{EDITABLE_BYTES:,} lines",),
    )
    assert found.text.startswith("a,b\na,b\n")
    kept = await workbench.payloads.keep(PLAIN)
    assert (await workbench.payloads.look(kept)).media_type == "application/json"


async def test_the_lint_sees_it(workbench: Workbench) -> None:
    entry, draft = await with_text(workbench, PLAIN)
    assert await workbench.lint(entry, draft) == ()
    entry, draft = await with_text(workbench, PLAIN[:-1])
    assert [finding.id for finding in await workbench.lint(entry, draft)] == ["R46"]
    entry, draft = await with_text(workbench, TEMPLATE.replace("who", "nobody"))
    assert [finding.id for finding in await workbench.lint(entry, draft)] == ["unresolved-variable"]


async def test_the_size_is_judged_whole_and_the_rest_by_its_beginning(workbench: Workbench) -> None:
    entry, draft = await with_text(workbench, "é" * 4_000_000 + "AKIA" + "Q" * 16)
    found = await workbench.lint(entry, draft)
    assert [finding.id for finding in found] == ["body-too-large"]
    assert found[0].message.startswith("8,000,020 bytes;")
    assert JUDGED_BYTES < 8_000_000


async def test_what_is_gone_or_changed_is_told_before_anything_is_sent(workbench: Workbench) -> None:
    entry, draft = await with_text(workbench, TEMPLATE)
    path_of(workbench, draft).write_text("another text")
    assert await told(workbench, entry, draft) == ["was changed: 12 bytes instead of"] * 3
    assert draft.body_kept is not None
    assert await workbench.payloads.text(draft.body_kept) == "another text"
    path_of(workbench, draft).write_bytes(b"\xff\xfe")
    with pytest.raises(SmrtError, match="holds no text any more"):
        await workbench.payloads.text(draft.body_kept)
    path_of(workbench, draft).unlink()
    assert await told(workbench, entry, draft) == ["is gone"] * 3


async def told(workbench: Workbench, entry: ProfileEntry, draft: Draft) -> list[str]:
    """What the lint, sending and the pane say of a draft's file."""
    assert draft.body_kept is not None
    resolved = await workbench.resolve(entry, draft)
    assert isinstance(resolved, tuple)
    found = await workbench.lint(entry, draft)
    with pytest.raises(SmrtError) as caught:
        await workbench.payloads.look(draft.body_kept)
    assert [resolved[0].id, found[0].id] == ["kept-payload"] * 2
    words = [resolved[0].message, found[0].message, caught.value.message]
    return [word.partition(".txt, ")[2].split(" the 1")[0].split(f" the {len(TEMPLATE):,}")[0] for word in words]


async def test_the_saved_text_of_a_profile_is_no_draft_of_its_own(workbench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "profiles" / "one.yaml").write_text(PROFILE.replace("body: x", f"body: '{PLAIN}'"))
    entry, draft = await opened(workbench)
    kept = await workbench.payloads.keep(PLAIN)
    await workbench.memory.keep_draft(entry, "a", replace(draft, body="", body_kept=kept))
    assert await workbench.memory.drafts(entry) == {}
    other = replace(draft, body="", body_kept=await workbench.payloads.keep(f"{PLAIN} "))
    await workbench.memory.keep_draft(entry, "a", other)
    assert await workbench.memory.drafts(entry) == {"a": other}


async def test_a_saved_request_has_the_text_in_a_file_of_its_own(workbench: Workbench, tmp_path: Path) -> None:
    entry, draft = await with_text(workbench, PLAIN)
    assert entry.profile is not None
    await workbench.library.save_request("mine/big", entry.profile, draft, entry.folder)
    path_of(workbench, draft).unlink()
    saved, its_draft = await opened(workbench, "mine/big")
    assert its_draft.body_file == str(tmp_path / "profiles" / "mine" / "big-body.json")
    assert await body_of(workbench, saved, its_draft) == PLAIN.encode()


async def test_a_saved_request_with_placeholders_keeps_them(workbench: Workbench) -> None:
    entry, draft = await with_text(workbench, TEMPLATE)
    assert entry.profile is not None
    await workbench.library.save_request("big", entry.profile, draft, entry.folder)
    path_of(workbench, draft).unlink()
    saved, its_draft = await opened(workbench, "big")
    assert its_draft.body == TEMPLATE
    assert await body_of(workbench, saved, its_draft) == TEMPLATE.replace("{{who}}", "you").encode()


async def test_what_no_profile_can_hold_is_not_saved_in_part(workbench: Workbench, tmp_path: Path) -> None:
    entry, draft = await with_text(workbench, "{{who}}" + "b" * MAX_BYTES)
    assert entry.profile is not None
    with pytest.raises(SmrtError, match=r"its profile would have 1,\d{3},\d{3} bytes, and 1,048,576 are read"):
        await workbench.library.save_request("big", entry.profile, draft, entry.folder)
    odd = replace(draft, body=PLAIN, body_kept=None, variables=(("half", "\ud800"),))
    with pytest.raises(SmrtError, match="cannot be saved as YAML"):
        await workbench.library.save_request("big", entry.profile, odd, entry.folder)
    path_of(workbench, draft).unlink()
    with pytest.raises(SmrtError, match="is gone"):
        await workbench.library.save_request("big", entry.profile, draft, entry.folder)
    assert [path.name for path in (tmp_path / "profiles").iterdir()] == ["one.yaml"]


async def test_the_history_has_it_whole_even_when_it_was_sent_before_it_was_in_a_file(workbench: Workbench) -> None:
    entry, draft = await opened(workbench)
    draft = draft.with_body("b" * (BODY_CAP + 1))
    recorder = Recorder()
    recorder.add([STARTED, head(), Ended(1.0, "complete")])
    sent = ResolvedDraft("sync", "e", (), (), draft.body.encode())
    await workbench.logbook.add(recorder, sent, draft, "one")
    [row] = await workbench.logbook.rows(10)
    kept = await workbench.logbook.get(row.id)
    assert kept is not None
    again, _ = draft_again(kept)
    assert again is not None
    assert again.body_kept is not None
    assert await body_of(workbench, entry, again) == draft.body.encode()


async def test_a_history_that_cannot_be_read_removes_nothing(workbench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "state" / "history").mkdir(parents=True)
    (tmp_path / "state" / "history" / "history.sqlite").write_bytes(b"no database" * 100)
    kept = await workbench.payloads.keep("a text")
    store = PayloadStore(tmp_path / "state")
    os.utime(store.path(kept), (0, 0))
    await workbench.payloads.tidy()
    assert store.path(kept).exists()
