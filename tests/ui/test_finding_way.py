"""Profiles, views, help, palette, jump mode and keymap on the whole screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from textual.widgets import OptionList, Static

from smrt_tui.core.catalogue import Catalogue
from smrt_tui.ui.actions import ACTIONS
from smrt_tui.ui.app import SmrtApp
from smrt_tui.ui.dialogs import FindingList, Reading
from smrt_tui.ui.help import HelpScreen
from smrt_tui.ui.jump import JumpOverlay
from smrt_tui.ui.panes.messages import CopyRequested
from smrt_tui.ui.panes.response import ResponsePane
from smrt_tui.ui.save_screen import SaveScreen
from smrt_tui.ui.widgets.action_bar import ActionBar
from smrt_tui.ui.widgets.composer import Composer
from smrt_tui.ui.widgets.payload_editor import PayloadEditor
from smrt_tui.ui.widgets.profile_tree import ProfileTree
from smrt_tui.ui.widgets.send_control import SendControl
from tests.ui.fakes import (
    FakeWorkbench,
    a_catalogue,
    an_entry,
    sse,
)
from tests.ui.sitting import AppSitting, at_the_terminal
from tests.ui.until import eventually


async def test_a_profile_is_opened_by_keys_and_a_broken_one_shows_its_problems() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("ctrl+b", "f9")
        await sitting.until(lambda: sitting.app.focused is sitting.one(ProfileTree))
        await sitting.press("end", "enter")
        await sitting.until(lambda: sitting.sees("ProblemsView"))
        text = str(sitting.one(Static, "#problems-text").render())
        assert "/profiles/aws/broken.yaml:2:1: endpont: unknown key; did you mean `endpoint`?" in text
        assert not sitting.sees("Composer")
        await sitting.press("f5")
        await sitting.until(lambda: sitting.toasts())
        assert sitting.workbench.fired == []


async def test_reloading_reads_the_files_again_and_keeps_the_draft() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("a")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.body.startswith("a"))
        sitting.workbench.catalogue = a_catalogue(an_entry(), an_entry("local/new"))
        await sitting.press("alt+u")
        await sitting.until(lambda: sitting.toasts() and sitting.toasts()[-1] == "Profiles read again")
        assert sitting.one(PayloadEditor).text.startswith("a{")


async def test_no_profile_at_all_says_what_to_do() -> None:
    async with at_the_terminal(FakeWorkbench(Catalogue()), is_sound=False) as sitting:
        await sitting.until(lambda: sitting.sees("ProblemsView"))
        assert "alt+u" in str(sitting.one(Static, "#problems-text").render())


@pytest.mark.parametrize("key", ["f6", "ctrl+n"])
async def test_the_views_go_round(key: str) -> None:
    async with at_the_terminal() as sitting:
        assert sitting.sees("#response-frame")
        await sitting.press(key)
        await sitting.until(lambda: sitting.sees("TimingPane") and not sitting.sees("ResponsePane"))
        await sitting.press(key)
        await sitting.until(lambda: sitting.sees("WirePane") and not sitting.sees("TimingPane"))
        await sitting.press(key)
        await sitting.until(lambda: sitting.sees("ResponsePane"))


async def test_a_view_opened_late_shows_the_call_that_was_before() -> None:
    async with at_the_terminal() as sitting:
        await sitting.send()
        await sitting.pilot.click("#answer-tabs", offset=(13, 0))
        await sitting.until(lambda: sitting.sees("TimingPane"))


@pytest.mark.parametrize("key", ["f10", "alt+z"])
async def test_a_pane_is_maximised_and_comes_back(key: str) -> None:
    async with at_the_terminal() as sitting:
        await sitting.press(key)
        await sitting.until(lambda: sitting.one(Composer).size.height > 30)
        await sitting.press(key)
        await sitting.until(lambda: sitting.one(Composer).size.height < 20)


@pytest.mark.parametrize(
    ("key", "screen"),
    [("f1", HelpScreen), ("ctrl+o", JumpOverlay), ("alt+o", JumpOverlay), ("f3", Reading), ("ctrl+l", FindingList)],
)
async def test_dialogs_open_and_close(key: str, screen: type) -> None:
    async with at_the_terminal() as sitting:
        await sitting.press(key)
        await sitting.until(lambda: isinstance(sitting.app.screen, screen))
        await sitting.press("escape")
        await sitting.until(lambda: sitting.app.screen is sitting.app.main)


async def test_a_jump_letter_moves_the_focus() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("ctrl+o")
        await sitting.until(lambda: isinstance(sitting.app.screen, JumpOverlay))
        await sitting.press("a")
        await sitting.until(lambda: sitting.app.screen is sitting.app.main)
        await sitting.until(lambda: not isinstance(sitting.app.focused, PayloadEditor))


async def test_question_mark_is_help_outside_of_editors_and_a_letter_inside() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("?")
        await sitting.until(lambda: sitting.one(PayloadEditor).text.startswith("?"))
        sitting.one(ProfileTree).focus()
        await sitting.press("?")
        await sitting.until(lambda: isinstance(sitting.app.screen, HelpScreen))


async def test_the_palette_finds_actions_and_profiles() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("ctrl+p")
        await sitting.until(lambda: sitting.app.screen is not sitting.app.main)
        await sitting.press(*"open local/tab")
        await sitting.until(lambda: sitting.app.screen.query_one(OptionList).option_count == 1)
        await sitting.press("down", "enter")
        await sitting.until(lambda: sitting.session.entry and sitting.session.entry.id == "local/tabular")


async def test_the_answers_body_text_or_parts_are_saved_to_a_file() -> None:
    async with at_the_terminal() as sitting:
        await sitting.press("alt+s")
        await sitting.until(lambda: sitting.toasts() == ["There is no answer to save yet"])
        await sitting.send()
        for count, keys in enumerate((("b",), ("t",), ("down", "down", "enter")), 1):
            await sitting.press("alt+s")
            await sitting.until(lambda: isinstance(sitting.app.screen, SaveScreen))
            await sitting.press(*keys)
            await sitting.until(partial(_has_saved, sitting, count))
        saved = dict(sitting.workbench.saved)
        assert len(saved.pop("local-chat-1.parts.jsonl").splitlines()) == 3
        assert saved == {"local-chat-1.bin": b"".join(sse("Hello", " sea")), "local-chat-1.txt": b"Hello sea"}


def _has_saved(sitting: AppSitting, count: int) -> bool:
    return len(sitting.workbench.saved) == count


async def test_a_copy_that_a_terminal_may_cut_is_in_a_file_too() -> None:
    async with at_the_terminal() as sitting:
        await sitting.send()
        sitting.one(ResponsePane).post_message(CopyRequested("words " * 10_000))
        await sitting.until(lambda: sitting.workbench.saved)
        assert sitting.workbench.saved == {"copied.txt": b"words " * 10_000}


async def test_a_footer_entry_is_clickable() -> None:
    async with at_the_terminal() as sitting:
        await sitting.pilot.click(ActionBar, offset=(2, 0))
        await sitting.until(lambda: sitting.session.run)


async def test_every_key_of_the_table_reaches_its_action(monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_the_terminal() as sitting:
        ran: list[str] = []
        monkeypatch.setattr(sitting.app.main, "action_do", lambda action_id: ran.append(action_id))
        monkeypatch.setattr(sitting.app.main, "check_action", lambda *_: True)
        for action in ACTIONS:
            if action.app_action:
                monkeypatch.setattr(sitting.app, f"action_{action.app_action}", _noting(ran, action.id))
        for action in ACTIONS:
            sitting.one(SendControl).focus()
            ran.clear()
            for key in action.keys:
                await sitting.press({":": "colon", "?": "question_mark", "/": "slash"}.get(key, key))
            assert ran == [action.id] * len(action.keys)


def _noting(ran: list[str], action_id: str) -> Callable[[], None]:
    def note() -> None:
        ran.append(action_id)

    return note


async def test_a_keymap_moves_keys_and_its_mistakes_are_told() -> None:
    keymap = {"send": "ctrl+y", "hepl": "f9", "quit": "f3"}
    async with at_the_terminal(keymap=keymap) as sitting:
        await sitting.press("ctrl+y")
        await sitting.until(lambda: sitting.session.run)
        assert "keymap: there is no action hepl; did you mean help?" in sitting.toasts()
        await sitting.until(lambda: str(sitting.one(ActionBar).render()).startswith("^y Send"))
        await sitting.press("ctrl+q")
        await sitting.until(lambda: not sitting.app.is_running)


@pytest.mark.parametrize("key", ["ctrl+f", "slash"])
async def test_a_text_is_found_in_the_answer_and_esc_closes_the_search(key: str) -> None:
    async with at_the_terminal() as sitting:
        await sitting.send()
        sitting.one(SendControl).focus()
        await sitting.press(key)
        await sitting.until(lambda: sitting.sees("FindBar"))
        await sitting.press(*"sea")
        await sitting.until(lambda: str(sitting.one(Static, "#find-count").render()) == "1/1")
        await sitting.press("enter", "up", "escape")
        await sitting.until(lambda: not sitting.sees("FindBar"))


async def test_what_a_pane_wants_copied_reaches_the_clipboard() -> None:
    async with at_the_terminal() as sitting:
        await sitting.send()
        sitting.one(ResponsePane).post_message(CopyRequested("words"))
        await sitting.until(lambda: sitting.app.clipboard == "words")
        await sitting.until(lambda: sitting.toasts() == ["Copied 5 characters"])


async def test_mistakes_of_a_keymap_are_told_with_their_place_and_quit_stays() -> None:
    bench = FakeWorkbench()
    app = SmrtApp(
        bench,
        keymap={"send": "ctrl+q", "hepl": "f9"},
        keymap_places={"send": "keymap.yaml:3", "hepl": "keymap.yaml:4"},
        complaints=("keymap.yaml:9: [no] YAML",),
    )
    async with app.run_test(size=(120, 40)) as pilot:
        await eventually(lambda: bench.is_warm and app.screen.query("ResponsePane"))
        told = [notification.message for notification in app._notifications]
        assert told == [
            "keymap.yaml:9: [no] YAML",
            "keymap.yaml:4: there is no action hepl; did you mean help?",
            "keymap.yaml:3: ctrl+q for send is taken by quit",
        ]
        await pilot.press("ctrl+q")
        await eventually(lambda: not app.is_running)


async def test_the_colours_are_remembered() -> None:
    async with at_the_terminal(theme="nord") as sitting:
        sitting.app.theme = "dracula"
        await sitting.until(lambda: sitting.workbench.memory.theme == "dracula")
