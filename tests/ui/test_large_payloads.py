"""A payload too large to be edited goes into a file, whichever way it comes in, and nothing of it is lost."""

from __future__ import annotations

import json
import sys

import pytest
from msgspec.structs import replace
from textual.events import Paste
from textual.widgets import Input, Static

from smrt_tui.core.draft import Draft, draft_of
from smrt_tui.core.kept_text import EDITABLE_BYTES
from smrt_tui.core.profile import Payload
from smrt_tui.ui import external
from smrt_tui.ui.external import edit_text
from smrt_tui.ui.widgets.composer import Composer
from smrt_tui.ui.widgets.guarded_area import GuardedArea
from smrt_tui.ui.widgets.member_rows import MemberRow
from smrt_tui.ui.widgets.payload_editor import PayloadEditor
from smrt_tui.ui.widgets.payload_page import PayloadPage, Preview
from tests.ui.fakes import FakeMemory, FakePayloads, FakeWorkbench, a_catalogue, a_profile, an_entry
from tests.ui.sitting import AppSitting, at_the_terminal

LARGE = json.dumps({"x": "{{prompt}} " + "y" * EDITABLE_BYTES})
BEFORE = draft_of(a_profile())
EDITS = "import sys, pathlib; p = pathlib.Path(sys.argv[2]); p.write_text(p.read_text() * int(sys.argv[1]) or 'small')"
"""As an editor: what there is so many times, or a word in its place."""


def written_over(draft: Draft) -> FakeWorkbench:
    """A workbench whose first profile has this draft from an earlier sitting."""
    return FakeWorkbench(memory=FakeMemory({("local/chat", "ask"): draft}))


async def paste(sitting: AppSitting, text: str) -> None:
    focused = sitting.app.focused
    assert focused is not None
    focused.post_message(Paste(text))


async def paste_over(sitting: AppSitting, text: str) -> None:
    """Paste in place of all that is in the editor."""
    sitting.one(PayloadEditor).select_all()
    await paste(sitting, text)


async def until_kept(sitting: AppSitting, text: str) -> None:
    await sitting.until(lambda: kept_text(sitting) == text, "the text is in a file")
    await sitting.until(lambda: "Kept in /state/" in told(sitting), "the pane says where")


def kept_text(sitting: AppSitting) -> str | None:
    draft = sitting.session.draft
    if draft is None or draft.body_kept is None or draft.body or draft.body_file is not None:
        return None
    return sitting.workbench.payloads.texts[draft.body_kept.digest]


def told(sitting: AppSitting) -> str:
    return "".join(str(text.render()) for text in sitting.app.screen.query("#preview-text").results(Static))


async def test_a_large_paste_never_enters_the_editor_and_is_sent_whole() -> None:
    async with at_the_terminal() as sitting:
        await paste_over(sitting, LARGE.replace(", ", ",\r\n"))
        await until_kept(sitting, LARGE.replace(", ", ",\n"))
        assert sitting.one(PayloadEditor).text == BEFORE.body
        assert not sitting.sees("PayloadEditor")
        assert isinstance(sitting.app.focused, Preview)
        assert "filled at send: {{prompt}}" in told(sitting)
        assert sitting.one(Composer).border_subtitle == "large text · 65.6 kB of 6.29 MB"
        await sitting.send()
        assert sitting.workbench.fired[0].body == LARGE.replace(", ", ",\n").encode()


async def test_undo_restores_what_was_there_before_and_brings_the_paste_back_too() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("a")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.body == f"a{BEFORE.body}")
        await paste_over(sitting, LARGE)
        await until_kept(sitting, LARGE)
        assert "ctrl+z brings back what was here before" in told(sitting)
        await sitting.press("ctrl+z")
        await sitting.until(lambda: sitting.session.draft == replace(BEFORE, body=f"a{BEFORE.body}"))
        await sitting.until(lambda: sitting.app.focused is sitting.one(PayloadEditor))
        await sitting.press("ctrl+z")  # the editor's own history is where it was
        await sitting.until(lambda: sitting.session.draft == BEFORE)
        await sitting.press("alt+y")
        await until_kept(sitting, LARGE)


async def test_typing_on_makes_a_text_large_too() -> None:
    almost = "z" * EDITABLE_BYTES
    async with at_the_terminal(written_over(replace(BEFORE, body=almost))) as sitting:
        await sitting.press("a")
        await until_kept(sitting, f"a{almost}")
        await sitting.press("ctrl+z")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.body == almost)


async def test_a_paste_is_measured_by_its_bytes() -> None:
    text = "é" * (EDITABLE_BYTES // 2 + 1)
    async with at_the_terminal() as sitting:
        await paste_over(sitting, text)
        await until_kept(sitting, text)
        assert sitting.one(PayloadEditor).text == BEFORE.body


async def test_what_was_copied_in_the_app_is_kept_out_of_the_editor_as_well() -> None:
    async with at_the_terminal() as sitting:
        sitting.app.copy_to_clipboard(LARGE)
        sitting.one(PayloadEditor).select_all()
        await sitting.press("ctrl+v")
        await until_kept(sitting, LARGE)


async def test_a_paste_takes_the_place_of_what_is_previewed() -> None:
    async with at_the_terminal() as sitting:
        await paste_over(sitting, LARGE)
        await until_kept(sitting, LARGE)
        await paste(sitting, f"{LARGE} ")
        await until_kept(sitting, f"{LARGE} ")
        await paste(sitting, "small")
        await sitting.until(lambda: sitting.session.draft == replace(BEFORE, body="small"))
        await sitting.until(lambda: sitting.one(PayloadEditor).text == "small" and sitting.sees("PayloadEditor"))


async def test_a_large_payload_of_a_profile_is_put_away_and_is_no_change() -> None:
    profile = a_profile(payloads=(Payload(name="big", body=LARGE),))
    async with at_the_terminal(FakeWorkbench(a_catalogue(an_entry(profile=profile)))) as sitting:
        await until_kept(sitting, LARGE)
        assert not sitting.session.opened.is_edited
        await sitting.send()
        assert sitting.workbench.fired[0].body == LARGE.encode()


async def test_a_large_command_line_is_imported_whole() -> None:
    url = "http://127.0.0.1:1/endpoints/chat/invocations"
    command = f"curl {url} -H 'Content-Type: application/json' -d '{LARGE}'"
    async with at_the_terminal() as sitting:
        await sitting.press("alt+m")
        await sitting.until(lambda: isinstance(sitting.app.focused, GuardedArea))
        await paste(sitting, command)
        shown = "#import-text"
        await sitting.until(lambda: "✓ sync chat" in str(sitting.one(Static, shown).render()))
        assert len(sitting.one(GuardedArea).text) < EDITABLE_BYTES
        await sitting.press("ctrl+s")
        await until_kept(sitting, LARGE)
        assert sitting.session.draft
        assert sitting.session.draft.mode == "sync"


async def test_a_large_text_comes_back_from_the_history_after_another_was_written() -> None:
    async with at_the_terminal() as sitting:
        await paste_over(sitting, LARGE)
        await until_kept(sitting, LARGE)
        await sitting.send()
        await sitting.until(lambda: sitting.workbench.logbook.kept)
        await sitting.press("alt+r")
        await sitting.until(lambda: sitting.session.draft == BEFORE)
        await sitting.session.shelf.replay(sitting.workbench.logbook.kept[0], is_sent=False)
        await until_kept(sitting, LARGE)


async def test_what_formatting_makes_small_is_edited_here_again_and_can_be_taken_back() -> None:
    wide = '{"a":' + " " * EDITABLE_BYTES + "1}"
    async with at_the_terminal() as sitting:
        await paste_over(sitting, wide)
        await until_kept(sitting, wide)
        await sitting.press("alt+shift+j")
        await sitting.until(lambda: sitting.one(PayloadEditor).text == '{"a":1}' and sitting.sees("PayloadEditor"))
        await sitting.press("alt+y")
        await until_kept(sitting, wide)


@pytest.mark.parametrize("times", [0, 2])
async def test_the_editor_of_the_person_gets_the_text_and_what_it_leaves_is_taken(
    times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    becomes = LARGE * times or "small"
    command = [sys.executable, "-c", EDITS, str(times)]
    monkeypatch.setattr(external, "edit_outside", lambda screen, text, suffix: edit_text(text, command, suffix))
    async with at_the_terminal() as sitting:
        await paste_over(sitting, LARGE)
        await until_kept(sitting, LARGE)
        await sitting.press("f4")
        if becomes == "small":
            await sitting.until(lambda: sitting.one(PayloadEditor).text == becomes)
        else:
            await until_kept(sitting, becomes)
        await sitting.press("alt+y")
        await until_kept(sitting, LARGE)


async def test_a_file_that_is_gone_is_told_and_what_was_before_can_be_had() -> None:
    async with at_the_terminal() as sitting:
        await paste_over(sitting, LARGE)
        await until_kept(sitting, LARGE)
        sitting.workbench.payloads.texts.clear()
        await sitting.press("f2")
        await sitting.until(lambda: "is gone" in told(sitting) and "paste it again" in told(sitting))
        assert sitting.one(Composer).has_class("-wrong")
        await sitting.press("f4")
        await sitting.until(lambda: any("is gone" in toast for toast in sitting.toasts()))
        await sitting.press("alt+y")
        await sitting.until(lambda: sitting.session.draft == BEFORE)


async def test_a_disk_that_takes_nothing_leaves_the_text_in_the_draft() -> None:
    bench = FakeWorkbench(payloads=FakePayloads(refusal=OSError(28, "No space left on device")))
    async with at_the_terminal(bench) as sitting:
        await paste_over(sitting, LARGE)
        await sitting.until(lambda: any("stays in memory: No space left" in toast for toast in sitting.toasts()))
        assert sitting.session.draft == replace(BEFORE, body=LARGE)
        await sitting.send()
        assert sitting.workbench.fired[0].body == LARGE.encode()


async def test_what_is_typed_elsewhere_while_a_text_is_put_away_stays() -> None:
    async with at_the_terminal() as sitting:
        sitting.workbench.payloads.go.clear()
        await paste_over(sitting, LARGE)
        await sitting.until(lambda: sitting.one(PayloadPage).is_preview)
        await sitting.app.main.query_one(Composer).open_page("members")
        await sitting.until(lambda: sitting.sees("MembersForm"))
        row = next(row for row in sitting.app.screen.query(MemberRow) if row.field == "CustomAttributes")
        row.query_one(Input).focus()
        await sitting.press("a")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.member("CustomAttributes") == "a")
        sitting.workbench.payloads.go.set()
        await sitting.until(lambda: kept_text(sitting) == LARGE)
        await sitting.press("b")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.member("CustomAttributes") == "ab")
        assert kept_text(sitting) == LARGE


async def test_leaving_while_a_text_is_put_away_keeps_it_with_the_draft() -> None:
    bench = FakeWorkbench()
    async with at_the_terminal(bench) as sitting:
        bench.payloads.go.clear()
        await paste_over(sitting, LARGE)
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.body == LARGE)
    assert bench.memory.kept["local/chat", "ask"].body == LARGE


async def test_a_draft_that_was_left_at_once_is_kept_under_its_own_profile() -> None:
    async with at_the_terminal() as sitting:
        await paste_over(sitting, LARGE)
        await until_kept(sitting, LARGE)
        await sitting.session.profiles.select("local/tabular")
        await sitting.until(lambda: ("local/chat", "ask") in sitting.workbench.memory.kept)
        kept = sitting.workbench.memory.kept["local/chat", "ask"]
        assert kept.body_kept is not None
        assert kept.endpoint == "chat"
        await sitting.session.profiles.select("local/chat")
        await until_kept(sitting, LARGE)


async def test_files_that_nothing_refers_to_are_looked_for_at_the_start() -> None:
    async with at_the_terminal() as sitting:
        await sitting.until(lambda: sitting.workbench.payloads.tidied == 1)
