"""Profile files on the screen: edited with their problems in sight, copied, renamed, deleted; never lost."""

from __future__ import annotations

import sys

import pytest
from textual.events import Paste
from textual.widgets import Button, Input, OptionList, Static

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.problem import Problem
from smrt_tui.ui.actions import ACTION
from smrt_tui.ui.dialogs import Question
from smrt_tui.ui.gallery_screen import GalleryScreen
from smrt_tui.ui.naming import Naming
from smrt_tui.ui.payload_check import EDITABLE_CHARACTERS
from smrt_tui.ui.profile_editor import ProfileEditor
from smrt_tui.ui.widgets.payload_editor import PayloadEditor
from smrt_tui.ui.widgets.profile_bar import ROWS, ProfileBar
from smrt_tui.ui.widgets.profile_tree import ProfileTree
from smrt_tui.ui.widgets.yaml_editor import YamlEditor
from tests.ui.fakes import FakeLibrary, FakeWorkbench, a_catalogue, an_entry
from tests.ui.sitting import AppSitting, at_the_terminal
from tests.ui.test_requests import opened

PATH = "/profiles/local/chat.yaml"
TEXT = "# mine\nendpoint: chat\n"


def problems_of(text: str) -> tuple[Problem, ...]:
    """A line that says `bad` is a problem at its column 3."""
    return tuple(
        Problem(("key",), "is [bad]", number, 3) for number, line in enumerate(text.splitlines(), 1) if "bad" in line
    )


def a_bench(text: str = TEXT, *, starters: tuple[str, ...] = ()) -> FakeWorkbench:
    return FakeWorkbench(library=FakeLibrary(texts={PATH: text}, problems=problems_of, starters=starters))


async def is_back(sitting: AppSitting) -> None:
    await sitting.until(lambda: sitting.app.screen is sitting.app.main, "the dialog closes")


async def type_into_editor(sitting: AppSitting, text: str) -> None:
    sitting.one(YamlEditor).text = text


@pytest.mark.parametrize("key", ["alt+e", "alt+2"])
async def test_a_profile_is_edited_and_its_comments_live(key: str) -> None:
    bench = a_bench()
    async with at_the_terminal(bench) as sitting:
        await opened(sitting, key, ProfileEditor)
        assert sitting.one(YamlEditor).text == TEXT
        await sitting.press("#", "space")
        await sitting.press("ctrl+s")
        await is_back(sitting)
        assert bench.library.texts[PATH] == "# # mine\nendpoint: chat\n"


async def test_problems_are_listed_as_they_are_typed_and_lead_to_their_place() -> None:
    async with at_the_terminal(a_bench()) as sitting:
        await opened(sitting, "alt+e", ProfileEditor)
        await sitting.until(lambda: str(sitting.one(Static, "#editor-state").render()) == "✓ a sound profile")
        await type_into_editor(sitting, "one\n  bad\nthree\n  bad\n")
        await sitting.until(lambda: sitting.one(OptionList).option_count == 2)
        assert str(sitting.one(OptionList).get_option_at_index(0).prompt) == "2:3: key: is [bad]"
        for place in ((1, 2), (3, 2), (1, 2)):
            await sitting.press("f7")
            assert sitting.one(YamlEditor).cursor_location == place


async def test_a_broken_text_is_saved_only_when_that_is_wanted() -> None:
    bench = a_bench()
    async with at_the_terminal(bench) as sitting:
        await opened(sitting, "alt+e", ProfileEditor)
        await type_into_editor(sitting, "  bad\n")
        await opened(sitting, "ctrl+s", Question)
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.app.screen, ProfileEditor))
        assert bench.library.texts[PATH] == TEXT
        await opened(sitting, "ctrl+s", Question)
        sitting.one(Button, "#yes").press()
        await is_back(sitting)
        assert bench.library.texts[PATH] == "  bad\n"


async def test_what_another_program_wrote_meanwhile_is_saved_over_only_when_that_is_wanted() -> None:
    bench = a_bench()
    async with at_the_terminal(bench) as sitting:
        await opened(sitting, "alt+e", ProfileEditor)
        await type_into_editor(sitting, "mine\n")
        bench.library.texts[PATH] = "theirs\n"
        await opened(sitting, "ctrl+s", Question)
        await sitting.press("escape")
        await sitting.until(lambda: isinstance(sitting.app.screen, ProfileEditor))
        assert bench.library.texts[PATH] == "theirs\n"
        await opened(sitting, "ctrl+s", Question)
        sitting.one(Button, "#yes").press()
        await is_back(sitting)
        assert bench.library.texts[PATH] == "mine\n"


async def test_leaving_with_something_unsaved_is_asked_about() -> None:
    async with at_the_terminal(a_bench()) as sitting:
        await opened(sitting, "alt+e", ProfileEditor)
        await type_into_editor(sitting, "other")
        await opened(sitting, "escape", Question)
        await sitting.press("escape")
        await sitting.until(lambda: isinstance(sitting.app.screen, ProfileEditor))
        assert sitting.one(YamlEditor).text == "other"
        await opened(sitting, "escape", Question)
        sitting.one(Button, "#yes").press()
        await is_back(sitting)


async def test_a_disk_that_takes_nothing_leaves_the_text_in_the_editor() -> None:
    bench = a_bench()
    bench.library.refusal = SmrtError("no space left")
    async with at_the_terminal(bench) as sitting:
        await opened(sitting, "alt+e", ProfileEditor)
        await type_into_editor(sitting, "other")
        await sitting.press("ctrl+s")
        await sitting.until(lambda: sitting.toasts() == ["no space left"])
        assert sitting.one(YamlEditor).text == "other"


async def test_editing_a_starter_makes_a_copy_and_says_so() -> None:
    bench = a_bench(starters=("local/chat",))
    async with at_the_terminal(bench) as sitting:
        await opened(sitting, "alt+e", ProfileEditor)
        assert "saving writes a copy in /profiles" in str(sitting.one(Static, "#editor-note").render())
        await type_into_editor(sitting, "endpoint: mine\n")
        await sitting.press("ctrl+s")
        await is_back(sitting)
        assert bench.library.texts["/profiles/local/chat.yaml"] == "endpoint: mine\n"


async def test_a_broken_profile_can_be_mended_in_the_app() -> None:
    async with at_the_terminal(a_bench()) as sitting:
        await sitting.session.profiles.select("aws/broken")
        await opened(sitting, "alt+e", ProfileEditor)
        assert sitting.one(YamlEditor).text == "endpoint: chat  # mine\n"


async def test_a_profile_is_copied_and_the_copy_opened() -> None:
    async with at_the_terminal(a_bench()) as sitting:
        await opened(sitting, "alt+d", Naming)
        assert sitting.one(Input).value == "local/chat-copy"
        sitting.workbench.catalogue = a_catalogue(an_entry(), an_entry("local/chat-copy"))
        await sitting.press("enter")
        await sitting.until(lambda: sitting.session.entry and sitting.session.entry.id == "local/chat-copy")
        assert sitting.workbench.library.texts["/profiles/local/chat-copy.yaml"] == TEXT


async def test_a_renamed_profile_keeps_its_draft() -> None:
    async with at_the_terminal(a_bench()) as sitting:
        await sitting.press("x")
        await opened(sitting, "alt+a", Naming)
        sitting.one(Input).value = "other"
        sitting.workbench.catalogue = a_catalogue(an_entry("local/other"))
        await sitting.press("enter")
        await sitting.until(lambda: sitting.session.entry and sitting.session.entry.id == "local/other")
        await sitting.until(lambda: sitting.session.draft and sitting.session.draft.body.startswith("x{"))
        assert PATH not in sitting.workbench.library.texts


async def test_a_profile_is_deleted_after_a_question_and_another_one_opens() -> None:
    bench = a_bench()
    async with at_the_terminal(bench) as sitting:
        await opened(sitting, "alt+q", Question)
        await sitting.press("enter")  # no is the easy answer
        await is_back(sitting)
        assert bench.library.texts[PATH] == TEXT
        await opened(sitting, "alt+0", Question)
        bench.catalogue = a_catalogue(an_entry("local/other"))
        sitting.one(Button, "#yes").press()
        await sitting.until(lambda: sitting.session.entry and sitting.session.entry.id == "local/other")
        assert bench.library.texts[PATH] == "deleted"


@pytest.mark.parametrize("key", ["alt+a", "alt+q"])
async def test_a_starter_is_neither_renamed_nor_deleted(key: str) -> None:
    async with at_the_terminal(a_bench(starters=("local/chat",))) as sitting:
        await sitting.press(key)
        await sitting.until(lambda: sitting.toasts())
        assert "not yours" in sitting.toasts()[0]


WRITES = "import sys, pathlib; p = pathlib.Path(sys.argv[1]); p.write_text({!r})"


def an_environ(text: str) -> dict[str, str]:
    return {"EDITOR": f'{sys.executable} -c "{WRITES.format(text)}"'}


async def test_a_terminal_that_cannot_be_handed_over_is_said() -> None:
    async with at_the_terminal(a_bench(), environ=an_environ("endpoint: other")) as sitting:
        await sitting.press("alt+x")
        await sitting.until(lambda: sitting.toasts() == ["This terminal cannot be handed to an editor"])


@pytest.mark.parametrize(("x", "y", "screen"), [(0, 0, GalleryScreen), (6, 0, ProfileEditor), (0, 2, Naming)])
async def test_the_words_below_the_profiles_are_links(x: int, y: int, screen: type) -> None:
    async with at_the_terminal(a_bench()) as sitting:
        await sitting.pilot.click(ProfileBar, offset=(x, y))
        await sitting.until(lambda: isinstance(sitting.app.screen, screen))


def test_every_word_below_the_profiles_is_an_action() -> None:
    assert [action for row in ROWS for _, action in row if action not in ACTION] == []
    assert max(len("  ".join(word for word, _ in row)) for row in ROWS) <= 25


async def test_a_profile_mended_outside_takes_the_focus_back_to_the_request() -> None:
    bench = a_bench()
    async with at_the_terminal(bench) as sitting:
        await sitting.session.profiles.select("aws/broken")
        await sitting.until(lambda: sitting.sees("ProblemsView"))
        bench.catalogue = a_catalogue(an_entry("aws/broken"))
        bench.library.mark += 1
        await sitting.until(lambda: sitting.sees("PayloadEditor"), "the request is back")
        await sitting.until(lambda: sitting.app.focused is sitting.one(PayloadEditor))


async def test_the_tree_keeps_its_place_when_another_profile_comes() -> None:
    bench = a_bench()
    async with at_the_terminal(bench) as sitting:
        bench.catalogue = a_catalogue(an_entry("local/before"), an_entry())
        bench.library.mark += 1
        tree = sitting.one(ProfileTree)
        await sitting.until(lambda: len(tree.root.children) == 1)
        await sitting.until(lambda: tree.cursor_node and tree.cursor_node.data == "local/chat")


async def test_a_file_too_large_for_the_app_is_left_to_the_persons_editor() -> None:
    async with at_the_terminal(a_bench("#" * (EDITABLE_CHARACTERS + 1))) as sitting:
        await sitting.press("alt+e")
        await sitting.until(lambda: sitting.toasts())
        assert "too many to edit here; alt+x" in sitting.toasts()[0]
        assert sitting.app.screen is sitting.app.main


async def test_a_paste_too_large_for_the_editor_is_refused_and_said() -> None:
    async with at_the_terminal(a_bench()) as sitting:
        await opened(sitting, "alt+e", ProfileEditor)
        sitting.one(YamlEditor).post_message(Paste("x" * EDITABLE_CHARACTERS))
        await sitting.until(lambda: sitting.toasts())
        assert "too many to paste here" in sitting.toasts()[0]
        assert sitting.one(YamlEditor).text == TEXT
